"""Sections 2 and 8, the public value: is it the one that the log names, of the round that was committed to, and did
that round come after the commitment?

Whether its source really published it, no bundle can prove without that source's key: so the value, its source and
its round are always named, to be compared with what the source itself publishes.
"""

from collections.abc import Iterator, Mapping, Sequence

from sampling import identifiers
from sampling.beacon_rounds import check_rounds, time_of_round
from sampling.bundle import LOG, PUBLIC_RECORD, Bundle
from sampling.commitment import Beacon, read_beacon
from sampling.findings import Finding, difference, warning
from sampling.hashing import hex_digest
from sampling.publication import parse_public_record
from sampling.records import RECORD
from sampling.transparency_log import Leaf, parse_log

VALUE_EVENT = "beacon"
_NAMES = ("source", "round", "rule")


def check_public_value(bundle: Bundle) -> list[Finding]:
    """Check the public value of a draw that committed to one, and its round; name what must be compared."""
    committed_to, value = bundle.commitment.beacon, _shown_value(bundle)
    if committed_to is None:
        return []
    order, findings = [committed_to], []
    if value is not None:
        findings = _check_value(bundle, value, order)
    return [*findings, *check_rounds(order, committed_at=bundle.commitment.committed_at)]


def _check_value(bundle: Bundle, value: str, order: list[Beacon]) -> list[Finding]:
    """Check a value against the log, and add the rounds to ``order`` that followed the one committed to."""
    findings: list[Finding] = []
    for leaf in _value_leaves(bundle):
        if _named(leaf.fields) != order[-1]:
            findings.append(difference("beacon-other-round", index=leaf.index))
        digest = hex_digest(bundle.hash_name, value.encode()) if is_settled(leaf) else bundle.commitment.digest
        if leaf.digest != digest:
            findings.append(difference("event-digest", event=leaf.event, index=leaf.index))
        if not is_settled(leaf):
            findings.append(warning("beacon-passed", source=order[-1].source, round=order[-1].round))
            order.append(_named(leaf.fields.get("fallback")))
    return [*findings, warning("beacon-unchecked", value=value, source=order[-1].source, round=order[-1].round)]


def is_settled(leaf: Leaf) -> bool:
    """Tell whether a leaf brings a value; the others say that a round passed without one."""
    return leaf.event == VALUE_EVENT and "evidence" in leaf.fields


def value_known_at(leaves: Sequence[Leaf]) -> int | None:
    """Give the earliest moment, in Unix seconds, when by the log the public value was known or the draw made."""
    return min(_moments(leaves), default=None)


def _moments(leaves: Sequence[Leaf]) -> Iterator[int]:
    for leaf in leaves:
        if is_settled(leaf) or leaf.event == "drawn":
            yield identifiers.unix_seconds(leaf.at)
        if is_settled(leaf) and "known_from" in leaf.fields:
            yield identifiers.unix_seconds(identifiers.moment(leaf.fields["known_from"], what="known_from"))
        if is_settled(leaf):  # whatever the log says of it
            at = time_of_round(leaf.fields.get("source"), leaf.fields.get("round"))
            if at is not None:
                yield at


def _value_leaves(bundle: Bundle) -> list[Leaf]:
    if not bundle.has(LOG):
        return []
    leaves = parse_log(bundle.files[LOG]).leaves_of(bundle.commitment.draw)
    return [leaf for leaf in leaves if leaf.event == VALUE_EVENT]


def _shown_value(bundle: Bundle) -> str | None:
    if bundle.has(RECORD):
        return bundle.record.beacon_value
    return parse_public_record(bundle.files[PUBLIC_RECORD]).beacon_value if bundle.has(PUBLIC_RECORD) else None


def _named(fields: object) -> Beacon:
    """Give the source, round and rule that a leaf speaks of."""
    found = {name: fields[name] for name in _NAMES if name in fields} if isinstance(fields, Mapping) else {}
    beacon = read_beacon(found)
    if beacon is None:
        raise TypeError(found)
    return beacon
