"""Life of a draw: its steps, its parties and its deadlines (draw protocol, sections 2 and 8)."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta

from supervision.draws.witness_rules import is_witness, witness_number
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
# nobody proposes these: the first is the platform's word, and a value that does not come is waited for
NOT_PROPOSED = frozenset({WITHHELD, "beacon-unavailable"})
# reasons for void that can be true only once something was committed, or only where secrets are revealed after it
AFTER_COMMITMENT = frozenset({"contribution-mismatch", "not-published"})
OF_REVEALS = frozenset({"contribution-mismatch"})


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
    WITNESS_NAMED = "witness_named", N_("Witness named")
    WITNESS_REMOVED = "witness_removed", N_("Witness taken off")
    WITNESS_LINK = "witness_link", N_("New link made for a witness"), "warning"
    COMMITTED = "committed", N_("Committed")
    DRAWN = "drawn", N_("Drawn")
    OPENED = "opened", N_("Opened")
    VOID = "void", N_("Void")
    ABANDONED = "abandoned", N_("Abandoned")
    STRUCK = "struck", N_("Unit struck")
    REPLACED = "replaced", N_("Inspector replaced")
    # of the platform itself, with the draw "-"
    KEY = "key", N_("Key of the log")
    AUDIT = "audit", N_("Head of the audit log")
    REGISTER = "register", N_("Digest of the register")
    RESUMED = "resumed", N_("Log resumed after a loss"), "danger"
    BEACON = "beacon", N_("Public value")
    ARCHIVED = "archived", N_("Package of a closed visit made")
    SECOND_LOOK = "second_look", N_("Choice of visits for a second look")
    ORDERED = "ordered", N_("Lots for the team of an ordered inspection")
    EXPERTS = "experts", N_("Draw of experts")


class EntryWay(Labeled):
    """How a public value came in."""

    PASTED = "pasted", N_("Pasted by a participant")
    FETCHED = "fetched", N_("Fetched from the source")
    PUBLIC = "public", N_("Handed in by the public")
    TYPED = "typed", N_("Typed from the announcement")


class ProposalKind(Labeled):
    """What two people decide together after a draw; the last kind is about one visit and decided on its page."""

    ABANDON = "abandon", N_("Abandon the draw"), "danger"
    STRIKE = "strike", N_("Strike an enterprise"), "warning"
    REDRAW = "redraw", N_("Draw the task anew"), "warning"
    NOT_CARRIED_OUT = "not_carried_out", N_("Not carry out an inspection"), "warning"


OF_TWO_BODIES = frozenset({ProposalKind.ABANDON, ProposalKind.STRIKE, ProposalKind.REDRAW})


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


def check_voidable(state: DrawState, *, out_of_reach: bool) -> None:
    """Void is possible only while the seed is out of everybody's reach (section 8)."""
    if state is DrawState.FROZEN or (state is DrawState.COMMITTED and out_of_reach):
        return
    raise WrongState(
        "draw-not-voidable",
        N_("A draw can only be void before its seed can be computed. Afterwards it can only be abandoned."),
    )


def offered_reasons(codes: Iterable[str], state: DrawState, *, reveals: bool) -> frozenset[str]:
    """Return the reasons that somebody may propose by now: nobody broke a commitment that was never made.

    ``reveals``: the draw is of the form in which secrets are revealed after the commitment.
    """
    untrue = AFTER_COMMITMENT if state is DrawState.FROZEN else frozenset[str]()
    return frozenset(codes) - NOT_PROPOSED - untrue - (frozenset[str]() if reveals else OF_REVEALS)


def parties_of(departments: Iterable[str]) -> tuple[str, ...]:
    """Return who contributes: the departments and the system; beside a single department also oversight."""
    codes = sorted(set(departments))
    for code in codes:
        if code.upper() in RESERVED_CODES or is_witness(code.upper()):
            raise RuleBroken(
                "reserved-code",
                N_("Department code %(code)s is reserved in draws. Give the department another code."),
                code=code,
            )
    if len(codes) == 1:
        codes.append(OVERSIGHT)
    return tuple(sorted([*codes, SYSTEM]))


def shown_order(by: str) -> tuple[bool, int, str]:
    """Sort the parties of a draw for readers: bodies of the house, named witnesses by number, the system last."""
    return by == SYSTEM, witness_number(by), by


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


def carried_loads(visits: Mapping[int, int], *, equal_percent: int) -> dict[int, int]:
    """Return the load each inspector carries into a draw: visits beyond those of the less burdened colleagues (R-1.25).

    ``visits`` counts what every inspector of one department carries. Those with the fewest, ``equal_percent`` of all,
    carry nothing, so that the lot alone decides among them; else whoever knows the loads could say who comes. With 0
    every visit counts, and with 100 none.
    """
    ranked = sorted(visits.values())
    equal = -(-len(ranked) * equal_percent // 100)
    free = ranked[equal - 1] if equal else 0
    return {inspector: max(0, count - free) for inspector, count in visits.items()}


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
