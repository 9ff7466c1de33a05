"""Issuing papers: once for what the log says, in the states that allow it, byte for byte for ever."""

import hashlib
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from reports.papers.daily import JOB
from reports.papers.models import IssuedPaper, PaperFile
from reports.papers.rules import PaperKind
from reports.papers.services import compose, keep, prepare
from reports.papers.signing import SigningKey
from supervision.audit.events import Event
from supervision.audit.models import AuditEntry
from supervision.draws import services
from supervision.draws.models import Draw, DrawUnit
from supervision.draws.rules import code_groups
from supervision.jobs.handlers import find
from supervision.transparency.models import LogCheckpoint
from tests.pages import Browser
from tests.reports.papers.conftest import facts, fonts_of, office, opened, read_back, squeezed, strike, url
from tests.supervision.draws.conftest import Visits
from tests.supervision.draws.world import OPERATOR, World, refused

FORMS = ("zh.pdf", "en.pdf", "json")


def test_a_paper_is_issued_once_and_handed_out_byte_for_byte(
    world: World, browse: Browser, session: Session, address: str
) -> None:
    draw = world.committed()
    visitor = browse()
    first = {form: visitor.get(url(draw, "commitment", form)).data for form in FORMS}
    assert {form: visitor.get(url(draw, "commitment", form)).data for form in FORMS} == first
    paper = session.scalars(sa.select(IssuedPaper)).one()
    assert paper.number == f"{draw.number}-C1"
    assert paper.digest == hashlib.sha256(first["json"]).hexdigest()
    for file in paper.files:
        assert file.digest == hashlib.sha256(first[f"{file.language}.pdf"]).hexdigest()
    entries = session.scalars(sa.select(AuditEntry).where(AuditEntry.event == Event.PAPER_ISSUED)).all()
    assert [entry.details["number"] for entry in entries] == [paper.number]
    for form in FORMS:
        same = visitor.get(f"/public/draws/{draw.number}/papers/issued/{paper.number}.{form}").data
        assert same == first[form]


def test_another_entry_in_the_log_means_another_issue_and_the_first_one_stays(
    world: World, visits: Visits, browse: Browser, session: Session, address: str
) -> None:
    draw = world.drawn()
    before = browse().get(url(draw, "sealed", "json")).data
    unit = session.scalars(sa.select(DrawUnit).where(DrawUnit.draw_id == draw.id)).first()
    assert unit is not None
    strike(world, draw, unit)
    after = browse().get(url(draw, "sealed", "json")).data
    assert facts(before)["draw"]["result"]["struck"] == 0
    assert facts(after)["draw"]["result"]["struck"] == 1
    assert facts(after)["issue"]["number"] == f"{draw.number}-S2"
    assert unit.entity.unit_id not in after.decode()
    assert browse().get(f"/public/draws/{draw.number}/papers/issued/{draw.number}-S1.json").data == before


def test_a_paper_names_the_checkpoint_that_holds_its_entries(
    world: World, browse: Browser, session: Session, address: str
) -> None:
    draw = world.drawn()
    said = facts(browse().get(url(draw, "sealed", "json")).data)
    last = max(leaf["index"] for leaf in said["draw"]["leaves"])
    holding = sa.select(LogCheckpoint).where(LogCheckpoint.size > last).order_by(LogCheckpoint.size)
    checkpoint = session.scalars(holding).first()
    assert checkpoint is not None
    assert said["issue"]["checkpoint"] == {
        "origin": "double-random-draw/310106",
        "size": checkpoint.size,
        "root": checkpoint.head,
    }
    read = read_back(browse().get(url(draw, "sealed", "en.pdf")).data)
    assert squeezed(f"{checkpoint.size} entries, root {checkpoint.head}") in read


def test_each_state_has_its_papers_and_no_others(
    world: World, visits: Visits, browse: Browser, session: Session, address: str
) -> None:
    def there(draw: Draw) -> set[str]:
        found = set()
        for kind in PaperKind:
            response = browse().client.get(url(draw, kind.value, "json"))
            assert response.status_code in {200, 404}
            if response.status_code == 200:
                found.add(kind.value)
        return found

    draw = world.freeze()
    assert there(draw) == set()
    world.seal_all(draw)
    services.commit(session, draw, actor=world.lead)
    assert there(draw) == {"commitment"}
    world.reveal_all(draw)
    services.carry_out(session, draw, actor=world.lead, operator=OPERATOR)
    assert there(draw) == {"commitment", "sealed"}
    visits.done = True
    services.open_draw(session, draw, actor=world.lead)
    # the sealed edition that was issued stays, but no other is made
    assert there(draw) == {"commitment", "sealed", "opened"}


def test_no_sealed_edition_is_made_after_the_opening(world: World, visits: Visits, browse: Browser) -> None:
    draw = opened(world, visits)
    browse().get(url(draw, "sealed", "zh.pdf"), status=404)


def test_papers_cannot_be_changed_or_deleted(world: World, browse: Browser, session: Session) -> None:
    draw = world.committed()
    browse().get(url(draw, "commitment", "json"))
    for statement in (
        sa.update(IssuedPaper).values(number="x"),
        sa.delete(IssuedPaper),
        sa.update(PaperFile).values(size=0),
        sa.delete(PaperFile),
    ):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), session.begin_nested():
            session.execute(statement)


def test_the_same_paper_is_drawn_the_same(world: World, browse: Browser, address: str, key: SigningKey) -> None:
    draw = world.committed()
    browse().get(url(draw, "commitment", "json"))
    paper = world.session.scalars(sa.select(IssuedPaper)).one()
    for file in paper.files:
        assert file.unsigned_size < file.size
        assert hashlib.sha256(file.content[: file.unsigned_size]).hexdigest() == file.unsigned_digest


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_about_papers_can_be_read(
    world: World, visits: Visits, browse: Browser, key: SigningKey, language: str
) -> None:
    visitor, draw = browse(language=language), world.freeze()
    pages = (f"/public/draws/{draw.number}", f"/public/draws/{draw.number}/papers", "/public/verify/signature")
    for page in pages:
        visitor.get(page)
    world.seal_all(draw)
    services.commit(world.session, draw, actor=world.lead)
    visitor.get(url(draw, "commitment", "zh.pdf"))
    text = visitor.get(pages[1]).text
    assert f"{draw.number}-C1" in text
    assert fonts_of(visitor.get(url(draw, "commitment", "zh.pdf")).data)
    lead = browse(world.users[world.departments[0].code], language=language)
    assert f"{draw.number}-C1" in lead.get(f"/draws/{draw.id}").text
    assert " ".join(code_groups(key.fingerprint)) in visitor.get(pages[2]).text


def test_without_a_key_the_certificate_s_address_leads_to_the_page_that_says_so(browse: Browser) -> None:
    assert browse().get("/public/verify/signature/certificate.cer", status=302).location.endswith("/verify/signature")
    browse().get("/public/verify/signature")


def test_wrong_addresses_are_not_found(world: World, browse: Browser) -> None:
    draw = world.committed()
    visitor = browse()
    for wrong in (
        "/public/draws/310106-2026-9999/papers",
        "/public/draws/310106-2026-9999/papers/commitment.json",
        url(draw, "opened", "json"),
        url(draw, "commitment", "pdf"),
        url(draw, "commitment", "fr.pdf"),
        f"/public/draws/{draw.number}/papers/issued/{draw.number}-C7.json",
    ):
        visitor.get(wrong, status=404)


def test_two_who_ask_at_once_get_the_same_paper(world: World, session: Session, address: str) -> None:
    draw = world.committed()
    both = [compose(prepare(session, draw, PaperKind.COMMITMENT, office(address)), office(address)) for _ in range(2)]
    first, second = (keep(session, one, actor=world.lead) for one in both)
    assert first is second
    assert session.scalar(sa.select(sa.func.count()).select_from(IssuedPaper)) == 1


def test_a_paper_made_while_the_draw_moved_on_is_not_kept(world: World, session: Session, address: str) -> None:
    draw = world.drawn()
    made = compose(prepare(session, draw, PaperKind.SEALED, office(address)), office(address))
    unit = session.scalars(sa.select(DrawUnit).where(DrawUnit.draw_id == draw.id)).first()
    assert unit is not None
    strike(world, draw, unit)
    with refused("paper-moved-on"):
        keep(session, made, actor=world.lead)
    assert session.scalar(sa.select(sa.func.count()).select_from(IssuedPaper)) == 0


def test_the_worker_issues_each_day_what_nobody_asked_for(
    app: Flask, world: World, session: Session, address: str
) -> None:
    draw = world.drawn()
    handler = find(JOB)
    assert handler is not None
    assert handler.daily

    @dataclass
    class Today:
        """A day's work of a worker, on the session of the test."""

        session: Session
        told: int = 0

        def reading(self) -> AbstractContextManager[Session]:
            return nullcontext(self.session)

        def progress(self, done: int, total: int) -> None:  # noqa: ARG002 - a worker's signature
            self.told += 1

    for issued in (1, 0):
        with app.app_context():
            assert handler.run(Today(session)) == {"issued": issued}
    paper = session.scalars(sa.select(IssuedPaper)).one()
    assert paper.number == f"{draw.number}-S1"
