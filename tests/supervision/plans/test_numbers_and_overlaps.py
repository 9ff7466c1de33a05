"""The pages of the numbers to be drawn, and of going together with other plans."""

from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.accounts.models import User
from supervision.audit.events import Event
from supervision.audit.queries import list_history
from supervision.departments.models import Department
from supervision.items.models import Item
from supervision.permissions import Role
from supervision.plans.models import PlanMessage
from supervision.plans.rules import PlanState
from tests.factories import Make
from tests.pages import Browser

LANGUAGES = ("zh", "en")


@dataclass
class House:
    """Two departments with an item each, and people."""

    item: Item
    other: Department
    drafter: User
    head: User
    other_drafter: User


@pytest.fixture
def house(make: Make) -> House:
    make.catalogues()
    lead, other = make.department(), make.department()
    for _ in range(6):
        make.entity()
    return House(
        make.item(lead),
        other,
        make.user(Role.LEAD, department=lead),
        make.user(Role.HEAD, department=lead),
        make.user(Role.LEAD, department=other),
    )


@pytest.mark.parametrize("kind", ["rate", "count", "total"])
def test_numbers_of_every_kind_are_shown_and_saved(
    session: Session, make: Make, browse: Browser, house: House, kind: str
) -> None:
    plan = make.plan(house.item, state=PlanState.DRAFT)
    lead = browse(house.drafter)
    lead.post(f"/plans/{plan.id}/draft/division", {"revision": "1", "by": "type", "kind": kind})
    session.refresh(plan.newest)
    data = {"revision": plan.newest.revision, "part-1100": "7", "otherwise": "4"}
    lead.post(f"/plans/{plan.id}/draft/numbers", data)
    session.refresh(plan.newest)
    expected = {
        "rate": {"kind": "rate", "strata": {"1100": {"rate_bp": 700}}, "otherwise": {"rate_bp": 400}},
        "count": {"kind": "count", "strata": {"1100": {"count": 7}}, "otherwise": {"count": 4}},
        "total": {"kind": "total", "total": 4, "weights": {"1100": 7}},
    }
    assert plan.newest.allocation == expected[kind]
    browse(house.drafter).get(f"/plans/{plan.id}")


@pytest.mark.parametrize("kind", ["rate", "count", "total"])
def test_an_undivided_pool_has_one_number(
    session: Session, make: Make, browse: Browser, house: House, kind: str
) -> None:
    plan = make.plan(house.item, state=PlanState.DRAFT)
    lead, page = browse(house.drafter), f"/plans/{plan.id}/draft"
    lead.post(f"{page}/division", {"revision": "1", "by": "none", "kind": kind})
    session.refresh(plan.newest)
    assert "Parts that appear later" not in lead.get(f"{page}/numbers").text
    lead.post(f"{page}/numbers", {"revision": plan.newest.revision, "otherwise": "5"})
    session.refresh(plan.newest)
    expected = {
        "rate": {"kind": "rate", "strata": {"all": {"rate_bp": 500}}, "otherwise": {"rate_bp": 500}},
        "count": {"kind": "count", "strata": {"all": {"count": 5}}, "otherwise": {"count": 5}},
        "total": {"kind": "total", "total": 5, "weights": {}},
    }
    assert plan.newest.allocation == expected[kind]
    for language in LANGUAGES:
        browse(house.drafter, language=language).get(f"/plans/{plan.id}")
        browse(house.drafter, language=language).get(f"{page}/numbers")


def test_overlaps_are_found_and_a_proposal_reaches_the_other_lead(
    session: Session, make: Make, browse: Browser, house: House
) -> None:
    other = make.plan(make.item(house.other))
    draft = make.plan(house.item, state=PlanState.DRAFT)
    lead = browse(house.drafter)
    assert f"/plans/{draft.id}/join/{other.id}" in lead.get(f"/plans/{draft.id}/draft/check").text
    url = f"/plans/{draft.id}/join/{other.id}"
    lead.post(url, {"other": str(other.id), "text": "一起去"})
    message = session.scalars(sa.select(PlanMessage)).one()
    assert message.shared == 6
    again = lead.post(url, {"other": str(other.id), "text": "再问"}, status=200)
    assert "waits for its answer already" in again.text
    receiver, answer = browse(house.other_drafter), f"/plans/{other.id}/proposals/{message.id}"
    assert "proposes to go together" in receiver.get("/").text
    assert "一起去" in receiver.get(f"/plans/{other.id}").text
    receiver.get(url, status=404)
    receiver.post(answer, {"answer": "together", "answer_text": ""}, page=f"/plans/{other.id}", status=422)
    lead.post(answer, {"answer": "together", "answer_text": "x"}, page="/account", status=403)
    browse(house.head).post(answer, {"answer": "together", "answer_text": "x"}, page="/account", status=403)
    receiver.post(f"/plans/{draft.id}/proposals/{message.id}", {"answer": "apart"}, page="/account", status=404)
    receiver.post(answer, {"answer": "together", "answer_text": "12月3日至5日"}, page=f"/plans/{other.id}")
    receiver.post(answer, {"answer": "apart", "answer_text": "x"}, page="/account", status=409)
    assert "proposes to go together" not in receiver.get("/").text
    for language in LANGUAGES:
        assert "12月3日至5日" in browse(house.drafter, language=language).get(f"/plans/{draft.id}").text
    assert "12月3日至5日" in lead.get(f"/plans/{draft.id}/draft/check").text
    events = [one.event for one in list_history(session, "plan", other.id)]
    assert events == [Event.PLAN_MESSAGE_ANSWERED]
