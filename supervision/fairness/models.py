"""What is kept of fairness: certificates made before draws, and the figures of opened draws."""

from datetime import datetime
from typing import Any  # reports and figures are JSON

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from supervision.db import Base, JsonText, UtcDateTime
from supervision.draws.models import Draw
from supervision.evidence import append_only


class FairnessCertificate(Base):
    """公平性测算书: the chances a frozen draw gives, measured with the engine on dummy seeds; nothing of a selection.

    Frozen files never change, so a certificate stays true; one with more seeds is a row of its own.
    """

    __tablename__ = "fairness_certificates"

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(sa.ForeignKey("draws.id"), index=True)
    # digest of the frozen files it was measured on
    inputs_digest: Mapped[str] = mapped_column(sa.String(64))
    seeds: Mapped[int]
    content: Mapped[Any] = mapped_column(JsonText)
    # digest of the content in canonical form
    digest: Mapped[str] = mapped_column(sa.String(64))
    made_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)

    draw: Mapped[Draw] = relationship(lazy="select")


class DrawFigures(Base):
    """What an opened draw adds to the figures, counted once from its bundle; it can be counted again at any time."""

    __tablename__ = "draw_figures"

    draw_id: Mapped[int] = mapped_column(sa.ForeignKey("draws.id"), primary_key=True)
    # which form the content has: figures of an older form are counted anew
    form: Mapped[int]
    content: Mapped[Any] = mapped_column(JsonText)
    counted_at: Mapped[datetime] = mapped_column(UtcDateTime)

    draw: Mapped[Draw] = relationship(lazy="select")


append_only(FairnessCertificate.__table__)
