"""Fairness as open data: expected and drawn of each group, from opened draws alone; one year and department a file."""

from collections.abc import Iterator, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from reports.fairness.queries import asked_in, count_year, group_names, levels
from reports.fairness.rules import SMALLER
from reports.open_data.datasets import Dataset, Field, Row
from supervision.fairness.models import DrawFigures
from supervision.labels import N_
from supervision.listing import ListQuery

CHANGED = "fairness"


def changes(session: Session) -> dict[str, datetime | None]:
    """Return when an opened draw was last counted."""
    return {CHANGED: session.scalar(sa.select(sa.func.max(DrawFigures.counted_at)))}


def _rows(session: Session, query: ListQuery) -> Iterator[Row]:
    asked, allowed = asked_in(session, query), levels(session)
    counted = count_year(session, asked, inside=False, smallest=allowed.smallest)
    names = group_names(session)
    for row in sorted(counted.figures.groups, key=lambda row: (row.dimension, row.group == SMALLER, row.group)):
        named = names.get((row.dimension, row.group))
        yield {
            "year": asked.year,
            "department": asked.department,
            "draws": counted.figures.draws - counted.hidden,
            "dimension": row.dimension,
            "group": row.group,
            "group_name": named.name_zh if named else "",
            "pool": row.pool,
            "expected": f"{row.test.expected:.3f}",
            "drawn": row.test.observed,
            "chance": f"{row.test.tail:.3g}",
            "tests": counted.figures.tests,
            "alarm": row.test.corrected < allowed.level,
        }


FAIRNESS = Dataset(
    "fairness",
    N_("Fairness of draws"),
    N_("One row for each group of enterprises: how many fair draws give, and how many were drawn. One year a file."),
    (
        Field("year", N_("Year of the draws")),
        Field("department", N_("Code of the department that took part; empty for all")),
        Field("draws", N_("How many opened draws it is of")),
        Field("dimension", N_("type, industry (section) or sub_district")),
        Field("group", N_("Code of the group; empty for smaller groups together")),
        Field("group_name", N_("Name of the group, in Chinese")),
        Field("pool", N_("Places in all pools; an enterprise left out by decision counts too")),
        Field("expected", N_("How many of them fair draws take on average")),
        Field("drawn", N_("How many were drawn")),
        Field("chance", N_("How often chance alone goes at least as far, as a share of 1")),
        Field("tests", N_("How many numbers were tested together")),
        Field("alarm", N_("Whether it is an alarm after correction for all these tests")),
    ),
    (
        N_("Only opened draws count; those divided by risk class or limited to an internal group are left out."),
        N_("Group means the entry of the register at the freeze."),
        N_("Choose year and department on the page and take the file from there."),
    ),
    CHANGED,
    _rows,
)
FAIRNESS_DATASETS: Mapping[str, Dataset] = {FAIRNESS.key: FAIRNESS}
