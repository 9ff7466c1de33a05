"""Loading parameters and coded reasons from the shipped catalogues."""

from datetime import date
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.catalogue_files import read_catalogue
from supervision.db import insert_many
from supervision.parameters.models import Parameter, Reason
from supervision.parameters.rules import REASON_LISTS, Certainty


def load_parameters(session: Session, folder: Path) -> int:
    """Add the versions of parameters that are not there yet; return how many. What is there is never changed."""
    known = {tuple(row) for row in session.execute(sa.select(Parameter.code, Parameter.effective_from))}
    rows = [
        {
            **{name: row[name] for name in ("code", "value", "unit", "name_zh", "name_en", "source", "note")},
            "certainty": Certainty(row["certainty"]),
            "effective_from": date.fromisoformat(row["effective_from"]),
        }
        for row in read_catalogue(folder, "parameters")
    ]
    missing = [row for row in rows if (row["code"], row["effective_from"]) not in known]
    insert_many(session, Parameter.__table__, missing)  # type: ignore[arg-type]  # a mapped class has a Table
    return len(missing)


def load_reasons(session: Session, folder: Path) -> int:
    """Add the coded reasons that are not there yet; return how many. A list's code is its file's name."""
    known = {tuple(row) for row in session.execute(sa.select(Reason.list_code, Reason.code))}
    missing = [
        {
            "list_code": list_code,
            "position": position,
            "certainty": Certainty(row["certainty"]),
            **{
                name: row[name] for name in ("code", "name_zh", "name_en", "description_zh", "description_en", "source")
            },
        }
        for list_code in REASON_LISTS
        for position, row in enumerate(read_catalogue(folder, list_code), 1)
        if (list_code, row["code"]) not in known
    ]
    insert_many(session, Reason.__table__, missing)  # type: ignore[arg-type]  # a mapped class has a Table
    return len(missing)
