"""What the code must not be able to do: choose early, choose twice, or choose by anything but the committed bytes."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
PLATFORM = ("supervision", "joint_inspections", "punishments", "reports")
# what could make two runs differ: clocks, generators, the machine, the order of dictionaries of the interpreter
FORBIDDEN = {
    "random",
    "secrets",
    "time",
    "datetime",
    "os",
    "uuid",
    "socket",
    "platform",
    "locale",
    "getpass",
    "tempfile",
}
# outside the draw path: they measure, talk to people, sign or read files, and are not reached from drawing
BESIDE = {"__main__.py"}
ENTRY = ("drawing", "verification", "freezing", "replacement")


def imports_of(path: Path) -> set[str]:
    """Return the modules a file imports anywhere, also inside functions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def draw_path() -> dict[str, Path]:
    """Return every module of the engine that the draw itself reaches, by name."""
    waiting, reached = [f"sampling.{name}" for name in ENTRY], dict[str, Path]()
    while waiting:
        name = waiting.pop()
        base = PROJECT / Path(*name.split("."))
        path = next((one for one in (base.with_suffix(".py"), base / "__init__.py") if one.exists()), None)
        if path is None or name in reached:
            continue
        reached[name] = path
        waiting += [one for one in imports_of(path) if one.startswith("sampling")]
    return reached


def test_the_draw_path_knows_no_clock_no_generator_and_no_machine() -> None:
    path = draw_path()
    assert {"sampling.drawing", "sampling.selection", "sampling.matching", "sampling.seeds"} <= path.keys()
    for name, file in path.items():
        found = {module.split(".")[0] for module in imports_of(file)} & FORBIDDEN
        assert not found - _allowed(name), f"{name} imports {found}"


def _allowed(name: str) -> set[str]:
    """A kernel's cache lies somewhere on disk and its threads are counted; neither touches a byte of the result."""
    return {"os"} if name.startswith("sampling.backends") else set()


def test_nothing_in_the_engine_orders_by_hash_or_identity() -> None:
    for path in (PROJECT / "sampling").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in {"hash", "id", "vars", "globals", "eval", "exec"}, f"{path}:{node.lineno}"


def sources() -> Iterator[Path]:
    """Yield the platform's files."""
    for package in PLATFORM:
        yield from (path for path in (PROJECT / package).rglob("*.py") if "migrations" not in path.parts)


# where the draw of experts is sealed, and where it is checked
EXPERT_FILES = {"joint_inspections/experts/drawing.py", "joint_inspections/experts/checking.py"}


def users_of(*names: str) -> dict[str, set[str]]:
    """Return which files of the platform import these functions of the engine, by ``module.function``."""
    found: dict[str, set[str]] = {}
    for path in sources():
        for one in imports_of(path) & set(names):
            found.setdefault(one, set()).add(str(path.relative_to(PROJECT)))
    return found


def test_the_engine_is_asked_to_draw_in_one_place_and_to_check_in_another() -> None:
    """T02: no page and no command computes a selection; only the step that seals it, and the check of sealed ones."""
    users = users_of("sampling.drawing.draw", "sampling.drawing.compute", "sampling.drawing.selected_units")
    assert users == {
        "sampling.drawing.draw": {"supervision/draws/services/drawing.py", "supervision/draws/checking/check.py"}
    }


@pytest.mark.parametrize("name", ["sampling.selection.select", "sampling.seeds.seed", "sampling.teams.form_teams"])
def test_no_part_of_a_draw_is_computed_by_the_platform(name: str) -> None:
    assert users_of(name) == {}


def test_only_the_draw_of_experts_uses_the_matching_outside_the_engine() -> None:
    """It follows a draw of inspectors under labels of its own, and is asked for where it is sealed and checked."""
    experts = "joint_inspections/experts"
    assert users_of("sampling.matching.match") == {"sampling.matching.match": {f"{experts}/rules.py"}}
    asked = users_of("joint_inspections.experts.rules.draw_experts")
    assert set().union(*asked.values()) == EXPERT_FILES


def test_the_one_caller_draws_after_everything_is_in_and_keeps_what_it_drew() -> None:
    """In ``carry_out`` the refusals stand before the engine is asked, and its result is stored in the next step."""
    tree = ast.parse((PROJECT / "supervision/draws/services/drawing.py").read_text(encoding="utf-8"))
    function = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "carry_out")
    lines = {name: _first_call(function, name) for name in ("check_move", "secrets_missing", "value_of", "draw_record")}
    assert lines["draw_record"] > max(lines["check_move"], lines["secrets_missing"], lines["value_of"])
    assert _first_call(function, "store_file") > lines["draw_record"]
    callers = [
        node.name for node in tree.body if isinstance(node, ast.FunctionDef) and any(_calls(node, "draw_record"))
    ]
    assert callers == ["carry_out", "recomputed"]


def _calls(function: ast.FunctionDef, name: str) -> Iterator[int]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
            yield node.lineno


def _first_call(function: ast.FunctionDef, name: str) -> int:
    return min(_calls(function, name))
