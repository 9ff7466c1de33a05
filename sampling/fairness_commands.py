"""`python -m sampling fairness` and `python -m sampling simulate`: chances before a draw, and what the tests notice."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any  # argparse's own collections are untyped

from sampling.bundle_reading import read_files
from sampling.fairness import MEASURED_FILES, USUAL_RUNS, Inputs, Measurement
from sampling.fairness_chances import Limits
from sampling.fairness_report import report
from sampling.fairness_words import Wording, statements, warnings
from sampling.simulation import HONEST, SCENARIOS, Power, simulate
from sampling.simulation_words import sentences

HONEST_LOOKS = (12, 24)
RIGGED_LOOKS = (12, 24, 48, 72, 96, 144, 192)
HONEST_YEARS = 10_000
RIGGED_YEARS = 400
LEVEL = 0.001
_EVERY = 50
AddCommand = Callable[..., argparse.ArgumentParser]


def add_commands(commands: Any, add: AddCommand) -> None:
    """Add both commands to the command line."""
    measuring = add(commands, "fairness", run=_fairness)
    measuring.add_argument(
        "--bundle", required=True, type=Path, metavar="BUNDLE", help="数据包：文件夹或 zip 文件 a folder or zip file"
    )
    measuring.add_argument(
        "--seeds", type=_positive, default=USUAL_RUNS, metavar="N", help="模拟种子数 number of dummy seeds"
    )
    measuring.add_argument("--json", action="store_true", help="供程序读取的结果 the report for programs")
    simulating = add(commands, "simulate", run=_simulate)
    simulating.add_argument(
        "--honest", type=_positive, default=HONEST_YEARS, metavar="N", help="如实抽取的年数 honest years"
    )
    simulating.add_argument(
        "--rigged", type=_positive, default=RIGGED_YEARS, metavar="N", help="每种舞弊的年数 years of each rigging"
    )
    simulating.add_argument("--seed", default="1", help="同一种子得同一结果 the same seed gives the same numbers")
    simulating.add_argument("--to", type=Path, metavar="FILE", help="把数字写入 JSON 文件 write the numbers as JSON")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _note(done: int, whole: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{done} / {whole} " + ("\n" if done == whole else ""))
        sys.stderr.flush()


def _fairness(options: argparse.Namespace) -> int:
    inputs = Inputs.from_files(read_files(options.bundle, names=MEASURED_FILES))
    measurement = Measurement(inputs)
    while measurement.runs < options.seeds:
        measurement.run(min(_EVERY, options.seeds - measurement.runs))
        _note(measurement.runs, options.seeds)
    found, wording = report(measurement, asked=options.seeds, limits=Limits()), Wording()
    said = statements(found, wording)
    cautions = warnings(found, wording) or [wording.say("no-warnings")]
    if options.json:
        words = {
            name: [{"code": one.code, "zh": one.zh, "en": one.en} for one in rows]
            for name, rows in (("statements", said), ("warnings", cautions))
        }
        text = json.dumps({**found.to_json(), **words}, ensure_ascii=False, indent=1, sort_keys=True)
    else:
        lines = [f"{one.zh}\n    {one.en}" for one in said]
        text = "\n".join([*lines, *(f"[!] {one.zh}\n    {one.en}" for one in cautions)])
    sys.stdout.write(f"{text}\n")
    return 0


def _simulate(options: argparse.Namespace) -> int:
    results = [_scenario(name, options) for name in SCENARIOS]
    said = list(sentences(results, level=LEVEL))
    if options.to is not None:
        content = {
            "seed": options.seed,
            "level": LEVEL,
            "scenarios": {powers[0].scenario: [_row(power) for power in powers] for powers in results},
            "words": {"zh": [zh for zh, _ in said], "en": [en for _, en in said]},
        }
        options.to.write_text(json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
    sys.stdout.write("".join(f"{zh}\n    {en}\n" for zh, en in said))
    return 0


def _scenario(name: str, options: argparse.Namespace) -> list[Power]:
    years = options.honest if name == HONEST else options.rigged

    def note(year: int) -> None:
        if year % _EVERY == 0 or year == years:
            _note(year, years)

    looks = HONEST_LOOKS if name == HONEST else RIGGED_LOOKS
    return simulate(name, seed=options.seed, years=years, looks=looks, level=LEVEL, progress=note)


def _row(power: Power) -> dict[str, object]:
    return {
        "draws": power.draws,
        "years": power.years,
        "thrown_away": power.thrown_away,
        "years_with_alarm": dict(power.alarms),
    }
