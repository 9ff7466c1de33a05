"""`python -m sampling select`: sections 4 and 5 alone, for a register that stays where it lies.

A bundle holds its frame in memory. A national register does not fit there: this command reads the frame part by part,
or lets a database or a cluster draw, and writes what the record says of strata, selected and reserve. All backends
write the same bytes.
"""

import argparse
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import IO, Any  # what a backend's module offers is known by name only

from sampling.backends.choice import file_frames, kernel
from sampling.backends.frames import FrameFacts, Frames
from sampling.backends.plain import PlainFrame
from sampling.canonical import canonical_bytes
from sampling.commitment import Commitment, parse_commitment
from sampling.errors import BackendError, CommitmentError
from sampling.hashing import PROTOCOL, hex_digest
from sampling.records import parse_entity_key
from sampling.rules import Rules, parse_rules
from sampling.selection import Selection
from sampling.strata import allocate

FILES = ("auto", "plain", "accelerated")
ENGINES: Mapping[str, str] = {
    "accelerated": "numpy numba",
    "duckdb": "duckdb",
    "postgresql": "psycopg[binary]",
    "spark": "pyspark",
}
BACKENDS = (*FILES, "duckdb", "postgresql", "spark")


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was drawn from a frame."""

    rules: Rules
    entity_key: str
    facts: FrameFacts
    counts: Mapping[str, int]
    selection: Selection

    def to_bytes(self) -> bytes:
        """Give the canonical JSON; strata, selected and reserve are those of the record (section 7)."""
        strata = [{"stratum": s, "size": self.facts.sizes[s], "selected": n} for s, n in self.counts.items()]
        return canonical_bytes(
            {
                "protocol": PROTOCOL,
                "hash": self.rules.hash_name,
                "draw": self.rules.draw,
                "entity_key": self.entity_key,
                "frame_size": self.facts.size,
                "frame_root": self.facts.root,
                "strata": strata,
                "selected": [asdict(row) for row in self.selection.selected],
                "reserve": [asdict(row) for row in self.selection.reserve],
            }
        )


def draw_units(frames: Frames, rules: Rules, *, entity_key: str, rooted: bool) -> Drawn:
    """Draw the units of a frame, wherever it lies (sections 4 and 5)."""
    hash_name = rules.hash_name
    facts = frames.survey(hash_name, rooted=rooted)
    counts = allocate(facts.sizes, rules.allocation)
    selection = frames.select(facts, counts=counts, reserve=rules.reserve, entity_key=entity_key, hash_name=hash_name)
    return Drawn(rules=rules, entity_key=entity_key, facts=facts, counts=counts, selection=selection)


def add_select_options(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument(
        "--frame", required=True, metavar="FRAME", help="frame.tsv、Parquet 文件或数据表 a file, or a table's name"
    )
    parser.add_argument("--rules", required=True, type=Path, metavar="FILE", help="规则 rules.json")
    parser.add_argument("--entity-key", required=True, metavar="HEX", help="抽取密钥，32 位十六进制 32 hex digits")
    parser.add_argument(
        "--backend", choices=BACKENDS, default="auto", help="由谁计算，结果逐字节相同 who computes: the same bytes"
    )
    parser.add_argument("--database", metavar="CONNECTION", default="", help="PostgreSQL 连接 connection string")
    parser.add_argument("--commitment", type=Path, metavar="FILE", help="与承诺核对 compare with commitment.json")
    parser.add_argument(
        "--without-root", action="store_true", help="不算名单的根（不必排序） no Merkle root: nothing need be sorted"
    )
    parser.add_argument("--output", type=Path, metavar="FILE", help="写入文件，缺省为屏幕 else to the screen")


def run_select(options: argparse.Namespace) -> int:
    """Draw, compare with the commitment if there is one, and write the outcome."""
    rules_file = options.rules.read_bytes()
    rules = parse_rules(rules_file)
    commitment = parse_commitment(options.commitment.read_bytes()) if options.commitment else None
    key = parse_entity_key(options.entity_key)
    drawn = _drawn(options, rules, entity_key=key)
    if commitment is not None:
        _check_committed(drawn, commitment, rules_digest=hex_digest(rules.hash_name, rules_file))
    if options.output is None:
        sys.stdout.write(f"{drawn.to_bytes().decode()}\n")
    else:
        options.output.write_bytes(drawn.to_bytes())
    return 0


def _drawn(options: argparse.Namespace, rules: Rules, *, entity_key: str) -> Drawn:
    draw = partial(draw_units, rules=rules, entity_key=entity_key, rooted=not options.without_root)
    name: str = options.backend
    if name in FILES:
        return draw(_file_frames(name, Path(options.frame), rules))
    module = _module(name)
    try:
        with module.connected(options.database) as connection:
            return draw(module.frame_of(connection, options.frame, salted=rules.confidential))
    except module.FAILURES as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise BackendError("backend-failed", backend=name, reason=ascii(reason)[1:-1][:300]) from error


def _file_frames(name: str, path: Path, rules: Rules) -> Frames:
    def opened() -> IO[bytes]:
        return path.open("rb")

    if name == "plain":
        return PlainFrame(opened=opened, salted=rules.confidential)
    if name == "accelerated":
        _module(name)
        trusted = kernel(rules.hash_name)
        if trusted is None:
            raise BackendError("backend-differs", backend=name)
        frames: Frames = trusted.AcceleratedFrame(opened=opened, salted=rules.confidential)
        return frames
    return file_frames(opened, salted=rules.confidential, hash_name=rules.hash_name)


def _module(name: str) -> ModuleType:
    """Load a backend; its libraries are needed by nobody else."""
    try:
        return import_module(f"sampling.backends.{name if name == 'accelerated' else f'{name}_frames'}")
    except ImportError as error:
        raise BackendError("backend-missing", backend=name, packages=ENGINES[name]) from error


def _check_committed(drawn: Drawn, commitment: Commitment, *, rules_digest: str) -> None:
    facts: tuple[tuple[str, str, Any, Any], ...] = (
        ("rules.json", "rules_digest", commitment.rules_digest, rules_digest),
        ("frame.tsv", "frame_size", commitment.frame_size, drawn.facts.size),
        ("frame.tsv", "frame_root", commitment.frame_root, drawn.facts.root or commitment.frame_root),
    )
    for file, fact, committed, found in facts:
        if committed != found:
            raise CommitmentError("file-not-committed", file=file, fact=fact)
