"""Pieces that papers about a draw are made of: digests in groups, numbers, chances, rows of facts."""

from collections.abc import Sequence
from datetime import datetime

from reportlab.platypus import Flowable, KeepTogether, Table, TableStyle

from reports.documents.notice_words import long_day
from reports.documents.paper import LINE, Sheet, headed
from reports.documents.typefaces import REGULAR
from supervision import clock
from supervision.draws.rules import code_groups

GROUPS_IN_LINE = 8


def groups(digest: str) -> str:
    """Return a digest in groups of four, as it is read out and compared."""
    return " ".join(code_groups(digest))


def lines_of_groups(digest: str) -> list[str]:
    """Return a digest in lines of eight groups, for print large enough to read on a wall."""
    found = code_groups(digest)
    return ["  ".join(found[start : start + GROUPS_IN_LINE]) for start in range(0, len(found), GROUPS_IN_LINE)]


def moment(text: str, language: str) -> str:
    """Return a moment of the protocol (2026-11-22T08:00:00Z) as documents write it, in the district's time."""
    local = clock.local(datetime.fromisoformat(text))
    return f"{long_day(local.date(), language)} {local:%H:%M:%S}"


def short_moment(text: str) -> str:
    """Return a moment of the protocol for a narrow column, in the district's time as everywhere else on the paper."""
    return f"{clock.local(datetime.fromisoformat(text)):%Y-%m-%d %H:%M:%S}"


def number(count: int, sheet: Sheet) -> Flowable:
    """Return a count for a column of numbers."""
    return sheet.text(f"{count:,}", sheet.cell_right)


def chance(selected: int, size: int, sheet: Sheet) -> Flowable:
    """Return the equal chance of the units of a stratum, as a fraction and in percent, rounded as on the pages."""
    share = selected * 100 / size if size else 0
    return sheet.text(f"{selected:,}/{size:,} = {share:.2f}%", sheet.cell_right)


def stack(lines: Sequence[Flowable]) -> Flowable:
    """Return paragraphs one above the other as one cell."""
    table = Table([[one] for one in lines], colWidths=["100%"])
    table.setStyle(TIGHT)
    return table


TIGHT = TableStyle(
    [
        ("FONTNAME", (0, 0), (-1, -1), REGULAR),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 0),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
    ]
)


def rows(pairs: Sequence[tuple[str, str]], sheet: Sheet, width: float, *, code: bool = False) -> Table:
    """Return facts, each with its name before it; ``code`` sets them as digests."""
    style = sheet.code if code else sheet.cell
    cells = [[sheet.text(name, sheet.cell_head), sheet.text(value, style)] for name, value in pairs]
    label = 36 * 72 / 25.4
    table = Table(cells, colWidths=[label, width - label])
    table.setStyle(FACTS)
    return table


FACTS = TableStyle(
    [
        ("FONTNAME", (0, 0), (-1, -1), REGULAR),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 1),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
        ("LINEBELOW", (0, 0), (-1, -1), 0.25, LINE),
    ]
)


def section(heading: str, table: Table, sheet: Sheet, *, lead: str = "") -> list[Flowable]:
    """Return a heading, perhaps a sentence, and a table; the heading never stands alone at the foot of a page."""
    said: list[Flowable] = [sheet.text(heading, sheet.heading)]
    if lead:
        said.append(sheet.text(lead, sheet.small))
    return headed(said, table)


def listed(heading: str, lines: Sequence[str], sheet: Sheet) -> list[Flowable]:
    """Return a heading and numbered sentences."""
    title = sheet.text(heading, sheet.heading)
    if len(lines) == 1:
        return [KeepTogether([title, sheet.text(lines[0])])]
    found = [sheet.text(line, sheet.listed, mark=f"{place}.") for place, line in enumerate(lines, start=1)]
    return [KeepTogether([title, *found[:2]]), *found[2:]]
