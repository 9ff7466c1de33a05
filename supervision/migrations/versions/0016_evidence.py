"""visits: files kept as evidence, samples, signatures of team and enterprise

Revision: 0016, after 0015
"""

import sqlalchemy as sa
from alembic import op

from supervision.evidence import statements

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TABLES = ("stored_files", "sealed_files", "attachments", "attachment_removals", "photo_likenesses", "samples",
          "sample_withdrawals", "sample_results", "drawn_signatures", "party_entries")


def upgrade() -> None:
    make_files()
    make_attachments()
    make_samples()
    make_signatures()
    for table in TABLES:
        for statement in statements(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP FUNCTION {table}_append_only()")


def number(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def words(name: str, length: int = 0) -> sa.Column:
    return sa.Column(name, sa.String(length) if length else sa.Text(), nullable=False)


def key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [target], name=op.f(f"fk_{table}_{column}_{target.partition('.')[0]}")
    )


def make_files() -> None:
    """Declared and sealed files."""
    op.create_table(
        "stored_files",
        number("id"),
        words("sha256", 64),
        sa.Column("size", sa.BigInteger(), nullable=False),
        words("media_type", 40),
        number("declared_by", nullable=True),
        sa.Column("declared_at", MOMENT, nullable=False),
        key("stored_files", "declared_by", "users.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_files")),
        sa.UniqueConstraint("sha256", "size", "media_type", name=op.f("uq_stored_files_sha256_size_media_type")),
    )
    op.create_index(op.f("ix_stored_files_sha256"), "stored_files", ["sha256"])
    op.create_table(
        "sealed_files",
        words("sha256", 64),
        sa.Column("size", sa.BigInteger(), nullable=False),
        words("media_type", 40),
        number("width", nullable=True),
        number("height", nullable=True),
        words("likeness", 16),
        words("camera_time", 40),
        sa.Column("camera_place", sa.Text(), nullable=True),
        sa.Column("sealed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_sealed_files")),
    )


def make_attachments() -> None:
    """What files belong to, what was taken out again, and photos that look alike."""
    op.create_table(
        "attachments",
        words("id", 36),
        number("visit_id"),
        number("number"),
        words("sha256", 64),
        number("section_id", nullable=True),
        number("item_id", nullable=True),
        number("point_id", nullable=True),
        words("purpose", 32),
        words("caption"),
        sa.Column("taken_at", MOMENT, nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        number("attached_by", nullable=True),
        sa.Column("attached_at", MOMENT, nullable=False),
        key("attachments", "visit_id", "visits.id"),
        key("attachments", "section_id", "sections.id"),
        key("attachments", "item_id", "items.id"),
        key("attachments", "point_id", "check_points.id"),
        key("attachments", "attached_by", "users.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        sa.UniqueConstraint("visit_id", "number", name=op.f("uq_attachments_visit_id_number")),
    )
    op.create_index(op.f("ix_attachments_sha256"), "attachments", ["sha256"])
    op.create_table(
        "attachment_removals",
        words("attachment_id", 36),
        words("reason"),
        number("removed_by", nullable=True),
        sa.Column("removed_at", MOMENT, nullable=False),
        key("attachment_removals", "attachment_id", "attachments.id"),
        key("attachment_removals", "removed_by", "users.id"),
        sa.PrimaryKeyConstraint("attachment_id", name=op.f("pk_attachment_removals")),
    )
    op.create_table(
        "photo_likenesses",
        words("attachment_id", 36),
        words("other_id", 36),
        number("distance"),
        sa.Column("same_bytes", sa.Boolean(), nullable=False),
        sa.Column("found_at", MOMENT, nullable=False),
        key("photo_likenesses", "attachment_id", "attachments.id"),
        key("photo_likenesses", "other_id", "attachments.id"),
        sa.PrimaryKeyConstraint("attachment_id", "other_id", name=op.f("pk_photo_likenesses")),
    )


def make_samples() -> None:
    """Samples and what laboratories found."""
    op.create_table(
        "samples",
        number("id"),
        number("visit_id"),
        number("number"),
        number("section_id"),
        number("item_id", nullable=True),
        words("what", 200),
        words("amount", 100),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        words("seal_number", 100),
        words("given_to", 200),
        number("taken_by"),
        number("recorded_by", nullable=True),
        sa.Column("recorded_at", MOMENT, nullable=False),
        key("samples", "visit_id", "visits.id"),
        key("samples", "section_id", "sections.id"),
        key("samples", "item_id", "items.id"),
        key("samples", "taken_by", "inspectors.id"),
        key("samples", "recorded_by", "users.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_samples")),
        sa.UniqueConstraint("visit_id", "number", name=op.f("uq_samples_visit_id_number")),
    )
    op.create_table(
        "sample_withdrawals",
        number("sample_id"),
        words("reason"),
        number("withdrawn_by", nullable=True),
        sa.Column("withdrawn_at", MOMENT, nullable=False),
        key("sample_withdrawals", "sample_id", "samples.id"),
        key("sample_withdrawals", "withdrawn_by", "users.id"),
        sa.PrimaryKeyConstraint("sample_id", name=op.f("pk_sample_withdrawals")),
    )
    op.create_table(
        "sample_results",
        number("id"),
        number("sample_id"),
        words("laboratory", 200),
        words("report_number", 100),
        sa.Column("reported_on", sa.Date(), nullable=False),
        words("verdict", 32),
        words("summary"),
        words("sha256", 64),
        number("after_version"),
        number("added_by", nullable=True),
        sa.Column("added_at", MOMENT, nullable=False),
        key("sample_results", "sample_id", "samples.id"),
        key("sample_results", "added_by", "users.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_results")),
    )
    op.create_index(op.f("ix_sample_results_sample_id"), "sample_results", ["sample_id"])


def make_signatures() -> None:
    """Signatures of inspectors under sections, answers of enterprises to whole records."""
    op.create_table(
        "drawn_signatures",
        number("id"),
        number("section_id"),
        number("inspector_id"),
        words("seen", 64),
        words("sha256", 64),
        number("drawn_by", nullable=True),
        sa.Column("drawn_at", MOMENT, nullable=False),
        key("drawn_signatures", "section_id", "sections.id"),
        key("drawn_signatures", "inspector_id", "inspectors.id"),
        key("drawn_signatures", "drawn_by", "users.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drawn_signatures")),
    )
    op.create_index(op.f("ix_drawn_signatures_section_id"), "drawn_signatures", ["section_id"])
    op.create_table(
        "party_entries",
        number("id"),
        number("visit_id"),
        words("how", 32),
        words("seen", 64),
        words("said"),
        words("samples", 64),
        words("name", 100),
        words("role", 100),
        words("sha256", 64),
        words("reason"),
        number("noted_by", nullable=True),
        number("officer_id"),
        number("second_id", nullable=True),
        sa.Column("noted_at", MOMENT, nullable=False),
        key("party_entries", "visit_id", "visits.id"),
        key("party_entries", "noted_by", "users.id"),
        key("party_entries", "officer_id", "inspectors.id"),
        key("party_entries", "second_id", "inspectors.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_entries")),
    )
    op.create_index(op.f("ix_party_entries_visit_id"), "party_entries", ["visit_id"])
