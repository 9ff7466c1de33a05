"""What everybody may know of a draw, by its state: counts and digests at once, names only when the list is open."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, lazyload

from supervision.departments.models import Department
from supervision.draws.bundles import list_digests
from supervision.draws.models import Draw, DrawUnit, LogLeaf
from supervision.draws.queries.files import get_draw_by_number, list_leaves, public_list_allowed, reveal_due_at
from supervision.draws.queries.history import Change, list_changes
from supervision.draws.queries.witnesses import PublicWitness, public_witnesses
from supervision.draws.rules import SEALED_EVENTS, SHOWN, WITHHELD, DrawState, LogEvent, UnitState, shown_order
from supervision.entities.models import Entity
from supervision.listing import ListQuery, Page, load_page
from supervision.plans.models import PlanParticipant, PlanVersion, Task


@dataclass(frozen=True, slots=True)
class PublicParty:
    """A party to the draw: its digest, and whether it has handed over its secret (never which one)."""

    by: str
    digest: str | None
    sealed_at: datetime | None
    revealed_at: datetime | None


@dataclass(frozen=True, slots=True)
class PublicStratum:
    """One stratum: N units in the pool, n to be drawn; each unit's chance is n/N."""

    stratum: str
    size: int
    selected: int


@dataclass(frozen=True, slots=True)
class PublicLeaf:
    """A leaf of the log. Text and hash of strikes and replacements are shown only when the draw is opened."""

    index: int
    event: LogEvent
    at: datetime
    digest: str
    leaf: str | None
    leaf_hash: str | None


@dataclass(frozen=True, slots=True)
class PublicUnit:
    """A unit of the drawn list that may be shown."""

    unit_id: str
    name: str
    state: UnitState
    stratum: str | None
    ticket: str | None


@dataclass(frozen=True, slots=True)
class PublicDraw:
    """A draw as everybody may see it."""

    number: str
    state: DrawState
    task_number: str
    task_title: str
    plan_number: str
    plan_digest: str
    lead: Department
    departments: tuple[Department, ...]
    hash_name: str
    confidential: bool
    registered: int
    frame_size: int
    excluded_counts: Mapping[str, int]
    strata: tuple[PublicStratum, ...]
    roster_sizes: Mapping[str, tuple[int, int]]
    frozen_digest: str
    commitment_digest: str | None
    record_digest: str | None
    parties: tuple[PublicParty, ...]
    reveal_due_at: datetime | None
    frozen_at: datetime
    committed_at: datetime | None
    drawn_at: datetime | None
    opened_at: datetime | None
    ended_at: datetime | None
    end_reason: str
    parent_number: str
    siblings: tuple[tuple[str, DrawState], ...]
    files: tuple[tuple[str, int | None, str], ...]
    leaves: tuple[PublicLeaf, ...]
    units: tuple[PublicUnit, ...]
    list_shown: bool
    bundle_shown: bool
    # strikes and replacements, once the draw is opened; inspectors under their numbers of the roster
    changes: tuple[Change, ...]
    # recorded observers under their public names; those taken off stay, with the reason
    witnesses: tuple[PublicWitness, ...]
    # codes of the parties that did not reveal in time
    withheld: tuple[str, ...]

    @property
    def selected(self) -> int:
        """Units to be drawn in all."""
        return sum(stratum.selected for stratum in self.strata)


def list_public_draws(session: Session, query: ListQuery) -> Page[Draw]:
    """List every draw for the public; filters: state, year, department (code). Show counts and digests only."""
    of_plan = joinedload(Draw.task).joinedload(Task.plan_version)
    without_items = of_plan.options(*(lazyload(one) for one in (PlanVersion.items, PlanVersion.participants)))
    statement = (
        sa.select(Draw)
        .join(Task, Task.id == Draw.task_id)
        .options(lazyload(Draw.contributions), without_items)  # a line shows neither
    )
    if query.q:
        statement = statement.where(
            sa.or_(Draw.number.contains(query.q, autoescape=True), Task.title.contains(query.q, autoescape=True))
        )
    if state := query.filters.get("state"):
        statement = statement.where(Draw.state == DrawState(state))
    if year := query.filters.get("year"):
        statement = statement.where(Draw.number.contains(f"-{year}-", autoescape=True))
    if code := query.filters.get("department"):
        of_department = (
            sa.select(PlanParticipant.plan_version_id)
            .join(Department, Department.id == PlanParticipant.department_id)
            .where(Department.code == code)
        )
        statement = statement.where(Task.plan_version_id.in_(of_department))
    return load_page(
        session,
        statement,
        query,
        sorts={"number": Draw.number, "frozen": Draw.frozen_at, "pool": Draw.frame_size},
        default_sort="-number",
        tie_breaker=Draw.id,
    )


def get_public_draw(session: Session, number: str) -> PublicDraw:
    """Return what everybody may know of the draw with this number, or refuse."""
    draw = get_draw_by_number(session, number)
    version = draw.task.plan_version
    return PublicDraw(
        number=draw.number,
        state=draw.state,
        task_number=draw.task.number,
        task_title=draw.task.title,
        plan_number=version.plan.number or "",
        plan_digest=version.digest or "",
        lead=version.plan.lead_department,
        departments=tuple(entry.department for entry in version.participants),
        hash_name=draw.hash_name,
        confidential=draw.confidential,
        registered=draw.registered,
        frame_size=draw.frame_size,
        excluded_counts=dict(draw.excluded_counts),
        strata=tuple(PublicStratum(name, size, n) for name, (size, n) in sorted(draw.strata.items())),
        roster_sizes={code: (listed, agents) for code, (listed, agents) in draw.roster_sizes.items()},
        frozen_digest=draw.frozen_digest,
        commitment_digest=draw.commitment_digest,
        record_digest=draw.record_digest,
        parties=public_parties(draw),
        reveal_due_at=reveal_due_at(session, draw),
        frozen_at=draw.frozen_at,
        committed_at=draw.committed_at,
        drawn_at=draw.drawn_at,
        opened_at=draw.opened_at,
        ended_at=draw.ended_at,
        end_reason=draw.end_reason,
        parent_number=draw.parent.number if draw.parent else "",
        siblings=_siblings(session, draw),
        files=tuple(list_digests(session, draw)),
        leaves=public_leaves(session, draw),
        units=tuple(list_public_units(session, draw)),
        list_shown=public_list_allowed(draw),
        bundle_shown=draw.state in SHOWN,
        changes=tuple(list_changes(session, draw)) if draw.state in SHOWN else (),
        witnesses=public_witnesses(session, draw),
        withheld=tuple(draw.end_note.split(", ")) if draw.end_reason == WITHHELD else (),
    )


def public_parties(draw: Draw) -> tuple[PublicParty, ...]:
    """Return the parties as readers find them; the system speaks last and is marked by its name."""
    ordered = sorted(draw.contributions, key=lambda entry: shown_order(entry.by))
    return tuple(PublicParty(entry.by, entry.digest, entry.sealed_at, entry.revealed_at) for entry in ordered)


def public_leaves(session: Session, draw: Draw) -> tuple[PublicLeaf, ...]:
    """Return the leaves as everybody may see them now."""
    return tuple(_shown_leaf(leaf, opened=draw.state in SHOWN) for leaf in list_leaves(session, draw))


def _shown_leaf(leaf: LogLeaf, *, opened: bool) -> PublicLeaf:
    hidden = leaf.event in SEALED_EVENTS and not opened
    return PublicLeaf(
        index=leaf.index,
        event=leaf.event,
        at=leaf.at,
        digest=leaf.digest,
        leaf=None if hidden else leaf.leaf,
        leaf_hash=None if hidden else leaf.leaf_hash,
    )


def _siblings(session: Session, draw: Draw) -> tuple[tuple[str, DrawState], ...]:
    statement = sa.select(Draw.number, Draw.state).where(Draw.task_id == draw.task_id, Draw.id != draw.id)
    return tuple((number, state) for number, state in session.execute(statement.order_by(Draw.id)))


def list_public_units(session: Session, draw: Draw) -> list[PublicUnit]:
    """List the drawn units by unit id if that may be shown at all; tickets and strata only of an opened, open draw."""
    if not public_list_allowed(draw):
        return []
    statement = (
        sa.select(Entity.unit_id, Entity.name, DrawUnit.state, DrawUnit.stratum, DrawUnit.ticket)
        .join(Entity, Entity.id == DrawUnit.entity_id)
        .where(DrawUnit.draw_id == draw.id)
        .order_by(Entity.unit_id)
    )
    # A ticket of a sealed draw would let everybody who holds the pool search for the key.
    whole = draw.state in SHOWN and not draw.confidential
    return [
        PublicUnit(unit, name, state, stratum if whole else None, ticket if whole else None)
        for unit, name, state, stratum, ticket in session.execute(statement)
    ]
