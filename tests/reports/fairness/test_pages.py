"""Fairness on display: what opened draws add, what sealed ones do not, and who sees which names."""

import csv
import io

import pytest
import sqlalchemy as sa

from reports.fairness import endings, queries
from reports.fairness.queries import Asked
from supervision import clock
from supervision.draws import services
from supervision.draws.models import DrawMember
from supervision.draws.rules import OVERSIGHT
from supervision.entities.rules import RiskClass
from supervision.fairness.counting import packed
from supervision.fairness.models import DrawFigures
from supervision.inspectors.models import Inspector
from supervision.jobs.cli import run_waiting
from supervision.jobs.models import Job
from supervision.permissions import Role
from supervision.plans.models import Exclusion, ExclusionDecision
from supervision.plans.rules import Stratification
from tests.supervision.draws.world import OPERATOR, make_world

PUBLIC, INSIDE, DATA = "/public/fairness", "/figures/fairness", "/public/data/fairness.csv"


def opened(app, world, visits):
    """Carry a draw through to its opening and let the worker count it."""
    draw = world.drawn()
    visits.done = True
    services.open_draw(world.session, draw, actor=world.lead)
    world.session.flush()
    run_waiting(app)
    world.session.expire_all()
    return draw


def asked(world, department=""):
    return Asked(clock.today().year, department)


def figures(world, *, inside=True, department=""):
    return queries.count_year(world.session, asked(world, department), inside=inside, smallest=5)


def test_an_opened_draw_is_counted_by_the_worker_and_shown(app, world, visits, browse):
    assert "No draw of this year" in browse().get(PUBLIC).text
    opened(app, world, visits)
    found = figures(world).figures
    assert found.draws == 1
    assert sum(row.test.observed for row in found.groups if row.dimension == "type") == found.units[-1].count
    assert sum(row.count for row in found.units) == 30
    assert found.alarms(0.001) == 0
    for language, word in (("zh", "无警报"), ("en", "No alarm")):
        text = browse(language=language).get(PUBLIC).text
        assert word in text
        browse(language=language).get(f"{PUBLIC}?department={world.departments[1].code}")


def test_what_a_draw_gave_is_what_its_record_says(app, world, visits):
    draw = opened(app, world, visits)
    found = figures(world).figures
    visits_of = dict(
        world.session.execute(
            sa.select(DrawMember.inspector_id, sa.func.count())
            .where(DrawMember.draw_id == draw.id)
            .group_by(DrawMember.inspector_id)
        ).all()
    )
    assert {row.inspector_id: row.test.observed for row in found.people if row.test.observed} == visits_of
    assert {row.rosters for row in found.people} == {1}
    assert sum(row.test.expected for row in found.people) == pytest.approx(sum(visits_of.values()))


def test_a_sealed_draw_changes_no_byte_of_what_everybody_reads(app, world, visits, browse, make):
    opened(app, world, visits)
    addresses = [PUBLIC, f"{PUBLIC}?department={world.departments[0].code}", DATA]
    before = [browse().get(url).data for url in addresses]
    visits.done = False
    world.task = make.task(plan=world.task.plan_version.plan)
    world.task.ends_on = visits.day
    draw = world.freeze()
    world.session.flush()
    assert [browse().get(url).data for url in addresses] == before
    world.seal_all(draw)
    services.commit(world.session, draw, actor=world.lead)
    world.reveal_all(draw)
    services.carry_out(world.session, draw, actor=world.lead, operator=OPERATOR)
    world.session.flush()
    run_waiting(app)
    assert [browse().get(url).data for url in addresses] == before


def test_two_openings_at_once_ask_for_one_count(app, world, visits):
    draw = world.drawn()
    visits.done = True
    services.open_draw(world.session, draw, actor=world.lead)
    waiting = world.session.scalars(sa.select(Job).where(Job.kind == "fairness-figures")).all()
    assert len(waiting) == 1


def test_draws_by_risk_class_are_compared_inside_and_never_shown_outside(app, make, visits, session, browse):
    world = make_world(make, stratification=Stratification.RISK)
    for number, entity in enumerate(world.entities):
        entity.risk_class = RiskClass.A if number % 2 else RiskClass.D
    opened(app, world, visits)
    assert figures(world, inside=False).figures.groups == ()
    assert figures(world, inside=False).figures.units == ()
    assert figures(world).figures.groups
    text = browse().get(PUBLIC).text
    assert "1 of these draws are divided by risk class" in text
    assert list(csv.reader(io.StringIO(browse().get(DATA).text)))[1:] == []


def test_a_pool_limited_to_an_internal_group_is_not_shown_outside(app, make, visits):
    world = make_world(make, scope={"risk_classes": ["B"]})
    for entity in world.entities:
        entity.risk_class = RiskClass.B
    opened(app, world, visits)
    assert figures(world, inside=False).hidden == 1
    assert figures(world, inside=False).figures.groups == ()


def test_groups_count_as_the_register_had_them_at_the_freeze(app, world, visits, make):
    draw = world.drawn()
    before = {entity.type_code for entity in world.entities}
    moved = world.entities[0]
    moved.type_code = make.entity(type_code="9999").type_code
    moved.updated_at = clock.now()
    world.session.flush()
    visits.done = True
    services.open_draw(world.session, draw, actor=world.lead)
    world.session.flush()
    run_waiting(app)
    world.session.expire_all()
    groups = {row.group: row.pool for row in figures(world).figures.groups if row.dimension == "type"}
    assert groups == {next(iter(before)): 30}


def test_who_was_left_out_by_decision_counts_as_if_in_the_pool(app, world, visits):
    friend = world.entities[0]
    row = Exclusion(
        task_id=world.task.id, entity_id=friend.id, reason_code="other-fact", evidence="-", recorded_at=clock.now()
    )
    world.session.add(row)
    world.session.flush()
    world.session.add(ExclusionDecision(exclusion_id=row.id, confirmed=True, decided_at=clock.now()))
    world.session.flush()
    opened(app, world, visits)
    found = figures(world).figures
    assert sum(row.count for row in found.units) == 30
    assert next(row.pool for row in found.groups if row.dimension == "type") == 30


def rig(world, draw):
    """Let the figures say that one of two equal groups was never drawn."""
    row = world.session.get_one(DrawFigures, draw.id)
    stratum = row.content["strata"]["all"]
    groups = {"type": {"1100": [100, 40], "9500": [100, 0]}, "industry": {}, "sub_district": {}}
    row.content = {
        **row.content,
        "strata": {
            "all": {
                **stratum,
                "drawn": 40,
                "pool": packed(range(1, 201)),
                "hits": packed(range(1, 41)),
                "groups": groups,
            }
        },
    }
    row.counted_at = clock.now()
    world.session.flush()


@pytest.mark.parametrize(("language", "word"), [("en", "must be explained"), ("zh", "必须作出说明")])
def test_a_group_never_drawn_raises_the_alarm_in_words(app, world, visits, browse, language, word):
    rig(world, opened(app, world, visits))
    assert word in browse(language=language).get(PUBLIC).text
    rows = list(csv.DictReader(io.StringIO(browse().get(DATA).text.removeprefix("\ufeff"))))
    assert {row["group"]: row["alarm"] for row in rows} == {"1100": "1", "9500": "1"}


def test_inspectors_are_named_to_their_own_department_and_to_oversight_alone(app, world, visits, browse, make):
    opened(app, world, visits)
    own, other = world.departments
    for number, inspector in enumerate(world.session.scalars(sa.select(Inspector).order_by(Inspector.id))):
        inspector.name = f"人员{number:03d}号"
    world.session.flush()
    own_names = [one.name for one in world.inspectors if one.department_id == own.id]
    url = f"{INSIDE}?department={own.code}"
    for user in (world.users[own.code], world.users[OVERSIGHT]):
        text = browse(user).get(url).text
        assert all(name in text for name in own_names)
    for user in (world.users[other.code], make.user(Role.COORDINATOR)):
        text = browse(user).get(url).text
        assert not any(name in text for name in own_names)
    assert not any(name in browse().get(f"{PUBLIC}?department={own.code}").text for name in own_names)
    browse(make.user(Role.INSPECTOR)).get(INSIDE, status=403)
    browse(make.user(Role.SYSTEM_ADMIN)).get(INSIDE, status=403)
    browse().get(INSIDE, status=302)


def test_void_draws_are_told_by_body_and_persons_to_oversight(app, world, browse):
    draw = world.freeze()
    head, watch = world.actor(f"head {world.departments[0].code}"), world.actor(OVERSIGHT)
    services.propose_void(world.session, draw, reason="wrong-rules", note="", actor=head)
    services.approve_void(world.session, draw, actor=watch)
    world.session.flush()
    counted = endings.count_ended(world.session, asked(world))
    assert [(row.body.code, row.count) for row in counted] == [(world.departments[0].code, 1)]
    user = world.users[OVERSIGHT]
    text = browse(user).get(INSIDE).text
    assert all(word in text for word in (draw.number, head.name, watch.name))
    assert endings.list_ended_by_person(world.session, world.lead, asked(world)) == []
    assert head.name not in browse().get(PUBLIC).text


def test_fewer_than_five_inspectors_are_not_spoken_of(app, make, visits, browse):
    world = make_world(make, inspectors=4, visit_cap=30)
    opened(app, world, visits)
    text = browse().get(f"{PUBLIC}?department={world.departments[0].code}").text
    assert "Too few inspectors" in text


def test_a_strange_year_or_department_shows_the_newest(world, browse):
    browse().get(f"{PUBLIC}?year=abc&department=nobody")
