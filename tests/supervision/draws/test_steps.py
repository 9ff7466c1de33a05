"""Each step of a draw: who may take it, when, and that a retry changes nothing."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from sampling.seeds import contribution_digest, dice_secret
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.queries import list_history
from supervision.draws import services
from supervision.draws.bundles import read_files
from supervision.draws.models import Contribution, Draw, DrawFile, DrawMember, DrawUnit, LogLeaf
from supervision.draws.queries import find_alive_draw, list_leaves
from supervision.draws.rosters import carried_visits
from supervision.draws.rules import OVERSIGHT, SYSTEM, DrawState
from supervision.draws.vault import Operator
from supervision.errors import Conflict, Forbidden, Invalid, WrongState
from supervision.inspectors.models import Absence, InspectorTie
from supervision.inspectors.rules import AbsenceKind, InspectorStatus, TieKind
from supervision.permissions import Role
from supervision.plans import facts
from supervision.plans.facts import VisitFact
from supervision.plans.rules import PlanState, TaskState
from tests.factories import Make
from tests.supervision.draws.conftest import Visits
from tests.supervision.draws.world import OPERATOR, World, make_world, refused


def table(session: object, draw: Draw, name: str) -> list[list[str]]:
    """Return the rows of a frozen table."""
    data = read_files(session, draw, [name])[name]  # type: ignore[arg-type]
    return [line.split("\t") for line in data.decode().splitlines()]


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


def test_load_of_an_opened_draw_is_carried_on_and_that_of_a_sealed_one_is_not_told(make: Make, visits: Visits) -> None:
    first = make_world(make, departments=1, units=20)
    sealed = first.drawn()
    assert not carried_visits(first.session)
    visits.done = True
    services.open_draw(first.session, sealed, actor=first.lead)
    visits_of: dict[int, int] = {}
    for member in first.session.scalars(sa.select(DrawMember)):
        visits_of[member.inspector_id] = visits_of.get(member.inspector_id, 0) + 1
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


def test_the_system_secret_is_not_in_the_database(world: World) -> None:
    draw = world.freeze()
    own = next(entry for entry in draw.contributions if entry.by == SYSTEM)
    assert own.digest
    assert own.secret is None
    secret = OPERATOR.take_out(draw.system_secret, draw=draw.number)
    assert contribution_digest(hash_name="sha256", draw=draw.number, by=SYSTEM, secret=secret) == own.digest
    assert secret not in draw.system_secret
    stranger = Operator.of("310106", "another key that is long enough to be one")
    with refused("vault-key"):
        stranger.take_out(draw.system_secret, draw=draw.number)
    with refused("vault-key"):
        OPERATOR.take_out(draw.system_secret, draw="310106-2026-9999")


def test_each_body_seals_only_its_own_contribution(world: World) -> None:
    draw = world.freeze()
    one, two = (body.code for body in world.departments)
    for stranger in (world.actor(OVERSIGHT), world.make.actor(Role.LEAD, department=world.make.department())):
        with pytest.raises(Forbidden):
            services.seal(world.session, draw, digest="a" * 64, actor=stranger)
    services.seal(world.session, draw, digest="a" * 64, actor=world.actor(one))
    with pytest.raises(Conflict):
        services.seal(world.session, draw, digest="a" * 64, actor=world.actor(two))
    with pytest.raises(Invalid):
        services.seal(world.session, draw, digest="not a digest", actor=world.actor(two))
    with pytest.raises(WrongState):
        services.commit(world.session, draw, actor=world.lead)


def test_a_party_may_replace_its_digest_until_the_commitment_and_that_is_logged(world: World) -> None:
    draw = world.freeze()
    world.seal_all(draw)
    before = len(list_leaves(world.session, draw))
    code = world.departments[1].code
    services.seal(world.session, draw, digest=world.digest(draw, code), actor=world.actor(code))
    assert len(list_leaves(world.session, draw)) == before + 1
    services.commit(world.session, draw, actor=world.lead)
    with pytest.raises(WrongState):
        services.seal(world.session, draw, digest="b" * 64, actor=world.actor(code))
    world.reveal_all(draw)


def test_only_the_lead_commits_and_a_second_commit_changes_nothing(world: World) -> None:
    draw = world.freeze()
    world.seal_all(draw)
    with pytest.raises(Forbidden):
        services.commit(world.session, draw, actor=world.actor(world.departments[1].code))
    services.commit(world.session, draw, actor=world.lead)
    digest, leaves = draw.commitment_digest, len(list_leaves(world.session, draw))
    with clock.at(clock.now() + timedelta(hours=1)):
        services.commit(world.session, draw, actor=world.lead)
    assert (draw.commitment_digest, len(list_leaves(world.session, draw))) == (digest, leaves)


def test_frozen_files_cannot_be_changed_or_replaced(world: World) -> None:
    draw = world.freeze()
    for statement in (sa.update(DrawFile).values(size=0), sa.delete(DrawFile), sa.delete(LogLeaf)):
        with pytest.raises(sa.exc.DBAPIError), world.session.begin_nested():
            world.session.execute(statement)
    assert len(read_files(world.session, draw)) == 6


def test_a_wrong_secret_is_refused_and_the_right_one_accepted_once(world: World) -> None:
    draw = world.committed()
    code = world.departments[0].code
    for wrong in ("f" * 64, world.secrets[world.departments[1].code], "short", ""):
        with pytest.raises(Invalid):
            services.reveal(world.session, draw, secret=wrong, actor=world.actor(code))
    typed = " ".join(world.secrets[code][start : start + 4] for start in range(0, 64, 4)).upper()
    for _ in range(2):
        entry = services.reveal(world.session, draw, secret=typed, actor=world.actor(code))
    assert entry.secret == world.secrets[code]
    revealed = [one for one in list_history(world.session, "draw", draw.id) if one.event is Event.DRAW_REVEALED]
    assert len(revealed) == 1
    assert world.secrets[code] not in str([one.details for one in revealed])


def test_nobody_reveals_before_the_commitment(world: World) -> None:
    draw = world.freeze()
    world.seal_all(draw)
    code = world.departments[0].code
    with pytest.raises(WrongState):
        services.reveal(world.session, draw, secret=world.secrets[code], actor=world.actor(code))


@pytest.mark.parametrize("throws", ["123456" * 9, "1" * 64])
def test_dice_may_stand_for_a_secret(world: World, throws: str) -> None:
    draw = world.freeze()
    one, two = (body.code for body in world.departments)
    secret = dice_secret(hash_name="sha256", draw=draw.number, by=one, digits=throws)
    digest = contribution_digest(hash_name="sha256", draw=draw.number, by=one, secret=secret)
    services.seal(world.session, draw, digest=digest, actor=world.actor(one))
    services.seal(world.session, draw, digest=world.digest(draw, two), actor=world.actor(two))
    services.commit(world.session, draw, actor=world.lead)
    assert services.reveal(world.session, draw, secret=throws, actor=world.actor(one)).secret == secret


def test_a_party_that_does_not_reveal_is_named_and_the_draw_is_void(world: World) -> None:
    draw = world.committed()
    silent = world.departments[1].code
    services.reveal(world.session, draw, secret=world.secrets[world.departments[0].code], actor=world.lead)
    assert services.expire_reveals(world.session) == []
    with clock.at(clock.now() + timedelta(hours=25)):
        with pytest.raises(WrongState):
            services.reveal(world.session, draw, secret=world.secrets[silent], actor=world.actor(silent))
        assert services.expire_reveals(world.session) == [draw]
    assert (draw.state, draw.end_reason, draw.end_note) == (DrawState.VOID, "contribution-withheld", silent)
    assert f'"withheld":["{silent}"]' in list_leaves(world.session, draw)[-1].leaf
    assert world.task.state is TaskState.PREPARING
    again = world.freeze()
    assert again.parent is draw
    assert f'"parent":"{draw.number}"' in list_leaves(world.session, again)[0].leaf


def test_a_draw_whose_secrets_are_all_in_does_not_expire(world: World) -> None:
    draw = world.committed()
    world.reveal_all(draw)
    with clock.at(clock.now() + timedelta(hours=100)):
        assert services.expire_reveals(world.session) == []
        assert services.carry_out(world.session, draw, actor=world.lead, operator=OPERATOR).state is DrawState.DRAWN


def test_drawing_again_returns_the_same_record(world: World, visits: Visits) -> None:
    draw = world.drawn()
    record, leaves = read_files(world.session, draw)["record.json"], len(list_leaves(world.session, draw))
    with clock.at(clock.now() + timedelta(days=1)):
        services.carry_out(world.session, draw, actor=world.lead, operator=OPERATOR)
    assert read_files(world.session, draw)["record.json"] == record
    assert len(list_leaves(world.session, draw)) == leaves
    assert visits.begun == [draw.number]
    assert services.recomputed(world.session, draw).to_bytes() == record


def test_nobody_draws_while_a_secret_is_missing_and_no_stranger_ever(world: World) -> None:
    draw = world.committed()
    with pytest.raises(WrongState):
        services.carry_out(world.session, draw, actor=world.lead, operator=OPERATOR)
    world.reveal_all(draw)
    stranger = world.make.actor(Role.LEAD, department=world.make.department())
    with pytest.raises(Forbidden):
        services.carry_out(world.session, draw, actor=stranger, operator=OPERATOR)


def test_a_fault_of_a_follower_keeps_nothing_and_the_retry_gives_the_same_record(world: World, visits: Visits) -> None:
    draw = world.committed()
    world.reveal_all(draw)
    expected = None
    visits.fault = True
    for _ in range(2):
        with pytest.raises(OSError, match="power"), world.session.begin_nested():
            services.carry_out(world.session, draw, actor=world.lead, operator=OPERATOR)
        world.session.refresh(draw)
        assert (draw.state, draw.record_digest) == (DrawState.COMMITTED, None)
        assert world.session.scalar(sa.select(sa.func.count()).where(DrawUnit.draw_id == draw.id)) == 0
        expected = services.recomputed(world.session, with_system_secret(world, draw)).digest
    visits.fault = False
    services.carry_out(world.session, draw, actor=world.lead, operator=OPERATOR)
    assert draw.record_digest == expected


def with_system_secret(world: World, draw: Draw) -> Draw:
    """Return a copy of the draw that knows the system's secret, without touching the stored one."""
    secrets = [
        Contribution(
            by=entry.by,
            secret=entry.secret or OPERATOR.take_out(draw.system_secret, draw=draw.number),
        )
        for entry in draw.contributions
    ]
    return Draw(id=draw.id, hash_name=draw.hash_name, contributions=secrets)


def test_rows_are_those_of_the_record(world: World) -> None:
    draw = world.drawn()
    record = services.recomputed(world.session, draw)
    units = {row.entity.unit_id: row for row in world.session.scalars(sa.select(DrawUnit))}
    assert set(units) == {row.unit for row in record.selected}
    assert {unit: row.ticket for unit, row in units.items()} == {row.unit: row.ticket for row in record.selected}
    assert sorted(row.rank for row in units.values()) == list(range(1, len(units) + 1))
    assert {row.team for row in units.values()} == {team.team for team in record.teams}
    names = {row[1]: row[0] for row in table(world.session, draw, "mapping.tsv")}
    members = {
        (row.team, names[row.inspector.certificate_number], row.department.code, row.lead)
        for row in world.session.scalars(sa.select(DrawMember))
    }
    assert members == {(t.team, m.inspector, m.department, m.lead) for t in record.teams for m in t.members}


def test_a_draw_opens_when_the_visits_are_done_or_its_window_ends(world: World, visits: Visits) -> None:
    draw = world.drawn()
    with pytest.raises(WrongState):
        services.open_draw(world.session, draw, actor=world.lead)
    assert not services.open_finished(world.session, draw, actor=world.lead)
    end = clock.now() + (world.task.ends_on - clock.today()) + timedelta(days=30)
    with clock.at(end):
        assert services.open_overdue(world.session) == []
    with clock.at(end + timedelta(days=1)):
        assert services.open_overdue(world.session) == [draw]
    assert draw.state is DrawState.OPENED
    assert world.task.state is TaskState.RUNNING
    visits.done = True
    assert services.open_finished(world.session, draw, actor=world.lead)
    assert world.task.state is TaskState.FINISHED


def test_followers_open_a_finished_draw(world: World, visits: Visits) -> None:
    draw = world.drawn()
    visits.done = True
    with pytest.raises(Forbidden):
        services.open_draw(world.session, draw, actor=world.actor(world.departments[1].code))
    assert services.open_finished(world.session, draw, actor=world.actor(world.departments[1].code))
    assert draw.state is DrawState.OPENED
    assert not services.open_finished(world.session, draw, actor=world.lead)
