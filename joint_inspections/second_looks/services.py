"""What becomes of a chosen visit: a desk reviewer or a second team, the comparison, the first team's explanations."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any  # a record is JSON

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.ordered.knowledge import names_of
from joint_inspections.ordered.models import OrderedInspection
from joint_inspections.ordered.queries import list_heads
from joint_inspections.ordered.rules import OrderedKind, OrderState
from joint_inspections.ordered.services import order_again
from joint_inspections.records.models import RecordVersion
from joint_inspections.second_looks import queries
from joint_inspections.second_looks.models import SecondLook, SecondLookExplanation, SecondLookItem
from joint_inspections.second_looks.rules import (
    MOVED_ON,
    Cause,
    Judged,
    LookState,
    compare_items,
    digest_of,
    judged_items,
    look_after,
)
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import FALLEN_AWAY
from sampling.canonical import canonical_bytes
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.departments.models import Department
from supervision.errors import Forbidden, Invalid, RuleBroken, WrongState
from supervision.permissions import Actor, Permission

LONGEST_NOTE = 1000
# what heads and team read; nothing of the first result stands in it
FACTS = "质量复核：由另一组检查人员独立检查所列事项，首次检查的结果不告知检查人员。"
OVER = frozenset({OrderState.REFUSED, OrderState.CANCELLED})


def is_free(look: SecondLook) -> bool:
    """Say whether nobody looks again yet: just chosen, or the order came to nothing."""
    order = look.order
    ended = order is not None and (
        order.state in OVER or (order.visit is not None and order.visit.state in FALLEN_AWAY)
    )
    return look.state is LookState.CHOSEN or (look.state is LookState.ORDERED and ended)


def order_second_visit(
    session: Session, look: SecondLook, *, department_ids: Sequence[int], item_codes: Collection[str],
    planned_on: date, actor: Actor,
) -> OrderedInspection:  # fmt: skip
    """Order that another team visits the enterprise; the lots leave out the first one. The first department leads."""
    _require_oversight(actor)
    if not is_free(look):
        raise WrongState("second-look-state", MOVED_ON)
    _require_heads(session, look, department_ids)
    order = order_again(
        session,
        look.origin,
        kind=OrderedKind.SECOND_LOOK,
        department_ids=department_ids,
        item_codes=item_codes,
        facts=FACTS,
        planned_on=planned_on,
        actor=actor,
    )
    look.state, look.ordered_id = look_after(look.state, "order"), order.id
    session.flush()
    session.refresh(look, ["order"])
    details = {"order": order.number}
    record(session, Event.SECOND_LOOK_ORDERED, actor=actor, subject=("second_look", look.id), details=details)
    return order


def _require_heads(session: Session, look: SecondLook, department_ids: Collection[int]) -> None:
    """Refuse where nobody could approve: the order is hidden from a head who was on the first team."""
    first = {one.inspector_id for one in look.origin.members}
    bodies = session.scalars(sa.select(Department).where(Department.id.in_(department_ids)).order_by(Department.code))
    without = [one for one in bodies if all(head.inspector_id in first for head in list_heads(session, one.id))]
    if without:
        raise RuleBroken(
            "no-head-left",
            "No head of these departments is left who was not on the first team: %(departments)s. Leave them out, or "
            "let a reviewer look at the evidence.",
            rule="second-looks",
            departments=names_of(without),
        )


def assign_reviewer(session: Session, look: SecondLook, *, reviewer_id: int, actor: Actor) -> None:
    """Give a look to a reviewer who had no part in the first one; from now on the first is hidden from them."""
    _require_oversight(actor)
    if look.state is not LookState.DESK and not is_free(look):
        raise WrongState("second-look-state", MOVED_ON)
    allowed = {one.id for one in queries.list_possible_reviewers(session, look)}
    if reviewer_id not in allowed:
        raise Invalid(
            "reviewer-had-part", "Choose a reviewer of a department concerned who had no part in the first look.",
            field="reviewer",
        )  # fmt: skip
    look.state = look_after(look.state, "assign")
    look.reviewer_id, look.ordered_id = reviewer_id, None
    session.flush()
    session.expire(look, ["order"])
    record(
        session, Event.SECOND_LOOK_ASSIGNED, actor=actor, subject=("second_look", look.id),
        details={"reviewer": reviewer_id},
    )  # fmt: skip


def _require_oversight(actor: Actor) -> None:
    if not actor.may(Permission.SECOND_LOOK_RUN):
        raise Forbidden("may-not-run", "Enforcement oversight has second looks made.")


def hand_in_desk(session: Session, look: SecondLook, entries: Sequence[Judged], *, actor: Actor) -> None:
    """Hand in what a desk reviewer found; only then are both results laid side by side."""
    if look.reviewer_id != actor.user_id:
        raise Forbidden("other-desk", "This look was given to somebody else.")
    first = judged_items(json.loads(queries.first_version(session, look).content))
    said = {one.code: one for one in entries}
    missing = [code for code in first if code not in said or not said[code].result]
    if missing:
        raise Invalid(
            "items-missing", "Say of every item what the evidence shows: %(codes)s.", codes="、".join(missing)
        )
    content = canonical_bytes([[one.code, one.result, one.note] for one in said.values()])
    _compare(session, look, said, second_digest=digest_of(content), actor=actor)


class SecondRecords:
    """Compares as soon as the record of a second visit is approved."""

    def after_approval(
        self, session: Session, visit: Visit, version: RecordVersion, *, record: dict[str, Any], actor: Actor
    ) -> None:
        """Lay the approved second record beside the first, once."""
        look = queries.find_by_second_visit(session, visit)
        if look is not None and look.state is LookState.ORDERED:
            _compare(session, look, judged_items(record), second_digest=version.digest, actor=actor)


def _compare(
    session: Session, look: SecondLook, second: Mapping[str, Judged], *, second_digest: str, actor: Actor
) -> None:
    version = queries.first_version(session, look)
    content = json.loads(version.content)
    bodies = {item["code"]: part["code"] for part in content["departments"] for item in part["items"]}
    departments = {one.department.code: one.department_id for one in look.origin.plan_version.participants}
    compared = compare_items(judged_items(content), second)
    for one in compared:
        session.add(
            SecondLookItem(
                look_id=look.id,
                department_id=departments[bodies[one.code]],
                item_code=one.code,
                first_result=one.first,
                second_result=one.second,
                agrees=one.agrees,
                points=one.points,
                differing=[list(pair) for pair in one.differing],
                note=second[one.code].note if one.code in second else "",
            )
        )
    look.state, look.second_digest, look.compared_at = look_after(look.state, "compare"), second_digest, clock.now()
    session.flush()
    session.refresh(look, ["items"])
    told = [one for one in compared if one.agrees is not None]
    details = {"digest": second_digest, "items": len(told), "agreeing": sum(bool(one.agrees) for one in told)}
    record(session, Event.SECOND_LOOK_HANDED_IN, actor=actor, subject=("second_look", look.id), details=details)


def may_explain(look: SecondLook, actor: Actor) -> bool:
    """Say whether the actor was on the first team."""
    members = {one.inspector_id for one in look.origin.members}
    return look.state is LookState.COMPARED and actor.inspector_id is not None and actor.inspector_id in members


def explain(
    session: Session, look: SecondLook, item: SecondLookItem, *, cause: Cause, text: str, actor: Actor
) -> SecondLookExplanation:
    """Say how a difference came about; only the first team knows."""
    if not may_explain(look, actor):
        raise Forbidden("not-first-team", "Somebody of the first team explains a difference.")
    if item.agrees and not item.differing:
        raise Invalid("nothing-to-explain", "Both looks say the same of this item.", field="text")
    said = SecondLookExplanation(
        item_id=item.id, cause=cause, text=text[:LONGEST_NOTE], said_by=actor.user_id, said_at=clock.now()
    )
    session.add(said)
    session.flush()
    session.refresh(item, ["explanations"])
    record(
        session, Event.SECOND_LOOK_EXPLAINED, actor=actor, subject=("second_look", look.id),
        details={"item": item.item_code, "cause": cause.value},
    )  # fmt: skip
    return said
