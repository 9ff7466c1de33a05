"""Counting working days by the State Council's calendar, and correcting it (domain reference 7.3)."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from supervision.errors import Forbidden, Invalid, WrongState
from supervision.permissions import Actor, Role
from supervision.workdays import services
from supervision.workdays.queries import get_calendar, list_exceptions, list_years
from supervision.workdays.rules import DayKind, add_workdays, count_workdays
from tests.factories import Make
from tests.pages import Browser


@pytest.fixture
def coordinator(make: Make) -> Actor:
    """The coordinator of a district with the calendar loaded."""
    make.catalogues()
    return make.actor(Role.COORDINATOR)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 9, 18), 20, date(2026, 10, 22)),
        (date(2026, 2, 12), 7, date(2026, 2, 28)),
        (date(2026, 4, 30), 5, date(2026, 5, 11)),
        (date(2025, 9, 26), 20, date(2025, 10, 30)),
        (date(2026, 6, 18), 10, date(2026, 7, 3)),
    ],
)
def test_the_five_computed_examples(session: Session, make: Make, start: date, count: int, end: date) -> None:
    make.catalogues()
    calendar = get_calendar(session)
    assert add_workdays(start, count, calendar) == end
    assert count_workdays(start, end, calendar) == count


def test_announced_years_are_sure_and_others_provisional(session: Session, coordinator: Actor) -> None:
    calendar = get_calendar(session)
    assert calendar.announced == {2025, 2026}
    assert list_years(session)[:5] == [2023, 2024, 2025, 2026, 2027]
    assert calendar.is_provisional(date(2027, 3, 1))
    assert not calendar.is_workday(date(2027, 10, 1))
    assert not calendar.is_workday(date(2024, 2, 12))
    assert calendar.is_workday(date(2024, 2, 4))


def test_a_day_added_to_a_provisional_year_does_not_make_it_sure(session: Session, coordinator: Actor) -> None:
    services.set_day(session, date(2027, 2, 11), DayKind.HOLIDAY, name="春节", reason="通知草案", actor=coordinator)
    assert get_calendar(session).is_provisional(date(2027, 2, 11))
    services.confirm_year(session, 2027, document="国办发明电〔2026〕号", actor=coordinator)
    assert not get_calendar(session).is_provisional(date(2027, 2, 11))
    with pytest.raises(WrongState):
        services.confirm_year(session, 2027, document="x", actor=coordinator)


def test_an_exception_is_changed_and_taken_away(session: Session, coordinator: Actor) -> None:
    day = date(2026, 10, 10)
    assert get_calendar(session).is_workday(day)
    services.set_day(session, day, DayKind.HOLIDAY, name="", reason="调整", actor=coordinator)
    assert not get_calendar(session).is_workday(day)
    services.clear_day(session, day, reason="误", actor=coordinator)
    assert not get_calendar(session).is_workday(day)  # a Saturday
    with pytest.raises(WrongState):
        services.clear_day(session, day, reason="误", actor=coordinator)


def test_what_makes_no_sense_is_refused(session: Session, coordinator: Actor, make: Make) -> None:
    with pytest.raises(Invalid):
        services.set_day(session, date(2026, 12, 1), DayKind.WORKDAY, name="", reason="x", actor=coordinator)
    with pytest.raises(Invalid):
        services.set_day(session, date(1900, 1, 1), DayKind.HOLIDAY, name="", reason="x", actor=coordinator)
    with pytest.raises(Invalid):
        services.set_day(session, date(2026, 12, 1), DayKind.HOLIDAY, name="", reason="", actor=coordinator)
    for role in (Role.LEAD, Role.SYSTEM_ADMIN, Role.OVERSIGHT):
        with pytest.raises(Forbidden):
            services.set_day(session, date(2026, 12, 1), DayKind.HOLIDAY, name="", reason="x", actor=make.actor(role))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_calendar_is_read_by_all_and_changed_by_the_coordinator(
    session: Session, make: Make, browse: Browser, language: str
) -> None:
    make.catalogues()
    reader = browse(make.user(Role.INSPECTOR), language=language)
    assert "/workdays/" in reader.get("/workdays/", status=302).location
    assert "alert-warning" not in reader.get("/workdays/2026").text
    assert "alert-warning" in reader.get("/workdays/2027").text
    assert "alert-warning" in reader.get("/workdays/2050").text
    reader.get("/workdays/1", status=404)
    reader.get("/workdays/99999", status=404)
    reader.get("/workdays/2027/change", status=403)
    reader.get("/workdays/2027/confirm", status=403)
    visitor = browse(make.user(Role.COORDINATOR), language=language)
    form = {"day": "2027-02-11", "kind": "holiday", "name": "春节", "reason": "通知"}
    assert "error-summary" in visitor.post("/workdays/2027/change", {**form, "kind": "workday"}, status=200).text
    visitor.post("/workdays/2027/change", {**form, "day": "x"}, status=200)
    visitor.post("/workdays/2027/change", form)
    visitor.post("/workdays/2027/change", {**form, "day": "2027-01-01", "kind": "plain"})
    assert date(2027, 1, 1) not in {one.day for one in list_exceptions(session, 2027)}
    visitor.post("/workdays/2027/confirm", {"reason": "国办发明电"})
    assert "alert-warning" not in visitor.get("/workdays/2027").text
