"""Files that go back to people: an empty template with a sample row, and the wrong rows of their own file."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any  # lines are JSON

from flask_babel import gettext, lazy_gettext

from supervision.intake import store
from supervision.intake.columns import Column
from supervision.intake.kinds import Kind
from supervision.intake.models import Upload
from supervision.web.languages import language

# a spreadsheet of more rows than this takes a browser's patience; they come as CSV
MOST_XLSX_ROWS = 20_000


def column_name(column: Column) -> str:
    """Return a column's name in this request's language; both are read back."""
    return column.names[0] if language() == "zh" else str(gettext(column.label))


def template_header(kind: Kind) -> list[str]:
    """Return the header of the template; needed columns are marked, the mark is read over."""
    mark = gettext("(required)")
    return [column_name(column) + (mark if column.required else "") for column in kind.columns]


def template_rows(kind: Kind) -> list[list[str]]:
    """Return the sample row: delete it before use."""
    return [[column.sample for column in kind.columns]]


def mistakes_header(upload: Upload) -> list[object]:
    """Return the header of the file of wrong rows: the file's own columns, then what is wrong."""
    own = [*(upload.summary or {}).get("header", [])]
    return [*own, lazy_gettext("Row in the file"), lazy_gettext("Reason"), lazy_gettext("What to do")]


def mistakes_rows(upload: Upload, folder: Path, names: dict[str, str]) -> Iterator[list[object]]:
    """Yield the wrong and doubtful rows with their original cells."""
    width = len((upload.summary or {}).get("header", []))
    for line in store.read_lines(store.mistakes_path(folder, upload.id)):
        cells = [*line["cells"], *[""] * width][:width]
        yield [*cells, line["row"], reasons(line, names), remedies(line)]


def reasons(line: dict[str, Any], names: dict[str, str]) -> str:
    """Return all that is wrong with a row, each with its column."""
    return " ".join(
        (f"{names.get(wrong['column'], wrong['column'])}: " if wrong["column"] else "") + said(wrong, "reason")
        for wrong in line["wrongs"]
    )


def remedies(line: dict[str, Any]) -> str:
    """Return what to do about a row, each advice once."""
    return " ".join(dict.fromkeys(said(wrong, "remedy") for wrong in line["wrongs"])).strip()


def said(wrong: dict[str, Any], what: str) -> str:
    """Return a reason or a remedy in this request's language."""
    return str(gettext(wrong[what], **wrong["parameters"])) if wrong[what] else ""
