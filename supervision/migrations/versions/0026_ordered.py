"""visits: inspections that come from an order instead of a draw (complaint, referral, emergency, re-inspection)

Revision: 0026, after 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

# tables whose rows no longer need a draw
FREED = ("visits", "published_parts")
NEEDED, FREE = "draw_id INTEGER NOT NULL", "draw_id INTEGER"


def upgrade() -> None:
    task = sa.ForeignKey("tasks.id", name="fk_visits_task_id_tasks")
    op.add_column("visits", sa.Column("task_id", sa.Integer(), task), inline_references=True)
    op.add_column("visits", sa.Column("kind", sa.String(32), nullable=False, server_default="random"))
    op.add_column("visits", sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_visits_task_id", "visits", ["task_id"])
    op.execute("UPDATE visits SET task_id = (SELECT d.task_id FROM draws d WHERE d.id = visits.draw_id)")
    _need_draws(needed=False)


def downgrade() -> None:
    bind = op.get_bind()
    if any(bind.scalar(sa.text(f"SELECT count(*) FROM {table} WHERE draw_id IS NULL")) for table in FREED):  # noqa: S608 - own names
        raise RuntimeError(
            "There are ordered inspections: visits without a draw, which older programs cannot hold. "
            "Nothing was changed. Keep this version, or restore the backup made before it was installed."
        )
    _need_draws(needed=True)
    op.drop_index("ix_visits_task_id", "visits")
    for column in ("reported_at", "kind", "task_id"):
        op.drop_column("visits", column)


def _need_draws(*, needed: bool) -> None:
    """Lift NOT NULL from the draw, or put it back.

    SQLite knows no such ALTER, and a table made anew would lose its guards while others refer to it. This is the way
    its manual gives for it (lang_altertable, "simplified procedure"): only the text of the schema changes, no row.
    """
    bind = op.get_bind()
    if bind.dialect.name != "sqlite":
        for table in FREED:
            op.alter_column(table, "draw_id", existing_type=sa.Integer(), nullable=not needed)
        return
    before, after = (FREE, NEEDED) if needed else (NEEDED, FREE)
    version = bind.scalar(sa.text("PRAGMA schema_version")) or 0
    bind.exec_driver_sql("PRAGMA writable_schema=ON")
    for table in FREED:
        _rewrite(bind, table, before, after)
    bind.exec_driver_sql(f"PRAGMA schema_version={int(version) + 1}")
    # reads the schema anew from what is now written, and ends the permission to write it
    bind.exec_driver_sql("PRAGMA writable_schema=RESET")
    found = bind.exec_driver_sql("PRAGMA integrity_check").scalars().all()
    if found != ["ok"]:
        raise RuntimeError(f"The database is not sound after the change of its schema: {found[:3]}. Nothing was kept.")


def _rewrite(bind: sa.Connection, table: str, before: str, after: str) -> None:
    named = {"table": table}
    text = bind.scalar(sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :table"), named)
    if text is None or text.count(f"{before}, ") != 1:
        raise RuntimeError(f"The schema of {table} is not the one this revision knows. Nothing was changed.")
    bind.execute(
        sa.text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = :table"),
        {"sql": text.replace(f"{before}, ", f"{after}, "), **named},
    )
