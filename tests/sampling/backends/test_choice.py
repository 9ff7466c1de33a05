"""The kernel is used where it is worthwhile, right and allowed, and changes no byte."""

import ast
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import sampling.backends
from sampling.backends import choice
from sampling.backends.accelerated import AcceleratedFrame
from sampling.backends.plain import PlainFrame
from sampling.bundle import read_bundle
from sampling.drawing import draw
from sampling.hashing import HASH_NAMES
from sampling.reveal import parse_reveal
from sampling.verification import verify
from supervision.config import from_environment
from tests.sampling.bundle_making import VECTORS

CASES = sorted(path.name for path in VECTORS.iterdir())
LIBRARIES = {
    "accelerated": {"numpy"},
    "compiling": {"numba"},
    "lanes": {"numba", "llvmlite"},
    "line_hashing": {"numpy"},
    "line_scanning": {"numpy"},
    "duckdb_frames": {"duckdb"},
    "postgresql_frames": {"psycopg"},
    "spark_frames": {"pyspark", "py4j"},
}
SOURCES = sorted(Path(sampling.backends.__file__).parent.glob("*.py"))


@pytest.fixture
def counted(monkeypatch):
    """Find every file long enough, and count how often the kernel is asked."""
    asked = []
    monkeypatch.setattr(choice, "WORTHWHILE", 0)
    real = choice.kernel
    monkeypatch.setattr(choice, "kernel", lambda name: asked.append(name) or real(name))
    yield asked
    choice.compute_plainly(wanted=False)


def record_of(name):
    reveal = parse_reveal((VECTORS / name / "reveal.json").read_bytes())
    return draw(read_bundle(VECTORS / name), reveal.secrets, reveal.beacon_value).to_bytes()


@pytest.mark.parametrize("name", CASES)
def test_a_worked_bundle_gives_the_same_bytes_with_the_kernel(name, counted):
    assert record_of(name) == (VECTORS / name / "record.json").read_bytes()
    assert verify(read_bundle(VECTORS / name)).exit_code == 3
    assert len(counted) >= 5


def test_whoever_wants_the_standard_library_alone_gets_it(counted):
    choice.compute_plainly()
    assert record_of(CASES[0]) == (VECTORS / CASES[0] / "record.json").read_bytes()
    assert not counted
    frames = choice.file_frames(lambda: None, salted=False, hash_name="sha256")
    assert isinstance(frames, PlainFrame)


def test_short_files_never_load_the_kernel(monkeypatch):
    monkeypatch.setattr(choice, "kernel", pytest.fail)
    assert record_of(CASES[0]) == (VECTORS / CASES[0] / "record.json").read_bytes()


@pytest.mark.parametrize("hash_name", HASH_NAMES)
def test_a_kernel_that_draws_anything_else_is_not_used(monkeypatch, hash_name):
    class Wrong(AcceleratedFrame):
        def select(self, facts, *, counts, reserve, entity_key, hash_name):
            return super().select(
                facts, counts=counts, reserve=reserve, entity_key=entity_key[::-1], hash_name=hash_name
            )

    choice.kernel.cache_clear()
    monkeypatch.setattr(choice, "import_module", lambda _name: SimpleNamespace(AcceleratedFrame=Wrong))
    assert choice.kernel(hash_name) is None
    choice.kernel.cache_clear()


@pytest.mark.parametrize("error", [ImportError, OSError, AttributeError, RuntimeError])
def test_a_broken_installation_is_as_good_as_none(monkeypatch, error):
    def broken(_name):
        raise error

    choice.kernel.cache_clear()
    monkeypatch.setattr(choice, "import_module", broken)
    assert choice.kernel("sha256") is None
    choice.kernel.cache_clear()


def test_the_setting_is_read_from_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("INSTANCE_PATH", str(tmp_path))
    assert not from_environment().plain_draws
    monkeypatch.setenv("PLAIN_DRAWS", "1")
    assert from_environment().plain_draws


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_each_library_is_met_in_its_own_modules_only(source):
    tree = ast.parse(source.read_text("utf-8"))
    roots = {
        alias.name.partition(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }
    roots |= {node.module.partition(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert roots - set(sys.stdlib_module_names) - {"sampling"} == LIBRARIES.get(source.stem, set()) & roots
    assert not roots & {"time", "datetime", "random", "secrets", "uuid"}
    assert source.read_text("utf-8").count("\n") <= 300
