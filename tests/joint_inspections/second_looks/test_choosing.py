"""Nobody steers which visits are chosen: frozen list, sealed numbers, a later checkpoint, all of it on record."""

import json

from joint_inspections.second_looks import choosing, queries
from joint_inspections.second_looks.rules import RoundState, digest_of
from joint_inspections.second_looks.shown import record_of_round
from supervision import clock
from supervision.audit.queries import list_history
from supervision.draws.rules import LogEvent
from supervision.permissions import Role
from supervision.transparency.queries import get_leaf, list_leaves
from tests.joint_inspections.conftest import District, refused
from tests.joint_inspections.second_looks.conftest import Second


def test_the_list_holds_every_finished_visit_and_its_digest_is_in_the_log(second: Second) -> None:
    found = second.freeze()
    listed = json.loads(found.content)
    assert listed["visits"] == sorted(str(one.number) for one in second.district.visits)
    assert (found.finished, found.wanted, found.digest) == (3, 3, digest_of(found.content.encode()))
    assert found.leaf_index is not None
    leaf = json.loads(get_leaf(second.session, found.leaf_index).leaf)
    assert (leaf["event"], leaf["digest"], leaf["step"]) == ("second_look", found.digest, "frozen")


def test_a_running_quarter_and_one_frozen_already_and_an_empty_one_are_refused(second: Second) -> None:
    with clock.at(clock.begin_of(second.quarter.ends_on)), refused("quarter-running"):
        second.freeze()
    second.freeze()
    with refused("second-looks-frozen"):
        second.freeze()
    with refused("nothing-finished"):
        choosing.freeze_round(second.session, type(second.quarter)(2024, 1), actor=second.runs)


def test_two_bodies_seal_then_a_checkpoint_is_taken_then_they_open_and_it_draws(second: Second) -> None:
    found = second.freeze()
    lead, other = second.district.actor(Role.LEAD), second.district.actor(Role.HEAD)
    first = second.seal(found, second.runs)
    with refused("may-not-seal"):
        second.seal(found, second.runs)
    with refused("may-not-open"):
        choosing.open_number(second.session, found, secret=first, actor=second.runs)
    assert (found.state, found.beacon) == (RoundState.FROZEN, "")
    mine = second.seal(found, lead)
    assert found.state is RoundState.SEALED
    size, _, head = found.beacon.partition("-")
    assert len(head) == 64
    # the checkpoint holds the list and both digests
    sealed = [one.leaf_index for one in found.numbers]
    assert all(index is not None and index < int(size) for index in (found.leaf_index, *sealed))
    with refused("may-not-seal"):
        second.seal(found, other)
    with refused("secret-other"):
        choosing.open_number(second.session, found, secret="0" * 64, actor=lead)
    choosing.open_number(second.session, found, secret=mine, actor=lead)
    assert (found.state, found.looks) == (RoundState.SEALED, [])
    with refused("may-not-open"):
        choosing.open_number(second.session, found, secret=mine, actor=lead)
    choosing.open_number(second.session, found, secret=first.upper(), actor=second.runs)
    assert found.state is RoundState.DRAWN
    second.session.refresh(found, ["looks"])
    assert sorted(one.origin.number or "" for one in found.looks) == sorted(
        str(one.number) for one in second.district.visits
    )


def test_a_drawn_choice_is_computed_anew_and_each_change_is_named(second: Second) -> None:
    found = second.draw()
    second.session.refresh(found, ["looks"])
    assert choosing.recheck(second.session, found) == []
    kept, found.seed = found.seed, "0" * 64
    assert choosing.recheck(second.session, found) == ["seed"]
    found.seed = kept
    number = found.numbers[0]
    secret, number.secret = number.secret, "1" * 64
    assert set(choosing.recheck(second.session, found)) >= {"numbers", "seed"}
    number.secret = secret
    content, found.content = found.content, found.content.replace('"wanted":3', '"wanted":2')
    assert set(choosing.recheck(second.session, found)) == {"list", "visits"}
    found.content = content
    said = record_of_round(found)
    assert said["seed"] == kept
    assert len(said["drawn"]) == 3  # type: ignore[arg-type]
    second.session.expire(found)


def test_a_visit_is_chosen_once_and_the_next_list_leaves_it_out(second: Second) -> None:
    second.draw()
    assert queries.list_finished(second.session, second.quarter) == []


def test_a_choice_is_dropped_with_its_reason_and_the_quarter_frozen_anew(second: Second) -> None:
    found = second.freeze()
    with refused("may-not-drop"):
        choosing.drop_round(second.session, found, reason="x", actor=second.district.actor(Role.LEAD))
    choosing.drop_round(second.session, found, reason="号码遗失", actor=second.runs)
    assert (found.state, found.drop_reason) == (RoundState.DROPPED, "号码遗失")
    again = second.freeze()
    assert (found.number[-1], again.number[-1]) == ("1", "2")
    with refused("second-looks-state"):
        choosing.drop_round(second.session, found, reason="x", actor=second.runs)


def test_each_step_is_on_record_once(second: Second) -> None:
    found = second.draw()
    events = [one.event.value for one in list_history(second.session, "second_looks", found.id)][::-1]
    assert events == [
        "second_looks_frozen", "second_looks_sealed", "second_looks_sealed",
        "second_looks_revealed", "second_looks_revealed", "second_looks_drawn",
    ]  # fmt: skip
    leaves = [one for one in list_leaves(second.session, start=0, count=99) if one.event is LogEvent.SECOND_LOOK]
    assert len(leaves) == 4


def test_only_visits_of_the_quarter_that_were_carried_out_are_on_the_list(drawn: District) -> None:
    drawn.finish(drawn.visits[0])
    drawn.begin(drawn.visits[1])
    quarter = choosing.Quarter.of(clock.today())
    assert [one.id for one in queries.list_finished(drawn.session, quarter)] == [drawn.visits[0].id]
    drawn.visits[0].outcome_code = "refused"
    drawn.session.flush()
    assert queries.list_finished(drawn.session, quarter) == []
