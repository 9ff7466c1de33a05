"""Downloads as CSV and XLSX that Excel and WPS open rightly and that cannot smuggle formulas.

``download`` hands out a file at once. ``write_file`` and ``send`` are its two halves for files that must be noted
before they leave the house: what was written has a digest and may carry a watermark.
"""

import csv
import hashlib
import io
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any  # a sheet of xlsxwriter, which has no types
from urllib.parse import quote

import xlsxwriter
from flask import Response, stream_with_context

from supervision import clock
from supervision.web import database

NUMBER = re.compile(r"-[0-9]+(\.[0-9]+)?")
# a CSV row that begins with this sign is a remark on the file: the importer passes over it
REMARK = "※"
LONGEST_FOOTER = 200
WIDTH = 18  # characters: a credit code fits
LARGEST_EXACT = 10**15
MIME_TYPES = {
    "csv": "text/csv",  # the answer adds the character set
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cell(value: object) -> str:
    """Return ``value`` as text that no spreadsheet will run as a formula; the importer strips the same prefix."""
    text = "" if value is None else str(value)
    return "'" + text if text.startswith(FORMULA_STARTS) and not NUMBER.fullmatch(text) else text


def disposition(filename: str) -> str:
    """Return a Content-Disposition for a download whose name may be Chinese."""
    ascii_name = filename.encode("ascii", "ignore").decode().lstrip("-_ ")
    ascii_name = f"download{ascii_name}" if ascii_name.startswith(".") or not ascii_name else ascii_name
    return f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(filename)}"


@dataclass(frozen=True, slots=True)
class Watermark:
    """Who took a file away, when and what for: ``title`` names the extra sheet of a workbook, ``text`` says it."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Written:
    """A finished file that has not left yet; ``digest`` is the SHA-256 of its bytes."""

    kind: str
    stream: io.BufferedRandom
    rows: int
    digest: str


def download(kind: str, filename: str, header: Sequence[object], rows: Iterable[Sequence[object]]) -> Response:
    """Return ``rows`` as a file of ``kind`` (``csv`` or ``xlsx``) named ``filename`` plus its ending."""
    if kind == "xlsx":
        return send(write_file(kind, header, rows), filename)
    response = streamed(csv_lines(header, rows), mimetype=MIME_TYPES["csv"])
    response.headers["Content-Disposition"] = disposition(f"{filename}.csv")
    return response


def streamed(body: Iterator[str], *, mimetype: str) -> Response:
    """Return ``body`` as an answer that is made while it is sent.

    The request's session has been closed by then, and reading rows opens it again; whoever hangs up in the middle
    would keep its connection, so the end of the answer, whole or not, closes it.
    """
    response = Response(stream_with_context(body), mimetype=mimetype)
    response.call_on_close(database.session().close)
    return response


def write_file(
    kind: str, header: Sequence[object], rows: Iterable[Sequence[object]], *, watermark: Watermark | None = None
) -> Written:
    """Write ``rows`` into a temporary file; the watermark is a CSV's last row, a workbook's last sheet and footer."""
    stream = tempfile.TemporaryFile()  # noqa: SIM115 - closed after sending
    counted = _Counted(rows)
    if kind == "xlsx":
        _write_workbook(stream, header, counted, watermark)
    else:
        stream.writelines(block.encode() for block in csv_lines(header, counted))
        if watermark:
            stream.write(_csv_row([f"{REMARK} {watermark.text}"]).encode())
    stream.seek(0)
    digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return Written("xlsx" if kind == "xlsx" else "csv", stream, counted.count, digest)


def send(written: Written, filename: str) -> Response:
    """Return a written file as the answer; it is gone when it has been sent."""
    response = Response(_blocks(written.stream), mimetype=MIME_TYPES[written.kind])
    response.call_on_close(written.stream.close)
    response.headers["Content-Disposition"] = disposition(f"{filename}.{written.kind}")
    return response


def _blocks(stream: io.BufferedRandom) -> Iterator[bytes]:
    stream.seek(0)
    with stream:
        while block := stream.read(1 << 16):
            yield block


class _Counted:
    """Rows that remember how many they were."""

    def __init__(self, rows: Iterable[Sequence[object]]) -> None:
        self.rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[Sequence[object]]:
        for row in self.rows:
            self.count += 1
            yield row


def csv_lines(header: Sequence[object], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield CSV text by blocks, with the byte-order mark that Excel needs to read UTF-8."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow([cell(value) for value in header])
    for number, row in enumerate(rows, start=1):
        writer.writerow([cell(value) for value in row])
        if number % 500 == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _csv_row(values: Sequence[object]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow([cell(value) for value in values])
    return buffer.getvalue()


def _write_cell(sheet: Any, row: int, column: int, value: object) -> None:
    """Write what is counted as a number, so that it adds up and sorts; everything else, codes before all, as text.

    What kind a value is decides, never how it looks: a registration number is text however many digits it has.
    """
    # beyond fifteen digits a spreadsheet rounds
    numeric = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    if numeric and -LARGEST_EXACT < value < LARGEST_EXACT:  # type: ignore[operator]  # numeric says so
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, "" if value is None else str(value))


def _write_workbook(
    stream: io.BufferedRandom, header: Sequence[object], rows: Iterable[Sequence[object]], watermark: Watermark | None
) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(stream, options)
    book.set_properties({"created": clock.now()})
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    for column, value in enumerate(header):
        sheet.write_string(0, column, str(value), bold)
        sheet.set_column(column, column, WIDTH)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            _write_cell(sheet, number, column, value)
    if watermark:
        sheet.set_footer("&C" + watermark.text[:LONGEST_FOOTER].replace("&", "&&"))
        book.add_worksheet(watermark.title).write_string(0, 0, watermark.text)
    book.close()
