"""What a visit came from, where that matters: whom to hold before a change, who follows, what waits for its end.

Most visits come from a draw; others are ordered, and the room of orders registers itself here.
"""

from typing import Protocol

from sqlalchemy.orm import Session

from joint_inspections.visits.models import Visit
from supervision.draws.models import Draw
from supervision.draws.services import lock_for_change, open_finished, replace_inspector
from supervision.errors import WrongState
from supervision.permissions import Actor


class Origin(Protocol):
    """The draw or the order of a visit."""

    def hold(self, session: Session, visit: Visit) -> None:
        """Take the locks of a change in their order, before the audit log is written."""

    def replace(
        self, session: Session, visit: Visit, *, inspector_id: int, ground: str, evidence: str = "", actor: Actor
    ) -> None:
        """Take an inspector off the team; the next in the random order follows, or the place stays unfilled."""

    def settled(self, session: Session, visit: Visit, *, actor: Actor) -> None:
        """The visit waits for nobody any more: finish what waited for it, if nothing else is open."""


class _Drawn:
    """A visit made by a draw."""

    def hold(self, session: Session, visit: Visit) -> None:
        lock_for_change(session, draw_of(visit))

    def replace(
        self, session: Session, visit: Visit, *, inspector_id: int, ground: str, evidence: str = "", actor: Actor
    ) -> None:
        draw = draw_of(visit)
        replace_inspector(
            session, draw, team=visit.team, inspector_id=inspector_id, ground=ground, evidence=evidence, actor=actor
        )

    def settled(self, session: Session, visit: Visit, *, actor: Actor) -> None:
        open_finished(session, draw_of(visit), actor=actor)


_DRAWN = _Drawn()
_orders: list[Origin] = []


def register_orders(origin: Origin) -> None:
    """Register who answers for visits without a draw; registering the same one again changes nothing."""
    if origin not in _orders:
        _orders.append(origin)


def origin_of(visit: Visit) -> Origin:
    """Return the origin of a visit."""
    return _DRAWN if visit.draw_id is not None else _orders[0]


def draw_of(visit: Visit) -> Draw:
    """Return the draw of a visit, or refuse what only a drawn visit knows."""
    if visit.draw is None:
        raise WrongState("not-drawn", "This inspection was ordered, not drawn. Its order says what can be done.")
    return visit.draw
