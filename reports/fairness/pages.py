"""Tested figures in the words of a page: what each number means for somebody who has never met a test."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import floor, log10
from statistics import median

from flask_babel import gettext as _
from flask_babel import ngettext

from reports.fairness.queries import Counted, Levels
from reports.fairness.rules import SMALLER, Comparison, GroupRow, PairRow, PersonRow, YearFigures
from reports.portal.facts import Named
from supervision.fairness.counting import DIMENSIONS, INDUSTRY, SUB_DISTRICT, TYPE
from supervision.labels import N_
from supervision.web.languages import name_of

Chart = dict[str, object]
# rarer than that deserves a word, even if it is no alarm
NOTABLE = 0.05
MANY = 1_000_000
FEWEST_PEOPLE = 5
# long names of groups leave room for the bars, on phones too
NARROW = {"width": 120, "overflow": "truncate", "color": "#475467", "fontSize": 12}
TITLES = {TYPE: N_("By type"), INDUSTRY: N_("By industry"), SUB_DISTRICT: N_("By sub-district")}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a test says: a badge and a sentence."""

    badge: str
    tone: str
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of a table with its verdict."""

    name: str
    pool: int
    expected: str
    observed: int
    verdict: Verdict
    times: int = 0
    chance: str = ""


@dataclass(frozen=True, slots=True)
class GroupTable:
    """The groups of one dimension, with a chart."""

    key: str
    title: str
    rows: list[ShownRow]
    chart: Chart


def verdict(test: Comparison, *, tests: int, level: float) -> Verdict:
    """Say what a deviation means: usual, worth a word, or an alarm."""
    if test.corrected >= level and test.tail >= NOTABLE:
        return Verdict(_("Usual"), "neutral")
    times = how_often(test.tail)
    words = {"times": f"{times:,}", "tests": f"{tests:,}"}
    if test.corrected < level:
        sentence = _(
            "Chance alone goes as far in about 1 of %(times)s years. Even among %(tests)s numbers that is an alarm: "
            "it must be explained.",
            **words,
        )
        return Verdict(_("Alarm"), "danger", sentence)
    sentence = _(
        "Chance alone goes as far in about 1 of %(times)s years; %(tests)s numbers were looked at, so this is "
        "no alarm.",
        **words,
    )
    return Verdict(_("No alarm"), "info", sentence)


def how_often(tail: float) -> int:
    """Turn a tail into “once in so many years”, rounded to two digits."""
    if tail * MANY < 1:
        return MANY
    years = 1 / tail
    digits = floor(log10(years)) - 1
    return max(1, round(round(years, -digits) if digits > 0 else years))


def group_tables(counted: Counted, names: Mapping[tuple[str, str], Named], levels: Levels) -> list[GroupTable]:
    """Return a table and a chart for each dimension that has groups."""
    figures = counted.figures
    tables = []
    for dimension in DIMENSIONS:
        rows = [row for row in figures.groups if row.dimension == dimension]
        rows.sort(key=lambda row: (row.group == SMALLER, row.group))
        if rows:
            shown = [_group_row(row, names, figures, levels) for row in rows]
            tables.append(GroupTable(dimension, str(_(TITLES[dimension])), shown, _group_chart(shown, rows)))
    return tables


def _group_row(row: GroupRow, names: Mapping[tuple[str, str], Named], figures: YearFigures, levels: Levels) -> ShownRow:
    found = names.get((row.dimension, row.group))
    return ShownRow(
        name=name_of(found) if found else str(_("Smaller groups together")),
        pool=row.pool,
        chance=f"{row.test.expected / row.pool:.1%}",
        expected=f"{row.test.expected:.1f}",
        observed=row.test.observed,
        verdict=verdict(row.test, tests=figures.tests, level=levels.level),
    )


def _group_chart(shown: Sequence[ShownRow], rows: Sequence[GroupRow]) -> Chart:
    return {
        "xAxis": {"type": "value", "minInterval": 1, "splitNumber": 3},
        "yAxis": {"type": "category", "data": [row.name for row in shown][::-1], "axisLabel": NARROW},
        "series": [
            {"type": "bar", "name": _("Expected"), "data": [round(row.test.expected, 1) for row in rows][::-1]},
            {"type": "bar", "name": _("Drawn"), "data": [row.test.observed for row in rows][::-1]},
        ],
    }


@dataclass(frozen=True, slots=True)
class Spread:
    """How visits are spread over inspectors, without names; too few people are not spoken of."""

    people: int
    lowest: int
    middle: str
    highest: int
    chart: Chart
    rows: list[tuple[str, int]]


def spread(people: Sequence[PersonRow]) -> Spread | None:
    """Return lowest, middle and highest number of visits and how many inspectors had which; None for too few."""
    if len(people) < FEWEST_PEOPLE:
        return None
    counts = sorted(row.test.observed for row in people)
    width = max(1, -(-(counts[-1] - counts[0] + 1) // 10))
    bins: dict[int, int] = dict.fromkeys(range(counts[0], counts[-1] + 1, width), 0)
    for count in counts:
        bins[counts[0] + (count - counts[0]) // width * width] += 1
    rows = [(str(start) if width == 1 else f"{start}–{start + width - 1}", many) for start, many in bins.items()]
    chart: Chart = {
        "xAxis": {"type": "category", "data": [name for name, _many in rows]},
        "yAxis": {"type": "value", "minInterval": 1},
        "series": [{"type": "bar", "data": [many for _name, many in rows]}],
    }
    return Spread(len(people), counts[0], f"{median(counts):g}", counts[-1], chart, rows)


def person_rows(figures: YearFigures, names: Mapping[int, str], levels: Levels) -> list[ShownRow]:
    """Return every inspector by name, those with the rarest numbers first."""
    return [
        ShownRow(
            name=names.get(row.inspector_id, str(row.inspector_id)),
            pool=row.rosters,
            times=row.drawn,
            expected=f"{row.test.expected:.1f}",
            observed=row.test.observed,
            verdict=verdict(row.test, tests=figures.tests, level=levels.level),
        )
        for row in sorted(figures.people, key=lambda row: (row.test.tail, row.inspector_id))
    ]


def pair_rows(figures: YearFigures, names: Mapping[int, str], levels: Levels, *, most: int) -> list[ShownRow]:
    """Return the pairs by name that went together more often than expected, the rarest first."""
    often = [row for row in figures.pairs if row.test.observed > max(1.0, row.test.expected)]
    often.sort(key=lambda row: (row.test.tail, row.pair))
    return [
        ShownRow(
            name=" · ".join(names.get(number, str(number)) for number in row.pair),
            pool=0,
            expected=f"{row.test.expected:.1f}",
            observed=row.test.observed,
            verdict=verdict(row.test, tests=figures.tests, level=levels.level),
        )
        for row in often[:most]
    ]


def pair_spread(pairs: Iterable[PairRow]) -> list[tuple[int, int]]:
    """Say how many pairs went together how often, from twice on."""
    found: dict[int, int] = {}
    for row in pairs:
        if row.test.observed > 1:
            found[row.test.observed] = found.get(row.test.observed, 0) + 1
    return sorted(found.items())


def unit_spread(figures: YearFigures) -> list[tuple[int, int]]:
    """Say how many enterprises were drawn how often."""
    found: dict[int, int] = {}
    for row in figures.units:
        found[row.test.observed] = found.get(row.test.observed, 0) + row.count
    return sorted(found.items())


def summary(figures: YearFigures, levels: Levels) -> Verdict:
    """Say in one sentence what came of all tests."""
    found = figures.alarms(levels.level)
    once_in = f"{round(1 / levels.level):,}"
    tests = f"{figures.tests:,}"
    if not figures.tests:
        return Verdict("", "info", _("Nothing can be tested yet: no draw with a choice has been opened."))
    if found:
        sentence = ngettext(
            "%(num)s number is further from what fair draws give than chance explains. It is marked below and must be "
            "explained.",
            "%(num)s numbers are further from what fair draws give than chance explains. They are marked below and "
            "must be explained.",
            found,
        )
        return Verdict(_("Alarm"), "danger", sentence)
    sentence = _(
        "%(tests)s numbers were compared with what fair draws give; none is further away than chance explains. Were "
        "every draw honest, this page would raise a false alarm about once in %(years)s years.",
        tests=tests,
        years=once_in,
    )
    return Verdict(_("No alarm"), "success", sentence)
