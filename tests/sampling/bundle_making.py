"""Bundles for tests: the least valid one, and any number of random ones."""

import hashlib
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sampling import freezing
from sampling.canonical import canonical_bytes
from sampling.seeds import contribution_digest
from sampling.tables import RosterLine

VECTORS = Path(__file__).parents[1] / "golden" / "draw_vectors"
DRAW = "310106-2026-0007"
BEACON = {"source": "drand-quicknet", "round": "34177612", "rule": "first-after-1800s"}
SECRETS = {"SCJG": "a" * 64, "system": "b" * 64}


@dataclass(frozen=True, slots=True)
class Case:
    """A committed bundle and what is revealed for it."""

    files: Mapping[str, bytes]
    secrets: Mapping[str, str] = field(default_factory=lambda: dict(SECRETS))
    beacon_value: str | None = None


def least_rules(**changes):
    rules = {
        "protocol": "double-random-draw/1",
        "hash": "sha256",
        "draw": DRAW,
        "strata": "public",
        "allocation": {"kind": "count", "strata": {"A": {"count": 2}, "B": {"count": 1}}},
        "reserve": 1,
        "teams": {
            "mode": "visit",
            "departments": [{"code": "SCJG", "lead": True, "per_team": 2, "qualifications": []}],
        },
    }
    return {**rules, **changes}


def least_files(**changes):
    roster = [RosterLine(f"I{number}", "SCJG", 3, 0) for number in range(5)]
    files = {
        "frame.tsv": freezing.frame_tsv([(f"U{number}", "AB"[number % 2]) for number in range(8)]),
        "excluded.tsv": freezing.excluded_tsv([("X1", "scope"), ("X2", "same-item-this-year")]),
        "roster.tsv": freezing.roster_tsv(roster),
        "ties.tsv": freezing.ties_tsv([("I0", "U0"), ("I1", "U1"), ("nobody", "U1")]),
        "mapping.tsv": freezing.mapping_tsv((f"I{n}", f"0931010600{n}", f"{n:032x}") for n in range(5)),
        "rules.json": freezing.rules_json(least_rules()),
    }
    return {**files, **changes}


def committed(files, *, secrets=None, beacon_value=None, hash_name="sha256", draw=DRAW):
    """Commit to the files, as the platform does."""
    secrets = SECRETS if secrets is None else secrets
    digests = {
        by: contribution_digest(hash_name=hash_name, draw=draw, by=by, secret=secret) for by, secret in secrets.items()
    }
    commitment = freezing.commitment_json(
        draw=draw,
        hash_name=hash_name,
        plan_digest="0" * 64,
        files=files,
        contributions=digests,
        beacon=BEACON if beacon_value else None,
        committed_at="2026-11-22T08:00:00Z",
    )
    return Case(files={**files, "commitment.json": commitment}, secrets=secrets, beacon_value=beacon_value)


def least_case(**changes):
    return committed(least_files(**changes))


def random_case(number):
    """Make a random bundle, small enough to be hard: ties, caps and qualifications bind all the time."""
    chance = random.Random(number)  # noqa: S311 - test data, the same every time
    hash_name = chance.choice(["sha256", "sha256", "sm3"])
    strata = [f"S{i}" for i in range(chance.randint(1, 4))]
    units = [f"U{i}" for i in range(chance.randint(0, 40))]
    confidential = chance.random() < 0.2
    salts = [(chance.randbytes(16).hex(),) if confidential else () for _ in units]
    roster = _random_roster(chance)
    density = chance.choice([0, 0.1, 0.4, 0.7])
    files = {
        "frame.tsv": freezing.frame_tsv(
            (unit, chance.choice(strata), *salt) for unit, salt in zip(units, salts, strict=True)
        ),
        "excluded.tsv": freezing.excluded_tsv((f"X{i}", "scope") for i in range(chance.randint(0, 5))),
        "roster.tsv": freezing.roster_tsv(roster),
        "ties.tsv": freezing.ties_tsv(
            (line.inspector, unit) for line in roster for unit in units if chance.random() < density
        ),
        "mapping.tsv": freezing.mapping_tsv(
            (line.inspector, f"0{i:010}", f"{i:032x}") for i, line in enumerate(roster)
        ),
        "rules.json": canonical_bytes(
            least_rules(
                hash=hash_name,
                strata="confidential" if confidential else "public",
                allocation=_random_allocation(chance, strata),
                reserve=chance.randint(0, 4),
                teams=_random_teams(chance),
            )
        ),
    }
    secrets = {by: chance.randbytes(32).hex() for by in ["system", "SCJG", "XFJY"][: chance.randint(2, 3)]}
    value = hashlib.sha256(str(number).encode()).hexdigest() if chance.random() < 0.5 else None
    return committed(files, secrets=secrets, beacon_value=value, hash_name=hash_name)


def _random_roster(chance):
    codes = ["Q1", "Q2", "Q3"]
    return [
        RosterLine(
            f"I{i}",
            chance.choice(["SCJG", "XFJY", "JYJ"]),
            chance.choice([0, 1, 1, 2, 3, 9]),
            chance.randint(0, 3),
            chance.choice([("*",), (), tuple(chance.sample(codes, 2)), ("Q1", "Q2")]),
        )
        for i in range(chance.randint(0, 24))
    ]


def _random_allocation(chance, strata):
    kind = chance.choice(["rate", "count", "total"])
    if kind == "rate":
        rates = {s: {"rate_bp": chance.choice([0, 100, 3333, 10000]), "min": chance.randint(0, 4)} for s in strata}
        return {"kind": kind, "strata": rates | {"ZZ": {"rate_bp": 1}}}
    if kind == "count":
        return {"kind": kind, "strata": {s: {"count": chance.randint(0, 12)} for s in strata}}
    weights = {s: chance.choice([1, 2, 7, 300, 2**40]) for s in strata if chance.random() < 0.7}
    return {"kind": kind, "total": chance.choice([0, 3, 12, 25, 60]), "weights": weights}


def _random_teams(chance):
    mode = chance.choice(["none", "visit", "visit", "group", "group"])
    if mode == "none":
        return {"mode": mode}
    codes = chance.sample(["SCJG", "XFJY", "JYJ"], chance.randint(1, 3))
    lead = chance.choice(codes)
    departments = [
        {"code": code, "lead": code == lead, "per_team": chance.randint(1, 3), "qualifications": qualifications}
        for code in codes
        for qualifications in [chance.choice([[], ["Q1"], ["Q1", "Q2"]])]
    ]
    teams = {"mode": mode, "departments": departments}
    if mode == "group":
        teams["groups"] = chance.choice([1, 2, 4, 9, 100])
        teams |= chance.choice([{}, {"group_capacity": None}, {"group_capacity": chance.randint(1, 4)}])
    return teams
