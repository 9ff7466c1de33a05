"""corrections: which re-inspection was ordered with a decision to look again on site

Revision: 0033, after 0032
"""

import sqlalchemy as sa
from alembic import op

from supervision.evidence import statements

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

TABLE = "correction_orders"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["correction_entries.id"], name=op.f("fk_correction_orders_entry_id_correction_entries")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["ordered_inspections.id"], name=op.f("fk_correction_orders_order_id_ordered_inspections")
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_correction_orders")),
        sa.UniqueConstraint("order_id", name=op.f("uq_correction_orders_order_id")),
    )
    for statement in statements(TABLE, op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table(TABLE)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP FUNCTION {TABLE}_append_only()")
