"""Section 9, warnings: what is as the rules say and still deserves a second look."""

from sampling.bundle import Bundle
from sampling.drawing import known_ties, ties_known_empty
from sampling.findings import Finding, warning
from sampling.records import RECORD
from sampling.rules import RULES, DepartmentRule, GroupTeams, VisitTeams
from sampling.strata import allocate
from sampling.tables import FRAME, MAPPING, ROSTER, TIES
from sampling.teams import agents_of, ties_to

AMPLE = 2
# how the numbers of rehearsals begin; no authority gives such a number to a draw
REHEARSAL = "REHEARSAL-"


def cautions(bundle: Bundle) -> list[Finding]:
    """Give all warnings the files allow."""
    return [
        *_rehearsal(bundle),
        *_foregone_strata(bundle),
        *_thin_departments(bundle),
        *_double_inspectors(bundle),
    ]


def _rehearsal(bundle: Bundle) -> list[Finding]:
    """Say of a rehearsal that it is one, so that nobody passes it off as a draw."""
    return [warning("rehearsal")] if bundle.commitment.draw.startswith(REHEARSAL) else []


def _foregone_strata(bundle: Bundle) -> list[Finding]:
    """Warn of strata in which nothing was left to chance."""
    if not bundle.has(FRAME, RULES):
        return []
    sizes = bundle.frame.sizes()
    counts = allocate(sizes, bundle.rules.allocation)
    return [
        warning("stratum-certain" if count else "stratum-impossible", stratum=stratum, size=sizes[stratum])
        for stratum, count in counts.items()
        if count in {0, sizes[stratum]}
    ]


def _thin_departments(bundle: Bundle) -> list[Finding]:
    """Warn of teams for which a department had fewer than twice the agents needed: the outcome is guessable."""
    if not bundle.has(ROSTER, RULES, RECORD):
        return []
    rule = bundle.rules.teams
    if isinstance(rule, GroupTeams):
        return [
            warning("department-thin-groups", department=d.code, agents=agents, needed=needed)
            for d in rule.departments
            for agents, needed in [(len(agents_of(d, bundle.roster)), d.per_team * len(bundle.record.teams))]
            if agents < AMPLE * needed
        ]
    if isinstance(rule, VisitTeams):
        return [found for department in rule.departments for found in _thin_visits(bundle, department)]
    return []


def _thin_visits(bundle: Bundle, department: DepartmentRule) -> list[Finding]:
    units = [row.unit for row in bundle.record.selected]
    shown = bundle.has(TIES) or ties_known_empty(bundle)
    tied = ties_to(units, known_ties(bundle)) if shown else {}
    agents = agents_of(department, bundle.roster)
    recused = dict.fromkeys(units, 0)
    for line in agents:
        for unit in tied.get(line.inspector, ()):
            recused[unit] += 1
    thin = sorted(unit for unit in units if len(agents) - recused[unit] < AMPLE * department.per_team)
    if not thin:
        return []
    return [warning("department-thin", department=department.code, teams=len(thin), first=thin[0])]


def _double_inspectors(bundle: Bundle) -> list[Finding]:
    """Warn of a certificate behind two pseudonyms: each inspector stands in the roster once."""
    if not bundle.has(MAPPING):
        return []
    holder: dict[str, str] = {}
    found: list[Finding] = []
    for line in bundle.mapping:
        first = holder.setdefault(line.certificate, line.pseudonym)
        if first != line.pseudonym:
            found.append(warning("certificate-twice", first=first, second=line.pseudonym))
    return found
