"""The folder of originals: named by their SHA-256, written whole or not at all, never served from there.

``incoming/`` holds pieces of files still on their way, ``originals/`` what is sealed, ``copies/`` what people look at.
Names are made of digits and the letters a to f only, so nothing a sender says becomes part of a path.
"""

import fcntl
import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy.orm import Session

from joint_inspections.evidence.rules import DIGEST, STRANGER
from supervision.errors import Conflict, TooMany

OPTION = "evidence_folder"
READ = 1 << 20
# seconds to wait for somebody who sends the same file, and between two looks
PATIENCE, PAUSE = 10.0, 0.02
LOCK = ".lock"
# whose pieces lie apart: the number of a user, or the name of somebody without an account (`STRANGER`); None: anybody's
Sender = int | str | None


class Store:
    """The store of one installation."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def original(self, sha256: str) -> Path:
        """Return where the original with this digest lies."""
        return self.root / "originals" / _checked(sha256)[:2] / sha256

    def copy(self, sha256: str, kind: str) -> Path:
        """Return where a viewable copy (``view`` or ``thumb``) lies; copies can be made again."""
        return self.root / "copies" / _checked(sha256)[:2] / f"{sha256}-{'thumb' if kind == 'thumb' else 'view'}.jpg"

    def incoming(self, sha256: str, size: int, *, by: Sender = None) -> Path:
        """Return where pieces of a file on its way are gathered; those ``by`` who must show to have it, apart."""
        return self.root / "incoming" / f"{_checked(sha256)}-{int(size)}{_apart(by)}"

    def received(self, sha256: str, size: int, *, by: Sender = None) -> int:
        """Return how many bytes of a declared file are here."""
        try:
            return self.incoming(sha256, size, by=by).stat().st_size
        except FileNotFoundError:
            return 0

    def begun_again(self, by: int) -> dict[str, int]:
        """Return the sizes of sealed files of which somebody sends the bytes again, and has not sent all."""
        found = (path.name.split("-") for path in (self.root / "incoming").glob(f"*-*-{int(by)}"))
        return {sha256: int(size) for sha256, size, _by in found}

    @contextmanager
    def gathering(self, sha256: str, size: int, *, by: Sender = None) -> Iterator[Path]:
        """Hold the file on its way, so that two senders of the same file do not write into each other.

        Nobody waits without end: whoever holds it may wait for a row that is held here, which no database notices.
        """
        path = self.incoming(sha256, size, by=by)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = _hold_lock(path.with_suffix(LOCK))
        try:
            yield path
        finally:
            os.close(descriptor)

    def sweep(self, *, before: float) -> list[int]:
        """Remove pieces not added to since a moment (seconds of the system's clock); return the size of each.

        A file that somebody is sending at this moment is left; only `incoming` is ever looked at.
        """
        removed: list[int] = []
        for path in sorted((self.root / "incoming").glob("*")):
            if path.suffix == LOCK or not path.is_file() or path.stat().st_mtime >= before:
                continue
            with suppress(TooMany, FileNotFoundError):
                removed.append(_remove(path, before))
        for lock in (self.root / "incoming").glob(f"*{LOCK}"):
            with suppress(TooMany, FileNotFoundError):
                _remove_lock(lock, before)
        return [size for size in removed if size >= 0]

    def append(self, path: Path, offset: int, data: bytes) -> int:
        """Add a piece at the end of a file that is held; refuse any other place and say what is here."""
        with path.open("ab") as stream:
            here = stream.seek(0, os.SEEK_END)
            if offset != here:
                raise Conflict(
                    "wrong-offset",
                    "%(received)s bytes of this file are here. Go on from there.",
                    received=here,
                )
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
            return stream.tell()

    def keep(self, path: Path, sha256: str) -> None:
        """Move a finished file to the originals and make that last a power cut."""
        target = self.original(sha256)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.chmod(0o400)
        path.replace(target)
        sync_folder(target.parent)

    def write_copy(self, sha256: str, kind: str, data: bytes) -> None:
        """Write a viewable copy whole."""
        target = self.copy(sha256, kind)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(stream.name).replace(target)


def store_of(session: Session) -> Store:
    """Return the store of the installation whose database this is."""
    root = session.get_bind().get_execution_options().get(OPTION)
    if root is None:
        raise RuntimeError("this engine was made without a folder for evidence")
    return Store(Path(root))


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    found = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(READ):
            found.update(piece)
    return found.hexdigest()


def _hold_lock(path: Path, *, patience: float = PATIENCE) -> int:
    """Hold a lock's file and return its descriptor; one that a sweep took away meanwhile is made anew."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _hold(descriptor, patience)
            with suppress(FileNotFoundError):
                if os.fstat(descriptor).st_ino == path.stat().st_ino:
                    return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _remove(path: Path, before: float) -> int:
    """Remove pieces unless somebody holds or has added to them; return their size, -1 where they stay."""
    descriptor = _hold_lock(path.with_suffix(LOCK), patience=0)
    try:
        found = path.stat()
        if found.st_mtime >= before:
            return -1
        path.unlink()
        return found.st_size
    finally:
        os.close(descriptor)


def _remove_lock(path: Path, before: float) -> None:
    if path.stat().st_mtime >= before or path.with_suffix("").exists():
        return
    descriptor = _hold_lock(path, patience=0)
    try:
        path.unlink(missing_ok=True)
    finally:
        os.close(descriptor)


def _hold(descriptor: int, patience: float) -> None:
    until = time.monotonic() + patience
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise TooMany(
                    "file-busy", "Somebody else is sending this very file. Send it again in a minute."
                ) from None
            time.sleep(PAUSE)


def sync_folder(folder: Path) -> None:
    """Make names in a folder last."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _apart(by: Sender) -> str:
    if by is None:
        return ""
    if isinstance(by, str) and not STRANGER.fullmatch(by):
        raise ValueError("not the name of a sender")
    return f"-{by}"


def _checked(sha256: str) -> str:
    if not DIGEST.fullmatch(sha256):
        raise ValueError("not a SHA-256 digest")
    return sha256
