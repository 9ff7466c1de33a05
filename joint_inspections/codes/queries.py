"""Reading what enterprises said: sums for departments, each rating for oversight alone."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from joint_inspections.codes.models import ArrivalAnswer, ResultReply, VisitRating
from joint_inspections.codes.rules import Quarter, Question, may_be_shown
from joint_inspections.notices.models import Notice
from joint_inspections.visits.models import Visit, VisitMember
from joint_inspections.visits.rules import MemberState
from supervision import clock
from supervision.departments.models import Department
from supervision.listing import ListQuery, Page, load_page
from supervision.parameters.queries import get_number
from supervision.permissions import Actor, Permission


def find_rating(session: Session, visit: Visit) -> VisitRating | None:
    """Return the rating of a visit, if it was rated."""
    return session.scalar(sa.select(VisitRating).where(VisitRating.visit_id == visit.id))


def last_arrival_answer(session: Session, notice: Notice) -> ArrivalAnswer | None:
    """Return what the enterprise said last about who came."""
    statement = sa.select(ArrivalAnswer).where(ArrivalAnswer.notice_id == notice.id)
    return session.scalars(statement.order_by(ArrivalAnswer.id.desc()).limit(1)).first()


def list_arrival_answers(session: Session, visit: Visit) -> Sequence[ArrivalAnswer]:
    """List what the enterprise said about who came, the newest first."""
    notices = sa.select(Notice.id).where(Notice.visit_id == visit.id)
    statement = sa.select(ArrivalAnswer).where(ArrivalAnswer.notice_id.in_(notices))
    return session.scalars(statement.order_by(ArrivalAnswer.id.desc())).all()


def list_replies(session: Session, visit: Visit) -> Sequence[ResultReply]:
    """List the enterprise's answers to the result, oldest first."""
    return session.scalars(
        sa.select(ResultReply).where(ResultReply.visit_id == visit.id).order_by(ResultReply.id)
    ).all()


@dataclass(frozen=True, slots=True)
class Sums:
    """Ratings of a department in a quarter; marks are None where too few rated or more may still come."""

    department: Department
    quarter: Quarter
    rated: int
    marks: Mapping[Question, float] | None
    breaches: int | None


def rating_sums(session: Session, viewer: Actor) -> list[Sums]:
    """Return the sums of the viewer's department, or of all for those who look across, newest quarter first.

    A visit counts for every department that sent somebody.
    """
    if not viewer.may(Permission.STATISTICS_VIEW):
        return []
    today = clock.today()
    days = get_number(session, "rating-days", on=today)
    fewest = get_number(session, "rating-group-minimum", on=today)
    groups: defaultdict[tuple[int, Quarter], list[VisitRating]] = defaultdict(list)
    for department_id, rating in _ratings(session, viewer):
        groups[department_id, Quarter.of(rating.visited_on)].append(rating)
    departments = {one.id: one for one in session.scalars(sa.select(Department))}
    found = [
        _sums(departments[department_id], quarter, ratings)
        if may_be_shown(quarter, len(ratings), today=today, days_to_rate=days, fewest=fewest)
        else Sums(departments[department_id], quarter, 0, None, None)
        for (department_id, quarter), ratings in groups.items()
    ]
    return sorted(found, key=lambda one: (-one.quarter.year, -one.quarter.number, one.department.code))


def _ratings(session: Session, viewer: Actor) -> list[tuple[int, VisitRating]]:
    sent = (
        sa.select(VisitMember.visit_id, VisitMember.department_id)
        .where(VisitMember.state != MemberState.REPLACED)
        .distinct()
        .subquery()
    )
    statement = sa.select(sent.c.department_id, VisitRating).join(sent, sent.c.visit_id == VisitRating.visit_id)
    if not viewer.sees_whole_district:
        statement = statement.where(sent.c.department_id == viewer.department_id)
    return [(department_id, rating) for department_id, rating in session.execute(statement)]


def _sums(department: Department, quarter: Quarter, ratings: Sequence[VisitRating]) -> Sums:
    marks = {one: round(sum(getattr(rating, one.value) for rating in ratings) / len(ratings), 1) for one in Question}
    return Sums(department, quarter, len(ratings), marks, sum(bool(one.breaches) for one in ratings))


def list_ratings(session: Session, viewer: Actor, query: ListQuery) -> Page[VisitRating]:
    """List every rating with its remark, for enforcement oversight alone; those that tell of a breach by filter."""
    entitled = sa.true() if viewer.may(Permission.OVERSIGHT_VIEW) else sa.false()
    visit = joinedload(VisitRating.visit)
    statement = (
        sa.select(VisitRating)
        .where(entitled)
        .options(visit.joinedload(Visit.entity), visit.selectinload(Visit.members), visit.lazyload(Visit.draw))
    )
    if query.filters.get("mark") == "breach":
        statement = statement.where(VisitRating.breaches != [])
    return load_page(
        session,
        statement,
        query,
        sorts={"given": VisitRating.given_at},
        default_sort="-given",
        tie_breaker=VisitRating.id,
    )
