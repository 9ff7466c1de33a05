"""Files of imports in the instance folder: originals under their digest, checked rows under the upload's number."""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Any, BinaryIO  # lines are JSON

from supervision.intake.reading import refusal
from supervision.intake.rules import MOST_UPLOAD_BYTES

BLOCK = 1 << 20


def uploads(folder: Path) -> Path:
    """Return the folder of uploads, readable by the service alone."""
    path = folder / "uploads"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def keep(folder: Path, stream: BinaryIO) -> tuple[str, int]:
    """Keep an uploaded file under the SHA-256 of its bytes; return digest and size.

    Written beside, synced, then renamed: a crash leaves no half file under a digest.
    """
    home, hasher, size = uploads(folder), hashlib.sha256(), 0
    descriptor, name = tempfile.mkstemp(dir=home, prefix=".new-")
    beside = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as out:
            while block := stream.read(BLOCK):
                size += len(block)
                if size > MOST_UPLOAD_BYTES:
                    raise refusal("too-large")
                hasher.update(block)
                out.write(block)
            out.flush()
            os.fsync(out.fileno())
        beside.rename(home / hasher.hexdigest())
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    _sync_folder(home)
    return hasher.hexdigest(), size


def _sync_folder(home: Path) -> None:
    descriptor = os.open(home, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def original(folder: Path, digest: str) -> Path:
    """Return where the uploaded file lies."""
    return uploads(folder) / digest


def rows_path(folder: Path, upload_id: int) -> Path:
    """Return where the right rows of a checked file wait for the decision."""
    return uploads(folder) / f"{upload_id}.rows"


def mistakes_path(folder: Path, upload_id: int) -> Path:
    """Return where the wrong and doubtful rows are listed."""
    return uploads(folder) / f"{upload_id}.mistakes"


def drop(folder: Path, upload_id: int) -> None:
    """Take away what was kept between check and decision."""
    rows_path(folder, upload_id).unlink(missing_ok=True)
    mistakes_path(folder, upload_id).unlink(missing_ok=True)


class Lines:
    """Writes JSON lines and the digest of what it wrote; a finished file replaces the one before."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0
        self._beside = path.with_name(path.name + ".new")
        self._hasher = hashlib.sha256()
        self._out: IO[bytes] = self._beside.open("wb")

    def add(self, value: object) -> None:
        """Write one line."""
        line = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode(
            "utf-8", "backslashreplace"
        )
        self._hasher.update(line + b"\n")
        self._out.write(line + b"\n")
        self.count += 1

    def finish(self) -> str:
        """Make the file lasting and return the digest of its bytes."""
        self._out.flush()
        os.fsync(self._out.fileno())
        self._out.close()
        self._beside.replace(self.path)
        return self._hasher.hexdigest()

    def abandon(self) -> None:
        """Throw the unfinished file away."""
        self._out.close()
        self._beside.unlink(missing_ok=True)


def read_lines(path: Path, *, skip: int = 0, most: int | None = None) -> Iterator[Any]:
    """Yield the values of a file of JSON lines; a missing file has none."""
    if not path.exists():
        return
    with path.open(encoding="utf-8") as stream:
        for line in islice(stream, skip, None if most is None else skip + most):
            yield json.loads(line)


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def chunks(values: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Cut values into lists of at most ``size``."""
    waiting = iter(values)
    while part := list(islice(waiting, size)):
        yield part
