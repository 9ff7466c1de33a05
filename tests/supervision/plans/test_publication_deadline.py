"""A plan that is first published after the day for annual plans says why, to the public too (domain 1.3)."""

import json
from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from supervision import clock
from supervision.errors import Invalid, RuleBroken
from supervision.permissions import Actor, Role
from supervision.plans import deadlines, drafting, queries, readiness, services
from supervision.plans.models import PlanVersion
from supervision.plans.pools import build_pool
from supervision.plans.rules import PlanState
from tests.factories import Make
from tests.pages import Browser

IN_TIME, LAST_DAY = datetime(2026, 3, 10, 4, tzinfo=UTC), datetime(2026, 3, 31, 4, tzinfo=UTC)
LATE = datetime(2026, 4, 1, 4, tzinfo=UTC)
WHY = ("superior-order", "市局4月2日部署（沪市监〔2026〕30号）")


@pytest.fixture
def people(make: Make) -> tuple[Actor, Actor, str]:
    make.catalogues()
    department = make.department()
    item = make.item(department)
    make.entity()
    return (
        make.actor(Role.LEAD, department=department),
        make.actor(Role.HEAD, department=department),
        item.code,
    )


def draft(session: Session, people: tuple[Actor, Actor, str], *, late: tuple[str, str] = ("", "")) -> PlanVersion:
    version = drafting.draft_plan(session, item_codes=[people[2]], actor=people[0]).newest
    drafting.set_period(
        session,
        version,
        title="年度抽查",
        description="",
        starts_on=date(2026, 3, 10),
        ends_on=date(2026, 12, 31),
        late=late,
        actor=people[0],
    )
    return version


def publish(session: Session, people: tuple[Actor, Actor, str], version: PlanVersion) -> None:
    services.send(session, version, actor=people[0])
    services.approve(session, version, region="310106", actor=people[1])


def codes(session: Session, version: PlanVersion) -> set[str]:
    pool = build_pool(session, version, on=clock.today())
    return {one.code for one in readiness.cautions(session, version, pool, on=clock.today())}


def test_until_the_last_day_no_ground_is_needed_and_one_given_is_dropped(
    session: Session, people: tuple[Actor, Actor, str]
) -> None:
    with clock.at(LAST_DAY):
        version = draft(session, people, late=WHY)
        assert "publication-due" in codes(session, version)
        publish(session, people, version)
    assert version.publication_due_on == date(2026, 3, 31)
    assert (version.late_ground, version.late_note) == ("", "")
    assert "late_publication" not in json.loads(str(version.published_json))


def test_the_day_after_a_plan_without_a_ground_is_not_sent(session: Session, people: tuple[Actor, Actor, str]) -> None:
    with clock.at(LATE):
        version = draft(session, people)
        with pytest.raises(RuleBroken) as refused:
            services.send(session, version, actor=people[0])
    assert refused.value.code == "late-ground-missing"
    assert refused.value.parameters["day"] == "2026-03-31"


def test_what_is_sent_in_time_but_approved_late_goes_back_for_its_ground(
    session: Session, people: tuple[Actor, Actor, str]
) -> None:
    with clock.at(IN_TIME):
        version = draft(session, people)
        services.send(session, version, actor=people[0])
    with clock.at(LATE), pytest.raises(RuleBroken) as refused:
        services.approve(session, version, region="310106", actor=people[1])
    assert refused.value.code == "late-ground-missing"
    assert version.state is PlanState.SUBMITTED


def test_the_ground_is_published_with_the_plan_and_stays_with_later_versions(
    session: Session, people: tuple[Actor, Actor, str], browse: Browser
) -> None:
    with clock.at(LATE):
        version = draft(session, people, late=WHY)
        assert "publication-late" in codes(session, version)
        publish(session, people, version)
        document = json.loads(str(version.published_json))
        assert document["late_publication"] == {"due": "2026-03-31", "ground": WHY[0], "note": WHY[1]}
        second = services.revise(session, version.plan, reason="扩大范围", actor=people[0])
        services.send(session, second, actor=people[0])
        services.approve(session, second, region="310106", actor=people[1])
    assert second.late_note == WHY[1]
    number = str(queries.get_published_plan(session, str(version.plan.number)).plan.number)
    for language, name in (("zh", "上级机关部署"), ("en", "Ordered from above")):
        page = browse(language=language).get(f"/public/plans/{number}").text
        assert WHY[1] in page
        assert name in page


def test_a_plan_of_the_next_year_is_not_late(session: Session, people: tuple[Actor, Actor, str]) -> None:
    with clock.at(LATE):
        version = draft(session, people)
        drafting.set_period(
            session, version, title="x", description="", starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31),
            actor=people[0],
        )  # fmt: skip
        assert codes(session, version).isdisjoint({"publication-due", "publication-late"})
        publish(session, people, version)
    assert version.publication_due_on == date(2027, 3, 31)


@pytest.mark.parametrize(
    ("late", "field"), [(("superior-order", ""), "late_note"), (("", "x"), "late_ground"), (("?", "x"), "late_ground")]
)
def test_ground_and_facts_belong_together(
    session: Session, people: tuple[Actor, Actor, str], late: tuple[str, str], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        draft(session, people, late=late)
    assert refused.value.field == field


def test_the_day_is_a_parameter(session: Session, make: Make) -> None:
    make.catalogues()
    assert deadlines.due_on(session, 2027, on=clock.today()) == date(2027, 3, 31)
