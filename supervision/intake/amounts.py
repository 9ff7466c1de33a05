"""Typed columns of lists: ratios, counts and several texts in one cell, in the ways departments write them."""

import re
from dataclasses import dataclass
from decimal import Decimal

from supervision.intake import complaints
from supervision.intake.cells import Cell, as_text, half_width
from supervision.intake.complaints import Wrong


@dataclass(frozen=True, slots=True)
class Lines:
    """Several texts in one cell, one a line or separated by ；; their order is kept.

    With lines, or where only some pieces have a bar (甲；乙|A; B), the ； belongs to the text.
    """

    most: int
    many: int

    def __call__(self, cell: Cell) -> list[str]:
        """Return the texts."""
        text = as_text(cell)
        pieces = re.split(r"[;；]", text)
        whole = "\n" in text or ("|" in text and not all("|" in piece for piece in pieces))
        found = [" ".join(part.split()) for part in (text.split("\n") if whole else pieces)]
        kept = [part for part in dict.fromkeys(found) if part]
        if len(kept) > self.many:
            raise Wrong(complaints.TOO_MANY_LINES, found=len(kept), most=self.many)
        for part in kept:
            if len(part) > self.most:
                raise Wrong(complaints.TOO_LONG, length=len(part), most=self.most)
        return kept


PERCENTAGE = re.compile(r"([0-9]{1,3}(?:[.][0-9]{1,20})?)(%?)")
WHOLE_PERCENT = Decimal(100)
FINEST_PERCENT = Decimal("0.01")
# a share such as 0.07 comes out of a spreadsheet as 0.07000000000000001
ROUNDING = Decimal("0.000001")


def percentage(cell: Cell) -> str:
    """Read a ratio written as 5%, as 5 or as 0.05; return it as a percentage such as ``5%``.

    Below 1 without a sign it is a share, as a spreadsheet keeps a cell shown as 5 %; 1 alone could be both, so it is
    asked back. Hundredths of a percent are the finest step of a list.
    """
    text = "".join(half_width(as_text(cell)).split()).replace("﹪", "%")
    if text.startswith("百分之"):
        text = text.removeprefix("百分之") + "%"
    found = PERCENTAGE.fullmatch(text)
    if found is None:
        raise Wrong(complaints.BAD_PERCENTAGE)
    number, sign = Decimal(found.group(1)), found.group(2)
    if not sign and number == 1:
        raise Wrong(complaints.ONE_OR_WHOLE)
    percent = number if sign or number > 1 else number * WHOLE_PERCENT
    rounded = percent.quantize(FINEST_PERCENT)
    if percent > WHOLE_PERCENT or abs(percent - rounded) > ROUNDING:
        raise Wrong(complaints.BAD_PERCENTAGE)
    return percent_text(rounded)


def percent_text(percent: Decimal) -> str:
    """Return a percentage as it stands in files, without idle zeros: ``5%``, ``2.5%``."""
    text = f"{percent:f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text}%"


NUMERALS = {**{sign: number for number, sign in enumerate("一二三四五六七八九十", 1)}, "两": 2}
AROUND = re.compile(
    r"(?<![0-9])[1一每全]年|每?年度|每?年|不超过|不多于|不少于|不低于|至少|至多|最多|最少|[/每次人名个]|分钟|times|minutes"
)


@dataclass(frozen=True, slots=True)
class Count:
    """A whole number between ``least`` and ``most``, with the words people put around it (每年1次, 2人, 90分钟)."""

    least: int
    most: int

    def __call__(self, cell: Cell) -> int:
        """Return the number."""
        words = AROUND.sub(" ", "".join(half_width(as_text(cell)).split()).casefold()).split()
        found = words[0] if len(words) == 1 else ""
        number = NUMERALS.get(found, int(found) if re.fullmatch(r"[0-9]{1,6}", found) else None)
        if number is None or not self.least <= number <= self.most:
            raise Wrong(complaints.BAD_COUNT, least=self.least, most=self.most)
        return number
