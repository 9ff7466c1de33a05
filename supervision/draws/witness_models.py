"""Named witnesses of draws, and wrong tries of their links."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from supervision.db import Base, UtcDateTime
from supervision.draws.models import Draw


class Witness(Base):
    """见证人: somebody from outside the participating bodies who adds a secret of their own to a draw.

    ``by`` is the code under which their contribution stands in the draw; it stays taken after a removal, and so does
    this row, which the public reads. The link's token itself is nowhere: only its hash is kept.
    """

    __tablename__ = "witnesses"

    draw_id: Mapped[int] = mapped_column(sa.ForeignKey("draws.id"), primary_key=True)
    by: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(32))
    # what everybody may read; ``name`` and ``contact`` stay with those who named them and never reach page, file or log
    public_name: Mapped[str] = mapped_column(sa.String(100))
    name: Mapped[str] = mapped_column(sa.String(100))
    contact: Mapped[str] = mapped_column(sa.String(200), default="")
    token_hash: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    link_made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # a link was renewed after the sealing: what is sealed can be revealed by it, never replaced
    seal_fixed: Mapped[bool] = mapped_column(default=False)
    named_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    named_body: Mapped[str] = mapped_column(sa.String(16))
    named_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removal_reason: Mapped[str] = mapped_column(sa.String(32), default="")

    draw: Mapped[Draw] = relationship(lazy="select")


class LinkFailure(Base):
    """A wrong link from an address, or a refused entry by a link; ``key`` is the hash of either."""

    __tablename__ = "link_failures"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (sa.Index("ix_link_failures_key_at", "key", "at"),)
