"""Freezing a pool: who may, what its tables hold, and what they never tell."""

from datetime import date, timedelta
from itertools import product

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from supervision import clock
from supervision.draws import services
from supervision.draws.bundles import read_files
from supervision.draws.models import DrawMember
from supervision.draws.queries import find_alive_draw
from supervision.draws.rosters import carried_visits
from supervision.draws.rules import OVERSIGHT, SYSTEM, carried_loads
from supervision.errors import Conflict, Forbidden, WrongState
from supervision.inspectors.models import Absence, InspectorTie
from supervision.inspectors.rules import AbsenceKind, InspectorStatus, TieKind
from supervision.parameters.models import Parameter
from supervision.permissions import Role
from supervision.plans import facts
from supervision.plans.facts import VisitFact
from supervision.plans.rules import PlanState
from tests.factories import Make
from tests.supervision.draws.conftest import Visits
from tests.supervision.draws.world import OPERATOR, World, make_world, refused, table


def test_only_the_lead_of_the_lead_department_freezes(world: World) -> None:
    other = world.actor(world.departments[1].code)
    head = world.actor(f"head {world.departments[0].code}")
    for actor in (other, head, world.actor(OVERSIGHT), world.make.actor(Role.SYSTEM_ADMIN)):
        with pytest.raises(Forbidden):
            services.freeze(world.session, world.task, actor=actor, operator=OPERATOR)
    assert find_alive_draw(world.session, world.task.id) is None


def test_a_task_has_one_living_draw(world: World) -> None:
    world.freeze()
    with pytest.raises(Conflict):
        world.freeze()


def test_only_a_published_plan_is_drawn(make: Make, visits: Visits) -> None:
    world = make_world(make)
    world.task.plan_version.state = PlanState.SUPERSEDED
    with pytest.raises(WrongState):
        world.freeze()


def test_numbers_of_a_year_are_consecutive(make: Make, visits: Visits) -> None:
    numbers = [make_world(make, units=10).freeze().number for _ in range(3)]
    serials = [int(number.rpartition("-")[2]) for number in numbers]
    assert serials == list(range(serials[0], serials[0] + 3))
    assert numbers[0].startswith(f"310106-{clock.today().year}-")


def test_an_empty_pool_and_a_department_without_inspectors_are_refused(make: Make, visits: Visits) -> None:
    with refused("pool-empty"):
        make_world(make, scope={"industries": ["Z99"]}).freeze()
    with refused("too-few-inspectors") as found:
        make_world(make, inspectors=1).freeze()
    assert found.value.parameters["agents"] == 1


def test_the_roster_holds_those_who_can_serve_under_numbers_of_the_draw(make: Make, visits: Visits) -> None:
    world = make_world(make, departments=1, inspectors=8)
    suspended, expiring, away, partly, _ties, *_ = world.inspectors
    suspended.status = InspectorStatus.SUSPENDED
    expiring.certificate_valid_until = world.task.ends_on - timedelta(days=1)
    middle = world.task.starts_on + timedelta(days=7)
    for who, first, last in (
        (away, world.task.starts_on - timedelta(days=3), middle),
        (away, middle + timedelta(days=1), world.task.ends_on),
        (partly, world.task.starts_on, middle),
    ):
        world.session.add(Absence(inspector_id=who.id, kind=AbsenceKind.LEAVE, starts_on=first, ends_on=last))
    draw = world.freeze()
    certificates = {row[1] for row in table(world.session, draw, "mapping.tsv")}
    assert certificates == {one.certificate_number for one in world.inspectors[3:]}
    roster = table(world.session, draw, "roster.tsv")
    assert [row[0] for row in roster] == [f"{world.departments[0].code}-{no:04d}" for no in range(1, 6)]
    assert {row[4] for row in roster} == {"*"}
    public = b"".join(read_files(world.session, draw, ["roster.tsv", "frame.tsv", "ties.tsv", "rules.json"]).values())
    assert not any(one.certificate_number.encode() in public for one in world.inspectors)
    assert not any(one.name.encode() in public for one in world.inspectors)


def test_a_roster_line_shows_only_qualifications_the_plan_asks_for(make: Make, visits: Visits) -> None:
    world = make_world(make, departments=1)
    item = world.task.plan_version.items[0].item.code
    make.inspector(world.departments[0], items=(item, "RARE-1"))
    lines = {row[4] for row in table(world.session, world.freeze(), "roster.tsv")}
    assert lines == {"*", item}


def test_interests_in_entities_and_persons_and_the_last_visit_are_ties(
    make: Make, visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_world(make, departments=1)
    one, two, three, four, *_ = world.inspectors
    today = clock.today()
    world.entities[1].legal_representative = "李四光"
    for tie in (
        InspectorTie(inspector_id=one.id, entity_id=world.entities[0].id, kind=TieKind.KINSHIP, declared_on=today),
        InspectorTie(inspector_id=two.id, person_name="李四光", kind=TieKind.KINSHIP, declared_on=today),
        InspectorTie(
            inspector_id=four.id,
            entity_id=world.entities[3].id,
            kind=TieKind.OTHER,
            declared_on=today,
            withdrawn_on=today,
        ),
    ):
        world.session.add(tie)
    past = [
        VisitFact(world.entities[2].id, today - timedelta(days=400), frozenset(), frozenset({three.id})),
        VisitFact(world.entities[2].id, today - timedelta(days=500), frozenset(), frozenset({four.id})),
    ]
    monkeypatch.setattr(facts, "_providers", [lambda _session, start, end: between(past, start, end)])
    draw = world.freeze()
    names = {row[1]: row[0] for row in table(world.session, draw, "mapping.tsv")}
    expected = {
        (names[one.certificate_number], world.entities[0].unit_id),
        (names[two.certificate_number], world.entities[1].unit_id),
        (names[three.certificate_number], world.entities[2].unit_id),
    }
    assert {(row[0], row[1]) for row in table(world.session, draw, "ties.tsv")} == expected


def between(past: list[VisitFact], start: date, end: date) -> list[VisitFact]:
    """Return the visits of a period."""
    return [fact for fact in past if start <= fact.visited_on <= end]


@given(
    visits=st.dictionaries(st.integers(1, 99), st.integers(0, 30), min_size=1),
    percent=st.integers(min_value=0, max_value=100),
)
def test_the_less_burdened_carry_nothing_so_that_loads_do_not_say_who_comes(
    visits: dict[int, int], percent: int
) -> None:
    loads = carried_loads(visits, equal_percent=percent)
    assert sum(load == 0 for load in loads.values()) * 100 >= percent * len(loads)
    for one, other in product(visits, repeat=2):
        assert (loads[one] <= loads[other]) or visits[one] > visits[other], "nobody is put before the less burdened"
    if percent == 0:
        assert loads == visits


def test_load_of_an_opened_draw_is_carried_on_and_that_of_a_sealed_one_is_not_told(make: Make, visits: Visits) -> None:
    first = make_world(make, departments=1, units=20)
    sealed = first.drawn()
    assert not carried_visits(first.session)
    visits.done = True
    services.open_draw(first.session, sealed, actor=first.lead)
    visits_of: dict[int, int] = {}
    for member in first.session.scalars(sa.select(DrawMember)):
        visits_of[member.inspector_id] = visits_of.get(member.inspector_id, 0) + 1
    strict = sa.update(Parameter).where(Parameter.code == "load-equal-percent").values(value="0")
    first.session.execute(strict)
    second = make.task(plan=first.task.plan_version.plan)
    draw = services.freeze(first.session, second, actor=first.lead, operator=OPERATOR)
    prior = {row[0]: int(row[3]) for row in table(first.session, draw, "roster.tsv")}
    names = {row[1]: row[0] for row in table(first.session, draw, "mapping.tsv")}
    for inspector in first.inspectors:
        assert prior[names[inspector.certificate_number]] == visits_of.get(inspector.id, 0)
    assert sum(prior.values()) == 2 * sum(n for _size, n in first_draw_strata(first))


def first_draw_strata(world: World) -> list[list[int]]:
    """Return (N, n) of the world's draw."""
    draw = find_alive_draw(world.session, world.task.id)
    assert draw is not None
    return list(draw.strata.values())


def test_pseudonyms_do_not_follow_the_register(make: Make, visits: Visits) -> None:
    world = make_world(make, departments=1, inspectors=30)
    certificates = [row[1] for row in table(world.session, world.freeze(), "mapping.tsv")]
    assert certificates != sorted(certificates)


def test_a_single_department_is_joined_by_oversight(make: Make, visits: Visits) -> None:
    world = make_world(make, departments=1)
    draw = world.freeze()
    assert {entry.by for entry in draw.contributions} == {world.departments[0].code, OVERSIGHT, SYSTEM}
    world.seal_all(draw)
    assert services.commit(world.session, draw, actor=world.lead).commitment_digest


def test_a_department_cannot_bear_a_reserved_name(make: Make, visits: Visits) -> None:
    world = make_world(make, departments=1)
    lead = world.lead
    world.departments[0].code = "oversight"
    with refused("reserved-code"):
        services.freeze(world.session, world.task, actor=lead, operator=OPERATOR)
