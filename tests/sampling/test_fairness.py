"""Chances on dummy seeds, and the simulation: what they say, and that nothing of a selection comes out."""

import json
import shutil
from pathlib import Path

import pytest

from sampling.__main__ import main
from sampling.bundle_reading import read_files
from sampling.canonical import canonical_bytes
from sampling.fairness import MEASURED_FILES, Inputs, Measurement, dummy_seed, paced
from sampling.fairness_chances import FairnessReport, Limits
from sampling.fairness_report import report
from sampling.fairness_tests import Counts, DrawnFrom, outcomes, pair_counts
from sampling.fairness_words import Wording, statements, warnings
from sampling.freezing import frame_tsv, roster_tsv, rules_json, ties_tsv
from sampling.records import RECORD
from sampling.rules import RULES
from sampling.simulation import ALL, HONEST, simulate
from sampling.tables import FRAME, ROSTER, TIES, RosterLine

VECTORS = Path(__file__).resolve().parents[1] / "golden" / "draw_vectors"


def inputs(*, units=40, drawn=8, agents=12, per_team=2, cap=5, ties=(), priors=None, rules=None):
    people = [RosterLine(f"D-{number:02d}", "D", cap, (priors or {}).get(number, 0)) for number in range(1, agents + 1)]
    content = {
        "protocol": "double-random-draw/1",
        "hash": "sha256",
        "draw": "310106-2026-0001",
        "strata": "public",
        "allocation": {"kind": "count", "strata": {"all": {"count": drawn}}},
        "reserve": 0,
        "teams": {
            "mode": "visit",
            "departments": [{"code": "D", "lead": True, "per_team": per_team, "qualifications": []}],
        },
        **(rules or {}),
    }
    files = {
        FRAME: frame_tsv([(f"U{number:03d}", "all") for number in range(units)]),
        ROSTER: roster_tsv(people),
        TIES: ties_tsv(ties),
        RULES: rules_json(content),
    }
    return Inputs.from_files(files)


def measured(given, runs=400):
    measurement = Measurement(given)
    measurement.run(runs)
    return report(measurement, asked=runs, limits=Limits())


def codes(found):
    return {sentence.code for sentence in warnings(found, Wording())}


def test_an_even_pool_gives_everybody_about_the_same_and_no_warning():
    found = measured(inputs(), runs=1_500)
    department = found.departments[0]
    assert department.ideal_bp == 10_000  # sixteen places, twelve inspectors: everybody goes
    assert all(abs(row.visits - 133) < 12 for row in department.inspectors)
    assert found.strata[0].tail_ppm > 1_000
    assert codes(found) == set()


def test_few_places_are_said_as_chances():
    found = measured(inputs(drawn=2), runs=1_500)
    said = [sentence.en for sentence in statements(found, Wording())]
    assert any("each of the 12 inspectors has a chance between" in text and "ideal 33.3 %" in text for text in said)


def test_the_least_loaded_who_always_go_are_warned_of():
    found = measured(inputs(drawn=2, priors=dict.fromkeys(range(5, 13), 9)))
    assert {"inspectors-certain", "never-load"} <= codes(found)
    assert "chances-apart" not in codes(found), "among those who carry the same all have the same chance"


def test_a_more_burdened_half_that_rests_is_no_fault():
    found = measured(inputs(drawn=1, priors=dict.fromkeys(range(7, 13), 9)))
    assert codes(found).isdisjoint({"never-load", "chances-apart"})


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"drawn": 40, "cap": 20}, "stratum-certain"),
        ({"drawn": 0}, "stratum-impossible"),
        ({"agents": 2, "cap": 40}, "same-people"),
        ({"agents": 3, "cap": 40}, "few-people"),
        ({"cap": 1}, "places-empty-busy"),
        ({"ties": [(f"D-{n:02d}", f"U{u:03d}") for n in range(1, 12) for u in range(40)]}, "places-empty-recused"),
        ({"ties": [("D-01", f"U{u:03d}") for u in range(40)]}, "never-drawn"),
        ({"ties": [(f"D-{n:02d}", "U000") for n in range(1, 12)]}, "units-impossible"),
        ({"ties": [(f"D-{n:02d}", "U000") for n in range(1, 11)]}, "units-certain"),
    ],
)
def test_bad_pools_and_tight_rules_are_warned_of_in_plain_words(given, code):
    found = measured(inputs(**given), runs=120)
    assert code in codes(found)
    sentence = next(one for one in warnings(found, Wording()) if one.code == code)
    assert sentence.zh
    assert sentence.en
    assert "{" not in sentence.zh + sentence.en


def test_a_report_read_back_is_the_same_and_has_one_digest():
    found = measured(inputs(), runs=50)
    text = canonical_bytes(found.to_json())
    assert FairnessReport.from_json(json.loads(text)) == found
    assert b"U00" not in text


def test_dummy_seeds_hang_on_the_files_and_the_number_alone():
    given = inputs()
    assert dummy_seed(given, 1) == dummy_seed(inputs(), 1)
    assert dummy_seed(given, 1) != dummy_seed(given, 2)
    assert dummy_seed(given, 1) != dummy_seed(inputs(units=41), 1)


def test_no_vector_was_drawn_with_a_dummy_seed():
    for folder in sorted(path for path in VECTORS.iterdir() if (path / RECORD).exists()):
        given = Inputs.from_files(read_files(folder, names=MEASURED_FILES))
        seed = json.loads((folder / RECORD).read_text())["seed"]
        assert seed not in {dummy_seed(given, number) for number in range(1, 50)}


def test_what_takes_too_long_is_cut_to_a_round_number_and_reported():
    ticks = iter(range(10_000))
    measurement = Measurement(inputs())
    paced(measurement, asked=100_000, seconds=300, now=lambda: next(ticks) / 4, progress=lambda *_: None)
    assert measurement.runs % 100 == 0
    assert 100 <= measurement.runs < 100_000
    found = report(measurement, asked=100_000, limits=Limits())
    assert "fewer-runs" in {sentence.code for sentence in statements(found, Wording())}


def test_the_command_says_the_same_every_time_in_both_languages(capsys, tmp_path):
    shutil.copytree(VECTORS / "case00", tmp_path / "bundle")
    for _ in range(2):
        assert main(["fairness", "--bundle", str(tmp_path / "bundle"), "--seeds", "60", "--json"]) == 0
    first, second = capsys.readouterr().out.split("\n}\n")[:2]
    assert first == second
    assert {"statements", "warnings", "inputs_digest"} <= json.loads(first + "}").keys()


def test_a_bundle_without_recusals_is_measured_and_says_so(tmp_path, capsys):
    shutil.copytree(VECTORS / "case00", tmp_path / "bundle")
    (tmp_path / "bundle" / TIES).unlink()
    assert main(["fairness", "--bundle", str(tmp_path / "bundle"), "--seeds", "20"]) == 0
    assert "without them" in capsys.readouterr().out


def test_a_folder_without_pool_is_refused(tmp_path, capsys):
    assert main(["fairness", "--bundle", str(tmp_path), "--seeds", "20"]) == 2
    assert "rules.json" in capsys.readouterr().err


def test_groups_far_from_their_share_are_an_alarm_and_certain_ones_no_test():
    counts = Counts()
    counts.add("spared", 0, DrawnFrom(size=100, marked=50, drawn=20))
    counts.add("usual", 10, DrawnFrom(size=100, marked=50, drawn=20))
    counts.add("all of it", 20, DrawnFrom(size=100, marked=100, drawn=20))
    found = {one.key: one for one in outcomes(counts)}
    assert found["spared"].corrected < 0.001
    assert found["usual"].corrected == pytest.approx(1)
    assert found["all of it"].corrected == pytest.approx(1)
    # two tests, not three
    assert found["spared"].corrected == pytest.approx(2 * found["spared"].tail)


def test_pairs_are_compared_within_and_across_equal_colleagues():
    found = pair_counts([["a", "b"], ["a", "b"], ["a", "c"]], [["a", "b"], ["c", "d"]])
    assert {("a", "b"): 2} in found
    assert {("a", "c"): 1, ("a", "d"): 0, ("b", "c"): 0, ("b", "d"): 0} in found


def test_rigged_years_are_noticed_and_honest_ones_pass():
    swapped = simulate("swapped", seed="t", years=10, looks=(24,), level=0.001)[0]
    assert swapped.alarms["inspectors"] == 10
    for scenario in ("friend-removed", "redrawn"):
        late = simulate(scenario, seed="t", years=3, looks=(12, 144), level=0.001)
        assert late[-1].alarms["units"] == 3
    assert late[-1].thrown_away > 0
    honest = simulate(HONEST, seed="t", years=120, looks=(12, 24), level=0.001)
    assert sum(power.alarms[ALL] for power in honest) <= 1


def test_the_same_seed_gives_the_same_simulation_and_writes_it(tmp_path, capsys):
    arguments = ["simulate", "--honest", "2", "--rigged", "1"]
    for name in ("a.json", "b.json"):
        assert main([*arguments, "--to", str(tmp_path / name)]) == 0
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert main([*arguments, "--seed", "2", "--to", str(tmp_path / "c.json")]) == 0
    found = json.loads((tmp_path / "a.json").read_text())
    assert set(found["scenarios"]) == {"honest", "friend-removed", "redrawn", "swapped"}
    assert "误报" in capsys.readouterr().out
