"""A citizen lets the own browser check a draw, without network; a team rehearses a ceremony, and Python agrees."""

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any  # findings of the verifier are JSON
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from sampling.bundle import Bundle
from sampling.unit_facts import explain_unit
from tests.journeys.conftest import Arrive
from tests.journeys.people import Person
from tests.journeys.test_citizens import one_byte_changed

ROOT = Path(__file__).resolve().parents[2]


def opened_draw(citizen: Person) -> str:
    """Go to the page that verifies the newest opened draw; return its number."""
    citizen.open("/public/verify")
    citizen.follow(citizen.main.locator("a[href*='/public/verify/3']").first)
    return urlsplit(citizen.page.url).path.rpartition("/")[2]


def outcome(citizen: Person) -> str:
    """Wait for the outcome of a check; return its exit code."""
    shown = citizen.page.locator("[data-outcome]")
    shown.wait_for()
    return shown.get_attribute("data-outcome") or ""


def read_bundle(path: Path, number: str) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name.removeprefix(f"{number}/"): archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_the_browser_checks_a_draw_and_finds_every_tampered_file(
    arrive: Arrive, tmp_path: Path, language: str, phone: bool
) -> None:
    citizen = arrive(language=language, phone=phone)
    number = opened_draw(citizen)
    bundle = tmp_path / f"{number}.zip"
    bundle.write_bytes(citizen.save(citizen.main.get_by_role("link", name=f"{number}.zip", exact=True)))
    asked: list[str] = []
    citizen.page.on("request", lambda request: asked.append(request.url))
    citizen.page.get_by_role("button", name=citizen.say("Check now in this browser")).click()
    assert outcome(citizen) == "3"
    assert [urlsplit(url).path for url in asked if "/static/" not in url] == [f"/public/draws/{number}/bundle.zip"]
    citizen.picture("verified-in-the-browser", in_english="verified-in-the-browser-in-english")
    citizen.check_access()
    # from now on there is no network: bundles that the citizen saved are checked all the same
    citizen.page.context.set_offline(True)
    citizen.page.get_by_text(citizen.say("Check a bundle I have saved")).click()
    for name, tampered in one_byte_changed(bundle, tmp_path / "tampered.zip"):
        copy = tampered.rename(tmp_path / f"tampered-{name.rpartition('/')[2]}.zip")
        citizen.page.set_input_files("[data-choose-files]", bundle)
        expect(citizen.page.locator("[data-outcome]")).to_have_attribute("data-outcome", "3")
        citizen.page.set_input_files("[data-choose-files]", copy)
        expect(citizen.page.locator("[data-outcome]")).to_have_attribute("data-outcome", re.compile("[12]"))
        file = name.rpartition("/")[2]
        if file.endswith(".tsv"):
            expect(citizen.page.locator("[data-finding=committed-fact]").first).to_contain_text(file)
    citizen.page.set_input_files("[data-choose-files]", bundle)
    expect(citizen.page.locator("[data-outcome]")).to_have_attribute("data-outcome", "3")
    noted = citizen.page.locator("code.digest").all_inner_texts()
    citizen.page.get_by_text(citizen.say("Compare with my own notes")).click()
    commitment = citizen.page.locator("[data-verify]").get_attribute("data-commitment") or ""
    assert commitment in noted
    for typed, verdict in ((commitment[:20].upper(), "agrees"), ("0" * 20, "differs")):
        citizen.fill("The commitment as I noted it before the draw", typed)
        citizen.page.keyboard.press("Tab")
        expect(citizen.page.locator("[data-note]")).to_have_attribute("data-note", verdict)
    citizen.page.context.set_offline(False)
    citizen.open("/public/draws?state=drawn")
    citizen.follow(citizen.main.locator("tbody a[href*='/public/draws/3']").first)
    citizen.open(citizen.page.url.replace("/draws/", "/verify/"))
    citizen.page.set_input_files("[data-choose-files]", bundle)
    expect(citizen.page.locator("[data-other-draw]")).to_contain_text(number)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_enterprise_looks_itself_up_and_shares_the_answer(arrive: Arrive, tmp_path: Path, language: str) -> None:
    citizen = arrive(language=language)
    number = opened_draw(citizen)
    bundle = tmp_path / f"{number}.zip"
    bundle.write_bytes(citizen.save(citizen.main.get_by_role("link", name=f"{number}.zip", exact=True)))
    opened = Bundle.from_files(read_bundle(bundle, number))
    for unit in (opened.record.selected[0].unit, opened.excluded.units[0], "91310000NOBODY0000"):
        known = explain_unit(opened, unit)
        citizen.fill("Credit code of the enterprise", unit.lower())
        citizen.page.get_by_role("button", name=citizen.say("Look up")).click()
        expect(citizen.page.locator("[data-unit] strong").first).to_have_text(unit)
        told = citizen.page.locator("[data-unit]").inner_text()
        if known.file is None:
            continue
        assert known.line.replace("\t", " ") in told.replace("\t", " ")
        assert citizen.page.locator("[data-proof]").get_attribute("data-proof") == "agrees"
        if known.place:
            assert known.place.ticket in told
            command = citizen.page.locator("[data-unit] pre code").inner_text()
            done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
            assert done.stdout.split()[0] == known.place.ticket
            citizen.picture("was-my-company-in-the-pool", at=citizen.page.locator("#company"))
            citizen.check_access()
            shared = citizen.page.locator("[data-share]").get_attribute("href") or ""
    friend = arrive(language=language)
    asked: list[str] = []
    friend.page.on("request", lambda request: asked.append(request.url))
    friend.open(shared)
    friend.page.locator("[data-sentence]").first.wait_for()
    assert not [url for url in asked if opened.record.selected[0].unit in url]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_saved_page_checks_the_draw_from_a_disk_without_network(
    arrive: Arrive, tmp_path: Path, language: str
) -> None:
    citizen = arrive(language=language)
    opened_draw(citizen)
    saved = tmp_path / "verify.html"
    saved.write_bytes(citizen.download("This page as one file"))
    citizen.page.context.set_offline(True)
    citizen.page.goto(saved.as_uri())
    citizen.page.get_by_role("button", name=citizen.say("Check now in this browser")).click()
    assert outcome(citizen) == "3"
    code = citizen.page.locator("#verify-names option").first.get_attribute("value") or ""
    citizen.fill("Credit code of the enterprise", code)
    citizen.page.get_by_role("button", name=citizen.say("Look up")).click()
    assert citizen.page.locator("[data-proof]").get_attribute("data-proof") == "agrees"
    citizen.check_access()
    citizen.page.context.set_offline(False)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("mode", ["visit", "group"])
def test_a_rehearsal_is_accepted_by_python_and_stays_a_rehearsal(
    arrive: Arrive, tmp_path: Path, language: str, mode: str
) -> None:
    team = arrive(language=language, phone=mode == "group")
    team.open("/public/verify/rehearsal")
    team.page.context.set_offline(True)  # nothing is asked of the platform from here on
    team.field("How teams are formed").select_option(mode)
    team.fill("Enterprises in the pool", "200")
    team.button("Freeze the lists").click()
    dice = team.page.locator("[data-party='TEST-DEPT-1']")
    dice.get_by_role("textbox").fill("123")
    dice.locator(".field button").click()
    expect(dice.locator(".secret-wrong")).to_be_visible()
    dice.get_by_role("textbox").fill("163524" * 9)
    dice.locator(".field button").click()
    expect(dice.locator("code")).to_be_visible()
    sealing = team.page.locator("[data-party] > button")
    while sealing.count():
        left = sealing.count()
        sealing.first.click()
        expect(sealing).to_have_count(left - 1)
    team.page.click("[data-act=commit]")
    revealing = team.page.locator("[data-stage=commit] .rehearsal-party > button")
    revealing.first.wait_for()
    while revealing.count():
        revealing.first.click()
    team.page.click("[data-act=draw]")
    team.page.click("[data-act=verify]")
    expect(team.page.locator("[data-honest] [data-outcome]")).to_have_attribute("data-outcome", "3")
    team.picture("rehearsal", at=team.page.locator("[data-stage=draw]"))
    team.page.click("[data-act=cheat]")
    expect(team.page.locator("[data-cheated] [data-outcome]")).to_have_attribute("data-outcome", "1")
    team.check_access()
    number = team.page.locator("[data-number]").inner_text()
    assert re.fullmatch(r"REHEARSAL-\d{8}-[A-Z2-9]{5}", number)
    packed = tmp_path / f"{number}.zip"
    with team.page.expect_download() as download:
        team.page.click("[data-download]")
    assert download.value.suggested_filename == packed.name
    packed.write_bytes(Path(download.value.path()).read_bytes())
    team.page.context.set_offline(False)
    code, findings = verify(packed)
    assert code == 3
    by_severity = {
        severity: [one["code"] for one in findings if one["severity"] == severity] for severity in SEVERITIES
    }
    assert by_severity["withheld"] == ["log-missing"]
    assert "rehearsal" in by_severity["warning"]
    files = read_bundle(packed, number)
    assert all(line.startswith(b"TEST-") for line in files["frame.tsv"].splitlines())
    assert all(line.startswith(b"TEST-") for line in files["roster.tsv"].splitlines())
    assert "演练" in files["REHEARSAL.txt"].decode()
    # the page for real draws says at once what it is
    team.open("/public/verify")
    team.page.set_input_files("[data-choose-files]", packed)
    expect(team.page.locator("[data-finding=rehearsal]")).to_have_count(1)


SEVERITIES = ("invalid", "difference", "withheld", "warning", "ok")


def verify(bundle: Path) -> tuple[int, list[dict[str, Any]]]:
    """Verify a bundle with Python."""
    command = [sys.executable, "-m", "sampling", "verify", str(bundle), "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, timeout=120)
    return done.returncode, json.loads(done.stdout)["findings"]
