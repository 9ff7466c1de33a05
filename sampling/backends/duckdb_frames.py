"""A frame in Parquet or TSV files, drawn by DuckDB: many cores, little memory, no server."""

import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import IO

import duckdb

from sampling.backends.choice import file_frames
from sampling.backends.engines import FOREIGN, LONGEST, SALT_FORM, EngineFrame, Tally, columns
from sampling.backends.frames import Candidate, FrameFacts
from sampling.backends.streams import as_file

_PART = 1 << 20
# With it a sort of ten million units stays below 1 GB in all, and is no slower.
_MEMORY = "700MB"


FAILURES = (duckdb.Error,)


@contextmanager
def connected(database: str) -> Generator[duckdb.DuckDBPyConnection]:
    """Open a database that is not kept; what does not fit into memory goes to a folder that is removed."""
    with TemporaryDirectory() as folder, duckdb.connect(database or ":memory:") as connection:
        connection.execute(f"SET temp_directory = {_quoted(folder)}")
        connection.execute(f"SET memory_limit = '{_MEMORY}'")
        yield connection


def frame_of(connection: duckdb.DuckDBPyConnection, path: str, *, salted: bool) -> "DuckdbFrame":
    """Give the frame in the files of this name."""
    return DuckdbFrame(connection=connection, path=path, salted=salted)


@dataclass(frozen=True)
class DuckdbFrame(EngineFrame):
    """One Parquet file, a pattern of several (`register/*.parquet`), a frame.tsv, or a table of the database."""

    connection: duckdb.DuckDBPyConnection
    path: str
    salted: bool

    def tally(self) -> list[Tally]:
        """Look at every row once."""
        unit = "length(unit) BETWEEN 1 AND $2 AND NOT regexp_matches(unit, $1)"
        salt = "AND coalesce(regexp_full_match(salt, $3), false)" if self.salted else ""
        return self.connection.execute(
            f"SELECT stratum, count(*), min(concat(unit)) FILTER (NOT"  # noqa: S608 - the path is quoted
            f" (coalesce({unit}, false) {salt})) FROM {self._source} GROUP BY stratum",
            [FOREIGN, LONGEST, SALT_FORM] if self.salted else [FOREIGN, LONGEST],
        ).fetchall()

    def survey_in_order(self, hash_name: str) -> FrameFacts:
        """Let DuckDB sort and write the lines into a pipe at whose other end the tree grows."""
        opened = partial(_opened, self)
        return file_frames(opened, salted=self.salted, hash_name=hash_name).survey(hash_name, rooted=True)

    def find_below(self, bounds: Mapping[str, str], *, entity_key: str) -> list[Candidate]:
        """Hash in SQL."""
        found: list[Candidate] = self.connection.execute(
            "WITH tickets AS (SELECT stratum, unit, sha256(concat(?, ':', unit)) AS ticket"  # noqa: S608 - quoted
            f" FROM {self._source}),"
            " bounds AS (SELECT unnest(?::VARCHAR[]) AS stratum, unnest(?::VARCHAR[]) AS bound)"
            " SELECT stratum, ticket, unit FROM tickets JOIN bounds USING (stratum) WHERE ticket <= bound",
            [entity_key, list(bounds), list(bounds.values())],
        ).fetchall()
        return found

    @property
    def _source(self) -> str:
        quoted = _quoted(self.path)
        if self.path.endswith(".parquet"):
            return f"read_parquet({quoted})"
        if not self.path.endswith(".tsv"):
            return ".".join(_name(part) for part in self.path.split("."))
        texts = ", ".join(f"'{column}': 'VARCHAR'" for column in columns(salted=self.salted))
        return (
            f"read_csv({quoted}, delim='\t', header=false, quote='', escape='', auto_detect=false, columns={{{texts}}})"
        )

    def export(self, target: str) -> None:
        """Write frame.tsv, sorted."""
        named = ", ".join(columns(salted=self.salted))
        self.connection.cursor().execute(
            f"COPY (SELECT {named} FROM {self._source} ORDER BY unit) TO {_quoted(target)}"  # noqa: S608 - quoted
            " (FORMAT csv, DELIMITER '\t', HEADER false, QUOTE '', ESCAPE '')"
        )


def _opened(frame: DuckdbFrame) -> IO[bytes]:
    return as_file(_lines(frame))


def _lines(frame: DuckdbFrame) -> Generator[bytes]:
    """Give the frame's lines in order, through a pipe where the system has named ones, else through a file."""
    with TemporaryDirectory() as folder:
        target = Path(folder) / "frame.tsv"
        if not hasattr(os, "mkfifo"):
            frame.export(str(target))
            yield from _parts(target)
            return
        os.mkfifo(target)
        failures: list[duckdb.Error] = []
        writing = Thread(target=_export, args=(frame, target, failures))
        writing.start()
        try:
            yield from _parts(target)
        finally:
            writing.join()
        if failures:
            raise failures[0]


def _parts(path: Path) -> Generator[bytes]:
    with path.open("rb", buffering=0) as stream:
        while part := stream.read(_PART):
            yield part


def _export(frame: DuckdbFrame, target: Path, failures: list[duckdb.Error]) -> None:
    try:
        frame.export(str(target))
    except duckdb.Error as error:
        failures.append(error)
        # Whoever waits for the first line must not wait for ever.
        with target.open("wb", buffering=0):
            pass


def _name(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def _quoted(text: str) -> str:
    doubled = text.replace("'", "''")
    return f"'{doubled}'"
