"""The moment of a public value's round, judged in the browser as the program judges it, word by word."""

from tests.sampling.test_public_value import passed, settled, with_leaves
from tests.sampling.test_rounds import BEFORE, FIRST, RULE, with_round
from tests.supervision.verify_page.conftest import Engine
from tests.supervision.verify_page.test_engine import agree

ODD = ["0", "x", "1", f"0{FIRST}", "9" * 15, "9" * 16, "9" * 64, "1" * 17, str(2**53 + 1)]


def test_known_chosen_and_good_rounds_are_judged_alike(engine: Engine) -> None:
    numbers = [BEFORE, *range(FIRST - 202, FIRST - 197), *range(FIRST - 1, FIRST + 2), *ODD]
    for rule in (RULE, "drand-default@a40e763faf1bf61dc620656f", "own-rule"):
        for source in ("drand-quicknet", "drand-default", "own"):
            reports = agree(engine, *(with_round(number, rule=rule, source=source) for number in numbers))
            codes = {one["code"] for report in reports for one in report["findings"]}
            assert rule == "own-rule" or "beacon-not-first" in codes


def test_the_wording_of_a_known_round_is_shown_to_visitors(engine: Engine) -> None:
    (report,) = agree(engine, with_round(BEFORE, rule=RULE))
    assert report["exit_code"] == 1
    (told,) = [one for one in report["findings"] if one["severity"] == "difference"]
    assert "承诺之前即可得知该随机数" in told["zh"]
    assert "known before anything was fixed" in told["en"]


def test_rounds_that_followed_are_judged_alike(engine: Engine) -> None:
    files = {name: data for name, data in with_round(FIRST, rule=RULE).items() if name != "log.json"}
    after = FIRST + (24 * 3600 + 600) // 3
    bundles = []
    for number, rule in ((after, RULE), (after + 1, RULE), (after, "own-rule"), (BEFORE, RULE), ("x", RULE)):
        following = {"source": "drand-quicknet", "round": str(number), "rule": rule}
        first = {"source": "drand-quicknet", "round": str(FIRST), "rule": RULE}
        event, digest, fields = passed(files, fallback=following)
        bundles.append(with_leaves(files, (event, digest, {**fields, **first}), settled(**following)))
    reports = agree(engine, *bundles)
    assert [report["exit_code"] for report in reports] == [0, 1, 0, 1, 1]


def test_a_witness_after_the_true_moment_is_late_in_the_browser_too(engine: Engine) -> None:
    late = "2026-11-22T09:30:00Z"
    good, early = agree(
        engine,
        with_round(FIRST, rule=RULE, known_from=late),
        with_round(FIRST - 300, rule="own-rule", known_from=late),
    )
    assert good["exit_code"] == 0
    assert "commitment-unwitnessed" in {one["code"] for one in early["findings"]}
