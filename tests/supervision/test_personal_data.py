"""What must never leave the house is planted everywhere, then everything public is read (security sheet, G-PII)."""

import html
import io
import json
import logging
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from joint_inspections.follow_ups.models import FollowUp
from joint_inspections.notices.models import Notice
from joint_inspections.papers import services as papers
from joint_inspections.records import services as records
from joint_inspections.records.reviewing import approve_record
from joint_inspections.records.rules import Disposal
from joint_inspections.results.models import PublishedPart
from joint_inspections.signatures.links import open_link
from joint_inspections.signatures.whole import record_digest
from joint_inspections.visits.models import Visit
from reports.open_data.views import EVERYTHING
from supervision import clock
from supervision.accounts.services import sign_in
from supervision.beacons.models import BeaconRule
from supervision.entities.models import Entity, EntityTag, RiskClassRecord, Tag
from supervision.entities.rules import RiskClass
from supervision.inspectors.models import InspectorTie
from supervision.inspectors.rules import TieKind
from supervision.items.models import ItemList, JointItem
from supervision.permissions import Role
from supervision.web.access import rule_of
from tests.conftest import PASSWORD, SECRET
from tests.factories import Make
from tests.joint_inspections.conftest import District
from tests.joint_inspections.papers.conftest import LETTERHEAD as PAPER_HEAD
from tests.pages import Browser, Visitor
from tests.punishments.making import Office

PHONE, TRADER, OWNER, INSPECTOR = "13917365528", "卢金丝", "费珈蓝", "裴翠鸟检查员"
CERTIFICATE, TAG, SOURCE, TIE, COMPLAINT = "09020260717", "标签夜莺", "来源云雀", "陈述画眉", "举报人称金翅雀"
# what the record says was wrong
PROBLEM = "冷库朱雀"
CANARIES = (PHONE, TRADER, OWNER, INSPECTOR, CERTIFICATE, TAG, SOURCE, TIE, COMPLAINT, PROBLEM, PASSWORD, SECRET)
# whoever holds the paper compares the people at the door with this page; its address cannot be guessed
SHOWS_THE_TEAM = "/notices/check/"
# and reads there what it is to correct, as it read it when the record was signed
SHOWS_THE_PROBLEM = "/corrections/"
# needs another choice of what there is, or comes with the opening, a public value, a paper issued twice
NOT_HERE = (
    "/export/", "/public/data/", "bundle", "/value", "/beacon-rules/", "/issued/", "kit.zip", "verify.html",
    "/checkpoint/", "/inclusion.json", "/consistency.json", "/witness/", "/recusal",
    # read by tests of their own below
    "/papers/check/", "/sign/",
    # tests/joint_inspections/days/test_feed.py
    "/calendar/",
    # tests/joint_inspections/corrections/test_pages.py: of something sent
    "/receipts/",
)  # fmt: skip


@dataclass
class Town:
    """A district with a published result, a penalty, a listing and canaries in every internal field."""

    district: District
    office: Office
    trader: Entity

    @property
    def visits(self) -> list[Visit]:
        return self.district.visits


@pytest.fixture
def town(session: Session, make: Make) -> Town:
    make.catalogues()
    lead, other = make.department(), make.department()
    items = [make.item(lead), make.item(lead), make.item(other)]
    for number in range(8):
        person = make.inspector((lead, other)[number % 2], name=f"{INSPECTOR}{number}")
        person.certificate_number = f"{CERTIFICATE}{number}"
    district = District(session, make, lead, other, items)
    district.draw_now()
    for visit in district.visits:
        plant(session, visit.entity)
    finish(session, district)
    office = Office(session, make)
    office.entity = trader = plant(session, make.entity(name=TRADER, type_code="9500"))
    office.listing()
    session.flush()
    return Town(district, office, trader)


def plant(session: Session, entity: Entity) -> Entity:
    """Put a canary into everything internal about an entity."""
    entity.contact_phone, entity.legal_representative = PHONE, OWNER
    entity.risk_class, entity.low_touch = RiskClass.D, True
    if session.get(Tag, "nightingale") is None:
        session.add(Tag(code="nightingale", name_zh=TAG, name_en=TAG))
        session.flush()
    session.add(EntityTag(entity_id=entity.id, tag_code="nightingale"))
    record = RiskClassRecord(entity_id=entity.id, risk_class=RiskClass.D, as_of=clock.today().replace(day=1))
    record.source, record.recorded_at = SOURCE, clock.now()
    session.add(record)
    session.flush()
    return entity


def finish(session: Session, district: District) -> None:
    """Publish the first visit, whose record tells of a complaint, and declare a tie of its leader."""
    visit = district.visit
    district.begin(visit)
    leader = district.inspector(visit.leader)
    records.set_outcome(session, visit, code="normal", note=COMPLAINT, actor=leader)
    for section in district.sections(visit):
        district.fill(visit, section, result="5", problem=PROBLEM, disposal=Disposal.CORRECTION)
        records.sign_section(
            session,
            visit,
            section,
            seen=records.stored_digest(section),
            actor=district.inspector(district.member_of(visit, section)),
        )
    district.ask_party(visit)
    records.submit_record(session, visit, actor=leader)
    approve_record(session, visit, note=COMPLAINT, actor=district.actor(Role.REVIEWER))
    district.publish(visit)
    tie = InspectorTie(inspector_id=leader.inspector_id, entity_id=visit.entity_id, kind=TieKind.KINSHIP, statement=TIE)
    tie.declared_on = clock.today()
    session.add(tie)


def addresses(app: Flask, town: Town) -> set[str]:
    """Every address of the public: each rule with each thing that there is."""
    draw, session = town.district.draw, town.district.session
    assert draw is not None
    visit, item = town.district.visit, town.district.items[0]
    token = session.scalar(sa.select(Notice.token).where(Notice.visit_id == visit.id))
    result = session.scalar(sa.select(PublishedPart.number).where(PublishedPart.visit_id == visit.id))
    plan, item_list = draw.task.plan_version.plan, session.get(ItemList, item.list_id)
    assert item_list is not None
    of_draws = ("public_draws", "public_verify", "draw_beacons")
    numbers = {"public_plans": plan.number, "party_corrections": 1, **dict.fromkeys(of_draws, draw.number)}
    joint = session.scalars(sa.select(JointItem).where(JointItem.list_id == item.list_id)).first()
    joint = joint or Make(session, password="-").joint_item(item.department, [item])
    rule = session.scalars(sa.select(BeaconRule.identifier)).first() or "drand-quicknet@none"
    known = {"item_id": item.id, "joint_item_id": joint.id, "token": token, "code": "en", "identifier": rule,
             "attachment_id": "none"}  # fmt: skip
    known |= {"size": 1, "form": "json", "kind": "sealed", "issue": "1"}
    known["follow_up_id"] = session.scalars(sa.select(FollowUp.id).where(FollowUp.visit_id == visit.id)).first()
    known["device_id"] = "5f0c1f0e-0f5e-4c1e-9a55-6f6f0d1c2b3a"
    choices = [
        {"unit_id": unit, "format": form, "dataset": dataset}
        for unit in (visit.entity.unit_id, town.trader.unit_id)
        for form in ("csv", "json", "xlsx")
        for dataset in EVERYTHING
    ]
    found = set()
    for rule in public_rules(app):
        room = rule.endpoint.partition(".")[0]
        number = {**numbers, "public_results": result, "items": item_list.number}.get(room)
        forms = getattr(rule._converters.get("format"), "items", ())
        for choice in (one for one in choices if not forms or one["format"] in forms):
            values = {**known, **choice, "number": number}
            url = rule.build({name: values[name] for name in rule.arguments})
            found |= {url[1]} if url else set()
    return found


# scripts and styles, the same for everybody everywhere
FILES_OF_OURS = {"static", "field_app.file"}


def public_rules(app: Flask) -> list[Rule]:
    return [
        rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in FILES_OF_OURS
        and rule_of(app, rule.endpoint) == "public"
        and "GET" in (rule.methods or set())
    ]


def texts(content: bytes, mimetype: str) -> Iterator[str]:
    """Everything legible in an answer, the files of an archive too."""
    if mimetype == "application/zip" or content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield from texts(archive.read(name), "")
    else:
        yield html.unescape(content.decode("utf-8", "replace"))


def leaks(text: str) -> list[str]:
    """Canaries in a text, also as JSON and addresses write them."""
    return [one for one in CANARIES if any(form in text for form in (one, json.dumps(one)[1:-1], quote(one)))]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_internal_is_on_any_public_page_or_file(app: Flask, town: Town, browse: Browser, language: str) -> None:
    client, found, opened = browse(language=language).client, [], 0
    for url in sorted(addresses(app, town)):
        response = client.get(url, buffered=True)
        if response.status_code == 200:
            opened += 1
        elif not (any(part in url for part in NOT_HERE) or response.status_code == 302):
            found.append((url, str(response.status_code)))
        for text in (*texts(response.data, response.mimetype), str(response.headers)):
            seen = set(leaks(text)) - ({INSPECTOR, CERTIFICATE} if url.startswith(SHOWS_THE_TEAM) else set())
            seen -= {PROBLEM} if SHOWS_THE_PROBLEM in url else set()
            found += [(url, one) for one in sorted(seen)]
    assert not found
    assert opened >= 25


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_of_a_paper_tells_whoever_scans_it_nothing_internal(
    session: Session, town: Town, browse: Browser, language: str
) -> None:
    visit = town.district.visit
    leader = town.district.inspector(visit.leader)
    paper = papers.issue_paper(session, visit, papers.Order("record", language), letterhead=PAPER_HEAD, actor=leader)
    session.commit()
    page = browse(language=language).get(f"/papers/check/{paper.token}").text
    assert paper.number in page
    assert visit.entity.name in page
    assert leaks(html.unescape(page)) == []
    # what it must not say stands on the paper itself
    assert INSPECTOR in json.dumps(paper.facts, ensure_ascii=False)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_record_on_the_phone_of_the_enterprise_names_the_team_and_nothing_else_internal(
    session: Session, town: Town, browse: Browser, language: str
) -> None:
    visit = town.visits[1]
    town.district.begin(visit)
    leader = town.district.inspector(visit.leader)
    records.set_outcome(session, visit, code="closed", note="大门紧锁", actor=leader)
    _link, token = open_link(session, visit, seen=record_digest(session, visit), actor=leader)
    session.commit()
    page = browse(language=language).get(f"/sign/{token}").text
    assert "大门紧锁" in page
    assert set(leaks(html.unescape(page))) == {INSPECTOR, CERTIFICATE}


def test_the_published_result_is_really_among_what_was_read(town: Town, browse: Browser) -> None:
    page = browse().get(f"/public/entities/{town.district.visit.entity.unit_id}").text
    assert town.district.visit.entity.name in page
    assert "卢某" in browse(language="zh").get(f"/public/entities/{town.trader.unit_id}").text


@pytest.mark.parametrize(
    "asked", [PHONE, OWNER, TAG, INSPECTOR, CERTIFICATE], ids=["phone", "owner", "tag", "inspector", "certificate"]
)
def test_the_public_search_answers_nothing_to_internal_words(town: Town, browse: Browser, asked: str) -> None:
    page = browse().get("/public/search", query_string={"q": asked}).text
    assert town.trader.unit_id not in page
    assert town.district.visit.entity.unit_id not in page


def test_public_pages_are_the_same_whatever_is_internal(session: Session, town: Town, browse: Browser) -> None:
    entity, client = town.district.visit.entity, browse().client
    urls = [f"/public/entities/{entity.unit_id}", f"/public/search?q={entity.unit_id}", "/public/data/results.csv"]
    before = [same(client, url) for url in urls]
    entity.contact_phone, entity.legal_representative, entity.low_touch = "", "", False
    entity.risk_class = RiskClass.A
    session.execute(sa.delete(EntityTag).where(EntityTag.entity_id == entity.id))
    session.flush()
    assert [same(client, url) for url in urls] == before


def same(client: FlaskClient, url: str) -> str:
    """A page without its request number and token."""
    response = client.get(url, buffered=True)
    assert response.status_code == 200, url
    return re.sub(r"[\w.-]{60,}|\b[0-9a-f]{16}\b", "", response.text)


def test_logs_hold_no_password_no_secret_and_no_phone(
    app: Flask, session: Session, town: Town, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    user, visitor = town.district.user(Role.LEAD), Visitor(client)
    wrong = "Wrong-Horse-77"
    session.flush()
    with caplog.at_level(logging.DEBUG):
        sign_in(session, user.username, wrong, address="::1")
        visitor.post("/sign-in", {"username": user.username, "password": wrong}, status=200)
        client.post("/sign-in", data={"username": user.username, "password": PASSWORD})
        visitor.post("/sign-in", {"username": user.username, "password": PASSWORD})
        visitor.post("/account", {"old": PASSWORD, "password": "short", "repeated": "short"}, status=200)
        visitor.get(f"/entities/{town.trader.id}")
    logged = caplog.text + "".join(str(record.__dict__) for record in caplog.records)
    assert "csrf refused" in logged, "nothing was logged at all"
    assert [one for one in (wrong, PASSWORD, SECRET, PHONE, str(user.password_hash)) if one in logged] == []
    assert app.config["SECRET_KEY"] == SECRET
