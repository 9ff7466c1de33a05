"""Issued papers: what was said about a draw, when, under which number, and the files byte for byte."""

import zlib
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from reports.papers.rules import PaperKind
from supervision.db import Base, UtcDateTime, enum_type
from supervision.draws.models import Draw
from supervision.evidence import append_only


class IssuedPaper(Base):
    """凭证: one issue of a paper about a draw, in both languages at once; never changed, only followed by another."""

    __tablename__ = "issued_papers"

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(sa.ForeignKey("draws.id"))
    kind: Mapped[PaperKind] = mapped_column(enum_type(PaperKind))
    serial: Mapped[int]
    number: Mapped[str] = mapped_column(sa.String(40), unique=True)
    # SHA-256 of the log entries of the draw it rests on: while they are the same no new issue is needed
    basis_digest: Mapped[str] = mapped_column(sa.String(64))
    # SHA-256 of the JSON edition, and its canonical bytes, compressed
    digest: Mapped[str] = mapped_column(sa.String(64))
    packed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    # SHA-256 of the certificate that signed the PDFs; empty when there was no key
    signer: Mapped[str] = mapped_column(sa.String(64), default="")
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)

    draw: Mapped[Draw] = relationship(lazy="select")
    files: Mapped[list["PaperFile"]] = relationship(
        order_by="PaperFile.language.desc()", back_populates="paper", lazy="select"
    )

    __table_args__ = (sa.UniqueConstraint("draw_id", "kind", "serial"),)

    @property
    def content(self) -> bytes:
        """The bytes of the JSON edition."""
        return zlib.decompress(self.packed)


class PaperFile(Base):
    """The PDF of an issue in one language; the signature comes after the first ``unsigned_size`` bytes."""

    __tablename__ = "issued_paper_files"

    paper_id: Mapped[int] = mapped_column(sa.ForeignKey("issued_papers.id"), primary_key=True)
    language: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    digest: Mapped[str] = mapped_column(sa.String(64))
    size: Mapped[int]
    unsigned_digest: Mapped[str] = mapped_column(sa.String(64))
    unsigned_size: Mapped[int]
    packed: Mapped[bytes] = mapped_column(sa.LargeBinary)

    paper: Mapped[IssuedPaper] = relationship(back_populates="files", lazy="select")

    @property
    def content(self) -> bytes:
        """The bytes of the PDF as it was handed out."""
        return zlib.decompress(self.packed)


for table in (IssuedPaper.__table__, PaperFile.__table__):
    append_only(table)
