"""Teams: 600,000 places in a large district, and whether every inspector has the same chance, beside other ways.

    python -m pip install --target /tmp/rival ortools sortition-algorithms
    PYTHONPATH=.:/tmp/rival python benchmarks/teams_scale.py [time] [fairness]

Time: 100,000 units, three departments, two inspectors each, 5 recusals each; ours is the whole of a draw with its
record, the others one department's assignment alone. Fairness: 12 inspectors, 10 places, 4,000 seeds; four of them
are recused from three of the five visits, which need not cost anybody a chance: 10 of 12 for each could be had.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from measuring import keep
from sampling_speed import team_bundle
from teams_rivals import Duty, by_assignment, by_constraints, by_flow, by_picking, by_protocol, by_sortition

from sampling.drawing import draw

NAME = "teams_scale"
UNITS, SEEDS, SMALL = 100_000, 4_000, 2_000
_NOISE = 3.0


def main() -> None:
    """Measure what is asked for, or everything."""
    parts: dict[str, Callable[[], dict[str, object]]] = {"time": measure_time, "fairness": measure_fairness}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART")
    for name in parser.parse_args().parts or parts:
        keep(NAME, {name: parts[name]()})


def measure_time() -> dict[str, object]:
    """Draw teams for a large district; then let the others assign one department."""
    bundle, secrets = team_bundle(units=UNITS, ties_per_inspector=5, spare=1.3)
    begin = time.process_time()
    record = draw(bundle, secrets)
    drawn = time.process_time() - begin
    written = len(record.to_bytes())
    result: dict[str, object] = {
        "places": sum(len(team.members) for team in record.teams),
        "unfilled": len(record.unfilled),
        "draw_seconds": round(drawn, 2),
        "draw_and_record_seconds": round(time.process_time() - begin, 2),
        "record_megabytes": written >> 20,
    }
    duty, small = _duty(UNITS), _duty(SMALL)
    result["one_department_protocol"] = _timed(lambda: by_protocol(duty, 1))
    result["one_department_flow_of_8_candidates"] = _timed(lambda: by_flow(duty, 1))
    result["one_department_cp_sat_of_8_candidates"] = _timed(lambda: by_constraints(duty, 1))
    result[f"{SMALL}_units_protocol"] = _timed(lambda: by_protocol(small, 1))
    result[f"{SMALL}_units_scipy_assignment"] = _timed(lambda: by_assignment(small, 1))
    return result


def measure_fairness() -> dict[str, object]:
    """Count how often each inspector serves."""
    names, units = [f"I{number:02}" for number in range(12)], [f"U{number}" for number in range(5)]
    free = Duty(names, units, places=2, cap=1, recused={})
    bound = Duty(names, units, places=2, cap=1, recused={name: set(units[:3]) for name in names[:4]})
    result: dict[str, object] = {"seeds": SEEDS, "ideal_chance": round(10 / 12, 4), "three_standard_errors": 0.0177}
    ways = {
        "protocol": by_protocol,
        "picking_place_by_place": by_picking,
        "scipy_assignment": by_assignment,
        "ortools_min_cost_flow": by_flow,
        "ortools_cp_sat": by_constraints,
    }
    for name, way in ways.items():
        result[name] = {
            "without_recusals": _deviation(free, way),
            "with_recusals": _deviation(bound, way),
        }
        sys.stderr.write(f"{name}: {result[name]}\n")
    # in a process of its own: its solver and scipy's cannot be loaded together
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        panels = pool.submit(by_sortition, free, SEEDS).result()
    served = Counter(person for panel in panels for person in panel)
    largest = max(abs(served[person] / SEEDS - 10 / 12) for person in names)
    result["sortition_algorithms_maximin"] = {"without_recusals": {"largest_deviation": round(largest, 4)}}
    return result


def _deviation(duty: Duty, way: Callable[[Duty, int], list[str]]) -> dict[str, float]:
    """Give the largest distance of an inspector's share of draws from 10/12, and the places left empty a draw."""
    begin = time.process_time()
    served: Counter[str] = Counter()
    for seed in range(SEEDS):
        served.update(way(duty, seed))
    shares = [served[name] / SEEDS for name in duty.inspectors]
    return {
        "largest_deviation": round(max(abs(share - 10 / 12) for share in shares), 4),
        "empty_places_a_draw": round(10 - sum(shares), 4),
        "milliseconds_a_draw": round((time.process_time() - begin) / SEEDS * 1000, 2),
    }


def _duty(units: int) -> Duty:
    codes = [f"91310106{number:010d}" for number in range(units)]
    names = [f"I{number:05}" for number in range(int(units * 2 * 1.3 / 50))]
    recused = {
        name: {codes[(number * 7919 + step * 104729) % units] for step in range(5)} for number, name in enumerate(names)
    }
    return Duty(names, codes, places=2, cap=50, recused=recused)


def _timed(work: Callable[[], list[str]]) -> dict[str, object]:
    begin, clock = time.process_time(), time.perf_counter()
    filled = len(work())
    return {
        "seconds": round(time.perf_counter() - clock, 2),
        "processor": round(time.process_time() - begin, 2),
        "places_filled": filled or "did not finish",
    }


if __name__ == "__main__":
    main()
