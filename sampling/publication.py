"""Section 1, what is shown: the public bundle of a draw once it is opened.

Never shown: who is who (mapping) and who is tied to whom (ties). For confidential strata also withheld are
the pool's strata and salts, the secrets, seed, keys and tickets; instead of frame.tsv there is a list of
units without strata (`frame_units.tsv`) and instead of record.json a shortened `record_public.json`, which
names the full record's digest. Witnesses who verified the full bundle sign `statements.json`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sampling import identifiers, shape
from sampling.bundle import LOG, PUBLIC_FRAME, PUBLIC_RECORD, STATEMENTS, Bundle
from sampling.canonical import canonical_bytes, parse_canonical
from sampling.commitment import COMMITMENT
from sampling.errors import FileError
from sampling.hashing import PROTOCOL
from sampling.records import RECORD, Record, Team, Unfilled, read_team, read_unfilled, team_json, unfilled_json
from sampling.rules import RULES
from sampling.signed_notes import SignedNote, VerifierKey, parse_note, parse_verifier_key
from sampling.tables import EXCLUDED, FRAME, ROSTER, lines_of

_ALWAYS = (EXCLUDED, ROSTER, RULES, COMMITMENT, LOG, STATEMENTS)
_KEYS = "protocol hash draw commitment_digest record_digest beacon_value strata units teams unfilled"


@dataclass(frozen=True, slots=True)
class PublicRecord:
    """record_public.json: what may be known of a draw with confidential strata."""

    hash_name: str
    draw: str
    commitment_digest: str
    record_digest: str
    beacon_value: str | None
    sizes: dict[str, int]
    counts: dict[str, int]
    units: tuple[str, ...]
    teams: tuple[Team, ...]
    unfilled: tuple[Unfilled, ...]


@dataclass(frozen=True, slots=True)
class Statements:
    """statements.json: signed notes of witnesses, and the keys to check them with."""

    notes: tuple[SignedNote, ...]
    keys: tuple[VerifierKey, ...]


def public_files(bundle: Bundle) -> dict[str, bytes]:
    """Give the files of the public bundle of an opened draw."""
    shown = {name: bundle.files[name] for name in _ALWAYS if bundle.has(name)}
    if not bundle.rules.confidential:
        return shown | {name: bundle.files[name] for name in (FRAME, RECORD) if bundle.has(name)}
    shown[PUBLIC_FRAME] = "".join(f"{unit}\n" for unit in bundle.frame.units).encode()
    if bundle.has(RECORD):
        shown[PUBLIC_RECORD] = public_record_json(bundle.record)
    return shown


def public_record_json(record: Record) -> bytes:
    """Shorten a record to what may be shown when strata are confidential."""
    return canonical_bytes(
        {
            "protocol": PROTOCOL,
            "hash": record.hash_name,
            "draw": record.draw,
            "commitment_digest": record.commitment_digest,
            "record_digest": record.digest,
            "beacon_value": record.beacon_value,
            "strata": record.to_json()["strata"],
            "units": sorted(row.unit for row in record.selected),
            "teams": [team_json(team) for team in record.teams],
            "unfilled": [unfilled_json(row) for row in record.unfilled],
        }
    )


def parse_public_record(data: bytes) -> PublicRecord:
    """Read record_public.json."""
    parsed = parse_canonical(data, name=PUBLIC_RECORD)
    found = shape.json_object(parsed, where=PUBLIC_RECORD, required=_KEYS)
    hash_name, draw = shape.heading(found, where=PUBLIC_RECORD)
    value = found["beacon_value"]
    sizes, counts = _totals(found["strata"])
    units = shape.json_list(found["units"], where="units")
    return PublicRecord(
        hash_name=hash_name,
        draw=draw,
        commitment_digest=identifiers.digest(found["commitment_digest"], what="commitment_digest"),
        record_digest=identifiers.digest(found["record_digest"], what="record_digest"),
        beacon_value=None if value is None else identifiers.beacon_value(value),
        sizes=sizes,
        counts=counts,
        units=tuple(identifiers.identifier(unit, what="unit") for unit in units),
        teams=tuple(map(read_team, shape.json_list(found["teams"], where="teams"))),
        unfilled=tuple(map(read_unfilled, shape.json_list(found["unfilled"], where="unfilled"))),
    )


def _totals(value: object) -> tuple[dict[str, int], dict[str, int]]:
    sizes: dict[str, int] = {}
    counts: dict[str, int] = {}
    for item in shape.json_list(value, where="strata"):
        row = shape.json_object(item, where="strata", required="stratum size selected")
        stratum = identifiers.identifier(row["stratum"], what="stratum")
        sizes[stratum] = shape.json_integer(row["size"], where="size")
        counts[stratum] = shape.json_integer(row["selected"], where="selected")
    return sizes, counts


def parse_public_frame(data: bytes) -> tuple[str, ...]:
    """Read frame_units.tsv: the units of the pool, sorted, one a line."""
    if data and not data.endswith(b"\n"):
        raise FileError("line-without-end", file=PUBLIC_FRAME, line=data.count(b"\n") + 1)
    lines = (line.decode("utf-8", "replace") for line in lines_of(data))
    units = tuple(identifiers.identifier(line, what="unit") for line in lines)
    if list(units) != sorted(set(units)):
        raise FileError("line-unsorted", file=PUBLIC_FRAME, line=0, value="-")
    return units


def parse_statements(data: bytes) -> Statements:
    """Read statements.json: `{"keys": [VERIFIER KEY, …], "statements": [NOTE, …]}`."""
    parsed = parse_canonical(data, name=STATEMENTS)
    found = shape.json_object(parsed, where=STATEMENTS, required="keys statements")
    return Statements(
        notes=tuple(parse_note(note) for note in _texts(found["statements"], where="statements")),
        keys=tuple(parse_verifier_key(key) for key in _texts(found["keys"], where="keys")),
    )


def _texts(value: object, *, where: str) -> Sequence[str]:
    return [shape.json_text(item, where=where) for item in shape.json_list(value, where=where)]


def shown_record_digest(bundle: Bundle) -> str | None:
    """Give the digest of the record as it stands there or, for confidential strata, as it is stated."""
    if bundle.has(RECORD):
        return bundle.record.digest
    if bundle.has(PUBLIC_RECORD):
        return parse_public_record(bundle.files[PUBLIC_RECORD]).record_digest
    return None
