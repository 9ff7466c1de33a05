"""Lots that anybody computes again, and agreement beyond chance."""

import hashlib
import json

import pytest

from joint_inspections.second_looks.rules import (
    CANNOT_TELL,
    NOT_CHECKED,
    Judged,
    agreement,
    choose,
    compare_items,
    digest_of,
    how_many,
    list_bytes,
)

VISITS = [f"310106-20260918-{no:04d}" for no in range(1, 41)]
SECRETS = {"SCJG": "1" * 64, "oversight": "2" * 64}


def sha(*lines: str) -> str:
    return hashlib.sha256("".join(f"{one}\n" for one in lines).encode()).hexdigest()


def test_the_choice_is_what_the_page_tells_people_to_compute() -> None:
    content = list_bytes("310106-F-2026-Q3-1", "2026-Q3", VISITS, wanted=5)
    found = choose(digest_of(content), VISITS, wanted=5, secrets=SECRETS, beacon="12-abcd")
    opened = [f"{by}:{SECRETS[by]}" for by in sorted(SECRETS)]
    seed = sha("double-random-draw/1 seed", hashlib.sha256(content).hexdigest(), *opened, "beacon:12-abcd")
    key = sha("double-random-draw/1 second-look", seed)[:32]
    tickets = sorted((hashlib.sha256(f"{key}:{one}".encode()).hexdigest(), one) for one in VISITS)
    assert (found.seed, found.key, list(found.drawn)) == (seed, key, tickets[:5])


def test_another_list_number_or_checkpoint_makes_another_choice() -> None:
    digest = digest_of(list_bytes("a", "2026-Q3", VISITS, wanted=5))
    first = choose(digest, VISITS, wanted=5, secrets=SECRETS, beacon="1-a")
    for other in (
        choose(digest_of(b"other"), VISITS, wanted=5, secrets=SECRETS, beacon="1-a"),
        choose(digest, VISITS, wanted=5, secrets={**SECRETS, "SCJG": "3" * 64}, beacon="1-a"),
        choose(digest, VISITS, wanted=5, secrets=SECRETS, beacon="1-b"),
    ):
        assert other.drawn != first.drawn


def test_the_list_does_not_depend_on_the_order_in_which_visits_come() -> None:
    assert list_bytes("a", "q", VISITS, wanted=2) == list_bytes("a", "q", VISITS[::-1], wanted=2)
    assert json.loads(list_bytes("a", "q", VISITS, wanted=2))["visits"] == VISITS


@pytest.mark.parametrize(("count", "wanted"), [(0, 0), (2, 2), (10, 3), (149, 3), (150, 3), (151, 4), (1000, 20)])
def test_the_share_is_rounded_up_and_a_few_are_chosen_at_least(count: int, wanted: int) -> None:
    assert how_many(count, percent=2, minimum=3) == wanted


def test_kappa_is_the_one_of_the_textbook() -> None:
    # Cohen 1960 as everywhere: 20 both yes, 15 both no, 5 and 10 apart: observed 0.7, by chance 0.5, kappa 0.4
    pairs = [("1", "1")] * 20 + [("1", "2")] * 5 + [("2", "1")] * 10 + [("2", "2")] * 15
    found = agreement(pairs)
    assert (found.pairs, found.agreeing, found.rate) == (50, 35, 0.7)
    assert found.kappa == pytest.approx(0.4)


def test_kappa_of_full_agreement_is_one_and_of_one_result_throughout_says_nothing() -> None:
    assert agreement([("1", "1"), ("2", "2")]).kappa == 1
    assert agreement([("1", "1"), ("1", "1")]).kappa is None
    assert agreement([("1", "2")]).kappa is None
    assert (agreement([]).kappa, agreement([]).rate) == (None, None)
    assert agreement([("1", "2"), ("2", "1")]).kappa == -1


def test_items_are_compared_with_their_answers_and_what_cannot_be_told_counts_for_neither() -> None:
    first = {
        "A": Judged("A", "1", {1: "yes", 2: "no"}),
        "B": Judged("B", "2", {1: "yes"}),
        "C": Judged("C", "-", {}),
    }
    second = {
        "A": Judged("A", "1", {1: "yes", 2: "yes", 3: "7"}),
        "B": Judged("B", CANNOT_TELL, {}),
    }
    one, two, three = compare_items(first, second)
    assert (one.agrees, one.points, one.differing) == (True, 2, ((2, "no", "yes"),))
    assert (two.agrees, three.agrees, three.second) == (None, None, CANNOT_TELL)


def test_an_item_that_the_second_team_left_unchecked_cannot_be_told() -> None:
    first = {"A": Judged("A", "1", {1: "yes"}), "B": Judged("B", NOT_CHECKED, {})}
    second = {code: Judged(code, NOT_CHECKED, {}) for code in first}
    assert [one.agrees for one in compare_items(first, second)] == [None, True]
