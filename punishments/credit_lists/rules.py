"""Listing decisions taken from a penalty in force (domain 5.2, SAMR Order 44)."""

from collections.abc import Collection
from datetime import date

from punishments.penalties.rules import PenaltyState, Severity, add_months, is_heavy
from supervision.errors import Forbidden, Invalid, RuleBroken, WrongState
from supervision.labels import N_, Labeled

MONTHS_A_YEAR = 12


class CreditList(Labeled):
    """Lists an entity can be put on by decision."""

    SERIOUS_SAMR = "SERIOUS_SAMR", N_("Serious violators (market regulation)"), "danger"


class ListingState(Labeled):
    """Life of a listing."""

    PROPOSED = "proposed", N_("Proposed, waiting for the head"), "warning"
    IN_FORCE = "in_force", N_("In force"), "danger"
    REFUSED = "refused", N_("Not listed"), "neutral"
    ENDED = "ended", N_("Ended"), "success"


class EndReason(Labeled):
    """Why a listing ended, or was never decided; stored as its code."""

    TERM = "term", N_("Its term ran out")
    PENALTY_REVOKED = "penalty_revoked", N_("The penalty it rested on was revoked")


STEPS: dict[ListingState, frozenset[ListingState]] = {
    ListingState.PROPOSED: frozenset({ListingState.IN_FORCE, ListingState.REFUSED}),
    ListingState.IN_FORCE: frozenset({ListingState.ENDED}),
    ListingState.REFUSED: frozenset(),
    ListingState.ENDED: frozenset(),
}
# "who penalises, lists and removes" (R 5.2): the departments competent for each list
COMPETENT: dict[CreditList, frozenset[str]] = {CreditList.SERIOUS_SAMR: frozenset({"SCJG"})}


def check_step(state: ListingState, target: ListingState) -> None:
    """Refuse a step that the present state does not allow."""
    if target not in STEPS[state]:
        raise WrongState("listing-state", "This listing has been decided or has ended already. Reload the page.")


def check_ground(credit_list: CreditList, department_code: str) -> None:
    """Refuse a list that is not the department's own."""
    if department_code not in COMPETENT[credit_list]:
        raise RuleBroken(
            "not-competent",
            "Only the department that is competent for this list takes entities on it: who penalises, lists and "
            "removes.",
            rule="5.2",
        )


def check_penalty(state: PenaltyState, severity: Severity, kinds: Collection[str]) -> None:
    """Refuse a listing that does not rest on a heavy penalty in force (SAMR Order 44)."""
    if state is not PenaltyState.IN_FORCE:
        raise RuleBroken(
            "penalty-not-in-force",
            "The penalty has been revoked. A listing needs a penalty in force.",
            rule="R-5.01",
        )
    if not is_heavy(severity, kinds):
        raise RuleBroken(
            "penalty-not-heavy",
            "A listing needs a heavy penalty: serious, and a fine, a downgrade, a revocation, a restriction or a "
            "closure among its kinds. This one is not.",
            rule="5.2",
        )


def check_notice(noticed_on: date, *, today: date) -> None:
    """The party is told before the listing and may defend itself (R-5.04)."""
    if noticed_on > today:
        raise Invalid("noticed-later", "The party must have been told already: enter a past day.", field="noticed_on")


def check_decider(*, proposed_by: int | None, decided_by: int | None) -> None:
    """Nobody decides their own proposal."""
    if proposed_by is not None and proposed_by == decided_by:
        raise Forbidden("own-proposal", "You proposed this listing. Somebody else decides it.")


def term(starts_on: date, *, years: int, early_years: int) -> tuple[date, date]:
    """Return the last day of a listing and the earliest day of removal on request."""
    return add_months(starts_on, years * MONTHS_A_YEAR), add_months(starts_on, early_years * MONTHS_A_YEAR)


def state_on(state: ListingState, ends_on: date | None, day: date) -> ListingState:
    """Return the state as it is on ``day``: a term that has run out has ended, whether or not a job has noted it."""
    if state is ListingState.IN_FORCE and ends_on is not None and ends_on < day:
        return ListingState.ENDED
    return state


def listing_number(region: str, year: int, serial: int) -> str:
    """Region, L for listing, year and a consecutive serial: 310106-L-2026-0003."""
    return f"{region}-L-{year:04d}-{serial:04d}"
