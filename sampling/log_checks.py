"""Section 9, the log: that there was only this draw, in this order, and that others saw it."""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from sampling.beacon_checks import value_known_at
from sampling.bundle import LOG, Bundle
from sampling.drawing import ties_known_empty
from sampling.errors import ReplacementError
from sampling.findings import Finding, Severity, agreed, difference, from_error, warning, withheld
from sampling.freezing import committed_frozen_digest, committed_opened_digest
from sampling.identifiers import OPERATOR
from sampling.publication import shown_record_digest
from sampling.records import RECORD
from sampling.replacement import Event, first_due, replay
from sampling.rules import RULES
from sampling.signed_notes import SignatureCheck, SignatureState, SignedNote, VerifierKey, witnesses_of
from sampling.tables import FRAME, ROSTER, TIES
from sampling.transparency_log import DrawLog, Leaf, parse_log

_NUMBERED = re.compile(r"(.*?)([0-9]{1,18})")
FEWEST_WITNESSES = 2
_STAGES = ("frozen", "contributed", "committed", "drawn", "opened")
_NEEDED = ("frozen", "committed", "drawn")
_ONCE = ("frozen", "committed", "drawn", "opened", "void", "abandoned")


def check_log(bundle: Bundle, *, trusted: Sequence[VerifierKey] = ()) -> list[Finding]:
    """Check log.json; without it the draw may be right, but not proven to be the only one."""
    if not bundle.has(LOG):
        return [withheld("log-missing")]
    log = parse_log(bundle.files[LOG])
    leaves = log.leaves_of(bundle.commitment.draw)
    return [
        *_check_proofs(log),
        *_check_events(leaves),
        *_check_digests(bundle, leaves),
        *_check_signatures(log, trusted),
        *_check_committed_checkpoint(bundle, log, trusted),
    ]


def _check_proofs(log: DrawLog) -> list[Finding]:
    wrong = [
        difference("leaf-not-in-log", event=leaf.event, index=leaf.index)
        for leaf in log.leaves
        if not leaf.is_proven(log.current.checkpoint)
    ]
    return wrong or [agreed("log-proven", leaves=len(log.leaves), size=log.current.checkpoint.size)]


def _check_events(leaves: Sequence[Leaf]) -> list[Finding]:
    """Check section 8's order of events and that each happened once."""
    events = [leaf.event for leaf in leaves]
    findings = [
        difference("event-repeated", event=event, times=events.count(event))
        for event in _ONCE
        if events.count(event) > 1
    ]
    findings += [withheld("event-not-shown", event=event) for event in _NEEDED if event not in events]
    stages = [_STAGES.index(event) for event in events if event in _STAGES]
    if stages != sorted(stages):
        findings.append(difference("events-out-of-order"))
    if any(first.at > second.at for first, second in pairwise(leaves)):
        findings.append(difference("log-time-backwards"))
    if "void" in events:
        findings.append(difference("void-after-draw" if "drawn" in events else "draw-void"))
    return findings


def _check_digests(bundle: Bundle, leaves: Sequence[Leaf]) -> list[Finding]:
    expected: dict[str, Callable[[], str | None]] = {
        "frozen": lambda: _frozen_digest(bundle),
        "committed": lambda: bundle.commitment.digest,
        "drawn": lambda: shown_record_digest(bundle),
        "opened": lambda: _opened_digest(bundle),
        "abandoned": lambda: _opened_digest(bundle),
    }
    findings: list[Finding] = []
    for leaf in leaves:
        digest = expected[leaf.event]() if leaf.event in expected else leaf.digest
        if digest is None:
            findings.append(withheld("event-digest-withheld", event=leaf.event))
        elif digest != leaf.digest:
            findings.append(difference("event-digest", event=leaf.event, index=leaf.index))
    return findings + _check_contributions(bundle, leaves)


def _frozen_digest(bundle: Bundle) -> str | None:
    own = bundle.commitment.contribution_digest_of(OPERATOR)
    return None if own is None else committed_frozen_digest(bundle.commitment, own)


def _opened_digest(bundle: Bundle) -> str | None:
    record_digest = shown_record_digest(bundle)
    return None if record_digest is None else committed_opened_digest(bundle.commitment, record_digest)


def _check_contributions(bundle: Bundle, leaves: Sequence[Leaf]) -> list[Finding]:
    logged = {str(leaf.fields["by"]): leaf for leaf in leaves if leaf.event == "contributed"}
    findings: list[Finding] = []
    for entry in bundle.commitment.contributions:
        leaf = logged.pop(entry.by, None)
        if leaf is None and entry.by != OPERATOR:
            findings.append(withheld("contribution-not-logged", by=entry.by))
        elif leaf is not None and leaf.digest != entry.digest:
            findings.append(difference("event-digest", event=leaf.event, index=leaf.index))
    return findings + [difference("contribution-not-committed", by=ascii(by)) for by in sorted(logged)]


def _check_signatures(log: DrawLog, trusted: Sequence[VerifierKey]) -> list[Finding]:
    signer = log.current.checkpoint.origin
    findings = check_note(log.current.note, keys=trusted or log.keys, signer=signer)
    if not trusted:
        findings.append(warning("keys-from-bundle"))
    return findings


def check_note(note: SignedNote, *, keys: Sequence[VerifierKey], signer: str) -> list[Finding]:
    """Check the signatures of a note that must bear its signer's."""
    checks = note.check(keys)
    findings = [_signature_finding(check) for check in checks if check.state is not SignatureState.VALID]
    if all(check.name != signer or check.is_witness for check in checks):
        findings.append(difference("signature-missing", name=signer))
    return findings or [agreed("signatures-hold", names=", ".join(check.name for check in checks))]


def _signature_finding(check: SignatureCheck) -> Finding:
    if check.state is SignatureState.INVALID:
        return difference("signature-wrong", name=check.name)
    if check.state is SignatureState.UNKNOWN_KEY:
        return withheld("signature-unknown", name=check.name)
    return withheld("signature-unchecked", name=check.name)


def _check_committed_checkpoint(bundle: Bundle, log: DrawLog, trusted: Sequence[VerifierKey]) -> list[Finding]:
    """Check that witnesses saw the commitment before the beacon's round (section 8)."""
    early, keys = log.committed, trusted or log.keys
    if early is None:
        return [] if bundle.commitment.beacon is None else [withheld("commitment-unwitnessed", witnesses=0)]
    findings = check_note(early.signed.note, keys=keys, signer=early.signed.checkpoint.origin)
    if not early.is_beginning_of(log.current.checkpoint):
        findings.append(difference("log-rewritten"))
    committed = [leaf for leaf in log.leaves_of(bundle.commitment.draw) if leaf.event == "committed"]
    if any(leaf.index >= early.signed.checkpoint.size for leaf in committed):
        findings.append(difference("commitment-not-in-checkpoint"))
    until = value_known_at(log.leaves_of(bundle.commitment.draw)) if bundle.commitment.beacon is not None else None
    witnesses = witnesses_in_time(early.signed.note.check(keys), until=until)
    if len(witnesses) < FEWEST_WITNESSES:
        # only a beacon's value rests on witnesses who saw the commitment before it; else they are a gain, no need
        graded = withheld if bundle.commitment.beacon is not None else warning
        findings.append(graded("commitment-unwitnessed", witnesses=len(witnesses)))
    return findings


def witnesses_in_time(checks: Sequence[SignatureCheck], *, until: int | None) -> set[str]:
    """Name the witnesses who saw the note in time; one whose signature cannot be checked here is told of as that."""
    unchecked = {one.name for one in checks if one.is_witness and one.state is SignatureState.UNCHECKED}
    return witnesses_of(checks, until=until) | unchecked


def check_number_gaps(bundle: Bundle) -> list[Finding]:
    """Warn where the draw numbers in the log leave a gap: numbers run consecutively per authority.

    Any leaf shows that its number was used: a draw may be void before it was committed.
    """
    if not bundle.has(LOG):
        return []
    leaves = parse_log(bundle.files[LOG]).leaves
    shown: dict[str, set[int]] = {}
    for leaf in leaves:
        match = _NUMBERED.fullmatch(leaf.draw)
        if match:
            shown.setdefault(match[1], set()).add(int(match[2]))
    return [
        warning("number-gap", first=f"{prefix}{below + 1}", last=f"{prefix}{above - 1}")
        for prefix, numbers in sorted(shown.items())
        for below, above in pairwise(sorted(numbers))
        if above - below > 1
    ]


def check_replacements(bundle: Bundle) -> list[Finding]:
    """Replay the struck and replaced events of the log: each has only one possible outcome."""
    events = logged_replacements(bundle)
    if not events:
        return []
    if not bundle.has(RECORD, FRAME, ROSTER, RULES) or not (bundle.has(TIES) or ties_known_empty(bundle)):
        return [withheld("replacements-not-recomputed", events=len(events))]
    try:
        replay(bundle, bundle.record, events)
    except ReplacementError as error:
        return [from_error(Severity.DIFFERENCE, error)]
    due = first_due(bundle, bundle.record, events)
    if due is not None:
        return [difference("replacement-due", team=due[0], inspector=due[1])]
    return [agreed("replacements-agree", events=len(events))]


def logged_replacements(bundle: Bundle) -> list[Event]:
    """Give the struck and replaced events that the log tells of; none where there is no log."""
    if not bundle.has(LOG):
        return []
    leaves = parse_log(bundle.files[LOG]).leaves_of(bundle.commitment.draw)
    return [event for event in (leaf.replacement() for leaf in leaves) if event is not None]
