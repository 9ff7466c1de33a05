"""Who can no longer come, who can be replaced, which units can be struck: for those who decide it, nobody else.

While a draw is sealed its teams and units are known to nobody. The head of an inspector's department learns of that
inspector when the register shows that they cannot go, or when their visit is disclosed; of a unit when its visit is
disclosed, or when another department has recorded that it has ceased: then nobody is warned any more (T13).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision import clock
from supervision.draws import hooks
from supervision.draws.hooks import OpenVisit
from supervision.draws.models import Draw, DrawMember, DrawUnit
from supervision.draws.queries.files import public_list_allowed, visible
from supervision.draws.queries.status_authors import status_authors
from supervision.draws.rules import STATUS_GROUNDS, DrawState, UnitState
from supervision.entities.models import Entity
from supervision.errors import NotFound
from supervision.inspectors.models import Absence, Inspector
from supervision.inspectors.rules import AbsenceKind, InspectorStatus, certificate_valid
from supervision.permissions import Actor, Permission
from supervision.plans.models import Task


@dataclass(frozen=True, slots=True)
class Caution:
    """An inspector who can no longer come: the ground on record, and the teams and visits it concerns."""

    ground: str
    teams: tuple[str, ...]
    visits: int


@dataclass(frozen=True, slots=True)
class Replaceable:
    """An inspector on teams that still go.

    ``shown`` are the teams this viewer may know of, with the units they go to; ``cautions`` stand in the register.
    """

    inspector: Inspector
    department_id: int
    teams: tuple[str, ...]
    shown: Mapping[str, tuple[str, ...]]
    cautions: tuple[Caution, ...]

    def teams_for(self, ground: str) -> tuple[str, ...]:
        """Return the teams for which the register shows ``ground``."""
        return next((one.teams for one in self.cautions if one.ground == ground), ())


@dataclass(frozen=True, slots=True)
class Strikable:
    """A drawn unit that the viewer may know of; ``ground`` when the register shows one."""

    entity: Entity
    ground: str


def decides_on(viewer: Actor) -> sa.ColumnElement[bool] | None:
    """Return the condition on team members whose replacement ``viewer`` decides: the head's own, or oversight's all."""
    if viewer.may(Permission.RECUSAL_DECIDE):
        return DrawMember.department_id == viewer.department_id
    return sa.true() if viewer.may(Permission.DRAW_VOID) and viewer.may(Permission.OVERSIGHT_VIEW) else None


def list_replaceable(session: Session, viewer: Actor, draw: Draw) -> list[Replaceable]:
    """List the inspectors this viewer may have replaced now, those who can no longer come first."""
    condition = decides_on(viewer)
    if condition is None or draw.state not in {DrawState.DRAWN, DrawState.OPENED}:
        return []
    visits: dict[str, list[OpenVisit]] = defaultdict(list)
    for visit in hooks.open_visits(session, draw):
        visits[visit.team].append(visit)
    statement = sa.select(DrawMember).where(DrawMember.draw_id == draw.id, DrawMember.left.is_(False), condition)
    members: dict[int, list[DrawMember]] = defaultdict(list)
    for member in session.scalars(statement.order_by(DrawMember.team)):
        if member.team in visits:
            members[member.inspector_id].append(member)
    absences = _absences(session, members)
    names = _names(session, visits.values(), public=public_list_allowed(draw))
    found = [_replaceable(own, visits, absences[identifier], names) for identifier, own in members.items()]
    known = [one for one in found if one.cautions or one.shown]
    return sorted(known, key=lambda one: (not one.cautions, one.inspector.sort_key, one.inspector.id))


def get_replaceable(session: Session, viewer: Actor, draw: Draw, inspector_id: int) -> Replaceable:
    """Return one of them, or refuse as if they were on no team."""
    for one in list_replaceable(session, viewer, draw):
        if one.inspector.id == inspector_id:
            return one
    raise NotFound


def count_unable(session: Session, viewer: Actor) -> list[tuple[Draw, int]]:
    """Count, per draw under way, the inspectors of this head's department who can no longer come.

    One statement finds the draws where somebody may be meant; only those are looked at visit by visit.
    """
    if not viewer.may(Permission.RECUSAL_DECIDE):
        return []
    statement = sa.select(Draw).join(Task, Task.id == Draw.task_id)
    statement = statement.where(visible(viewer), Draw.state == DrawState.DRAWN, _has_doubtful_member(viewer))
    found = []
    for draw in session.scalars(statement.order_by(Draw.id)):
        count = sum(bool(one.cautions) for one in list_replaceable(session, viewer, draw))
        if count:
            found.append((draw, count))
    return found


def _has_doubtful_member(viewer: Actor) -> sa.ColumnElement[bool]:
    """Return whether somebody of the viewer's department might be unable to come on some day of the task.

    Wider than :func:`ground_on`, never narrower: no visit is planned before the task, nor after its end and today.
    """
    today = clock.today()
    absence = sa.select(Absence.id).where(
        Absence.inspector_id == Inspector.id,
        Absence.ends_on >= Task.starts_on,
        sa.or_(Absence.starts_on <= Task.ends_on, Absence.starts_on <= today),
    )
    away = absence.correlate(Inspector, Task).exists()
    doubtful = sa.or_(
        Inspector.department_id != DrawMember.department_id,
        Inspector.status.in_([InspectorStatus.LEFT, InspectorStatus.SUSPENDED]),
        Inspector.certificate_valid_until < Task.ends_on,
        Inspector.certificate_valid_until < today,
        away,
    )
    member = sa.select(DrawMember.id).join(Inspector, Inspector.id == DrawMember.inspector_id)
    member = member.where(
        DrawMember.draw_id == Draw.id,
        DrawMember.left.is_(False),
        DrawMember.department_id == viewer.department_id,
        doubtful,
    )
    return member.correlate(Draw, Task).exists()


def _absences(session: Session, inspectors: Iterable[int]) -> Mapping[int, list[Absence]]:
    found: dict[int, list[Absence]] = defaultdict(list)
    for absence in session.scalars(sa.select(Absence).where(Absence.inspector_id.in_(list(inspectors)))):
        found[absence.inspector_id].append(absence)
    return found


def _names(session: Session, teams: Iterable[Sequence[OpenVisit]], *, public: bool) -> dict[int, str]:
    """Return the names of the units whose visits are disclosed."""
    ids = {visit.entity_id for visits in teams for visit in visits if public or visit.disclosed}
    rows = session.execute(sa.select(Entity.id, Entity.name).where(Entity.id.in_(ids)))
    return {row.id: row.name for row in rows}


def _replaceable(
    own: Sequence[DrawMember],
    visits: Mapping[str, Sequence[OpenVisit]],
    absences: Sequence[Absence],
    names: Mapping[int, str],
) -> Replaceable:
    inspector = own[0].inspector
    concerned: dict[str, list[OpenVisit]] = defaultdict(list)
    for member in own:
        moved = member.department_id != inspector.department_id
        for visit in visits[member.team]:
            if ground := ground_on(inspector, visit.planned_on, absences, moved=moved):
                concerned[ground].append(visit)
    shown = {
        member.team: tuple(names[visit.entity_id] for visit in visits[member.team] if visit.entity_id in names)
        for member in own
    }
    return Replaceable(
        inspector=inspector,
        department_id=own[0].department_id,
        teams=tuple(member.team for member in own),
        shown={team: units for team, units in shown.items() if units},
        cautions=tuple(
            Caution(ground, tuple(sorted({visit.team for visit in found})), len(found))
            for ground, found in sorted(concerned.items())
        ),
    )


def ground_on(inspector: Inspector, day: date, absences: Iterable[Absence], *, moved: bool) -> str:
    """Return the ground on record why an inspector cannot go on a day, or nothing (R-1.21, R-1.24)."""
    if moved or inspector.status is InspectorStatus.LEFT:
        return "transfer"
    if inspector.status is InspectorStatus.SUSPENDED:
        return "suspended"
    if not certificate_valid(inspector.certificate_valid_until, on=day):
        return "certificate-expired"
    for absence in absences:
        if absence.starts_on <= day <= absence.ends_on:
            return "illness" if absence.kind is AbsenceKind.ILLNESS else "leave"
    return ""


def list_strikable(session: Session, draw: Draw, *, viewer: Actor | None) -> list[Strikable]:
    """List the drawn units not yet visited that may be spoken of now, those with a ground in the register first.

    An undisclosed one that the register shows to have ceased is told to nobody of a department that recorded it: by
    setting and lifting a status one could ask of any enterprise whether it is drawn (T13). ``viewer`` is None for a
    step that speaks of a unit known already.
    """
    if draw.state not in {DrawState.DRAWN, DrawState.OPENED}:
        return []
    visits = {visit.entity_id: visit for visit in hooks.open_visits(session, draw)}
    public = public_list_allowed(draw)
    statement = sa.select(DrawUnit).where(DrawUnit.draw_id == draw.id, DrawUnit.state != UnitState.STRUCK)
    found = []
    for unit in session.scalars(statement):
        ground = next((code for code, status in STATUS_GROUNDS.items() if unit.entity.status is status), "")
        visit = visits.get(unit.entity_id)
        if visit is None:
            continue
        if public or visit.disclosed or (ground and _tells(session, draw, unit.entity, viewer=viewer)):
            found.append(Strikable(unit.entity, ground))
    return sorted(found, key=lambda one: (not one.ground, one.entity.sort_key, one.entity.id))


def _tells(session: Session, draw: Draw, entity: Entity, *, viewer: Actor | None) -> bool:
    """Say whether somebody else's word in the register tells ``viewer`` of a unit that is still sealed."""
    return viewer is None or not status_authors(session, draw, entity).include_body_of(viewer)


def get_strikable(session: Session, draw: Draw, entity_id: int, *, viewer: Actor | None) -> Strikable:
    """Return one of them, or refuse as if it were not drawn: sealed and not drawn look the same."""
    for one in list_strikable(session, draw, viewer=viewer):
        if one.entity.id == entity_id:
            return one
    raise NotFound
