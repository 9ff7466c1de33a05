"""抽取证书: the certificate of a draw in two editions, before and after the opening (draw protocol)."""

from dataclasses import asdict
from datetime import datetime

from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Spacer, Table, TableStyle

from reports.documents import draw_facts as parts
from reports.documents.certificate_phrases import Words
from reports.documents.certificate_words import numbered_words
from reports.documents.draw_paper import DrawFacts, DrawPaper, Result
from reports.documents.paper import CODE_SIZE, RED, WIDTH, Cell, Code, Rule, Sheet, build, headed
from reports.documents.typefaces import REGULAR, printable

HASHES = {"sha256": "SHA-256", "sm3": "SM3"}


def draw_certificate(paper: DrawPaper, language: str) -> bytes:
    """Return the certificate as a PDF: the same paper gives the same bytes."""
    said, sheet, facts = numbered_words(language), Sheet(language), paper.facts
    story: list[Flowable] = [
        *head(paper, said, sheet, language),
        *_register(facts, said, sheet, language),
        *_files(facts, said, sheet),
        *commitment(facts, said, sheet),
        *_contributions(facts, said, sheet, language),
        *_strata(facts, said, sheet, language),
        *_outcome(facts, said, sheet),
        *earlier(facts, said, sheet, language),
        *_log(paper, said, sheet),
        *_remarks(facts, said, sheet, language),
        *checking(paper, said, sheet),
    ]
    return finish(story, paper, said, language)


def finish(story: list[Flowable], paper: DrawPaper, said: Words, language: str) -> bytes:
    """Lay the story out under the paper's number."""
    facts, number = paper.facts, printable(paper.issue.number)
    title = f"{said.titles[facts.kind]} {printable(facts.draw)}"
    return build(
        story,
        title=title,
        author=printable(facts.authority.in_(language)),
        language=language,
        foot=lambda page, pages: said.foot.format(number=number, page=page, pages=pages),
        identifier=number,
        moment=datetime.fromisoformat(paper.issue.issued_at),
        head=title,
    )


def head(paper: DrawPaper, said: Words, sheet: Sheet, language: str) -> list[Flowable]:
    """Return authority, title, number and what this paper is, with the code that leads to the page of the draw."""
    facts, issue = paper.facts, paper.issue
    number = said.number.format(number=issue.number, moment=parts.moment(issue.issued_at, language))
    intro = [sheet.text(said.intro[facts.kind]), Spacer(1, 2 * mm)]
    left: list[Flowable] = [*intro, parts.rows(_subject(facts, said, language), sheet, WIDTH - CODE_SIZE - 5 * mm)]
    address = issue.verify_url
    code = Code(address or f"{facts.draw} {facts.commitment_digest}", size=CODE_SIZE)
    right = [code, sheet.text(said.scan if address else said.scan_digest, sheet.small_center)]
    table = Table([[left, right]], colWidths=[WIDTH - CODE_SIZE, CODE_SIZE])
    table.setStyle(PLAIN)
    return [
        sheet.text(facts.authority.in_(language), sheet.red_head_long),
        Rule(thickness=1.8, color=RED),
        Spacer(1, 2 * mm),
        sheet.text(said.titles[facts.kind], sheet.title),
        sheet.text(_edition(facts, said), sheet.small_center),
        sheet.text(number, sheet.small_center),
        Spacer(1, 2 * mm),
        table,
    ]


def _edition(facts: DrawFacts, said: Words) -> str:
    """Say which edition this is; of a draw that was given up, that nobody is inspected because of it."""
    return said.editions["abandoned" if facts.kind == "opened" and facts.ended else facts.kind]


PLAIN = TableStyle(
    [
        ("FONTNAME", (0, 0), (-1, -1), REGULAR),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (0, 0), 5 * mm),
        ("TOPPADDING", (0, 0), (-1, -1), 0),
    ]
)


def _subject(facts: DrawFacts, said: Words, language: str) -> list[tuple[str, str]]:
    result, ended = facts.result, facts.ended
    found = [
        ("draw", facts.draw),
        ("task", f"{facts.task_number} {facts.task_title}"),
        ("plan", facts.plan_number),
        ("lead", facts.lead.name.in_(language)),
        ("protocol", f"{facts.protocol} · {HASHES[facts.hash_name]}"),
        ("frozen_at", parts.moment(facts.frozen_at, language)),
        ("committed_at", parts.moment(facts.committed_at, language)),
        ("drawn_at", parts.moment(result.drawn_at, language) if result else ""),
        ("opened_at", parts.moment(result.opened_at, language) if result and result.opened_at else ""),
        ("parent", facts.parent),
    ]
    if ended:
        reason = f"{said.states[ended.state]}{said.colon}{ended.reason.name.in_(language)}"
        found.append(("ended", f"{reason} {parts.moment(ended.at, language)}"))
    return [(said.rows[key], value) for key, value in found if value]


def _register(facts: DrawFacts, said: Words, sheet: Sheet, language: str) -> list[Flowable]:
    rows: list[list[Cell]] = [[said.in_pool, parts.number(facts.pool, sheet)]]
    rows += [[one.name.in_(language), parts.number(one.count or 0, sheet)] for one in facts.excluded]
    rows.append([said.registered, parts.number(facts.registered, sheet)])
    inspectors: list[list[Cell]] = [
        [one.name.in_(language), parts.number(one.listed, sheet), parts.number(one.able, sheet)]
        for one in facts.departments
    ]
    return [
        *parts.section(said.register, sheet.table(said.register_head, rows, (5, 1.4), whole=True), sheet),
        Spacer(1, 2 * mm),
        *headed(
            [sheet.text(said.departments, sheet.small)],
            sheet.table(said.department_head, inspectors, (5, 1.4, 1.8), whole=True),
        ),
    ]


def _files(facts: DrawFacts, said: Words, sheet: Sheet) -> list[Flowable]:
    rows: list[list[Cell]] = []
    for one in facts.files:
        name = [sheet.text(said.file_names[one.file], sheet.cell), sheet.text(one.file, sheet.code)]
        digests = [sheet.text(f"{said.digest} {parts.groups(one.digest)}", sheet.code)]
        if one.root:
            digests.append(sheet.text(f"{said.root} {parts.groups(one.root)}", sheet.code))
        size: Cell = "—" if one.size is None else parts.number(one.size, sheet)
        rows.append([parts.stack(name), size, parts.stack(digests)])
    plan = [
        (said.rows["plan_digest"], parts.groups(facts.plan_digest)),
        (said.rows["frozen_digest"], parts.groups(facts.frozen_digest)),
    ]
    table = sheet.table(said.file_head, rows, (2.4, 1.1, 8), whole=True)
    return [*parts.section(said.files, table, sheet), Spacer(1, 2 * mm), parts.rows(plan, sheet, WIDTH, code=True)]


def commitment(facts: DrawFacts, said: Words, sheet: Sheet, style: ParagraphStyle | None = None) -> list[Flowable]:
    """Return the commitment, large and in groups of four."""
    large = [sheet.text(line, style or sheet.code_large) for line in parts.lines_of_groups(facts.commitment_digest)]
    heading = sheet.text(said.commitment, sheet.heading)
    return [KeepTogether([heading, sheet.text(said.commitment_text), Spacer(1, 1 * mm), *large])]


def _contributions(facts: DrawFacts, said: Words, sheet: Sheet, language: str) -> list[Flowable]:
    rows: list[list[Cell]] = []
    for one in facts.contributions:
        name = f"{one.name.in_(language)} {one.by}" if one.name.in_(language) != one.by else one.by
        if one.witness:
            name = f"{name} ({said.named_witness})"
        lines = [sheet.text(f"{said.digest} {parts.groups(one.digest)}", sheet.code)]
        if one.secret:
            lines.append(sheet.text(f"{said.secret} {parts.groups(one.secret)}", sheet.code))
        rows.append([name, parts.stack(lines)])
    table = sheet.table(said.contribution_head, rows, (2.6, 8), whole=True)
    story = parts.section(said.contributions, table, sheet, lead=said.contribution_text[facts.kind])
    return [*story, *_randomness(facts, said, sheet, language)]


def _randomness(facts: DrawFacts, said: Words, sheet: Sheet, language: str) -> list[Flowable]:
    """Say what public value was mixed in and, once it may be shown, which seed came of it."""
    story = [Spacer(1, 1 * mm), sheet.text(beacon_text(facts, said, language))]
    if facts.beacon and facts.beacon.used:
        story.append(sheet.text(said.beacon_used.format(**asdict(facts.beacon.used))))
    result = facts.result
    if result and result.seed and result.entity_key:
        seed = [(said.seed, parts.groups(result.seed)), (said.key, parts.groups(result.entity_key))]
        story.append(parts.rows(seed, sheet, WIDTH, code=True))
    elif result:
        later = said.secret_withheld if facts.confidential else f"{said.seed}{said.colon}{said.secret_later}"
        story.append(sheet.text(later, sheet.small))
    return story


def beacon_text(facts: DrawFacts, said: Words, language: str) -> str:
    """Say which public value was named at the commitment, if any."""
    one = facts.beacon
    if one is None:
        return said.no_beacon
    return said.beacon.format(name=one.name.in_(language), source=one.source, round=one.round, rule=one.rule)


def _strata(facts: DrawFacts, said: Words, sheet: Sheet, language: str) -> list[Flowable]:
    lines = [(one.name.in_(language), one.size, one.selected) for one in facts.strata]
    rows: list[list[Cell]] = [_stratum(*line, sheet=sheet) for line in lines]
    if len(rows) != 1:
        total = _stratum(said.total, facts.pool, facts.selected, sheet=sheet)
        rows.append([*total[:3], "" if facts.confidential or rows else total[3]])
    lead = said.strata_withheld if facts.confidential else ""
    return parts.section(
        said.strata, sheet.table(said.strata_head, rows, (5, 1.6, 1.6, 2), whole=True), sheet, lead=lead
    )


def _stratum(name: str, size: int, selected: int, *, sheet: Sheet) -> list[Cell]:
    return [name, parts.number(size, sheet), parts.number(selected, sheet), parts.chance(selected, size, sheet)]


def _outcome(facts: DrawFacts, said: Words, sheet: Sheet) -> list[Flowable]:
    result = facts.result
    if result is None:
        return []
    digests = [(said.rows["record_digest"], parts.groups(result.record_digest))]
    if result.teams_digest:
        digests.append((said.rows["teams_digest"], parts.groups(result.teams_digest)))
    note = said.teams_text if result.teams_digest else said.teams_later
    return [
        *parts.section(said.result, parts.rows(digests, sheet, WIDTH, code=True), sheet),
        sheet.text(note, sheet.small),
        parts.rows(_counts(result, said, ("team_count", "unfilled")), sheet, WIDTH),
        *parts.section(said.changes, parts.rows(_counts(result, said, ("struck", "replaced")), sheet, WIDTH), sheet),
        sheet.text(said.changes_text, sheet.small),
    ]


def _counts(result: Result, said: Words, names: tuple[str, ...]) -> list[tuple[str, str]]:
    found = [(name, getattr(result, name)) for name in names]
    return [(said.rows[name], f"{count:,}") for name, count in found if count is not None]


def earlier(facts: DrawFacts, said: Words, sheet: Sheet, language: str) -> list[Flowable]:
    """Return the void and abandoned draws of the same task before this one, with their public reasons."""
    if not facts.earlier:
        return [KeepTogether([sheet.text(said.earlier, sheet.heading), sheet.text(said.no_earlier)])]
    rows: list[list[Cell]] = [
        [
            one.number,
            said.states[one.state],
            one.reason.name.in_(language) if one.reason else "—",
            parts.moment(one.ended_at, language),
        ]
        for one in facts.earlier
    ]
    return parts.section(said.earlier, sheet.table(said.earlier_head, rows, (2.6, 1.4, 5, 2.4), whole=True), sheet)


def _log(paper: DrawPaper, said: Words, sheet: Sheet) -> list[Flowable]:
    rows: list[list[Cell]] = [
        [
            str(one.index),
            said.events.get(one.event, one.event),
            parts.short_moment(one.at),
            sheet.text(parts.groups(one.digest), sheet.code),
        ]
        for one in paper.facts.leaves
    ]
    found = paper.issue.checkpoint
    told = said.no_checkpoint
    if found:
        told = said.checkpoint.format(origin=found.origin, size=found.size, root=found.root)
    table = sheet.table(said.log_head, rows, (0.8, 1.6, 1.8, 7.4), whole=True)
    return [*parts.section(said.log, table, sheet), Spacer(1, 1 * mm), sheet.text(told, sheet.small)]


def _remarks(facts: DrawFacts, said: Words, sheet: Sheet, language: str) -> list[Flowable]:
    warned = [one.in_(language) for one in facts.warnings] or [said.no_warnings]
    return [
        *parts.listed(said.warnings, warned, sheet),
        *parts.listed(said.unchecked, [one.in_(language) for one in facts.unchecked], sheet),
    ]


def checking(paper: DrawPaper, said: Words, sheet: Sheet) -> list[Flowable]:
    """Say where the draw is verified and what the file is signed with."""
    signer = paper.issue.signer
    lines: list[Flowable] = [sheet.text(said.check_text), sheet.text(paper.issue.verify_url or said.no_address)]
    if signer is None:
        lines.append(sheet.text(said.unsigned))
    else:
        lines.append(sheet.text(said.signed.format(subject=signer.subject, until=signer.valid_until[:10])))
        lines.append(sheet.text(parts.groups(signer.fingerprint), sheet.code))
    return [KeepTogether([sheet.text(said.check, sheet.heading), *lines])]
