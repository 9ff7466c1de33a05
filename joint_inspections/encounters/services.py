"""Stopping what is too often, letting it pass by oversight, and going together through one door."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload, lazyload

from joint_inspections.encounters.frequency import Frequency, check_frequencies, check_frequency, joined_with
from joint_inspections.encounters.fruitless import Returning, list_returning, visited_for_nothing
from joint_inspections.encounters.models import EncounterOverride, JointOffer
from joint_inspections.encounters.queries import find_matches
from joint_inspections.encounters.rules import REASONS, Ground, OfferState, offer_after
from joint_inspections.visits.caps import hold_entities
from joint_inspections.visits.guards import require_free_way
from joint_inspections.visits.models import Visit
from joint_inspections.visits.queries import disclosed, list_visits_for_change
from joint_inspections.visits.rules import BEFORE_VISIT, VisitState, week_end
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, RuleBroken, WrongState
from supervision.parameters.queries import check_reason
from supervision.permissions import Actor, Permission
from supervision.workdays.queries import get_calendar


def require_not_too_often(session: Session, visit: Visit) -> None:
    """Refuse a visit that is one too many, or by an officer who found nothing here again and again."""
    hold_entities(session, [visit])
    if bar := find_bars(session, [visit]).get(visit.id):
        raise bar


def find_bars(session: Session, visits: Collection[Visit]) -> dict[int, DomainError]:
    """Return why visits may not go on, by visit; those that may are left out."""
    frequencies = check_frequencies(session, visits)
    known = visited_for_nothing(session, {one.entity_id for one in visits})
    found: dict[int, DomainError] = {}
    for visit in visits:
        returning = list_returning(session, visit) if visit.entity_id in known else []
        unsolved = [one for one in returning if one.override is None]
        if frequencies[visit.id].blocks:
            found[visit.id] = _too_frequent(frequencies[visit.id])
        elif unsolved:
            found[visit.id] = _fruitless(unsolved[0])
    return found


def list_barred(session: Session, viewer: Actor) -> list[Visit]:
    """List the disclosed visits that wait for approval and have too many others beside them, for oversight."""
    if not viewer.may(Permission.CAP_OVERRIDE):
        return []
    statement = sa.select(Visit).where(disclosed(), Visit.state == VisitState.ASSIGNED)
    options = lazyload(Visit.members), joinedload(Visit.entity).lazyload("*")
    waiting = session.scalars(statement.order_by(Visit.planned_on, Visit.id).options(*options)).all()
    frequencies = check_frequencies(session, waiting)
    return [one for one in waiting if frequencies[one.id].blocks]


def _too_frequent(frequency: Frequency) -> DomainError:
    worst = frequency.over[0]
    if worst.first == worst.last:
        return RuleBroken(
            "too-frequent",
            "On %(day)s this enterprise has %(counted)s other visits; %(allowed)s are allowed with this one. "
            "Go together with another department, choose another day, or ask enforcement oversight.",
            rule="R-3.06",
            day=worst.first,
            counted=worst.counted,
            allowed=worst.allowed,
        )
    return RuleBroken(
        "too-frequent",
        "From %(first)s to %(last)s this enterprise has %(counted)s other visits; %(allowed)s are allowed with "
        "this one. Go together with another department, choose another day, or ask enforcement oversight.",
        rule="R-3.06",
        first=worst.first,
        last=worst.last,
        counted=worst.counted,
        allowed=worst.allowed,
    )


def _fruitless(returning: Returning) -> DomainError:
    return RuleBroken(
        "fruitless-checks",
        "%(name)s has checked this enterprise %(checks)s times within a year and found no problem. Let the machine "
        "replace the inspector, or ask enforcement oversight.",
        rule="R-1.25",
        name=returning.member.inspector.name,
        checks=returning.checks,
    )


def require_apart(session: Session, visit: Visit) -> None:
    """Refuse another day for a visit that goes together with another one, or a day that is one too many."""
    if joined_with(session, visit.id):
        raise WrongState(
            "goes-together", "This visit goes together with another one. The leads part them before the day changes."
        )
    if visit.state is VisitState.APPROVED:
        require_not_too_often(session, visit)


def _require_oversight(actor: Actor) -> None:
    if not actor.may(Permission.CAP_OVERRIDE):
        raise Forbidden("oversight-only", "Only enforcement oversight lets this pass.")


def let_frequent_pass(session: Session, visit: Visit, *, reason_code: str, note: str, actor: Actor) -> None:
    """Let a visit go ahead although it is one too many; for this day and these sums."""
    _require_oversight(actor)
    _require_ahead(visit)
    frequency: Frequency = check_frequency(session, visit)
    if not frequency.over or frequency.override is not None:
        raise WrongState("not-too-frequent", "This visit is not too frequent, or was let through already.")
    sums = [{"period": one.period.value, "counted": one.counted, "allowed": one.allowed} for one in frequency.over]
    _keep(session, visit, Ground.FREQUENCY, sums, inspector_id=None, reason=(reason_code, note), actor=actor)


def let_inspector_return(
    session: Session, visit: Visit, inspector_id: int, *, reason_code: str, note: str, actor: Actor
) -> None:
    """Keep an inspector on the team although earlier checks found nothing."""
    _require_oversight(actor)
    _require_ahead(visit)
    found = next((one for one in list_returning(session, visit) if one.member.inspector_id == inspector_id), None)
    if found is None:
        raise NotFound
    if found.override is not None:
        raise WrongState("inspector-kept", "This inspector was let through already.")
    sums = [{"counted": found.checks}]
    _keep(session, visit, Ground.FRUITLESS, sums, inspector_id=inspector_id, reason=(reason_code, note), actor=actor)


def _keep(
    session: Session,
    visit: Visit,
    ground: Ground,
    sums: Sequence[Mapping[str, object]],
    *,
    inspector_id: int | None,
    reason: tuple[str, str],
    actor: Actor,
) -> None:
    code = check_reason(session, REASONS, reason[0], field="reason").code
    if not reason[1]:
        raise Invalid("note-needed", "Say what makes this inspection necessary.", field="note")
    session.add(
        EncounterOverride(
            visit_id=visit.id, ground=ground, inspector_id=inspector_id, planned_on=visit.planned_on, sums=list(sums),
            reason_code=code, note=reason[1], decided_by=actor.user_id, decided_at=clock.now(),
        )
    )  # fmt: skip
    session.flush()
    details = {"ground": ground.value, "inspector": inspector_id, "reason": code, "sums": sums}
    record(
        session, Event.ENCOUNTER_OVERRIDDEN, actor=actor, subject=("visit", visit.id), reason=reason[1], details=details
    )


def _require_ahead(visit: Visit) -> None:
    if visit.state not in BEFORE_VISIT:
        raise WrongState("visit-begun-already", "This visit has begun or does not take place.")


def leads(visit: Visit, actor: Actor) -> bool:
    """Say whether the actor is a lead of the department that leads this visit."""
    return actor.may(Permission.PLAN_DRAFT) and actor.department_id == visit.plan_version.plan.lead_department_id


def _require_lead(visit: Visit, actor: Actor) -> None:
    if not leads(visit, actor):
        raise Forbidden("lead-of-visit", "The lead of the department that leads this visit does this.")


def offer_together(
    session: Session, visit: Visit, other_id: int, *, planned_on: date, text: str, actor: Actor
) -> JointOffer:
    """Offer the lead of another visit to the same enterprise to go together (R-1.45, R-3.06)."""
    _require_lead(visit, actor)
    other = next((one for one in find_matches(session, visit) if one.id == other_id), None)
    if other is None:
        raise NotFound
    _require_day(session, (visit, other), planned_on)
    offer = JointOffer(
        visit_id=visit.id, other_id=other.id, pair="-".join(map(str, sorted((visit.id, other.id)))),
        state=OfferState.WAITING, planned_on=planned_on, text=text, offered_by=actor.user_id, offered_at=clock.now(),
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(offer)
    except IntegrityError as error:
        raise Conflict("offer-open", "The other department has made an offer at the same moment. Reload.") from error
    details = {"visit": visit.id, "other": other.id, "day": planned_on.isoformat()}
    record(session, Event.JOINT_OFFERED, actor=actor, subject=("joint_offer", offer.id), reason=text, details=details)
    return offer


def _require_day(session: Session, visits: tuple[Visit, Visit], day: date) -> None:
    tasks = [one.task for one in visits]
    first = max([clock.today(), *(one.starts_on for one in tasks)])
    last = min([week_end(clock.today()), *(one.ends_on for one in tasks)])
    if not first <= day <= last or not get_calendar(session).is_workday(day):
        raise Invalid(
            "no-common-day",
            "Choose a working day of this week within both tasks: %(first)s to %(last)s.",
            field="planned_on",
            first=first,
            last=last,
        )


def _hold(session: Session, offer: JointOffer, actor: Actor) -> None:
    """Hold both visits in the order of their ids, then the offer, and read all anew."""
    list_visits_for_change(session, actor, [offer.visit_id, offer.other_id])
    session.execute(sa.select(JointOffer.id).where(JointOffer.id == offer.id).with_for_update())
    for thing in (offer.visit, offer.other, offer):
        session.refresh(thing)


def answer_offer(session: Session, offer: JointOffer, *, together: bool, text: str, actor: Actor) -> None:
    """Accept or decline: accepted, both visits are on the day of the offer and count as one."""
    _require_lead(offer.other, actor)
    _hold(session, offer, actor)
    target = offer_after(offer.state, OfferState.ACCEPTED if together else OfferState.DECLINED)
    if not together and not text:
        raise Invalid("reason-needed", "Say why the visits stay apart.", field="text")
    offer.state, offer.answer_text = target, text
    offer.answered_by, offer.answered_at = actor.user_id, clock.now()
    before = [offer.visit.planned_on.isoformat(), offer.other.planned_on.isoformat()]
    if together:
        _join(session, offer)
    else:
        offer.pair = None
    session.flush()
    details = {"visit": offer.visit_id, "other": offer.other_id, "together": together, "days_before": before}
    subject = ("joint_offer", offer.id)
    record(session, Event.JOINT_ANSWERED, actor=actor, subject=subject, reason=text, details=details)


def _join(session: Session, offer: JointOffer) -> None:
    visits = (offer.visit, offer.other)
    for visit in visits:
        _require_ahead(visit)
    _require_day(session, visits, offer.planned_on)
    with session.begin_nested():
        for visit in visits:
            # a third team would otherwise stand at the door alone
            if joined_with(session, visit.id) and visit.planned_on != offer.planned_on:
                raise WrongState("third-visit", "One of the visits goes together with a third one on another day.")
            visit.planned_on = offer.planned_on
        session.flush()
        for visit in visits:
            if visit.state is VisitState.APPROVED:
                require_free_way(session, visit)


def withdraw_offer(session: Session, offer: JointOffer, *, text: str, actor: Actor) -> None:
    """Withdraw an offer that waits, or part visits that were to go together and have not begun."""
    may = leads(offer.visit, actor) or (offer.state is OfferState.ACCEPTED and leads(offer.other, actor))
    if not may:
        raise Forbidden("lead-of-visit", "The lead of the department that leads this visit does this.")
    _hold(session, offer, actor)
    target = offer_after(offer.state, OfferState.WITHDRAWN)
    if not text:
        raise Invalid("reason-needed", "Say why the visits stay apart.", field="text")
    if offer.state is OfferState.ACCEPTED:
        _require_ahead(offer.visit)
        _require_ahead(offer.other)
    offer.state, offer.pair = target, None
    session.flush()
    details = {"visit": offer.visit_id, "other": offer.other_id}
    subject = ("joint_offer", offer.id)
    record(session, Event.JOINT_WITHDRAWN, actor=actor, subject=subject, reason=text, details=details)
