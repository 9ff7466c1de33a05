"""Life of a follow-up: open until somebody says how it ended (R-1.35); how its state reads in public."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from joint_inspections.records.rules import Disposal
from supervision.errors import WrongState
from supervision.labels import N_, Labeled
from supervision.workdays.rules import WorkCalendar, add_workdays


class FollowUpState(Labeled):
    """Whether something is still to be done."""

    OPEN = "open", N_("Follow-up open"), "warning"
    CLOSED = "closed", N_("Follow-up closed"), "success"


class FollowUpEnding(Labeled):
    """How a follow-up ended."""

    CORRECTED = "corrected", N_("Corrected, confirmed by the department"), "success"
    HANDED_OVER = "handed_over", N_("Handed over to the body in charge"), "info"
    SETTLED = "settled", N_("Settled otherwise"), "neutral"
    DROPPED = "dropped", N_("No longer needed after a correction of the record"), "neutral"


class FollowUpStep(Labeled):
    """What was done to a follow-up; one line of its history."""

    OPENED = "opened", N_("Follow-up opened"), "info"
    CLOSED = "closed", N_("Follow-up closed"), "success"
    REOPENED = "reopened", N_("Follow-up opened again"), "warning"
    DEADLINE_MOVED = "deadline_moved", N_("Deadline moved"), "warning"
    KIND_CHANGED = "kind_changed", N_("Changed by a correction of the record"), "info"
    DROPPED = "dropped", N_("Dropped by a correction of the record"), "neutral"


class PublicStanding(Labeled):
    """后续处理 of a department's part as the public reads it."""

    NONE = "none", N_("No follow-up needed"), "neutral"
    OPEN = "open", N_("Follow-up under way"), "warning"
    CORRECTED = "corrected", N_("Problem corrected"), "success"
    HANDED_OVER = "handed_over", N_("Handed over to the body in charge"), "info"
    SETTLED = "settled", N_("Follow-up settled"), "success"


E = FollowUpEnding
# an order not obeyed goes to the case unit; what was handed over cannot be confirmed as corrected by us
ENDINGS: Mapping[Disposal, tuple[FollowUpEnding, ...]] = {
    Disposal.CORRECTION: (E.CORRECTED, E.HANDED_OVER, E.SETTLED),
    Disposal.CASE: (E.HANDED_OVER, E.SETTLED),
    Disposal.REFERRAL: (E.HANDED_OVER, E.SETTLED),
    Disposal.DAILY: (E.CORRECTED, E.HANDED_OVER, E.SETTLED),
    Disposal.OTHER: (E.CORRECTED, E.HANDED_OVER, E.SETTLED),
}

S, T = FollowUpState, FollowUpStep
TRANSITIONS: Mapping[FollowUpStep, tuple[frozenset[FollowUpState], FollowUpState]] = {
    T.CLOSED: (frozenset({S.OPEN}), S.CLOSED),
    T.REOPENED: (frozenset({S.CLOSED}), S.OPEN),
    T.DEADLINE_MOVED: (frozenset({S.OPEN}), S.OPEN),
    T.KIND_CHANGED: (frozenset({S.OPEN, S.CLOSED}), S.OPEN),
    T.DROPPED: (frozenset({S.OPEN, S.CLOSED}), S.CLOSED),
}


def state_after(state: FollowUpState, step: FollowUpStep) -> FollowUpState:
    """Return the state that ``step`` leads to, or refuse."""
    sources, target = TRANSITIONS[step]
    if state not in sources:
        raise WrongState("follow-up-state", "This follow-up has moved on. Reload the page to see where it stands.")
    return target


@dataclass(frozen=True, slots=True)
class Term:
    """How long a kind of follow-up may take: the code of a parameter, counted in working days or in days."""

    parameter: str
    working_days: bool


HANDOVER = Term("follow-up-handover-working-days", True)
TERMS: Mapping[Disposal, Term] = {
    Disposal.CORRECTION: Term("correction-default-days", False),
    Disposal.CASE: Term("case-filing-working-days", True),
    Disposal.REFERRAL: HANDOVER,
    Disposal.DAILY: HANDOVER,
    Disposal.OTHER: HANDOVER,
}


def due_after(start: date, term: Term, length: int, calendar: WorkCalendar) -> date:
    """Return the day by which a follow-up begun on ``start`` is to be closed."""
    return add_workdays(start, length, calendar) if term.working_days else start + timedelta(days=length)


def is_overdue(state: FollowUpState, due_on: date, *, today: date) -> bool:
    """Say whether an open follow-up is past its deadline."""
    return state is FollowUpState.OPEN and due_on < today


def public_standing(found: Iterable[tuple[FollowUpState, FollowUpEnding | None]]) -> PublicStanding:
    """Put the follow-ups of a part into one public word; what is open outweighs what is closed."""
    known = [(state, ending) for state, ending in found if ending is not FollowUpEnding.DROPPED]
    if not known:
        return PublicStanding.NONE
    if any(state is FollowUpState.OPEN for state, _ in known):
        return PublicStanding.OPEN
    endings = {ending for _, ending in known}
    if endings == {FollowUpEnding.CORRECTED}:
        return PublicStanding.CORRECTED
    return PublicStanding.HANDED_OVER if endings == {FollowUpEnding.HANDED_OVER} else PublicStanding.SETTLED
