"""Public values that the platform fetches by itself: which rounds are due, what their sources answer, what comes of it.

Asking takes seconds and depends on others, so it has no session at all: it stands between looking and handing in, and
the lock under which a value is handed in decides anew whether its round still counts.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from sqlalchemy.orm import Session

from supervision.beacons import fetching, sources
from supervision.draws.beacon_models import BeaconValue
from supervision.draws.models import Draw
from supervision.draws.queries.beacons import list_waiting_for_value
from supervision.draws.rules import EntryWay
from supervision.draws.services.beacons import hand_in
from supervision.errors import DomainError
from supervision.permissions import Actor

# a source that is slow or silent holds up only the rounds that are asked of it
AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class DueRound:
    """A round that exists by the clock and is missing here, for one draw."""

    draw_id: int
    number: str
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a source answered for a round, or why there is no answer."""

    due: DueRound
    raw: str = ""
    refusal: DomainError | None = None


def list_to_fetch(session: Session) -> list[DueRound]:
    """List the rounds that can be fetched now: due, signed, published at an address that the rule names."""
    found = (
        DueRound(draw.id, draw.number, standing.current.round.name, sources.address(standing.current))
        for draw, standing in list_waiting_for_value(session)
        if standing.is_due and standing.proves_itself
    )
    return [one for one in found if one.address]


def fetch_answers(rounds: Sequence[DueRound]) -> Iterator[Answer]:
    """Ask the sources, several at once; no session may hold a transaction meanwhile."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield from pool.map(_fetch, rounds)


def _fetch(due: DueRound) -> Answer:
    try:
        return Answer(due, raw=fetching.fetch(due.address))
    except DomainError as error:
        return Answer(due, refusal=error)


def take_answer(session: Session, answer: Answer, *, actor: Actor) -> BeaconValue:
    """Hand in what a source answered; raise what is wrong with it, and then nothing has changed."""
    if answer.refusal is not None:
        raise answer.refusal
    with session.begin_nested():
        draw = session.get_one(Draw, answer.due.draw_id)
        return hand_in(session, draw, raw=answer.raw, way=EntryWay.FETCHED, actor=actor)
