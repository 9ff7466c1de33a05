"""The migrated schema is the models' schema, guards included, on the database under test."""

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from supervision.db import insert_many
from supervision.departments.models import Department
from supervision.evidence import append_only_tables, statements
from supervision.schema import differences


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


def test_numbers_go_on_after_rows_that_brought_their_own(session: Session) -> None:
    own = {"id": 7001, "code": "N7001", "name_zh": "甲", "name_en": "A", "fields": "", "platform_role": "",
           "active": True, "version": 1}  # fmt: skip
    insert_many(session, Department, [own])
    newer = Department(code="N7002", name_zh="乙")
    session.add(newer)
    session.flush()
    assert newer.id == 7002
