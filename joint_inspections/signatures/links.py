"""The record on the enterprise's own phone: opened once by a code on the inspector's screen, signed there or refused.

The code leads to an address that holds 256 random bits, of which only the hash is kept. It is good for a few minutes,
for one answer, and for the record exactly as it was when the code was made; a newer code makes the older ones void.
"""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.signatures.models import PartyEntry, PartyLink
from joint_inspections.signatures.queries import editions_of
from joint_inspections.signatures.rules import PartyAnswer
from joint_inspections.signatures.services import enter_answer, require_answerable
from joint_inspections.signatures.whole import digest_of_text, record_digest, record_text, samples_digest
from joint_inspections.visits.models import Visit
from joint_inspections.visits.services import own_part
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.errors import Conflict, Invalid, NotFound, TooMany, WrongState
from supervision.parameters.queries import get_number
from supervision.permissions import PUBLIC, Actor

TOKEN_BYTES = 32
# forms sent by one code, and codes made for one visit within an hour
MOST_ATTEMPTS = 10
MOST_LINKS, LINKS_WITHIN = 20, timedelta(hours=1)


def open_link(session: Session, visit: Visit, *, seen: str, actor: Actor) -> tuple[PartyLink, str]:
    """Open the record, as it is on the inspector's screen, to one answer from the enterprise's own phone."""
    officer = own_part(visit, actor)
    session.execute(sa.select(Visit.id).where(Visit.id == visit.id).with_for_update())
    require_answerable(session, visit)
    if seen != record_digest(session, visit):
        raise Conflict("record-changed", "The record changed since it was shown. Show it to the enterprise again.")
    now = clock.now()
    recent = sa.select(sa.func.count()).where(PartyLink.visit_id == visit.id, PartyLink.made_at > now - LINKS_WITHIN)
    if (session.scalar(recent) or 0) >= MOST_LINKS:
        raise TooMany("too-many-codes", "Too many codes were made for this visit. Let it be signed on this screen.")
    minutes = get_number(session, "party-link-minutes", on=clock.today())
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = PartyLink(
        visit_id=visit.id, token_hash=_hash(token), seen=seen, edition=_edition(session, visit),
        officer_id=officer.inspector_id, made_by=actor.user_id, made_at=now,
        expires_at=now + timedelta(minutes=minutes), attempts=0,
    )  # fmt: skip
    session.add(link)
    session.flush()
    record(
        session, Event.PARTY_LINK_MADE, actor=actor, subject=("visit", visit.id),
        details={"link": link.id, "digest": seen, "minutes": minutes},
    )  # fmt: skip
    return link, token


def get_link(session: Session, token: str, *, hold: bool = False) -> PartyLink:
    """Return what a code opens, its row held if it is to be answered; unknown and void ones alike do not exist."""
    statement = sa.select(PartyLink).where(PartyLink.token_hash == _hash(token))
    if hold:
        statement = statement.with_for_update(of=PartyLink).execution_options(populate_existing=True)
    found = session.scalar(statement)
    if found is None or _newest(session, found.visit_id) != found.id:
        raise NotFound
    return found


def _newest(session: Session, visit_id: int) -> int | None:
    return session.scalar(sa.select(sa.func.max(PartyLink.id)).where(PartyLink.visit_id == visit_id))


def bar_to_answering(session: Session, link: PartyLink) -> str:
    """Return why nothing can be said by a code any more: used, over, or made for another record than is there now."""
    if link.used_at is not None:
        return "used"
    if clock.now() > link.expires_at:
        return "over"
    if link.attempts >= MOST_ATTEMPTS:
        return "tried"
    same = link.seen == record_digest(session, link.visit) and link.edition == _edition(session, link.visit)
    return "" if same else "changed"


def count_attempt(session: Session, link_id: int) -> None:
    """Count a form sent by a code, accepted or not."""
    session.execute(sa.update(PartyLink).where(PartyLink.id == link_id).values(attempts=PartyLink.attempts + 1))


def sign_by_link(session: Session, link: PartyLink, *, name: str, role: str, file_sha256: str | None) -> PartyEntry:
    """Take the signature drawn on the enterprise's own phone; the inspector who showed the code stands by it."""
    visit = _hold(session, link)
    entry = PartyEntry(
        visit_id=visit.id, how=PartyAnswer.OWN_PHONE, seen=link.seen, said=record_text(session, visit),
        samples=samples_digest(session, visit), name=name.strip(), role=role.strip(), sha256=file_sha256 or "",
        reason="", noted_by=None, officer_id=link.officer_id, noted_at=clock.now(), edition=link.edition,
    )  # fmt: skip
    if digest_of_text(entry.said) != entry.seen:
        raise Conflict("record-changed", "The record changed since it was shown. Show it to the enterprise again.")
    enter_answer(session, visit, entry, actor=PUBLIC)
    link.used_at, link.entry_id = clock.now(), entry.id
    session.flush()
    return entry


def refuse_by_link(session: Session, link: PartyLink, *, name: str, role: str, reason: str) -> None:
    """Take the words of a person who does not sign: two officers note the refusal, with these as its reason."""
    visit = _hold(session, link)
    if not reason.strip():
        raise Invalid("reason-needed", "Say why you do not sign.", field="reason")
    link.used_at, link.name, link.role, link.refusal = clock.now(), name.strip(), role.strip(), reason.strip()
    session.flush()
    record(
        session, Event.PARTY_LINK_REFUSED, actor=PUBLIC, subject=("visit", visit.id), reason=link.refusal,
        details={"link": link.id},
    )  # fmt: skip


def refusal_said(session: Session, visit: Visit) -> PartyLink | None:
    """Return what the enterprise wrote on its own phone, when it did not sign the record as it is now."""
    return refusals_said(session, {visit.id: _edition(session, visit)}).get(visit.id)


def refusals_said(session: Session, editions: Mapping[int, int]) -> dict[int, PartyLink]:
    """Return that of several visits, whose records are at these editions; a newer code takes its place."""
    newest = sa.select(sa.func.max(PartyLink.id)).where(PartyLink.visit_id.in_(editions)).group_by(PartyLink.visit_id)
    found = session.scalars(sa.select(PartyLink).where(PartyLink.id.in_(newest), PartyLink.refusal != ""))
    return {one.visit_id: one for one in found if one.edition == editions[one.visit_id]}


def _hold(session: Session, link: PartyLink) -> Visit:
    session.execute(sa.select(Visit.id).where(Visit.id == link.visit_id).with_for_update())
    visit = link.visit
    require_answerable(session, visit)
    if bar_to_answering(session, link):
        raise WrongState("code-void", "This code can no longer be used. Ask the inspector to show you another.")
    return visit


def _edition(session: Session, visit: Visit) -> int:
    return editions_of(session, [visit.id]).get(visit.id, 0)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
