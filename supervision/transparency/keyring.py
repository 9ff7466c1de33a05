"""What the log keeps outside the database: its private key, and the newest checkpoint it signed.

Both lie in the instance's folder of keys, beside ``secret.key``: whoever can write the whole database can neither
sign nor make the log forget what it signed last.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from sampling.note_signing import Signer, parse_signer
from sampling.signed_notes import ED25519
from sampling.witnessing import Seen
from supervision.draws.rules import log_name
from supervision.errors import RuleBroken
from supervision.labels import N_

KEY, NEXT_KEY, CHECKPOINT, LOCK = "log.key", "log.key.new", "log.checkpoint", "log.lock"
OPTION = "log_keys"
KEY_MISSING = N_(
    "The private key of the log is not in the folder of keys. Expected is the key %(expected)s: restore the file "
    "log.key from its backup; if it is lost for good, make a new one: flask log key new --reason …"
)
KEY_OTHER = N_(
    "The key in the folder of keys is another one. Expected is the key %(expected)s, found is %(found)s. Restore the "
    "right file log.key from its backup; if it is lost for good, make a new one: flask log key new --reason …"
)


@dataclass(frozen=True, slots=True)
class Keyring:
    """The folder of keys of an installation and the region whose log it signs."""

    folder: Path
    region: str

    @property
    def origin(self) -> str:
        """Name of the log, first line of its checkpoints and name of its keys."""
        return log_name(self.region)

    def signer(self) -> Signer | None:
        """Return the key in use, if there is one."""
        return self._read(KEY)

    def signer_for(self, verifier_key: str) -> Signer | None:
        """Return the private half of a key; a rotation that was interrupted after the database knew is finished."""
        found = self.signer()
        if found is not None and found.verifier_key == verifier_key:
            return found
        waiting = self._read(NEXT_KEY)
        if waiting is None or waiting.verifier_key != verifier_key:
            return None
        self.take_over(verifier_key)
        return waiting

    def new_signer(self) -> Signer:
        """Make a key for this log; nothing is written yet."""
        return Signer.generate(self.origin, kind=ED25519)

    def put_aside(self, signer: Signer) -> None:
        """Write the key that will be next; it is used only once the database knows it."""
        with self._alone():
            self._write(NEXT_KEY, signer.to_text() + "\n")

    def take_over(self, verifier_key: str) -> None:
        """Let the next key, which must be this one, be the one in use; the old private key is gone with it.

        Another server may have finished the same change meanwhile. Any other key is never put in the place of the
        one in use, for that would be lost.
        """
        with self._alone():
            waiting = self._read(NEXT_KEY)
            if waiting is not None and waiting.verifier_key == verifier_key:
                (self.folder / NEXT_KEY).replace(self.folder / KEY)
                self._sync_folder()
            elif verifier_key not in self.held():
                raise self.unfit(verifier_key)

    def held(self) -> list[str]:
        """Return the public halves of the keys in the folder: the one in use, and the next one."""
        return [signer.verifier_key for signer in (self.signer(), self._read(NEXT_KEY)) if signer is not None]

    def unfit(self, expected: str) -> RuleBroken:
        """Return the refusal that names the key which is expected and those that lie there."""
        held = self.held()
        if not held:
            return RuleBroken("log-key-missing", KEY_MISSING, expected=expected)
        return RuleBroken("log-key-other", KEY_OTHER, expected=expected, found=", ".join(held))

    @property
    def checkpoint_file(self) -> Path:
        """Where the newest signed checkpoint is kept."""
        return self.folder / CHECKPOINT

    def kept(self) -> Seen | None:
        """Return the newest checkpoint this log signed, as the file says."""
        path = self.checkpoint_file
        return Seen.parse(path.read_text("utf-8")) if path.exists() else None

    def keep(self, note: str) -> None:
        """Keep a checkpoint unless a later one is kept already, whichever of several servers signed last."""
        with self._alone():
            before = self.kept()
            if before is None or before.checkpoint.size < Seen.parse(note).checkpoint.size:
                self._write(CHECKPOINT, note)

    def put_away_checkpoint(self) -> str:
        """Keep the last checkpoint under another name, after the log lost what it speaks of; return that name."""
        kept = self.kept()
        if kept is None:
            return ""
        name = f"{CHECKPOINT}.{kept.checkpoint.size}-{kept.checkpoint.head.hex()[:8]}"
        self.checkpoint_file.replace(self.folder / name)
        self._sync_folder()
        return name

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the one lock on these files that all threads and processes pass, one after the other."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / LOCK).open("a") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield

    def _read(self, name: str) -> Signer | None:
        path = self.folder / name
        return parse_signer(path.read_text("utf-8")) if path.exists() else None

    def _write(self, name: str, text: str) -> None:
        """Write a file whole and onto the disk, readable by its owner alone."""
        self.folder.mkdir(parents=True, exist_ok=True)
        unfinished = self.folder / f".{name}.unfinished"
        unfinished.unlink(missing_ok=True)
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(self.folder / name)
        self._sync_folder()

    def _sync_folder(self) -> None:
        descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def keyring_of(session: Session) -> Keyring | None:
    """Return the keyring of the installation whose database this is; None where there is no log to sign."""
    found = session.get_bind().get_execution_options().get(OPTION)
    return Keyring(*found) if found else None
