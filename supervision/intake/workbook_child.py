"""The child process that reads one XLSX file and writes its rows as JSON lines: ``python -m … <file>``.

A spreadsheet comes from strangers; here its reader can use 1 GB of addresses and a minute of processor time, and its
death is only a refusal.

Lines: ``{"sheet": name, "hidden": bool, "rows": n}``, then ``[number, [cells]]`` for each row that holds anything, and
``{"end": true}`` or ``{"refused": code, …}`` at last. Cells: text, number, true, false, null, ``{"d": day or moment}``,
``{"e": error}``.
"""

import json
import resource
import sys
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Any  # cells are of many types

import python_calamine

from supervision.intake.rules import MEGABYTE, MOST_COLUMNS, MOST_ROWS
from supervision.intake.workbook_checks import Refused, Special, inspect

ADDRESS_SPACE = 1024 * MEGABYTE
PROCESSOR_SECONDS = 60
NOT_CALCULATED: dict[str, str] = {"e": ""}


def limit_resources() -> None:
    """Let this process use no more than an honest file needs."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def cell_value(value: Any) -> Any:
    """Return a cell as JSON."""
    if value == "" and isinstance(value, str):
        return None
    if isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, date | datetime):
        return {"d": value.isoformat()}
    return str(value) if isinstance(value, time | timedelta) else {"e": "?"}


def rows_of(sheet: Any, special: Special) -> Iterator[tuple[int, list[Any]]]:
    """Yield row numbers and cells; merged cells all carry their value, cells without value say why."""
    left = sheet.start[1] if sheet.start else 0
    marks = _marks(special)
    merged = _Merged(sheet.merged_cell_ranges or [])
    for index, values in enumerate(sheet.iter_rows()):
        cells = [None] * left + [cell_value(value) for value in values]
        merged.fill(index, cells)
        _put(marks.pop(index, ()), cells)
        if any(cell is not None for cell in cells):
            yield index + 1, cells
    for row in sorted(marks):  # marked cells below the last value
        cells = []
        _put(marks[row], cells)
        yield row + 1, cells


Marks = Sequence[tuple[int, dict[str, str]]]


def _marks(special: Special) -> dict[int, Marks]:
    """Return what stands in the place of missing values, by row."""
    marks: dict[int, list[tuple[int, dict[str, str]]]] = {}
    for row, column in special.errors:
        marks.setdefault(row, []).append((column, {"e": "#N/A"}))
    for row, column in special.formulas:
        marks.setdefault(row, []).append((column, NOT_CALCULATED))
    return dict(marks)


def _put(marks: Marks, cells: list[Any]) -> None:
    for column, mark in marks:
        cells.extend([None] * (column + 1 - len(cells)))
        if cells[column] is None:
            cells[column] = mark


class _Merged:
    """Spreads the value of merged cells over all of them, row by row."""

    def __init__(self, ranges: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
        self.waiting = sorted(ranges, reverse=True)
        self.open: list[tuple[int, int, int, Any]] = []

    def fill(self, index: int, cells: list[Any]) -> None:
        """Fill the merged cells of one row."""
        self.open = [area for area in self.open if area[0] >= index]
        while self.waiting and self.waiting[-1][0][0] <= index:
            (_, left), (bottom, right) = self.waiting.pop()
            value = cells[left] if left < len(cells) else None
            if value is not None:
                self.open.append((bottom, left, min(right, MOST_COLUMNS), value))
        for _, left, right, value in self.open:
            cells.extend([None] * (right + 1 - len(cells)))
            cells[left : right + 1] = [value] * (right + 1 - left)


def write_workbook(path: Path, out: IO[str]) -> None:
    """Write all sheets of a workbook."""
    special = inspect(path)
    try:
        with python_calamine.CalamineWorkbook.from_path(str(path)) as book:
            for meta in book.sheets_metadata:
                if meta.typ is not python_calamine.SheetTypeEnum.WorkSheet:
                    continue
                hidden = meta.visible is not python_calamine.SheetVisibleEnum.Visible
                sheet = book.get_sheet_by_name(meta.name)
                if sheet.total_width > MOST_COLUMNS:
                    raise Refused("too-many-columns", most=MOST_COLUMNS)
                if sheet.total_height > MOST_ROWS:
                    raise Refused("too-many-rows", most=MOST_ROWS)
                _line(out, {"sheet": meta.name, "hidden": hidden, "rows": sheet.total_height})
                for row in rows_of(sheet, special.get(meta.name, Special())):
                    _line(out, row)
    except python_calamine.PasswordError as error:
        raise Refused("encrypted") from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise Refused("broken") from error


def _line(out: IO[str], value: object) -> None:
    out.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
    out.write("\n")


def main(path: str) -> None:
    """Read the file at ``path`` and write it to standard output."""
    limit_resources()
    out = sys.stdout
    out.reconfigure(encoding="utf-8", errors="surrogatepass", newline="\n")  # type: ignore[union-attr]
    try:
        write_workbook(Path(path), out)
        _line(out, {"end": True})
    except Refused as refused:
        _line(out, {"refused": refused.code, "parameters": refused.parameters})
    except MemoryError:
        _line(out, {"refused": "too-large", "parameters": {}})


if __name__ == "__main__":
    main(sys.argv[1])
