"""Which check belongs to which kind of source, and where a source that proves itself may be fetched."""

from supervision.beacons import drand, pulses
from supervision.beacons.rules import SELF_PROVING, Attempt, BeaconKind

CHECKS = {BeaconKind.DRAND: drand.verify, BeaconKind.PULSE: pulses.verify}


def verify(attempt: Attempt, raw: str) -> str:
    """Return the value that ``raw`` proves for this attempt, or refuse."""
    return CHECKS[attempt.rule.kind](attempt.rule, attempt.round.name, raw)


def address(attempt: Attempt) -> str:
    """Return where the source publishes the round; empty for what people type and for rules that name no host."""
    if attempt.rule.kind not in SELF_PROVING:
        return ""
    return str(attempt.rule.parameters.get("url", "")).format(
        chain=attempt.rule.parameters.get("chain", ""),
        round=attempt.round.name,
        milliseconds=int(attempt.round.due_at.timestamp()) * 1000,
    )
