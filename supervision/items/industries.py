"""Names of the GB/T 4754-2017 industries that items are limited to, from the shipped standard."""

from dataclasses import dataclass
from functools import lru_cache

from supervision.catalogue_files import FOLDER, read_catalogue

SECTION_LEVEL = 1


@dataclass(frozen=True, slots=True)
class IndustryName:
    """A section, division, group or class of the standard."""

    code: str
    level: int
    name_zh: str
    name_en: str


@lru_cache(maxsize=1)
def industry_names() -> dict[str, IndustryName]:
    """Return every industry by code, in the standard's order."""
    return {
        row["code"]: IndustryName(row["code"], int(row["level"]), row["name_zh"], row["name_en"])
        for row in read_catalogue(FOLDER, "industries")
    }


def sections() -> list[IndustryName]:
    """Return the twenty sections A to T."""
    return [one for one in industry_names().values() if one.level == SECTION_LEVEL]


def known_prefix(code: str) -> bool:
    """Say whether ``code`` is an industry, or stands above one (``P831`` where only its classes are listed)."""
    return bool(code) and any(one.startswith(code) for one in industry_names())
