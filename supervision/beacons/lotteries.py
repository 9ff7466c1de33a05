"""Joined lotteries: results typed by people become one string, the same for whoever types the same numbers.

``ssq.010509142231.07+dlt.0312182935.0411+qlc.01040912182530``: game, then each group of balls in rising order, two
digits each. The order in which the balls fell does not count, so it cannot be told in two ways.
"""

import re
from collections.abc import Mapping

from supervision.beacons.rules import LONGEST_VALUE, Game, Rule
from supervision.errors import Invalid
from supervision.labels import N_

_SEPARATORS = re.compile(r"[\s,，、;；+＋|]+")
_NUMBER = re.compile(r"[0-9]{1,2}")


def read_results(rule: Rule, typed: Mapping[str, str]) -> str:
    """Return the value of a round from what was typed for each game, by the game's code; refuse what cannot be."""
    value = "+".join(_result(game, typed.get(game.code, "")) for game in rule.games)
    if len(value) > LONGEST_VALUE:
        raise ValueError(value)
    return value


def _result(game: Game, typed: str) -> str:
    numbers = [one for one in _SEPARATORS.split(typed.strip()) if one]
    wanted = sum(take for _of, take in game.parts)
    if len(numbers) != wanted or not all(_NUMBER.fullmatch(one) for one in numbers):
        raise Invalid(
            "lottery-count",
            N_("%(game)s has %(count)s numbers. Type all of them, with a space between two."),
            field=game.code,
            game=game.name_zh,
            count=wanted,
        )
    groups, rest = [], [int(one) for one in numbers]
    for of, take in game.parts:
        groups.append(_group(game, rest[:take], of))
        rest = rest[take:]
    return ".".join([game.code, *groups])


def _group(game: Game, numbers: list[int], of: int) -> str:
    if len(set(numbers)) != len(numbers) or not all(1 <= one <= of for one in numbers):
        raise Invalid(
            "lottery-range",
            N_("In %(game)s each number of a group stands once, from 1 to %(most)s. Compare with the announcement."),
            field=game.code,
            game=game.name_zh,
            most=of,
        )
    return "".join(f"{one:02d}" for one in sorted(numbers))
