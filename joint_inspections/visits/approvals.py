"""What lies on a head's desk: inspections to approve, those that cannot be yet, those that wait for other heads."""

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from joint_inspections.visits.caps import CapCheck, check_caps
from joint_inspections.visits.guards import find_bars
from joint_inspections.visits.models import Visit
from joint_inspections.visits.queries import list_waiting_approvals
from supervision.errors import DomainError
from supervision.permissions import Actor


@dataclass(frozen=True, slots=True)
class Desk:
    """The inspections of this week that a head has not seen through yet, each in one of five piles."""

    ready: list[Visit] = field(default_factory=list)
    over_cap: list[tuple[Visit, CapCheck]] = field(default_factory=list)
    # barred by a rule of a room above, which says what to do
    barred: list[tuple[Visit, DomainError]] = field(default_factory=list)
    incomplete: list[Visit] = field(default_factory=list)
    elsewhere: list[Visit] = field(default_factory=list)


def load_desk(session: Session, viewer: Actor) -> Desk:
    """Lay out what waits for the viewer's approval (R-3.08); empty for whoever approves nothing."""
    desk = Desk()
    waiting = list_waiting_approvals(session, viewer)
    checks, bars = check_caps(session, waiting), find_bars(session, waiting)
    for visit in waiting:
        if viewer.department_id in visit.approved_departments:
            desk.elsewhere.append(visit)
        elif not visit.team_ready:
            desk.incomplete.append(visit)
        elif checks[visit.id].blocks:
            desk.over_cap.append((visit, checks[visit.id]))
        elif visit.id in bars:
            desk.barred.append((visit, bars[visit.id]))
        else:
            desk.ready.append(visit)
    return desk
