"""Section 6: who inspects. Teams for each visit, or groups to which the units are dealt."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from sampling import seeds
from sampling.matching import Agent, Matching, match
from sampling.records import Member, Team, Unfilled
from sampling.rules import DepartmentRule, GroupTeams, Rules, VisitTeams
from sampling.tables import RosterLine, Tie
from sampling.tickets import in_ticket_order

_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one draw: a hash and a seed (section 3)."""

    hash_name: str
    seed: str

    def key(self, label: str) -> str:
        """Give the key for one purpose."""
        return seeds.key(label, hash_name=self.hash_name, seed=self.seed)


@dataclass(frozen=True, slots=True)
class FormedTeams:
    """The teams of a draw, and the places and units left without."""

    teams: tuple[Team, ...] = ()
    unfilled: tuple[Unfilled, ...] = ()


def form_teams(
    rules: Rules, *, keys: Keys, roster: Sequence[RosterLine], ties: Iterable[Tie], units: Sequence[str]
) -> FormedTeams:
    """Form the teams for the selected units, as the rules' mode says."""
    teams = rules.teams
    if isinstance(teams, VisitTeams):
        return _visit_teams(teams, keys=keys, roster=roster, ties=ties, units=units)
    if isinstance(teams, GroupTeams):
        return _group_teams(teams, keys=keys, roster=roster, ties=ties, units=units)
    return FormedTeams()


def agents_of(department: DepartmentRule, roster: Iterable[RosterLine]) -> list[RosterLine]:
    """Give a department's agents: cap above 0 and all its item codes; nobody else counts for anything."""
    return [
        line
        for line in roster
        if line.department == department.code and line.cap > 0 and line.is_qualified(department.qualifications)
    ]


def group_names(rule: GroupTeams, *, selected: int) -> list[str]:
    """Name the teams G01, G02, …, zero-padded to the digits of the number of groups, at least 2."""
    width = max(2, len(str(rule.groups)))
    return [f"G{number:0{width}d}" for number in range(1, min(rule.groups, selected) + 1)]


def lead_department(departments: Iterable[DepartmentRule]) -> str:
    """Give the code of the department that leads."""
    return next(department.code for department in departments if department.lead)


def leader_of(team: str, candidates: Iterable[str], *, keys: Keys) -> str | None:
    """Choose the leader: the smallest ticket among the lead department's members, None without one."""
    drawn = in_ticket_order(f"{keys.key(seeds.LEAD)}:{team}", candidates, hash_name=keys.hash_name)
    return drawn[0][1] if drawn else None


def with_leader(team: str, members: Iterable[tuple[str, str]], *, lead_code: str, keys: Keys) -> tuple[Member, ...]:
    """Sort (department, inspector) pairs and mark the leader."""
    ordered = sorted(members)
    leader = leader_of(team, [name for code, name in ordered if code == lead_code], keys=keys)
    return tuple(Member(inspector=name, department=code, lead=name == leader) for code, name in ordered)


def _visit_teams(
    rule: VisitTeams, *, keys: Keys, roster: Sequence[RosterLine], ties: Iterable[Tie], units: Sequence[str]
) -> FormedTeams:
    barred = ties_to(units, ties)
    matchings = {
        department.code: match(
            keys.key(f"match {department.code}"),
            hash_name=keys.hash_name,
            agents=[Agent(line.inspector, line.cap, line.prior) for line in agents_of(department, roster)],
            need=dict.fromkeys(units, department.per_team),
            barred=barred,
        )
        for department in rule.departments
    }
    return FormedTeams(
        teams=_teams({unit: (unit,) for unit in units}, matchings, rule.departments, keys),
        unfilled=_missing_places(matchings),
    )


def _group_teams(
    rule: GroupTeams, *, keys: Keys, roster: Sequence[RosterLine], ties: Iterable[Tie], units: Sequence[str]
) -> FormedTeams:
    names = group_names(rule, selected=len(units))
    if not names:
        return FormedTeams()
    matchings = match_groups(rule, names=names, keys=keys, roster=roster)
    barred = barred_teams(members_by_team(matchings, names), ties_to(units, ties))
    dealt = deal(names, keys=keys, units=units, barred=barred, capacity=rule.group_capacity)
    homes: dict[str, list[str]] = {name: [] for name in names}
    for unit, takers in dealt.members.items():
        for name in takers:
            homes[name].append(unit)
    homeless = tuple(Unfilled(department="", team="", unit=unit, missing=1) for unit in sorted(dealt.missing))
    return FormedTeams(
        teams=_teams({name: tuple(sorted(homes[name])) for name in names}, matchings, rule.departments, keys),
        unfilled=_missing_places(matchings) + homeless,
    )


def match_groups(
    rule: GroupTeams, *, names: Sequence[str], keys: Keys, roster: Sequence[RosterLine]
) -> dict[str, Matching]:
    """Fill the groups before any unit is dealt: nobody is barred, each inspector serves on one team."""
    return {
        department.code: match(
            keys.key(f"match {department.code}"),
            hash_name=keys.hash_name,
            agents=[Agent(line.inspector, 1, line.prior) for line in agents_of(department, roster)],
            need=dict.fromkeys(names, department.per_team),
            barred={},
        )
        for department in rule.departments
    }


def deal(
    names: Sequence[str],
    *,
    keys: Keys,
    units: Sequence[str],
    barred: Mapping[str, Set[str]],
    capacity: int | None,
) -> Matching:
    """Deal the units to the teams.

    Without a fixed capacity the text tries ceil(units/teams), one more, and so on up to all units, and
    keeps the fewest unplaced at the smallest capacity. `match` places as many as any deal could, so the
    number unplaced never rises with the capacity, and at the last one only units no team may take remain:
    that number is known beforehand and the smallest capacity reaching it is found by halving.
    """

    def dealt(cap: int) -> Matching:
        return match(
            keys.key(seeds.DEAL),
            hash_name=keys.hash_name,
            agents=[Agent(name, cap) for name in names],
            need=dict.fromkeys(units, 1),
            barred=barred,
        )

    if capacity is not None:
        return dealt(capacity)
    unavoidable = sum(all(unit in barred.get(name, _NONE) for name in names) for unit in units)
    low, high = -(-len(units) // len(names)), len(units)
    best = dealt(low)
    if best.places_left == unavoidable:
        return best
    while high - low > 1:
        middle = (low + high) // 2
        if dealt(middle).places_left == unavoidable:
            high = middle
        else:
            low = middle
    return dealt(high)


def ties_to(units: Iterable[str], ties: Iterable[Tie]) -> dict[str, set[str]]:
    """Give each inspector's recusals among these units."""
    wanted = frozenset(units)
    tied: dict[str, set[str]] = {}
    for inspector, unit in ties:
        if unit in wanted:
            tied.setdefault(inspector, set()).add(unit)
    return tied


def barred_teams(members: Mapping[str, Iterable[str]], tied: Mapping[str, Set[str]]) -> dict[str, set[str]]:
    """Give the units each team may not take: those a member is tied to."""
    return {
        team: set().union(*(tied.get(inspector, _NONE) for inspector in inspectors))
        for team, inspectors in members.items()
    }


def members_by_team(matchings: Mapping[str, Matching], names: Iterable[str]) -> dict[str, list[str]]:
    """Join the departments' matchings: all inspectors of each team."""
    return {name: [member for found in matchings.values() for member in found.members[name]] for name in names}


def _teams(
    units_by_team: Mapping[str, tuple[str, ...]],
    matchings: Mapping[str, Matching],
    departments: Sequence[DepartmentRule],
    keys: Keys,
) -> tuple[Team, ...]:
    lead_code = lead_department(departments)
    return tuple(
        Team(
            team=name,
            units=units_by_team[name],
            members=with_leader(
                name,
                [(code, inspector) for code, found in matchings.items() for inspector in found.members[name]],
                lead_code=lead_code,
                keys=keys,
            ),
        )
        for name in sorted(units_by_team)
    )


def _missing_places(matchings: Mapping[str, Matching]) -> tuple[Unfilled, ...]:
    return tuple(
        Unfilled(department=code, team=team, unit="", missing=missing)
        for code, found in sorted(matchings.items())
        for team, missing in sorted(found.missing.items())
    )
