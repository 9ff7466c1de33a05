"""Two versions of a record compared, place by place."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any  # a record is JSON

# these differ between any two versions and say nothing about the inspection
NOT_COMPARED = frozenset({"format", "version", "signed_at", "reason"})
# of files, samples and signatures: what follows from the rest, and claims that are shown with each of them
DERIVED = frozenset(
    {"id", "digest", "at", "size", "media_type", "attached_at", "attached_by", "received_at", "recorded_at", "taken_by",
     "camera_time", "claimed_time", "claimed_place", "officer", "second",
     "confirmed_at"}
)  # fmt: skip
PASSED_OVER = NOT_COMPARED | DERIVED


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where two versions of a record differ; ``place`` leads to it from the outside in."""

    place: tuple[str, ...]
    before: str
    after: str


def differences(before: Any, after: Any) -> list[Difference]:
    """Compare two records place by place, in the order of the newer one."""
    old, new = dict(_places(before, ())), dict(_places(after, ()))
    places = [*new, *(place for place in old if place not in new)]
    return [
        Difference(place, old.get(place, ""), new.get(place, ""))
        for place in places
        if old.get(place, "") != new.get(place, "")
    ]


def _places(value: Any, place: tuple[str, ...]) -> Iterable[tuple[tuple[str, ...], str]]:
    if isinstance(value, dict):
        for key in value:
            if key not in PASSED_OVER:
                yield from _places(value[key], (*place, key))
    elif isinstance(value, list):
        for number, entry in enumerate(value, start=1):
            yield from _places(entry, (*place, _name_of_entry(entry) or str(number)))
    else:
        yield place, {None: "", True: "yes", False: "no"}.get(value, str(value))


def _name_of_entry(entry: Any) -> str:
    if isinstance(entry, dict):
        return next((str(entry[key]) for key in ("code", "no", "certificate") if key in entry), "")
    return ""
