"""Deciding listings, serving the decision, ending them; what comes before is in ``hearing``."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from punishments.credit_lists.followers import followers
from punishments.credit_lists.hearing import Served, add_service, hold, lock
from punishments.credit_lists.models import Listing
from punishments.credit_lists.queries import list_of_penalty, list_run_out, newest_serial
from punishments.credit_lists.rules import (
    OPEN,
    EndReason,
    ListingState,
    ServedDocument,
    check_decider,
    check_penalty,
    check_served,
    check_step,
    listing_number,
    term,
)
from punishments.penalties.models import Penalty
from punishments.penalties.rules import add_months
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.errors import Conflict, Forbidden, Invalid
from supervision.parameters.queries import get_number
from supervision.permissions import Actor, Permission


@dataclass(frozen=True, slots=True)
class Decision:
    """What the head decides: accept with the superior body's approval where required, or refuse with a reason."""

    accepted: bool
    note: str = ""
    superior_approval: str = ""


def decide_listing(session: Session, listing: Listing, decision: Decision, *, region: str, actor: Actor) -> None:
    """Decide a proposal of the own department prepared by others; it takes effect when it is served on the party."""
    if not actor.may(Permission.LISTING_DECIDE) or actor.department_id != listing.penalty.department_id:
        raise Forbidden("decide-own", "Only the head of the department that decided the penalty decides on a listing.")
    hold(session, listing)
    check_decider(worked_on_it=listing.prepared_by, decided_by=actor.user_id)
    # both answers need a proposal: only a revoked penalty leads from other states to "not listed"
    check_step(listing.state, ListingState.DECIDED)
    check_decision(session, decision)
    listing.decided_by, listing.decided_at = actor.user_id, clock.now()
    listing.decision_note, listing.superior_approval = decision.note, decision.superior_approval
    if decision.accepted:
        _check_penalty(listing)
        listing.state = ListingState.DECIDED
        _number(session, listing, region=region)
    else:
        listing.state = ListingState.REFUSED
    session.flush()
    details = {"decision": listing.state.value, "number": listing.number}
    record(
        session,
        Event.LISTING_DECIDED,
        actor=actor,
        subject=("listing", listing.id),
        reason=decision.note,
        details=details,
    )
    if not decision.accepted:
        for follower in followers():
            follower.listing_refused(session, listing, actor=actor)


def serve_decision(session: Session, listing: Listing, served: Served, *, actor: Actor) -> None:
    """Record that the decision was served: it is in force from that day, and its term and remedies run from it."""
    lock(session, listing, ListingState.IN_FORCE, actor=actor)
    decided_on = clock.local(listing.decided_at).date() if listing.decided_at else None
    check_served(served.served_on, not_before=decided_on, today=clock.today())
    _check_penalty(listing)
    add_service(session, listing, ServedDocument.DECISION, served, actor=actor)
    _begin(session, listing, on=served.served_on)
    details = {
        "served_on": str(served.served_on),
        "method": served.method,
        "ends_on": str(listing.ends_on),
        "reconsider_until": str(listing.reconsider_until),
        "sue_until": str(listing.sue_until),
    }
    record(session, Event.LISTING_SERVED, actor=actor, subject=("listing", listing.id), details=details)
    for follower in followers():
        follower.listing_began(session, listing, actor=actor)


def drop_listing(session: Session, listing: Listing, *, reason: str, actor: Actor) -> None:
    """Give an intended listing up before it goes to the head: a wrong entry, or the party convinced the department."""
    lock(session, listing, ListingState.DROPPED, actor=actor)
    if not reason:
        raise Invalid("drop-reason", "Say why the listing is given up.", field="reason")
    listing.state, listing.decision_note = ListingState.DROPPED, reason
    record(session, Event.LISTING_DROPPED, actor=actor, subject=("listing", listing.id), reason=reason)
    for follower in followers():
        follower.listing_refused(session, listing, actor=actor)


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


def _check_penalty(listing: Listing) -> None:
    penalty = listing.penalty
    check_penalty(penalty.state, penalty.severity, penalty.kinds)


def _number(session: Session, listing: Listing, *, region: str) -> None:
    year = clock.today().year
    prefix = listing_number(region, year, 0)[:-4]
    try:
        with session.begin_nested():
            listing.number = listing_number(region, year, newest_serial(session, prefix) + 1)
    except IntegrityError as error:
        raise Conflict("number-taken", "Another listing was decided in the same moment. Please try again.") from error


def _begin(session: Session, listing: Listing, *, on: date) -> None:
    years = get_number(session, "serious-violator-years", on=on)
    early = get_number(session, "serious-early-removal-years", on=on)
    listing.state, listing.starts_on = ListingState.IN_FORCE, on
    listing.ends_on, listing.earliest_removal_on = term(on, years=years, early_years=early)
    listing.reconsider_until = on + timedelta(days=get_number(session, "reconsideration-days", on=on))
    listing.sue_until = add_months(on, get_number(session, "suit-months", on=on))


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
    """A penalty was revoked: listings in force end, those under way are refused (R-5.01)."""
    for listing in list_of_penalty(session, penalty.id):
        if listing.state is ListingState.IN_FORCE:
            end_listing(session, listing, on=clock.today(), reason=EndReason.PENALTY_REVOKED, actor=actor)
        elif listing.state in OPEN:
            _refuse_with_penalty(session, listing, actor)


def _refuse_with_penalty(session: Session, listing: Listing, actor: Actor) -> None:
    check_step(listing.state, ListingState.REFUSED)
    listing.state, listing.ended_on = ListingState.REFUSED, clock.today()
    listing.end_reason = EndReason.PENALTY_REVOKED.value
    _record_end(session, Event.LISTING_DECIDED, listing, EndReason.PENALTY_REVOKED, actor)
    for follower in followers():
        follower.listing_refused(session, listing, actor=actor)
