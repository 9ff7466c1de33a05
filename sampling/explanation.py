"""Section 6, in words: why a place stayed empty or a unit without a team, and whether a plan can be manned.

This informs and is never compared. The teams named together are those that compete for the same
inspectors: every inspector who could fill one of the empty places is already on as many teams as the cap
allows, and each of those teams in turn could only be served by the others named.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from sampling.bundle import Bundle
from sampling.drawing import known_ties
from sampling.records import Record
from sampling.rules import DepartmentRule, GroupTeams, NoTeams, Teams
from sampling.tables import RosterLine
from sampling.teams import agents_of, barred_teams, ties_to

_MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class Shortage:
    """Teams of one department that need more places than the inspectors they compete for can give."""

    department: str
    teams: tuple[str, ...]
    inspectors: tuple[str, ...]
    needed: int
    available: int

    @property
    def missing(self) -> int:
        """Count the places that stay empty."""
        return self.needed - self.available

    @property
    def zh(self) -> str:
        """Say it in Chinese."""
        return (
            f"{_listed(self.teams, '、')} 共需 {self.department} 部门 {self.needed} 人次；"
            f"该部门持证、具备资格且无须回避的人员只有 {len(self.inspectors)} 名，"
            f"合计可安排 {self.available} 人次，缺 {self.missing} 人次"
        )

    @property
    def en(self) -> str:
        """Say it in English."""
        return (
            f"{_listed(self.teams, ', ')} need {self.needed} places of department {self.department}; only "
            f"{len(self.inspectors)} of its inspectors are certified, qualified and not recused, and they "
            f"can fill {self.available}: {self.missing} missing"
        )


@dataclass(frozen=True, slots=True)
class HomelessUnit:
    """A unit no team can take: the teams with a member tied to it, and those that are full."""

    unit: str
    tied_teams: tuple[str, ...]
    full_teams: tuple[str, ...]

    @property
    def zh(self) -> str:
        """Say it in Chinese."""
        return f"没有检查组能接 {self.unit}：{len(self.tied_teams)} 个组有成员须回避，{len(self.full_teams)} 个组已满额"

    @property
    def en(self) -> str:
        """Say it in English."""
        return (
            f"no team can take {self.unit}: {len(self.tied_teams)} have a member who is recused from it, "
            f"{len(self.full_teams)} have all the units they may have"
        )


@dataclass(frozen=True, slots=True)
class DepartmentCapacity:
    """What a planner asks: places needed, places its agents can give, and whether all can be filled."""

    department: str
    agents: int
    needed: int
    available: int

    @property
    def sufficient(self) -> bool:
        """Tell whether every place can be filled as long as no tie stands in the way."""
        return self.available >= self.needed


def capacity(teams: Teams, *, roster: Sequence[RosterLine], expected_units: int) -> tuple[DepartmentCapacity, ...]:
    """Compare what the rules will need with what the roster can give, ties being unknown before the draw.

    No inspector serves twice on one team, so each can give at most as many places as there are teams; where
    every team needs the same number that is also enough for a full matching.
    """
    if isinstance(teams, NoTeams):
        return ()
    grouped = isinstance(teams, GroupTeams)
    count = min(teams.groups, expected_units) if isinstance(teams, GroupTeams) else expected_units
    found = []
    for department in teams.departments:
        caps = [1 if grouped else line.cap for line in agents_of(department, roster)]
        found.append(
            DepartmentCapacity(
                department=department.code,
                agents=len(caps),
                needed=count * department.per_team,
                available=sum(min(cap, count) for cap in caps),
            )
        )
    return tuple(found)


def explain_unfilled(bundle: Bundle, record: Record) -> tuple[Shortage | HomelessUnit, ...]:
    """Explain every missing place and unit of a record."""
    explained: list[Shortage | HomelessUnit] = []
    for department in sorted(bundle.rules.departments, key=lambda rule: rule.code):
        explained += _shortages(bundle, record, department)
    return (*explained, *_homeless_units(bundle, record))


def _shortages(bundle: Bundle, record: Record, department: DepartmentRule) -> list[Shortage]:
    starved = [row.team for row in record.unfilled if row.department == department.code]
    if not starved:
        return []
    field = _Field.of(bundle, record, department)
    groups: list[set[str]] = []
    for team in starved:
        # Teams that share a rival belong in one sentence.
        rivals = field.competing_teams(team)
        overlapping = [group for group in groups if group & rivals]
        groups = [group for group in groups if not group & rivals]
        groups.append(rivals.union(*overlapping))
    return [field.shortage(group, department) for group in groups]


@dataclass(frozen=True, slots=True)
class _Field:
    """One department's agents and teams after the draw: who is where, and who could be where."""

    agents: Mapping[str, int]
    barred: Mapping[str, Set[str]]
    members: Mapping[str, Set[str]]

    @classmethod
    def of(cls, bundle: Bundle, record: Record, department: DepartmentRule) -> "_Field":
        grouped = isinstance(bundle.rules.teams, GroupTeams)
        return cls(
            agents={line.inspector: 1 if grouped else line.cap for line in agents_of(department, bundle.roster)},
            # Groups are filled before any unit is dealt to them, so no tie bars anybody from a group.
            barred={} if grouped else ties_to([row.unit for row in record.selected], known_ties(bundle)),
            members={
                team.team: {m.inspector for m in team.members if m.department == department.code}
                for team in record.teams
            },
        )

    def eligible(self, team: str) -> list[str]:
        """Give the agents not recused from a team."""
        return [name for name in self.agents if team not in self.barred.get(name, frozenset())]

    def competing_teams(self, team: str) -> set[str]:
        """Follow empty place, agents who could fill it, the teams they are on, and so on."""
        held: dict[str, list[str]] = {}
        for name, inspectors in self.members.items():
            for inspector in inspectors:
                held.setdefault(inspector, []).append(name)
        found, waiting = {team}, [team]
        while waiting:
            current = waiting.pop()
            for agent in self.eligible(current):
                if agent in self.members[current]:
                    continue
                new = set(held.get(agent, ())) - found
                found |= new
                waiting += sorted(new)
        return found

    def shortage(self, teams: Set[str], department: DepartmentRule) -> Shortage:
        """Sum up what these teams need and what their eligible agents give."""
        inspectors = {agent for team in teams for agent in self.eligible(team)}
        return Shortage(
            department=department.code,
            teams=tuple(sorted(teams)),
            inspectors=tuple(sorted(inspectors)),
            needed=len(teams) * department.per_team,
            available=sum(len(self.members[team]) for team in teams),
        )


def _homeless_units(bundle: Bundle, record: Record) -> list[HomelessUnit]:
    homeless = [row.unit for row in record.unfilled if row.unit]
    members = {team.team: [member.inspector for member in team.members] for team in record.teams}
    barred = barred_teams(members, ties_to(homeless, known_ties(bundle))) if homeless else {}
    return [
        HomelessUnit(
            unit=unit,
            tied_teams=tuple(name for name in members if unit in barred[name]),
            full_teams=tuple(name for name in members if unit not in barred[name]),
        )
        for unit in homeless
    ]


def _listed(names: Sequence[str], comma: str) -> str:
    named = comma.join(names[:_MOST_NAMED])
    return named if len(names) <= _MOST_NAMED else f"{named} … ({len(names)})"
