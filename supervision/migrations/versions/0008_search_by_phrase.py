"""search: the index of names answers exactly, and long searches read one index in the order of the list

On SQLite the index keeps where each pair of characters stands, so that no hit needs to be checked on its row. On both
databases the order of the list is an index that holds what searches compare.

Revision: 0008, after 0007
"""

from itertools import pairwise

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

CHUNK = 5000
COLUMNS = ["sort_key", "id", "skeleton", "initials", "uscc", "registration_number"]


def upgrade() -> None:
    op.create_index("ix_entities_list", "entities", COLUMNS)
    op.drop_index("ix_entities_sort_key", "entities")
    _index_anew("full")


def downgrade() -> None:
    op.create_index("ix_entities_sort_key", "entities", ["sort_key"])
    op.drop_index("ix_entities_list", "entities")
    _index_anew("none")


def _tokens(skeleton: str, initials: str) -> str:
    """Return the tokens of a name as this revision writes them, whatever later ones do."""
    letters = [f"{ord(char):x}" for char in skeleton]
    pairs = [f"{left}x{right}" for left, right in pairwise(letters)]
    return " ".join([*letters, *pairs, *(f"p{left}{right}" for left, right in pairwise(initials))]) or "none"


def _index_anew(detail: str) -> None:
    """Make SQLite's index again; PostgreSQL's keeps no places and stays as it is."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    op.execute("DROP TABLE entity_search")
    op.execute(
        f"CREATE VIRTUAL TABLE entity_search USING fts5(tokens, detail={detail}, columnsize=0, tokenize='ascii')"
    )
    entities = sa.table("entities", *(sa.column(name) for name in ("id", "skeleton", "initials")))
    last = 0
    while rows := connection.execute(
        sa.select(entities).where(entities.c.id > last).order_by(entities.c.id).limit(CHUNK)
    ).all():
        connection.execute(
            sa.text("INSERT INTO entity_search (rowid, tokens) VALUES (:id, :tokens)"),
            [{"id": row.id, "tokens": _tokens(row.skeleton, row.initials)} for row in rows],
        )
        last = rows[-1].id
