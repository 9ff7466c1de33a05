"""The pages of penalties, listings and measures: the whole way by hand, both languages, and every wrong role."""

import csv
import io
from datetime import timedelta

import pytest

from punishments.credit_lists.rules import ListingState
from punishments.credit_lists.services import serve_decision
from punishments.measures.models import Measure
from punishments.measures.queries import list_definitions, list_of_listing
from punishments.measures.rules import MeasureState
from punishments.penalties.models import Penalty
from punishments.penalties.queries import list_of_entity
from punishments.penalties.rules import PenaltyState
from supervision import clock
from supervision.accounts.queries import actor_of
from supervision.permissions import Role
from tests.factories import Make
from tests.pages import Browser
from tests.punishments.making import APPROVAL, Office, served

FORM = {
    "document_number": "沪市监静处〔2026〕1号",
    "procedure": "ordinary",
    "violation_type": "发布虚假广告",
    "facts": "当事人发布虚假广告。",
    "legal_basis": "《广告法》第五十五条",
    "kinds": ["warning", "fine"],
    "content": "警告，罚款人民币2万元",
    "fine": "20,000.50",
    "confiscated": "",
    "severity": "serious",
}


SAID_NOTHING = {"response": "none", "reconsideration_authority": "区政府", "court": "法院"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_in_both_languages(office: Office, make: Make, browse: Browser, language: str) -> None:
    measure = office.measure()
    listing, penalty = measure.listing, measure.listing.penalty
    others = [
        step(office.penalty(document_number=f"第{number}号"))
        for number, step in enumerate((office.intention, office.noticed, office.proposal, office.decided), 2)
    ]
    office.noticed(office.penalty(document_number="第六号"), days_ago=0)
    for user in (office.lead, office.head, office.implementer, make.user(Role.OVERSIGHT)):
        visitor = browse(user, language=language)
        for url in (
            "/penalties/?q=食品&severity=serious&state=in_force&since=2020-01-01&until=bad&sort=-fine&page=1",
            f"/penalties/?department={office.department.code}&sort=entity",
            f"/penalties/{penalty.id}",
            "/listings/?state=in_force&sort=-ends_on&q=310106",
            "/listings/?state=ended",
            f"/listings/{listing.id}",
            "/measures/?state=waiting&sort=answer_due_on",
            "/measures/?state=lifted&q=x",
            *(f"/listings/{one.id}" for one in others),
            f"/measures/{measure.id}",
            f"/entities/{office.entity.id}",
            "/",
        ):
            visitor.get(url)
    browse(office.lead, language=language).get("/penalties/new")
    browse(office.lead, language=language).get(f"/measures/propose/{penalty.id}")


def test_from_the_penalty_to_the_answer_by_hand(office: Office, browse: Browser) -> None:
    lead, head, implementer = browse(office.lead), browse(office.head), browse(office.implementer)
    day = clock.today().isoformat()
    lead.post("/penalties/new", {**FORM, "unit_id": office.entity.unit_id.lower(), "decided_on": day})
    penalty = list_of_entity(office.session, office.entity.id)[0]
    assert penalty.fine_fen == 2_000_050
    assert "Propose a listing" in lead.get(f"/penalties/{penalty.id}").text
    definition = list_definitions(office.session, credit_list="SERIOUS_SAMR", on=clock.today())[0]
    proposal = {
        "credit_list": "SERIOUS_SAMR",
        "grounds": "情节严重",
        "legal_basis": "总局令第44号",
        "definition": str(definition.id),
        "department": "CZJ",
    }
    response = lead.post(f"/measures/propose/{penalty.id}", proposal)
    url = response.headers["Location"]
    assert office.entity.name in lead.get("/").text
    assert office.entity.name not in head.get("/").text
    proof = {"method": "direct", "recipient": "李四", "proof": "送达回证1号"}
    told = (clock.today() - timedelta(days=20)).isoformat()
    lead.post(f"{url}/notice", {**proof, "served_on": told, "document_number": "告1号"}, page=url)
    lead.post(f"{url}/hearing", SAID_NOTHING, page=url)
    assert office.entity.name in head.get("/").text
    assert "Your decision" not in lead.get(url).text
    head.post(f"{url}/decide", {"decision": "accept", "superior_approval": APPROVAL}, page=url)
    assert "Decided, not served yet" in lead.get("/").text
    lead.post(f"{url}/service", {**proof, "served_on": day}, page=url)
    measure = list_of_listing(office.session, int(url.rpartition("/")[2]))[0]
    assert measure.listing.state is ListingState.IN_FORCE
    page = f"/measures/{measure.id}"
    assert definition.name_en in implementer.get("/").text
    assert "Your answer" not in head.get(page).text
    implementer.post(f"{page}/answer", {"answer": "applied", "applied_on": day}, page=page)
    office.session.refresh(measure)
    assert measure.state is MeasureState.APPLIED
    told = lead.get(page).text
    for words in (penalty.document_number, measure.listing.number, definition.edition, definition.legal_basis, "ends"):
        assert str(words) in told


def test_wrong_entries_stay_on_the_page_with_their_message(office: Office, browse: Browser) -> None:
    lead = browse(office.lead)
    good = {**FORM, "unit_id": office.entity.unit_id, "decided_on": clock.today().isoformat()}
    for changes, message in (
        ({"unit_id": "91310000000000000X"}, "No entity of the register"),
        ({"fine": "1.234"}, "at most two decimals"),
        ({"severity": "minor", "kinds": ["revoke-permit"], "fine": ""}, "are serious"),
        ({"kinds": []}, "at least one kind"),
        ({"decided_on": "2999-01-01"}, "may not lie in the future"),
        ({"facts": ""}, "This field is required"),
        ({"procedure": "unheard"}, "Not a valid choice"),
    ):
        answer = lead.post("/penalties/new", {**good, **changes}, status=200)
        assert message in answer.text, message
    lead.post("/penalties/new", good)
    assert "already" in lead.post("/penalties/new", good, status=200).text


def test_wrong_decisions_and_answers_stay_on_the_page(office: Office, browse: Browser) -> None:
    listing = office.proposal()
    head, url = browse(office.head), f"/listings/{listing.id}"
    answer = head.post(f"{url}/decide", {"decision": "accept"}, page=url, status=200)
    assert "needs the approval" in answer.text
    answer = head.post(f"{url}/decide", {"decision": "refuse"}, page=url, status=200)
    assert "Give the reason" in answer.text
    head.post(f"{url}/decide", {"decision": "accept", "superior_approval": APPROVAL}, page=url)
    head.post(f"{url}/decide", {"decision": "refuse", "note": "x"}, page="/account", status=409)
    serve_decision(office.session, listing, served(), actor=actor_of(office.lead))
    measure = list_of_listing(office.session, listing.id)[0]
    implementer, url = browse(office.implementer), f"/measures/{measure.id}"
    for data, message in (
        ({"answer": "applied"}, "Enter the day"),
        ({"answer": "applied", "applied_on": "2999-01-01"}, "between the beginning"),
        ({"answer": "not_applicable"}, "Give the reason"),
    ):
        assert message in implementer.post(f"{url}/answer", data, page=url, status=200).text


def test_wrong_entries_about_the_hearing_stay_on_the_page(office: Office, browse: Browser) -> None:
    lead, day = browse(office.lead), clock.today()
    proof = {"method": "mail", "recipient": "李四", "proof": "挂号信1号", "served_on": day}
    listing = office.intention()
    url = f"/listings/{listing.id}"
    for data, message in (
        ({**proof, "document_number": ""}, "required"),
        ({**proof, "document_number": "告", "served_on": "2999-01-01"}, "enter a past day"),
        ({**proof, "document_number": "告", "method": "pigeon"}, "Not a valid choice"),
    ):
        assert message in lead.post(f"{url}/notice", data, page=url, status=200).text
    lead.post(f"{url}/hearing", SAID_NOTHING, page=url, status=409)
    assert "Say why" not in lead.get(url).text
    lead.post(f"{url}/drop", {"reason": ""}, page=url, status=200)
    lead.post(f"{url}/drop", {"reason": "录入错误"}, page=url)
    assert "录入错误" in lead.get(url).text
    noticed = office.noticed(office.penalty(document_number="第二号"))
    url = f"/listings/{noticed.id}"
    spoke = {**SAID_NOTHING, "response": "statement", "made_on": day, "statement": "经营困难"}
    assert "Say how it was examined" in lead.post(f"{url}/hearing", spoke, page=url, status=200).text
    lead.post(f"{url}/hearing", {**spoke, "consideration": "不予采纳"}, page=url)
    assert "经营困难" in browse(office.head).get(url).text
    elsewhere = browse(office.implementer).get(url).text
    assert "经营困难" not in elsewhere, "other departments read the decision, not what was said"
    assert "李四" not in elsewhere


def test_revoking_by_hand_ends_the_listing(office: Office, browse: Browser) -> None:
    measure = office.measure()
    penalty, lead = measure.listing.penalty, browse(office.lead)
    url, day = f"/penalties/{penalty.id}", clock.today().isoformat()
    answer = lead.post(f"{url}/revoke", {"revoked_on": "2000-01-01", "reason": "x"}, page=url, status=200)
    assert "lies between" in answer.text
    lead.post(f"{url}/revoke", {"revoked_on": day, "reason": "复议撤销"}, page=url)
    office.session.refresh(penalty)
    assert penalty.state is PenaltyState.REVOKED
    assert "复议撤销" in lead.get(url).text
    assert "was lifted" in lead.get(f"/measures/{measure.id}").text


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.REVIEWER, Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN])
def test_people_without_the_right_see_nothing(office: Office, make: Make, browse: Browser, role: Role) -> None:
    measure = office.measure()
    visitor = browse(make.user(role, department=office.department))
    for url in (
        "/penalties/",
        f"/penalties/{measure.listing.penalty_id}",
        "/penalties/export",
        f"/listings/{measure.listing_id}",
        f"/measures/{measure.id}",
        "/penalties/new",
    ):
        visitor.get(url, status=403)


def test_who_only_reads_changes_nothing(office: Office, make: Make, browse: Browser) -> None:
    measure: Measure = office.measure()
    penalty: Penalty = measure.listing.penalty
    reader = browse(make.user(Role.COORDINATOR))
    reader.get("/penalties/new", status=403)
    reader.get(f"/measures/propose/{penalty.id}", status=403)
    for url in (
        f"/penalties/{penalty.id}/revoke",
        *(f"/listings/{measure.listing_id}/{step}" for step in ("notice", "hearing", "decide", "service", "drop")),
        f"/measures/{measure.id}/answer",
    ):
        reader.post(url, {}, page="/account", status=403)
    stranger = browse(make.user(Role.LEAD, department=make.department()))
    data = {"answer": "applied", "applied_on": clock.today().isoformat()}
    stranger.post(f"/measures/{measure.id}/answer", data, page="/account", status=403)
    assert "/sign-in" in browse().get("/penalties/", status=302).headers["Location"]
    reader.get("/penalties/999999", status=404)


def test_the_download_speaks_the_national_standard(office: Office, browse: Browser) -> None:
    office.penalty(violation_type="=1+1")
    visitor = browse(office.lead)
    response = visitor.get("/penalties/export?format=csv&severity=serious")
    rows = list(csv.DictReader(io.StringIO(response.text.removeprefix("\ufeff"))))
    assert rows[0]["CF_XDR_SHXYM"] == office.entity.uscc
    assert rows[0]["CF_NR_FK"] == "5.000000"
    assert rows[0]["CF_WFXW"] == "'=1+1"
    book = visitor.get("/penalties/export?format=xlsx")
    assert book.data.startswith(b"PK")
    book.close()
    assert office.entity.name not in visitor.get("/penalties/export?severity=minor").text
