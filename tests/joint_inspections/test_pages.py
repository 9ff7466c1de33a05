"""Every page of this floor, in both languages, for those who may see it and those who may not."""

import io
import re

import pytest
from sqlalchemy.orm import Session

from joint_inspections.records.entries import entry_of
from joint_inspections.records.models import Section
from joint_inspections.results import services as results
from joint_inspections.visits import services as visits
from joint_inspections.visits.models import Recusal, Visit
from joint_inspections.visits.rules import MemberState, SectionState, VisitState
from supervision.permissions import Role
from tests.joint_inspections.conftest import District
from tests.pages import Browser, Visitor


def sent_form(visitor: Visitor, url: str, **changes: str) -> dict[str, str]:
    """Return what a browser would send of the section's form on a page, with ``changes``."""
    html = visitor.get(url).text
    form = html.partition('class="phone-form record-form"')[2].partition("</form>")[0]
    loaded = dict(re.findall(r'name="(i\d+-loaded)" value="([0-9a-f]+)"', form))
    return {**loaded, **changes}


def test_an_inspector_carries_a_visit_from_the_card_to_the_reviewer_by_pages(
    session: Session, drawn: District, browse: Browser
) -> None:
    visit = drawn.visit
    assert visit.leader is not None
    for member in visit.team_now:
        person = browse(drawn.inspector_user(member))
        assert visit.entity.name in person.get("/visits/").text
        person.post(f"/visits/{visit.id}/acceptance", page="/visits/")
    for department in (drawn.lead, drawn.other):
        head = browse(drawn.user(Role.HEAD, department))
        assert visit.entity.name in head.get("/visits/approvals").text
        head.post("/visits/approvals", {"visit": str(visit.id), "back": str(visit.id)}, page=f"/visits/{visit.id}")
    leader = browse(drawn.inspector_user(visit.leader))
    page = f"/visits/{visit.id}"
    leader.post(f"{page}/notices", {"language": "zh"}, page=page)
    pdf = re.search(rf"{page}/notices/\d+\.pdf", leader.get(page).text)
    assert pdf
    assert leader.get(pdf.group(0)).data.startswith(b"%PDF")
    leader.post(f"{page}/arrival", page=page)
    leader.post(f"{page}/outcome", {"outcome": "normal", "note": ""}, page=f"{page}/form")
    for section in drawn.sections(visit):
        person = browse(drawn.inspector_user(drawn.member_of(visit, section)))
        values = {}
        for row in section.item_results:
            values[f"i{row.item_id}-checked"] = "yes"
            values[f"i{row.item_id}-result"] = "1"
            values |= {f"i{row.item_id}-p{point.id}": "yes" for point in row.item.check_points}
        values = sent_form(person, f"{page}/form", **values)
        person.post(f"{page}/sections/{section.id}", {**values, "sign": "1"}, page=f"{page}/form")
    shown = dict(
        re.findall(r'id="(seen|seen_samples)"[^>]* value="([0-9a-f]{64})"', leader.get(f"{page}/signatures/").text)
    )
    assert shown, "the enterprise cannot be asked"
    paper = (io.BytesIO(b"%PDF-1.4 signed by hand"), "signed.pdf", "application/pdf")
    said = {"how": "paper", **shown, "name": "王店长", "role": "现场负责人", "paper": paper}
    leader.post(f"{page}/signatures/", said)
    leader.post(f"{page}/submission", page=f"{page}/form")
    session.expire_all()
    assert visit.state is VisitState.SUBMITTED
    reviewer = browse(drawn.user(Role.REVIEWER))
    assert visit.entity.name in reviewer.get("/reviews/").text
    reviewer.post(f"{page}/review", {"decision": "approved", "digest": "of another version"}, page=f"{page}/record/1")
    reviewer.get("/reviews/")
    shown = re.search(r'name="digest" value="([0-9a-f]{64})"', reviewer.get(f"{page}/record/1").text)
    assert shown, "the page that was not decided on still asks for a decision"
    decision = {"decision": "approved", "note": "", "digest": shown.group(1)}
    reviewer.post(f"{page}/review", decision, page=f"{page}/record/1")
    reviewer.post(f"{page}/publication", page=page)
    browse(drawn.user(Role.HEAD, drawn.other)).post(f"{page}/publication", page=page)
    session.expire_all()
    assert visit.state is VisitState.PUBLISHED


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_reads_well_at_every_stage(
    session: Session, drawn: District, browse: Browser, language: str
) -> None:
    first, second, third = drawn.visits
    drawn.begin(first)
    drawn.finish(second)
    drawn.publish(second)
    results.withdraw_part(session, second, reason="录入错误", actor=drawn.actor(Role.REVIEWER))
    member = third.team_now[0]
    recusal = visits.declare_recusal(
        session, third, reason_code="kinship", statement="亲属", actor=drawn.inspector(member)
    )
    pages = {
        drawn.inspector_user(first.team_now[0]): ["/visits/", f"/visits/{first.id}", f"/visits/{first.id}/form", "/"],
        drawn.inspector_user(third.team_now[1]): [f"/visits/{third.id}", f"/visits/{third.id}/recusal"],
        drawn.user(Role.HEAD, member.department): [
            "/visits/approvals",
            "/recusals/",
            f"/recusals/{recusal.id}",
            "/visits/all?state=on_site&late=yes&q=x",
            "/visits/all?sort=-entity",
            f"/visits/{second.id}/record/1",
            "/",
        ],
        drawn.user(Role.REVIEWER): [
            "/reviews/",
            "/results/",
            f"/visits/{second.id}",
            f"/visits/{second.id}/withdrawal",
        ],
        drawn.user(Role.LEAD): [f"/visits/{second.id}/correction", "/visits/all", f"/visits/{first.id}/form"],
    }
    for user, addresses in pages.items():
        visitor = browse(user, language=language)
        for address in addresses:
            visitor.get(address)
    csv = browse(drawn.user(Role.LEAD)).get("/visits/all/export?format=csv")
    # the heading, three visits, the watermark
    assert csv.text.count("\n") == 5
    browse(drawn.user(Role.LEAD)).get("/visits/all/export?format=xlsx").close()


def test_strangers_get_404_and_wrong_roles_403(drawn: District, browse: Browser, session: Session) -> None:
    visit = drawn.visit
    drawn.begin(visit)
    outsider = drawn.make.inspector(drawn.lead)
    stranger = browse(drawn.make.user(Role.INSPECTOR, department=drawn.lead, inspector=outsider))
    addresses = (f"/visits/{visit.id}", f"/visits/{visit.id}/form", f"/visits/{visit.id}/recusal")
    for address in addresses:
        stranger.get(address, status=404)
    elsewhere = browse(drawn.make.user(Role.LEAD, department=drawn.make.department()))
    elsewhere.get(addresses[0], status=404)
    reviewer = browse(drawn.user(Role.REVIEWER))
    reviewer.get(addresses[0], status=404)  # nothing to review yet
    reviewer.get("/visits/", status=403)
    reviewer.get("/visits/approvals", status=403)
    stranger.get("/reviews/", status=403)
    stranger.get("/recusals/", status=403)
    stranger.get("/visits/all", status=403)
    assert visit.entity.name not in stranger.get("/visits/").text
    browse().get(addresses[0], status=302)
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN):
        browse(drawn.make.user(role)).get(addresses[0], status=403)


def test_the_notice_can_be_checked_by_its_code_and_by_nothing_else(
    drawn: District, browse: Browser, session: Session
) -> None:
    visit = drawn.visit
    drawn.begin(visit)
    from joint_inspections.notices.queries import list_notices  # noqa: PLC0415

    notice = list_notices(session, visit)[0]
    public = browse()
    assert visit.entity.name in public.get(f"/notices/check/{notice.token}").text
    public.get(f"/notices/check/{notice.number}", status=404)
    public.get("/notices/check/", status=404)


def test_signing_an_unfinished_section_saves_it_and_names_every_gap(
    drawn: District, browse: Browser, session: Session
) -> None:
    visit = drawn.visit
    drawn.begin(visit)
    section = drawn.sections(visit)[0]
    person = browse(drawn.inspector_user(drawn.member_of(visit, section)))
    row = section.item_results[0]
    point = row.item.check_points[0]
    page = f"/visits/{visit.id}/form"
    values = sent_form(person, page, **{f"i{row.item_id}-checked": "yes", f"i{row.item_id}-p{point.id}": "no"})
    answer = person.post(
        f"/visits/{visit.id}/sections/{section.id}", {**values, "sign": "1"}, page=page, status=422
    ).text
    assert "Answer check point 2." in answer
    assert "Describe the problem found." in answer
    session.expire_all()
    assert entry_of(drawn.sections(visit)[0].item_results[0]).checked is True


def test_a_colleague_writing_the_same_item_is_shown_and_neither_answer_is_lost(
    drawn: District, browse: Browser, session: Session
) -> None:
    visit = drawn.visit
    drawn.begin(visit)
    section = drawn.sections(visit)[0]
    first, second = [one for one in visit.team_now if one.department_id == section.department_id]
    one, two = section.item_results
    page, target = f"/visits/{visit.id}/form", f"/visits/{visit.id}/sections/{section.id}"
    left, right = browse(drawn.inspector_user(first)), browse(drawn.inspector_user(second))
    loaded = sent_form(right, page)
    left.post(
        target,
        sent_form(left, page, **{f"i{one.item_id}-problem": "first", f"i{one.item_id}-checked": "yes"}),
        page=page,
    )
    # the second inspector's page is older: a different item is joined, the same item is shown again
    right.post(target, {**loaded, f"i{two.item_id}-problem": "other item"}, page=page)
    answer = right.post(target, {**loaded, f"i{one.item_id}-problem": "second"}, page=page, status=409).text
    assert "first" in answer
    assert "second" in answer
    session.expire_all()
    stored = {row.item_id: row.problem for row in drawn.sections(visit)[0].item_results}
    assert stored == {one.item_id: "first", two.item_id: "other item"}


def test_the_head_decides_a_recusal_and_the_machine_sends_the_replacement(
    drawn: District, browse: Browser, session: Session
) -> None:
    visit = drawn.visit
    member = visit.team_now[0]
    person = browse(drawn.inspector_user(member))
    page = f"/visits/{visit.id}/recusal"
    person.post(page, {"reason": "kinship", "statement": "兄弟是店长"})
    recusal = session.query(Recusal).one()
    browse(drawn.user(Role.HEAD, drawn.other if member.department_id == drawn.lead.id else drawn.lead)).get(
        f"/recusals/{recusal.id}", status=404
    )
    head = browse(drawn.user(Role.HEAD, member.department), language="zh")
    assert "准予回避：由系统按随机次序递补" in head.get(f"/recusals/{recusal.id}").text
    head.post(f"/recusals/{recusal.id}", {"decision": "refused", "note": ""}, status=200)
    head.post(f"/recusals/{recusal.id}", {"decision": "granted", "note": ""})
    assert "已准予回避，系统已按随机次序递补检查人员。" in head.get("/recusals/").text
    session.expire_all()
    assert session.get(Visit, visit.id) is visit
    assert member.state is MemberState.REPLACED
    assert recusal.replacement is not None
    successor = next(one for one in visit.team_now if one.inspector_id == recusal.replacement_id)
    assert successor.state is MemberState.ASSIGNED
    assert successor.department_id == member.department_id
    assert len(visit.team_now) == 4
    person.get(f"/visits/{visit.id}", status=404)


def complete(visitor: Visitor, page: str, section: Section) -> dict[str, str]:
    """What a browser sends when everything in a section is answered without a problem."""
    values = {}
    for row in section.item_results:
        values |= {f"i{row.item_id}-checked": "yes", f"i{row.item_id}-result": "1"}
        values |= {f"i{row.item_id}-p{point.id}": "yes" for point in row.item.check_points}
    return sent_form(visitor, page, **values)


def test_what_the_leader_typed_above_the_section_is_saved_with_it(
    drawn: District, browse: Browser, session: Session
) -> None:
    visit = drawn.visit
    drawn.begin(visit)
    assert visit.leader is not None
    section = next(one for one in drawn.sections(visit) if one.department_id == visit.leader.department_id)
    item = section.item_results[0]
    page, target = f"/visits/{visit.id}/form", f"/visits/{visit.id}/sections/{section.id}"
    leader = browse(drawn.inspector_user(visit.leader))
    assert f'form="record-form-{section.id}"' in leader.get(page).text
    values = sent_form(leader, page, **{f"i{item.item_id}-problem": "typed first"})
    answer = leader.post(target, {**values, "outcome": "refused", "note": ""}, page=page, status=422).text
    assert "Say what happened" in answer
    leader.post(target, {**values, "outcome": "refused", "note": "door shut"}, page=page)
    session.expire_all()
    assert (visit.outcome_code, visit.outcome_note) == ("refused", "door shut")
    assert item.problem == "typed first"
    # an old page without a choice changes nothing
    leader.post(target, {**sent_form(leader, page), "outcome": ""}, page=page)
    session.expire_all()
    assert visit.outcome_code == "refused"
    mate = next(one for one in visit.team_now if one.department_id == section.department_id and not one.lead)
    assert 'name="outcome"' not in browse(drawn.inspector_user(mate)).get(page).text


def test_nobody_signs_what_a_colleague_changed_without_having_seen_it(
    drawn: District, browse: Browser, session: Session
) -> None:
    visit = drawn.visit
    drawn.begin(visit)
    section = drawn.sections(visit)[0]
    first, second = [one for one in visit.team_now if one.department_id == section.department_id]
    one = section.item_results[0]
    page, target = f"/visits/{visit.id}/form", f"/visits/{visit.id}/sections/{section.id}"
    signer, colleague = browse(drawn.inspector_user(first)), browse(drawn.inspector_user(second))
    values = complete(signer, page, section)
    signer.post(target, values, page=page)
    # the signer's page now shows the saved answers; a colleague finds a problem while it is open
    on_screen = {**values, **sent_form(signer, page)}
    found = {
        f"i{one.item_id}-result": "5",
        f"i{one.item_id}-problem": "冷藏柜温度超标",
        f"i{one.item_id}-disposal": "correction",
    }
    colleague.post(target, {**values, **sent_form(colleague, page), **found}, page=page)
    answer = signer.post(target, {**on_screen, "sign": "1"}, page=page, status=409).text
    assert "Not signed off: a colleague changed what your page did not show" in answer
    assert "冷藏柜温度超标" in answer
    session.expire_all()
    section = drawn.sections(visit)[0]
    assert section.state is SectionState.OPEN
    assert section.item_results[0].problem == "冷藏柜温度超标"
    signer.post(target, {**values, **sent_form(signer, page), **found, "sign": "1"}, page=page)
    session.expire_all()
    assert drawn.sections(visit)[0].state is SectionState.SIGNED


def test_a_signature_after_a_colleague_signed_or_wrote_elsewhere_loses_nothing_typed(
    drawn: District, browse: Browser, session: Session
) -> None:
    visit = drawn.visit
    drawn.begin(visit)
    section = drawn.sections(visit)[0]
    first, second = [one for one in visit.team_now if one.department_id == section.department_id]
    one, two = section.item_results
    page, target = f"/visits/{visit.id}/form", f"/visits/{visit.id}/sections/{section.id}"
    signer, colleague = browse(drawn.inspector_user(first)), browse(drawn.inspector_user(second))
    values = complete(signer, page, section)
    colleague.post(target, sent_form(colleague, page, **{f"i{two.item_id}-problem": "别处的问题"}), page=page)
    mine = {**values, f"i{one.item_id}-p{one.item.check_points[0].id}-note": "我的备注", f"i{two.item_id}-problem": ""}
    answer = signer.post(target, {**mine, "sign": "1"}, page=page, status=409).text
    assert "别处的问题" in answer
    assert "A colleague changed the same item meanwhile" in answer
    session.expire_all()
    section = drawn.sections(visit)[0]
    assert section.state is SectionState.OPEN
    assert entry_of(section.item_results[0]).answers[0].note == "我的备注"
    assert section.item_results[1].problem == "别处的问题"
