"""Form files as other programs write them, and reading them as the platform does."""

import io
from collections.abc import Sequence
from pathlib import Path

import openpyxl

from supervision.items.xlsform_reading import FormReading, read_form_file

HEADER = ("type", "name", "label::Chinese (zh)", "label::English (en)")


def xlsx(survey: Sequence[Sequence[object]], choices: Sequence[Sequence[object]] = (), **sheets: object) -> bytes:
    """A workbook as another program writes it."""
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = str(sheets.get("survey_name", "survey"))
    for row in survey:
        first.append(list(row))
    if choices:
        second = book.create_sheet("choices")
        for row in choices:
            second.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def read(folder: Path, data: bytes, *, target: str = "SCJG-03") -> FormReading:
    """Read a file as the platform does."""
    path = folder / "form.xlsx"
    path.write_bytes(data)
    return read_form_file(path, "form.xlsx", target=target)


def places(reading: FormReading) -> list[tuple[int, str, bool]]:
    """Return what is remarked on: row, column, whether it is wrong."""
    return [(one.row, one.column, one.wrong) for one in reading.remarks]
