"""What a new installation loads before its first register, and again after every upgrade."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from punishments.measures.models import MeasureDefinition
from supervision.catalogue_files import FOLDER, read_catalogue
from supervision.departments.models import Department
from supervision.entities.models import EntityType, Industry, SubDistrict
from supervision.items.models import ItemList
from supervision.parameters.models import Parameter

DEPARTMENTS = "code,name_zh,name_en,fields,platform_role\nKJJ,某区科学技术局,Science Bureau,科技,member\n"
SUB_DISTRICTS = "code,name_zh,name_en,x,y\n310199001,某街道,Some Street,10,20\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "departments.csv").write_text(DEPARTMENTS, encoding="utf-8")
    (tmp_path / "sub_districts.csv").write_text(SUB_DISTRICTS, encoding="utf-8")
    return tmp_path


def count(session: Session, table: type) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_what_holds_everywhere_is_loaded_without_any_district(app: Flask, session: Session) -> None:
    result = app.test_cli_runner().invoke(args=["ground", "load"])
    assert result.exit_code == 0, result.output
    for table, name in ((Parameter, "parameters"), (Industry, "industries"), (EntityType, "entity_types")):
        assert count(session, table) == len(read_catalogue(FOLDER, name))
    assert count(session, MeasureDefinition) > 0
    assert (count(session, Department), count(session, SubDistrict), count(session, ItemList)) == (0, 0, 0)


def test_a_district_brings_its_own_departments_and_sub_districts(app: Flask, session: Session, folder: Path) -> None:
    assert app.test_cli_runner().invoke(args=["ground", "load", "--district", str(folder)]).exit_code == 0
    assert session.scalars(sa.select(Department.code)).all() == ["KJJ"]
    assert session.scalars(sa.select(SubDistrict.name_zh)).all() == ["某街道"]
    assert count(session, ItemList) == 0


def test_loading_again_brings_what_is_missing_and_changes_nothing(app: Flask, session: Session, folder: Path) -> None:
    command = ["ground", "load", "--district", str(folder)]
    app.test_cli_runner().invoke(args=command)
    corrected = session.scalars(sa.select(Department)).one()
    corrected.name_zh = "某区科技局"
    session.execute(sa.delete(SubDistrict))
    session.commit()
    result = app.test_cli_runner().invoke(args=command)
    assert "parameters: 0\n" in result.output
    assert "sub-districts: 1\n" in result.output
    session.expire_all()
    assert corrected.name_zh == "某区科技局"
