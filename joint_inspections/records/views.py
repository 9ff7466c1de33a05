"""The form at the door: arrival, sections, outcome, submission."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from joint_inspections.records import queries, services
from joint_inspections.records.entries import section_digest, unseen
from joint_inspections.records.forms import OutcomeForm, ReopenForm, read_items
from joint_inspections.records.rules import (
    COMBINABLE,
    FURTHER_CODES,
    NOT_RECORDED,
    OUTCOME_HINTS,
    PLACE_LABELS,
    Disposal,
    Gap,
)
from joint_inspections.records.shown import ShownSection, show_section
from joint_inspections.visits.models import Visit
from joint_inspections.visits.queries import get_visit, get_visit_for_change
from joint_inspections.visits.rules import RECORDED, RECORDING, SectionState, clock_state
from supervision import clock
from supervision.errors import DomainError, Invalid, NotFound
from supervision.parameters.queries import list_reasons
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import choices, show_refusal, text
from supervision.web.languages import name_of
from supervision.web.panels import shown_panels
from supervision.web.refusals import told

blueprint = Blueprint("records", __name__, url_prefix="/visits/<int:visit_id>")
Page = str | BaseResponse
CONFLICT = 409
INCOMPLETE = 422


@blueprint.post("/arrival")
@requires(Permission.VISIT_INSPECT)
def arrive(visit_id: int) -> BaseResponse:
    """Confirm that the team is at the door and open the form."""
    visit = get_visit_for_change(database.session(), actor(), visit_id)
    services.begin_visit(database.session(), visit, actor=actor())
    database.commit()
    return redirect(url_for("records.form", visit_id=visit_id))


@blueprint.get("/form")
@requires(Permission.VISIT_INSPECT, Permission.PLAN_VIEW, Permission.RECORD_REVIEW)
def form(visit_id: int) -> str:
    """Show the whole form; the viewer's own department's section can be filled in."""
    visit = get_visit(database.session(), actor(), visit_id)
    own = queries.member_department(visit, actor())
    sections = [
        show_section(visit, section, viewer=actor(), department_id=own)
        for section in queries.list_sections(database.session(), visit)
    ]
    return _page(visit, sections)


def _page(visit: Visit, sections: list[ShownSection], outcome_form: OutcomeForm | None = None) -> str:
    if not sections:
        raise NotFound
    leader = visit.leader
    handed_in = clock.local(visit.submitted_at).date() if visit.submitted_at else None
    return render_template(
        "records/form.html",
        visit=visit,
        sections=sections,
        outcome_form=outcome_form or _outcome_form(visit),
        leads=leader is not None and leader.inspector_id == actor().inspector_id,
        recording=visit.state in RECORDING,
        result_codes=queries.list_result_codes(database.session()),
        outcomes={one.code: one for one in list_reasons(database.session(), "visit_outcomes")},
        hint=OUTCOME_HINTS.get(visit.outcome_code),
        returned=queries.find_return(database.session(), visit),
        return_reasons={one.code: one for one in list_reasons(database.session(), "return_reasons")},
        due_state=clock_state(visit.record_due_on, done_on=handed_in, today=clock.today()),
        all_signed=all(shown.section.state is SectionState.SIGNED for shown in sections),
        reopen_form=ReopenForm(),
        Disposal=Disposal,
        place_labels=PLACE_LABELS,
        SectionState=SectionState,
        combinable=COMBINABLE,
        further_codes=FURTHER_CODES,
        recorded=visit.state in RECORDED,
        panels=shown_panels("record", actor(), visit),
    )


def _outcome_form(visit: Visit) -> OutcomeForm:
    form = OutcomeForm(outcome=visit.outcome_code, note=visit.outcome_note)
    reasons = list_reasons(database.session(), "visit_outcomes")
    form.outcome.choices = choices(
        [(one.code, name_of(one)) for one in reasons if one.code not in NOT_RECORDED], empty=_("Choose …")
    )
    return form


@blueprint.post("/sections/<int:section_id>")
@requires(Permission.VISIT_INSPECT)
def save(visit_id: int, section_id: int) -> Page | tuple[str, int]:
    """Save the section as a draft, and sign it off when that button was pressed."""
    session = database.session()
    visit = get_visit_for_change(session, actor(), visit_id)
    section = queries.get_section(session, visit, section_id)
    sent = read_items(request.form, section.item_results)
    conflicts = services.save_section(session, visit, section, sent, actor=actor())
    wrong_outcome = _save_outcome(visit)
    gaps: list[Gap] = []
    signing = "sign" in request.form and wrong_outcome is None
    unread = unseen(sent, section.item_results) if signing else []
    if signing and not unread:
        gaps = services.section_gaps(session, visit, section)
        if not gaps:
            seen = section_digest(one.entry for one in sent)
            services.sign_section(session, visit, section, seen=seen, actor=actor())
    database.commit()
    if not conflicts and not unread and not gaps and wrong_outcome is None:
        flash(_("Signed off.") if signing else _("Draft saved."), "success")
        return redirect(url_for("records.form", visit_id=visit_id))
    own = queries.member_department(visit, actor())
    typed = {one.entry.item_id: one for one in sent}
    sections = [
        show_section(
            visit,
            one,
            viewer=actor(),
            department_id=own,
            gaps=gaps if one.id == section_id else (),
            sent=typed if one.id == section_id else None,
            conflicts=conflicts if one.id == section_id else (),
            unread=unread if one.id == section_id else (),
        )
        for one in queries.list_sections(session, visit)
    ]
    return _page(visit, sections, wrong_outcome), CONFLICT if conflicts or unread else INCOMPLETE


def _save_outcome(visit: Visit) -> OutcomeForm | None:
    """Keep the outcome that the leader's page sent along with the section; return the form if it cannot stand so."""
    form = _outcome_form(visit)
    chosen, note = text(form.outcome), text(form.note)
    if not chosen or (chosen, note) == (visit.outcome_code, visit.outcome_note):
        return None
    if not form.validate_on_submit():
        return form
    try:
        services.set_outcome(database.session(), visit, code=chosen, note=note, actor=actor())
    except Invalid as error:
        # refused before anything was changed: the section stays saved
        field = form[error.field or "outcome"]
        field.errors = [*field.errors, told(error)]
        return form
    return None


@blueprint.post("/sections/<int:section_id>/reopening")
@requires(Permission.VISIT_INSPECT)
def reopen(visit_id: int, section_id: int) -> BaseResponse:
    """Open a signed section again."""
    visit = get_visit_for_change(database.session(), actor(), visit_id)
    section = queries.get_section(database.session(), visit, section_id)
    form = ReopenForm()
    if form.validate_on_submit():
        services.reopen_section(database.session(), visit, section, reason=text(form.reason), actor=actor())
        database.commit()
        flash(_("Section opened again."), "success")
    else:
        flash(_("Say why the section is opened again."), "danger")
    return redirect(url_for("records.form", visit_id=visit_id))


@blueprint.post("/outcome")
@requires(Permission.VISIT_INSPECT)
def outcome(visit_id: int) -> Page | tuple[str, int]:
    """Say how the visit went."""
    visit = get_visit_for_change(database.session(), actor(), visit_id)
    form = _outcome_form(visit)
    if form.validate_on_submit():
        try:
            services.set_outcome(database.session(), visit, code=form.outcome.data, note=text(form.note), actor=actor())
        except Invalid as error:
            show_refusal(form, error)
        else:
            database.commit()
            flash(_("Outcome saved."), "success")
            return redirect(url_for("records.form", visit_id=visit_id))
    own = queries.member_department(visit, actor())
    sections = [
        show_section(visit, one, viewer=actor(), department_id=own)
        for one in queries.list_sections(database.session(), visit)
    ]
    return _page(visit, sections, form), INCOMPLETE


@blueprint.post("/submission")
@requires(Permission.VISIT_INSPECT)
def submit(visit_id: int) -> BaseResponse:
    """Hand the record in for review."""
    visit = get_visit_for_change(database.session(), actor(), visit_id)
    try:
        services.submit_record(database.session(), visit, actor=actor())
    except DomainError as error:
        database.session().rollback()
        flash(told(error), "danger")
        return redirect(url_for("records.form", visit_id=visit_id))
    database.commit()
    flash(_("Handed in. A reviewer outside the team now reads the record."), "success")
    return redirect(url_for("visits.show", visit_id=visit_id))
