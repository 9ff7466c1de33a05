"""ground: tags are public or internal

A tag that a published plan names has been public since then; every other tag stays internal until somebody decides.

Revision: 0007, after 0006
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tags", sa.Column("public", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("tags", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    published = op.get_bind().execute(sa.text("SELECT scope FROM plan_versions WHERE published_at IS NOT NULL"))
    named = {code for (scope,) in published for code in json.loads(scope).get("tags", [])}
    tags = sa.table("tags", sa.column("code", sa.String), sa.column("public", sa.Boolean))
    for code in sorted(named):
        op.execute(tags.update().where(tags.c.code == code).values(public=True))


def downgrade() -> None:
    op.drop_column("tags", "version")
    op.drop_column("tags", "public")
