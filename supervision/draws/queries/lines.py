"""The one line of a draw's mapping that belongs to an inspector: their number, certificate and salt (section 1)."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from sampling.tables import MAPPING, MappingLine, parse_mapping
from supervision.draws.bundles import read_files
from supervision.draws.models import Draw, DrawPseudonym
from supervision.draws.rules import DrawState
from supervision.permissions import Actor

UNDER_WAY = (DrawState.FROZEN, DrawState.COMMITTED, DrawState.DRAWN)


def list_own_lines(session: Session, viewer: Actor) -> list[tuple[Draw, MappingLine]]:
    """Return the viewer's own line of every draw under way whose roster has them, newest first.

    With it an inspector can later find themselves in the public roster, and prove that nobody took their place.
    Standing on a roster says nothing about being drawn.
    """
    if viewer.inspector_id is None:
        return []
    statement = (
        sa.select(Draw, DrawPseudonym.pseudonym)
        .join(DrawPseudonym, DrawPseudonym.draw_id == Draw.id)
        .where(DrawPseudonym.inspector_id == viewer.inspector_id, Draw.state.in_(UNDER_WAY))
        .order_by(Draw.id.desc())
    )
    return [(draw, _line(session, draw, pseudonym)) for draw, pseudonym in session.execute(statement)]


def _line(session: Session, draw: Draw, pseudonym: str) -> MappingLine:
    lines = parse_mapping(read_files(session, draw, [MAPPING])[MAPPING])
    return next(line for line in lines if line.pseudonym == pseudonym)
