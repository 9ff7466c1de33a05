"""The sheets of a form file as tables with named columns, whichever program wrote them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from supervision.intake import complaints
from supervision.intake.cells import Cell, as_text, is_blank
from supervision.intake.complaints import FileRefused, Wrong
from supervision.intake.reading import open_sheets, refusal
from supervision.labels import N_

MOST_FORM_ROWS = 5_000
LANGUAGES = {"zh": ("zh", "chinese", "中文", "汉语", "简体中文", "简体"), "en": ("en", "english", "英文", "英语")}
SPOKEN = ("label", "hint", "constraint_message", "required_message", "guidance_hint")
ALIASES = {
    "list name": "list_name",
    "constraint message": "constraint_message",
    "relevance": "relevant",
    "caption": "label",
}
SHEETS = ("survey", "choices", "settings")


@dataclass(frozen=True, slots=True)
class Remark:
    """What is wrong with a place of the file, or what will not be taken over from it."""

    sheet: str
    row: int
    column: str
    message: str
    wrong: bool = True
    parameters: Mapping[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class Line:
    """A row: texts by the name of their column."""

    number: int
    cells: dict[str, str]

    def get(self, column: str) -> str:
        """Return what stands in a column."""
        return self.cells.get(column, "")

    def spoken(self, column: str, words: str) -> str:
        """Return a text in a language; what is marked with no language is Chinese."""
        return self.get(f"{column}::{words}") or (self.get(column) if words == "zh" else "")


@dataclass(slots=True)
class Table:
    """One sheet."""

    name: str
    columns: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


def read_tables(path: Path, filename: str, remarks: list[Remark]) -> dict[str, Table]:
    """Read survey, choices and settings of a workbook; bombs, macros and the like are refused on the way."""
    if not filename.lower().endswith(".xlsx"):
        raise refusal("wrong-ending", ending=("." + filename.rpartition(".")[2])[:12])
    found: dict[str, Table] = {}
    names: list[str] = []
    for sheet in open_sheets(path, filename, fit=lambda _rows: 0):
        name = sheet.name.strip().lower()
        names.append(sheet.name)
        if name in SHEETS:
            found[name] = _table(name, sheet.rows, remarks)
    if "survey" not in found:
        raise FileRefused(
            "no-survey-sheet",
            N_("There is no sheet “survey” in the file (its sheets: %(sheets)s). Send a form in XLSForm layout."),
            sheets="、".join(names)[:200] or "—",
        )
    if not {"type", "name"} <= set(found["survey"].columns):
        raise FileRefused(
            "no-type-column", N_("The first row of the sheet “survey” must hold the columns “type” and “name”.")
        )
    return found


def _table(name: str, rows: Iterable[tuple[int, list[Cell]]], remarks: list[Remark]) -> Table:
    table = Table(name)
    for number, cells in rows:
        if not table.columns:
            table.columns = [_column(cell) for cell in cells]
            continue
        if len(table.lines) >= MOST_FORM_ROWS:
            raise FileRefused("form-too-long", N_("The form has more than %(most)s rows."), most=MOST_FORM_ROWS)
        values: dict[str, str] = {}
        for column, cell in zip(table.columns, cells, strict=False):
            if column and not is_blank(cell):
                values[column] = _text(cell, table, number, column, remarks)
        if values:
            table.lines.append(Line(number, values))
    return table


def _text(cell: Cell, table: Table, number: int, column: str, remarks: list[Remark]) -> str:
    try:
        return as_text(cell)
    except Wrong as wrong:
        remarks.append(
            Remark(table.name, number, column, complaints.find(wrong.code).reason, parameters=wrong.parameters)
        )
        return ""


def _column(cell: Cell) -> str:
    """Return the plain name of a column: ``Label : Chinese (zh)`` becomes ``label::zh``."""
    text = " ".join(str(cell or "").split()).lower()
    base, sign, language = text.partition(":")
    base = ALIASES.get(base.strip(), base.strip()).replace(" ", "_")
    if not sign or base not in SPOKEN:
        return ALIASES.get(text, text)
    return f"{base}::{_language(language.strip(': '))}"


def _language(text: str) -> str:
    code = re.search(r"\(([a-z]{2})[a-z_-]*\)", text)
    if code:
        return code[1] if code[1] in LANGUAGES else text
    return next((words for words, names in LANGUAGES.items() if text.startswith(names)), text)
