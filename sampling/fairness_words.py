"""A fairness report in plain words, Chinese and English: what each chance is, and what deserves a second look."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sampling.fairness_chances import DepartmentChances, FairnessReport, StratumChances
from sampling.fairness_report import MILLION
from sampling.fairness_texts import FAIRNESS_TEXTS
from sampling.rules import BASIS_POINTS

_AMPLE = 2
_HUNDRED = 100
Names = Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its code, in both languages."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Wording:
    """How strata and departments are called, in Chinese and English; codes where no name is known."""

    names: Names = field(default_factory=dict)

    def say(self, code: str, /, **places: object) -> Sentence:
        """Fill the sentence of this code."""
        zh, en = FAIRNESS_TEXTS[code]
        called = {name: str(value) for name, value in places.items()}
        named = [
            {name: self.names.get(value, (value, value))[place] for name, value in called.items()} for place in (0, 1)
        ]
        return Sentence(code, zh.format(**named[0]), en.format(**named[1]))


def percent(basis_points: float) -> str:
    """Write a chance as 31.2 %."""
    return f"{basis_points / 100:.1f} %"


def _visits(hundredths: int) -> str:
    return f"{hundredths / _HUNDRED:.2f}"


def statements(report: FairnessReport, wording: Wording) -> list[Sentence]:
    """Say what the chances are."""
    found = [wording.say("heading", draw=report.draw, runs=report.runs)]
    if report.runs < report.asked:
        found.append(wording.say("fewer-runs", asked=report.asked, runs=report.runs))
    found += [_stratum(one, wording) for one in report.strata]
    for department in report.departments:
        found += _department(department, wording)
    return found


def _stratum(one: StratumChances, wording: Wording) -> Sentence:
    fixed = one.drawn in {0, one.size}
    return wording.say(
        "stratum-fixed" if fixed else "stratum",
        stratum=one.stratum,
        size=one.size,
        drawn=one.drawn,
        chance=percent(one.drawn * BASIS_POINTS / one.size),
        lowest=percent(one.lowest_bp),
        highest=percent(one.highest_bp),
        often=f"{one.tail_ppm * _HUNDRED / MILLION:.0f}",
        hundred=_HUNDRED,
    )


def _department(one: DepartmentChances, wording: Wording) -> Iterator[Sentence]:
    if not one.agents:
        yield wording.say("department-nobody", department=one.department)
        return
    chances = [row.chance_bp for row in one.inspectors]
    if one.ideal_bp < BASIS_POINTS:
        yield wording.say(
            "department-chance",
            department=one.department,
            agents=one.agents,
            lowest=percent(min(chances)),
            highest=percent(max(chances)),
            ideal=percent(one.ideal_bp),
        )
    visits = [row.visits for row in one.inspectors]
    yield wording.say(
        "department-visits",
        department=one.department,
        agents=one.agents,
        lowest=_visits(min(visits)),
        highest=_visits(max(visits)),
        ideal=_visits(one.ideal_visits),
    )
    if one.per_team > 1 and one.agents > one.per_team:
        yield wording.say(
            "pairs",
            department=one.department,
            highest=percent(one.pairs.highest_bp),
            ideal=percent(one.pairs.ideal_bp),
        )


def warnings(report: FairnessReport, wording: Wording) -> list[Sentence]:
    """Say what deserves a second look; nothing of it stops a draw."""
    found = [*_stratum_warnings(report, wording)]
    if not report.recusals_known:
        found.append(wording.say("recusals-unknown"))
    for department in report.departments:
        found += _people_warnings(department, report, wording)
        found += _place_warnings(department, report, wording)
    if report.homeless_runs:
        found.append(wording.say("units-homeless", share=_of_runs(report.homeless_runs, report)))
    return found


def _of_runs(count: int, report: FairnessReport) -> str:
    return percent(count * BASIS_POINTS / report.runs)


def _stratum_warnings(report: FairnessReport, wording: Wording) -> Iterator[Sentence]:
    for one in report.strata:
        if one.drawn in {0, one.size}:
            code = "stratum-certain" if one.drawn else "stratum-impossible"
            yield wording.say(code, stratum=one.stratum, size=one.size)
        elif one.tail_ppm < report.limits.level_ppm / len(report.strata):
            yield wording.say("stratum-uneven", stratum=one.stratum)


def _people_warnings(one: DepartmentChances, report: FairnessReport, wording: Wording) -> Iterator[Sentence]:
    """Warn of inspectors whose chances are too small, too large or too foreseeable."""
    places = {"department": one.department, "agents": one.agents, "per_team": one.per_team}
    if 0 < one.agents <= one.per_team:
        yield wording.say("same-people", **places)
    elif 0 < one.agents < _AMPLE * one.per_team:
        yield wording.say("few-people", **places)
    certain = sum(row.chance_bp == BASIS_POINTS for row in one.inspectors)
    if 0 < certain < one.agents:
        yield wording.say("inspectors-certain", **places, count=certain)
    resting = sum(row.chance_bp == 0 and row.carries for row in one.inspectors)
    counted = {
        "chances-apart": sum(row.apart for row in one.inspectors),
        # the less burdened come first by rule; it is a fault when few are left among whom the lot decides
        "never-load": resting if 2 * resting > one.agents else 0,
        "never-drawn": sum(row.chance_bp == 0 and not row.carries for row in one.inspectors),
        "barred-qualification": len(one.unqualified),
        "barred-cap": len(one.without_cap),
        "pairs-often": one.pairs.often if one.agents > one.per_team else 0,
    }
    for code, count in counted.items():
        if count:
            shown = {"gap": percent(report.limits.gap_bp), "highest": percent(one.pairs.highest_bp)}
            yield wording.say(code, **places, count=count, **shown)


def _place_warnings(one: DepartmentChances, report: FairnessReport, wording: Wording) -> Iterator[Sentence]:
    """Warn of places that stay empty and of units for which there is no choice."""
    if one.empty.runs:
        mostly_recused = 2 * one.empty.recused > one.empty.places
        yield wording.say(
            "places-empty-recused" if mostly_recused else "places-empty-busy",
            department=one.department,
            share=_of_runs(one.empty.runs, report),
            places=f"{one.empty.places / report.runs:.2f}",
        )
    for code, count in (("units-impossible", one.units_impossible), ("units-certain", one.units_certain)):
        if count and one.agents > one.per_team:
            yield wording.say(code, department=one.department, count=count)
