"""What bars a sign-off, what a number means, what two versions differ in."""

from dataclasses import replace
from datetime import date

import pytest

from joint_inspections.records.comparing import differences
from joint_inspections.records.rules import (
    Disposal,
    ItemFacts,
    PointFacts,
    beyond_limits,
    find_gaps,
    overall_results,
    progress,
)
from joint_inspections.visits.rules import clock_state, departments_short, next_serial, spread, visiting_days, week_end
from supervision.items.rules import AnswerKind
from supervision.workdays.rules import WorkCalendar

YES = PointFacts(1, AnswerKind.YES_NO, "yes")
FINE = ItemFacts(1, frozenset("1245678"), checked=True, result="1", further=None, problem="", unchecked_reason="",
                 disposal=None, points=(YES,))  # fmt: skip
PROBLEM = replace(FINE, points=(replace(YES, value="no"),), result="5", problem="过期", disposal=Disposal.CORRECTION)


def said(item: ItemFacts, outcome: str = "normal") -> str:
    return " ".join(gap.message % gap.parameters for gap in find_gaps(item, outcome=outcome))


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (replace(FINE, checked=None), "Say whether"),
        (replace(FINE, points=(replace(YES, value=""),)), "Answer check point 1"),
        (replace(FINE, points=(replace(YES, value="maybe"),)), "choose one of the answers"),
        (replace(FINE, points=(PointFacts(2, AnswerKind.NUMBER, "warm"),)), "write a number"),
        (replace(FINE, points=(PointFacts(2, AnswerKind.CHOICE, "x", options=("无|No",)),)), "choose one"),
        (replace(FINE, result=None), "Choose the result"),
        (replace(FINE, result="3"), "not allowed"),
        (replace(FINE, further="5"), "stand alone"),
        (replace(PROBLEM, result="7"), "must name a problem"),
        (replace(PROBLEM, result="1", points=(replace(YES, value="no", veto=True),)), "decisive"),
        (replace(PROBLEM, problem=""), "Describe the problem"),
        (replace(PROBLEM, disposal=None), "Choose what follows"),
        (replace(FINE, problem="过期"), "names none"),
        (replace(FINE, checked=False, unchecked_reason="x"), "another outcome"),
    ],
)
def test_each_gap_bars_the_sign_off_and_says_what_to_do(item: ItemFacts, expected: str) -> None:
    assert expected in said(item)


@pytest.mark.parametrize(
    "item",
    [
        FINE,
        PROBLEM,
        replace(PROBLEM, result="2", further="5"),
        replace(FINE, points=(PointFacts(1, AnswerKind.NUMBER, "na", maximum="8"),)),
        replace(FINE, points=(PointFacts(1, AnswerKind.CHOICE, "无", options=("无|No",)),)),
    ],
)
def test_what_is_complete_can_be_signed(item: ItemFacts) -> None:
    assert said(item) == ""


def test_with_an_outcome_other_than_normal_an_item_may_stay_unchecked_with_a_reason() -> None:
    unchecked = replace(FINE, checked=False, result=None, points=())
    assert "Say why" in said(unchecked, "refused")
    assert said(replace(unchecked, unchecked_reason="拒绝进入"), "refused") == ""
    assert "no problem found" in said(replace(unchecked, unchecked_reason="x", result="1"), "refused")


@pytest.mark.parametrize(
    ("value", "beyond"),
    [("8", False), ("8.0", False), ("8.01", True), ("0", False), ("-0.1", True), ("7.999999999999999999", False)],
)
def test_measurements_are_compared_exactly_and_limits_are_allowed(value: str, beyond: bool) -> None:
    assert beyond_limits(value, minimum="0", maximum="8") is beyond


@pytest.mark.parametrize(
    ("items", "expected"),
    [([], []), (["1", "1"], ["1"]), (["7", "7"], ["7"]), (["1", "7"], ["1"]), (["1", "5", "8", "5"], ["5", "8"])],
)
def test_overall_results_follow_from_the_items(items: list[str], expected: list[str]) -> None:
    assert overall_results(items) == expected


PHOTO = PointFacts(1, AnswerKind.YES_NO, "yes", photo=True, point_id=7)


@pytest.mark.parametrize(
    ("point", "photos", "missing"),
    [
        (PHOTO, set(), True),
        (PHOTO, {(1, 7)}, False),
        (PHOTO, {(2, 7), (1, 8)}, True),
        (PHOTO, None, False),
        (replace(PHOTO, value="na"), set(), False),
        (replace(PHOTO, kind=AnswerKind.PHOTO, photo=False), set(), True),
        (replace(PHOTO, kind=AnswerKind.PHOTO, value="na"), set(), False),
        (replace(PHOTO, photo=False), set(), False),
    ],
)
def test_a_photo_is_asked_for_once_it_is_known_who_has_one(
    point: PointFacts, photos: set[tuple[int, int]] | None, *, missing: bool
) -> None:
    gaps = find_gaps(replace(FINE, points=(point,)), outcome="normal", photos=photos)
    assert [gap.message for gap in gaps] == (["Check point %(no)s: take a photo."] if missing else [])


def test_a_point_that_is_a_photo_is_taken_or_does_not_apply() -> None:
    photo = PointFacts(1, AnswerKind.PHOTO, "no")
    assert "choose one of the answers" in said(replace(FINE, points=(photo,)))
    assert said(replace(FINE, points=(replace(photo, value="yes"),))) == ""


def test_progress_counts_the_question_whether_checked_and_every_check_point() -> None:
    assert progress([(None, 0, 3), (True, 2, 3), (False, 0, 3)]) == (4, 9)


def test_two_versions_are_compared_place_by_place_and_time_stamps_do_not_count() -> None:
    old = {"version": 1, "departments": [{"code": "A", "items": [{"code": "A-1", "result": "1", "checked": True}]}]}
    new = {"version": 2, "departments": [{"code": "A", "items": [{"code": "A-1", "result": "5", "checked": True}]}]}
    (change,) = differences(old, new)
    assert (change.place, change.before, change.after) == (("departments", "A", "items", "A-1", "result"), "1", "5")


def test_clock_of_a_deadline() -> None:
    due = date(2026, 11, 20)
    assert clock_state(None, done_on=None, today=due) == ""
    assert clock_state(due, done_on=due, today=due) == "met"
    assert clock_state(due, done_on=date(2026, 11, 21), today=due) == "overdue"
    assert clock_state(due, done_on=None, today=date(2026, 11, 16)) == "open"
    assert clock_state(due, done_on=None, today=date(2026, 11, 17)) == "soon"
    assert clock_state(due, done_on=None, today=date(2026, 11, 21)) == "overdue"


def test_days_are_working_days_and_visits_fill_them_evenly() -> None:
    days = visiting_days(date(2026, 11, 20), date(2026, 11, 24), WorkCalendar())
    assert days == [date(2026, 11, 20), date(2026, 11, 23), date(2026, 11, 24)]
    assert visiting_days(date(2026, 11, 21), date(2026, 11, 22), WorkCalendar())[0] == date(2026, 11, 21)
    assert visiting_days(date(2026, 11, 24), date(2026, 11, 22), WorkCalendar()) == [date(2026, 11, 24)]
    assert spread(6, days) == [day for day in days for _ in range(2)]
    assert week_end(date(2026, 11, 22)) == date(2026, 11, 22)


def test_two_certified_inspectors_of_every_department_are_needed_on_the_day() -> None:
    day = date(2026, 11, 20)
    team = [("A", day), ("A", day), ("B", day), ("B", date(2026, 11, 19))]
    assert departments_short(team, ["A", "B", "C"], on=day) == ["B", "C"]


def test_serial_numbers_follow_the_newest() -> None:
    assert next_serial(None) == 1
    assert next_serial("310106-20261120-0009") == 10
