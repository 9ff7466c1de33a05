"""The migrated schema is the models' schema, guards included, on the database under test."""

import re

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from supervision.db import Base, insert_many
from supervision.departments.models import Department
from supervision.evidence import append_only_tables, statements
from supervision.schema import differences

MADE = re.compile(
    r"\s*CREATE\s+(?:OR\s+REPLACE\s+)?(?:CONSTRAINT\s+)?(?:TRIGGER|FUNCTION)\s+(?:IF\s+NOT\s+EXISTS\s+)?(\w+)",
    re.IGNORECASE,
)


def test_migrated_schema_equals_the_models(app: Flask) -> None:
    engine: Engine = app.extensions["engine"]
    assert differences(engine) == []


def test_every_evidence_table_is_guarded(app: Flask) -> None:
    engine: Engine = app.extensions["engine"]
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            names = set(connection.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")))
        else:
            names = set(connection.scalars(sa.text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")))
    assert append_only_tables()
    for table in append_only_tables():
        wanted = [
            text.split()[2] for text in statements(table, engine.dialect.name) if text.startswith("CREATE TRIGGER")
        ]
        assert set(wanted) <= names, table


def made_by_models(engine: Engine) -> set[str]:
    """Name triggers and functions that creating the models' tables would make beside them."""
    said: list[str] = []
    mock = sa.create_mock_engine(engine.url, lambda statement, *_, **__: said.append(str(statement)))
    Base.metadata.create_all(mock, checkfirst=False)
    return {found[1] for text in said if (found := MADE.match(text))}


def in_database(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            return set(connection.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")))
        triggers = connection.scalars(sa.text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")).all()
        own = "SELECT proname FROM pg_proc WHERE pronamespace = current_schema()::regnamespace"
        return {*triggers, *connection.scalars(sa.text(own))}


def test_triggers_and_functions_of_the_models_are_those_of_the_migrations(app: Flask) -> None:
    engine: Engine = app.extensions["engine"]
    wanted = made_by_models(engine)
    assert len(wanted) > len(append_only_tables())
    found = in_database(engine)
    assert wanted - found == set()
    # extensions bring functions of their own on PostgreSQL
    if engine.dialect.name == "sqlite":
        assert found - wanted == set()


def test_views_on_record_are_found_by_person_list_and_day(app: Flask) -> None:
    engine: Engine = app.extensions["engine"]
    found = [one["column_names"] for one in sa.inspect(engine).get_indexes("audit_entries")]
    assert ["actor_id", "subject_kind", "subject_id", "at"] in found


def test_numbers_go_on_after_rows_that_brought_their_own(session: Session) -> None:
    own = {"id": 7001, "code": "N7001", "name_zh": "甲", "name_en": "A", "fields": "", "platform_role": "",
           "active": True, "version": 1}  # fmt: skip
    insert_many(session, Department, [own])
    newer = Department(code="N7002", name_zh="乙")
    session.add(newer)
    session.flush()
    assert newer.id == 7002
