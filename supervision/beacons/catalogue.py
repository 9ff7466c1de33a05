"""Loading beacon rules from a catalogue: the shipped one, or a district's own."""

import json
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.beacons.models import BeaconRule
from supervision.beacons.rules import Rule
from supervision.catalogue_files import read_catalogue
from supervision.parameters.rules import Certainty

NAME = "beacon_rules"


def load_beacon_rules(session: Session, folder: Path) -> int:
    """Add the versions of rules that are not there yet; a rule stands below those it falls back on."""
    known = {tuple(row) for row in session.execute(sa.select(BeaconRule.code, BeaconRule.effective_from))}
    added = 0
    for row in read_catalogue(folder, NAME):
        since = date.fromisoformat(row["effective_from"])
        if (row["code"], since) not in known:
            session.add(_version(session, row, since))
            session.flush()
            added += 1
    return added


def _version(session: Session, row: dict[str, str], since: date) -> BeaconRule:
    parameters = json.loads(row["parameters"])
    text = {**row, "parameters": parameters, "then": _following(session, row["then"], since)}
    rule = Rule.read(text)
    return BeaconRule(
        identifier=rule.identifier,
        code=rule.code,
        effective_from=since,
        text=rule.document,
        certainty=Certainty(row["certainty"]),
        **{name: row[name] for name in ("name_zh", "name_en", "basis", "note")},
    )


def _following(session: Session, code: str, since: date) -> str | None:
    """Return the version of the following rule that this one names for ever."""
    if not code:
        return None
    statement = (
        sa.select(BeaconRule.identifier)
        .where(BeaconRule.code == code, BeaconRule.effective_from <= since)
        .order_by(BeaconRule.effective_from.desc())
        .limit(1)
    )
    found = session.scalar(statement)
    if found is None:
        raise ValueError(f"the rule {code} that another falls back on is not in force on {since}")
    return found
