"""Downloads as CSV and XLSX that Excel and WPS open rightly and that cannot smuggle formulas."""

import csv
import io
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote

import xlsxwriter
from flask import Response, stream_with_context

NUMBER = re.compile(r"-[0-9]+(\.[0-9]+)?")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cell(value: object) -> str:
    """Return ``value`` as text that no spreadsheet will run as a formula; the importer strips the same prefix."""
    text = "" if value is None else str(value)
    return "'" + text if text.startswith(FORMULA_STARTS) and not NUMBER.fullmatch(text) else text


def disposition(filename: str) -> str:
    """Return a Content-Disposition for a download whose name may be Chinese."""
    ascii_name = filename.encode("ascii", "ignore").decode() or "download"
    return f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(filename)}"


def download(kind: str, filename: str, header: Sequence[object], rows: Iterable[Sequence[object]]) -> Response:
    """Return ``rows`` as a file of ``kind`` (``csv`` or ``xlsx``) named ``filename`` plus its ending."""
    if kind == "xlsx":
        return _xlsx(filename, header, rows)
    body = stream_with_context(csv_lines(header, rows))
    response = Response(body, mimetype="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = disposition(f"{filename}.csv")
    return response


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


def _xlsx(filename: str, header: Sequence[object], rows: Iterable[Sequence[object]]) -> Response:
    stream = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the response has been sent
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(stream, options)
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    for column, value in enumerate(header):
        sheet.write_string(0, column, str(value), bold)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            sheet.write_string(number, column, "" if value is None else str(value))
    book.close()
    stream.seek(0)
    response = Response(
        iter(lambda: stream.read(1 << 16), b""),
        mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    response.call_on_close(stream.close)
    response.headers["Content-Disposition"] = disposition(f"{filename}.xlsx")
    return response
