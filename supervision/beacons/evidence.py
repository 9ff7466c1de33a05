"""What a source published, as it was handed in: read strictly, because anybody may hand it in."""

import json
import re
from collections.abc import Mapping
from typing import Any  # JSON of others

from supervision.errors import Invalid
from supervision.labels import N_

LONGEST_EVIDENCE = 20_000
FIELD = "evidence"
_HEX = re.compile(r"(?:[0-9a-f]{2})+")


def read_json(raw: str) -> Mapping[str, Any]:
    """Return the JSON object that was handed in, or refuse."""
    if len(raw) > LONGEST_EVIDENCE:
        raise Invalid("evidence-long", N_("This is longer than any answer of the source."), field=FIELD)
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise _unreadable() from error
    if not isinstance(found, dict):
        raise _unreadable()
    return found


def _unreadable() -> Invalid:
    return Invalid(
        "evidence-unreadable",
        N_("This is not the answer of the source. Paste its JSON whole, from the first brace to the last."),
        field=FIELD,
    )


def hex_of(found: Mapping[str, Any], name: str, *, size: int | None = None) -> str:
    """Return a field of hexadecimal digits in lower case; ``size`` is its length in bytes."""
    value = found.get(name)
    text = value.lower() if isinstance(value, str) else ""
    if _HEX.fullmatch(text) is None or (size is not None and len(text) != 2 * size):
        raise field_wrong(name)
    return text


def number_of(found: Mapping[str, Any], name: str, *, below: int = 1 << 63) -> int:
    """Return a field that holds a whole number."""
    value = found.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < below:
        raise field_wrong(name)
    return value


def text_of(found: Mapping[str, Any], name: str) -> str:
    """Return a field that holds text."""
    value = found.get(name)
    if not isinstance(value, str):
        raise field_wrong(name)
    return value


def field_wrong(name: str) -> Invalid:
    """Return the refusal of evidence in which a field is missing or malformed."""
    return Invalid(
        "evidence-field",
        N_("The field “%(name)s” is missing or is not what the source publishes there."),
        field=FIELD,
        name=name,
    )


def other_round(expected: str) -> Invalid:
    """Return the refusal of a value that belongs to another round."""
    return Invalid(
        "evidence-round",
        N_("This is another round. The rule asks for round %(round)s and for no other."),
        field=FIELD,
        round=expected,
    )


def not_signed() -> Invalid:
    """Return the refusal of a value whose signature does not hold."""
    return Invalid(
        "evidence-signature",
        N_("The signature does not hold: this value does not come from the source, or something of it was changed."),
        field=FIELD,
    )


def value_differs() -> Invalid:
    """Return the refusal of a value that does not follow from what is signed."""
    return Invalid(
        "evidence-value", N_("The value does not follow from what is signed: something of it was changed."), field=FIELD
    )
