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
    WITHDRAWN = "withdrawn", N_("Cancelled: the result it follows from was withdrawn"), "neutral"


# nothing is followed up any more, and nothing was achieved either
FALLEN = frozenset({FollowUpEnding.DROPPED, FollowUpEnding.WITHDRAWN})


class FollowUpStep(Labeled):
    """What was done to a follow-up; one line of its history."""

    OPENED = "opened", N_("Follow-up opened"), "info"
    CLOSED = "closed", N_("Follow-up closed"), "success"
    REOPENED = "reopened", N_("Follow-up opened again"), "warning"
    DEADLINE_MOVED = "deadline_moved", N_("Deadline moved"), "warning"
    KIND_CHANGED = "kind_changed", N_("Changed by a correction of the record"), "info"
    DROPPED = "dropped", N_("Dropped by a correction of the record"), "neutral"
    HANDED_ON = "handed_on", N_("Handed to another body"), "info"
    HANDED_BACK = "handed_back", N_("Given back by the other body"), "warning"
    WITHDRAWN = "withdrawn", N_("Cancelled with the result"), "neutral"
    EVIDENCE_SENT = "evidence_sent", N_("Evidence of the correction handed in"), "info"
    EVIDENCE_RETURNED = "evidence_returned", N_("Another round asked for"), "warning"
    EXTENSION_ASKED = "extension_asked", N_("More time asked for"), "info"
    EXTENDED = "extended", N_("More time granted"), "warning"
    EXTENSION_REFUSED = "extension_refused", N_("More time refused"), "neutral"
    REINSPECTION_NEEDED = "reinspection_needed", N_("To be looked at again on site"), "info"


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
    T.HANDED_ON: (frozenset({S.OPEN}), S.OPEN),
    T.HANDED_BACK: (frozenset({S.OPEN}), S.OPEN),
    T.WITHDRAWN: (frozenset({S.OPEN}), S.CLOSED),
    **{
        step: (frozenset({S.OPEN}), S.OPEN)
        for step in (
            T.EVIDENCE_SENT,
            T.EVIDENCE_RETURNED,
            T.EXTENSION_ASKED,
            T.EXTENDED,
            T.EXTENSION_REFUSED,
            T.REINSPECTION_NEEDED,
        )
    },
}
# what the public reads of a follow-up changes with these alone
TOLD = frozenset({T.OPENED, T.CLOSED, T.REOPENED, T.KIND_CHANGED, T.DROPPED, T.WITHDRAWN})


def state_after(state: FollowUpState, step: FollowUpStep) -> FollowUpState:
    """Return the state that ``step`` leads to, or refuse."""
    sources, target = TRANSITIONS[step]
    if state not in sources:
        raise WrongState("follow-up-state", "This follow-up has moved on. Reload the page to see where it stands.")
    return target


@dataclass(frozen=True, slots=True)
class Term:
    """How long a kind of follow-up may take: the code of a parameter, counted in working days or in days.

    A parameter whose unit is working days is counted so, whatever stands here.
    """

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
    """Return the day by which a follow-up begun on ``start`` is to be closed.

    A period that ends on a day off ends with the next working day (民法典第二百零三条).
    """
    if term.working_days:
        return add_workdays(start, length, calendar)
    return next_workday(start + timedelta(days=length), calendar)


def next_workday(day: date, calendar: WorkCalendar) -> date:
    """Return ``day``, or the next working day where it is a day off."""
    return day if calendar.is_workday(day) else add_workdays(day, 1, calendar)


class Card(Labeled):
    """催办提示: how near a deadline is. Computed whenever it is shown, never kept."""

    NONE = "none", N_("Not yet due"), "neutral"
    YELLOW = "yellow", N_("Yellow card: due soon"), "warning"
    RED = "red", N_("Red card: overdue"), "danger"


def last_yellow_day(today: date, working_days: int, calendar: WorkCalendar) -> date:
    """Return the last day that, as a deadline, is at most so many working days away: up to it a card is yellow."""
    return add_workdays(today, working_days + 1, calendar) - timedelta(days=1)


def card_of(state: FollowUpState, due_on: date, *, today: date, yellow_until: date) -> Card:
    """Say which card an open follow-up shows; what is closed shows none. The day of the deadline is still in time."""
    if state is not FollowUpState.OPEN or due_on > yellow_until:
        return Card.NONE
    return Card.RED if due_on < today else Card.YELLOW


def is_overdue(state: FollowUpState, due_on: date, *, today: date) -> bool:
    """Say whether an open follow-up is past its deadline."""
    return state is FollowUpState.OPEN and due_on < today


def public_standing(found: Iterable[tuple[FollowUpState, FollowUpEnding | None]]) -> PublicStanding:
    """Put the follow-ups of a part into one public word; what is open outweighs what is closed."""
    known = [(state, ending) for state, ending in found if ending not in FALLEN]
    if not known:
        return PublicStanding.NONE
    if any(state is FollowUpState.OPEN for state, _ in known):
        return PublicStanding.OPEN
    endings = {ending for _, ending in known}
    if endings == {FollowUpEnding.CORRECTED}:
        return PublicStanding.CORRECTED
    return PublicStanding.HANDED_OVER if endings == {FollowUpEnding.HANDED_OVER} else PublicStanding.SETTLED
