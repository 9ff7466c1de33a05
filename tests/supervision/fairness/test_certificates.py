"""A certificate before a draw: who may ask for it, what it is measured on, and what it never tells."""

import json

import pytest
import sqlalchemy as sa

from sampling.canonical import canonical_bytes
from sampling.hashing import hex_digest
from supervision.audit.events import Event
from supervision.audit.models import AuditEntry
from supervision.draws.models import DrawUnit
from supervision.draws.rules import OVERSIGHT
from supervision.entities.models import Entity
from supervision.entities.rules import RiskClass
from supervision.fairness import measuring, queries, services
from supervision.fairness.models import FairnessCertificate
from supervision.jobs.cli import run_waiting
from supervision.jobs.models import Job
from supervision.jobs.rules import JobState
from supervision.parameters.models import Parameter
from supervision.permissions import Role
from supervision.plans.rules import Stratification
from tests.supervision.draws.world import make_world, refused

RUNS = 60


@pytest.fixture
def few(world):
    """The parameter asks for few runs, so that tests are quick."""
    row = world.session.scalars(sa.select(Parameter).where(Parameter.code == "fairness-runs")).one()
    row.value = str(RUNS)
    world.session.flush()
    return world


def measured(app, world, draw):
    """Ask for a certificate and let a worker make it."""
    services.ask(world.session, draw, actor=world.lead)
    world.session.flush()
    run_waiting(app)
    world.session.expire_all()
    return queries.find_certificate(world.session, draw)


def test_a_worker_makes_the_certificate_and_the_log_tells(app, few):
    draw = few.freeze()
    found = measured(app, few, draw)
    assert found.seeds == RUNS
    assert found.digest == hex_digest("sha256", canonical_bytes(found.content))
    assert [one["size"] for one in found.content["strata"]] == [30]
    assert {one["department"] for one in found.content["departments"]} == {one.code for one in few.departments}
    entry = few.session.scalars(sa.select(AuditEntry).where(AuditEntry.event == Event.FAIRNESS_MEASURED)).one()
    assert entry.details["digest"] == found.digest


def test_every_inspector_of_an_even_department_has_about_the_same_chance(app, few):
    found = measured(app, few, few.freeze())
    for department in found.content["departments"]:
        assert len(department["inspectors"]) == 8
        assert not any(row["apart"] for row in department["inspectors"])


def test_a_second_measurement_of_the_same_files_says_the_same(app, few):
    draw = few.freeze()
    first = measured(app, few, draw)
    second = measured(app, few, draw)
    assert second.id != first.id
    assert second.digest == first.digest


def test_two_clicks_ask_for_one_measurement(few):
    draw = few.freeze()
    first = services.ask(few.session, draw, actor=few.lead)
    second = services.ask(few.session, draw, actor=few.actor(OVERSIGHT))
    assert first.id == second.id


def test_a_certificate_names_no_unit(app, few):
    draw = few.freeze()
    text = json.dumps(measured(app, few, draw).content)
    for entity in few.session.scalars(sa.select(Entity)):
        assert entity.unit_id not in text
        assert entity.name not in text


def test_measuring_changes_nothing_of_the_draw_that_follows(app, few):
    draw = few.committed()
    measured(app, few, draw)
    few.reveal_all(draw)
    text = json.dumps(queries.find_certificate(few.session, draw).content)
    assert not any(entry.secret and entry.secret in text for entry in draw.contributions)
    assert few.session.scalar(sa.select(sa.func.count()).select_from(DrawUnit)) == 0


@pytest.mark.parametrize("step", ["drawn"])
def test_after_the_draw_nothing_is_measured(few, step):
    draw = getattr(few, step)()
    with refused("not-before-draw"):
        services.ask(few.session, draw, actor=few.lead)


def test_only_the_lead_of_the_lead_department_and_oversight_ask(few):
    draw = few.freeze()
    others = [few.actor(few.departments[1].code), few.actor(f"head {few.departments[0].code}")]
    for actor in others:
        with refused("measure-refused"):
            services.ask(few.session, draw, actor=actor)
    assert services.ask(few.session, draw, actor=few.actor(OVERSIGHT)).state is JobState.QUEUED


def test_a_pool_too_large_for_the_time_is_measured_with_fewer_seeds_and_says_so(few):
    draw = few.freeze()
    inputs, limits, _ = measuring.frozen_inputs(few.session, draw)
    reports = []
    found = measuring.measured(
        inputs, runs=1_000_000, limits=limits, seconds=0, progress=lambda *done: reports.append(done)
    )
    assert found.runs == 20
    assert reports[-1] == (20, 20)
    assert found.asked == 1_000_000


def test_confidential_classes_are_counted_and_never_listed_by_unit(app, make, visits, session):
    world = make_world(make, stratification=Stratification.RISK)
    for number, entity in enumerate(world.entities):
        entity.risk_class = RiskClass.A if number % 2 else RiskClass.B
    session.scalars(sa.select(Parameter).where(Parameter.code == "fairness-runs")).one().value = "30"
    session.flush()
    found = measured(app, world, world.freeze())
    assert found.content["confidential"] is True
    assert not any(entity.unit_id in json.dumps(found.content) for entity in world.entities)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_of_the_draw_says_the_chances_in_words(app, few, browse, language):
    draw = few.freeze()
    lead = browse(few.users[few.departments[0].code], language=language)
    before = lead.get(f"/draws/{draw.id}").text
    assert f"/draws/{draw.id}/fairness" in before
    answer = lead.post(f"/draws/{draw.id}/fairness", page=f"/draws/{draw.id}")
    assert "/jobs/" in answer.location
    few.session.flush()
    run_waiting(app)
    few.session.expire_all()
    page = lead.get(f"/draws/{draw.id}").text
    assert ("each of the 8 inspectors" if language == "en" else "8 名检查人员") in page
    whole = lead.get(f"/draws/{draw.id}/fairness").text
    assert f"{few.departments[0].code}-0001" in whole
    job = few.session.scalars(sa.select(Job)).one()
    assert f"/draws/{draw.id}/fairness" in lead.get(f"/jobs/{job.id}").text


def test_strangers_do_not_see_the_page(few, browse, make, app):
    draw = few.freeze()
    measured(app, few, draw)
    browse(make.user(Role.LEAD, department=make.department())).get(f"/draws/{draw.id}/fairness", status=404)
    browse(make.user(Role.INSPECTOR, department=few.departments[0])).get(f"/draws/{draw.id}/fairness", status=403)
    browse().get(f"/draws/{draw.id}/fairness", status=302)


def test_a_draw_without_certificate_has_no_page_of_it(few, browse):
    draw = few.freeze()
    browse(few.users[OVERSIGHT]).get(f"/draws/{draw.id}/fairness", status=404)


def test_the_command_keeps_a_certificate_and_says_it_in_both_languages(app, few):
    draw = few.freeze()
    few.session.flush()
    result = app.test_cli_runner().invoke(args=["draws", "fairness", draw.number, "--seeds", "40"])
    assert result.exit_code == 0, result.output
    assert "40 个模拟种子" in result.output
    assert "each of the 8 inspectors" in result.output
    few.session.expire_all()
    assert few.session.scalars(sa.select(FairnessCertificate)).one().seeds == 40


def test_the_command_refuses_an_unknown_number(app, few):
    result = app.test_cli_runner().invoke(args=["draws", "fairness", "310106-2026-9999"])
    assert result.exit_code == 1


def test_other_commands_of_draws_are_still_there(app):
    result = app.test_cli_runner().invoke(args=["draws", "--help"])
    assert all(name in result.output for name in ("expire", "export", "fairness"))
