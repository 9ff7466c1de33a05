"""`flask ground load`: what a district needs before its first register: code tables, law, and its own departments.

Everything is added where it is missing and nothing that is there is changed, so that the same command brings new
parameters and reasons after an upgrade. Upper floors register what they need besides.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import click
import sqlalchemy as sa
from flask import Blueprint
from sqlalchemy.orm import Session

from supervision.beacons.catalogue import NAME as BEACON_RULES
from supervision.beacons.catalogue import load_beacon_rules
from supervision.catalogue_files import FOLDER, read_catalogue
from supervision.departments.catalogue import load_departments
from supervision.entities.models import EntityType, Industry, SubDistrict
from supervision.inspectors.models import NeighborArea
from supervision.items.catalogue import load_item_catalogue, load_result_codes
from supervision.labels import N_
from supervision.parameters.catalogue import load_parameters, load_reasons
from supervision.web import database
from supervision.web.commands import both
from supervision.workdays.catalogue import load_workdays

UNREADABLE = N_("%(folder)s: %(reason)s. The files must be UTF-8 with the columns of those in supervision/catalogues.")
Load = Callable[[Session, Path], int]
blueprint = Blueprint("ground_commands", __name__, cli_group="ground")


def load_industries(session: Session, folder: Path) -> int:
    """Add the classes of GB/T 4754 that are not there yet."""
    known = set(session.scalars(sa.select(Industry.code)))
    rows = [row for row in read_catalogue(folder, "industries") if row["code"] not in known]
    for row in rows:
        session.add(Industry(level=int(row["level"]), parent=row["parent"], **_named(row)))
    session.flush()
    return len(rows)


def load_entity_types(session: Session, folder: Path) -> int:
    """Add the types of entities that are not there yet."""
    known = set(session.scalars(sa.select(EntityType.code)))
    rows = [row for row in read_catalogue(folder, "entity_types") if row["code"] not in known]
    session.add_all(EntityType(is_enterprise=row["is_enterprise"] == "1", **_named(row)) for row in rows)
    session.flush()
    return len(rows)


def load_sub_districts(session: Session, folder: Path) -> int:
    """Add the district's sub-districts and towns that are not there yet, with their places on the schematic map."""
    known = set(session.scalars(sa.select(SubDistrict.code)))
    rows = [row for row in read_catalogue(folder, "sub_districts") if row["code"] not in known]
    session.add_all(SubDistrict(x=int(row["x"]), y=int(row["y"]), **_middle(row), **_named(row)) for row in rows)
    session.flush()
    return len(rows)


def load_neighbor_areas(session: Session, folder: Path) -> int:
    """Add the areas beside the district that are not there yet; from them inspectors may be borrowed (R-1.23)."""
    known = set(session.scalars(sa.select(NeighborArea.code)))
    rows = [row for row in read_catalogue(folder, "neighbor_areas") if row["code"] not in known]
    for row in rows:
        until = date.fromisoformat(row["effective_until"]) if row["effective_until"] else None
        since = date.fromisoformat(row["effective_from"])
        session.add(
            NeighborArea(
                source=row["source"],
                certainty=row["certainty"],
                effective_from=since,
                effective_until=until,
                **_named(row),
            )
        )
    session.flush()
    return len(rows)


def _middle(row: dict[str, str]) -> dict[str, float | None]:
    """Return about where a sub-district's middle lies; folders of districts may leave it out."""
    return {name: float(row[name]) if row.get(name) else None for name in ("longitude", "latitude")}


def _named(row: dict[str, str]) -> dict[str, str]:
    return {name: row[name] for name in ("code", "name_zh", "name_en")}


_loaders: dict[str, Load] = {
    "parameters": load_parameters,
    "reasons": load_reasons,
    "beacon rules": load_beacon_rules,
    "working days": load_workdays,
    "result codes": load_result_codes,
    "industries": load_industries,
    "entity types": load_entity_types,
}


def register(name: str, load: Load) -> None:
    """Let ``load`` bring what an upper floor needs everywhere; registering the same name again replaces it."""
    _loaders[name] = load


def load_everywhere(session: Session) -> dict[str, int]:
    """Load what holds in every district; return how many rows each loader added."""
    return {name: load(session, FOLDER) for name, load in _loaders.items()}


def load_district(session: Session, folder: Path) -> dict[str, int]:
    """Load a district's own departments, sub-districts and, where the folder has one, its first item list."""
    counts = {"departments": load_departments(session, folder), "sub-districts": load_sub_districts(session, folder)}
    if (folder / "neighbor_areas.csv").exists():
        counts["neighboring areas"] = load_neighbor_areas(session, folder)
    if (folder / "inspection_items.csv").exists():
        load_item_catalogue(session, folder)
    if (folder / f"{BEACON_RULES}.csv").exists():
        counts["beacon rules"] = load_beacon_rules(session, folder)
    return counts


@blueprint.cli.command("load")
@click.option(
    "--district",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with the district's departments.csv and sub_districts.csv; supervision/catalogues holds an example.",
)
def load(district: Path | None) -> None:
    """Add code tables, parameters, reasons and working days that are missing; run it after every upgrade."""
    session = database.session()
    counts = load_everywhere(session)
    if district is not None:
        try:
            counts |= load_district(session, district)
        except (KeyError, ValueError) as error:  # a column that is not there, another encoding, no number
            raise click.ClickException(both(UNREADABLE, folder=district, reason=repr(error))) from error
    database.commit()
    for name, count in counts.items():
        click.echo(f"{name}: {count}")
