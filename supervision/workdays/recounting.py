"""Deadlines that another calendar would move: rooms above say which they keep, here they are counted anew.

A stored deadline is a promise. It moves only when a person confirms it with a reason, each with an entry of its own in
the audit log; what a party may still do until a day is never cut short (R-7.3).
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from sampling.canonical import canonical_bytes
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.db import Base
from supervision.permissions import Actor
from supervision.workdays.rules import WorkCalendar, add_workdays, count_workdays


@dataclass(frozen=True, slots=True)
class Recount:
    """The calendar as it was and as it is to be."""

    old: WorkCalendar
    new: WorkCalendar

    def shift(self, start: date, due_on: date) -> date:
        """Return the same number of working days after ``start`` by the new calendar.

        A day that the old calendar does not give was set by a person and stays.
        """
        count = count_workdays(start, due_on, self.old)
        if count < 1 or add_workdays(start, count, self.old) != due_on:
            return due_on
        return add_workdays(start, count, self.new)


@dataclass(frozen=True, slots=True)
class Deadline:
    """One stored deadline that is still open, as counted anew; ``name`` is the number people know the thing by."""

    row: Base
    attribute: str
    subject: tuple[str, int]
    name: str
    before: date
    after: date
    # until then a party may do something: the day never comes earlier
    for_party: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A column that keeps deadlines in working days; ``find`` yields those still open, moved or not."""

    column: str
    label: str
    find: Callable[[Session, Recount], Iterable[Deadline]]


_kinds: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Announce deadlines; a later registration replaces an earlier one of the same column."""
    _kinds.update((kind.column, kind) for kind in kinds)


def registered() -> list[Kind]:
    """Return every kind, by column."""
    return [_kinds[column] for column in sorted(_kinds)]


@dataclass(frozen=True, slots=True)
class Move:
    """What another calendar does to one deadline; ``kept`` where it would be cut short for a party and so stays."""

    kind: Kind
    deadline: Deadline
    kept: bool

    @property
    def earlier(self) -> bool:
        """Whether the new day lies before the old one."""
        return self.deadline.after < self.deadline.before


def find_moves(session: Session, recount: Recount) -> list[Move]:
    """Return every open deadline that the new calendar counts otherwise, in a stable order."""
    found = []
    for kind in registered():
        changed = [one for one in kind.find(session, recount) if one.after != one.before]
        found += [
            Move(kind, one, kept=one.for_party and one.after < one.before)
            for one in sorted(changed, key=lambda one: (one.subject, one.attribute))
        ]
    return found


def digest_of(proposal: object, moves: Sequence[Move]) -> str:
    """Return the digest of what a person saw: what was proposed and every deadline it moves."""
    seen = [
        [one.kind.column, one.deadline.subject[1], str(one.deadline.before), str(one.deadline.after)] for one in moves
    ]
    return hashlib.sha256(canonical_bytes([proposal, seen])).hexdigest()


def carry_out(session: Session, moves: Iterable[Move], *, edition: str, reason: str, actor: Actor) -> int:
    """Move the deadlines, each with its own entry, and note those that stay; return how many moved."""
    moved = 0
    for one in moves:
        deadline = one.deadline
        if not one.kept:
            setattr(deadline.row, deadline.attribute, deadline.after)
            moved += 1
        details = {
            "column": one.kind.column,
            "before": deadline.before.isoformat(),
            "counted": deadline.after.isoformat(),
            "kept": one.kept,
            "edition": edition,
        }
        record(session, Event.DEADLINE_RECOUNTED, actor=actor, subject=deadline.subject, reason=reason, details=details)
    session.flush()
    return moved
