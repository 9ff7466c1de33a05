"""Other ways to give out places on teams: each takes inspectors, units and recusals, and gives who goes where.

Optimizers choose the cheapest assignment; costs drawn anew for each seed are how they are made to draw lots.
"""

import random
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from sampling.matching import Agent, match

CANDIDATES = 8
_FORBIDDEN = 1e9
_COSTS = 1_000_000


@dataclass(frozen=True, slots=True)
class Duty:
    """One department's duty: its inspectors, each with a cap, so many places at every unit, and who is recused."""

    inspectors: Sequence[str]
    units: Sequence[str]
    places: int
    cap: int
    recused: Mapping[str, Set[str]]

    def may(self, inspector: str, unit: str) -> bool:
        """Tell whether the inspector may go there."""
        return unit not in self.recused.get(inspector, frozenset())


def by_protocol(duty: Duty, seed: int) -> list[str]:
    """Ours: section 6."""
    found = match(
        f"{seed:032x}",
        hash_name="sha256",
        agents=[Agent(name, duty.cap) for name in duty.inspectors],
        need=dict.fromkeys(duty.units, duty.places),
        barred=duty.recused,
    )
    return [name for members in found.members.values() for name in members]


def by_picking(duty: Duty, seed: int) -> list[str]:
    """Fill place after place with anybody who still may, as a spreadsheet would."""
    chance = random.Random(seed)  # noqa: S311 - compared, not used
    left = dict.fromkeys(duty.inspectors, duty.cap)
    chosen: list[str] = []
    for unit in duty.units:
        able = [name for name in duty.inspectors if left[name] and duty.may(name, unit)]
        picked = chance.sample(able, min(duty.places, len(able)))
        for name in picked:
            left[name] -= 1
        chosen += picked
    return chosen


def by_assignment(duty: Duty, seed: int) -> list[str]:
    """scipy's linear_sum_assignment: every place against every visit an inspector may make."""
    chance = np.random.default_rng(seed)
    rows = [unit for unit in duty.units for _ in range(duty.places)]
    columns = [name for name in duty.inspectors for _ in range(duty.cap)]
    costs = chance.random((len(rows), len(columns)))
    for column, name in enumerate(columns):
        for row, unit in enumerate(rows):
            if duty.recused and not duty.may(name, unit):
                costs[row, column] = _FORBIDDEN
    chosen = import_module("scipy.optimize").linear_sum_assignment(costs)[1]
    return [columns[column] for column in chosen]


def by_flow(duty: Duty, seed: int) -> list[str]:
    """OR-Tools min-cost flow; in a large district each unit asks a few candidates, else there are too many arcs."""
    solver = import_module("ortools.graph.python.min_cost_flow").SimpleMinCostFlow()
    pairs = _pairs(duty, seed)
    people, units = len(duty.inspectors), len(duty.units)
    sink = people + units
    costs = np.random.default_rng(seed).integers(0, _COSTS, len(pairs))
    arcs = solver.add_arcs_with_capacity_and_unit_cost(
        pairs[:, 0], people + pairs[:, 1], np.ones(len(pairs), dtype=np.int64), costs
    )
    ends = np.arange(units) + people
    solver.add_arcs_with_capacity_and_unit_cost(
        ends, np.full(units, sink), np.full(units, duty.places), np.zeros(units)
    )
    begins = np.arange(people)
    source = sink + 1
    solver.add_arcs_with_capacity_and_unit_cost(
        np.full(people, source), begins, np.full(people, duty.cap), np.zeros(people)
    )
    solver.set_nodes_supplies(np.array([source, sink]), np.array([units * duty.places, -units * duty.places]))
    if solver.solve_max_flow_with_min_cost() != solver.OPTIMAL:
        raise SystemExit("the flow has no solution")
    taken = solver.flows(arcs) > 0
    return [duty.inspectors[inspector] for inspector in pairs[taken, 0]]


def by_constraints(duty: Duty, seed: int, limit: float = 60.0) -> list[str]:
    """OR-Tools CP-SAT; an empty list where it found nothing within the limit."""
    cp_model: Any = import_module("ortools.sat.python.cp_model")
    model = cp_model.CpModel()
    pairs = _pairs(duty, seed)
    taken = [model.new_bool_var("") for _ in pairs]
    by_person: list[list[Any]] = [[] for _ in duty.inspectors]
    by_unit: list[list[Any]] = [[] for _ in duty.units]
    for (person, unit), variable in zip(pairs.tolist(), taken, strict=True):
        by_person[person].append(variable)
        by_unit[unit].append(variable)
    for variables in by_person:
        model.add(sum(variables) <= duty.cap)
    for variables in by_unit:
        model.add(sum(variables) == duty.places)
    costs = np.random.default_rng(seed).integers(0, _COSTS, len(pairs)).tolist()
    model.minimize(cp_model.LinearExpr.weighted_sum(taken, costs))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_time_in_seconds = limit
    if solver.solve(model) != cp_model.OPTIMAL:
        return []
    return [
        duty.inspectors[person]
        for (person, _), variable in zip(pairs.tolist(), taken, strict=True)
        if solver.value(variable)
    ]


def by_sortition(duty: Duty, seeds: int) -> list[list[str]]:
    """sortition-algorithms (maximin): panels as large as there are places; it knows no teams and no recusals."""
    library: Any = import_module("sortition_algorithms")
    wanted = len(duty.units) * duty.places
    limits = {"feature": "service", "value": "yes", "min": str(wanted), "max": str(wanted)}
    features, *_ = library.read_in_features(list(limits), [limits], wanted)
    settings = library.Settings(id_column="id", columns_to_keep=[])
    rows = [{"id": name, "service": "yes"} for name in duty.inspectors]
    people, _ = library.read_in_people(["id", "service"], rows, features, settings)
    panels, _ = library.find_random_sample(features, people, wanted, [], number_selections=seeds)
    return [list(panel) for panel in panels]


def _pairs(duty: Duty, seed: int) -> np.ndarray:
    """Give (inspector, unit) pairs that may be: all in a small duty, a few for each unit in a large one."""
    people, units = len(duty.inspectors), len(duty.units)
    if people * units <= 100_000:
        return np.array(
            [
                (person, unit)
                for person, name in enumerate(duty.inspectors)
                for unit, code in enumerate(duty.units)
                if duty.may(name, code)
            ]
        )
    chance = np.random.default_rng(seed)
    chosen = (chance.integers(0, people, (units, 1)) + np.arange(CANDIDATES) * (people // CANDIDATES)) % people
    pairs = np.stack([chosen.ravel(), np.repeat(np.arange(units), CANDIDATES)], axis=1)
    names = duty.inspectors
    allowed = [duty.may(names[person], duty.units[unit]) for person, unit in pairs.tolist()]
    return pairs[np.array(allowed)]
