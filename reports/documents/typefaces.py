"""The typefaces of printed documents, and text made safe to print with them.

Every font is embedded as a subset, so that a document looks the same on every machine and can be kept for decades.
"""

import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import paragraph

from reports.documents.line_breaks import Line, break_lines

FONTS = Path(__file__).parent / "fonts"
REGULAR, BOLD = "NotoSansSC", "NotoSansSC-Bold"
MISSING = "〓"  # the printers' mark for a character that is not in the case
INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


@cache
def covered() -> frozenset[int]:
    """Register both fonts with the PDF library; return the code points they hold."""
    glyphs: list[frozenset[int]] = []
    for name, file in ((REGULAR, "NotoSansSC-Regular.ttf"), (BOLD, "NotoSansSC-Bold.ttf")):
        font = TTFont(name, str(FONTS / file))
        pdfmetrics.registerFont(font)
        glyphs.append(frozenset(font.face.charToGlyph))
    # the PDF library breaks lines after the rules of Japanese, and hangs marks out of their cell
    paragraph.wordSplit = _split  # type: ignore[attr-defined]  # missing in the stubs
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)
    return glyphs[0] & glyphs[1]


def _split(text: str, available: Sequence[float], font: str, size: float) -> list[Line]:
    return break_lines(text, [pdfmetrics.stringWidth(char, font, size) for char in text], available)


def printable(text: str) -> str:
    """Return ``text`` as it can be printed: invisible characters gone, those without a glyph named by their number.

    A character the font lacks must not vanish from somebody's name: it becomes ``〓(U+20BB7)``.
    """
    known = covered()
    parts = []
    for char in unicodedata.normalize("NFC", text):
        if char in "\n\t":
            parts.append(" ")
        elif unicodedata.category(char) in INVISIBLE:
            continue
        else:
            parts.append(char if ord(char) in known else f"{MISSING}(U+{ord(char):04X})")
    return "".join(parts)


def markup(text: str) -> str:
    """Return ``text`` for a paragraph: printable, and with nothing that could be read as markup."""
    return escape(printable(text))
