"""What draws need to know of visits that have not begun: which teams still go, when, and whether it is disclosed."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import BEFORE_VISIT, week_end
from supervision import clock
from supervision.draws.hooks import OpenVisit
from supervision.draws.models import Draw


def open_visits(session: Session, draw: Draw) -> Iterator[OpenVisit]:
    """Yield every visit of the draw that has not begun, in the order of the days."""
    last_disclosed = week_end(clock.today())
    statement = (
        sa.select(Visit.entity_id, Visit.team, Visit.planned_on)
        .where(Visit.draw_id == draw.id, Visit.state.in_(BEFORE_VISIT))
        .order_by(Visit.planned_on, Visit.id)
    )
    for entity_id, team, planned_on in session.execute(statement):
        yield OpenVisit(entity_id, team, planned_on, disclosed=planned_on <= last_disclosed)
