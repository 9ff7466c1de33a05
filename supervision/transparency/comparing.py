"""Is a checkpoint that somebody kept part of this log's history? Told for people, from what is pasted into a page."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from sampling.errors import SamplingError
from sampling.hash_tree import HashTree
from sampling.signed_notes import SignatureState
from sampling.witnessing import Seen
from supervision.errors import Invalid
from supervision.labels import N_
from supervision.transparency import queries, trees
from supervision.transparency.checks import known_keys
from supervision.transparency.keyring import Keyring
from supervision.transparency.rules import Standing

MALFORMED = N_(
    "This is no checkpoint. Copy all its lines: the name of the log, a number, a fingerprint, an empty line, and the "
    "signatures, each beginning with a dash."
)

SAID = {
    Standing.FITS: N_(
        "The first %(size)s entries are still exactly those of your checkpoint, and it bears the signature of this "
        "log. Since then the log has grown by %(grown)s entries. Keep it: it holds the log to them for ever."
    ),
    Standing.FORK: N_(
        "This log signed your checkpoint, but its first %(size)s entries are other ones now. That cannot come about by "
        "mistake of yours. Keep your checkpoint, print this page, and tell enforcement oversight, the witnesses and "
        "the press."
    ),
    Standing.AHEAD: N_(
        "This log signed your checkpoint over %(size)s entries, but holds %(now)s now. An old backup was put back, or "
        "entries were removed. Keep your checkpoint and tell enforcement oversight and the witnesses; look among the "
        "newest events whether the loss is admitted (resumed)."
    ),
    Standing.FITS_UNSIGNED: N_(
        "The first %(size)s entries are those of your checkpoint. But without a signature of this log it would prove "
        "nothing against it later: download the checkpoint anew and keep it whole."
    ),
    Standing.UNSIGNED: N_(
        "It does not fit this log, and bears no signature of a key of this log. Anybody can write such lines, so "
        "nothing follows from them. Look whether all lines were pasted. If you are sure that this log gave it to you, "
        "keep it and tell the witnesses: the key may be withheld from you."
    ),
    Standing.FORGED: N_(
        "The signature with the name of this log does not fit the lines above it. Probably a character was lost when "
        "copying: paste the original file. If that is what you were given, keep it and tell the witnesses."
    ),
    Standing.OTHER_LOG: N_(
        "Its first line names another log. Each authority has a log of its own: look for it at the address where you "
        "kept the checkpoint."
    ),
}


@dataclass(frozen=True, slots=True)
class Compared:
    """What a kept checkpoint says, how it stands to this log, and how many entries the log has now."""

    standing: Standing
    origin: str
    size: int
    head: str
    now: int

    @property
    def said(self) -> str:
        """What it means and what to do, to be translated with the numbers."""
        return SAID[self.standing]

    @property
    def grown(self) -> int:
        """How many entries came after it."""
        return self.now - self.size


def compare(session: Session, keyring: Keyring, pasted: str) -> Compared:
    """Hold a pasted checkpoint against the leaves as they are now, each hashed anew."""
    seen = read(pasted)
    kept, now = seen.checkpoint, queries.log_size(session)
    if kept.origin != keyring.origin:
        standing = Standing.OTHER_LOG
    else:
        fits = kept.size <= now and _tree(session, kept.size, now=now).head(kept.size) == kept.head
        standing = _standing(fits=fits, ahead=kept.size > now, signature=seen.signed_by(known_keys(session, keyring)))
    return Compared(standing=standing, origin=kept.origin, size=kept.size, head=kept.head.hex(), now=now)


def read(pasted: str) -> Seen:
    """Read what came through mail, paper or another system: ends of lines and empty lines do not matter."""
    lines = [line.strip() for line in pasted.splitlines() if line.strip()]
    signed = next((place for place, line in enumerate(lines) if line.startswith("— ")), len(lines))
    try:
        return Seen.parse("\n".join([*lines[:signed], "", *lines[signed:], ""]))
    except SamplingError as error:
        raise Invalid("note-malformed", MALFORMED, field="note") from error


def _tree(session: Session, size: int, *, now: int) -> HashTree:
    newest = queries.find_newest(session)
    if newest is not None and size <= newest.size:
        return trees.signed_tree(session, newest)
    return trees.tree_of(session, newest, size=now)


def _standing(*, fits: bool, ahead: bool, signature: SignatureState) -> Standing:
    if signature is SignatureState.INVALID:
        return Standing.FORGED
    if signature is not SignatureState.VALID:
        return Standing.FITS_UNSIGNED if fits else Standing.UNSIGNED
    if fits:
        return Standing.FITS
    return Standing.AHEAD if ahead else Standing.FORK
