"""Writing the files of a draw: sorted, checked, in the one form that has the right digest (sections 1, 2, 8).

The platform freezes with these functions; reading the files back uses the same checks, so a file that can
be frozen can be drawn from.
"""

from collections.abc import Iterable, Mapping, Sequence

from sampling import identifiers, tables
from sampling.backends.choice import table_root
from sampling.bundle import FROZEN_FILES, check_disjoint, check_pseudonyms
from sampling.canonical import canonical_bytes
from sampling.commitment import COMMITMENT, Beacon, Commitment, parse_commitment
from sampling.errors import FileError
from sampling.hashing import LOG_HASH, PROTOCOL, hex_digest
from sampling.records import RECORD
from sampling.rules import RULES, parse_rules, read_rules
from sampling.tables import EXCLUDED, FRAME, MAPPING, ROSTER, TIES, RosterLine

OPENED_FILES = (*FROZEN_FILES, COMMITMENT, RECORD)


def frame_tsv(rows: Iterable[Sequence[str]]) -> bytes:
    """Write frame.tsv from (unit, stratum) rows, or (unit, stratum, salt) rows for confidential strata."""
    data = _written(rows)
    first_line = data.partition(b"\n")[0]
    tables.parse_frame(data, salted=first_line.count(b"\t") > 1)
    return data


def excluded_tsv(rows: Iterable[tuple[str, str]]) -> bytes:
    """Write excluded.tsv from (unit, reason) rows."""
    data = _written(rows)
    tables.parse_excluded(data)
    return data


def roster_tsv(rows: Iterable[RosterLine]) -> bytes:
    """Write roster.tsv; qualifications may come in any order."""
    data = _written(
        (line.inspector, line.department, str(line.cap), str(line.prior), _qualifications(line)) for line in rows
    )
    tables.parse_roster(data)
    return data


def ties_tsv(rows: Iterable[tuple[str, str]]) -> bytes:
    """Write ties.tsv from (inspector, unit) rows; a tie found twice is written once."""
    data = _written(set(rows))
    tables.parse_ties(data)
    return data


def mapping_tsv(rows: Iterable[tuple[str, str, str]]) -> bytes:
    """Write mapping.tsv from (pseudonym, certificate number, salt) rows; nobody may stand in it twice."""
    data = _written(rows)
    holder: dict[str, str] = {}
    for line in tables.parse_mapping(data):
        first = holder.setdefault(line.certificate, line.pseudonym)
        if first != line.pseudonym:
            raise FileError("certificate-twice", first=first, second=line.pseudonym)
    return data


def rules_json(rules: Mapping[str, object]) -> bytes:
    """Check the rules (section 4 and 6) and write rules.json."""
    read_rules(rules)
    return canonical_bytes(rules)


def frozen_digest(files: Mapping[str, bytes], system_contribution_digest: str, hash_name: str) -> str:
    """Give the digest of the log's `frozen` leaf: the operator's own contribution and all frozen files."""
    identifiers.digest(system_contribution_digest, what="digest")
    return _frozen_digest(_digests(files, FROZEN_FILES, hash_name), system_contribution_digest, hash_name)


def opened_digest(files: Mapping[str, bytes], hash_name: str) -> str:
    """Give the digest of the log's `opened` and `abandoned` leaves over the full bundle.

    `log.json` is not in it, for it grows with that very leaf; before a draw `record.json` is not either.
    """
    names = [name for name in OPENED_FILES if name != RECORD or RECORD in files]
    return hex_digest(hash_name, canonical_bytes(_digests(files, names, hash_name)))


def committed_frozen_digest(commitment: Commitment, system_contribution_digest: str) -> str:
    """Give the `frozen` digest that belongs to a commitment, whose digests stand for files not shown."""
    return _frozen_digest(_committed_digests(commitment), system_contribution_digest, commitment.hash_name)


def committed_opened_digest(commitment: Commitment, record_digest: str | None) -> str:
    """Give the `opened` digest that belongs to a commitment and the digest of its record, if it has one."""
    digests = {**_committed_digests(commitment), COMMITMENT: commitment.digest}
    if record_digest is not None:
        digests[RECORD] = record_digest
    return hex_digest(commitment.hash_name, canonical_bytes(digests))


def register_digest(units: Iterable[str]) -> str:
    """Give the digest of the log's monthly `register` leaf: SHA-256 of the sorted units, one a line."""
    return hex_digest(LOG_HASH, "".join(f"{unit}\n" for unit in sorted(units)).encode())


def commitment_json(
    *,
    draw: str,
    hash_name: str,
    plan_digest: str,
    files: Mapping[str, bytes],
    contributions: Mapping[str, str],
    beacon: Beacon | Mapping[str, str] | None,
    committed_at: str,
) -> bytes:
    """Write commitment.json over the frozen files; `contributions` holds each party's digest."""
    _check_together(files, draw=draw, hash_name=hash_name)
    data = canonical_bytes(
        {
            "protocol": PROTOCOL,
            "hash": hash_name,
            "draw": draw,
            "plan_digest": plan_digest,
            **_facts(files, hash_name),
            "contributions": [{"by": by, "digest": contributions[by]} for by in sorted(contributions)],
            "beacon": _beacon(beacon),
            "committed_at": committed_at,
        }
    )
    parse_commitment(data)
    return data


def _facts(files: Mapping[str, bytes], hash_name: str) -> dict[str, str | int]:
    facts: dict[str, str | int] = {}
    for name, file_digest in _digests(files, FROZEN_FILES, hash_name).items():
        facts[f"{name.partition('.')[0]}_digest"] = file_digest
    for name in (FRAME, EXCLUDED, ROSTER, TIES):
        facts[f"{name.partition('.')[0]}_size"] = tables.count_lines(files[name])
    for name in (FRAME, EXCLUDED):
        facts[f"{name.partition('.')[0]}_root"] = table_root(hash_name, files[name])
    return facts


def _check_together(files: Mapping[str, bytes], *, draw: str, hash_name: str) -> None:
    """Find before the commitment what would stop the draw after it."""
    _digests(files, FROZEN_FILES, hash_name)
    rules = parse_rules(files[RULES])
    if (rules.draw, rules.hash_name) != (draw, hash_name):
        raise FileError("rules-of-other-draw", rules=rules.draw, draw=draw)
    frame = tables.parse_frame(files[FRAME], salted=rules.confidential)
    rules.check_strata(frame.strata)
    check_disjoint(frame.units, tables.parse_excluded(files[EXCLUDED]).units)
    roster = tables.parse_roster(files[ROSTER])
    mapping = tables.parse_mapping(files[MAPPING])
    check_pseudonyms([line.inspector for line in roster], [line.pseudonym for line in mapping])
    tables.parse_ties(files[TIES])


def _frozen_digest(digests: Mapping[str, str], contribution: str, hash_name: str) -> str:
    return hex_digest(hash_name, canonical_bytes({"contribution": contribution, "files": digests}))


def _committed_digests(commitment: Commitment) -> dict[str, str]:
    return {name: getattr(commitment, f"{name.partition('.')[0]}_digest") for name in FROZEN_FILES}


def _digests(files: Mapping[str, bytes], names: Iterable[str], hash_name: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in names:
        if name not in files:
            raise FileError("freeze-file-missing", file=name)
        found[name] = hex_digest(hash_name, files[name])
    return found


def _written(rows: Iterable[Sequence[str]]) -> bytes:
    return "".join(f"{line}\n" for line in sorted("\t".join(row) for row in rows)).encode()


def _qualifications(line: RosterLine) -> str:
    return ",".join(sorted(line.qualifications)) or tables.NO_QUALIFICATION


def _beacon(beacon: Beacon | Mapping[str, str] | None) -> Mapping[str, str] | None:
    if isinstance(beacon, Beacon):
        return {"source": beacon.source, "round": beacon.round, "rule": beacon.rule}
    return beacon
