"""Lists of phones: one's own, and all in use for the security administrator."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from joint_inspections.field.models import FieldDevice, FieldOperation, FieldOutcome
from joint_inspections.field.rules import NOT_STORED, Outcome
from supervision.accounts.models import User
from supervision.listing import ListQuery, Page, load_page


@dataclass(frozen=True, slots=True)
class ShownDevice:
    """A device, and how many of its operations wait or could not be stored."""

    device: FieldDevice
    sent: int
    waiting: int
    not_stored: int


def list_devices(session: Session, *, user_id: int) -> list[ShownDevice]:
    """List the devices of a person, the one in contact last at the top."""
    statement = (
        sa.select(FieldDevice)
        .where(FieldDevice.user_id == user_id)
        .order_by(FieldDevice.revoked_at.is_not(None), FieldDevice.seen_at.desc(), FieldDevice.id)
    )
    devices = session.scalars(statement).all()
    counts = _count_outcomes(session, [one.id for one in devices])
    return [
        ShownDevice(
            one,
            sent=sum(counts.get(one.id, {}).values()),
            waiting=counts.get(one.id, {}).get(Outcome.WAITING, 0),
            not_stored=sum(counts.get(one.id, {}).get(kind, 0) for kind in NOT_STORED),
        )
        for one in devices
    ]


def _newest() -> sa.ColumnElement[bool]:
    later = sa.orm.aliased(FieldOutcome)
    return ~sa.exists().where(later.operation_id == FieldOutcome.operation_id, later.no > FieldOutcome.no)


def _count_outcomes(session: Session, devices: Collection[str]) -> dict[str, dict[Outcome, int]]:
    statement = (
        sa.select(FieldOperation.device_id, FieldOutcome.outcome, sa.func.count())
        .join(FieldOutcome, FieldOutcome.operation_id == FieldOperation.id)
        .where(FieldOperation.device_id.in_(devices), _newest())
        .group_by(FieldOperation.device_id, FieldOutcome.outcome)
    )
    found: dict[str, dict[Outcome, int]] = {}
    for device, outcome, count in session.execute(statement):
        found.setdefault(device, {})[outcome] = count
    return found


def list_in_use(session: Session, query: ListQuery) -> Page[FieldDevice]:
    """List the phones that are not revoked, the one in contact last at the top, for the security administrator."""
    statement = (
        sa.select(FieldDevice)
        .join(FieldDevice.user)
        .where(FieldDevice.revoked_at.is_(None))
        .options(contains_eager(FieldDevice.user).joinedload(User.department))
    )
    if query.q:
        found = (User.name.contains(query.q, autoescape=True), FieldDevice.name.contains(query.q, autoescape=True))
        statement = statement.where(sa.or_(*found))
    return load_page(
        session,
        statement,
        query,
        sorts={
            "owner": User.name,
            "name": FieldDevice.name,
            "registered": FieldDevice.registered_at,
            "seen": FieldDevice.seen_at,
        },
        default_sort="-seen",
        tie_breaker=FieldDevice.id,
    )
