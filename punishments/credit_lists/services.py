"""Proposing, deciding and ending listings."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from punishments.credit_lists.followers import followers
from punishments.credit_lists.models import Listing
from punishments.credit_lists.queries import list_of_penalty, list_run_out, newest_serial
from punishments.credit_lists.rules import (
    CreditList,
    EndReason,
    ListingState,
    check_decider,
    check_ground,
    check_notice,
    check_penalty,
    check_step,
    listing_number,
    term,
)
from punishments.penalties.models import Penalty
from punishments.penalties.services import own_department
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.errors import Conflict, Forbidden, Invalid
from supervision.parameters.queries import get_number
from supervision.permissions import Actor, Permission


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why an entity should be listed, and that it was heard (R-5.04)."""

    grounds: str
    legal_basis: str
    noticed_on: date
    statement: str = ""


def check_proposer(penalty: Penalty, *, actor: Actor) -> None:
    """Refuse people of other departments: who penalises, lists."""
    if own_department(actor) != penalty.department_id:
        raise Forbidden("other-department", "Only the department that decided the penalty proposes a listing.")


def propose_listing(
    session: Session,
    penalty: Penalty,
    *,
    credit_list: CreditList,
    grounds: Grounds,
    details: dict[str, object],
    actor: Actor,
) -> Listing:
    """Propose to list the party of a heavy penalty in force; ``details`` name the measure asked with it."""
    check_proposer(penalty, actor=actor)
    session.refresh(penalty, with_for_update={"of": Penalty})
    check_ground(credit_list, actor.department_code)
    check_penalty(penalty.state, penalty.severity, penalty.kinds)
    check_notice(grounds.noticed_on, today=clock.today())
    listing = Listing(
        penalty_id=penalty.id,
        credit_list=credit_list,
        state=ListingState.PROPOSED,
        grounds=grounds.grounds,
        legal_basis=grounds.legal_basis,
        noticed_on=grounds.noticed_on,
        statement=grounds.statement,
        proposed_by=actor.user_id,
        proposed_at=clock.now(),
    )
    _insert(session, listing)
    about = {"penalty": penalty.document_number, "list": credit_list.value, **details}
    record(session, Event.LISTING_PROPOSED, actor=actor, subject=("listing", listing.id), details=about)
    return listing


def _insert(session: Session, listing: Listing) -> None:
    try:
        with session.begin_nested():
            session.add(listing)
    except IntegrityError as error:
        raise Conflict(
            "listed-already", "A listing from this penalty is proposed or in force already. Open that one."
        ) from error


@dataclass(frozen=True, slots=True)
class Decision:
    """What the head decides: accept with the superior body's approval where required, or refuse with a reason."""

    accepted: bool
    note: str = ""
    superior_approval: str = ""


def decide_listing(session: Session, listing: Listing, decision: Decision, *, region: str, actor: Actor) -> None:
    """Decide a proposal of the own department made by somebody else; acceptance begins the term today."""
    if not actor.may(Permission.LISTING_DECIDE) or actor.department_id != listing.penalty.department_id:
        raise Forbidden("decide-own", "Only the head of the department that decided the penalty decides on a listing.")
    check_decider(proposed_by=listing.proposed_by, decided_by=actor.user_id)
    session.refresh(listing, with_for_update={"of": Listing})
    check_step(listing.state, ListingState.IN_FORCE if decision.accepted else ListingState.REFUSED)
    check_decision(session, decision)
    listing.decided_by, listing.decided_at = actor.user_id, clock.now()
    listing.decision_note, listing.superior_approval = decision.note, decision.superior_approval
    if decision.accepted:
        _begin(session, listing, region=region)
    else:
        listing.state = ListingState.REFUSED
    session.flush()
    details = {"decision": listing.state.value, "number": listing.number, "ends_on": str(listing.ends_on or "")}
    record(
        session,
        Event.LISTING_DECIDED,
        actor=actor,
        subject=("listing", listing.id),
        reason=decision.note,
        details=details,
    )
    for follower in followers():
        step = follower.listing_began if decision.accepted else follower.listing_refused
        step(session, listing, actor=actor)


def check_decision(session: Session, decision: Decision) -> None:
    """Refuse an acceptance without the approval that the law asks for, and a refusal without reason."""
    if not decision.accepted and not decision.note:
        raise Invalid("refusal-reason", "Give the reason for not listing.", field="note")
    needed = get_number(session, "serious-superior-approval", on=clock.today())
    if decision.accepted and needed and not decision.superior_approval:
        raise Invalid(
            "superior-approval",
            "A listing by a county-level body needs the approval of the level above. Enter its document number.",
            field="superior_approval",
        )


def _begin(session: Session, listing: Listing, *, region: str) -> None:
    penalty, today = listing.penalty, clock.today()
    session.refresh(penalty, with_for_update={"of": Penalty})
    check_penalty(penalty.state, penalty.severity, penalty.kinds)
    years = get_number(session, "serious-violator-years", on=today)
    early = get_number(session, "serious-early-removal-years", on=today)
    listing.state, listing.starts_on = ListingState.IN_FORCE, today
    listing.ends_on, listing.earliest_removal_on = term(today, years=years, early_years=early)
    prefix = listing_number(region, today.year, 0)[:-4]
    try:
        with session.begin_nested():
            listing.number = listing_number(region, today.year, newest_serial(session, prefix) + 1)
    except IntegrityError as error:
        raise Conflict("number-taken", "Another listing was decided in the same moment. Please try again.") from error


def end_listing(session: Session, listing: Listing, *, on: date, reason: EndReason, actor: Actor) -> None:
    """End a listing; the measures that rest on it are lifted with it."""
    check_step(listing.state, ListingState.ENDED)
    listing.state, listing.ended_on, listing.end_reason = ListingState.ENDED, on, reason.value
    _record_end(session, Event.LISTING_ENDED, listing, reason, actor)
    for follower in followers():
        follower.listing_ended(session, listing, actor=actor)


def _record_end(session: Session, event: Event, listing: Listing, reason: EndReason, actor: Actor) -> None:
    record(session, event, actor=actor, subject=("listing", listing.id), details={"ground": reason.value})


def end_due(session: Session, *, on: date, actor: Actor) -> int:
    """Note the end of every listing whose term has run out before ``on``; return how many (feature 126)."""
    due = list_run_out(session, on=on)
    for listing in due:
        end_listing(session, listing, on=listing.ends_on or on, reason=EndReason.TERM, actor=actor)
    return len(due)


def end_with_penalty(session: Session, penalty: Penalty, actor: Actor) -> None:
    """A penalty was revoked: listings in force end, proposals are refused (R-5.01)."""
    for listing in list_of_penalty(session, penalty.id):
        if listing.state is ListingState.IN_FORCE:
            end_listing(session, listing, on=clock.today(), reason=EndReason.PENALTY_REVOKED, actor=actor)
        elif listing.state is ListingState.PROPOSED:
            _refuse_with_penalty(session, listing, actor)


def _refuse_with_penalty(session: Session, listing: Listing, actor: Actor) -> None:
    check_step(listing.state, ListingState.REFUSED)
    listing.state, listing.decided_at = ListingState.REFUSED, clock.now()
    listing.end_reason = EndReason.PENALTY_REVOKED.value
    _record_end(session, Event.LISTING_DECIDED, listing, EndReason.PENALTY_REVOKED, actor)
    for follower in followers():
        follower.listing_refused(session, listing, actor=actor)
