"""Who must act when a listing begins, is refused or ends: the measures register here at start."""

from typing import Protocol

from sqlalchemy.orm import Session

from punishments.credit_lists.models import Listing
from supervision.permissions import Actor


class Follower(Protocol):
    """Somebody whose work rests on listings."""

    def listing_began(self, session: Session, listing: Listing, *, actor: Actor) -> None:
        """The listing is in force from today."""

    def listing_refused(self, session: Session, listing: Listing, *, actor: Actor) -> None:
        """The head refused the proposal, or its penalty was revoked before the decision."""

    def listing_ended(self, session: Session, listing: Listing, *, actor: Actor) -> None:
        """The listing ended: by its term, or with its penalty."""


_followers: list[Follower] = []


def follow(follower: Follower) -> None:
    """Register ``follower``; registering the same one again changes nothing."""
    if follower not in _followers:
        _followers.append(follower)


def followers() -> tuple[Follower, ...]:
    """Return everybody registered."""
    return tuple(_followers)
