"""Signatures as they were given: over a digest, never changed, invalid by themselves once the record differs."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from joint_inspections.records.models import Section
from joint_inspections.signatures.rules import PartyAnswer
from joint_inspections.visits.models import Visit
from supervision.accounts.models import User
from supervision.db import Base, UtcDateTime, enum_type
from supervision.evidence import append_only
from supervision.inspectors.models import Inspector


class DrawnSignature(Base):
    """An inspector drew their signature under their department's section, for what it said then."""

    __tablename__ = "drawn_signatures"

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(sa.ForeignKey("sections.id"), index=True)
    inspector_id: Mapped[int] = mapped_column(sa.ForeignKey("inspectors.id"))
    # digest of the section as the signer read it
    seen: Mapped[str] = mapped_column(sa.String(64))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    drawn_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    drawn_at: Mapped[datetime] = mapped_column(UtcDateTime)

    section: Mapped[Section] = relationship(lazy="select")
    inspector: Mapped[Inspector] = relationship(lazy="joined")


class PartyEntry(Base):
    """当事人签署: the enterprise signed the whole record, on the screen or on paper, or refused before two officers."""

    __tablename__ = "party_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"), index=True)
    how: Mapped[PartyAnswer] = mapped_column(enum_type(PartyAnswer))
    # digest of the whole record as it was read, and the text it is the digest of
    seen: Mapped[str] = mapped_column(sa.String(64))
    said: Mapped[str] = mapped_column(sa.Text)
    # digest of the samples that counted then
    samples: Mapped[str] = mapped_column(sa.String(64))
    # of the person at the enterprise; a person who refuses may refuse to be named too
    name: Mapped[str] = mapped_column(sa.String(100))
    role: Mapped[str] = mapped_column(sa.String(100))
    # drawn signature, or photo or scan of the signed paper; "" with a refusal
    sha256: Mapped[str] = mapped_column(sa.String(64))
    reason: Mapped[str] = mapped_column(sa.Text)
    noted_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    officer_id: Mapped[int] = mapped_column(sa.ForeignKey("inspectors.id"))
    # whoever noted a refusal together with the officer
    second_id: Mapped[int | None] = mapped_column(sa.ForeignKey("inspectors.id"))
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # change of the record it was given after (`queries.editions_of`): what is changed and changed back is asked again;
    # NULL before that was kept
    edition: Mapped[int | None]

    officer: Mapped[Inspector] = relationship(foreign_keys=[officer_id], lazy="joined")
    second: Mapped[Inspector | None] = relationship(foreign_keys=[second_id], lazy="joined")
    noter: Mapped[User | None] = relationship(lazy="select")
    confirmation: Mapped["PartyConfirmation | None"] = relationship(lazy="joined", uselist=False, viewonly=True)


class PartyConfirmation(Base):
    """The second officer says, by the own account, whether the enterprise refused as the first one noted (R-1.28)."""

    __tablename__ = "party_confirmations"

    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("party_entries.id"), primary_key=True)
    inspector_id: Mapped[int] = mapped_column(sa.ForeignKey("inspectors.id"))
    agrees: Mapped[bool]
    # what was otherwise, where the second officer does not agree
    remark: Mapped[str] = mapped_column(sa.Text)
    confirmed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    confirmed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    inspector: Mapped[Inspector] = relationship(lazy="joined")


class PartyLink(Base):
    """The record opened once to the enterprise's own phone, by a code on the inspector's screen, for a short while."""

    __tablename__ = "party_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"), index=True)
    # of the token in the address; the token itself is kept nowhere
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    # digest of the record it was made for: after any change another code is needed
    seen: Mapped[str] = mapped_column(sa.String(64))
    edition: Mapped[int]
    officer_id: Mapped[int] = mapped_column(sa.ForeignKey("inspectors.id"))
    made_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # answered: nothing further can be said by it
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # forms sent by it, accepted or not: whoever has the address cannot fill the disk with drawings
    attempts: Mapped[int] = mapped_column(default=0)
    entry_id: Mapped[int | None] = mapped_column(sa.ForeignKey("party_entries.id"))
    # what a person wrote who does not sign: two officers note the refusal, in these words
    name: Mapped[str] = mapped_column(sa.String(100), default="")
    role: Mapped[str] = mapped_column(sa.String(100), default="")
    refusal: Mapped[str] = mapped_column(sa.Text, default="")

    visit: Mapped[Visit] = relationship(lazy="select")
    officer: Mapped[Inspector] = relationship(lazy="joined")


append_only(DrawnSignature.__table__)
append_only(PartyEntry.__table__)
append_only(PartyConfirmation.__table__)
