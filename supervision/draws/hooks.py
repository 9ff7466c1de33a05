"""What other floors do when a draw moves on; they register at start, the draw calls them in its own transaction."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from sqlalchemy.orm import Session

from supervision.draws.models import Draw, DrawMember, DrawUnit
from supervision.permissions import Actor


class DrawFollower(Protocol):
    """Somebody who works with what is drawn (the visits)."""

    def after_draw(self, session: Session, draw: Draw, *, actor: Actor) -> None:
        """The record is sealed: make the visits of its teams and units."""

    def visits_done(self, session: Session, draw: Draw) -> bool:
        """Say whether every visit of the draw is finished, so that the bundle may be opened."""

    def after_strike(self, session: Session, change: "UnitChange", *, actor: Actor) -> None:
        """A unit was struck and perhaps followed by the next of its reserve list."""

    def after_replacement(self, session: Session, change: "MemberChange", *, actor: Actor) -> None:
        """An inspector was replaced by the machine, or the place stays unfilled."""


class AbandonmentFollower(Protocol):
    """Somebody who stops what a draw had begun (the visits) when the draw is abandoned."""

    def after_abandonment(self, session: Session, draw: Draw, *, actor: Actor) -> None:
        """Nothing of the draw may be visited any more. Refuse with WrongState when somebody is already on site."""


@dataclass(frozen=True, slots=True)
class UnitChange:
    """A struck unit and its successor, if the reserve list had one."""

    draw: Draw
    struck: DrawUnit
    successor: DrawUnit | None


@dataclass(frozen=True, slots=True)
class MemberChange:
    """An inspector taken off a team, who came instead, and the team's leader afterwards."""

    draw: Draw
    team: str
    out: DrawMember
    successor: DrawMember | None
    leader_id: int | None


_followers: list[DrawFollower] = []


def follow(follower: DrawFollower) -> None:
    """Register ``follower``; registering the same one again changes nothing."""
    if follower not in _followers:
        _followers.append(follower)


def followers() -> tuple[DrawFollower, ...]:
    """Return everybody registered."""
    return tuple(_followers)


_abandonment_followers: list[AbandonmentFollower] = []


def follow_abandonment(follower: AbandonmentFollower) -> None:
    """Register who stops the visits of an abandoned draw; registering the same one again changes nothing."""
    if follower not in _abandonment_followers:
        _abandonment_followers.append(follower)


def abandonment_followers() -> tuple[AbandonmentFollower, ...]:
    """Return everybody registered for abandonments."""
    return tuple(_abandonment_followers)


FreezeFollower = Callable[[Session, Draw], None]

_freeze_followers: list[FreezeFollower] = []


def follow_freeze(follower: FreezeFollower) -> None:
    """Register what is frozen together with a pool, right after its leaf; the same again changes nothing."""
    if follower not in _freeze_followers:
        _freeze_followers.append(follower)


def after_freeze(session: Session, draw: Draw) -> None:
    """Let everybody registered freeze their part: nobody has contributed to the seed yet."""
    for follower in _freeze_followers:
        follower(session, draw)


CommitmentFollower = Callable[[Session, Draw], None]

_commitment_followers: list[CommitmentFollower] = []


def follow_commitment(follower: CommitmentFollower) -> None:
    """Register what is done in the transaction of a commitment; registering the same again changes nothing."""
    if follower not in _commitment_followers:
        _commitment_followers.append(follower)


def after_commitment(session: Session, draw: Draw) -> None:
    """Let everybody registered do their part of a commitment just logged and audited."""
    for follower in _commitment_followers:
        follower(session, draw)


# proofs that go with the files of an opened draw, by file name
Proofs = Callable[[Session, Draw], Mapping[str, bytes]]

_proofs: list[Proofs] = []


def prove(builder: Proofs) -> None:
    """Register who adds proofs (log.json, statements.json) to bundles; registering the same again changes nothing."""
    if builder not in _proofs:
        _proofs.append(builder)


def proofs_of(session: Session, draw: Draw) -> dict[str, bytes]:
    """Return the proofs that go with the files of an opened draw."""
    return {name: data for builder in _proofs for name, data in builder(session, draw).items()}


Opened = Callable[[Session, Draw], None]

_opening_followers: list[Opened] = []


def follow_opening(follower: Opened) -> None:
    """Register who is told, in the same transaction, that a draw was opened; the same one again changes nothing."""
    if follower not in _opening_followers:
        _opening_followers.append(follower)


def opening_followers() -> tuple[Opened, ...]:
    """Return everybody registered for openings."""
    return tuple(_opening_followers)


@dataclass(frozen=True, slots=True)
class OpenVisit:
    """A visit of a draw that has not begun. ``disclosed``: those concerned may know of it already."""

    entity_id: int
    team: str
    planned_on: date
    disclosed: bool


Visits = Callable[[Session, Draw], Iterable[OpenVisit]]

_visits: list[Visits] = []


def tell_visits(provider: Visits) -> None:
    """Register who knows which visits of a draw have not begun; registering the same one again changes nothing."""
    if provider not in _visits:
        _visits.append(provider)


def open_visits(session: Session, draw: Draw) -> list[OpenVisit]:
    """Return the visits of a draw that have not begun: only for these can a team or the list still change."""
    return [visit for provider in _visits for visit in provider(session, draw)]


@dataclass(frozen=True, slots=True)
class Watching:
    """Who watches the log: witnesses active now, those who saw a commitment in time, and how many it needs."""

    active: int
    seen: int
    needed: int


# takes the moment until which a commitment must have been seen; None before there is one
Watchers = Callable[[Session, Draw, datetime | None], Watching]

_watchers: list[Watchers] = []


def watch(provider: Watchers) -> None:
    """Register who knows the witnesses of the log; registering the same one again changes nothing."""
    if provider not in _watchers:
        _watchers.append(provider)


def watching(session: Session, draw: Draw, *, until: datetime | None) -> Watching | None:
    """Return who watches the log and saw the draw's commitment up to ``until``; None if nobody keeps a log."""
    return next((provider(session, draw, until) for provider in _watchers), None)
