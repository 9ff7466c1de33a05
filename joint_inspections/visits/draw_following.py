"""What a draw leads to: a visit per drawn unit with its team, kept in step with strikes and replacements."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, lazyload

from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import (
    BEFORE_VISIT,
    FALLEN_AWAY,
    VisitState,
    VisitStep,
    spread,
    state_after,
    visiting_days,
)
from joint_inspections.visits.teams import Change, Place, change_team, seats
from supervision import clock
from supervision.draws.hooks import MemberChange, UnitChange
from supervision.draws.models import Draw, DrawMember, DrawUnit
from supervision.draws.rules import UnitState
from supervision.permissions import Actor
from supervision.plans.rules import TeamMode
from supervision.workdays.queries import get_calendar


def _nothing() -> sa.ColumnElement[bool]:
    return sa.false()


@dataclass(frozen=True, slots=True)
class VisitsOfDraw:
    """Follows every draw (see ``supervision.draws.hooks``); the draw writes the audit entry.

    ``answered`` is the condition of an approved visit that waits for nobody's word, told by the room that publishes.
    """

    answered: Callable[[], sa.ColumnElement[bool]] = _nothing

    def after_draw(self, session: Session, draw: Draw, *, actor: Actor) -> None:  # noqa: ARG002 - the hook's signature
        """Make the visits of a draw just sealed."""
        units = session.scalars(
            sa.select(DrawUnit)
            .where(DrawUnit.draw_id == draw.id, DrawUnit.state != UnitState.STRUCK)
            .order_by(DrawUnit.ticket, DrawUnit.entity_id)
        ).all()
        team_members = _members(session, draw)
        days = _days(session, draw)
        for batch in _batches(draw, units):
            for unit, day in zip(batch, spread(len(batch), days), strict=True):
                session.add(_visit(draw, unit, day, team_members[unit.team]))
        session.flush()

    def visits_done(self, session: Session, draw: Draw) -> bool:
        """Say whether every visit is published, explained by who has not, or ended, so that the bundle may be opened.

        R-1.44: a task is complete when every participant has submitted or has recorded a reason.
        """
        open_visit = sa.select(Visit.id).where(
            Visit.draw_id == draw.id,
            Visit.state.not_in(FALLEN_AWAY),
            Visit.published_at.is_(None),
            sa.not_(self.answered()),
        )
        visited = session.scalar(sa.select(Visit.id).where(Visit.draw_id == draw.id).limit(1)) is not None
        return visited and session.scalar(open_visit.limit(1)) is None

    def after_strike(self, session: Session, change: UnitChange, *, actor: Actor) -> None:  # noqa: ARG002 - the hook's
        """Strike the unit's visit and make one for its successor."""
        struck = session.scalar(
            sa.select(Visit).where(Visit.draw_id == change.draw.id, Visit.entity_id == change.struck.entity_id)
        )
        if struck is not None:
            struck.state = state_after(struck.state, VisitStep.STRIKE)
        if change.successor is not None:
            day = _days(session, change.draw)[0]
            if struck is not None:
                day = max(day, struck.planned_on)
            members = _members(session, change.draw)[change.successor.team]
            session.add(_visit(change.draw, change.successor, day, members))
        session.flush()

    def after_abandonment(self, session: Session, draw: Draw, *, actor: Actor) -> None:  # noqa: ARG002 - the hook's
        """Cancel the visits of an abandoned draw; refused when a team has already been at a door."""
        visits = session.scalars(
            sa.select(Visit).where(Visit.draw_id == draw.id, Visit.state.not_in(FALLEN_AWAY)).options(lazyload("*"))
        )
        for visit in visits:
            visit.state = state_after(visit.state, VisitStep.CANCEL)
        session.flush()

    def after_replacement(self, session: Session, change: MemberChange, *, actor: Actor) -> None:
        """Send the successor on the visits that have not begun; those already made keep who made them."""
        visits = session.scalars(
            sa.select(Visit).where(
                Visit.draw_id == change.draw.id, Visit.team == change.team, Visit.state.in_(BEFORE_VISIT)
            )
        ).all()
        for visit in visits:
            change_team(session, visit, _change(change), actor=actor)
        session.flush()


def _members(session: Session, draw: Draw) -> dict[str, list[DrawMember]]:
    rows = session.scalars(
        sa.select(DrawMember).where(DrawMember.draw_id == draw.id, ~DrawMember.left).order_by(DrawMember.id)
    )
    found: dict[str, list[DrawMember]] = defaultdict(list)
    for member in rows:
        found[member.team].append(member)
    return found


def _days(session: Session, draw: Draw) -> list[date]:
    start = max(draw.task.starts_on, clock.today())
    return visiting_days(start, draw.task.ends_on, get_calendar(session))


def _batches(draw: Draw, units: Sequence[DrawUnit]) -> Iterable[Sequence[DrawUnit]]:
    """Groups spread their visits each over the whole period; teams of one visit are spread together."""
    if draw.task.plan_version.team_mode is TeamMode.VISIT:
        return [units]
    teams: dict[str, list[DrawUnit]] = defaultdict(list)
    for unit in units:
        teams[unit.team].append(unit)
    return [teams[team] for team in sorted(teams)]


def _visit(draw: Draw, unit: DrawUnit, day: date, members: Sequence[DrawMember]) -> Visit:
    return Visit(
        task_id=draw.task_id,
        draw_id=draw.id,
        entity_id=unit.entity_id,
        team=unit.team,
        state=VisitState.ASSIGNED,
        planned_on=day,
        created_at=clock.now(),
        members=seats(Place(one.inspector_id, one.department_id, one.lead) for one in members),
    )


def _change(change: MemberChange) -> Change:
    follower = change.successor
    successor = Place(follower.inspector_id, follower.department_id) if follower else None
    return Change(change.out.inspector_id, successor, change.leader_id)
