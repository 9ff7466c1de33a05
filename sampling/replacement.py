"""Section 6, afterwards: a unit is struck, an inspector falls out. Nobody is ever chosen by name.

The state of the teams is not stored: it is the record plus the history of events, replayed. Each event has
only one possible outcome, computed here and checked again by `verify` from the log.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sampling.bundle import Bundle
from sampling.drawing import known_ties
from sampling.errors import ReplacementError
from sampling.records import Record, Team
from sampling.rules import GroupTeams
from sampling.teams import Keys, agents_of, lead_department, ties_to, with_leader
from sampling.tickets import smallest_tickets, ticket


@dataclass(frozen=True, slots=True)
class Struck:
    """A unit taken off the list, and the unit of the reserve list that follows it, None when exhausted."""

    out: str
    successor: str | None
    ground: str = ""


@dataclass(frozen=True, slots=True)
class Replaced:
    """An inspector taken off a team, and who follows, None when nobody can: the department's k-th case."""

    team: str
    department: str
    out: str
    successor: str | None
    k: int
    ground: str = ""


Event = Struck | Replaced


@dataclass(frozen=True, slots=True)
class TeamsState:
    """Where everybody stands after the events so far."""

    teams: Mapping[str, Team]
    selected: Mapping[str, str]
    struck: tuple[str, ...] = ()
    strikes: Mapping[str, int] = field(default_factory=dict)
    replaced: frozenset[str] = frozenset()
    begun: Mapping[str, int] = field(default_factory=dict)

    def places(self) -> Counter[str]:
        """Count the places each inspector has in this draw now."""
        return Counter(member.inspector for team in self.teams.values() for member in team.members)

    def team(self, name: str) -> Team:
        """Give a team by its name."""
        if name not in self.teams:
            raise ReplacementError("team-unknown", team=ascii(name))
        return self.teams[name]

    def team_of_unit(self, unit: str) -> Team | None:
        """Give the team that visits a unit, None for a unit no team could take."""
        return next((team for team in self.teams.values() if unit in team.units), None)


def initial_state(record: Record) -> TeamsState:
    """Give the state right after the draw."""
    return TeamsState(
        teams={team.team: team for team in record.teams},
        selected={row.unit: row.stratum for row in record.selected},
    )


def replay(bundle: Bundle, record: Record, history: Iterable[Event]) -> TeamsState:
    """Replay the events; raises ReplacementError at the first that cannot have happened so."""
    state = initial_state(record)
    for event in history:
        expected = expected_event(bundle, record, state, event=event)
        if expected != event:
            raise difference_of(event, expected)
        state = after(bundle, record, state, event=event)
    return state


def difference_of(event: Event, expected: Event) -> ReplacementError:
    """Say how an event differs from the one the rule gives."""
    shown = [
        f"{one.successor or '-'}" + (f" (k={one.k})" if isinstance(one, Replaced) else "") for one in (event, expected)
    ]
    kind = "struck" if isinstance(event, Struck) else "replaced"
    return ReplacementError("event-differs", event=kind, out=event.out, found=shown[0], expected=shown[1])


def next_reserve_unit(bundle: Bundle, record: Record, struck: Sequence[str], *, unit: str) -> str | None:
    """Give the unit that follows `unit`, after the earlier `struck` ones, or None when the list has ended."""
    state = initial_state(record)
    for earlier in struck:
        state = _after_struck(state, _expected_struck(bundle, record, state, out=earlier, ground=""))
    return _expected_struck(bundle, record, state, out=unit, ground="").successor


def replace_inspector(
    bundle: Bundle, record: Record, history: Sequence[Event], *, team: str, out: str, ground: str = ""
) -> Replaced:
    """Find who follows inspector `out` on a team; append the event to the history, whatever it says."""
    state = replay(bundle, record, history)
    return _expected_replaced(bundle, record, state, team=team, out=out, ground=ground)


def strike_unit(
    bundle: Bundle, record: Record, history: Sequence[Event], *, unit: str, ground: str = ""
) -> list[Event]:
    """Strike a unit: give that event and the replacements of members tied to the unit that follows."""
    state = replay(bundle, record, history)
    struck = _expected_struck(bundle, record, state, out=unit, ground=ground)
    home = state.team_of_unit(unit)
    state = _after_struck(state, struck)
    events: list[Event] = [struck]
    for inspector in tied_members(bundle, state, struck=struck, home=home):
        event = _expected_replaced(bundle, record, state, team=home.team if home else "", out=inspector, ground=ground)
        events.append(event)
        state = after(bundle, record, state, event=event)
    return events


def tied_members(bundle: Bundle, state: TeamsState, *, struck: Struck, home: Team | None) -> list[str]:
    """Name the team's members who are tied to the unit that follows, in (department, inspector) order."""
    if home is None or struck.successor is None:
        return []
    tied = ties_to([struck.successor], known_ties(bundle))
    return [member.inspector for member in state.team(home.team).members if member.inspector in tied]


def first_due(bundle: Bundle, record: Record, history: Iterable[Event]) -> tuple[str, str] | None:
    """Find a (team, inspector) tied to a reserve unit that the history left on, or let others go before."""
    state, due = initial_state(record), list[tuple[str, str]]()
    for event in history:
        if due:
            if not isinstance(event, Replaced) or (event.team, event.out) != due[0]:
                return due[0]
            due.pop(0)
        home = state.team_of_unit(event.out) if isinstance(event, Struck) else None
        state = after(bundle, record, state, event=event)
        if isinstance(event, Struck) and home is not None:
            due = [(home.team, name) for name in tied_members(bundle, state, struck=event, home=home)]
    return due[0] if due else None


def expected_event(bundle: Bundle, record: Record, state: TeamsState, *, event: Event) -> Event:
    """Give the only event that can have the occasion of this one: the same unit or inspector going out."""
    if isinstance(event, Struck):
        return _expected_struck(bundle, record, state, out=event.out, ground=event.ground)
    return _expected_replaced(bundle, record, state, team=event.team, out=event.out, ground=event.ground)


def after(bundle: Bundle, record: Record, state: TeamsState, *, event: Event) -> TeamsState:
    """Give the state after an event."""
    if isinstance(event, Struck):
        return _after_struck(state, event)
    return _after_replaced(bundle, record, state, event)


def _expected_struck(bundle: Bundle, record: Record, state: TeamsState, *, out: str, ground: str) -> Struck:
    stratum = state.selected.get(out)
    if stratum is None:
        raise ReplacementError("not-struck", unit=ascii(out))
    counts = record.chances().get(stratum)
    if counts is None:
        raise ReplacementError("stratum-not-counted", unit=ascii(out), stratum=stratum)
    # Each strike of a stratum has called one unit of its reserve list, so the next stands right after them.
    called = counts.selected + state.strikes.get(stratum, 0)
    first = smallest_tickets(
        record.entity_key, bundle.frame.units_of(stratum), count=called + 1, hash_name=record.hash_name
    )
    successor = first[called][1] if called < len(first) else None
    return Struck(out=out, successor=successor, ground=ground)


def _after_struck(state: TeamsState, event: Struck) -> TeamsState:
    stratum = state.selected[event.out]
    selected = {unit: its for unit, its in state.selected.items() if unit != event.out}
    incoming = () if event.successor is None else (event.successor,)
    selected.update(dict.fromkeys(incoming, stratum))
    home = state.team_of_unit(event.out)
    teams = dict(state.teams)
    if home is not None:
        kept = tuple(unit for unit in home.units if unit != event.out)
        teams[home.team] = replace(home, units=tuple(sorted(kept + incoming)))
    return replace(
        state,
        teams=teams,
        selected=selected,
        struck=(*state.struck, event.out),
        strikes={**state.strikes, stratum: state.strikes.get(stratum, 0) + 1},
    )


def _expected_replaced(
    bundle: Bundle, record: Record, state: TeamsState, *, team: str, out: str, ground: str
) -> Replaced:
    home = state.team(team)
    department = next((member.department for member in home.members if member.inspector == out), None)
    if department is None:
        raise ReplacementError("not-on-team", inspector=ascii(out), team=team)
    k = state.begun.get(department, 0) + 1
    candidates = _candidates(bundle, state, home=home, out=out, department=department)
    key = Keys(record.hash_name, record.seed).key(f"replace {department}")
    drawn = [(places, ticket(key, team, str(k), name, hash_name=record.hash_name), name) for places, name in candidates]
    successor = min(drawn)[2] if drawn else None
    return Replaced(team=team, department=department, out=out, successor=successor, k=k, ground=ground)


def _candidates(bundle: Bundle, state: TeamsState, *, home: Team, out: str, department: str) -> list[tuple[int, str]]:
    """Give (places now, inspector) of everybody who may follow; the outgoing inspector is already off."""
    rule = next((rule for rule in bundle.rules.departments if rule.code == department), None)
    if rule is None:
        raise ReplacementError("department-without-rule", inspector=ascii(out), department=department)
    grouped = isinstance(bundle.rules.teams, GroupTeams)
    places = state.places()
    unavailable = {member.inspector for member in home.members} | state.replaced | {out}
    unavailable |= set(ties_to(home.units, known_ties(bundle)))
    return [
        (places[line.inspector], line.inspector)
        for line in agents_of(rule, bundle.roster)
        if line.inspector not in unavailable and places[line.inspector] < (1 if grouped else line.cap)
    ]


def _after_replaced(bundle: Bundle, record: Record, state: TeamsState, event: Replaced) -> TeamsState:
    home = state.team(event.team)
    members = [(m.department, m.inspector) for m in home.members if m.inspector != event.out]
    if event.successor is not None:
        members.append((event.department, event.successor))
    renewed = with_leader(
        event.team,
        members,
        lead_code=lead_department(bundle.rules.departments),
        keys=Keys(record.hash_name, record.seed),
    )
    return replace(
        state,
        teams={**state.teams, event.team: replace(home, members=renewed)},
        replaced=state.replaced | {event.out},
        begun={**state.begun, event.department: event.k},
    )
