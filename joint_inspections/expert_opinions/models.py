"""What an expert wrote on a visit; nothing is ever replaced, the newest word of an item counts."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from joint_inspections.evidence.models import SealedFile
from joint_inspections.experts.models import ExpertPlace
from supervision.db import Base, UtcDateTime
from supervision.evidence import append_only
from supervision.items.models import Item


class ExpertOpinion(Base):
    """专家意见 on one item or on the whole: a professional judgement that helps the inspectors, who decide."""

    __tablename__ = "expert_opinions"

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(sa.ForeignKey("expert_places.id"), index=True)
    # NULL: the visit as a whole
    item_id: Mapped[int | None] = mapped_column(sa.ForeignKey("items.id"))
    text: Mapped[str] = mapped_column(sa.Text)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)

    place: Mapped[ExpertPlace] = relationship(lazy="select")
    item: Mapped[Item | None] = relationship(lazy="joined")


class ExpertFile(Base):
    """A file that an expert added to an opinion; the bytes lie with the evidence."""

    __tablename__ = "expert_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(sa.ForeignKey("expert_places.id"), index=True)
    item_id: Mapped[int | None] = mapped_column(sa.ForeignKey("items.id"))
    sha256: Mapped[str] = mapped_column(sa.ForeignKey("sealed_files.sha256"))
    caption: Mapped[str] = mapped_column(sa.String(200), default="")
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)

    place: Mapped[ExpertPlace] = relationship(lazy="select")
    item: Mapped[Item | None] = relationship(lazy="joined")
    file: Mapped[SealedFile] = relationship(lazy="joined")


class ExpertSigning(Base):
    """An expert's signature under all opinions as they stood, by the own account; what follows needs another one."""

    __tablename__ = "expert_signings"

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(sa.ForeignKey("expert_places.id"), index=True)
    # what was signed, canonical JSON, and its digest
    content: Mapped[str] = mapped_column(sa.Text)
    digest: Mapped[str] = mapped_column(sa.String(64))
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    place: Mapped[ExpertPlace] = relationship(lazy="select")


for _table in (ExpertOpinion, ExpertFile, ExpertSigning):
    append_only(_table.__table__)
