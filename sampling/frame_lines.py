"""Section 1, frame.tsv: its lines, read part by part, so that a national register takes no memory."""

import io
import re
from collections.abc import Iterator
from typing import IO

from sampling import identifiers
from sampling.errors import FileError, NotationError

FRAME = "frame.tsv"

_LINE = re.compile(rf"({identifiers.IDENTIFIER})\t({identifiers.IDENTIFIER})(?:\t([0-9a-f]{{32}}))?\n")
_PAIRS = re.compile(rf"(?:{identifiers.IDENTIFIER}\t{identifiers.IDENTIFIER}\n)*".encode())
_SALTED_PAIRS = re.compile(rf"(?:{identifiers.IDENTIFIER}\t{identifiers.IDENTIFIER}\t[0-9a-f]{{32}}\n)*".encode())
_PART = 1 << 20


def frame_columns(*, salted: bool) -> int:
    """Give the number of columns of frame.tsv."""
    return 3 if salted else 2


def frame_parts(stream: IO[bytes], *, salted: bool) -> Iterator[bytes]:
    """Give frame.tsv part by part, each of whole lines of the right form; their order is left to be checked."""
    form = _SALTED_PAIRS if salted else _PAIRS
    number = 1
    while lines := stream.readlines(_PART):
        part = b"".join(lines)
        if form.fullmatch(part) is None:
            _check_frame_lines(part, first=number, salted=salted)
        number += len(lines)
        yield part


def _check_frame_lines(part: bytes, *, first: int, salted: bool) -> None:
    """Find the line that is wrong and say what is."""
    for number, line in enumerate(decoded_lines(part, FRAME), first):
        match = _LINE.fullmatch(line)
        if match is None or (match[3] is not None) != salted:
            raise _line_error(line, number=number, columns=frame_columns(salted=salted))


def decoded_lines(data: bytes, file: str) -> Iterator[str]:
    """Walk through the lines with their LF, one at a time."""
    for line in io.BytesIO(data):
        try:
            yield line.decode("utf-8")
        except UnicodeDecodeError as error:
            raise NotationError("text-not-utf8", file=file) from error


def _line_error(line: str, *, number: int, columns: int) -> FileError | NotationError:
    row = line.rstrip("\n").split("\t")
    if not line.endswith("\n"):
        return FileError("line-without-end", file=FRAME, line=number)
    if len(row) != columns:
        return FileError("line-columns", file=FRAME, line=number, columns=columns, found=len(row))
    for what, value in (("unit", row[0]), ("stratum", row[1])):
        if not identifiers.is_identifier(value):
            return NotationError("identifier-malformed", what=what, value=ascii(value)[:80])
    return NotationError("salt-malformed", what="salt", value=ascii(row[-1])[:80])
