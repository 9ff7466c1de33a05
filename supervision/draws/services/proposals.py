"""What one body proposes after a draw and another must agree to (section 8; security sheet, T01 and T06).

Abandoning a drawn list is the way to draw again, and striking somebody on a document alone is the way to let a friend
off: neither is one person's, nor one department's.
"""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision import clock
from supervision.audit.events import Event
from supervision.audit.seals import SEAL, seal_of
from supervision.audit.services import record
from supervision.draws.models import Draw, DrawProposal
from supervision.draws.queries import find_open_proposal, lock_draw
from supervision.draws.rules import ProposalKind, ProposalState, body_of
from supervision.errors import Conflict, Forbidden, Invalid, WrongState
from supervision.labels import N_
from supervision.permissions import Actor

_PROPOSED = {
    ProposalKind.ABANDON: Event.DRAW_ABANDON_PROPOSED,
    ProposalKind.STRIKE: Event.STRIKE_PROPOSED,
    ProposalKind.REDRAW: Event.REDRAW_PROPOSED,
}


def open_proposal(
    session: Session,
    draw: Draw,
    kind: ProposalKind,
    *,
    reason: str,
    note: str,
    entity_id: int | None = None,
    evidence_on: date | None = None,
    actor: Actor,
) -> DrawProposal:
    """Put a proposal to the other bodies; the draw is locked and everything else about it checked.

    The entry in the log does not name the unit: the log is read by people who may not know who was drawn.
    """
    if not note.strip():
        raise Invalid("note-missing", N_("Explain the proposal, so that the other body can judge it."), field="note")
    if find_open_proposal(session, draw, kind, entity_id=entity_id) is not None:
        raise Conflict("already-proposed", N_("This has been proposed already. Somebody of another body decides it."))
    proposal = DrawProposal(
        draw_id=draw.id,
        kind=kind,
        state=ProposalState.OPEN,
        entity_id=entity_id,
        reason_code=reason,
        note=note,
        evidence_on=evidence_on,
        proposed_by=actor.user_id,
        proposed_department=body_of(actor),
        proposed_at=clock.now(),
    )
    session.add(proposal)
    session.flush()
    details = {"number": draw.number, "code": reason, **sealed(session, proposal)}
    reason_told = _told(kind, note)
    record(session, _PROPOSED[kind], actor=actor, subject=("draw", draw.id), reason=reason_told, details=details)
    return proposal


def lock_proposal(session: Session, draw: Draw, proposal: DrawProposal) -> None:
    """Take the draw's lock, then read the proposal anew: it is decided once."""
    lock_draw(session, draw)
    session.execute(sa.select(DrawProposal.id).where(DrawProposal.id == proposal.id).with_for_update())
    session.refresh(proposal)
    if proposal.state is not ProposalState.OPEN:
        raise WrongState("proposal-decided", N_("This proposal has been decided already."))


def close_as_agreed(session: Session, proposal: DrawProposal, *, actor: Actor) -> None:
    """Note that somebody of another body agrees; the caller does what was proposed."""
    if proposal.proposed_by == actor.user_id or proposal.proposed_department == body_of(actor):
        raise Forbidden(
            "proposal-same-body", N_("Somebody of another body than the one that proposed it must agree to it.")
        )
    _close(session, proposal, ProposalState.AGREED, note="", actor=actor)


def close_as_refused(session: Session, draw: Draw, proposal: DrawProposal, *, note: str, actor: Actor) -> None:
    """Refuse a locked proposal, or take one's own back; the reason stays on record."""
    if not note.strip():
        raise Invalid("refusal-note", N_("Say why the proposal is refused."), field="note")
    _close(session, proposal, ProposalState.REFUSED, note=note, actor=actor)
    details = {"number": draw.number, "kind": proposal.kind.value, **sealed(session, proposal)}
    reason = _told(proposal.kind, note)
    record(session, Event.DRAW_PROPOSAL_REFUSED, actor=actor, subject=("draw", draw.id), reason=reason, details=details)


def end_with_draw(session: Session, draw: Draw, *, actor: Actor) -> None:
    """Close what is still proposed about a locked draw that ends: nobody could decide it any more."""
    waiting = sa.select(DrawProposal).where(DrawProposal.draw_id == draw.id, DrawProposal.state == ProposalState.OPEN)
    for proposal in session.scalars(waiting.order_by(DrawProposal.id).with_for_update(of=DrawProposal)).all():
        _close(session, proposal, ProposalState.LAPSED, note="", actor=actor)
        details = {"number": draw.number, "kind": proposal.kind.value, **sealed(session, proposal)}
        record(session, Event.DRAW_PROPOSAL_LAPSED, actor=actor, subject=("draw", draw.id), details=details)


def sealed(session: Session, proposal: DrawProposal) -> dict[str, object]:
    """Return which proposal an entry in the log speaks of, and the seal of what it says now."""
    return {"proposal": proposal.id, SEAL: seal_of(session, proposal)}


def _told(kind: ProposalKind, note: str) -> str:
    """Return what the log may repeat of a note: one about a unit may name it, and the draw is still sealed."""
    return "" if kind is ProposalKind.STRIKE else note


def _close(session: Session, proposal: DrawProposal, state: ProposalState, *, note: str, actor: Actor) -> None:
    proposal.state, proposal.decision_note = state, note
    proposal.decided_by, proposal.decided_department = actor.user_id, body_of(actor)
    proposal.decided_at = clock.now()
    session.flush()
