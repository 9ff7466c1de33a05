"""Striking a drawn enterprise: on the register's word, or on a document that a second body has looked at (R-1.15).

An official change of status stands in the register, where another body or the coordinator's official file has put it.
Where the acting body recorded it itself, and for the other grounds, only a document speaks; there two people of
different bodies decide, because this is how a friend would be let off (T06).
"""

from datetime import date

from sqlalchemy.orm import Session

from supervision import clock
from supervision.draws.hooks import UnitChange
from supervision.draws.models import Draw, DrawProposal
from supervision.draws.queries import Strikable, get_strikable
from supervision.draws.queries.status_authors import status_authors
from supervision.draws.rules import STATUS_GROUNDS, DrawState, ProposalKind
from supervision.draws.services.changes import STRIKE_GROUNDS, check_ground, lock_for_change, strike_unit
from supervision.draws.services.proposals import (
    close_as_agreed,
    close_as_refused,
    lock_proposal,
    open_proposal,
    sealed,
)
from supervision.draws.services.rights import check_decides
from supervision.entities.models import Entity
from supervision.errors import Forbidden, Invalid, NotFound, RuleBroken, WrongState
from supervision.labels import N_
from supervision.parameters.queries import check_reason
from supervision.permissions import Actor


def check_strike(
    session: Session, draw: Draw, one: Strikable, *, ground: str, evidence: str, evidence_on: date | None, actor: Actor
) -> None:
    """Refuse a strike that R-1.15 does not allow; changes nothing."""
    check_decides(draw, actor)
    check_reason(session, STRIKE_GROUNDS, ground, field="ground")
    check_ground(one.entity, ground, evidence)
    if ground not in STATUS_GROUNDS:
        _check_known_before(draw, evidence_on)


def recorded_by_body(session: Session, draw: Draw, entity: Entity, actor: Actor) -> bool:
    """Say whether the status in the register is the word of the actor's own body (T06)."""
    return status_authors(session, draw, entity).speak_for(actor)


def needs_agreement(session: Session, draw: Draw, one: Strikable, *, ground: str, actor: Actor) -> bool:
    """Say whether another body must agree to the strike: a document alone speaks, or the own body's entry."""
    return ground not in STATUS_GROUNDS or recorded_by_body(session, draw, one.entity, actor)


def _check_known_before(draw: Draw, evidence_on: date | None) -> None:
    """A ground that is no change of status must have been a fact before the pool was frozen."""
    if evidence_on is None:
        raise Invalid("evidence-day", N_("Give the day of the document."), field="evidence_on")
    if evidence_on > clock.local(draw.frozen_at).date():
        raise RuleBroken(
            "ground-too-late",
            N_(
                "The document is younger than the freeze of the pool. What was no fact then is no ground; only a "
                "change of status in the register still counts."
            ),
            rule="R-1.15",
        )


def strike_on_register(
    session: Session, draw: Draw, *, entity_id: int, ground: str, evidence: str, actor: Actor
) -> UnitChange:
    """Strike a unit whose status in the register is the ground."""
    lock_for_change(session, draw)
    one = get_strikable(session, draw, entity_id, viewer=actor)
    if ground not in STATUS_GROUNDS:
        raise Forbidden("two-bodies", N_("This ground rests on a document: another body must agree to the strike."))
    if needs_agreement(session, draw, one, ground=ground, actor=actor):
        raise Forbidden(
            "own-record",
            N_("Your own body recorded this status in the register. Propose the strike: another body must agree."),
        )
    check_strike(session, draw, one, ground=ground, evidence=evidence, evidence_on=None, actor=actor)
    return strike_unit(session, draw, unit_id=one.entity.unit_id, ground=ground, evidence=evidence, actor=actor)


def propose_strike(
    session: Session, draw: Draw, *, entity_id: int, ground: str, evidence: str, evidence_on: date | None, actor: Actor
) -> DrawProposal:
    """Propose to strike a unit on a document, or on the own body's entry; somebody of another body must agree."""
    lock_for_change(session, draw)
    one = get_strikable(session, draw, entity_id, viewer=actor)
    check_strike(session, draw, one, ground=ground, evidence=evidence, evidence_on=evidence_on, actor=actor)
    return open_proposal(
        session,
        draw,
        ProposalKind.STRIKE,
        reason=ground,
        note=evidence,
        entity_id=entity_id,
        evidence_on=evidence_on,
        actor=actor,
    )


def agree_to_strike(session: Session, draw: Draw, proposal: DrawProposal, *, actor: Actor) -> UnitChange:
    """Agree to a strike that another body has proposed: the unit is struck, the next of its reserve follows."""
    lock_for_change(session, draw)
    lock_proposal(session, draw, proposal)
    entity_id = _entity_of(proposal)
    check_decides(draw, actor)
    one = _still_strikable(session, draw, entity_id)
    _check_looks_at_another(session, draw, proposal, one, actor=actor)
    close_as_agreed(session, proposal, actor=actor)
    evidence = f"{proposal.note} ({proposal.evidence_on})" if proposal.evidence_on else proposal.note
    return strike_unit(
        session,
        draw,
        unit_id=one.entity.unit_id,
        ground=proposal.reason_code,
        evidence=evidence,
        agreed=sealed(session, proposal),
        actor=actor,
    )


def _check_looks_at_another(
    session: Session, draw: Draw, proposal: DrawProposal, one: Strikable, *, actor: Actor
) -> None:
    """Who agrees to a strike for a status belongs to no body that recorded it."""
    if proposal.reason_code in STATUS_GROUNDS and recorded_by_body(session, draw, one.entity, actor):
        raise Forbidden(
            "agreed-own-record",
            N_("Your own body recorded this status in the register. Somebody of another body must agree."),
        )


def _still_strikable(session: Session, draw: Draw, entity_id: int) -> Strikable:
    try:
        return get_strikable(session, draw, entity_id, viewer=None)
    except NotFound as error:
        raise WrongState(
            "strike-too-late", N_("This enterprise is struck already or its visit has begun. Refuse the proposal.")
        ) from error


def refuse_strike(session: Session, draw: Draw, proposal: DrawProposal, *, note: str, actor: Actor) -> None:
    """Refuse the strike, or take one's own proposal back: the unit is visited."""
    lock_proposal(session, draw, proposal)
    _entity_of(proposal)
    check_decides(draw, actor)
    if draw.state not in {DrawState.DRAWN, DrawState.OPENED}:
        raise WrongState("draw-not-running", N_("Only a draw whose visits are under way can be changed."))
    close_as_refused(session, draw, proposal, note=note, actor=actor)


def _entity_of(proposal: DrawProposal) -> int:
    if proposal.kind is not ProposalKind.STRIKE or proposal.entity_id is None:
        raise NotFound
    return proposal.entity_id
