"""Who can be sent, and the lots that send them: candidates are logged, then a number is made, then all are ordered.

Nobody who gives, approves or carries out an order has a part in this. Whoever follows later follows by the same lots.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.ordered.knowledge import barred_inspectors, names_of
from joint_inspections.ordered.models import OrderedInspection, OrderedLots, OrderedPlace
from joint_inspections.ordered.rules import (
    OrderedKind,
    candidates_bytes,
    digest_of,
    draw_lots,
    people_needed,
    too_few,
)
from joint_inspections.visits.models import Recusal, Visit, VisitMember
from joint_inspections.visits.rules import RecusalDecision
from joint_inspections.visits.teams import Place
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.departments.models import Department
from supervision.draws.log import append_platform_leaf
from supervision.draws.models import LogLeaf
from supervision.draws.rules import LogEvent
from supervision.errors import RuleBroken
from supervision.inspectors.models import Inspector
from supervision.inspectors.queries import list_eligible, list_ties
from supervision.labels import N_
from supervision.permissions import Actor

REGION_DIGITS = 6
SALT_BYTES = 16
NUMBER_BYTES = 32

# why a candidate is passed over, as kept with a replacement
REASONS = {
    "member": N_("is or was on this team"),
    "register": N_("not on duty, not certified, not qualified or on leave that day"),
    "tie": N_("declared an interest"),
    "recused": N_("stood back from this enterprise before"),
    "first-team": N_("was on the first team"),
    "fruitless": N_("found nothing here too often"),
}


def day_of(order: OrderedInspection) -> date:
    """Return the day on which the team goes, as it is planned now."""
    return order.visit.planned_on if order.visit is not None else order.planned_on


def needed_of(order: OrderedInspection) -> dict[str, int]:
    """Return how many each department sends."""
    return {
        body.code: people_needed(one.min_inspectors for one in order.items if one.department_id == body.id)
        for body in order.departments
    }


def barred_from(session: Session, order: OrderedInspection) -> dict[int, str]:
    """Return who may not go to this enterprise, and why; a register knows the reason, nobody decides it here."""
    found = dict.fromkeys(barred_inspectors(session, order.entity_id, day_of(order)), "fruitless")
    recused = (
        sa.select(VisitMember.inspector_id)
        .join(Recusal, Recusal.member_id == VisitMember.id)
        .join(Visit, Visit.id == VisitMember.visit_id)
        .where(Visit.entity_id == order.entity_id, Recusal.decision == RecusalDecision.GRANTED)
    )
    found.update(dict.fromkeys(session.scalars(recused), "recused"))
    if order.kind is OrderedKind.SECOND_LOOK and order.origin is not None:
        found.update({one.inspector_id: "first-team" for one in order.origin.members})
    return found


def list_candidates(session: Session, order: OrderedInspection, body: Department) -> list[Inspector]:
    """List the inspectors of a department who can be sent on the day of the order."""
    codes = {one.code for one in order.items if one.department_id == body.id}
    fit = list_eligible(session, body.id, codes, on=day_of(order))
    barred = barred_from(session, order)
    tied = {who for who, entity_id in list_ties(session, [one.id for one in fit]) if entity_id == order.entity_id}
    return [one for one in fit if one.id not in barred and one.id not in tied]


def passed_over(session: Session, order: OrderedInspection, place: OrderedPlace, *, fit: set[int]) -> str:
    """Return why a candidate cannot follow now; empty for whoever can. ``fit`` are those of :func:`list_candidates`."""
    members = order.visit.members if order.visit is not None else []
    if any(one.inspector_id == place.inspector_id for one in members):
        return "member"
    if place.inspector_id in fit:
        return ""
    if reason := barred_from(session, order).get(place.inspector_id):
        return reason
    return "tie" if (place.inspector_id, order.entity_id) in list_ties(session, [place.inspector_id]) else "register"


def require_candidates(session: Session, order: OrderedInspection) -> dict[str, list[Inspector]]:
    """Return who can be sent, by department, or refuse: nobody is named by hand where too few are left."""
    found = {body.code: list_candidates(session, order, body) for body in order.departments}
    short = too_few(found, needed_of(order))
    if short:
        raise RuleBroken(
            "too-few-candidates",
            "On %(day)s too few inspectors of these departments can be sent: %(departments)s. Each needs two who are "
            "on duty, certified, qualified for its items and have no interest in the enterprise. Choose another day.",
            rule="R-1.20",
            day=order.planned_on,
            departments=names_of([body for body in order.departments if body.code in short]),
        )
    return found


def draw_team(session: Session, order: OrderedInspection, *, actor: Actor) -> list[Place]:
    """Draw lots for every department; the first ones go, the very first of the lead department leads."""
    people = require_candidates(session, order)
    known = {one.certificate_number: one for found in people.values() for one in found}
    names = {code: [one.certificate_number for one in found] for code, found in people.items()}
    content = candidates_bytes(order.number, secrets.token_hex(SALT_BYTES), names)
    digest = digest_of(content)
    leaf = log_step(session, order, "candidates", digest)
    number = secrets.token_hex(NUMBER_BYTES)
    lots = draw_lots(names, candidates_digest=digest, leaf=leaf, secret=number)
    lots_digest = digest_of(lots.order_bytes(order.number))
    log_step(session, order, "lots", lots_digest)
    session.add(
        OrderedLots(
            order_id=order.id,
            candidates=content.decode(),
            candidates_digest=digest,
            leaf=leaf,
            number=number,
            seed=lots.seed,
            lots_digest=lots_digest,
            drawn_at=clock.now(),
        )
    )
    session.flush()
    for body in order.departments:
        for place, (ticket, name) in enumerate(lots.by_department[body.code], start=1):
            session.add(
                OrderedPlace(
                    order_id=order.id, inspector_id=known[name].id, department_id=body.id, place=place, ticket=ticket
                )
            )
    session.flush()
    details = {"candidates": digest, "seed": lots.seed, "lots": lots_digest}
    record(session, Event.ORDER_TEAM_DRAWN, actor=actor, subject=("order", order.id), details=details)
    return _first_of(order, lots.by_department, known)


def _first_of(
    order: OrderedInspection, lots: Mapping[str, Sequence[tuple[str, str]]], known: Mapping[str, Inspector]
) -> list[Place]:
    needed = needed_of(order)
    return [
        Place(known[name].id, body.id, lead=body.id == order.lead_department_id and place == 0)
        for body in order.departments
        for place, (_ticket, name) in enumerate(lots[body.code][: needed[body.code]])
    ]


def log_step(session: Session, order: OrderedInspection, step: str, digest: str) -> str:
    """Write an entry of the log; it names the order's number and a digest, never the enterprise or a person."""
    leaf = append_platform_leaf(
        session,
        LogEvent.ORDERED,
        region=order.number[:REGION_DIGITS],
        digest=digest,
        fields={"order": order.number, "step": step},
    )
    return leaf_name(leaf)


def leaf_name(leaf: LogLeaf) -> str:
    """Return what is mixed into the seed of the entry by which the candidates were logged."""
    return f"{leaf.index}-{leaf.leaf_hash}"
