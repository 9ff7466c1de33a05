"""Whom the draws wait for: parties to seal and reveal, bodies to judge, values to hand in."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from supervision.draws import queries
from supervision.draws.models import Draw
from supervision.draws.rules import DrawState
from supervision.labels import N_
from supervision.notifications.queries import actors_holding
from supervision.notifications.sources import Kind, Waiting
from supervision.permissions import Actor, Permission


def _about(viewer: Actor, draw: Draw, key: str = "") -> Waiting:
    return Waiting(viewer.user_id or 0, f"{draw.number}{key}", {"number": draw.number}, {"draw_id": draw.id})


def contributions(session: Session) -> Iterator[Waiting]:
    """Draws that wait for somebody's body to seal or to reveal."""
    for viewer in actors_holding(session, Permission.DRAW_CONTRIBUTE):
        for draw in queries.list_waiting(session, viewer):
            yield _about(viewer, draw, "-reveal" if draw.state is DrawState.COMMITTED else "-seal")


def judgements(session: Session) -> Iterator[Waiting]:
    """Draws in which another body waits for this one to agree or to refuse."""
    for viewer in actors_holding(session, Permission.DRAW_VOID):
        for draw in queries.list_to_judge(session, viewer):
            yield _about(viewer, draw)


def values(session: Session) -> Iterator[Waiting]:
    """Draws whose public value exists and waits to be handed in."""
    for viewer in actors_holding(session, Permission.DRAW_CONTRIBUTE):
        for draw, _standing in queries.list_to_enter(session, viewer):
            yield _about(viewer, draw)


KINDS = (
    Kind(
        "draw-contribution",
        N_("Draws that wait for your random number"),
        N_("Draw %(number)s waits for the random number of your body."),
        "draws.show",
        contributions,
        urgent=True,
    ),
    Kind(
        "draw-judgement",
        N_("Draws in which another body waits for your answer"),
        N_("In draw %(number)s another body waits for yours to agree or to refuse."),
        "draws.show",
        judgements,
        urgent=True,
    ),
    Kind(
        "draw-value",
        N_("Draws whose public value can be handed in"),
        N_("The public value of draw %(number)s has appeared and can be handed in."),
        "draws.show",
        values,
        urgent=True,
    ),
)
