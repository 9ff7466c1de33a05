"""Section 9, confidential strata: what the public can check without classes, seed and tickets."""

from collections.abc import Sequence

from sampling.bundle import PUBLIC_FRAME, PUBLIC_RECORD, STATEMENTS, Bundle, check_disjoint
from sampling.errors import SamplingError
from sampling.findings import Finding, Severity, agreed, difference, from_error, withheld
from sampling.publication import PublicRecord, parse_public_frame, parse_public_record, parse_statements
from sampling.rules import RULES, NoTeams
from sampling.signed_notes import SignatureState, VerifierKey, statement_text
from sampling.strata import allocate
from sampling.tables import EXCLUDED

FEWEST_STATEMENTS = 2


def check_public_record(bundle: Bundle, *, trusted: Sequence[VerifierKey] = ()) -> list[Finding]:
    """Check totals, units and statements of a draw whose strata are confidential."""
    record = parse_public_record(bundle.files[PUBLIC_RECORD])
    findings = [*_check_heading(bundle, record), *_check_totals(bundle, record), *_check_units(bundle, record)]
    good = [] if findings else [agreed("public-record-agrees", units=len(record.units))]
    return [*findings, *good, withheld("strata-withheld"), *_check_statements(bundle, record, trusted)]


def _check_heading(bundle: Bundle, record: PublicRecord) -> list[Finding]:
    commitment = bundle.commitment
    facts = (
        ("draw", commitment.draw, record.draw),
        ("hash", commitment.hash_name, record.hash_name),
        ("commitment_digest", commitment.digest, record.commitment_digest),
        ("frame_size", str(commitment.frame_size), str(sum(record.sizes.values()))),
    )
    return [
        difference("record-fact", fact=fact, expected=expected, found=found)
        for fact, expected, found in facts
        if expected != found
    ]


def _check_totals(bundle: Bundle, record: PublicRecord) -> list[Finding]:
    if not bundle.has(RULES):
        return []
    counts = allocate(record.sizes, bundle.rules.allocation)
    return [
        difference("stratum-count", stratum=name, expected=str(counts[name]), found=str(record.counts[name]))
        for name in counts
        if counts[name] != record.counts[name]
    ]


def _check_units(bundle: Bundle, record: PublicRecord) -> list[Finding]:
    findings: list[Finding] = []
    if list(record.units) != sorted(set(record.units)):
        findings.append(difference("order", what="units"))
    if len(record.units) != sum(record.counts.values()):
        findings.append(difference("units-not-counted", units=len(record.units)))
    if bundle.has(RULES) and not isinstance(bundle.rules.teams, NoTeams):
        served = {unit for team in record.teams for unit in team.units}
        served |= {row.unit for row in record.unfilled if row.unit}
        strangers = sorted(served ^ set(record.units))
        findings += [difference("unit-dealt", unit=unit, times=int(unit in served)) for unit in strangers]
    return findings + _check_pool(bundle, record)


def _check_pool(bundle: Bundle, record: PublicRecord) -> list[Finding]:
    if not bundle.has(PUBLIC_FRAME):
        return []
    pool = parse_public_frame(bundle.files[PUBLIC_FRAME])
    findings = [difference("selected-surplus", unit=unit) for unit in sorted(set(record.units) - set(pool))]
    if len(pool) != bundle.commitment.frame_size:
        findings.append(difference("committed-fact", file=PUBLIC_FRAME, fact="frame_size"))
    try:
        check_disjoint(pool, bundle.excluded.units if bundle.has(EXCLUDED) else ())
    except SamplingError as error:
        findings.append(from_error(Severity.DIFFERENCE, error))
    return findings


def _check_statements(bundle: Bundle, record: PublicRecord, trusted: Sequence[VerifierKey]) -> list[Finding]:
    """Count the witnesses whose signed word it is that the full bundle verified."""
    if not bundle.has(STATEMENTS):
        return [withheld("statements-too-few", found=0)]
    statements = parse_statements(bundle.files[STATEMENTS])
    expected = statement_text(
        draw=record.draw, commitment_digest=record.commitment_digest, record_digest=record.record_digest
    )
    findings: list[Finding] = []
    good: set[str] = set()
    for note in statements.notes:
        if note.text != expected:
            findings.append(difference("statement-differs"))
            continue
        for check in note.check(trusted or statements.keys):
            if check.state is SignatureState.VALID:
                good.add(check.name)
            elif check.state is SignatureState.INVALID:
                findings.append(difference("signature-wrong", name=check.name))
    if len(good) < FEWEST_STATEMENTS:
        findings.append(withheld("statements-too-few", found=len(good)))
    return findings or [agreed("statements-hold", names=", ".join(sorted(good)))]
