"""Reading the catalogues that ship with the platform (``supervision/catalogues/*.csv``, UTF-8, comma separated)."""

import csv
from pathlib import Path

from supervision.config import PROJECT

FOLDER = PROJECT / "supervision" / "catalogues"


def read_catalogue(folder: Path, name: str) -> list[dict[str, str]]:
    """Return the rows of ``<folder>/<name>.csv`` in file order, each as column name to text."""
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def split_list(text: str) -> list[str]:
    """Return the members of a cell that holds several, separated by semicolons."""
    return [part.strip() for part in text.split(";") if part.strip()]
