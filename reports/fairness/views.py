"""Fairness on display: a page for everybody, and one with names for departments and oversight."""

from flask import Blueprint, render_template

from reports.fairness import endings, pages, queries
from reports.fairness.filters import year_filters
from reports.fairness.queries import Asked, Counted, Levels
from reports.portal.blueprint import fairness as public_blueprint
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, public, requires
from supervision.web.listing import Filter, read_query

blueprint = Blueprint("fairness_figures", __name__, url_prefix="/figures/fairness")
MOST_PAIRS = 20


def asked_for() -> tuple[list[Filter], Asked]:
    """Read year and department; the newest year with opened draws is the default."""
    filters = year_filters(database.session())
    query = read_query(filters)
    asked = queries.asked_in(database.session(), query)
    filters[0].value, filters[1].value = str(asked.year), asked.department
    return filters, asked


def common_values(filters: list[Filter], asked: Asked, counted: Counted, levels: Levels) -> dict[str, object]:
    """Return what both pages show: nothing of it names an inspector, or tells of a draw that is still sealed."""
    session = database.session()
    draws = queries.list_opened(session, asked)
    return {
        "filters": filters,
        "asked": asked,
        "levels": levels,
        "counted": counted,
        "summary": pages.summary(counted.figures, levels),
        "tables": pages.group_tables(counted, queries.group_names(session), levels),
        "units": pages.unit_spread(counted.figures),
        "spread": pages.spread(counted.figures.people),
        "people_alarms": sum(row.test.corrected < levels.level for row in counted.figures.people),
        "pairs": pages.pair_spread(counted.figures.pairs),
        "pair_alarms": sum(row.test.corrected < levels.level for row in counted.figures.pairs),
        "repeated": queries.list_repeated(session, asked),
        "exclusions": endings.count_exclusions(session, draws),
        "ended": endings.count_ended(session, asked),
    }


@public_blueprint.get("")
@public
def index() -> str:
    """Show everybody what opened draws gave each group, and whether chance explains it."""
    filters, asked = asked_for()
    session = database.session()
    levels = queries.levels(session)
    counted = queries.count_year(session, asked, inside=False, smallest=levels.smallest)
    hidden_alarm = bool(counted.hidden) and _hidden_alarm(asked, levels)
    values = common_values(filters, asked, counted, levels)
    return render_template("fairness/public.html", hidden_alarm=hidden_alarm, **values)


def _hidden_alarm(asked: Asked, levels: Levels) -> bool:
    """Say whether the draws that are not shown by group give an alarm; no number of theirs is told."""
    whole = queries.count_year(database.session(), asked, inside=True, smallest=levels.smallest).figures
    tests = [*(row.test for row in whole.groups), *(row.test for row in whole.units)]
    return any(one.corrected < levels.level for one in tests)


@blueprint.get("")
@requires(Permission.STATISTICS_VIEW)
def show() -> str:
    """Show the same with every group, and inspectors by name to their own department and to oversight."""
    filters, asked = asked_for()
    session, viewer = database.session(), actor()
    levels = queries.levels(session)
    counted = queries.count_year(session, asked, inside=True, smallest=levels.smallest)
    named = queries.may_see_names(viewer, asked.department)
    repeated = queries.list_repeated(session, asked) if named else []
    known = [row.inspector_id for row in repeated] + [row.inspector_id for row in counted.figures.people if named]
    people, units = queries.names_of(session, known, [row.entity_id for row in repeated])
    return render_template(
        "fairness/inside.html",
        named=named,
        people=pages.person_rows(counted.figures, people, levels) if named else [],
        named_pairs=pages.pair_rows(counted.figures, people, levels, most=MOST_PAIRS) if named else [],
        named_repeated=[(people[row.inspector_id], units[row.entity_id], row.times) for row in repeated],
        ended_by_person=endings.list_ended_by_person(session, viewer, asked),
        **common_values(filters, asked, counted, levels),
    )
