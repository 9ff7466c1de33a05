"""at the door: second officers confirm refusals, who has which file, sessions of phones, the enterprise's own phone

Revision: 0025, after 0024
"""

import sqlalchemy as sa
from alembic import op

from supervision.evidence import statements

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

KEPT = ("party_confirmations", "file_holders")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    make_confirmations()
    make_links()
    make_holders()
    make_device_sessions()
    op.add_column("party_entries", sa.Column("edition", sa.Integer(), nullable=True))
    op.add_column("field_devices", sa.Column("browser", sa.String(200), nullable=False, server_default=""))
    for table in KEPT:
        for statement in statements(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    op.drop_column("field_devices", "browser")
    op.drop_column("party_entries", "edition")
    for table in ("field_device_sessions", "party_links", *KEPT):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for table in KEPT:
            op.execute(f"DROP FUNCTION {table}_append_only()")


def make_confirmations() -> None:
    """What second officers say of refusals that colleagues noted."""
    op.create_table(
        "party_confirmations",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("inspector_id", sa.Integer(), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["confirmed_by"], ["users.id"], name=op.f("fk_party_confirmations_confirmed_by_users")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["party_entries.id"], name=op.f("fk_party_confirmations_entry_id_party_entries")
        ),
        sa.ForeignKeyConstraint(
            ["inspector_id"], ["inspectors.id"], name=op.f("fk_party_confirmations_inspector_id_inspectors")
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_party_confirmations")),
    )


def make_links() -> None:
    """Records opened once to enterprises' own phones."""
    op.create_table(
        "party_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("seen", sa.String(64), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("role", sa.String(100), nullable=False),
        sa.Column("refusal", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["party_entries.id"], name=op.f("fk_party_links_entry_id_party_entries")),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name=op.f("fk_party_links_made_by_users")),
        sa.ForeignKeyConstraint(["officer_id"], ["inspectors.id"], name=op.f("fk_party_links_officer_id_inspectors")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_party_links_visit_id_visits")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_party_links_token_hash")),
    )
    op.create_index(op.f("ix_party_links_visit_id"), "party_links", ["visit_id"])


def make_holders() -> None:
    """Who has which file; until now whoever declared one or attached it."""
    op.create_table(
        "file_holders",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_file_holders_user_id_users")),
        sa.PrimaryKeyConstraint("sha256", "user_id", name=op.f("pk_file_holders")),
    )
    op.execute(
        "INSERT INTO file_holders (sha256, user_id, since) SELECT sha256, user_id, MIN(since) FROM ("
        "SELECT sha256, declared_by AS user_id, declared_at AS since FROM stored_files WHERE declared_by IS NOT NULL "
        "UNION ALL "
        "SELECT sha256, attached_by, attached_at FROM attachments WHERE attached_by IS NOT NULL) AS had "
        "GROUP BY sha256, user_id"
    )


def make_device_sessions() -> None:
    """Browser sessions in which phones spoke to the platform."""
    op.create_table(
        "field_device_sessions",
        sa.Column("device_id", sa.String(36), nullable=False),
        sa.Column("session_hash", sa.String(64), nullable=False),
        sa.Column("noted_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"], ["field_devices.id"], name=op.f("fk_field_device_sessions_device_id_field_devices")
        ),
        sa.PrimaryKeyConstraint("device_id", "session_hash", name=op.f("pk_field_device_sessions")),
    )
