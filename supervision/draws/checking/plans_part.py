"""Published plans: the document against its digest, and the row's own columns against the document."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any  # documents are JSON

from sqlalchemy.orm import Session

from sampling.canonical import canonical_bytes, parse_canonical
from sampling.errors import SamplingError
from supervision.draws.checking.findings import Bad, changed
from supervision.draws.checking.rows import Row, fits, from_json, read, table_of
from supervision.plans.models import PlanVersion
from supervision.plans.rules import Scope

TABLE = table_of(PlanVersion)
DOCUMENT = "the published document"


def check_plans(session: Session, committed: Mapping[int, str]) -> Iterator[Bad]:
    """Check every published version; ``committed`` are the digests that draws committed to, by version."""
    for row in read(session, TABLE):
        if row["published_at"] is None and row["digest"] is None and row["published_json"] is None:
            continue
        yield from _check(row, committed.get(row["id"]))


def _check(row: Row, committed: str | None) -> Iterator[Bad]:
    text, key = row["published_json"], row["id"]
    digest = hashlib.sha256(str(text).encode()).hexdigest() if isinstance(text, str) else ""
    anchor = committed or row["digest"]
    if digest != anchor:
        # without a draw only the two columns speak: the text that is no document, or the digest
        column = "published_json" if committed else _of_two(text)
        yield changed(TABLE.name, key, column, "the commitment of a draw" if committed else "its digest")
    if row["digest"] != anchor:
        yield changed(TABLE.name, key, "digest", "the commitment of a draw")
    document = _document(text)
    if document is not None and digest == anchor:
        for column, value in _expected(document, row).items():
            # a document written before the row had its defaults says nothing, which is what the row says too
            nothing = value is None and not row[column]
            if not nothing and not fits(TABLE.c[column], row[column], value):
                yield changed(TABLE.name, key, column, DOCUMENT)
        if document["confidential_scope_digest"] != _sealed(row):
            yield changed(TABLE.name, key, "confidential_salt", DOCUMENT)


def _of_two(text: object) -> str:
    return "digest" if _document(text) is not None else "published_json"


def _document(text: object) -> dict[str, Any] | None:
    try:
        found = parse_canonical(str(text).encode(), name="plan")
    except SamplingError:
        return None
    return found if isinstance(found, dict) else None


def _expected(document: Mapping[str, Any], row: Row) -> dict[str, Any]:
    """Return the columns that the document repeats. The salted part of the scope is compared by its digest."""
    teams = document["teams"]
    expected = {
        "version_no": document["version"],
        "starts_on": document["period"]["from"],
        "ends_on": document["period"]["to"],
        "team_mode": teams["mode"],
        "group_count": teams["groups"],
        "group_capacity": teams["group_capacity"],
        "visit_cap": teams["visit_cap"],
        "scope": _scope(document, row),
    }
    same = "title description change_reason stratification class_rate_replaces allocation reserve publish_list_before "
    expected |= {name: document[name] for name in (same + "expected_pool planned_visits").split()}
    expected["beacon_rule"] = document.get("beacon_rule", "")
    late = document.get("late_publication")
    if late is not None:
        expected |= {"publication_due_on": late["due"], "late_ground": late["ground"], "late_note": late["note"]}
    return {name: _plain(value, row[name]) for name, value in expected.items()}


def _plain(value: object, found: object) -> object:
    """Return a day of the document as the database has it: SQLite keeps a text."""
    return date.fromisoformat(str(value)) if isinstance(found, date) else value


def _scope(document: Mapping[str, Any], row: Row) -> dict[str, Any]:
    kept = from_json(row["scope"])
    inside = {name: kept[name] for name in ("risk_classes", "internal_tags") if isinstance(kept, dict) and name in kept}
    return {**document["scope"], **inside}


def _sealed(row: Row) -> str | None:
    kept = from_json(row["scope"])
    if not isinstance(kept, dict):
        return ""
    scope = Scope.from_json({name: value for name, value in kept.items() if name in Scope.__slots__})
    if not scope.confidential:
        return None
    sealed: dict[str, Any] = {"salt": row["confidential_salt"], "risk_classes": sorted(scope.risk_classes)}
    if scope.internal_tags:
        sealed["tags"] = sorted(scope.internal_tags)
    return hashlib.sha256(canonical_bytes(sealed)).hexdigest()
