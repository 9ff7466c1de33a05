"""A listing needs a heavy penalty in force, two people, and ends by itself."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from punishments.credit_lists.models import Listing
from punishments.credit_lists.queries import list_in_force_of_entity, list_waiting
from punishments.credit_lists.rules import EndReason, ListingState, state_on, term
from punishments.credit_lists.services import Decision, decide_listing, end_due
from punishments.measures.queries import list_of_listing
from punishments.measures.rules import MeasureState
from punishments.penalties.rules import Procedure, Severity
from punishments.penalties.services import record_penalty, revoke_penalty
from supervision import clock
from supervision.accounts.queries import actor_of
from supervision.audit.events import Event
from supervision.audit.models import AuditEntry
from supervision.audit.queries import list_history
from supervision.errors import Conflict, Forbidden, Invalid, RuleBroken, WrongState
from supervision.jobs.cli import ask_daily, run_waiting
from supervision.permissions import Role, system_actor
from tests.factories import Make
from tests.punishments.making import APPROVAL, Office, facts


def decide(office: Office, listing: Listing, **changes: object) -> None:
    actor = changes.pop("actor", actor_of(office.head))
    decision = Decision(**{"accepted": True, "superior_approval": APPROVAL, **changes})  # type: ignore[arg-type]
    decide_listing(office.session, listing, decision, region="310106", actor=actor)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changes",
    [
        {"severity": Severity.GENERAL},
        {"severity": Severity.MINOR, "procedure": Procedure.SUMMARY, "fine_fen": 100},
        {"kinds": ("confiscate-gains",), "fine_fen": 0, "confiscated_fen": 100},
    ],
)
def test_a_listing_needs_a_heavy_penalty(office: Office, changes: dict[str, object]) -> None:
    with pytest.raises(RuleBroken) as refused:
        office.intention(office.penalty(**changes))
    assert refused.value.code == "penalty-not-heavy"


def test_a_listing_needs_a_penalty_in_force(office: Office) -> None:
    penalty = office.penalty()
    revoke_penalty(office.session, penalty, reason="撤销", revoked_on=clock.today(), actor=actor_of(office.lead))
    with pytest.raises(RuleBroken) as refused:
        office.intention(penalty)
    assert refused.value.code == "penalty-not-in-force"


def test_only_the_competent_department_lists(office: Office) -> None:
    penalty = record_penalty(office.session, office.entity, facts(), actor=actor_of(office.implementer))
    with pytest.raises(Forbidden):
        office.intention(penalty)
    office.lead = office.implementer
    with pytest.raises(RuleBroken) as refused:
        office.intention(penalty)
    assert refused.value.code == "not-competent"


def test_one_living_listing_for_one_penalty(office: Office) -> None:
    penalty = office.penalty()
    office.intention(penalty)
    with pytest.raises(Conflict):
        office.intention(penalty)


def test_after_a_refusal_a_new_proposal_is_possible(office: Office) -> None:
    penalty = office.penalty()
    first = office.proposal(penalty)
    decide(office, first, accepted=False, note="情节不属严重")
    assert first.state is ListingState.REFUSED
    assert [one.state for one in list_of_listing(office.session, first.id)] == [MeasureState.DROPPED]
    office.proposal(penalty)


def test_the_head_decides_and_the_term_is_computed(office: Office) -> None:
    with clock.at(datetime(2027, 2, 15, 4, 0, tzinfo=UTC)):
        listing = office.listing()
    assert listing.state is ListingState.IN_FORCE
    assert listing.starts_on == date(2027, 2, 15)
    assert listing.ends_on == date(2030, 2, 15)
    assert listing.earliest_removal_on == date(2028, 2, 15)
    assert listing.number == "310106-L-2027-0001"
    assert listing.reconsider_until == date(2027, 4, 16)
    assert listing.sue_until == date(2027, 8, 15)
    events = [entry.event for entry in list_history(office.session, "listing", listing.id)]
    assert events == [
        Event.LISTING_SERVED,
        Event.LISTING_DECIDED,
        Event.LISTING_PROPOSED,
        Event.LISTING_NOTICED,
        Event.LISTING_INTENDED,
    ]


def test_numbers_run_on_within_a_year(office: Office) -> None:
    first, second = office.listing(), office.listing(office.penalty(document_number="第二号"))
    assert first.number is not None
    assert second.number is not None
    assert int(second.number[-4:]) == int(first.number[-4:]) + 1


def test_terms_ending_on_the_twenty_ninth_of_february_end_on_the_twenty_eighth() -> None:
    assert term(date(2028, 2, 29), years=3, early_years=1) == (date(2031, 2, 28), date(2029, 2, 28))


def test_nobody_decides_their_own_proposal(office: Office, make: Make) -> None:
    office.lead = make.user(Role.LEAD, Role.HEAD, department=office.department)
    listing = office.proposal()
    assert list_waiting(office.session, actor_of(office.lead)) == []
    with pytest.raises(Forbidden) as refused:
        decide(office, listing, actor=actor_of(office.lead))
    assert refused.value.code == "own-proposal"


def test_only_the_head_of_the_same_department_decides(office: Office, make: Make) -> None:
    listing = office.proposal()
    for actor in (make.actor(Role.HEAD, department=office.implementing), make.actor(Role.COORDINATOR)):
        assert list_waiting(office.session, actor) == []
        with pytest.raises(Forbidden):
            decide(office, listing, actor=actor)
    assert list_waiting(office.session, actor_of(office.head)) == [listing]


def test_the_level_above_agrees_and_a_refusal_has_a_reason(office: Office) -> None:
    listing = office.proposal()
    with pytest.raises(Invalid) as refused:
        decide(office, listing, superior_approval="")
    assert refused.value.field == "superior_approval"
    with pytest.raises(Invalid) as refused:
        decide(office, listing, accepted=False, note="")
    assert refused.value.field == "note"


def test_a_decision_is_taken_once(office: Office) -> None:
    listing = office.listing()
    with pytest.raises(WrongState):
        decide(office, listing)


def test_a_listing_ends_by_itself_and_lifts_its_measure(office: Office) -> None:
    listing = office.listing()
    last = listing.ends_on
    assert last is not None
    assert list_in_force_of_entity(office.session, office.entity.id, on=last) == [listing]
    after = last + timedelta(days=1)
    assert list_in_force_of_entity(office.session, office.entity.id, on=after) == []
    assert state_on(listing.state, last, after) is ListingState.ENDED
    assert end_due(office.session, on=last, actor=system_actor()) == 0
    assert end_due(office.session, on=after, actor=system_actor()) == 1
    assert end_due(office.session, on=after, actor=system_actor()) == 0
    measure = list_of_listing(office.session, listing.id)[0]
    assert listing.state is ListingState.ENDED
    assert listing.ended_on == last
    assert measure.state is MeasureState.LIFTED
    assert measure.lifted_on == last


def test_with_the_penalty_everything_that_rests_on_it_ends(office: Office) -> None:
    penalty = office.penalty()
    listing = office.listing(penalty)
    before = office.session.scalar(sa.select(sa.func.max(AuditEntry.seq))) or 0
    revoke_penalty(office.session, penalty, reason="判决撤销", revoked_on=clock.today(), actor=actor_of(office.lead))
    assert listing.state is ListingState.ENDED
    assert listing.end_reason == EndReason.PENALTY_REVOKED
    assert list_of_listing(office.session, listing.id)[0].state is MeasureState.LIFTED
    entries = office.session.scalars(sa.select(AuditEntry).where(AuditEntry.seq > before).order_by(AuditEntry.seq))
    assert [one.event for one in entries] == [Event.PENALTY_REVOKED, Event.LISTING_ENDED, Event.MEASURE_LIFTED]


def test_a_proposal_falls_with_its_penalty(office: Office) -> None:
    penalty = office.penalty()
    listing = office.proposal(penalty)
    revoke_penalty(office.session, penalty, reason="撤销", revoked_on=clock.today(), actor=actor_of(office.lead))
    assert listing.state is ListingState.REFUSED
    assert list_of_listing(office.session, listing.id)[0].state is MeasureState.DROPPED
    with pytest.raises(WrongState):
        decide(office, listing)


def test_the_command_ends_what_is_due(app: Flask, session: Session, office: Office) -> None:
    listing = office.listing()
    session.flush()
    with clock.at(clock.now() + timedelta(days=4 * 366)):
        result = app.test_cli_runner().invoke(args=["punishments", "end-due"])
    assert result.exit_code == 0, result.output
    session.refresh(listing)
    assert listing.state is ListingState.ENDED


def test_the_worker_ends_what_is_due_each_day(app: Flask, session: Session, office: Office) -> None:
    listing = office.listing()
    session.commit()
    with clock.at(clock.now() + timedelta(days=4 * 366)):
        assert ask_daily(app) == clock.today()
        run_waiting(app)
    session.refresh(listing)
    assert listing.state is ListingState.ENDED
