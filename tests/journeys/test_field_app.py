"""The app at the door: no signal, killed in between, two on one item, a lost phone; everything arrives exactly once."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Arrive, Site, serve
from tests.journeys.people import Person
from tests.journeys.phones import Phone, make_photo
from tests.journeys.steps import DEPARTMENTS, TEAM, everybody_accepts, head_approves, issue_notice

PROBLEM = "冷藏柜温度记录缺失三日，现场责令补齐。"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A district of its own, so that other journeys find their visits untouched."""
    folder: Path = tmp_path_factory.mktemp("field")
    with serve(folder, f"sqlite:///{folder / 'field.sqlite3'}") as served:
        yield served


@pytest.mark.parametrize("language", ["zh", "en"])
def test_two_inspectors_work_without_signal_and_everything_arrives_once(
    site: Site, arrive: Arrive, language: str
) -> None:
    team = {name: arrive(name, phone=True, language=language) for name in TEAM}
    entity, address = everybody_accepts(team)
    for code in DEPARTMENTS:
        head_approves(arrive(f"head.{code}", language=language), address)
    issue_notice(team["inspector.scjg"], entity, address)
    leader, colleague = Phone(team["inspector.scjg"]), Phone(team["inspector.scjg2"])
    for phone in (leader, colleague):
        phone.set_up()
        phone.open_visit(address)
        phone.lose_signal()

    _records_without_signal(leader, address)
    _colleague_is_first(colleague, address)
    _chooses_the_own_side(leader, address)
    _signs(leader, address, site.passwords["inspector.scjg"])
    _arrived_once(leader)
    _stands_on_the_record_page(team["inspector.scjg"], address)


def _records_without_signal(phone: Phone, address: str) -> None:
    """Arrive, fill in, photograph; the app is killed and opened again, and nothing is lost."""
    phone.page.reload()
    phone.unlock()
    phone.open_visit(address)
    phone.press("arrive")
    phone.open_item()
    phone.answer_all()
    phone.take_photo(make_photo(1 if phone.person.language == "zh" else 2))
    phone.find_problem(PROBLEM)
    phone.close_and_open()
    phone.state_is("save-here", count=3)
    phone.open_visit(address)
    phone.open_item()
    expect(phone.page.get_by_label(phone.says("problem"), exact=True)).to_have_value(PROBLEM)
    assert phone.page.locator(".field-photos img").count() == 1


def _colleague_is_first(phone: Phone, address: str) -> None:
    """A colleague of the same department answers the same item otherwise and finds signal first.

    The app is killed while it waits for the platform's answer: it sends again, and nothing is there twice.
    """
    lost: list[int] = []  # answers that never reach the phone
    phone.open_visit(address)
    phone.press("arrive")
    phone.open_item()
    phone.answer_all()
    phone.choose_result("1")
    phone.page.route("**/field/api/operations", lambda route: lost.append(route.fetch().status))
    phone.find_signal()
    while not lost:
        phone.page.wait_for_timeout(100)
    phone.close_and_open()
    phone.state_is("save-all")
    assert _outcomes(phone) == ["applied", "applied"]


def _chooses_the_own_side(phone: Phone, address: str) -> None:
    """Both sides are shown field by field; the leader keeps what the leader wrote."""
    phone.find_signal()
    phone.state_is("save-conflict", count=1)
    phone.open_visit(address)
    phone.press("settle")
    phone.arrived("conflicts-title")
    mine = phone.page.locator(".field-sides .is-mine")
    expect(mine.filter(has_text=PROBLEM)).to_have_count(1)
    stored = phone.page.locator(".field-sides > :not(.is-mine)")
    expect(stored.filter(has_text=re.compile(r"1 (未发现问题|No problem)"))).to_have_count(1)
    phone.press("conflict-mine")
    phone.sync()
    phone.state_is("save-all")


def _signs(phone: Phone, address: str, password: str) -> None:
    """Sign the section off without signal; the session ends meanwhile, and after signing in it goes up by itself."""
    phone.lose_signal()
    phone.sign_section(address)
    phone.page.context.clear_cookies()
    phone.find_signal()
    phone.state_is("save-sign-in", count=1)
    phone.page.evaluate("location.hash = '#/sync'")
    phone.press("sign-in")
    phone.page.fill("#username", "inspector.scjg")
    phone.page.fill("#password", password)
    phone.page.click("main button[type=submit]")
    phone.unlock()
    phone.open_visit(address)
    phone.page.get_by_text(phone.says("signed"), exact=True).first.wait_for()
    phone.state_is("save-all")


def _arrived_once(phone: Phone) -> None:
    """The platform holds one operation for each change: arrival, photo, two entries, signature."""
    assert _outcomes(phone) == ["applied", "applied", "applied", "applied", "conflict"]


def _outcomes(phone: Phone) -> list[str]:
    """Return what became of all that the platform ever received from this phone."""
    device = phone.page.evaluate(DEVICE)
    answer = phone.page.request.get(f"{phone.person.address}/field/api/operations?device={device}").json()
    return sorted(one["outcome"] for one in answer["results"])


def _stands_on_the_record_page(leader: Person, address: str) -> None:
    """What was written without signal is the record as everybody reads it."""
    leader.open(f"{address}/form?lang={leader.language}")
    section = leader.main.locator("section.record-section").filter(has_text=PROBLEM)
    assert section.count() == 1
    leader.sees("Signed off", within=section)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_lost_phone_wipes_itself_at_its_next_contact(arrive: Arrive, language: str) -> None:
    owner = arrive("inspector.xfjy", phone=True, language=language)
    phone = Phone(owner)
    phone.set_up()
    desk = arrive("inspector.xfjy", language=language)
    desk.open("/phones/")
    desk.main.locator("a[href$='/revocation']").first.click()
    desk.fill("Reason", "手机遗失。")
    desk.press("Revoke this phone")

    phone.press("to-sync")
    phone.press("sync-now")
    phone.page.get_by_text(phone.says("wiped-revoked")).wait_for()
    assert phone.page.evaluate("indexedDB.databases().then((all) => all.map((one) => one.name))") == ["field-users"]
    # whoever holds it is signed out as well, and registers it anew only as its owner
    phone.page.reload()
    phone.arrived("first-title")
    phone.page.get_by_text(phone.says("first-sign-in")).wait_for()


def test_ten_wrong_codes_wipe_the_phone(arrive: Arrive) -> None:
    phone = Phone(arrive("inspector.sthj", phone=True))
    phone.set_up()
    phone.press("lock-now")
    phone.arrived("unlock-title")
    assert phone.page.evaluate(COUNTED) == [1, 2, 3, 4]  # windows side by side count each other's tries
    for left in range(5, 0, -1):
        phone.page.get_by_label(phone.says("unlock-code")).fill("nobody knows it")
        phone.press("unlock-button")
        phone.page.get_by_text(phone.says("unlock-wrong", left=left)).wait_for()
    phone.page.get_by_label(phone.says("unlock-code")).fill("nobody knows it")
    phone.press("unlock-button")
    phone.page.get_by_text(phone.says("wiped-code")).wait_for()
    assert phone.page.evaluate("indexedDB.databases().then((all) => all.map((one) => one.name))") == ["field-users"]


COUNTED = """async () => {
  const folder = document.querySelector("script[type=module]").src.replace("main.js", "");
  const { listUsers, openDatabase } = await import(`${folder}database.js`);
  const { countTry } = await import(`${folder}vault.js`);
  const [{ id }] = await listUsers();
  const windows = [openDatabase(id), openDatabase(id)];
  const tries = await Promise.all([0, 1, 2, 3].map((i) => countTry(windows[i % 2])));
  windows.forEach((one) => one.close());
  return tries.map((row) => row.wrong).sort();
}"""
DEVICE = """() => new Promise((resolve) => {
  const opening = indexedDB.open("field-users");
  opening.onsuccess = () => {
    const asking = opening.result.transaction("users").objectStore("users").getAll();
    asking.onsuccess = () => { opening.result.close(); resolve(asking.result[0].device); };
  };
})"""
