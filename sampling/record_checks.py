"""Section 9: the record beside what the bundle leads to. Units and inspectors are named one by one."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from sampling import seeds
from sampling.bundle import Bundle
from sampling.drawing import compute, keys_of, revealed_errors, selected_units, ties_known_empty
from sampling.findings import Finding, Severity, agreed, difference, from_error, withheld
from sampling.records import DrawnUnit, Record, StratumCount, Team, Unfilled
from sampling.rules import RULES, NoTeams
from sampling.strata import allocate
from sampling.tables import FRAME, ROSTER, TIES
from sampling.team_checks import check_teams_without_ties
from sampling.teams import Keys

MOST_NAMED = 50


def check_record(bundle: Bundle) -> list[Finding]:
    """Recompute as much of the record as the files allow and compare."""
    record = bundle.record
    findings = _check_heading(bundle, record)
    keys = keys_of(bundle, record.secrets, record.beacon_value)
    findings += _check_seed(record, keys)
    if not bundle.has(FRAME, RULES):
        return [*findings, withheld("selection-not-recomputed")]
    findings += _check_selection(bundle, record, keys)
    findings += _check_teams(bundle, record, keys)
    return findings


def _check_heading(bundle: Bundle, record: Record) -> list[Finding]:
    commitment = bundle.commitment
    facts = (
        ("draw", commitment.draw, record.draw),
        ("hash", commitment.hash_name, record.hash_name),
        ("commitment_digest", commitment.digest, record.commitment_digest),
    )
    findings = [
        difference("record-fact", fact=fact, expected=expected, found=found)
        for fact, expected, found in facts
        if expected != found
    ]
    parties = [entry.by for entry in record.contributions]
    if parties != sorted(parties):
        findings.append(difference("order", what="contributions"))
    errors = revealed_errors(commitment, record.secrets, record.beacon_value)
    return findings + [from_error(Severity.DIFFERENCE, error) for error in errors]


def _check_seed(record: Record, keys: Keys) -> list[Finding]:
    facts = (
        ("seed", keys.seed, record.seed),
        ("entity_key", keys.key(seeds.ENTITIES), record.entity_key),
    )
    wrong = [
        difference("record-fact", fact=fact, expected=expected, found=found)
        for fact, expected, found in facts
        if expected != found
    ]
    return wrong or [agreed("seed-agrees")]


def _check_selection(bundle: Bundle, record: Record, keys: Keys) -> list[Finding]:
    sizes = bundle.frame.sizes()
    counts = allocate(sizes, bundle.rules.allocation)
    strata = [StratumCount(stratum=s, size=sizes[s], selected=n) for s, n in counts.items()]
    selection = selected_units(bundle, keys)
    findings = [
        *_differing_strata(strata, record.strata),
        *_differing_units(selection.selected, record.selected, what="selected"),
        *_differing_units(selection.reserve, record.reserve, what="reserve"),
    ]
    return findings or [agreed("selection-agrees", units=len(record.selected), pool=len(bundle.frame))]


def _differing_strata(expected: Sequence[StratumCount], found: Sequence[StratumCount]) -> list[Finding]:
    wanted = {row.stratum: row for row in expected}
    shown = {row.stratum: row for row in found}
    findings = [
        difference("stratum-count", stratum=name, expected=_counted(wanted, name), found=_counted(shown, name))
        for name in sorted(wanted.keys() | shown.keys())
        if wanted.get(name) != shown.get(name)
    ]
    return findings or _order_finding(expected, found, what="strata")


def _counted(rows: Mapping[str, StratumCount], name: str) -> str:
    return f"{rows[name].selected}/{rows[name].size}" if name in rows else "-"


def _differing_units(expected: Sequence[DrawnUnit], found: Sequence[DrawnUnit], *, what: str) -> list[Finding]:
    wanted = {row.unit: row for row in expected}
    shown = {row.unit: row for row in found}
    findings = [difference(f"{what}-surplus", unit=unit) for unit in sorted(shown.keys() - wanted.keys())]
    findings += [difference(f"{what}-missing", unit=unit) for unit in sorted(wanted.keys() - shown.keys())]
    for unit in sorted(shown.keys() & wanted.keys()):
        if shown[unit].ticket != wanted[unit].ticket:
            findings.append(difference("ticket-differs", unit=unit, expected=wanted[unit].ticket))
        if shown[unit].stratum != wanted[unit].stratum:
            findings.append(difference("stratum-differs", unit=unit, expected=wanted[unit].stratum))
    return shortened(findings) or _order_finding(expected, found, what=what)


def _order_finding(expected: Sequence[object], found: Sequence[object], *, what: str) -> list[Finding]:
    return [] if tuple(expected) == tuple(found) else [difference("order", what=what)]


def _check_teams(bundle: Bundle, record: Record, keys: Keys) -> list[Finding]:
    if isinstance(bundle.rules.teams, NoTeams):
        surplus = [difference("team-surplus", team=team.team) for team in record.teams]
        return surplus or _order_finding((), record.unfilled, what="unfilled")
    if not bundle.has(ROSTER):
        return [withheld("teams-not-recomputed", file=ROSTER)]
    if not bundle.has(TIES) and not ties_known_empty(bundle):
        return check_teams_without_ties(bundle, record, keys)
    computed = compute(bundle, record.secrets, record.beacon_value)
    findings = differing_teams(computed.teams, record.teams)
    findings += differing_unfilled(computed.unfilled, record.unfilled)
    return findings or [agreed("teams-agree", teams=len(record.teams))]


def differing_teams(expected: Sequence[Team], found: Sequence[Team]) -> list[Finding]:
    """Name every team, unit, member and leader that differs."""
    wanted = {team.team: team for team in expected}
    shown = {team.team: team for team in found}
    findings = [difference("team-surplus", team=name) for name in sorted(shown.keys() - wanted.keys())]
    findings += [difference("team-missing", team=name) for name in sorted(wanted.keys() - shown.keys())]
    for name in sorted(wanted.keys() & shown.keys()):
        findings += _differing_team(wanted[name], shown[name])
    return shortened(findings) or _order_finding(expected, found, what="teams")


def _differing_team(expected: Team, found: Team) -> list[Finding]:
    name = expected.team
    wanted = {member.inspector: member for member in expected.members}
    shown = {member.inspector: member for member in found.members}
    findings = [difference("member-surplus", team=name, inspector=who) for who in sorted(shown.keys() - wanted.keys())]
    findings += [difference("member-missing", team=name, inspector=who) for who in sorted(wanted.keys() - shown.keys())]
    findings += [
        difference("member-differs", team=name, inspector=who)
        for who in sorted(shown.keys() & wanted.keys())
        if shown[who] != wanted[who]
    ]
    if expected.units != found.units:
        findings.append(difference("team-units", team=name, expected=_named(expected.units), found=_named(found.units)))
    return findings or _order_finding(expected.members, found.members, what=f"members {name}")


def differing_unfilled(expected: Iterable[Unfilled], found: Sequence[Unfilled]) -> list[Finding]:
    """Name every missing place or unit that differs."""
    wanted, shown = tuple(expected), tuple(found)
    different = sorted(set(wanted) ^ set(shown), key=lambda row: (row.department, row.team, row.unit))
    findings = [
        difference("unfilled-differs", department=row.department, team=row.team, unit=row.unit) for row in different
    ]
    return shortened(findings) or _order_finding(wanted, shown, what="unfilled")


def shortened(findings: Sequence[Finding]) -> list[Finding]:
    """Keep a long list readable: the first ones, and how many more."""
    kept = list(islice(findings, MOST_NAMED))
    if len(findings) > MOST_NAMED:
        kept.append(difference("and-more", count=len(findings) - MOST_NAMED))
    return kept


def _named(units: Sequence[str]) -> str:
    return ", ".join(units[:MOST_NAMED]) or "-"
