"""What enforcement oversight decides: inspections that the yearly cap bars (R-1.19)."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from joint_inspections.visits import queries
from joint_inspections.visits.approving import OVERRIDE_REASONS, override_cap
from joint_inspections.visits.caps import CapCheck, check_cap, list_over_cap
from joint_inspections.visits.disclosing import note_named
from joint_inspections.visits.endings import refuse_beyond_cap
from joint_inspections.visits.forms import CapRefusalForm, OverrideForm
from joint_inspections.visits.models import Visit
from supervision.audit.disclosing import note_view
from supervision.audit.events import DisclosedList
from supervision.errors import Invalid
from supervision.parameters.queries import list_reasons
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import choices, show_refusal, text
from supervision.web.languages import name_of
from supervision.web.listing import Listing, read_query

blueprint = Blueprint("caps", __name__, url_prefix="/visits")
Page = str | BaseResponse


@blueprint.get("/over-cap")
@requires(Permission.CAP_OVERRIDE)
def index() -> str:
    """List the inspections of this week that cannot be approved because the yearly cap is reached."""
    query = read_query()
    page = list_over_cap(database.session(), actor(), query)
    note_view(DisclosedList.VISITS, count=len(page.items))
    return render_template("visits/over_cap.html", listing=Listing(query, page, ()))


def shown_cap(visit: Visit, check: CapCheck) -> dict[str, object]:
    """Return what the template of the sums needs."""
    return {"cap": check, "items": {one.item.code: one.item for one in visit.plan_version.items}}


@blueprint.route("/<int:visit_id>/cap", methods=["GET", "POST"])
@requires(Permission.CAP_OVERRIDE)
def decide(visit_id: int) -> Page:
    """Let one inspection go ahead beyond the cap, with a reason."""
    visit = queries.get_visit_for_change(database.session(), actor(), visit_id)
    note_named(visit)
    form = _override_form()
    if form.validate_on_submit():
        try:
            override_cap(database.session(), visit, reason_code=form.reason.data, note=text(form.note), actor=actor())
        except Invalid as error:
            show_refusal(form, error)
        else:
            database.commit()
            flash(_("Let through. The heads of the departments can now approve the inspection."), "success")
            return redirect(url_for("visits.show", visit_id=visit_id))
    return _page(visit, form=form)


def _override_form() -> OverrideForm:
    form = OverrideForm()
    reasons = list_reasons(database.session(), OVERRIDE_REASONS)
    form.reason.choices = choices([(one.code, name_of(one)) for one in reasons])
    return form


def _page(visit: Visit, *, form: OverrideForm | None = None, refusal: CapRefusalForm | None = None) -> str:
    """Show the sums with both answers; a form that came back keeps what was typed."""
    return render_template(
        "visits/override.html",
        form=form or _override_form(),
        refusal=refusal or CapRefusalForm(formdata=None),
        visit=visit,
        values=shown_cap(visit, check_cap(database.session(), visit)),
    )


@blueprint.post("/<int:visit_id>/cap/refusal")
@requires(Permission.CAP_OVERRIDE)
def refuse(visit_id: int) -> Page:
    """Say that an inspection does not go beyond the cap: it is not carried out."""
    visit = queries.get_visit_for_change(database.session(), actor(), visit_id)
    form = CapRefusalForm()
    if not form.validate_on_submit():
        return _page(visit, refusal=form)
    refuse_beyond_cap(database.session(), visit, note=text(form.grounds), actor=actor())
    database.commit()
    flash(_("Refused. The inspection is not carried out; the team and the departments read why."), "success")
    return redirect(url_for("visits.show", visit_id=visit_id))
