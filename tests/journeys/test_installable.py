"""The app can be installed by Chromium's own judgement, and axe-core finds nothing at all on what phones show.

Other journeys fail for what is serious or critical; here every finding counts, of best practice too.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import BrowserContext, Playwright
from sqlalchemy.orm import Session

from joint_inspections.notices.models import Notice
from joint_inspections.papers.models import VisitPaper
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import VisitState
from supervision.entities.models import Entity
from tests.journeys.conftest import BROWSER, FLAGS, PHONE, Arrive, Site
from tests.journeys.people import AXE, Person
from tests.journeys.phones import Phone


@pytest.fixture
def installing(playwright: Playwright, tmp_path: Path) -> Iterator[BrowserContext]:
    """A browser with a profile on disk: into a private window nothing can be installed."""
    context = playwright.chromium.launch_persistent_context(
        tmp_path / "profile", executable_path=BROWSER, args=FLAGS, viewport=PHONE, locale="zh-CN"
    )
    yield context
    context.close()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_chromium_would_put_the_app_on_the_home_screen(site: Site, installing: BrowserContext, language: str) -> None:
    page = installing.new_page()
    page.goto(f"{site.address}/field/?lang={language}")
    page.wait_for_function("navigator.serviceWorker.ready")
    devtools = installing.new_cdp_session(page)
    manifest = devtools.send("Page.getAppManifest")
    assert manifest["errors"] == []
    said = json.loads(manifest["data"])
    assert (said["display"], said["start_url"], said["scope"]) == ("standalone", "/field/", "/field/")
    assert {(one["sizes"], one["purpose"]) for one in said["icons"]} >= {("512x512", "any"), ("512x512", "maskable")}
    assert devtools.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
    page.reload()
    assert page.evaluate("Boolean(navigator.serviceWorker.controller)")
    page.goto(f"{site.address}/public")
    assert devtools.send("Page.getInstallabilityErrors")["installabilityErrors"], "the check says nothing of any page"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_is_found_on_the_pages_that_enterprises_open_by_their_code(
    site: Site, arrive: Arrive, language: str
) -> None:
    person = arrive(phone=True, language=language)
    for path in _paths(site):
        person.open(path)
        _nothing_found(person)


def _paths(site: Site) -> list[str]:
    """The code's pages of a visit of today and of a finished one, a paper, the enterprise's page, verifying."""
    with Session(site.app.extensions["engine"]) as session:
        notices = sa.select(Notice.token).join(Visit, Visit.id == Notice.visit_id).order_by(Notice.id.desc())
        today = session.scalars(notices.where(Visit.state == VisitState.APPROVED)).first()
        finished = session.scalars(notices.where(Visit.state == VisitState.PUBLISHED)).first()
        paper = session.scalars(sa.select(VisitPaper.token)).first()
        unit = session.scalars(
            sa.select(Entity.unit_id).join(Visit).where(Visit.state == VisitState.PUBLISHED).order_by(Entity.id)
        ).first()
    assert today
    assert finished
    code, done = f"/notices/check/{today}", f"/notices/check/{finished}"
    pages = [code, f"{code}/recusal", f"{code}/arrival", done, f"{done}/rating", f"{done}/reply"]
    return [*pages, f"/papers/check/{paper}", f"/public/entities/{unit}", "/public/verify", "/public", "/sign-in"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_is_found_on_the_screens_of_the_app(arrive: Arrive, language: str) -> None:
    person = arrive("inspector.scjg", phone=True, language=language)
    phone = Phone(person)
    phone.set_up()
    _nothing_found(person)
    first = _links(person, ".field-card-link")[0]
    _look_at(person, first)
    for screen in (*_links(person, "a[href^='#/visit/']"), "#/sync", "#/device", "#/"):
        _look_at(person, screen)
    person.page.reload()
    phone.arrived("unlock-title")
    _nothing_found(person)


def _links(person: Person, selector: str) -> list[str]:
    found: list[str] = person.page.locator(selector).evaluate_all("all => all.map(one => one.getAttribute('href'))")
    assert found
    return found


def _look_at(person: Person, screen: str) -> None:
    """Open a screen of the app, and check it when it has been drawn."""
    person.page.evaluate("(hash) => { location.hash = hash; }", screen)
    person.page.wait_for_timeout(400)
    _nothing_found(person)


def _nothing_found(person: Person) -> None:
    """Fail for anything that axe-core finds on the open page."""
    found = AXE.run(person.page).response["violations"]
    told = [(person.page.url, one["id"], one["impact"], one["nodes"][0]["html"][:200]) for one in found]
    assert told == []
