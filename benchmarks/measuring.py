"""How the benchmarks measure: a child's time, processor time and memory, and what the machine did meanwhile."""

import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

RESULTS = Path(__file__).parent / "results"
_MEGABYTE = 1024


@dataclass(frozen=True, slots=True)
class Cost:
    """What a program took: seconds on the wall, seconds of processor time on all cores, most memory in MB."""

    seconds: float
    processor: float
    megabytes: int


def run(command: Sequence[str], **environment: str) -> Cost:
    """Run a program of its own and measure it; its memory is what the system saw, libraries and all.

    A process between keeps this one's own memory out of it: Linux counts what was in use where a child split off.
    """
    between = [sys.executable, __file__, *command]
    told = subprocess.run(between, env={**os.environ, **environment}, stdout=subprocess.PIPE, check=True).stdout
    return Cost(**json.loads(told))


def _run_here(command: Sequence[str]) -> Cost:
    begin = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    seconds = time.perf_counter() - begin
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(round(seconds, 2), round(used.ru_utime + used.ru_stime, 2), used.ru_maxrss // _MEGABYTE)


def keep(name: str, results: dict[str, object]) -> None:
    """Print the results and keep them beside what they were measured on; parts measured before stay."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    before = json.loads(path.read_text()) if path.exists() else {}
    results = {key: asdict(value) if isinstance(value, Cost) else value for key, value in results.items()}
    path.write_text(json.dumps({**before, **results, "machine": machine()}, indent=1, ensure_ascii=False) + "\n")
    print(json.dumps(results, indent=1, ensure_ascii=False))


def machine() -> dict[str, object]:
    """Say what it was measured on, and how busy that was."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "load_average": [round(load, 1) for load in os.getloadavg()],
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def python(*arguments: str) -> list[str]:
    """Give the command that runs this interpreter."""
    return [sys.executable, *arguments]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(_run_here(sys.argv[1:]))))
