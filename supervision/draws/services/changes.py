"""After the draw: a unit is struck, an inspector replaced. The machine names who follows, nobody else (section 6)."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from sampling import replacement as engine
from sampling.bundle import Bundle
from sampling.canonical import canonical_bytes
from sampling.hashing import hex_digest
from sampling.records import Record, Team
from sampling.replacement import Event as Change
from sampling.replacement import Replaced, Struck
from sampling.tickets import ticket
from supervision.audit.events import Event
from supervision.audit.services import record as record_audit
from supervision.draws.bundles import load_bundle, store_file
from supervision.draws.hooks import MemberChange, UnitChange, followers
from supervision.draws.log import append_leaf, lock_log, replacement_history
from supervision.draws.models import Draw, DrawMember, DrawUnit
from supervision.draws.queries import lock_draw
from supervision.draws.rules import STATUS_GROUNDS, SYSTEM, DrawState, LogEvent, UnitState, body_of
from supervision.draws.services.drawing import department_ids, entity_ids, inspector_ids
from supervision.draws.services.rights import check_decides
from supervision.entities.models import Entity
from supervision.errors import Invalid, NotFound, RuleBroken, WrongState
from supervision.labels import N_
from supervision.parameters.queries import check_reason
from supervision.permissions import Actor

STRIKE_GROUNDS = "strike_grounds"
REPLACEMENT_GROUNDS = "replacement_grounds"


@dataclass(slots=True)
class _Desk:
    """The draw as it stands now, with what is needed to change it."""

    session: Session
    draw: Draw
    bundle: Bundle
    state: engine.TeamsState
    inspectors: Mapping[str, int]
    actor: Actor
    # the proposal of two bodies that a strike rests on, as its entry in the log names it
    agreed: Mapping[str, object] = field(default_factory=dict)

    @property
    def record(self) -> Record:
        """The sealed record."""
        return self.bundle.record

    @classmethod
    def open(cls, session: Session, draw: Draw, *, actor: Actor) -> "_Desk":
        """Lock the draw and replay what happened so far."""
        lock_draw(session, draw)
        check_decides(draw, actor)
        if draw.state not in {DrawState.DRAWN, DrawState.OPENED}:
            raise WrongState("draw-not-running", N_("Only a draw whose visits are under way can be changed."))
        bundle = load_bundle(session, draw)
        state = engine.replay(bundle, bundle.record, replacement_history(session, draw))
        return cls(session, draw, bundle, state, inspector_ids(session, draw), actor)

    @property
    def history(self) -> Sequence[Change]:
        """Every change so far."""
        return replacement_history(self.session, self.draw)


def lock_for_change(session: Session, draw: Draw) -> None:
    """Take the locks of a draw's steps in their order, for a caller that writes to the audit log before it changes."""
    lock_draw(session, draw)
    lock_log(session)


def strike_unit(
    session: Session,
    draw: Draw,
    *,
    unit_id: str,
    ground: str,
    evidence: str,
    agreed: Mapping[str, object] | None = None,
    actor: Actor,
) -> UnitChange:
    """Strike a unit for a ground of R-1.15; the next of its stratum's reserve list follows, and nothing else."""
    check_reason(session, STRIKE_GROUNDS, ground, field="ground")
    desk = _Desk.open(session, draw, actor=actor)
    desk.agreed = agreed or {}
    unit = _unit(session, draw, unit_id)
    if unit is None or unit.state is UnitState.STRUCK:
        raise NotFound
    check_ground(unit.entity, ground, evidence)
    home = desk.state.team_of_unit(unit_id)
    changes = engine.strike_unit(desk.bundle, desk.record, desk.history, unit=unit_id, ground=ground)
    struck = changes[0]
    if not isinstance(struck, Struck):
        raise TypeError(struck)
    result = _strike(desk, unit, struck, team=home, evidence=evidence)
    for change in changes[1:]:
        if isinstance(change, Replaced):
            _replace(desk, change, evidence=evidence)
    return result


def check_ground(entity: Entity, ground: str, evidence: str) -> None:
    """A status is struck for only when the register says it; every other ground needs its evidence in words."""
    status = STATUS_GROUNDS.get(ground)
    if status is not None and entity.status is not status:
        raise RuleBroken(
            "ground-not-on-record",
            N_("The register does not show this status. Correct the register first, with its official source."),
            rule="R-1.15",
        )
    if status is None and not evidence.strip():
        raise Invalid("evidence-missing", N_("Say which document proves the ground."), field="evidence")


def _unit(session: Session, draw: Draw, unit_id: str) -> DrawUnit | None:
    statement = sa.select(DrawUnit).join(Entity, Entity.id == DrawUnit.entity_id)
    return session.scalar(statement.where(DrawUnit.draw_id == draw.id, Entity.unit_id == unit_id))


def _strike(desk: _Desk, unit: DrawUnit, struck: Struck, *, team: Team | None, evidence: str) -> UnitChange:
    session, draw = desk.session, desk.draw
    unit.state = UnitState.STRUCK
    successor = None
    if struck.successor is not None:
        successor = DrawUnit(
            draw_id=draw.id,
            entity_id=entity_ids(session, [struck.successor])[struck.successor],
            stratum=unit.stratum,
            rank=desk.record.chances()[unit.stratum].selected + desk.state.strikes.get(unit.stratum, 0) + 1,
            ticket=ticket(desk.record.entity_key, struck.successor, hash_name=draw.hash_name),
            state=UnitState.RESERVE,
            team=team.team if team else "",
        )
        session.add(successor)
    session.flush()
    if successor is not None:
        session.refresh(successor)
    desk.state = engine.after(desk.bundle, desk.record, desk.state, event=struck)
    fields = {"out": struck.out, "in": struck.successor, "ground": struck.ground, "by": body_of(desk.actor) or SYSTEM}
    _log(desk, LogEvent.STRUCK, Event.UNIT_STRUCK, fields=fields, evidence=evidence)
    change = UnitChange(draw=draw, struck=unit, successor=successor)
    for follower in followers():
        follower.after_strike(session, change, actor=desk.actor)
    return change


def replace_inspector(
    session: Session, draw: Draw, *, team: str, inspector_id: int, ground: str, evidence: str = "", actor: Actor
) -> MemberChange:
    """Take an inspector off a team; the next in the random order follows, or the place stays unfilled (R-1.24)."""
    check_reason(session, REPLACEMENT_GROUNDS, ground, field="ground")
    desk = _Desk.open(session, draw, actor=actor)
    names = {identifier: name for name, identifier in desk.inspectors.items()}
    if inspector_id not in names or team not in desk.state.teams:
        raise NotFound
    if _member(session, draw, team=team, inspector_id=inspector_id) is None:
        raise NotFound
    change = engine.replace_inspector(
        desk.bundle, desk.record, desk.history, team=team, out=names[inspector_id], ground=ground
    )
    return _replace(desk, change, evidence=evidence)


def _member(session: Session, draw: Draw, *, team: str, inspector_id: int) -> DrawMember | None:
    statement = sa.select(DrawMember).where(
        DrawMember.draw_id == draw.id,
        DrawMember.team == team,
        DrawMember.inspector_id == inspector_id,
        DrawMember.left.is_(False),
    )
    return session.scalar(statement)


def _replace(desk: _Desk, change: Replaced, *, evidence: str) -> MemberChange:
    session, draw = desk.session, desk.draw
    out = _member(session, draw, team=change.team, inspector_id=desk.inspectors[change.out])
    if out is None:
        raise NotFound
    out.left, out.lead = True, False
    successor = None
    if change.successor is not None:
        successor = DrawMember(
            draw_id=draw.id,
            team=change.team,
            inspector_id=desk.inspectors[change.successor],
            department_id=department_ids(session)[change.department],
        )
        session.add(successor)
    session.flush()
    if successor is not None:
        session.refresh(successor)
    desk.state = engine.after(desk.bundle, desk.record, desk.state, event=change)
    leader_id = _renew_leader(desk, desk.state.team(change.team))
    fields = {
        "team": change.team,
        "department": change.department,
        "out": change.out,
        "in": change.successor,
        "ground": change.ground,
        "k": change.k,
        "by": body_of(desk.actor) or SYSTEM,
    }
    _log(desk, LogEvent.REPLACED, Event.INSPECTOR_REPLACED, fields=fields, evidence=evidence)
    result = MemberChange(draw=draw, team=change.team, out=out, successor=successor, leader_id=leader_id)
    for follower in followers():
        follower.after_replacement(session, result, actor=desk.actor)
    return result


def _renew_leader(desk: _Desk, team: Team) -> int | None:
    """Set the leader as the engine says now; without one the team may not act."""
    leader_id = next((desk.inspectors[member.inspector] for member in team.members if member.lead), None)
    for member in _current_members(desk.session, desk.draw, team.team):
        member.lead = member.inspector_id == leader_id
    desk.session.flush()
    return leader_id


def _current_members(session: Session, draw: Draw, team: str) -> Iterable[DrawMember]:
    statement = sa.select(DrawMember).where(
        DrawMember.draw_id == draw.id, DrawMember.team == team, DrawMember.left.is_(False)
    )
    return session.scalars(statement.order_by(DrawMember.id)).all()


def evidence_file(event: LogEvent, digest: str) -> str:
    """Return the name under which the evidence with this digest is kept."""
    return f"evidence-{event.value}-{digest[:8]}.json"


def _log(desk: _Desk, event: LogEvent, audited: Event, *, fields: Mapping[str, object], evidence: str) -> None:
    """Keep the evidence under its digest and log the change.

    Both are salted: a leaf's hash may be seen while the draw is sealed, and who holds the pool could otherwise
    try every unit until one fits. The audit entry names neither unit nor inspector, for the same reason.
    """
    session, draw = desk.session, desk.draw
    salt = secrets.token_hex(16)
    paper = canonical_bytes({"draw": draw.number, "ground": str(fields["ground"]), "salt": salt, "text": evidence})
    name = evidence_file(event, hex_digest(draw.hash_name, paper))
    digest = store_file(session, draw, name, paper)
    leaf = append_leaf(session, draw, event, digest=digest, fields={**fields, "salt": salt})
    record_audit(
        session,
        audited,
        actor=desk.actor,
        subject=("draw", draw.id),
        details={
            "number": draw.number,
            "leaf": leaf.index,
            "ground": fields["ground"],
            "evidence": digest,
            **(desk.agreed if event is LogEvent.STRUCK else {}),
        },
    )
