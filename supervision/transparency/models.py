"""What the log has signed, and who saw it.

Nothing stands here that is not signed, logged or audited elsewhere: ``flask log check`` holds every column against it.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from supervision.db import Base, UtcDateTime
from supervision.draws.models import LogLeaf
from supervision.evidence import append_only


class LogKey(Base):
    """日志密钥: a key of the log, in force from its leaf on until the next one. The private half is in a file."""

    __tablename__ = "log_keys"

    id: Mapped[int] = mapped_column(primary_key=True)
    verifier_key: Mapped[str] = mapped_column(sa.String(250), unique=True)
    leaf_index: Mapped[int] = mapped_column(sa.ForeignKey("log_leaves.index"), unique=True)

    leaf: Mapped[LogLeaf] = relationship(lazy="joined")

    @property
    def began_at(self) -> datetime:
        """Since when the key is in force."""
        return self.leaf.at


class LogCheckpoint(Base):
    """检查点: what the log signed about its first ``size`` leaves; at most one for each size."""

    __tablename__ = "log_checkpoints"

    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    head: Mapped[str] = mapped_column(sa.String(64))
    # the signed note with the log's own signatures; those of witnesses stand in their table
    note: Mapped[str] = mapped_column(sa.Text)


class LogWitness(Base):
    """日志见证方: another department's server or a person who cosigns checkpoints; shown in public by ``holder``."""

    __tablename__ = "log_witnesses"

    id: Mapped[int] = mapped_column(primary_key=True)
    holder: Mapped[str] = mapped_column(sa.String(100))
    verifier_key: Mapped[str] = mapped_column(sa.String(250), unique=True)
    # whom to call when something is wrong; for people of the house only
    contact: Mapped[str] = mapped_column(sa.String(200), default="")
    added_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_reason: Mapped[str] = mapped_column(sa.Text, default="")


class LogCosignature(Base):
    """见证签名: that a witness saw a checkpoint at a time of its own clock."""

    __tablename__ = "log_cosignatures"

    id: Mapped[int] = mapped_column(primary_key=True)
    size: Mapped[int] = mapped_column(sa.ForeignKey("log_checkpoints.size"), index=True)
    witness_id: Mapped[int] = mapped_column(sa.ForeignKey("log_witnesses.id"), index=True)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # the line of the note, as the witness made it
    line: Mapped[str] = mapped_column(sa.Text)

    witness: Mapped[LogWitness] = relationship(lazy="joined")

    __table_args__ = (sa.UniqueConstraint("size", "witness_id", "seen_at"),)


class WitnessStatement(Base):
    """见证声明: a witness's signed word that ``verify`` agreed on the full bundle of a draw (section 1)."""

    __tablename__ = "witness_statements"

    draw_id: Mapped[int] = mapped_column(sa.ForeignKey("draws.id"), primary_key=True)
    witness_id: Mapped[int] = mapped_column(sa.ForeignKey("log_witnesses.id"), primary_key=True)
    note: Mapped[str] = mapped_column(sa.Text)

    witness: Mapped[LogWitness] = relationship(lazy="joined")


for table in (LogKey, LogCheckpoint, LogCosignature, WitnessStatement):
    append_only(table.__table__)
