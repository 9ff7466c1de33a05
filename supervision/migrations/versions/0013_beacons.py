"""draws: public values mixed in, entered by two people; secrets handed over encrypted (section 2)

Revision: 0013, after 0012
"""

import sqlalchemy as sa
from alembic import op

from supervision.evidence import statements

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

# what a published plan version keeps as it was before this revision: all columns but id, state and revision
KEPT = (
    "plan_id", "version_no", "title", "description", "item_list_id", "joint_item_id", "starts_on", "ends_on", "scope",
    "stratification", "class_rate_replaces", "allocation", "team_mode", "group_count", "group_capacity", "visit_cap",
    "reserve", "publish_list_before", "change_reason", "return_reason", "editors", "submitted_by", "submitted_at",
    "approved_by", "approved_at", "published_at", "expected_pool", "planned_visits", "confidential_salt",
    "published_json", "digest", "drafted_by", "created_at", "publication_due_on", "late_ground", "late_note",
)  # fmt: skip
TEXT = "plan_versions: a published plan never changes"
NAME = "plan_versions_published_no_update"
EVIDENCE = ("beacon_rules", "beacon_entries", "beacon_values", "beacon_lapses")
LIVE_REDRAW = sa.text("state IN ('open', 'agreed') AND kind = 'redraw'")


def upgrade() -> None:
    """Plans and draws of before have no rule: their secrets are revealed."""
    op.add_column("plan_versions", sa.Column("beacon_rule", sa.String(64), nullable=False, server_default=""))
    _guard((*KEPT, "beacon_rule"))
    op.add_column("draws", sa.Column("beacon_rule", sa.String(64), nullable=False, server_default=""))
    op.add_column("contributions", sa.Column("locked_secret", sa.Text(), nullable=True))
    op.create_index(
        "uq_draw_proposals_live_redraw",
        "draw_proposals",
        ["draw_id"],
        unique=True,
        sqlite_where=LIVE_REDRAW,
        postgresql_where=LIVE_REDRAW,
    )
    _rules()
    _entries()
    _values()
    _lapses()
    for table in EVIDENCE:
        for statement in statements(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    """Take everything away again; the guard goes first, because it names its columns."""
    for table in reversed(EVIDENCE):
        op.drop_table(table)
    op.drop_index("uq_draw_proposals_live_redraw", "draw_proposals")
    op.drop_column("contributions", "locked_secret")
    op.drop_column("draws", "beacon_rule")
    _guard(KEPT)
    op.drop_column("plan_versions", "beacon_rule")


def _rules() -> None:
    op.create_table(
        "beacon_rules",
        sa.Column("identifier", sa.String(64), nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.String(100), nullable=False),
        sa.Column("name_en", sa.String(160), nullable=False),
        sa.Column("basis", sa.String(300), nullable=False),
        sa.Column("certainty", sa.String(32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("identifier", name=op.f("pk_beacon_rules")),
        sa.UniqueConstraint("code", "effective_from", name=op.f("uq_beacon_rules_code_effective_from")),
    )


def _entries() -> None:
    op.create_table(
        "beacon_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("round", sa.String(64), nullable=False),
        sa.Column("way", sa.String(32), nullable=False),
        sa.Column("value", sa.String(256), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=True),
        sa.Column("entered_department", sa.String(16), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("fk_beacon_entries_draw_id_draws")),
        sa.ForeignKeyConstraint(["entered_by"], ["users.id"], name=op.f("fk_beacon_entries_entered_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_beacon_entries")),
    )
    op.create_index(op.f("ix_beacon_entries_draw_id"), "beacon_entries", ["draw_id"])


def _values() -> None:
    op.create_table(
        "beacon_values",
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("round", sa.String(64), nullable=False),
        sa.Column("rule", sa.String(64), nullable=False),
        sa.Column("value", sa.String(256), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("evidence_digest", sa.String(64), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("fk_beacon_values_draw_id_draws")),
        sa.PrimaryKeyConstraint("draw_id", name=op.f("pk_beacon_values")),
    )


def _lapses() -> None:
    op.create_table(
        "beacon_lapses",
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("round", sa.String(64), nullable=False),
        sa.Column("lapsed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("fk_beacon_lapses_draw_id_draws")),
        sa.PrimaryKeyConstraint("draw_id", "place", name=op.f("pk_beacon_lapses")),
    )


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
