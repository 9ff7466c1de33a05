"""Inspections that are not carried out: the yearly cap bars them, or their task is over and nobody went (R-1.44).

Who was drawn stays on the list (R-1.15) and nobody follows. The cap is decided by oversight; what a task left undone is
proposed by the lead and agreed by the head of that department, or by oversight: nobody lets an enterprise off alone.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, lazyload

from joint_inspections.visits.caps import check_cap
from joint_inspections.visits.models import Visit
from joint_inspections.visits.origins import draw_of
from joint_inspections.visits.queries import SOURCES, led_by
from joint_inspections.visits.rules import BEFORE_VISIT, VisitStep, state_after
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.draws.models import Draw, DrawProposal
from supervision.draws.queries import find_open_proposal
from supervision.draws.rules import ProposalKind, ProposalState, body_of
from supervision.draws.services import lock_for_change, open_finished
from supervision.draws.services.proposals import sealed
from supervision.entities.models import Entity
from supervision.errors import Conflict, Forbidden, Invalid, NotFound, WrongState
from supervision.parameters.queries import check_reason
from supervision.permissions import Actor, Permission
from supervision.plans.models import Task

REASONS = "not_carried_out_reasons"
BEYOND_CAP = "yearly-cap"


def find_ending(session: Session, visit: Visit) -> DrawProposal | None:
    """Return why and by whom the inspection was ended, if it was; what was ordered ends with its order."""
    if visit.draw_id is None:
        return None
    statement = sa.select(DrawProposal).where(
        DrawProposal.draw_id == visit.draw_id,
        DrawProposal.entity_id == visit.entity_id,
        DrawProposal.kind == ProposalKind.NOT_CARRIED_OUT,
        DrawProposal.state == ProposalState.AGREED,
    )
    return session.scalar(statement.order_by(DrawProposal.id.desc()).limit(1))


def find_proposed(session: Session, visit: Visit) -> DrawProposal | None:
    """Return the open proposal not to carry the inspection out."""
    if visit.state not in BEFORE_VISIT or visit.draw is None:
        return None
    return find_open_proposal(session, visit.draw, ProposalKind.NOT_CARRIED_OUT, entity_id=visit.entity_id)


def list_endings(session: Session, draw_number: str) -> dict[str, str]:
    """Return the coded reason of every inspection of a draw that was not carried out, by the entity's code."""
    statement = (
        sa.select(Entity.unit_id, DrawProposal.reason_code)
        .join(Draw, Draw.id == DrawProposal.draw_id)
        .join(Entity, Entity.id == DrawProposal.entity_id)
        .where(
            Draw.number == draw_number,
            DrawProposal.kind == ProposalKind.NOT_CARRIED_OUT,
            DrawProposal.state == ProposalState.AGREED,
        )
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def _left_over() -> sa.Select[Visit]:
    """Visits that have not begun although the last day of their task is over, the oldest task first."""
    return (
        sa.select(Visit)
        .join(Task, Task.id == Visit.task_id)
        .where(Visit.state.in_(BEFORE_VISIT), Task.ends_on < clock.today())
        .order_by(Task.ends_on, Visit.id)
        .options(lazyload(Visit.members), *SOURCES)
    )


def list_left_over(session: Session, viewer: Actor, *, limit: int = 20) -> Sequence[Visit]:
    """List the inspections that the tasks of the lead's department left undone and about which nothing is proposed."""
    if not viewer.may(Permission.PLAN_DRAFT):
        return []
    statement = _left_over().where(led_by(viewer.department_id), ~_proposed())
    return session.scalars(statement.limit(limit)).unique().all()


def list_to_agree(session: Session, viewer: Actor, *, limit: int = 20) -> Sequence[Visit]:
    """List the inspections whose end waits for this head's or oversight's word."""
    if not _decides_somewhere(viewer):
        return []
    scope = sa.true() if viewer.may(Permission.CAP_OVERRIDE) else led_by(viewer.department_id)
    return session.scalars(_left_over().where(scope, _proposed()).limit(limit)).unique().all()


def _proposed() -> sa.ColumnElement[bool]:
    return sa.exists().where(
        DrawProposal.draw_id == Visit.draw_id,
        DrawProposal.entity_id == Visit.entity_id,
        DrawProposal.kind == ProposalKind.NOT_CARRIED_OUT,
        DrawProposal.state == ProposalState.OPEN,
    )


def may_propose(visit: Visit, actor: Actor) -> bool:
    """Say whether the actor may propose this now: a lead of the plan's department, after the last day of the task."""
    over = visit.draw_id is not None and visit.state in BEFORE_VISIT and clock.today() > visit.task.ends_on
    return over and actor.may(Permission.PLAN_DRAFT) and _of_lead(visit, actor)


def may_decide(visit: Visit, actor: Actor) -> bool:
    """Say whether the actor's post decides about the end of this inspection."""
    return actor.may(Permission.CAP_OVERRIDE) or (actor.may(Permission.PLAN_APPROVE) and _of_lead(visit, actor))


def _decides_somewhere(actor: Actor) -> bool:
    return actor.may(Permission.CAP_OVERRIDE) or actor.may(Permission.PLAN_APPROVE)


def _of_lead(visit: Visit, actor: Actor) -> bool:
    return actor.department_id == visit.plan_version.plan.lead_department_id


def refuse_beyond_cap(session: Session, visit: Visit, *, note: str, actor: Actor) -> None:
    """Say no to an inspection that the cap bars: it is not carried out, and its task waits for it no longer."""
    if not actor.may(Permission.CAP_OVERRIDE):
        raise Forbidden("oversight-only", "Enforcement oversight decides on inspections beyond the yearly cap.")
    lock_for_change(session, draw_of(visit))
    # what has moved on is told before the cap is asked, which an approved inspection stands within
    state_after(visit.state, VisitStep.APPROVE)
    if not check_cap(session, visit).blocks:
        raise WrongState("cap-not-reached", "Nothing bars this inspection now: it is within the cap, or let through.")
    if not note:
        raise Invalid("refusal-grounds", "Say why it does not go beyond the cap.", field="grounds")
    if find_proposed(session, visit) is not None:
        raise Conflict(
            "ending-waits", "The lead has proposed not to carry this inspection out. Decide on that proposal instead."
        )
    reason = check_reason(session, REASONS, BEYOND_CAP)
    ending = _proposal(visit, reason_code=reason.code, note=note, proposed_by=None)
    session.add(ending)
    _end(session, visit, ending, actor=actor)


def propose_ending(session: Session, visit: Visit, *, reason_code: str, note: str, actor: Actor) -> DrawProposal:
    """Propose that an inspection which its task left undone is not carried out any more, for a coded reason."""
    if not may_propose(visit, actor):
        raise Forbidden(
            "may-not-end-visit",
            "After the last day of the task, a lead of its department proposes this, before a visit.",
        )
    lock_for_change(session, draw_of(visit))
    reason = check_reason(session, REASONS, reason_code, field="reason")
    if reason.code == BEYOND_CAP:
        raise Invalid("cap-by-oversight", "Oversight decides about the yearly cap. Choose another.", field="reason")
    if not note:
        raise Invalid("ending-note", "Say what prevented the inspection.", field="note")
    if find_proposed(session, visit) is not None:
        raise Conflict("ending-proposed", "This has been proposed already and waits for an answer.")
    proposal = _proposal(visit, reason_code=reason.code, note=note, proposed_by=actor)
    session.add(proposal)
    session.flush()
    _note(session, Event.VISIT_ENDING_PROPOSED, visit, proposal, reason=note, actor=actor)
    return proposal


def agree_to_end(session: Session, visit: Visit, *, actor: Actor) -> None:
    """Agree that the inspection is not carried out; with the last one the draw opens and the task is done."""
    proposal = _proposal_to_decide(session, visit, actor)
    if proposal.proposed_by == actor.user_id:
        raise Forbidden("own-proposal", "Somebody else than who proposed it agrees to it.")
    _end(session, visit, proposal, actor=actor)


def refuse_to_end(session: Session, visit: Visit, *, note: str, actor: Actor) -> None:
    """Refuse the proposal with a reason: the inspection is still to be made."""
    proposal = _proposal_to_decide(session, visit, actor)
    if not note:
        raise Invalid("ending-refusal-note", "Say why the inspection is still to be made.", field="note")
    _close(proposal, ProposalState.REFUSED, actor=actor)
    proposal.decision_note = note
    session.flush()
    _note(session, Event.VISIT_ENDING_REFUSED, visit, proposal, reason=note, actor=actor)


def _proposal_to_decide(session: Session, visit: Visit, actor: Actor) -> DrawProposal:
    if not may_decide(visit, actor):
        raise Forbidden("may-not-decide-end", "The head of the lead department, or oversight, decides this.")
    lock_for_change(session, draw_of(visit))
    proposal = find_proposed(session, visit)
    if proposal is None:
        raise NotFound
    return proposal


def _proposal(visit: Visit, *, reason_code: str, note: str, proposed_by: Actor | None) -> DrawProposal:
    return DrawProposal(
        draw_id=draw_of(visit).id,
        kind=ProposalKind.NOT_CARRIED_OUT,
        state=ProposalState.OPEN,
        entity_id=visit.entity_id,
        reason_code=reason_code,
        note=note,
        proposed_by=proposed_by.user_id if proposed_by else None,
        proposed_department=body_of(proposed_by) if proposed_by else "",
        proposed_at=clock.now(),
    )


def _end(session: Session, visit: Visit, ending: DrawProposal, *, actor: Actor) -> None:
    visit.state = state_after(visit.state, VisitStep.GIVE_UP)
    _close(ending, ProposalState.AGREED, actor=actor)
    session.flush()
    _note(session, Event.VISIT_NOT_CARRIED_OUT, visit, ending, reason=ending.note, actor=actor)
    open_finished(session, draw_of(visit), actor=actor)


def _close(proposal: DrawProposal, state: ProposalState, *, actor: Actor) -> None:
    proposal.state, proposal.decided_by, proposal.decided_department = state, actor.user_id, body_of(actor)
    proposal.decided_at = clock.now()


def _note(session: Session, event: Event, visit: Visit, proposal: DrawProposal, *, reason: str, actor: Actor) -> None:
    details = {"reason": proposal.reason_code, "draw": visit.source_number, **sealed(session, proposal)}
    record(session, event, actor=actor, subject=("visit", visit.id), reason=reason, details=details)
