"""Many entities at once, as imports bring them: compare with the register by chunks, write only what differs.

The rows have been checked by the import (shape, code tables, duplicates in the file); the caller writes the one audit
entry that names the file. Memory holds one chunk, whatever the size of the file.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any  # values of any column

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision import clock
from supervision.db import Base
from supervision.entities.models import Entity, EntityTag, RiskClassRecord
from supervision.entities.names import name_keys, name_skeleton
from supervision.entities.rules import CORRECTABLE, EntityFacts, EntityStatus, month_of, unit_id
from supervision.entities.search import index_entities
from supervision.entities.versions import keep_tags
from supervision.errors import Conflict, Invalid

CHUNK = 2000
NEEDED = ("type_code", "industry_code", "sub_district_code", "registered_on")
TEXTS = ("address", "legal_representative", "contact_phone", "business_scope")
COMPARED = (*CORRECTABLE, "status")
STORED = (*COMPARED, "status_since", "risk_class", "uscc_confirmed")
NAMED = ("sort_key", "initials", "skeleton")


@dataclass(frozen=True, slots=True)
class UpsertCounts:
    """How many rows were new to the register, changed something, changed nothing."""

    new: int = 0
    changed: int = 0
    same: int = 0

    def __add__(self, other: "UpsertCounts") -> "UpsertCounts":
        """Add up two chunks."""
        return UpsertCounts(self.new + other.new, self.changed + other.changed, self.same + other.same)


@dataclass(slots=True)
class RowPlan:
    """What taking one row would do: ``entity_id`` is None for a new entity, ``changes`` maps fields to new values.

    ``clash`` names the unit id of another entity that holds one of the row's codes; such a row cannot be taken.
    """

    facts: EntityFacts
    unit_id: str
    entity_id: int | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    risk_as_of: date | None = None
    tags: frozenset[str] | None = None
    tags_before: frozenset[str] = frozenset()
    clash: str = ""
    present: dict[str, Any] = field(default_factory=dict)

    @property
    def is_same(self) -> bool:
        """Whether the register already says all of it."""
        return self.entity_id is not None and not (self.changes or self.risk_as_of or self.tags is not None)

    @property
    def touches_suspension(self) -> bool:
        """Whether the row suspends the entry, or gives a suspended one another status."""
        statuses = (self.present.get("status"), self.changes["status"]) if "status" in self.changes else ()
        return EntityStatus.SUSPENDED in statuses


def upsert_many(session: Session, rows: Iterable[EntityFacts], *, chunk: int = CHUNK) -> UpsertCounts:
    """Take ``rows`` into the register: new ones inserted, known ones changed where they differ.

    Raises ``Conflict`` when a row's two codes belong to two entities, ``Invalid`` when a new row lacks what an entity
    must have; :func:`plan_rows` tells both beforehand. The caller's transaction holds everything.
    """
    session.flush()
    counts = UpsertCounts()
    for part in _chunks(rows, chunk):
        counts += _apply(session, plan_rows(session, part))
    session.expire_all()
    return counts


def plan_rows(session: Session, rows: Sequence[EntityFacts]) -> list[RowPlan]:
    """Say for each of at most some thousand ``rows`` what taking it would do; writes nothing."""
    known = _known(session, rows)
    plans = [_compared(facts, known) for facts in rows]
    _plan_risk(session, plans)
    _plan_tags(session, plans)
    return plans


def _chunks(rows: Iterable[EntityFacts], size: int) -> Iterator[list[EntityFacts]]:
    """Cut ``rows``; a second row about one entity opens a new chunk, so that it meets what the first wrote."""
    part: list[EntityFacts] = []
    seen: set[str] = set()
    for facts in rows:
        codes = {code for code in (facts.uscc, facts.registration_number) if code}
        if len(part) >= size or codes & seen:
            yield part
            part, seen = [], set()
        part.append(facts)
        seen |= codes
    if part:
        yield part


def _known(session: Session, rows: Sequence[EntityFacts]) -> dict[str, dict[str, Any]]:
    """Load what the register holds under any code of ``rows``, by each of its codes."""
    usccs = [facts.uscc for facts in rows if facts.uscc]
    numbers = [facts.registration_number for facts in rows if facts.registration_number]
    identities = [unit_id(facts.uscc, facts.registration_number) for facts in rows]
    columns = [getattr(Entity, name) for name in ("id", "unit_id", *STORED)]
    found: dict[str, dict[str, Any]] = {}
    for column, values in (
        (Entity.unit_id, identities),
        (Entity.uscc, usccs),
        (Entity.registration_number, numbers),
    ):
        for row in session.execute(sa.select(*columns).where(column.in_(values))).mappings():
            for code in (row["uscc"], f"no {row['registration_number']}", row["unit_id"]):
                if code:
                    found[code] = dict(row)
    found.pop("no None", None)
    return found


def _compared(facts: EntityFacts, known: dict[str, dict[str, Any]]) -> RowPlan:
    plan = RowPlan(facts, unit_id(facts.uscc or None, facts.registration_number or None))
    by_number = known.get(f"no {facts.registration_number}")
    present = known.get(facts.uscc or "") or by_number or known.get(plan.unit_id)
    if present is None:
        plan.changes = _new_values(facts)
        return plan
    plan.entity_id, plan.present = present["id"], present
    if by_number and by_number["id"] != present["id"]:
        plan.clash = by_number["unit_id"]
    elif facts.uscc and present["uscc"] not in {None, facts.uscc}:
        plan.clash = present["unit_id"]
    plan.changes = {
        name: value
        for name in COMPARED
        if (value := getattr(facts, name)) is not None and (value or None) != (present[name] or None)
    }
    if "uscc" in plan.changes:
        plan.changes["uscc_confirmed"] = facts.uscc_confirmed
    # a file that calls the enterprise active does not lift a suspension that a person decided
    keeps = present["status"] == EntityStatus.SUSPENDED and facts.status in {None, EntityStatus.ACTIVE}
    if keeps:
        plan.changes.pop("status", None)
    since = facts.status_since or (clock.today() if "status" in plan.changes else None)
    if since and not keeps and since != present["status_since"]:
        plan.changes["status_since"] = since
    return plan


def _new_values(facts: EntityFacts) -> dict[str, Any]:
    for name in NEEDED:
        if not getattr(facts, name):
            raise Invalid("incomplete-row", "A new entity needs this field.", field=name, name=facts.name)
    values = {name: getattr(facts, name) for name in COMPARED}
    return {
        **values,
        "uscc": facts.uscc or None,
        "registration_number": facts.registration_number or None,
        **{name: values[name] or "" for name in TEXTS},
        "uscc_confirmed": facts.uscc_confirmed,
        "status": facts.status or EntityStatus.ACTIVE,
        "status_since": facts.status_since or facts.registered_on,
        "risk_class": None,
    }


def _plan_risk(session: Session, plans: list[RowPlan]) -> None:
    """Find the rows whose risk class is news: another class than the month's, or a month not yet recorded (R-2.02)."""
    concerned = [plan for plan in plans if plan.facts.risk_class is not None]
    ids = [plan.entity_id for plan in concerned if plan.entity_id is not None]
    history: dict[int, list[tuple[date, str]]] = {}
    if ids:
        statement = sa.select(RiskClassRecord.entity_id, RiskClassRecord.as_of, RiskClassRecord.risk_class)
        for row in session.execute(statement.where(RiskClassRecord.entity_id.in_(ids)).order_by(RiskClassRecord.id)):
            history.setdefault(row.entity_id, []).append((row.as_of, row.risk_class))
    for plan in concerned:
        _plan_one_risk(plan, history.get(plan.entity_id or 0, []))


def _plan_one_risk(plan: RowPlan, history: list[tuple[date, str]]) -> None:
    facts, present = plan.facts, plan.present.get("risk_class")
    if facts.risk_as_of is None and facts.risk_class == present:
        return
    month = month_of(facts.risk_as_of or clock.today())
    recorded = [value for as_of, value in history if as_of == month]
    if recorded and recorded[-1] == facts.risk_class:
        return
    plan.risk_as_of = month
    if facts.risk_class != present and all(as_of <= month for as_of, _ in history):
        plan.changes["risk_class"] = facts.risk_class


def _plan_tags(session: Session, plans: list[RowPlan]) -> None:
    concerned = [plan for plan in plans if plan.facts.tags is not None]
    ids = [plan.entity_id for plan in concerned if plan.entity_id is not None]
    present: dict[int, set[str]] = {}
    if ids:
        for row in session.execute(
            sa.select(EntityTag.entity_id, EntityTag.tag_code).where(EntityTag.entity_id.in_(ids))
        ):
            present.setdefault(row.entity_id, set()).add(row.tag_code)
    for plan in concerned:
        wanted = frozenset(plan.facts.tags or ())
        held = frozenset(present.get(plan.entity_id or 0, ()))
        if wanted != held:
            plan.tags, plan.tags_before = wanted, held


def _apply(session: Session, plans: list[RowPlan]) -> UpsertCounts:
    clash = next((plan for plan in plans if plan.clash), None)
    if clash is not None:
        raise Conflict(
            "codes-of-two",
            "The codes of %(name)s belong to another entry of the register, %(unit)s.",
            name=clash.facts.name,
            unit=clash.clash,
        )
    new = [plan for plan in plans if plan.entity_id is None]
    changed = [plan for plan in plans if plan.entity_id is not None and not plan.is_same]
    _insert(session, new)
    _update(session, [plan for plan in changed if plan.changes])
    named = [plan for plan in new + changed if plan.entity_id and "name" in plan.changes]
    index_entities(session, [(plan.entity_id or 0, plan.facts.name) for plan in named])
    _write_risk(session, [plan for plan in new + changed if plan.risk_as_of])
    retagged = [plan for plan in changed if plan.tags is not None]
    keep_tags(session, {plan.entity_id or 0: plan.tags_before for plan in retagged})
    _write_tags(session, retagged + [plan for plan in new if plan.tags is not None])
    return UpsertCounts(len(new), len(changed), len(plans) - len(new) - len(changed))


def _insert(session: Session, plans: list[RowPlan]) -> None:
    if not plans:
        return
    now = clock.now()
    moments = {"created_at": now, "updated_at": now}
    session.execute(sa.insert(Entity), [{"unit_id": plan.unit_id, **plan.changes, **moments} for plan in plans])
    units = sa.select(Entity.unit_id, Entity.id).where(Entity.unit_id.in_([plan.unit_id for plan in plans]))
    ids = {row.unit_id: row.id for row in session.execute(units)}
    for plan in plans:
        plan.entity_id = ids[plan.unit_id]


def _update(session: Session, plans: list[RowPlan]) -> None:
    """Write the changed rows with one statement of all columns: rows differ in what changed, the statement does not."""
    if not plans:
        return
    table, now = Base.metadata.tables["entities"], clock.now()
    columns: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in (*STORED, *NAMED, "updated_at")}
    statement = sa.update(table).where(table.c.id == sa.bindparam("row_id"))
    rows = []
    for plan in plans:
        values = {**plan.present, **plan.changes, "updated_at": now}
        values["sort_key"], values["initials"] = name_keys(values["name"])
        values["skeleton"] = name_skeleton(values["name"])
        rows.append({"row_id": plan.entity_id, **{f"new_{name}": values[name] or None for name in columns}})
        rows[-1].update({f"new_{name}": values[name] for name in (*TEXTS, "uscc_confirmed", *NAMED)})
    session.connection().execute(statement.values(**columns, version=table.c.version + 1), rows)


def _write_risk(session: Session, plans: list[RowPlan]) -> None:
    rows = [
        {
            "entity_id": plan.entity_id,
            "risk_class": plan.facts.risk_class,
            "as_of": plan.risk_as_of,
            "source": "import",
            "recorded_at": clock.now(),
        }
        for plan in plans
    ]
    if rows:
        session.execute(sa.insert(RiskClassRecord), rows)


def _write_tags(session: Session, plans: list[RowPlan]) -> None:
    if not plans:
        return
    session.execute(sa.delete(EntityTag).where(EntityTag.entity_id.in_([plan.entity_id for plan in plans])))
    rows = [{"entity_id": plan.entity_id, "tag_code": code} for plan in plans for code in sorted(plan.tags or ())]
    if rows:
        session.execute(sa.insert(EntityTag), rows)
