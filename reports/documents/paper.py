"""A4 sheets of official documents: margins, paragraph styles, page numbers, a code to scan.

``invariant`` leaves out clock and chance: the same data gives the same bytes, so a document can be known by its digest.
"""

import io
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any  # reportlab hands unknown keyword arguments through

import segno
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    PageTemplate,
    Paragraph,
    Table,
    TableStyle,
)

from reports.documents.archival import NO_MOMENT, describe
from reports.documents.typefaces import BOLD, REGULAR, covered, markup

INK, SOFT, RED, LINE, TINT = (HexColor(value) for value in ("#111827", "#4b5563", "#c8102e", "#9ca3af", "#f3f4f6"))
LEFT = RIGHT = 22 * mm
TOP, BOTTOM = 15 * mm, 18 * mm
WIDTH = A4[0] - LEFT - RIGHT
QUIET_ZONE = 2
CODE_SIZE = 25 * mm
# what stands above and below a heading or a sentence
HEADING_SPACE = 9

# (page, pages) -> text at the foot of the page
Foot = Callable[[int, int], str]
LANGUAGE_TAGS = {"zh": "zh-CN", "en": "en"}
# cells of a table: text, or what is drawn already
Cell = str | Flowable


class Sheet:
    """Paragraph styles of one language: Chinese breaks between any two characters, English between words."""

    def __init__(self, language: str) -> None:
        covered()
        wrap = "CJK" if language == "zh" else None
        # English says the same in more lines
        size, lead = (10, 15) if wrap else (9, 12.6)
        self.body = ParagraphStyle(
            "body", fontName=REGULAR, fontSize=size, leading=lead, textColor=INK, wordWrap=wrap, splitLongWords=1
        )
        self.indented = ParagraphStyle("indented", self.body, firstLineIndent=20 if wrap else 0, spaceAfter=2)
        self.heading = ParagraphStyle(
            "heading", self.body, fontName=BOLD, fontSize=size + 0.5, spaceBefore=5, spaceAfter=2
        )
        self.cell = ParagraphStyle("cell", self.body, fontSize=size - 0.5, leading=lead - 1.5)
        self.cell_right = ParagraphStyle("cell_right", self.cell, alignment=TA_RIGHT)
        self.cell_center = ParagraphStyle("cell_center", self.cell, alignment=TA_CENTER)
        self.cell_head = ParagraphStyle("cell_head", self.cell, fontName=BOLD)
        self.listed = ParagraphStyle("listed", self.body, leftIndent=15, bulletFontName=REGULAR, bulletFontSize=size)
        self.title = ParagraphStyle("title", self.body, fontName=BOLD, fontSize=18, leading=26, alignment=TA_CENTER)
        self.red_head = ParagraphStyle("red_head", self.title, fontSize=23, leading=31, textColor=RED)
        self.red_head_long = ParagraphStyle("red_head_long", self.red_head, fontSize=15, leading=20)
        self.red_line = ParagraphStyle("red_line", self.body, textColor=RED, alignment=TA_CENTER)
        self.addressee = ParagraphStyle("addressee", self.body, fontName=BOLD, spaceAfter=2)
        self.small = ParagraphStyle("small", self.body, fontSize=8.5, leading=12, textColor=SOFT)
        self.small_center = ParagraphStyle("small_center", self.small, alignment=TA_CENTER)
        # digests stand in groups of four that are never torn
        self.code = ParagraphStyle("code", self.body, fontSize=7.4, leading=10.5, wordWrap=None)
        self.code_large = ParagraphStyle(
            "code_large", self.code, fontName=BOLD, fontSize=15, leading=23, alignment=TA_CENTER
        )
        self.code_check = ParagraphStyle("code_check", self.code, fontSize=9)
        self.code_wall = ParagraphStyle("code_wall", self.code_large, fontSize=21, leading=31)

    def text(self, text: str, style: ParagraphStyle | None = None, *, mark: str | None = None) -> Paragraph:
        """Return ``text`` as a paragraph, ``mark`` hanging before it; nothing in it is read as markup."""
        return Paragraph(markup(text), style or self.body, bulletText=mark)

    def table(
        self, head: Sequence[str], rows: Sequence[Sequence[Cell]], widths: Sequence[float], *, whole: bool = False
    ) -> Table:
        """Return a ruled table over the whole width; ``widths`` are shares of it. Its head repeats on each page.

        ``whole`` keeps each row on one page; else a row longer than a page goes on over the next.
        """
        total = sum(widths)
        cells: list[list[Flowable]] = [[self.text(value, self.cell_head) for value in head]]
        cells += [[self.text(one, self.cell) if isinstance(one, str) else one for one in row] for row in rows]
        table = Table(
            cells, colWidths=[WIDTH * share / total for share in widths], repeatRows=1, splitInRow=0 if whole else 1
        )
        table.setStyle(RULED)
        return table


RULED = TableStyle(
    [
        ("FONTNAME", (0, 0), (-1, -1), REGULAR),
        ("GRID", (0, 0), (-1, -1), 0.5, LINE),
        ("BACKGROUND", (0, 0), (-1, 0), TINT),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("TOPPADDING", (0, 0), (-1, -1), 2.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
    ]
)


TITLED = TableStyle(
    [
        ("FONTNAME", (0, 0), (-1, -1), REGULAR),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 0),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
    ]
)


def headed(above: Sequence[Flowable], table: Table, *, rows: int = 1) -> list[Flowable]:
    """Return a table under what heads it, which never stands at the foot of a page without the first ``rows``."""
    table.wrap(WIDTH, A4[1])
    # reportlab keeps the heights it computed nowhere else; its types do not know them
    heights: list[float] = table._rowHeights  # type: ignore[attr-defined]
    first = sum(heights[: int(table.repeatRows) + rows])
    room = first + sum(one.wrap(WIDTH, A4[1])[1] + HEADING_SPACE for one in above)
    # a row longer than that is torn, wherever it begins
    return [CondPageBreak(min(room, A4[1] / 2)), *above, table]


def titled(named: list[Flowable], verify_url: str, scan: str, sheet: Sheet) -> list[Flowable]:
    """Return what names the paper, and at its right the code that leads to the page of this paper, if it has one."""
    if not verify_url:
        return named
    code = [Code(verify_url, size=CODE_SIZE), sheet.text(scan, sheet.small_center)]
    # as much room at the left, so that the title stays in the middle
    table = Table([["", named, code]], colWidths=[CODE_SIZE, WIDTH - 2 * CODE_SIZE, CODE_SIZE])
    table.setStyle(TITLED)
    return [table]


class Rule(Flowable):
    """A line across the page, as under the red head."""

    def __init__(self, *, thickness: float, color: Color) -> None:
        super().__init__()
        self.width, self.height = WIDTH, thickness + 2
        self.thickness, self.color = thickness, color

    def draw(self) -> None:
        """Draw it."""
        self.canv.setStrokeColor(self.color)
        self.canv.setLineWidth(self.thickness)
        self.canv.line(0, 1, self.width, 1)


class Code(Flowable):
    """A QR code of vector squares, ``size`` points wide with its quiet zone."""

    def __init__(self, content: str, *, size: float) -> None:
        super().__init__()
        self.matrix = segno.make(content, error="m", micro=False).matrix
        self.width = self.height = size

    def draw(self) -> None:
        """Draw it as one path, so that no hair lines show between the squares."""
        unit = self.width / (len(self.matrix) + 2 * QUIET_ZONE)
        path = self.canv.beginPath()
        for row, line in enumerate(self.matrix):
            for column, dark in enumerate(line):
                if dark:
                    top = self.height - (row + QUIET_ZONE + 1) * unit
                    path.rect((column + QUIET_ZONE) * unit, top, unit, unit)
        self.canv.setFillColor(INK)
        self.canv.drawPath(path, stroke=0, fill=1)


def build(
    story: list[Flowable],
    *,
    title: str,
    author: str,
    language: str,
    foot: Foot,
    identifier: str = "",
    moment: datetime = NO_MOMENT,
    head: str = "",
) -> bytes:
    """Lay ``story`` out on numbered A4 sheets and return the PDF; ``head`` stands on every sheet but the first."""
    stream = io.BytesIO()
    covered()
    tag = LANGUAGE_TAGS[language]
    document = BaseDocTemplate(
        stream, pagesize=A4, invariant=1, initialFontName=REGULAR, lang=tag, title=title, author=author
    )
    area = Frame(
        LEFT, BOTTOM, WIDTH, A4[1] - TOP - BOTTOM, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0
    )
    document.addPageTemplates(PageTemplate("sheet", [area]))

    def finish(canvas: Canvas) -> None:
        described = {"title": title, "author": author, "identifier": identifier}
        describe(canvas, **described, language=tag, moment=moment)

    document.build(story, canvasmaker=_numbered(foot, head, finish))
    return stream.getvalue()


def _numbered(foot: Foot, head: str, finish: Callable[[Canvas], None]) -> type[Canvas]:
    class Numbered(Canvas):
        """Keeps the pages back until their number is known."""

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **{**kwargs, "pdfVersion": (1, 7)})
            self.kept: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802 - reportlab's name
            self.kept.append(dict(self.__dict__))
            self._startPage()  # type: ignore[attr-defined]  # missing in the stubs

        def save(self) -> None:
            for number, page in enumerate(self.kept, start=1):
                self.__dict__.update(page)
                self.setFont(REGULAR, 9)
                self.setFillColor(SOFT)
                self.drawCentredString(A4[0] / 2, 12 * mm, foot(number, len(self.kept)))
                if head and number > 1:
                    self.drawRightString(A4[0] - RIGHT, A4[1] - 10 * mm, head)
                super().showPage()
            finish(self)
            super().save()

    return Numbered
