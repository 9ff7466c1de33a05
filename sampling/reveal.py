"""Section 9: reveal.json, the secrets and the beacon's value as they are handed to `draw`."""

from collections.abc import Mapping
from dataclasses import dataclass

from sampling import identifiers, shape
from sampling.canonical import parse_json
from sampling.records import read_secrets

REVEAL = "reveal.json"


@dataclass(frozen=True, slots=True)
class Reveal:
    """The parties' secrets, and the beacon's value or None."""

    secrets: Mapping[str, str]
    beacon_value: str | None


def parse_reveal(data: bytes) -> Reveal:
    """Read reveal.json. It is not hashed, so any way of writing the JSON will do."""
    found = shape.json_object(parse_json(data, name=REVEAL), where=REVEAL, required="contributions beacon_value")
    value = found["beacon_value"]
    return Reveal(
        secrets={entry.by: entry.secret for entry in read_secrets(found["contributions"])},
        beacon_value=None if value is None else identifiers.beacon_value(value),
    )
