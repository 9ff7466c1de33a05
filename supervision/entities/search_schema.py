"""Tables of the search index and the tokens they hold: single characters and pairs, the same on both databases.

A Chinese text has no blanks to cut it by. Pairs of neighbours find every substring of two or more characters, single
characters the rest; tokens are written in hexadecimal, so that no database's own idea of a letter matters.

SQLite also keeps where in the text each token stands (``detail=full``), so that pairs that follow one another answer
exactly; PostgreSQL's index says which texts have all the pairs, and each of them is checked.
"""

from itertools import pairwise

SQLITE = "sqlite"


def search_ddl(dialect: str) -> list[str]:
    """Return the statements that create the index on ``dialect``; for the schema hook and for migrations.

    Every table of it is named ``entity_search…``; migrations leave those alone.
    """
    if dialect == SQLITE:
        return ["CREATE VIRTUAL TABLE entity_search USING fts5(tokens, detail=full, columnsize=0, tokenize='ascii')"]
    return [
        "CREATE TABLE entity_search (entity_id INTEGER PRIMARY KEY, tokens TSVECTOR NOT NULL)",
        "CREATE INDEX ix_entity_search_tokens ON entity_search USING gin (tokens)",
    ]


def drop_search_ddl() -> list[str]:
    """Return the statements that drop the index, for a migration's way back."""
    return ["DROP TABLE entity_search"]


def text_tokens(skeleton: str) -> list[str]:
    """Return the tokens of a name's skeleton: its characters and its pairs of neighbours."""
    letters = [f"{ord(char):x}" for char in skeleton]
    return letters + [f"{left}x{right}" for left, right in pairwise(letters)]


def initials_tokens(initials: str) -> list[str]:
    """Return the tokens of pinyin initials: pairs of neighbours, marked so that they meet no name."""
    return [f"p{left}{right}" for left, right in pairwise(initials)]


def needed_tokens(skeleton: str) -> list[str]:
    """Return the tokens a name must have to contain ``skeleton``."""
    return text_tokens(skeleton)[len(skeleton) :] if len(skeleton) > 1 else text_tokens(skeleton)


def index_tokens(skeleton: str, initials: str) -> str:
    """Return all tokens of a name in the order of its text, blank-separated; never empty."""
    return " ".join(text_tokens(skeleton) + initials_tokens(initials)) or "none"
