"""ordered: inspections ordered without a draw, what heads said, lots and replacements

Revision: 0028, after 0027
"""

import sqlalchemy as sa
from alembic import op

from supervision.evidence import statements

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

TABLES = (
    "ordered_inspections",
    "ordered_participants",
    "ordered_items",
    "ordered_approvals",
    "ordered_lots",
    "ordered_places",
    "ordered_replacements",
)
# rows that are evidence: everything but the order itself, whose state moves on
KEPT = TABLES[1:]


def upgrade() -> None:
    op.create_table(
        "ordered_inspections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=18), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column("item_list_id", sa.Integer(), nullable=False),
        sa.Column("origin_visit_id", sa.Integer(), nullable=True),
        sa.Column("ground_code", sa.String(length=32), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("oral_by", sa.Integer(), nullable=True),
        sa.Column("oral_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("complete_by", sa.Date(), nullable=True),
        sa.Column("visit_id", sa.Integer(), nullable=True),
        sa.Column("ordered_by", sa.Integer(), nullable=True),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ending_note", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["ended_by"], ["users.id"], name="fk_ordered_inspections_ended_by_users"),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name="fk_ordered_inspections_entity_id_entities"),
        sa.ForeignKeyConstraint(
            ["item_list_id"], ["item_lists.id"], name="fk_ordered_inspections_item_list_id_item_lists"
        ),
        sa.ForeignKeyConstraint(["oral_by"], ["users.id"], name="fk_ordered_inspections_oral_by_users"),
        sa.ForeignKeyConstraint(["ordered_by"], ["users.id"], name="fk_ordered_inspections_ordered_by_users"),
        sa.ForeignKeyConstraint(
            ["origin_visit_id"], ["visits.id"], name="fk_ordered_inspections_origin_visit_id_visits"
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name="fk_ordered_inspections_visit_id_visits"),
        sa.PrimaryKeyConstraint("id", name="pk_ordered_inspections"),
        sa.UniqueConstraint("number", name="uq_ordered_inspections_number"),
        sa.UniqueConstraint("visit_id", name="uq_ordered_inspections_visit_id"),
    )
    op.create_index("ix_ordered_inspections_complete_by", "ordered_inspections", ["complete_by"], unique=False)
    op.create_index("ix_ordered_inspections_entity_id", "ordered_inspections", ["entity_id"], unique=False)
    op.create_index("ix_ordered_inspections_origin_visit_id", "ordered_inspections", ["origin_visit_id"], unique=False)
    op.create_index("ix_ordered_inspections_state", "ordered_inspections", ["state"], unique=False)
    op.create_table(
        "ordered_participants",
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name="fk_ordered_participants_department_id_departments"
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["ordered_inspections.id"], name="fk_ordered_participants_order_id_ordered_inspections"
        ),
        sa.PrimaryKeyConstraint("order_id", "department_id", name="pk_ordered_participants"),
    )
    op.create_index("ix_ordered_participants_department_id", "ordered_participants", ["department_id"], unique=False)
    op.create_table(
        "ordered_items",
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="fk_ordered_items_item_id_items"),
        sa.ForeignKeyConstraint(
            ["order_id"], ["ordered_inspections.id"], name="fk_ordered_items_order_id_ordered_inspections"
        ),
        sa.PrimaryKeyConstraint("order_id", "item_id", name="pk_ordered_items"),
    )
    op.create_table(
        "ordered_approvals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name="fk_ordered_approvals_decided_by_users"),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name="fk_ordered_approvals_department_id_departments"
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["ordered_inspections.id"], name="fk_ordered_approvals_order_id_ordered_inspections"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_ordered_approvals"),
        sa.UniqueConstraint("order_id", "department_id", name="uq_ordered_approvals_order_id_department_id"),
    )
    op.create_table(
        "ordered_lots",
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("candidates", sa.Text(), nullable=False),
        sa.Column("candidates_digest", sa.String(length=64), nullable=False),
        sa.Column("leaf", sa.String(length=100), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("lots_digest", sa.String(length=64), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["ordered_inspections.id"], name="fk_ordered_lots_order_id_ordered_inspections"
        ),
        sa.PrimaryKeyConstraint("order_id", name="pk_ordered_lots"),
    )
    op.create_table(
        "ordered_places",
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("inspector_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("ticket", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name="fk_ordered_places_department_id_departments"
        ),
        sa.ForeignKeyConstraint(["inspector_id"], ["inspectors.id"], name="fk_ordered_places_inspector_id_inspectors"),
        sa.ForeignKeyConstraint(
            ["order_id"], ["ordered_lots.order_id"], name="fk_ordered_places_order_id_ordered_lots"
        ),
        sa.PrimaryKeyConstraint("order_id", "inspector_id", name="pk_ordered_places"),
    )
    op.create_table(
        "ordered_replacements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("out_id", sa.Integer(), nullable=False),
        sa.Column("in_id", sa.Integer(), nullable=True),
        sa.Column("ground_code", sa.String(length=32), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("passed", sa.Text(), nullable=False),
        sa.Column("replaced_by", sa.Integer(), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["in_id"], ["inspectors.id"], name="fk_ordered_replacements_in_id_inspectors"),
        sa.ForeignKeyConstraint(
            ["order_id"], ["ordered_inspections.id"], name="fk_ordered_replacements_order_id_ordered_inspections"
        ),
        sa.ForeignKeyConstraint(["out_id"], ["inspectors.id"], name="fk_ordered_replacements_out_id_inspectors"),
        sa.ForeignKeyConstraint(["replaced_by"], ["users.id"], name="fk_ordered_replacements_replaced_by_users"),
        sa.PrimaryKeyConstraint("id", name="pk_ordered_replacements"),
        sa.UniqueConstraint("order_id", "out_id", name="uq_ordered_replacements_order_id_out_id"),
    )
    op.create_index("ix_ordered_replacements_order_id", "ordered_replacements", ["order_id"], unique=False)
    for table in KEPT:
        for statement in statements(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    bind = op.get_bind()
    if bind.scalar(sa.text("SELECT count(*) FROM ordered_inspections")):
        raise RuntimeError(
            "There are orders to inspect, which older programs do not know. Nothing was changed. Keep this version, or "
            "restore the backup made before it was installed."
        )
    for table in reversed(TABLES):
        op.drop_table(table)
        if table in KEPT and bind.dialect.name == "postgresql":
            op.execute(f"DROP FUNCTION {table}_append_only()")
