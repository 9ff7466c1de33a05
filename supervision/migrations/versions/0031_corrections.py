"""corrections: rounds of evidence and decisions, and by when their next step is due

Revision: 0031, after 0030
"""

import sqlalchemy as sa
from alembic import op

from supervision.evidence import statements

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

KEPT = ("correction_entries", "correction_files")


def upgrade() -> None:
    op.add_column("follow_ups", sa.Column("round_due_on", sa.Date(), nullable=True))
    op.create_index("ix_follow_ups_round_due_on", "follow_ups", ["round_due_on"])
    make_entries()
    make_files()
    for table in KEPT:
        for statement in statements(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(KEPT):
        op.drop_table(table)
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP FUNCTION {table}_append_only()")
    op.drop_index("ix_follow_ups_round_due_on", "follow_ups")
    op.drop_column("follow_ups", "round_due_on")


def make_entries() -> None:
    """What enterprises sent and departments decided."""
    op.create_table(
        "correction_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("follow_up_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("said_by", sa.String(length=80), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("send_id", sa.String(length=36), nullable=True),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_ups.id"], name=op.f("fk_correction_entries_follow_up_id_follow_ups")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name=op.f("fk_correction_entries_made_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction_entries")),
        sa.UniqueConstraint("follow_up_id", "number", name=op.f("uq_correction_entries_follow_up_id_number")),
        sa.UniqueConstraint("send_id", name=op.f("uq_correction_entries_send_id")),
    )


def make_files() -> None:
    """The files sent with them."""
    op.create_table(
        "correction_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["correction_entries.id"], name=op.f("fk_correction_files_entry_id_correction_entries")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction_files")),
        sa.UniqueConstraint("entry_id", "position", name=op.f("uq_correction_files_entry_id_position")),
    )
    op.create_index("ix_correction_files_sha256", "correction_files", ["sha256"])
