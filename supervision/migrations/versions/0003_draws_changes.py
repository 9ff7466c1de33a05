"""draws changes: what two bodies decide together after a draw

Revision: 0003, after 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

OPEN_ABANDONMENT = "state = 'open' AND kind = 'abandon'"
OPEN_STRIKE = "state = 'open' AND kind = 'strike'"


def upgrade() -> None:
    op.create_table(
        "draw_proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=True),
        sa.Column("reason_code", sa.String(length=32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("evidence_on", sa.Date(), nullable=True),
        sa.Column("proposed_by", sa.Integer(), nullable=True),
        sa.Column("proposed_department", sa.String(length=16), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_department", sa.String(length=16), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("fk_draw_proposals_draw_id_draws")),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name=op.f("fk_draw_proposals_entity_id_entities")),
        sa.ForeignKeyConstraint(["proposed_by"], ["users.id"], name=op.f("fk_draw_proposals_proposed_by_users")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_draw_proposals_decided_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw_proposals")),
    )
    op.create_index(op.f("ix_draw_proposals_draw_id"), "draw_proposals", ["draw_id"])
    for name, columns, condition in (
        ("uq_draw_proposals_open_abandon", ["draw_id"], OPEN_ABANDONMENT),
        ("uq_draw_proposals_open_strike", ["draw_id", "entity_id"], OPEN_STRIKE),
    ):
        op.create_index(
            name,
            "draw_proposals",
            columns,
            unique=True,
            sqlite_where=sa.text(condition),
            postgresql_where=sa.text(condition),
        )


def downgrade() -> None:
    op.drop_table("draw_proposals")
