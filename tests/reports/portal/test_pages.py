"""The public pages: what they say in each state, what they refuse, and that hostile addresses do no harm."""

import hashlib
import io
import json
import re
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from joint_inspections.results.services import release_part, withdraw_part
from punishments.penalties.rules import Procedure, Severity
from punishments.penalties.services import revoke_penalty
from reports.portal.masking import public_name
from supervision import clock
from supervision.accounts.queries import actor_of
from supervision.draws import services as draws
from supervision.draws.rules import DrawState
from supervision.permissions import Role
from supervision.plans.rules import Stratification
from tests.factories import Make
from tests.joint_inspections.test_parts_of_departments import correct
from tests.pages import Browser
from tests.punishments.making import Office
from tests.reports.conftest import Told
from tests.supervision.draws.world import make_world


def test_the_first_page_leads_everywhere_and_home_leads_to_it(told: Told, browse: Browser) -> None:
    visitor = browse()
    assert visitor.get("/", status=302).headers["Location"].endswith("/public")
    text = visitor.get("/public").text
    for link in (
        "/public/plans",
        "/public/draws",
        "/public/results",
        "/public/verify",
        "/public/data",
        "/public/items",
    ):
        assert f'href="{link}"' in text, link


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_empty_district_has_pages_too(make: Make, browse: Browser, language: str) -> None:
    make.catalogues()
    visitor = browse(language=language)
    for page in ("", "/plans", "/draws", "/results", "/verify", "/data", "/search", "/search?q=没有"):
        visitor.get(f"/public{page}")


@pytest.mark.parametrize(
    "url",
    [
        "/public/plans/1",
        "/public/plans/1.json",
        "/public/plans/%00",
        "/public/draws/%00",
        "/public/results/%00",
        "/public/entities/%00",
        "/public/verify/%00",
        "/public/draws/1",
        "/public/draws/1/bundle.zip",
        "/public/results/1",
        "/public/entities/1",
        "/public/verify/1",
        "/public/data/users.json",
        "/public/data/plans.xlsx",
    ],
)
def test_what_does_not_exist_is_not_found(make: Make, browse: Browser, url: str) -> None:
    make.catalogues()
    browse().get(url, status=404)


def test_open_data_names_its_character_set_once(make: Make, browse: Browser) -> None:
    make.catalogues()
    assert browse().get("/public/data/plans.csv").headers["Content-Type"] == "text/csv; charset=utf-8"


@pytest.mark.parametrize(
    "page", ["plans", "draws", "results", "search", "verify", "data/results.csv", "data/draws.json"]
)
def test_hostile_addresses_give_a_plain_answer(told: Told, browse: Browser, page: str) -> None:
    for tail in (
        "?q=%00%25_'\"<script>&sort=-x&page=999999999&size=-1&department=%27%29&problem=maybe",
        "?since=yesterday&until=9999-99-99&result=%22%7D&year=abc&state=none&number=%00",
        "?dataset=users&format=xlsx&_external=1&_anchor=x&_scheme=javascript",
        "?endpoint=x&_method=x&self=x&sort=-entity&size=50&page=1",
    ):
        assert "<script>&" not in browse().get(f"/public/{page}{tail}").text


def test_a_sealed_draw_shows_counts_and_digests_but_no_bundle(told: Told, browse: Browser) -> None:
    visitor, number = browse(), told.draw.number
    text = visitor.get(f"/public/draws/{number}").text
    assert str(told.draw.commitment_digest) in text
    assert str(told.draw.record_digest) in text
    assert "Who they are is shown when the visits are done" in text
    assert "bundle.zip" not in text
    visitor.get(f"/public/draws/{number}/bundle.zip", status=404)
    assert "Not open yet" in visitor.get(f"/public/verify/{number}").text


def test_the_commitment_is_public_at_once(make: Make, browse: Browser) -> None:
    world = make_world(make)
    draw = world.committed()
    text = browse().get(f"/public/draws/{draw.number}").text
    assert str(draw.commitment_digest) in text
    assert "Nothing has been drawn yet" in text


def test_void_draws_stay_in_public_with_their_reason(make: Make, browse: Browser) -> None:
    world = make_world(make)
    draw = world.freeze()
    draws.propose_void(
        world.session, draw, reason="wrong-rules", note="x", actor=world.actor(f"head {world.departments[1].code}")
    )
    draws.approve_void(world.session, draw, actor=world.actor("OVERSIGHT"))
    assert draw.state is DrawState.VOID
    text = browse().get(f"/public/draws/{draw.number}").text
    assert "Rules entered wrongly" in text
    steps = re.findall(r'class="step-label">([^<]+)', text)
    assert "Nothing was drawn." in text
    assert steps == ["Freezing the pool", "Void"]  # nothing of what will never come
    assert "No commitment was made." in text
    assert "Not sealed yet" not in text
    papers = browse().get(f"/public/draws/{draw.number}/papers").text
    assert "Can be had when" not in papers
    assert "none will be" in papers
    assert draw.number in browse().get("/public/draws?state=void").text


def test_an_overdue_draw_says_so(told: Told, browse: Browser) -> None:
    with clock.at(clock.now() + timedelta(days=200)):
        assert "Overdue" in browse().get(f"/public/draws/{told.draw.number}").text
        assert "Overdue" in browse().get("/public/draws").text


def test_a_confidential_draw_shows_no_parts(make: Make, browse: Browser) -> None:
    world = make_world(make, stratification=Stratification.RISK)
    draw = world.drawn()
    assert draw.confidential
    text = browse(language="zh").get(f"/public/draws/{draw.number}").text
    assert "分类不公开" in text
    assert "每户抽中概率" not in text


def test_an_opened_draw_can_be_verified_by_a_stranger(told: Told, browse: Browser, tmp_path: Path) -> None:
    told.publish_all()
    visitor, number = browse(), told.draw.number
    text = visitor.get(f"/public/draws/{number}").text
    for entity in told.entities:
        assert entity.name in text
    program, bundle = visitor.get("/public/verify/sampling.zip"), visitor.get(f"/public/draws/{number}/bundle.zip")
    zipfile.ZipFile(io.BytesIO(program.data)).extractall(tmp_path)
    (tmp_path / f"{number}.zip").write_bytes(bundle.data)
    done = subprocess.run(
        [sys.executable, "-I", "-c", RUN, f"{number}.zip"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 3, done.stdout + done.stderr
    assert not (tmp_path / "supervision").exists()


RUN = "import sys; sys.path.insert(0, '.'); from sampling.__main__ import main; sys.exit(main(['verify', sys.argv[1]]))"


def test_the_program_is_the_same_file_each_time(make: Make, browse: Browser) -> None:
    first, second = (browse().get("/public/verify/sampling.zip").data for _ in range(2))
    assert first == second


def test_the_number_typed_into_verify_leads_to_the_draw(told: Told, browse: Browser) -> None:
    visitor = browse()
    found = visitor.get(f"/public/verify?number={told.draw.number}", status=302)
    assert found.headers["Location"].endswith(f"/public/verify/{told.draw.number}")
    assert "There is no draw with this number" in visitor.get("/public/verify?number=310106-1999-1").text


def test_a_plan_page_and_its_document(told: Told, browse: Browser) -> None:
    plan = told.draw.task.plan_version.plan
    visitor = browse()
    text = visitor.get(f"/public/plans/{plan.number}").text
    assert told.draw.task.plan_version.title in text
    assert told.draw.number in text
    document = visitor.get(f"/public/plans/{plan.number}.json?version=1").data
    assert hashlib.sha256(document).hexdigest() == told.draw.task.plan_version.digest
    visitor.get(f"/public/plans/{plan.number}?version=9", status=404)


def test_results_are_found_filtered_and_told_by_item(told: Told, browse: Browser) -> None:
    problem, fine, _ = told.publish_all()
    visitor = browse()
    assert fine.entity_name in visitor.get("/public/results").text
    for address, there, absent in (
        ("?problem=yes", problem, fine),
        ("?problem=no", fine, problem),
        ("?result=5", problem, fine),
        (f"?q={fine.entity_name}", fine, problem),
        (f"?q={told.entities[1].unit_id.lower()}", fine, problem),
    ):
        text = visitor.get(f"/public/results{address}").text
        assert there.number in text, address
        assert absent.number not in text, address
    code = told.district.other.code
    assert fine.number in visitor.get(f"/public/results?department={code}&since=2020-01-01").text
    assert fine.number not in visitor.get("/public/results?until=2020-01-01").text
    text = browse(language="zh").get(f"/public/results/{problem.number}").text
    for word in (
        "发现问题已责令改正",
        "未发现问题",
        told.district.items[0].name_zh,
        "《试用条例》第一条",
        "按期",
        "后续处置中",
    ):
        assert word in text, word


def test_a_withdrawn_part_keeps_its_trace_and_loses_its_content(told: Told, browse: Browser) -> None:
    part = told.publish_all()[0]
    lead, other = told.district.lead, told.district.other
    withdraw_part(told.session, told.visits[0], reason="记录所指对象有误", actor=told.district.actor(Role.REVIEWER))
    told.session.expire_all()
    visitor, page = browse(language="zh"), f"/public/results/{part.number}"
    for url in (page, f"{page}?department={lead.code}&version=1"):
        text = visitor.get(url).text
        assert "记录所指对象有误" in text
        assert "发现问题已责令改正" not in text
    assert told.district.items[2].name_zh in visitor.get(page).text
    rows = json.loads(visitor.get("/public/data/results.json").text)["rows"]
    gone, stays = (
        next(row for row in rows if row["number"] == part.number and row["department"] == one.code)
        for one in (lead, other)
    )
    assert gone["withdrawn_reason"] == "记录所指对象有误"
    assert (gone["result_codes"], gone["department_problem"], gone["follow_up_state"]) == ("", None, "")
    assert (stays["result_codes"], stays["department_problem"], stays["follow_up_state"]) == ("1", False, "none")
    assert part.number not in visitor.get("/public/results?problem=yes").text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_result_names_the_departments_whose_part_is_still_to_come(told: Told, browse: Browser, language: str) -> None:
    visit, district = told.visits[0], told.district
    told.accept(visit, problem=True)
    visitor = browse(language=language)
    assert visit.number is not None
    assert visit.number not in visitor.get("/public/results").text
    visitor.get(f"/public/results/{visit.number}", status=404)
    release_part(told.session, visit, actor=district.actor(Role.LEAD, district.other))
    words = {"zh": "尚待公示", "en": "Still to come"}[language]
    for url in ("/public/results", f"/public/results/{visit.number}", f"/public/entities/{visit.entity.unit_id}"):
        text = visitor.get(url).text
        assert words in text, url
        assert "发现问题已责令改正</span>" not in text, url
    rows = json.loads(visitor.get("/public/data/results.json").text)["rows"]
    assert [(row["department"], row["to_come"]) for row in rows] == [(district.other.code, district.lead.code)]
    release_part(told.session, visit, actor=district.actor(Role.REVIEWER))
    assert words not in visitor.get(f"/public/results/{visit.number}").text
    with clock.at(clock.now() + timedelta(days=60)):
        assert "Departments publish" not in browse(language="en").get(f"/public/results/{visit.number}").text


def test_an_earlier_version_of_a_part_stays_readable_and_says_that_it_was_corrected(
    told: Told, browse: Browser
) -> None:
    part = told.publish(told.visits[0], problem=True)
    correct(told.district, told.visits[0])
    release_part(told.session, told.visits[0], actor=told.district.actor(Role.REVIEWER))
    visitor, page, code = browse(), f"/public/results/{part.number}", told.district.lead.code
    assert "Corrected in version 2" in visitor.get(page).text
    earlier = visitor.get(f"{page}?department={code}&version=1").text
    assert "It has been corrected since" in earlier
    assert part.digest in earlier
    for address in (f"?department={code}&version=9", "?version=1", "?department=%00&version=1"):
        visitor.get(page + address, status=404)


def test_an_entity_page_gathers_what_is_published_and_nothing_else(office: Office, browse: Browser) -> None:
    shown = office.penalty(document_number="公示一号", severity=Severity.GENERAL)
    office.penalty(document_number="简易二号", severity=Severity.MINOR, procedure=Procedure.SUMMARY, fine_fen=100)
    listing = office.listing(office.penalty(document_number="严重三号"))
    proposal = office.proposal(office.penalty(document_number="建议四号"))
    url, visitor = f"/public/entities/{office.entity.unit_id}", browse()
    text = visitor.get(url).text
    for word in ("公示一号", "严重三号", str(listing.number), "serious violators"):
        assert word in text, word
    for word in ("简易二号", "检查发现当事人", office.entity.legal_representative, f"Proposal {proposal.id}"):
        assert word not in text, word
    revoke_penalty(office.session, shown, reason="x", revoked_on=clock.today(), actor=actor_of(office.lead))
    assert "公示一号" not in visitor.get(url).text
    with clock.at(clock.now() + timedelta(days=4 * 366)):
        assert "严重三号" not in visitor.get(url).text


def test_search_finds_by_name_and_code_and_asks_for_two_characters(office: Office, browse: Browser) -> None:
    visitor, entity = browse(), office.entity
    for asked in (entity.name[2:8], entity.unit_id):
        assert f"/public/entities/{entity.unit_id}" in visitor.get(f"/public/search?q={asked}").text
    assert "at least two characters" in visitor.get("/public/search?q=上").text


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三", "张某"),
        ("欧阳小明", "欧某"),
        ("张三饭店", "张三饭店"),
        ("上海试用餐饮管理有限公司", "上海试用餐饮管理有限公司"),
        ("老王小吃", "老某"),
        ("7-Eleven", "7-Eleven"),
        ("", ""),
    ],
)
def test_a_private_persons_name_is_masked(name: str, shown: str) -> None:
    assert public_name(name) == shown


def test_the_notes_say_when_the_data_changed(told: Told, browse: Browser) -> None:
    told.publish_all()
    data = json.loads(browse(language="en").get("/public/data/results.json").text)
    assert data["notes"]["last_update"].startswith(str(clock.today().year))
    assert "free to use" in data["notes"]["license"]
    assert "free to use" in browse().get("/public/data").text
    filtered = json.loads(browse().get("/public/data/results.json?problem=yes").text)["rows"]
    assert {row["number"] for row in filtered} == {row["number"] for row in data["rows"] if row["department_problem"]}
