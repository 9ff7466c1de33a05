"""A tag is internal until somebody says it is public; an internal one limits a pool and is named nowhere outside."""

import json
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from supervision import clock
from supervision.entities import tag_services
from supervision.entities.models import EntityTag, Tag
from supervision.items.models import Item
from supervision.permissions import Actor, Role
from supervision.plans import drafting, services
from supervision.plans.models import PlanVersion
from supervision.plans.pools import build_pool
from supervision.plans.rules import PlanState, Scope
from tests.factories import Make
from tests.pages import Browser

SECRET, OPEN = "校园周边重点盯防", "连锁经营"
Step = Callable[[], PlanVersion]


@pytest.fixture
def item(session: Session, make: Make) -> Item:
    """An item, and one entity of two that bears both tags."""
    make.catalogues()
    session.add_all([Tag(code="watched", name_zh=SECRET), Tag(code="chain", name_zh=OPEN, public=True)])
    session.flush()
    item, entity = make.item(), make.entity()
    make.entity()
    session.add_all([EntityTag(entity_id=entity.id, tag_code=code) for code in ("watched", "chain")])
    session.flush()
    return item


@pytest.fixture
def drafter(make: Make, item: Item) -> Actor:
    """Who drafts."""
    return make.actor(Role.LEAD, department=item.department)


def drafted(session: Session, item: Item, drafter: Actor, *tags: str) -> PlanVersion:
    """A draft limited to ``tags``."""
    version = drafting.draft_plan(session, item_codes=[item.code], actor=drafter).newest
    version.late_ground, version.late_note = "superior-order", "市局部署"
    drafting.set_scope(session, version, Scope(tags=tags), actor=drafter)
    return version


def approved(session: Session, make: Make, version: PlanVersion, drafter: Actor) -> PlanVersion:
    """The version, sent and approved."""
    services.send(session, version, actor=drafter)
    head = make.actor(Role.HEAD, department=version.plan.lead_department)
    services.approve(session, version, region="310106", actor=head)
    return version


def test_an_internal_tag_limits_the_pool_and_only_its_digest_is_published(
    session: Session, make: Make, item: Item, drafter: Actor
) -> None:
    version = drafted(session, item, drafter, "watched", "chain")
    assert version.scope == {"tags": ["chain"], "internal_tags": ["watched"]}
    assert len(build_pool(session, version, on=clock.today()).frame) == 1
    approved(session, make, version, drafter)
    document = json.loads(str(version.published_json))
    assert document["scope"] == {"tags": ["chain"]}
    assert document["targeted"]
    assert len(document["confidential_scope_digest"]) == 64
    assert "watched" not in str(version.published_json)
    assert version.confidential


def test_a_public_tag_is_published_and_hides_nothing(session: Session, make: Make, item: Item, drafter: Actor) -> None:
    version = approved(session, make, drafted(session, item, drafter, "chain"), drafter)
    document = json.loads(str(version.published_json))
    assert (document["scope"], document["confidential_scope_digest"]) == ({"tags": ["chain"]}, None)
    assert not version.confidential


def test_a_tag_that_became_internal_before_publication_is_not_published(
    session: Session, make: Make, item: Item, drafter: Actor
) -> None:
    version = drafted(session, item, drafter, "chain")
    assert version.scope == {"tags": ["chain"]}
    session.get_one(Tag, "chain").public = False
    approved(session, make, version, drafter)
    assert "chain" not in str(version.published_json)
    assert version.scope == {"internal_tags": ["chain"]}


def test_a_published_plan_says_what_it_said_whatever_becomes_of_the_tag(
    session: Session, make: Make, item: Item, drafter: Actor, browse: Browser
) -> None:
    version = approved(session, make, drafted(session, item, drafter, "watched"), drafter)
    before = str(version.published_json)
    session.get_one(Tag, "watched").public = True
    session.commit()
    assert str(version.published_json) == before
    assert SECRET not in browse(language="zh").get(f"/public/plans/{version.plan.number}").text


def test_insiders_see_the_internal_tag_and_nobody_else(
    session: Session, make: Make, item: Item, browse: Browser
) -> None:
    scope = {"tags": ["chain"], "internal_tags": ["watched"]}
    plan = make.plan(item, scope=scope, confidential_salt="0" * 32)
    lead = make.user(Role.LEAD, department=item.department)
    inside = browse(lead, language="zh").get(f"/plans/{plan.id}").text
    assert SECRET in inside
    stranger = make.user(Role.LEAD, department=make.department())
    for visitor, url in (
        (browse(stranger, language="zh"), f"/plans/{plan.id}"),
        (browse(language="zh"), f"/public/plans/{plan.number}"),
    ):
        page = visitor.get(url).text
        assert OPEN in page
        assert SECRET not in page
    for ending in ("json", "csv"):
        assert SECRET not in browse(language="zh").get(f"/public/data/plans.{ending}").text


def test_the_form_of_a_draft_offers_and_keeps_internal_tags(
    session: Session, make: Make, item: Item, browse: Browser
) -> None:
    plan = make.plan(item, state=PlanState.DRAFT, scope={"internal_tags": ["watched"]})
    lead = browse(make.user(Role.LEAD, department=item.department), language="zh")
    address = f"/plans/{plan.id}/draft/scope"
    page = lead.get(address).text
    assert f"{SECRET} (watched, " in page
    lead.post(address, {"revision": "1", "targeted": "yes", "tags": ["watched", "chain"]})
    session.refresh(plan.newest)
    assert plan.newest.scope == {"tags": ["chain"], "internal_tags": ["watched"]}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_coordinator_opens_a_tag_with_a_reason_and_others_only_read(
    session: Session, make: Make, item: Item, browse: Browser, language: str
) -> None:
    coordinator = browse(make.user(Role.COORDINATOR), language=language)
    assert "/tags/watched" in coordinator.get("/tags/").text
    form = {"version": "1", "name_zh": SECRET, "name_en": "Watched", "public": "y", "reason": "已向社会公布"}
    coordinator.get("/tags/watched")
    coordinator.post("/tags/watched", {**form, "reason": ""}, status=200)
    assert not session.get_one(Tag, "watched", populate_existing=True).public
    coordinator.post("/tags/watched", form)
    tag = session.get_one(Tag, "watched", populate_existing=True)
    assert (tag.public, tag.version) == (True, 2)
    assert "error-summary" in coordinator.post("/tags/watched", form, status=200).text
    coordinator.get("/tags/new")
    coordinator.post("/tags/new", {"code": "night-market", "name_zh": "夜市", "reason": "市容专项"})
    assert not session.get_one(Tag, "night-market").public
    coordinator.post("/tags/new", {"code": "night-market", "name_zh": "夜市", "reason": "市容专项"}, status=200)
    coordinator.post("/tags/new", {"code": "夜市", "name_zh": "夜市", "reason": "市容专项"}, status=200)
    reader = browse(make.user(Role.LEAD), language=language)
    assert "/tags/watched" not in reader.get("/tags/").text
    reader.get("/tags/watched", status=403)
    browse().get("/tags/", status=302)


def test_a_tag_is_internal_from_the_start_and_every_change_is_on_record(session: Session, make: Make) -> None:
    actor = make.actor(Role.COORDINATOR)
    session.add(Tag(code="plain", name_zh="某标签"))
    session.flush()
    tag = tag_services.get_tag(session, "plain")
    assert not tag.public
    tag_services.change_tag(
        session, tag, name_zh="某标签", name_en="", public=True, reason="公开", version=1, actor=actor
    )
    assert tag_services.list_tags_with_counts(session)[0] == (tag, 0)
