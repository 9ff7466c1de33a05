"""What the draw promises, checked against other ways of computing it."""

import itertools
import random
from collections import Counter
from fractions import Fraction

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sampling import freezing
from sampling.bundle import Bundle
from sampling.drawing import draw
from sampling.explanation import HomelessUnit, Shortage, capacity, explain_unfilled
from sampling.matching import Agent, match
from sampling.rules import CountAllocation, Rate, RateAllocation, TotalAllocation, read_rules
from sampling.strata import allocate
from sampling.tables import RosterLine, parse_frame
from sampling.tickets import in_ticket_order, smallest_tickets, ticket
from sampling.unit_facts import explain_unit
from tests.sampling.bundle_making import committed, least_case, least_files, least_rules, random_case
from tests.sampling.second_implementation import how_many

SLOWLY = settings(max_examples=60, deadline=None)
SIZES = st.dictionaries(st.sampled_from("ABCDEF"), st.integers(1, 300), max_size=6)
NAMES = [f"T{i}" for i in range(6)]


def record_of(case):
    return draw(Bundle.from_files(case.files), case.secrets, case.beacon_value)


@given(st.randoms(use_true_random=False))
@SLOWLY
def test_the_order_of_the_input_is_irrelevant(chance):
    roster = [RosterLine(f"I{n}", "SCJG", 3, n % 2, ("Q2", "Q1")) for n in range(6)]
    rows = [(f"U{n}", "AB"[n % 2]) for n in range(20)]
    ties = list(itertools.product(["I1", "I2"], ["U1", "U2"]))
    for shuffled in (roster, rows, ties):
        chance.shuffle(shuffled)
    assert freezing.roster_tsv(roster) == freezing.roster_tsv(sorted(roster, key=lambda line: line.inspector))
    assert freezing.frame_tsv(rows) == freezing.frame_tsv(sorted(rows))
    assert freezing.ties_tsv(ties) == freezing.ties_tsv(sorted(ties))


def test_every_unit_of_a_stratum_is_drawn_equally_often():
    files = least_files(**{"ties.tsv": b""})
    rules = least_rules(teams={"mode": "none"})
    files["rules.json"] = freezing.rules_json(rules)
    draws = 1_500
    drawn = Counter(
        row.unit
        for number in range(draws)
        for row in record_of(committed(files, secrets={"SCJG": f"{number:064x}", "system": "b" * 64})).selected
    )
    # 2 of 4 in A, 1 of 4 in B; five standard deviations of a binomial.
    for unit in (f"U{n}" for n in range(8)):
        chance = 0.5 if int(unit[1]) % 2 == 0 else 0.25
        assert abs(drawn[unit] - draws * chance) < 5 * (draws * chance * (1 - chance)) ** 0.5


def test_tickets_fill_their_range_evenly():
    sixteenths = Counter(lot[0] for lot, _ in in_ticket_order("k" * 32, map(str, range(16_000)), hash_name="sha256"))
    assert sum((count - 1_000) ** 2 / 1_000 for count in sixteenths.values()) < 45


@given(st.lists(st.text("abc", min_size=1, max_size=5), unique=True), st.integers(0, 40))
@SLOWLY
def test_the_fast_selection_equals_a_full_sort(names, count):
    for hash_name in ("sha256", "sm3"):
        everything = sorted((ticket("key", name, hash_name=hash_name), name) for name in names)
        assert smallest_tickets("key", names, count=count, hash_name=hash_name) == everything[:count]
        assert in_ticket_order("key", names, hash_name=hash_name) == everything


def test_the_fast_selection_of_few_among_many_equals_a_full_sort():
    names = [f"U{number}" for number in range(9_000)]
    assert (
        smallest_tickets("k", names, count=7, hash_name="sha256") == in_ticket_order("k", names, hash_name="sha256")[:7]
    )


@given(SIZES, st.lists(st.tuples(st.integers(0, 11_000), st.integers(0, 9)), min_size=6, max_size=6))
@SLOWLY
def test_rates_are_rounded_up_and_bounded(sizes, rules):
    rates = {s: Rate(rate_bp=bp, minimum=least) for s, (bp, least) in zip("ABCDEF", rules, strict=True)}
    for stratum, count in allocate(sizes, RateAllocation(rates=rates)).items():
        wanted = Fraction(sizes[stratum] * rates[stratum].rate_bp, 10_000)
        assert count <= sizes[stratum]
        assert count == sizes[stratum] or (count >= wanted and count >= rates[stratum].minimum)
        assert count < wanted + 1 or count == rates[stratum].minimum or count == sizes[stratum]


@given(SIZES, st.integers(0, 400))
@SLOWLY
def test_counts_never_exceed_the_stratum(sizes, count):
    found = allocate(sizes, CountAllocation(counts=dict.fromkeys("ABCDEF", count)))
    assert found == {stratum: min(size, count) for stratum, size in sorted(sizes.items())}


@given(SIZES, st.integers(0, 900), st.dictionaries(st.sampled_from("ABCDEFZ"), st.integers(1, 2**53 - 1)))
@SLOWLY
def test_a_total_is_spread_as_an_independent_reading_spreads_it(sizes, total, weights):
    found = allocate(sizes, TotalAllocation(total=total, weights=weights))
    assert found == how_many(sizes, {"kind": "total", "total": total, "weights": weights})
    assert sum(found.values()) == min(total, sum(sizes.values()))
    assert all(found[stratum] <= sizes[stratum] for stratum in sizes)


MATCHINGS = st.tuples(
    st.lists(st.tuples(st.integers(1, 4), st.integers(0, 3)), max_size=7),
    st.lists(st.integers(1, 3), min_size=1, max_size=6),
    st.randoms(use_true_random=False),
)


def matched(people, needs, barred, key="k"):
    agents = [Agent(f"I{i}", cap, prior) for i, (cap, prior) in enumerate(people)]
    need = dict(zip(NAMES, needs, strict=False))
    return agents, need, match(key, hash_name="sha256", agents=agents, need=need, barred=barred)


@given(MATCHINGS)
@settings(max_examples=300, deadline=None)
def test_as_many_places_are_filled_as_a_maximum_flow_fills(drawn):
    people, needs, chance = drawn
    barred = {f"I{i}": {name for name in NAMES if chance.random() < 0.4} for i in range(len(people))}
    agents, need, found = matched(people, needs, barred)
    network = nx.DiGraph()
    network.add_nodes_from(["source", "sink"])
    for agent in agents:
        network.add_edge("source", ("agent", agent.name), capacity=agent.cap)
        for task in need:
            if task not in barred[agent.name]:
                network.add_edge(("agent", agent.name), ("task", task), capacity=1)
    for task, places in need.items():
        network.add_edge(("task", task), "sink", capacity=places)
    filled = sum(len(members) for members in found.members.values())
    assert filled == nx.maximum_flow_value(network, "source", "sink")
    assert filled + found.places_left == sum(need.values())
    for task, members in found.members.items():
        assert len(set(members)) == len(members) <= need[task]
        assert not [name for name in members if task in barred[name]]
    loads = Counter(name for members in found.members.values() for name in members)
    assert all(loads[agent.name] <= agent.cap for agent in agents)


@given(st.integers(1, 8), st.lists(st.integers(1, 3), min_size=1, max_size=6), st.integers(0, 99))
@SLOWLY
def test_loads_differ_by_at_most_one_where_nothing_binds(people, needs, key):
    needs = [min(need, people) for need in needs]
    agents, _, found = matched([(99, 0)] * people, needs, {}, key=str(key))
    loads = Counter(name for members in found.members.values() for name in members)
    values = [loads[agent.name] for agent in agents]
    assert found.places_left == 0
    assert max(values) - min(values) <= 1


def test_loads_carried_in_are_evened_out():
    agents, _, found = matched([(9, 0), (9, 1), (9, 2)], [1] * 6, {})
    loads = Counter(name for members in found.members.values() for name in members)
    assert [loads[agent.name] + agent.prior for agent in agents] == [3, 3, 3]


def test_chances_are_equal_where_no_rule_binds():
    served = Counter()
    for number in range(2_000):
        _, _, found = matched([(1, 0)] * 5, [2], {}, key=str(number))
        served.update(found.members["T0"])
    assert all(abs(count - 800) < 5 * (2_000 * 0.4 * 0.6) ** 0.5 for count in served.values())


def test_every_missing_place_is_explained_and_the_sums_are_right():
    explained = 0
    for number in range(200):
        case = random_case(number)
        record = record_of(case)
        bundle = Bundle.from_files({**case.files, "record.json": record.to_bytes()})
        found = explain_unfilled(bundle, record)
        shortages = [one for one in found if isinstance(one, Shortage)]
        missing = Counter()
        for row in record.unfilled:
            missing[row.department] += row.missing
        for department in bundle.rules.departments:
            named = [one for one in shortages if one.department == department.code]
            assert sum(one.missing for one in named) == missing[department.code]
            assert len({team for one in named for team in one.teams}) == sum(len(one.teams) for one in named)
        homeless = [one.unit for one in found if isinstance(one, HomelessUnit)]
        assert homeless == [row.unit for row in record.unfilled if row.unit]
        assert all(str(one.needed) in one.zh and str(one.needed) in one.en for one in shortages)
        explained += len(found)
    assert explained > 100


def test_a_planner_sees_whether_everything_can_be_manned():
    rules = read_rules(least_rules())
    roster = [RosterLine("I1", "SCJG", 9, 0), RosterLine("I2", "SCJG", 2, 0), RosterLine("I3", "SCJG", 0, 0)]
    (enough,) = capacity(rules.teams, roster=roster, expected_units=2)
    (short,) = capacity(rules.teams, roster=roster, expected_units=3)
    assert (enough.agents, enough.needed, enough.available, enough.sufficient) == (2, 4, 4, True)
    assert (short.needed, short.available, short.sufficient) == (6, 5, False)


def test_capacity_foretells_whether_places_stay_empty_when_nobody_is_recused():
    for number in range(150):
        case = random_case(number)
        bundle = Bundle.from_files(case.files)
        units = len(record_of(case).selected)
        for found, rule in zip(
            capacity(bundle.rules.teams, roster=bundle.roster, expected_units=units),
            bundle.rules.departments,
            strict=True,
        ):
            grouped = hasattr(bundle.rules.teams, "groups")
            count = min(bundle.rules.teams.groups, units) if grouped else units
            people = [
                line for line in bundle.roster
                if line.department == rule.code and line.cap and line.is_qualified(rule.qualifications)
            ]  # fmt: skip
            agents = [Agent(line.inspector, 1 if grouped else line.cap, line.prior) for line in people]
            need = {f"T{i}": rule.per_team for i in range(count)}
            left = match("k", hash_name="sha256", agents=agents, need=need, barred={}).places_left
            assert (left == 0) == found.sufficient


def test_ranks_and_chances_of_a_unit_agree_with_the_record():
    case = least_case()
    record = record_of(case)
    bundle = Bundle.from_files({**case.files, "record.json": record.to_bytes()})
    selected = {row.unit for row in record.selected}
    for unit in bundle.frame.units:
        place = explain_unit(bundle, unit).place
        assert place.is_selected == (unit in selected)
        assert (place.ticket <= place.cut_off) == (unit in selected)
    assert explain_unit(bundle, "X1").reason == "scope"
    assert explain_unit(bundle, "absent").file is None


def test_units_of_a_long_frame_are_found():
    chance = random.Random(5)  # noqa: S311 - test data, the same every time
    units = sorted({f"U{chance.randrange(10**6)}" for _ in range(500)})
    frame = parse_frame(freezing.frame_tsv((unit, "A") for unit in units), salted=False)
    assert [frame.position(unit) for unit in units] == list(range(len(units)))
    assert frame.position("V") is None


@pytest.mark.parametrize("groups", [1, 28, 100, 1_000_000])
def test_teams_are_numbered_with_the_digits_of_the_number_of_groups(groups):
    rules = least_rules()
    rules["teams"] |= {"mode": "group", "groups": groups}
    record = record_of(committed(least_files(**{"rules.json": freezing.rules_json(rules)})))
    width = max(2, len(str(groups)))
    assert [team.team for team in record.teams] == [f"G{i:0{width}}" for i in range(1, min(3, groups) + 1)]
