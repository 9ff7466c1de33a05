"""Visits that somebody may not know of for a while although their post would show them: who looks a second time.

Rooms above register who must not see which visits; every query that shows visits asks here.
"""

from collections.abc import Callable

import sqlalchemy as sa

from supervision.permissions import Actor

# gives the ids of the visits that must stay hidden from an actor
Blind = Callable[[Actor], sa.Select[int]]

_blind: list[Blind] = []


def hide_from(provider: Blind) -> None:
    """Register who knows what stays hidden; registering the same one again changes nothing."""
    if provider not in _blind:
        _blind.append(provider)


def not_hidden(
    column: sa.ColumnElement[int] | sa.orm.InstrumentedAttribute[int], viewer: Actor
) -> sa.ColumnElement[bool]:
    """Return the condition that a visit, by the column with its id, is not hidden from the viewer."""
    return sa.and_(sa.true(), *(column.not_in(provider(viewer)) for provider in _blind))
