"""Opening a file as departments send them: CSV in any usual encoding, or XLSX read by a child process under limits."""

import json
import subprocess
import sys
from collections.abc import Generator, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any  # the child's lines are JSON

from supervision.config import PROJECT
from supervision.intake.cells import BadCell, Cell
from supervision.intake.complaints import FileRefused
from supervision.intake.delimited import Fit, read_delimited
from supervision.intake.rules import ENDINGS
from supervision.intake.tables import Sheet
from supervision.labels import N_

REFUSALS = {
    "encrypted": N_("The file is protected by a password. Take the protection off and send it again."),
    "old-format": N_("This is an old Excel file (.xls) under another name. Open it and save it as .xlsx."),
    "web-page": N_("This is a web page under another name. Open it in Excel or WPS and save it as .xlsx."),
    "not-xlsx": N_("This is not an XLSX file, whatever its name says. Open it in Excel or WPS and save it as .xlsx."),
    "broken": N_("The file is damaged or was cut off while being copied. Get it again from its source."),
    "bomb": N_("The file unpacks to far more than a register holds. Copy the rows into a new file and send that."),
    "too-large": N_("The file needs more memory than an import may use. Split it into several files."),
    "macros": N_("The file contains macros. Save it as .xlsx without macros and send it again."),
    "declaration": N_("The file contains XML declarations that no spreadsheet program writes. It is not read."),
    "too-many-errors": N_("The sheet has more than 10,000 error cells or formulas without value. Correct it first."),
    "too-many-columns": N_(
        "The sheet reaches beyond %(most)s columns. Delete stray cells to the right, or start from the template."
    ),
    "too-many-rows": N_("The file has more than %(most)s rows. Split it into several files."),
    "wrong-ending": N_("Files with the ending %(ending)s are not read. Send CSV or XLSX."),
    "empty": N_("The file is empty."),
    "zip-as-text": N_("This is an XLSX file whose name ends in %(ending)s. Rename it to .xlsx."),
}
PROBLEM_ENDS = b"PK\x03\x04"


def refusal(code: str, **parameters: object) -> FileRefused:
    """Return the refusal of a file by its code."""
    return FileRefused(f"file-{code}", REFUSALS[code], **parameters)


def ending_of(filename: str) -> str:
    """Return the ending of a file name that is read, or refuse."""
    ending = "." + filename.rpartition(".")[2].lower() if "." in filename else ""
    if ending not in ENDINGS:
        raise refusal("wrong-ending", ending=ending[:12] or "-")
    return ending


def open_sheets(path: Path, filename: str, *, fit: Fit) -> Generator[Sheet]:
    """Yield the sheets of a file, each to be read to its end before the next. Close it: a child may stand behind it.

    ``fit`` counts how well first rows suit the register; it chooses the separator of a text file.
    """
    ending = ending_of(filename)
    if path.stat().st_size == 0:
        raise refusal("empty")
    if ending == ".xlsx":
        return _read_workbook(path)
    with path.open("rb") as stream:
        start = stream.read(512)
    if start.startswith(PROBLEM_ENDS):
        raise refusal("zip-as-text", ending=ending)
    if start.lstrip()[:5].lower() in (b"<html", b"<!doc", b"<tabl", b"<?xml"):
        raise refusal("web-page")
    return read_delimited(path, fit)


def _read_workbook(path: Path) -> Generator[Sheet]:
    command = [sys.executable, "-m", "supervision.intake.workbook_child", str(path)]
    with subprocess.Popen(  # noqa: S603 - our own module, the path is a digest
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=PROJECT, encoding="utf-8", errors="replace"
    ) as child:
        try:
            yield from _Lines(child.stdout).sheets()  # type: ignore[arg-type]  # a pipe was asked for
        finally:
            child.kill()


class _Lines:
    """The child's lines as sheets; a child that died without its last line is a refusal."""

    def __init__(self, stream: IO[str]) -> None:
        self.stream = stream
        self.pending: dict[str, Any] | None = None

    def sheets(self) -> Iterator[Sheet]:
        """Yield sheet after sheet."""
        self.pending = self._next_mark()
        while self.pending is not None:
            mark = self.pending
            yield Sheet(mark["sheet"], self._rows(), expected=mark["rows"], hidden=mark["hidden"])
            while self.pending is mark:  # the caller left the sheet early: pass over its rows
                self.pending = self._next_mark()

    def _rows(self) -> Iterator[tuple[int, list[Cell]]]:
        while True:
            value = self._next()
            if isinstance(value, dict):
                self.pending = None if "end" in value else value
                return
            yield value[0], [from_json(cell) for cell in value[1]]

    def _next_mark(self) -> dict[str, Any] | None:
        while not isinstance(value := self._next(), dict):
            pass
        return None if "end" in value else value

    def _next(self) -> Any:
        line = self.stream.readline()
        if not line.endswith("\n"):
            raise refusal("too-large")
        value = json.loads(line)
        if isinstance(value, dict) and "refused" in value:
            raise refusal(value["refused"], **value["parameters"])
        return value


def from_json(cell: Any) -> Cell:
    """Return a cell from the child's line."""
    if not isinstance(cell, dict):
        found: Cell = cell
        return found
    if "e" in cell:
        return BadCell(cell["e"])
    text = cell["d"]
    return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
