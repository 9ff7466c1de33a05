"""Where the public value of a draw stands: which round counts, since when, what was handed in, what it came to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.beacons.queries import load_chain
from supervision.beacons.rules import SELF_PROVING, Attempt, current_attempt, schedule
from supervision.draws.beacon_models import BeaconEntry, BeaconLapse, BeaconValue
from supervision.draws.log import log_moment
from supervision.draws.models import Draw
from supervision.draws.queries.files import list_overdue, list_unrevealed, visible
from supervision.draws.rules import DrawState, EntryWay
from supervision.permissions import Actor, Permission

# two people type a result; a third entry begins a new pair
PAIR = 2


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a draw in the beacon form stands after its commitment."""

    attempts: tuple[Attempt, ...]
    value: BeaconValue | None
    entries: tuple[BeaconEntry, ...]
    now: datetime

    @property
    def current(self) -> Attempt:
        """The round that was used or, before that, the one that counts at this moment."""
        if self.value is not None:
            return self.attempts[self.value.place]
        return current_attempt(self.attempts, self.now)

    @property
    def passed(self) -> tuple[Attempt, ...]:
        """Rounds that passed without a value."""
        return self.attempts[: self.current.place]

    @property
    def following(self) -> Attempt | None:
        """The round that counts when nothing comes in for the current one; the last has none."""
        place = self.current.place + 1
        return self.attempts[place] if place < len(self.attempts) else None

    @property
    def is_due(self) -> bool:
        """Whether the value of the current round exists by the clock and is still missing here."""
        return self.value is None and self.now >= self.current.round.due_at

    @property
    def proves_itself(self) -> bool:
        """Whether the current round is signed, so that anybody may hand it in."""
        return self.current.rule.kind in SELF_PROVING

    @property
    def typed(self) -> tuple[BeaconEntry, ...]:
        """What people typed for the current round, in order."""
        place = self.current.place
        return tuple(one for one in self.entries if one.place == place and one.way is EntryWay.TYPED)

    @property
    def first_of_pair(self) -> BeaconEntry | None:
        """The entry that waits for a second person; nobody is shown what it says."""
        return self.typed[-1] if len(self.typed) % PAIR else None

    @property
    def disagreements(self) -> tuple[tuple[BeaconEntry, BeaconEntry], ...]:
        """Pairs that did not agree, for this round and for those before it."""
        return tuple(pair for pair in pairs_of(self.entries) if pair[0].value != pair[1].value)


def pairs_of(entries: Sequence[BeaconEntry]) -> list[tuple[BeaconEntry, BeaconEntry]]:
    """Return the complete pairs of typed entries, round by round."""
    by_place: dict[int, list[BeaconEntry]] = {}
    for entry in entries:
        if entry.way is EntryWay.TYPED:
            by_place.setdefault(entry.place, []).append(entry)
    return [pair for typed in by_place.values() for pair in zip(typed[::PAIR], typed[1::PAIR], strict=False)]


def attempts_of(session: Session, draw: Draw) -> tuple[Attempt, ...]:
    """Return the rounds that the rule fixes for a draw; none in the reveal form and before the commitment."""
    if not draw.beacon_rule or draw.committed_at is None:
        return ()
    return schedule(load_chain(session, draw.beacon_rule), draw.committed_at)


def find_value(session: Session, draw: Draw) -> BeaconValue | None:
    """Return the public value of a draw, once it has come in."""
    return session.get(BeaconValue, draw.id)


def standing_of(session: Session, draw: Draw) -> Standing | None:
    """Return where the public value stands; None in the reveal form and before the commitment."""
    attempts = attempts_of(session, draw)
    if not attempts:
        return None
    entries = sa.select(BeaconEntry).where(BeaconEntry.draw_id == draw.id).order_by(BeaconEntry.id)
    ended = draw.ended_at if draw.state is DrawState.VOID else None
    now = ended or log_moment(session)
    return Standing(attempts, find_value(session, draw), tuple(session.scalars(entries)), now)


def list_waiting_for_value(session: Session) -> list[tuple[Draw, Standing]]:
    """List the committed draws whose public value has not come in, oldest first."""
    settled = sa.select(BeaconValue.draw_id)
    statement = (
        sa.select(Draw)
        .where(Draw.state == DrawState.COMMITTED, Draw.beacon_rule != "", Draw.id.not_in(settled))
        .order_by(Draw.id)
    )
    found = ((draw, standing_of(session, draw)) for draw in session.scalars(statement))
    return [(draw, standing) for draw, standing in found if standing is not None]


def list_to_enter(session: Session, viewer: Actor) -> list[tuple[Draw, Standing]]:
    """List own and joint draws whose public value exists and waits to be handed in by somebody."""
    if not viewer.may(Permission.DRAW_CONTRIBUTE):
        return []
    known = set(session.scalars(sa.select(Draw.id).where(Draw.state == DrawState.COMMITTED, visible(viewer))))
    waiting = list_waiting_for_value(session)
    return [
        (draw, standing)
        for draw, standing in waiting
        if draw.id in known and standing.is_due and not _typed_by(standing, viewer)
    ]


def _typed_by(standing: Standing, viewer: Actor) -> bool:
    first = standing.first_of_pair
    return first is not None and first.entered_by == viewer.user_id


def list_settled(session: Session) -> list[Draw]:
    """List the draws whose public value is here and which were interrupted before they were carried out."""
    statement = (
        sa.select(Draw)
        .join(BeaconValue, BeaconValue.draw_id == Draw.id)
        .where(Draw.state == DrawState.COMMITTED)
        .order_by(Draw.id)
    )
    return list(session.scalars(statement))


def list_lapsed(session: Session) -> list[Draw]:
    """List the draws of which a round has passed without a value and the log does not say so yet."""
    noted = {tuple(row) for row in session.execute(sa.select(BeaconLapse.draw_id, BeaconLapse.place))}
    return [
        draw
        for draw, standing in list_waiting_for_value(session)
        if any((draw.id, attempt.place) not in noted for attempt in standing.passed)
    ]


def has_due_work(session: Session) -> bool:
    """Say whether a deadline has passed that changes a draw by itself."""
    return bool(list_unrevealed(session) or list_overdue(session) or list_lapsed(session))
