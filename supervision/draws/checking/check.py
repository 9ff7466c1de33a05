"""The whole check, from the firmest ground up; the first bad record named is the one to look at."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from sampling.bundle import Bundle
from sampling.drawing import draw as draw_record
from sampling.errors import SamplingError
from sampling.records import RECORD, Record
from sampling.rules import RULES, parse_rules
from sampling.tables import EXCLUDED, FRAME, MAPPING, ROSTER, parse_excluded, parse_frame, parse_mapping, parse_roster
from supervision.audit.events import Event
from supervision.db import Base
from supervision.departments.models import Department
from supervision.draws.beacon_models import BeaconEntry, BeaconLapse, BeaconValue
from supervision.draws.checking.audit_part import AuditFacts, read_audit
from supervision.draws.checking.beacon_part import check_beacon
from supervision.draws.checking.draw_part import Tables, check_draw
from supervision.draws.checking.drawn_part import (
    Outcome,
    check_members,
    check_pseudonyms,
    check_units,
    expected_outcome,
    read_pseudonyms,
)
from supervision.draws.checking.files_part import FILES, FileFacts, check_files
from supervision.draws.checking.findings import Bad, changed, missing, surplus
from supervision.draws.checking.log_part import LogFacts, read_log
from supervision.draws.checking.parties_part import (
    Kept,
    check_parties,
    check_vault,
    own_digest,
    own_secret,
    read_parties,
)
from supervision.draws.checking.plans_part import check_plans
from supervision.draws.checking.proposals_part import check_proposals, check_voids
from supervision.draws.checking.rows import Row, read, table_of
from supervision.draws.checking.witnesses_part import check_witnesses
from supervision.draws.log import NO_DRAW
from supervision.draws.models import (
    Contribution,
    Draw,
    DrawFile,
    DrawMember,
    DrawPseudonym,
    DrawUnit,
    VoidProposal,
)
from supervision.draws.rules import SEALED_EVENTS, LogEvent, parties_of
from supervision.draws.vault import Operator, parties_vault
from supervision.draws.witness_models import Witness
from supervision.errors import RuleBroken
from supervision.plans.models import Task

AUDIT = "audit log"
OF_A_DRAW = [
    Base.metadata.tables[one.__tablename__]
    for one in (
        DrawFile, Contribution, VoidProposal, DrawPseudonym, DrawUnit, DrawMember, Witness, BeaconEntry, BeaconValue,
        BeaconLapse,
    )
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Checked:
    """What was checked, and every bad record in the order in which they should be looked at."""

    checked: tuple[str, ...]
    # every number that a row or the log speaks of
    numbers: frozenset[str]
    leaves: int
    entries: int
    bad: tuple[Bad, ...]


@dataclass(frozen=True, slots=True)
class _Ground:
    """What the checks of every draw stand on."""

    session: Session
    operator: Operator
    audit: AuditFacts
    log: LogFacts
    names: Mapping[str, Mapping[int, str]]
    departments: Mapping[str, int]


def check_all(session: Session, operator: Operator, *, only: Collection[str] = ()) -> Checked:
    """Recompute all that is said of draws; ``only`` limits the draws to these numbers, log and audit log are whole."""
    audit = read_audit(session)
    draws, unlike = _draws(session, audit)
    numbers = {row["id"]: str(row["number"]) for row in draws}
    known = {one: number for number, one in _frozen_ids(audit).items()}
    log = read_log(session, audit, {0: operator.region, **numbers, **known})
    bad = [*audit.bad, *log.bad, *unlike]
    bad += _lost_draws(log, {*numbers.values(), *known.values()})
    chosen = [row for row in draws if not only or row["number"] in only]
    ground = _Ground(
        session, operator, audit, log, {"draws": numbers, "tasks": _task_numbers(session)}, _departments(session)
    )
    committed: dict[int, str] = {}
    for row in chosen:
        bad += _check_one(ground, row, committed)
    if not only:
        bad += _orphans(session, numbers)
    bad += check_proposals(session, audit, numbers={row["id"]: str(row["number"]) for row in chosen})
    bad += check_plans(session, committed)
    return Checked(
        checked=tuple(str(row["number"]) for row in chosen),
        numbers=frozenset(numbers.values()) | log.by_draw.keys(),
        leaves=log.count,
        entries=audit.count,
        bad=tuple(bad),
    )


def _frozen_ids(audit: AuditFacts) -> dict[str, int]:
    """Return the id of each draw by its number, as the audit log has it."""
    steps = [one for one in audit.steps if one.event == Event.DRAW_FROZEN.value and one.subject_id.isdecimal()]
    return {str(one.details.get("number")): int(one.subject_id) for one in steps}


def _draws(session: Session, audit: AuditFacts) -> tuple[list[Row], list[Bad]]:
    """Return the draws under the id and number that the audit log gives them, and the rows that have others."""
    table, by_number = Draw.__tablename__, _frozen_ids(audit)
    numbers, rows, bad = {one: number for number, one in by_number.items()}, list[Row](), list[Bad]()
    for row in read(session, table_of(Draw)):
        right = dict(row)
        if numbers.get(row["id"]) != row["number"]:
            if row["id"] in numbers:
                right["number"] = numbers[row["id"]]
                bad.append(changed(table, right["number"], "number", AUDIT))
            elif row["number"] in by_number:
                right["id"] = by_number[str(row["number"])]
                bad.append(changed(table, row["number"], "id", AUDIT))
            else:
                bad.append(surplus(table, row["number"], AUDIT))
                continue
        rows.append(right)
    lost = numbers.keys() - {row["id"] for row in rows}
    bad += [missing(table, numbers[one], AUDIT) for one in sorted(lost)]
    return rows, bad


def _lost_draws(log: LogFacts, numbers: Iterable[str]) -> list[Bad]:
    """Name draws that the log speaks of and that have no row; numbers are never given back."""
    lost = log.by_draw.keys() - {*numbers, NO_DRAW}
    return [missing(Draw.__tablename__, number, log.of(number)[0].evidence) for number in sorted(lost)]


def _orphans(session: Session, numbers: Mapping[int, str]) -> Iterator[Bad]:
    """Name rows of draws that there are not."""
    for table in OF_A_DRAW:
        lost = sa.select(table.c.draw_id).where(table.c.draw_id.not_in(list(numbers))).distinct()
        for draw_id in session.scalars(lost.order_by(table.c.draw_id)):
            yield surplus(table.name, f"#{draw_id}", AUDIT)


def _task_numbers(session: Session) -> dict[int, str]:
    return {row[0]: row[1] for row in session.execute(sa.select(Task.id, Task.number))}


def _departments(session: Session) -> dict[str, int]:
    return {row[0]: row[1] for row in session.execute(sa.select(Department.code, Department.id))}


def _check_one(ground: _Ground, row: Row, committed: dict[int, str]) -> Iterator[Bad]:
    """Check one draw: files first, then what follows from them."""
    session, log, audit = ground.session, ground.log, ground.audit
    parties, secret = read_parties(session, row), own_secret(row, ground.operator)
    own = own_digest(row, secret, parties)
    files = check_files(session, row, log=log, audit=audit, own_digest=own)
    yield from files.bad
    tables, bundle = _tables(files), _bundle(files)
    record, wrong = _record(row, bundle)
    yield from wrong
    known = record if bundle is not None and not wrong else None
    yield from check_draw(row, log=log, audit=audit, tables=tables, bundle=bundle, record=known, names=ground.names)
    yield from check_vault(row, secret, parties.get("system"), leaf="the leaf of the freeze")
    named = _parties(row, tables, bundle, log)
    kept = Kept(parties_vault(session), known)
    if named:
        yield from check_parties(row, parties, parties=named, log=log, audit=audit, kept=kept)
    yield from check_witnesses(session, row, log=log, audit=audit)
    yield from check_beacon(session, row, log=log, audit=audit, files=files)
    yield from _check_drawn(ground, row, files, bundle, known)
    yield from check_voids(session, row, audit=audit)
    if bundle is not None:
        _remember_plan(session, row, bundle, committed)


def _tables(files: FileFacts) -> Tables | None:
    """Read the frozen files; None when one of them is not right."""
    if not {FRAME, EXCLUDED, ROSTER, RULES} <= files.files.keys():
        return None
    try:
        rules = parse_rules(files.files[RULES])
        frame = parse_frame(files.files[FRAME], salted=rules.confidential)
        rules.check_strata(frame.strata)
        return Tables(
            frame=frame,
            excluded=parse_excluded(files.files[EXCLUDED]),
            roster=parse_roster(files.files[ROSTER]),
            rules=rules,
        )
    except SamplingError:
        return None


def _bundle(files: FileFacts) -> Bundle | None:
    if files.commitment is None or any(one.column != "digest" for one in files.bad):
        return None
    try:
        return Bundle.from_files(files.files)
    except SamplingError:
        return None


def _record(row: Row, bundle: Bundle | None) -> tuple[Record | None, list[Bad]]:
    """Draw once more from files and secrets: the record that is kept must be that one, byte for byte."""
    if bundle is None or not bundle.has(RECORD):
        return None, []
    kept = bundle.record
    try:
        again = draw_record(bundle, kept.secrets, kept.beacon_value)
    except SamplingError:
        again = None
    if again is None or again.to_bytes() != bundle.files[RECORD]:
        return None, [changed(FILES, f"{row['number']}/{RECORD}", "packed", "the draw computed once more")]
    return kept, []


def _parties(row: Row, tables: Tables | None, bundle: Bundle | None, log: LogFacts) -> set[str]:
    """Return who must stand among the contributions: those of the commitment, before it those of rules and log."""
    if bundle is not None:
        return {entry.by for entry in bundle.commitment.contributions}
    if tables is None:
        return set()
    try:
        parties = set(parties_of(rule.code for rule in tables.rules.departments))
    except RuleBroken:
        return set()
    for leaf in log.of(str(row["number"])):
        by = str(leaf.said.get("by"))
        if leaf.event == LogEvent.WITNESS_NAMED.value:
            parties.add(by)
        elif leaf.event == LogEvent.WITNESS_REMOVED.value:
            parties.discard(by)
    return parties


def _check_drawn(
    ground: _Ground, row: Row, files: FileFacts, bundle: Bundle | None, record: Record | None
) -> Iterator[Bad]:
    session, number = ground.session, str(row["number"])
    pseudonyms = read_pseudonyms(session, row)
    if MAPPING in files.files:
        try:
            mapping = parse_mapping(files.files[MAPPING])
        except SamplingError:
            mapping = ()
        yield from check_pseudonyms(session, row, pseudonyms, mapping, audit=ground.audit)
    drawn = ground.log.last(number, LogEvent.DRAWN) is not None
    if drawn and (bundle is None or record is None):
        return
    outcome, wrong = Outcome({}, {}), list[Bad]()
    if bundle is not None and record is not None:
        sealed = {event.value for event in SEALED_EVENTS}
        changes = [leaf for leaf in ground.log.of(number) if leaf.event in sealed]
        outcome, wrong = expected_outcome(bundle, record, changes)
    yield from wrong
    if not wrong:
        yield from check_units(session, row, outcome)
        yield from check_members(session, row, outcome, pseudonyms=pseudonyms, departments=ground.departments)


def _remember_plan(session: Session, row: Row, bundle: Bundle, committed: dict[int, str]) -> None:
    """Note which digest a draw committed to for the plan version of its task, if that is still its version."""
    version = session.scalar(sa.select(Task.plan_version_id).where(Task.id == row["task_id"]))
    if version is not None:
        committed[version] = bundle.commitment.plan_digest
