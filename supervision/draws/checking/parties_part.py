"""Contributions: digests against the log, secrets against digests and record, people and times against the audit."""

import base64
import binascii
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any  # raw values

from sqlalchemy.orm import Session

from sampling.records import Record
from sampling.seeds import contribution_digest
from supervision.audit.events import Event
from supervision.draws.checking.audit_part import AuditFacts, Noted
from supervision.draws.checking.findings import Bad, changed, missing, surplus
from supervision.draws.checking.log_part import Leaf, LogFacts
from supervision.draws.checking.rows import Row, read, table_of
from supervision.draws.models import Contribution, Draw
from supervision.draws.rules import SYSTEM, LogEvent
from supervision.draws.vault import Operator, Vault, place_of
from supervision.errors import RuleBroken

PARTIES = Contribution.__tablename__


@dataclass(frozen=True, slots=True)
class Kept:
    """Where secrets are kept: locked up, and once it is drawn in the record."""

    vault: Vault
    record: Record | None


def read_parties(session: Session, draw: Row) -> dict[str, Row]:
    """Return the raw contributions of a draw by party."""
    return {str(row["by"]): row for row in read(session, table_of(Contribution), Contribution.draw_id == draw["id"])}


def check_parties(
    draw: Row,
    rows: Mapping[str, Row],
    *,
    parties: set[str],
    log: LogFacts,
    audit: AuditFacts,
    kept: Kept,
) -> Iterator[Bad]:
    """Check the contributions of a draw; ``parties`` are those that commitment, rules or log name."""
    number = str(draw["number"])
    sealed = {str(leaf.said.get("by")): leaf for leaf in log.of(number) if leaf.event == LogEvent.CONTRIBUTED.value}
    entries = {str(step.details.get("by")): step for step in audit.of(Event.DRAW_CONTRIBUTED, number)}
    shown = {str(step.details.get("by")): step for step in audit.of(Event.DRAW_REVEALED, number)}
    drawn = log.last(number, LogEvent.DRAWN)
    for by in sorted(parties | rows.keys()):
        key = f"{number}/{by}"
        if by not in rows:
            yield missing(PARTIES, key, "the parties of the draw")
        elif by not in parties:
            yield surplus(PARTIES, key, "the parties of the draw")
        elif by != SYSTEM:
            yield from _check_sealed(rows[by], key, sealed.get(by), entries.get(by))
            yield from _check_revealed(draw, rows[by], key, step=shown.get(by), drawn=drawn, kept=kept)
        else:
            yield from _check_system(draw, rows[by], key, drawn=drawn, kept=kept)


def _differing(row: Row, key: str, expected: Mapping[str, object], evidence: str) -> Iterator[Bad]:
    for column, value in expected.items():
        if row[column] != value:
            yield changed(PARTIES, key, column, evidence)


def _check_sealed(row: Row, key: str, leaf: Leaf | None, step: Noted | None) -> Iterator[Bad]:
    expected = {"digest": leaf.said.get("digest") if leaf else None, "sealed_at": leaf.at if leaf else None}
    yield from _differing(row, key, expected, leaf.evidence if leaf else "draw log")
    person = {"sealed_by": step.actor_id if step else None}
    yield from _differing(row, key, person, step.evidence if step else "audit log")


def _check_revealed(
    draw: Row, row: Row, key: str, *, step: Noted | None, drawn: Leaf | None, kept: Kept
) -> Iterator[Bad]:
    """Secrets are handed over at the reveal, in the beacon form with the digest; all are shown with the draw."""
    handed = step is not None or (bool(draw["beacon_rule"]) and row["digest"] is not None)
    evidence = step.evidence if step else "the draw's form"
    yield from _check_secret(draw, row, key, handed=handed, evidence=evidence, kept=kept)
    shown = step.at if step else drawn.at if drawn else None
    yield from _differing(row, key, {"revealed_at": shown}, step.evidence if step else "draw log")


def _check_system(draw: Row, row: Row, key: str, *, drawn: Leaf | None, kept: Kept) -> Iterator[Bad]:
    """The platform seals at the freeze, in the same leaf, and reveals with the draw."""
    yield from _differing(row, key, {"sealed_by": None, "sealed_at": None}, "the leaf of the freeze")
    evidence = drawn.evidence if drawn else "draw log"
    yield from _differing(row, key, {"revealed_at": drawn.at if drawn else None}, evidence)
    yield from _check_secret(draw, row, key, handed=drawn is not None, evidence=evidence, kept=kept)


def _check_secret(draw: Row, row: Row, key: str, *, handed: bool, evidence: str, kept: Kept) -> Iterator[Bad]:
    column = "secret" if row["secret"] is not None else "locked_secret"
    if not handed:
        if row[column] is not None:
            yield changed(PARTIES, key, column, evidence)
        return
    secret = row["secret"]
    if row["locked_secret"] is not None:
        secret = take_out(kept.vault, row["locked_secret"], place=place_of(str(draw["number"]), str(row["by"])))
    expected = kept.record.secrets.get(str(row["by"])) if kept.record else secret
    if secret is None or secret != expected or (row["secret"] is not None and row["secret"] != secret):
        yield changed(PARTIES, key, column, "record.json" if kept.record else evidence)
    elif row["digest"] != _digest(draw, str(row["by"]), secret):
        yield changed(PARTIES, key, column, "the sealed digest")


def _digest(draw: Row, by: str, secret: str) -> str:
    name = draw["hash_name"] if draw["hash_name"] in {"sha256", "sm3"} else "sha256"
    return contribution_digest(hash_name=name, draw=str(draw["number"]), by=by, secret=secret)


def own_secret(draw: Row, operator: Operator) -> str | None:
    """Return the platform's secret out of the vault; None when what lies there was not put in by this platform."""
    return take_out(operator, draw["system_secret"], place=str(draw["number"]))


def take_out(vault: Vault, locked: Any, *, place: str) -> str | None:
    """Return what lies locked in a place; None for anything but the very text that was put there."""
    try:
        if base64.b64encode(base64.b64decode(locked, validate=True)).decode() != locked:
            return None
        return vault.take_out(locked, draw=place)
    except (RuleBroken, binascii.Error, TypeError, ValueError):
        return None


def check_vault(draw: Row, secret: str | None, own: Row | None, *, leaf: str) -> Iterator[Bad]:
    """Check the locked secret of a draw; ``leaf`` says which digest the log holds for it."""
    number = str(draw["number"])
    if secret is None:
        yield changed(Draw.__tablename__, number, "system_secret", "the platform's key")
        return
    digest = _digest(draw, SYSTEM, secret)
    if own is not None and own["digest"] != digest:
        yield changed(PARTIES, f"{number}/{SYSTEM}", "digest", leaf)


def own_digest(draw: Row, secret: str | None, rows: Mapping[str, Row]) -> str | None:
    """Return the digest of the platform's own contribution: by its secret, else as it stands in the row."""
    if secret is not None:
        return _digest(draw, SYSTEM, secret)
    row = rows.get(SYSTEM)
    return str(row["digest"]) if row is not None and row["digest"] else None
