"""results: why a department has not published its part within the period (R-1.38, R-1.44)

Revision: 0011, after 0010
"""

import sqlalchemy as sa
from alembic import op

from supervision.evidence import statements

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "part_delays",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("reason_code", sa.String(32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_part_delays_visit_id_visits")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_part_delays_department_id_departments")
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["users.id"], name=op.f("fk_part_delays_recorded_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_part_delays")),
    )
    op.create_index(op.f("ix_part_delays_visit_id"), "part_delays", ["visit_id"])
    for statement in statements("part_delays", op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("part_delays")
