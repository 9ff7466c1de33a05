"""Section 9, teams of a public bundle: what can be said of them without knowing who is tied to whom.

Groups are filled before units are dealt, so their members can be recomputed all the same. Teams for single
visits cannot; but who may serve, how often, who leads and how many places are empty can be checked.
"""

from collections import Counter
from collections.abc import Iterable

from sampling.bundle import Bundle
from sampling.findings import Finding, agreed, difference, withheld
from sampling.records import Record, Team
from sampling.rules import DepartmentRule, GroupTeams
from sampling.tables import TIES
from sampling.teams import Keys, agents_of, group_names, lead_department, leader_of, match_groups


def check_teams_without_ties(bundle: Bundle, record: Record, keys: Keys) -> list[Finding]:
    """Check the teams as far as roster, rules and seed allow."""
    findings = [*_check_names(bundle, record), *_check_leaders(bundle, record, keys)]
    findings += _check_departments(bundle, record)
    if isinstance(bundle.rules.teams, GroupTeams):
        findings += _check_groups(bundle.rules.teams, bundle, record, keys)
    good = [] if findings else [agreed("teams-possible", teams=len(record.teams))]
    return [*findings, *good, withheld("teams-not-recomputed", file=TIES)]


def _check_names(bundle: Bundle, record: Record) -> list[Finding]:
    units = [row.unit for row in record.selected]
    rule = bundle.rules.teams
    grouped = isinstance(rule, GroupTeams)
    expected = group_names(rule, selected=len(units)) if isinstance(rule, GroupTeams) else sorted(units)
    shown = [team.team for team in record.teams]
    findings = [difference("team-surplus", team=name) for name in sorted(set(shown) - set(expected))]
    findings += [difference("team-missing", team=name) for name in sorted(set(expected) - set(shown))]
    if not findings and shown != expected:
        findings.append(difference("order", what="teams"))
    if not grouped:
        return findings + [
            difference("team-units", team=team.team, expected=team.team, found=", ".join(team.units))
            for team in record.teams
            if team.units != (team.team,)
        ]
    return findings + _check_dealt(record, units)


def _check_dealt(record: Record, units: list[str]) -> list[Finding]:
    """Every selected unit is with exactly one team or listed as one no team can take."""
    dealt = Counter(unit for team in record.teams for unit in team.units)
    dealt.update(row.unit for row in record.unfilled if row.unit)
    findings = [
        difference("unit-dealt", unit=unit, times=dealt[unit])
        for unit in sorted(dealt.keys() | set(units))
        if dealt[unit] != 1 or unit not in set(units)
    ]
    unsorted = [team.team for team in record.teams if list(team.units) != sorted(team.units)]
    return findings + [difference("order", what=f"units {name}") for name in unsorted]


def _check_leaders(bundle: Bundle, record: Record, keys: Keys) -> list[Finding]:
    code = lead_department(bundle.rules.departments)
    findings: list[Finding] = []
    for team in record.teams:
        leader = leader_of(team.team, [m.inspector for m in team.members if m.department == code], keys=keys)
        findings += [
            difference("member-differs", team=team.team, inspector=member.inspector)
            for member in team.members
            if member.lead != (member.inspector == leader)
        ]
        pairs = [(member.department, member.inspector) for member in team.members]
        if pairs != sorted(set(pairs)):
            findings.append(difference("order", what=f"members {team.team}"))
    return findings


def _check_departments(bundle: Bundle, record: Record) -> list[Finding]:
    known = {rule.code for rule in bundle.rules.departments}
    strangers = [
        difference("member-surplus", team=team.team, inspector=member.inspector)
        for team in record.teams
        for member in team.members
        if member.department not in known
    ]
    findings = [found for rule in bundle.rules.departments for found in _check_department(bundle, record, rule)]
    expected = sorted(
        (rule.code, team.team, rule.per_team - _sent(team, rule))
        for rule in bundle.rules.departments
        for team in record.teams
        if _sent(team, rule) < rule.per_team
    )
    shown = [(row.department, row.team, row.missing) for row in record.unfilled if row.team]
    homeless = [row.unit for row in record.unfilled if not row.team]
    if shown != expected or homeless != sorted(homeless):
        findings.append(difference("order", what="unfilled"))
    return strangers + findings


def _check_department(bundle: Bundle, record: Record, rule: DepartmentRule) -> Iterable[Finding]:
    grouped = isinstance(bundle.rules.teams, GroupTeams)
    caps = {line.inspector: 1 if grouped else line.cap for line in agents_of(rule, bundle.roster)}
    loads: Counter[str] = Counter()
    for team in record.teams:
        loads.update(member.inspector for member in team.members if member.department == rule.code)
        if _sent(team, rule) > rule.per_team:
            yield difference("team-too-large", team=team.team, department=rule.code)
    for inspector, load in sorted(loads.items()):
        if load > caps.get(inspector, 0):
            yield difference("member-over-cap", inspector=inspector, load=load, cap=caps.get(inspector, 0))


def _sent(team: Team, rule: DepartmentRule) -> int:
    return sum(member.department == rule.code for member in team.members)


def _check_groups(rule: GroupTeams, bundle: Bundle, record: Record, keys: Keys) -> list[Finding]:
    names = group_names(rule, selected=len(record.selected))
    matchings = match_groups(rule, names=names, keys=keys, roster=bundle.roster)
    shown = {(team.team, member.department, member.inspector) for team in record.teams for member in team.members}
    wanted = {
        (name, code, inspector)
        for code, found in matchings.items()
        for name in names
        for inspector in found.members[name]
    }
    surplus = [difference("member-surplus", team=t, inspector=i) for t, _, i in sorted(shown - wanted)]
    return surplus + [difference("member-missing", team=t, inspector=i) for t, _, i in sorted(wanted - shown)]
