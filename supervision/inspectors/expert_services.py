"""Keeping the register of experts: entries and status, by the lead of the department that engaged them."""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.departments.models import Department
from supervision.entities.names import name_keys
from supervision.errors import Conflict, Forbidden, Invalid
from supervision.inspectors.expert_queries import may_edit
from supervision.inspectors.models import Expert
from supervision.inspectors.rules import ExpertContent, InspectorStatus, check_transition
from supervision.permissions import Actor, Permission

SUBJECT = "expert"


def enter_expert(session: Session, content: ExpertContent, *, department: Department, actor: Actor) -> Expert:
    """Enter an expert whom the actor's own department has engaged."""
    if not actor.may(Permission.INSPECTOR_EDIT) or actor.department_id != department.id:
        raise Forbidden("expert-of-another", "Only the lead of the department that engaged the expert keeps the entry.")
    _check_new(session, content, department)
    now = clock.now()
    expert = Expert(
        department=department,
        department_id=department.id,
        status=InspectorStatus.ACTIVE,
        created_at=now,
        updated_at=now,
    )
    _fill(expert, content)
    session.add(expert)
    _record(session, Event.EXPERT_ENTERED, expert, actor=actor, details={"department": department.code})
    return expert


def correct_expert(
    session: Session, expert: Expert, content: ExpertContent, *, version: int, reason: str, actor: Actor
) -> bool:
    """Correct an entry; ``version`` is the state the person saw. Return whether anything was different."""
    _lock(session, expert, version=version, actor=actor)
    _need(reason)
    before = {name: str(getattr(expert, name)) for name in content.__slots__}
    _fill(expert, content)
    after = {name: str(getattr(expert, name)) for name in content.__slots__}
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if not changed:
        return False
    expert.updated_at = clock.now()
    _record(session, Event.EXPERT_CORRECTED, expert, actor=actor, reason=reason, details=changed)
    return True


def set_expert_status(
    session: Session, expert: Expert, status: InspectorStatus, *, version: int, reason: str, actor: Actor
) -> None:
    """Suspend an expert, resume, or note that the engagement has ended."""
    _lock(session, expert, version=version, actor=actor)
    check_transition(expert.status, status)
    _need(reason)
    details = {"before": expert.status, "after": status}
    expert.status, expert.updated_at = status, clock.now()
    _record(session, Event.EXPERT_STATUS_CHANGED, expert, actor=actor, reason=reason, details=details)


def _check_new(session: Session, content: ExpertContent, department: Department) -> None:
    """Refuse the same person a second time: sent twice, one of the entries would soon be out of date."""
    same = sa.select(Expert.id).where(
        Expert.department_id == department.id,
        Expert.status != InspectorStatus.LEFT,
        Expert.name == content.name,
        Expert.organization == content.organization,
        Expert.title == content.title,
    )
    if session.scalar(same.limit(1)) is not None:
        raise Invalid(
            "expert-known",
            "Your department has entered this expert already. Correct that entry, or tell the two apart by the title.",
            field="name",
        )


def _fill(expert: Expert, content: ExpertContent) -> None:
    for name in ("name", "organization", "fields"):
        if not getattr(content, name):
            raise Invalid("expert-incomplete", "Give name, organization and field of the expert.", field=name)
    for name in content.__slots__:
        setattr(expert, name, getattr(content, name))
    sort_key, initials = name_keys(content.name)
    expert.sort_key, expert.initials = sort_key[:120], initials[:20]


def _need(reason: str) -> None:
    if not reason:
        raise Invalid("no-reason", "Give a reason.", field="reason")


def _lock(session: Session, expert: Expert, *, version: int, actor: Actor) -> None:
    if not may_edit(actor, expert):
        raise Forbidden("expert-of-another", "Only the lead of the department that engaged the expert keeps the entry.")
    stored = session.scalar(sa.select(Expert.version).where(Expert.id == expert.id).with_for_update())
    if stored != version or expert.version != version:
        raise Conflict(
            "changed-meanwhile",
            "Somebody changed this meanwhile. Open the page again, look at the change, and enter yours once more.",
        )


def _record(
    session: Session,
    event: Event,
    expert: Expert,
    *,
    actor: Actor,
    reason: str = "",
    details: Mapping[str, object],
) -> None:
    session.flush()
    record(session, event, actor=actor, subject=(SUBJECT, expert.id), reason=reason, details=details)
