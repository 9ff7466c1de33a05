"""The migrated schema is the models' schema, guards included, on the database under test."""

import re
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from flask import Flask
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from supervision import schema
from supervision.db import Base, insert_many, make_engine
from supervision.departments.models import Department
from supervision.evidence import append_only_tables, statements
from supervision.schema import alembic_config, differences

REVISIONS = Path(schema.__file__).parent / "migrations" / "versions"
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


def test_a_revision_rests_on_no_code_of_a_room_that_later_changes() -> None:
    wanted = re.compile(r"^(?:from|import) (?:supervision|joint_inspections|punishments|reports)\b.*", re.MULTILINE)
    kept = {"from supervision import clock", "from supervision.evidence import statements"}
    found = {line for path in REVISIONS.glob("0*.py") for line in wanted.findall(path.read_text(encoding="utf-8"))}
    assert found <= kept


def test_names_are_found_by_the_index_as_revision_0008_makes_it_anew(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'old.sqlite3'}")
    config = alembic_config(engine)
    command.upgrade(config, "0007")
    raw = engine.raw_connection()
    raw.executescript("PRAGMA foreign_keys=OFF; PRAGMA ignore_check_constraints=ON")  # type: ignore[attr-defined]  # SQLite's own
    columns = raw.execute("PRAGMA table_info(entities)").fetchall()  # type: ignore[attr-defined]  # as above
    row = {name: "2026-03-02 02:00:00" if "DATE" in kind else 0 for _, name, kind, needed, *_ in columns if needed}
    row |= {"id": 7, "skeleton": "上海餐", "initials": "shc"}
    places = ", ".join("?" * len(row))
    raw.execute(f"INSERT INTO entities ({', '.join(row)}) VALUES ({places})", list(row.values()))  # type: ignore[attr-defined]  # noqa: S608
    raw.commit()
    raw.close()
    engine.dispose()
    command.upgrade(config, "0008")
    with engine.connect() as connection:
        for tokens in ('"4e0a 6d77 9910 4e0ax6d77 6d77x9910"', "psh", '"psh phc"'):
            found = sa.text("SELECT rowid FROM entity_search WHERE entity_search MATCH :tokens")
            assert connection.scalars(found, {"tokens": tokens}).all() == [7]
    engine.dispose()


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
