"""Reading transfers: in- and outbox, one with its history, and what of a visit may go with one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any  # columns of any type

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, lazyload

from joint_inspections.evidence.models import Attachment, SealedFile
from joint_inspections.evidence.queries import list_attachments
from joint_inspections.follow_ups.models import FollowUp
from joint_inspections.follow_ups.queries import list_of_visit as follow_ups_of_visit
from joint_inspections.follow_ups.rules import FollowUpState
from joint_inspections.transfers.models import Transfer, TransferAnswer, TransferChange, TransferFile
from joint_inspections.transfers.rules import (
    OPEN,
    WITH_RECEIVER,
    Extension,
    Spell,
    TransferKind,
    TransferState,
    is_overdue,
)
from joint_inspections.visits.blinding import not_hidden
from joint_inspections.visits.models import Visit
from supervision import clock
from supervision.departments.models import Department
from supervision.entities.models import Entity
from supervision.errors import NotFound
from supervision.listing import ListQuery, Page, load_page
from supervision.permissions import Actor, Permission

EXPORT_BATCH = 500
Condition = sa.ColumnElement[bool]
_SORTS: dict[str, Any] = {
    "due": Transfer.next_due_on, "sent": Transfer.sent_at, "number": Transfer.number, "entity": Entity.sort_key,
}  # fmt: skip


def visible_to(viewer: Actor) -> Condition:
    """Transfers sent by the viewer's department or in its hands now; all for those who look across."""
    if not viewer.may(Permission.TRANSFER_VIEW):
        return sa.false()
    own = sa.or_(Transfer.sender_id == viewer.department_id, Transfer.receiver_id == viewer.department_id)
    return sa.and_(sa.true() if viewer.sees_whole_district else own, not_hidden(Transfer.visit_id, viewer))


def overdue() -> Condition:
    """Open transfers whose next step is past its day."""
    return sa.and_(Transfer.state.in_(OPEN), Transfer.next_due_on < clock.today())


def _box(viewer: Actor, box: str) -> Condition:
    if box == "in":
        return Transfer.receiver_id == viewer.department_id
    if box == "out":
        return Transfer.sender_id == viewer.department_id
    return Transfer.state == TransferState.RETURNED if box == "decide" else sa.true()


def list_transfers(session: Session, viewer: Actor, query: ListQuery, *, box: str) -> Page[Transfer]:
    """List transfers of a box (in, out, decide, all): open ones first, the one due first at the top.

    Search by entity or number; filters state, kind, department (code of sender or receiver) and mark (overdue).
    """
    selected = _selected(viewer, query, box)
    if query.sort not in _SORTS:
        selected = selected.order_by(sa.case((Transfer.state.in_(OPEN), 0), else_=1))
    return load_page(session, selected, query, sorts=_SORTS, default_sort="due", tie_breaker=Transfer.id)


def iterate_transfers(session: Session, viewer: Actor, query: ListQuery, *, box: str) -> Iterator[Transfer]:
    """Yield everything the list finds in its order, for the download."""
    column = _SORTS.get(query.sort, Transfer.next_due_on)
    ordered = column.desc() if query.sort in _SORTS and query.descending else column.asc()
    statement = _selected(viewer, query, box).order_by(ordered, Transfer.id)
    yield from session.scalars(statement.execution_options(yield_per=EXPORT_BATCH))


def _selected(viewer: Actor, query: ListQuery, box: str) -> sa.Select[Any]:
    visit = joinedload(Transfer.visit)
    return (
        sa.select(Transfer)
        .join(Transfer.visit)
        .join(Visit.entity)
        .where(visible_to(viewer), _box(viewer, box), *_filters(query))
        .options(visit.joinedload(Visit.entity), visit.lazyload(Visit.members))
    )


def _filters(query: ListQuery) -> list[Condition]:
    found: list[Condition] = []
    if query.q:
        named = Entity.name.contains(query.q, autoescape=True)
        found.append(
            sa.or_(named, Entity.unit_id == query.q.upper(), Transfer.number.contains(query.q, autoescape=True))
        )
    if state := query.filters.get("state"):
        found.append(Transfer.state.in_(OPEN) if state == "open" else Transfer.state == TransferState(state))
    if kind := query.filters.get("kind"):
        found.append(Transfer.kind == TransferKind(kind))
    if code := query.filters.get("department"):
        department = sa.select(Department.id).where(Department.code == code).scalar_subquery()
        found.append(sa.or_(Transfer.sender_id == department, Transfer.receiver_id == department))
    if query.filters.get("mark") == "overdue":
        found.append(overdue())
    return found


def find_transfer(session: Session, viewer: Actor, transfer_id: int) -> Transfer | None:
    """Return a transfer if the viewer may see it: whoever returned or handed one on sees it no longer."""
    return session.scalar(sa.select(Transfer).where(Transfer.id == transfer_id, visible_to(viewer)))


def get_transfer(session: Session, viewer: Actor, transfer_id: int) -> Transfer:
    """Return a transfer, or refuse as if it did not exist."""
    found = find_transfer(session, viewer, transfer_id)
    if found is None:
        raise NotFound
    return found


def get_for_change(session: Session, viewer: Actor, transfer_id: int) -> Transfer:
    """Return the transfer as :func:`get_transfer` does, its row and that of its follow-up held."""
    session.execute(sa.select(Transfer.id).where(Transfer.id == transfer_id).with_for_update())
    found = get_transfer(session, viewer, transfer_id)
    session.refresh(found)
    session.expire(found, ["answer"])
    if found.follow_up_id is not None:
        session.execute(sa.select(FollowUp.id).where(FollowUp.id == found.follow_up_id).with_for_update())
        if found.follow_up is not None:
            session.refresh(found.follow_up)
    return found


def list_changes(session: Session, transfer: Transfer) -> Sequence[TransferChange]:
    """List what was done, newest first."""
    statement = sa.select(TransferChange).where(TransferChange.transfer_id == transfer.id)
    return session.scalars(statement.order_by(TransferChange.id.desc())).unique().all()


def list_of_visit(session: Session, visit_id: int) -> Sequence[Transfer]:
    """List the transfers that a visit led to. The caller has loaded the visit for its viewer."""
    return session.scalars(sa.select(Transfer).where(Transfer.visit_id == visit_id).order_by(Transfer.id)).all()


def list_of_follow_up(session: Session, viewer: Actor, follow_up: FollowUp) -> Sequence[Transfer]:
    """List the transfers of a follow-up that a viewer may see, newest first."""
    own = sa.select(Transfer).where(Transfer.follow_up_id == follow_up.id, visible_to(viewer))
    return session.scalars(own.order_by(Transfer.id.desc())).all()


def get_file(session: Session, transfer: Transfer, number: int) -> SealedFile:
    """Return a file that goes with a transfer, or refuse."""
    joined = sa.select(SealedFile).join(TransferFile, TransferFile.sha256 == SealedFile.sha256)
    found = session.scalar(joined.where(TransferFile.transfer_id == transfer.id, TransferFile.number == number))
    if found is None:
        raise NotFound
    return found


def list_files(session: Session, transfer: Transfer) -> Sequence[tuple[TransferFile, SealedFile]]:
    """List the files that go with a transfer."""
    joined = sa.select(TransferFile, SealedFile).join(SealedFile, SealedFile.sha256 == TransferFile.sha256)
    rows = session.execute(joined.where(TransferFile.transfer_id == transfer.id).order_by(TransferFile.number))
    return [(one, file) for one, file in rows]


def list_choosable(session: Session, visit: Visit, department_id: int) -> list[Attachment]:
    """List the sealed files of a visit that a department may send along: of its own section or the visit as a whole."""
    found: dict[str, Attachment] = {}
    for one in list_attachments(session, visit):
        own = one.section is None or one.section.department_id == department_id
        if one.complete and own:
            found.setdefault(one.sha256, one)
    return list(found.values())


def open_follow_up(session: Session, visit_id: int, item_id: int, department_id: int) -> FollowUp | None:
    """Return the open follow-up of an item that belongs to a department."""
    for one in follow_ups_of_visit(session, visit_id):
        if (one.item_id, one.department_id, one.state) == (item_id, department_id, FollowUpState.OPEN):
            return one
    return None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a viewer: incoming, sent and unanswered, to be decided, overdue among all of these."""

    incoming: int
    sent: int
    decide: int
    extensions: int
    overdue: int


def count_waiting(session: Session, viewer: Actor) -> Waiting:
    """Count the open transfers a viewer has to do with."""
    own = Transfer.receiver_id == viewer.department_id
    row = session.execute(
        sa.select(
            sa.func.count().filter(sa.and_(own, Transfer.state.in_(WITH_RECEIVER))),
            sa.func.count().filter(Transfer.sender_id == viewer.department_id),
            sa.func.count().filter(Transfer.state == TransferState.RETURNED),
            sa.func.count().filter(sa.and_(own, Transfer.extension == Extension.ASKED)),
            sa.func.count().filter(overdue()),
        ).where(visible_to(viewer), Transfer.state.in_(OPEN))
    ).one()
    return Waiting(*row)


def load_spells(session: Session, viewer: Actor, *, first: date, last: date) -> list[Spell]:
    """Load the transfers sent from ``first`` to ``last`` that a viewer may see, for adding up."""
    begin, end = clock.begin_of(first), clock.begin_of(last + timedelta(days=1))
    rows = session.scalars(
        sa.select(Transfer)
        .where(visible_to(viewer), Transfer.sent_at >= begin, Transfer.sent_at < end)
        .options(lazyload(Transfer.sender), lazyload(Transfer.receiver))
        .order_by(Transfer.id)
    )
    today = clock.today()
    return [
        Spell(
            sender=one.sender_id,
            receiver=one.receiver_id,
            open=one.open,
            overdue=is_overdue(one.state, one.next_due_on, today=today),
            days=_days(one, one.answer),
            in_time=one.answer is not None and not one.answer.late,
        )
        for one in rows
    ]


def _days(transfer: Transfer, answer: TransferAnswer | None) -> int | None:
    if answer is None:
        return None
    return (clock.local(answer.answered_at).date() - clock.local(transfer.sent_at).date()).days
