"""Loading the ground data that every test and the demonstration stand on."""

from datetime import date

import sqlalchemy as sa
from flask import Flask
from flask_babel import force_locale, gettext
from sqlalchemy.orm import Session

from supervision.catalogue_files import FOLDER, read_catalogue
from supervision.items.models import ResultCode
from supervision.parameters.catalogue import load_parameters, load_reasons
from supervision.parameters.models import Parameter, Reason
from supervision.parameters.queries import check_reason, get_number
from supervision.parameters.rules import REASON_LISTS
from supervision.workdays.models import CalendarDay
from tests.factories import Make


def _counts(session: Session) -> list[int]:
    return [
        session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        for table in (Parameter, Reason, ResultCode, CalendarDay)
    ]


def test_loading_the_catalogues_twice_is_loading_them_once(session: Session, make: Make) -> None:
    make.catalogues()
    first = _counts(session)
    make.catalogues()
    assert _counts(session) == first
    assert first[0] == len(read_catalogue(FOLDER, "parameters"))
    assert first[2] == 13


def test_every_shipped_list_of_reasons_is_loaded(session: Session) -> None:
    files = {path.stem for path in FOLDER.glob("*.csv") if "certainty" in path.read_text("utf-8").splitlines()[0]}
    assert set(REASON_LISTS) == files - {"parameters", "inspection_items", "beacon_rules", "neighbor_areas"}
    load_reasons(session, FOLDER)
    assert set(session.scalars(sa.select(Reason.list_code))) == set(REASON_LISTS)
    assert check_reason(session, "recusal_reasons", "kinship").name_zh == "与检查对象有近亲属关系"


def test_numbers_of_the_file_are_read_as_numbers(session: Session) -> None:
    load_parameters(session, FOLDER)
    assert get_number(session, "publication-working-days", on=date(2026, 11, 22)) == 20


def test_every_remark_on_a_parameter_is_there_in_chinese(app: Flask) -> None:
    notes = {row["note"] for row in read_catalogue(FOLDER, "parameters")} - {""}
    with app.test_request_context(), force_locale("zh_Hans_CN"):
        assert [note for note in notes if gettext(note) == note] == []
