"""The figures: zeros are shown, results counted by code, the clock told, and only for those entitled."""

import csv
import io

from supervision import clock
from supervision.permissions import Role
from tests.factories import Make
from tests.pages import Browser
from tests.reports.conftest import Told


def test_figures_before_and_after_publication(told: Told, make: Make, browse: Browser) -> None:
    user = make.user(Role.OVERSIGHT)
    for language in ("zh", "en"):
        browse(user, language=language).get("/figures/")
    told.publish_all()
    text = browse(user).get(f"/figures/?year={clock.today().year}&department={told.district.lead.code}").text
    assert told.draw.task.plan_version.title in text
    assert "Results of departments" in text
    rows = list(csv.reader(io.StringIO(browse(user).get("/figures/export/csv").text.removeprefix("\ufeff"))))
    assert rows[0][-1] == "Published"
    assert [row[-1] for row in rows[1:]] == ["3", "3"]
    assert [row[-3] for row in rows[1:]] == ["3", "3"]


def test_a_year_without_plans_says_so(make: Make, browse: Browser) -> None:
    make.catalogues()
    assert "No published plan" in browse(make.user(Role.COORDINATOR)).get("/figures/?year=bad").text


def test_figures_are_for_business_people(make: Make, browse: Browser) -> None:
    browse(make.user(Role.INSPECTOR)).get("/figures/", status=403)
    browse(make.user(Role.SYSTEM_ADMIN)).get("/figures/export/xlsx", status=403)
    assert "/sign-in" in browse().get("/figures/", status=302).headers["Location"]
