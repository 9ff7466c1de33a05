"""Where a visit stands and whose turn it is: every actor sees every actor's next step, and until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import BEFORE_VISIT, FALLEN_AWAY, MemberState, VisitState
from supervision.labels import N_

S = VisitState
DONE, CURRENT, TODO = "done", "current", "todo"


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of a visit: whose turn, by name or by post, and until when. ``label`` and ``who`` are message ids."""

    label: str
    who: str
    due: date | None
    state: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Plan:
    label: str
    who: str
    done: bool
    due: date | None
    names: tuple[str, ...] = ()


def list_stages(visit: Visit) -> Sequence[Stage]:
    """Return the stages in order; the first that is not done is the current one."""
    plans = _plans(visit)
    current = next((number for number, plan in enumerate(plans) if not plan.done), len(plans))
    if visit.state in FALLEN_AWAY:
        current = -1
    return [
        Stage(
            plan.label,
            plan.who,
            plan.due,
            DONE if plan.done else CURRENT if number == current else TODO,
            plan.names,
        )
        for number, plan in enumerate(plans)
    ]


def _plans(visit: Visit) -> list[_Plan]:
    waiting = tuple(one.inspector.name for one in visit.team_now if one.state is not MemberState.ACCEPTED)
    leader = visit.leader
    leader_name = (leader.inspector.name,) if leader else ()
    begun = visit.visited_at is not None
    submitted = visit.state in {S.SUBMITTED, S.ACCEPTED, S.PUBLISHED}
    answered = visit.state is not S.ASSIGNED or not waiting
    return [
        _Plan(N_("Assignment answered"), N_("Every inspector"), answered, visit.planned_on, waiting),
        _Plan(
            N_("Inspection approved"),
            N_("Head of the lead department"),
            visit.state is not S.ASSIGNED,
            visit.planned_on,
        ),
        _Plan(
            N_("Notice issued, team at the door"),
            N_("The team"),
            begun and visit.state not in BEFORE_VISIT,
            visit.planned_on,
        ),
        _Plan(
            N_("Record handed in"),
            N_("Each department signs, the leader hands in"),
            submitted,
            visit.record_due_on,
            leader_name,
        ),
        _Plan(N_("Record reviewed"), N_("A reviewer outside the team"), visit.state in {S.ACCEPTED, S.PUBLISHED}, None),
        _Plan(
            N_("Result published"),
            N_("Reviewer or lead of a participating department"),
            visit.state is S.PUBLISHED,
            visit.publish_due_on,
        ),
    ]
