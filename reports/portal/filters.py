"""What the public lists can be narrowed by; their downloads read the same."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from joint_inspections.visits.rules import VisitKind
from reports.portal.result_queries import list_result_words
from supervision.departments.queries import list_departments
from supervision.draws.rules import DrawState
from supervision.plans.queries import list_years
from supervision.plans.rules import PlanKind
from supervision.web import database
from supervision.web.languages import name_of
from supervision.web.listing import Filter


def plan_filters() -> list[Filter]:
    """Return the filters of the list, also for its downloads."""
    session = database.session()
    return [
        Filter("year", lazy_gettext("Year"), [(str(year), str(year)) for year in list_years(session)]),
        Filter(
            "department", lazy_gettext("Department"), [(one.code, name_of(one)) for one in list_departments(session)]
        ),
        Filter("kind", lazy_gettext("Kind"), [(one.value, _(one.label)) for one in PlanKind]),
    ]


def draw_filters() -> list[Filter]:
    """Return the filters of the list, also for its downloads."""
    departments = [(one.code, name_of(one)) for one in list_departments(database.session())]
    return [
        Filter("state", lazy_gettext("State"), [(one.value, _(one.label)) for one in DrawState]),
        Filter("department", lazy_gettext("Department"), departments),
    ]


def result_filters() -> list[Filter]:
    """Return the filters of the list, also for its downloads."""
    session = database.session()
    departments = [(one.code, name_of(one)) for one in list_departments(session)]
    words = [(one.code, name_of(one)) for one in list_result_words(session)]
    return [
        Filter("department", lazy_gettext("Department"), departments),
        Filter("result", lazy_gettext("Result"), words),
        Filter("kind", lazy_gettext("Kind of inspection"), [(one.value, _(one.label)) for one in VisitKind]),
        Filter("problem", lazy_gettext("Problem"), [("yes", _("Problem found")), ("no", _("No problem"))]),
        Filter("since", lazy_gettext("Visited from"), kind="date"),
        Filter("until", lazy_gettext("Visited until"), kind="date"),
    ]
