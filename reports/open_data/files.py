"""Open data as files: CSV for spreadsheets, JSON with its notes; written row by row, never held whole."""

import json
from collections.abc import Callable, Iterator, Sequence

from reports.open_data.datasets import Dataset, Row
from supervision.labels import N_

FORMAT = "supervision-open-data/1"
LICENSE = N_("Public information of the district government: free to use; name the source and the day of the file.")
Translate = Callable[[str], str]


def notes(dataset: Dataset, *, translate: Translate, changed_at: str | None, made_at: str) -> dict[str, object]:
    """Return what a reader must know of a data set, in the language of ``translate``."""
    return {
        "title": translate(dataset.title),
        "about": translate(dataset.about),
        "fields": {field.name: translate(field.meaning) for field in dataset.fields},
        "limits": [translate(limit) for limit in dataset.limits],
        "last_update": changed_at,
        "made_at": made_at,
        "license": translate(LICENSE),
        "separator": ";",
    }


def table(dataset: Dataset, rows: Iterator[Row]) -> Iterator[Sequence[object]]:
    """Yield the rows as cells, in the order of the fields."""
    for row in rows:
        yield [_cell(row[name]) for name in dataset.names]


def _cell(value: object) -> object:
    return {True: "1", False: "0"}[value] if isinstance(value, bool) else value


def json_lines(dataset: Dataset, rows: Iterator[Row], *, about: dict[str, object]) -> Iterator[str]:
    """Yield one JSON document of notes and rows, a row on each line."""
    head = json.dumps({"format": FORMAT, "dataset": dataset.key, "notes": about}, ensure_ascii=False)
    yield head[:-1] + ', "rows": ['
    separator = "\n"
    for row in rows:
        yield separator + json.dumps({name: row[name] for name in dataset.names}, ensure_ascii=False)
        separator = ",\n"
    yield "\n]}\n"
