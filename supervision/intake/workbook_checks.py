"""What is looked at in an XLSX file before a reader touches it: bombs, encryption, macros, cells far away.

Runs in the child process of ``workbook_child`` under its limits of memory and time.
"""

import re
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

from supervision.intake.rules import MEGABYTE, MOST_COLUMNS, MOST_ROWS

MOST_ENTRIES = 200
MOST_UNPACKED = 200 * MEGABYTE
MOST_RATIO = 100
# below this size a high ratio is harmless: an empty template packs very well
SMALL = 20 * MEGABYTE
MOST_DIRECTORY = MEGABYTE // 4
MOST_SPECIAL_CELLS = 10_000
MOST_MERGES = 20_000
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BLOCK = MEGABYTE
LONGEST_ROW = 16 * MEGABYTE

FAR = re.compile(
    rb'<(?:\w+:)?c\s[^<>]*?\br="((?:[A-Z]{3}|[J-Z][A-Z]|I[W-Z])[0-9]{1,7}|[A-Z]{1,2}[0-9]{6,7})"(?:[^<>]*[^/<>])?>'
)
ERROR = re.compile(rb'<(?:\w+:)?c\s([^<>]*\bt="e"[^<>]*)>')
FORMULA = re.compile(
    rb"<(?:\w+:)?c\s([^<>]*)>\s*<(?:\w+:)?f(?:\s[^<>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
PLACE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
TEXT_RESULT = re.compile(rb'\bt="str"')
DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
MERGE = re.compile(rb"<(?:\w+:)?mergeCell\s")
OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


class Refused(Exception):
    """The workbook is not read; carries a code of ``reading.REFUSALS`` and its places."""

    def __init__(self, code: str, **parameters: object) -> None:
        super().__init__(code)
        self.code = code
        self.parameters = parameters


@dataclass(slots=True)
class Special:
    """Cells of one sheet whose value is not in the file, as (row, column) from 0."""

    errors: set[tuple[int, int]] = field(default_factory=set)
    formulas: set[tuple[int, int]] = field(default_factory=set)
    merges: int = 0


def check_kind(path: Path) -> None:
    """Refuse what is no XLSX file at all, saying what it is instead."""
    with path.open("rb") as stream:
        start = stream.read(4096)
    if start.startswith(OLE):
        encrypted = "EncryptedPackage".encode("utf-16-le") in path.read_bytes()
        raise Refused("encrypted" if encrypted else "old-format")
    if start.lstrip()[:1] == b"<":
        raise Refused("web-page")
    if not start.startswith(b"PK"):
        raise Refused("not-xlsx")


def check_directory(path: Path) -> None:
    """Look at the end of the archive: how large its directory says it is, before anything reads it."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        stream.seek(max(0, size - 65_557))
        tail = stream.read()
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or len(tail) < place + 22:
        raise Refused("broken")
    entries, directory_size = struct.unpack("<HI", tail[place + 10 : place + 16])
    if entries > MOST_ENTRIES or directory_size > MOST_DIRECTORY:
        raise Refused("bomb")


def inspect(path: Path) -> dict[str, Special]:
    """Check the whole workbook and return the special cells of each sheet by name."""
    check_kind(path)
    check_directory(path)
    try:
        with zipfile.ZipFile(path) as archive:
            _check_entries(archive)
            return {name: _scan_sheet(archive, part) for name, part in _sheet_parts(archive)}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, ET.ParseError, KeyError, EOFError, OSError) as error:
        raise Refused("broken") from error
    except (RuntimeError, NotImplementedError) as error:  # zipfile's words for encrypted and exotic entries
        raise Refused("encrypted") from error
    except Exception as error:
        if type(error).__module__ == "zlib":
            raise Refused("broken") from error
        raise


def _check_entries(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > MOST_ENTRIES or len(set(names)) != len(names) or unpacked > MOST_UNPACKED:
        raise Refused("bomb")
    if unpacked > SMALL and unpacked > MOST_RATIO * max(packed, 1):
        raise Refused("bomb")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused("encrypted")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Refused("macros")
    if "xl/workbook.xml" not in names:
        raise Refused("not-xlsx")
    for entry in entries:
        if entry.filename.endswith((".xml", ".rels")) and not entry.filename.startswith("xl/worksheets/sheet"):
            _refuse_declarations(archive, entry)


def _refuse_declarations(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    with archive.open(entry) as stream:
        tail = b""
        while block := stream.read(BLOCK):
            _refuse_declaration(tail + block)
            tail = block[-16:]


def _refuse_declaration(block: bytes) -> None:
    if block[:2] in (b"\xff\xfe", b"\xfe\xff") or DECLARATION.search(block):
        raise Refused("declaration")


def _sheet_parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Yield the name and the part of each sheet."""
    targets: dict[str, str] = {}
    for node in _tree(archive, "xl/_rels/workbook.xml.rels"):
        target = node.get("Target", "")
        targets[node.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    for node in _tree(archive, "xl/workbook.xml").iter():
        if node.tag.endswith("}sheet"):
            part = targets.get(node.get(f"{OFFICE}id", ""), "")
            if part in archive.namelist():
                yield node.get("name", ""), part


def _tree(archive: zipfile.ZipFile, part: str) -> ET.Element:
    if archive.getinfo(part).file_size > MEGABYTE:
        raise Refused("bomb")
    return ET.fromstring(archive.read(part))  # noqa: S314 - no declarations, at most a megabyte


def _scan_sheet(archive: zipfile.ZipFile, part: str) -> Special:
    """Stream one sheet's XML, whole rows at a time, looking for what a reader would trip over or pass over."""
    special = Special()
    with archive.open(part) as stream:
        rest = b""
        while block := stream.read(BLOCK):
            whole = rest + block
            cut = whole.rfind(b"row>") + 4
            if cut < 4 and len(whole) < LONGEST_ROW:
                rest = whole
                continue
            cut = max(cut, 0) or len(whole)
            _scan_rows(whole[:cut], special)
            rest = whole[cut:]
        _scan_rows(rest, special)
    return special


def _scan_rows(rows: bytes, special: Special) -> None:
    _refuse_declaration(rows)
    for found in FAR.finditer(rows):
        _refuse_far(found.group(1))
    for found in ERROR.finditer(rows):
        _remember(special.errors, found.group(1))
    for found in FORMULA.finditer(rows):
        if not TEXT_RESULT.search(found.group(1)):
            _remember(special.formulas, found.group(1))
    special.merges += len(MERGE.findall(rows))
    if special.merges > MOST_MERGES:
        raise Refused("bomb")


def _remember(places: set[tuple[int, int]], attributes: bytes) -> None:
    found = PLACE.search(attributes)
    if found is not None:
        places.add((int(found.group(2)) - 1, column_number(found.group(1)) - 1))
    if len(places) > MOST_SPECIAL_CELLS:
        raise Refused("too-many-errors")


def _refuse_far(reference: bytes) -> None:
    letters = reference.rstrip(b"0123456789")
    if column_number(letters) > MOST_COLUMNS:
        raise Refused("too-many-columns", most=MOST_COLUMNS)
    if int(reference[len(letters) :]) > MOST_ROWS:
        raise Refused("too-many-rows", most=MOST_ROWS)


def column_number(letters: bytes) -> int:
    """Return the number of a column from its letters (A is 1)."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
