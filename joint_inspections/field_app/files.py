"""The files of the app, all under one version: a phone holds either the whole of a release or the whole of another.

Modules name each other without a version, so the version is a folder of their address. Browsers keep such addresses
for good; the service worker fetches them once more from the browser's own store, not over the air.
"""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

OWN = "field"
WORKER = "field/service_worker.js"
SCRIPT = "field/main.js"
ICONS = "vendor/icons-1.13.2/icons.svg"
CACHE_LIBRARY = "vendor/workbox-7.4.1/workbox.js"
STYLES = ("vendor/bootstrap-5.3.9/bootstrap.min.css", "theme.css", "field/field.css")
SCRIPTS = (
    "vendor/dexie-4.4.7/dexie.js",
    "vendor/noble-hashes-2.4.0/sha256.js",
    "vendor/signature_pad-5.1.4/signature_pad.js",
)
SHARED = (*STYLES[:2], *SCRIPTS, ICONS)
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png"}
PACKED = frozenset({".js", ".css", ".svg"})


@dataclass(frozen=True, slots=True)
class AppFile:
    """A file of the app as it is sent; ``packed`` is the same by gzip where that is worth it."""

    content: bytes
    packed: bytes | None
    media_type: str


@dataclass(frozen=True, slots=True)
class Release:
    """All files of the app as they stand, and the version that their contents make."""

    version: str
    files: dict[str, AppFile]
    worker: str

    @property
    def modules(self) -> list[str]:
        """The scripts of the page, which it loads together instead of one after the other."""
        return [name for name in self.files if name.endswith(".js") and name != CACHE_LIBRARY]

    @property
    def kept(self) -> list[str]:
        """What the service worker keeps: all but its own library, and the icons that only the home screen shows."""
        return [name for name in self.files if name != CACHE_LIBRARY and not name.endswith(".png")]


@cache
def load_release(folder: Path) -> Release:
    """Read the app's files below the folder of static files, once."""
    own = sorted(path for path in (folder / OWN).rglob("*") if path.suffix in TYPES)
    names = [path.relative_to(folder).as_posix() for path in own]
    contents = {name: (folder / name).read_bytes() for name in (*SHARED, CACHE_LIBRARY, *names)}
    worker = contents.pop(WORKER)
    digest = hashlib.sha256(worker)
    for name, content in sorted(contents.items()):
        digest.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
    files = {name: _file(name, content) for name, content in contents.items()}
    return Release(digest.hexdigest()[:12], files, worker.decode())


def _file(name: str, content: bytes) -> AppFile:
    suffix = Path(name).suffix
    packed = gzip.compress(content, 9, mtime=0) if suffix in PACKED else None
    return AppFile(content, packed, TYPES[suffix])
