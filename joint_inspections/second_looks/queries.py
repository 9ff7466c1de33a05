"""Reading second looks: who may know of which, what stays hidden from whom, and how far results agree."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from joint_inspections.codes.rules import Quarter
from joint_inspections.ordered.models import OrderedInspection
from joint_inspections.ordered.rules import OrderedKind
from joint_inspections.records.models import RecordVersion, Review
from joint_inspections.records.rules import CARRIED_OUT
from joint_inspections.second_looks.models import SecondLook, SecondLookItem, SecondLookRound
from joint_inspections.second_looks.rules import CANNOT_TELL, Agreement, LookState, RoundState, agreement
from joint_inspections.visits.models import Visit, VisitMember
from joint_inspections.visits.queries import of_department
from joint_inspections.visits.rules import MemberState, VisitState
from supervision import clock
from supervision.accounts.models import User, UserRole
from supervision.departments.models import Department
from supervision.errors import NotFound
from supervision.items.models import Item
from supervision.listing import ListQuery, Page, load_page
from supervision.permissions import Actor, Permission, Role

Condition = sa.ColumnElement[bool]
FINISHED = frozenset({VisitState.ACCEPTED, VisitState.PUBLISHED})


def hidden_visits(viewer: Actor) -> sa.Select[int]:
    """Return the visits that a viewer looks at a second time and has not handed in: nothing of the first is shown."""
    second_team = sa.select(VisitMember.visit_id).where(
        VisitMember.inspector_id == viewer.inspector_id, VisitMember.state != MemberState.REPLACED
    )
    looking = sa.or_(
        SecondLook.ordered_id.in_(sa.select(OrderedInspection.id).where(OrderedInspection.visit_id.in_(second_team))),
        sa.and_(SecondLook.reviewer_id.is_not(None), SecondLook.reviewer_id == viewer.user_id),
    )
    return sa.select(SecondLook.origin_visit_id).where(SecondLook.state != LookState.COMPARED, looking)


def hidden_second_visits(viewer: Actor) -> sa.Select[int]:
    """Return the visits by which another team looks again at what the viewer's team did, until both are compared."""
    first_team = sa.select(VisitMember.visit_id).where(VisitMember.inspector_id == viewer.inspector_id)
    return (
        sa.select(Visit.id)
        .join(OrderedInspection, OrderedInspection.visit_id == Visit.id)
        .join(SecondLook, SecondLook.ordered_id == OrderedInspection.id)
        .where(
            OrderedInspection.origin_visit_id.in_(first_team),
            SecondLook.state != LookState.COMPARED,
        )
    )


def list_finished(session: Session, quarter: Quarter) -> Sequence[Visit]:
    """List the visits carried out in a quarter whose record is approved and which nobody looked at a second time."""
    begin = clock.begin_of(date(quarter.year, quarter.number * 3 - 2, 1))
    after = clock.begin_of(date.fromordinal(quarter.ends_on.toordinal() + 1))
    chosen = sa.select(SecondLook.origin_visit_id)
    second = sa.select(OrderedInspection.visit_id).where(
        OrderedInspection.kind == OrderedKind.SECOND_LOOK, OrderedInspection.visit_id.is_not(None)
    )
    statement = (
        sa.select(Visit)
        .where(
            Visit.visited_at >= begin,
            Visit.visited_at < after,
            Visit.state.in_(FINISHED),
            Visit.outcome_code.in_(CARRIED_OUT),
            Visit.number.is_not(None),
            Visit.id.not_in(chosen),
            Visit.id.not_in(second),
        )
        .order_by(Visit.number)
    )
    return session.scalars(statement).all()


def list_rounds(session: Session) -> Sequence[SecondLookRound]:
    """List every round, newest first."""
    statement = sa.select(SecondLookRound).order_by(SecondLookRound.id.desc())
    return session.scalars(statement.options(selectinload(SecondLookRound.looks))).all()


def get_round(session: Session, round_id: int, *, hold: bool = False) -> SecondLookRound:
    """Return a round or refuse; ``hold`` keeps others from taking the same step."""
    statement = sa.select(SecondLookRound).where(SecondLookRound.id == round_id)
    found = session.scalar(statement.with_for_update().execution_options(populate_existing=True) if hold else statement)
    if found is None:
        raise NotFound
    return found


def count_rounds(session: Session, quarter: Quarter) -> int:
    """Count the rounds of a quarter, dropped ones too: each has a number of its own."""
    statement = sa.select(sa.func.count()).where(
        SecondLookRound.year == quarter.year, SecondLookRound.quarter == quarter.number
    )
    return session.scalar(statement) or 0


def find_open_round(session: Session, quarter: Quarter) -> SecondLookRound | None:
    """Return the round of a quarter that was not dropped."""
    return session.scalar(
        sa.select(SecondLookRound).where(
            SecondLookRound.year == quarter.year,
            SecondLookRound.quarter == quarter.number,
            SecondLookRound.state != RoundState.DROPPED,
        )
    )


def find_visits(session: Session, numbers: Iterable[str]) -> dict[str, Visit]:
    """Return visits by their numbers."""
    found = session.scalars(sa.select(Visit).where(Visit.number.in_(list(numbers))))
    return {one.number: one for one in found if one.number is not None}


def _of_first_team(viewer: Actor) -> Condition:
    first = sa.select(VisitMember.visit_id).where(VisitMember.inspector_id == viewer.inspector_id)
    return SecondLook.origin_visit_id.in_(first) if viewer.inspector_id is not None else sa.false()


def readable_by(viewer: Actor) -> Condition:
    """Looks a viewer may read: all for oversight; compared ones for the bodies concerned and for the first team."""
    if viewer.may(Permission.SECOND_LOOK_RUN):
        return sa.true()
    answered_for: Condition = sa.false()
    if viewer.may(Permission.PLAN_VIEW) and not viewer.sees_whole_district:
        answered_for = SecondLook.origin_visit_id.in_(sa.select(Visit.id).where(of_department(viewer.department_id)))
    compared = SecondLook.state == LookState.COMPARED
    return sa.and_(compared, sa.or_(answered_for, _of_first_team(viewer)))


def get_look(session: Session, viewer: Actor, look_id: int, *, hold: bool = False) -> SecondLook:
    """Return a look that the viewer may read, or refuse as if it did not exist."""
    statement = sa.select(SecondLook).where(SecondLook.id == look_id, readable_by(viewer))
    if hold:
        statement = statement.with_for_update(of=SecondLook).execution_options(populate_existing=True)
    found = session.scalar(statement)
    if found is None:
        raise NotFound
    return found


def list_looks(session: Session, viewer: Actor, query: ListQuery) -> Page[SecondLook]:
    """List the looks of a viewer, the newest first."""
    statement = (
        sa.select(SecondLook)
        .where(readable_by(viewer))
        .options(joinedload(SecondLook.origin).joinedload(Visit.entity), selectinload(SecondLook.items))
    )
    if state := query.filters.get("state"):
        statement = statement.where(SecondLook.state == LookState(state))
    sorts = {"number": SecondLook.id}
    return load_page(session, statement, query, sorts=sorts, default_sort="-number", tie_breaker=SecondLook.id)


def list_own_desk(session: Session, viewer: Actor) -> Sequence[SecondLook]:
    """List the looks that wait at the viewer's own desk."""
    statement = sa.select(SecondLook).where(
        SecondLook.reviewer_id == viewer.user_id, SecondLook.state == LookState.DESK
    )
    return session.scalars(statement.order_by(SecondLook.id)).all() if viewer.user_id is not None else []


def get_own_desk(session: Session, viewer: Actor, look_id: int, *, hold: bool = False) -> SecondLook:
    """Return a look that waits at the viewer's own desk, or refuse."""
    statement = sa.select(SecondLook).where(
        SecondLook.id == look_id, SecondLook.reviewer_id == viewer.user_id, SecondLook.state == LookState.DESK
    )
    if hold:
        statement = statement.with_for_update(of=SecondLook).execution_options(populate_existing=True)
    found = session.scalar(statement)
    if found is None:
        raise NotFound
    return found


def first_version(session: Session, look: SecondLook) -> RecordVersion:
    """Return the version of the first record that the second is held against."""
    return session.scalars(
        sa.select(RecordVersion).where(
            RecordVersion.visit_id == look.origin_visit_id, RecordVersion.version_no == look.first_version
        )
    ).one()


def list_possible_reviewers(session: Session, look: SecondLook) -> Sequence[User]:
    """List reviewers who had no part in the first look: neither on its team nor handing in nor approving."""
    origin = look.origin
    bodies = [one.department_id for one in origin.plan_version.participants]
    versions = sa.select(RecordVersion.id).where(RecordVersion.visit_id == origin.id)
    reviewed = sa.select(Review.reviewed_by).where(
        Review.record_version_id.in_(versions), Review.reviewed_by.is_not(None)
    )
    handed_in = sa.select(RecordVersion.submitted_by).where(
        RecordVersion.visit_id == origin.id, RecordVersion.submitted_by.is_not(None)
    )
    team = sa.select(VisitMember.inspector_id).where(VisitMember.visit_id == origin.id)
    statement = (
        sa.select(User)
        .join(UserRole, UserRole.user_id == User.id)
        .where(
            UserRole.role == Role.REVIEWER,
            User.active,
            User.department_id.in_(bodies),
            User.id.not_in(reviewed),
            User.id.not_in(handed_in),
            sa.or_(User.inspector_id.is_(None), User.inspector_id.not_in(team)),
        )
        .order_by(User.department_id, User.id)
    )
    return session.scalars(statement).unique().all()


def find_by_second_visit(session: Session, visit: Visit) -> SecondLook | None:
    """Return the look whose second visit this is, its row held."""
    return session.scalar(
        sa.select(SecondLook)
        .join(OrderedInspection, OrderedInspection.id == SecondLook.ordered_id)
        .where(OrderedInspection.visit_id == visit.id)
        .with_for_update(of=SecondLook)
    )


def get_item(session: Session, look: SecondLook, item_id: int) -> SecondLookItem:
    """Return one compared item of a look, or refuse."""
    found = session.scalar(
        sa.select(SecondLookItem).where(SecondLookItem.id == item_id, SecondLookItem.look_id == look.id)
    )
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Sums:
    """How far looks agree, over one department and over one item."""

    whole: Agreement
    by_department: tuple[tuple[Department, Agreement], ...]
    # items as the newest list that has them words them
    by_item: tuple[tuple[Item, Agreement], ...]
    # check points answered by both, and those with the same answer
    points: int
    same_points: int


def sums(session: Session, viewer: Actor) -> Sums:
    """Add up every compared look a viewer may read; nobody is named."""
    readable = sa.select(SecondLook.id).where(readable_by(viewer), SecondLook.state == LookState.COMPARED)
    rows = session.scalars(
        sa.select(SecondLookItem)
        .where(SecondLookItem.look_id.in_(readable), SecondLookItem.second_result != CANNOT_TELL)
        .order_by(SecondLookItem.department_id, SecondLookItem.item_code, SecondLookItem.id)
    ).all()
    bodies: dict[int, list[SecondLookItem]] = defaultdict(list)
    items: dict[str, list[SecondLookItem]] = defaultdict(list)
    for row in rows:
        bodies[row.department_id].append(row)
        items[row.item_code].append(row)
    points = sum(row.points for row in rows)
    worded = session.scalars(sa.select(Item).where(Item.code.in_(items)).order_by(Item.id))
    wording = {one.code: one for one in worded}
    return Sums(
        _agreement(rows),
        tuple((found[0].department, _agreement(found)) for found in bodies.values()),
        tuple((wording[code], _agreement(found)) for code, found in items.items()),
        points,
        points - sum(len(row.differing) for row in rows),
    )


def _agreement(rows: Sequence[SecondLookItem]) -> Agreement:
    return agreement([(row.first_result, row.second_result) for row in rows])
