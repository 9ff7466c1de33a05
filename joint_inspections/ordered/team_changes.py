"""Somebody cannot or must not go: the next in the logged order follows, and nobody else can (R-1.22, R-1.24)."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.ordered.choosing import list_candidates, log_step, passed_over
from joint_inspections.ordered.models import OrderedInspection, OrderedPlace, OrderedReplacement
from joint_inspections.ordered.queries import order_of
from joint_inspections.ordered.rules import digest_of
from joint_inspections.visits.models import Visit, VisitMember
from joint_inspections.visits.rules import BEFORE_VISIT, VisitState
from joint_inspections.visits.teams import Change, Place, change_team
from sampling.canonical import canonical_bytes
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.departments.models import Department
from supervision.draws.rules import RECORDED_GROUNDS
from supervision.errors import Forbidden, Invalid, NotFound, RuleBroken, WrongState
from supervision.parameters.queries import check_reason
from supervision.permissions import Actor, Permission
from supervision.plans.rules import TaskState
from supervision.plans.services import mark_finished

REPLACEMENT_GROUNDS = "replacement_grounds"
# the step of an order's entry in the log
REPLACED = "replaced"
# grounds that a register must show; the machine looks, whoever decides does not choose
SHOWN_BY_REGISTER = RECORDED_GROUNDS | {"fruitless-checks"}


class OrderOrigin:
    """Answers for visits without a draw (see ``visits.origins``)."""

    def hold(self, session: Session, visit: Visit) -> None:
        """Hold the order after its visit, as every step of an order does."""
        session.execute(sa.select(Visit.id).where(Visit.id == visit.id).with_for_update())
        held = sa.select(OrderedInspection.id).where(OrderedInspection.visit_id == visit.id)
        session.execute(held.with_for_update())

    def replace(
        self, session: Session, visit: Visit, *, inspector_id: int, ground: str, evidence: str = "", actor: Actor
    ) -> None:
        """Take an inspector off the team; the next in the logged order follows, or the place stays unfilled."""
        order = order_of(session, visit)
        if order is None:
            raise NotFound
        _replace(session, order, visit, inspector_id=inspector_id, ground=(ground, evidence), actor=actor)

    def settled(self, session: Session, visit: Visit, *, actor: Actor) -> None:  # noqa: ARG002 - the protocol's signature
        """Finish the order's task when the result is public."""
        if visit.state is VisitState.PUBLISHED and visit.task.state is TaskState.RUNNING:
            mark_finished(session, visit.task)


def decides(member: VisitMember, actor: Actor) -> bool:
    """Say whether the actor has this inspector replaced: the head of the own department, or oversight."""
    own = actor.may(Permission.RECUSAL_DECIDE) and actor.department_id == member.department_id
    return own or (actor.may(Permission.DRAW_VOID) and actor.may(Permission.OVERSIGHT_VIEW))


def replace_on_ground(
    session: Session, order: OrderedInspection, *, inspector_id: int, ground: str, evidence: str, actor: Actor
) -> OrderedReplacement:
    """Have somebody replaced for a coded ground that a register shows, or that is stated."""
    visit = order.visit
    member = next((one for one in visit.team_now if one.inspector_id == inspector_id), None) if visit else None
    if visit is None or member is None:
        raise NotFound
    if visit.state not in BEFORE_VISIT:
        raise WrongState("visit-begun", "The visit has begun, so the team can no longer change.")
    if not decides(member, actor):
        raise Forbidden("not-own-inspector", "The head of the inspector's own department decides this.")
    if actor.inspector_id == inspector_id:
        raise Forbidden("own-replacement", "Nobody decides on their own replacement. Ask another head or oversight.")
    check_reason(session, REPLACEMENT_GROUNDS, ground, field="ground")
    if ground in SHOWN_BY_REGISTER:
        if inspector_id in {one.id for one in list_candidates(session, order, member.department)}:
            raise RuleBroken(
                "ground-not-in-register",
                "The register of inspectors does not show this ground for the days of these visits. Record it "
                "there first: absence, status or certificate.",
                rule="R-1.24",
            )
    elif not evidence.strip():
        raise Invalid("statement-missing", "State the relation or the duty on which you decide.", field="evidence")
    return _replace(session, order, visit, inspector_id=inspector_id, ground=(ground, evidence.strip()), actor=actor)


def _replace(
    session: Session,
    order: OrderedInspection,
    visit: Visit,
    *,
    inspector_id: int,
    ground: tuple[str, str],
    actor: Actor,
) -> OrderedReplacement:
    member = next((one for one in visit.team_now if one.inspector_id == inspector_id), None)
    if member is None:
        raise NotFound
    successor, passed = _next(session, order, member.department)
    reported = visit.reported_at
    change = Change(inspector_id, _place(successor), _leader(order, visit, member, successor))
    change_team(session, visit, change, actor=actor)
    # an oral approval was given for whoever the machine sends; the team's approval in writing is asked anew
    visit.reported_at = reported
    replacement = OrderedReplacement(
        order_id=order.id,
        out_id=inspector_id,
        in_id=successor.inspector_id if successor else None,
        ground_code=ground[0],
        evidence=ground[1],
        passed=passed,
        replaced_by=actor.user_id,
        replaced_at=clock.now(),
    )
    session.add(replacement)
    session.flush()
    session.refresh(order, ["replacements"])
    digest = replacement_digest(order, replacement)
    log_step(session, order, REPLACED, digest)
    details = {**_told(replacement), "digest": digest}
    record(
        session, Event.ORDER_INSPECTOR_REPLACED, actor=actor, subject=("order", order.id), reason=ground[1],
        details=details,
    )  # fmt: skip
    return replacement


def _told(replacement: OrderedReplacement) -> dict[str, object]:
    follower = replacement.successor
    return {
        "out": replacement.out.certificate_number,
        "in": follower.certificate_number if follower is not None else None,
        "ground": replacement.ground_code,
        "passed": replacement.passed,
    }


def replacement_digest(order: OrderedInspection, replacement: OrderedReplacement) -> str:
    """Return the digest by which the log holds a replacement."""
    return digest_of(canonical_bytes({"order": order.number, **_told(replacement)}))


def _place(successor: OrderedPlace | None) -> Place | None:
    return Place(successor.inspector_id, successor.department_id) if successor else None


def _next(session: Session, order: OrderedInspection, body: Department) -> tuple[OrderedPlace | None, list[list[str]]]:
    """Return who follows by the logged order, and who was passed over for which recorded reason."""
    fit = {one.id for one in list_candidates(session, order, body)}
    passed: list[list[str]] = []
    places = order.lots.places if order.lots is not None else []
    for place in places:
        if place.department_id != body.id:
            continue
        reason = passed_over(session, order, place, fit=fit)
        if not reason:
            return place, passed
        if reason != "member":
            passed.append([place.inspector.certificate_number, reason])
    return None, passed


def _leader(order: OrderedInspection, visit: Visit, out: VisitMember, successor: OrderedPlace | None) -> int | None:
    """Return who leads afterwards: the leader stays, or the first by lots of the lead department who is on the team."""
    leader = visit.leader
    if leader is not None and leader.inspector_id != out.inspector_id:
        return leader.inspector_id
    there = {one.inspector_id for one in visit.team_now if one.inspector_id != out.inspector_id}
    if successor is not None:
        there.add(successor.inspector_id)
    places = order.lots.places if order.lots is not None else []
    lead = order.lead_department_id
    return next((one.inspector_id for one in places if one.department_id == lead and one.inspector_id in there), None)
