"""The calendar feed of an inspector: made by a secret address, and poor on purpose.

A feed goes to phones and to calendar services of others. Only visits that the inspector's own pages show are in it, by
number and sub-district; names of enterprises only where the district has decided so by a parameter. Nothing of
colleagues, nothing of days off.
"""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from icalendar import Calendar, Event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from joint_inspections.days import queries
from joint_inspections.days.models import CalendarFeed
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import week_end
from supervision import clock
from supervision.accounts.queries import actor_of
from supervision.audit.events import Event as Entry
from supervision.audit.services import record
from supervision.errors import Conflict, WrongState
from supervision.inspectors.models import Inspector
from supervision.parameters.queries import find_number
from supervision.permissions import Actor, Permission

NAMES_ALLOWED = "calendar-feed-names"
DAYS_BACK = 28
TOKEN_BYTES = 32
LONGEST_TOKEN = 64
SHOWN_OF_ID = 24


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a feed in one language."""

    calendar: str
    visit: str


def hash_of(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def find_own(session: Session, viewer: Actor) -> CalendarFeed | None:
    """Return the viewer's feed in use, if there is one."""
    statement = sa.select(CalendarFeed).where(CalendarFeed.user_id == viewer.user_id)
    return session.scalar(statement.where(CalendarFeed.revoked_at.is_(None)))


def open_feed(session: Session, *, actor: Actor) -> str:
    """Give the viewer a new secret address, ending the old one; return its token, which is kept nowhere."""
    _end(session, actor)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    try:
        with session.begin_nested():
            session.add(CalendarFeed(user_id=actor.user_id, token_hash=hash_of(token), made_at=clock.now()))
    except IntegrityError as error:
        raise Conflict("changed-meanwhile", "An address was made at the same moment. Please try again.") from error
    record(session, Entry.CALENDAR_FEED_OPENED, actor=actor, subject=("user", actor.user_id))
    return token


def end_feed(session: Session, *, actor: Actor) -> None:
    """End the viewer's address: whoever has it gets nothing any more."""
    if not _end(session, actor):
        raise WrongState("no-feed", "There is no address in use.")
    record(session, Entry.CALENDAR_FEED_ENDED, actor=actor, subject=("user", actor.user_id))


def _end(session: Session, actor: Actor) -> bool:
    found = find_own(session, actor)
    if found is not None:
        found.revoked_at = clock.now()
        session.flush()
    return found is not None


def find_by_token(session: Session, token: str) -> tuple[CalendarFeed, Actor, Inspector] | None:
    """Return the feed in use with this token, and for whom; nothing once they inspect no more."""
    if not token.isascii() or len(token) > LONGEST_TOKEN:
        return None
    statement = sa.select(CalendarFeed).where(
        CalendarFeed.token_hash == hash_of(token), CalendarFeed.revoked_at.is_(None)
    )
    found = session.scalar(statement)
    if found is None or not found.user.active:
        return None
    owner = actor_of(found.user)
    inspector = session.get(Inspector, owner.inspector_id) if owner.inspector_id is not None else None
    if inspector is None or not owner.may(Permission.VISIT_INSPECT):
        return None
    return found, owner, inspector


def list_feed_visits(session: Session, owner: Actor, inspector: Inspector) -> list[Visit]:
    """List the visits of a feed: of the last weeks and disclosed ones of this."""
    today = clock.today()
    days = queries.between(today - timedelta(days=DAYS_BACK), week_end(today))
    return list(queries.list_visits(session, queries.seen_of(owner, inspector), days))


def names_allowed(session: Session, *, on: date) -> bool:
    """Say whether the district lets feeds name enterprises."""
    return bool(find_number(session, NAMES_ALLOWED, on=on, default=0))


def write_feed(
    feed: CalendarFeed, visits: Iterable[Visit], *, named: bool, words: Words, places: dict[str, str], link: str
) -> bytes:
    """Return the feed as RFC 5545 has it; the same visits give the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", "-//ex-post supervision//days//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", words.calendar)
    calendar.add("x-published-ttl", "PT1H")
    for visit in visits:
        calendar.add_component(_event(feed, visit, named=named, words=words, places=places, link=link))
    return bytes(calendar.to_ical())


def _event(feed: CalendarFeed, visit: Visit, *, named: bool, words: Words, places: dict[str, str], link: str) -> Event:
    place = places.get(visit.entity.sub_district_code, "")
    event = Event()
    # numbers of rows would tell how many visits there are
    event.add("uid", hash_of(f"{feed.token_hash} {visit.id}")[:SHOWN_OF_ID])
    event.add("dtstamp", visit.created_at)
    event.add("sequence", visit.version)
    event.add("dtstart", visit.planned_on)
    event.add("dtend", visit.planned_on + timedelta(days=1))
    event.add("summary", " ".join(part for part in (words.visit, visit.number or "", place) if part))
    event.add("location", place)
    event.add("url", f"{link}?day={visit.planned_on.isoformat()}")
    event.add("class", "PRIVATE")
    event.add("transp", "OPAQUE")
    if named:
        event.add("description", visit.entity.name)
    return event
