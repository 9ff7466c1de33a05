"""Reading CSV and its relatives: separators , ; TAB, quotation marks, line breaks in cells, ragged rows."""

import csv
import io
import re
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path

from supervision.intake.cells import Cell
from supervision.intake.complaints import FileRefused
from supervision.intake.encodings import NAMES, find_encoding
from supervision.intake.rules import HEADER_WITHIN, MOST_COLUMNS, MOST_ROWS
from supervision.intake.tables import Sheet
from supervision.labels import N_

SEPARATORS = (",", ";", "\t")
SHOWN_SEPARATORS = {",": ",", ";": ";", "\t": "TAB"}
HEAD_CHARACTERS = 1 << 16
DECLARED = re.compile(r"\ufeff?sep=(.)\r?\n", re.IGNORECASE)
# begins the last row of an export that carries a watermark
REMARK = "※"
# counts how well the first rows fit the register: the separator that fits best is the file's
Fit = Callable[[Sequence[Sequence[Cell]]], int]


def read_delimited(path: Path, fit: Fit) -> Generator[Sheet]:
    """Yield the one sheet of a text file."""
    encoding = find_encoding(path)
    with path.open(encoding=encoding, newline="") as stream:
        head = stream.read(HEAD_CHARACTERS)
    declared = DECLARED.match(head)
    separator = declared.group(1) if declared else _find_separator(head, fit)
    yield Sheet(
        name="",
        rows=_rows(path, encoding=encoding, separator=separator, skip=1 if declared else 0),
        expected=_count_lines(path),
        ragged=True,
        note={"encoding": NAMES[encoding], "separator": SHOWN_SEPARATORS.get(separator, separator)},
    )


def _find_separator(head: str, fit: Fit) -> str:
    scores = {separator: fit(_first_rows(head, separator)) for separator in SEPARATORS}
    return max(SEPARATORS, key=lambda separator: scores[separator])


def _first_rows(head: str, separator: str) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    try:
        for row in csv.reader(io.StringIO(head, newline=""), delimiter=separator):
            rows.append([*row])
            if len(rows) >= HEADER_WITHIN:
                break
    except csv.Error:
        pass  # the whole reading will name the line
    return rows


def _count_lines(path: Path) -> int:
    count = 0
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            count += block.count(b"\n")
    return count


def _rows(path: Path, *, encoding: str, separator: str, skip: int) -> Iterator[tuple[int, list[Cell]]]:
    with path.open(encoding=encoding, newline="") as stream:
        for _ in range(skip):
            stream.readline()
        reader = csv.reader(stream, delimiter=separator, strict=True)
        number = skip
        while True:
            try:
                row = next(reader, None)
            except csv.Error as error:
                raise _refusal(error, reader.line_num + skip) from error
            if row is None:
                return
            number += 1
            if _is_remark(row):
                continue
            if number > MOST_ROWS + HEADER_WITHIN:
                raise too_many_rows()
            if len(row) > MOST_COLUMNS:
                raise too_many_columns()
            yield number, [*row]


def _is_remark(row: list[str]) -> bool:
    """Say whether a row is the watermark of one of our own exports, alone in its first cell."""
    return bool(row) and row[0].startswith(REMARK) and not any(row[1:])


def _refusal(error: csv.Error, line: int) -> FileRefused:
    if "field limit" in str(error):
        text = N_("A cell in line %(line)s is far too long. Is a quotation mark missing?")
        return FileRefused("cell-too-large", text, line=line)
    return FileRefused(
        "csv-quotes",
        N_(
            "The quotation marks in line %(line)s do not match. "
            "Write a quotation mark inside a value twice, or send XLSX."
        ),
        line=line,
    )


def too_many_rows() -> FileRefused:
    """Return the refusal of a file with too many rows."""
    return FileRefused(
        "too-many-rows", N_("The file has more than %(most)s rows. Split it into several files."), most=MOST_ROWS
    )


def too_many_columns() -> FileRefused:
    """Return the refusal of a sheet with too many columns."""
    return FileRefused(
        "too-many-columns",
        N_("The sheet reaches beyond %(most)s columns. Delete stray cells to the right, or start from the template."),
        most=MOST_COLUMNS,
    )
