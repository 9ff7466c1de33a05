"""Reading proposals of two bodies about a draw."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.draws.models import Draw, DrawProposal
from supervision.draws.rules import ProposalKind, ProposalState
from supervision.errors import NotFound


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


def get_proposal(session: Session, draw: Draw, proposal_id: int) -> DrawProposal:
    """Return a proposal about this draw, or refuse; who may decide it is the service's question."""
    statement = sa.select(DrawProposal).where(DrawProposal.id == proposal_id, DrawProposal.draw_id == draw.id)
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
