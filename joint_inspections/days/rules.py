"""Leave and its decision, where a visit stands on the board, sums of a workload: pure values in, values out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from joint_inspections.visits.rules import FALLEN_AWAY, VisitState
from supervision.errors import Invalid, WrongState
from supervision.labels import N_, Labeled

LONGEST_LEAVE = 366
LATEST_START = 400
LATITUDES, LONGITUDES = (3.0, 54.0), (73.0, 136.0)


class LeaveState(Labeled):
    """What became of days off that an inspector asked for."""

    WAITING = "waiting", N_("Waiting for decision"), "warning"
    APPROVED = "approved", N_("Leave approved"), "success"
    REFUSED = "refused", N_("Leave refused"), "danger"
    WITHDRAWN = "withdrawn", N_("Withdrawn by the inspector"), "neutral"


class LeaveStep(StrEnum):
    """What can be done to a request for leave."""

    APPROVE = "approve"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


L = LeaveState
LEAVE_STEPS = {
    LeaveStep.APPROVE: (frozenset({L.WAITING}), L.APPROVED),
    LeaveStep.REFUSE: (frozenset({L.WAITING}), L.REFUSED),
    # what was approved is an absence in the register: only the lead takes that back
    LeaveStep.WITHDRAW: (frozenset({L.WAITING}), L.WITHDRAWN),
}


def leave_after(state: LeaveState, step: LeaveStep) -> LeaveState:
    """Return the state that ``step`` leads to, or refuse."""
    sources, target = LEAVE_STEPS[step]
    if state not in sources:
        raise WrongState("leave-decided", "This request has been decided or withdrawn already.")
    return target


def check_leave(starts_on: date, ends_on: date, *, today: date) -> None:
    """Refuse days that make no sense: nobody asks for days that have passed."""
    if ends_on < starts_on:
        raise Invalid("absence-order", "The last day lies before the first day.", field="ends_on")
    if ends_on < today:
        raise Invalid("leave-past", "These days have passed. Ask your lead to note them.", field="ends_on")
    if (ends_on - starts_on).days >= LONGEST_LEAVE or (starts_on - today).days > LATEST_START:
        raise Invalid(
            "leave-too-long", "Ask for at most a year, beginning within the next thirteen months.", field="ends_on"
        )


class TeamStage(Labeled):
    """Where a team stands with a visit, as its lead needs to know."""

    ASSIGNED = "assigned", N_("Not everybody has accepted"), "warning"
    ACCEPTED = "accepted", N_("Accepted, to be approved"), "info"
    APPROVED = "approved", N_("Approved, waiting for its day"), "info"
    ON_THE_WAY = "on_the_way", N_("Today, notice issued"), "info"
    AT_THE_DOOR = "at_the_door", N_("At the door"), "info"
    RECORDED = "recorded", N_("Recorded, to be handed in"), "warning"
    IN_REVIEW = "in_review", N_("In review"), "warning"
    MENDING = "mending", N_("Being corrected"), "danger"
    REVIEWED = "reviewed", N_("Reviewed, to be published"), "info"
    PUBLISHED = "published", N_("Result published"), "success"
    FALLEN_AWAY = "fallen_away", N_("Does not take place"), "neutral"


_STAGES = {
    VisitState.SUBMITTED: TeamStage.IN_REVIEW,
    VisitState.RETURNED: TeamStage.MENDING,
    VisitState.CORRECTING: TeamStage.MENDING,
    VisitState.ACCEPTED: TeamStage.REVIEWED,
    VisitState.PUBLISHED: TeamStage.PUBLISHED,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a visit: enough to say where its team stands."""

    state: VisitState
    planned_on: date
    accepted: bool
    noticed: bool
    signed: bool


def stage_of(visit: Standing, *, today: date) -> TeamStage:
    """Say where the team of a visit stands."""
    if visit.state in FALLEN_AWAY:
        return TeamStage.FALLEN_AWAY
    if visit.state is VisitState.ASSIGNED:
        return TeamStage.ACCEPTED if visit.accepted else TeamStage.ASSIGNED
    if visit.state is VisitState.APPROVED:
        return TeamStage.ON_THE_WAY if visit.noticed and visit.planned_on == today else TeamStage.APPROVED
    if visit.state is VisitState.ON_SITE:
        return TeamStage.RECORDED if visit.signed else TeamStage.AT_THE_DOOR
    return _STAGES[visit.state]


def gini(values: Sequence[float]) -> float:
    """Return how unequally something is spread: 0 when all have the same, near 1 when one has all."""
    total, count = sum(values), len(values)
    if not total:
        return 0.0
    weighted = sum(rank * value for rank, value in enumerate(sorted(values), 1))
    return 2 * weighted / (count * total) - (count + 1) / count


def week_of(day: date) -> list[date]:
    """Return the seven days of the week of ``day``, Monday first."""
    monday = day - timedelta(days=day.weekday())
    return [monday + timedelta(days=number) for number in range(7)]


def month_after(day: date, step: int) -> date:
    """Return the first day of the month ``step`` months after that of ``day``."""
    number = day.year * 12 + day.month - 1 + step
    return date(number // 12, number % 12 + 1, 1)
