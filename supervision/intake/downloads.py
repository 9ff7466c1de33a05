"""Files that go back to people: an empty template with a sample row, and the wrong rows of their own file."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any  # lines are JSON

import xlsxwriter
from flask import Response
from flask_babel import gettext, lazy_gettext

from supervision import clock
from supervision.intake import store
from supervision.intake.columns import Column
from supervision.intake.kinds import Kind
from supervision.intake.models import Upload
from supervision.intake.rules import HELP_SHEETS
from supervision.labels import N_
from supervision.web.exports import disposition
from supervision.web.languages import language

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_COLUMN, _NEEDED, _EXAMPLE = N_("Column"), N_("Needed"), N_("Example")
_REMARK, _OTHER_NAMES = N_("Remark"), N_("Also read under the names")
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
    """Return the sample rows: delete them before use."""
    samples = ({column.key: column.sample for column in kind.columns}, *kind.samples)
    return [[sample.get(column.key, "") for column in kind.columns] for sample in samples]


def help_rows(kind: Kind) -> list[list[str]]:
    """Return the help that goes with a template: what the rows are, then each column."""
    notes = [[gettext(note)] for note in kind.notes]
    head = [gettext(word) for word in (_COLUMN, _NEEDED, _EXAMPLE, _REMARK, _OTHER_NAMES)]
    alternatives = {key for group in kind.any_of for key in group}
    return [*notes, *([[""]] if notes else []), head, *(_help_row(column, alternatives) for column in kind.columns)]


def _help_row(column: Column, alternatives: set[str]) -> list[str]:
    needed = gettext("In every row") if column.required else gettext("Optional")
    if column.key in alternatives:
        needed = gettext("One of these")
    hint = gettext(column.hint) if column.hint else ""
    return [column_name(column), needed, column.sample, hint, "、".join(column.names[1:])]


def template_workbook(
    filename: str, header: Sequence[str], rows: Sequence[Sequence[str]], *, help_rows: Sequence[Sequence[str]]
) -> Response:
    """Return the template as a workbook: the sheet to fill in, columns formatted as text, and a sheet of help."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": clock.now()})
        bold, plain = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "@"})
        sheet = book.add_worksheet(gettext("Rows to fill in"))
        sheet.freeze_panes(1, 0)
        for place, name in enumerate(header):
            # as text, so that long codes keep their digits; wide enough to read the name
            sheet.set_column(place, place, max(12, min(40, 2 * len(name))), plain)
            sheet.write_string(0, place, name, bold)
        _write(sheet, rows, first=1)
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        about = book.add_worksheet(HELP_SHEETS[language()])
        about.set_column(0, 4, 32, wrapped)
        _write(about, help_rows, first=0)
    response = Response(stream.getvalue(), mimetype=XLSX)
    response.headers["Content-Disposition"] = disposition(f"{filename}.xlsx")
    return response


def _write(sheet: Any, rows: Sequence[Sequence[str]], *, first: int) -> None:
    for number, row in enumerate(rows, first):
        for place, value in enumerate(row):
            if value:
                sheet.write_string(number, place, value)


def register_header(kind: Kind) -> list[str]:
    """Return the header of a download of the register itself."""
    return [column_name(column) for column in kind.columns]


def register_rows(kind: Kind, rows: Iterable[Mapping[str, object]]) -> list[list[object]]:
    """Return the rows of the register in the order of the import's columns, read whole while the database is open."""
    return [[row.get(column.key, "") for column in kind.columns] for row in rows]


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
