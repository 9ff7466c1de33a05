"""Checking a file: find the sheet and its header, read every row, say what it would mean, change nothing.

Right rows are kept as JSON lines for the decision, mistakes as another file for the table and the download. Memory
holds one chunk of rows and the keys seen, whatever the size of the file.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any  # a summary is JSON

from sqlalchemy.orm import Session

from supervision.intake import complaints, store
from supervision.intake.cells import Cell, is_blank, shown
from supervision.intake.columns import Choice, Several
from supervision.intake.complaints import FileRefused, Wrong
from supervision.intake.headers import Header, check_header, find_header, letters, named, repeats_header
from supervision.intake.kinds import Finding, Kind, Register
from supervision.intake.reading import open_sheets
from supervision.intake.rows import Row, join, key_text
from supervision.intake.rules import HEADER_WITHIN, HELP_SHEETS, MOST_ROWS, Verdict
from supervision.intake.tables import Sheet
from supervision.labels import N_

CHUNK = 1000
FIRST_ROWS = 10
Reading = Callable[[], AbstractContextManager[Session]]


@dataclass(slots=True)
class Outcome:
    """What a check found: counts by verdict, rows with warnings, and the summary shown on the preview.

    ``lines`` are rows of the sheet, ``read`` entries: the same number unless an entry stands in several rows.
    """

    counts: Counter[Verdict] = field(default_factory=Counter)
    read: int = 0
    lines: int = 0
    warned: int = 0
    summary: dict[str, Any] = field(default_factory=dict)


class Check:
    """One file against one register."""

    def __init__(self, kind: Kind, register: Register, *, reading: Reading) -> None:
        self.kind = kind
        self.register = register
        self.reading = reading
        self.parsers = {column.key: column.parser for column in kind.columns} | dict(register.parsers)
        self.outcome = Outcome()
        self.first_seen: dict[tuple[str, str], int] = {}
        self.first_rows: list[dict[str, object]] = []

    def run(
        self,
        path: Path,
        filename: str,
        *,
        rows: store.Lines,
        mistakes: store.Lines,
        progress: Callable[[int, int], None],
    ) -> Outcome:
        """Check the file at ``path``; right rows go to ``rows``, the others to ``mistakes``."""
        with closing(open_sheets(path, filename, fit=self._fit)) as sheets:
            sheet, header, waiting = self._find_table(sheets)
            total = max(sheet.expected - waiting[0][0] + 1 if waiting else 0, 0)
            entries = join(self._data(sheet, header, waiting), self.kind.parts)
            for part in store.chunks(entries, CHUNK):
                for row in part:
                    self._settle(row, header)
                self._judge(part)
                for row in part:
                    self._keep(row, rows, mistakes)
                progress(min(self.outcome.lines, max(total, 1)), max(total, self.outcome.lines))
            for other in sheets:
                self._note_unread(other)
        if not self.outcome.read:
            raise FileRefused("no-rows", N_("The file has a header but no rows below it."))
        self._summarize(sheet, header, mistakes.count)
        return self.outcome

    def _summarize(self, sheet: Sheet, header: Header, mistakes: int) -> None:
        self.outcome.summary |= {
            "sheet": sheet.name,
            **sheet.note,
            "header": [header.names.get(place, "") for place in range(header.width)],
            "columns": [[place, header.names[place], column.key] for place, column in sorted(header.places.items())],
            "unknown": header.unknown,
            "absent": [column.key for column in self.kind.columns if column.key not in header.found],
            "first": self.first_rows,
            "mistakes": mistakes,
            "lines": self.outcome.lines,
        }

    def _fit(self, rows: Sequence[Sequence[Cell]]) -> int:
        header = find_header(rows, self.kind.columns)
        return len(header.found) if header else 0

    def _find_table(self, sheets: Iterator[Sheet]) -> tuple[Sheet, Header, list[tuple[int, list[Cell]]]]:
        """Return the first sheet that has a header of this register, and the rows already read below it."""
        seen: list[str] = []
        for sheet in sheets:
            if sheet.hidden:
                self._note_unread(sheet)
                continue
            head = _take(sheet, HEADER_WITHIN)
            header = find_header([cells for _, cells in head], self.kind.columns)
            if header is None:
                seen += [shown(cell)[:40] for _, cells in head[:3] for cell in cells if not is_blank(cell)]
                continue
            check_header(header, self.kind.columns, self.kind.any_of)
            self.outcome.summary["header_row"] = head[header.last_row][0]
            return sheet, header, head[header.last_row + 1 :]
        needed = [named(column) for column in self.kind.columns if column.required]
        raise FileRefused(
            "no-header",
            N_(
                "No header row was found among the first rows. A header names columns such as %(names)s. "
                "The file begins with: %(found)s. Start from the template."
            ),
            names="、".join(needed[:6]),
            found="、".join(seen[:8]) or "—",
        )

    def _note_unread(self, sheet: Sheet) -> None:
        """Remember sheets that are passed over, so that nobody thinks they were taken."""
        if (sheet.hidden or sheet.expected) and sheet.name not in HELP_SHEETS.values():
            self.outcome.summary.setdefault("hidden" if sheet.hidden else "others", []).append(sheet.name)

    def _data(self, sheet: Sheet, header: Header, waiting: list[tuple[int, list[Cell]]]) -> Iterator[Row]:
        key = next((at for at, one in header.places.items() if self.kind.parts and one.key == self.kind.parts.key), -1)
        for number, cells in _chained(waiting, sheet.rows):
            if all(is_blank(cell) for cell in cells) or repeats_header(cells, header):
                continue
            self.outcome.lines += 1
            if self.outcome.lines > MOST_ROWS:
                raise FileRefused(
                    "too-many-rows",
                    N_("The file has more than %(most)s rows. Split it into several files."),
                    most=MOST_ROWS,
                )
            row = Row(number, cells, key_text(cells[key]) if 0 <= key < len(cells) else "")
            if sheet.ragged and (wrong := _ragged(cells, header)):
                row.wrongs.append(wrong)
            else:
                self._note_strays(cells, header)
                self._parse(row, header)
            yield row

    def _note_strays(self, cells: list[Cell], header: Header) -> None:
        for place in range(header.width, len(cells)):
            if not is_blank(cells[place]):
                name = f"({letters(place)})"
                if name not in header.unknown and len(header.names) < 300:
                    header.names[place] = name

    def _parse(self, row: Row, header: Header) -> None:
        for place, column in header.places.items():
            cell = row.cells[place] if place < len(row.cells) else None
            if is_blank(cell):
                row.values[column.key] = None
                row.blank.add(column.key)
                continue
            try:
                row.values[column.key] = self.parsers[column.key](cell)
            except Wrong as wrong:
                wrong.column = column.key
                row.wrongs.append(wrong)

    def _settle(self, row: Row, header: Header) -> None:
        """Look at a whole row, or at the rows of an entry together."""
        self.outcome.read += 1
        if row.blank:
            needed = (one.key for one in header.places.values() if one.required)
            row.wrongs += [Wrong(complaints.MISSING, key) for key in needed if key in row.blank]
        if row.is_wrong:
            return
        for wrong in self.register.check(row.values):
            row.blame(wrong)
        self._refuse_twice(row)

    def _refuse_twice(self, row: Row) -> None:
        for key in self.register.keys(row.values):
            first = self.first_seen.setdefault(key, row.number)
            if first != row.number:
                row.wrongs.append(Wrong(complaints.TWICE_IN_FILE, key[0], first=first))

    def _judge(self, rows: list[Row]) -> None:
        right = [row for row in rows if not row.is_wrong]
        if right:
            with self.reading() as session:
                findings: Sequence[Finding] = self.register.compare(session, [row.values for row in right])
            for row, finding in zip(right, findings, strict=True):
                for wrong in finding.wrongs:
                    row.blame(wrong)
                row.verdict = Verdict.WRONG if row.is_wrong else finding.verdict

    def _keep(self, row: Row, rows: store.Lines, mistakes: store.Lines) -> None:
        outcome = self.outcome
        outcome.counts[row.verdict] += 1
        doubtful = row.has_wrongs and row.verdict not in (Verdict.WRONG, Verdict.SAME)
        outcome.warned += doubtful
        if row.verdict in (Verdict.NEW, Verdict.CHANGED):
            rows.add([row.number, doubtful, row.values])
        if row.verdict is Verdict.WRONG or doubtful:
            self._list_mistakes(row, mistakes, doubtful=doubtful)
        if len(self.first_rows) < FIRST_ROWS:
            self.first_rows.append({"row": row.number, "verdict": row.verdict, "values": self._shown(row)})

    def _list_mistakes(self, row: Row, mistakes: store.Lines, *, doubtful: bool) -> None:
        """Keep all rows of an entry, so that the corrected file can be sent as it is."""
        for one in row.all:
            mistakes.add(
                {
                    "row": one.number,
                    "cells": [shown(cell) for cell in one.cells],
                    "warning": doubtful,
                    "wrongs": [_told(wrong) for wrong in one.wrongs or (() if doubtful else (_WITH_ANOTHER,))],
                }
            )

    def _shown(self, row: Row) -> dict[str, Any]:
        """Return the values of an entry as its first row shows them."""
        values: dict[str, Any] = dict(row.values)
        parts = values.pop(self.kind.parts.into, None) if self.kind.parts else None
        if parts:
            values |= parts[0]
        return {key: self._said(key, value) for key, value in values.items()}

    def _said(self, key: str, value: Any) -> Any:
        """Say a value in words where the file's column holds codes."""
        parser = self.parsers[key]
        words = parser.words if isinstance(parser, Choice | Several) else {}
        if isinstance(value, list):
            return [words.get(one, one) for one in value]
        return words.get(value, value) if isinstance(value, str) else value


_WITH_ANOTHER = Wrong(complaints.WITH_A_WRONG_ROW)


def _told(wrong: Wrong) -> dict[str, object]:
    complaint = complaints.find(wrong.code)
    return {
        "code": wrong.code,
        "column": wrong.column,
        "reason": complaint.reason,
        "remedy": complaint.remedy,
        "parameters": wrong.parameters,
    }


def _take(sheet: Sheet, most: int) -> list[tuple[int, list[Cell]]]:
    taken: list[tuple[int, list[Cell]]] = []
    for row in sheet.rows:
        taken.append(row)
        if len(taken) >= most:
            break
    return taken


def _chained(
    waiting: list[tuple[int, list[Cell]]], rest: Iterator[tuple[int, list[Cell]]]
) -> Iterator[tuple[int, list[Cell]]]:
    yield from waiting
    yield from rest


def _ragged(cells: list[Cell], header: Header) -> Wrong | None:
    """Complain about a row of a text file that is longer or shorter than the header."""
    if any(not is_blank(cell) for cell in cells[header.width :]):
        return Wrong(complaints.TOO_MANY_CELLS, found=len(cells), expected=header.width)
    if len(cells) < header.width:
        return Wrong(complaints.TOO_FEW_CELLS, found=len(cells), expected=header.width)
    return None
