"""What one opened draw adds to the figures: who was in the pool, who was drawn, who went with whom.

Counted once, from the bundle's own files, with what the register said of each enterprise at the freeze. Numbers of
entities and inspectors stand in it, so it stays inside the house; public figures are added up from it.
"""

import base64
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any  # the content is JSON

import sqlalchemy as sa
from sqlalchemy.orm import Session

from sampling.bundle import Bundle
from sampling.tables import RosterLine
from sampling.teams import agents_of
from supervision.draws.bundles import load_bundle
from supervision.draws.models import Draw
from supervision.draws.services.drawing import inspector_ids
from supervision.entities.models import Entity, EntityVersion
from supervision.plans.models import Exclusion, ExclusionDecision

FORM = 1
TYPE, INDUSTRY, SUB_DISTRICT = "type", "industry", "sub_district"
DIMENSIONS = (TYPE, INDUSTRY, SUB_DISTRICT)
_CHUNK = 500


def count_draw(session: Session, draw: Draw) -> dict[str, Any]:
    """Count an opened draw."""
    bundle = load_bundle(session, draw)
    units = bundle.frame.units
    left_out = _left_out(session, draw) if len(draw.strata) == 1 else {}
    numbers = _entity_numbers(session, [*units, *left_out])
    facts = _facts_at_freeze(session, draw, set(numbers.values()))
    pools: dict[str, list[int]] = defaultdict(list)
    for unit, stratum in zip(units, bundle.frame.strata, strict=True):
        pools[stratum].append(numbers[unit])
    drawn: dict[str, list[int]] = {stratum: [] for stratum in pools}
    for row in bundle.record.selected:
        drawn[row.stratum].append(numbers[row.unit])
    extra = [numbers[unit] for unit in left_out]
    return {
        "strata": {
            stratum: {
                "drawn": len(drawn[stratum]),
                "left_out": len(extra),
                "pool": packed(pools[stratum] + extra),
                "hits": packed(drawn[stratum]),
                "groups": _groups(pools[stratum] + extra, drawn[stratum], facts),
            }
            for stratum in sorted(pools)
        },
        "departments": _departments(session, draw, bundle),
    }


def packed(numbers: Iterable[int]) -> str:
    """Write a set of numbers as a compressed row of bits."""
    bits = 0
    whole = sorted(set(numbers))
    if whole:
        row = bytearray(whole[-1] // 8 + 1)
        for number in whole:
            row[number // 8] |= 1 << number % 8
        bits = int.from_bytes(row, "little")
    return base64.b64encode(zlib.compress(bits.to_bytes((bits.bit_length() + 7) // 8, "little"), 9)).decode()


def unpacked(text: str) -> int:
    """Read the row of bits back, as one whole number."""
    return int.from_bytes(zlib.decompress(base64.b64decode(text)), "little")


def _left_out(session: Session, draw: Draw) -> dict[str, int]:
    """Return who was left out by a decision of people: for the figures they count as if they were in the pool."""
    statement = (
        sa.select(Entity.unit_id, Entity.id)
        .join(Exclusion, Exclusion.entity_id == Entity.id)
        .join(ExclusionDecision, ExclusionDecision.exclusion_id == Exclusion.id)
        .where(
            Exclusion.task_id == draw.task_id,
            ExclusionDecision.confirmed,
            ExclusionDecision.decided_at <= draw.frozen_at,
        )
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def _entity_numbers(session: Session, units: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(units), _CHUNK):
        statement = sa.select(Entity.unit_id, Entity.id).where(Entity.unit_id.in_(units[start : start + _CHUNK]))
        found.update({row[0]: row[1] for row in session.execute(statement)})
    return found


def _facts_at_freeze(session: Session, draw: Draw, numbers: set[int]) -> dict[int, tuple[str, ...]]:
    """Return type, industry section and sub-district of each entity as the register had them at the freeze."""
    columns = ("type_code", "industry_code", "sub_district_code")
    now = sa.select(Entity.id, *(getattr(Entity, name) for name in columns))
    then = sa.select(EntityVersion.entity_id, *(getattr(EntityVersion, name) for name in columns))
    # versions are read backwards: the one known until just after the freeze comes last and stays
    changed = then.where(EntityVersion.known_until > draw.frozen_at).order_by(
        EntityVersion.known_until.desc(), EntityVersion.id.desc()
    )
    found: dict[int, tuple[str, ...]] = {}
    wanted = sorted(numbers)
    for start in range(0, len(wanted), _CHUNK):
        part = wanted[start : start + _CHUNK]
        for statement in (now.where(Entity.id.in_(part)), changed.where(EntityVersion.entity_id.in_(part))):
            for number, kind, industry, place in session.execute(statement):
                found[number] = (kind, industry[:1], place)
    return found


def _groups(
    pool: Iterable[int], drawn: Iterable[int], facts: Mapping[int, tuple[str, ...]]
) -> dict[str, dict[str, list[int]]]:
    """Count pool and drawn units of each group: {dimension: {group: [in the pool, drawn]}}."""
    found: dict[str, dict[str, list[int]]] = {dimension: {} for dimension in DIMENSIONS}
    for place, numbers in enumerate((pool, drawn)):
        for number in numbers:
            for dimension, group in zip(DIMENSIONS, facts[number], strict=True):
                found[dimension].setdefault(group, [0, 0])[place] += 1
    return found


def _departments(session: Session, draw: Draw, bundle: Bundle) -> dict[str, Any]:
    """Count visits of each inspector among colleagues of equal standing, and list who went together."""
    people, visits = inspector_ids(session, draw), Counter[str]()
    teams: dict[str, list[list[int]]] = defaultdict(list)
    for team in bundle.record.teams:
        together: dict[str, list[int]] = defaultdict(list)
        for member in team.members:
            visits[member.inspector] += len(team.units)
            together[member.department].append(people[member.inspector])
        for code, members in together.items():
            teams[code].append(sorted(members))
    tied, pool = bundle.tied_units, set(bundle.frame.units)
    found = {}
    for rule in bundle.rules.departments:
        classes: dict[tuple[object, ...], list[list[int]]] = defaultdict(list)
        for line in agents_of(rule, bundle.roster):
            standing = _standing(line, tied.get(line.inspector, set()) & pool)
            classes[standing].append([people[line.inspector], visits[line.inspector]])
        found[rule.code] = {"classes": [sorted(one) for one in classes.values()], "teams": teams[rule.code]}
    return found


def _standing(line: RosterLine, tied: set[str]) -> tuple[object, ...]:
    """Return what tells an inspector from a colleague beside the lots: all who share it have the same chances."""
    return line.cap, line.prior, tuple(sorted(tied))
