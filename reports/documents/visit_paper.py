"""The papers of a visit beside its notice: one drawing for all, for each is plain blocks in one language."""

import io
from collections.abc import Callable, Sequence
from typing import Any  # each block has its own drawing

from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Image, KeepTogether, Spacer, Table, TableStyle

from joint_inspections.papers import rules
from joint_inspections.papers.rules import PaperData
from reports.documents.notice_words import full_name
from reports.documents.paper import LINE, RED, TINT, WIDTH, Cell, Rule, Sheet, build, headed, titled
from reports.documents.typefaces import REGULAR, printable

SEAL_HEIGHT = 22 * mm
LINE_HEIGHT = 8.5 * mm
LINES_BEGUN = 4
MOST_IN_HEAD = 4
SEALS_IN_ROW = 3
LABEL_SHARE, VALUE_SHARE = 1.0, 3.6
SIGNED_SHARE = 0.66
HANGING = 28
DRAWN_IN_ROW, DRAWN_WIDTH, DRAWN_HEIGHT = 3, 50 * mm, 16 * mm
SHORT_CELL = 300

GRID: list[Any] = [
    ("FONTNAME", (0, 0), (-1, -1), REGULAR),
    ("GRID", (0, 0), (-1, -1), 0.5, LINE),
    ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ("TOPPADDING", (0, 0), (-1, -1), 2.5),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
]


def draw_visit_paper(data: PaperData) -> bytes:
    """Return the paper as a PDF: the same data gives the same bytes."""
    sheet, bodies = Sheet(data.language), _bodies(data)
    story = [*_head(data, bodies, sheet), *_opening(data, sheet)]
    for block in data.blocks:
        story += DRAWN[type(block)](block, data, sheet)
    number = printable(data.number or data.number_line)
    return build(
        story,
        title=f"{data.title} {number}".strip(),
        author=printable(", ".join(bodies)),
        language=data.language,
        foot=lambda page, pages: data.foot.format(number=number, page=page, pages=pages),
        identifier=data.number,
    )


def _bodies(data: PaperData) -> list[str]:
    return [full_name(data.district, name, data.language) for name in data.bodies] or [data.district]


def _head(data: PaperData, bodies: list[str], sheet: Sheet) -> list[Flowable]:
    shown = bodies if len(bodies) <= MOST_IN_HEAD else [bodies[0], data.others.format(count=len(bodies))]
    short = data.language == "zh" and len(shown) == 1
    found: list[Flowable] = [sheet.text(name, sheet.red_head if short else sheet.red_head_long) for name in shown]
    if data.language == "en":
        found.append(sheet.text(data.district, sheet.red_line))
    found += [Spacer(1, 2 * mm), Rule(thickness=1.8, color=RED), Spacer(1, 3 * mm)]
    named: list[Flowable] = [sheet.text(data.title, sheet.title), sheet.text(data.number_line, sheet.small_center)]
    if data.remark:
        named.append(sheet.text(data.remark, sheet.small_center))
    found += titled(named, data.verify_url, data.scan, sheet)
    return [*found, Spacer(1, 2 * mm)]


def _opening(data: PaperData, sheet: Sheet) -> list[Flowable]:
    """Whom the paper addresses and why."""
    addressed: list[Flowable] = [sheet.text(data.addressee, sheet.addressee)] if data.addressee else []
    return [*addressed, *(sheet.text(text, sheet.indented) for text in data.opening)]


def _facts(block: rules.Facts, data: PaperData, sheet: Sheet) -> list[Flowable]:  # noqa: ARG001 - drawn alike
    total = LABEL_SHARE + VALUE_SHARE
    rows = [[sheet.text(label, sheet.cell_head), _cell(value, sheet)] for label, value in block.pairs]
    widths = [WIDTH * LABEL_SHARE / total, WIDTH * VALUE_SHARE / total]
    table = Table(rows, colWidths=widths, splitInRow=0 if _short(block.pairs) else 1)
    table.setStyle(TableStyle([*GRID, ("BACKGROUND", (0, 0), (0, -1), TINT)]))
    return headed([_heading(block.heading, sheet)], table) if block.heading else [table]


def _table(block: rules.Table, data: PaperData, sheet: Sheet) -> list[Flowable]:  # noqa: ARG001 - drawn alike
    rows: list[list[Cell]] = [[_cell(value, sheet) for value in row] for row in block.rows]
    table = sheet.table(block.head, rows, block.widths, whole=_short(block.rows))
    return headed([_heading(block.heading, sheet)], table)


def _short(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether every row fits on a sheet: only where one might not is it torn."""
    return max((len(value) for row in rows for value in row), default=0) < SHORT_CELL


def _lines(block: rules.Lines, data: PaperData, sheet: Sheet) -> list[Flowable]:  # noqa: ARG001 - drawn alike
    if block.numbered and len(block.lines) > 1:
        lines = [sheet.text(text, sheet.listed, mark=f"{no}.") for no, text in enumerate(block.lines, start=1)]
    else:
        lines = [sheet.text(one) for text in block.lines for one in text.splitlines() or [""]]
    return [KeepTogether([_heading(block.heading, sheet), *lines[:2]]), *lines[2:]]


def _dialogue(block: rules.Dialogue, data: PaperData, sheet: Sheet) -> list[Flowable]:  # noqa: ARG001 - drawn alike
    hanging = ParagraphStyle("hanging", sheet.listed, leftIndent=HANGING)
    found: list[Flowable] = [_heading(block.heading, sheet)]
    for pair in block.pairs:
        said: list[Flowable] = []
        for mark, text in zip(block.marks, pair, strict=True):
            first, *rest = text.splitlines() or [""]
            said.append(sheet.text(first, hanging, mark=mark))
            said += [sheet.text(line, hanging) for line in rest]
        # the heading goes with the first of them
        before = found if len(found) == 1 else []
        found = [*found[len(before) :], KeepTogether([*before, *said[:2]]), *said[2:], Spacer(1, 1.5 * mm)]
    return found


def _writing(block: rules.Writing, data: PaperData, sheet: Sheet) -> list[Flowable]:  # noqa: ARG001 - drawn alike
    table = Table([[""]] * block.lines, colWidths=[WIDTH], rowHeights=[LINE_HEIGHT] * block.lines)
    table.setStyle(TableStyle([*GRID[:1], ("LINEBELOW", (0, 0), (-1, -1), 0.5, LINE)]))
    # many lines go on over the next sheet rather than leave this one half empty
    return headed([_heading(block.heading, sheet)], table, rows=min(block.lines, LINES_BEGUN))


def _signatures(block: rules.Signatures, data: PaperData, sheet: Sheet) -> list[Flowable]:  # noqa: ARG001 - drawn alike
    # who signed already needs no day to write in
    rows = [
        [sheet.text(f"{label}{known}", sheet.cell), "" if known else sheet.text(block.day, sheet.cell_right)]
        for label, known in block.lines
    ]
    spans = [("SPAN", (0, row), (1, row)) for row, (_, known) in enumerate(block.lines) if known]
    table = Table(rows, colWidths=[WIDTH * SIGNED_SHARE, WIDTH * (1 - SIGNED_SHARE)])
    table.setStyle(
        TableStyle(
            [
                *GRID[:1],
                *spans,
                ("VALIGN", (0, 0), (-1, -1), "BOTTOM"),
                ("LINEBELOW", (0, 0), (-1, -1), 0.5, LINE),
                ("TOPPADDING", (0, 0), (-1, -1), 5 * mm),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 0),
            ]
        )
    )
    said = [sheet.text(line) for line in block.text.splitlines()]
    return [Spacer(1, 2 * mm), KeepTogether([_heading(block.heading, sheet), *said, table])]


def _seals(block: rules.Seals, data: PaperData, sheet: Sheet) -> list[Flowable]:
    columns = min(SEALS_IN_ROW, len(block.bodies))
    rows: list[list[object]] = []
    for start in range(0, len(block.bodies), columns):
        part = block.bodies[start : start + columns]
        rest = [""] * (columns - len(part))
        names = [
            [
                sheet.text(full_name(data.district, name, data.language), sheet.cell_center),
                sheet.text(phone, sheet.small_center),
            ]
            for name, phone in part
        ]
        places = [[Spacer(1, SEAL_HEIGHT), sheet.text(block.seal, sheet.small_center)] for _ in part]
        rows += [[*names, *rest], [*places, *rest]]
    table = Table(rows, colWidths=[WIDTH / columns] * columns)
    table.setStyle(TableStyle([*GRID[:1], ("BOX", (0, 0), (-1, -1), 0.5, LINE)]))
    table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LINEBEFORE", (1, 0), (-1, -1), 0.5, LINE)]))
    return [Spacer(1, 2 * mm), KeepTogether([_heading(block.heading, sheet), table])]


def _heading(text: str, sheet: Sheet) -> Flowable:
    return sheet.text(text, sheet.heading)


def _drawings(block: rules.Drawings, data: PaperData, sheet: Sheet) -> list[Flowable]:
    """Draw signatures in small, each over whose it is and its digest."""
    cells: list[list[Flowable]] = []
    for who, digest in block.drawn:
        picture = data.pictures.get(digest)
        shown: list[Flowable] = [_drawing(picture)] if picture else []
        cells.append([*shown, sheet.text(who, sheet.cell), sheet.text(_grouped(digest), sheet.code)])
    rest: list[list[Flowable]] = [[] for _ in range(-len(cells) % DRAWN_IN_ROW)]
    rows = [[*cells, *rest][start : start + DRAWN_IN_ROW] for start in range(0, len(cells), DRAWN_IN_ROW)]
    table = Table(rows, colWidths=[WIDTH / DRAWN_IN_ROW] * DRAWN_IN_ROW)
    table.setStyle(TableStyle([*GRID, ("VALIGN", (0, 0), (-1, -1), "TOP")]))
    return headed([_heading(block.heading, sheet)], table)


def _drawing(picture: bytes) -> Flowable:
    image = Image(io.BytesIO(picture), DRAWN_WIDTH, DRAWN_HEIGHT, kind="proportional")
    image.hAlign = "LEFT"
    return image


def _grouped(digest: str) -> str:
    """Return a digest in groups of four, so that it can be torn and compared."""
    return " ".join(digest[start : start + 4] for start in range(0, len(digest), 4))


def _cell(value: str, sheet: Sheet) -> Any:
    """Return a cell with a paragraph for each line of ``value``."""
    lines = value.splitlines() or [""]
    return sheet.text(lines[0], sheet.cell) if len(lines) == 1 else [sheet.text(line, sheet.cell) for line in lines]


DRAWN: dict[type, Callable[[Any, PaperData, Sheet], list[Flowable]]] = {
    rules.Facts: _facts,
    rules.Table: _table,
    rules.Lines: _lines,
    rules.Dialogue: _dialogue,
    rules.Writing: _writing,
    rules.Signatures: _signatures,
    rules.Seals: _seals,
    rules.Drawings: _drawings,
}
