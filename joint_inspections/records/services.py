"""Filling in the form at the door: begin, save, sign off, reopen, outcome, submit."""

import hashlib
from collections.abc import Sequence

from sqlalchemy.orm import Session

from joint_inspections.notices.queries import has_current_notice
from joint_inspections.records.companions import content_of_companions, list_photos, require_companions
from joint_inspections.records.content import record_content
from joint_inspections.records.entries import (
    Meeting,
    SentItem,
    entry_of,
    facts_of,
    meet,
    results_of,
    section_digest,
    write_entry,
)
from joint_inspections.records.models import ItemResult, RecordVersion, Section
from joint_inspections.records.queries import list_sections, newest_version
from joint_inspections.records.rules import (
    CARRIED_OUT,
    NOT_RECORDED,
    Gap,
    find_gaps,
    overall_results,
    to_canonical,
)
from joint_inspections.visits.models import Visit, VisitMember
from joint_inspections.visits.rules import RECORDING, SectionState, VisitStep, state_after
from joint_inspections.visits.services import confirm_arrival, own_part, require_leader
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.errors import Conflict, Forbidden, Invalid, RuleBroken, WrongState
from supervision.parameters.queries import check_reason, get_number
from supervision.permissions import Actor
from supervision.workdays.queries import get_calendar
from supervision.workdays.rules import add_workdays


def begin_visit(session: Session, visit: Visit, *, actor: Actor) -> None:
    """Confirm the arrival of the team and open the form: one section per department (R-3.11, R-1.43)."""
    # an emergency waits for no paper; its notice follows within the same days as its approvals
    if visit.reported_at is None and not has_current_notice(session, visit):
        raise RuleBroken(
            "no-notice",
            "Issue the inspection notice for this day and this team first, and hand it over at the door.",
            rule="R-3.11",
        )
    confirm_arrival(session, visit, actor=actor)
    for participant in visit.plan_version.participants:
        section = Section(
            visit_id=visit.id, department_id=participant.department_id, state=SectionState.OPEN, results=[]
        )
        duties = [one for one in visit.plan_version.items if one.item.department_id == participant.department_id]
        section.item_results = [ItemResult(item_id=one.item_id, position=no) for no, one in enumerate(duties, 1)]
        session.add(section)
    session.flush()
    record(session, Event.VISIT_BEGUN, actor=actor, subject=("visit", visit.id))


def own_section(section: Section, visit: Visit, *, actor: Actor) -> VisitMember:
    """Return the actor's place on the team if the section is of their department, or refuse."""
    member = own_part(visit, actor)
    if member.department_id != section.department_id:
        raise Forbidden("other-department", "Only inspectors of this department fill in and sign its section.")
    return member


def _require_recording(visit: Visit) -> None:
    if visit.state not in RECORDING:
        raise WrongState(
            "not-recording", "The record is not open for entries now. Reload the page to see where it stands."
        )


def save_section(
    session: Session, visit: Visit, section: Section, sent: Sequence[SentItem], *, actor: Actor
) -> list[int]:
    """Store what an inspector changed; return the ids of items that somebody else changed meanwhile.

    Those are left as they are stored, so that nobody's answers vanish without being seen.
    """
    own_section(section, visit, actor=actor)
    _require_recording(visit)
    if section.state is not SectionState.OPEN:
        raise WrongState("section-signed", "The section is signed off. Reopen it first if something must change.")
    rows = {row.item_id: row for row in section.item_results}
    changed: list[str] = []
    conflicts: list[int] = []
    for one in sent:
        row = rows.get(one.entry.item_id)
        if row is None:
            raise Invalid("item-not-on-form", "The form holds only items of the approved plan. Reload the page.")
        found = meet(one, entry_of(row))
        if found is Meeting.CONFLICT:
            conflicts.append(row.item_id)
        elif found is Meeting.WRITE:
            write_entry(row, one.entry)
            changed.append(row.item.code)
    session.flush()
    if changed:
        details = {"department": section.department.code, "items": changed}
        record(session, Event.SECTION_SAVED, actor=actor, subject=("visit", visit.id), details=details)
    return conflicts


def section_gaps(session: Session, visit: Visit, section: Section) -> list[Gap]:
    """Return everything that still bars the sign-off of a section, photos that it asks for among it."""
    outcome, photos = visit.outcome_code or "normal", list_photos(session, visit)
    return [gap for row in section.item_results for gap in find_gaps(facts_of(row), outcome=outcome, photos=photos)]


def stored_digest(section: Section) -> str:
    """Return the digest of a section as it is stored now."""
    return section_digest(entry_of(row) for row in section.item_results)


def sign_section(session: Session, visit: Visit, section: Section, *, seen: str, actor: Actor) -> None:
    """Sign a department's section off; its overall results follow from its items (R-1.33).

    ``seen`` is the digest of the section as the signer had it before them: nobody signs what they have not read.
    """
    member = own_section(section, visit, actor=actor)
    _require_recording(visit)
    if section.state is SectionState.SIGNED:
        raise WrongState("section-signed", "The section is signed off. Reopen it first if something must change.")
    if seen != stored_digest(section):
        raise Conflict("section-changed", "A colleague changed this section meanwhile. Read it again, then sign off.")
    gaps = section_gaps(session, visit, section)
    if gaps:
        raise Invalid(
            "section-incomplete",
            "%(count)s places of the section still need an entry. They are listed at the top of the form.",
            count=len(gaps),
        )
    section.results = overall_results(results_of(section.item_results))
    section.state, section.signed_by, section.signed_at = SectionState.SIGNED, member.inspector_id, clock.now()
    session.flush()
    record(
        session,
        Event.SECTION_SIGNED,
        actor=actor,
        subject=("visit", visit.id),
        details={"department": section.department.code, "results": section.results, "digest": seen},
    )


def reopen_section(session: Session, visit: Visit, section: Section, *, reason: str, actor: Actor) -> None:
    """Open a signed section again before the record is handed in, for a stated reason."""
    own_section(section, visit, actor=actor)
    _require_recording(visit)
    if section.state is not SectionState.SIGNED:
        raise WrongState("section-open", "The section is open already.")
    open_section(section)
    session.flush()
    record(
        session,
        Event.SECTION_REOPENED,
        actor=actor,
        subject=("visit", visit.id),
        reason=reason,
        details={"department": section.department.code},
    )


def open_section(section: Section) -> None:
    """Take the signature off a section; its results count again when it is signed anew."""
    section.state, section.results, section.signed_by, section.signed_at = SectionState.OPEN, [], None, None


def set_outcome(session: Session, visit: Visit, *, code: str, note: str, actor: Actor) -> None:
    """Say how the visit went, apart from any result (list ``visit_outcomes``)."""
    require_leader(visit, actor)
    _require_recording(visit)
    outcome = check_reason(session, "visit_outcomes", code, field="outcome")
    if code in NOT_RECORDED:
        raise Invalid("put-off", "A visit that is put off is planned on another day instead.", field="outcome")
    if code not in CARRIED_OUT and not note:
        raise Invalid("note-needed", "Say what happened; the record needs it.", field="note")
    if (visit.outcome_code, visit.outcome_note) == (outcome.code, note):
        return
    visit.outcome_code, visit.outcome_note = outcome.code, note
    session.flush()
    record(session, Event.OUTCOME_SET, actor=actor, subject=("visit", visit.id), details={"outcome": code})


def submit_record(session: Session, visit: Visit, *, actor: Actor) -> RecordVersion:
    """Hand the whole record in for review as its next version; afterwards nobody on the team changes it."""
    require_leader(visit, actor)
    target = state_after(visit.state, VisitStep.SUBMIT)
    sections = list_sections(session, visit)
    _require_complete(session, visit, sections)
    require_companions(session, visit, sections)
    before, today = newest_version(session, visit), clock.today()
    version_no = before.version_no + 1 if before else 1
    parts = content_of_companions(session, visit, sections)
    content = to_canonical(
        record_content(visit, sections, version_no=version_no, reason=visit.correction_code, companions=parts)
    )
    review_days = get_number(session, "review-due-working-days", on=today)
    version = RecordVersion(
        visit_id=visit.id,
        version_no=version_no,
        content=content,
        digest=hashlib.sha256(content.encode()).hexdigest(),
        reason=visit.correction_code,
        submitted_by=actor.user_id,
        submitted_at=clock.now(),
        # only the first version meets the clock: later ones answer a reviewer or correct a record
        late=before is None and visit.record_due_on is not None and today > visit.record_due_on,
        review_due_on=add_workdays(today, review_days, get_calendar(session)),
    )
    session.add(version)
    visit.state, visit.submitted_at = target, visit.submitted_at or version.submitted_at
    session.flush()
    details = {"version": version_no, "digest": version.digest, "late": version.late}
    record(session, Event.RECORD_SUBMITTED, actor=actor, subject=("visit", visit.id), details=details)
    return version


def _require_complete(session: Session, visit: Visit, sections: Sequence[Section]) -> None:
    if not visit.outcome_code:
        raise Invalid("no-outcome", "Say first how the visit went (outcome of the visit).", field="outcome")
    if visit.outcome_code not in CARRIED_OUT:
        return
    unsigned = [section.department.name_zh for section in sections if section.state is not SectionState.SIGNED]
    if unsigned:
        raise RuleBroken(
            "sections-open",
            "Not signed off yet: %(departments)s. The record can be handed in when every department has signed.",
            rule="R-1.44",
            departments="、".join(unsigned),
        )
    # an outcome chosen after a signature may ask for more than the signed section holds
    short = [section.department.name_zh for section in sections if section_gaps(session, visit, section)]
    if short:
        raise RuleBroken(
            "sections-incomplete",
            "With this outcome the sections of %(departments)s lack entries. Reopen and complete them.",
            rule="R-1.29",
            departments="、".join(short),
        )
