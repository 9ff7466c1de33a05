"""Freeze and draw random cases under other conditions: ``python -m tests.proofs.foreign_run ORDER FIRST COUNT``.

The rows of every table come in another order, the clock says another day, and the environment is whatever the caller
has set. One line a case: the digest of all files and of the record.
"""

import hashlib
import json
import random
import sys
import time
from collections.abc import Iterable

from sampling import freezing
from sampling.bundle import Bundle
from sampling.drawing import draw
from sampling.tables import lines_of, parse_roster
from tests.sampling.bundle_making import Case, random_case


def frozen_again(case: Case, order: random.Random) -> dict[str, bytes]:
    """Write every frozen file and the commitment once more, from the same facts in another order."""

    def rows(name: str) -> Iterable[tuple[str, ...]]:
        found = [tuple(line.decode().split("\t")) for line in lines_of(case.files[name])]
        order.shuffle(found)
        return found

    roster = list(parse_roster(case.files["roster.tsv"]))
    order.shuffle(roster)
    rules = json.loads(case.files["rules.json"])
    commitment = json.loads(case.files["commitment.json"])
    names = list(rules)
    order.shuffle(names)
    files = {
        "frame.tsv": freezing.frame_tsv(rows("frame.tsv")),
        "excluded.tsv": freezing.excluded_tsv(rows("excluded.tsv")),  # type: ignore[arg-type]
        "roster.tsv": freezing.roster_tsv(roster),
        "ties.tsv": freezing.ties_tsv(rows("ties.tsv")),  # type: ignore[arg-type]
        "mapping.tsv": freezing.mapping_tsv(rows("mapping.tsv")),  # type: ignore[arg-type]
        "rules.json": freezing.rules_json({name: rules[name] for name in names}),
    }
    contributions = [(one["by"], one["digest"]) for one in commitment["contributions"]]
    order.shuffle(contributions)
    files["commitment.json"] = freezing.commitment_json(
        draw=commitment["draw"],
        hash_name=commitment["hash"],
        plan_digest=commitment["plan_digest"],
        files=files,
        contributions=dict(contributions),
        beacon=commitment["beacon"],
        committed_at=commitment["committed_at"],
    )
    return files


def digest_of(number: int, order: random.Random) -> str:
    """Return one digest over the files and the record of a case."""
    case = random_case(number)
    files = frozen_again(case, order)
    secrets = list(case.secrets.items())
    order.shuffle(secrets)
    record = draw(Bundle.from_files(files), dict(secrets), case.beacon_value).to_bytes()
    total = hashlib.sha256()
    for name in sorted(files):
        total.update(name.encode() + files[name])
    total.update(record)
    return total.hexdigest()


def main(order_seed: int, first: int, count: int) -> None:
    """Print the digests."""
    order = random.Random(order_seed)  # noqa: S311 - an order, not a choice
    time.time = lambda: 86_400.0 * 366 * order_seed  # another day, should anybody look
    for number in range(first, first + count):
        print(digest_of(number, order))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
