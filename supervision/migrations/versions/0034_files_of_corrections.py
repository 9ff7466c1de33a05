"""corrections: files that enterprises announced by their codes, and those that have arrived whole

Revision: 0034, after 0033
"""

import sqlalchemy as sa
from alembic import op

from supervision.evidence import statements

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

KEPT = ("correction_uploads", "correction_arrivals")


def upgrade() -> None:
    op.create_table(
        "correction_uploads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("follow_up_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_ups.id"], name=op.f("fk_correction_uploads_follow_up_id_follow_ups")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction_uploads")),
        sa.UniqueConstraint(
            "follow_up_id", "sha256", "size", name=op.f("uq_correction_uploads_follow_up_id_sha256_size")
        ),
    )
    op.create_table(
        "correction_arrivals",
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["correction_uploads.id"], name=op.f("fk_correction_arrivals_upload_id_correction_uploads")
        ),
        sa.PrimaryKeyConstraint("upload_id", name=op.f("pk_correction_arrivals")),
    )
    for table in KEPT:
        for statement in statements(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(KEPT):
        op.drop_table(table)
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP FUNCTION {table}_append_only()")
