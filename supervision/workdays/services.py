"""Changing the working-day calendar; deadlines that are still open are counted anew (R-7.3)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.errors import Conflict, Forbidden, Invalid, WrongState
from supervision.permissions import Actor, Permission
from supervision.workdays.models import CalendarDay, CalendarEdition
from supervision.workdays.notices import Day
from supervision.workdays.queries import get_calendar, list_exceptions, newest_edition
from supervision.workdays.recounting import Move, Recount, carry_out, digest_of, find_moves
from supervision.workdays.rules import DayKind, WorkCalendar, check_day

LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Proposal:
    """A year as somebody wants it: all its exceptional days, and whether the official notice stands behind them."""

    year: int
    days: tuple[Day, ...]
    announced: bool

    def plain(self) -> list[object]:
        """Return it as plain values, for pages and digests."""
        return [self.year, self.announced, [[str(one.day), one.kind.value, one.name] for one in self.days]]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a proposal would do: days that become another kind, deadlines that move; ``digest`` names all of it."""

    proposal: Proposal
    changed: tuple[tuple[date, DayKind | None, DayKind | None], ...]
    moves: tuple[Move, ...]
    digest: str


def current(session: Session, year: int) -> Proposal:
    """Return a year as it stands."""
    days = list_exceptions(session, year)
    announced = any(not one.provisional for one in days)
    return Proposal(year, tuple(Day(one.day, one.kind, one.name) for one in days), announced)


def with_day(before: Proposal, day: date, kind: DayKind | None, name: str = "") -> Proposal:
    """Return a year with one day changed; None lets it follow the plain week again."""
    others = [one for one in before.days if one.day != day]
    if kind is None and len(others) == len(before.days):
        raise WrongState("no-exception", "This day is no exception: it follows the plain week already.")
    if kind is not None:
        check_day(day, kind)
        others.append(Day(day, kind, name))
    return replace(before, days=tuple(sorted(others, key=lambda one: one.day)))


def preview(session: Session, proposal: Proposal) -> Preview:
    """Say what a proposal would do, without doing it."""
    for one in proposal.days:
        check_day(one.day, one.kind)
        if one.day.year != proposal.year:
            raise Invalid("other-year", "Every day must lie in %(year)s.", field="day", year=proposal.year)
    before = current(session, proposal.year)
    old = get_calendar(session)
    moves = find_moves(session, Recount(old, _calendar_with(old, proposal)))
    digest = digest_of([before.plain(), proposal.plain()], moves)
    return Preview(proposal, _changed(before, proposal), tuple(moves), digest)


def _calendar_with(old: WorkCalendar, proposal: Proposal) -> WorkCalendar:
    kept = {day: kind for day, kind in old.exceptions.items() if day.year != proposal.year}
    announced = old.announced - {proposal.year}
    if proposal.announced:
        announced |= {proposal.year}
    return WorkCalendar({**kept, **{one.day: one.kind for one in proposal.days}}, announced)


def _changed(before: Proposal, after: Proposal) -> tuple[tuple[date, DayKind | None, DayKind | None], ...]:
    old, new = ({one.day: one.kind for one in each.days} for each in (before, after))
    days = sorted(old.keys() | new.keys())
    return tuple((day, old.get(day), new.get(day)) for day in days if old.get(day) != new.get(day))


def change_year(
    session: Session, proposal: Proposal, *, reason: str, actor: Actor, seen: str | None = None
) -> CalendarEdition:
    """Let a year be as proposed: another edition of the calendar, open deadlines moved, each with its own entry.

    ``seen`` is the digest of the preview that was confirmed: when calendar or deadlines changed meanwhile, nothing
    happens.
    """
    _check_right(actor, reason)
    session.execute(sa.select(CalendarDay.day).order_by(CalendarDay.day).with_for_update())
    before = current(session, proposal.year)
    if before == proposal:
        raise WrongState("calendar-unchanged", "The calendar says this already.")
    found = preview(session, proposal)
    if seen is not None and seen != found.digest:
        raise Conflict(
            "preview-old", "Calendar or deadlines changed meanwhile. Look at the new preview and confirm that."
        )
    edition = _keep_edition(session, before, found, reason=reason, actor=actor)
    _write_days(session, proposal)
    name = f"{proposal.year}-{edition.edition_no}"
    details = {
        "edition": name,
        "announced": proposal.announced,
        "changed": [[str(day), old or "", new or ""] for day, old, new in found.changed],
        "moved": edition.moved,
        "kept": edition.kept,
    }
    subject = ("workdays", proposal.year)
    record(session, Event.WORKDAYS_CHANGED, actor=actor, subject=subject, reason=reason, details=details)
    carry_out(session, found.moves, edition=name, reason=reason, actor=actor)
    return edition


def _keep_edition(session: Session, before: Proposal, found: Preview, *, reason: str, actor: Actor) -> CalendarEdition:
    newest = newest_edition(session, before.year)
    number = newest.edition_no if newest else 0
    if newest is None and before.days:
        # what was loaded with the platform is the first edition
        number = 1
        _add_edition(session, before, number, reason="", made_by="system", counts=(0, 0))
    kept = sum(one.kept for one in found.moves)
    counts = (len(found.moves) - kept, kept)
    return _add_edition(session, found.proposal, number + 1, reason=reason, made_by=actor.name, counts=counts)


def _add_edition(
    session: Session, proposal: Proposal, number: int, *, reason: str, made_by: str, counts: tuple[int, int]
) -> CalendarEdition:
    edition = CalendarEdition(
        year=proposal.year,
        edition_no=number,
        days=[[str(one.day), one.kind.value, one.name] for one in proposal.days],
        announced=proposal.announced,
        reason=reason,
        moved=counts[0],
        kept=counts[1],
        made_by=made_by[:100],
        made_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(edition)
    except IntegrityError as error:
        raise Conflict(
            "calendar-moved-on", "Somebody changed the calendar at the same moment. Reload the page."
        ) from error
    return edition


def _write_days(session: Session, proposal: Proposal) -> None:
    wanted = {one.day: one for one in proposal.days}
    for row in list_exceptions(session, proposal.year):
        if row.day not in wanted:
            session.delete(row)
    session.flush()
    for day, one in wanted.items():
        row = session.get(CalendarDay, day) or CalendarDay(day=day)
        row.kind, row.name, row.provisional = one.kind, one.name, not proposal.announced
        session.add(row)
    session.flush()


def set_day(session: Session, day: date, kind: DayKind, *, name: str, reason: str, actor: Actor) -> CalendarEdition:
    """Let ``day`` be a holiday, or a working day in place of another.

    A day added to a year whose notice is not out is provisional like the year's other days.
    """
    _check_right(actor, reason)
    check_day(day, kind)
    return change_year(session, with_day(current(session, day.year), day, kind, name), reason=reason, actor=actor)


def clear_day(session: Session, day: date, *, reason: str, actor: Actor) -> CalendarEdition:
    """Let ``day`` follow the plain week again."""
    _check_right(actor, reason)
    return change_year(session, with_day(current(session, day.year), day, None), reason=reason, actor=actor)


def confirm_year(session: Session, year: int, *, document: str, actor: Actor) -> CalendarEdition:
    """Note that the official notice of ``year`` is out and the calendar agrees with it."""
    _check_right(actor, document)
    before = current(session, year)
    if before.announced or not before.days:
        raise WrongState("year-confirmed", "The year is confirmed already, or has no exceptional days yet.")
    return change_year(session, replace(before, announced=True), reason=document, actor=actor)


def is_announced(session: Session, year: int) -> bool:
    """Say whether the official notice of ``year`` is loaded."""
    return current(session, year).announced


def read_days(rows: Sequence[object]) -> Iterable[Day]:
    """Read days as pages sent them back, refusing anything else."""
    for row in rows:
        try:
            day, kind, name = map(str, row) if isinstance(row, list) else ("", "", "")
            yield Day(date.fromisoformat(day), DayKind(kind), name[:LONGEST_NAME])
        except ValueError as error:
            raise Invalid("days-unreadable", "The days cannot be read. Begin again.", field="day") from error


def _check_right(actor: Actor, reason: str) -> None:
    if not actor.may(Permission.PARAMETER_EDIT):
        raise Forbidden("calendar-only-coordinator", "Only the district coordinator changes the calendar.")
    if not reason:
        raise Invalid("no-reason", "Give a reason.", field="reason")
