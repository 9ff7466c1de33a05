"""What a beacon rule says, and which rounds follow from it: pure values in, values out (draw protocol, sections 2, 3).

A rule names a source, how a round follows from the moment of the commitment, how long that round is waited for, and
what comes instead: all of it before anything is drawn. Its identifier ends in the digest of its own text, and the text
names the rule that follows it, so the few characters in a commitment bind the whole chain.
"""

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any  # parameters of a rule are JSON
from zoneinfo import ZoneInfo

from sampling.canonical import canonical_bytes
from supervision.labels import N_, Labeled

LEAST_POSSIBILITIES = 2**64
DIGEST_SHOWN = 24
LONGEST_CODE = 32
LONGEST_ROUND = 64
LONGEST_VALUE = 256
# far more than the chains of any district; a chain of rules that comes back to itself would never end
LONGEST_CHAIN = 8
# no game pauses longer than the two weeks around the Spring Festival
LONGEST_PAUSE_DAYS = 30
DISTRICT_TIME = ZoneInfo("Asia/Shanghai")


class BeaconKind(Labeled):
    """Kinds of sources."""

    DRAND = "drand", N_("drand network (many independent operators, signed every few seconds)")
    PULSE = "pulse", N_("Signed pulse in the NIST format (every minute)")
    LOTTERIES = "lotteries", N_("Several public lotteries joined (typed by two people)")


# what is signed proves itself, whoever hands it in; a typed result rests on two people
SELF_PROVING = frozenset({BeaconKind.DRAND, BeaconKind.PULSE})


@dataclass(frozen=True, slots=True)
class Game:
    """One lottery: on which weekdays it is drawn (0 Monday), at what time, and how many numbers of how many."""

    code: str
    name_zh: str
    name_en: str
    days: tuple[int, ...]
    at: time
    parts: tuple[tuple[int, int], ...]

    @property
    def possibilities(self) -> int:
        """Results this game can have, the order of the balls not counting."""
        return math.prod(math.comb(of, take) for of, take in self.parts)

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> "Game":
        """Read a game of a rule's parameters."""
        return cls(
            code=str(value["code"]),
            name_zh=str(value["name_zh"]),
            name_en=str(value["name_en"]),
            days=tuple(int(day) for day in value["days"]),
            at=time.fromisoformat(str(value["at"])),
            parts=tuple((int(of), int(take)) for of, take in value["parts"]),
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as its text has it; see :func:`document` for the text itself."""

    code: str
    kind: BeaconKind
    source: str
    parameters: Mapping[str, Any]
    delay_seconds: int
    wait_hours: int
    tries: int
    then: str | None

    @property
    def document(self) -> dict[str, Any]:
        """The rule's text as JSON: what the identifier's digest is taken of."""
        return {
            "code": self.code,
            "kind": self.kind.value,
            "source": self.source,
            "parameters": dict(self.parameters),
            "delay_seconds": self.delay_seconds,
            "wait_hours": self.wait_hours,
            "tries": self.tries,
            "then": self.then,
        }

    @property
    def identifier(self) -> str:
        """The rule's name in plans and commitments: code, and 96 bits of the digest of its text."""
        return f"{self.code}@{hashlib.sha256(canonical_bytes(self.document)).hexdigest()[:DIGEST_SHOWN]}"

    @property
    def games(self) -> tuple[Game, ...]:
        """The lotteries that are joined; none for other kinds."""
        return tuple(Game.read(one) for one in self.parameters.get("games", ()))

    @property
    def possibilities(self) -> int:
        """How many values the source can give."""
        if self.kind is BeaconKind.LOTTERIES:
            return math.prod(game.possibilities for game in self.games)
        return 2**256 if self.kind is BeaconKind.DRAND else 2**512

    @property
    def usable(self) -> bool:
        """Whether the platform can check the source: a pulse needs the certificate of who signs it."""
        return self.kind is not BeaconKind.PULSE or bool(self.parameters.get("certificate"))

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> "Rule":
        """Read a rule's text; ValueError says what is wrong with it."""
        rule = cls(
            code=str(value["code"]),
            kind=BeaconKind(value["kind"]),
            source=str(value["source"]),
            parameters=dict(value["parameters"]),
            delay_seconds=int(value["delay_seconds"]),
            wait_hours=int(value["wait_hours"]),
            tries=int(value["tries"]),
            then=None if value["then"] is None else str(value["then"]),
        )
        _check(rule)
        return rule


def _check(rule: Rule) -> None:
    if not rule.code or len(rule.code) > LONGEST_CODE:
        raise ValueError(f"{rule.code}: a code has 1 to {LONGEST_CODE} characters")
    if rule.delay_seconds < 0 or rule.wait_hours < 1 or rule.tries < 1:
        raise ValueError(f"{rule.code}: delay, waiting time and tries must be positive")
    if rule.kind is BeaconKind.LOTTERIES and not rule.games:
        raise ValueError(f"{rule.code}: names no game")
    if len("+".join(_drawn_in(game.code, date.max) for game in rule.games)) > LONGEST_ROUND:
        raise ValueError(f"{rule.code}: the name of a round would have more than {LONGEST_ROUND} characters")
    if rule.possibilities < LEAST_POSSIBILITIES:
        raise ValueError(f"{rule.code}: {rule.possibilities} possibilities are fewer than 2^64; join more games")


@dataclass(frozen=True, slots=True)
class Round:
    """One round of a source: its name, from when any of it may be known, and when all of it is due."""

    name: str
    begins_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Attempt:
    """One place in the order that a rule fixes: this round, until that moment. The last has no end: it waits."""

    place: int
    rule: Rule
    round: Round
    lapses_at: datetime | None

    @property
    def source(self) -> str:
        """The source's name in the commitment."""
        return self.rule.source


def schedule(chain: Sequence[Rule], committed_at: datetime) -> tuple[Attempt, ...]:
    """Return every attempt in order: it follows from the rules and the moment of the commitment alone."""
    attempts: list[Attempt] = []
    earliest = committed_at
    order = [rule for rule in chain for _ in range(rule.tries)]
    for place, rule in enumerate(order):
        found = first_round(rule, earliest + timedelta(seconds=rule.delay_seconds))
        lapses = found.due_at + timedelta(hours=rule.wait_hours)
        attempts.append(Attempt(place, rule, found, None if place == len(order) - 1 else lapses))
        earliest = lapses
    return tuple(attempts)


def current_attempt(attempts: Sequence[Attempt], now: datetime) -> Attempt:
    """Return the attempt that counts at this moment."""
    return next(one for one in attempts if one.lapses_at is None or now < one.lapses_at)


def first_round(rule: Rule, earliest: datetime) -> Round:
    """Return the first round of a source that comes to be at or after ``earliest``."""
    if rule.kind is BeaconKind.DRAND:
        return _drand_round(rule, earliest)
    if rule.kind is BeaconKind.PULSE:
        return _pulse(rule, earliest)
    return _lottery_round(rule, earliest)


def _drand_round(rule: Rule, earliest: datetime) -> Round:
    genesis, period = int(rule.parameters["genesis"]), int(rule.parameters["period"])
    number = max(0, math.ceil((earliest.timestamp() - genesis) / period)) + 1
    at = datetime.fromtimestamp(genesis + (number - 1) * period, earliest.tzinfo)
    return Round(str(number), at, at)


def _pulse(rule: Rule, earliest: datetime) -> Round:
    period = int(rule.parameters["period_ms"]) // 1000
    at = datetime.fromtimestamp(math.ceil(earliest.timestamp() / period) * period, earliest.tzinfo)
    return Round(pulse_name(at), at, at)


def pulse_name(at: datetime) -> str:
    """Name a pulse by its moment, without the colons that an identifier may not have: 20261123T080000Z."""
    return at.astimezone(ZoneInfo("UTC")).strftime("%Y%m%dT%H%M%SZ")


def _lottery_round(rule: Rule, earliest: datetime) -> Round:
    days = {game.code: next(_drawn_on(game, earliest)) for game in rule.games}
    moments = [datetime.combine(days[game.code], game.at, DISTRICT_TIME) for game in rule.games]
    shown_after = timedelta(minutes=int(rule.parameters["shown_after_minutes"]))
    name = "+".join(_drawn_in(game.code, days[game.code]) for game in rule.games)
    return Round(name, min(moments), max(moments) + shown_after)


def _drawn_in(code: str, day: date) -> str:
    return f"{code}.{day:%Y%m%d}"


def _drawn_on(game: Game, earliest: datetime) -> Iterator[date]:
    first = earliest.astimezone(DISTRICT_TIME).date()
    for number in range(LONGEST_PAUSE_DAYS):
        day = first + timedelta(days=number)
        if day.weekday() in game.days and datetime.combine(day, game.at, DISTRICT_TIME) >= earliest:
            yield day
