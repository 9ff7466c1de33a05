"""What the pages of a draw show: counts and digests for everybody until it is opened, and what may be done next."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from sampling.explanation import explain_unfilled
from supervision.departments.models import Department
from supervision.draws import queries
from supervision.draws.action_pages import abandonment_of, actions_of
from supervision.draws.beacon_pages import beacon_values, last_ingredient
from supervision.draws.bundles import load_bundle
from supervision.draws.models import Contribution, Draw, VoidProposal
from supervision.draws.queries.names import departments_by_code, reason_names, stratum_names
from supervision.draws.queries.witnesses import PartyName, witness_names
from supervision.draws.redraw_pages import redraw_values
from supervision.draws.rules import (
    OVERSIGHT,
    SHOWN,
    SYSTEM,
    WITHHELD,
    DrawState,
    code_groups,
    shown_order,
)  # fmt: skip
from supervision.labels import N_, Labeled
from supervision.permissions import Actor
from supervision.web.languages import language, name_of
from supervision.web.templating import show_label, show_moment

CHECK_GROUPS = 6


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the bar on top of a draw's page."""

    label: str
    state: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """A party with its name and how far it is."""

    by: str
    name: str
    digest: str | None
    check: list[str]
    sealed_at: datetime | None
    revealed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Stratum:
    """A stratum with its name, size, number to be drawn and the chance of each unit in percent."""

    name: str
    size: int
    selected: int
    chance: str


@dataclass(frozen=True, slots=True)
class RosterRow:
    """How many inspectors of a department stand on the roster, how many may serve, places nobody could be given."""

    name: str
    listed: int
    agents: int
    unfilled: int


def steps_of(draw: Draw, standing: queries.Standing | None = None) -> list[Step]:
    """Return the steps, each done, current or still to do; a void draw ends with the step that ended it."""
    sealed = all(entry.digest for entry in draw.contributions)
    facts: list[tuple[str, bool, str]] = [
        (N_("Freeze the pool"), True, show_moment(draw.frozen_at)),
        (N_("Seal the secrets"), sealed, _progress(draw, revealed=False)),
        (N_("Commit in public"), draw.committed_at is not None, _moment(draw.committed_at)),
        last_ingredient(draw, standing, revealed=_progress(draw, revealed=True)),
        (N_("Draw, keep it sealed"), draw.drawn_at is not None, _moment(draw.drawn_at)),
        (N_("Visit, then open"), draw.state is DrawState.OPENED, _moment(draw.opened_at)),
    ]
    if draw.state is DrawState.ABANDONED:
        facts[-1] = (N_("Abandoned, shown to all"), True, _moment(draw.ended_at))
    if draw.state is DrawState.VOID:
        # what was not reached any more is left out: it is not still to do
        facts = [*(fact for fact in facts if fact[1]), (N_("Void"), True, _moment(draw.ended_at))]
    reached = next((place for place, (_label, done, _note) in enumerate(facts) if not done), len(facts))
    states = ["done" if place < reached else "todo" for place in range(len(facts))]
    if reached < len(facts):
        states[reached] = "current"
    return [Step(label, state, note) for (label, _done, note), state in zip(facts, states, strict=True)]


def _moment(moment: datetime | None) -> str:
    return show_moment(moment) if moment else ""


def _progress(draw: Draw, *, revealed: bool) -> str:
    """Count the parties that have acted; the system's own secret, which comes last, is not waited for."""
    others = [entry for entry in draw.contributions if entry.by != SYSTEM]
    done = sum(entry.handed_over if revealed else bool(entry.digest) for entry in others)
    return str(_("%(done)s of %(total)s", done=done, total=len(others)))


def names_of_parties(session: Session, draw: Draw, codes: Iterable[str]) -> dict[str, Department | PartyName]:
    """Return what a draw's departments and witnesses are called, by code."""
    return {**departments_by_code(session, codes), **witness_names(session, draw)}


def party_name(by: str, departments: Mapping[str, Department | PartyName]) -> str:
    """Return the name of a party in this request's language."""
    if by == SYSTEM:
        return str(_("The platform itself (revealed last, by machine)"))
    if by == OVERSIGHT:
        return str(_("Enforcement oversight"))
    return name_of(departments[by]) if by in departments else by


def check_code(digest: str | None) -> list[str]:
    """Return the first six groups of a digest: enough to compare by eye, on a slip or a wall."""
    return code_groups(digest or "")[:CHECK_GROUPS]


def parties_of(session: Session, draw: Draw) -> list[Party]:
    """Return the parties as readers find them, the system last."""
    departments = names_of_parties(session, draw, [entry.by for entry in draw.contributions])
    ordered = sorted(draw.contributions, key=lambda entry: shown_order(entry.by))
    return [
        Party(
            by=entry.by,
            name=party_name(entry.by, departments),
            digest=entry.digest,
            check=check_code(entry.digest),
            sealed_at=entry.sealed_at or (draw.frozen_at if entry.by == SYSTEM else None),
            revealed_at=entry.revealed_at,
        )
        for entry in ordered
    ]


def strata_of(session: Session, draw: Draw) -> list[Stratum]:
    """Return every stratum with the equal chance of its units."""
    names = stratum_names(session, draw)
    return [
        Stratum(_stratum_name(code, names), size, selected, f"{selected * 100 / size:.2f} %" if size else "—")
        for code, (size, selected) in sorted(draw.strata.items())
    ]


def _stratum_name(code: str, names: Mapping[str, object]) -> str:
    found = names.get(code)
    if isinstance(found, Labeled):
        return show_label(found)
    if found is not None:
        return f"{code} {name_of(found)}"
    return str(_("Whole pool")) if code == "all" else code


def rosters_of(session: Session, draw: Draw) -> list[RosterRow]:
    """Return the roster by department, in counts."""
    departments = departments_by_code(session, draw.roster_sizes)
    return [
        RosterRow(party_name(code, departments), listed, agents, draw.unfilled_counts.get(code, 0))
        for code, (listed, agents) in sorted(draw.roster_sizes.items())
    ]


def equation_of(session: Session, draw: Draw) -> list[tuple[str, int]]:
    """Return the pool and what was left out for each reason: together they are the register."""
    names = reason_names(session, "exclusion_reasons")
    parts = [(name_of(names[code]) if code in names else code, count) for code, count in draw.excluded_counts.items()]
    return [(str(_("In the pool")), draw.frame_size), *parts]


def explanations_of(session: Session, draw: Draw) -> list[str]:
    """Say in words why places stayed empty; the words name teams, so only of an opened draw."""
    if draw.state not in SHOWN or not draw.unfilled_counts:
        return []
    bundle = load_bundle(session, draw)
    found = explain_unfilled(bundle, bundle.record)
    return [one.zh if language() == "zh" else one.en for one in found]


def progress_mark(draw: Draw) -> str:
    """Name how far the draw is: a page that has this mark need not be told again."""
    sealed = sum(entry.digest is not None for entry in draw.contributions)
    revealed = sum(entry.handed_over for entry in draw.contributions)
    return f"{draw.state.value}-{sealed}-{revealed}-{len(draw.contributions)}"


def withheld_names(session: Session, draw: Draw) -> list[str]:
    """Name the parties that did not reveal in time; everybody may know."""
    codes = draw.end_note.split(", ") if draw.end_reason == WITHHELD else []
    departments = names_of_parties(session, draw, codes)
    return [party_name(code, departments) for code in codes]


def common_values(session: Session, draw: Draw) -> dict[str, object]:
    """Return what the file of a draw and its ceremony both show."""
    standing = queries.standing_of(session, draw)
    return {
        "draw": draw,
        "steps": steps_of(draw, standing),
        "beacon": beacon_values(session, draw, standing),
        "equation": equation_of(session, draw),
        "parties": parties_of(session, draw),
        "strata": strata_of(session, draw),
        "rosters": rosters_of(session, draw),
        "to_draw": sum(selected for _size, selected in draw.strata.values()),
        "reveal_due": queries.reveal_due_at(session, draw),
        "check": check_code(draw.commitment_digest),
        "record_check": check_code(draw.record_digest),
        "mark": progress_mark(draw),
        "waiting": draw.state in {DrawState.FROZEN, DrawState.COMMITTED},
        "withheld": withheld_names(session, draw),
        "end_reason": reason_names(session, "void_reasons", "abandon_reasons").get(draw.end_reason),
    }


def file_values(session: Session, draw: Draw, viewer: Actor) -> dict[str, object]:
    """Return everything on the page of a draw."""
    proposal, abandonment = session.get(VoidProposal, draw.id), abandonment_of(session, draw)
    reasons = reason_names(session, "abandon_reasons")
    return {
        **common_values(session, draw),
        "abandonment": abandonment if draw.state is DrawState.DRAWN else None,
        "abandonment_reason": reasons.get(abandonment.reason_code) if abandonment else None,
        "actions": actions_of(session, draw, viewer),
        "entry": queries.party_in(draw, viewer),
        "proposal": proposal if draw.state in {DrawState.FROZEN, DrawState.COMMITTED} else None,
        "proposal_reason": reason_names(session, "void_reasons").get(proposal.reason_code) if proposal else None,
        "leaves": queries.public_leaves(session, draw),
        "siblings": [one for one in queries.list_draws_of_task(session, draw.task_id) if one.id != draw.id],
        "files": queries.list_digests(session, draw),
        # places left empty tell of ties to those drawn: known when the draw is opened
        "shown": draw.state in SHOWN,
        "explanations": explanations_of(session, draw),
        "redraw": redraw_values(session, draw),
        "window_ends": queries.sealed_window_ends(session, draw) if draw.state is DrawState.DRAWN else None,
    }


def slip_values(session: Session, draw: Draw, entry: Contribution) -> dict[str, object]:
    """Return what the contribution pages show of the party in front of the screen."""
    departments = names_of_parties(session, draw, [entry.by])
    return {
        "draw": draw,
        "entry": entry,
        "party": party_name(entry.by, departments),
        "check": check_code(entry.digest),
        "reveal_due": queries.reveal_due_at(session, draw),
    }
