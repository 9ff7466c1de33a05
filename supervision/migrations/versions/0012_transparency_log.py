"""log: keys, checkpoints, witnesses, cosignatures (draw protocol, section 8)

Revision: 0012, after 0011
"""

import sqlalchemy as sa
from alembic import op

from supervision.evidence import statements

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

GUARDED = ("log_keys", "log_checkpoints", "log_cosignatures", "witness_statements")


def upgrade() -> None:
    op.create_table(
        "log_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("verifier_key", sa.String(length=250), nullable=False),
        sa.Column("leaf_index", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["leaf_index"], ["log_leaves.index"], name=op.f("fk_log_keys_leaf_index_log_leaves")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_keys")),
        sa.UniqueConstraint("leaf_index", name=op.f("uq_log_keys_leaf_index")),
        sa.UniqueConstraint("verifier_key", name=op.f("uq_log_keys_verifier_key")),
    )
    op.create_table(
        "log_checkpoints",
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_log_checkpoints")),
    )
    op.create_table(
        "log_witnesses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=100), nullable=False),
        sa.Column("verifier_key", sa.String(length=250), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["users.id"], name=op.f("fk_log_witnesses_added_by_users")),
        sa.ForeignKeyConstraint(["ended_by"], ["users.id"], name=op.f("fk_log_witnesses_ended_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_witnesses")),
        sa.UniqueConstraint("verifier_key", name=op.f("uq_log_witnesses_verifier_key")),
    )
    op.create_table(
        "log_cosignatures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("witness_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["size"], ["log_checkpoints.size"], name=op.f("fk_log_cosignatures_size_log_checkpoints")
        ),
        sa.ForeignKeyConstraint(
            ["witness_id"], ["log_witnesses.id"], name=op.f("fk_log_cosignatures_witness_id_log_witnesses")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_cosignatures")),
        sa.UniqueConstraint(
            "size", "witness_id", "seen_at", name=op.f("uq_log_cosignatures_size_witness_id_seen_at")
        ),
    )
    op.create_index(op.f("ix_log_cosignatures_size"), "log_cosignatures", ["size"])
    op.create_index(op.f("ix_log_cosignatures_witness_id"), "log_cosignatures", ["witness_id"])
    op.create_table(
        "witness_statements",
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("witness_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("fk_witness_statements_draw_id_draws")),
        sa.ForeignKeyConstraint(
            ["witness_id"], ["log_witnesses.id"], name=op.f("fk_witness_statements_witness_id_log_witnesses")
        ),
        sa.PrimaryKeyConstraint("draw_id", "witness_id", name=op.f("pk_witness_statements")),
    )
    for table in GUARDED:
        for statement in statements(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    for table in ("witness_statements", "log_cosignatures", "log_witnesses", "log_checkpoints", "log_keys"):
        op.drop_table(table)
        if table in GUARDED and op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP FUNCTION {table}_append_only()")
