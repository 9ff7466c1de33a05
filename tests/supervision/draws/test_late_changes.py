"""Tags changed on the eve of a freeze move nobody; who was suspended then is named (security sheet, T06 and T08)."""

from datetime import timedelta

import pytest

from supervision import clock
from supervision.audit.events import Event
from supervision.audit.queries import list_history
from supervision.draws.late_changes import LateChange, read_late_changes
from supervision.draws.models import Draw
from supervision.entities.bulk import upsert_many
from supervision.entities.models import Entity, EntityTag, Tag
from supervision.entities.rules import EntityFacts, EntityStatus
from supervision.entities.services import change_status, set_tags
from supervision.permissions import Role
from supervision.plans.pools import build_pool
from tests.factories import Make
from tests.pages import Browser
from tests.supervision.draws.conftest import Visits
from tests.supervision.draws.world import World, make_world


def tag(world: World, entity: Entity, *codes: str, days_ago: int) -> None:
    """Give an entity its tags, as somebody would have on a day."""
    with clock.at(clock.now() - timedelta(days=days_ago)):
        set_tags(world.session, entity, codes, reason="核对", version=entity.version, actor=world.lead)


def suspend(world: World, entity: Entity, *, days_ago: int) -> None:
    """Suspend an entry, as the coordinator would have on a day."""
    with clock.at(clock.now() - timedelta(days=days_ago)):
        change_status(
            world.session, entity, EntityStatus.SUSPENDED, since=clock.today(), reason="重复",
            version=entity.version, actor=world.make.actor(Role.COORDINATOR),
        )  # fmt: skip


@pytest.fixture
def tagged(make: Make, visits: Visits) -> World:
    """A pool of those that bear an internal tag, all of them for a long time."""
    make.session.add_all([Tag(code="watched", name_zh="重点关注"), Tag(code="chain", name_zh="连锁")])
    world = make_world(make, scope={"internal_tags": ["watched"]})
    make.session.add_all(EntityTag(entity_id=entity.id, tag_code="watched") for entity in world.entities)
    for entity in world.entities:
        entity.created_at = entity.updated_at = clock.now() - timedelta(days=400)
        entity.registered_on = entity.status_since = clock.today() - timedelta(days=500)
    make.session.flush()
    return world


def drawn_from(world: World) -> set[str]:
    """The units of the pool as it stands."""
    return {unit for unit, _ in build_pool(world.session, world.task, on=clock.today()).frame}


def late(world: World, draw: Draw) -> list[tuple[str, str, str, str]]:
    """The changes named with a draw."""
    return [(one.unit, one.what, one.before, one.since) for one in read_late_changes(world.session, draw)]


def test_nobody_is_moved_in_or_out_of_a_pool_by_a_tag_on_the_eve(tagged: World) -> None:
    out, early, both = tagged.entities[:3]
    rival = tagged.make.entity(created_at=clock.now() - timedelta(days=400))
    tag(tagged, early, days_ago=9)
    tag(tagged, out, "chain", days_ago=2)
    tag(tagged, rival, "watched", days_ago=1)
    tag(tagged, both, days_ago=3)
    tag(tagged, both, "watched", days_ago=1)
    assert drawn_from(tagged) == {one.unit_id for one in tagged.entities} - {early.unit_id}
    draw = tagged.freeze()
    assert sorted(late(tagged, draw)) == sorted(
        [(out.unit_id, "tags", "watched", ""), (rival.unit_id, "tags", "", "watched")]
    )
    entry = next(one for one in list_history(tagged.session, "draw", draw.id) if one.event is Event.DRAW_FROZEN)
    assert entry.details["late_changes"] == 2


def test_a_file_on_the_eve_moves_nobody_either_but_a_newcomer_bears_what_it_came_with(tagged: World) -> None:
    moved, newcomer = tagged.entities[0], tagged.make.entity()
    upsert_many(tagged.session, [EntityFacts(name=moved.name, uscc=moved.uscc, tags=())])
    tag(tagged, newcomer, "watched", days_ago=0)
    assert drawn_from(tagged) == {one.unit_id for one in [*tagged.entities, newcomer]}


def test_a_suspension_on_the_eve_counts_and_is_named(tagged: World) -> None:
    eve, long_ago = tagged.entities[:2]
    outside = tagged.make.entity(created_at=clock.now() - timedelta(days=400))
    for entity, days in ((eve, 2), (long_ago, 9), (outside, 2)):
        suspend(tagged, entity, days_ago=days)
    draw = tagged.freeze()
    assert draw.frame_size == len(tagged.entities) - 2
    assert late(tagged, draw) == [(eve.unit_id, "status", "active", "suspended")]
    (named,) = read_late_changes(tagged.session, draw)
    assert isinstance(named, LateChange)
    assert clock.now() - named.recorded_at < timedelta(days=3)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_inside_leads_to_the_names(tagged: World, browse: Browser, language: str) -> None:
    plain = tagged.freeze()
    lead = tagged.users[tagged.departments[0].code]
    assert "class-changes" not in browse(lead, language=language).get(f"/draws/{plain.id}").text
    other = make_other(tagged)
    page = browse(lead, language=language).get(f"/draws/{other.id}").text
    assert f"/draws/{other.id}/class-changes.csv" in page
    text = browse(lead, language=language).get(f"/draws/{other.id}/class-changes.csv").data.decode("utf-8-sig")
    assert tagged.entities[0].unit_id in text
    assert {"zh": "名录暂停", "en": "Entry suspended"}[language] in text
    assert tagged.entities[0].unit_id not in browse().get(f"/public/draws/{other.number}").text


def make_other(world: World) -> Draw:
    """A second draw, before which somebody was suspended."""
    suspend(world, world.entities[0], days_ago=1)
    tag(world, world.entities[1], days_ago=1)
    world.task = world.make.task(plan=world.task.plan_version.plan)
    return world.freeze()
