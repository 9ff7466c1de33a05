"""Departments, code tables, items, parameters and working days, as the catalogues have them."""

from datetime import datetime, time, timedelta

from supervision import clock
from supervision.demo.registry import CATALOGUES, Demo
from supervision.departments.queries import list_departments
from supervision.ground_data import load_district, load_everywhere

LIST_AGE = timedelta(days=500)


def load(demo: Demo) -> None:
    """Load what the law, the statistics office and the district publish."""
    session = demo.session
    load_everywhere(session)
    # the list is older than the first plan that rests on it, and its digest holds the day
    with clock.at(datetime.combine(demo.today - LIST_AGE, time(10), clock.SHANGHAI)):
        load_district(session, CATALOGUES)
    for number, department in enumerate(list_departments(session), 1):
        # nobody's number: exchanges of Shanghai do not begin with 0000
        department.phone = f"021-0000-{1000 + number}"
    session.flush()
