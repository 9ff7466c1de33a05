"""The desk of a second look, and what the first team says of differences."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from joint_inspections.evidence.handing_out import show_copy
from joint_inspections.evidence.queries import get_attachment
from joint_inspections.records.queries import list_result_codes
from joint_inspections.second_looks import queries, services
from joint_inspections.second_looks.forms import DeskForm, ExplainForm
from joint_inspections.second_looks.models import SecondLook
from joint_inspections.second_looks.rules import Cause, Judged
from joint_inspections.second_looks.shown import WORDS, desk_pictures, show_desk, show_items
from supervision.errors import Invalid, NotFound
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import choices, show_refusal, text

blueprint = Blueprint("second_look_desk", __name__, url_prefix="/second-looks")
Page = str | BaseResponse | tuple[str, int]
INCOMPLETE = 422


@blueprint.get("/<int:look_id>/desk")
@requires(Permission.RECORD_REVIEW)
def desk(look_id: int) -> str:
    """Show the evidence of a visit item by item, without what the first team answered."""
    return _desk_page(queries.get_own_desk(database.session(), actor(), look_id), {}, "")


def _desk_page(look: SecondLook, said: dict[str, Judged], refusal: str) -> str:
    session = database.session()
    items, others = show_desk(session, look)
    return render_template(
        "second_looks/desk.html",
        look=look,
        items=items,
        others=others,
        codes=list_result_codes(session),
        words=WORDS,
        said=said,
        refusal=refusal,
        form=DeskForm(formdata=None),
    )


@blueprint.post("/<int:look_id>/desk")
@requires(Permission.RECORD_REVIEW)
def hand_in(look_id: int) -> Page:
    """Take in what the evidence shows of each item; then both results are compared."""
    session = database.session()
    look = queries.get_own_desk(session, actor(), look_id, hold=True)
    allowed = {*list_result_codes(session), *WORDS}
    codes = [one.code for one in show_desk(session, look)[0]]
    said = {code: _judged(code, allowed) for code in codes}
    if not DeskForm().validate_on_submit():
        return _desk_page(look, said, _("The page was open for too long. Please send it again.")), INCOMPLETE
    try:
        services.hand_in_desk(session, look, list(said.values()), actor=actor())
    except Invalid as error:
        return _desk_page(look, said, _(error.message, **error.parameters)), INCOMPLETE
    database.commit()
    flash(_("Handed in. Both results are compared now; oversight and the departments concerned read them."), "success")
    return redirect(url_for("second_looks.index"))


def _judged(code: str, allowed: set[str]) -> Judged:
    result = request.form.get(f"result-{code}", "")
    note = request.form.get(f"note-{code}", "").replace("\x00", "").strip()[: services.LONGEST_NOTE]
    return Judged(code, result if result in allowed else "", {}, note)


@blueprint.get("/<int:look_id>/desk/<attachment_id>.jpg")
@requires(Permission.RECORD_REVIEW)
def picture(look_id: int, attachment_id: str) -> Response:
    """Show a picture of the visit that the viewer looks at a second time."""
    session = database.session()
    look = queries.get_own_desk(session, actor(), look_id)
    attachment = get_attachment(session, look.origin, attachment_id)
    if attachment.id not in {one.id for one in desk_pictures(session, look)}:
        raise NotFound
    return show_copy(attachment.file, "view")


@blueprint.route("/<int:look_id>/items/<int:item_id>", methods=["GET", "POST"])
@requires(Permission.VISIT_INSPECT)
def explain(look_id: int, item_id: int) -> Page:
    """Let somebody of the first team say how a difference came about."""
    session, viewer = database.session(), actor()
    look = queries.get_look(session, viewer, look_id)
    if not services.may_explain(look, viewer):
        raise NotFound
    item = queries.get_item(session, look, item_id)
    form = ExplainForm()
    form.cause.choices = choices([(one.value, _(one.label)) for one in Cause])
    if form.validate_on_submit():
        try:
            services.explain(session, look, item, cause=Cause(form.cause.data), text=text(form.text), actor=viewer)
        except Invalid as error:
            show_refusal(form, error)
        else:
            database.commit()
            flash(_("Thank you. Oversight reads it beside both results."), "success")
            return redirect(url_for("second_looks.show", look_id=look_id))
    shown = next(one for one in show_items(session, look) if one.row.id == item.id)
    page = render_template("second_looks/explain.html", look=look, shown=shown, form=form)
    return (page, INCOMPLETE) if form.errors else page
