"""experts: requests, draws, places and opinions of experts

Revision: 0030, after 0029
"""

import sqlalchemy as sa
from alembic import op

from supervision.evidence import statements

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

TABLES = (
    "expert_signings",
    "expert_files",
    "expert_opinions",
    "expert_changes",
    "expert_places",
    "expert_draws",
    "expert_requests",
)
GUARDED = ("expert_changes", "expert_opinions", "expert_files", "expert_signings")


def upgrade() -> None:
    _tables()
    expert = sa.ForeignKey("experts.id", name="fk_users_expert_id_experts")
    op.add_column("users", sa.Column("expert_id", sa.Integer(), expert), inline_references=True)
    op.create_index(op.f("ix_users_expert_id"), "users", ["expert_id"], unique=True)
    for table in GUARDED:
        for statement in statements(table, op.get_bind().dialect.name):
            op.execute(statement)


def _tables() -> None:
    op.create_table(
        "expert_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=True),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("per_team", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("asked_body", sa.String(length=16), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["users.id"], name=op.f("fk_expert_requests_asked_by_users")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_expert_requests_task_id_tasks")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_expert_requests_visit_id_visits")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_requests")),
    )
    op.create_index(op.f("ix_expert_requests_task_id"), "expert_requests", ["task_id"], unique=False)
    op.create_index(op.f("ix_expert_requests_visit_id"), "expert_requests", ["visit_id"], unique=False)
    op.create_index(
        "uq_expert_requests_of_task",
        "expert_requests",
        ["task_id", "field"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL AND visit_id IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL AND visit_id IS NULL"),
    )
    op.create_index(
        "uq_expert_requests_of_visit",
        "expert_requests",
        ["visit_id", "field"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL AND visit_id IS NOT NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL AND visit_id IS NOT NULL"),
    )
    op.create_table(
        "expert_draws",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("draw_id", sa.Integer(), nullable=True),
        sa.Column("visit_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("ties", sa.Text(), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("frozen_leaf", sa.Integer(), nullable=False),
        sa.Column("asked_body", sa.String(length=16), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_secret", sa.Text(), nullable=False),
        sa.Column("parts", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("record_digest", sa.String(length=64), nullable=False),
        sa.Column("drawn_leaf", sa.Integer(), nullable=True),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("fk_expert_draws_draw_id_draws")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_expert_draws_task_id_tasks")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_expert_draws_visit_id_visits")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_draws")),
        sa.UniqueConstraint("draw_id", name=op.f("uq_expert_draws_draw_id")),
        sa.UniqueConstraint("number", name=op.f("uq_expert_draws_number")),
    )
    op.create_index(op.f("ix_expert_draws_task_id"), "expert_draws", ["task_id"], unique=False)
    op.create_index(op.f("ix_expert_draws_visit_id"), "expert_draws", ["visit_id"], unique=False)
    op.create_table(
        "expert_places",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("expert_draw_id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("team", sa.String(length=64), nullable=False),
        sa.Column("need", sa.String(length=8), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("pseudonym", sa.String(length=16), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("bound_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("statement_digest", sa.String(length=64), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stood_back", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["expert_draw_id"], ["expert_draws.id"], name=op.f("fk_expert_places_expert_draw_id_expert_draws")
        ),
        sa.ForeignKeyConstraint(["expert_id"], ["experts.id"], name=op.f("fk_expert_places_expert_id_experts")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_expert_places_visit_id_visits")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_places")),
        sa.UniqueConstraint("visit_id", "expert_id", "need", name=op.f("uq_expert_places_visit_id_expert_id_need")),
    )
    op.create_index(op.f("ix_expert_places_expert_draw_id"), "expert_places", ["expert_draw_id"], unique=False)
    op.create_index(op.f("ix_expert_places_expert_id"), "expert_places", ["expert_id"], unique=False)
    op.create_index(op.f("ix_expert_places_visit_id"), "expert_places", ["visit_id"], unique=False)
    op.create_table(
        "expert_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("expert_draw_id", sa.Integer(), nullable=False),
        sa.Column("team", sa.String(length=64), nullable=False),
        sa.Column("need", sa.String(length=8), nullable=False),
        sa.Column("k", sa.Integer(), nullable=False),
        sa.Column("left", sa.String(length=16), nullable=False),
        sa.Column("joined", sa.String(length=16), nullable=True),
        sa.Column("ground", sa.String(length=32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("passed_over", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("leaf_index", sa.Integer(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_expert_changes_decided_by_users")),
        sa.ForeignKeyConstraint(
            ["expert_draw_id"], ["expert_draws.id"], name=op.f("fk_expert_changes_expert_draw_id_expert_draws")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_changes")),
        sa.UniqueConstraint("expert_draw_id", "need", "k", name=op.f("uq_expert_changes_expert_draw_id_need_k")),
    )
    op.create_index(op.f("ix_expert_changes_expert_draw_id"), "expert_changes", ["expert_draw_id"], unique=False)
    op.create_table(
        "expert_opinions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_expert_opinions_item_id_items")),
        sa.ForeignKeyConstraint(
            ["place_id"], ["expert_places.id"], name=op.f("fk_expert_opinions_place_id_expert_places")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_opinions")),
    )
    op.create_index(op.f("ix_expert_opinions_place_id"), "expert_opinions", ["place_id"], unique=False)
    op.create_table(
        "expert_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("caption", sa.String(length=200), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_expert_files_item_id_items")),
        sa.ForeignKeyConstraint(
            ["place_id"], ["expert_places.id"], name=op.f("fk_expert_files_place_id_expert_places")
        ),
        sa.ForeignKeyConstraint(["sha256"], ["sealed_files.sha256"], name=op.f("fk_expert_files_sha256_sealed_files")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_files")),
    )
    op.create_index(op.f("ix_expert_files_place_id"), "expert_files", ["place_id"], unique=False)
    op.create_table(
        "expert_signings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["place_id"], ["expert_places.id"], name=op.f("fk_expert_signings_place_id_expert_places")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_signings")),
    )
    op.create_index(op.f("ix_expert_signings_place_id"), "expert_signings", ["place_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_users_expert_id", "users")
    op.drop_column("users", "expert_id")
    for table in TABLES:
        op.drop_table(table)
        if table in GUARDED and op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP FUNCTION {table}_append_only()")
