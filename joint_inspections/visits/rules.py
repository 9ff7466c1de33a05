"""Life of a visit and of each inspector's part in it (R-1.20 to R-1.26, R-3.08, R-3.11)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from supervision.errors import WrongState
from supervision.inspectors.rules import certificate_valid
from supervision.items.rules import FEWEST_INSPECTORS
from supervision.labels import N_, Labeled
from supervision.workdays.rules import WorkCalendar, add_workdays

SUNDAY = 6
SOON_DAYS = 3
# the enterprise asked for it; the inspector concerned has declared nothing
PARTY_REQUEST = "party-request"
# grounds of the recusal list that an inspector does not declare: the head acts on them
NOT_DECLARED = frozenset({"head-decision", PARTY_REQUEST})


class VisitKind(Labeled):
    """How an enterprise came to be inspected: by random draw, or by an order (domain 3.3)."""

    RANDOM = "random", N_("Random inspection"), "neutral"
    TRIGGERED = "triggered", N_("Triggered inspection"), "warning"
    REINSPECTION = "reinspection", N_("Re-inspection"), "info"
    SECOND_LOOK = "second_look", N_("Blind second look"), "info"


class VisitState(Labeled):
    """assigned → approved → on site → submitted → accepted → published; returned and corrected records come again."""

    ASSIGNED = "assigned", N_("Assigned"), "info"
    APPROVED = "approved", N_("Inspection approved"), "info"
    ON_SITE = "on_site", N_("Being recorded"), "info"
    SUBMITTED = "submitted", N_("Waiting for review"), "warning"
    RETURNED = "returned", N_("Returned by the reviewer"), "danger"
    ACCEPTED = "accepted", N_("Record approved"), "success"
    CORRECTING = "correcting", N_("Being corrected"), "warning"
    PUBLISHED = "published", N_("Result published"), "success"
    STRUCK = "struck", N_("Struck from the list"), "neutral"
    CANCELLED = "cancelled", N_("Cancelled"), "neutral"
    NOT_CARRIED_OUT = "not_carried_out", N_("Not carried out"), "warning"


class VisitStep(StrEnum):
    """What can be done to a visit."""

    APPROVE = "approve"
    CHANGE_TEAM = "change_team"
    ARRIVE = "arrive"
    ARRIVE_URGENT = "arrive_urgent"
    SUBMIT = "submit"
    ACCEPT = "accept"
    RETURN = "return"
    CORRECT = "correct"
    PUBLISH = "publish"
    STRIKE = "strike"
    CANCEL = "cancel"
    GIVE_UP = "give_up"


S = VisitState
BEFORE_VISIT = frozenset({S.ASSIGNED, S.APPROVED})
RECORDING = frozenset({S.ON_SITE, S.RETURNED, S.CORRECTING})
OPEN_FOR_TEAM = BEFORE_VISIT | RECORDING
OFF_THE_LIST = frozenset({S.STRUCK, S.CANCELLED})
# whoever is not inspected stays on the list that was drawn, and is counted as drawn
FALLEN_AWAY = OFF_THE_LIST | {S.NOT_CARRIED_OUT}
RECORDED = frozenset({S.SUBMITTED, S.RETURNED, S.ACCEPTED, S.CORRECTING, S.PUBLISHED})
BEGUN = RECORDED | RECORDING

TRANSITIONS: dict[VisitStep, tuple[frozenset[VisitState], VisitState]] = {
    VisitStep.APPROVE: (frozenset({S.ASSIGNED}), S.APPROVED),
    # another team needs another approval of the body that sends it
    VisitStep.CHANGE_TEAM: (BEFORE_VISIT, S.ASSIGNED),
    VisitStep.ARRIVE: (frozenset({S.APPROVED}), S.ON_SITE),
    # an urgent inspection reported to the head begins before its approvals are in writing
    VisitStep.ARRIVE_URGENT: (BEFORE_VISIT, S.ON_SITE),
    VisitStep.SUBMIT: (RECORDING, S.SUBMITTED),
    VisitStep.ACCEPT: (frozenset({S.SUBMITTED}), S.ACCEPTED),
    VisitStep.RETURN: (frozenset({S.SUBMITTED}), S.RETURNED),
    VisitStep.CORRECT: (frozenset({S.ACCEPTED, S.PUBLISHED}), S.CORRECTING),
    VisitStep.PUBLISH: (frozenset({S.ACCEPTED}), S.PUBLISHED),
    VisitStep.STRIKE: (BEFORE_VISIT | {S.ON_SITE}, S.STRUCK),
    # an abandoned draw takes its visits with it, but not those already begun
    VisitStep.CANCEL: (BEFORE_VISIT, S.CANCELLED),
    # the yearly cap bars it, or its task is over and nobody went
    VisitStep.GIVE_UP: (BEFORE_VISIT, S.NOT_CARRIED_OUT),
}


class MemberState(Labeled):
    """An inspector's answer to an assignment."""

    ASSIGNED = "assigned", N_("Not answered yet"), "warning"
    ACCEPTED = "accepted", N_("Assignment accepted"), "success"
    RECUSAL_ASKED = "recusal_asked", N_("Recusal declared"), "warning"
    REPLACED = "replaced", N_("Replaced by the machine"), "neutral"


class MemberStep(StrEnum):
    """What can be done to an inspector's part."""

    ACCEPT = "accept"
    DECLARE = "declare"
    REFUSE = "refuse"
    LEAVE_OPEN = "leave_open"
    REPLACE = "replace"


M = MemberState
MEMBER_TRANSITIONS: dict[MemberStep, tuple[frozenset[MemberState], MemberState]] = {
    MemberStep.ACCEPT: (frozenset({M.ASSIGNED}), M.ACCEPTED),
    MemberStep.DECLARE: (frozenset({M.ASSIGNED, M.ACCEPTED}), M.RECUSAL_ASKED),
    # a refused recusal leaves the inspector on the team: the head has decided, nobody asks again
    MemberStep.REFUSE: (frozenset({M.RECUSAL_ASKED}), M.ACCEPTED),
    # an enterprise's request refused says nothing about interests that the inspector has yet to answer for
    MemberStep.LEAVE_OPEN: (frozenset({M.RECUSAL_ASKED}), M.ASSIGNED),
    MemberStep.REPLACE: (frozenset({M.ASSIGNED, M.ACCEPTED, M.RECUSAL_ASKED}), M.REPLACED),
}


class RecusalDecision(Labeled):
    """Decision of the head on a recusal (R-1.22)."""

    WAITING = "waiting", N_("Waiting for decision"), "warning"
    GRANTED = "granted", N_("Recusal granted"), "success"
    REFUSED = "refused", N_("Recusal refused"), "danger"


class SectionState(Labeled):
    """A department's section of the form."""

    OPEN = "open", N_("To be filled in"), "warning"
    SIGNED = "signed", N_("Signed off"), "success"


def state_after(state: VisitState, step: VisitStep) -> VisitState:
    """Return the state that ``step`` leads to, or refuse."""
    sources, target = TRANSITIONS[step]
    if state not in sources:
        raise WrongState(
            "visit-state",
            "The visit has moved on, so this step is not possible now. Reload the page to see where it stands.",
        )
    return target


def member_after(state: MemberState, step: MemberStep) -> MemberState:
    """Return the state that ``step`` leads an inspector's part to, or refuse."""
    sources, target = MEMBER_TRANSITIONS[step]
    if state not in sources:
        raise WrongState(
            "member-state", "This assignment has been answered already. Reload the page to see where it stands."
        )
    return target


def week_end(day: date) -> date:
    """Return the Sunday of the week of ``day``: what is planned up to then is disclosed to those concerned."""
    return day + timedelta(days=SUNDAY - day.weekday())


def visiting_days(start: date, end: date, calendar: WorkCalendar) -> list[date]:
    """Return the working days from ``start`` to ``end``; else every day; ``start`` when the time is over."""
    days = [start + timedelta(days=number) for number in range((end - start).days + 1)]
    return [day for day in days if calendar.is_workday(day)] or days or [start]


def spread(count: int, days: Sequence[date]) -> list[date]:
    """Spread ``count`` visits evenly over ``days``, in order."""
    return [days[number * len(days) // count] for number in range(count)]


def reply_due(asked_on: date, *, workdays: int, planned_on: date, today: date, calendar: WorkCalendar) -> date:
    """Return until when a recusal is decided: within its working days, and before the visit it is about (R-1.22)."""
    before = planned_on - timedelta(days=1)
    while before > today and not calendar.is_workday(before):
        before -= timedelta(days=1)
    return max(today, min(add_workdays(asked_on, workdays, calendar), before))


def visit_number(region: str, day: date, serial: int) -> str:
    """Region, day of approval and a serial number of the day: 310106-20260918-0001."""
    return f"{region}-{day:%Y%m%d}-{serial:04d}"


def next_serial(newest: str | None) -> int:
    """Return the serial number after the ``newest`` number of a day."""
    return int(newest.rpartition("-")[2]) + 1 if newest else 1


def departments_short(team: Iterable[tuple[str, date]], departments: Iterable[str], *, on: date) -> list[str]:
    """Return the departments with fewer than two inspectors whose certificate is valid on a day (R-1.20, R-1.21).

    ``team`` is (department code, certificate valid until) of everybody now on the team.
    """
    certified = Counter(code for code, valid_until in team if certificate_valid(valid_until, on=on))
    return sorted(code for code in set(departments) if certified[code] < FEWEST_INSPECTORS)


@dataclass(frozen=True, slots=True)
class CapSum:
    """How many random inspections of a year there are, and may be: of one item, or of all departments together."""

    item: str
    counted: int
    allowed: int

    @property
    def with_this(self) -> int:
        """The number when this visit is made too."""
        return self.counted + 1

    @property
    def over(self) -> bool:
        """Whether this visit would be one too many."""
        return self.with_this > self.allowed


def cap_sums(visits: int, by_item: Mapping[str, int], *, cap: int, item_caps: Mapping[str, int]) -> tuple[CapSum, ...]:
    """Return the sums of a visit of the items in ``item_caps``: all departments first, then each item (R-1.18)."""
    items = [CapSum(code, by_item.get(code, 0), most) for code, most in sorted(item_caps.items())]
    return (CapSum("", visits, cap), *items)


def clock_state(due: date | None, *, done_on: date | None, today: date) -> str:
    """Say how a deadline stands: "" without one, else met, overdue, soon or open."""
    if due is None:
        return ""
    if done_on is not None:
        return "met" if done_on <= due else "overdue"
    if today > due:
        return "overdue"
    return "soon" if (due - today).days <= SOON_DAYS else "open"
