"""Measures follow the list in force, are asked of one department, and answered once."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from punishments.credit_lists.hearing import Grounds
from punishments.credit_lists.rules import CreditList
from punishments.measures.catalogue import EDITION, load_measures
from punishments.measures.models import MeasureDefinition
from punishments.measures.queries import list_definitions, list_of_entity, list_of_listing, list_waiting
from punishments.measures.rules import MeasureState, answer_clock, end_of, state_on
from punishments.measures.services import Asked, answer_applied, answer_not_applicable, intend_with_measure
from supervision import clock
from supervision.accounts.queries import actor_of
from supervision.audit.events import Event
from supervision.audit.queries import list_history
from supervision.catalogue_files import FOLDER
from supervision.errors import Forbidden, Invalid, RuleBroken, WrongState
from supervision.permissions import Role
from supervision.workdays.queries import get_calendar
from supervision.workdays.rules import add_workdays
from tests.factories import Make
from tests.punishments.making import Office


def test_the_list_is_loaded_once_and_whole(office: Office) -> None:
    assert load_measures(office.session, FOLDER) == 0
    assert load_measures(office.session, FOLDER, edition="2027-01", effective_from=date(2027, 1, 1)) == 30


def test_only_measures_that_name_the_list_and_may_hit_enterprises_are_offered(office: Office) -> None:
    offered = list_definitions(office.session, credit_list="SERIOUS_SAMR", on=clock.today())
    codes = {one.code for one in offered}
    assert "C01-2" in codes
    assert "C03-1" not in codes, "aimed at persons only"
    assert "C02-3" not in codes, "another trigger"
    assert {one.edition for one in offered} == {EDITION}
    assert list_definitions(office.session, credit_list="SERIOUS_SAMR", on=date(2025, 12, 31)) == []


def test_a_newer_edition_replaces_the_older_one(office: Office) -> None:
    load_measures(office.session, FOLDER, edition="newer", effective_from=clock.today())
    offered = list_definitions(office.session, credit_list="SERIOUS_SAMR", on=clock.today())
    assert {one.edition for one in offered} == {"newer"}


@pytest.mark.parametrize("code", ["C03-1", "C02-3"])
def test_a_measure_that_the_list_does_not_allow_is_refused(office: Office, code: str) -> None:
    definition = office.session.scalars(sa.select(MeasureDefinition).where(MeasureDefinition.code == code)).one()
    with pytest.raises(RuleBroken) as refused:
        intend_with_measure(
            office.session,
            office.penalty(),
            credit_list=CreditList.SERIOUS_SAMR,
            grounds=Grounds("理由", "依据"),
            asked=Asked(definition, office.implementing),
            actor=actor_of(office.lead),
        )
    assert refused.value.code == "measure-not-triggered"


def test_a_measure_waits_with_a_due_day_and_never_outlives_the_listing(office: Office) -> None:
    measure = office.measure()
    assert measure.state is MeasureState.WAITING
    calendar = get_calendar(office.session)
    assert measure.answer_due_on == add_workdays(clock.today(), 10, calendar)
    assert measure.ends_on == measure.listing.ends_on
    assert end_of(date(2029, 1, 1), date(2028, 1, 1)) == date(2028, 1, 1)
    assert end_of(date(2029, 1, 1), date(2030, 1, 1)) == date(2029, 1, 1)
    assert [one.event for one in list_history(office.session, "measure", measure.id)] == [Event.MEASURE_ASKED]


def test_the_implementing_lead_answers_applied(office: Office) -> None:
    measure = office.measure()
    assert list_waiting(office.session, actor_of(office.implementer), on=clock.today()) == [measure]
    answer_applied(office.session, measure, applied_on=clock.today(), actor=actor_of(office.implementer))
    assert measure.state is MeasureState.APPLIED
    assert measure.applied_on == clock.today()
    assert list_waiting(office.session, actor_of(office.implementer), on=clock.today()) == []
    assert list_of_entity(office.session, office.entity.id) == [measure]
    events = [one.event for one in list_history(office.session, "measure", measure.id)]
    assert events == [Event.MEASURE_ANSWERED, Event.MEASURE_ASKED]


def test_not_applicable_needs_a_reason(office: Office) -> None:
    measure = office.measure()
    with pytest.raises(Invalid) as refused:
        answer_not_applicable(office.session, measure, reason="", actor=actor_of(office.implementer))
    assert refused.value.field == "reason"
    answer_not_applicable(office.session, measure, reason="当事人未参加政府采购", actor=actor_of(office.implementer))
    assert measure.state is MeasureState.NOT_APPLICABLE


def test_a_measure_is_answered_once(office: Office) -> None:
    measure = office.measure()
    answer_applied(office.session, measure, applied_on=clock.today(), actor=actor_of(office.implementer))
    with pytest.raises(WrongState):
        answer_not_applicable(office.session, measure, reason="x", actor=actor_of(office.implementer))


def test_only_the_lead_of_the_department_asked_answers(office: Office, make: Make) -> None:
    measure = office.measure()
    for actor in (
        actor_of(office.lead),
        make.actor(Role.HEAD, department=office.implementing),
        make.actor(Role.COORDINATOR),
    ):
        assert list_waiting(office.session, actor, on=clock.today()) == []
        with pytest.raises(Forbidden):
            answer_applied(office.session, measure, applied_on=clock.today(), actor=actor)


@pytest.mark.parametrize("days", [-1, 1])
def test_a_measure_is_applied_between_its_beginning_and_today(office: Office, days: int) -> None:
    measure, day = office.measure(), clock.today() + timedelta(days=days)
    with pytest.raises(Invalid) as refused:
        answer_applied(office.session, measure, applied_on=day, actor=actor_of(office.implementer))
    assert refused.value.field == "applied_on"


def test_what_has_run_out_reads_as_lifted_and_takes_no_answer(office: Office) -> None:
    measure = office.measure()
    assert measure.ends_on is not None
    later = measure.ends_on + timedelta(days=1)
    assert state_on(measure.state, measure.ends_on, later) is MeasureState.LIFTED
    with clock.at(clock.now() + timedelta(days=4 * 366)), pytest.raises(WrongState):
        answer_applied(office.session, measure, applied_on=clock.today(), actor=actor_of(office.implementer))


def test_a_measure_of_a_mere_proposal_takes_no_answer(office: Office) -> None:
    listing = office.proposal()
    assert list_of_entity(office.session, office.entity.id) == []
    measure = list_of_listing(office.session, listing.id)[0]
    with pytest.raises(WrongState):
        answer_applied(office.session, measure, applied_on=clock.today(), actor=actor_of(office.implementer))


def test_the_answers_clock() -> None:
    due = date(2026, 6, 10)
    assert answer_clock(MeasureState.WAITING, due, today=date(2026, 6, 1), answered_on=None) == "open"
    assert answer_clock(MeasureState.WAITING, due, today=date(2026, 6, 9), answered_on=None) == "soon"
    assert answer_clock(MeasureState.WAITING, due, today=date(2026, 6, 11), answered_on=None) == "overdue"
    assert answer_clock(MeasureState.APPLIED, due, today=date(2026, 7, 1), answered_on=due) == "met"
    assert answer_clock(MeasureState.APPLIED, due, today=date(2026, 7, 1), answered_on=date(2026, 6, 11)) == "overdue"
    assert answer_clock(MeasureState.PROPOSED, None, today=due, answered_on=None) == ""
