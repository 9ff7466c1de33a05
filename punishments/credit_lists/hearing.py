"""Before a listing is decided: the intention, the notice with its proof of service, the party's statement (R-5.04).

A finding that reduces rights is a separate decision with notice, statement and defence (R-1.37). The steps may run
together with the penalty procedure (domain 5.2): then the notice was served before the penalty was decided, and its
period may be over when the listing is written down here.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from punishments.credit_lists.models import Listing, ListingService
from punishments.credit_lists.rules import (
    CreditList,
    ListingState,
    Response,
    ServedDocument,
    check_ground,
    check_made_on,
    check_notice,
    check_penalty,
    check_period_over,
    check_response,
    check_served,
    check_step,
)
from punishments.penalties.models import Penalty
from punishments.penalties.services import own_department
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.errors import Conflict, Forbidden, Invalid
from supervision.parameters.queries import check_reason, get_number
from supervision.permissions import Actor
from supervision.workdays.queries import get_calendar
from supervision.workdays.rules import add_workdays


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why an entity should be listed."""

    grounds: str
    legal_basis: str


@dataclass(frozen=True, slots=True)
class Served:
    """How, when and on whom a document was served, and what proves it."""

    method: str
    served_on: date
    recipient: str
    proof: str
    document_number: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """What the party did with its right to speak, and the remedies the decision will name."""

    response: Response
    reconsideration_authority: str
    court: str
    made_on: date | None = None
    statement: str = ""
    consideration: str = ""


def check_proposer(penalty: Penalty, *, actor: Actor) -> None:
    """Refuse people of other departments: who penalises, lists."""
    if own_department(actor) != penalty.department_id:
        raise Forbidden("other-department", "Only the department that decided the penalty proposes a listing.")


def intend_listing(
    session: Session,
    penalty: Penalty,
    *,
    credit_list: CreditList,
    grounds: Grounds,
    details: dict[str, object],
    actor: Actor,
) -> Listing:
    """Write down that the party of a heavy penalty is to be listed; ``details`` name the measure asked with it."""
    check_proposer(penalty, actor=actor)
    session.refresh(penalty, with_for_update={"of": Penalty})
    check_ground(credit_list, actor.department_code)
    check_penalty(penalty.state, penalty.severity, penalty.kinds)
    listing = Listing(
        penalty_id=penalty.id,
        credit_list=credit_list,
        state=ListingState.INTENDED,
        grounds=grounds.grounds,
        legal_basis=grounds.legal_basis,
        proposed_by=actor.user_id,
        proposed_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(listing)
    except IntegrityError as error:
        raise Conflict(
            "listed-already", "A listing from this penalty is under way or in force already. Open that one."
        ) from error
    about = {"penalty": penalty.document_number, "list": credit_list.value, **details}
    record(session, Event.LISTING_INTENDED, actor=actor, subject=("listing", listing.id), details=about)
    return listing


def serve_notice(session: Session, listing: Listing, served: Served, *, actor: Actor) -> None:
    """Record that the notice was served; from that day the party may state its case and defend itself."""
    lock(session, listing, ListingState.NOTICED, actor=actor)
    if not served.document_number:
        raise Invalid("notice-number", "Enter the document number of the notice.", field="document_number")
    check_served(served.served_on, not_before=None, today=clock.today())
    longest = get_number(session, "listing-notice-before-penalty-days", on=clock.today())
    check_notice(served.served_on, decided_on=listing.penalty.decided_on, longest=longest)
    add_service(session, listing, ServedDocument.NOTICE, served, actor=actor)
    days = get_number(session, "listing-statement-working-days", on=clock.today())
    listing.state, listing.noticed_on = ListingState.NOTICED, served.served_on
    listing.statement_due_on = add_workdays(served.served_on, days, get_calendar(session))
    details = {"served_on": str(served.served_on), "method": served.method, "until": str(listing.statement_due_on)}
    record(session, Event.LISTING_NOTICED, actor=actor, subject=("listing", listing.id), details=details)


def hear_party(session: Session, listing: Listing, heard: Heard, *, actor: Actor) -> None:
    """When the period is over, write down what the party said or that it said nothing, and put it to the head."""
    lock(session, listing, ListingState.PROPOSED, actor=actor)
    check_period_over(listing.statement_due_on, today=clock.today())
    check_response(heard.response, made_on=heard.made_on, text=heard.statement, considered=heard.consideration)
    if heard.made_on is not None and listing.noticed_on is not None:
        check_made_on(heard.made_on, noticed_on=listing.noticed_on, today=clock.today())
    for field, value in (("reconsideration_authority", heard.reconsideration_authority), ("court", heard.court)):
        if not value:
            raise Invalid("remedy-missing", "Name where the party can turn against the decision.", field=field)
    listing.state, listing.heard_by = ListingState.PROPOSED, actor.user_id
    listing.response, listing.response_on = heard.response, heard.made_on
    listing.statement, listing.consideration = heard.statement, heard.consideration
    listing.reconsideration_authority, listing.court = heard.reconsideration_authority, heard.court
    details = {"response": heard.response.value, "made_on": str(heard.made_on or "")}
    record(session, Event.LISTING_PROPOSED, actor=actor, subject=("listing", listing.id), details=details)


def lock(session: Session, listing: Listing, target: ListingState, *, actor: Actor) -> None:
    """Hold the listing and refuse other departments and a step its state does not allow."""
    check_proposer(listing.penalty, actor=actor)
    hold(session, listing)
    check_step(listing.state, target)


def hold(session: Session, listing: Listing) -> None:
    """Hold the penalty, then the listing: the order of a revocation, so that neither waits for the other for ever."""
    session.refresh(listing.penalty, with_for_update={"of": Penalty})
    session.refresh(listing, with_for_update={"of": Listing})


def add_service(
    session: Session, listing: Listing, document: ServedDocument, served: Served, *, actor: Actor
) -> ListingService:
    """Keep the proof that a document was served."""
    check_reason(session, "service_methods", served.method, field="method")
    for field, value in (("recipient", served.recipient), ("proof", served.proof)):
        if not value:
            raise Invalid("proof-missing", "Enter who received the document, and what proves it.", field=field)
    service = ListingService(
        listing_id=listing.id,
        document=document,
        document_number=served.document_number or listing.number or "",
        method=served.method,
        served_on=served.served_on,
        recipient=served.recipient,
        proof=served.proof,
        recorded_by=actor.user_id,
        recorded_at=clock.now(),
    )
    listing.services.append(service)
    session.flush()
    return service
