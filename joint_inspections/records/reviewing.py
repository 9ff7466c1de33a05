"""Reviewing records, and correcting them after approval; who inspected never reviews, who reviews never edits."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from joint_inspections.records.following import tell_followers
from joint_inspections.records.models import RecordVersion, Review
from joint_inspections.records.queries import list_sections, newest_version
from joint_inspections.records.rules import ReviewDecision
from joint_inspections.records.services import open_section
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import SectionState, VisitStep, state_after
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.errors import Forbidden, Invalid, WrongState
from supervision.parameters.queries import check_reason
from supervision.permissions import Actor, Permission

# what the leader says of the whole visit, beside the sections of the departments
OUTCOME = "outcome"


def bar_to_review(visit: Visit, version: RecordVersion | None, actor: Actor) -> str:
    """Return why this person may not review the record, "" when they may."""
    if not actor.may(Permission.RECORD_REVIEW):
        return "not-a-reviewer"
    if actor.department_id not in {one.department_id for one in visit.plan_version.participants}:
        return "other-department"
    if actor.inspector_id is not None and any(one.inspector_id == actor.inspector_id for one in visit.members):
        return "on-team"
    if version is not None and version.submitted_by is not None and version.submitted_by == actor.user_id:
        return "on-team"
    return ""


def _version_for_review(session: Session, visit: Visit, actor: Actor) -> RecordVersion:
    version = newest_version(session, visit)
    bar = bar_to_review(visit, version, actor)
    if bar == "on-team":
        raise Forbidden("own-record", "Whoever is or was on the team does not review its record.")
    if bar:
        raise Forbidden("not-reviewer", "A reviewer of a participating department reviews this record.")
    if version is None:
        raise WrongState("nothing-submitted", "No record has been handed in yet.")
    return version


def approve_record(session: Session, visit: Visit, *, note: str, actor: Actor) -> Review:
    """Approve the newest version as it stands."""
    version = _version_for_review(session, visit, actor)
    visit.state = state_after(visit.state, VisitStep.ACCEPT)
    visit.correction_code = visit.correction_note = ""
    review = _review(version, ReviewDecision.APPROVED, note=note, actor=actor)
    session.add(review)
    session.flush()
    tell_followers(session, visit, version, actor=actor)
    record(
        session,
        Event.RECORD_APPROVED,
        actor=actor,
        subject=("visit", visit.id),
        reason=note,
        details={"version": version.version_no, "digest": version.digest},
    )
    return review


def return_record(
    session: Session, visit: Visit, *, reason_code: str, note: str, faults: Collection[str], actor: Actor
) -> Review:
    """Send the record back to the team with a coded reason; the sections at fault open again.

    ``faults`` are codes of departments, or OUTCOME for what the leader says of the whole visit. The others keep their
    signatures: each was given for the digest of its own section, which nobody changes without opening it.
    """
    version = _version_for_review(session, visit, actor)
    reason = check_reason(session, "return_reasons", reason_code, field="reason")
    sections = list_sections(session, visit)
    if not faults or not {OUTCOME, *(one.department.code for one in sections)}.issuperset(faults):
        raise Invalid("faults-missing", "Tick at least one part that must be mended.", field="faults")
    visit.state = state_after(visit.state, VisitStep.RETURN)
    for section in sections:
        if section.department.code in faults:
            open_section(section)
    review = _review(version, ReviewDecision.RETURNED, note=note, actor=actor, reason_code=reason.code)
    session.add(review)
    session.flush()
    record(
        session,
        Event.RECORD_RETURNED,
        actor=actor,
        subject=("visit", visit.id),
        reason=note,
        details={"version": version.version_no, "reason": reason.code, "faults": sorted(faults)},
    )
    return review


def _review(
    version: RecordVersion, decision: ReviewDecision, *, note: str, actor: Actor, reason_code: str = ""
) -> Review:
    return Review(
        record_version_id=version.id,
        decision=decision,
        reason_code=reason_code,
        note=note,
        reviewed_by=actor.user_id,
        reviewed_at=clock.now(),
    )


def may_correct(visit: Visit, actor: Actor) -> bool:
    """Say whether the actor may begin a correction: the team's leader, or a lead of a participating department."""
    leader = visit.leader
    if leader is not None and actor.inspector_id is not None and leader.inspector_id == actor.inspector_id:
        return True
    departments = {one.department_id for one in visit.plan_version.participants}
    return actor.may(Permission.PLAN_DRAFT) and actor.department_id in departments


def begin_correction(session: Session, visit: Visit, *, reason_code: str, note: str, actor: Actor) -> None:
    """Open an approved record for correction; its versions stay, and the corrected one passes the same review (R-1.41).

    Sections stay signed: each department reopens its own where something must change.
    """
    if not may_correct(visit, actor):
        raise Forbidden("may-not-correct", "The leader of the team or a lead of a participating department does this.")
    reason = check_reason(session, "correction_reasons", reason_code, field="reason")
    visit.state = state_after(visit.state, VisitStep.CORRECT)
    visit.correction_code, visit.correction_note = reason.code, note
    session.flush()
    record(
        session,
        Event.RECORD_CORRECTED,
        actor=actor,
        subject=("visit", visit.id),
        reason=note,
        details={"reason": reason.code},
    )


def signed_departments(session: Session, visit: Visit) -> tuple[int, int]:
    """Return (sections signed, sections) of a visit."""
    sections = list_sections(session, visit)
    return sum(one.state is SectionState.SIGNED for one in sections), len(sections)
