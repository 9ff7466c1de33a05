"""A frame in a table of PostgreSQL, drawn there in SQL."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import IO

import psycopg
from psycopg import sql

from sampling.backends.choice import file_frames
from sampling.backends.engines import FOREIGN, LONGEST, SALT_FORM, EngineFrame, Tally, columns
from sampling.backends.frames import Candidate, FrameFacts
from sampling.backends.streams import as_file

_TALLY = """
SELECT stratum, count(*), min(coalesce(unit, '')) FILTER (WHERE NOT ({valid})) FROM {table} GROUP BY stratum
"""
_VALID_UNIT = """coalesce(length(unit) BETWEEN 1 AND %(longest)s AND unit COLLATE "C" !~ %(foreign)s, false)"""
_VALID_SALT = 'AND coalesce(salt COLLATE "C" ~ %(salt)s, false)'
# The bounds come as a table of their own, so that each row is hashed once and compared as bytes, as everywhere else.
_BELOW = """
SELECT pool.stratum, encode(ticketed.ticket, 'hex'), pool.unit
FROM {table} AS pool
JOIN unnest(%(strata)s::text[], %(bounds)s::text[]) AS bounds (stratum, bound) ON bounds.stratum = pool.stratum
CROSS JOIN LATERAL (SELECT sha256(convert_to(%(key)s || ':' || pool.unit, 'UTF8')) AS ticket) AS ticketed
WHERE ticketed.ticket <= decode(bounds.bound, 'hex')
"""
# Identifiers hold no TAB, LF or control character, so nothing is ever quoted: the lines are those of frame.tsv.
_LINES = """
COPY (SELECT {columns} FROM {table} ORDER BY unit COLLATE "C") TO STDOUT
(FORMAT csv, DELIMITER E'\\t', QUOTE E'\\x01', ENCODING 'UTF8')
"""


FAILURES = (psycopg.Error,)


@contextmanager
def connected(database: str) -> Generator[psycopg.Connection]:
    """Open one transaction that only reads and sees the table as it was at its beginning."""
    with psycopg.connect(database) as connection:
        connection.read_only = True
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        yield connection


def frame_of(connection: psycopg.Connection, table: str, *, salted: bool) -> "PostgresqlFrame":
    """Give the frame in the table of this name."""
    return PostgresqlFrame(connection=connection, table=table, salted=salted)


@dataclass(frozen=True)
class PostgresqlFrame(EngineFrame):
    """A table or view `schema.name`; one transaction that only reads holds all that is looked at."""

    connection: psycopg.Connection
    table: str
    salted: bool

    def tally(self) -> list[Tally]:
        """Look at every row once."""
        valid = sql.SQL(_VALID_UNIT + (_VALID_SALT if self.salted else ""))
        forms = {"foreign": FOREIGN, "longest": LONGEST, "salt": f"^(?:{SALT_FORM})$"}
        return self.connection.execute(sql.SQL(_TALLY).format(valid=valid, table=self._name), forms).fetchall()

    def survey_in_order(self, hash_name: str) -> FrameFacts:
        """Let PostgreSQL sort and send the lines; the tree grows here."""
        opened = partial(_opened, self)
        return file_frames(opened, salted=self.salted, hash_name=hash_name).survey(hash_name, rooted=True)

    def find_below(self, bounds: Mapping[str, str], *, entity_key: str) -> list[Candidate]:
        """Hash in SQL."""
        values = {"key": entity_key, "strata": list(bounds), "bounds": list(bounds.values())}
        found: list[Candidate] = self.connection.execute(sql.SQL(_BELOW).format(table=self._name), values).fetchall()
        return found

    def lines(self) -> Generator[bytes]:
        """Give frame.tsv in order, part by part."""
        named = sql.SQL(", ").join(map(sql.Identifier, columns(salted=self.salted)))
        with (
            self.connection.cursor() as cursor,
            cursor.copy(sql.SQL(_LINES).format(columns=named, table=self._name)) as copied,
        ):
            for part in copied:
                yield bytes(part)

    @property
    def _name(self) -> sql.Identifier:
        return sql.Identifier(*self.table.split("."))


def _opened(frame: PostgresqlFrame) -> IO[bytes]:
    return as_file(frame.lines())
