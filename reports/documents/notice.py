"""行政检查通知书: the notice handed to the entity before anybody enters (R-3.09, R-3.11, domain 3.2)."""

from itertools import groupby

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Spacer, Table, TableStyle

from joint_inspections.notices.rules import NoticeData
from reports.documents.notice_words import Words, full_name, long_day, words
from reports.documents.paper import LINE, RED, WIDTH, Rule, Sheet, build, headed, titled
from reports.documents.typefaces import REGULAR, printable

SEAL_HEIGHT = 25 * mm
# so many names stand in the red head; of more bodies the lead and their number
MOST_IN_HEAD = 4
SEALS_IN_ROW = 3
FEWEST_IN_COLUMNS = 4


def draw_notice(data: NoticeData) -> bytes:
    """Return the notice as a PDF: the same data gives the same bytes."""
    said, sheet = words(data.language), Sheet(data.language)
    story: list[Flowable] = [
        *_head(data, said, sheet),
        *_opening(data, said, sheet),
        *_source(data, said, sheet),
        *_departments(data, said, sheet),
        *_team(data, said, sheet),
        *_lists(data, said, sheet),
        _seals(data, said, sheet),
        _receipt(said, sheet),
    ]
    number = printable(data.number)
    return build(
        story,
        title=f"{said.title} {number}",
        author=printable(", ".join(_bodies(data))),
        language=data.language,
        foot=lambda page, pages: said.foot.format(number=number, page=page, pages=pages),
    )


def _bodies(data: NoticeData) -> list[str]:
    """Return the full names of all departments: the notice is given in the name of each of them."""
    names = [full_name(data.district, one.name, data.language) for one in data.departments]
    return names or [data.district]


def _head(data: NoticeData, said: Words, sheet: Sheet) -> list[Flowable]:
    bodies = _bodies(data)
    shown = bodies if len(bodies) <= MOST_IN_HEAD else [bodies[0], said.others.format(count=len(bodies))]
    short = data.language == "zh" and len(shown) == 1
    number = said.number.format(number=data.number)
    named: list[Flowable] = [sheet.text(said.title, sheet.title), sheet.text(number, sheet.small_center)]
    return [
        *(sheet.text(name, sheet.red_head if short else sheet.red_head_long) for name in shown),
        *([sheet.text(data.district, sheet.red_line)] if data.language == "en" else []),
        Spacer(1, 2 * mm),
        Rule(thickness=1.8, color=RED),
        Spacer(1, 3 * mm),
        *titled(named, data.verify_url, said.scan, sheet),
        Spacer(1, 2 * mm),
    ]


def _opening(data: NoticeData, said: Words, sheet: Sheet) -> list[Flowable]:
    begin = said.opening if data.source.draw_number else said.ordered_opening
    opening = [begin.format(planned=long_day(data.planned_on, data.language), address=data.address or "—")]
    if len(data.departments) > 1:
        opening.append(said.joint)
    opening += [said.together.format(bodies=said.separator.join(bodies)) for bodies in data.together]
    opening.append(said.follows)
    return [
        sheet.text(said.addressee.format(name=data.entity_name, unit_id=data.unit_id), sheet.addressee),
        sheet.text(("" if data.language == "zh" else " ").join(opening), sheet.indented),
    ]


def _source(data: NoticeData, said: Words, sheet: Sheet) -> list[Flowable]:
    """Where the inspection comes from."""
    source = data.source
    values = {
        "kind": source.kind,
        "plan": source.plan_number,
        "task": source.task_number,
        "draw": source.draw_number,
        "url": source.verify_url,
    }
    texts = said.source_texts if source.draw_number else said.ordered_texts
    return [sheet.text(said.source, sheet.heading), *(sheet.text(line.format(**values)) for line in texts)]


def _departments(data: NoticeData, said: Words, sheet: Sheet) -> list[Flowable]:
    rows = [
        (one.name, item.name, item.method or "—", item.legal_basis) for one in data.departments for item in one.items
    ]
    table = sheet.table(said.department_head, rows, (2.7, 3.9, 2.1, 4.3))
    first = 1
    spans = []
    for _, group in groupby(rows, key=lambda row: row[0]):
        count = len(list(group))
        # a cell spanning many rows cannot be split over two pages
        if 1 < count <= 8:
            spans.append(("SPAN", (0, first), (0, first + count - 1)))
        first += count
    table.setStyle(TableStyle(spans))
    # a department's cell over all its rows goes with the heading
    whole = int(spans[0][2][1]) if spans and spans[0][1][1] == 1 else 1
    return headed([sheet.text(said.departments, sheet.heading)], table, rows=whole)


def _team(data: NoticeData, said: Words, sheet: Sheet) -> list[Flowable]:
    if not data.members:
        return [KeepTogether([sheet.text(said.team, sheet.heading), sheet.text(said.no_members)])]
    rows = [
        (one.name, one.department, one.certificate_number, said.leader if one.leader else said.member)
        for one in data.members
    ]
    return [
        *headed([sheet.text(said.team, sheet.heading)], sheet.table(said.member_head, rows, (2, 5, 3, 2), whole=True)),
        Spacer(1, 1 * mm),
        sheet.text(f"{said.certificates}{'' if data.language == 'zh' else ' '}{_assisting(data, said)}"),
    ]


def _assisting(data: NoticeData, said: Words) -> str:
    """Name the experts apart from the inspectors: they come along, and enforce nothing (R-1.08)."""
    if not data.experts:
        return said.no_experts
    named = (said.expert.format(name=one.name, organization=one.organization, field=one.field) for one in data.experts)
    return said.experts.format(count=len(data.experts), names=said.between.join(named))


def _lists(data: NoticeData, said: Words, sheet: Sheet) -> list[Flowable]:
    frequency = [said.frequency_text.format(times=data.times_inspected, drawn=data.times_drawn), *_often(data, said)]
    return [
        *_materials(data, said, sheet),
        KeepTogether([sheet.text(said.frequency, sheet.heading), *(sheet.text(one) for one in frequency)]),
        *_numbered(said.rights, data.rights, sheet),
        *_numbered(said.remedies, data.remedies, sheet),
        *_numbered(said.prohibitions, data.prohibitions, sheet),
    ]


def _often(data: NoticeData, said: Words) -> list[str]:
    """Say in which periods the enterprise is visited more often than it should be, and why it goes ahead."""
    lines = [
        said.often.format(
            first=long_day(one.first, data.language), last=long_day(one.last, data.language), sum=one.sum,
            allowed=one.allowed,
        )
        for one in data.too_many
    ]  # fmt: skip
    return [*lines, said.let_through.format(reason=data.let_through)] if lines and data.let_through else lines


def _materials(data: NoticeData, said: Words, sheet: Sheet) -> list[Flowable]:
    """List the papers, many of them in two columns."""
    if len(data.materials) < FEWEST_IN_COLUMNS:
        return _numbered(said.materials, data.materials or (said.no_materials,), sheet)
    lines: list[object] = [
        sheet.text(entry, sheet.listed, mark=f"{number}.") for number, entry in enumerate(data.materials, start=1)
    ]
    lines += [""] * (len(lines) % 2)
    rows = [lines[start : start + 2] for start in range(0, len(lines), 2)]
    table = _plain_table(rows, (WIDTH / 2, None))
    table.setStyle(TableStyle([("TOPPADDING", (0, 0), (-1, -1), 0), ("BOTTOMPADDING", (0, 0), (-1, -1), 0)]))
    return headed([sheet.text(said.materials, sheet.heading)], table)


def _numbered(heading: str, entries: tuple[str, ...], sheet: Sheet) -> list[Flowable]:
    title = sheet.text(heading, sheet.heading)
    if len(entries) == 1:
        return [KeepTogether([title, sheet.text(entries[0])])]
    lines = [sheet.text(entry, sheet.listed, mark=f"{number}.") for number, entry in enumerate(entries, start=1)]
    return [KeepTogether([title, *lines[:2]]), *lines[2:]]


def _seals(data: NoticeData, said: Words, sheet: Sheet) -> Flowable:
    """Return a place for the seal of every department, with its telephone: all of them give the notice."""
    sealed = sheet.text(f"{said.seal} {long_day(data.issued_on, data.language)}", sheet.small_center)
    names: list[object] = [
        [
            sheet.text(name, sheet.cell_center),
            sheet.text(said.phone.format(phone=one.phone) if one.phone else said.no_phone, sheet.small_center),
        ]
        for name, one in zip(_bodies(data), data.departments, strict=False)
    ]
    if not names:
        return Spacer(1, 0)
    columns = min(SEALS_IN_ROW, len(names))
    rows: list[list[object]] = []
    for start in range(0, len(names), columns):
        row = names[start : start + columns]
        rest = [""] * (columns - len(row))
        rows += [[*row, *rest], [*([Spacer(1, SEAL_HEIGHT), sealed] for _ in row), *rest]]
    table = Table(rows, colWidths=[WIDTH / columns] * columns)
    table.setStyle(SEALS)
    table.setStyle(TableStyle([("LINEABOVE", (0, row), (-1, row), 0.5, LINE) for row in range(0, len(rows), 2)]))
    return KeepTogether([sheet.text(said.seals, sheet.heading), table])


SEALS = TableStyle(
    [
        ("FONTNAME", (0, 0), (-1, -1), REGULAR),
        ("BOX", (0, 0), (-1, -1), 0.5, LINE),
        ("LINEBEFORE", (1, 0), (-1, -1), 0.5, LINE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 3),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]
)


def _receipt(said: Words, sheet: Sheet) -> Flowable:
    rows: list[list[object]] = [
        [sheet.text(said.signature_entity, sheet.cell), sheet.text(said.signature_date, sheet.cell_right)],
        [sheet.text(said.signature_inspectors, sheet.cell), sheet.text(said.signature_date, sheet.cell_right)],
    ]
    lines = _plain_table(rows, (WIDTH * 0.62, None))
    lines.setStyle(TableStyle([("LINEBELOW", (0, 0), (-1, -1), 0.5, LINE), ("TOPPADDING", (0, 0), (-1, -1), 5 * mm)]))
    return KeepTogether(
        [
            Spacer(1, 3 * mm),
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
