"""Where an order stands and whose turn it is: every actor sees every actor's next step, and until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from joint_inspections.ordered.models import OrderedInspection
from joint_inspections.ordered.rules import OrderState
from joint_inspections.visits.rules import BEFORE_VISIT, VisitState
from supervision.departments.models import Department
from supervision.labels import N_

DONE, CURRENT, TODO = "done", "current", "todo"
HEADS = N_("Head of each department named")


@dataclass(frozen=True, slots=True)
class OrderStage:
    """A stage of an order; ``label`` and ``who`` are message ids."""

    label: str
    who: str
    state: str = TODO
    names: tuple[Department, ...] = ()
    due: date | None = None


@dataclass(frozen=True, slots=True)
class _Step:
    label: str
    who: str
    done: bool
    names: tuple[Department, ...] = ()
    due: date | None = None


def list_stages(order: OrderedInspection) -> Sequence[OrderStage]:
    """Return the stages in order; the first that is not done is the current one, none of an order that ended."""
    steps = _urgent(order) if order.urgent else _usual(order)
    ended = order.state in {OrderState.REFUSED, OrderState.CANCELLED}
    current = -1 if ended else next((no for no, step in enumerate(steps) if not step.done), len(steps))
    return [
        OrderStage(
            step.label, step.who, DONE if step.done else CURRENT if no == current else TODO, step.names, step.due
        )
        for no, step in enumerate(steps)
    ]


def _usual(order: OrderedInspection) -> list[_Step]:
    sent = order.visit is not None
    return [
        _given(),
        _Step(N_("Order approved by every department"), HEADS, sent, tuple(order.to_decide), order.planned_on),
        _Step(N_("Team drawn by lots"), N_("The machine, with the last approval"), sent),
        *_visit(order),
    ]


def _urgent(order: OrderedInspection) -> list[_Step]:
    waiting = tuple(order.to_decide) or tuple(order.visit.departments_to_approve if order.visit else ())
    return [
        _given(),
        _Step(N_("Approved orally"), N_("The head named"), done=True),
        _Step(N_("Team drawn by lots"), N_("The machine, at once"), order.visit is not None),
        _Step(N_("Team accepted, at the door"), N_("The team; see the page of the visit"), _visit(order)[0].done),
        _Step(N_("Order and team approved in writing"), HEADS, order.in_writing, waiting, order.complete_by),
        _visit(order)[1],
    ]


def _given() -> _Step:
    return _Step(N_("Order given"), N_("Department lead or coordinator"), done=True)


def _visit(order: OrderedInspection) -> list[_Step]:
    visit = order.visit
    begun = visit is not None and visit.visited_at is not None
    public = visit is not None and visit.state is VisitState.PUBLISHED
    day = visit.planned_on if visit is not None else order.planned_on
    return [
        _Step(N_("Team accepted, approved, at the door"), N_("The team; see the page of the visit"), begun, (), day),
        _Step(
            N_("Record, review and result"), N_("As for every other visit"), public, (),
            visit.publish_due_on if visit is not None else None,
        ),
    ]  # fmt: skip


def team_changeable(order: OrderedInspection) -> bool:
    """Say whether somebody of the team can still be replaced."""
    return order.visit is not None and order.visit.state in BEFORE_VISIT
