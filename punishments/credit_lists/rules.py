"""Listing decisions taken from a penalty in force (domain 5.2, SAMR Order 44)."""

from collections.abc import Collection
from datetime import date, timedelta

from punishments.penalties.rules import PenaltyState, Severity, add_months, is_heavy
from supervision.errors import Forbidden, Invalid, RuleBroken, WrongState
from supervision.labels import N_, Labeled

MONTHS_A_YEAR = 12


class CreditList(Labeled):
    """Lists an entity can be put on by decision."""

    SERIOUS_SAMR = "SERIOUS_SAMR", N_("Serious violators (market regulation)"), "danger"


class ListingState(Labeled):
    """Life of a listing."""

    INTENDED = "intended", N_("Intended, notice not served yet"), "neutral"
    NOTICED = "noticed", N_("Notice served, party may speak"), "info"
    PROPOSED = "proposed", N_("Proposed, waiting for the head"), "warning"
    DECIDED = "decided", N_("Decided, not served yet"), "warning"
    IN_FORCE = "in_force", N_("In force"), "danger"
    REFUSED = "refused", N_("Not listed"), "neutral"
    DROPPED = "dropped", N_("Given up before the decision"), "neutral"
    ENDED = "ended", N_("Ended"), "success"


class ServedDocument(Labeled):
    """What was served on the party, each with its proof (送达回证)."""

    NOTICE = "notice", N_("Notice of the intended listing")
    DECISION = "decision", N_("Listing decision")


class Response(Labeled):
    """What the party did within its period: statement and defence, a hearing asked for, or nothing (R-5.04)."""

    NONE = "none", N_("The party said nothing")
    STATEMENT = "statement", N_("Statement or defence of the party")
    HEARING = "hearing", N_("A hearing was asked for and held")


class EndReason(Labeled):
    """Why a listing ended, or was never decided; stored as its code."""

    TERM = "term", N_("Its term ran out")
    PENALTY_REVOKED = "penalty_revoked", N_("The penalty it rested on was revoked")


S = ListingState
# a revoked penalty leads from every state before the term to "not listed"
STEPS: dict[ListingState, frozenset[ListingState]] = {
    S.INTENDED: frozenset({S.NOTICED, S.DROPPED, S.REFUSED}),
    S.NOTICED: frozenset({S.PROPOSED, S.DROPPED, S.REFUSED}),
    S.PROPOSED: frozenset({S.DECIDED, S.REFUSED}),
    S.DECIDED: frozenset({S.IN_FORCE, S.REFUSED}),
    S.IN_FORCE: frozenset({S.ENDED}),
    S.REFUSED: frozenset(),
    S.DROPPED: frozenset(),
    S.ENDED: frozenset(),
}
# not in force yet, and not over either
OPEN = frozenset({S.INTENDED, S.NOTICED, S.PROPOSED, S.DECIDED})
ALIVE = OPEN | {S.IN_FORCE}
# "who penalises, lists and removes" (R 5.2): the departments competent for each list
COMPETENT: dict[CreditList, frozenset[str]] = {CreditList.SERIOUS_SAMR: frozenset({"SCJG"})}


def check_step(state: ListingState, target: ListingState) -> None:
    """Refuse a step that the present state does not allow."""
    if target not in STEPS[state]:
        raise WrongState(
            "listing-state",
            "The listing has moved on, or an earlier step is missing. Reload the page to see where it stands.",
        )


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


def check_served(served_on: date, *, not_before: date | None, today: date) -> None:
    """A document is served on a past day or today, and a decision not before it was taken."""
    if served_on > today:
        raise Invalid("served-later", "It must have been served already: enter a past day.", field="served_on")
    if not_before is not None and served_on < not_before:
        raise Invalid(
            "served-before",
            "The decision was taken on %(day)s; it cannot have been served before.",
            field="served_on",
            day=not_before,
        )


def check_notice(served_on: date, *, decided_on: date, longest: int) -> None:
    """A notice may go out while the penalty's case is under way (5.2), not earlier: it would be of another case."""
    if served_on < decided_on - timedelta(days=longest):
        raise Invalid(
            "notice-of-another-case",
            "The penalty was decided on %(day)s. A notice served more than %(days)s days before cannot belong to it. "
            "Check the day of service, or the penalty.",
            field="served_on",
            day=decided_on,
            days=longest,
        )


def with_penalty_procedure(noticed_on: date | None, *, decided_on: date) -> bool:
    """Say whether the notice ran together with the penalty procedure: served before the penalty was decided (5.2)."""
    return noticed_on is not None and noticed_on < decided_on


def check_period_over(statement_due_on: date | None, *, today: date) -> None:
    """The party may speak until the last day of its period; only then does the listing go to the head (R-5.04)."""
    if statement_due_on is None or today <= statement_due_on:
        raise RuleBroken(
            "party-may-still-speak",
            "The party may state its case until %(day)s. Record the outcome after that day.",
            rule="R-5.04",
            day=statement_due_on or "",
        )


def check_response(response: Response, *, made_on: date | None, text: str, considered: str) -> None:
    """What the party said is written down with how it was weighed; where it said nothing, nothing is."""
    if response is Response.NONE:
        if text or considered or made_on:
            raise Invalid(
                "nothing-said", "The party said nothing: leave day, statement and answer empty.", field="response"
            )
        return
    if made_on is None:
        raise Invalid("made-on", "Enter the day on which the party spoke.", field="made_on")
    if not text:
        raise Invalid("statement-missing", "Write down what the party said.", field="statement")
    if not considered:
        raise Invalid(
            "consideration-missing",
            "Say how it was examined and whether it was accepted.",
            field="consideration",
        )


def check_made_on(made_on: date, *, noticed_on: date, today: date) -> None:
    """The party answers a notice it has received, and not in the future."""
    if not noticed_on <= made_on <= today:
        raise Invalid(
            "made-on", "The day lies between the service of the notice (%(day)s) and today.", field="made_on",
            day=noticed_on,
        )  # fmt: skip


def check_decider(*, worked_on_it: Collection[int | None], decided_by: int | None) -> None:
    """Nobody decides what they prepared themselves."""
    if decided_by is not None and decided_by in worked_on_it:
        raise Forbidden("own-proposal", "You prepared this listing. Somebody else decides it.")


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
