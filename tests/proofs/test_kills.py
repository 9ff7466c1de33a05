"""Killed at any moment: nothing acknowledged is lost, nothing is half done, asking again gives the same (T03)."""

import random
from pathlib import Path

from tests.proofs.effort import SEED, effort, proof
from tests.proofs.killing import answers_in, fault_after, kill_after, set_the_stage, whole_time


def test_a_killed_service_loses_nothing_and_answers_the_same(tmp_path: Path) -> None:
    moments = random.Random(SEED)  # noqa: S311 - chooses when to kill
    stage, plan = set_the_stage(tmp_path)
    duration = max(whole_time(stage, plan, tmp_path), 0.05)
    with proof("kills", seconds_of_all_steps=round(duration, 3)) as tally:
        reached: dict[str, int] = {}
        wanted = effort(12, 200, 1000)
        for number in range(3 * wanted):
            if sum(reached.values()) - reached.get("everything", 0) == wanted:
                break
            told = tmp_path / f"told{number}"
            with stage.copy() as url:
                at_work = kill_after(url, plan, told, seconds=moments.uniform(0, duration))
                last = next(reversed(answers_in(told)), "nothing") if at_work else "everything"
                reached[last.split()[0]] = reached.get(last.split()[0], 0) + 1
                fault = fault_after(url, plan, told)
            tally.note(right=not fault, what=fault)
        tally.facts["killed_after_the_answer_to"] = dict(sorted(reached.items()))
    stage.close()
