"""Releasing results and taking them back, each department its own part (R-1.43).

Nothing unapproved is ever published; nothing published is ever replaced.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any  # a record is JSON

from sqlalchemy.orm import Session

from joint_inspections.follow_ups.services import withdraw_follow_ups
from joint_inspections.records.models import RecordVersion, Section
from joint_inspections.records.queries import get_version, list_sections, newest_version
from joint_inspections.records.rules import ReviewDecision, to_canonical
from joint_inspections.results.models import PartDelay, PartWithdrawal, PublishedPart
from joint_inspections.results.queries import list_parts_of_visit, load_wordings, may_publish
from joint_inspections.results.rules import names_problem, part_content, same_part, section_of
from joint_inspections.visits.models import Visit
from joint_inspections.visits.origins import origin_of
from joint_inspections.visits.rules import VisitState, VisitStep, state_after
from joint_inspections.visits.services import require_approvals
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.errors import Forbidden, WrongState
from supervision.parameters.queries import check_reason
from supervision.permissions import Actor


class PartsOfRecord:
    """Follows every approval (see ``records.following``): says which departments have something to release."""

    def after_approval(
        self,
        session: Session,
        visit: Visit,
        version: RecordVersion,  # noqa: ARG002 - every follower is told alike
        *,
        record: Mapping[str, Any],
        actor: Actor,  # noqa: ARG002 - the reviewer's entry in the log stands for this too
    ) -> None:
        """Ask every department for its part; after a correction only those whose part now reads otherwise."""
        sections = list_sections(session, visit)
        for section in sections:
            section.to_release = _reads_otherwise(session, visit, section, record)
        if not any(section.to_release for section in sections):
            visit.state = state_after(visit.state, VisitStep.PUBLISH)
        session.flush()


def _reads_otherwise(session: Session, visit: Visit, section: Section, record: Mapping[str, Any]) -> bool:
    before = _newest_part(session, visit, section.department_id)
    if before is None or before.withdrawal is not None:
        return True
    published_from = json.loads(get_version(session, visit, before.version_no).content)
    return not same_part(published_from, record, section.department.code)


def _newest_part(session: Session, visit: Visit, department_id: int | None) -> PublishedPart | None:
    parts = list_parts_of_visit(session, visit)
    return next((part for part in parts if part.department_id == department_id), None)


def _require_right(visit: Visit, actor: Actor) -> None:
    departments = {one.department_id for one in visit.plan_version.participants}
    if not may_publish(actor) or actor.department_id not in departments:
        raise Forbidden("not-publisher", "A reviewer, the lead or the head of a department releases its own part.")


def release_part(session: Session, visit: Visit, *, actor: Actor) -> PublishedPart:
    """Publish the actor's department's part of the approved record (R-1.38, R-1.43); a correction is a new version.

    With the last part the inspection is published, and after the last inspection the draw opens.
    """
    _require_right(visit, actor)
    origin_of(visit).hold(session, visit)
    target = state_after(visit.state, VisitStep.PUBLISH)
    # what began on an oral approval is published when every head has approved it in writing
    if visit.reported_at is not None:
        require_approvals(visit)
    sections = list_sections(session, visit)
    section = next((one for one in sections if one.department_id == actor.department_id), None)
    if section is None or not section.to_release:
        raise WrongState("part-released", "The part of your department is public already.")
    part = _part(session, visit, section, _approved(session, visit), actor=actor)
    session.add(part)
    section.to_release, section.published_at = False, section.published_at or part.published_at
    complete = not any(one.to_release for one in sections)
    if complete:
        visit.state, visit.published_at = target, visit.published_at or part.published_at
    session.flush()
    record(
        session,
        Event.RESULT_PUBLISHED,
        actor=actor,
        subject=("visit", visit.id),
        details={
            "department": section.department.code,
            "version": part.version_no,
            "digest": part.digest,
            "complete": complete,
        },
    )
    if complete:
        origin_of(visit).settled(session, visit, actor=actor)
    return part


def record_delay(session: Session, visit: Visit, *, reason_code: str, note: str, actor: Actor) -> PartDelay:
    """Record why the actor's department has not published its part yet (R-1.44); the deadline stays as it is.

    After the deadline the task no longer waits for this part: with the last one the draw opens. The part is still due.
    """
    _require_right(visit, actor)
    origin_of(visit).hold(session, visit)
    section = next((one for one in list_sections(session, visit) if one.department_id == actor.department_id), None)
    if visit.state is not VisitState.ACCEPTED or section is None or not section.to_release:
        raise WrongState("nothing-to-release", "Your department has no approved part that waits for publication.")
    reason = check_reason(session, "unpublished_reasons", reason_code)
    delay = PartDelay(
        visit_id=visit.id,
        department_id=section.department_id,
        reason_code=reason.code,
        note=note,
        recorded_by=actor.user_id,
        recorded_at=clock.now(),
    )
    session.add(delay)
    session.flush()
    record(
        session,
        Event.RESULT_DELAYED,
        actor=actor,
        subject=("visit", visit.id),
        reason=note,
        details={"department": section.department.code, "reason": reason.code},
    )
    origin_of(visit).settled(session, visit, actor=actor)
    return delay


def _part(session: Session, visit: Visit, section: Section, version: RecordVersion, *, actor: Actor) -> PublishedPart:
    written, words = json.loads(version.content), load_wordings(session)
    visited_on = clock.local(visit.visited_at).date() if visit.visited_at else visit.planned_on
    again = _newest_part(session, visit, section.department_id) is not None
    content = to_canonical(
        part_content(
            written,
            section.department.code,
            visited_on=visited_on.isoformat(),
            version=version.version_no,
            corrected=words.corrections.get(version.reason) if again else None,
            words=words,
        )
    )
    return PublishedPart(
        visit_id=visit.id,
        department_id=section.department_id,
        entity_id=visit.entity_id,
        draw_id=visit.draw_id,
        version_no=version.version_no,
        number=written["number"],
        entity_name=written["entity"]["name"],
        unit_id=written["entity"]["unit_id"],
        visited_on=visited_on,
        has_problem=names_problem(section_of(written, section.department.code)),
        content=content,
        digest=hashlib.sha256(content.encode()).hexdigest(),
        published_by=actor.user_id,
        published_at=clock.now(),
    )


def _approved(session: Session, visit: Visit) -> RecordVersion:
    version = newest_version(session, visit)
    if version is None or version.review is None or version.review.decision is not ReviewDecision.APPROVED:
        raise WrongState("not-approved", "Only an approved record can be published.")
    return version


def withdraw_part(session: Session, visit: Visit, *, reason: str, actor: Actor) -> PartWithdrawal:
    """Take back what the actor's department has public now; that it was, and why it is gone, stays visible (R-1.41)."""
    _require_right(visit, actor)
    part = _newest_part(session, visit, actor.department_id)
    if part is None or part.withdrawal is not None:
        raise WrongState("not-published", "Nothing of your department's part is public now.")
    withdrawal = PartWithdrawal(part_id=part.id, reason=reason, withdrawn_by=actor.user_id, withdrawn_at=clock.now())
    session.add(withdrawal)
    session.flush()
    session.expire(part, ["withdrawal"])
    record(
        session,
        Event.RESULT_WITHDRAWN,
        actor=actor,
        subject=("visit", visit.id),
        reason=reason,
        details={"department": part.department.code, "version": part.version_no},
    )
    withdraw_follow_ups(session, visit, part.department_id, reason=reason, actor=actor)
    return withdrawal
