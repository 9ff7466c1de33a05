"""Print what the attacks of ``make proof`` found, from the files they wrote; the last line sums them up."""

import json

from tests.proofs.effort import RESULTS


def main() -> None:
    """One plain line for each attack, then one for all."""
    passed = failed = 0
    for path in sorted(RESULTS.glob("*.json")):
        found = json.loads(path.read_text(encoding="utf-8"))
        if "proof" not in found:
            continue
        passed, failed = passed + found["passed"], failed + found["failed"]
        line = f"{found['passed']} passed, {found['failed']} failed"
        print(f"{found['proof']} on {found['database']}: {line} in {found['seconds']} s (seed {found['seed']})")
        for first in found["first_failures"]:
            print(f"    {first}")
    print(f"{passed} passed, {failed} failed")


if __name__ == "__main__":
    main()
