"""Every backend draws what plain Python draws, byte for byte."""

import dataclasses

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sampling import freezing
from sampling.backends import frames as frames_module
from sampling.backends.accelerated import AcceleratedFrame
from sampling.backends.duckdb_frames import DuckdbFrame
from sampling.backends.plain import PlainFrame
from sampling.backends.postgresql_frames import PostgresqlFrame
from sampling.errors import BackendError, SamplingError
from sampling.merkle import GrowingTree, full_subtrees, tree_head
from sampling.rules import read_rules
from sampling.strata import allocate
from sampling.tables import parse_frame
from sampling.tickets import in_ticket_order
from tests.sampling.backends.frame_making import KEY, Made, frames, long_frame
from tests.sampling.bundle_making import least_rules

OFTEN = settings(max_examples=300, deadline=None)
IN_ENGINES = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
TSV = "frame.tsv"


@given(frames(hash_names=("sha256", "sm3")))
@OFTEN
def test_plain_python_draws_as_sections_4_and_5_say(made):
    drawn = made.rules.hash_name, made.key
    frame = parse_frame(made.data, salted=made.salted)
    counts = allocate(frame.sizes(), made.rules.allocation)
    source = PlainFrame(opened=made.opened, salted=made.salted)
    facts = source.survey(made.rules.hash_name)
    assert facts.sizes == frame.sizes()
    assert facts.root == tree_head(drawn[0], made.data.split(b"\n")[:-1]).hex()
    selection = source.select(
        facts, counts=counts, reserve=made.rules.reserve, entity_key=made.key, hash_name=made.rules.hash_name
    )
    for stratum, count in counts.items():
        whole = in_ticket_order(made.key, frame.units_of(stratum), hash_name=made.rules.hash_name)
        selected = [(row.ticket, row.unit) for row in selection.selected if row.stratum == stratum]
        reserve = [(row.ticket, row.unit) for row in selection.reserve if row.stratum == stratum]
        assert selected == whole[:count]
        assert reserve == whole[count : count + made.rules.reserve]


@given(frames(hash_names=("sha256", "sm3")))
@OFTEN
def test_the_kernel_draws_the_same_bytes(made):
    accelerated = AcceleratedFrame(opened=made.opened, salted=made.salted)
    assert made.drawn_by(accelerated) == made.drawn_plainly()
    assert made.drawn_by(accelerated, rooted=False) == made.drawn_plainly(rooted=False)
    # and it was the kernel that drew, not the plain code behind it
    assert accelerated.survey_quickly(made.rules.hash_name).size == len(made.rows)


@pytest.mark.parametrize("size", [65_535, 65_536, 65_537, 140_000])
def test_the_kernel_draws_the_same_bytes_from_many_batches(size):
    made = long_frame(size)
    accelerated = AcceleratedFrame(opened=made.opened, salted=False)
    assert made.drawn_by(accelerated) == made.drawn_plainly()
    assert accelerated.survey_quickly("sha256").root == tree_head("sha256", made.data.split(b"\n")[:-1]).hex()


def test_a_stratum_for_every_unit_is_no_hindrance():
    rows = [(f"U{number:06}", f"S{number:06}") for number in range(70_000)]
    rules = least_rules(allocation={"kind": "total", "total": 5}, teams={"mode": "none"})
    made = Made(data=freezing.frame_tsv(rows), rules=read_rules(rules))
    assert made.drawn_by(AcceleratedFrame(opened=made.opened, salted=False)) == made.drawn_plainly()


def test_a_cut_off_that_lets_too_few_through_is_widened(monkeypatch):
    made = long_frame(3_000)
    expected = made.drawn_plainly()
    monkeypatch.setattr(frames_module, "cut_off", lambda _wanted, _size: 0)
    assert made.drawn_plainly() == expected
    assert made.drawn_by(AcceleratedFrame(opened=made.opened, salted=False)) == expected


def test_a_cut_off_lets_a_few_more_through_than_are_wanted_but_not_many():
    made = long_frame(140_000, strata=1)
    kept = PlainFrame(opened=made.opened, salted=False)._kept(
        {"S0": frames_module.cut_off(1_400, 140_000)}, entity_key=KEY, hash_name="sha256"
    )
    assert 1_400 <= len(kept) < 2_000


WRONG_LINES = [
    b"U5",
    b"U5\tA",
    b"U5\n",
    b"\n",
    b"U5\tA\tB\n",
    b"\tA\n",
    b"U5\t\n",
    b"U5\tA\r\n",
    b"U:5\tA\n",
    b"U5\tA,B\n",
    b"U 5\tA\n",
    b"U5\t\xc3\xa9\n",
    b"U5\t\xff\n",
    b"U5\t\x00\n",
    b"U5\x7f\tA\n",
    b"U" * 65 + b"\tA\n",
    b"U5\t" + b"A" * 65 + b"\n",
    b"U4\tA\n",
    b"U4\tB\n",
    b"U3\tA\n",
    b"U" * 5_000_000,
]


def refusal(work):
    with pytest.raises(SamplingError) as caught:
        work()
    return caught.value.code, caught.value.parameters


@pytest.mark.parametrize("line", WRONG_LINES, ids=lambda line: ascii(line[:20]))
@pytest.mark.parametrize("before", [4, 70_000])
def test_a_wrong_line_is_refused_in_the_same_words(line, before):
    units = [f"U{number}" for number in sorted(f"{i:06}" for i in range(before - 3))] + ["U2", "U3", "U4"]
    data = b"".join(f"{unit}\tA\n".encode() for unit in units) + line
    plain = PlainFrame(opened=Made(data, None).opened, salted=False)
    accelerated = AcceleratedFrame(opened=Made(data, None).opened, salted=False)
    expected = refusal(lambda: parse_frame(data, salted=False))
    assert refusal(lambda: plain.survey("sha256")) == expected
    assert refusal(lambda: accelerated.survey("sha256")) == expected


@pytest.mark.parametrize("salt", ["", "0" * 31, "0" * 33, "0" * 31 + "A", "g" * 32])
def test_a_wrong_salt_is_refused_in_the_same_words(salt):
    data = f"U1\tA\t{'0' * 32}\nU2\tA\t{salt}\n".encode()
    expected = refusal(lambda: parse_frame(data, salted=True))
    for kind in (PlainFrame, AcceleratedFrame):
        frame = kind(opened=Made(data, None).opened, salted=True)
        assert refusal(lambda frame=frame: frame.survey("sha256")) == expected


def test_order_is_checked_between_batches_too():
    rows = [f"U{number:06}\tA\n".encode() for number in range(65_537)]
    for wrong in (rows[:-1] + rows[65_535:65_536], [*rows[:-1], b"U000000\tA\n"]):
        data = b"".join(wrong)
        expected = refusal(lambda data=data: parse_frame(data, salted=False))
        frame = AcceleratedFrame(opened=Made(data, None).opened, salted=False)
        assert refusal(lambda frame=frame: frame.survey("sha256")) == expected


@given(made=frames())
@IN_ENGINES
def test_duckdb_draws_the_same_bytes(made, duckdb_connection, tmp_path):
    (tmp_path / TSV).write_bytes(made.data)
    lies_in_a_file = DuckdbFrame(connection=duckdb_connection, path=str(tmp_path / TSV), salted=made.salted)
    columns = ["unit", "stratum", "salt"][: 3 if made.salted else 2]
    duckdb_connection.execute(f"CREATE OR REPLACE TABLE pool ({', '.join(f'{name} VARCHAR' for name in columns)})")
    if made.rows:
        places = ", ".join("?" for _ in columns)
        duckdb_connection.executemany(f"INSERT INTO pool VALUES ({places})", list(reversed(made.rows)))  # noqa: S608
    parquet = str(tmp_path / "frame.parquet")
    duckdb_connection.execute(f"COPY pool TO '{parquet}'")
    expected, without_root = made.drawn_plainly(), made.drawn_plainly(rooted=False)
    for frame in (lies_in_a_file, dataclasses.replace(lies_in_a_file, path=parquet), dataclasses.replace(
        lies_in_a_file, path="pool"
    )):  # fmt: skip
        assert made.drawn_by(frame) == expected
        assert made.drawn_by(frame, rooted=False) == without_root


@given(made=frames())
@IN_ENGINES
def test_postgresql_draws_the_same_bytes(made, postgresql_connection):
    columns = ["unit", "stratum", "salt"][: 3 if made.salted else 2]
    postgresql_connection.execute("DROP TABLE IF EXISTS pool")
    postgresql_connection.execute(f"CREATE TABLE pool ({', '.join(f'{name} text' for name in columns)})")
    with postgresql_connection.cursor().copy(f"COPY pool ({', '.join(columns)}) FROM STDIN") as copy:
        for row in reversed(made.rows):
            copy.write_row(row)
    frame = PostgresqlFrame(connection=postgresql_connection, table="public.pool", salted=made.salted)
    assert made.drawn_by(frame) == made.drawn_plainly()
    assert made.drawn_by(frame, rooted=False) == made.drawn_plainly(rooted=False)


def lie_in_spark(made, spark_session, folder):
    from sampling.backends.spark_frames import SparkFrame  # noqa: PLC0415 - pyspark may be missing

    (folder / TSV).write_bytes(made.data)
    spark_session.catalog.clearCache()
    return SparkFrame(session=spark_session, path=str(folder / TSV), salted=made.salted)


@given(made=frames())
@settings(IN_ENGINES, max_examples=6)
def test_spark_draws_the_same_bytes(made, spark_session, tmp_path_factory):
    frame = lie_in_spark(made, spark_session, tmp_path_factory.mktemp("spark"))
    assert made.drawn_by(frame) == made.drawn_plainly()
    assert made.drawn_by(frame, rooted=False) == made.drawn_plainly(rooted=False)


def test_spark_draws_the_same_bytes_from_many_partitions(spark_session, tmp_path):
    made = long_frame(20_000)
    assert made.drawn_by(lie_in_spark(made, spark_session, tmp_path)) == made.drawn_plainly()


@pytest.mark.parametrize(
    "row", [("U:1", "A"), ("U1", "A,B"), ("U\t1", "A"), ("U1\tA\nU2", "B"), (None, "A"), ("U1", None), ("", "A")]
)
def test_cells_no_file_could_hold_are_refused_by_the_engines(row, duckdb_connection, postgresql_connection):
    duckdb_connection.execute("CREATE OR REPLACE TABLE odd (unit VARCHAR, stratum VARCHAR)")
    duckdb_connection.executemany("INSERT INTO odd VALUES (?, ?)", [row])
    postgresql_connection.execute("DROP TABLE IF EXISTS odd")
    postgresql_connection.execute("CREATE TABLE odd (unit text, stratum text)")
    postgresql_connection.cursor().executemany("INSERT INTO odd VALUES (%s, %s)", [row])
    for frame in (DuckdbFrame(duckdb_connection, "odd", False), PostgresqlFrame(postgresql_connection, "odd", False)):
        for rooted in (True, False):
            assert (
                refusal(lambda frame=frame, rooted=rooted: frame.survey("sha256", rooted=rooted))[0] == "cell-malformed"
            )


def test_a_unit_that_is_there_twice_is_refused_by_the_engines(duckdb_connection, postgresql_connection):
    made = Made(b"", read_rules(least_rules(allocation={"kind": "total", "total": 2}, teams={"mode": "none"})))
    for connection in (duckdb_connection, postgresql_connection):
        connection.execute("DROP TABLE IF EXISTS doubled")
        connection.execute("CREATE TABLE doubled (unit text, stratum text)")
        connection.execute("INSERT INTO doubled VALUES ('U1', 'A'), ('U1', 'B')")
    for frame in (
        DuckdbFrame(duckdb_connection, "doubled", False),
        PostgresqlFrame(postgresql_connection, "doubled", False),
    ):
        assert refusal(lambda frame=frame: made.drawn_by(frame)) == (
            "line-duplicate",
            {"file": TSV, "line": 2, "value": "U1"},
        )
        assert refusal(lambda frame=frame: made.drawn_by(frame, rooted=False)) == ("unit-twice", {"unit": "U1"})


def test_no_engine_claims_to_know_sm3(duckdb_connection):
    frame = DuckdbFrame(duckdb_connection, "pool", False)
    with pytest.raises(BackendError, match="sm3 cannot be computed there"):
        frame.survey("sm3", rooted=False)


def test_a_database_that_fails_half_way_ends_the_reading(duckdb_connection):
    frame = DuckdbFrame(duckdb_connection, "nowhere.parquet", False)
    with pytest.raises(Exception, match="No files found"):
        frame.survey_in_order("sha256")


@given(st.lists(st.integers(0, 9_000), max_size=6))
@settings(max_examples=40, deadline=None)
def test_partitions_of_any_size_fold_to_the_same_head(sizes):
    entries = [str(number).encode() for number in range(sum(sizes))]
    heads, first = [], 0
    for size in sizes:
        heads += full_subtrees("sha256", entries[first : first + size], first=first)
        first += size
    tree = GrowingTree("sha256")
    for place, leaves, head in heads:
        assert place % leaves == 0
        tree.add_subtree(head, leaves=leaves)
    assert tree.head() == tree_head("sha256", entries)
