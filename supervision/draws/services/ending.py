"""Ending a draw before its time: void before the seed can be computed, abandoned afterwards (section 8)."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from sampling.freezing import opened_digest
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.seals import SEAL, seal_of
from supervision.audit.services import record
from supervision.draws.bundles import read_files
from supervision.draws.hooks import abandonment_followers
from supervision.draws.log import append_leaf, log_moment
from supervision.draws.models import Draw, DrawProposal, VoidProposal
from supervision.draws.queries import lock_draw
from supervision.draws.queries.beacons import attempts_of
from supervision.draws.rules import (
    NOT_PROPOSED,
    SYSTEM,
    WITHHELD,
    DrawState,
    LogEvent,
    ProposalKind,
    body_of,
    check_move,
    check_voidable,
    offered_reasons,
)
from supervision.draws.services.proposals import (
    close_as_agreed,
    close_as_refused,
    end_with_draw,
    lock_proposal,
    open_proposal,
    sealed,
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
    """Say whether some party other than the system still keeps its secret."""
    return any(not entry.handed_over for entry in draw.contributions if entry.by != SYSTEM)


def out_of_reach(session: Session, draw: Draw) -> bool:
    """Say whether nobody at all can compute the seed yet.

    In the reveal form that is so while a party keeps its secret. In the beacon form the secrets are here already, and
    the public value is known to the world, handed in or not, from the moment at which the first of it is published.
    """
    attempts = attempts_of(session, draw)
    if attempts:
        return log_moment(session) < attempts[0].round.begins_at
    return secrets_missing(draw)


def propose_void(session: Session, draw: Draw, *, reason: str, note: str, actor: Actor) -> VoidProposal:
    """Propose that a draw be void; somebody of another body must agree before anything happens."""
    lock_draw(session, draw)
    check_may_end(draw, actor)
    check_voidable(draw.state, out_of_reach=out_of_reach(session, draw))
    check_reason(session, VOID_REASONS, reason)
    if reason in NOT_PROPOSED - {WITHHELD}:
        raise Invalid(
            "void-for-value",
            N_(
                "A draw is never void because its public value does not come: the rule says what comes next. "
                "Choose another."
            ),
            field="reason",
        )
    if reason == WITHHELD:  # public blame, which only a deadline that has passed can give
        raise Invalid(
            "void-by-platform",
            N_(
                "The platform declares this itself, with the party's name, when the deadline has passed. "
                "Choose another."
            ),
            field="reason",
        )
    if not offered_reasons([reason], draw.state, reveals=not draw.beacon_rule):
        raise Invalid(
            "void-not-yet-possible",
            N_("This reason cannot be true of a draw that has come only so far. Choose another."),
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
        details={"number": draw.number, "code": reason, SEAL: seal_of(session, proposal)},
    )
    return proposal


def approve_void(session: Session, draw: Draw, *, actor: Actor) -> Draw:
    """Agree to a proposal of another body: the draw is void, stays in public, and its task can be drawn anew."""
    lock_draw(session, draw)
    check_may_end(draw, actor)
    check_voidable(draw.state, out_of_reach=out_of_reach(session, draw))
    proposal = session.get(VoidProposal, draw.id)
    if proposal is None:
        raise NotFound
    if proposal.proposed_by == actor.user_id or proposal.proposed_department == body_of(actor):
        raise Forbidden(
            "void-same-body", N_("Somebody of another body than the one that proposed it must agree that it be void.")
        )
    proposal.approved_by, proposal.approved_department = actor.user_id, body_of(actor)
    bodies: dict[str, object] = {"proposed_by": proposal.proposed_department, "approved_by": body_of(actor)}
    end_as_void(
        session, draw, reason=proposal.reason_code, note=proposal.note, fields=bodies, proposal=proposal, actor=actor
    )
    return draw


def end_as_void(
    session: Session,
    draw: Draw,
    *,
    reason: str,
    note: str,
    fields: Mapping[str, object],
    proposal: VoidProposal | None = None,
    actor: Actor,
) -> None:
    """Declare a locked draw void, whoever decided it: two bodies by their ``proposal``, or the platform."""
    check_voidable(draw.state, out_of_reach=out_of_reach(session, draw))
    draw.state, draw.end_reason, draw.end_note = DrawState.VOID, reason, note
    leaf = append_leaf(
        session,
        draw,
        LogEvent.VOID,
        digest=draw.commitment_digest or draw.frozen_digest,
        fields={"reason": reason, **fields},
    )
    draw.ended_at, agreed = leaf.at, dict[str, object]()
    if proposal is not None:
        proposal.approved_at = leaf.at
        agreed[SEAL] = seal_of(session, proposal)
    record(
        session,
        Event.DRAW_VOIDED,
        actor=actor,
        subject=("draw", draw.id),
        reason=note,
        details={"number": draw.number, "code": reason, **fields, **agreed},
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
    draw.state, draw.end_reason, draw.end_note = DrawState.ABANDONED, proposal.reason_code, proposal.note
    bodies: dict[str, object] = {"proposed_by": proposal.proposed_department, "approved_by": body_of(actor)}
    digest = opened_digest(read_files(session, draw), draw.hash_name)
    fields = {"reason": proposal.reason_code, **bodies}
    draw.ended_at = append_leaf(session, draw, LogEvent.ABANDONED, digest=digest, fields=fields).at
    record(
        session,
        Event.DRAW_ABANDONED,
        actor=actor,
        subject=("draw", draw.id),
        reason=proposal.note,
        details={
            "number": draw.number,
            "code": proposal.reason_code,
            "digest": digest,
            **bodies,
            **sealed(session, proposal),
        },
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
