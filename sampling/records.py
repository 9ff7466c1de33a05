"""Section 7: the record of a draw, the same bytes for the same bundle, for ever.

No clock, generator or database appears in it. `record_digest` is H of its JCS bytes.
"""

from dataclasses import dataclass

from sampling import identifiers, shape
from sampling.canonical import Json, canonical_bytes, parse_canonical
from sampling.errors import RecordError
from sampling.hashing import PROTOCOL, hex_digest

RECORD = "record.json"
_KEYS = (
    "protocol hash draw commitment_digest contributions beacon_value seed entity_key strata selected reserve "
    "teams unfilled"
)
_KEY_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Contribution:
    """A party's secret, revealed."""

    by: str
    secret: str


@dataclass(frozen=True, slots=True)
class StratumCount:
    """One stratum: N units in the pool, n of them selected; each unit's chance was n/N."""

    stratum: str
    size: int
    selected: int


@dataclass(frozen=True, slots=True)
class DrawnUnit:
    """A unit on the list of the selected or of the reserve, with the ticket that put it there."""

    unit: str
    stratum: str
    ticket: str


@dataclass(frozen=True, slots=True)
class Member:
    """An inspector on a team, under the draw's pseudonym."""

    inspector: str
    department: str
    lead: bool


@dataclass(frozen=True, slots=True)
class Team:
    """A joint inspection team (联合检查组), the units it visits and its members."""

    team: str
    units: tuple[str, ...]
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Unfilled:
    """Places nobody could be given (department and team), or a unit no team can take (only the unit)."""

    department: str
    team: str
    unit: str
    missing: int


@dataclass(frozen=True, slots=True)
class Record:
    """record.json in typed form."""

    hash_name: str
    draw: str
    commitment_digest: str
    contributions: tuple[Contribution, ...]
    beacon_value: str | None
    seed: str
    entity_key: str
    strata: tuple[StratumCount, ...]
    selected: tuple[DrawnUnit, ...]
    reserve: tuple[DrawnUnit, ...]
    teams: tuple[Team, ...]
    unfilled: tuple[Unfilled, ...]

    def to_json(self) -> dict[str, Json]:
        """Give the record as the plain values of section 7."""
        return {
            "protocol": PROTOCOL,
            "hash": self.hash_name,
            "draw": self.draw,
            "commitment_digest": self.commitment_digest,
            "contributions": [{"by": entry.by, "secret": entry.secret} for entry in self.contributions],
            "beacon_value": self.beacon_value,
            "seed": self.seed,
            "entity_key": self.entity_key,
            "strata": [{"stratum": row.stratum, "size": row.size, "selected": row.selected} for row in self.strata],
            "selected": [_drawn_json(row) for row in self.selected],
            "reserve": [_drawn_json(row) for row in self.reserve],
            "teams": [team_json(team) for team in self.teams],
            "unfilled": [unfilled_json(row) for row in self.unfilled],
        }

    def to_bytes(self) -> bytes:
        """Give the exact bytes of record.json."""
        return canonical_bytes(self.to_json())

    @property
    def digest(self) -> str:
        """Give `record_digest`."""
        return hex_digest(self.hash_name, self.to_bytes())

    @property
    def secrets(self) -> dict[str, str]:
        """Give the revealed secrets by party."""
        return {entry.by: entry.secret for entry in self.contributions}

    def chances(self) -> dict[str, StratumCount]:
        """Give n and N of every stratum by its name."""
        return {row.stratum: row for row in self.strata}


def team_json(team: Team) -> dict[str, Json]:
    """Give a team as plain values."""
    members: list[Json] = [
        {"inspector": member.inspector, "department": member.department, "lead": member.lead} for member in team.members
    ]
    return {"team": team.team, "units": list(team.units), "members": members}


def unfilled_json(row: Unfilled) -> dict[str, Json]:
    """Give a missing place or unit as plain values."""
    return {"department": row.department, "team": row.team, "unit": row.unit, "missing": row.missing}


def _drawn_json(row: DrawnUnit) -> dict[str, Json]:
    return {"unit": row.unit, "stratum": row.stratum, "ticket": row.ticket}


def parse_record(data: bytes) -> Record:
    """Read record.json, whose bytes must be in canonical form. Whether it is true is for `verify`."""
    found = shape.json_object(parse_canonical(data, name=RECORD), where=RECORD, required=_KEYS)
    hash_name, draw = shape.heading(found, where=RECORD)
    value = found["beacon_value"]
    return Record(
        hash_name=hash_name,
        draw=draw,
        commitment_digest=identifiers.digest(found["commitment_digest"], what="commitment_digest"),
        contributions=read_secrets(found["contributions"]),
        beacon_value=None if value is None else identifiers.beacon_value(value),
        seed=identifiers.digest(found["seed"], what="seed"),
        entity_key=parse_entity_key(found["entity_key"]),
        strata=tuple(map(_stratum_count, shape.json_list(found["strata"], where="strata"))),
        selected=tuple(map(_drawn_unit, shape.json_list(found["selected"], where="selected"))),
        reserve=tuple(map(_drawn_unit, shape.json_list(found["reserve"], where="reserve"))),
        teams=tuple(map(read_team, shape.json_list(found["teams"], where="teams"))),
        unfilled=tuple(map(read_unfilled, shape.json_list(found["unfilled"], where="unfilled"))),
    )


def read_secrets(value: object) -> tuple[Contribution, ...]:
    """Read a list of revealed secrets, each party once."""
    entries = tuple(map(_contribution, shape.json_list(value, where="contributions")))
    names = [entry.by for entry in entries]
    for by in names:
        if names.count(by) > 1:
            raise RecordError("contribution-twice", by=by)
    return entries


def _contribution(value: object) -> Contribution:
    found = shape.json_object(value, where="contributions", required="by secret")
    return Contribution(
        by=identifiers.contributor(found["by"]), secret=identifiers.digest(found["secret"], what="secret")
    )


def parse_entity_key(value: object) -> str:
    """Give the key of the units' tickets back: 32 lower-case hex digits."""
    text = shape.json_text(value, where="entity_key")
    if len(text) != _KEY_LENGTH or set(text) - set("0123456789abcdef"):
        raise RecordError("entity-key-malformed")
    return text


def _stratum_count(value: object) -> StratumCount:
    found = shape.json_object(value, where="strata", required="stratum size selected")
    return StratumCount(
        stratum=identifiers.identifier(found["stratum"], what="stratum"),
        size=shape.json_integer(found["size"], where="size"),
        selected=shape.json_integer(found["selected"], where="selected"),
    )


def _drawn_unit(value: object) -> DrawnUnit:
    found = shape.json_object(value, where="selected", required="unit stratum ticket")
    return DrawnUnit(
        unit=identifiers.identifier(found["unit"], what="unit"),
        stratum=identifiers.identifier(found["stratum"], what="stratum"),
        ticket=identifiers.digest(found["ticket"], what="ticket"),
    )


def read_team(value: object) -> Team:
    """Read one team."""
    found = shape.json_object(value, where="teams", required="team units members")
    units = shape.json_list(found["units"], where="units")
    return Team(
        team=identifiers.identifier(found["team"], what="team"),
        units=tuple(identifiers.identifier(unit, what="unit") for unit in units),
        members=tuple(map(_member, shape.json_list(found["members"], where="members"))),
    )


def _member(value: object) -> Member:
    found = shape.json_object(value, where="members", required="inspector department lead")
    return Member(
        inspector=identifiers.identifier(found["inspector"], what="inspector"),
        department=identifiers.department_code(found["department"]),
        lead=shape.json_flag(found["lead"], where="lead"),
    )


def read_unfilled(value: object) -> Unfilled:
    """Read one missing place or unit."""
    found = shape.json_object(value, where="unfilled", required="department team unit missing")
    return Unfilled(
        department=shape.json_text(found["department"], where="department"),
        team=shape.json_text(found["team"], where="team"),
        unit=shape.json_text(found["unit"], where="unit"),
        missing=shape.json_integer(found["missing"], where="missing", least=1),
    )
