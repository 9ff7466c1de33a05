"""Bars of steps: where a draft, a plan and a task stand on their way."""

from dataclasses import dataclass

from supervision.labels import N_
from supervision.plans.models import PlanVersion, Task
from supervision.plans.rules import Agreement, DraftStep, PlanKind, PlanState, TaskState


@dataclass(frozen=True, slots=True)
class ShownStep:
    """One step as ``macros/show.html`` draws it."""

    label: str
    state: str  # done, current, todo
    note: str = ""


def draft_steps(here: DraftStep) -> list[ShownStep]:
    """Return the steps of a draft, seen from one of them."""
    return _bar([step.label for step in DraftStep], list(DraftStep).index(here))


def plan_steps(version: PlanVersion) -> list[ShownStep]:
    """Return the way of a version from draft to publication."""
    labels = [N_("Draft"), N_("Approval by the head"), N_("Made public")]
    at = {PlanState.DRAFT: 0, PlanState.SUBMITTED: 1, PlanState.PUBLISHED: 3, PlanState.SUPERSEDED: 3}
    place = at.get(version.state, 0)
    if version.plan.kind is PlanKind.JOINT:
        labels.insert(1, N_("Agreement of the departments"))
        place = 1 if version.state is PlanState.AGREEING else place + (place > 0)
    return _bar(labels, place)


def answered(version: PlanVersion) -> tuple[int, int]:
    """Return how many cooperating departments have agreed, and how many there are."""
    asked = [row for row in version.participants if not row.is_lead]
    return sum(row.agreement is Agreement.AGREED for row in asked), len(asked)


def task_steps(task: Task) -> list[ShownStep]:
    """Return the whole way of a task, from the published plan to the published results."""
    labels = [
        N_("Plan published"),
        N_("Pool prepared"),
        N_("Frozen, committed and drawn"),
        N_("Visits and records"),
        N_("Opened and published"),
    ]
    at = {
        TaskState.PREPARING: 1,
        TaskState.DRAWING: 2,
        TaskState.RUNNING: 3,
        TaskState.FINISHED: 5,
        TaskState.ABANDONED: 2,
    }
    return _bar(labels, at[task.state])


def _bar(labels: list[str], place: int) -> list[ShownStep]:
    def state(number: int) -> str:
        if number == place:
            return "current"
        return "done" if number < place else "todo"

    return [ShownStep(label, state(number)) for number, label in enumerate(labels)]
