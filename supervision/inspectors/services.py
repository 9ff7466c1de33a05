"""Keeping the register of inspectors: entries, status, qualifications, absences and declared interests."""

from collections.abc import Collection, Mapping
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.departments.models import Department
from supervision.entities.models import Entity
from supervision.entities.names import name_keys
from supervision.errors import Conflict, Forbidden, Invalid, WrongState
from supervision.inspectors.models import Absence, Inspector, InspectorTie, Qualification
from supervision.inspectors.queries import find_by_certificate, may_declare_tie
from supervision.inspectors.rules import (
    AbsenceKind,
    InspectorContent,
    InspectorStatus,
    TieKind,
    check_absence,
    check_transition,
    clean_certificate,
)
from supervision.items.queries import find_published_list, list_items
from supervision.permissions import Actor, Permission

STATUS_EVENTS = {
    InspectorStatus.ACTIVE: Event.INSPECTOR_RESUMED,
    InspectorStatus.SUSPENDED: Event.INSPECTOR_SUSPENDED,
    InspectorStatus.LEFT: Event.INSPECTOR_LEFT,
}


def create_inspector(session: Session, content: InspectorContent, *, department: Department, actor: Actor) -> Inspector:
    """Enter an inspector of the actor's own department; qualifications are set afterwards."""
    _check_department(actor, department.id)
    now = clock.now()
    inspector = Inspector(
        department=department,
        department_id=department.id,
        status=InspectorStatus.ACTIVE,
        all_items=False,
        created_at=now,
        updated_at=now,
    )
    _fill(session, inspector, content)
    session.add(inspector)
    session.flush()
    _record(session, Event.INSPECTOR_CREATED, inspector, actor=actor, details={"department": department.code})
    return inspector


def correct_inspector(
    session: Session, inspector: Inspector, content: InspectorContent, *, version: int, reason: str, actor: Actor
) -> bool:
    """Correct an entry; ``version`` is the state the person saw. Return whether anything was different."""
    _lock(session, inspector, version=version, actor=actor)
    _need(reason)
    before = {name: str(getattr(inspector, name)) for name in content.__slots__}
    _fill(session, inspector, content)
    after = {name: str(getattr(inspector, name)) for name in content.__slots__}
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if not changed:
        return False
    inspector.updated_at = clock.now()
    _record(session, Event.INSPECTOR_CORRECTED, inspector, actor=actor, reason=reason, details=changed)
    return True


def set_status(
    session: Session, inspector: Inspector, status: InspectorStatus, *, reason: str, version: int, actor: Actor
) -> None:
    """Suspend, resume, or note that an inspector left the service."""
    _lock(session, inspector, version=version, actor=actor)
    check_transition(inspector.status, status)
    _need(reason)
    details = {"before": inspector.status, "after": status}
    inspector.status, inspector.updated_at = status, clock.now()
    _record(session, STATUS_EVENTS[status], inspector, actor=actor, reason=reason, details=details)


def set_qualifications(
    session: Session,
    inspector: Inspector,
    item_codes: Collection[str],
    *,
    all_items: bool,
    version: int,
    reason: str,
    actor: Actor,
) -> None:
    """Say which items of the department's published list the inspector is qualified for, or all of them."""
    _lock(session, inspector, version=version, actor=actor)
    _need(reason)
    codes = frozenset() if all_items else frozenset(item_codes)
    if unknown := codes - department_item_codes(session, inspector.department_id):
        raise Invalid(
            "unknown-item",
            "%(codes)s is not an item of this department in the published list.",
            field="item_codes",
            codes="、".join(sorted(unknown)),
        )
    before = ["*"] if inspector.all_items else sorted(one.item_code for one in inspector.qualifications)
    inspector.all_items = all_items
    keep_qualifications(inspector, codes)
    inspector.updated_at = clock.now()
    details = {"before": before, "after": ["*"] if all_items else sorted(codes)}
    _record(session, Event.QUALIFICATIONS_SET, inspector, actor=actor, reason=reason, details=details)


def department_item_codes(session: Session, department_id: int) -> frozenset[str]:
    """Return the codes a department's inspectors can be qualified for: its items of the published list."""
    version = find_published_list(session)
    if version is None:
        return frozenset()
    items = list_items(session, version.id, department_id=department_id, with_suspended=True)
    return frozenset(item.code for item in items)


def keep_qualifications(inspector: Inspector, codes: Collection[str]) -> None:
    """Make ``codes`` the inspector's qualifications, leaving rows that stay untouched."""
    kept = [one for one in inspector.qualifications if one.item_code in codes]
    held = {one.item_code for one in kept}
    inspector.qualifications = kept + [Qualification(item_code=code) for code in sorted(set(codes) - held)]


def record_absence(
    session: Session, inspector: Inspector, kind: AbsenceKind, *, starts_on: date, ends_on: date, actor: Actor
) -> Absence:
    """Note days on which the inspector cannot be drawn."""
    _lock(session, inspector, version=None, actor=actor)
    check_absence(starts_on, ends_on)
    overlapping = sa.select(Absence.id).where(
        Absence.inspector_id == inspector.id, Absence.starts_on <= ends_on, Absence.ends_on >= starts_on
    )
    if session.scalar(overlapping.limit(1)) is not None:
        raise Conflict("absence-overlap", "An absence on some of these days is on record. Cancel that one first.")
    absence = Absence(inspector_id=inspector.id, kind=kind, starts_on=starts_on, ends_on=ends_on)
    session.add(absence)
    session.flush()
    _record(session, Event.ABSENCE_RECORDED, inspector, actor=actor, details=_days(absence))
    return absence


def cancel_absence(session: Session, inspector: Inspector, absence: Absence, *, actor: Actor) -> None:
    """Take an absence back; the log keeps it."""
    _lock(session, inspector, version=None, actor=actor)
    session.delete(absence)
    _record(session, Event.ABSENCE_CANCELED, inspector, actor=actor, details=_days(absence))


def _days(absence: Absence) -> dict[str, object]:
    return {"kind": absence.kind, "from": absence.starts_on.isoformat(), "to": absence.ends_on.isoformat()}


def declare_tie(
    session: Session,
    inspector: Inspector,
    kind: TieKind,
    *,
    entity: Entity | None = None,
    person_name: str = "",
    statement: str = "",
    actor: Actor,
) -> InspectorTie:
    """Declare an interest in an entity, or in a person at the head of one (R-1.22).

    The log names the entity but never the person: a relative's name stays in this register.
    """
    if not may_declare_tie(actor, inspector):
        raise Forbidden("tie-of-another", "Only the inspector and the department's lead declare an interest.")
    if (entity is None) == (not person_name):
        raise Invalid("tie-subject", "Give either a credit code or the name of a person.", field="unit_id")
    entity_id = entity.id if entity else None
    known = sa.select(InspectorTie.id).where(
        InspectorTie.inspector_id == inspector.id,
        InspectorTie.kind == kind,
        InspectorTie.entity_id.is_not_distinct_from(entity_id),
        InspectorTie.person_name == person_name,
        InspectorTie.withdrawn_on.is_(None),
    )
    if session.scalar(known.limit(1)) is not None:
        raise Conflict("tie-known", "This interest is declared already.")
    tie = InspectorTie(
        inspector_id=inspector.id,
        entity_id=entity_id,
        person_name=person_name,
        kind=kind,
        statement=statement,
        declared_on=clock.today(),
    )
    session.add(tie)
    session.flush()
    details = {"tie": tie.id, "kind": kind, "entity": entity.unit_id if entity else "", "person": entity is None}
    _record(session, Event.TIE_DECLARED, inspector, actor=actor, details=details)
    return tie


def withdraw_tie(session: Session, inspector: Inspector, tie: InspectorTie, *, reason: str, actor: Actor) -> None:
    """End an interest. The lead does it, so that nobody lifts their own bar."""
    _lock(session, inspector, version=None, actor=actor)
    if actor.inspector_id == inspector.id:
        raise Forbidden("own-tie", "Nobody lifts their own bar. Ask another lead of the department.")
    if tie.withdrawn_on is not None:
        raise WrongState("tie-withdrawn", "This interest is withdrawn already.")
    _need(reason)
    tie.withdrawn_on = clock.today()
    _record(session, Event.TIE_WITHDRAWN, inspector, actor=actor, reason=reason, details={"tie": tie.id})


def _need(reason: str) -> None:
    if not reason:
        raise Invalid("no-reason", "Give a reason.", field="reason")


def _check_department(actor: Actor, department_id: int) -> None:
    if not actor.may(Permission.INSPECTOR_EDIT) or actor.department_id != department_id:
        raise Forbidden("inspector-of-another", "Only the lead of the inspector's department keeps this entry.")


def _lock(session: Session, inspector: Inspector, *, version: int | None, actor: Actor) -> None:
    _check_department(actor, inspector.department_id)
    statement = sa.select(Inspector.version).where(Inspector.id == inspector.id).with_for_update()
    stored = session.scalar(statement)
    if version is not None and (stored != version or inspector.version != version):
        raise Conflict(
            "changed-meanwhile",
            "Somebody changed this meanwhile. Open the page again, look at the change, and enter yours once more.",
        )


def _fill(session: Session, inspector: Inspector, content: InspectorContent) -> None:
    number = clean_certificate(content.certificate_number)
    holder = find_by_certificate(session, number)
    if holder is not None and holder is not inspector:
        raise Conflict(
            "certificate-taken", "The certificate number %(number)s is entered for somebody else.", number=number
        )
    if not content.name:
        raise Invalid("no-name", "Give the name.", field="name")
    inspector.certificate_number, inspector.name = number, content.name
    inspector.certificate_valid_until = content.certificate_valid_until
    inspector.issuing_body, inspector.post = content.issuing_body, content.post
    set_name_keys(inspector)


def set_name_keys(inspector: Inspector) -> None:
    """Set what the register sorts and finds a Chinese name by."""
    sort_key, initials = name_keys(inspector.name)
    inspector.sort_key, inspector.initials = sort_key[:120], initials[:20]


def _record(
    session: Session,
    event: Event,
    inspector: Inspector,
    *,
    actor: Actor,
    reason: str = "",
    details: Mapping[str, object] | None = None,
) -> None:
    session.flush()
    details = {"certificate": inspector.certificate_number, **(details or {})}
    record(session, event, actor=actor, subject=("inspector", inspector.id), reason=reason, details=details)
