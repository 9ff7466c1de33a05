"""visits: devices, operations of phones and what became of them

Revision: 0017, after 0016
"""

import sqlalchemy as sa
from alembic import op

from supervision.evidence import statements

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

KEPT = ("field_operations", "field_outcomes", "field_clashes")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    make_devices()
    make_operations()
    make_outcomes()
    make_clashes()
    for table in KEPT:
        for statement in statements(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(KEPT):
        op.drop_table(table)
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP FUNCTION {table}_append_only()")
    op.drop_table("field_devices")


def make_devices() -> None:
    """Phones, each of one user."""
    op.create_table(
        "field_devices",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("registered_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.Column("revoked_by", sa.Integer(), nullable=True),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_field_devices_user_id_users")),
        sa.ForeignKeyConstraint(["revoked_by"], ["users.id"], name=op.f("fk_field_devices_revoked_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_devices")),
    )
    op.create_index(op.f("ix_field_devices_user_id"), "field_devices", ["user_id"])


def make_operations() -> None:
    """What phones sent, as it came."""
    op.create_table(
        "field_operations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(36), nullable=False),
        sa.Column("device_id", sa.String(36), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"], ["field_devices.id"], name=op.f("fk_field_operations_device_id_field_devices")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_field_operations_user_id_users")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_field_operations_visit_id_visits")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_operations")),
        sa.UniqueConstraint("uuid", name=op.f("uq_field_operations_uuid")),
    )
    op.create_index(op.f("ix_field_operations_device_id"), "field_operations", ["device_id"])
    op.create_index(op.f("ix_field_operations_visit_id"), "field_operations", ["visit_id"])


def make_outcomes() -> None:
    """What became of each; it ends once."""
    op.create_table(
        "field_outcomes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("operation_id", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.Column("stored", sa.Text(), nullable=True),
        sa.Column("awaits", sa.String(64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["field_operations.id"], name=op.f("fk_field_outcomes_operation_id_field_operations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_outcomes")),
        sa.UniqueConstraint("operation_id", "no", name=op.f("uq_field_outcomes_operation_id_no")),
    )
    op.create_index(op.f("ix_field_outcomes_awaits"), "field_outcomes", ["awaits"])
    ends = sa.text("outcome <> 'waiting'")
    op.create_index(
        "uq_field_outcomes_final", "field_outcomes", ["operation_id"], unique=True, sqlite_where=ends,
        postgresql_where=ends,
    )  # fmt: skip


def make_clashes() -> None:
    """Numbers that came again with other content."""
    op.create_table(
        "field_clashes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("operation_id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.String(36), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["field_operations.id"], name=op.f("fk_field_clashes_operation_id_field_operations")
        ),
        sa.ForeignKeyConstraint(
            ["device_id"], ["field_devices.id"], name=op.f("fk_field_clashes_device_id_field_devices")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_field_clashes_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_clashes")),
        sa.UniqueConstraint(
            "operation_id", "user_id", "digest", name=op.f("uq_field_clashes_operation_id_user_id_digest")
        ),
    )
    op.create_index(op.f("ix_field_clashes_operation_id"), "field_clashes", ["operation_id"])
