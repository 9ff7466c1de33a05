"""Reading proposals of two bodies about a draw."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.draws.log import log_moment
from supervision.draws.models import Draw, DrawProposal, VoidProposal
from supervision.draws.queries.beacons import attempts_of
from supervision.draws.queries.files import visible
from supervision.draws.rules import ENDED, OF_TWO_BODIES, DrawState, ProposalKind, ProposalState, body_of
from supervision.errors import NotFound
from supervision.permissions import Actor, Permission


def find_open_proposal(
    session: Session, draw: Draw, kind: ProposalKind, *, entity_id: int | None = None
) -> DrawProposal | None:
    """Return the open proposal of this kind (about this unit), if there is one."""
    statement = sa.select(DrawProposal).where(
        DrawProposal.draw_id == draw.id,
        DrawProposal.kind == kind,
        DrawProposal.state == ProposalState.OPEN,
        DrawProposal.entity_id.is_not_distinct_from(entity_id),
    )
    return session.scalar(statement)


def find_agreed_redraw(session: Session, draw: Draw) -> DrawProposal | None:
    """Return the agreement of two bodies to draw the task of an abandoned draw anew, if there is one."""
    statement = sa.select(DrawProposal).where(
        DrawProposal.draw_id == draw.id,
        DrawProposal.kind == ProposalKind.REDRAW,
        DrawProposal.state == ProposalState.AGREED,
    )
    return session.scalar(statement)


def list_to_judge(session: Session, viewer: Actor) -> list[Draw]:
    """List the draws in which another body proposed something that the viewer may agree to, oldest first."""
    if not viewer.may(Permission.DRAW_VOID):
        return []
    open_elsewhere = sa.select(DrawProposal.draw_id).where(
        DrawProposal.state == ProposalState.OPEN, DrawProposal.proposed_department != body_of(viewer)
    )
    proposed = open_elsewhere.where(DrawProposal.kind.in_(OF_TWO_BODIES - {ProposalKind.REDRAW}))
    anew = open_elsewhere.where(DrawProposal.kind == ProposalKind.REDRAW)
    void = sa.select(VoidProposal.draw_id).where(
        VoidProposal.approved_at.is_(None), VoidProposal.proposed_department != body_of(viewer)
    )
    waiting = sa.or_(
        sa.and_(Draw.id.in_(proposed), Draw.state.not_in(ENDED)),
        Draw.id.in_(anew),
        # once the seed can be computed nobody can agree to it any more
        sa.and_(Draw.id.in_(void), Draw.state.in_([DrawState.FROZEN, DrawState.COMMITTED])),
    )
    statement = sa.select(Draw).where(waiting, visible(viewer), Draw.frozen_by.is_distinct_from(viewer.user_id))
    found = session.scalars(statement.order_by(Draw.id))
    return [draw for draw in found if draw.state is not DrawState.COMMITTED or _still_voidable(session, draw)]


def _still_voidable(session: Session, draw: Draw) -> bool:
    attempts = attempts_of(session, draw)
    return not attempts or log_moment(session) < attempts[0].round.begins_at


def get_proposal(session: Session, draw: Draw, proposal_id: int) -> DrawProposal:
    """Return a proposal about this draw, or refuse; who may decide it is the service's question."""
    statement = sa.select(DrawProposal).where(
        DrawProposal.id == proposal_id, DrawProposal.draw_id == draw.id, DrawProposal.kind.in_(OF_TWO_BODIES)
    )
    found = session.scalar(statement)
    if found is None:
        raise NotFound
    return found


def list_proposals(session: Session, draw: Draw, kind: ProposalKind) -> list[DrawProposal]:
    """List every proposal of this kind about a draw, newest first."""
    statement = (
        sa.select(DrawProposal)
        .where(DrawProposal.draw_id == draw.id, DrawProposal.kind == kind)
        .order_by(DrawProposal.id.desc())
    )
    return list(session.scalars(statement))
