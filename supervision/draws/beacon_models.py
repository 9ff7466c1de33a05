"""The public value of a draw: what was handed in, what it came to, and which rounds passed without one."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from supervision.db import Base, UtcDateTime, enum_type
from supervision.draws.rules import EntryWay
from supervision.evidence import append_only


class BeaconEntry(Base):
    """One handing-in: a signed round, or what one person typed of an announcement. It never changes."""

    __tablename__ = "beacon_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(sa.ForeignKey("draws.id"), index=True)
    # place in the order that the rule fixes, from 0
    place: Mapped[int]
    round: Mapped[str] = mapped_column(sa.String(64))
    way: Mapped[EntryWay] = mapped_column(enum_type(EntryWay))
    value: Mapped[str] = mapped_column(sa.String(256))
    # what the source published, byte for byte; empty where people typed
    evidence: Mapped[str] = mapped_column(sa.Text, default="")
    entered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    entered_department: Mapped[str] = mapped_column(sa.String(16), default="")
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class BeaconValue(Base):
    """The value that is mixed into the seed: one per draw, for ever."""

    __tablename__ = "beacon_values"

    draw_id: Mapped[int] = mapped_column(sa.ForeignKey("draws.id"), primary_key=True)
    place: Mapped[int]
    source: Mapped[str] = mapped_column(sa.String(64))
    round: Mapped[str] = mapped_column(sa.String(64))
    rule: Mapped[str] = mapped_column(sa.String(64))
    value: Mapped[str] = mapped_column(sa.String(256))
    # digest of the value's characters with the draw's hash, as the leaf of the log has it
    digest: Mapped[str] = mapped_column(sa.String(64))
    evidence_digest: Mapped[str] = mapped_column(sa.String(64))
    settled_at: Mapped[datetime] = mapped_column(UtcDateTime)


class BeaconLapse(Base):
    """A round for which no value came within the rule's waiting time: the clock has moved the draw to the next."""

    __tablename__ = "beacon_lapses"

    draw_id: Mapped[int] = mapped_column(sa.ForeignKey("draws.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    round: Mapped[str] = mapped_column(sa.String(64))
    lapsed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)


append_only(BeaconEntry.__table__)
append_only(BeaconValue.__table__)
append_only(BeaconLapse.__table__)
