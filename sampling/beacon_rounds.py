"""Section 2, the moment of a round: did it come after the commitment, and is it the one that the rule gives?

Some networks publish a round every few seconds since a known beginning, so the moment of each round is plain
arithmetic. A draw that rests on a round which was already out is no draw: whoever knew its value could choose
what they committed to. A rule's name ends in the digest of its text, so what is known here of a rule holds for
whoever names it; of a network whose rule is not known, only the moments can be held against each other.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sampling.commitment import Beacon
from sampling.findings import Finding, agreed, difference, withheld
from sampling.identifiers import unix_seconds, written_moment

_NUMBER = re.compile("[1-9][0-9]*")
# the end of the year 9999: no later moment can be written
_LATEST = 253_402_300_799
_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Network:
    """A network by its source's name: when its first round came, and the seconds from each round to the next."""

    genesis: int
    period: int

    def time_of(self, name: str) -> int | None:
        """Give the moment of a round, in Unix seconds; None for what is no round of it."""
        if not _NUMBER.fullmatch(name):
            return None
        found = self.genesis + (int(name) - 1) * self.period
        return found if found <= _LATEST else None

    def first_from(self, moment: int) -> str:
        """Name the first round that comes at a moment or after it."""
        periods = -((self.genesis - moment) // self.period)
        return str(max(0, periods) + 1)


@dataclass(frozen=True, slots=True)
class RoundRule:
    """What a rule says of rounds: of which source, how long after the commitment, and how long one is waited for."""

    source: str
    delay_seconds: int
    wait_hours: int


NETWORKS = {"drand-default": Network(1_595_431_050, 30), "drand-quicknet": Network(1_692_803_367, 3)}
# a network's description never changes; a test compares these with the rules that the platform brings
ROUND_RULES = {
    "drand-default@a40e763faf1bf61dc620656f": RoundRule("drand-default", 600, 24),
    "drand-quicknet@30dce5da62243e4bb2ecf272": RoundRule("drand-quicknet", 600, 24),
}


def time_of_round(source: object, name: object) -> int | None:
    """Give the moment of a round, in Unix seconds, if the source is a network known here."""
    network = NETWORKS.get(source) if isinstance(source, str) else None
    return network.time_of(name) if network is not None and isinstance(name, str) else None


def check_rounds(order: Sequence[Beacon], *, committed_at: str) -> list[Finding]:
    """Check the round that was committed to and those that followed because it passed without a value."""
    findings: list[Finding] = []
    earliest: int | None = unix_seconds(committed_at)
    for beacon in order:
        found = _check_round(beacon, earliest=earliest, committed_at=committed_at)
        findings += [] if found is None else [found]
        earliest = _lapse_of(beacon)
    return findings


def _check_round(beacon: Beacon, *, earliest: int | None, committed_at: str) -> Finding | None:
    # what follows a rule that is not known here may begin at any moment
    rule = ROUND_RULES.get(beacon.rule) if earliest is not None else None
    at = time_of_round(beacon.source, beacon.round)
    told = {"source": beacon.source, "round": beacon.round, "committed_at": committed_at}
    if at is not None and at <= unix_seconds(committed_at):
        # of an unknown rule it is not proven that the draw could not be steered; a known one never gives such a round
        graded = withheld if rule is None else difference
        return graded("beacon-known-before", **told, at=written_moment(at))
    if rule is None or earliest is None:
        return None if at is None else agreed("beacon-round-later", **told, rule=beacon.rule, at=written_moment(at))
    expected = Beacon(rule.source, NETWORKS[rule.source].first_from(earliest + rule.delay_seconds), beacon.rule)
    if at is None or beacon != expected:
        names = {"expected": expected.round, "by_rule": expected.source, "rule": beacon.rule}
        return difference("beacon-not-first", source=beacon.source, round=beacon.round, **names)
    return agreed("beacon-round-agrees", **told, at=written_moment(at))


def _lapse_of(beacon: Beacon) -> int | None:
    """Give the moment until which a round is waited for: the next one follows from it, by the rule."""
    rule, at = ROUND_RULES.get(beacon.rule), time_of_round(beacon.source, beacon.round)
    return None if rule is None or at is None else at + rule.wait_hours * _HOUR
