"""Reading and checking the log."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision import clock
from supervision.audit.anchors import read_anchors
from supervision.audit.events import DisclosedList, Event
from supervision.audit.models import AuditEntry, AuditHead
from supervision.audit.rules import GENESIS, Broken, Fields, first_break
from supervision.errors import Forbidden
from supervision.listing import ListQuery, Page, load_page
from supervision.permissions import Actor, Permission

KEY_OPTION = "audit_key"


def chain_key(session: Session) -> bytes:
    """Return the key of the chain: held outside the database, handed to the engine at start."""
    return bytes(session.get_bind().get_execution_options().get(KEY_OPTION, b""))


def newest(session: Session) -> tuple[int, str]:
    """Return sequence number and hash of the newest entry; (0, GENESIS) for an empty log."""
    row = session.execute(sa.select(AuditHead.seq, AuditHead.hash)).first()
    return (row.seq, row.hash) if row else (0, GENESIS)


def list_entries(session: Session, viewer: Actor, query: ListQuery) -> Page[AuditEntry]:
    """List entries for the audit administrator or oversight, newest first."""
    if not (viewer.may(Permission.AUDIT_VIEW) or viewer.may(Permission.OVERSIGHT_VIEW)):
        raise Forbidden("audit-only", "Only the audit administrator and oversight read the audit log.")
    statement = sa.select(AuditEntry).where(*_event_and_days(query))
    if query.q:
        text = query.q
        statement = statement.where(
            sa.or_(
                AuditEntry.actor_name.contains(text, autoescape=True),
                AuditEntry.subject_id == text,
                AuditEntry.request_id == text,
                _of_draw(text),
            )
        )
    return load_page(
        session, statement, query, sorts={"seq": AuditEntry.seq}, default_sort="-seq", tie_breaker=AuditEntry.seq
    )


def draw_numbers(session: Session, entries: Iterable[AuditEntry]) -> dict[str, str]:
    """Return the numbers of the draws that entries are about, by the id in the entry: the freeze told both."""
    kinds = {"draw", DisclosedList.DRAWN.value, DisclosedList.BUNDLE.value}
    wanted = {entry.subject_id for entry in entries if entry.subject_kind in kinds}
    frozen = sa.select(AuditEntry.subject_id, AuditEntry.details).where(
        AuditEntry.event == Event.DRAW_FROZEN, AuditEntry.subject_kind == "draw", AuditEntry.subject_id.in_(wanted)
    )
    return {one: str(details["number"]) for one, details in session.execute(frozen) if "number" in details}


def _of_draw(number: str) -> sa.ColumnElement[bool]:
    """Find the entries about a draw by its number, which the entry of its freeze told."""
    details = sa.type_coerce(AuditEntry.details, sa.Text)
    frozen = sa.select(AuditEntry.subject_id).where(
        AuditEntry.event == Event.DRAW_FROZEN, details.contains(f'"number":"{number}"', autoescape=True)
    )
    return sa.and_(AuditEntry.subject_kind == "draw", AuditEntry.subject_id.in_(frozen))


def list_disclosures(session: Session, viewer: Actor, query: ListQuery) -> Page[AuditEntry]:
    """List who saw or took away confidential lists; a file in hand is found by its SHA-256."""
    if not (viewer.may(Permission.AUDIT_VIEW) or viewer.may(Permission.OVERSIGHT_VIEW)):
        raise Forbidden("audit-only", "Only the audit administrator and oversight read the audit log.")
    statement = sa.select(AuditEntry).where(AuditEntry.event.in_((Event.LIST_VIEWED, Event.LIST_EXPORTED)))
    for condition in _disclosure_filters(query):
        statement = statement.where(condition)
    return load_page(
        session, statement, query, sorts={"seq": AuditEntry.seq}, default_sort="-seq", tie_breaker=AuditEntry.seq
    )


def _event_and_days(query: ListQuery) -> Iterator[sa.ColumnElement[bool]]:
    if event := query.filters.get("event"):
        yield AuditEntry.event == Event(event)
    if since := _day(query.filters.get("since", "")):
        yield AuditEntry.at >= clock.begin_of(since)
    if until := _day(query.filters.get("until", "")):
        yield AuditEntry.at < clock.begin_of(until + timedelta(days=1))


def _disclosure_filters(query: ListQuery) -> Iterator[sa.ColumnElement[bool]]:
    yield from _event_and_days(query)
    if what := query.filters.get("list"):
        yield AuditEntry.subject_kind == DisclosedList(what).value
    if query.q:
        details = sa.type_coerce(AuditEntry.details, sa.Text)
        yield sa.or_(
            AuditEntry.actor_name.contains(query.q, autoescape=True),
            AuditEntry.department_code == query.q.upper(),
            AuditEntry.request_id == query.q.lower(),
            details.contains(f'"sha256":"{query.q.lower()}"', autoescape=True),
        )


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in range(1900, 9999) else None


def list_history(session: Session, kind: str, identifier: object, *, limit: int = 50) -> list[AuditEntry]:
    """List what was done to one thing, newest first."""
    statement = (
        sa.select(AuditEntry)
        .where(AuditEntry.subject_kind == kind, AuditEntry.subject_id == str(identifier))
        .order_by(AuditEntry.seq.desc())
        .limit(limit)
    )
    return list(session.scalars(statement))


def verify_chain(session: Session, *, expected_head: str | None = None) -> tuple[int, Broken | None]:
    """Recompute the whole chain and hold it against its anchors; return the number of entries and the first break."""
    count, head = newest(session)
    with closing(_chain(session)) as chain:
        broken = first_break(
            chain, key=chain_key(session), expected_head=expected_head or head, anchors=read_anchors(session)
        )
    return count, broken


def _chain(session: Session) -> Generator[tuple[Fields, str, str]]:
    statement = sa.select(AuditEntry).order_by(AuditEntry.seq).execution_options(yield_per=2000)
    # closed also when the first break ends the reading: the server keeps its side open otherwise
    with session.scalars(statement) as entries:
        for entry in entries:
            yield entry.fields(), entry.previous, entry.hash
            session.expunge(entry)
