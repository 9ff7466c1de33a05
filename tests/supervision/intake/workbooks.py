"""Workbooks as departments send them, and as nobody should: made with openpyxl or from raw parts."""

import io
import struct
import zipfile
from collections.abc import Callable, Iterable, Sequence

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'spreadsheetml.sheet.main+xml"/></Types>'
)
RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
    'Target="{target}"/></Relationships>'
)
WORKBOOK = (
    '<?xml version="1.0"?>{declaration}<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
    '<sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
SHEET = (
    '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<sheetData>{rows}</sheetData></worksheet>"
)


def workbook(rows: Iterable[Sequence[object]]) -> tuple[openpyxl.Workbook, Worksheet]:
    """Return a workbook of these rows and its sheet, to be made worse."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in rows:
        sheet.append(list(row))
    return book, sheet


def saved(book: openpyxl.Workbook) -> bytes:
    """Return the bytes of a workbook."""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def rewritten(data: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """Return the workbook with its first sheet's XML changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == "xl/worksheets/sheet1.xml" else content)
    return buffer.getvalue()


def xlsx(rows: Iterable[Sequence[object]]) -> bytes:
    """Return a plain workbook of these rows."""
    return saved(workbook(rows)[0])


def raw(rows: str, *, declaration: str = "", extra: dict[str, bytes] | None = None) -> bytes:
    """Return a workbook whose sheet holds this XML, byte for byte."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", RELATIONS.format(kind="officeDocument", target="xl/workbook.xml"))
        archive.writestr("xl/workbook.xml", WORKBOOK.format(declaration=declaration))
        archive.writestr(
            "xl/_rels/workbook.xml.rels", RELATIONS.format(kind="worksheet", target="worksheets/sheet1.xml")
        )
        archive.writestr("xl/worksheets/sheet1.xml", SHEET.format(rows=rows))
        for name, content in (extra or {}).items():
            archive.writestr(name, content)
    return stream.getvalue()


def inline(reference: str, text: str) -> str:
    """Return the XML of one text cell."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def many_entries() -> bytes:
    """Return an archive of 2,000 parts."""
    return raw("", extra={f"xl/media/{number}.bin": b"x" for number in range(2000)})


def false_count() -> bytes:
    """Return an archive whose end says that its directory is enormous."""
    content = bytearray(raw(""))
    place = content.rindex(b"PK\x05\x06")
    content[place + 12 : place + 16] = struct.pack("<I", 0x7FFFFFFF)
    return bytes(content)


BOMBS: dict[str, bytes] = {}


def bombs() -> dict[str, bytes]:
    """Return hostile archives by name; made once."""
    if not BOMBS:
        far = raw(f'<row r="1">{inline("A1", "x")}</row><row r="1048576">{inline("XFD1048576", "x")}</row>')
        wide = raw(f'<row r="1">{inline("ZZ1", "x")}{inline("XFD1", "x")}</row>')
        low = raw(f'<row r="1">{inline("A1", "x")}</row><row r="900000">{inline("B900000", "x")}</row>')
        BOMBS.update(
            far=far,
            wide=wide,
            low=low,
            zeros=raw("", extra={"xl/media/zeros.bin": b"\0" * (120 << 20)}),
            cells=raw('<row r="1">' + "<c><v>1</v></c>" * 3_000_000 + "</row>"),
            long_text=raw(f'<row r="1">{inline("A1", "x" * (60 << 20))}</row>'),
            entries=many_entries(),
            false_count=false_count(),
            laughs=raw(
                f'<row r="1">{inline("A1", "x")}</row>',
                declaration='<!DOCTYPE a [<!ENTITY b "lol"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>',
            ),
            external=raw("", declaration='<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'),
            macros=raw("", extra={"xl/vbaProject.bin": b"x"}),
            no_workbook=zip_of({"readme.txt": b"x"}),
            truncated=raw(f'<row r="1">{inline("A1", "x")}</row>')[:-200],
            garbage=b"PK\x03\x04" + bytes(range(256)) * 40,
            sheet_cut=raw(f'<row r="1">{inline("A1", "x")}<c r="B1'),
        )
    return BOMBS


def zip_of(parts: dict[str, bytes]) -> bytes:
    """Return an archive of these parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()
