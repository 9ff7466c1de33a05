"""Departments, code tables, items, parameters and working days, as the catalogues have them."""

from datetime import timedelta

from supervision.db import insert_many
from supervision.demo.entities import read_rows
from supervision.demo.registry import CATALOGUES, Demo
from supervision.departments.catalogue import load_departments
from supervision.entities.models import EntityType, Industry, SubDistrict
from supervision.items.catalogue import load_item_catalogue
from supervision.parameters.catalogue import load_parameters, load_reasons
from supervision.workdays.catalogue import load_workdays

LIST_AGE = timedelta(days=500)


def load(demo: Demo) -> None:
    """Load what the law, the statistics office and the district publish."""
    session = demo.session
    load_departments(session, CATALOGUES)
    load_parameters(session, CATALOGUES)
    load_reasons(session, CATALOGUES)
    load_workdays(session, CATALOGUES)
    # the list is older than the first plan that rests on it
    load_item_catalogue(session, CATALOGUES).published_on = demo.today - LIST_AGE
    insert_many(session, Industry, [
        {"code": row["code"], "parent": row["parent"], "level": int(row["level"]), "name_zh": row["name_zh"],
         "name_en": row["name_en"]} for row in read_rows(CATALOGUES / "industries.csv")])  # fmt: skip
    insert_many(session, SubDistrict, [
        {"code": row["code"], "name_zh": row["name_zh"], "name_en": row["name_en"], "x": int(row["x"]),
         "y": int(row["y"])} for row in read_rows(CATALOGUES / "sub_districts.csv")])  # fmt: skip
    insert_many(session, EntityType, [
        {"code": row["code"], "name_zh": row["name_zh"], "name_en": row["name_en"],
         "is_enterprise": row["is_enterprise"] == "1"}
        for row in read_rows(CATALOGUES / "entity_types.csv")])  # fmt: skip
    session.flush()
