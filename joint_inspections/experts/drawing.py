"""Drawing experts from a frozen list, and keeping their places in step with visits, strikes and the register."""

import json
import secrets
from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.experts.freezing import list_lines, log_step, needs_of
from joint_inspections.experts.models import ExpertChange, ExpertDraw, ExpertPlace
from joint_inspections.experts.queries import find_of_draw, hold_expert_draw, lines_of, ties_of
from joint_inspections.experts.rules import (
    TIED,
    ExpertDrawState,
    PlaceState,
    can_serve,
    digest_of,
    draw_experts,
    order_of_followers,
    place_after,
    record_bytes,
    seed_of,
)
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import BEFORE_VISIT, FALLEN_AWAY
from sampling.canonical import canonical_bytes
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.draws.bundles import load_bundle
from supervision.draws.hooks import MemberChange, UnitChange
from supervision.draws.models import Draw
from supervision.inspectors.models import Expert
from supervision.permissions import Actor

FOLLOWED = "draw"


class ExpertsOfDraw:
    """Follows every draw of inspectors (see ``supervision.draws.hooks``), after the visits were made."""

    def after_draw(self, session: Session, draw: Draw, *, actor: Actor) -> None:
        """Draw the experts of the frozen list: the seed of the draw decides, under labels of its own."""
        expert_draw = find_of_draw(session, draw)
        if expert_draw is None:
            return
        sealed = load_bundle(session, draw).record
        teams = {one.team: one.units for one in sealed.teams if one.units}
        carry_out(session, expert_draw, teams=teams, parts={FOLLOWED: sealed.seed}, actor=actor)

    def visits_done(self, session: Session, draw: Draw) -> bool:  # noqa: ARG002 - the hook's signature
        """Wait for nobody: an opinion belongs to its visit."""
        return True

    def after_strike(self, session: Session, change: UnitChange, *, actor: Actor) -> None:
        """Send the team's experts to the enterprise that followed; whoever is tied to it is replaced."""
        expert_draw = find_of_draw(session, change.draw)
        if expert_draw is None or change.successor is None:
            return
        hold_expert_draw(session, expert_draw)
        unit, team = change.successor.entity.unit_id, change.successor.team
        visit = session.scalar(
            sa.select(Visit).where(Visit.draw_id == change.draw.id, Visit.entity_id == change.successor.entity_id)
        )
        current = {(one.need, one.pseudonym) for one in standing(expert_draw, team)}
        if visit is not None:
            _seat(session, expert_draw, [visit], sorted(current))
        for need, name in sorted(current):
            if (name, unit) in ties_of(expert_draw):
                replace_expert(session, expert_draw, team=team, need=need, out=name, ground=TIED, actor=actor)

    def after_replacement(self, session: Session, change: MemberChange, *, actor: Actor) -> None:
        """Nothing: experts are no inspectors."""


def carry_out(
    session: Session,
    expert_draw: ExpertDraw,
    *,
    teams: Mapping[str, Sequence[str]],
    parts: Mapping[str, str],
    actor: Actor,
) -> None:
    """Draw from the frozen list and write the places down."""
    seed = seed_of(expert_draw.digest, parts)
    drawn = draw_experts(
        needs_of(expert_draw), list_lines(expert_draw), teams=teams, ties=ties_of(expert_draw), seed=seed
    )
    outcome = record_bytes(expert_draw.number, expert_draw.digest, seed, drawn)
    expert_draw.record, expert_draw.record_digest = outcome.decode(), digest_of(outcome)
    expert_draw.state = ExpertDrawState.DRAWN
    leaf = log_step(session, expert_draw.task, expert_draw.number, step="drawn", digest=expert_draw.record_digest)
    expert_draw.drawn_leaf, expert_draw.drawn_at = leaf.index, leaf.at
    for team in sorted(teams):
        seats = [(need, name) for at, need, name in drawn.places if at == team]
        _seat(session, expert_draw, visits_of_team(session, expert_draw, team), seats)
    session.flush()
    session.refresh(expert_draw, ["places"])
    details = {"number": expert_draw.number, "digest": expert_draw.record_digest}
    record(session, Event.EXPERTS_DRAWN, actor=actor, subject=("expert_draw", expert_draw.id), details=details)


def visits_of_team(session: Session, expert_draw: ExpertDraw, team: str) -> Sequence[Visit]:
    """Return the visits of a team that take place."""
    if expert_draw.visit_id is not None:
        return [session.get_one(Visit, expert_draw.visit_id)]
    statement = sa.select(Visit).where(
        Visit.draw_id == expert_draw.draw_id, Visit.team == team, Visit.state.not_in(FALLEN_AWAY)
    )
    return session.scalars(statement.order_by(Visit.id)).all()


def _seat(session: Session, expert_draw: ExpertDraw, visits: Sequence[Visit], seats: Sequence[tuple[str, str]]) -> None:
    who, fields = lines_of(expert_draw), {one.code: one.field for one in needs_of(expert_draw)}
    for visit in visits:
        for need, name in seats:
            expert_draw.places.append(
                ExpertPlace(
                    visit_id=visit.id,
                    team=visit.team,
                    need=need,
                    field=fields[need],
                    pseudonym=name,
                    expert_id=who[name],
                    state=PlaceState.DRAWN,
                    joined_at=clock.now(),
                )
            )
    session.flush()


def standing(expert_draw: ExpertDraw, team: str | None = None) -> list[ExpertPlace]:
    """Return the places held now, of one team if named."""
    held = [one for one in expert_draw.places if one.state is not PlaceState.REPLACED]
    return [one for one in held if team in (None, one.team)]


def seed_in(expert_draw: ExpertDraw) -> str:
    """Return the seed, for the machine alone: it stays in the sealed record."""
    return str(json.loads(expert_draw.record)["seed"])


def replace_expert(
    session: Session,
    expert_draw: ExpertDraw,
    *,
    team: str,
    need: str,
    out: str,
    ground: str,
    note: str = "",
    actor: Actor,
) -> ExpertChange:
    """Take an expert off a team; the next in the order of the lots follows, nobody chooses (R-1.08, R-1.24)."""
    hold_expert_draw(session, expert_draw)
    leaving = [one for one in standing(expert_draw, team) if (one.need, one.pseudonym) == (need, out)]
    visits = [one.visit for one in leaving if one.visit.state in BEFORE_VISIT]
    order = _candidates(expert_draw, team=team, need=need, out=out, visits=visits)
    k = 1 + sum(one.need == need for one in expert_draw.changes)
    held = {(one.team, one.need, one.pseudonym) for one in standing(expert_draw)} - {(team, need, out)}
    order = order_of_followers(need, team=team, k=k, seed=seed_in(expert_draw), agents=order, places=held)
    successor, passed = _first_able(session, expert_draw, order, need=need, visits=visits)
    for place in leaving:
        if place.visit in visits:
            place.state = place_after(place.state, "replace")
    if successor is not None:
        _seat(session, expert_draw, visits, [(need, successor)])
    return _note_change(
        session,
        expert_draw,
        ExpertChange(
            expert_draw_id=expert_draw.id, team=team, need=need, k=k, left=out, joined=successor, ground=ground,
            note=note, passed_over=passed, salt=secrets.token_hex(16), decided_by=actor.user_id,
        ),
        actor=actor,
    )  # fmt: skip


def _candidates(expert_draw: ExpertDraw, *, team: str, need: str, out: str, visits: Sequence[Visit]) -> list[str]:
    """Return who could follow by the frozen list: not on the team, never replaced in this need, tied to nobody here."""
    gone = {one.left for one in expert_draw.changes if one.need == need} | {out}
    there = {one.pseudonym for one in standing(expert_draw, team)}
    ties, units = ties_of(expert_draw), {one.entity.unit_id for one in visits}
    return [
        line.expert
        for line in list_lines(expert_draw)
        if need in line.needs
        and line.expert not in gone | there
        and not any((line.expert, unit) in ties for unit in units)
    ]


def _first_able(
    session: Session, expert_draw: ExpertDraw, order: Sequence[str], *, need: str, visits: Sequence[Visit]
) -> tuple[str | None, list[str]]:
    """Return the first who is still engaged, and those who stood before and are not: all is written down."""
    field = next(one.field for one in needs_of(expert_draw) if one.code == need)
    last, who = max((one.planned_on for one in visits), default=clock.today()), lines_of(expert_draw)
    passed: list[str] = []
    for name in order:
        expert = session.get_one(Expert, who[name])
        if can_serve(expert.fields, field, status=expert.status, engaged_until=expert.engaged_until, on=last):
            return name, passed
        passed.append(name)
    return None, passed


def change_bytes(number: str, change: ExpertChange) -> bytes:
    """Return a change as it is logged by its digest: salted, for whoever holds the pool could else try every team."""
    return canonical_bytes(
        {
            "draw": number, "team": change.team, "need": change.need, "k": change.k, "out": change.left,
            "in": change.joined, "ground": change.ground, "passed_over": list(change.passed_over),
            "salt": change.salt,
        }
    )  # fmt: skip


def _note_change(session: Session, expert_draw: ExpertDraw, change: ExpertChange, *, actor: Actor) -> ExpertChange:
    change.digest = digest_of(change_bytes(expert_draw.number, change))
    leaf = log_step(session, expert_draw.task, expert_draw.number, step="replaced", digest=change.digest)
    change.leaf_index, change.at = leaf.index, leaf.at
    session.add(change)
    session.flush()
    session.refresh(expert_draw, ["places", "changes"])
    details = {"number": expert_draw.number, "digest": change.digest, "ground": change.ground}
    subject = ("expert_draw", expert_draw.id)
    record(session, Event.EXPERT_REPLACED, actor=actor, subject=subject, details=details)
    return change
