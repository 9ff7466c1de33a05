"""What happens when a unit or an inspector falls out: the next in the order drawn follows, and nobody chooses."""

import json
from dataclasses import replace

import pytest

from sampling import freezing, seeds
from sampling.bundle import Bundle
from sampling.canonical import canonical_bytes
from sampling.errors import ReplacementError
from sampling.replacement import (
    Replaced,
    Struck,
    initial_state,
    next_reserve_unit,
    replace_inspector,
    replay,
    strike_unit,
)
from sampling.selection import order
from sampling.tables import RosterLine
from sampling.teams import Keys, leader_of
from sampling.tickets import ticket
from sampling.verification import verify_files
from tests.sampling.bundle_making import committed, least_files, least_rules, random_case
from tests.sampling.log_making import drawn_files, events_of, found, logged


def opened(files):
    bundle = Bundle.from_files(files)
    return bundle, bundle.record


def test_a_struck_unit_is_followed_by_the_next_of_its_list_past_the_reserve_shown():
    bundle, record = opened(drawn_files())
    listed = [row.unit for row in order(bundle.frame, stratum="A", entity_key=record.entity_key, hash_name="sha256")]
    assert [next_reserve_unit(bundle, record, listed[:i], unit=listed[i]) for i in range(2)] == listed[2:4]
    # A unit called from the reserve may be struck in its turn; after the last there is nobody.
    assert next_reserve_unit(bundle, record, [listed[0], listed[2]], unit=listed[3]) is None
    with pytest.raises(ReplacementError, match="not on the list"):
        next_reserve_unit(bundle, record, [], unit=listed[3])


def test_a_replacement_takes_the_least_loaded_then_the_smallest_ticket():
    files = least_files(**{"ties.tsv": b""})
    bundle, record = opened(drawn_files(committed(files)))
    team = record.teams[0]
    out = team.members[0].inspector
    event = replace_inspector(bundle, record, [], team=team.team, out=out, ground="ill")
    state = initial_state(record)
    places = state.places()
    key = freezing_key(record, "replace SCJG")
    possible = [f"I{n}" for n in range(5) if f"I{n}" not in {m.inspector for m in team.members}]
    assert event.successor == min(
        possible, key=lambda i: (places[i], ticket(key, team.team, "1", i, hash_name="sha256"))
    )
    assert (event.k, event.department, event.ground) == (1, "SCJG", "ill")
    after = replay(bundle, record, [event])
    members = [member.inspector for member in after.team(team.team).members]
    assert members == sorted({*(m.inspector for m in team.members), event.successor} - {out})
    assert sum(member.lead for member in after.team(team.team).members) == 1
    # Whoever was replaced never comes back, and k goes on.
    again = replace_inspector(bundle, record, [event], team=team.team, out=event.successor)
    assert again.k == 2
    assert again.successor != out


def freezing_key(record, label):
    return seeds.key(label, hash_name=record.hash_name, seed=record.seed)


def test_k_counts_a_replacement_that_finds_nobody():
    roster = [RosterLine("I0", "SCJG", 3, 0), RosterLine("I1", "SCJG", 3, 0)]
    mapping = freezing.mapping_tsv((f"I{n}", f"0{n}", f"{n:032x}") for n in range(2))
    files = least_files(**{"roster.tsv": freezing.roster_tsv(roster), "mapping.tsv": mapping, "ties.tsv": b""})
    bundle, record = opened(drawn_files(committed(files)))
    first = replace_inspector(bundle, record, [], team=record.teams[0].team, out="I0")
    assert (first.successor, first.k) == (None, 1)
    second = replace_inspector(bundle, record, [first], team=record.teams[1].team, out="I0")
    assert (second.successor, second.k) == (None, 2)
    state = replay(bundle, record, [first, second])
    assert [m.inspector for m in state.team(record.teams[0].team).members] == ["I1"]


def test_members_tied_to_the_unit_that_follows_are_replaced_in_order():
    checked = 0
    for number in range(300):
        bundle, record = opened(drawn_files(random_case(number)))
        if not record.teams or not record.selected:
            continue
        unit = record.selected[0].unit
        home = initial_state(record).team_of_unit(unit)
        events = strike_unit(bundle, record, [], unit=unit, ground="closed")
        struck, following = events[0], events[1:]
        tied = bundle.tied_units
        due = [
            (m.department, m.inspector)
            for m in (home.members if home else ())
            if struck.successor in tied.get(m.inspector, ())
        ]
        assert [(event.department, event.out) for event in following] == sorted(due)
        state = replay(bundle, record, events)
        if home and struck.successor:
            assert struck.successor in state.team(home.team).units
            assert not [m for m in state.team(home.team).members if struck.successor in tied.get(m.inspector, ())]
            checked += len(following)
    assert checked > 20


def test_leaders_follow_the_members():
    bundle, record = opened(drawn_files())
    team = record.teams[0]
    leader = next(member.inspector for member in team.members if member.lead)
    event = replace_inspector(bundle, record, [], team=team.team, out=leader)
    members = replay(bundle, record, [event]).team(team.team).members
    keys_of_record = Keys(record.hash_name, record.seed)
    chosen = leader_of(team.team, [member.inspector for member in members], keys=keys_of_record)
    assert [member.inspector for member in members if member.lead] == [chosen]


def leaf_of(event):
    if isinstance(event, Struck):
        fields = {"out": event.out, "in": event.successor, "ground": event.ground}
        return ("struck", "2" * 64, fields)
    fields = {
        "team": event.team,
        "department": event.department,
        "out": event.out,
        "in": event.successor,
        "ground": event.ground,
        "k": event.k,
    }
    return ("replaced", "2" * 64, fields)


def test_logged_replacements_are_recomputed_and_a_chosen_successor_is_found():
    files = drawn_files()
    bundle, record = opened(files)
    history = strike_unit(bundle, record, [], unit=record.selected[0].unit, ground="closed")
    state = replay(bundle, record, history)
    team = next(team for team in state.teams.values() if team.members)
    history.append(
        replace_inspector(bundle, record, history, team=team.team, out=team.members[0].inspector, ground="ill")
    )
    events = events_of(files)[:4]
    good = verify_files(logged(files, events + [leaf_of(event) for event in history]))
    assert good.exit_code == 0, good.to_text()
    assert "replacements-agree" in found(good, "ok")
    friend = replace(history[-1], successor="I-friend")
    bad = verify_files(logged(files, events + [leaf_of(event) for event in [*history[:-1], friend]]))
    assert bad.exit_code == 1
    assert "event-differs" in found(bad, "difference")


def with_strike_and_replacement(files):
    """Log a strike and a replacement behind the draw, and tell who went."""
    bundle, record = opened(files)
    history = strike_unit(bundle, record, [], unit=record.selected[0].unit, ground="closed")
    team = next(team for team in replay(bundle, record, history).teams.values() if team.members)
    out = team.members[0].inspector
    history.append(replace_inspector(bundle, record, history, team=team.team, out=out, ground="ill"))
    return logged(files, events_of(files)[:4] + [leaf_of(event) for event in history]), history


def other_stratum(record, history):
    next(row for row in record["selected"] if row["unit"] == history[0].out)["stratum"] = "Z"


def stratum_left_out(record, history):
    record["strata"] = []


def other_department(record, history):
    members = next(team["members"] for team in record["teams"] if team["team"] == history[-1].team)
    next(member for member in members if member["inspector"] == history[-1].out)["department"] = "ZZZZ"


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (other_stratum, "stratum-not-counted"),
        (stratum_left_out, "stratum-not-counted"),
        (other_department, "department-without-rule"),
    ],
)
def test_changes_of_what_the_record_or_the_rules_do_not_know_are_named(edit, code):
    files, history = with_strike_and_replacement(drawn_files())
    assert verify_files(files).exit_code == 0
    record = json.loads(files["record.json"])
    edit(record, history)
    bad = verify_files({**files, "record.json": canonical_bytes(record)})
    assert bad.exit_code == 1
    assert code in found(bad, "difference")


def test_a_tied_member_who_stayed_on_is_found():
    rules = least_rules(allocation={"kind": "count", "strata": {"A": {"count": 1}, "B": {"count": 0}}})
    for number in range(40):
        secrets = {"SCJG": f"{number:064x}", "system": "b" * 64}
        changed = least_files(**{"rules.json": freezing.rules_json(rules)})
        changed["ties.tsv"] = freezing.ties_tsv([("I0", "U0"), ("I1", "U2"), ("I2", "U4"), ("I3", "U6"), ("I4", "U0")])
        files = drawn_files(committed(changed, secrets=secrets))
        bundle, record = opened(files)
        history = strike_unit(bundle, record, [], unit=record.selected[0].unit, ground="closed")
        if any(isinstance(event, Replaced) for event in history):
            break
    events = events_of(files)[:4]
    silent = verify_files(logged(files, [*events, leaf_of(history[0])]))
    assert silent.exit_code == 1
    assert "replacement-due" in found(silent, "difference")


def successor_by_the_text(bundle, record, state, *, team, out, department, k, gone):
    """Section 6, "Replacing an inspector", read once more."""
    rule = next(rule for rule in bundle.rules.departments if rule.code == department)
    group = hasattr(bundle.rules.teams, "groups")
    home = state.team(team)
    possible = []
    for line in bundle.roster:
        able = line.qualifications == ("*",) or set(rule.qualifications) <= set(line.qualifications)
        now = sum(m.inspector == line.inspector for t in state.teams.values() for m in t.members)
        tied = any((line.inspector, unit) in bundle.ties for unit in home.units)
        on_it = line.inspector in [m.inspector for m in home.members]
        if line.department != department or line.cap == 0 or not able or tied or on_it or line.inspector in gone:
            continue
        if now == 0 if group else now < line.cap:
            lot = ticket(
                freezing_key(record, f"replace {department}"), team, str(k), line.inspector, hash_name=record.hash_name
            )
            possible.append((now, lot, line.inspector))
    return min(possible)[2] if possible else None


def test_chains_of_replacements_agree_with_a_second_reading_of_the_text():
    found = {True: 0, False: 0}
    for number in range(450):
        bundle, record = opened(drawn_files(random_case(number)))
        history, begun, gone = [], {}, set()
        for _ in range(5):
            state = replay(bundle, record, history)
            manned = [team for team in state.teams.values() if team.members]
            if not manned:
                break
            team = manned[len(history) % len(manned)]
            member = team.members[number % len(team.members)]
            begun[member.department] = begun.get(member.department, 0) + 1
            gone.add(member.inspector)
            k = begun[member.department]
            event = replace_inspector(bundle, record, history, team=team.team, out=member.inspector)
            expected = successor_by_the_text(
                bundle,
                record,
                state,
                team=team.team,
                out=member.inspector,
                department=member.department,
                k=k,
                gone=gone,
            )
            assert (event.successor, event.k) == (expected, k), number
            history.append(event)
            found[hasattr(bundle.rules.teams, "groups")] += expected is not None
    assert min(found.values()) > 20
