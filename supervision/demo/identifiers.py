"""Lawful identifiers for invented enterprises and inspectors (GB 32100, GB 11714)."""

import random

from stdnum.cn import uscc

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
# registration authority and kind of organization by entity type; everything else is 91, an enterprise
AUTHORITY = {"9500": "92", "9100": "93", "U12": "12", "U31": "31", "U32": "32", "U33": "33", "U51": "51", "U52": "52",
             "U53": "53"}  # fmt: skip


def make_uscc(source: random.Random, type_code: str, district: str) -> str:
    """Return a random lawful credit code for an entity of ``type_code`` registered in ``district``."""
    body = "".join(source.choices(ALPHABET, k=8))
    total = sum(weight * int(char, 36) for weight, char in zip(WEIGHTS, body, strict=True))
    check = 11 - total % 11
    last = {10: "X", 11: "0"}.get(check, str(check))
    number = AUTHORITY.get(type_code, "91") + district + body + last
    return number + str(uscc.calc_check_digit(number))


def break_check(code: str) -> str:
    """Return ``code`` as an early pilot code: lawful, yet its last character does not fit."""
    last = ALPHABET[(ALPHABET.index(code[-1]) + 7) % len(ALPHABET)]
    return code[:-1] + last
