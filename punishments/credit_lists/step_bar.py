"""Where a listing stands on its way from the intention to its end."""

from datetime import date

from punishments.credit_lists.models import Listing
from punishments.credit_lists.rules import ListingState, state_on
from supervision.labels import N_
from supervision.plans.step_bars import ShownStep

LABELS = (
    N_("Intended"),
    N_("Notice served"),
    N_("Party heard"),
    N_("Decision of the head"),
    N_("Decision served"),
    N_("In force"),
)
# number of the step that comes next in each state; a listing that was refused or given up shows no way
NEXT = {
    ListingState.INTENDED: 1,
    ListingState.NOTICED: 2,
    ListingState.PROPOSED: 3,
    ListingState.DECIDED: 4,
    ListingState.IN_FORCE: 5,
    ListingState.ENDED: len(LABELS),
}


def listing_steps(listing: Listing, *, on: date) -> list[ShownStep]:
    """Return the bar of a listing on a day; empty when it never came to a decision in force."""
    place = NEXT.get(state_on(listing.state, listing.ends_on, on))
    if place is None:
        return []
    return [
        ShownStep(label, "current" if number == place else "done" if number < place else "todo")
        for number, label in enumerate(LABELS)
    ]
