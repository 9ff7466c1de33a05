"""What the figures of fairness can be narrowed by; their downloads read the same."""

from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from reports.fairness.queries import list_years
from supervision import clock
from supervision.departments.queries import list_departments
from supervision.web.languages import name_of
from supervision.web.listing import Filter


def year_filters(session: Session) -> list[Filter]:
    """Return the filters: one year, one department or all."""
    years = list_years(session) or [clock.today().year]
    departments = [(one.code, name_of(one)) for one in list_departments(session)]
    return [
        Filter("year", lazy_gettext("Year"), [(str(year), str(year)) for year in years]),
        Filter("department", lazy_gettext("Department"), departments),
    ]
