"""Section 9: recompute everything that is shown, and name every difference.

Exit codes: 0 all recomputed and equal, 1 a difference, 2 unreadable or invalid input, 3 equal as far as
shown, with what was withheld or is not proven. What no verifier can check stands in docs/sampling-method.md.
"""

from collections.abc import Sequence
from pathlib import Path

from sampling.beacon_checks import check_public_value
from sampling.bundle import BUNDLE_FILES, FROZEN_FILES, PUBLIC_RECORD, Bundle
from sampling.bundle_reading import read_files
from sampling.cautions import cautions
from sampling.commitment import COMMITMENT, parse_commitment
from sampling.drawing import committed_facts, ties_known_empty
from sampling.errors import SamplingError
from sampling.findings import UNKNOWN, Finding, Report, Severity, agreed, difference, from_error, withheld
from sampling.hashing import hex_digest
from sampling.log_checks import check_log, check_number_gaps, check_replacements
from sampling.public_checks import check_public_record
from sampling.record_checks import check_record
from sampling.records import RECORD
from sampling.signed_notes import VerifierKey
from sampling.tables import TIES

__all__ = ["Finding", "Report", "Severity", "verify", "verify_files", "verify_path"]


def verify(bundle: Bundle, *, keys: Sequence[VerifierKey] = ()) -> Report:
    """Verify a bundle. `keys` are log and witness keys known from elsewhere; else the bundle's own are used."""
    findings = check_files(bundle)
    try:
        findings += _check_outcome(bundle, keys)
        findings += check_log(bundle, trusted=keys)
        findings += check_public_value(bundle)
        findings += check_replacements(bundle)
        findings += [*cautions(bundle), *check_number_gaps(bundle)]
    except SamplingError as error:
        findings.append(from_error(Severity.INVALID, error))
    return Report.of(bundle.commitment.draw, findings)


def verify_path(path: str | Path, *, keys: Sequence[VerifierKey] = ()) -> Report:
    """Verify a folder or zip file; what cannot be read becomes a finding, not an exception."""
    try:
        files = read_files(Path(path), names=BUNDLE_FILES)
    except SamplingError as error:
        return Report.of(UNKNOWN, [from_error(Severity.INVALID, error)])
    return verify_files(files, keys=keys)


def verify_files(files: dict[str, bytes], *, keys: Sequence[VerifierKey] = ()) -> Report:
    """Verify files by name; a malformed file is reported together with the digests that do not fit."""
    try:
        bundle = Bundle.from_files(files)
    except SamplingError as error:
        draw, findings = _check_raw_digests(files)
        return Report.of(draw, [from_error(Severity.INVALID, error), *findings])
    return verify(bundle, keys=keys)


def check_files(bundle: Bundle) -> list[Finding]:
    """Compare every digest, root and size with the commitment, and name the files not shown."""
    facts = committed_facts(bundle)
    findings = [difference("committed-fact", file=fact.file, fact=fact.fact) for fact in facts if not fact.agrees]
    findings += [
        withheld("file-withheld", file=file)
        for file in FROZEN_FILES
        if not bundle.has(file) and not (file == TIES and ties_known_empty(bundle))
    ]
    agreeing = {fact.file for fact in facts} - {fact.file for fact in facts if not fact.agrees}
    return findings + [agreed("file-agrees", file=file) for file in FROZEN_FILES if file in agreeing]


def _check_outcome(bundle: Bundle, keys: Sequence[VerifierKey]) -> list[Finding]:
    if bundle.has(RECORD):
        return check_record(bundle)
    if bundle.has(PUBLIC_RECORD):
        return check_public_record(bundle, trusted=keys)
    return [withheld("record-missing")]


def _check_raw_digests(files: dict[str, bytes]) -> tuple[str, list[Finding]]:
    """Find out which files are not those of the commitment even if one of them cannot be read."""
    try:
        commitment = parse_commitment(files.get(COMMITMENT, b""))
    except SamplingError:
        return UNKNOWN, []
    return commitment.draw, [
        difference("committed-fact", file=file, fact=fact)
        for file, fact in ((file, f"{file.partition('.')[0]}_digest") for file in FROZEN_FILES)
        if file in files and hex_digest(commitment.hash_name, files[file]) != getattr(commitment, fact)
    ]
