"""行政检查通知书: the notice handed to the entity before anybody enters (R-3.09, R-3.11, domain 3.2)."""

from itertools import groupby

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Spacer, Table, TableStyle

from joint_inspections.notices.rules import NoticeData
from reports.documents.notice_words import Words, issuer, long_day, words
from reports.documents.paper import LINE, RED, WIDTH, Code, Rule, Sheet, build
from reports.documents.typefaces import REGULAR, printable

CODE_SIZE = 30 * mm


def draw_notice(data: NoticeData) -> bytes:
    """Return the notice as a PDF: the same data gives the same bytes."""
    said, sheet = words(data.language), Sheet(data.language)
    story: list[Flowable] = [
        *_head(data, said, sheet),
        *_opening(data, said, sheet),
        *_departments(data, said, sheet),
        *_team(data, said, sheet),
        *_lists(data, said, sheet),
        _closing(data, said, sheet),
        _receipt(said, sheet),
    ]
    number = printable(data.number)
    return build(
        story,
        title=f"{said.title} {number}",
        author=printable(", ".join(_issuer(data))),
        language=data.language,
        foot=lambda page, pages: said.foot.format(number=number, page=page, pages=pages),
    )


def _issuer(data: NoticeData) -> tuple[str, ...]:
    first = data.departments[0].name if data.departments else ""
    return issuer(data.district, first, data.language)


def _head(data: NoticeData, said: Words, sheet: Sheet) -> list[Flowable]:
    first, *rest = _issuer(data)
    return [
        sheet.text(first, sheet.red_head if data.language == "zh" else sheet.red_head_long),
        *(sheet.text(line, sheet.red_line) for line in rest),
        Spacer(1, 3 * mm),
        Rule(thickness=1.8, color=RED),
        Spacer(1, 6 * mm),
        sheet.text(said.title, sheet.title),
        sheet.text(said.number.format(number=data.number), sheet.small_center),
        Spacer(1, 4 * mm),
    ]


def _opening(data: NoticeData, said: Words, sheet: Sheet) -> list[Flowable]:
    opening = said.opening.format(planned=long_day(data.planned_on, data.language), address=data.address or "—")
    if len(data.departments) > 1:
        opening += ("" if data.language == "zh" else " ") + said.joint
    return [
        sheet.text(said.addressee.format(name=data.entity_name, unit_id=data.unit_id), sheet.addressee),
        sheet.text(opening, sheet.indented),
    ]


def _departments(data: NoticeData, said: Words, sheet: Sheet) -> list[Flowable]:
    rows = [(one.name, item.name, item.legal_basis) for one in data.departments for item in one.items]
    table = sheet.table(said.department_head, rows, (3, 4, 5))
    first = 1
    spans = []
    for _, group in groupby(rows, key=lambda row: row[0]):
        count = len(list(group))
        # a cell spanning many rows cannot be split over two pages
        if 1 < count <= 8:
            spans.append(("SPAN", (0, first), (0, first + count - 1)))
        first += count
    table.setStyle(TableStyle(spans))
    return [sheet.text(said.departments, sheet.heading), table]


def _team(data: NoticeData, said: Words, sheet: Sheet) -> list[Flowable]:
    if not data.members:
        return [sheet.text(said.team, sheet.heading), sheet.text(said.no_members)]
    rows = [
        (one.name, one.department, one.certificate_number, said.leader if one.leader else said.member)
        for one in data.members
    ]
    return [
        sheet.text(said.team, sheet.heading),
        sheet.table(said.member_head, rows, (2.4, 4.6, 3.2, 2)),
        Spacer(1, 2 * mm),
        sheet.text(said.certificates),
    ]


def _lists(data: NoticeData, said: Words, sheet: Sheet) -> list[Flowable]:
    return [
        *_numbered(said.materials, data.materials or (said.no_materials,), sheet),
        sheet.text(said.frequency, sheet.heading),
        sheet.text(said.frequency_text.format(times=data.times_inspected)),
        *_numbered(said.rights, data.rights, sheet),
        *_numbered(said.prohibitions, data.prohibitions, sheet),
    ]


def _numbered(heading: str, entries: tuple[str, ...], sheet: Sheet) -> list[Flowable]:
    title = sheet.text(heading, sheet.heading)
    if len(entries) == 1:
        return [KeepTogether([title, sheet.text(entries[0])])]
    lines = [sheet.text(entry, sheet.listed, mark=f"{number}.") for number, entry in enumerate(entries, start=1)]
    return [KeepTogether([title, *lines[:2]]), *lines[2:]]


def _closing(data: NoticeData, said: Words, sheet: Sheet) -> Flowable:
    code: list[Flowable] = [Code(data.verify_url, size=CODE_SIZE)]
    code += [sheet.text(line, sheet.small_center) for line in said.scan.splitlines()]
    signed = [
        sheet.text(said.contact.format(contact=data.contact or "—")),
        Spacer(1, 6 * mm),
        *(sheet.text(line, sheet.right) for line in _issuer(data)),
        sheet.text(long_day(data.issued_on, data.language), sheet.right),
        sheet.text(said.seal, sheet.right),
    ]
    return KeepTogether([Spacer(1, 5 * mm), _plain_table([[code, signed]], (CODE_SIZE + 8 * mm, None))])


def _receipt(said: Words, sheet: Sheet) -> Flowable:
    rows: list[list[object]] = [
        [sheet.text(said.signature_entity, sheet.cell), sheet.text(said.signature_date, sheet.cell_right)],
        [sheet.text(said.signature_inspectors, sheet.cell), sheet.text(said.signature_date, sheet.cell_right)],
    ]
    lines = _plain_table(rows, (WIDTH * 0.62, None))
    lines.setStyle(TableStyle([("LINEBELOW", (0, 0), (-1, -1), 0.5, LINE), ("TOPPADDING", (0, 0), (-1, -1), 7 * mm)]))
    return KeepTogether(
        [
            Spacer(1, 5 * mm),
            Rule(thickness=0.5, color=LINE),
            sheet.text(said.receipt, sheet.heading),
            sheet.text(said.receipt_text),
            lines,
        ]
    )


def _plain_table(rows: list[list[object]], widths: tuple[float, None]) -> Table:
    left = widths[0]
    table = Table(rows, colWidths=[left, WIDTH - left])
    table.setStyle(
        TableStyle(
            [
                ("FONTNAME", (0, 0), (-1, -1), REGULAR),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 0),
            ]
        )
    )
    return table
