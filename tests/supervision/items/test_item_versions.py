"""The item list lives in whole versions: drafted, published, never changed again (R-1.01 to R-1.04)."""

import hashlib
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from supervision import clock
from supervision.audit.events import Event
from supervision.audit.models import AuditEntry
from supervision.catalogue_files import FOLDER
from supervision.departments.queries import get_department
from supervision.errors import Conflict, Forbidden, Invalid, RuleBroken, WrongState
from supervision.items import forming, services
from supervision.items.catalogue import load_item_catalogue
from supervision.items.comparison import compare_lists
from supervision.items.models import Item, ItemList
from supervision.items.queries import (
    find_item,
    get_published_list,
    item_facts,
    joint_facts,
    list_items,
    list_joint_items,
    load_facts,
)
from supervision.items.rules import ListState, MaterialContent, list_bytes, list_digest
from supervision.permissions import Actor, Role
from tests.factories import Make


@pytest.fixture
def published(session: Session) -> ItemList:
    """The shipped catalogue as version 1."""
    return load_item_catalogue(session, FOLDER)


@pytest.fixture
def lead(session: Session, make: Make, published: ItemList) -> Actor:
    """The lead of the market regulation department."""
    return make.actor(Role.LEAD, department=get_department(session, "SCJG"))


def _item(session: Session, version: ItemList, code: str = "SCJG-03") -> Item:
    item = find_item(session, version.id, code)
    assert item is not None
    return item


def _events(session: Session) -> list[Event]:
    return list(session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.seq)))


def test_the_catalogue_becomes_version_one_whole(session: Session, published: ItemList) -> None:
    items = list_items(session, published.id)
    assert (len(items), len(list_joint_items(session, published.id))) == (110, 18)
    assert sum(len(item.check_points) for item in items) == 539
    assert sum(len(item.materials) for item in items) == 292
    catering = _item(session, published)
    assert (catering.ratio_bp, catering.industries) == (2000, ["H62", "P83", "Q8514"])
    assert load_item_catalogue(session, FOLDER) is published
    assert _events(session) == [Event.ITEM_LIST_PUBLISHED]


def test_the_digest_is_the_hash_of_bytes_anybody_can_have(session: Session, published: ItemList) -> None:
    data = list_bytes(load_facts(session, published))
    assert hashlib.sha256(data).hexdigest() == published.digest
    assert '"legal_basis":"《食品安全法》' in data.decode()


def test_a_draft_copies_everything_and_changes_nothing_in_force(
    session: Session, published: ItemList, lead: Actor
) -> None:
    before = load_facts(session, published)
    draft = services.begin_draft(session, actor=lead)
    copied = load_facts(session, draft)
    assert (copied.items, copied.joint_items) == (before.items, before.joint_items)
    item = _item(session, draft)
    content = replace(item_facts(item).content, ratio_bp=2500)
    services.change_item(session, item, content, version=item.version, actor=lead)
    session.expire_all()
    assert load_facts(session, published) == before
    assert list_digest(load_facts(session, published)) == published.digest
    assert _item(session, draft).ratio_bp == 2500


def test_there_is_one_draft_at_a_time(session: Session, lead: Actor) -> None:
    services.begin_draft(session, actor=lead)
    with pytest.raises(Conflict):
        services.begin_draft(session, actor=lead)
    session.add(ItemList(number=99, state=ListState.DRAFT, created_at=clock.now()))
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_no_service_changes_a_published_version(session: Session, published: ItemList, lead: Actor, make: Make) -> None:
    item, joint = _item(session, published), list_joint_items(session, published.id)[0]
    facts = item_facts(item)
    coordinator = make.actor(Role.COORDINATOR)
    attempts = (
        lambda: services.change_item(session, item, facts.content, version=1, actor=lead),
        lambda: services.suspend_item(session, item, suspended=True, reason="x", version=1, actor=lead),
        lambda: forming.change_check_points(session, item, facts.check_points, version=1, actor=lead),
        lambda: services.change_materials(session, item, facts.materials, version=1, actor=lead),
        lambda: services.add_item(session, published, facts.content, code="SCJG-99", actor=lead),
        lambda: services.change_joint_item(session, joint, joint_facts(joint).content, version=1, actor=coordinator),
        lambda: services.remove_joint_item(session, joint, reason="x", version=1, actor=coordinator),
        lambda: services.publish_list(session, published, document_number="x", note="", actor=coordinator),
    )
    before = list_digest(load_facts(session, published))
    for attempt in attempts:
        with pytest.raises(WrongState):
            attempt()
    session.expire_all()
    assert list_digest(load_facts(session, published)) == before == published.digest


def test_publishing_supersedes_the_version_before(
    session: Session, published: ItemList, lead: Actor, make: Make
) -> None:
    draft = services.begin_draft(session, actor=lead)
    coordinator = make.actor(Role.COORDINATOR)
    services.publish_list(session, draft, document_number="静双随机〔2026〕2号", note="二版", actor=coordinator)
    assert get_published_list(session) is draft
    assert (draft.number, published.state) == (2, ListState.SUPERSEDED)
    assert draft.digest == list_digest(load_facts(session, draft)) != published.digest
    assert _events(session)[-2:] == [Event.ITEM_LIST_DRAFTED, Event.ITEM_LIST_PUBLISHED]


def test_only_the_coordinator_publishes(session: Session, lead: Actor) -> None:
    draft = services.begin_draft(session, actor=lead)
    with pytest.raises(Forbidden):
        services.publish_list(session, draft, document_number="1", note="", actor=lead)


@pytest.mark.parametrize("fault", ["basis", "points", "ratio", "suspended in joint", "lead without item"])
def test_a_faulty_draft_is_not_published(session: Session, lead: Actor, make: Make, fault: str) -> None:
    draft = services.begin_draft(session, actor=lead)
    item = _item(session, draft)
    content = item_facts(item).content
    if fault == "basis":
        services.change_item(session, item, replace(content, legal_basis=""), version=1, actor=lead)
    if fault == "points":
        forming.change_check_points(session, item, [], version=1, actor=lead)
    if fault == "ratio":
        services.change_item(session, item, replace(content, ratio_bp=0), version=1, actor=lead)
    if fault == "suspended in joint":
        services.suspend_item(session, item, suspended=True, reason="修法", version=1, actor=lead)
    if fault == "lead without item":
        joint = list_joint_items(session, draft.id)[0]
        others = tuple(code for code in joint_facts(joint).content.item_codes if not code.startswith("SCJG"))
        changed = replace(joint_facts(joint).content, item_codes=others)
        services.change_joint_item(session, joint, changed, version=1, actor=lead)
    with pytest.raises(RuleBroken) as refusal:
        services.publish_list(session, draft, document_number="1", note="", actor=make.actor(Role.COORDINATOR))
    assert refusal.value.code == "list-faulty"
    assert draft.state is ListState.DRAFT


def test_a_suspended_item_outside_joint_items_may_be_faulty(session: Session, lead: Actor, make: Make) -> None:
    draft = services.begin_draft(session, actor=lead)
    inside = {part.item.code for joint in list_joint_items(session, draft.id) for part in joint.parts}
    item = next(one for one in list_items(session, draft.id) if one.code[:4] == "SCJG" and one.code not in inside)
    forming.change_check_points(session, item, [], version=1, actor=lead)
    services.suspend_item(session, item, suspended=True, reason="修法", version=2, actor=lead)
    services.publish_list(session, draft, document_number="1", note="", actor=make.actor(Role.COORDINATOR))
    assert item.code not in {one.code for one in list_items(session, draft.id)}


def test_a_lead_changes_only_the_own_departments_items(session: Session, lead: Actor, make: Make) -> None:
    draft = services.begin_draft(session, actor=lead)
    item = _item(session, draft, "WSJK-01")
    content = item_facts(item).content
    for actor in (lead, make.actor(Role.COORDINATOR), make.actor(Role.HEAD, department=item.department)):
        with pytest.raises(Forbidden):
            services.change_item(session, item, content, version=1, actor=actor)


def test_two_people_cannot_overwrite_each_other(session: Session, lead: Actor) -> None:
    draft = services.begin_draft(session, actor=lead)
    item = _item(session, draft)
    content = item_facts(item).content
    services.change_item(session, item, replace(content, name_en="First"), version=1, actor=lead)
    with pytest.raises(Conflict):
        services.change_item(session, item, replace(content, name_en="Second"), version=1, actor=lead)
    assert item.name_en == "First"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"min_inspectors": 1}, "min_inspectors"),
        ({"ratio_bp": 10001}, "ratio"),
        ({"ratio_bp": -1}, "ratio"),
        ({"max_per_year": 0}, "max_per_year"),
        ({"allowed_results": ()}, "allowed_results"),
        ({"allowed_results": ("99",)}, "allowed_results"),
        ({"name_zh": ""}, "name_zh"),
    ],
)
def test_an_item_refuses_what_the_law_or_sense_forbids(
    session: Session, lead: Actor, changes: dict[str, object], field: str
) -> None:
    draft = services.begin_draft(session, actor=lead)
    item = _item(session, draft)
    content = replace(item_facts(item).content, **changes)  # type: ignore[arg-type]  # the test's own table
    with pytest.raises(Invalid) as refusal:
        services.change_item(session, item, content, version=1, actor=lead)
    assert refusal.value.field == field


def test_the_comparison_says_what_changed_in_words(session: Session, published: ItemList, lead: Actor) -> None:
    draft = services.begin_draft(session, actor=lead)
    item = _item(session, draft)
    facts = item_facts(item)
    services.change_item(session, item, replace(facts.content, ratio_bp=2500), version=1, actor=lead)
    points = list(facts.check_points)
    points[0] = replace(points[0], veto=not points[0].veto)
    points[1], points[2] = points[2], points[1]
    added = replace(points[-1], question_zh="新增一问？")
    forming.change_check_points(session, item, [*points[:-1], added], version=2, actor=lead)
    services.change_materials(
        session, item, [*facts.materials, MaterialContent("健康证", "Health certificates")], version=3, actor=lead
    )
    services.add_item(session, draft, facts.content, code="SCJG-99", actor=lead)
    first, second = compare_lists(load_facts(session, published), load_facts(session, draft))
    assert (first.kind, first.code, second.kind, second.code) == ("changed", "SCJG-03", "added", "SCJG-99")
    assert [change.field for change in first.changes] == [
        "ratio_bp",
        "point_removed",
        "point_added",
        "point_changed",
        "points_reordered",
        "material_added",
    ]
    backwards = compare_lists(load_facts(session, draft), load_facts(session, published))
    assert backwards[1].kind == "removed"
