"""The draw itself, once per commitment, and its opening (draw protocol, sections 7 and 8)."""

import hashlib
from collections import Counter

import sqlalchemy as sa
from sqlalchemy.orm import Session

from sampling.bundle import Bundle
from sampling.drawing import draw as draw_record
from sampling.freezing import opened_digest
from sampling.records import RECORD, Record
from supervision.audit.disclosure import record_export
from supervision.audit.events import DisclosedList, Event
from supervision.audit.services import record as record_audit
from supervision.departments.models import Department
from supervision.draws.bundles import load_bundle, read_files, store_file
from supervision.draws.hooks import followers, opening_followers
from supervision.draws.log import append_leaf
from supervision.draws.models import Draw, DrawMember, DrawPseudonym, DrawUnit
from supervision.draws.queries import list_overdue, list_running, lock_draw
from supervision.draws.rules import SYSTEM, DrawState, LogEvent, UnitState, check_move
from supervision.draws.services.beacons import value_of
from supervision.draws.services.contributing import lock_for, secrets_of
from supervision.draws.services.ending import secrets_missing
from supervision.draws.services.rights import check_leads, takes_part
from supervision.draws.vault import Operator
from supervision.entities.models import Entity
from supervision.errors import Forbidden, WrongState
from supervision.labels import N_
from supervision.permissions import Actor, system_actor
from supervision.plans.rules import TaskState
from supervision.plans.services import mark_finished, mark_running

_CHUNK = 500


def carry_out(session: Session, draw: Draw, *, actor: Actor, operator: Operator) -> Draw:
    """Draw: the system's secret joins last, and the public value where there is one; the record is sealed.

    Exactly once per commitment. A second click, a retry after a time-out or a crash finds either nothing done,
    and computes the same bytes from the same files and secrets, or the record that is there.
    """
    lock_draw(session, draw)
    if not takes_part(draw, actor):
        raise Forbidden("draw-refused", N_("Only participating departments and oversight carry out this draw."))
    if draw.record_digest is not None:
        return draw
    check_move(draw.state, DrawState.DRAWN)
    if secrets_missing(draw):
        raise WrongState("secrets-missing", N_("Not every party has revealed its secret yet."))
    own = next(entry for entry in draw.contributions if entry.by == SYSTEM)
    value = value_of(session, draw)
    own.locked_secret = lock_for(session, draw, own, operator.take_out(draw.system_secret, draw=draw.number))
    bundle = load_bundle(session, draw)
    result = draw_record(bundle, secrets_of(session, draw), value)
    draw.record_digest = store_file(session, draw, RECORD, result.to_bytes())
    draw.state = DrawState.DRAWN
    draw.team_count, draw.unfilled_counts = len(result.teams), _unfilled(result)
    _write_rows(session, draw, result)
    draw.drawn_at = append_leaf(session, draw, LogEvent.DRAWN, digest=draw.record_digest).at
    for entry in draw.contributions:
        entry.revealed_at = entry.revealed_at or draw.drawn_at
    record_audit(
        session,
        Event.DRAW_DRAWN,
        actor=actor,
        subject=("draw", draw.id),
        details={"number": draw.number, "digest": draw.record_digest},
    )
    mark_running(session, draw.task)
    for follower in followers():
        follower.after_draw(session, draw, actor=actor)
    session.flush()
    return draw


def _unfilled(result: Record) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for row in result.unfilled:
        counts[row.department] += row.missing
    return dict(counts)


def _write_rows(session: Session, draw: Draw, result: Record) -> None:
    """Write the drawn units and team members as rows that visits can refer to."""
    entities = entity_ids(session, [row.unit for row in result.selected])
    homes = {unit: team.team for team in result.teams for unit in team.units}
    ranks: Counter[str] = Counter()
    for row in result.selected:
        ranks[row.stratum] += 1
        session.add(
            DrawUnit(
                draw_id=draw.id,
                entity_id=entities[row.unit],
                stratum=row.stratum,
                rank=ranks[row.stratum],
                ticket=row.ticket,
                state=UnitState.SELECTED,
                team=homes.get(row.unit, ""),
            )
        )
    inspectors, departments = inspector_ids(session, draw), department_ids(session)
    session.add_all(
        DrawMember(
            draw_id=draw.id,
            team=team.team,
            inspector_id=inspectors[member.inspector],
            department_id=departments[member.department],
            lead=member.lead,
        )
        for team in result.teams
        for member in team.members
    )
    session.flush()


def entity_ids(session: Session, units: list[str]) -> dict[str, int]:
    """Return the entity behind each unit."""
    found: dict[str, int] = {}
    for start in range(0, len(units), _CHUNK):
        statement = sa.select(Entity.unit_id, Entity.id).where(Entity.unit_id.in_(units[start : start + _CHUNK]))
        found.update({row[0]: row[1] for row in session.execute(statement)})
    return found


def inspector_ids(session: Session, draw: Draw) -> dict[str, int]:
    """Return the inspector behind each pseudonym of the draw."""
    statement = sa.select(DrawPseudonym.pseudonym, DrawPseudonym.inspector_id)
    return {row[0]: row[1] for row in session.execute(statement.where(DrawPseudonym.draw_id == draw.id))}


def department_ids(session: Session) -> dict[str, int]:
    """Return the department behind each code."""
    return {row[0]: row[1] for row in session.execute(sa.select(Department.code, Department.id))}


def visits_done(session: Session, draw: Draw) -> bool:
    """Say whether everybody who follows the draw has finished; with nobody following, its window must end first."""
    return bool(followers()) and all(follower.visits_done(session, draw) for follower in followers())


def open_draw(session: Session, draw: Draw, *, actor: Actor) -> Draw:
    """Open a draw whose visits are done: bundle, secrets and seed become public."""
    lock_draw(session, draw)
    if draw.state is DrawState.OPENED:
        return draw
    check_leads(draw.task, actor)
    check_move(draw.state, DrawState.OPENED)
    if not visits_done(session, draw):
        raise WrongState(
            "visits-not-done", N_("The draw stays sealed until every visit is finished or its window has ended.")
        )
    _open(session, draw, actor=actor, overdue=False)
    mark_finished(session, draw.task)
    return draw


def open_finished(session: Session, draw: Draw, *, actor: Actor) -> bool:
    """Open the draw and finish its task if every visit is done; followers call it after the last one.

    Say whether that was so. A draw that opened by itself at the end of its window only has its task finished.
    """
    lock_draw(session, draw)
    running = draw.state in {DrawState.DRAWN, DrawState.OPENED} and draw.task.state is TaskState.RUNNING
    if not running or not visits_done(session, draw):
        return False
    if draw.state is DrawState.DRAWN:
        _open(session, draw, actor=actor, overdue=False)
    mark_finished(session, draw.task)
    return True


def open_overdue(session: Session) -> list[Draw]:
    """Open every draw that stayed sealed beyond its window (section 8)."""
    opened = []
    for draw in list_overdue(session):
        lock_draw(session, draw)
        if draw.state is DrawState.DRAWN:
            _open(session, draw, actor=system_actor(), overdue=True)
            opened.append(draw)
    return opened


def finish_tasks(session: Session) -> list[Draw]:
    """Finish the tasks that wait for no visit any more, where no step of a person came last.

    A deadline that passes after its reason was given, or a strike in a draw that opened by itself, ends a task too.
    """
    return [draw for draw in list_running(session) if open_finished(session, draw, actor=system_actor())]


def _open(session: Session, draw: Draw, *, actor: Actor, overdue: bool) -> None:
    draw.state = DrawState.OPENED
    digest = opened_digest(read_files(session, draw), draw.hash_name)
    fields = {"overdue": True} if overdue else None
    draw.opened_at = append_leaf(session, draw, LogEvent.OPENED, digest=digest, fields=fields).at
    record_audit(
        session,
        Event.DRAW_OPENED,
        actor=actor,
        subject=("draw", draw.id),
        details={"number": draw.number, "digest": digest, "overdue": overdue},
    )
    for told in opening_followers():
        told(session, draw)


def note_full_bundle(session: Session, draw: Draw, *, files: int, data: bytes, actor: Actor) -> None:
    """Note who takes the full bundle away, by the digest of the archive: it holds ties and names (T13)."""
    digest = hashlib.sha256(data).hexdigest()
    record_export(
        session, actor=actor, what=DisclosedList.BUNDLE, subject=draw.id, filters={}, rows=files, digest=digest
    )


def recomputed(session: Session, draw: Draw) -> Record:
    """Compute the record again from files and secrets, for checks; it must equal the one that is kept."""
    files = {name: data for name, data in read_files(session, draw).items() if name != RECORD}
    return draw_record(Bundle.from_files(files), secrets_of(session, draw), value_of(session, draw))
