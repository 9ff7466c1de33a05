"""What a paper says of a draw, gathered from what everybody may know of it in its present state (T13, T14)."""

import hashlib
from collections.abc import Mapping
from typing import Any  # rows of several tables that have names in both languages

from sqlalchemy.orm import Session

from reports.documents.draw_paper import (
    BeaconLine,
    Coded,
    DrawFacts,
    EarlierDraw,
    Ended,
    FrozenFile,
    LeafLine,
    PartyLine,
    Result,
    RosterLine,
    Said,
    StratumLine,
    UsedValue,
)
from reports.papers.rules import PaperKind
from reports.papers.warnings import UNCHECKED, warnings_of
from sampling.canonical import canonical_bytes
from sampling.commitment import COMMITMENT, Commitment, parse_commitment
from sampling.records import RECORD, Record, parse_record, team_json
from sampling.rules import RULES
from sampling.tables import EXCLUDED, FRAME, MAPPING, ROSTER, TIES
from supervision.beacons.models import BeaconRule
from supervision.draws.bundles import read_files
from supervision.draws.models import Draw
from supervision.draws.queries import PublicLeaf, list_draws_of_task, public_leaves, reveal_due_at
from supervision.draws.queries.beacons import find_value
from supervision.draws.queries.names import departments_by_code, reason_names, stratum_names
from supervision.draws.queries.witnesses import witness_names
from supervision.draws.rules import ENDED, OVERSIGHT, PROTOCOL, SYSTEM, DrawState, LogEvent, moment_text, shown_order
from supervision.draws.witness_rules import is_witness
from supervision.neighbors.figures import lent_counts

PLATFORM = Said("平台自身（最后由机器揭示）", "The platform itself (revealed last, by machine)")
OVERSIGHT_NAME = Said("执法监督机构", "Enforcement oversight")
WHOLE_POOL = Said("全部", "Whole pool")
# a sheet speaks of the time up to the commitment, whenever it is printed
_BEFORE = frozenset(
    {
        LogEvent.FROZEN,
        LogEvent.CONTRIBUTED,
        LogEvent.WITNESS_NAMED,
        LogEvent.WITNESS_REMOVED,
        LogEvent.WITNESS_LINK,
        LogEvent.COMMITTED,
    }
)


def leaves_for(session: Session, draw: Draw, kind: PaperKind) -> list[PublicLeaf]:
    """Return the log entries that a paper of this kind rests on."""
    leaves = public_leaves(session, draw)
    if kind is not PaperKind.COMMITMENT:
        return list(leaves)
    committed = max((leaf.index for leaf in leaves if leaf.event is LogEvent.COMMITTED), default=-1)
    return [leaf for leaf in leaves if leaf.event in _BEFORE and leaf.index <= committed]


def basis_digest(leaves: list[PublicLeaf]) -> str:
    """Return the digest of these entries: another entry means another issue."""
    return digest_of_entries([[leaf.index, leaf.event.value, leaf.digest] for leaf in leaves])


def digest_of_entries(entries: list[list[object]]) -> str:
    """Return SHA-256 over the canonical JSON of (number, event, digest) of each entry."""
    return hashlib.sha256(canonical_bytes(entries)).hexdigest()


def gather(session: Session, draw: Draw, kind: PaperKind, *, authority: Said) -> DrawFacts:
    """Return what the paper says; the caller has found out whether it may be issued in this state."""
    version, lead = draw.task.plan_version, draw.task.plan_version.plan.lead_department
    opened = kind is PaperKind.OPENED
    # before the opening the record is not even read: not its size, not the time it takes
    files = read_files(session, draw, (COMMITMENT, RECORD, ROSTER, RULES) if opened else (COMMITMENT,))
    commitment = parse_commitment(files[COMMITMENT])
    record = parse_record(files[RECORD]) if opened else None
    due = reveal_due_at(session, draw) if kind is PaperKind.COMMITMENT and commitment.beacon is None else None
    leaves = leaves_for(session, draw, kind)
    return DrawFacts(
        kind=kind.value,
        authority=authority,
        draw=draw.number,
        task_number=draw.task.number,
        task_title=draw.task.title,
        plan_number=version.plan.number or "",
        plan_digest=commitment.plan_digest,
        lead=Coded(lead.code, both(lead)),
        departments=_rosters(session, draw),
        protocol=PROTOCOL,
        hash_name=draw.hash_name,
        confidential=draw.confidential,
        frozen_at=moment_text(draw.frozen_at),
        committed_at=commitment.committed_at,
        registered=draw.registered,
        pool=draw.frame_size,
        excluded=_excluded(session, draw),
        files=_files(commitment),
        frozen_digest=draw.frozen_digest,
        commitment_digest=commitment.digest,
        contributions=_parties(session, draw, commitment, None if draw.confidential else record),
        beacon=_beacon(session, draw, commitment, used=kind is not PaperKind.COMMITMENT),
        strata=() if draw.confidential else _strata(session, draw),
        selected=sum(selected for _size, selected in draw.strata.values()),
        earlier=_earlier(session, draw),
        leaves=tuple(_leaf(leaf) for leaf in leaves),
        warnings=warnings_of(draw, files if opened else {}),
        unchecked=UNCHECKED,
        reveal_until=moment_text(due) if due else None,
        parent=draw.parent.number if draw.parent else "",
        result=None if kind is PaperKind.COMMITMENT else _result(draw, leaves, record),
        ended=_ended(session, draw) if draw.state is DrawState.ABANDONED and opened else None,
    )


def both(thing: Any) -> Said:
    """Return the names of a row, the Chinese one where there is no English one."""
    return Said(thing.name_zh, thing.name_en or thing.name_zh)


def named(code: str, names: Mapping[str, Any]) -> Said:
    """Return the names of a code, or the code itself."""
    return both(names[code]) if code in names else Said(code, code)


def _rosters(session: Session, draw: Draw) -> tuple[RosterLine, ...]:
    names, lent = departments_by_code(session, draw.roster_sizes), lent_counts(session, draw)
    return tuple(
        RosterLine(code, _with_lent(named(code, names), lent.get(code, 0)), listed, able)
        for code, (listed, able) in sorted(draw.roster_sizes.items())
    )


def _with_lent(department: Said, count: int) -> Said:
    """Say beside a department how many on its roster a neighboring area lends: an exception stands on the paper."""
    if not count:
        return department
    return Said(
        f"{department.zh}（其中相邻区借用人员 {count} 名）",
        f"{department.en} ({count} of them lent by a neighboring area)",
    )


def _excluded(session: Session, draw: Draw) -> tuple[Coded, ...]:
    names = reason_names(session, "exclusion_reasons")
    return tuple(Coded(code, named(code, names), count) for code, count in sorted(draw.excluded_counts.items()))


def _files(found: Commitment) -> tuple[FrozenFile, ...]:
    return (
        FrozenFile(FRAME, found.frame_digest, found.frame_size, found.frame_root),
        FrozenFile(EXCLUDED, found.excluded_digest, found.excluded_size, found.excluded_root),
        FrozenFile(ROSTER, found.roster_digest, found.roster_size),
        FrozenFile(TIES, found.ties_digest, found.ties_size),
        FrozenFile(MAPPING, found.mapping_digest),
        FrozenFile(RULES, found.rules_digest),
    )


def _parties(session: Session, draw: Draw, commitment: Commitment, record: Record | None) -> tuple[PartyLine, ...]:
    """Return the contributions as committed to; secrets only from the record of an opened draw that shows them."""
    codes = [entry.by for entry in commitment.contributions]
    names: dict[str, Any] = {**departments_by_code(session, codes), **witness_names(session, draw)}
    secrets = record.secrets if record else {}
    known = {SYSTEM: PLATFORM, OVERSIGHT: OVERSIGHT_NAME}
    ordered = sorted(commitment.contributions, key=lambda entry: shown_order(entry.by))
    return tuple(
        PartyLine(
            by=entry.by,
            name=known.get(entry.by) or named(entry.by, names),
            digest=entry.digest,
            witness=is_witness(entry.by),
            secret=secrets.get(entry.by),
        )
        for entry in ordered
    )


def _beacon(session: Session, draw: Draw, commitment: Commitment, *, used: bool) -> BeaconLine | None:
    """Return the public value as it was named and, if asked, as it came in: whoever watches the source knows it."""
    found = commitment.beacon
    if found is None:
        return None
    rule, value = session.get(BeaconRule, found.rule), find_value(session, draw) if used else None
    return BeaconLine(
        name=both(rule) if rule else Said(found.rule, found.rule),
        source=found.source,
        round=found.round,
        rule=found.rule,
        used=UsedValue(value.source, value.round, value.rule, value.value) if value else None,
    )


def _strata(session: Session, draw: Draw) -> tuple[StratumLine, ...]:
    names = stratum_names(session, draw)
    return tuple(
        StratumLine(code, WHOLE_POOL if code == "all" else named(code, names), size, selected)
        for code, (size, selected) in sorted(draw.strata.items())
    )


def _earlier(session: Session, draw: Draw) -> tuple[EarlierDraw, ...]:
    reasons = reason_names(session, "void_reasons", "abandon_reasons")
    found = [one for one in list_draws_of_task(session, draw.task_id) if one.id < draw.id and one.state in ENDED]
    return tuple(
        EarlierDraw(
            number=one.number,
            state=one.state.value,
            reason=Coded(one.end_reason, named(one.end_reason, reasons)) if one.end_reason else None,
            ended_at=moment_text(one.ended_at) if one.ended_at else "",
        )
        for one in found
    )


def _leaf(leaf: PublicLeaf) -> LeafLine:
    return LeafLine(leaf.index, leaf.event.value, moment_text(leaf.at), leaf.digest)


def _result(draw: Draw, leaves: list[PublicLeaf], record: Record | None) -> Result:
    """Return the outcome in counts and digests; what would name somebody, or help to, comes with the record alone."""
    events = [leaf.event for leaf in leaves]
    told = record if record and not draw.confidential else None
    return Result(
        record_digest=str(draw.record_digest),
        drawn_at=moment_text(draw.drawn_at) if draw.drawn_at else "",
        team_count=draw.team_count or 0,
        struck=events.count(LogEvent.STRUCK),
        replaced=events.count(LogEvent.REPLACED),
        opened_at=moment_text(draw.opened_at) if record and draw.opened_at else None,
        teams_digest=teams_digest(record) if record else None,
        unfilled=sum(draw.unfilled_counts.values()) if record else None,
        seed=told.seed if told else None,
        entity_key=told.entity_key if told else None,
    )


def teams_digest(record: Record) -> str:
    """Return SHA-256 over the canonical JSON of the record's teams."""
    return hashlib.sha256(canonical_bytes([team_json(team) for team in record.teams])).hexdigest()


def _ended(session: Session, draw: Draw) -> Ended:
    reasons = reason_names(session, "abandon_reasons")
    at = moment_text(draw.ended_at) if draw.ended_at else ""
    return Ended(draw.state.value, Coded(draw.end_reason, named(draw.end_reason, reasons)), at)
