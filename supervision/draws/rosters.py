"""Who may be drawn and who is barred: the roster under draw-local pseudonyms, and the ties (R-1.20 to R-1.25)."""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from sampling.tables import ALL_QUALIFICATIONS, RosterLine
from supervision import clock
from supervision.draws.models import Draw, DrawMember, DrawUnit
from supervision.draws.rules import PRIOR_DAYS, DrawState, UnitState, carried_loads
from supervision.entities.models import Entity
from supervision.inspectors.models import Absence, Inspector, InspectorTie
from supervision.inspectors.queries import at_hand
from supervision.inspectors.rules import InspectorStatus, certificate_valid
from supervision.parameters.queries import get_number
from supervision.plans.facts import VisitFact, visits_between
from supervision.plans.models import PlanVersion, Task

# How far back the last visit to an entity is looked for.
LAST_VISIT_DAYS = 5 * 365
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Listed:
    """One inspector of a roster: the line everybody may read, and who it is."""

    line: RosterLine
    inspector_id: int
    certificate: str
    salt: str
    lent: bool = False


def build_roster(session: Session, task: Task, *, on: date) -> tuple[Listed, ...]:
    """List the inspectors of every participating department who can be drawn, sorted by pseudonym.

    Pseudonyms are dealt in an order from the system's generator, before the commitment: neither a name nor a
    place in the register can lead to a number, and the number decides the tickets.
    """
    version = task.plan_version
    carried, equal = carried_visits(session), get_number(session, "load-equal-percent", on=on)
    listed: list[Listed] = []
    for participant in version.participants:
        code = participant.department.code
        inspectors = list(_available(session, task, department_id=participant.department_id, on=on))
        secrets.SystemRandom().shuffle(inspectors)
        prior = carried_loads({one.id: carried.get(one.id, 0) for one in inspectors}, equal_percent=equal)
        listed += [
            Listed(
                line=RosterLine(
                    inspector=f"{code}-{number:04d}",
                    department=code,
                    cap=version.visit_cap,
                    prior=prior[inspector.id],
                    qualifications=_qualifications(inspector, item_codes(version, participant.department_id)),
                ),
                inspector_id=inspector.id,
                certificate=inspector.certificate_number,
                salt=secrets.token_hex(16),
                lent=inspector.lent_from_code is not None,
            )
            for number, inspector in enumerate(inspectors, 1)
        ]
    return tuple(sorted(listed, key=lambda one: one.line.inspector))


def item_codes(version: PlanVersion, department_id: int) -> tuple[str, ...]:
    """Return the codes a department's inspectors need in this plan, sorted."""
    return tuple(sorted(entry.item.code for entry in version.items if entry.item.department_id == department_id))


def _qualifications(inspector: Inspector, needed: tuple[str, ...]) -> tuple[str, ...]:
    """Give only what this plan asks for: a rare qualification would say in public who a pseudonym is."""
    if inspector.all_items:
        return (ALL_QUALIFICATIONS,)
    held = {one.item_code for one in inspector.qualifications}
    return tuple(code for code in needed if code in held)


def _available(session: Session, task: Task, *, department_id: int, on: date) -> Iterator[Inspector]:
    start = max(task.starts_on, on)
    statement = (
        sa.select(Inspector)
        .where(
            Inspector.department_id == department_id,
            Inspector.status == InspectorStatus.ACTIVE,
            at_hand(task.number, start=start, end=task.ends_on),
        )
        .order_by(Inspector.id)
    )
    for inspector in session.scalars(statement).unique():
        valid = certificate_valid(inspector.certificate_valid_until, on=task.ends_on)
        if valid and not _absent_throughout(session, inspector, start=start, end=task.ends_on):
            yield inspector


def _absent_throughout(session: Session, inspector: Inspector, *, start: date, end: date) -> bool:
    statement = (
        sa.select(Absence.starts_on, Absence.ends_on)
        .where(Absence.inspector_id == inspector.id, Absence.starts_on <= end, Absence.ends_on >= start)
        .order_by(Absence.starts_on)
    )
    free_from = start
    for first, last in session.execute(statement):
        if first > free_from:
            return False
        free_from = max(free_from, last + timedelta(days=1))
    return free_from > end


def carried_visits(session: Session) -> dict[int, int]:
    """Count the visits each inspector carries from draws of the last twelve months."""
    statement = (
        sa.select(DrawMember.inspector_id, sa.func.count())
        .join(Draw, Draw.id == DrawMember.draw_id)
        .join(DrawUnit, sa.and_(DrawUnit.draw_id == DrawMember.draw_id, DrawUnit.team == DrawMember.team))
        .where(
            # a sealed draw is not counted: this roster will be public and would tell of it
            Draw.state == DrawState.OPENED,
            Draw.drawn_at >= clock.now() - timedelta(days=PRIOR_DAYS),
            DrawMember.left.is_(False),
            DrawUnit.state != UnitState.STRUCK,
        )
        .group_by(DrawMember.inspector_id)
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def build_ties(session: Session, roster: Sequence[Listed], units: Set[str], *, on: date) -> set[tuple[str, str]]:
    """Return (pseudonym, unit) of everybody on the roster who may not visit a unit of the pool."""
    names = {one.inspector_id: one.line.inspector for one in roster}
    found = [*_declared_ties(session, on=on), *_last_visit_ties(session, on=on)]
    return {(names[inspector_id], unit) for inspector_id, unit in found if inspector_id in names and unit in units}


def _declared_ties(session: Session, *, on: date) -> list[tuple[int, str]]:
    in_force = sa.or_(InspectorTie.withdrawn_on.is_(None), InspectorTie.withdrawn_on > on)
    to_entities = (
        sa.select(InspectorTie.inspector_id, Entity.unit_id)
        .join(Entity, Entity.id == InspectorTie.entity_id)
        .where(in_force)
    )
    # an interest in a person bars from every entity that person represents
    to_persons = (
        sa.select(InspectorTie.inspector_id, Entity.unit_id)
        .join(Entity, Entity.legal_representative == InspectorTie.person_name)
        .where(in_force, InspectorTie.person_name != "")
    )
    return [(row[0], row[1]) for statement in (to_entities, to_persons) for row in session.execute(statement)]


def _last_visit_ties(session: Session, *, on: date) -> list[tuple[int, str]]:
    """Bar those who inspected an entity at its last visit from its next one (R-1.25)."""
    if not get_number(session, "same-pair-avoid", on=on):
        return []
    facts = visits_between(session, on - timedelta(days=LAST_VISIT_DAYS), on)
    last = _last_inspectors(facts)
    units = _unit_ids(session, last)
    return [
        (inspector_id, units[entity_id])
        for entity_id, inspectors in last.items()
        if entity_id in units
        for inspector_id in inspectors
    ]


def _last_inspectors(facts: Iterable[VisitFact]) -> dict[int, set[int]]:
    last_day: dict[int, date] = {}
    inspectors: defaultdict[int, set[int]] = defaultdict(set)
    for fact in facts:
        known = last_day.get(fact.entity_id)
        if known is None or fact.visited_on > known:
            last_day[fact.entity_id] = fact.visited_on
            inspectors[fact.entity_id] = set()
        if fact.visited_on == last_day[fact.entity_id]:
            inspectors[fact.entity_id] |= fact.inspector_ids
    return inspectors


def _unit_ids(session: Session, entity_ids: Iterable[int]) -> dict[int, str]:
    wanted, found = sorted(entity_ids), dict[int, str]()
    for start in range(0, len(wanted), _CHUNK):
        statement = sa.select(Entity.id, Entity.unit_id).where(Entity.id.in_(wanted[start : start + _CHUNK]))
        found.update({row[0]: row[1] for row in session.execute(statement)})
    return found
