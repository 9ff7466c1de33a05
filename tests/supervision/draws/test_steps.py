"""From sealing to opening: who may take each step, when, and that a retry changes nothing."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from sampling.seeds import contribution_digest, dice_secret
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.queries import list_history
from supervision.draws import services
from supervision.draws.bundles import read_files
from supervision.draws.models import Contribution, Draw, DrawFile, DrawMember, DrawUnit, LogLeaf
from supervision.draws.queries import list_leaves
from supervision.draws.rules import OVERSIGHT, SYSTEM, DrawState
from supervision.draws.vault import Operator, parties_vault, place_of
from supervision.errors import Conflict, Forbidden, Invalid, WrongState
from supervision.permissions import Role
from supervision.plans.rules import TaskState
from tests.supervision.draws.conftest import Visits
from tests.supervision.draws.world import OPERATOR, World, refused, table


def opened(world: World, draw: Draw, entry: Contribution) -> str:
    """The secret of a party, which the database keeps encrypted."""
    assert entry.secret is None
    place = place_of(draw.number, entry.by)
    return parties_vault(world.session).take_out(str(entry.locked_secret), draw=place)


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
    assert opened(world, draw, entry) == world.secrets[code]
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
    entry = services.reveal(world.session, draw, secret=throws, actor=world.actor(one))
    assert opened(world, draw, entry) == secret


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
            secret=opened(world, draw, entry)
            if entry.locked_secret
            else OPERATOR.take_out(draw.system_secret, draw=draw.number),
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
