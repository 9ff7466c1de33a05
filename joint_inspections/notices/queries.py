"""Reading notices."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from joint_inspections.notices.models import Notice
from joint_inspections.notices.rules import Standing, holds_for
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import FALLEN_AWAY, VisitState
from supervision import clock
from supervision.errors import NotFound


def digest_of_visit(visit: Visit) -> str:
    """Return what a notice must hold for to be good for this visit now."""
    return holds_for(visit.planned_on, (one.inspector.certificate_number for one in visit.team_now))


def list_notices(session: Session, visit: Visit) -> Sequence[Notice]:
    """List the notices issued for a visit, newest first."""
    return session.scalars(sa.select(Notice).where(Notice.visit_id == visit.id).order_by(Notice.id.desc())).all()


def has_current_notice(session: Session, visit: Visit) -> bool:
    """Say whether a notice was issued for the present day and team."""
    statement = sa.select(Notice.id).where(Notice.visit_id == visit.id, Notice.holds_for == digest_of_visit(visit))
    return session.execute(statement.limit(1)).first() is not None


def standing(notice: Notice) -> Standing:
    """Say how a notice stands now, for whoever holds the paper."""
    visit = notice.visit
    if visit.state in FALLEN_AWAY:
        return Standing.ENDED
    if notice.holds_for != digest_of_visit(visit) or visit.state is VisitState.ASSIGNED:
        return Standing.CHANGED
    begun_earlier = visit.visited_at is not None and visit.visited_at < clock.begin_of(clock.today())
    return Standing.OVER if begun_earlier else Standing.HOLDS


def get_notice(session: Session, visit: Visit, notice_id: int) -> Notice:
    """Return a notice of a visit the caller may see, or refuse."""
    found = session.scalar(sa.select(Notice).where(Notice.id == notice_id, Notice.visit_id == visit.id))
    if found is None:
        raise NotFound
    return found


def get_by_token(session: Session, token: str) -> Notice:
    """Return the notice whose code was scanned, or refuse."""
    statement = sa.select(Notice).where(Notice.token == token).options(joinedload(Notice.visit))
    found = session.scalar(statement) if token else None
    if found is None:
        raise NotFound
    return found
