"""A witness's word on a full bundle: verified first, then signed (draw protocol, section 1)."""

from pathlib import Path

from sampling.bundle import FROZEN_FILES, Bundle, read_bundle
from sampling.errors import FileError
from sampling.findings import Report, Severity
from sampling.note_signing import note_of, parse_signer
from sampling.records import RECORD
from sampling.signed_notes import statement_text
from sampling.verification import verify
from sampling.witness_command import Lines, moment_now
from sampling.witness_station import submit

REFUSED = (
    "没有签署：完整包未能全部重算一致，见上。",
    "Not signed: the full bundle did not verify in everything, see above.",
)
SIGNED = ("已签署：{draw} 的完整包全部重算一致。", "Signed: the full bundle of {draw} verified in everything.")
HANDED_IN = ("声明已提交日志方。", "The statement was handed to the log.")
# what a log adds to the proof does not touch whether the draw itself was recomputed
_ABOUT_THE_LOG = frozenset({"log-missing", "commitment-unwitnessed", "signature-unknown", "event-not-shown"})


def state(bundle_path: Path, *, key_file: Path, target: Path | None, address: str = "") -> tuple[int, Lines]:
    """Verify, sign, write, hand in; give the exit code and what to say."""
    bundle = read_bundle(bundle_path)
    report = verify(bundle)
    if not agrees_in_full(bundle, report):
        return report.exit_code or 1, [(report.to_text(), ""), REFUSED]
    signer = parse_signer(key_file.read_text("utf-8"))
    text = statement_text(
        draw=bundle.commitment.draw,
        commitment_digest=bundle.commitment.digest,
        record_digest=bundle.record.digest,
    )
    note = note_of(text, [signer.signature(text, seen_at=moment_now())])
    lines = [(SIGNED[0].format(draw=bundle.commitment.draw), SIGNED[1].format(draw=bundle.commitment.draw))]
    if target is None:
        lines.append((note, ""))
    else:
        target.write_text(note, encoding="utf-8", newline="\n")
    if address:
        submit(address, note, path="statements")
        lines.append(HANDED_IN)
    return 0, lines


def agrees_in_full(bundle: Bundle, report: Report) -> bool:
    """Tell whether everything of a full bundle was recomputed and agreed; nothing of the draw may be withheld."""
    if not bundle.has(*FROZEN_FILES, RECORD):
        raise FileError("file-missing", file=next(name for name in (*FROZEN_FILES, RECORD) if not bundle.has(name)))
    if report.of_severity(Severity.INVALID) or report.of_severity(Severity.DIFFERENCE):
        return False
    return {finding.code for finding in report.of_severity(Severity.WITHHELD)} <= _ABOUT_THE_LOG
