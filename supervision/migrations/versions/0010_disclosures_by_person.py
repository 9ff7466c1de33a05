"""disclosures by person: whether somebody's view of a list is on record is found without reading all they ever did

Revision: 0010, after 0009
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INDEX = "ix_audit_entries_actor_id_subject_at"


def upgrade() -> None:
    op.create_index(INDEX, "audit_entries", ["actor_id", "subject_kind", "subject_id", "at"])


def downgrade() -> None:
    op.drop_index(INDEX, "audit_entries")
