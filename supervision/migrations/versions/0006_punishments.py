"""punishments: notice, proof of service, statement and remedies of a listing

Until here a listing went from the proposal straight to the decision, with the day of a notice typed in. What was only
proposed goes back to the step at which the notice is served, so that its proof is recorded. What was decided keeps the
days it has; where no proof is on record, none is shown.

Revision: 0006, after 0005
"""

import sqlalchemy as sa
from alembic import op

from supervision.evidence import statements

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INDEX = "uq_listings_penalty_alive"
BEFORE = "state IN ('proposed', 'in_force')"
NOW = "state IN ('intended', 'noticed', 'proposed', 'decided', 'in_force')"
ADDED = ("statement_due_on", "response", "response_on", "consideration", "reconsideration_authority", "court")
ADDED += ("reconsider_until", "sue_until")


def upgrade() -> None:
    for name in ("statement_due_on", "response_on", "reconsider_until", "sue_until"):
        op.add_column("listings", sa.Column(name, sa.Date(), nullable=True))
    op.add_column("listings", sa.Column("response", sa.String(32), nullable=True))
    op.add_column("listings", sa.Column("consideration", sa.Text(), nullable=False, server_default=""))
    for name in ("reconsideration_authority", "court"):
        op.add_column("listings", sa.Column(name, sa.String(200), nullable=False, server_default=""))
    heard_by = sa.Column("heard_by", sa.Integer(), sa.ForeignKey("users.id", name="fk_listings_heard_by_users"))
    op.add_column("listings", heard_by, inline_references=True)
    _alive(NOW)
    op.execute("UPDATE listings SET response = 'statement' WHERE statement <> '' AND state <> 'proposed'")
    op.execute("UPDATE listings SET response = 'none' WHERE statement = '' AND state <> 'proposed'")
    op.execute("UPDATE listings SET state = 'intended', noticed_on = NULL WHERE state = 'proposed'")
    _create_services()
    for statement in statements("listing_services", op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("listing_services")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION listing_services_append_only()")
    op.execute("UPDATE listings SET state = 'proposed' WHERE state IN ('intended', 'noticed', 'decided')")
    op.execute("UPDATE listings SET state = 'refused' WHERE state = 'dropped'")
    _alive(BEFORE)
    op.drop_column("listings", "heard_by")
    for name in ADDED:
        op.drop_column("listings", name)


def _alive(condition: str) -> None:
    op.drop_index(INDEX, table_name="listings")
    op.create_index(
        INDEX,
        "listings",
        ["penalty_id", "credit_list"],
        unique=True,
        sqlite_where=sa.text(condition),
        postgresql_where=sa.text(condition),
    )


def _create_services() -> None:
    op.create_table(
        "listing_services",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(32), nullable=False),
        sa.Column("document_number", sa.String(128), nullable=False),
        sa.Column("method", sa.String(32), nullable=False),
        sa.Column("served_on", sa.Date(), nullable=False),
        sa.Column("recipient", sa.String(200), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["listing_id"], ["listings.id"], name="fk_listing_services_listing_id_listings"),
        sa.ForeignKeyConstraint(["recorded_by"], ["users.id"], name="fk_listing_services_recorded_by_users"),
        sa.PrimaryKeyConstraint("id", name="pk_listing_services"),
        sa.UniqueConstraint("listing_id", "document", name="uq_listing_services_listing_id_document"),
    )
