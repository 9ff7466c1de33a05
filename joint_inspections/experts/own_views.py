"""An expert's own pages: what waits for an answer, and one visit, shown step by step and never before its week."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from joint_inspections.experts import queries, services
from joint_inspections.experts.forms import AnswerForm, ChangeForm
from joint_inspections.experts.rules import CHANGE_GROUNDS, OWN_GROUNDS, PlaceState
from joint_inspections.experts.statement import ACCEPTED_WORDS, STATEMENT
from joint_inspections.experts.views import tell_change
from joint_inspections.visits.rules import BEFORE_VISIT
from supervision.audit.disclosing import note_view
from supervision.audit.events import DisclosedList
from supervision.errors import Invalid
from supervision.parameters.queries import list_reasons
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import choices, show_refusal, text
from supervision.web.languages import language, name_of
from supervision.web.panels import shown_panels

blueprint = Blueprint("expert_work", __name__, url_prefix="/expert-work")
Page = str | BaseResponse | tuple[str, int]
INCOMPLETE = 422


@blueprint.get("/")
@requires(Permission.EXPERT_ASSIST)
def index() -> str:
    """List the expert's own visits, from the week in which they take place."""
    places = queries.own_places(database.session(), actor())
    return render_template("experts/own_index.html", places=places, PlaceState=PlaceState, BEFORE_VISIT=BEFORE_VISIT)


@blueprint.get("/<int:place_id>")
@requires(Permission.EXPERT_ASSIST)
def show(place_id: int) -> str:
    """Show one visit as far as the expert may know: first the statement, then the enterprise, then what is checked."""
    session, viewer = database.session(), actor()
    place = queries.get_own_place(session, viewer, place_id)
    known = place.state is not PlaceState.DRAWN
    if known and place.visit.state in BEFORE_VISIT:
        note_view(DisclosedList.VISIT, subject=place.visit_id, count=1)
    return render_template(
        "experts/own.html",
        place=place,
        visit=place.visit,
        known=known,
        statement=STATEMENT["en" if language() == "en" else "zh"],
        waiting=place.visit.state in BEFORE_VISIT,
        panels=shown_panels("expert_place", viewer, place) if place.state is PlaceState.ACCEPTED else [],
        PlaceState=PlaceState,
    )


@blueprint.post("/<int:place_id>/statement")
@requires(Permission.EXPERT_ASSIST)
def bind(place_id: int) -> BaseResponse:
    """Accept the statement of confidentiality."""
    session, viewer = database.session(), actor()
    place = queries.get_own_place(session, viewer, place_id)
    if AnswerForm().validate_on_submit():
        services.bind(session, place, statement=ACCEPTED_WORDS, actor=viewer)
        database.commit()
        flash(_("Accepted. Now see who is inspected, and say whether an interest bars you."), "success")
    return redirect(url_for("expert_work.show", place_id=place_id))


@blueprint.post("/<int:place_id>/acceptance")
@requires(Permission.EXPERT_ASSIST)
def accept(place_id: int) -> BaseResponse:
    """Declare that no interest bars the expert, who takes part."""
    session, viewer = database.session(), actor()
    place = queries.get_own_place(session, viewer, place_id)
    if AnswerForm().validate_on_submit():
        services.accept(session, place, actor=viewer)
        database.commit()
        flash(_("You take part. The notice to the enterprise names you as an expert."), "success")
    return redirect(url_for("expert_work.show", place_id=place_id))


@blueprint.route("/<int:place_id>/standing-back", methods=["GET", "POST"])
@requires(Permission.EXPERT_ASSIST)
def stand_back(place_id: int) -> Page:
    """Declare an interest, or that one cannot come: the next in the order follows."""
    session, viewer = database.session(), actor()
    place = queries.get_own_place(session, viewer, place_id)
    form = ChangeForm()
    reasons = [one for one in list_reasons(session, CHANGE_GROUNDS) if one.code in OWN_GROUNDS]
    form.ground.choices = choices([(one.code, name_of(one)) for one in reasons])
    if form.validate_on_submit():
        try:
            change = services.stand_back(session, place, ground=form.ground.data, note=text(form.note), actor=viewer)
        except Invalid as error:
            show_refusal(form, error)
        else:
            database.commit()
            tell_change(followed=change.joined is not None)
            return redirect(url_for("expert_work.index"))
    page = render_template("experts/stand_back.html", place=place, known=place.state is not PlaceState.DRAWN, form=form)
    return (page, INCOMPLETE) if form.errors else page
