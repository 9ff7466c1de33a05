"""Experts are named to the enterprise apart from the inspectors, and only those who take part."""

import io

import pypdf
import pytest
import sqlalchemy as sa

from joint_inspections.experts import services
from joint_inspections.field.packing import Desk, pack_visits
from joint_inspections.notices import services as notices
from joint_inspections.notices.models import Notice
from joint_inspections.notices.queries import digest_of_visit, has_current_notice
from joint_inspections.notices.rules import holds_for
from joint_inspections.visits.services import require_complete_team
from supervision import clock
from supervision.errors import RuleBroken
from supervision.inspectors.rules import InspectorStatus
from supervision.permissions import Role
from tests.joint_inspections.conftest import LETTERHEAD
from tests.joint_inspections.experts.conftest import Experts, join
from tests.pages import Browser

POWERLESS = {"zh": "专家，不具执法资格", "en": "Expert, without enforcement powers"}


@pytest.fixture
def named(experts: Experts) -> Experts:
    """A visit approved, whose expert takes part."""
    experts.draw_with(per_team=2)
    visit = experts.district.visit
    join(experts, experts.places(visit)[0])
    experts.district.approve(visit)
    return experts


def text_of(pdf: bytes) -> str:
    """The words of a paper, without its line breaks."""
    return "".join("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())


def issue(experts: Experts, language: str = "zh") -> Notice:
    visit = experts.district.visit
    leader = experts.district.inspector(visit.leader)
    return notices.issue_notice(
        experts.session, visit, language=language, letterhead=LETTERHEAD, actor=leader
    )  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_notice_and_its_page_name_who_takes_part_apart_from_the_inspectors(
    named: Experts, browse: Browser, language: str
) -> None:
    visit = named.district.visit
    joined, silent = named.places(visit)
    notice = issue(named, language)
    words = text_of(notice.pdf)
    assert joined.expert.name in words
    assert silent.expert.name not in words
    assert "不另派协助人员" not in words
    shown = browse(language=language).get(f"/notices/check/{notice.token}").text
    assert joined.expert.name in shown
    assert silent.expert.name not in shown
    assert POWERLESS[language] in shown


def test_without_experts_the_notice_says_that_nobody_else_comes(experts: Experts) -> None:
    experts.draw_with()
    experts.district.approve(experts.district.visit)
    assert "不另派协助人员" in text_of(issue(experts).pdf)
    visit = experts.district.visit
    certificates = [one.inspector.certificate_number for one in visit.team_now]
    assert digest_of_visit(visit) == holds_for(visit.planned_on, certificates)


def test_another_expert_needs_another_notice(named: Experts) -> None:
    visit = named.district.visit
    issue(named)
    assert has_current_notice(named.session, visit)
    lead = named.district.actor(Role.LEAD)
    services.take_off(named.session, named.places(visit)[0], ground="unavailable", note="住院", actor=lead)
    assert not has_current_notice(named.session, visit)


def test_two_experts_do_not_stand_in_for_an_inspector(named: Experts) -> None:
    visit = named.district.visit
    join(named, named.places(visit)[1])
    visit.team_now[0].inspector.status = InspectorStatus.SUSPENDED
    with pytest.raises(RuleBroken, match="Two inspectors"):
        require_complete_team(visit, on=clock.today())


def test_notices_are_kept_as_they_were(named: Experts) -> None:
    issue(named)
    kept = named.session.scalars(sa.select(Notice)).one()
    assert kept.facts is not None
    assert [one["name"] for one in kept.facts["zh"]["experts"]] == [named.places(named.district.visit)[0].expert.name]


def test_phones_carry_who_assists_apart_from_the_team(named: Experts) -> None:
    visit = named.district.visit
    joined = named.places(visit)[0]
    desk = Desk(told=lambda text: (text, text), check_url=lambda token: token)
    (packed,) = pack_visits(named.session, named.district.inspector(visit.leader), [visit], desk=desk)
    expert = joined.expert
    assert packed["experts"] == [{"name": expert.name, "organization": expert.organization, "field": joined.field}]
    assert len(visit.team_now) == len(packed["team"]) == 4  # type: ignore[arg-type]
