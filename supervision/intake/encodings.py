"""Which encoding a text file is in: told by its mark, else strict UTF-8, else strict GB 18030; never guessed.

Nearly half of all Chinese names in UTF-8 also decode as GB 18030, into other characters; the other way round they
never do. So UTF-8 goes first, and a file that is partly UTF-8 is refused instead of being read as GB 18030.
"""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from supervision.intake.complaints import FileRefused
from supervision.labels import N_

BLOCK = 1 << 20
SEVERAL_UTF8 = re.compile(rb"(?:[\xe3-\xe9][\x80-\xbf]{2}[ -~]*){3}")
MARKS = (
    (codecs.BOM_UTF32_LE, ""),
    (codecs.BOM_UTF32_BE, ""),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
NAMES = {"utf-8-sig": "UTF-8 (BOM)", "utf-8": "UTF-8", "gb18030": "GB 18030", "utf-16": "UTF-16"}


def find_encoding(path: Path) -> str:
    """Return the Python name of the encoding of the file at ``path``, every byte of it decodable."""
    with path.open("rb") as stream:
        start = stream.read(4)
        marked = next((name for mark, name in MARKS if start.startswith(mark)), None)
        if marked == "":
            raise _refusal("nul", 1)
        if marked is not None:
            _refuse_undecodable(stream, marked)
            return marked
        _refuse_nul(stream)
        bad = _first_undecodable(stream, "utf-8")
        if bad is None:
            return "utf-8"
        mixed = _utf8_line(stream)
        if mixed is not None:
            raise _refusal("mixed", bad)
        _refuse_undecodable(stream, "gb18030")
        return "gb18030"


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    stream.seek(0)
    while block := stream.read(BLOCK):
        yield block


def _refuse_nul(stream: BinaryIO) -> None:
    line = 1
    for block in _blocks(stream):
        if b"\x00" in block:
            raise _refusal("nul", line + block[: block.index(b"\x00")].count(b"\n"))
        line += block.count(b"\n")


def _first_undecodable(stream: BinaryIO, encoding: str) -> int | None:
    """Return the number of the first line that is not in ``encoding``, None when all are."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    line = 1
    for block in _blocks(stream):
        try:
            line += decoder.decode(block).count("\n")
        except UnicodeDecodeError as error:
            return line + bytes(error.object)[: error.start].count(b"\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return line
    return None


def _refuse_undecodable(stream: BinaryIO, encoding: str) -> None:
    line = _first_undecodable(stream, encoding)
    if line is not None:
        raise _refusal("undecodable", line)
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    line = 1
    for block in _blocks(stream):
        text = decoder.decode(block)
        if "\x00" in text:
            raise _refusal("nul", line + text[: text.index("\x00")].count("\n"))
        line += text.count("\n")


def _utf8_line(stream: BinaryIO) -> int | None:
    """Return the first line that must be UTF-8: it decodes as such and holds three Chinese characters or more."""
    stream.seek(0)
    for number, line in enumerate(stream, start=1):
        if line.isascii() or not SEVERAL_UTF8.search(line):
            continue
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            continue
        return number
    return None


def _refusal(code: str, line: int) -> FileRefused:
    messages = {
        "nul": N_(
            "Line %(line)s holds a NUL byte: this is not a text file in a known encoding. Save it as CSV in UTF-8."
        ),
        "mixed": N_(
            "The file mixes UTF-8 with another encoding, or was cut off: line %(line)s cannot be read. "
            "Save it again from its source, as XLSX or as CSV in UTF-8."
        ),
        "undecodable": N_(
            "Line %(line)s cannot be read as text. Save the file again as XLSX or as CSV in UTF-8 or GB 18030."
        ),
    }
    return FileRefused(f"encoding-{code}", messages[code], line=line)
