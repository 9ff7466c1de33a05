"""The public value of a draw: the value, its entries and the rounds that passed without one, against log and seals."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import zip_longest

from sqlalchemy.orm import Session

from sampling.hashing import hex_digest
from supervision.audit.events import Event
from supervision.audit.seals import SEAL, seal_of_values
from supervision.beacons import sources
from supervision.beacons.queries import load_chain
from supervision.beacons.rules import SELF_PROVING, Attempt, schedule
from supervision.draws.beacon_models import BeaconEntry, BeaconLapse, BeaconValue
from supervision.draws.checking.audit_part import AuditFacts
from supervision.draws.checking.files_part import FileFacts
from supervision.draws.checking.findings import Bad, changed, missing, surplus
from supervision.draws.checking.log_part import Leaf, LogFacts
from supervision.draws.checking.rows import Row, compare, moment, read, table_of
from supervision.draws.rules import LogEvent, moment_text
from supervision.draws.services.beacons import EVIDENCE_FILE
from supervision.errors import DomainError

RULE, PUBLISHED = "the rule of the public value", "what the source published"
ENTRIES, VALUES, LAPSES = table_of(BeaconEntry), table_of(BeaconValue), table_of(BeaconLapse)


def check_beacon(session: Session, draw: Row, *, log: LogFacts, audit: AuditFacts, files: FileFacts) -> Iterator[Bad]:
    """Check all that is kept of a draw's public value, and the value once more against what its source published."""
    number = str(draw["number"])
    leaves = [leaf for leaf in log.of(number) if leaf.event == LogEvent.BEACON.value]
    lapses = [leaf for leaf in leaves if "evidence" not in leaf.said]
    settled = next((leaf for leaf in leaves if "evidence" in leaf.said), None)
    yield from _check_lapses(session, draw, lapses)
    wrong = list(_check_value(session, draw, settled, place=len(lapses)))
    yield from wrong
    if settled is not None and not wrong:
        yield from _check_source(session, draw, settled, place=len(lapses), files=files)
    yield from _check_entries(session, draw, audit=audit)


def _check_lapses(session: Session, draw: Row, leaves: list[Leaf]) -> Iterator[Bad]:
    rows = {row["place"]: row for row in read(session, LAPSES, LAPSES.c.draw_id == draw["id"])}
    expected = dict(enumerate(leaves))
    for place in sorted(rows.keys() | expected.keys()):
        key = f"{draw['number']}/{place}"
        if place not in rows:
            yield missing(LAPSES.name, key, expected[place].evidence)
        elif place not in expected:
            yield surplus(LAPSES.name, key, "draw log")
        else:
            leaf = expected[place]
            told: Mapping[str, object] = {
                "round": leaf.said.get("round"),
                "lapsed_at": moment(leaf.said.get("lapsed")),
                "noted_at": leaf.at,
            }
            yield from compare(LAPSES, key, rows[place], told, evidence=leaf.evidence)


def _check_value(session: Session, draw: Row, leaf: Leaf | None, *, place: int) -> Iterator[Bad]:
    number = str(draw["number"])
    row = next(iter(list(read(session, VALUES, VALUES.c.draw_id == draw["id"]))), None)
    if row is None or leaf is None:
        if leaf is not None:
            yield missing(VALUES.name, number, leaf.evidence)
        if row is not None:
            yield surplus(VALUES.name, number, "draw log")
        return
    told = {name: leaf.said.get(name) for name in ("source", "round", "rule", "digest")}
    told |= {"evidence_digest": leaf.said.get("evidence"), "settled_at": leaf.at, "place": place}
    yield from compare(VALUES, number, row, told, evidence=leaf.evidence)
    if hex_digest("sm3" if draw["hash_name"] == "sm3" else "sha256", str(row["value"]).encode()) != told["digest"]:
        yield changed(VALUES.name, number, "value", leaf.evidence)


def _check_source(session: Session, draw: Row, leaf: Leaf, *, place: int, files: FileFacts) -> Iterator[Bad]:
    """Verify the value anew: of the round that the rule gives, as its source signed it or two people typed it."""
    commitment, evidence = files.commitment, files.files.get(EVIDENCE_FILE)
    if commitment is None or commitment.beacon is None or evidence is None:
        return
    number, row = str(draw["number"]), next(iter(read(session, VALUES, VALUES.c.draw_id == draw["id"])))
    try:
        chain = load_chain(session, commitment.beacon.rule)
        attempt = schedule(chain, datetime.fromisoformat(commitment.committed_at))[place]
    except (DomainError, ValueError, KeyError, TypeError, IndexError):
        yield changed(VALUES.name, number, "rule", RULE)
        return
    due = {"source": attempt.source, "round": attempt.round.name, "rule": attempt.rule.identifier}
    yield from compare(VALUES, number, row, due, evidence=RULE)
    if leaf.said.get("known_from") not in {None, moment_text(attempt.round.begins_at)}:
        yield changed(VALUES.name, number, "round", RULE)
    if _published(attempt, evidence) != row["value"]:
        yield changed(VALUES.name, number, "value", PUBLISHED)


def _published(attempt: Attempt, evidence: bytes) -> str | None:
    """Return the value that the evidence proves; None where it proves none."""
    try:
        if attempt.rule.kind in SELF_PROVING:
            return sources.verify(attempt, evidence.decode())
        typed = {str(one["value"]) for one in json.loads(evidence)["typed"]}
    except (DomainError, ValueError, KeyError, TypeError):
        return None
    return typed.pop() if len(typed) == 1 else None


def _check_entries(session: Session, draw: Row, *, audit: AuditFacts) -> Iterator[Bad]:
    """Each entry is sealed in the step that took it in; the steps do not say what was entered."""
    steps = audit.of(Event.BEACON_ENTERED, str(draw["number"]))
    seals = {str(step.details.get(SEAL)): step for step in steps}
    rows = list(read(session, ENTRIES, ENTRIES.c.draw_id == draw["id"]))
    unlike = [row for row in rows if seals.pop(seal_of_values(session, ENTRIES.name, row), None) is None]
    for row, step in zip_longest(unlike, seals.values()):
        if row is None:
            yield missing(ENTRIES.name, str(draw["number"]), step.evidence)
        elif step is None:
            yield surplus(ENTRIES.name, str(row["id"]), "audit log")
        else:
            yield changed(ENTRIES.name, str(row["id"]), "", step.evidence)
