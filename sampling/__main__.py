"""The command line of section 9: `python -m sampling draw|verify|ticket`, and of fairness."""

import argparse
import dataclasses
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn  # argparse's own collections are untyped

from sampling.backends.choice import plainly
from sampling.bundle import FROZEN_FILES, Bundle, read_bundle
from sampling.bundle_reading import read_files
from sampling.commitment import COMMITMENT
from sampling.drawing import draw
from sampling.errors import SamplingError
from sampling.explanation import explain_unfilled
from sampling.fairness_commands import add_commands
from sampling.help_texts import HELP
from sampling.records import RECORD
from sampling.reveal import parse_reveal
from sampling.select_command import add_select_options, run_select
from sampling.signed_notes import VerifierKey, parse_verifier_key
from sampling.unit_facts import UnitFacts, explain_unit
from sampling.unit_texts import EXCLUDED_FOR, UNTOLD, later_words, reason_words
from sampling.verification import verify_path
from sampling.witness_command import add_witness_options, run_compare, run_witness

INVALID = 2
HOW_DRAWN = (
    "怎样看：签号按“密钥:代码”散列得出，同一分层内签号小的先抽；不大于末位抽中签号的即被抽中。",
    "    the ticket is the hash of key:code; the smallest of a stratum are drawn, up to the cut-off.",
)
HOW_PROVEN = (
    "把本行与各证明依次散列，应得出根；根写在抽取前公布的承诺（commitment.json）里。",
    "    hashing the line with each proof in turn gives the root, which commitment.json named before the draw.",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code."""
    # A terminal that cannot show Chinese must not turn a verdict, or the help, into a crash.
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    options = _parser().parse_args(arguments)
    try:
        with plainly(wanted=getattr(options, "plain", False)):
            return int(options.run(options))
    except SamplingError as error:
        sys.stderr.write(f"{error.zh}\n{error.en}\n")
    except OSError as error:
        fault = error.strerror if error.filename is None else f"{error.filename}: {error.strerror}"
        sys.stderr.write(f"无法读写文件：{fault}\ncannot read or write: {fault}\n")
    return INVALID


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m sampling", description=HELP["all"][0], epilog=HELP["all"][1])
    commands = parser.add_subparsers(title="命令 commands", metavar="COMMAND", required=True)
    verifying = _command(commands, "verify", run=_verify)
    verifying.add_argument("bundle", type=Path, metavar="BUNDLE", help="数据包：文件夹或 zip 文件 a folder or zip file")
    verifying.add_argument("--json", action="store_true", help="供程序读取的结果 findings for programs")
    verifying.add_argument(
        "--keys", type=Path, metavar="FILE", help="日志方和见证方的公钥，每行一个 keys of log and witnesses, one a line"
    )
    ticket = _command(commands, "ticket", run=_ticket)
    ticket.add_argument(
        "--bundle", required=True, type=Path, metavar="BUNDLE", help="数据包：文件夹或 zip 文件 a folder or zip file"
    )
    ticket.add_argument(
        "unit", metavar="CODE", help="统一社会信用代码，或 REG- 加注册号 credit code, or REG- and the number"
    )
    ticket.add_argument("--json", action="store_true", help="供程序读取的结果 facts for programs")
    drawing = _command(commands, "draw", run=_draw)
    drawing.add_argument(
        "--bundle", required=True, type=Path, metavar="FOLDER", help="已承诺的数据包文件夹 folder of a committed bundle"
    )
    drawing.add_argument(
        "--reveal", required=True, type=Path, metavar="FILE", help="各方揭示的随机数 reveal.json the revealed secrets"
    )
    for command in (verifying, drawing):
        command.add_argument(
            "--plain", action="store_true", help="只用标准库，不用 numba standard library alone, without numba"
        )
    add_select_options(_command(commands, "select", run=run_select))
    add_witness_options(_command(commands, "witness", run=run_witness))
    comparing = _command(commands, "compare", run=run_compare)
    comparing.add_argument(
        "notes", nargs="+", type=Path, metavar="NOTE", help="检查点文件 files with a checkpoint each"
    )
    add_commands(commands, _command)
    return parser


class _Parser(argparse.ArgumentParser):
    """A parser that explains itself in both languages and shows the help where something is missing."""

    def __init__(self, **options: Any) -> None:
        super().__init__(formatter_class=argparse.RawDescriptionHelpFormatter, add_help=False, **options)
        self.add_argument("-h", "--help", action="help", help="显示本说明 show this help")

    def error(self, message: str) -> NoReturn:
        """Show the help, then what is wrong."""
        self.print_help(sys.stderr)
        self.exit(INVALID, f"\n命令写法不完整或者有误 the command is incomplete or wrong: {message}\n")


def _command(commands: Any, name: str, *, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
    description, epilog = HELP[name]
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=description.replace("\n", " "), description=description, epilog=epilog
    )
    parser.set_defaults(run=run)
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
    facts = _found(read_bundle(options.bundle), options.unit)
    if options.json:
        text = json.dumps(dataclasses.asdict(facts), ensure_ascii=False, indent=1, sort_keys=True)
    else:
        text = "\n".join(_facts_lines(facts))
    sys.stdout.write(f"{text}\n")
    return 0


def _found(bundle: Bundle, typed: str) -> UnitFacts:
    """Find a code as it was typed, else without blanks and in capitals, as codes are written."""
    facts = explain_unit(bundle, typed)
    written = "".join(typed.split()).upper()
    return facts if facts.file is not None or written == typed else explain_unit(bundle, written)


def _facts_lines(facts: UnitFacts) -> list[str]:
    if facts.file is None:
        return [f"{facts.unit!a} 不在登记库中 is not in the register"]
    lines = [f"{facts.file} 第 {facts.line_number} 行，共 {facts.size} 行 line {facts.line_number} of {facts.size}:"]
    lines.append(f"  {facts.line}")
    if facts.reason is not None:
        lines += [text.format(reason=said) for text, said in zip(EXCLUDED_FOR, reason_words(facts.reason), strict=True)]
    lines += _place_lines(facts)
    lines.append(f"根 root: {facts.root}")
    lines += [f"证明 proof {number}: {neighbor}" for number, neighbor in enumerate(facts.proof, 1)]
    return [*lines, *(HOW_DRAWN if facts.place else ()), *HOW_PROVEN]


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
        *(later_words(place.later) if place.later else () if place.later_told else UNTOLD),
    ]


if __name__ == "__main__":
    sys.exit(main())
