"""Recording and revoking: own department, no contradictions, one audit entry each."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from punishments.penalties.models import Penalty
from punishments.penalties.queries import list_public_of_entity
from punishments.penalties.rules import PenaltyState, Procedure, Severity
from punishments.penalties.services import record_penalty, revoke_penalty
from supervision import clock
from supervision.accounts.queries import actor_of
from supervision.audit.events import Event
from supervision.audit.queries import list_history
from supervision.errors import Forbidden, Invalid, WrongState
from supervision.permissions import Role
from tests.factories import Make
from tests.punishments.making import Office, facts


def revoke(office: Office, penalty: Penalty, **changes: object) -> None:
    values = {"reason": "行政复议决定撤销", "revoked_on": clock.today(), "actor": actor_of(office.lead), **changes}
    revoke_penalty(office.session, penalty, **values)  # type: ignore[arg-type]


def test_a_recorded_penalty_carries_its_period_and_one_entry(office: Office) -> None:
    penalty = office.penalty()
    assert penalty.department_id == office.department.id
    assert penalty.public_from == penalty.decided_on
    assert penalty.public_until is not None
    entries = list_history(office.session, "penalty", penalty.id)
    assert [entry.event for entry in entries] == [Event.PENALTY_RECORDED]


def test_only_the_lead_of_a_department_records(office: Office, make: Make) -> None:
    for actor in (
        make.actor(Role.HEAD, department=office.department),
        make.actor(Role.COORDINATOR),
        make.actor(Role.LEAD),
        make.actor(Role.INSPECTOR, department=office.department),
    ):
        with pytest.raises(Forbidden):
            record_penalty(office.session, office.entity, facts(), actor=actor)


def test_the_same_document_number_is_refused_but_other_departments_may_use_it(office: Office) -> None:
    office.penalty()
    with pytest.raises(Invalid) as refused:
        office.penalty()
    assert refused.value.field == "document_number"
    record_penalty(office.session, office.entity, facts(), actor=actor_of(office.implementer))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"fine_fen": 0}, "fine"),
        ({"kinds": ("confiscate-gains",)}, "fine"),
        ({"confiscated_fen": 100}, "kinds"),
        ({"kinds": ()}, "kinds"),
        ({"decided_on": None}, "decided_on"),
        ({"procedure": Procedure.SUMMARY, "severity": Severity.MINOR, "fine_fen": 300_001}, "fine"),
    ],
)
def test_contradictions_name_their_field(office: Office, changes: dict[str, object], field: str) -> None:
    if changes.get("decided_on", 1) is None:
        changes = {"decided_on": clock.today() + timedelta(days=1)}
    with pytest.raises(Invalid) as refused:
        office.penalty(**changes)
    assert refused.value.field == field


def test_the_summary_procedure_allows_three_thousand_yuan(office: Office) -> None:
    penalty = office.penalty(procedure=Procedure.SUMMARY, severity=Severity.MINOR, fine_fen=300_000)
    assert penalty.public_from is None


def test_revoking_hides_the_penalty_at_once_and_keeps_its_reason(office: Office) -> None:
    penalty = office.penalty()
    assert list_public_of_entity(office.session, office.entity.id, on=clock.today()) == [penalty]
    revoke(office, penalty)
    assert penalty.state is PenaltyState.REVOKED
    assert penalty.revoke_reason == "行政复议决定撤销"
    assert list_public_of_entity(office.session, office.entity.id, on=clock.today()) == []
    assert list_history(office.session, "penalty", penalty.id)[0].event is Event.PENALTY_REVOKED


def test_a_penalty_is_revoked_once_and_by_its_own_department(office: Office) -> None:
    penalty = office.penalty()
    with pytest.raises(Forbidden):
        revoke(office, penalty, actor=actor_of(office.implementer))
    revoke(office, penalty)
    with pytest.raises(WrongState):
        revoke(office, penalty)


@pytest.mark.parametrize("days", [-2, 1])
def test_the_day_of_revocation_lies_between_decision_and_today(office: Office, days: int) -> None:
    with pytest.raises(Invalid) as refused:
        revoke(office, office.penalty(), revoked_on=clock.today() + timedelta(days=days))
    assert refused.value.field == "revoked_on"


def test_the_public_sees_penalties_until_the_last_day_of_the_period(session: Session, office: Office) -> None:
    penalty = office.penalty(severity=Severity.GENERAL)
    office.penalty(document_number="简", procedure=Procedure.SUMMARY, severity=Severity.MINOR, fine_fen=100)
    last = penalty.public_until
    assert last is not None
    assert list_public_of_entity(session, office.entity.id, on=last) == [penalty]
    assert list_public_of_entity(session, office.entity.id, on=last + timedelta(days=1)) == []
