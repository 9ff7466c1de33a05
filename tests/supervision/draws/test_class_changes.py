"""A risk class set on the eve of a freeze moves nobody, and is named to those entitled (security sheet, T08)."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from supervision import clock
from supervision.audit.events import DisclosedList, Event
from supervision.audit.models import AuditEntry
from supervision.audit.queries import list_history
from supervision.draws.bundles import read_files
from supervision.draws.class_changes import CLASS_CHANGES, read_set_aside
from supervision.draws.models import Draw
from supervision.draws.rules import OVERSIGHT
from supervision.entities.models import Entity, EntityTag, RiskClassRecord, Tag
from supervision.entities.rules import RiskClass, month_of
from supervision.permissions import Role
from supervision.plans.pools import build_pool
from supervision.plans.rules import Stratification
from tests.factories import Make
from tests.pages import Browser
from tests.supervision.draws.conftest import Visits
from tests.supervision.draws.world import World, make_world


def classify(world: World, entity: Entity, risk_class: RiskClass, *, days_ago: int) -> None:
    """Record a class as it would have been on a day."""
    at = clock.now() - timedelta(days=days_ago)
    world.session.add(
        RiskClassRecord(entity_id=entity.id, risk_class=risk_class, as_of=month_of(at.date()), recorded_at=at)
    )
    entity.risk_class = risk_class
    world.session.flush()


@pytest.fixture
def classed(make: Make, visits: Visits) -> World:
    """A pool divided by risk class, everybody in class B for a long time."""
    world = make_world(make, stratification=Stratification.RISK)
    for entity in world.entities:
        classify(world, entity, RiskClass.B, days_ago=100)
    return world


def strata(world: World, draw: Draw) -> dict[str, str]:
    """The stratum of every unit of the frozen pool."""
    lines = read_files(world.session, draw, ["frame.tsv"])["frame.tsv"].decode().splitlines()
    return {line.split("\t")[0]: line.split("\t")[1] for line in lines}


def test_a_class_set_on_the_eve_does_not_count_and_is_named(classed: World) -> None:
    late, early, first = classed.entities[:3]
    classify(classed, late, RiskClass.D, days_ago=2)
    classify(classed, early, RiskClass.D, days_ago=9)
    draw = classed.freeze()
    found = strata(classed, draw)
    assert (found[late.unit_id], found[early.unit_id], found[first.unit_id]) == ("B", "D", "B")
    (named,) = read_set_aside(classed.session, draw)
    assert (named.unit, named.counts, named.since) == (late.unit_id, RiskClass.B, RiskClass.D)
    entry = next(one for one in list_history(classed.session, "draw", draw.id) if one.event is Event.DRAW_FROZEN)
    assert entry.details["classes_set_aside"] == 1
    assert isinstance(named.recorded_at, datetime)


def test_the_first_class_ever_counts_at_once(classed: World) -> None:
    newcomer = classed.make.entity()
    classify(classed, newcomer, RiskClass.C, days_ago=1)
    classify(classed, newcomer, RiskClass.D, days_ago=0)
    draw = classed.freeze()
    assert strata(classed, draw)[newcomer.unit_id] == "C"
    assert [one.unit for one in read_set_aside(classed.session, draw)] == [newcomer.unit_id]


def test_a_record_of_an_older_month_written_late_does_not_count_either(classed: World) -> None:
    entity = classed.entities[0]
    at = clock.now() - timedelta(days=1)
    older = month_of((at - timedelta(days=60)).date())
    classed.session.add(RiskClassRecord(entity_id=entity.id, risk_class=RiskClass.A, as_of=older, recorded_at=at))
    classed.session.flush()
    assert strata(classed, classed.freeze())[entity.unit_id] == "B"


def test_nobody_is_moved_in_or_out_of_a_scope_by_class_on_the_eve(make: Make, visits: Visits) -> None:
    world = make_world(make, stratification=Stratification.RISK, scope={"risk_classes": ["B"]})
    for entity in world.entities:
        classify(world, entity, RiskClass.B, days_ago=100)
    out, rival = world.entities[0], make.entity()
    classify(world, rival, RiskClass.A, days_ago=100)
    classify(world, out, RiskClass.A, days_ago=1)
    classify(world, rival, RiskClass.B, days_ago=1)
    pool = build_pool(world.session, world.task, on=clock.today())
    assert {unit for unit, _ in pool.frame} == {entity.unit_id for entity in world.entities}
    draw = world.freeze()
    assert {one.unit for one in read_set_aside(world.session, draw)} == {out.unit_id, rival.unit_id}


def test_a_pool_without_classes_keeps_no_such_file(make: Make, visits: Visits) -> None:
    world = make_world(make)
    draw = world.freeze()
    assert CLASS_CHANGES not in read_files(world.session, draw, [CLASS_CHANGES])


def test_a_pool_limited_by_an_internal_tag_alone_asks_for_no_class(make: Make, visits: Visits) -> None:
    make.session.add(Tag(code="watched", name_zh="重点关注"))
    world = make_world(make, scope={"internal_tags": ["watched"]})
    make.session.add_all(EntityTag(entity_id=entity.id, tag_code="watched") for entity in world.entities)
    classify(world, world.entities[0], RiskClass.B, days_ago=100)
    classify(world, world.entities[0], RiskClass.D, days_ago=1)
    draw = world.freeze()
    assert (draw.confidential, draw.frame_size) == (True, len(world.entities))
    assert CLASS_CHANGES not in read_files(world.session, draw, [CLASS_CHANGES])


def test_the_page_of_a_draw_tells_of_the_file_without_opening_it(classed: World, browse: Browser) -> None:
    lead = browse(classed.users[classed.departments[0].code])
    classify(classed, classed.entities[0], RiskClass.D, days_ago=2)
    draw = classed.freeze()
    classed.session.commit()
    asked: list[str] = []

    def see(*arguments: object) -> None:
        asked.append(str(arguments[2]))

    engine = classed.session.get_bind()
    sa.event.listen(engine, "before_cursor_execute", see)
    page = lead.get(f"/draws/{draw.id}").text
    sa.event.remove(engine, "before_cursor_execute", see)
    assert f"/draws/{draw.id}/class-changes.csv" in page
    assert [one for one in asked if "draw_files" in one]
    assert not [one for one in asked if "draw_files.packed" in one]


def test_no_notice_stands_where_no_class_was_set_aside(classed: World, browse: Browser) -> None:
    draw = classed.freeze()
    lead = browse(classed.users[classed.departments[0].code])
    assert "class-changes" not in lead.get(f"/draws/{draw.id}").text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_file_goes_to_those_entitled_with_a_watermark_and_an_entry(
    classed: World, browse: Browser, language: str
) -> None:
    late = classed.entities[0]
    classify(classed, late, RiskClass.D, days_ago=2)
    draw = classed.freeze()
    lead = classed.users[classed.departments[0].code]
    url = f"/draws/{draw.id}/class-changes"
    page = browse(lead, language=language).get(f"/draws/{draw.id}").text
    assert f"{url}.csv" in page
    assert late.unit_id not in page
    text = browse(lead, language=language).get(f"{url}.csv").data.decode("utf-8-sig")
    assert late.unit_id in text
    assert "※" in text.splitlines()[-1]
    assert lead.name in text
    browse(classed.users[OVERSIGHT]).get(f"{url}.xlsx")
    browse(classed.make.user(Role.INSPECTOR)).get(f"{url}.csv", status=403)
    browse(classed.make.user(Role.LEAD, department=classed.make.department())).get(f"{url}.csv", status=404)
    statement = sa.select(AuditEntry.actor_id).where(
        AuditEntry.event == Event.LIST_EXPORTED, AuditEntry.subject_kind == DisclosedList.CLASSES.value
    )
    assert set(classed.session.scalars(statement)) == {lead.id, classed.users[OVERSIGHT].id}
