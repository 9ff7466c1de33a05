"""Cells as they come out of a file, and the cleaning of their text."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from supervision.intake import complaints
from supervision.intake.complaints import Wrong


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell whose value is not in the file: a spreadsheet error (``#N/A``) or a formula never calculated."""

    error: str = ""


Cell = str | int | float | bool | date | datetime | BadCell | None

FULL_WIDTH = {0xFF01 + offset: 0x21 + offset for offset in range(94)} | {0x3000: 0x20}
# where GB 18030-2000 had no Unicode character yet, its private code points and today's characters (GB 18030-2022)
PRIVATE_NOW_PUBLIC = str.maketrans(
    {
        **{chr(0xE78D + offset): chr(0xFE10 + offset) for offset in range(2)},
        "\ue78f": "\ufe11", "\ue790": "\ufe13", "\ue791": "\ufe14", "\ue792": "\ufe15", "\ue793": "\ufe16",
        "\ue794": "\ufe17", "\ue795": "\ufe18", "\ue796": "\ufe19",
        "\ue81e": "\u9fb4", "\ue826": "\u9fb5", "\ue82b": "\u9fb6", "\ue82c": "\u9fb7", "\ue832": "\u9fb8",
        "\ue843": "\u9fb9", "\ue854": "\u9fba", "\ue864": "\u9fbb",
        # the same sheet's characters that GBK fonts kept in private places
        "\ue816": "\U00020087", "\ue817": "\U00020089", "\ue818": "\U000200cc", "\ue831": "\U000215d7",
        "\ue83b": "\U0002298f", "\ue855": "\U000241fe", "\ue863": "\u4dae",
    }
)  # fmt: skip
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
KEPT_DIGITS = re.compile(r'^="([^"]*)"$')
HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs"})
DAMAGED = re.compile("[\ufffd\ue000-\uf8ff]|锟斤拷|烫烫烫")
PLAIN = re.compile(r"[ -~\u4e00-\u9fff（）、，。：；—·“”《》]*")
LARGEST_EXACT = 10**15


def half_width(text: str) -> str:
    """Return ``text`` with full-width digits, letters and signs as the half-width ones people meant."""
    return text.translate(FULL_WIDTH)


def shown(cell: Cell) -> str:
    """Return the cell as text for people."""
    if cell is None:
        return ""
    if isinstance(cell, BadCell):
        return cell.error
    if isinstance(cell, datetime):
        midnight = not (cell.hour or cell.minute or cell.second)
        return cell.date().isoformat() if midnight else cell.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < LARGEST_EXACT:
        return str(int(cell))
    return str(cell)


def is_blank(cell: Cell) -> bool:
    """Say whether nothing is written in the cell."""
    return cell is None or (isinstance(cell, str) and (not cell or cell.isspace()))


def as_text(cell: Cell) -> str:
    """Return the cleaned text of a cell: trimmed, NFC, the exporters' protections taken off, nothing hidden in it."""
    if isinstance(cell, BadCell):
        raise Wrong(complaints.ERROR_CELL, error=cell.error) if cell.error else Wrong(complaints.EMPTY_FORMULA)
    text = (cell if isinstance(cell, str) else shown(cell)).strip()
    if text[:1] in ("'", "=", "\u2019"):
        text = _unprotected(text)
    if PLAIN.fullmatch(text) and "锟斤拷" not in text and "烫烫烫" not in text:
        return text
    text = unicodedata.normalize("NFC", text.translate(PRIVATE_NOW_PUBLIC)).replace("\r\n", "\n")
    refuse_hidden(text)
    return text


def _unprotected(text: str) -> str:
    """Take off what keeps a spreadsheet from calculating: our exporter's apostrophe, and ="…" around digits."""
    if text[:1] in ("'", "\u2019") and text[1:].startswith(FORMULA_STARTS):
        return text[1:].strip()
    kept = KEPT_DIGITS.match(text)
    return kept.group(1).strip() if kept else text


def refuse_hidden(text: str) -> None:
    """Refuse damaged text and characters that nobody sees, which make two names look alike."""
    if DAMAGED.search(text):
        raise Wrong(complaints.DAMAGED_TEXT)
    for character in text:
        if character != "\n" and unicodedata.category(character) in HIDDEN_CATEGORIES:
            raise Wrong(complaints.HIDDEN, character=f"U+{ord(character):04X}")
