"""visits: numbered papers of a visit

Revision: 0019, after 0018
"""

import sqlalchemy as sa
from alembic import op

from supervision.evidence import statements

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TABLES = ("visit_papers", "site_entries", "entry_signings")


def upgrade() -> None:
    _papers()
    _entries()
    _signings()
    dialect = op.get_bind().dialect.name
    for table in TABLES:
        for statement in statements(table, dialect):
            op.execute(statement)


def _papers() -> None:
    op.create_table(
        "visit_papers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("series", sa.String(64), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("token", sa.String(32), nullable=False),
        sa.Column("rests_on", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("issued_by", sa.Integer(), nullable=True),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_visit_papers_visit_id_visits")),
        sa.ForeignKeyConstraint(["issued_by"], ["users.id"], name=op.f("fk_visit_papers_issued_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_papers")),
        sa.UniqueConstraint("visit_id", "kind", "serial", name=op.f("uq_visit_papers_visit_id_kind_serial")),
        sa.UniqueConstraint("number", name=op.f("uq_visit_papers_number")),
        sa.UniqueConstraint("token", name=op.f("uq_visit_papers_token")),
    )
    op.create_index(op.f("ix_visit_papers_visit_id"), "visit_papers", ["visit_id"])


def _entries() -> None:
    op.create_table(
        "site_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("entry_no", sa.Integer(), nullable=False),
        sa.Column("version_no", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=True),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_site_entries_visit_id_visits")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_site_entries_department_id_departments")
        ),
        sa.ForeignKeyConstraint(["written_by"], ["users.id"], name=op.f("fk_site_entries_written_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_entries")),
        sa.UniqueConstraint(
            "visit_id",
            "kind",
            "entry_no",
            "version_no",
            name=op.f("uq_site_entries_visit_id_kind_entry_no_version_no"),
        ),
    )
    op.create_index(op.f("ix_site_entries_visit_id"), "site_entries", ["visit_id"])


def _signings() -> None:
    op.create_table(
        "entry_signings",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=True),
        sa.Column("noted_by", sa.Integer(), nullable=True),
        sa.Column("noted_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["site_entries.id"], name=op.f("fk_entry_signings_entry_id_site_entries")),
        sa.ForeignKeyConstraint(["second_id"], ["inspectors.id"], name=op.f("fk_entry_signings_second_id_inspectors")),
        sa.ForeignKeyConstraint(["noted_by"], ["users.id"], name=op.f("fk_entry_signings_noted_by_users")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_entry_signings")),
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP FUNCTION {table}_append_only()")
