"""Ending a draw before its time: void before the seed can be computed, abandoned afterwards (section 8)."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from sampling.freezing import opened_digest
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.draws.bundles import read_files
from supervision.draws.hooks import abandonment_followers
from supervision.draws.log import append_leaf
from supervision.draws.models import Draw, DrawProposal, VoidProposal
from supervision.draws.queries import lock_draw
from supervision.draws.rules import (
    SYSTEM,
    WITHHELD,
    DrawState,
    LogEvent,
    ProposalKind,
    body_of,
    check_move,
    check_voidable,
)
from supervision.draws.services.proposals import (
    close_as_agreed,
    close_as_refused,
    end_with_draw,
    lock_proposal,
    open_proposal,
)
from supervision.draws.services.rights import check_may_end
from supervision.errors import Conflict, Forbidden, Invalid, NotFound
from supervision.labels import N_
from supervision.parameters.queries import check_reason
from supervision.permissions import Actor
from supervision.plans.services import mark_abandoned, mark_preparing

VOID_REASONS = "void_reasons"
ABANDON_REASONS = "abandon_reasons"


def secrets_missing(draw: Draw) -> bool:
    """Say whether some party other than the system has not revealed: until then nobody can compute the seed."""
    return any(entry.secret is None for entry in draw.contributions if entry.by != SYSTEM)


def propose_void(session: Session, draw: Draw, *, reason: str, note: str, actor: Actor) -> VoidProposal:
    """Propose that a draw be void; somebody of another body must agree before anything happens."""
    lock_draw(session, draw)
    check_may_end(draw, actor)
    check_voidable(draw.state, secrets_missing=secrets_missing(draw))
    check_reason(session, VOID_REASONS, reason)
    if reason == WITHHELD:  # public blame, which only a deadline that has passed can give
        raise Invalid(
            "void-by-platform",
            N_(
                "The platform declares this itself, with the party's name, when the deadline has passed. "
                "Choose another."
            ),
            field="reason",
        )
    if session.get(VoidProposal, draw.id) is not None:
        raise Conflict("void-proposed", N_("It has already been proposed that this draw be void. Decide on that."))
    proposal = VoidProposal(
        draw_id=draw.id,
        reason_code=reason,
        note=note,
        proposed_by=actor.user_id,
        proposed_department=body_of(actor),
        proposed_at=clock.now(),
    )
    session.add(proposal)
    session.flush()
    record(
        session,
        Event.DRAW_VOID_PROPOSED,
        actor=actor,
        subject=("draw", draw.id),
        reason=note,
        details={"number": draw.number, "code": reason},
    )
    return proposal


def approve_void(session: Session, draw: Draw, *, actor: Actor) -> Draw:
    """Agree to a proposal of another body: the draw is void, stays in public, and its task can be drawn anew."""
    lock_draw(session, draw)
    check_may_end(draw, actor)
    check_voidable(draw.state, secrets_missing=secrets_missing(draw))
    proposal = session.get(VoidProposal, draw.id)
    if proposal is None:
        raise NotFound
    if proposal.proposed_by == actor.user_id or proposal.proposed_department == body_of(actor):
        raise Forbidden(
            "void-same-body", N_("Somebody of another body than the one that proposed it must agree that it be void.")
        )
    proposal.approved_by, proposal.approved_department = actor.user_id, body_of(actor)
    proposal.approved_at = clock.now()
    bodies: dict[str, object] = {"proposed_by": proposal.proposed_department, "approved_by": body_of(actor)}
    end_as_void(session, draw, reason=proposal.reason_code, note=proposal.note, fields=bodies, actor=actor)
    return draw


def end_as_void(
    session: Session, draw: Draw, *, reason: str, note: str, fields: Mapping[str, object], actor: Actor
) -> None:
    """Declare a locked draw void, whoever decided it."""
    check_voidable(draw.state, secrets_missing=secrets_missing(draw))
    draw.state = DrawState.VOID
    draw.ended_at, draw.end_reason, draw.end_note = clock.now(), reason, note
    append_leaf(
        session,
        draw,
        LogEvent.VOID,
        digest=draw.commitment_digest or draw.frozen_digest,
        fields={"reason": reason, **fields},
    )
    record(
        session,
        Event.DRAW_VOIDED,
        actor=actor,
        subject=("draw", draw.id),
        reason=note,
        details={"number": draw.number, "code": reason, **fields},
    )
    mark_preparing(session, draw.task)


def propose_abandonment(session: Session, draw: Draw, *, reason: str, note: str, actor: Actor) -> DrawProposal:
    """Propose to give up a draw that is drawn; somebody of another body must agree before anything happens.

    The list could be known by now, so giving it up is how somebody would draw until they like the list (T01).
    """
    lock_draw(session, draw)
    check_may_end(draw, actor)
    check_move(draw.state, DrawState.ABANDONED)
    check_reason(session, ABANDON_REASONS, reason)
    return open_proposal(session, draw, ProposalKind.ABANDON, reason=reason, note=note, actor=actor)


def agree_to_abandon(session: Session, draw: Draw, proposal: DrawProposal, *, actor: Actor) -> Draw:
    """Agree to a proposal of another body: nothing is visited, and what was drawn stands in public for ever."""
    lock_proposal(session, draw, proposal)
    _check_kind(proposal)
    check_may_end(draw, actor)
    check_move(draw.state, DrawState.ABANDONED)
    close_as_agreed(session, proposal, actor=actor)
    end_with_draw(session, draw, actor=actor)
    for follower in abandonment_followers():
        follower.after_abandonment(session, draw, actor=actor)
    draw.state = DrawState.ABANDONED
    draw.ended_at, draw.end_reason, draw.end_note = clock.now(), proposal.reason_code, proposal.note
    bodies: dict[str, object] = {"proposed_by": proposal.proposed_department, "approved_by": body_of(actor)}
    digest = opened_digest(read_files(session, draw), draw.hash_name)
    fields = {"reason": proposal.reason_code, **bodies}
    append_leaf(session, draw, LogEvent.ABANDONED, digest=digest, fields=fields)
    record(
        session,
        Event.DRAW_ABANDONED,
        actor=actor,
        subject=("draw", draw.id),
        reason=proposal.note,
        details={"number": draw.number, "code": proposal.reason_code, "digest": digest, **bodies},
    )
    mark_abandoned(session, draw.task)
    return draw


def refuse_to_abandon(session: Session, draw: Draw, proposal: DrawProposal, *, note: str, actor: Actor) -> None:
    """Refuse a proposal to abandon the draw, or take one's own back: the visits go on."""
    lock_proposal(session, draw, proposal)
    _check_kind(proposal)
    check_may_end(draw, actor)
    close_as_refused(session, draw, proposal, note=note, actor=actor)


def _check_kind(proposal: DrawProposal) -> None:
    if proposal.kind is not ProposalKind.ABANDON:
        raise NotFound
