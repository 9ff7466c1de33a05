"""The modules of the verifying page joined into one script, for the page that is saved as one file.

Browsers load no modules and no workers from a file on somebody's disk, so the page that is taken away carries one plain
script. It is made from the modules as they are served, without any tool: every module becomes a function that returns
what it exports, `import` asks for that. The modules keep to a few forms (imports at the top, `export` before a
declaration, or once at the end as the bundler of the libraries writes it); anything else is refused here, and so found
by a test.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import supervision

FOLDER = Path(supervision.__file__).parent / "static" / "verify"
# the same script is the worker, which has no document, and the page
PAGE, WORKER = "page.js", "worker.js"

_IMPORT = re.compile(r'^import (\*\s+as\s+(\w+)|\{([^}]*)\}) from "([^"]+)";$', re.MULTILINE)
_PASSED_ON = re.compile(r'^export \{([^}]*)\} from "([^"]+)";$', re.MULTILINE)
_DECLARED = re.compile(r"^export ((?:async )?function|class|const) (\w+)", re.MULTILINE)
_AT_THE_END = re.compile(r"export\{([^}]*)\};\s*$")
_LEFT_OVER = re.compile(r"^\s*(?:import|export)\b(?!\s*\()", re.MULTILINE)

_SCRIPT = """\
(function () {{
"use strict";
globalThis.verifySource = typeof document === "undefined" ? null : document.currentScript.textContent;
const modules = {{}};
{modules}
modules[typeof document === "undefined" ? "{worker}" : "{page}"]();
}})();
"""
_MODULE = """\
modules["{name}"] = (function () {{
let made = null;
return function () {{ if (!made) {{ made = make(); }} return made; }};
function make() {{
{body}
return {{ {exports} }};
}} }})();
"""


class UnknownForm(ValueError):
    """A module is written in a way that cannot be joined."""


@lru_cache(maxsize=1)
def linked_script() -> str:
    """Return the script: page and worker in one."""
    seen: dict[Path, str] = {}
    for entry in (WORKER, PAGE):
        _collect(FOLDER / entry, seen, under=())
    # A closing tag inside the script would end it; the same text in another spelling does not.
    joined = "".join(seen.values()).replace("</script", "<\\/script")
    return _SCRIPT.format(modules=joined, worker=WORKER, page=PAGE)


def _collect(path: Path, seen: dict[Path, str], *, under: tuple[Path, ...]) -> None:
    """Add a module after those it imports."""
    if path in under:
        raise UnknownForm(f"modules import each other in a circle: {path.name}")
    if path in seen:
        return
    source = path.read_text("utf-8")
    for other in _imported(source):
        _collect((path.parent / other).resolve(), seen, under=(*under, path))
    seen[path] = _as_function(path, source)


def _imported(source: str) -> Iterator[str]:
    yield from (found[4] for found in _IMPORT.finditer(source))
    yield from (found[2] for found in _PASSED_ON.finditer(source))


def _as_function(path: Path, source: str) -> str:
    exports = [found[2] for found in _DECLARED.finditer(source)]
    body = _DECLARED.sub(r"\1 \2", source)
    body = _IMPORT.sub(lambda found: _asked_for(path, found[4], found[2], found[3]), body)
    for found in _PASSED_ON.finditer(source):
        exports += [name.strip() for name in found[1].split(",")]
    body = _PASSED_ON.sub(lambda found: _asked_for(path, found[2], None, found[1]), body)
    if at_end := _AT_THE_END.search(body):
        exports += [f"{new}: {old}" for old, new in _renamed(at_end[1])]
        body = body[: at_end.start()]
    elif left := _LEFT_OVER.search(body):
        raise UnknownForm(f"{path.name}: {left[0]}")
    return _MODULE.format(name=_name(path), body=body, exports=", ".join(exports))


def _asked_for(path: Path, other: str, whole: str | None, parts: str | None) -> str:
    name = _name((path.parent / other).resolve())
    wanted = whole or "{ " + ", ".join(f"{old}: {new}" for old, new in _renamed(parts or "")) + " }"
    return f'const {wanted} = modules["{name}"]();'


def _renamed(names: str) -> list[tuple[str, str]]:
    """Read ``a, b as c`` as [(a, a), (b, c)]."""
    pairs = [name.split(" as ") for name in names.split(",") if name.strip()]
    return [(pair[0].strip(), pair[-1].strip()) for pair in pairs]


def _name(path: Path) -> str:
    return path.name
