"""Four eyes: nobody decides what they asked for, and no administrator's post is ever left empty (GB/T 22239)."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.records.reviewing import approve_record
from punishments.credit_lists.services import Decision, decide_listing
from supervision import clock
from supervision.accounts import services as accounts
from supervision.accounts.models import User
from supervision.accounts.queries import actor_of
from supervision.accounts.services import grant
from supervision.audit.events import Event
from supervision.audit.models import AuditEntry
from supervision.draws import services as draws
from supervision.errors import Conflict, DomainError
from supervision.permissions import ADMINISTRATORS, ROLE_PERMISSIONS, Actor, Permission, Role, system_actor
from supervision.plans import services as plans
from supervision.plans import tasking
from supervision.plans.rules import PlanState
from tests.factories import Make
from tests.joint_inspections.conftest import District
from tests.pages import Browser
from tests.punishments.making import APPROVAL, Office
from tests.supervision.draws.world import make_world

P = Permission
POSTS = sorted(ADMINISTRATORS)
# what one person asks for and another decides; voiding a draw is one permission, its step tells the bodies apart
PAIRS = [
    (P.PLAN_DRAFT, P.PLAN_APPROVE),
    (P.DRAW_PREPARE, P.PLAN_APPROVE),
    (P.PENALTY_EDIT, P.LISTING_DECIDE),
    (P.VISIT_INSPECT, P.RECORD_REVIEW),
    (P.VISIT_INSPECT, P.RECUSAL_DECIDE),
    (P.DRAW_PREPARE, P.DRAW_VOID),
    (P.ITEM_EDIT, P.ITEM_LIST_PUBLISH),
    (P.USER_CREATE, P.ROLE_GRANT),
    (P.USER_CREATE, P.AUDIT_VIEW),
    (P.ROLE_GRANT, P.AUDIT_VIEW),
]


@pytest.mark.parametrize(("ask", "decide"), PAIRS)
def test_no_role_both_asks_and_decides(ask: Permission, decide: Permission) -> None:
    assert [role for role, rights in ROLE_PERMISSIONS.items() if {ask, decide} <= rights] == []
    assert any(ask in rights for rights in ROLE_PERMISSIONS.values()), "nobody asks"
    assert any(decide in rights for rights in ROLE_PERMISSIONS.values()), "nobody decides"


def test_administrators_hold_no_permission_to_change_business() -> None:
    administration = {P.USER_CREATE, P.DEPARTMENT_EDIT, P.JOB_VIEW, P.ROLE_GRANT, P.USER_UNLOCK, P.AUDIT_VIEW}
    administration |= {P.LOG_WITNESS_EDIT, P.DEVICE_REVOKE}
    for post in POSTS:
        assert ROLE_PERMISSIONS[post] <= administration
        assert ROLE_PERMISSIONS[post]


# Somebody who holds both roles, because they are two posts in a small department, still does not decide their own.


@dataclass(frozen=True, slots=True)
class Request:
    """A decision somebody waits for: the refusal its author meets, and the step itself."""

    code: str
    decide: Callable[[Actor], object]
    author: Actor


def _both(user: User, *roles: Role) -> Actor:
    grant(user, user.roles | set(roles))
    return actor_of(user)


def plan_request(make: Make) -> Request:
    item = make.item()
    author = _both(make.user(department=item.department), Role.LEAD, Role.HEAD)
    plan = make.plan(
        item,
        state=PlanState.SUBMITTED,
        drafted_by=author.user_id,
        submitted_by=author.user_id,
        submitted_at=clock.now(),
    )
    version = plan.versions[-1]
    return Request(
        "self-approval", lambda actor: plans.approve(make.session, version, region="310106", actor=actor), author
    )


def exclusion_request(make: Make) -> Request:
    make.catalogues()
    item, entity = make.item(), make.entity()
    author = _both(make.user(department=item.department), Role.LEAD, Role.HEAD)
    task = make.task(plan=make.plan(item))
    exclusion = tasking.record_exclusion(
        make.session, task, entity, reason_code="open-case", evidence="沪市监函〔2026〕1号", actor=author
    )
    return Request(
        "self-approval",
        lambda actor: tasking.decide_exclusion(make.session, task, exclusion, confirmed=True, note="", actor=actor),
        author,
    )


def void_request(make: Make) -> Request:
    world = make_world(make)
    draw = world.committed()
    author = world.actor(f"head {world.departments[0].code}")
    draws.propose_void(make.session, draw, reason="wrong-rules", note="x", actor=author)
    return Request("void-same-body", lambda actor: draws.approve_void(make.session, draw, actor=actor), author)


def listing_request(make: Make) -> Request:
    office = Office(make.session, make)
    listing = office.proposal()
    decision = Decision(accepted=True, superior_approval=APPROVAL)
    return Request(
        "own-proposal",
        lambda actor: decide_listing(make.session, listing, decision, region="310106", actor=actor),
        _both(office.lead, Role.HEAD),
    )


def review_request(make: Make) -> Request:
    make.catalogues()
    lead, other = make.department(), make.department()
    items = [make.item(lead), make.item(lead), make.item(other)]
    for department in (lead, other):
        for _ in range(4):
            make.inspector(department)
    district = District(make.session, make, lead, other, items)
    district.draw_now()
    district.submit(district.visit)
    leader = district.visit.leader
    assert leader is not None
    author = _both(district.inspector_user(leader), Role.REVIEWER)
    return Request(
        "own-record", lambda actor: approve_record(make.session, district.visit, note="", actor=actor), author
    )


@pytest.mark.parametrize("request_of", [plan_request, exclusion_request, void_request, listing_request, review_request])
def test_nobody_decides_their_own_request_whatever_roles_they_hold(
    make: Make, request_of: Callable[[Make], Request]
) -> None:
    waiting = request_of(make)
    with pytest.raises(DomainError) as refused:
        waiting.decide(waiting.author)
    assert refused.value.code == waiting.code


@pytest.mark.parametrize("post", POSTS)
def test_the_last_holder_of_an_administrators_post_keeps_it(session: Session, make: Make, post: Role) -> None:
    last, disabled = make.user(post), make.user(post, active=False)
    for step in (disable, strip):
        with pytest.raises(Conflict) as refused:
            step(session, last)
        assert refused.value.code == "last-administrator"
    assert last.active
    assert last.roles == {post}
    strip(session, disabled)


@pytest.mark.parametrize("post", POSTS)
def test_with_a_successor_an_administrator_can_go(session: Session, make: Make, post: Role) -> None:
    first, second, third = (make.user(post) for _ in range(3))
    disable(session, first)
    strip(session, second)
    with pytest.raises(Conflict):
        disable(session, third)


def test_the_refusal_says_what_to_do_and_nothing_is_logged_as_done(
    session: Session, make: Make, browse: Browser
) -> None:
    last = make.user(Role.AUDIT_ADMIN)
    visitor = browse(make.user(Role.SYSTEM_ADMIN), language="zh")
    page = f"/users/{last.id}"
    answer = visitor.post(f"{page}/active", {"active-reason": "x"}, page=page, status=409)
    assert "请先指定继任者" in answer.text
    events = set(session.scalars(sa.select(AuditEntry.event)))
    assert Event.USER_DISABLED not in events
    visitor.get(page)


def disable(session: Session, user: User) -> None:
    accounts.set_active(session, user, active=False, reason="x", actor=system_actor())


def strip(session: Session, user: User) -> None:
    accounts.set_roles(session, user, frozenset(), reason="x", actor=system_actor())
