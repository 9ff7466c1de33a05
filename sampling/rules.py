"""Sections 4 and 6, what the rules may say: how many of each stratum, and which teams.

Everything is checked when the rules are frozen and again whenever they are read. "A frame stratum without
a rule is an error, never a zero."
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sampling import shape
from sampling.canonical import parse_canonical
from sampling.errors import RulesError
from sampling.identifiers import department_code, qualification

RULES = "rules.json"
PUBLIC = "public"
CONFIDENTIAL = "confidential"
BASIS_POINTS = 10_000


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of one stratum in basis points (300 = 3 %), and the fewest units to draw from it."""

    rate_bp: int
    minimum: int = 0


@dataclass(frozen=True, slots=True)
class RateAllocation:
    """`"kind":"rate"`: each stratum has its own share."""

    rates: Mapping[str, Rate]


@dataclass(frozen=True, slots=True)
class CountAllocation:
    """`"kind":"count"`: each stratum has its own number."""

    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class TotalAllocation:
    """`"kind":"total"`: one number for all strata, spread by size and weight; a weight not given is 1."""

    total: int
    weights: Mapping[str, int]


Allocation = RateAllocation | CountAllocation | TotalAllocation


@dataclass(frozen=True, slots=True)
class DepartmentRule:
    """How many inspectors a department sends to each team, and which item codes each of them must hold."""

    code: str
    lead: bool
    per_team: int
    qualifications: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoTeams:
    """`"mode":"none"`: only units are drawn."""


@dataclass(frozen=True, slots=True)
class VisitTeams:
    """`"mode":"visit"`: one team for each selected unit, named by it."""

    departments: tuple[DepartmentRule, ...]


@dataclass(frozen=True, slots=True)
class GroupTeams:
    """`"mode":"group"`: a number of teams, to which the selected units are dealt."""

    departments: tuple[DepartmentRule, ...]
    groups: int
    group_capacity: int | None = None


Teams = NoTeams | VisitTeams | GroupTeams


@dataclass(frozen=True, slots=True)
class Rules:
    """rules.json, read and checked."""

    hash_name: str
    draw: str
    strata: str
    allocation: Allocation
    reserve: int
    teams: Teams

    @property
    def confidential(self) -> bool:
        """Tell whether a unit's stratum, its risk class for example, may not be published."""
        return self.strata == CONFIDENTIAL

    @property
    def departments(self) -> tuple[DepartmentRule, ...]:
        """Give the departments that send inspectors, in the order of the rules."""
        return () if isinstance(self.teams, NoTeams) else self.teams.departments

    def check_strata(self, strata: Iterable[str]) -> None:
        """Refuse a stratum of the frame that has no rule (rate and count; a total covers all)."""
        if isinstance(self.allocation, TotalAllocation):
            return
        ruled = self.allocation.rates if isinstance(self.allocation, RateAllocation) else self.allocation.counts
        for stratum in sorted(set(strata)):
            if stratum not in ruled:
                raise RulesError("stratum-without-rule", stratum=stratum)


def parse_rules(data: bytes) -> Rules:
    """Read rules.json, whose bytes must be in canonical form."""
    return read_rules(parse_canonical(data, name=RULES))


def read_rules(value: object) -> Rules:
    """Check rules given as plain values and give them in typed form."""
    keys = "protocol hash draw strata allocation reserve teams"
    found = shape.json_object(value, where=RULES, required=keys)
    hash_name, draw = shape.heading(found, where=RULES)
    return Rules(
        hash_name=hash_name,
        draw=draw,
        strata=shape.json_choice(found["strata"], where="strata", choices=(PUBLIC, CONFIDENTIAL)),
        allocation=_allocation(found["allocation"]),
        reserve=shape.json_integer(found["reserve"], where="reserve"),
        teams=_teams(found["teams"]),
    )


def _allocation(value: object) -> Allocation:
    kind = _choice_of(value, key="kind", where="allocation", choices=("rate", "count", "total"))
    if kind == "rate":
        return _rate_allocation(value)
    return _count_allocation(value) if kind == "count" else _total_allocation(value)


def _choice_of(value: object, *, key: str, where: str, choices: tuple[str, ...]) -> str:
    found = shape.json_names(value, where=where)
    return shape.json_choice(found.get(key), where=f"{where} {key}", choices=choices)


def _rate_allocation(value: object) -> RateAllocation:
    found = shape.json_object(value, where="allocation", required="kind strata")
    strata = shape.json_names(found["strata"], where="stratum")
    return RateAllocation(rates={name: _rate(rule, name) for name, rule in strata.items()})


def _rate(value: object, stratum: str) -> Rate:
    found = shape.json_object(value, where=stratum, required="rate_bp", optional="min")
    return Rate(
        rate_bp=shape.json_integer(found["rate_bp"], where=f"{stratum} rate_bp"),
        minimum=shape.json_integer(found.get("min", 0), where=f"{stratum} min"),
    )


def _count_allocation(value: object) -> CountAllocation:
    found = shape.json_object(value, where="allocation", required="kind strata")
    strata = shape.json_names(found["strata"], where="stratum")
    return CountAllocation(counts={name: _count(rule, name) for name, rule in strata.items()})


def _count(value: object, stratum: str) -> int:
    found = shape.json_object(value, where=stratum, required="count")
    return shape.json_integer(found["count"], where=f"{stratum} count")


def _total_allocation(value: object) -> TotalAllocation:
    found = shape.json_object(value, where="allocation", required="kind total", optional="weights")
    weights = shape.json_names(found.get("weights", {}), where="stratum")
    return TotalAllocation(
        total=shape.json_integer(found["total"], where="total"),
        weights={name: shape.json_integer(w, where=f"{name} weight", least=1) for name, w in weights.items()},
    )


def _teams(value: object) -> Teams:
    mode = _choice_of(value, key="mode", where="teams", choices=("none", "visit", "group"))
    if mode == "none":
        shape.json_object(value, where="teams", required="mode")
        return NoTeams()
    if mode == "visit":
        found = shape.json_object(value, where="teams", required="mode departments")
        return VisitTeams(departments=_departments(found["departments"]))
    found = shape.json_object(value, where="teams", required="mode departments groups", optional="group_capacity")
    return GroupTeams(
        departments=_departments(found["departments"]),
        groups=shape.json_integer(found["groups"], where="groups", least=1),
        group_capacity=_group_capacity(found.get("group_capacity")),
    )


def _group_capacity(value: object) -> int | None:
    return None if value is None else shape.json_integer(value, where="group_capacity", least=1)


def _departments(value: object) -> tuple[DepartmentRule, ...]:
    rules = tuple(_department(item) for item in shape.json_list(value, where="departments"))
    codes = [rule.code for rule in rules]
    for code in sorted(codes):
        if codes.count(code) > 1:
            raise RulesError("department-twice", department=code)
    if sum(rule.lead for rule in rules) != 1:
        raise RulesError("lead-not-one", leads=sum(rule.lead for rule in rules))
    return rules


def _department(value: object) -> DepartmentRule:
    found = shape.json_object(value, where="department", required="code lead per_team qualifications")
    codes = shape.json_list(found["qualifications"], where="qualifications")
    return DepartmentRule(
        code=department_code(found["code"]),
        lead=shape.json_flag(found["lead"], where="lead"),
        per_team=shape.json_integer(found["per_team"], where="per_team", least=1),
        qualifications=tuple(qualification(code) for code in codes),
    )
