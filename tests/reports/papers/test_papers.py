"""What papers about a draw say, in each edition and language."""

import hashlib
import io
import json
from dataclasses import replace

import pytest
import sqlalchemy as sa
from pypdf import PdfReader
from sqlalchemy.orm import Session

from reports.documents.certificate import draw_certificate
from reports.documents.certificate_words import words
from reports.documents.commitment_sheet import draw_commitment_sheet
from reports.documents.draw_paper import DrawPaper, Issue, Said, StratumLine
from reports.papers.contents import leaves_for
from reports.papers.rules import PaperKind
from reports.papers.services import prepare
from sampling.records import RECORD, parse_record, team_json
from supervision import clock
from supervision.draws.bundles import read_files
from supervision.draws.models import Draw, DrawUnit, LogLeaf
from supervision.draws.rules import OVERSIGHT, DrawState, LogEvent, code_groups
from supervision.draws.services import (
    agree_to_abandon,
    approve_void,
    commit,
    propose_abandonment,
    propose_void,
    renew_link,
)
from supervision.entities.models import Entity
from supervision.plans.rules import Stratification
from tests.factories import Make
from tests.pages import Browser
from tests.reports.papers.conftest import code_in, facts, keys_in, office, opened, read_back, squeezed, url
from tests.supervision.draws.conftest import Visits
from tests.supervision.draws.test_witnesses import named, seal_departments, sealed
from tests.supervision.draws.world import World, make_world


def drawn_names(session: Session, draw: Draw) -> list[str]:
    rows = session.execute(
        sa.select(Entity.unit_id, Entity.name)
        .join(DrawUnit, DrawUnit.entity_id == Entity.id)
        .where(DrawUnit.draw_id == draw.id)
    )
    return [word for row in rows for word in row]


def grouped(digest: str) -> str:
    return squeezed(" ".join(code_groups(digest)))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_sheet_shows_the_commitment_and_every_check_code(
    world: World, browse: Browser, address: str, language: str
) -> None:
    draw = world.committed()
    pdf = browse().get(url(draw, "commitment", f"{language}.pdf")).data
    read = read_back(pdf)
    for word in (draw.number, draw.task.number, grouped(str(draw.commitment_digest))):
        assert squeezed(word) in read
    for entry in draw.contributions:
        assert squeezed(" ".join(code_groups(str(entry.digest))[:6])) in read
    assert {"zh": "第1页，共1页", "en": "page1of1"}[language] in read
    assert {"zh": "随机抽取承诺公示单", "en": "CommitmentofaRandomDraw"}[language] in read
    # the platform signs nothing, and two lines are for whoever else is there
    assert read.count({"zh": "签名：", "en": "Signature:"}[language]) == len(draw.contributions) - 1 + 2
    assert {"zh": "由系统最先封存", "en": "Sealedbymachine,firstofall"}[language] in read
    assert code_in(pdf) == [f"{address}/public/verify/{draw.number}"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_sealed_edition_holds_counts_and_digests_and_names_nobody(
    world: World, browse: Browser, address: str, language: str
) -> None:
    draw = world.drawn()
    pdf = browse().get(url(draw, "sealed", f"{language}.pdf")).data
    content = browse().get(url(draw, "sealed", "json")).data
    read = read_back(pdf)
    for word in (draw.frozen_digest, draw.commitment_digest, draw.record_digest, draw.task.plan_version.digest):
        assert grouped(str(word)) in read
    assert squeezed(f"{clock.local(draw.drawn_at):%Y-%m-%d %H:%M:%S}") in read  # the district's time in the log too
    record = parse_record(read_files(world.session, draw, [RECORD])[RECORD])
    sealed = [record.seed, record.entity_key, *record.secrets.values(), *drawn_names(world.session, draw)]
    sealed += [one.ticket for one in record.selected] + [
        member.inspector for team in record.teams for member in team.members
    ]
    teams = hashlib.sha256(json.dumps([team_json(team) for team in record.teams]).encode()).hexdigest()
    for word in [*sealed, teams]:
        assert word not in content.decode()
        assert squeezed(word) not in read.replace("NotoSans", "") or len(word) < 8
    assert facts(content)["draw"]["result"]["teams_digest"] is None
    assert facts(content)["draw"]["result"]["unfilled"] is None


def test_two_sealed_draws_that_differ_only_in_who_was_drawn_read_alike_but_for_digests(
    world: World, browse: Browser, address: str
) -> None:
    draw = world.drawn()
    said = facts(browse().get(url(draw, "sealed", "json")).data)["draw"]
    digests = {said["result"].pop("record_digest")}
    digests |= {leaf.pop("digest") for leaf in said["leaves"]}
    told = json.dumps(said)
    # whatever is left follows from what was known before the draw
    assert str(draw.record_digest) in digests
    assert str(draw.record_digest) not in told


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_opened_edition_says_everything_that_is_public(
    world: World, visits: Visits, browse: Browser, address: str, language: str
) -> None:
    draw = opened(world, visits)
    pdf = browse().get(url(draw, "opened", f"{language}.pdf")).data
    read, record = read_back(pdf), parse_record(read_files(world.session, draw, [RECORD])[RECORD])
    for word in (record.seed, record.entity_key, *record.secrets.values(), str(draw.record_digest)):
        assert grouped(word) in read
    (size, selected) = draw.strata["all"]
    assert squeezed(f"{selected}/{size} = ") in read
    assert code_in(pdf) == [f"{address}/public/verify/{draw.number}"]
    for department in world.departments:
        assert squeezed(department.name_zh if language == "zh" else department.name_en or department.name_zh) in read
    for event in draw_events(world.session, draw):
        assert grouped(event) in read


def draw_events(session: Session, draw: Draw) -> list[str]:
    return list(session.scalars(sa.select(LogLeaf.digest).where(LogLeaf.draw_id == draw.id)))


def test_the_digest_of_the_teams_can_be_computed_from_the_record(
    world: World, visits: Visits, browse: Browser, address: str
) -> None:
    draw = opened(world, visits)
    said = facts(browse().get(url(draw, "opened", "json")).data)["draw"]["result"]
    teams = json.loads(read_files(world.session, draw, [RECORD])[RECORD])["teams"]
    canonical = json.dumps(teams, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert said["teams_digest"] == hashlib.sha256(canonical).hexdigest()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_confidential_draw_tells_totals_and_no_secret(
    make: Make, visits: Visits, browse: Browser, address: str, language: str
) -> None:
    world = make_world(make, stratification=Stratification.RISK)
    draw = opened(world, visits)
    assert draw.confidential
    pdf = browse().get(url(draw, "opened", f"{language}.pdf")).data
    said = facts(browse().get(url(draw, "opened", "json")).data)["draw"]
    record = parse_record(read_files(world.session, draw, [RECORD])[RECORD])
    assert said["strata"] == []
    assert said["selected"] == len(record.selected)
    assert said["result"]["seed"] is None
    for word in (record.seed, record.entity_key, *record.secrets.values()):
        assert word not in json.dumps(said)
        assert squeezed(word) not in read_back(pdf)
    assert {"zh": "分层从不公布", "en": "neverpublished"}[language] in read_back(pdf)


def test_a_void_draw_keeps_its_sheet_and_stands_in_the_papers_of_the_next(
    world: World, browse: Browser, session: Session, address: str
) -> None:
    first = world.committed()
    sheet = browse().get(url(first, "commitment", "json")).data
    lead, other = world.departments
    propose_void(session, first, reason="wrong-scope", note="内部说明不公开", actor=world.actor(f"head {lead.code}"))
    approve_void(session, first, actor=world.actor(f"head {other.code}"))
    assert first.state is DrawState.VOID
    assert browse().get(url(first, "commitment", "json")).data == sheet
    second = world.committed()
    said = browse().get(url(second, "commitment", "json")).data
    assert [one["number"] for one in facts(said)["draw"]["earlier"]] == [first.number]
    assert facts(said)["draw"]["earlier"][0]["reason"]["code"] == first.end_reason
    assert "内部说明" not in said.decode()
    read = read_back(browse().get(url(second, "commitment", "zh.pdf")).data)
    assert squeezed(first.number) in read


def test_an_abandoned_draw_says_so_in_its_certificate(
    world: World, browse: Browser, session: Session, address: str
) -> None:
    draw = world.drawn()
    lead, other = world.departments
    proposal = propose_abandonment(
        session, draw, reason="list-leaked", note="内部说明不公开", actor=world.actor(f"head {lead.code}")
    )
    agree_to_abandon(session, draw, proposal, actor=world.actor(f"head {other.code}"))
    read = read_back(browse().get(url(draw, "opened", "zh.pdf")).data)
    assert "终止放弃：" in read
    assert "不据此检查任何对象" in read
    assert "公开后版" not in read
    assert "内部说明" not in read


def test_names_that_look_like_markup_stay_names(make: Make, world: World, browse: Browser, address: str) -> None:
    hostile = "<b>甲&乙</b><img src='file:///etc/passwd'/><a href='javascript:x'>丙</a>"
    world.task.title = hostile
    draw = world.committed()
    pdf = browse().get(url(draw, "commitment", "zh.pdf")).data
    assert squeezed(hostile) in read_back(pdf)
    assert not keys_in(pdf) & {"/JavaScript", "/JS", "/URI", "/OpenAction", "/Launch", "/AA", "/EmbeddedFiles", "/F"}


@pytest.mark.parametrize(
    ("language", "said"), [("zh", "其中相邻区借用人员1名"), ("en", "1ofthemlentbyaneighboringarea")]
)
def test_the_certificate_says_how_many_of_a_roster_are_lent(
    world: World, browse: Browser, address: str, language: str, said: str
) -> None:
    world.make.lent(world.task, world.departments[1])
    draw = world.drawn()
    assert read_back(browse().get(url(draw, "sealed", f"{language}.pdf")).data).count(said) == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_without_an_address_of_the_installation_none_is_printed_that_a_request_claimed(
    world: World, browse: Browser, language: str
) -> None:
    draw = world.committed()
    pdf = browse().client.get(url(draw, "commitment", f"{language}.pdf"), headers={"Host": "evil.example"}).data
    assert "evil" not in read_back(pdf)
    assert code_in(pdf) == [f"{draw.number} {draw.commitment_digest}"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_new_link_is_named_in_papers_but_not_on_the_sheet_of_a_commitment_made_before(
    world: World, browse: Browser, address: str, language: str
) -> None:
    draw = world.freeze()
    witness, _token = named(world, draw)
    sealed(world, witness)
    seal_departments(world, draw)
    commit(world.session, draw, actor=world.lead)
    before = leaves_for(world.session, draw, PaperKind.COMMITMENT)
    renew_link(world.session, witness, actor=world.actor(OVERSIGHT))
    world.session.commit()
    assert leaves_for(world.session, draw, PaperKind.COMMITMENT) == before
    assert leaves_for(world.session, draw, PaperKind.SEALED)[-1].event is LogEvent.WITNESS_LINK
    browse().get(url(draw, "commitment", f"{language}.pdf"))


def test_the_same_paper_gives_the_same_bytes(world: World, session: Session, address: str) -> None:
    draw = world.committed()
    facts_of = prepare(session, draw, PaperKind.COMMITMENT, office(address)).facts
    issue = Issue("310106-2026-0001-C1", "2026-11-23T08:00:00Z", f"{address}/x", None, None)
    for language in ("zh", "en"):
        drawn = {draw_commitment_sheet(DrawPaper(facts_of, issue), language) for _ in range(3)}
        drawn |= {draw_certificate(DrawPaper(facts_of, issue), language) for _ in range(3)}
        assert len(drawn) == 2


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_pool_of_many_parts_goes_on_over_pages_with_its_head_on_each(
    world: World, session: Session, address: str, language: str
) -> None:
    draw = world.drawn()
    said = prepare(session, draw, PaperKind.SEALED, office(address)).facts
    strata = tuple(StratumLine(f"s{n}", Said(f"第{n}街道", f"Street {n}"), 1000 + n, 7) for n in range(200))
    issue = Issue(f"{draw.number}-S1", "2026-11-23T08:00:00Z", f"{address}/x", None, None)
    pages = PdfReader(io.BytesIO(draw_certificate(DrawPaper(replace(said, strata=strata), issue), language))).pages
    heads = [page for page in pages if {"zh": "每户机会", "en": "Chance of each"}[language] in page.extract_text()]
    assert len(heads) >= 4
    for number, page in enumerate(pages, start=1):
        ending = {"zh": f"第{number}页，共{len(pages)}页", "en": f"page{number}of{len(pages)}"}[language]
        assert ending in squeezed(page.extract_text())
    read = squeezed("".join(page.extract_text() for page in pages))
    for one in strata:
        assert squeezed(one.name.in_(language)) in read
    assert squeezed("7/1,199 = 0.58%") in read


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_heading_of_a_certificate_stands_alone_at_the_foot_of_a_page(
    world: World, session: Session, address: str, language: str
) -> None:
    draw, said = world.drawn(), words(language)
    headings = [said.contributions, said.strata, said.result, said.changes, said.log, said.check]
    facts_of = prepare(session, draw, PaperKind.SEALED, office(address)).facts
    issue = Issue(f"{draw.number}-S1", "2026-11-23T08:00:00Z", f"{address}/x", None, None)
    for count in range(1, 40, 3):
        strata = tuple(StratumLine(f"s{n}", Said(f"第{n}街道", f"Street {n}"), 1000 + n, 7) for n in range(count))
        pdf = draw_certificate(DrawPaper(replace(facts_of, strata=strata), issue), language)
        for number, page in enumerate(PdfReader(io.BytesIO(pdf)).pages, start=1):
            text = squeezed(page.extract_text())
            foot = squeezed(said.foot.format(number=issue.number, page=number, pages=""))[:24]
            for heading in headings:
                found, _, after = text.partition(squeezed(heading))
                assert found == text or len(after.replace(foot, "")) > 20, (count, heading)
