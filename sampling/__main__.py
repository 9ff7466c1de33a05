"""The command line of section 9: `python -m sampling draw|verify|ticket`."""

import argparse
import dataclasses
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from sampling.bundle import FROZEN_FILES, Bundle, read_bundle
from sampling.bundle_reading import read_files
from sampling.commitment import COMMITMENT
from sampling.drawing import draw
from sampling.errors import SamplingError
from sampling.explanation import explain_unfilled
from sampling.records import RECORD
from sampling.reveal import parse_reveal
from sampling.signed_notes import VerifierKey, parse_verifier_key
from sampling.unit_facts import UnitFacts, explain_unit
from sampling.verification import verify_path

INVALID = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code."""
    options = _parser().parse_args(arguments)
    # A terminal that cannot show Chinese must not turn a verdict into a crash.
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    try:
        return int(options.run(options))
    except SamplingError as error:
        sys.stderr.write(f"{error.zh}\n{error.en}\n")
    except OSError as error:
        sys.stderr.write(f"无法读写文件：{error.strerror}\ncannot read or write: {error.strerror}\n")
    return INVALID


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sampling", description="double-random-draw/1 双随机抽查")
    commands = parser.add_subparsers(required=True)
    drawing = commands.add_parser("draw", help="draw from a committed bundle: writes record.json 抽取")
    drawing.add_argument("--bundle", required=True, type=Path, metavar="FOLDER")
    drawing.add_argument("--reveal", required=True, type=Path, metavar="FILE")
    drawing.set_defaults(run=_draw)
    verifying = commands.add_parser("verify", help="recompute a published draw 核验")
    verifying.add_argument("bundle", type=Path, metavar="BUNDLE", help="folder or zip file")
    verifying.add_argument("--json", action="store_true", help="findings for programs")
    verifying.add_argument("--keys", type=Path, help="file of log and witness keys, one a line")
    verifying.set_defaults(run=_verify)
    ticket = commands.add_parser("ticket", help="what the draw says of one unit 查询一个对象")
    ticket.add_argument("--bundle", required=True, type=Path, metavar="FOLDER")
    ticket.add_argument("unit", metavar="UNIT")
    ticket.add_argument("--json", action="store_true", help="facts for programs")
    ticket.set_defaults(run=_ticket)
    return parser


def _draw(options: argparse.Namespace) -> int:
    reveal = parse_reveal(options.reveal.read_bytes())
    # Only what was frozen and committed to decides; a record already there is not even looked at for that.
    bundle = Bundle.from_files(read_files(options.bundle, names=(*FROZEN_FILES, COMMITMENT)))
    record = draw(bundle, reveal.secrets, reveal.beacon_value)
    _write_record(options.bundle / RECORD, record.to_bytes())
    sys.stdout.write(f"{record.draw}: record_digest {record.digest}\n")
    for shortage in explain_unfilled(bundle, record):
        sys.stdout.write(f"{shortage.zh}\n    {shortage.en}\n")
    return 0


def _write_record(path: Path, data: bytes) -> None:
    """Write the record whole or not at all: an interrupted draw must not leave half of one behind."""
    if path.exists() and path.read_bytes() != data:
        sys.stderr.write("原有 record.json 与重算不符，已改写\nthe record.json found there differed: rewritten\n")
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.write_bytes(data)
    unfinished.replace(path)


def _verify(options: argparse.Namespace) -> int:
    report = verify_path(options.bundle, keys=_trusted_keys(options.keys))
    sys.stdout.write(f"{report.to_json() if options.json else report.to_text()}\n")
    return report.exit_code


def _trusted_keys(path: Path | None) -> list[VerifierKey]:
    if path is None:
        return []
    lines = path.read_text("utf-8").splitlines()
    return [parse_verifier_key(line.strip()) for line in lines if line.strip()]


def _ticket(options: argparse.Namespace) -> int:
    facts = explain_unit(read_bundle(options.bundle), options.unit)
    if options.json:
        text = json.dumps(dataclasses.asdict(facts), ensure_ascii=False, indent=1, sort_keys=True)
    else:
        text = "\n".join(_facts_lines(facts))
    sys.stdout.write(f"{text}\n")
    return 0


def _facts_lines(facts: UnitFacts) -> list[str]:
    if facts.file is None:
        return [f"{facts.unit!a} 不在登记库中 is not in the register"]
    lines = [f"{facts.file} 第 {facts.line_number} 行，共 {facts.size} 行 line {facts.line_number} of {facts.size}:"]
    lines.append(f"  {facts.line}")
    if facts.reason is not None:
        lines.append(f"未列入抽取，原因 excluded, reason: {facts.reason}")
    lines += _place_lines(facts)
    lines.append(f"根 root: {facts.root}")
    return lines + [f"证明 proof {number}: {neighbor}" for number, neighbor in enumerate(facts.proof, 1)]


def _place_lines(facts: UnitFacts) -> list[str]:
    place = facts.place
    if place is None:
        return [] if facts.reason is not None else ["尚无签号（未抽取） no ticket yet: not drawn"]
    if place.reserve_rank is None:
        outcome = "抽中 selected"
    else:
        outcome = f"未抽中，候补第 {place.reserve_rank} not selected, reserve {place.reserve_rank}"
    return [
        f"签号 ticket: {place.ticket}",
        f"名次 rank: {place.rank} / {place.size}（分层 stratum {place.stratum}）",
        f"末位抽中签号 cut-off: {place.cut_off or '-'}",
        f"抽中机会 chance: {place.selected}/{place.size}",
        f"结果 outcome: {outcome}",
    ]


if __name__ == "__main__":
    sys.exit(main())
