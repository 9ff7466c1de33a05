"""Standard wordings move from item codes to every version of the item, and published digests stay (revision 0018)."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command

from supervision.db import make_engine
from supervision.schema import alembic_config
from tests.joint_inspections.test_migration_of_approvals import insert


def test_wordings_go_to_every_version_and_come_back_from_the_one_in_force(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'old.sqlite3'}")
    command.upgrade(alembic_config(engine), "0017")
    with engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("PRAGMA ignore_check_constraints=ON")
        connection.exec_driver_sql("BEGIN")
        for number, state in ((1, "superseded"), (2, "published"), (3, "draft")):
            insert(connection, "item_lists", id=number, number=number, state=state)
            for place, code in enumerate(("A-01", "A-02")):
                insert(
                    connection, "items", id=number * 10 + place, list_id=number, code=code, min_inspectors=2, ratio_bp=1
                )
        for number, (code, words) in enumerate((("A-02", "乙"), ("A-01", "甲"), ("A-02", "丙"), ("X-09", "无主")), 1):
            insert(connection, "problem_phrases", id=number, item_code=code, text_zh=words, text_en="e")
        connection.commit()
    engine.dispose()
    command.upgrade(alembic_config(engine), "0018")
    with engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT item_id, no, text_zh FROM item_phrases ORDER BY item_id, no"))
        moved = [tuple(row) for row in rows]
        formats = {
            row.number: row.format for row in connection.execute(sa.text("SELECT number, format FROM item_lists"))
        }
    assert moved == [
        (place + version * 10, no, words)
        for version in (1, 2, 3)
        for place, no, words in ((0, 1, "甲"), (1, 1, "乙"), (1, 2, "丙"))
    ]
    assert formats == {1: 1, 2: 1, 3: 2}, "what is published keeps the digest it was published under"
    command.downgrade(alembic_config(engine), "0017")
    with engine.connect() as connection:
        back = connection.scalars(sa.text("SELECT text_zh FROM problem_phrases ORDER BY id")).all()
    assert back == ["甲", "乙", "丙"]
    engine.dispose()
