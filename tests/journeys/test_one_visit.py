"""An inspector on a phone records, a reviewer who was not there approves, a citizen reads the result."""

import re
from collections.abc import Callable, Mapping

import pytest
from playwright.sync_api import Locator

from tests.journeys.conftest import Arrive, Site
from tests.journeys.people import Person
from tests.journeys.steps import (
    DEPARTMENTS,
    TEAM,
    everybody_accepts,
    head_approves,
    is_published,
    issue_notice,
    publish,
    row_of,
)

PROBLEM = "后厨油烟净化设施已超过九十日未清洗，无清洗记录。"
Finding = Callable[[Person, Locator], None]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_joint_visit_is_recorded_on_phones_reviewed_published_and_found(
    site: Site, arrive: Arrive, language: str
) -> None:
    team = {name: arrive(name, phone=True, language=language) for name in TEAM}
    leader = team["inspector.scjg"]
    entity, address = everybody_accepts(team)
    for code in DEPARTMENTS:
        head_approves(arrive(f"head.{code}", language=language), address)
    issue_notice(leader, entity, address)
    leader.press("We have arrived")
    leader.sees("Being recorded")

    _others_sections_are_closed(team["inspector.sthj2"], address)
    for code in DEPARTMENTS:
        _fill_own_section(team[f"inspector.{code}"], address, code, _fault if code == "sthj" else _nothing_wrong)
    _hand_in(leader, address)

    if language == "zh":
        _a_member_may_not_review(arrive, team["inspector.scjg2"], site.passwords, address)
    _review(arrive("reviewer.scjg", language=language), address)
    for name in ("reviewer.scjg", "lead.sthj", "lead.xfjy"):
        publish(arrive(name, language=language), address)
    is_published(arrive("lead.xfjy", language=language), address)
    citizen = arrive(phone=True, language=language)
    _found_by_a_citizen(citizen, entity, "Follow-up under way")
    _closes_the_follow_up(arrive("lead.sthj", language=language), entity)
    _found_by_a_citizen(citizen, entity, "Problem corrected")


def _fill_own_section(person: Person, address: str, code: str, finding: Finding) -> None:
    """Answer every check point of the own department, and sign off."""
    person.open(f"{address}/form")
    chinese, english = DEPARTMENTS[code]
    own = person.main.get_by_role("region", name=chinese if person.language == "zh" else english)
    assert person.button("Save and sign off").count() == 1
    assert not _asks_before_leaving(person), "nothing has been typed"
    person.choose("Checked", within=own)
    assert _asks_before_leaving(person)
    for points in own.locator("fieldset.check-point").all():
        _answer(points)
    _counted_at_once(person, own)
    finding(person, own)
    if code == "scjg":
        person.picture("form-on-a-phone", at=own)
    person.press("Save and sign off", within=own)
    own.get_by_text(person.say("Signed off"), exact=True).wait_for()


def _asks_before_leaving(person: Person) -> bool:
    """Say whether the browser would ask before this page is left."""
    leaving = "() => !window.dispatchEvent(new Event('beforeunload', {cancelable: true}))"
    return bool(person.page.evaluate(leaving))


def _counted_at_once(person: Person, section: Locator) -> None:
    """What was answered is counted before anything is saved: each check point, and whether the item was checked."""
    points = section.locator("fieldset.check-point").count()
    person.sees("%(done)s of %(total)s answered", within=section, done=points + 1, total=points + 1)
    person.sees("%(done)s of %(total)s", within=section, done=points, total=points)


def _answer(point: Locator) -> None:
    """Give the answer that shows no problem: yes, the first choice, the middle of the allowed range."""
    if point.get_by_role("radio").count():
        point.get_by_role("radio").first.check()
        return
    limits = [float(text) for text in re.findall(r"-?\d+(?:\.\d+)?", point.locator("p.form-text").inner_text())]
    point.get_by_role("textbox").first.fill(f"{sum(limits) / len(limits):g}")


def _nothing_wrong(person: Person, section: Locator) -> None:
    """Choose the first allowed result: no problem found."""
    section.get_by_role("radio", name=re.compile("^1 ")).check()


def _fault(person: Person, section: Locator) -> None:
    """Answer the third check point with no, try to sign off without a word, then describe the problem."""
    section.locator("fieldset.check-point").nth(2).get_by_role("radio", name=person.say("No"), exact=True).check()
    section.get_by_role("radio", name=re.compile("^1 ")).check()
    person.press("Save and sign off", within=section, status=422)
    person.check_access()
    person.sees("Saved, but not signed off yet:")
    section.get_by_role("radio", name=re.compile("^5 ")).check()
    person.field("Problem found", within=section).fill(PROBLEM)
    person.field("What follows", within=section).select_option(label=person.say("Correction ordered"))


def _others_sections_are_closed(person: Person, address: str) -> None:
    """The form offers the own section only, and what is sent to another is refused."""
    person.open(f"{address}/form")
    own = person.main.locator("section.record-section").filter(has=person.page.locator("form"))
    assert own.count() == 1
    for section in person.main.locator("section.record-section").all():
        number = str(section.get_attribute("id")).removeprefix("section-")
        if number != str(own.get_attribute("id")).removeprefix("section-"):
            assert person.post(f"{address}/sections/{number}", {"sign": "1"}) in {403, 404}


def _hand_in(leader: Person, address: str) -> None:
    """The leader says how the visit went and hands the record in."""
    leader.open(f"{address}/form")
    leader.field("Outcome of the visit").select_option("normal")
    leader.press("Save the outcome")
    leader.press("Hand in for review")
    leader.sees("Show the record to the enterprise first: it signs, on the screen or on paper, or two officers note "
                "that it refused.")  # fmt: skip
    _enterprise_signs(leader)
    leader.open(f"{address}/form")
    leader.press("Hand in for review")
    leader.sees("Waiting for review")


def _enterprise_signs(leader: Person) -> None:
    """The person in charge reads the whole record on the inspector's phone and signs with a finger."""
    leader.press("Show the record to the enterprise")
    leader.choose("It signs here on the screen")
    leader.fill("Name of the person", "王店长")
    leader.fill("Role at the enterprise", "现场负责人")
    field = leader.main.locator(".party-form canvas")
    field.scroll_into_view_if_needed()
    box = field.bounding_box()
    assert box is not None
    mouse = leader.page.mouse
    mouse.move(box["x"] + 30, box["y"] + 90)
    mouse.down()
    for step in range(30):
        mouse.move(box["x"] + 30 + 8 * step, box["y"] + 90 + 40 * (step % 3 - 1))
    mouse.up()
    leader.page.wait_for_function("() => document.querySelector('.party-form input[name=drawing]').files.length === 1")
    leader.picture("enterprise-signs", at=leader.main.locator(".party-form"))
    leader.check_access()
    leader.press("Note it")
    leader.sees("For the record as it stands")


def _a_member_may_not_review(arrive: Arrive, member: Person, passwords: Mapping[str, str], address: str) -> None:
    """Even with the reviewer's role, somebody of the team cannot decide."""
    admin = arrive("security.admin")
    admin.open("/users?q=inspector.scjg2")
    admin.press("inspector.scjg2")
    rights = admin.main.locator("section").filter(has=admin.page.locator("#roles-of"))
    admin.choose("Reviewer", within=rights)
    admin.fill("Reason", "轮岗。", within=rights)
    admin.fill("Your own password", passwords["security.admin"], within=rights)
    admin.press("Save roles")

    member.sign_in("inspector.scjg2", passwords["inspector.scjg2"])
    member.open(f"{address}/record/1")
    member.sees("You are or were on this team, so somebody else reviews the record.")
    assert member.post(f"{address}/review", {"decision": "approved"}) == 403


def _review(reviewer: Person, address: str) -> None:
    """Read the record and approve it."""
    reviewer.open("/reviews/")
    reviewer.press("Read and decide", within=row_of(reviewer, address))
    if reviewer.language == "zh":
        reviewer.sees(PROBLEM)
        reviewer.picture("review-of-a-record", at=reviewer.main.get_by_role("heading", name=DEPARTMENTS["sthj"][0]))
    reviewer.choose("Approve the record as it stands")
    reviewer.press("Record the decision")


def _closes_the_follow_up(lead: Person, entity: str) -> None:
    """The department that found the problem says how it ended."""
    lead.open("/follow-ups/?state=open")
    lead.press(entity, within=lead.main.get_by_role("row").filter(has_text=entity))
    lead.choose("Corrected, confirmed by the department")
    lead.fill("What shows it", "复查：净化设施已清洗，清洗记录齐全。")
    lead.press("Close it")
    lead.sees("Follow-up closed")


def _found_by_a_citizen(citizen: Person, entity: str, follow_up: str) -> None:
    """Search the entity, read its page, open the result; no free text and no inspector is public."""
    citizen.open("/public")
    citizen.fill("Find an enterprise", entity)
    citizen.press("Search")
    citizen.press(entity)
    citizen.follow(citizen.main.locator("#results").get_by_role("link").first)
    citizen.look_again()
    for names in DEPARTMENTS.values():
        citizen.main.get_by_role("heading", name=names[citizen.language == "en"]).wait_for()
    citizen.sees(follow_up)
    assert PROBLEM not in citizen.words()
    citizen.picture("public-result-on-a-phone")
