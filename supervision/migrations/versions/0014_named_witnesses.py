"""draws: named witnesses of a ceremony and their one-time links (section 2)

Revision: 0014, after 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "witnesses",
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("public_name", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("link_made_at", MOMENT, nullable=False),
        sa.Column("seal_fixed", sa.Boolean(), nullable=False),
        sa.Column("named_by", sa.Integer(), nullable=True),
        sa.Column("named_body", sa.String(length=16), nullable=False),
        sa.Column("named_at", MOMENT, nullable=False),
        sa.Column("removed_by", sa.Integer(), nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("removal_reason", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("fk_witnesses_draw_id_draws")),
        sa.ForeignKeyConstraint(["named_by"], ["users.id"], name=op.f("fk_witnesses_named_by_users")),
        sa.ForeignKeyConstraint(["removed_by"], ["users.id"], name=op.f("fk_witnesses_removed_by_users")),
        sa.PrimaryKeyConstraint("draw_id", "by", name=op.f("pk_witnesses")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_witnesses_token_hash")),
    )
    op.create_table(
        "link_failures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_failures")),
    )
    op.create_index("ix_link_failures_key_at", "link_failures", ["key", "at"])


def downgrade() -> None:
    op.drop_table("link_failures")
    op.drop_table("witnesses")
