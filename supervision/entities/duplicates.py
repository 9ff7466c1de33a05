"""Two entries that may be one enterprise: found by four signs, decided by the coordinator (duplicate_services).

A second entry gives an enterprise a second chance to be drawn, or lets it escape one (G-CONF). The machine only finds;
a person compares and says "two different ones" or "the same": then one entry goes on, the other is suspended with a
reason, and both stay, each naming the other.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations, islice

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from supervision.entities.models import DuplicateDecision, Entity
from supervision.entities.rules import DuplicateSign, EntityStatus
from supervision.errors import NotFound
from supervision.permissions import Actor, Permission, Role

# more of one kind than this and the register has another problem than duplicates
MOST_GROUPS = 300
# a whole building of one landlord is no set of duplicates: each is compared with its next neighbours
MOST_IN_GROUP = 6
_DECIDED = sa.select(DuplicateDecision.first_id, DuplicateDecision.second_id)


@dataclass(slots=True)
class Pair:
    """Two entries, the older first, and what makes them look like one."""

    first: Entity
    second: Entity
    signs: list[DuplicateSign] = field(default_factory=list)


def may_decide(viewer: Actor) -> bool:
    """Say whether this viewer decides: the coordinator, for entries belong to the whole district."""
    return Role.COORDINATOR in viewer.roles and viewer.may(Permission.ENTITY_EDIT)


def find_pairs(session: Session) -> list[Pair]:
    """Return pairs of active entries that nobody has decided yet, those with the strongest signs first."""
    known = {(first, second) for first, second in session.execute(_DECIDED)}
    wanted: dict[tuple[int, int], list[DuplicateSign]] = {}
    for sign in DuplicateSign:
        undecided = (new for group in _groups(session, sign) if (new := _pairs(group) - known))
        for pair in chain.from_iterable(islice(undecided, MOST_GROUPS)):
            wanted.setdefault(pair, []).append(sign)
    entities = _load(session, {number for pair in wanted for number in pair})
    order = list(DuplicateSign)
    pairs = [Pair(entities[first], entities[second], found) for (first, second), found in wanted.items()]
    return sorted(pairs, key=lambda one: (order.index(one.signs[0]), -len(one.signs), one.first.sort_key, one.first.id))


def _load(session: Session, numbers: Iterable[int]) -> dict[int, Entity]:
    wanted = sorted(numbers)
    found: dict[int, Entity] = {}
    for start in range(0, len(wanted), 500):
        statement = sa.select(Entity).where(Entity.id.in_(wanted[start : start + 500]))
        found.update((one.id, one) for one in session.scalars(statement))
    return found


def _pairs(group: Sequence[int]) -> set[tuple[int, int]]:
    return set(combinations(group[:MOST_IN_GROUP], 2))


def _groups(session: Session, sign: DuplicateSign) -> Iterator[list[int]]:
    """Yield the ids of active entries that share what ``sign`` compares, each group sorted.

    Read by blocks: decided groups stay in the register and must not stand in the way of those behind them.
    """
    key, conditions = _compared(sign)
    chosen = (Entity.status == EntityStatus.ACTIVE, *conditions)
    shared = sa.select(key).where(*chosen).group_by(key).having(sa.func.count() > 1).order_by(key).limit(MOST_GROUPS)
    values = list(session.scalars(shared))
    while values:
        yield from _members(session, key, chosen, values)
        values = list(session.scalars(shared.where(key > values[-1]))) if len(values) == MOST_GROUPS else []


def _members(
    session: Session, key: sa.ColumnElement[str], chosen: Sequence[sa.ColumnElement[bool]], values: Sequence[str]
) -> list[list[int]]:
    groups: dict[str, list[int]] = {}
    for start in range(0, len(values), 200):
        statement = sa.select(key, Entity.id).where(*chosen, key.in_(values[start : start + 200]))
        for value, number in session.execute(statement.order_by(Entity.id)):
            groups.setdefault(value, []).append(number)
    return list(groups.values())


def _compared(sign: DuplicateSign) -> tuple[sa.ColumnElement[str], list[sa.ColumnElement[bool]]]:
    """Return what entries of one enterprise share, and where it is to be looked for.

    Characters 9 to 17 of a credit code are the organisation code (GB 32100), which stays the same when the registering
    authority, and with it the code, changes.
    """
    if sign is DuplicateSign.ORGANIZATION:
        return sa.func.substr(Entity.uscc, 9, 9, type_=sa.String), [Entity.uscc.is_not(None)]
    if sign is DuplicateSign.NUMBER:
        number = sa.func.replace(Entity.registration_number, "-", "", type_=sa.String)
        return number, [Entity.registration_number.is_not(None)]
    if sign is DuplicateSign.NAME:
        return sa.type_coerce(Entity.skeleton, sa.String), [Entity.skeleton != ""]
    place = Entity.address + "|" + Entity.legal_representative
    return place, [Entity.address != "", Entity.legal_representative != ""]


def get_pair(session: Session, first_id: int, second_id: int) -> Pair:
    """Return two entries to be compared, in order, with the signs they share; NotFound when they share none."""
    pair = sorted((first_id, second_id))
    entities = _load(session, pair)
    if len(entities) != len(set(pair)) or len(set(pair)) != 2:
        raise NotFound
    signs = [sign for sign in DuplicateSign if _share(session, sign, pair)]
    decided = find_decision(session, pair[0], pair[1])
    if not signs and decided is None:
        raise NotFound
    return Pair(entities[pair[0]], entities[pair[1]], signs)


def _share(session: Session, sign: DuplicateSign, pair: Sequence[int]) -> bool:
    key, conditions = _compared(sign)
    values = list(session.scalars(sa.select(key).where(Entity.id.in_(pair), *conditions)))
    return len(values) == len(pair) and len(set(values)) == 1


def find_decision(session: Session, first_id: int, second_id: int) -> DuplicateDecision | None:
    """Return what was decided of two entries, the older first."""
    return session.scalar(
        sa.select(DuplicateDecision).where(
            DuplicateDecision.first_id == first_id, DuplicateDecision.second_id == second_id
        )
    )


def list_decisions(session: Session, *, entity: Entity | None = None, limit: int = 50) -> list[DuplicateDecision]:
    """List what was decided, the newest first; with ``entity`` only what concerns it."""
    statement = sa.select(DuplicateDecision).options(
        joinedload(DuplicateDecision.first), joinedload(DuplicateDecision.second)
    )
    if entity is not None:
        concerned = sa.or_(DuplicateDecision.first_id == entity.id, DuplicateDecision.second_id == entity.id)
        statement = statement.where(concerned)
    newest = statement.order_by(DuplicateDecision.decided_at.desc(), DuplicateDecision.id.desc())
    return list(islice(session.scalars(newest.limit(limit)), limit))
