"""encounters: what oversight lets pass, offers to go together

Revision: 0022, after 0021
"""

import sqlalchemy as sa
from alembic import op

from supervision.evidence import statements

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "encounter_overrides",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("ground", sa.String(32), nullable=False),
        sa.Column("inspector_id", sa.Integer(), nullable=True),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("sums", sa.Text(), nullable=False),
        sa.Column("reason_code", sa.String(length=32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_encounter_overrides_decided_by_users")),
        sa.ForeignKeyConstraint(
            ["inspector_id"], ["inspectors.id"], name=op.f("fk_encounter_overrides_inspector_id_inspectors")
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_encounter_overrides_visit_id_visits")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_encounter_overrides")),
    )
    op.create_index(op.f("ix_encounter_overrides_visit_id"), "encounter_overrides", ["visit_id"], unique=False)
    op.create_table(
        "joint_offers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("pair", sa.String(length=40), nullable=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("offered_by", sa.Integer(), nullable=True),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_text", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["answered_by"], ["users.id"], name=op.f("fk_joint_offers_answered_by_users")),
        sa.ForeignKeyConstraint(["offered_by"], ["users.id"], name=op.f("fk_joint_offers_offered_by_users")),
        sa.ForeignKeyConstraint(["other_id"], ["visits.id"], name=op.f("fk_joint_offers_other_id_visits")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_joint_offers_visit_id_visits")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joint_offers")),
        sa.UniqueConstraint("pair", name=op.f("uq_joint_offers_pair")),
    )
    for column in ("other_id", "state", "visit_id"):
        op.create_index(op.f(f"ix_joint_offers_{column}"), "joint_offers", [column], unique=False)
    for statement in statements("encounter_overrides", op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("joint_offers")
    op.drop_table("encounter_overrides")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION encounter_overrides_append_only()")
