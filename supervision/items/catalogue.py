"""Loading the national result codes and a whole item list from the shipped catalogues."""

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.catalogue_files import read_catalogue
from supervision.items.models import ResultCode


def load_result_codes(session: Session, folder: Path) -> int:
    """Bring the result codes in line with ``check_results.csv``; return how many there are in it.

    The wordings are the nation's, not ours, so that a corrected file corrects them here too.
    """
    rows = read_catalogue(folder, "check_results")
    known = {one.code: one for one in session.scalars(sa.select(ResultCode))}
    for position, row in enumerate(rows, 1):
        code = known.get(row["code"]) or ResultCode(code=row["code"])
        code.name_zh, code.name_en, code.follow_up = row["zh"], row["en"], row["follow_up"]
        code.scope, code.is_problem, code.position = row["scope"], row["is_problem"] == "1", position
        session.add(code)
    session.flush()
    return len(rows)
