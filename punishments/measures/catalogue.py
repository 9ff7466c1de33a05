"""Loading the measure list from ``joint_measures.csv`` as one edition."""

from datetime import date
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from punishments.measures.models import MeasureDefinition
from supervision.catalogue_files import read_catalogue

EDITION = "2026-01"
EFFECTIVE_FROM = date(2026, 1, 1)


def load_measures(
    session: Session, folder: Path, *, edition: str = EDITION, effective_from: date = EFFECTIVE_FROM
) -> int:
    """Add the measures of ``edition`` that are not there yet; return how many. What is there is never changed."""
    known = set(session.scalars(sa.select(MeasureDefinition.code).where(MeasureDefinition.edition == edition)))
    missing = [row for row in read_catalogue(folder, "joint_measures") if row["measure_code"] not in known]
    session.add_all(_definition(row, edition, effective_from) for row in missing)
    session.flush()
    return len(missing)


def _definition(row: dict[str, str], edition: str, effective_from: date) -> MeasureDefinition:
    return MeasureDefinition(
        edition=edition,
        code=row["measure_code"],
        name_zh=row["zh"],
        name_en=row["en"],
        category_no=int(row["category_no"]),
        category_zh=row["category_zh"],
        implementing_type=row["implementing_department_type"],
        legal_basis=row["legal_basis"],
        triggers=[trigger.strip() for trigger in row["triggers"].split(";") if trigger.strip()],
        reduces_rights=row["reduces_rights"] == "1",
        target=row["target"],
        effective_from=effective_from,
    )
