"""Freezing a list of experts: who can be drawn stands in the log before anybody can know the seed."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.experts.models import ExpertDraw, ExpertPlace, ExpertRequest
from joint_inspections.experts.queries import list_requests, list_serving
from joint_inspections.experts.rules import (
    HASH,
    SYSTEM,
    ExpertDrawState,
    ExpertList,
    Line,
    Need,
    PlaceState,
    digest_of,
)
from joint_inspections.visits.models import Visit
from sampling.canonical import canonical_bytes
from sampling.seeds import contribution_digest
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.draws.log import append_platform_leaf
from supervision.draws.models import Draw
from supervision.draws.rules import LogEvent
from supervision.draws.vault import parties_vault
from supervision.entities.models import Entity
from supervision.inspectors.models import Expert
from supervision.permissions import Actor, system_actor
from supervision.plans.models import Task

REGION_DIGITS = 6


def freeze_with_pool(session: Session, draw: Draw) -> None:
    """Freeze the experts asked for in a task together with its pool: no party has contributed to the seed yet."""
    requests = list_requests(session, draw.task_id)
    if requests:
        number = f"{draw.number}-E"
        freeze_list(session, _Occasion(draw.task, requests, number, follows=draw.number, draw=draw), actor=None)


@dataclass(frozen=True, slots=True)
class Logged:
    """Where in the log a step stands, and its moment."""

    index: int
    at: datetime


@dataclass(frozen=True, slots=True)
class _Occasion:
    """What experts are asked for: the draw they follow, or one visit."""

    task: Task
    requests: Sequence[ExpertRequest]
    number: str
    follows: str = ""
    draw: Draw | None = None
    visit: Visit | None = None


def freeze_for_visit(session: Session, visit: Visit, request: ExpertRequest, *, actor: Actor) -> ExpertDraw:
    """Freeze the list for one visit, with a secret of the platform; another body's value comes later."""
    occasion = _Occasion(request.task, [request], number_for_visit(request), visit=visit)
    return freeze_list(session, occasion, actor=actor)


def number_for_visit(request: ExpertRequest) -> str:
    """Return the number of the draw of experts that answers a request for one visit."""
    return f"{request.task.number}-E{request.id}"


def freeze_list(session: Session, occasion: _Occasion, *, actor: Actor | None) -> ExpertDraw:
    """Write the list down under names of this draw alone and log its digest."""
    needs = tuple(Need(f"N{no}", one.field, one.per_team) for no, one in enumerate(occasion.requests, 1))
    names = _named(session, occasion, needs)
    secret = secrets.token_hex(32) if occasion.draw is None else ""
    ties, mapping = _ties_json(session, names), _mapping_json(names)
    found = ExpertList(
        number=occasion.number,
        follows=occasion.follows,
        needs=needs,
        lines=tuple(sorted((line for line, _ in names), key=lambda one: one.expert)),
        ties_digest=digest_of(ties),
        mapping_digest=digest_of(mapping),
        contributions=((SYSTEM, own_digest(occasion.number, secret)),) if secret else (),
    )
    content = found.to_bytes()
    leaf = log_step(session, occasion.task, occasion.number, step="frozen", digest=digest_of(content))
    expert_draw = ExpertDraw(
        number=occasion.number,
        task_id=occasion.task.id,
        draw_id=occasion.draw.id if occasion.draw else None,
        visit_id=occasion.visit.id if occasion.visit else None,
        state=ExpertDrawState.FROZEN,
        content=content.decode(),
        digest=digest_of(content),
        ties=ties.decode(),
        mapping=mapping.decode(),
        frozen_leaf=leaf.index,
        frozen_at=leaf.at,
        asked_body=occasion.requests[0].asked_body,
        locked_secret=parties_vault(session).lock_up(secret, draw=occasion.number) if secret else "",
        parts={},
    )
    session.add(expert_draw)
    session.flush()
    details = {"number": occasion.number, "digest": expert_draw.digest, "experts": len(names)}
    subject = ("expert_draw", expert_draw.id)
    record(session, Event.EXPERTS_FROZEN, actor=actor or system_actor(), subject=subject, details=details)
    return expert_draw


def own_digest(number: str, secret: str) -> str:
    """Return the digest of the platform's own secret, as the protocol makes it."""
    return contribution_digest(hash_name=HASH, draw=number, by=SYSTEM, secret=secret)


def log_step(session: Session, task: Task, number: str, *, step: str, digest: str) -> Logged:
    """Append a step to the log; it names no enterprise, team or person."""
    said = {"of": number, "step": step}
    region = task.number[:REGION_DIGITS]
    leaf = append_platform_leaf(session, LogEvent.EXPERTS, region=region, digest=digest, fields=said)
    return Logged(leaf.index, leaf.at)


def _named(session: Session, occasion: _Occasion, needs: Sequence[Need]) -> list[tuple[Line, Expert]]:
    """Give every expert who can be drawn a name in an order of chance: neither name nor place in the register tells."""
    serving: dict[int, list[str]] = {}
    experts: dict[int, Expert] = {}
    for need in needs:
        for expert in list_serving(session, need.field, on=occasion.task.ends_on):
            experts[expert.id] = expert
            serving.setdefault(expert.id, []).append(need.code)
    order = sorted(experts)
    secrets.SystemRandom().shuffle(order)
    return [(Line(f"X-{no:04d}", tuple(serving[one])), experts[one]) for no, one in enumerate(order, 1)]


def _mapping_json(names: Sequence[tuple[Line, Expert]]) -> bytes:
    rows = [
        {"expert": line.expert, "id": expert.id, "name": expert.name, "salt": secrets.token_hex(16)}
        for line, expert in sorted(names, key=lambda one: one[0].expert)
    ]
    return canonical_bytes({"experts": rows})


def _ties_json(session: Session, names: Sequence[tuple[Line, Expert]]) -> bytes:
    ids = {expert.id: line.expert for line, expert in names}
    tied = {*_employed(session, names), *((ids[one], unit) for one, unit in _stood_back(session, set(ids)))}
    return canonical_bytes({"ties": sorted(map(list, tied)), "salt": secrets.token_hex(16)})


def _employed(session: Session, names: Sequence[tuple[Line, Expert]]) -> set[tuple[str, str]]:
    """Nobody judges their own employer: the organization of the entry is the enterprise's name."""
    organizations = {expert.organization for _, expert in names}
    rows = session.execute(sa.select(Entity.name, Entity.unit_id).where(Entity.name.in_(organizations))).all()
    return {(line.expert, unit) for line, expert in names for name, unit in rows if name == expert.organization}


def _stood_back(session: Session, expert_ids: set[int]) -> list[tuple[int, str]]:
    """Return (expert, unit) of whoever stood back from an enterprise before."""
    statement = (
        sa.select(ExpertPlace.expert_id, Entity.unit_id)
        .join(Visit, Visit.id == ExpertPlace.visit_id)
        .join(Entity, Entity.id == Visit.entity_id)
        .where(
            ExpertPlace.expert_id.in_(expert_ids),
            ExpertPlace.state == PlaceState.REPLACED,
            ExpertPlace.stood_back.is_(True),
        )
    )
    return [(row[0], row[1]) for row in session.execute(statement)]


def needs_of(expert_draw: ExpertDraw) -> tuple[Need, ...]:
    """Return what a frozen list asks for."""
    said = json.loads(expert_draw.content)
    return tuple(Need(one["need"], one["field"], one["per_team"]) for one in said["needs"])


def list_lines(expert_draw: ExpertDraw) -> tuple[Line, ...]:
    """Return the experts of a frozen list."""
    said = json.loads(expert_draw.content)
    return tuple(Line(one["expert"], tuple(one["needs"])) for one in said["experts"])
