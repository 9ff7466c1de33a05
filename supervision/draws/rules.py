"""Life of a draw: its steps, its parties and its deadlines (draw protocol, sections 2 and 8)."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from supervision.entities.rules import EntityStatus
from supervision.errors import RuleBroken, WrongState
from supervision.labels import N_, Labeled
from supervision.permissions import Actor, Permission, Role

PROTOCOL = "double-random-draw/1"
SYSTEM = "system"
# the party beside a single department; no department may bear the name of a party that is none
OVERSIGHT = "OVERSIGHT"
RESERVED_CODES = frozenset({"SYSTEM", "BEACON", "GROUPS", OVERSIGHT})
PRIOR_DAYS = 365
WITHHELD = "contribution-withheld"


class DrawState(Labeled):
    """frozen → committed → drawn → opened; void or abandoned only sideways."""

    FROZEN = "frozen", N_("Pool frozen"), "info"
    COMMITTED = "committed", N_("Committed"), "info"
    DRAWN = "drawn", N_("Drawn, sealed"), "sealed"
    OPENED = "opened", N_("Opened"), "success"
    VOID = "void", N_("Void"), "danger"
    ABANDONED = "abandoned", N_("Abandoned"), "danger"


ENDED = frozenset({DrawState.VOID, DrawState.ABANDONED})
SHOWN = frozenset({DrawState.OPENED, DrawState.ABANDONED})

_MOVES = {
    DrawState.COMMITTED: (DrawState.FROZEN, N_("Only a frozen draw can be committed.")),
    DrawState.DRAWN: (DrawState.COMMITTED, N_("Only a committed draw can be drawn.")),
    DrawState.OPENED: (DrawState.DRAWN, N_("Only a draw that is drawn and sealed can be opened.")),
    DrawState.ABANDONED: (DrawState.DRAWN, N_("Only a draw that is drawn and not yet opened can be abandoned.")),
}


class UnitState(Labeled):
    """What became of a unit that the draw put forward."""

    SELECTED = "selected", N_("Selected"), "success"
    RESERVE = "reserve", N_("From the reserve list"), "info"
    STRUCK = "struck", N_("Struck"), "danger"


class LogEvent(Labeled):
    """Leaf kinds of the transparency log."""

    FROZEN = "frozen", N_("Pool frozen")
    CONTRIBUTED = "contributed", N_("Digest of a secret handed in")
    COMMITTED = "committed", N_("Committed")
    DRAWN = "drawn", N_("Drawn")
    OPENED = "opened", N_("Opened")
    VOID = "void", N_("Void")
    ABANDONED = "abandoned", N_("Abandoned")
    STRUCK = "struck", N_("Unit struck")
    REPLACED = "replaced", N_("Inspector replaced")


class ProposalKind(Labeled):
    """What two people decide together after a draw; the last kind is about one visit and decided on its page."""

    ABANDON = "abandon", N_("Abandon the draw"), "danger"
    STRIKE = "strike", N_("Strike an enterprise"), "warning"
    NOT_CARRIED_OUT = "not_carried_out", N_("Not carry out an inspection"), "warning"


OF_TWO_BODIES = frozenset({ProposalKind.ABANDON, ProposalKind.STRIKE})


class ProposalState(Labeled):
    """How a proposal stands."""

    OPEN = "open", N_("Waiting for another body"), "warning"
    AGREED = "agreed", N_("Agreed"), "success"
    REFUSED = "refused", N_("Refused"), "neutral"
    LAPSED = "lapsed", N_("Ended with the draw"), "neutral"


# Leaves that name a drawn unit or a team: nobody sees what they say, or their hash, before the draw is opened.
SEALED_EVENTS = frozenset({LogEvent.STRUCK, LogEvent.REPLACED})

# Grounds of that are a status of the entity: the register must say so too. The others rest on evidence.
STATUS_GROUNDS = {
    "deregistered": EntityStatus.DEREGISTERED,
    "revoked": EntityStatus.REVOKED,
    "rescinded": EntityStatus.RESCINDED,
    "moved-out": EntityStatus.MOVED_OUT,
    "closed": EntityStatus.CLOSED,
}

# Grounds of a replacement that the register of inspectors must show for the days in question.
# The others, a recusal decided by the head and an urgent duty, rest on what the head states.
RECORDED_GROUNDS = frozenset({"leave", "illness", "transfer", "certificate-expired", "suspended"})


def check_move(state: DrawState, target: DrawState) -> None:
    """Refuse a step of the draw that section 8 does not know. Void has its own check: it depends on the secrets."""
    source, message = _MOVES[target]
    if state is not source:
        raise WrongState(f"draw-not-{source}", message)


def check_voidable(state: DrawState, *, secrets_missing: bool) -> None:
    """Void is possible only before the seed can be computed (section 8)."""
    if state is DrawState.FROZEN or (state is DrawState.COMMITTED and secrets_missing):
        return
    raise WrongState(
        "draw-not-voidable",
        N_("A draw can only be void before its seed can be computed. Afterwards it can only be abandoned."),
    )


def parties_of(departments: Iterable[str]) -> tuple[str, ...]:
    """Return who contributes: the departments and the system; beside a single department also oversight."""
    codes = sorted(set(departments))
    for code in codes:
        if code.upper() in RESERVED_CODES:
            raise RuleBroken(
                "reserved-code",
                N_("Department code %(code)s is reserved in draws. Give the department another code."),
                code=code,
            )
    if len(codes) == 1:
        codes.append(OVERSIGHT)
    return tuple(sorted([*codes, SYSTEM]))


def body_of(actor: Actor) -> str:
    """Return for which body somebody speaks: oversight for its people, else the department."""
    return OVERSIGHT if Role.OVERSIGHT in actor.roles else actor.department_code


def party_of(actor: Actor, parties: Iterable[str]) -> str | None:
    """Return the party of a draw for which ``actor`` may contribute, if any."""
    body = body_of(actor)
    return body if body and body in set(parties) - {SYSTEM} and actor.may(Permission.DRAW_CONTRIBUTE) else None


def reveal_deadline(committed_at: datetime, *, hours: int) -> datetime:
    """Return until when every party must have revealed."""
    return committed_at + timedelta(hours=hours)


def sealed_until(ends_on: date, *, days: int) -> date:
    """Return the last day a draw may stay sealed; afterwards it opens by itself."""
    return ends_on + timedelta(days=days)


def draw_number(region: str, year: int, serial: int) -> str:
    """Region, year and a serial number consecutive per authority: 310106-2026-0007."""
    return f"{region}-{year:04d}-{serial:04d}"


def log_name(number: str) -> str:
    """Return the log a draw belongs to: one per authority; checkpoints will bear the same name as origin."""
    return f"double-random-draw/{number.partition('-')[0]}"


def moment_text(moment: datetime) -> str:
    """Write a moment as the protocol does: 2026-11-22T08:00:00Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def code_groups(text: str) -> list[str]:
    """Cut a digest or secret into groups of four, as it is read out and compared on paper."""
    return [text[start : start + 4] for start in range(0, len(text), 4)]
