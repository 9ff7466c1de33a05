"""Reading what fairness pages show; only opened draws, and those that ended in public, are ever looked at."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any  # counted figures are JSON

import sqlalchemy as sa
from sqlalchemy.orm import Session

from reports.fairness.rules import YearFigures, year_figures
from reports.portal.facts import Named, named
from supervision import clock
from supervision.departments.models import Department
from supervision.draws.models import Draw, DrawMember, DrawUnit
from supervision.draws.rules import ENDED, DrawState, UnitState
from supervision.entities.models import Entity, EntityType, Industry, SubDistrict
from supervision.fairness.counting import INDUSTRY, SUB_DISTRICT, TYPE
from supervision.fairness.models import DrawFigures
from supervision.inspectors.models import Inspector
from supervision.listing import ListQuery
from supervision.parameters.queries import get_number
from supervision.permissions import Actor, Permission
from supervision.plans.models import PlanParticipant, Task

_TABLES: dict[str, type[EntityType] | type[Industry] | type[SubDistrict]] = {
    TYPE: EntityType,
    INDUSTRY: Industry,
    SUB_DISTRICT: SubDistrict,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A department (empty: all) and a year."""

    year: int
    department: str = ""


@dataclass(frozen=True, slots=True)
class Levels:
    """The alarm level and the smallest group shown, as the parameters of today have them."""

    level: float
    smallest: int


def levels(session: Session) -> Levels:
    """Return the alarm level and the smallest group."""
    today = clock.today()
    once_in = get_number(session, "fairness-alarm-one-in", on=today)
    return Levels(1 / once_in, get_number(session, "fairness-small-cell", on=today))


def list_years(session: Session) -> list[int]:
    """List the years of opened or ended draws, the newest first."""
    statement = sa.select(Draw.number).where(Draw.state.in_((DrawState.OPENED, *ENDED)))
    return sorted({year_of(number) for number in session.scalars(statement)}, reverse=True)


def asked_in(session: Session, query: ListQuery) -> Asked:
    """Return what a query asks for: the newest year that has something, and all departments, unless it says so."""
    year = query.filters.get("year") or next(iter(list_years(session)), clock.today().year)
    return Asked(int(year), query.filters.get("department", ""))


def year_of(number: str) -> int:
    """Return the year a draw's number bears."""
    return int(number.split("-")[-2])


def of_year(asked: Asked) -> sa.ColumnElement[bool]:
    """Return the condition on draws of a year in which a department takes part."""
    in_year = Draw.number.contains(f"-{asked.year:04d}-", autoescape=True)
    if not asked.department:
        return in_year
    taking_part = (
        sa.select(Task.id)
        .join(PlanParticipant, PlanParticipant.plan_version_id == Task.plan_version_id)
        .join(Department, Department.id == PlanParticipant.department_id)
        .where(Department.code == asked.department)
    )
    return sa.and_(in_year, Draw.task_id.in_(taking_part))


def list_opened(session: Session, asked: Asked) -> list[Draw]:
    """List the opened draws of a department and year."""
    statement = sa.select(Draw).where(Draw.state == DrawState.OPENED, of_year(asked))
    return list(session.scalars(statement.order_by(Draw.number)))


def is_hidden(draw: Draw) -> bool:
    """Say whether groups of a draw's pool would speak of risk classes or internal tags (R-2.01)."""
    return draw.confidential or draw.task.plan_version.scope_of.confidential


@dataclass(frozen=True, slots=True)
class Counted:
    """The tested figures of a department and year, and how many opened draws they are of."""

    figures: YearFigures
    opened: int
    hidden: int


def count_year(session: Session, asked: Asked, *, inside: bool, smallest: int) -> Counted:
    """Return the figures; outside the house without what speaks of risk classes, and small groups put together."""
    draws = list_opened(session, asked)
    counted = _counted_at(session, draws)
    known = tuple((draw.id, counted[draw.id], is_hidden(draw) and not inside) for draw in draws if draw.id in counted)
    key = (known, asked.department, 1 if inside else smallest)
    found = _kept.find(key)
    if found is None:
        figures = _contents(session, [number for number, _, _ in known])
        found = year_figures(
            figures,
            department=asked.department,
            hidden=[dark for _, _, dark in known],
            smallest=1 if inside else smallest,
        )
        _kept.keep(key, found)
    return Counted(found, len(draws), sum(dark for _, _, dark in known))


class _Kept:
    """The last few results: adding up a year takes a second, and its draws never change."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.found: dict[object, YearFigures] = {}

    def find(self, key: object) -> YearFigures | None:
        return self.found.get(key)

    def keep(self, key: object, figures: YearFigures) -> None:
        while len(self.found) >= self.most:
            self.found.pop(next(iter(self.found)), None)
        self.found[key] = figures


_kept = _Kept(64)


def _counted_at(session: Session, draws: Sequence[Draw]) -> dict[int, datetime]:
    statement = sa.select(DrawFigures.draw_id, DrawFigures.counted_at)
    rows = session.execute(statement.where(DrawFigures.draw_id.in_([draw.id for draw in draws])))
    return {row[0]: row[1] for row in rows}


def _contents(session: Session, numbers: Sequence[int]) -> list[Any]:
    statement = sa.select(DrawFigures.draw_id, DrawFigures.content).where(DrawFigures.draw_id.in_(numbers))
    found = {row[0]: row[1] for row in session.execute(statement)}
    return [found[number] for number in numbers]


def group_names(session: Session) -> dict[tuple[str, str], Named]:
    """Return the names of all groups, by dimension and code."""
    found = {}
    for dimension, table in _TABLES.items():
        rows = session.execute(sa.select(table.code, table.name_zh, table.name_en))
        found.update({(dimension, row.code): named(row) for row in rows})
    return found


@dataclass(frozen=True, slots=True)
class Repeated:
    """An inspector who went to the same enterprise more than once in a year."""

    inspector_id: int
    entity_id: int
    times: int


def list_repeated(session: Session, asked: Asked) -> list[Repeated]:
    """List inspectors sent to the same enterprise more than once by opened draws of a year."""
    times = sa.func.count()
    statement = (
        sa.select(DrawMember.inspector_id, DrawUnit.entity_id, times)
        .join(DrawUnit, sa.and_(DrawUnit.draw_id == DrawMember.draw_id, DrawUnit.team == DrawMember.team))
        .join(Draw, Draw.id == DrawMember.draw_id)
        .where(
            Draw.state == DrawState.OPENED,
            of_year(asked),
            DrawMember.left.is_(False),
            DrawUnit.state != UnitState.STRUCK,
            DrawUnit.team != "",
        )
        .group_by(DrawMember.inspector_id, DrawUnit.entity_id)
        .having(times > 1)
        .order_by(times.desc(), DrawMember.inspector_id, DrawUnit.entity_id)
    )
    if asked.department:
        own = sa.select(Department.id).where(Department.code == asked.department)
        statement = statement.where(DrawMember.department_id.in_(own))
    return [Repeated(*row) for row in session.execute(statement)]


def names_of(
    session: Session, inspectors: Iterable[int], entities: Iterable[int]
) -> tuple[dict[int, str], dict[int, str]]:
    """Return the names of inspectors and of entities."""
    people = session.execute(sa.select(Inspector.id, Inspector.name).where(Inspector.id.in_(list(inspectors))))
    units = session.execute(sa.select(Entity.id, Entity.name).where(Entity.id.in_(list(entities))))
    return {row[0]: row[1] for row in people}, {row[0]: row[1] for row in units}


def may_see_names(viewer: Actor, department: str) -> bool:
    """Say whether inspectors of a department may be named to the viewer: their own department, and oversight."""
    own = bool(department) and viewer.department_code == department
    return viewer.may(Permission.OVERSIGHT_VIEW) or own
