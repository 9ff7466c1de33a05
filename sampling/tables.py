"""Section 1, the tables: frame, excluded, roster, ties and mapping, line by line.

Text is UTF-8 without BOM, columns are separated by TAB, every line ends in LF, an empty table has 0 bytes.
Lines are sorted by bytes and none occurs twice, so that the same facts always give the same digest.
"""

import io
import operator
import re
import sys
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import AnyStr

from sampling import frame_lines, identifiers
from sampling.errors import FileError, NotationError
from sampling.frame_lines import decoded_lines, frame_columns, frame_parts

FRAME = frame_lines.FRAME
EXCLUDED = "excluded.tsv"
ROSTER = "roster.tsv"
TIES = "ties.tsv"
MAPPING = "mapping.tsv"

ALL_QUALIFICATIONS = "*"
NO_QUALIFICATION = "-"
_PAIRS = re.compile(rf"(?:{identifiers.IDENTIFIER}\t{identifiers.IDENTIFIER}\n)*".encode())
_LONGEST_TEXT = 256


@dataclass(frozen=True, slots=True)
class Frame:
    """The frozen pool (抽取对象名单): parallel columns, sorted by unit; public strata have no salts."""

    units: tuple[str, ...]
    strata: tuple[str, ...]
    salts: tuple[str, ...] = ()

    def __len__(self) -> int:
        """Count the units that could be drawn."""
        return len(self.units)

    def position(self, unit: str) -> int | None:
        """Give the unit's line, counted from 0, or None."""
        return _position(self.units, unit)

    def stratum_of(self, unit: str) -> str | None:
        """Give the unit's stratum, or None when it is not in the pool."""
        position = self.position(unit)
        return None if position is None else self.strata[position]

    def sizes(self) -> dict[str, int]:
        """Give N of every stratum, sorted by stratum."""
        return dict(sorted(Counter(self.strata).items()))

    def units_of(self, stratum: str) -> Iterator[str]:
        """Walk through the units of one stratum without copying the pool."""
        lines = zip(self.units, self.strata, strict=True)
        return (unit for unit, its_stratum in lines if its_stratum == stratum)


@dataclass(frozen=True, slots=True)
class Excluded:
    """Every other unit of the register, each with the coded reason why it could not be drawn."""

    units: tuple[str, ...]
    reasons: tuple[str, ...]

    def __len__(self) -> int:
        """Count the units left out."""
        return len(self.units)

    def position(self, unit: str) -> int | None:
        """Give the unit's line, counted from 0, or None."""
        return _position(self.units, unit)


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One inspector under a pseudonym: department, most visits, load carried in, item codes.

    `qualifications` is `("*",)` for all and `()` for none.
    """

    inspector: str
    department: str
    cap: int
    prior: int
    qualifications: tuple[str, ...] = (ALL_QUALIFICATIONS,)

    def is_qualified(self, codes: tuple[str, ...]) -> bool:
        """Tell whether the inspector holds all of the codes (section 6)."""
        return self.qualifications == (ALL_QUALIFICATIONS,) or set(codes) <= set(self.qualifications)


@dataclass(frozen=True, slots=True)
class MappingLine:
    """Who is who: a pseudonym, the certificate number behind it, and the salt that hides it."""

    pseudonym: str
    certificate: str
    salt: str


Tie = tuple[str, str]


def lines_of(data: bytes) -> list[bytes]:
    """Give a table's lines without LF: the entries of its Merkle tree."""
    return data.split(b"\n")[:-1]


def each_line(data: bytes) -> Iterator[bytes]:
    """Give the same lines one at a time."""
    return (line[:-1] for line in io.BytesIO(data))


def count_lines(data: bytes) -> int:
    """Count a table's lines."""
    return data.count(b"\n")


def parse_frame(data: bytes, *, salted: bool) -> Frame:
    """Read frame.tsv; with `salted`, as confidential strata have it, a third column is required."""
    units: list[str] = []
    strata: list[str] = []
    salts: list[str] = []
    columns = frame_columns(salted=salted)
    for part in frame_parts(io.BytesIO(data), salted=salted):
        cells = part.decode("ascii").replace("\n", "\t").split("\t")[:-1]
        units += cells[::columns]
        # A million lines share a handful of strata: keep one text of each.
        strata += map(sys.intern, cells[1::columns])
        if salted:
            salts += cells[2::columns]
    check_rising(units, FRAME)
    return Frame(units=tuple(units), strata=tuple(strata), salts=tuple(salts))


def parse_excluded(data: bytes) -> Excluded:
    """Read excluded.tsv."""
    # Nearly a whole register stands here: a file that is right is read at once, a wrong one line by line.
    if _PAIRS.fullmatch(data):
        cells = data.decode("ascii").replace("\n", "\t").split("\t")[:-1]
        units, reasons = cells[::2], cells[1::2]
    else:
        rows = [_excluded_row(row) for row in _rows(data, EXCLUDED, columns=2)]
        units, reasons = [unit for unit, _ in rows], [reason for _, reason in rows]
    check_rising(units, EXCLUDED)
    return Excluded(units=tuple(units), reasons=tuple(map(sys.intern, reasons)))


def _excluded_row(row: list[str]) -> tuple[str, str]:
    unit, reason = row
    return identifiers.identifier(unit, what="unit"), identifiers.identifier(reason, what="reason")


def parse_roster(data: bytes) -> tuple[RosterLine, ...]:
    """Read roster.tsv."""
    lines = [_roster_line(row) for row in _rows(data, ROSTER, columns=5)]
    check_rising([line.inspector for line in lines], ROSTER)
    return tuple(lines)


def _roster_line(row: list[str]) -> RosterLine:
    inspector, department, cap, prior, qualifications = row
    return RosterLine(
        inspector=identifiers.identifier(inspector, what="inspector"),
        department=identifiers.department_code(department),
        cap=identifiers.number(cap, what="cap"),
        prior=identifiers.number(prior, what="prior"),
        qualifications=parse_qualifications(qualifications),
    )


def parse_qualifications(text: str) -> tuple[str, ...]:
    """Read the last column of the roster: item codes joined by `,`, sorted; `*` all; `-` none."""
    if text == ALL_QUALIFICATIONS:
        return (ALL_QUALIFICATIONS,)
    if text == NO_QUALIFICATION:
        return ()
    codes = tuple(identifiers.qualification(code) for code in text.split(","))
    if any(first >= second for first, second in pairwise(codes)):
        raise NotationError("qualifications-unsorted", value=ascii(text)[:80])
    return codes


def parse_ties(data: bytes) -> tuple[Tie, ...]:
    """Read ties.tsv; a row naming somebody absent is allowed and has no effect."""
    ties = [
        (identifiers.identifier(inspector, what="inspector"), identifiers.identifier(unit, what="unit"))
        for inspector, unit in _rows(data, TIES, columns=2)
    ]
    check_rising(["\t".join(tie) for tie in ties], TIES)
    return tuple(ties)


def parse_mapping(data: bytes) -> tuple[MappingLine, ...]:
    """Read mapping.tsv."""
    lines = [_mapping_line(row) for row in _rows(data, MAPPING, columns=3)]
    check_rising([line.pseudonym for line in lines], MAPPING)
    return tuple(lines)


def _mapping_line(row: list[str]) -> MappingLine:
    pseudonym, certificate, salt = row
    return MappingLine(
        pseudonym=identifiers.identifier(pseudonym, what="inspector"),
        certificate=certificate_number(certificate),
        salt=identifiers.salt(salt, what="salt"),
    )


def certificate_number(text: str) -> str:
    """Give a certificate number back: any printable text, since it is written as the issuer writes it."""
    if 0 < len(text) <= _LONGEST_TEXT and text.isprintable() and text == text.strip():
        return text
    raise NotationError("certificate-malformed", value=ascii(text)[:80])


def _rows(data: bytes, file: str, *, columns: int) -> Iterator[list[str]]:
    for number, line in enumerate(decoded_lines(data, file), 1):
        if not line.endswith("\n"):
            raise FileError("line-without-end", file=file, line=number)
        row = line[:-1].split("\t")
        if len(row) != columns:
            raise FileError("line-columns", file=file, line=number, columns=columns, found=len(row))
        yield row


def check_rising(names: Sequence[str], file: str, *, first: int = 1) -> None:
    """Refuse names that are not sorted or not each there once; `first` is the line the first of them stands in."""
    if is_rising(names):
        return
    # Names are ASCII and TAB comes before every character of a name, so texts compare as the bytes of lines.
    for number, (name, second) in enumerate(pairwise(names), first + 1):
        if name == second:
            raise FileError("line-duplicate", file=file, line=number, value=_shown(second))
        if name > second:
            raise FileError("line-unsorted", file=file, line=number, value=_shown(second))


def is_rising(names: Sequence[AnyStr]) -> bool:
    """Tell whether each name comes before the next one."""
    return all(map(operator.lt, names, islice(names, 1, None)))


def _shown(name: str) -> str:
    return name.replace("\t", " ")


def _position(units: tuple[str, ...], unit: str) -> int | None:
    position = bisect_left(units, unit)
    return position if position < len(units) and units[position] == unit else None
