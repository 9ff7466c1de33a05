"""Publishing results and taking them back. Nothing unapproved is ever published; nothing published is ever replaced."""

import hashlib
import json

from sqlalchemy.orm import Session

from joint_inspections.records.models import RecordVersion
from joint_inspections.records.queries import newest_version
from joint_inspections.records.rules import ReviewDecision, to_canonical
from joint_inspections.results.models import Publication, Withdrawal
from joint_inspections.results.queries import list_of_visit, load_wordings, may_publish
from joint_inspections.results.rules import has_problem, public_content
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import VisitStep, state_after
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.draws.services import lock_for_change, open_finished
from supervision.errors import Forbidden, WrongState
from supervision.permissions import Actor


def _require_right(visit: Visit, actor: Actor) -> None:
    departments = {one.department_id for one in visit.plan_version.participants}
    if not may_publish(actor) or actor.department_id not in departments:
        raise Forbidden("not-publisher", "A reviewer or lead of a participating department publishes the result.")


def publish_result(session: Session, visit: Visit, *, actor: Actor) -> Publication:
    """Publish the newest approved version of a visit's record (R-1.38); a correction is published as a new version."""
    _require_right(visit, actor)
    lock_for_change(session, visit.draw)
    target = state_after(visit.state, VisitStep.PUBLISH)
    version = _approved(session, visit)
    now, written = clock.now(), json.loads(version.content)
    words = load_wordings(session)
    earlier = list_of_visit(session, visit)
    visited_on = clock.local(visit.visited_at).date() if visit.visited_at else visit.planned_on
    corrected = words.corrections.get(version.reason) if earlier else None
    content = to_canonical(
        public_content(
            written, visited_on=visited_on.isoformat(), version=version.version_no, corrected=corrected, words=words
        )
    )
    publication = Publication(
        visit_id=visit.id,
        entity_id=visit.entity_id,
        draw_id=visit.draw_id,
        version_no=version.version_no,
        number=written["number"],
        entity_name=written["entity"]["name"],
        visited_on=visited_on,
        has_problem=has_problem(written),
        content=content,
        digest=hashlib.sha256(content.encode()).hexdigest(),
        published_by=actor.user_id,
        published_at=now,
    )
    session.add(publication)
    visit.state, visit.published_at = target, visit.published_at or now
    session.flush()
    record(
        session,
        Event.RESULT_PUBLISHED,
        actor=actor,
        subject=("visit", visit.id),
        details={"version": version.version_no, "digest": publication.digest},
    )
    open_finished(session, visit.draw, actor=actor)
    return publication


def _approved(session: Session, visit: Visit) -> RecordVersion:
    version = newest_version(session, visit)
    if version is None or version.review is None or version.review.decision is not ReviewDecision.APPROVED:
        raise WrongState("not-approved", "Only an approved record can be published.")
    return version


def withdraw_result(session: Session, visit: Visit, *, reason: str, actor: Actor) -> Withdrawal:
    """Take back what is published now; that it was published, and why it is gone, stays visible (R-1.41)."""
    _require_right(visit, actor)
    versions = list_of_visit(session, visit)
    if not versions or versions[0].withdrawal is not None:
        raise WrongState("not-published", "Nothing of this visit is public now.")
    withdrawal = Withdrawal(
        publication_id=versions[0].id, reason=reason, withdrawn_by=actor.user_id, withdrawn_at=clock.now()
    )
    session.add(withdrawal)
    session.flush()
    session.expire(versions[0], ["withdrawal"])
    record(
        session,
        Event.RESULT_WITHDRAWN,
        actor=actor,
        subject=("visit", visit.id),
        reason=reason,
        details={"version": versions[0].version_no},
    )
    return withdrawal
