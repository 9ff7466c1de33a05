"""The files of a draw: kept compressed, read together as a bundle, handed out once the draw is opened (section 1)."""

import io
import zipfile
import zlib
from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from sampling.bundle import BUNDLE_FILES, PUBLIC_FRAME, Bundle
from sampling.hashing import hex_digest
from sampling.publication import public_files
from sampling.records import RECORD
from sampling.tables import EXCLUDED
from supervision.draws import hooks
from supervision.draws.models import Draw, DrawFile
from supervision.draws.rules import SHOWN
from supervision.errors import NotFound

# A zip file has no day of its own here, so that the same bundle is always the same file.
_ZIP_DAY = (1980, 1, 1, 0, 0, 0)


def store_file(session: Session, draw: Draw, name: str, data: bytes) -> str:
    """Keep a file for ever; return its digest. The table refuses a second file of the same name."""
    digest = hex_digest(draw.hash_name, data)
    session.add(DrawFile(draw_id=draw.id, name=name, digest=digest, size=len(data), packed=zlib.compress(data, 6)))
    session.flush()
    return digest


def read_files(session: Session, draw: Draw, names: Iterable[str] = BUNDLE_FILES) -> dict[str, bytes]:
    """Return the stored files of these names, sealed or not: for services, never for a page."""
    statement = sa.select(DrawFile).where(DrawFile.draw_id == draw.id, DrawFile.name.in_(list(names)))
    return {file.name: file.content for file in session.scalars(statement.order_by(DrawFile.name))}


def list_digests(session: Session, draw: Draw) -> list[tuple[str, int | None, str]]:
    """Return (name, size in bytes, digest) of the bundle's files; digests may be known to everybody.

    The size of a sealed record is not told: names of units differ in length, so it would speak of who was drawn.
    """
    statement = sa.select(DrawFile.name, DrawFile.size, DrawFile.digest).where(
        DrawFile.draw_id == draw.id, DrawFile.name.in_(BUNDLE_FILES)
    )
    told = draw.state in SHOWN
    return [
        (name, size if told or name != RECORD else None, digest)
        for name, size, digest in session.execute(statement.order_by(DrawFile.name))
    ]


def load_bundle(session: Session, draw: Draw) -> Bundle:
    """Read the draw's bundle as the engine takes it, sealed or not: for services, never for a page."""
    return Bundle.from_files(read_files(session, draw))


def full_bundle(session: Session, draw: Draw) -> dict[str, bytes]:
    """Return every file of an opened draw: for oversight, participants and witnesses. Sealed: NotFound."""
    if draw.state not in SHOWN:
        raise NotFound
    return {**read_files(session, draw), **hooks.proofs_of(session, draw)}


def public_bundle(session: Session, draw: Draw) -> dict[str, bytes]:
    """Return what everybody may have of an opened draw: no mapping, no ties, no confidential strata.

    A pool limited to some risk classes (or internal tags) would tell them of everybody in it and left out: there the
    lists themselves are withheld too (R-2.01 goes before the protocol), their digests and sizes stay in the commitment.
    """
    files = public_files(Bundle.from_files(full_bundle(session, draw)))
    if draw.task.plan_version.scope_of.confidential:
        return {name: data for name, data in files.items() if name not in (PUBLIC_FRAME, EXCLUDED)}
    return files


def bundle_zip(files: Mapping[str, bytes], *, number: str, remark: str = "") -> bytes:
    """Pack files into a folder named by the draw's number; the same files and remark give the same bytes.

    The remark of the archive says who took it away; it is no part of any file, so every digest stays.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"{number}/{name}", date_time=_ZIP_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
        archive.comment = remark.encode()
    return buffer.getvalue()
