"""What a list was asked for and what one page of it holds: plain values shared by queries and pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar  # select statements over any row type

import sqlalchemy as sa
from sqlalchemy.orm import Session

PAGE_SIZES = (20, 50, 100)
COUNT_CAP = 10_000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What the visitor asked of a list, already made safe."""

    q: str = ""
    sort: str = ""
    descending: bool = False
    page: int = 1
    size: int = PAGE_SIZES[0]
    filters: Mapping[str, str] = field(default_factory=dict)

    @property
    def offset(self) -> int:
        """Rows to pass over."""
        return (self.page - 1) * self.size


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of results; counting stops at ``COUNT_CAP``, and ``capped`` says that it did."""

    items: Sequence[T]
    total: int
    capped: bool = False


def load_page(
    session: Session,
    statement: sa.Select[Any],
    query: ListQuery,
    *,
    sorts: Mapping[str, Any],
    default_sort: str,
    tie_breaker: Any,
) -> Page[Any]:
    """Run ``statement`` for one page.

    ``sorts`` maps sort keys to columns; an unknown key falls back to ``default_sort`` (``-key`` for descending).
    ``tie_breaker`` (usually the primary key) makes the order total, so that pages never overlap.
    """
    # without a WHERE the FROM would vanish with the columns, and every plain list would count one row
    counted = statement.order_by(None).with_only_columns(sa.literal(1), maintain_column_froms=True)
    capped_count = counted.limit(COUNT_CAP + 1).subquery()
    total = session.scalar(sa.select(sa.func.count()).select_from(capped_count)) or 0
    key, descending = query.sort, query.descending
    if key not in sorts:
        key, descending = default_sort.lstrip("-"), default_sort.startswith("-")
    column = sorts[key]
    ordered = statement.order_by(column.desc() if descending else column.asc(), tie_breaker.asc())
    items = session.scalars(ordered.limit(query.size).offset(query.offset)).all()
    return Page(items, min(total, COUNT_CAP), total > COUNT_CAP)
