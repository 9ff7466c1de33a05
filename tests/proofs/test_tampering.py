"""Whoever writes into the database past the application is found: the first bad record is named."""

import random
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy.engine import Connection, Engine

from supervision.db import Base, make_engine
from tests.proofs import tampering
from tests.proofs.district import settle
from tests.proofs.effort import ON_POSTGRESQL, SEED, WHOLE, effort, proof
from tests.proofs.tampering import (
    COLUMN_UNTOLD,
    KEY,
    NO_EVIDENCE,
    ROWS_OF_OTHERS,
    TABLES,
    TWINS,
    Attack,
    Book,
    Row,
    another,
    attempt,
    check,
    copy_of,
    primary,
    put_in,
    take_out,
    undone,
    write,
)

random_choice = random.Random(SEED)  # noqa: S311 - chooses which rows are attacked

pytestmark = pytest.mark.skipif(ON_POSTGRESQL, reason="what a database administrator writes is tried on SQLite")


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a district with draws in every state."""
    path = tmp_path_factory.mktemp("district") / "district.sqlite3"
    engine = make_engine(f"sqlite:///{path}", audit_key=KEY)
    Base.metadata.create_all(engine)
    settle(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="module")
def opened(settled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A copy of it, open to its administrator."""
    engine = copy_of(settled, tmp_path_factory.mktemp("copy") / "copy.sqlite3")
    yield engine
    engine.dispose()


def test_clean_copies_give_no_alarm(tmp_path: Path) -> None:
    """Each time another district: secrets, pseudonyms, tickets, teams and changes are others."""
    with proof("clean-copies") as tally:
        empty = tmp_path / "empty.sqlite3"
        engine = make_engine(f"sqlite:///{empty}", audit_key=KEY)
        Base.metadata.create_all(engine)
        engine.dispose()
        for number in range(effort(20, 1000)):
            path = tmp_path / f"{number}.sqlite3"
            path.write_bytes(empty.read_bytes())
            engine = make_engine(f"sqlite:///{path}", audit_key=KEY)
            settle(engine)
            with engine.connect() as connection:
                bad = check(connection)
            engine.dispose()
            path.unlink()
            tally.note(right=not bad, what=str(bad[:1]))


def test_every_changed_column_is_found_and_named(opened: Engine) -> None:
    book = Book(opened)
    _carry_out("tampered-columns", opened, list(_edits(book)))


def test_every_lost_doubled_or_exchanged_row_is_found_and_named(opened: Engine) -> None:
    book = Book(opened)
    _carry_out("tampered-rows", opened, [*_losses(book), *_doubles(book), *_exchanges(book)])


def test_a_cut_tail_is_found(opened: Engine) -> None:
    book = Book(opened)
    _carry_out("tampered-tails", opened, list(_cuts(book)))


def test_every_evidentiary_column_is_attacked_or_excused() -> None:
    columns = {(name, column.name) for name in TABLES for column in Base.metadata.tables[name].c}
    assert set(NO_EVIDENCE) <= columns


def _carry_out(name: str, engine: Engine, attacks: list[Attack]) -> None:
    with proof(name) as tally:
        refused = 0
        for attack in attacks:
            result = attempt(engine, attack)
            refused += result == "refused"
            if result != "refused":
                tally.note(right=result == "caught", what=result)
        tally.facts |= {"attacks": len(attacks), "refused_by_the_database": refused}


def _chosen(rows: list[Row], column: str) -> list[Row]:
    """Return every row under ``make proof``; else one with something in this column, and one without."""
    if WHOLE:
        return rows
    filled = [row for row in rows if row[column] not in (None, "")]
    empty = [row for row in rows if row[column] in (None, "")]
    return [random_choice.choice(group) for group in (filled, empty) if group]


def _edits(book: Book) -> Iterator[Attack]:
    for table in TABLES:
        for column in Base.metadata.tables[table].c:
            if (table, column.name) in NO_EVIDENCE:
                continue
            for row in _chosen(book.rows[table], column.name):
                values = [another(column, row[column.name])]
                values += [None] if column.nullable and row[column.name] is not None else []
                yield from (_edit(book, table, row, column.name, value) for value in values)


def _edit(book: Book, table: str, row: Row, column: str, value: object) -> Attack:
    keys = book.keys(table, row, {**row, column: value})
    told = TWINS.get((table, column), {column})
    if table in COLUMN_UNTOLD:
        told = {*told, ""}
    if column in primary(table) or column in {"inspector_id", "team", "draw_id"}:
        told = {*told, ""}

    def carry_out(connection: Connection) -> None:
        write(connection, table, row, {column: value})

    return Attack(f"{table}.{column} of {min(keys)} := {str(value)[:40]}", table, keys, frozenset(told), carry_out)


def _rows(book: Book, table: str) -> list[Row]:
    rows = book.rows[table]
    return rows if WHOLE else random_choice.sample(rows, min(2, len(rows)))


def _losses(book: Book) -> Iterator[Attack]:
    for table in TABLES:
        for row in [] if table in ROWS_OF_OTHERS else _rows(book, table):

            def carry_out(connection: Connection, table: str = table, row: Row = row) -> None:
                take_out(connection, table, row)

            keys = book.keys(table, row)
            yield Attack(f"{table} without {min(keys)}", table, keys, frozenset(), carry_out)


def _doubles(book: Book) -> Iterator[Attack]:
    for table in TABLES:
        for row in [] if table in ROWS_OF_OTHERS else _rows(book, table):
            made = _double(book, table, row)

            def carry_out(connection: Connection, table: str = table, made: Row = made) -> None:
                put_in(connection, table, made)

            keys = book.keys(table, made)
            yield Attack(f"{table} with {min(keys)} invented", table, keys, frozenset(), carry_out)


def _double(book: Book, table: str, row: Row) -> Row:
    """Return the row once more under a key of its own."""
    fresh: Row = {}
    for name in primary(table):
        value = row[name]
        taken = [one[name] for one in book.rows[table]]
        if name == "draw_id" and len(primary(table)) > 1:
            continue
        fresh[name] = max(taken) + 1 if isinstance(value, int) else f"{value}x"
    return {**row, **fresh, **_own(book, table, row)}


def _own(book: Book, table: str, row: Row) -> Row:
    """Return what an invented row must have of its own beside its key."""
    used = {one["inspector_id"] for one in book.rows["draw_members"] if one["draw_id"] == row.get("draw_id")}
    drawn = {one["entity_id"] for one in book.rows["draw_units"] if one["draw_id"] == row.get("draw_id")}
    idle = (one for draw, one in book.people if draw == row.get("draw_id") and one not in used)
    own: dict[str, Row] = {
        "draws": {"number": f"{str(row.get('number'))[:-1]}9", "commitment_digest": None, "state": "void"},
        "draw_members": {"inspector_id": next(idle, 999)},
        "draw_units": {"entity_id": next(one for one in book.units if one not in drawn)},
        "audit_entries": {"hash": "0" * 64},
        "witnesses": {"token_hash": None},
        "draw_proposals": {"state": "refused"},
    }
    return own.get(table, {})


def _exchanges(book: Book) -> Iterator[Attack]:
    """Exchange what two rows of one table say, keys apart."""
    for table in TABLES:
        rows = [] if table in ROWS_OF_OTHERS else book.rows[table]
        pairs = list(pairwise(rows))
        for first, second in pairs if WHOLE else random_choice.sample(pairs, min(2, len(pairs))):
            fixed = {*primary(table), *(name for name in ("hash", "number", "draw_id") if name in first)}
            mine, theirs = ({k: v for k, v in row.items() if k not in fixed} for row in (first, second))
            if mine == theirs:
                continue

            def carry_out(
                connection: Connection,
                table: str = table,
                pair: tuple[Row, Row] = (first, second),
                said: tuple[Row, Row] = (mine, theirs),
            ) -> None:
                write(connection, table, pair[0], said[1])
                write(connection, table, pair[1], said[0])

            keys = book.keys(table, first, second)
            if table == "draw_members":
                keys |= {book.key(table, {**first, **theirs}), book.key(table, {**second, **mine})}
            yield Attack(f"{table}: {sorted(keys)} exchanged", table, keys, frozenset(), carry_out)


def _cuts(book: Book) -> Iterator[Attack]:
    """Cut the newest leaves or entries off; the head left as it was, or made to fit."""
    for number in range(1, effort(4, 12) + 1):
        for fitting in (False, True):
            yield _cut_leaves(book, number, fitting=fitting)
        yield _cut_entries(book, number)


def _cut_leaves(book: Book, number: int, *, fitting: bool) -> Attack:
    leaves = book.rows["log_leaves"]
    cut, newest = leaves[-number:], leaves[-number - 1]

    def carry_out(connection: Connection) -> None:
        for row in cut:
            take_out(connection, "log_leaves", row)
        if fitting:
            write(connection, "log_head", {"id": 1}, {"size": len(leaves) - number, "newest_at": newest["at"]})

    keys = frozenset({str(cut[0]["index"])})
    return Attack(f"log cut by {number}, head fitting: {fitting}", "log_leaves", keys, frozenset(), carry_out)


def _cut_entries(book: Book, number: int) -> Attack:
    entries = book.rows["audit_entries"]
    cut = entries[-number:]

    def carry_out(connection: Connection) -> None:
        for row in cut:
            take_out(connection, "audit_entries", row)

    keys = frozenset({str(cut[0]["seq"])})
    return Attack(f"audit log cut by {number}", "audit_entries", keys, frozenset(), carry_out)


def test_an_untouched_copy_stays_clean_after_the_attacks(opened: Engine) -> None:
    with undone(opened) as connection:
        assert check(connection) == ()


def test_the_check_of_tampering_can_fail(opened: Engine) -> None:
    """A column without evidence is not found: the attacks do tell what is found from what is not."""
    book = Book(opened)
    attack = _edit(book, "plan_versions", book.rows["plan_versions"][0], "return_reason", "changed")
    assert attempt(opened, attack).endswith("not found")
    assert tampering.NO_EVIDENCE["plan_versions", "return_reason"]
