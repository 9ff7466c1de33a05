"""Keeping the search index and asking it: names by any part, pinyin initials, codes by their beginning.

On SQLite the index of names answers exactly. Elsewhere, and for codes, it narrows and the base table decides: pairs of
characters may stand apart, so every hit is checked again on the name's skeleton.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any  # conditions over columns of any type

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapper, Session

from supervision.entities.models import Entity
from supervision.entities.names import name_keys, name_skeleton
from supervision.entities.rules import REGISTRATION_PREFIX, normalize_code
from supervision.entities.search_schema import SQLITE, index_tokens, initials_tokens, needed_tokens
from supervision.listing import COUNT_CAP

CHUNK = 5000
MOST_WORDS = 5
MANY = COUNT_CAP + 1
CODES = (Entity.uscc, Entity.registration_number)
CODE_WORD = re.compile(r"(?=.*[0-9])[0-9A-Z][0-9A-Z-]{3,29}")
INITIALS_WORD = re.compile(r"[a-z0-9]{2,}")

_WRITE = {
    SQLITE: "INSERT OR REPLACE INTO entity_search (rowid, tokens) VALUES (:id, :tokens)",
    "postgresql": "INSERT INTO entity_search (entity_id, tokens) "
    "VALUES (:id, array_to_tsvector(string_to_array(:tokens, ' '))) "
    "ON CONFLICT (entity_id) DO UPDATE SET tokens = excluded.tokens",
}
_MATCH = {
    SQLITE: "SELECT rowid AS id FROM entity_search WHERE entity_search MATCH :expression",
    "postgresql": "SELECT entity_id AS id FROM entity_search WHERE tokens @@ CAST(:expression AS tsquery)",
}


def index_entities(session: Session, rows: Iterable[tuple[int, str]]) -> int:
    """Put ``(entity id, name)`` rows into the index, new or again, in the caller's transaction; return how many."""
    keyed = ((identifier, name_skeleton(name), name_keys(name)[1]) for identifier, name in rows)
    return _write(session.connection(), keyed)


def rebuild_index(session: Session) -> int:
    """Make the index anew from the register, in the caller's transaction; return the number of entities."""
    session.flush()
    connection = session.connection()
    connection.execute(sa.text("DELETE FROM entity_search"))
    last, count = 0, 0
    while rows := _keys_after(connection, last):
        count += _write(connection, rows)
        last = rows[-1][0]
    if connection.dialect.name == SQLITE:
        connection.execute(sa.text("INSERT INTO entity_search (entity_search) VALUES ('optimize')"))
    return count


def _keys_after(connection: Connection, last: int) -> list[tuple[int, str, str]]:
    statement = sa.select(Entity.id, Entity.skeleton, Entity.initials).where(Entity.id > last)
    rows = connection.execute(statement.order_by(Entity.id).limit(CHUNK))
    return [(row.id, row.skeleton, row.initials) for row in rows]


def _write(connection: Connection, rows: Iterable[tuple[int, str, str]]) -> int:
    statement, count = sa.text(_WRITE[connection.dialect.name]), 0
    for chunk in _chunks(rows):
        connection.execute(
            statement,
            [
                {"id": identifier, "tokens": index_tokens(skeleton, initials)}
                for identifier, skeleton, initials in chunk
            ],
        )
        count += len(chunk)
    return count


def _chunks(rows: Iterable[tuple[int, str, str]]) -> Iterator[list[tuple[int, str, str]]]:
    source = iter(rows)
    while chunk := list(islice(source, CHUNK)):
        yield chunk


@event.listens_for(Entity, "after_insert")
@event.listens_for(Entity, "after_update")
def _index_one(mapper: Mapper[Entity], connection: Connection, entity: Entity) -> None:  # noqa: ARG001
    """Index a mapped entity in its own flush: whoever writes one cannot forget it."""
    if sa.inspect(entity).attrs.skeleton.history.has_changes():
        _write(connection, [(entity.id, entity.skeleton, entity.initials)])


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a search, as each of the three indexes would know it; empty where it cannot."""

    skeleton: str
    initials: str = ""
    code: str = ""

    @property
    def expression(self) -> tuple[tuple[str, ...], ...]:
        """Tokens needed: any one of these groups, each of them whole."""
        groups = (tuple(needed_tokens(self.skeleton)), tuple(initials_tokens(self.initials)))
        return tuple(group for group in groups if group)


def read_words(text: str) -> list[Word]:
    """Cut what was typed at blanks and read each piece; at most five count."""
    words = []
    for piece in unicodedata.normalize("NFKC", text).split()[:MOST_WORDS]:
        plain, code = piece.casefold(), normalize_code(piece).removeprefix(REGISTRATION_PREFIX)
        word = Word(
            skeleton=name_skeleton(piece),
            initials=plain if INITIALS_WORD.fullmatch(plain) else "",
            code=code if CODE_WORD.fullmatch(code) else "",
        )
        if word.skeleton or word.code:
            words.append(word)
    return words


@dataclass(frozen=True, slots=True)
class Search:
    """How to find what was typed.

    ``checks`` decide, on the entities themselves. ``narrowing`` asks the indexes; it may be left out where reading in
    order is quicker. ``hits`` is how many the narrowest index knows, counted up to ``MANY``;
    hardly any of them fails the checks. ``exact`` says that none does: the narrowing decides alone.
    """

    checks: list[sa.ColumnElement[bool]]
    narrowing: list[sa.ColumnElement[bool]]
    hits: int = MANY
    exact: bool = False

    @property
    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """What to ask where the indexes are used."""
        return self.narrowing if self.exact else self.checks + self.narrowing


def read_search(session: Session, text: str) -> Search:
    """Return how to find ``text``; every word of it must be met."""
    words = read_words(text)
    if not words:
        return Search([sa.false()], []) if text.strip() else Search([], [])
    named, coded = [word for word in words if not word.code], [word for word in words if word.code]
    groups = ([_hits(session, named)] if named else []) + [_hits_with_codes(session, word) for word in coded]
    return Search(
        checks=[_met(word) for word in words],
        narrowing=[Entity.id.in_(group) for group in groups],
        hits=min(_count(session, group) for group in groups),
        exact=not coded and session.get_bind().dialect.name == SQLITE,
    )


def _met(word: Word) -> sa.ColumnElement[bool]:
    ways: list[sa.ColumnElement[bool]] = [Entity.skeleton.contains(word.skeleton, autoescape=True)]
    if word.initials:
        ways.append(Entity.initials.contains(word.initials, autoescape=True))
    if word.code:
        ways += [_begins(column, word.code) for column in CODES]
    return sa.or_(*ways)


def _begins(column: Any, code: str) -> sa.ColumnElement[bool]:
    """Return "begins with ``code``" as a range, which both databases read from the index."""
    return sa.and_(column >= code, column < code[:-1] + chr(ord(code[-1]) + 1))


def _hits(session: Session, words: list[Word]) -> Any:
    """Return the ids the token index knows for all of ``words``."""
    dialect = session.get_bind().dialect.name
    statement = sa.text(_MATCH[dialect]).bindparams(expression=_expression(words, dialect))
    return sa.select(statement.columns(sa.column("id", sa.Integer)).subquery().c.id)


def _hits_with_codes(session: Session, word: Word) -> Any:
    ranges = [sa.select(Entity.id).where(_begins(column, word.code)) for column in CODES]
    return sa.union_all(_hits(session, [word]), *ranges)


def _count(session: Session, group: Any) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(group.limit(MANY).subquery())) or 0


def _expression(words: list[Word], dialect: str) -> str:
    conjunction, disjunction = (" AND ", " OR ") if dialect == SQLITE else (" & ", " | ")
    return conjunction.join(
        "(" + disjunction.join(_group(group, dialect) for group in word.expression) + ")" for word in words
    )


def _group(tokens: tuple[str, ...], dialect: str) -> str:
    """Return "one after the other" where the index knows places, else "all of them"."""
    if dialect == SQLITE:
        return f'"{" ".join(tokens)}"'
    return "(" + " & ".join(f"'{token}'" for token in tokens) + ")"
