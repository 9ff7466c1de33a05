"""Samples taken on a visit, and what laboratories found in them, also long after the record is locked."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.evidence.holding import team_holds
from joint_inspections.evidence.models import Sample, SampleResult, SampleWithdrawal
from joint_inspections.evidence.places import check_place
from joint_inspections.evidence.queries import find_sealed
from joint_inspections.evidence.rules import IMAGES, Verdict
from joint_inspections.records.models import Section
from joint_inspections.records.queries import newest_version
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import FALLEN_AWAY, RECORDING
from joint_inspections.visits.services import own_part
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.errors import Forbidden, Invalid, WrongState
from supervision.permissions import Actor, Permission

REPORT_TYPES = IMAGES | {"application/pdf"}


def take_sample(
    session: Session, visit: Visit, *, section: int, item: int | None, what: str, amount: str, sealed: bool,
    seal_number: str, given_to: str, actor: Actor,
) -> Sample:  # fmt: skip
    """Record a sample as part of the record: what, how much, sealed how, given to whom."""
    member = own_part(visit, actor)
    _hold(session, visit)
    _require_recording(visit)
    check_place(session, visit, section=section, item=item, point=None, actor=actor)
    if sealed and not seal_number:
        raise Invalid("seal-needed", "Write the number of the seal.", field="seal_number")
    highest = session.scalar(sa.select(sa.func.max(Sample.number)).where(Sample.visit_id == visit.id))
    sample = Sample(
        visit_id=visit.id, number=(highest or 0) + 1, section_id=section, item_id=item, what=what, amount=amount,
        sealed=sealed, seal_number=seal_number if sealed else "", given_to=given_to, taken_by=member.inspector_id,
        recorded_by=actor.user_id, recorded_at=clock.now(),
    )  # fmt: skip
    session.add(sample)
    session.flush()
    session.refresh(sample)
    details = {"sample": sample.number, "what": what, "amount": amount}
    record(session, Event.SAMPLE_RECORDED, actor=actor, subject=("visit", visit.id), details=details)
    return sample


def withdraw_sample(session: Session, visit: Visit, sample: Sample, *, reason: str, actor: Actor) -> None:
    """Let a wrong entry count no longer; it stays readable."""
    _hold(session, visit)
    _require_recording(visit)
    check_place(session, visit, section=sample.section_id, item=None, point=None, actor=actor)
    if not reason:
        raise Invalid("reason-needed", "Say why the entry is wrong.", field="reason")
    if session.get(SampleWithdrawal, sample.id) is not None:
        raise WrongState("sample-withdrawn", "This entry was withdrawn already.")
    session.add(
        SampleWithdrawal(sample_id=sample.id, reason=reason, withdrawn_by=actor.user_id, withdrawn_at=clock.now())
    )
    session.flush()
    session.refresh(sample)
    record(
        session, Event.SAMPLE_WITHDRAWN, actor=actor, subject=("visit", visit.id), reason=reason,
        details={"sample": sample.number},
    )  # fmt: skip


def may_add_result(session: Session, visit: Visit, sample: Sample, actor: Actor) -> bool:
    """Say whether the actor may add a report: the department's inspectors of the team, and its lead."""
    section = session.get_one(Section, sample.section_id)
    own = any(
        one.inspector_id == actor.inspector_id and one.department_id == section.department_id for one in visit.team_now
    )
    return own or (actor.may(Permission.PLAN_DRAFT) and actor.department_id == section.department_id)


def add_result(
    session: Session, visit: Visit, sample: Sample, *, laboratory: str, report_number: str, reported_on: date,
    verdict: Verdict, summary: str, sha256: str, actor: Actor,
) -> SampleResult:  # fmt: skip
    """Add what a laboratory found; the record itself stays as it is, whatever its state."""
    if not may_add_result(session, visit, sample, actor):
        raise Forbidden("other-department", "Inspectors of this department on the team, or its lead, add the report.")
    _hold(session, visit)
    if visit.state in FALLEN_AWAY or sample.withdrawal is not None:
        raise WrongState("sample-withdrawn", "This entry was withdrawn already.")
    if reported_on > clock.today():
        raise Invalid("future-day", "The day of the report lies in the future.", field="reported_on")
    sealed = find_sealed(session, sha256) if team_holds(session, sha256, visit, actor) else None
    if sealed is None or sealed.media_type not in REPORT_TYPES:
        raise Invalid("report-missing", "Add the report as PDF or as a photo.", field="file")
    version = newest_version(session, visit)
    result = SampleResult(
        sample_id=sample.id, laboratory=laboratory, report_number=report_number, reported_on=reported_on,
        verdict=verdict, summary=summary, sha256=sha256, after_version=version.version_no if version else 0,
        added_by=actor.user_id, added_at=clock.now(),
    )  # fmt: skip
    session.add(result)
    session.flush()
    record(
        session, Event.SAMPLE_RESULT_ADDED, actor=actor, subject=("visit", visit.id),
        details={
            "sample": sample.number, "report": report_number, "verdict": verdict.value, "sha256": sha256,
            "version": result.after_version,
        },
    )  # fmt: skip
    return result


def _hold(session: Session, visit: Visit) -> None:
    session.execute(sa.select(Visit.id).where(Visit.id == visit.id).with_for_update())


def _require_recording(visit: Visit) -> None:
    if visit.state not in RECORDING:
        raise WrongState(
            "not-recording", "The record is not open for entries now. Reload the page to see where it stands."
        )
