"""Reading notices."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from joint_inspections.experts.models import ExpertPlace
from joint_inspections.experts.queries import experts_of
from joint_inspections.notices.models import Notice
from joint_inspections.notices.rules import Standing, holds_for
from joint_inspections.visits.meeting import meeting_of
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import FALLEN_AWAY, VisitState
from supervision import clock
from supervision.errors import NotFound
from supervision.labels import N_


def digest_of_visit(visit: Visit, experts: Sequence[ExpertPlace] | None = None) -> str:
    """Return what a notice must hold for to be good for this visit now.

    ``experts`` are those who take part, from whoever asks for many visits; else they are read here.
    """
    assisting = experts_of(visit) if experts is None else experts
    certificates = (one.inspector.certificate_number for one in visit.team_now)
    return holds_for(visit.planned_on, certificates, (one.expert_id for one in assisting))


def list_notices(session: Session, visit: Visit) -> Sequence[Notice]:
    """List the notices issued for a visit, newest first."""
    return session.scalars(sa.select(Notice).where(Notice.visit_id == visit.id).order_by(Notice.id.desc())).all()


def has_current_notice(session: Session, visit: Visit) -> bool:
    """Say whether a notice was issued for the present day and team."""
    statement = sa.select(Notice.id).where(Notice.visit_id == visit.id, Notice.holds_for == digest_of_visit(visit))
    return session.execute(statement.limit(1)).first() is not None


def tells_who_comes_along(session: Session, notice: Notice) -> bool:
    """Say whether a notice names just those who come through the same door now; old ones are taken as they are."""
    if notice.facts is None:
        return True
    named = [list(bodies) for bodies in notice.facts["zh"].get("together", [])]
    return named == [[one.name_zh for one in bodies] for bodies in meeting_of(session, notice.visit).together]


def missing_notice(session: Session, visit: Visit) -> list[str]:
    """Name the notice where an urgent visit still lacks it, as a message id."""
    lacks = visit.state not in FALLEN_AWAY and not has_current_notice(session, visit)
    return [N_("The notice with its code is still to be issued.")] if lacks else []


def standing(notice: Notice) -> Standing:
    """Say how a notice stands now, for whoever holds the paper."""
    visit = notice.visit
    if visit.state in FALLEN_AWAY:
        return Standing.ENDED
    unapproved = visit.state is VisitState.ASSIGNED and visit.reported_at is None
    if notice.holds_for != digest_of_visit(visit) or unapproved:
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
