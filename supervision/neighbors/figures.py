"""How often inspectors are borrowed: in one draw, and over a year. Counts only, never a name."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.departments.models import Department
from supervision.draws.models import Draw, DrawMember, DrawPseudonym, LogLeaf
from supervision.draws.rules import DrawState, LogEvent
from supervision.inspectors.models import Inspector, InspectorLoan, NeighborArea
from supervision.neighbors.models import LoanRequest
from supervision.neighbors.queries import scope
from supervision.neighbors.rules import LoanState
from supervision.permissions import Actor


@dataclass(frozen=True, slots=True)
class LentLines:
    """How many lines of a draw's roster are lent people, by department, as its log says, and from which areas."""

    departments: Sequence[tuple[Department, int]]
    areas: Sequence[NeighborArea]
    # places that lent people have on teams; None until the draw is opened
    places: int | None

    @property
    def count(self) -> int:
        """All of them."""
        return sum(count for _, count in self.departments)


def lent_counts(session: Session, draw: Draw) -> Mapping[str, int]:
    """Return how many lines of a draw's roster are lent people, by code of the department: what the freeze logged."""
    leaf = session.scalar(sa.select(LogLeaf.leaf).where(LogLeaf.draw_id == draw.id, LogLeaf.event == LogEvent.FROZEN))
    found: Mapping[str, int] = json.loads(leaf).get("lent", {}) if leaf else {}
    return found


def lent_lines(session: Session, draw: Draw) -> LentLines | None:
    """Return the lent people on a draw's roster, None where there are none; of teams only once it is opened."""
    said = lent_counts(session, draw)
    if not said:
        return None
    departments = session.scalars(sa.select(Department).where(Department.code.in_(list(said)))).all()
    areas = (
        sa.select(NeighborArea)
        .join(Inspector, Inspector.lent_from_code == NeighborArea.code)
        .join(DrawPseudonym, DrawPseudonym.inspector_id == Inspector.id)
        .where(DrawPseudonym.draw_id == draw.id)
        .distinct()
        .order_by(NeighborArea.code)
    )
    named = sorted(((one, said[one.code]) for one in departments), key=lambda pair: pair[0].id)
    return LentLines(named, session.scalars(areas).all(), _drawn_places(session, draw))


def _drawn_places(session: Session, draw: Draw) -> int | None:
    if draw.state is not DrawState.OPENED:
        return None
    statement = sa.select(sa.func.count()).select_from(DrawMember).join(Inspector)
    lent = statement.where(DrawMember.draw_id == draw.id, Inspector.lent_from_code.is_not(None))
    return session.scalar(lent.where(DrawMember.left.is_(False))) or 0


@dataclass(frozen=True, slots=True)
class YearOfLoans:
    """How often a department borrowed in a year: requests, those granted, people who came, draws they stood in."""

    department: Department
    requests: int
    granted: int
    people: int
    draws: int


def loans_of_year(session: Session, viewer: Actor, year: int) -> list[YearOfLoans]:
    """Count the exceptions of a year by department, as far as the viewer sees departments."""
    statement = sa.select(LoanRequest).where(scope(viewer), LoanRequest.number.contains(f"-{year}-"))
    by_department: dict[int, list[LoanRequest]] = {}
    for one in session.scalars(statement.where(LoanRequest.state != LoanState.WITHDRAWN)):
        by_department.setdefault(one.department_id, []).append(one)
    drawn = _draws_with_lent(session, year)
    departments = session.scalars(sa.select(Department).order_by(Department.id)).all()
    return [
        YearOfLoans(
            department=one,
            requests=len(by_department.get(one.id, [])),
            granted=sum(bool(request.granted) for request in by_department.get(one.id, [])),
            people=_people(session, by_department.get(one.id, [])),
            draws=drawn[one.code],
        )
        for one in departments
        if one.id in by_department
    ]


def _people(session: Session, requests: Iterable[LoanRequest]) -> int:
    numbers = [one.number for one in requests]
    statement = sa.select(sa.func.count(sa.distinct(InspectorLoan.inspector_id)))
    return session.scalar(statement.where(InspectorLoan.request_number.in_(numbers))) or 0


def _draws_with_lent(session: Session, year: int) -> Counter[str]:
    """Count, by department, the draws of a year in whose roster lent people stand."""
    statement = (
        sa.select(LogLeaf.leaf)
        .join(Draw, Draw.id == LogLeaf.draw_id)
        .where(
            LogLeaf.event == LogEvent.FROZEN,
            LogLeaf.leaf.contains('"lent":', autoescape=True),
            Draw.number.contains(f"-{year}-"),
        )
    )
    return Counter(code for leaf in session.scalars(statement) for code in json.loads(leaf).get("lent", {}))
