"""Recording and revoking penalties."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from punishments.penalties.followers import followers
from punishments.penalties.models import Penalty
from punishments.penalties.queries import compute_publicity
from punishments.penalties.rules import (
    PenaltyState,
    Procedure,
    Severity,
    check_amounts,
    check_decided_on,
    check_revocable,
    check_severity,
    check_summary_fine,
)
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.entities.models import Entity
from supervision.errors import Forbidden, Invalid
from supervision.parameters.queries import get_number
from supervision.permissions import Actor, Permission


@dataclass(frozen=True, slots=True)
class PenaltyFacts:
    """What a department writes down of its decision."""

    document_number: str
    violation_type: str
    facts: str
    legal_basis: str
    kinds: tuple[str, ...]
    content: str
    fine_fen: int
    confiscated_fen: int
    procedure: Procedure
    severity: Severity
    decided_on: date
    safety_field: bool = False


def record_penalty(session: Session, entity: Entity, facts: PenaltyFacts, *, actor: Actor) -> Penalty:
    """Record a decision of the actor's own department under ``entity``; its publicity period is computed now."""
    department_id = own_department(actor)
    check_facts(session, facts)
    period = compute_publicity(
        session,
        decided_on=facts.decided_on,
        severity=facts.severity,
        kinds=facts.kinds,
        procedure=facts.procedure,
        safety_field=facts.safety_field,
    )
    penalty = Penalty(
        entity_id=entity.id,
        department_id=department_id,
        **{name: getattr(facts, name) for name in PenaltyFacts.__slots__ if name != "kinds"},
        kinds=sorted(facts.kinds),
        public_from=period.starts_on,
        public_until=period.ends_on,
        earliest_repair_on=period.earliest_repair_on,
        regime=period.regime.value,
        state=PenaltyState.IN_FORCE,
        recorded_at=clock.now(),
        recorded_by=actor.user_id,
    )
    _insert(session, penalty)
    details = {"entity": entity.unit_id, "document_number": facts.document_number, "severity": facts.severity.value}
    record(session, Event.PENALTY_RECORDED, actor=actor, subject=("penalty", penalty.id), details=details)
    return penalty


def own_department(actor: Actor) -> int:
    """Return the department the actor records for, or refuse."""
    if actor.department_id is None or not actor.may(Permission.PENALTY_EDIT):
        raise Forbidden("own-penalties", "Only the lead of a department records the penalties of that department.")
    return actor.department_id


def check_facts(session: Session, facts: PenaltyFacts) -> None:
    """Refuse facts that contradict each other or the law."""
    check_decided_on(facts.decided_on, today=clock.today())
    if not facts.kinds:
        raise Invalid("no-kind", "Choose at least one kind of penalty.", field="kinds")
    check_severity(facts.severity, facts.kinds, facts.procedure)
    check_amounts(facts.kinds, fine_fen=facts.fine_fen, confiscated_fen=facts.confiscated_fen)
    if facts.procedure is Procedure.SUMMARY:
        ceiling = get_number(session, "summary-fine-organization-yuan", on=clock.today())
        check_summary_fine(facts.procedure, fine_fen=facts.fine_fen, most_yuan=ceiling)


def _insert(session: Session, penalty: Penalty) -> None:
    try:
        with session.begin_nested():
            session.add(penalty)
    except IntegrityError as error:
        raise Invalid(
            "document-number-taken",
            "Your department has recorded a penalty with the document number %(number)s already. Check the number.",
            field="document_number",
            number=penalty.document_number,
        ) from error


def revoke_penalty(session: Session, penalty: Penalty, *, reason: str, revoked_on: date, actor: Actor) -> None:
    """Revoke a decision: it leaves the public pages at once, and what rests on it ends (R-4.04, R-5.01)."""
    if own_department(actor) != penalty.department_id:
        raise Forbidden("other-department", "Only the department that decided a penalty revokes it.")
    session.refresh(penalty, with_for_update={"of": Penalty})
    check_revocable(penalty.state)
    if not penalty.decided_on <= revoked_on <= clock.today():
        raise Invalid("revoked-on", "The day of revocation lies between the decision and today.", field="revoked_on")
    penalty.state, penalty.revoked_on, penalty.revoke_reason = PenaltyState.REVOKED, revoked_on, reason
    details = {"revoked_on": revoked_on.isoformat()}
    record(session, Event.PENALTY_REVOKED, actor=actor, subject=("penalty", penalty.id), reason=reason, details=details)
    for follower in followers():
        follower(session, penalty, actor)
