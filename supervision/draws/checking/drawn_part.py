"""What was drawn, as rows: units, team members and pseudonyms, from the record and the changes in the log."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any  # raw values

import sqlalchemy as sa
from sqlalchemy.orm import Session

from sampling import replacement as engine
from sampling.bundle import Bundle
from sampling.errors import SamplingError
from sampling.records import Record, Team
from sampling.replacement import Replaced, Struck, TeamsState
from sampling.tables import MappingLine
from sampling.tickets import ticket
from supervision.audit.events import Event
from supervision.audit.seals import seal_of_lines
from supervision.draws.checking.audit_part import AuditFacts
from supervision.draws.checking.findings import Bad, changed, missing, surplus
from supervision.draws.checking.log_part import LEAVES, Leaf
from supervision.draws.checking.rows import Row, compare, read, table_of
from supervision.draws.models import DrawMember, DrawPseudonym, DrawUnit
from supervision.draws.rules import LogEvent, UnitState
from supervision.draws.services.freezing import PSEUDONYMS
from supervision.entities.models import Entity
from supervision.inspectors.models import Inspector

UNITS, MEMBERS = table_of(DrawUnit), table_of(DrawMember)


@dataclass(slots=True)
class Outcome:
    """What record and log lead to: units by code, and members by (team, pseudonym)."""

    units: dict[str, dict[str, Any]]
    members: dict[tuple[str, str], dict[str, Any]]


def expected_outcome(bundle: Bundle, record: Record, changes: list[Leaf]) -> tuple[Outcome, list[Bad]]:
    """Replay the changes of the log on the record; a leaf that cannot have happened so is bad itself."""
    outcome = _drawn(record)
    state = engine.initial_state(record)
    for leaf in changes:
        try:
            event = _event(leaf)
            expected = engine.expected_event(bundle, record, state, event=event)
            if expected != event:
                return outcome, [changed(LEAVES, leaf.index, "leaf", "the rule of replacement")]
            home = state.team_of_unit(event.out) if isinstance(event, Struck) else None
            state, strikes = engine.after(bundle, record, state, event=event), state.strikes
        except (SamplingError, KeyError, ValueError):
            return outcome, [changed(LEAVES, leaf.index, "leaf", "the record")]
        if isinstance(event, Struck):
            _strike(outcome, record, event, home=home, strikes=strikes)
        else:
            _replace(outcome, event, state)
    return outcome, []


def _event(leaf: Leaf) -> engine.Event:
    said, successor = leaf.said, leaf.said["in"]
    if leaf.event == LogEvent.STRUCK.value:
        return Struck(out=said["out"], successor=successor, ground=said["ground"])
    return Replaced(
        team=said["team"],
        department=said["department"],
        out=said["out"],
        successor=successor,
        k=said["k"],
        ground=said["ground"],
    )


def _drawn(record: Record) -> Outcome:
    homes = {unit: team.team for team in record.teams for unit in team.units}
    ranks: dict[str, int] = {}
    units = {}
    for row in record.selected:
        ranks[row.stratum] = ranks.get(row.stratum, 0) + 1
        units[row.unit] = {
            "stratum": row.stratum,
            "rank": ranks[row.stratum],
            "ticket": row.ticket,
            "state": UnitState.SELECTED.value,
            "team": homes.get(row.unit, ""),
        }
    members = {
        (team.team, member.inspector): {"department": member.department, "lead": member.lead, "left": False}
        for team in record.teams
        for member in team.members
    }
    return Outcome(units, members)


def _strike(outcome: Outcome, record: Record, event: Struck, *, home: Team | None, strikes: Mapping[str, int]) -> None:
    struck = outcome.units[event.out]
    struck["state"] = UnitState.STRUCK.value
    if event.successor is not None:
        stratum = struck["stratum"]
        outcome.units[event.successor] = {
            "stratum": stratum,
            "rank": record.chances()[stratum].selected + strikes.get(stratum, 0) + 1,
            "ticket": ticket(record.entity_key, event.successor, hash_name=record.hash_name),
            "state": UnitState.RESERVE.value,
            "team": home.team if home else "",
        }


def _replace(outcome: Outcome, event: Replaced, state: TeamsState) -> None:
    outcome.members[event.team, event.out] |= {"left": True, "lead": False}
    for member in state.team(event.team).members:
        row = {"department": member.department, "lead": member.lead, "left": False}
        outcome.members[event.team, member.inspector] = row


def check_units(session: Session, draw: Row, outcome: Outcome) -> Iterator[Bad]:
    """Compare the drawn units with their rows."""
    rows = list(read(session, UNITS, DrawUnit.draw_id == draw["id"]))
    names = _names(session, Entity.id, Entity.unit_id, [row["entity_id"] for row in rows])
    found = {names.get(row["entity_id"], f"#{row['entity_id']}"): row for row in rows}
    for unit in sorted(found.keys() | outcome.units.keys()):
        key = f"{draw['number']}/{unit}"
        if unit not in found:
            yield missing(UNITS.name, key, "record.json")
        elif unit not in outcome.units:
            yield surplus(UNITS.name, key, "record.json")
        else:
            yield from compare(UNITS, key, found[unit], outcome.units[unit], evidence="record.json")


def check_members(
    session: Session, draw: Row, outcome: Outcome, *, pseudonyms: Mapping[str, int], departments: Mapping[str, int]
) -> Iterator[Bad]:
    """Compare the members of the teams with their rows."""
    names = {number: name for name, number in pseudonyms.items()}
    rows = {
        (str(row["team"]), names.get(row["inspector_id"], f"#{row['inspector_id']}")): row
        for row in read(session, MEMBERS, DrawMember.draw_id == draw["id"])
    }
    for team, who in sorted(rows.keys() | outcome.members.keys()):
        key = f"{draw['number']}/{team}/{who}"
        if (team, who) not in rows:
            yield missing(MEMBERS.name, key, "record.json")
        elif (team, who) not in outcome.members:
            yield surplus(MEMBERS.name, key, "record.json")
        else:
            expected = dict(outcome.members[team, who])
            expected["department_id"] = departments.get(expected.pop("department"))
            yield from compare(MEMBERS, key, rows[team, who], expected, evidence="record.json")


def read_pseudonyms(session: Session, draw: Row) -> dict[str, int]:
    """Return the inspector behind each pseudonym, as the rows have it."""
    rows = read(session, table_of(DrawPseudonym), DrawPseudonym.draw_id == draw["id"])
    return {str(row["pseudonym"]): row["inspector_id"] for row in rows}


def check_pseudonyms(
    session: Session, draw: Row, found: Mapping[str, int], mapping: tuple[MappingLine, ...], *, audit: AuditFacts
) -> Iterator[Bad]:
    """Check who is who: the seal of the freeze decides; certificates, which may be corrected later, name the row."""
    number, table = str(draw["number"]), DrawPseudonym.__tablename__
    expected = {line.pseudonym: line.certificate for line in mapping}
    for name in sorted(found.keys() | expected.keys()):
        if name not in found:
            yield missing(table, f"{number}/{name}", "mapping.tsv")
        elif name not in expected:
            yield surplus(table, f"{number}/{name}", "mapping.tsv")
    if found.keys() != expected.keys():
        return
    lines = sorted(f"{name} {inspector}" for name, inspector in found.items())
    steps = [step for step in audit.of(Event.DRAW_FROZEN, number) if "people" in step.details]
    if any(step.details["people"] == seal_of_lines(session, lines, what=PSEUDONYMS) for step in steps):
        return
    held = _names(session, Inspector.id, Inspector.certificate_number, list(found.values()))
    wrong = [name for name in sorted(found) if held.get(found[name]) != expected[name]]
    for name in wrong:
        yield changed(table, f"{number}/{name}", "inspector_id", "mapping.tsv")
    if steps and not wrong:
        yield changed(table, number, "inspector_id", steps[0].evidence)


def _names(session: Session, key: Any, name: Any, wanted: list[Any]) -> dict[Any, str]:
    numbers = [one for one in wanted if isinstance(one, int)]
    found: dict[Any, str] = {}
    for start in range(0, len(numbers), 500):
        rows = session.execute(sa.select(key, name).where(key.in_(numbers[start : start + 500])))
        found.update({row[0]: row[1] for row in rows})
    return found
