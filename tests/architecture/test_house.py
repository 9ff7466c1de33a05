"""Rules of the house that no other tool checks."""

import ast
import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Mapper

from supervision.db import Base
from supervision.web import catalogues
from supervision.web.access import UndeclaredAccess, refuse_undeclared, rule_of

PROJECT = Path(__file__).resolve().parents[2]
FLOORS = {"sampling": 1, "supervision": 2, "joint_inspections": 3, "punishments": 3, "reports": 4}
ENTRY_POINTS = {"views.py", "cli.py", "api.py"}


def sources() -> list[Path]:
    """Return the Python files of the product."""
    found = [path for package in FLOORS for path in (PROJECT / package).rglob("*.py")]
    return [path for path in found if "migrations" not in path.parts and "fonts" not in path.parts]


def package_of(mapper: Mapper[object]) -> str:
    return mapper.class_.__module__.split(".")[0]


def test_foreign_keys_point_down() -> None:
    owner = {mapper.local_table.name: package_of(mapper) for mapper in Base.registry.mappers}
    for table in Base.metadata.tables.values():
        for key in table.foreign_keys:
            here, there = owner[table.name], owner[key.column.table.name]
            assert here == there or FLOORS[there] < FLOORS[here], f"{table.name} → {key.column.table.name}"


def test_only_entry_points_commit() -> None:
    allowed = {"supervision/web/database.py", "supervision/demo/cli.py", "supervision/migrations/env.py"}
    allowed.add("supervision/ground_data.py")
    # the worker's look: no transaction is open while something leaves the house
    allowed |= {"supervision/notifications/telling.py", "supervision/notifications/sending.py"}
    for path in sources():
        relative = str(path.relative_to(PROJECT))
        if path.name in ENTRY_POINTS or path.name.endswith("_views.py") or relative in allowed or "/jobs/" in relative:
            continue
        assert not re.search(r"\.commit\(", path.read_text(encoding="utf-8")), f"{relative} commits"


def test_nobody_imports_the_roof() -> None:
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert "wsgi" not in names, f"{path} imports the roof"


def test_time_is_read_in_one_place() -> None:
    reading = re.compile(r"(datetime|date)\.(now|today|utcnow)\(|time\.time\(\)")
    for path in sources():
        if path.name == "clock.py":
            continue
        found = reading.search(path.read_text(encoding="utf-8"))
        assert not found, f"{path.relative_to(PROJECT)} reads the time: {found and found.group()}"


def test_files_stay_short_enough_to_read() -> None:
    long = {str(path.relative_to(PROJECT)): len(path.read_text(encoding="utf-8").splitlines()) for path in sources()}
    assert not {name: lines for name, lines in long.items() if lines > 350}


def test_top_level_is_as_agreed() -> None:
    folders = {path.name for path in PROJECT.iterdir() if path.is_dir() and (path / "__init__.py").exists()}
    assert folders == {*FLOORS, "tests"}


def test_nothing_reads_outside_the_clone() -> None:
    outside = re.compile(r"\.\./" + "shared|/work" + "/")
    for path in [*sources(), *(PROJECT / "tests").rglob("*.py"), PROJECT / "Makefile"]:
        assert not outside.search(path.read_text(encoding="utf-8")), path


def test_every_endpoint_declares_its_access_rule(app: Flask) -> None:
    refuse_undeclared(app)
    assert all(rule_of(app, endpoint) for endpoint in app.view_functions if endpoint != "static")


def test_the_application_refuses_an_endpoint_without_access_rule() -> None:
    naked = Flask("naked")
    naked.add_url_rule("/open", "open", lambda: "")
    with pytest.raises(UndeclaredAccess, match="open"):
        refuse_undeclared(naked)


def test_every_text_has_a_chinese_translation() -> None:
    assert catalogues.missing() == []


def test_one_message_has_one_translation() -> None:
    seen: dict[str, tuple[str, str]] = {}
    clashes = []
    for source, identifier, text in catalogues.entries():
        first = seen.setdefault(identifier, (text, source.stem))
        if first[0] != text:
            clashes.append((identifier, first, (text, source.stem)))
    assert not clashes


def test_templates_carry_no_inline_script_or_style() -> None:
    inline = re.compile(r"\sstyle=|\son(click|change|submit|load|input)=|<style|<script(?![^>]*\ssrc=)", re.IGNORECASE)
    data = re.compile(r'<script type="application/json"')
    for path in PROJECT.glob("*/templates/**/*.html"):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not data.search(line):
                assert not inline.search(line), f"{path.relative_to(PROJECT)}:{number}"
