"""plans: when an annual plan was due to be public and why it came later; answers to proposals to go together

Revision: 0005, after 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ADDED = ("publication_due_on", "late_ground", "late_note")
# what a published version keeps as it was: all columns but id, state and revision, as they stood before this revision
KEPT = (
    "plan_id", "version_no", "title", "description", "item_list_id", "joint_item_id", "starts_on", "ends_on", "scope",
    "stratification", "class_rate_replaces", "allocation", "team_mode", "group_count", "group_capacity", "visit_cap",
    "reserve", "publish_list_before", "change_reason", "return_reason", "editors", "submitted_by", "submitted_at",
    "approved_by", "approved_at", "published_at", "expected_pool", "planned_visits", "confidential_salt",
    "published_json", "digest", "drafted_by", "created_at",
)  # fmt: skip
TEXT = "plan_versions: a published plan never changes"
NAME = "plan_versions_published_no_update"


def upgrade() -> None:
    """Add the columns, then guard them like the rest of a published version."""
    op.add_column("plan_versions", sa.Column("publication_due_on", sa.Date(), nullable=True))
    op.add_column("plan_versions", sa.Column("late_ground", sa.String(32), nullable=False, server_default=""))
    op.add_column("plan_versions", sa.Column("late_note", sa.Text(), nullable=False, server_default=""))
    _guard((*KEPT, *ADDED))
    op.add_column("plan_messages", sa.Column("answer", sa.String(32), nullable=True))
    op.add_column("plan_messages", sa.Column("answer_text", sa.Text(), nullable=False, server_default=""))
    answered_by = sa.ForeignKey("users.id", name="fk_plan_messages_answered_by_users")
    op.add_column("plan_messages", sa.Column("answered_by", sa.Integer(), answered_by), inline_references=True)
    op.add_column("plan_messages", sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take the columns away again; the guard goes first, because it names them."""
    for name in ("answered_at", "answered_by", "answer_text", "answer"):
        op.drop_column("plan_messages", name)
    _guard(KEPT)
    for name in reversed(ADDED):
        op.drop_column("plan_versions", name)


def _guard(columns: tuple[str, ...]) -> None:
    same = " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in columns)
    condition = f"OLD.published_at IS NOT NULL AND NOT ({same})"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"DROP TRIGGER {NAME}")
        op.execute(
            f"CREATE TRIGGER {NAME} BEFORE UPDATE ON plan_versions WHEN {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{TEXT}'); END"
        )
        return
    op.execute(
        f"CREATE OR REPLACE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {condition} THEN "
        f"RAISE EXCEPTION '{TEXT}'; END IF; RETURN NEW; END $$"
    )
