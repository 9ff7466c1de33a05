"""Deadlines of visits that another calendar would move: record, publication, recusals (see ``workdays.recounting``)."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, lazyload

from joint_inspections.visits.models import Recusal, Visit, VisitMember
from joint_inspections.visits.rules import FALLEN_AWAY, RecusalDecision, reply_due
from supervision import clock
from supervision.labels import N_
from supervision.parameters.queries import get_number
from supervision.workdays.recounting import Deadline, Kind, Recount


def _visits(session: Session, *conditions: sa.ColumnElement[bool]) -> Iterator[Visit]:
    statement = sa.select(Visit).where(Visit.visited_at.is_not(None), Visit.state.not_in(FALLEN_AWAY), *conditions)
    yield from session.scalars(statement.order_by(Visit.id).options(lazyload(Visit.members)))


def _counted(visit: Visit, attribute: str, recount: Recount) -> Deadline | None:
    before = getattr(visit, attribute)
    if before is None or visit.visited_at is None:
        return None
    after = recount.shift(clock.local(visit.visited_at).date(), before)
    return Deadline(visit, attribute, ("visit", visit.id), visit.number or "", before, after)


def records(session: Session, recount: Recount) -> Iterator[Deadline]:
    """Records not handed in yet."""
    for visit in _visits(session, Visit.submitted_at.is_(None)):
        if found := _counted(visit, "record_due_on", recount):
            yield found


def publications(session: Session, recount: Recount) -> Iterator[Deadline]:
    """Results not published yet."""
    for visit in _visits(session, Visit.published_at.is_(None)):
        if found := _counted(visit, "publish_due_on", recount):
            yield found


def recusals(session: Session, recount: Recount) -> Iterator[Deadline]:
    """Recusals nobody has decided yet: within their working days, and before the visit."""
    statement = sa.select(Recusal).where(Recusal.decision == RecusalDecision.WAITING, Recusal.due_on.is_not(None))
    member = joinedload(Recusal.member)
    for one in session.scalars(statement.options(member.joinedload(VisitMember.visit).lazyload(Visit.members))):
        asked_on, visit = clock.local(one.asked_at).date(), one.member.visit
        days = get_number(session, "recusal-reply-working-days", on=asked_on)
        planned = visit.planned_on
        old, new = (
            reply_due(asked_on, workdays=days, planned_on=planned, today=asked_on, calendar=calendar)
            for calendar in (recount.old, recount.new)
        )
        if one.due_on is not None and one.due_on == old:
            yield Deadline(one, "due_on", ("visit", visit.id), visit.number or "", old, new)


KINDS = (
    Kind("visits.record_due_on", N_("Record to be handed in"), records),
    Kind("visits.publish_due_on", N_("Result to be published"), publications),
    Kind("recusals.due_on", N_("Recusal to be decided"), recusals),
)
