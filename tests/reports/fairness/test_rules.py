"""Adding up and testing figures: small groups, equal colleagues, and what is no test."""

import pytest

from reports.fairness.pages import how_often, verdict
from reports.fairness.rules import SMALLER, Comparison, year_figures
from supervision.fairness.counting import packed, unpacked


def figures(groups, *, pool=range(1, 101), hits=range(1, 11), people=(), teams=()):
    strata = {"pool": packed(pool), "hits": packed(hits), "drawn": len(list(hits)), "left_out": 0}
    empty = {"type": {}, "industry": {}, "sub_district": {}}
    departments = {"D": {"classes": [list(map(list, people))] if people else [], "teams": list(teams)}}
    return {"strata": {"all": {**strata, "groups": {**empty, "type": groups}}}, "departments": departments}


def shown(found):
    return {row.group: row.pool for row in found.groups}


def test_bits_are_kept_whole():
    numbers = {1, 8, 9, 4_000}
    assert {place for place in range(5_000) if unpacked(packed(numbers)) >> place & 1} == numbers
    assert unpacked(packed([])) == 0


def test_small_groups_go_together_and_never_one_alone():
    found = year_figures([figures({"a": [60, 6], "b": [30, 3], "c": [8, 1], "d": [2, 0]})], smallest=5)
    # the two of d alone would be the difference from the whole: c goes with them
    assert shown(found) == {"a": 60, "b": 30, SMALLER: 10}


def test_where_all_groups_together_are_too_few_nothing_is_shown():
    found = year_figures([figures({"a": [2, 1], "b": [1, 0]}, pool=range(1, 4), hits=[1])], smallest=5)
    assert found.groups == ()


def test_a_group_that_is_large_in_one_draw_is_shown():
    found = year_figures([figures({"a": [97, 9], "b": [3, 1]}), figures({"a": [50, 5], "b": [50, 5]})], smallest=5)
    assert shown(found) == {"a": 147, "b": 53}


def test_enterprises_are_tested_over_all_pools_they_stood_in():
    always = year_figures([figures({"a": [100, 10]}, hits=range(1, 11))] * 6)
    assert {row.test.observed: row.count for row in always.units} == {6: 10, 0: 90}
    assert always.alarms(0.001) > 0
    assert [row.test.expected for row in always.units] == [pytest.approx(0.6)] * 2
    once = year_figures([figures({"a": [100, 10]}, hits=range(start, start + 10)) for start in range(1, 61, 10)])
    assert {row.test.observed: row.count for row in once.units} == {1: 60, 0: 40}
    assert once.alarms(0.001) == 0


def test_hidden_draws_add_inspectors_and_nothing_of_enterprises():
    found = year_figures([figures({"a": [100, 10]}, people=[(1, 2), (2, 0)])], hidden=[True])
    assert (found.groups, found.units) == ((), ())
    assert len(found.people) == 2


def test_an_inspector_who_always_goes_among_equals_is_an_alarm():
    one = figures({"a": [100, 10]}, people=[(number, 3 if number == 1 else 1) for number in range(1, 13)])
    found = year_figures([one] * 8)
    tested = {row.inspector_id: row for row in found.people}
    assert tested[1].test.corrected < 0.001
    assert (tested[1].rosters, tested[1].drawn) == (8, 8)
    alone = year_figures([figures({"a": [100, 10]}, people=[(1, 9)])] * 8)
    assert alone.people[0].test.corrected == 1


def test_a_pair_that_always_goes_together_is_an_alarm():
    people = [(number, 1) for number in range(1, 13)]
    teams = [[1, 2], [3, 4], [5, 6], [7, 8], [9, 10], [11, 12]]
    mixed = [[number, number % 12 + 1] for number in (3, 5, 7, 9, 11)]
    found = year_figures([figures({"a": [100, 10]}, people=people, teams=[[1, 2], *mixed])] * 6)
    assert min((row.test.corrected, row.pair) for row in found.pairs)[0] < 0.001
    once = year_figures([figures({"a": [100, 10]}, people=people, teams=teams)])
    assert once.alarms(0.001) == 0


def test_a_department_is_asked_for_its_own_inspectors():
    one = figures({"a": [100, 10]}, people=[(1, 1), (2, 0)])
    assert year_figures([one], department="OTHER").people == ()
    assert len(year_figures([one], department="D").people) == 2


def test_honest_years_hardly_ever_raise_an_alarm():
    import random  # noqa: PLC0415 - a simulation, the same every time

    chance = random.Random(3)  # noqa: S311 - invented data
    alarms = 0
    for _ in range(60):
        year = []
        for _draw in range(8):
            drawn = sorted(chance.sample(range(1, 101), 10))
            inside = sum(number <= 40 for number in drawn)
            visits = chance.sample([2] * 8 + [1] * 4, 12)
            groups = {"a": [40, inside], "b": [60, 10 - inside]}
            year.append(figures(groups, hits=drawn, people=list(enumerate(visits, 1))))
        alarms += bool(year_figures(year).alarms(0.05))
    # five in a hundred would be allowed; discrete counts keep well below
    assert alarms <= 6


@pytest.mark.parametrize(("tail", "years"), [(0.5, 2), (0.0123, 81), (0.000123, 8_100), (1e-12, 1_000_000)])
def test_tails_are_said_as_years(tail, years):
    assert how_often(tail) == years


def test_the_words_tell_usual_rare_and_alarming_apart(app):
    with app.test_request_context():
        usual = verdict(Comparison(5, 5.0, 0.9, 1.0), tests=212, level=0.001)
        rare = verdict(Comparison(9, 5.0, 0.00025, 0.05), tests=212, level=0.001)
        alarm = verdict(Comparison(19, 5.0, 0.0000001, 0.00002), tests=212, level=0.001)
    assert (usual.tone, usual.sentence) == ("neutral", "")
    assert "4,000" in rare.sentence
    assert "212" in rare.sentence
    assert rare.tone == "info"
    assert alarm.tone == "danger"
