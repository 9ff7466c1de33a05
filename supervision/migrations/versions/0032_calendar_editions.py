"""working days: editions of the calendar

Revision: 0032, after 0031
"""

import sqlalchemy as sa
from alembic import op

from supervision.evidence import statements

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_editions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("edition_no", sa.Integer(), nullable=False),
        sa.Column("days", sa.Text(), nullable=False),
        sa.Column("announced", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(100), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_editions")),
        sa.UniqueConstraint("year", "edition_no", name=op.f("uq_calendar_editions_year_edition_no")),
    )
    op.create_index(op.f("ix_calendar_editions_year"), "calendar_editions", ["year"])
    for statement in statements("calendar_editions", op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("calendar_editions")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION calendar_editions_append_only()")
