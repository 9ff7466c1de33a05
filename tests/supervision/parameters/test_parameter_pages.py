"""Parameters are versioned law: read by all, set by the coordinator, never changed backwards."""

import re
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from supervision import clock
from supervision.errors import Conflict, Forbidden, Invalid
from supervision.parameters import services
from supervision.parameters.queries import get_number, list_versions
from supervision.parameters.rules import Certainty, checked_value
from supervision.permissions import Actor, Role
from tests.factories import Make
from tests.pages import Browser


@pytest.fixture
def coordinator(make: Make) -> Actor:
    """The coordinator of a district with its parameters loaded."""
    make.catalogues()
    return make.actor(Role.COORDINATOR)


def _set(session: Session, actor: Actor, value: str, *, code: str = "entity-yearly-cap", days: int = 30) -> None:
    services.set_parameter(
        session,
        code,
        value,
        effective_from=clock.today() + timedelta(days=days),
        source="区政府决定",
        certainty=Certainty.DEFAULT,
        reason="试行",
        actor=actor,
    )


def test_a_new_version_holds_from_its_day_on(session: Session, coordinator: Actor) -> None:
    _set(session, coordinator, "3")
    today = clock.today()
    assert get_number(session, "entity-yearly-cap", on=today + timedelta(days=29)) == 2
    assert get_number(session, "entity-yearly-cap", on=today + timedelta(days=30)) == 3
    assert [one.value for one in list_versions(session, "entity-yearly-cap")] == ["3", "2"]
    with pytest.raises(Conflict):
        _set(session, coordinator, "4")


def test_the_past_cannot_be_changed(session: Session, coordinator: Actor) -> None:
    with pytest.raises(Invalid) as refusal:
        _set(session, coordinator, "3", days=-1)
    assert refusal.value.field == "effective_from"


def test_only_the_coordinator_sets_parameters(session: Session, coordinator: Actor, make: Make) -> None:
    for role in (Role.LEAD, Role.HEAD, Role.OVERSIGHT, Role.SYSTEM_ADMIN):
        with pytest.raises(Forbidden):
            _set(session, make.actor(role), "3")


def test_the_law_sets_the_least_team(session: Session, coordinator: Actor) -> None:
    with pytest.raises(Invalid) as refusal:
        _set(session, coordinator, "1", code="team-minimum")
    assert refusal.value.code == "below-law"


@pytest.mark.parametrize(
    ("value", "unit"),
    [("x", "days"), ("-1", "days"), ("1.5", "days"), ("", "days"), ("9" * 11, "days"), ("２", "days"), ("2", "flag"),
     ("10001", "bp"), ("02-29", "month_day"), ("13-01", "month_day"), ("3-1", "month_day")],
)  # fmt: skip
def test_a_value_fits_its_unit(value: str, unit: str) -> None:
    with pytest.raises(Invalid):
        checked_value("any", value, unit)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_parameters_are_read_by_all_and_set_on_their_page(make: Make, browse: Browser, language: str) -> None:
    make.catalogues()
    reader = browse(make.user(Role.INSPECTOR), language=language)
    page = reader.get("/parameters/?q=yearly-cap&sort=-since").text
    assert "tone-neutral" in page
    reader.get("/parameters/?certainty=memory")
    reader.get("/parameters/reasons")
    reader.get("/parameters/entity-yearly-cap")
    reader.get("/parameters/no-such-thing", status=404)
    reader.get("/parameters/entity-yearly-cap/new-version", status=403)
    assert browse().get("/parameters/", status=302).location.startswith("/sign-in")
    visitor = browse(make.user(Role.COORDINATOR), language=language)
    address = "/parameters/entity-yearly-cap/new-version"
    form = {
        "value": "4",
        "effective_from": clock.today().isoformat(),
        "source": "规定",
        "certainty": "law",
        "reason": "新规",
    }
    assert "error-summary" in visitor.post(address, {**form, "value": "四"}, status=200).text
    visitor.post(address, {**form, "effective_from": "2020-01-01"}, status=200)
    visitor.post(address, {**form, "effective_from": "soon"}, status=200)
    visitor.post(address, form)
    shown = visitor.get("/parameters/entity-yearly-cap").text
    assert "新规" in shown
    assert "tone-success" in shown


def test_pages_without_data_say_so(make: Make, browse: Browser) -> None:
    visitor = browse(make.user(Role.COORDINATOR))
    assert "No parameters are loaded" in visitor.get("/parameters/").text
    assert "This list is not loaded" in visitor.get("/parameters/reasons").text


def test_a_house_value_is_not_turned_into_law_by_saving_its_form(make: Make, browse: Browser) -> None:
    make.catalogues()
    page = browse(make.user(Role.COORDINATOR)).get("/parameters/entity-yearly-cap/new-version").text
    assert re.search(r"<option[^>]*selected[^>]*>", page).group(0).count('"default"') == 1  # type: ignore[union-attr]


def test_remarks_are_shown_in_the_readers_language(make: Make, browse: Browser) -> None:
    make.catalogues()
    user = make.user(Role.COORDINATOR)
    assert "参照其他区" in browse(user, language="zh").get("/parameters/entity-yearly-cap").text
    assert "other districts" in browse(user).get("/parameters/entity-yearly-cap").text
