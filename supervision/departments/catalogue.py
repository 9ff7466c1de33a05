"""Loading the district's departments from ``departments.csv``."""

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.catalogue_files import read_catalogue
from supervision.departments.models import Department


def load_departments(session: Session, folder: Path) -> int:
    """Add the departments that are not there yet, in the file's order; return how many.

    Those already there keep their names: an administrator may have corrected them.
    """
    known = set(session.scalars(sa.select(Department.code)))
    missing = [row for row in read_catalogue(folder, "departments") if row["code"] not in known]
    session.add_all(
        Department(
            code=row["code"],
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            fields=row["fields"],
            platform_role=row["platform_role"],
        )
        for row in missing
    )
    session.flush()
    return len(missing)
