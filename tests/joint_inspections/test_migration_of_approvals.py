"""Approvals given before every body approved for itself stay on record as what they were (revision 0002)."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command

from supervision.db import make_engine
from supervision.schema import alembic_config

MOMENT = "2026-06-01 01:00:00.000000"
# id, state, number of bodies: two of one joint plan, one of a single department, one not approved yet
VISITS = ((1, "published", 1), (2, "approved", 1), (3, "approved", 2), (4, "assigned", 1))


def insert(connection: sa.Connection, table: str, **values: object) -> None:
    """Insert a row, with something in every column that must not be empty."""
    columns = connection.exec_driver_sql(f"PRAGMA table_info({table})").mappings()
    row = {one["name"]: "x" for one in columns if one["notnull"] and not one["dflt_value"]} | values
    names, places = ", ".join(row), ", ".join(f":{name}" for name in row)
    connection.execute(sa.text(f"INSERT INTO {table} ({names}) VALUES ({places})"), row)  # noqa: S608 - own names


def test_begun_visits_keep_the_approval_and_joint_ones_not_begun_go_to_the_other_heads(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'old.sqlite3'}")
    command.upgrade(alembic_config(engine), "0001")
    with engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("PRAGMA ignore_check_constraints=ON")
        connection.exec_driver_sql("BEGIN")
        insert(connection, "users", id=7)
        for body in (10, 20):
            insert(connection, "departments", id=body, code=f"D{body}")
        for version, bodies in ((1, (10, 20)), (2, (10,))):
            insert(connection, "tasks", id=version, plan_version_id=version, number=f"t{version}")
            insert(connection, "draws", id=version, task_id=version, number=f"d{version}")
            for place, body in enumerate(bodies):
                named = {"plan_version_id": version, "department_id": body, "position": place}
                insert(connection, "plan_participants", **named, is_lead=place == 0)
        for number, state, version in VISITS:
            approved = {} if state == "assigned" else {"approved_by": 7, "approved_at": MOMENT}
            told = {"entity_id": number, "draw_id": version, "number": f"n{number}", "version": 1}
            insert(connection, "visits", id=number, state=state, planned_on="2026-06-02", **told, **approved)
            for inspector, body, how in (
                (1, 10, "accepted"),
                (2, 10, "accepted"),
                (3, 20, "accepted"),
                (4, 20, "replaced"),
            ):
                on_team = {"visit_id": number, "inspector_id": inspector, "department_id": body, "state": how}
                insert(connection, "visit_members", id=number * 10 + inspector, lead=inspector == 1, **on_team)
        connection.commit()
    engine.dispose()
    command.upgrade(alembic_config(engine), "0002")
    with engine.connect() as connection:
        states = {row.id: row.state for row in connection.execute(sa.text("SELECT id, state FROM visits"))}
        query = "SELECT visit_id, department_id, inspectors, approved_by, note <> '' FROM visit_approvals ORDER BY id"
        kept = [tuple(row) for row in connection.execute(sa.text(query))]
        numbers = connection.scalars(sa.text("SELECT number FROM visits ORDER BY id")).all()
    assert states == {1: "published", 2: "assigned", 3: "approved", 4: "assigned"}
    assert kept == [(1, 10, "1 2", 7, 0), (1, 20, "3", 7, 1), (2, 10, "1 2", 7, 0), (3, 10, "1 2", 7, 0)]
    assert numbers == ["n1", "n2", "n3", "n4"]
    command.downgrade(alembic_config(engine), "0001")
    engine.dispose()
