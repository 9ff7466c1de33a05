"""Pages of papers in both languages: issuing, downloading, writing down, signing, checking by the code."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from joint_inspections.evidence.samples import take_sample
from joint_inspections.follow_ups.queries import list_of_visit
from joint_inspections.papers.models import VisitPaper
from joint_inspections.papers.queries import get_entry, list_entries, list_papers
from joint_inspections.papers.rules import PaperKind, SignedState
from joint_inspections.visits.models import Visit
from supervision import clock
from supervision.permissions import Role
from tests.joint_inspections.conftest import District
from tests.joint_inspections.papers.conftest import ROWS, team_of, with_problem, write
from tests.pages import Browser, Visitor, check_page

LANGUAGES = ["zh", "en"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_papers_are_issued_checked_and_read_on_pages(
    session: Session, drawn: District, browse: Browser, language: str
) -> None:
    visit = drawn.visit
    with_problem(drawn, visit)
    page = f"/visits/{visit.id}/papers"
    assert visit.leader is not None
    leader = browse(drawn.inspector_user(visit.leader), language=language)
    assert page in leader.get(f"/visits/{visit.id}").text
    leader.get(page)
    item = list_of_visit(session, visit.id)[0].item.code
    for series in (f"approval:{drawn.lead.code}", "record", f"result:{drawn.lead.code}", f"order:{item}"):
        for made in LANGUAGES:
            leader.post(page, {"series": series, "language": made, "demand": "换门封条"}, page=page)
    papers = list_papers(session, visit)
    assert len(papers) == 8
    shown = leader.get(page).text
    assert all(paper.number in shown for paper in papers)
    assert leader.get(f"{page}/{papers[0].id}.pdf").data == papers[0].pdf
    assert papers[0].number in leader.get(f"/visits/{visit.id}").text
    for kind in ("record", "questioning", "inquest", "sampling"):
        assert leader.get(f"{page}/blank/{kind}.pdf").data.startswith(b"%PDF")
    leader.get(f"{page}/blank/order.pdf", status=404)
    browse(drawn.user(Role.LEAD, drawn.other), language=language).get(page)
    browse(drawn.user(Role.HEAD), language=language).get(page)


def test_a_paper_that_holds_is_superseded_on_its_page_for_a_reason(
    session: Session, drawn: District, browse: Browser
) -> None:
    visit = drawn.visit
    drawn.finish(visit)
    page = f"/visits/{visit.id}/papers"
    reviewer = browse(drawn.user(Role.REVIEWER), language="zh")
    reviewer.post(page, {"series": "record", "language": "zh"}, page=page)
    again = reviewer.post(page, {"series": "record", "language": "zh"}, page=page, status=422)
    assert "现行有效" in again.text
    reviewer.post(page, {"series": "record", "language": "zh", "reason": "更正名称"}, page=page)
    assert len(list_papers(session, visit)) == 2
    assert "已被取代" in reviewer.get(page).text


def public_page(client: FlaskClient, paper: VisitPaper, language: str) -> str:
    """The page that the code on a paper leads to, for somebody who never signed in."""
    client.set_cookie("lang", language)
    answer = client.get(f"/papers/check/{paper.token}")
    assert answer.status_code == 200
    check_page(answer.text)
    return answer.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_holds_a_paper_checks_it_and_learns_nothing_more(
    session: Session, drawn: District, browse: Browser, client: FlaskClient, language: str
) -> None:
    visit = drawn.visit
    drawn.begin(visit)
    write(drawn, visit, PaperKind.QUESTIONING)
    page = f"/visits/{visit.id}/papers"
    writer = browse(drawn.inspector_user(team_of(visit, drawn.lead)[0]))
    writer.post(page, {"series": "questioning:1", "language": language}, page=page)
    paper = list_papers(session, visit)[0]
    shown = public_page(client, paper, language)
    assert paper.number in shown
    assert paper.digest in shown
    assert visit.entity.name in shown
    for secret in ("王经理", "去年六月", *(one.inspector.name for one in visit.team_now)):
        assert secret not in shown
    assert client.get("/papers/check/nothing").status_code == 404


def test_strangers_and_other_departments_reach_no_paper(session: Session, drawn: District, browse: Browser) -> None:
    visit = drawn.visit
    drawn.approve(visit)
    page = f"/visits/{visit.id}/papers"
    head = browse(drawn.user(Role.HEAD))
    head.post(page, {"series": f"approval:{drawn.lead.code}", "language": "zh"}, page=page)
    paper = list_papers(session, visit)[0]
    stranger = browse(drawn.make.user(Role.LEAD, department=drawn.make.department()))
    stranger.get(page, status=404)
    stranger.get(f"{page}/{paper.id}.pdf", status=404)
    stranger.get(f"{page}/blank/record.pdf", status=404)
    head.get(f"{page}/999999.pdf", status=404)
    other = drawn.visits[1]
    head.get(f"/visits/{other.id}/papers/{paper.id}.pdf", status=404)
    refused = browse(drawn.user(Role.HEAD, drawn.other))
    refused.post(page, {"series": f"approval:{drawn.lead.code}", "language": "en"}, page=page, status=403)


def typed(visit: Visit, drawn: District, kind: PaperKind, **changes: str) -> dict[str, str]:
    """What an inspector types into the page of a record."""
    first, second = (str(one.inspector_id) for one in team_of(visit, drawn.lead)[:2])
    now = clock.local(clock.now())
    values = {
        "base": "0",
        "started_at": now.strftime("%Y-%m-%dT%H:%M"),
        "ended_at": now.strftime("%Y-%m-%dT%H:%M"),
        "place": "厨房",
        "first": first,
        "second": second,
        "person_name": "王经理",
        "person_role": "店长",
        "present": "王经理（店长）",
        "found": "地面湿滑",
        "method": "随机抽取",
    }
    for number, row in enumerate(ROWS[kind]):
        values |= {f"rows-{number}-{key}": value for key, value in row.items()}
    return {**values, **changes}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [PaperKind.QUESTIONING, PaperKind.INQUEST, PaperKind.SAMPLING])
def test_a_record_is_written_changed_and_signed_on_pages(
    session: Session, drawn: District, browse: Browser, kind: PaperKind, language: str
) -> None:
    visit = drawn.visit
    drawn.begin(visit)
    new, page = f"/visits/{visit.id}/site/{kind.value}/new", f"/visits/{visit.id}/site/{kind.value}/1"
    writer = browse(drawn.inspector_user(team_of(visit, drawn.lead)[0]), language=language)
    assert new in writer.get(f"/visits/{visit.id}/papers").text
    later = (clock.local(clock.now()) + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
    writer.post(new, typed(visit, drawn, kind, ended_at=later), page=new, status=422)
    writer.post(new, typed(visit, drawn, kind, place=""), page=new, status=200)
    assert list_entries(session, visit) == []
    writer.post(new, typed(visit, drawn, kind), page=new, status=302)
    writer.post(page, typed(visit, drawn, kind, base="1", place="仓库"), page=page, status=302)
    writer.post(page, typed(visit, drawn, kind, base="1", place="门口"), page=page, status=409)
    entry = get_entry(session, visit, kind, 1)
    assert entry.version_no == 2
    read_only(browse(drawn.user(Role.LEAD), language=language), page)
    sign(writer, page)
    session.expire_all()
    signing = get_entry(session, visit, kind, 1).signing
    assert signing is not None
    assert signing.state is SignedState.SIGNED
    writer.get(page)


def read_only(reader: Visitor, page: str) -> None:
    """Whoever is not on the team reads the record and has nothing to type into."""
    shown = reader.get(page).text
    assert "仓库" in shown
    assert 'name="place"' not in shown


def sign(writer: Visitor, page: str) -> None:
    """Note on the page that the person signed the print."""
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', writer.get(page).text)
    assert seen
    values = {"state": "signed", "name": "", "note": "", "second": "", "seen": seen.group(1)}
    writer.post(f"{page}/signature", values, page=page, status=422)
    writer.post(f"{page}/signature", {**values, "name": "王经理"}, page=page, status=302)


def test_records_of_another_kind_or_number_are_not_found(drawn: District, browse: Browser) -> None:
    visit = drawn.visit
    drawn.begin(visit)
    writer = browse(drawn.inspector_user(team_of(visit, drawn.lead)[0]))
    writer.get(f"/visits/{visit.id}/site/order/new", status=404)
    writer.get(f"/visits/{visit.id}/site/inquest/7", status=404)
    reviewer = browse(drawn.user(Role.REVIEWER))
    reviewer.get(f"/visits/{visit.id}/site/inquest/new", status=403)


def test_samples_noted_as_evidence_are_not_typed_again(session: Session, drawn: District, browse: Browser) -> None:
    visit = drawn.visit
    drawn.begin(visit)
    section = next(one for one in drawn.sections(visit) if one.department_id == drawn.lead.id)
    member = team_of(visit, drawn.lead)[0]
    take_sample(
        session,
        visit,
        section=section.id,
        item=None,
        what="酱牛肉样品",
        amount="三盒",
        sealed=True,
        seal_number="FY-0042",
        given_to="市食品检验所",
        actor=drawn.inspector(member),
    )
    shown = browse(drawn.inspector_user(member)).get(f"/visits/{visit.id}/site/sampling/new").text
    for text in ("酱牛肉样品", "三盒", "FY-0042", "市食品检验所"):
        assert text in shown
    other = browse(drawn.inspector_user(team_of(visit, drawn.other)[0]))
    assert "FY-0042" not in other.get(f"/visits/{visit.id}/site/sampling/new").text


def test_a_paper_that_waits_is_not_called_unapproved(drawn: District, browse: Browser) -> None:
    drawn.begin(drawn.visit)
    shown = browse(drawn.inspector_user(drawn.visit.members[0]), language="zh").get(f"/visits/{drawn.visit.id}/papers")
    assert "尚不需出具" in shown.text
    assert "尚未审批" not in shown.text
