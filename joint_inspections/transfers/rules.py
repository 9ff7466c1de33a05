"""Life of a transferred clue: sent → acknowledged → claimed → answered, with its deadlines (R-1.35, R-1.36)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from joint_inspections.follow_ups.rules import FollowUpEnding
from joint_inspections.papers.rules import PaperKind
from supervision.errors import Invalid, WrongState
from supervision.labels import N_, Labeled
from supervision.workdays.rules import WorkCalendar, add_workdays


class TransferKind(Labeled):
    """What is asked of the receiver."""

    CASE = "case", N_("Clue of a violation, to be looked into for a case"), "warning"
    NOTICE = "notice", N_("Notice to the department in charge"), "info"


class TransferState(Labeled):
    """Where a transferred clue stands; whoever has the next step is said by :data:`NEXT`."""

    SENT = "sent", N_("Waiting for acknowledgement"), "warning"
    ACKNOWLEDGED = "acknowledged", N_("Acknowledged, not yet claimed"), "info"
    CLAIMED = "claimed", N_("Being looked into"), "info"
    RETURNED = "returned", N_("Returned, the coordinator decides"), "warning"
    ANSWERED = "answered", N_("Transfer answered"), "success"
    SENT_BACK = "sent_back", N_("Back at the sender"), "neutral"
    WITHDRAWN = "withdrawn", N_("Transfer withdrawn"), "neutral"


class TransferStep(Labeled):
    """What was done; one line of the history."""

    SENT = "sent", N_("Clue transferred"), "info"
    ACKNOWLEDGED = "acknowledged", N_("Receipt acknowledged"), "info"
    CLAIMED = "claimed", N_("Clue claimed"), "info"
    RETURNED = "returned", N_("Clue returned"), "warning"
    ROUTED = "routed", N_("Receiver decided by the coordinator"), "info"
    SENT_BACK = "sent_back", N_("Sent back to the sender by the coordinator"), "warning"
    HANDED_ON = "handed_on", N_("Handed on to another department"), "info"
    EXTENSION_ASKED = "extension_asked", N_("More time asked for"), "info"
    EXTENDED = "extended", N_("More time granted"), "warning"
    NOT_EXTENDED = "not_extended", N_("More time refused"), "neutral"
    ANSWERED = "answered", N_("Transfer answered"), "success"
    WITHDRAWN = "withdrawn", N_("Transfer withdrawn"), "neutral"


class Outcome(Labeled):
    """What the receiver answers in the end."""

    CASE_OPENED = "case_opened", N_("Case opened"), "success"
    NO_CASE = "no_case", N_("No case opened"), "neutral"
    HANDLED = "handled", N_("Handled within its duties"), "success"
    HANDED_ON = "handed_on", N_("Handed on to a body outside the platform"), "info"


class Extension(Labeled):
    """The one extension of the deadline."""

    NONE = "none", N_("Not asked for"), "neutral"
    ASKED = "asked", N_("Asked for, the head decides"), "warning"
    GRANTED = "granted", N_("Extension granted"), "success"
    REFUSED = "refused", N_("Extension refused"), "neutral"


class NextActor(StrEnum):
    """Who has the next step."""

    RECEIVER = "receiver"
    COORDINATOR = "coordinator"
    NOBODY = "nobody"


S, T = TransferState, TransferStep
OPEN = frozenset({S.SENT, S.ACKNOWLEDGED, S.CLAIMED, S.RETURNED})
WITH_RECEIVER = frozenset({S.SENT, S.ACKNOWLEDGED, S.CLAIMED})
TRANSITIONS: Mapping[TransferStep, tuple[frozenset[TransferState], TransferState | None]] = {
    T.ACKNOWLEDGED: (frozenset({S.SENT}), S.ACKNOWLEDGED),
    T.CLAIMED: (frozenset({S.SENT, S.ACKNOWLEDGED}), S.CLAIMED),
    # what was claimed is handed on or answered, no longer returned
    T.RETURNED: (frozenset({S.SENT, S.ACKNOWLEDGED}), S.RETURNED),
    T.ROUTED: (frozenset({S.RETURNED}), S.SENT),
    T.SENT_BACK: (frozenset({S.RETURNED}), S.SENT_BACK),
    T.HANDED_ON: (frozenset({S.CLAIMED}), S.SENT),
    T.EXTENSION_ASKED: (frozenset({S.CLAIMED}), None),
    T.EXTENDED: (frozenset({S.CLAIMED}), None),
    T.NOT_EXTENDED: (frozenset({S.CLAIMED}), None),
    T.ANSWERED: (frozenset({S.CLAIMED}), S.ANSWERED),
    T.WITHDRAWN: (OPEN, S.WITHDRAWN),
}
PAPERS = {TransferKind.CASE: PaperKind.CLUE, TransferKind.NOTICE: PaperKind.COPIED}
# how the follow-up ends that waited for the answer
FOLLOW_UP_ENDINGS = {
    Outcome.CASE_OPENED: FollowUpEnding.HANDED_OVER,
    Outcome.HANDLED: FollowUpEnding.HANDED_OVER,
    Outcome.HANDED_ON: FollowUpEnding.HANDED_OVER,
    Outcome.NO_CASE: FollowUpEnding.SETTLED,
}
# a case unit opens a case or says why not; a notice may also be handled by other means
OUTCOMES = {
    TransferKind.CASE: (Outcome.CASE_OPENED, Outcome.NO_CASE, Outcome.HANDED_ON),
    TransferKind.NOTICE: (Outcome.HANDLED, Outcome.CASE_OPENED, Outcome.NO_CASE, Outcome.HANDED_ON),
}


def state_after(state: TransferState, step: TransferStep) -> TransferState:
    """Return the state that ``step`` leads to, or refuse."""
    sources, target = TRANSITIONS[step]
    if state not in sources:
        raise WrongState("transfer-state", "This transfer has moved on. Reload the page to see where it stands.")
    return target or state


def next_actor(state: TransferState) -> NextActor:
    """Say who has the next step."""
    if state in WITH_RECEIVER:
        return NextActor.RECEIVER
    return NextActor.COORDINATOR if state is S.RETURNED else NextActor.NOBODY


# codes of the parameters that say how many working days each step may take
ACKNOWLEDGE = "transfer-acknowledge-working-days"
CLAIM = "transfer-claim-working-days"
ROUTE = "transfer-route-working-days"
ANSWER = {TransferKind.CASE: "case-filing-working-days", TransferKind.NOTICE: "transfer-answer-working-days"}
EXTENSION = {
    TransferKind.CASE: "case-filing-extension-working-days",
    TransferKind.NOTICE: "transfer-extension-working-days",
}


@dataclass(frozen=True, slots=True)
class Terms:
    """Days by which the receiver acknowledges, claims or returns, and answers."""

    acknowledge: date
    claim: date
    answer: date

    @classmethod
    def counted(cls, start: date, lengths: tuple[int, int, int], calendar: WorkCalendar) -> "Terms":
        """Count from the day on which the receiver has it; the day itself is not counted (R-7.3)."""
        return cls(*(add_workdays(start, length, calendar) for length in lengths))

    def of(self, state: TransferState) -> date:
        """Return by when the next step of the receiver is due."""
        wanted = {S.SENT: self.acknowledge, S.ACKNOWLEDGED: self.claim}.get(state, self.answer)
        return min(wanted, self.answer)


def is_overdue(state: TransferState, next_due_on: date, *, today: date) -> bool:
    """Say whether the next step is past its day."""
    return state in OPEN and next_due_on < today


@dataclass(frozen=True, slots=True)
class Reply:
    """What a receiver answers: what came of it, with the number or the reason that shows it."""

    outcome: Outcome
    text: str
    # number of the case, or of the letter to the other body
    number: str = ""
    # code of the list ``no_case_reasons``, and the clause it rests on
    reason_code: str = ""
    clause: str = ""
    # the body outside the platform
    body: str = ""


def check_reply(kind: TransferKind, reply: Reply) -> None:
    """Refuse an answer that leaves out what belongs to it."""
    if reply.outcome not in OUTCOMES[kind]:
        raise Invalid("outcome-not-offered", "This answer does not go with this transfer.", field="outcome")
    if reply.outcome is Outcome.CASE_OPENED and not reply.number:
        raise Invalid("case-number", "Give the number under which the case was opened.", field="number")
    if reply.outcome is Outcome.NO_CASE and not reply.reason_code:
        raise Invalid("no-case-reason", "Choose why no case is opened.", field="no_case")
    if reply.outcome is Outcome.NO_CASE and not reply.clause:
        raise Invalid("no-case-clause", "Name the clause on which this rests.", field="clause")
    if reply.outcome is Outcome.HANDED_ON and not (reply.body and reply.number):
        raise Invalid("handed-on-to", "Name the body and the number of the letter.", field="body")


@dataclass(frozen=True, slots=True)
class Spell:
    """One transfer as statistics see it."""

    sender: int
    receiver: int
    open: bool
    overdue: bool
    # days from sending to the answer, None before it
    days: int | None
    in_time: bool


@dataclass(frozen=True, slots=True)
class Sums:
    """What one department sent, or was sent."""

    count: int
    open: int
    overdue: int
    answered: int
    in_time: int
    mean_days: float | None


def sums(spells: list[Spell]) -> Sums:
    """Add up transfers."""
    days = [one.days for one in spells if one.days is not None]
    return Sums(
        count=len(spells),
        open=sum(one.open for one in spells),
        overdue=sum(one.overdue for one in spells),
        answered=len(days),
        in_time=sum(one.in_time for one in spells if one.days is not None),
        mean_days=round(sum(days) / len(days), 1) if days else None,
    )
