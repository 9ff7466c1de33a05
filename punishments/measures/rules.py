"""Measures of the list and answers to them (R-5.01 to R-5.05)."""

from collections.abc import Collection
from datetime import date

from supervision.errors import Invalid, RuleBroken, WrongState
from supervision.labels import N_, Labeled

ANSWER_PARAMETER = "measure-answer-working-days"
ENTITY = "entity"


class MeasureState(Labeled):
    """What the implementing department did with a measure."""

    PROPOSED = "proposed", N_("Proposed with the listing"), "neutral"
    WAITING = "waiting", N_("Waiting for an answer"), "warning"
    APPLIED = "applied", N_("Applied"), "danger"
    NOT_APPLICABLE = "not_applicable", N_("Not applicable"), "neutral"
    LIFTED = "lifted", N_("Lifted"), "success"
    DROPPED = "dropped", N_("Not asked: the entity was not listed"), "neutral"


S = MeasureState
STEPS: dict[MeasureState, frozenset[MeasureState]] = {
    S.PROPOSED: frozenset({S.WAITING, S.DROPPED}),
    S.WAITING: frozenset({S.APPLIED, S.NOT_APPLICABLE, S.LIFTED}),
    S.APPLIED: frozenset({S.LIFTED}),
    S.NOT_APPLICABLE: frozenset(),
    S.LIFTED: frozenset(),
    S.DROPPED: frozenset(),
}
LIVING = frozenset({S.WAITING, S.APPLIED})


def check_step(state: MeasureState, target: MeasureState) -> None:
    """Refuse a step that the present state does not allow."""
    if target not in STEPS[state]:
        raise WrongState("measure-state", "This measure has been answered or lifted already. Reload the page.")


def applies_to(*, triggers: Collection[str], target: str, credit_list: str) -> bool:
    """Say whether a definition may follow a list: it names the list as trigger and may be aimed at an entity."""
    return credit_list in triggers and ENTITY in target.split("+")


def check_definition(
    *,
    triggers: Collection[str],
    target: str,
    credit_list: str,
    effective_from: date,
    effective_until: date | None,
    on: date,
) -> None:
    """Refuse a measure that the list of the day does not allow for this trigger (R-5.01)."""
    if not applies_to(triggers=triggers, target=target, credit_list=credit_list):
        raise RuleBroken(
            "measure-not-triggered",
            "The measure list does not allow this measure for this listing. Choose one that names the list.",
            rule="R-5.01",
        )
    if effective_from > on or (effective_until is not None and effective_until < on):
        raise RuleBroken(
            "measure-not-in-force",
            "This edition of the measure list is not in force. Choose a measure of the edition in force.",
            rule="R-5.01",
        )


def check_applied_on(applied_on: date, *, starts_on: date, ends_on: date, today: date) -> None:
    """A measure is applied while the listing is in force and not in the future."""
    if not starts_on <= applied_on <= min(ends_on, today):
        raise Invalid(
            "applied-on",
            "The day lies between the beginning of the listing (%(start)s) and today.",
            field="applied_on",
            start=starts_on,
        )


def end_of(listing_ends_on: date, definition_until: date | None) -> date:
    """Return the last day of a measure: never beyond the listing, nor beyond its own edition."""
    return listing_ends_on if definition_until is None else min(listing_ends_on, definition_until)


def state_on(state: MeasureState, ends_on: date | None, day: date) -> MeasureState:
    """Return the state as it is on ``day``: what has run out is lifted, whether or not a job has noted it."""
    return S.LIFTED if state in LIVING and ends_on is not None and ends_on < day else state


def answer_clock(state: MeasureState, due_on: date | None, *, today: date, answered_on: date | None) -> str:
    """Return how the answer's deadline stands: met, overdue, soon, open, or nothing."""
    if due_on is None:
        return ""
    if answered_on is not None:
        return "met" if answered_on <= due_on else "overdue"
    if state is not S.WAITING:
        return ""
    left = (due_on - today).days
    return "overdue" if left < 0 else "soon" if left <= 2 else "open"
