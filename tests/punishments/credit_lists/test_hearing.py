"""Before a listing is decided the party is told and heard; it is in force only once its decision is served (R-5.04)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from punishments.credit_lists.hearing import Heard, Served, hear_party, serve_notice
from punishments.credit_lists.models import Listing, ListingService
from punishments.credit_lists.queries import list_in_force_of_entity, list_next_steps, list_waiting
from punishments.credit_lists.rules import ListingState, Response, ServedDocument, with_penalty_procedure
from punishments.credit_lists.services import Decision, decide_listing, drop_listing, serve_decision
from punishments.measures.queries import list_of_listing
from punishments.measures.rules import MeasureState
from punishments.penalties.services import revoke_penalty
from supervision import clock
from supervision.accounts.queries import actor_of
from supervision.audit.events import Event
from supervision.audit.queries import list_history
from supervision.errors import DomainError, Forbidden, Invalid, RuleBroken, WrongState
from supervision.permissions import Actor, Role
from supervision.workdays.queries import get_calendar
from supervision.workdays.rules import add_workdays
from tests.factories import Make
from tests.punishments.making import APPROVAL, HEARD, Office, served

SPOKE = replace(HEARD, response=Response.STATEMENT, statement="经营困难", consideration="理由不成立，不予采纳")


def lead(office: Office) -> Actor:
    return actor_of(office.lead)


def notice(office: Office, listing: Listing, proof: Served) -> None:
    serve_notice(office.session, listing, proof, actor=lead(office))


def test_the_notice_opens_a_period_counted_in_working_days(office: Office) -> None:
    listing = office.intention()
    notice(office, listing, served(number="沪市监静列告〔2026〕1号"))
    assert listing.state is ListingState.NOTICED
    assert listing.statement_due_on == add_workdays(clock.today(), 5, get_calendar(office.session))
    proof = listing.service_of(ServedDocument.NOTICE)
    assert proof is not None
    assert (proof.recipient, proof.document_number) == ("李四（前台）", "沪市监静列告〔2026〕1号")
    assert proof.recorded_by == office.lead.id


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"document_number": ""}, "document_number"),
        ({"method": "pigeon"}, "method"),
        ({"recipient": ""}, "recipient"),
        ({"proof": ""}, "proof"),
        ({"served_on": date(2999, 1, 1)}, "served_on"),
    ],
)
def test_a_notice_without_proof_is_none(office: Office, changes: dict[str, object], field: str) -> None:
    listing = office.intention()
    with pytest.raises(Invalid) as refused:
        notice(office, listing, replace(served(number="告1号"), **changes))  # type: ignore[arg-type]
    assert refused.value.field == field


def test_a_notice_older_than_the_case_cannot_belong_to_the_penalty(office: Office) -> None:
    listing = office.intention()
    oldest = listing.penalty.decided_on - timedelta(days=120)
    with pytest.raises(Invalid) as refused:
        notice(office, listing, replace(served(number="告1号"), served_on=oldest - timedelta(days=1)))
    assert refused.value.field == "served_on"
    notice(office, listing, replace(served(number="告1号"), served_on=oldest))
    assert listing.state is ListingState.NOTICED


def test_nobody_hurries_the_party(office: Office) -> None:
    listing = office.noticed(days_ago=0)
    last = listing.statement_due_on
    assert last is not None
    assert listing not in list_next_steps(office.session, lead(office), on=last)
    with clock.at(clock.now() + (last - clock.today())), pytest.raises(RuleBroken) as refused:
        hear_party(office.session, listing, HEARD, actor=lead(office))
    assert refused.value.rule == "R-5.04"
    with clock.at(clock.now() + (last - clock.today()) + timedelta(days=1)):
        assert listing in list_next_steps(office.session, lead(office), on=clock.today())
        hear_party(office.session, listing, HEARD, actor=lead(office))
    assert listing.state is ListingState.PROPOSED


def test_what_the_party_said_is_kept_with_how_it_was_examined(office: Office) -> None:
    listing = office.noticed()
    made_on = clock.today() - timedelta(days=3)
    hear_party(office.session, listing, replace(SPOKE, made_on=made_on), actor=lead(office))
    assert (listing.response, listing.response_on) == (Response.STATEMENT, made_on)
    assert (listing.statement, listing.consideration) == ("经营困难", "理由不成立，不予采纳")


@pytest.mark.parametrize(
    ("heard", "field"),
    [
        (replace(SPOKE, made_on=None), "made_on"),
        (replace(SPOKE, made_on=date(2020, 1, 1)), "made_on"),
        (replace(SPOKE, made_on=date(2999, 1, 1)), "made_on"),
        (replace(HEARD, statement="说了什么"), "response"),
        (replace(HEARD, reconsideration_authority=""), "reconsideration_authority"),
        (replace(HEARD, court=""), "court"),
    ],
)
def test_what_contradicts_itself_names_its_field(office: Office, heard: Heard, field: str) -> None:
    listing = office.noticed()
    with pytest.raises(Invalid) as refused:
        hear_party(office.session, listing, heard, actor=lead(office))
    assert refused.value.field == field


@pytest.mark.parametrize("field", ["statement", "consideration"])
def test_a_statement_without_its_examination_is_refused(office: Office, field: str) -> None:
    listing = office.noticed()
    heard = replace(SPOKE, made_on=clock.today(), **{field: ""})
    with pytest.raises(Invalid) as refused:
        hear_party(office.session, listing, heard, actor=lead(office))
    assert refused.value.field == field


def test_a_decision_not_served_binds_nobody(office: Office) -> None:
    listing = office.decided()
    assert listing.number is not None
    assert listing.starts_on is None
    assert list_in_force_of_entity(office.session, office.entity.id, on=clock.today()) == []
    assert [one.state for one in list_of_listing(office.session, listing.id)] == [MeasureState.PROPOSED]
    serve_decision(office.session, listing, served(), actor=lead(office))
    assert list_in_force_of_entity(office.session, office.entity.id, on=clock.today()) == [listing]
    assert [one.state for one in list_of_listing(office.session, listing.id)] == [MeasureState.WAITING]


def test_a_decision_is_not_served_before_it_was_taken(office: Office) -> None:
    listing = office.decided()
    for days in (1, -1):
        with pytest.raises(Invalid) as refused:
            serve_decision(office.session, listing, served(days_ago=days), actor=lead(office))
        assert refused.value.field == "served_on"


def decide(office: Office, listing: Listing, *, accepted: bool = True) -> None:
    decision = Decision(accepted=accepted, note="情节", superior_approval=APPROVAL)
    decide_listing(office.session, listing, decision, region="310106", actor=actor_of(office.head))


STEPS: dict[str, Callable[[Office, Listing], None]] = {
    "notice": lambda office, listing: notice(office, listing, served(days_ago=20, number="告2号")),
    "hear": lambda office, listing: hear_party(office.session, listing, HEARD, actor=lead(office)),
    "decide": decide,
    "refuse": lambda office, listing: decide(office, listing, accepted=False),
    "serve": lambda office, listing: serve_decision(office.session, listing, served(), actor=lead(office)),
    "drop": lambda office, listing: drop_listing(office.session, listing, reason="x", actor=lead(office)),
}
ALLOWED = {
    "intention": {"notice", "drop"},
    "noticed": {"hear", "drop"},
    "proposal": {"decide", "refuse"},
    "decided": {"serve"},
    "listing": set(),
}


@pytest.mark.parametrize("reached", list(ALLOWED))
def test_each_state_allows_its_own_steps_and_no_other(office: Office, reached: str) -> None:
    listing: Listing = getattr(office, reached)()
    before = listing.state
    for name in STEPS.keys() - ALLOWED[reached]:
        with pytest.raises(WrongState):
            STEPS[name](office, listing)
        assert listing.state is before
    for name in ALLOWED[reached]:
        with office.session.begin_nested() as step:
            STEPS[name](office, listing)
            assert listing.state is not before
            step.rollback()


@pytest.mark.parametrize("step", ["notice", "hear", "serve", "drop"])
def test_only_the_lead_of_the_penalising_department_takes_the_steps(office: Office, make: Make, step: str) -> None:
    listing = {
        "notice": office.intention, "hear": office.noticed, "serve": office.decided, "drop": office.intention,
    }[step]()  # fmt: skip
    for person in (office.implementer, office.head, make.user(Role.COORDINATOR)):
        office.lead = person
        with pytest.raises(Forbidden):
            STEPS[step](office, listing)


def test_who_prepared_a_listing_does_not_decide_it(office: Office, make: Make) -> None:
    both = make.user(Role.LEAD, Role.HEAD, department=office.department)
    first = office.noticed()
    hear_party(office.session, first, HEARD, actor=actor_of(both))
    second = office.intention(office.penalty(document_number="第二号"))
    serve_notice(office.session, second, served(days_ago=20, number="告"), actor=actor_of(both))
    hear_party(office.session, second, HEARD, actor=lead(office))
    decision = Decision(accepted=True, superior_approval=APPROVAL)
    for listing in (first, second):
        with pytest.raises(Forbidden) as refused:
            decide_listing(office.session, listing, decision, region="310106", actor=actor_of(both))
        assert refused.value.code == "own-proposal"
    assert list_waiting(office.session, actor_of(both)) == []
    assert list_waiting(office.session, actor_of(office.head)) == [first, second]


def test_what_is_given_up_needs_a_reason_drops_its_measure_and_may_begin_anew(office: Office) -> None:
    listing = office.noticed()
    with pytest.raises(Invalid):
        drop_listing(office.session, listing, reason="", actor=lead(office))
    drop_listing(office.session, listing, reason="陈述理由成立", actor=lead(office))
    assert listing.state is ListingState.DROPPED
    assert [one.state for one in list_of_listing(office.session, listing.id)] == [MeasureState.DROPPED]
    assert list_history(office.session, "listing", listing.id)[0].event is Event.LISTING_DROPPED
    office.intention(listing.penalty)


@pytest.mark.parametrize("reached", ["intention", "noticed", "proposal", "decided"])
def test_a_revoked_penalty_ends_the_way_wherever_it_stands(office: Office, reached: str) -> None:
    listing: Listing = getattr(office, reached)()
    decision = (listing.decided_by, listing.decided_at)
    revoke_penalty(office.session, listing.penalty, reason="撤销", revoked_on=clock.today(), actor=lead(office))
    assert listing.state is ListingState.REFUSED
    assert ((listing.decided_by, listing.decided_at), listing.ended_on) == (decision, clock.today())
    assert [one.state for one in list_of_listing(office.session, listing.id)] == [MeasureState.DROPPED]
    for step in STEPS.values():
        with pytest.raises(DomainError):
            step(office, listing)


def test_together_with_the_penalty_means_served_before_it_was_decided() -> None:
    decided_on = date(2026, 5, 20)
    assert with_penalty_procedure(date(2026, 5, 6), decided_on=decided_on)
    assert not with_penalty_procedure(decided_on, decided_on=decided_on)
    assert not with_penalty_procedure(None, decided_on=decided_on)


def test_the_database_keeps_proofs_of_service_as_they_are(office: Office) -> None:
    listing = office.noticed()
    for change in (sa.update(ListingService).values(recipient="x"), sa.delete(ListingService)):
        with pytest.raises(sa.exc.DatabaseError, match="append-only"), office.session.begin_nested():
            office.session.execute(change.where(ListingService.listing_id == listing.id))
