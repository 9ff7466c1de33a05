"""Rounds of a correction: who is awaited, what may follow what, and the chain that nothing can be slipped into."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from joint_inspections.follow_ups.rules import FollowUpState
from sampling.canonical import canonical_bytes
from supervision.errors import WrongState
from supervision.labels import N_, Labeled
from supervision.workdays.rules import WorkCalendar, add_workdays

DIGITS = 64
# what stands before the first entry of a chain
GENESIS = "correction"
# a page whose files have come in pieces is sent after them; a longer break and it is a sending of its own hour
STILL_SENDING = timedelta(hours=1)
LONGEST_NAME = 120


class EntryKind(Labeled):
    """What somebody said or decided; one link of the chain."""

    SENT = "sent", N_("Evidence handed in by the enterprise"), "info"
    RETURNED = "returned", N_("Sent back: something is missing"), "warning"
    REINSPECTION = "reinspection", N_("To be looked at again on site"), "info"
    ACCEPTED = "accepted", N_("Accepted: corrected"), "success"
    EXTENSION_ASKED = "extension_asked", N_("More time asked for by the enterprise"), "info"
    EXTENDED = "extended", N_("More time granted"), "success"
    EXTENSION_REFUSED = "extension_refused", N_("More time refused"), "neutral"


K = EntryKind
# what moves the matter on; extensions run beside it
MAIN = (K.SENT, K.RETURNED, K.REINSPECTION, K.ACCEPTED)
EXTENDING = (K.EXTENSION_ASKED, K.EXTENDED, K.EXTENSION_REFUSED)
OF_ENTERPRISE = frozenset({K.SENT, K.EXTENSION_ASKED})


class Stage(Labeled):
    """Whose turn it is."""

    AWAITED = "awaited", N_("Evidence awaited from the enterprise"), "warning"
    SENT = "sent", N_("Evidence waits for the department"), "info"
    REINSPECTION = "reinspection", N_("Re-inspection to come"), "info"
    DONE = "done", N_("Correction ended"), "success"


_STAGES: Mapping[EntryKind | None, Stage] = {
    None: Stage.AWAITED,
    K.RETURNED: Stage.AWAITED,
    # accepted, and open again: the problem is back
    K.ACCEPTED: Stage.AWAITED,
    K.SENT: Stage.SENT,
    K.REINSPECTION: Stage.REINSPECTION,
}
# from which stages each step may be taken
_ALLOWED: Mapping[EntryKind, frozenset[Stage]] = {
    K.SENT: frozenset({Stage.AWAITED, Stage.SENT}),
    K.ACCEPTED: frozenset({Stage.SENT, Stage.REINSPECTION}),
    K.RETURNED: frozenset({Stage.SENT, Stage.REINSPECTION}),
    K.REINSPECTION: frozenset({Stage.AWAITED, Stage.SENT}),
    K.EXTENSION_ASKED: frozenset({Stage.AWAITED}),
    K.EXTENDED: frozenset({Stage.AWAITED, Stage.SENT, Stage.REINSPECTION}),
    K.EXTENSION_REFUSED: frozenset({Stage.AWAITED, Stage.SENT, Stage.REINSPECTION}),
}


def stage_of(state: FollowUpState, kinds: Sequence[EntryKind]) -> Stage:
    """Say whose turn it is, from the state of the follow-up and what was said so far, oldest first."""
    if state is FollowUpState.CLOSED:
        return Stage.DONE
    return _STAGES[next((one for one in reversed(kinds) if one in MAIN), None)]


def may_follow(stage: Stage, kind: EntryKind) -> bool:
    """Say whether this can be said or decided at this stage."""
    return stage in _ALLOWED[kind]


def require_follow(stage: Stage, kind: EntryKind) -> None:
    """Refuse what cannot be said or decided now."""
    if not may_follow(stage, kind):
        raise WrongState("correction-stage", "This correction has moved on. Reload the page to see whose turn it is.")


def extension_waits(kinds: Sequence[EntryKind]) -> bool:
    """Say whether the enterprise asked for more time and nobody has answered."""
    last = next((one for one in reversed(kinds) if one in EXTENDING), None)
    return last is K.EXTENSION_ASKED


def asked_in_time(due_on: date, *, today: date) -> bool:
    """Say whether more time can still be asked for, or evidence be in time: the day of the deadline counts whole."""
    return today <= due_on


def begun(posted_at: datetime, announced: Sequence[datetime]) -> datetime:
    """Return when a sending began: when the last of its files was announced, unless that is long ago."""
    last = max(announced, default=posted_at)
    return last if timedelta() <= posted_at - last <= STILL_SENDING else posted_at


def plain_name(name: str) -> str:
    """Return a file's name without folders and invisible signs, as pages may show it."""
    bare = name.replace("\\", "/").rpartition("/")[2]
    return "".join(char for char in bare if char.isprintable())[:LONGEST_NAME] or "file"


@dataclass(frozen=True, slots=True)
class Span:
    """The days among which a new deadline may be chosen, both included; empty when the first is after the last."""

    first: date
    last: date


def extension_span(due_on: date, *, today: date, working_days: int, calendar: WorkCalendar) -> Span:
    """Return which new deadlines an extension may set: after the old one, not in the past, at most so much later."""
    return Span(max(due_on + timedelta(days=1), today), add_workdays(due_on, working_days, calendar))


def resend_span(due_on: date, *, today: date, working_days: int, calendar: WorkCalendar) -> Span:
    """Return by which day what is missing may be asked for: the deadline, or a few working days where it is near.

    Sending back neither shortens the deadline nor is an extension in disguise: that is the head's alone.
    """
    return Span(max(due_on, today), max(due_on, add_workdays(today, working_days, calendar)))


@dataclass(frozen=True, slots=True)
class Linked:
    """What the digest of an entry covers: everything it says, its files, and the entry before it."""

    follow_up_id: int
    number: int
    kind: EntryKind
    text: str
    said_by: str
    day: date | None
    late: bool
    made_by: int | None
    made_at: datetime
    files: tuple[Mapping[str, str | int], ...]
    previous: str

    def digest(self) -> str:
        """Return the SHA-256 of the canonical JSON of it."""
        content = {
            "follow_up": self.follow_up_id,
            "number": self.number,
            "kind": self.kind.value,
            "text": self.text,
            "said_by": self.said_by,
            "day": self.day.isoformat() if self.day else None,
            "late": self.late,
            "by": self.made_by,
            "at": self.made_at.astimezone(UTC).isoformat(timespec="microseconds"),
            "files": [dict(one) for one in self.files],
            "previous": self.previous,
        }
        return hashlib.sha256(canonical_bytes(content)).hexdigest()


def first_link(follow_up_id: int, visit_id: int, item_id: int) -> str:
    """Return what stands before the first entry: the digest of what the chain is about."""
    return hashlib.sha256(canonical_bytes([GENESIS, follow_up_id, visit_id, item_id])).hexdigest()
