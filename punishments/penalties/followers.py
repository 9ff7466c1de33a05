"""Who must act when a penalty is revoked: the lists register here at start, penalties know nothing of them."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from punishments.penalties.models import Penalty
from supervision.permissions import Actor

Follower = Callable[[Session, Penalty, Actor], None]

_followers: list[Follower] = []


def follow(follower: Follower) -> None:
    """Call ``follower`` in the transaction that revokes a penalty; registering it twice changes nothing."""
    if follower not in _followers:
        _followers.append(follower)


def followers() -> tuple[Follower, ...]:
    """Return everybody registered."""
    return tuple(_followers)
