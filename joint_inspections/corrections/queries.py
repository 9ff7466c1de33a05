"""Reading corrections: the department's list, one with its rounds, and those an enterprise reaches by its code."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any  # columns of any type

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from joint_inspections.corrections.models import CorrectionEntry, CorrectionFile, CorrectionOrder
from joint_inspections.corrections.rules import EXTENDING, MAIN, EntryKind, Stage, extension_waits, stage_of
from joint_inspections.follow_ups.models import FollowUp
from joint_inspections.follow_ups.queries import NEXT_DUE, visible_to
from joint_inspections.follow_ups.rules import Card, FollowUpState, card_of, last_yellow_day
from joint_inspections.notices.models import Notice
from joint_inspections.ordered.models import OrderedInspection
from joint_inspections.ordered.rules import OrderState
from joint_inspections.records.rules import Disposal
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import FALLEN_AWAY, VisitState
from supervision import clock
from supervision.departments.models import Department
from supervision.entities.models import Entity
from supervision.errors import NotFound
from supervision.listing import ListQuery, Page, load_page
from supervision.parameters.queries import find_number
from supervision.permissions import Actor
from supervision.workdays.queries import get_calendar

BATCH = 500
# before the ground data is loaded
YELLOW_DAYS = 3
Condition = sa.ColumnElement[bool]
# nothing is due of what is closed: it comes last
NEVER = date(9999, 12, 31)
_DUE = sa.case((FollowUp.state == FollowUpState.OPEN, NEXT_DUE), else_=sa.literal(NEVER, sa.Date()))
_SORTS: dict[str, Any] = {"due": _DUE, "entity": Entity.sort_key, "department": FollowUp.department_id}
_ORDERED = FollowUp.kind == Disposal.CORRECTION


def _last(kinds: Sequence[EntryKind]) -> sa.ScalarSelect[Any]:
    """Return the kind of the last entry among these, NULL when there is none."""
    newest = sa.select(CorrectionEntry.kind).where(
        CorrectionEntry.follow_up_id == FollowUp.id, CorrectionEntry.kind.in_(kinds)
    )
    return newest.order_by(CorrectionEntry.number.desc()).limit(1).correlate(FollowUp).scalar_subquery()


def yellow_until(session: Session) -> date:
    """Return the last deadline that shows a yellow card today (working days, parameter)."""
    today = clock.today()
    ahead = find_number(session, "correction-yellow-working-days", on=today, default=YELLOW_DAYS)
    return last_yellow_day(today, ahead, get_calendar(session))


def ended(order: OrderedInspection) -> bool:
    """Say whether a re-inspection is over: its record was approved, or it takes place no more."""
    if order.state in {OrderState.REFUSED, OrderState.CANCELLED}:
        return True
    return order.visit is not None and order.visit.state in {VisitState.ACCEPTED, VisitState.PUBLISHED, *FALLEN_AWAY}


_NEWEST_ORDER = (
    sa.select(OrderedInspection)
    .join(CorrectionOrder, CorrectionOrder.order_id == OrderedInspection.id)
    .join(CorrectionEntry, CorrectionEntry.id == CorrectionOrder.entry_id)
    .where(CorrectionEntry.follow_up_id == sa.bindparam("follow_up_id"))
    .order_by(CorrectionEntry.number.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Correction:
    """A follow-up that orders a correction, with whose turn it is and its card, both computed now."""

    follow_up: FollowUp
    entries: tuple[CorrectionEntry, ...]
    stage: Stage
    card: Card
    # the newest order to look again on site
    order: OrderedInspection | None = None

    @property
    def order_runs(self) -> bool:
        """Whether a re-inspection was ordered and has not ended: until then nothing is decided."""
        return self.stage is Stage.REINSPECTION and self.order is not None and not ended(self.order)

    @property
    def seen(self) -> int:
        """Number of the last entry: a decision names it, so that nothing is decided unread."""
        return self.entries[-1].number if self.entries else 0

    @property
    def extension(self) -> CorrectionEntry | None:
        """The request for more time that waits for an answer."""
        if self.stage is Stage.DONE or not extension_waits([one.kind for one in self.entries]):
            return None
        return [one for one in self.entries if one.kind is EntryKind.EXTENSION_ASKED][-1]

    def count(self, *kinds: EntryKind) -> int:
        """Count entries of these kinds."""
        return sum(one.kind in kinds for one in self.entries)


def read_correction(session: Session, follow_up: FollowUp) -> Correction:
    """Return how the correction of a follow-up stands."""
    statement = (
        sa.select(CorrectionEntry)
        .where(CorrectionEntry.follow_up_id == follow_up.id)
        .order_by(CorrectionEntry.number)
        .execution_options(populate_existing=True)
    )
    entries = tuple(session.scalars(statement).unique())
    today, until = clock.today(), yellow_until(session)
    stage = stage_of(follow_up.state, [one.kind for one in entries])
    card = card_of(follow_up.state, follow_up.next_due_on, today=today, yellow_until=until)
    order = session.scalars(_NEWEST_ORDER, {"follow_up_id": follow_up.id}).first()
    return Correction(follow_up, entries, stage, card, order)


def get_correction(session: Session, viewer: Actor, follow_up_id: int) -> Correction:
    """Return a correction the viewer may know of, or refuse as if it did not exist."""
    statement = sa.select(FollowUp).where(FollowUp.id == follow_up_id, _ORDERED, visible_to(viewer))
    found = session.scalar(statement)
    if found is None:
        raise NotFound
    return read_correction(session, found)


def get_for_change(session: Session, viewer: Actor, follow_up_id: int) -> Correction:
    """Return the correction as :func:`get_correction` does and hold its follow-up, so that no step is taken twice."""
    _hold(session, follow_up_id)
    found = get_correction(session, viewer, follow_up_id)
    session.refresh(found.follow_up)
    return read_correction(session, found.follow_up)


def _hold(session: Session, follow_up_id: int) -> None:
    session.execute(sa.select(FollowUp.id).where(FollowUp.id == follow_up_id).with_for_update())


def get_by_code(session: Session, notice: Notice, follow_up_id: int, *, hold: bool = False) -> Correction:
    """Return a correction ordered after the visit of this notice, or refuse; with ``hold`` its row is held."""
    if hold:
        _hold(session, follow_up_id)
    statement = sa.select(FollowUp).where(FollowUp.id == follow_up_id, FollowUp.visit_id == notice.visit_id, _ORDERED)
    found = session.scalar(statement.execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return read_correction(session, found)


def list_of_visit(session: Session, visit_id: int) -> list[Correction]:
    """List the corrections ordered after a visit."""
    statement = sa.select(FollowUp).where(FollowUp.visit_id == visit_id, _ORDERED).order_by(FollowUp.id)
    return [read_correction(session, one) for one in session.scalars(statement).unique()]


def find_sending(session: Session, send_id: str) -> CorrectionEntry | None:
    """Return what was sent under this identifier before."""
    return session.scalar(sa.select(CorrectionEntry).where(CorrectionEntry.send_id == send_id))


def get_entry(correction: Correction, number: int) -> CorrectionEntry:
    """Return an entry of a correction or refuse."""
    found = next((one for one in correction.entries if one.number == number), None)
    if found is None:
        raise NotFound
    return found


def get_file(correction: Correction, file_id: int) -> CorrectionFile:
    """Return a file of a correction or refuse."""
    found = next((file for one in correction.entries for file in one.files if file.id == file_id), None)
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    follow_up: FollowUp
    stage: Stage
    card: Card
    extension_waits: bool


def list_corrections(session: Session, viewer: Actor, query: ListQuery) -> Page[Row]:
    """List corrections, the one whose next step is due first at the top.

    Search by entity or visit number; filters stage, card, department (code) and mark ("extension").
    """
    until = yellow_until(session)
    page = load_page(
        session, _selected(viewer, query, until=until), query, sorts=_SORTS, default_sort="due",
        tie_breaker=FollowUp.id,
    )  # fmt: skip
    last = _last_kinds(session, [one.id for one in page.items])
    rows = [_row(one, last.get(one.id, (None, None)), until=until) for one in page.items]
    return Page(rows, page.total, page.capped)


def iterate_corrections(session: Session, viewer: Actor, query: ListQuery) -> Iterator[Row]:
    """Yield everything the list finds in its order, for the download."""
    until = yellow_until(session)
    column = _SORTS.get(query.sort, _SORTS["due"])
    ordered = column.desc() if query.sort in _SORTS and query.descending else column.asc()
    statement = _selected(viewer, query, until=until).add_columns(_last(MAIN), _last(EXTENDING))
    found = session.execute(statement.order_by(ordered, FollowUp.id).execution_options(yield_per=BATCH))
    for follow_up, main, extending in found:
        yield _row(follow_up, (main, extending), until=until)


def _last_kinds(session: Session, ids: Sequence[int]) -> dict[int, tuple[EntryKind | None, EntryKind | None]]:
    statement = sa.select(FollowUp.id, _last(MAIN), _last(EXTENDING)).where(FollowUp.id.in_(ids))
    return {one: (main, extending) for one, main, extending in session.execute(statement)}


def _row(follow_up: FollowUp, last: tuple[EntryKind | None, EntryKind | None], *, until: date) -> Row:
    main, extending = last
    stage = stage_of(follow_up.state, [main] if main else [])
    card = card_of(follow_up.state, follow_up.next_due_on, today=clock.today(), yellow_until=until)
    waits = stage is not Stage.DONE and extending is EntryKind.EXTENSION_ASKED
    return Row(follow_up, stage, card, waits)


def _selected(viewer: Actor, query: ListQuery, *, until: date) -> sa.Select[Any]:
    visit = joinedload(FollowUp.visit)
    return (
        sa.select(FollowUp)
        .join(FollowUp.visit)
        .join(Visit.entity)
        .where(_ORDERED, visible_to(viewer), *_filters(query, until=until))
        .options(visit.joinedload(Visit.entity), visit.lazyload(Visit.members))
    )


def _filters(query: ListQuery, *, until: date) -> list[Condition]:
    found: list[Condition] = []
    if query.q:
        named = Entity.name.contains(query.q, autoescape=True)
        found.append(sa.or_(named, Entity.unit_id == query.q.upper(), Visit.number == query.q))
    if stage := query.filters.get("stage"):
        found.append(at_stage(Stage(stage)))
    if card := query.filters.get("card"):
        found.append(with_card(Card(card), until=until))
    if code := query.filters.get("department"):
        found.append(FollowUp.department_id.in_(sa.select(Department.id).where(Department.code == code)))
    if query.filters.get("mark") == "extension":
        found.append(extension_asked())
    return found


def extension_asked() -> Condition:
    """Return the condition of a request for more time that waits for the head."""
    return sa.and_(FollowUp.state == FollowUpState.OPEN, _last(EXTENDING) == EntryKind.EXTENSION_ASKED)


def at_stage(stage: Stage) -> Condition:
    """Return the condition of a correction at this stage."""
    if stage is Stage.DONE:
        return FollowUp.state == FollowUpState.CLOSED
    last = _last(MAIN)
    waiting = {Stage.SENT: last == EntryKind.SENT, Stage.REINSPECTION: last == EntryKind.REINSPECTION}
    awaited = sa.or_(last.is_(None), last.in_((EntryKind.RETURNED, EntryKind.ACCEPTED)))
    return sa.and_(FollowUp.state == FollowUpState.OPEN, waiting.get(stage, awaited))


def with_card(card: Card, *, until: date) -> Condition:
    """Return the condition of a card of today."""
    today = clock.today()
    open_still = FollowUp.state == FollowUpState.OPEN
    if card is Card.RED:
        return sa.and_(open_still, today > NEXT_DUE)
    if card is Card.YELLOW:
        return sa.and_(open_still, today <= NEXT_DUE, until >= NEXT_DUE)
    return sa.or_(sa.not_(open_still), until < NEXT_DUE)


@dataclass(frozen=True, slots=True)
class Counts:
    """Open corrections of a department, or of all: cards, and what waits for its lead and head."""

    open: int
    yellow: int
    red: int
    sent: int
    extensions: int


def count_corrections(session: Session, viewer: Actor) -> Counts:
    """Count what is open for the viewer's department; for all departments for those who look across."""
    until, count = yellow_until(session), sa.func.count()
    scope = sa.true() if viewer.sees_whole_district else FollowUp.department_id == viewer.department_id
    row = session.execute(
        sa.select(
            count,
            count.filter(with_card(Card.YELLOW, until=until)),
            count.filter(with_card(Card.RED, until=until)),
            count.filter(at_stage(Stage.SENT)),
            count.filter(extension_asked()),
        )
        .select_from(FollowUp)
        .where(scope, _ORDERED, visible_to(viewer), FollowUp.state == FollowUpState.OPEN)
    ).one()
    return Counts(*row)
