"""Issuing papers: drawn once from what the log says, signed, numbered and kept.

The slow part, drawing and signing, happens before the short transaction that keeps the paper, and touches no database.
"""

import hashlib
import zlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from reports.documents.certificate import draw_certificate
from reports.documents.commitment_sheet import draw_commitment_sheet
from reports.documents.draw_paper import CheckpointLine, DrawFacts, DrawPaper, Issue, Said, Signer
from reports.papers.contents import basis_digest, gather, leaves_for
from reports.papers.log_position import checkpoint_over
from reports.papers.models import IssuedPaper, PaperFile
from reports.papers.queries import find_newest
from reports.papers.rules import LANGUAGES, PaperKind, may_issue, paper_number
from reports.papers.signing import Seal, SigningKey, sign
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.draws.models import Draw
from supervision.draws.queries import lock_draw
from supervision.draws.rules import moment_text
from supervision.errors import Conflict, NotFound
from supervision.labels import N_
from supervision.permissions import Actor


@dataclass(frozen=True, slots=True)
class Office:
    """Who issues papers: the authority, where everybody verifies draws, and what it signs with."""

    name: Said
    # the address of a draw's verification page up to its number; empty when nobody has set the installation's address
    verify_address: str
    key: SigningKey | None = None
    timestamp_url: str = ""

    def verify_url(self, draw: str) -> str:
        """Return the address at which everybody verifies this draw."""
        return f"{self.verify_address}{draw}" if self.verify_address else ""

    @property
    def signer(self) -> Signer | None:
        """Return what papers say of the certificate."""
        if self.key is None:
            return None
        until = self.key.certificate.not_valid_after_utc
        return Signer(self.key.subject, self.key.fingerprint, moment_text(until))


@dataclass(frozen=True, slots=True)
class Prepared:
    """A paper that is due: what it says, and what it rests on."""

    draw_id: int
    kind: PaperKind
    serial: int
    basis: str
    facts: DrawFacts
    checkpoint: CheckpointLine | None


@dataclass(frozen=True, slots=True)
class Composed:
    """A paper drawn and signed, not yet kept."""

    prepared: Prepared
    number: str
    moment: datetime
    signer: str
    content: bytes
    # by language: the file before and after signing
    files: dict[str, tuple[bytes, bytes]]


def find_current(session: Session, draw: Draw, kind: PaperKind, *, signing: bool) -> IssuedPaper | None:
    """Return the paper that holds now, or None when one is due; refuse where there is none and none can be issued.

    A paper issued without signature is followed by a signed one as soon as there is a key.
    """
    newest = find_newest(session, draw, kind)
    if not may_issue(kind, draw.state):
        if newest is None:
            raise NotFound
        return newest
    if newest is None or (signing and not newest.signer):
        return None
    return newest if newest.basis_digest == basis_digest(leaves_for(session, draw, kind)) else None


def prepare(session: Session, draw: Draw, kind: PaperKind, office: Office) -> Prepared:
    """Gather what a paper that is due says."""
    newest, leaves = find_newest(session, draw, kind), leaves_for(session, draw, kind)
    return Prepared(
        draw_id=draw.id,
        kind=kind,
        serial=newest.serial + 1 if newest else 1,
        basis=basis_digest(leaves),
        facts=gather(session, draw, kind, authority=office.name),
        checkpoint=checkpoint_over(session, leaves[-1].index),
    )


def compose(prepared: Prepared, office: Office) -> Composed:
    """Draw and sign the paper in both languages."""
    facts, moment = prepared.facts, clock.now().replace(microsecond=0)
    number = paper_number(facts.draw, prepared.kind, prepared.serial)
    issue = Issue(number, moment_text(moment), office.verify_url(facts.draw), office.signer, prepared.checkpoint)
    paper = DrawPaper(facts, issue)
    draw_it = draw_commitment_sheet if prepared.kind is PaperKind.COMMITMENT else draw_certificate
    files = {}
    for language in LANGUAGES:
        drawn = draw_it(paper, language)
        files[language] = (drawn, _sealed(drawn, number, office))
    return Composed(
        prepared=prepared,
        number=number,
        moment=moment,
        signer=office.key.fingerprint if office.key else "",
        content=paper.to_bytes(),
        files=files,
    )


def _sealed(pdf: bytes, number: str, office: Office) -> bytes:
    return sign(pdf, Seal(office.key, number, office.timestamp_url)) if office.key else pdf


def keep(session: Session, composed: Composed, *, actor: Actor) -> IssuedPaper:
    """Keep a paper for ever, unless somebody issued the same meanwhile: then that one holds."""
    prepared = composed.prepared
    draw = lock_draw(session, session.get_one(Draw, prepared.draw_id))
    held = find_current(session, draw, prepared.kind, signing=bool(composed.signer))
    if held is not None:
        return held
    if basis_digest(leaves_for(session, draw, prepared.kind)) != prepared.basis or _taken(session, draw, prepared):
        raise _moved_on()
    paper = IssuedPaper(
        draw_id=draw.id,
        kind=prepared.kind,
        serial=prepared.serial,
        number=composed.number,
        basis_digest=prepared.basis,
        digest=hashlib.sha256(composed.content).hexdigest(),
        packed=zlib.compress(composed.content, 9),
        signer=composed.signer,
        issued_at=composed.moment,
    )
    session.add(paper)
    session.flush()
    session.add_all(_file(paper, language, *pair) for language, pair in composed.files.items())
    details = {"number": paper.number, "kind": paper.kind.value, "digest": paper.digest, "signer": paper.signer}
    digests = {language: hashlib.sha256(signed).hexdigest() for language, (_, signed) in composed.files.items()}
    record(session, Event.PAPER_ISSUED, actor=actor, subject=("draw", draw.id), details={**details, "files": digests})
    session.flush()
    return paper


def _taken(session: Session, draw: Draw, prepared: Prepared) -> bool:
    newest = find_newest(session, draw, prepared.kind)
    return newest is not None and newest.serial >= prepared.serial


def _moved_on() -> Conflict:
    return Conflict("paper-moved-on", N_("The draw has moved on meanwhile. Ask for the paper again."))


def _file(paper: IssuedPaper, language: str, drawn: bytes, signed: bytes) -> PaperFile:
    return PaperFile(
        paper_id=paper.id,
        language=language,
        digest=hashlib.sha256(signed).hexdigest(),
        size=len(signed),
        unsigned_digest=hashlib.sha256(drawn).hexdigest(),
        unsigned_size=len(drawn),
        packed=zlib.compress(signed, 6),
    )
