"""Somebody of a neighboring area on a team is told as such on page, notice, paper and record; nobody else is."""

import io

import pytest
from pypdf import PdfReader

from joint_inspections.field.packing import Desk, pack_visits
from joint_inspections.notices.services import notice_data
from joint_inspections.records.content import record_content
from joint_inspections.visits.models import VisitMember
from supervision.neighbors.wording import department_of
from supervision.permissions import Role
from tests.joint_inspections.conftest import LETTERHEAD, District
from tests.joint_inspections.papers.conftest import issue
from tests.pages import Browser


@pytest.fixture
def lent(drawn: District) -> VisitMember:
    """A member of the first visit's team whom the cooperating department borrowed."""
    member = next(one for one in drawn.visit.team_now if one.department_id == drawn.other.id)
    member.inspector.lent_from_code = drawn.make.area().code
    drawn.session.flush()
    return member


@pytest.mark.parametrize(("language", "said"), [("zh", "（借用普陀区人员）"), ("en", " (lent by Putuo District)")])
def test_the_notice_names_the_area_beside_the_certificate(
    drawn: District, lent: VisitMember, language: str, said: str
) -> None:
    data = notice_data(drawn.session, drawn.visit, number="1", token="t", language=language, letterhead=LETTERHEAD)
    marked = [one for one in data.members if one.department.endswith(said)]
    assert [one.certificate_number for one in marked] == [lent.inspector.certificate_number]
    assert len(data.members) == 4


def test_the_record_keeps_the_area_of_a_lent_member_and_says_nothing_more_of_others(
    drawn: District, lent: VisitMember
) -> None:
    content = record_content(drawn.visit, drawn.sections(drawn.visit), version_no=1, reason="")
    team = {one["certificate"]: one for one in content["team"]}  # type: ignore[attr-defined]
    own = team.pop(lent.inspector.certificate_number)
    assert own["lent_from"] == {"code": "310107", "name_zh": "普陀区", "name_en": "Putuo District"}
    assert all("lent_from" not in one for one in team.values())


def test_the_page_of_the_visit_marks_a_lent_member(drawn: District, lent: VisitMember, browse: Browser) -> None:
    visitor = browse(drawn.user(Role.HEAD, drawn.other))
    drawn.approve(drawn.visit)
    page = visitor.get(f"/visits/{drawn.visit.id}").text
    assert page.count("lent by Putuo District") == 1


def test_phones_carry_the_area_of_a_lent_member_and_nothing_of_others(drawn: District, lent: VisitMember) -> None:
    drawn.approve(drawn.visit)
    (visit,) = pack_visits(
        drawn.session, drawn.inspector(lent), [drawn.visit], desk=Desk(lambda text: (text, text), str)
    )
    team = {one["certificate"]: one["lent_from"] for one in visit["team"]}  # type: ignore[index, union-attr]
    assert team.pop(lent.inspector.certificate_number) == {"zh": "普陀区", "en": "Putuo District"}
    assert set(team.values()) == {None}


def test_papers_name_the_area_before_and_after_the_visit(drawn: District, lent: VisitMember) -> None:
    drawn.approve(drawn.visit)
    form = issue(drawn.session, drawn.visit, f"approval:{drawn.other.code}", drawn.actor(Role.HEAD, drawn.other))
    assert words_of(form.pdf).count("借用普陀区人员") == 1
    own = issue(drawn.session, drawn.visit, f"approval:{drawn.lead.code}", drawn.actor(Role.HEAD))
    assert "借用" not in words_of(own.pdf), "the form of another department, whose people are its own"


def words_of(pdf: bytes) -> str:
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_the_record_on_paper_names_the_area(drawn: District, lent: VisitMember) -> None:
    drawn.submit(drawn.visit)
    record = issue(drawn.session, drawn.visit, "record", drawn.inspector(drawn.visit.leader))
    assert words_of(record.pdf).count("借用普陀区人员") == 1


def test_an_own_inspector_is_named_by_the_department_alone(drawn: District) -> None:
    assert department_of(drawn.visit.team_now[0].inspector, "区局", language="zh") == "区局"
