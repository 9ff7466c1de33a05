"""Reading devices, operations and what a phone carries."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, lazyload, selectinload

from joint_inspections.evidence.models import Attachment, AttachmentRemoval, Sample, SealedFile, StoredFile
from joint_inspections.field.models import (
    FieldClash,
    FieldDevice,
    FieldDeviceSession,
    FieldOperation,
    FieldOutcome,
)
from joint_inspections.field.rules import MOST_ANSWERED, NOT_STORED, DeviceState, Outcome, carried_days
from joint_inspections.notices.models import Notice
from joint_inspections.records.models import ItemResult, Section
from joint_inspections.signatures.models import PartyEntry
from joint_inspections.visits.models import Visit, VisitMember
from joint_inspections.visits.queries import disclosed, on_team
from joint_inspections.visits.rules import FALLEN_AWAY, RECORDING
from supervision import clock
from supervision.audit.events import DisclosedList, Event
from supervision.audit.models import AuditEntry
from supervision.entities.models import Entity
from supervision.errors import Forbidden, NotFound
from supervision.items.models import Item
from supervision.permissions import Actor, Permission
from supervision.plans.models import PlanItem, PlanVersion, Task


def find_state(session: Session, device_id: str) -> tuple[DeviceState, bool]:
    """Say how a device stands, and whether it has been told to wipe; an unknown one holds nothing of ours."""
    columns = sa.select(FieldDevice.revoked_at, FieldDevice.told_at)
    row = session.execute(columns.where(FieldDevice.id == device_id)).first()
    if row is None:
        return DeviceState.UNKNOWN, False
    return (DeviceState.ACTIVE if row.revoked_at is None else DeviceState.REVOKED), row.told_at is not None


def get_device(session: Session, viewer: Actor, device_id: str, *, hold: bool = False) -> FieldDevice:
    """Return the viewer's own device, its row held if it is to change; refuse any other as if it did not exist."""
    statement = sa.select(FieldDevice).where(FieldDevice.id == device_id, FieldDevice.user_id == viewer.user_id)
    if hold:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(statement)
    if found is None:
        raise NotFound("unknown-device", "This phone is not registered for you. Register it again in the app.")
    return found


def get_active_device(session: Session, viewer: Actor, device_id: str) -> FieldDevice:
    """Return the viewer's own device; a revoked one is refused."""
    device = get_device(session, viewer, device_id)
    require_active(device)
    return device


def require_active(device: FieldDevice) -> None:
    """Refuse a revoked device."""
    if device.revoked_at is not None:
        raise device_revoked()


def device_revoked() -> Forbidden:
    """Return what every call by a revoked device is answered."""
    return Forbidden("device-revoked", "This phone has been revoked. It must delete what it holds.")


def session_noted(session: Session, device_id: str, signed_in: str) -> bool:
    """Say whether it is known that a device speaks in this browser session."""
    return not signed_in or session.get(FieldDeviceSession, (device_id, signed_in)) is not None


def get_device_to_revoke(session: Session, viewer: Actor, device_id: str) -> FieldDevice:
    """Return a device for its owner or the security administrator, its row held."""
    statement = sa.select(FieldDevice).where(FieldDevice.id == device_id)
    if not viewer.may(Permission.DEVICE_REVOKE):
        statement = statement.where(FieldDevice.user_id == viewer.user_id)
    found = session.scalar(statement.with_for_update().execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def find_operation(session: Session, uuid: str) -> FieldOperation | None:
    """Return an operation by the number its phone gave it."""
    statement = sa.select(FieldOperation).where(FieldOperation.uuid == uuid).execution_options(populate_existing=True)
    return session.scalar(statement)


def list_answers(session: Session, device: FieldDevice, *, after: str | None) -> Sequence[FieldOperation]:
    """List what became of a device's operations, in the order they came, those after one it knows of."""
    statement = sa.select(FieldOperation).where(FieldOperation.device_id == device.id)
    if after is not None:
        known = sa.select(FieldOperation.id).where(FieldOperation.uuid == after, FieldOperation.device_id == device.id)
        # one that never arrived tells nothing: then all of them
        statement = statement.where(FieldOperation.id > sa.func.coalesce(known.scalar_subquery(), 0))
    return session.scalars(statement.order_by(FieldOperation.id).limit(MOST_ANSWERED + 1)).all()


def list_waiting(session: Session, *, visit_ids: Collection[int]) -> Sequence[FieldOperation]:
    """List the operations of these visits that wait, in the order they came."""
    waiting = (
        sa.select(FieldOutcome.operation_id)
        .group_by(FieldOutcome.operation_id)
        .having(sa.func.max(sa.case((FieldOutcome.outcome == Outcome.WAITING, 0), else_=1)) == 0)
    )
    statement = (
        sa.select(FieldOperation)
        .where(FieldOperation.visit_id.in_(visit_ids), FieldOperation.id.in_(waiting))
        .order_by(FieldOperation.id)
        .execution_options(populate_existing=True)
    )
    return session.scalars(statement).all()


def list_ready(session: Session, waiting: Sequence[FieldOperation]) -> list[FieldOperation]:
    """Return those of the waiting operations worth another try: their file is here, or is wanted no longer."""
    awaited = {one.newest.awaits for one in waiting}
    here = set(session.scalars(sa.select(SealedFile.sha256).where(SealedFile.sha256.in_(awaited))))
    removed = sa.select(AttachmentRemoval.attachment_id).where(
        AttachmentRemoval.attachment_id.in_([one.uuid for one in waiting])
    )
    unwanted = set(session.scalars(removed))
    return [one for one in waiting if one.newest.awaits in here | {""} or one.uuid in unwanted]


def list_not_stored(session: Session, visit: Visit, *, limit: int = 100) -> Sequence[FieldOperation]:
    """List what phones sent for a visit and what could not be stored, newest first."""
    statement = (
        sa.select(FieldOperation)
        .join(FieldOutcome, FieldOutcome.operation_id == FieldOperation.id)
        .where(FieldOperation.visit_id == visit.id, FieldOutcome.outcome.in_(NOT_STORED))
        .order_by(FieldOperation.id.desc())
        .options(joinedload(FieldOperation.user))
        .limit(limit)
    )
    return session.scalars(statement).unique().all()


def list_clashes(session: Session, visit: Visit, *, limit: int = 100) -> Sequence[FieldClash]:
    """List the operations of a visit whose number came again with other content."""
    statement = (
        sa.select(FieldClash)
        .join(FieldOperation, FieldOperation.id == FieldClash.operation_id)
        .where(FieldOperation.visit_id == visit.id)
        .order_by(FieldClash.id.desc())
        .limit(limit)
    )
    return session.scalars(statement).unique().all()


def ever_sent(session: Session, visit_id: int, inspector_id: int | None) -> bool:
    """Say whether an inspector is or was on the team of a visit; of visits still secret nobody is told that (T13)."""
    statement = (
        sa.select(VisitMember.id)
        .join(Visit, Visit.id == VisitMember.visit_id)
        .where(VisitMember.visit_id == visit_id, VisitMember.inspector_id == inspector_id, disclosed())
    )
    return inspector_id is not None and session.execute(statement).first() is not None


def find_section(session: Session, visit_id: int, department_id: int) -> int | None:
    """Return the id of a department's section of a visit."""
    statement = sa.select(Section.id).where(Section.visit_id == visit_id, Section.department_id == department_id)
    return session.scalar(statement)


def list_carried(session: Session, viewer: Actor, *, only: Collection[int] | None = None) -> Sequence[Visit]:
    """List the visits that the viewer's phone carries: own, disclosed, begun or planned around today."""
    if viewer.inspector_id is None or not viewer.may(Permission.VISIT_INSPECT):
        return []
    first, last = carried_days(clock.today())
    version = joinedload(Visit.task).joinedload(Task.plan_version)
    items = version.selectinload(PlanVersion.items).joinedload(PlanItem.item)
    statement = (
        sa.select(Visit)
        .where(
            on_team(viewer.inspector_id),
            disclosed(),
            Visit.state.not_in(FALLEN_AWAY),
            sa.or_(Visit.planned_on.between(first, last), Visit.state.in_(RECORDING)),
        )
        .order_by(Visit.planned_on, Visit.id)
        .options(
            joinedload(Visit.entity).joinedload(Entity.sub_district),
            items.selectinload(Item.check_points),
            items.selectinload(Item.phrases),
        )
        .execution_options(populate_existing=True)
    )
    if only is not None:
        statement = statement.where(Visit.id.in_(only))
    return session.scalars(statement).unique().all()


def sections_of(session: Session, visits: Sequence[Visit]) -> dict[int, dict[int, Section]]:
    """Return the sections of several visits, by visit and department, with everything entered."""
    rows = selectinload(Section.item_results)
    statement = (
        sa.select(Section)
        .where(Section.visit_id.in_([one.id for one in visits]))
        .options(
            rows.joinedload(ItemResult.item).selectinload(Item.check_points), rows.selectinload(ItemResult.answers)
        )
        .execution_options(populate_existing=True)
    )
    found: dict[int, dict[int, Section]] = {}
    for section in session.scalars(statement):
        found.setdefault(section.visit_id, {})[section.department_id] = section
    return found


def notices_of(session: Session, visits: Sequence[Visit]) -> dict[int, list[Notice]]:
    """Return the notices of several visits, the newest first."""
    statement = sa.select(Notice).where(Notice.visit_id.in_([one.id for one in visits])).order_by(Notice.id.desc())
    found: dict[int, list[Notice]] = {}
    for notice in session.scalars(statement):
        found.setdefault(notice.visit_id, []).append(notice)
    return found


def attachments_of(session: Session, visits: Sequence[Visit]) -> dict[int, list[Attachment]]:
    """Return the files of several visits, those taken out again too."""
    statement = (
        sa.select(Attachment)
        .where(Attachment.visit_id.in_([one.id for one in visits]))
        .order_by(Attachment.number)
        .options(joinedload(Attachment.section).lazyload("*"), lazyload(Attachment.attacher))
        .execution_options(populate_existing=True)
    )
    found: dict[int, list[Attachment]] = {}
    for one in session.scalars(statement).unique():
        found.setdefault(one.visit_id, []).append(one)
    return found


def samples_of(session: Session, visits: Sequence[Visit]) -> dict[int, list[Sample]]:
    """Return the samples of several visits by their numbers, withdrawn ones too."""
    statement = (
        sa.select(Sample)
        .where(Sample.visit_id.in_([one.id for one in visits]))
        .order_by(Sample.number)
        .options(joinedload(Sample.section).lazyload("*"), lazyload(Sample.taker), lazyload(Sample.results))
        .execution_options(populate_existing=True)
    )
    found: dict[int, list[Sample]] = {}
    for one in session.scalars(statement).unique():
        found.setdefault(one.visit_id, []).append(one)
    return found


def parties_of(session: Session, visits: Sequence[Visit]) -> dict[int, PartyEntry]:
    """Return the newest answer of the enterprise to the record of each of several visits."""
    statement = sa.select(PartyEntry).where(PartyEntry.visit_id.in_([one.id for one in visits])).order_by(PartyEntry.id)
    return {one.visit_id: one for one in session.scalars(statement)}


def visits_awaiting(session: Session, sha256: str) -> list[int]:
    """Return the visits on which something waits, or waited, for this file."""
    statement = (
        sa.select(FieldOperation.visit_id)
        .join(FieldOutcome, FieldOutcome.operation_id == FieldOperation.id)
        .where(FieldOutcome.awaits == sha256, FieldOperation.visit_id.is_not(None))
        .distinct()
    )
    return [one for one in session.scalars(statement) if one is not None]


def find_declared(session: Session, viewer: Actor, sha256: str, *, size: int | None = None) -> StoredFile:
    """Return the declaration of a file on its way, the viewer's own before a colleague's; refuse an unknown one."""
    statement = sa.select(StoredFile).where(StoredFile.sha256 == sha256)
    if size is not None:
        statement = statement.where(StoredFile.size == size)
    own_first = sa.case((StoredFile.declared_by == viewer.user_id, 0), else_=1)
    found = session.scalars(statement.order_by(own_first, StoredFile.id.desc()).limit(1)).first()
    if found is None:
        raise NotFound("unknown-file", "Nobody has announced this file. Announce it first.")
    return found


def count_visited_of(session: Session, visits: Sequence[Visit], *, year: int) -> dict[int, int]:
    """Count the visits made this year to each of the entities, those of the phone too."""
    since, until = clock.begin_of(clock.today().replace(year=year, month=1, day=1)), clock.now()
    statement = (
        sa.select(Visit.entity_id, sa.func.count())
        .where(
            Visit.entity_id.in_({one.entity_id for one in visits}), Visit.visited_at >= since, Visit.visited_at < until
        )
        .group_by(Visit.entity_id)
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def unnoted(session: Session, viewer: Actor, visit_ids: Collection[int]) -> list[int]:
    """Return those of the visits whose view by this person is not on record for today."""
    statement = sa.select(AuditEntry.subject_id).where(
        AuditEntry.event == Event.LIST_VIEWED,
        AuditEntry.actor_id == viewer.user_id,
        AuditEntry.subject_kind == DisclosedList.VISIT.value,
        AuditEntry.subject_id.in_([str(one) for one in visit_ids]),
        AuditEntry.at >= clock.begin_of(clock.today()),
    )
    noted = set(session.scalars(statement)) if visit_ids else set()
    return [one for one in visit_ids if str(one) not in noted]
