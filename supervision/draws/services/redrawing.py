"""A new draw after an abandoned one: two bodies agree with a reason, and a public value is mixed in (R-1.17).

Whoever has seen one list may not simply draw another. So the next draw of the task names the abandoned one, waits for
a value that nobody controls, and the rule for that value was fixed before the abandoned draw was made: it is the
plan's or, where the plan has none, the district's default of the day on which the abandoned pool was frozen.
"""

from sqlalchemy.orm import Session

from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.beacons.queries import find_rule, find_usable
from supervision.draws.models import Draw, DrawProposal
from supervision.draws.queries import find_abandoned_beside, find_agreed_redraw, lock_draw
from supervision.draws.rules import DrawState, ProposalKind
from supervision.draws.services.proposals import (
    close_as_agreed,
    close_as_refused,
    lock_proposal,
    open_proposal,
    sealed,
)
from supervision.draws.services.rights import check_may_end
from supervision.errors import Conflict, NotFound, RuleBroken, WrongState
from supervision.labels import N_
from supervision.parameters.queries import get_parameter
from supervision.permissions import Actor
from supervision.plans.models import Task
from supervision.plans.rules import TaskState
from supervision.plans.services import mark_preparing

DEFAULT_RULE = "beacon-rule-default"
REDRAW = "redraw"


def rule_for(session: Session, task: Task, parent: Draw | None) -> str:
    """Return the identifier of the rule by which the next draw of a task takes its public value, empty for none.

    Refuse a task whose abandoned draw nobody may follow yet, and a rule that this installation does not know.
    """
    stated = task.plan_version.beacon_rule
    if stated and find_rule(session, stated) is None:
        raise RuleBroken(
            "beacon-rule-unknown",
            N_("The plan names a rule for public values that is not loaded here. Load the ground data, then go on."),
        )
    if parent is None or parent.state is not DrawState.ABANDONED:
        return stated
    if parent.task_id != task.id:
        raise RuleBroken(
            "redraw-other-task",
            N_(
                "Draw %(number)s of the same plan and the same days was abandoned. Only its own task can be drawn "
                "anew: another task would be a choice."
            ),
            rule="R-1.17",
            number=parent.number,
        )
    rule = redraw_rule(session, parent)
    if find_agreed_redraw(session, parent) is None:
        raise RuleBroken(
            "redraw-not-agreed",
            N_(
                "Draw %(number)s of this task was abandoned after it could be known. A new one needs a proposal with "
                "its reason and the agreement of a second body."
            ),
            rule="R-1.17",
            number=parent.number,
        )
    return rule


def find_redraw_rule(session: Session, parent: Draw) -> str:
    """Return the rule for the draw after an abandoned one; empty where neither plan nor district has one."""
    stated = parent.task.plan_version.beacon_rule
    if stated:
        return stated
    frozen_on = clock.local(parent.frozen_at).date()
    try:
        code = get_parameter(session, DEFAULT_RULE, on=frozen_on).value
    except NotFound:
        return ""
    found = find_usable(session, code, on=frozen_on)
    return found.identifier if found else ""


def redraw_rule(session: Session, parent: Draw) -> str:
    """Return the rule for the draw after an abandoned one, or refuse where there is none."""
    found = find_redraw_rule(session, parent)
    if not found:
        raise RuleBroken(
            "beacon-needed",
            N_(
                "Draw %(number)s of this task was abandoned after it could be known. The next one must mix in a "
                "public random value, and neither the plan nor the district has a rule for one."
            ),
            rule="R-1.17",
            number=parent.number,
        )
    return found


def propose_redraw(session: Session, draw: Draw, *, note: str, actor: Actor) -> DrawProposal:
    """Propose to draw the task of an abandoned draw anew; somebody of another body must agree."""
    lock_draw(session, draw)
    check_may_end(draw, actor)
    if not may_be_followed(session, draw):
        raise WrongState("redraw-not-now", N_("Only the task of an abandoned draw is drawn anew, and only once."))
    redraw_rule(session, draw)
    if find_agreed_redraw(session, draw) is not None:
        raise Conflict("redraw-agreed", N_("Two bodies have agreed already. The lead department freezes the pool."))
    return open_proposal(session, draw, ProposalKind.REDRAW, reason=REDRAW, note=note, actor=actor)


def may_be_followed(session: Session, draw: Draw) -> bool:
    """Say whether a draw is the abandoned one that a new draw of its task would follow."""
    waits = draw.state is DrawState.ABANDONED and draw.task.state is TaskState.ABANDONED
    newest = find_abandoned_beside(session, draw.task) if waits else None
    return newest is not None and newest.id == draw.id


def agree_to_redraw(session: Session, draw: Draw, proposal: DrawProposal, *, actor: Actor) -> Draw:
    """Agree that the task is drawn anew: it goes back to its preparation, and its lead freezes the pool."""
    lock_proposal(session, draw, proposal)
    _check_kind(proposal)
    check_may_end(draw, actor)
    redraw_rule(session, draw)
    close_as_agreed(session, proposal, actor=actor)
    details = {"number": draw.number, "task": draw.task.number, **sealed(session, proposal)}
    record(session, Event.REDRAW_AGREED, actor=actor, subject=("draw", draw.id), reason=proposal.note, details=details)
    mark_preparing(session, draw.task)
    return draw


def refuse_redraw(session: Session, draw: Draw, proposal: DrawProposal, *, note: str, actor: Actor) -> None:
    """Refuse a new draw, or take one's own proposal back."""
    lock_proposal(session, draw, proposal)
    _check_kind(proposal)
    check_may_end(draw, actor)
    close_as_refused(session, draw, proposal, note=note, actor=actor)


def _check_kind(proposal: DrawProposal) -> None:
    if proposal.kind is not ProposalKind.REDRAW:
        raise NotFound
