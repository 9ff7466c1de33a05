"""承诺公示单: one sheet for the notice board, right after the commitment and before anything is drawn."""

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer, TableStyle

from reports.documents import draw_facts as parts
from reports.documents.certificate import beacon_text, checking, commitment, earlier, finish, head
from reports.documents.certificate_phrases import Words
from reports.documents.certificate_words import words
from reports.documents.draw_paper import DrawFacts, DrawPaper
from reports.documents.paper import Cell, Sheet, headed
from supervision.draws.rules import SYSTEM, code_groups

# as many groups as the pages and slips show of a party's digest
CHECK_GROUPS = 6
WITNESS_LINES = 2


def draw_commitment_sheet(paper: DrawPaper, language: str) -> bytes:
    """Return the sheet as a PDF: the same paper gives the same bytes."""
    said, sheet, facts = words(language), Sheet(language), paper.facts
    story: list[Flowable] = [
        *head(paper, said, sheet, language),
        *commitment(facts, said, sheet, sheet.code_wall),
        *_parties(facts, said, sheet, language),
        Spacer(1, 2 * mm),
        sheet.text(beacon_text(facts, said, language)),
        sheet.text(_next(facts, said, language)),
        *(earlier(facts, said, sheet, language) if facts.earlier else []),
        *checking(paper, said, sheet),
    ]
    return finish(story, paper, said, language)


def _parties(facts: DrawFacts, said: Words, sheet: Sheet, language: str) -> list[Flowable]:
    rows: list[list[Cell]] = [
        [
            one.name.in_(language),
            sheet.text(" ".join(code_groups(one.digest)[:CHECK_GROUPS]), sheet.code_check),
            said.machine if one.by == SYSTEM else said.signature,
        ]
        for one in facts.contributions
    ]
    rows += [[said.witness, "", said.signature] for _ in range(WITNESS_LINES)]
    table = sheet.table(said.sheet_check_head, rows, (3.8, 4, 3), whole=True)
    table.setStyle(TableStyle([("TOPPADDING", (0, 1), (-1, -1), 5), ("BOTTOMPADDING", (0, 1), (-1, -1), 7)]))
    said_before = [sheet.text(said.contributions, sheet.heading), sheet.text(said.contribution_text[facts.kind])]
    return headed([*said_before, Spacer(1, 1 * mm)], table)


def _next(facts: DrawFacts, said: Words, language: str) -> str:
    """Say what happens next, so that whoever reads the sheet can watch it happen."""
    if facts.beacon:
        return said.sheet_next["beacon"]
    until = parts.moment(facts.reveal_until, language) if facts.reveal_until else "—"
    return said.sheet_next["reveal"].format(until=until)
