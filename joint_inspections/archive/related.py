"""Every row kept of a visit, table by table, found by the foreign keys: a room added later is packed without a line.

What must stay outside is named here: what speaks of other visits, what enterprises said under the promise that
nobody reads it with their name, and what is kept apart so that somebody may look without knowing.
"""

import enum
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.archive.names import Names
from supervision.db import Base

VISITS = "visits"
VISIT_ID = "visit_id"
# other visits' photos; ratings in sums only (R-3.13); packages; blind second looks; orders to inspect, whose facts may
# lead to who complained; draws of experts, whose lists name those not drawn: the package has who came and said what
APART = frozenset({"photo_likenesses", "visit_ratings", "archive_packages", "expert_draws"})
APART_PREFIXES = ("second_look", "ordered_")
# what opens pages to whoever knows it
SECRET = ("token", "secret", "pin", "hash")
PEOPLE = "users"
# what the enterprise's own copy tells row by row: what was said to it or by it
OF_ENTITY = frozenset(
    {
        "arrival_answers", "result_replies", "party_entries", "samples", "sample_results", "published_parts",
        "part_withdrawals", "correction_entries", "correction_files",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Related:
    """A table and how its rows lead to their visit: (own column, table above, its column) step by step."""

    table: sa.Table
    steps: tuple[tuple[str, str, str], ...]

    def visit_column(self) -> tuple[sa.FromClause, sa.ColumnElement[int]]:
        """Return the table joined up to the row that names the visit, and that row's column."""
        joined: sa.FromClause = self.table
        current: sa.FromClause = self.table
        for own, above, key in self.steps[:-1]:
            upper = Base.metadata.tables[above].alias()
            joined = joined.join(upper, current.c[own] == upper.c[key])
            current = upper
        return joined, current.c[self.steps[-1][0]] if self.steps else current.c["id"]


@lru_cache(maxsize=1)
def related_tables() -> tuple[Related, ...]:
    """Return the tables that hold something of visits, in the order of their names."""
    found: dict[str, Related] = {VISITS: Related(Base.metadata.tables[VISITS], ())}
    waiting = True
    while waiting:
        waiting = False
        for table in Base.metadata.sorted_tables:
            if table.name in found or table.name in APART or table.name.startswith(APART_PREFIXES):
                continue
            step = _step(table, found)
            if step is not None:
                found[table.name] = Related(table, (step, *found[step[1]].steps))
                waiting = True
    return tuple(found[name] for name in sorted(found))


def _step(table: sa.Table, found: Collection[str]) -> tuple[str, str, str] | None:
    """Return the foreign key that leads to visits, by ``visit_id`` alone, or else the first to a table on the way."""
    for column in sorted(table.columns, key=lambda one: one.name != VISIT_ID):
        for key in column.foreign_keys:
            above = key.column.table.name
            if above in found and (above != VISITS or column.name == VISIT_ID):
                return column.name, above, key.column.name
    return None


Rows = list[dict[str, object]]


def rows_of(
    session: Session, visit_id: int, names: Names, *, only: Collection[str] = (), people: bool = True
) -> Iterator[tuple[str, Rows]]:
    """Yield each table that holds something of a visit with its rows as plain values, in the order of their keys.

    Without ``people`` nobody of the house is named by their account.
    """
    for related in related_tables():
        if only and related.table.name not in only:
            continue
        joined, visit = related.visit_column()
        columns = [one for one in related.table.columns if _shown(one, people=people)]
        statement = sa.select(*columns).select_from(joined).where(visit == visit_id)
        rows = session.execute(statement.order_by(*related.table.primary_key.columns)).all()
        if rows:
            yield related.table.name, [_plain(columns, row, names) for row in rows]


def _shown(column: sa.Column[object], *, people: bool) -> bool:
    if any(one in column.name.split("_") for one in SECRET) or isinstance(column.type, sa.LargeBinary):
        return False
    return people or all(key.column.table.name != PEOPLE for key in column.foreign_keys)


def _plain(columns: Collection[sa.Column[object]], row: sa.Row[tuple[object, ...]], names: Names) -> dict[str, object]:
    found: dict[str, object] = {}
    for column, value in zip(columns, row, strict=True):
        target = next((key.column.table.name for key in column.foreign_keys), "")
        named = names.find(target, value) if value is not None else None
        found[column.name] = plain(value) if named is None else named
    return found


def plain(value: object) -> object:
    """Return a value as canonical JSON can carry it: moments in UTC, fractions as text."""
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, date):
        return value.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(value, datetime) else str(value)
    if value is None or (isinstance(value, bool | int | str) and not isinstance(value, enum.Enum)):
        return value
    return str(value.value if isinstance(value, enum.Enum) else value)


def marks_of(session: Session, visit_ids: Collection[int]) -> dict[int, list[list[object]]]:
    """Return, for each visit, how much is kept of it in each table: whatever is added or changed changes this."""
    found: dict[int, list[list[object]]] = {one: [] for one in visit_ids}
    for related in related_tables():
        joined, visit = related.visit_column()
        key = next(iter(related.table.primary_key.columns))
        version = related.table.c.get("version")
        changes = sa.func.sum(version) if version is not None else sa.literal(0)
        statement = (
            sa.select(visit, sa.func.count(), sa.func.max(key), changes)
            .select_from(joined)
            .where(visit.in_(list(visit_ids)))
            .group_by(visit)
        )
        for visit_id, count, newest, changed in session.execute(statement):
            found[visit_id].append([related.table.name, count, str(newest), int(changed or 0)])
    return found
