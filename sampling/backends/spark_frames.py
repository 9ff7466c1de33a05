"""A frame in Parquet or TSV files, drawn by Spark: one machine here, a cluster where the register is a nation's.

The root is computed where the lines are. Spark sorts; each partition knows how many lines come before it and gives
the heads of the full subtrees that lie within it; the driver only joins those, some dozens for a partition.
"""

import zipfile
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any  # Spark's rows and columns

from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as do

from sampling.backends.engines import SALT_FORM, UNIT_FORM, EngineFrame, Tally, columns
from sampling.backends.frames import Candidate, FrameFacts
from sampling.errors import BackendError
from sampling.merkle import GrowingTree, full_subtrees

FAILURES = (PySparkException, Py4JError)
_Part = tuple[int, int, str, str]


@contextmanager
def connected(_database: str) -> Generator[SparkSession]:
    """Give the session that spark-submit has set up, else one on this machine alone.

    This folder is sent to the workers, which need not have it, so it stays packed as long as the session lasts.
    """
    with TemporaryDirectory() as folder:
        session = SparkSession.builder.appName("double-random-draw").getOrCreate()
        try:
            session.sparkContext.addPyFile(str(_packed_engine(Path(folder))))
            yield session
        finally:
            session.stop()


def frame_of(session: SparkSession, path: str, *, salted: bool) -> "SparkFrame":
    """Give the frame in the files of this name."""
    return SparkFrame(session=session, path=path, salted=salted)


@dataclass(frozen=True)
class SparkFrame(EngineFrame):
    """Files that Spark reads from wherever it is set up to: a folder, HDFS, an object store."""

    session: SparkSession
    path: str
    salted: bool

    def tally(self) -> list[Tally]:
        """Look at every row once."""
        valid = _matches("unit", UNIT_FORM)
        if self.salted:
            valid &= _matches("salt", SALT_FORM)
        malformed = do.min(do.when(~valid, do.coalesce(do.col("unit"), do.lit(""))))
        rows = self._rows.groupBy("stratum").agg(do.count(do.lit(1)), malformed).collect()
        return [(row[0], row[1], row[2]) for row in rows]

    def survey_in_order(self, hash_name: str) -> FrameFacts:
        """Sort, count, and let each partition fold its own lines."""
        named = [do.col(column) for column in columns(salted=self.salted)]
        ordered = self._rows.select("unit", do.concat_ws("\t", *named).alias("line")).orderBy("unit").rdd.cache()
        try:
            parts: list[_Part] = sorted(ordered.mapPartitionsWithIndex(_describe).collect())
            _check_rising(parts)
            before, first_lines = 0, {}
            for number, count, _, _ in parts:
                first_lines[number] = before
                before += count
            folding = partial(_fold, first_lines=first_lines, hash_name=hash_name)
            heads = ordered.mapPartitionsWithIndex(folding).collect()
        finally:
            ordered.unpersist()
        tree = GrowingTree(hash_name)
        for _, leaves, head in sorted(heads):
            tree.add_subtree(head, leaves=leaves)
        sizes = {str(stratum): size for stratum, size, _ in self.tally()}
        return FrameFacts(sizes=dict(sorted(sizes.items())), root=tree.head().hex())

    def find_below(self, bounds: Mapping[str, str], *, entity_key: str) -> list[Candidate]:
        """Hash in Spark; the bounds are sent to every worker."""
        if not bounds:
            return []
        bound = self.session.createDataFrame(list(bounds.items()), "stratum string, bound string")
        ticket = do.sha2(do.concat(do.lit(f"{entity_key}:"), do.col("unit")), 256)
        tickets = self._rows.select("stratum", ticket.alias("ticket"), "unit")
        below = tickets.join(do.broadcast(bound), "stratum").where("ticket <= bound")
        return [(row.stratum, row.ticket, row.unit) for row in below.select("stratum", "ticket", "unit").collect()]

    @property
    def _rows(self) -> DataFrame:
        if self.path.endswith(".tsv"):
            schema = ", ".join(f"{column} string" for column in columns(salted=self.salted))
            return self.session.read.csv(self.path, schema=schema, sep="\t", quote="", escape="", mode="FAILFAST")
        return self.session.read.parquet(self.path)


def _matches(column: str, form: str) -> Any:
    return do.coalesce(do.regexp_like(do.col(column), do.lit(f"^(?:{form})\\z")), do.lit(False))


def _describe(number: int, rows: Iterable[Any]) -> Iterator[_Part]:
    """Give a partition's number, how many lines it has, and its first and last unit."""
    count, first, last = 0, "", ""
    for row in rows:
        if count and row.unit <= last:
            raise BackendError("unit-twice", unit=row.unit)
        first = first or row.unit
        last = row.unit
        count += 1
    if count:
        yield number, count, first, last


def _check_rising(parts: Iterable[_Part]) -> None:
    for (_, _, _, last), (_, _, first, _) in pairwise(parts):
        if first <= last:
            raise BackendError("unit-twice", unit=first)


def _fold(
    number: int, rows: Iterable[Any], *, first_lines: Mapping[int, int], hash_name: str
) -> Iterator[tuple[int, int, bytes]]:
    """Give place, leaves and head of the full subtrees within a partition."""
    if number in first_lines:
        yield from full_subtrees(hash_name, (row.line.encode() for row in rows), first=first_lines[number])


def _packed_engine(folder: Path) -> Path:
    package = Path(__file__).parent.parent
    archive = folder / "sampling.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for source in sorted(package.rglob("*.py")):
            packed.write(source, source.relative_to(package.parent))
    return archive
