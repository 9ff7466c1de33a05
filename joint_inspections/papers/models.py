"""Papers as issued, and what inspectors wrote down on site."""

from datetime import datetime
from typing import Any  # JSON, typed in rules.py

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from joint_inspections.papers.rules import PaperKind, SignedState
from joint_inspections.visits.models import Visit
from supervision.accounts.models import User
from supervision.db import Base, JsonText, UtcDateTime, enum_type
from supervision.departments.models import Department
from supervision.evidence import append_only
from supervision.inspectors.models import Inspector


class VisitPaper(Base):
    """检查文书: one numbered PDF of a visit, kept byte for byte. A later one of its series supersedes it; both stay."""

    __tablename__ = "visit_papers"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"), index=True)
    kind: Mapped[PaperKind] = mapped_column(enum_type(PaperKind))
    # what it is about: the kind with the code of a department, the number of an entry or of an item
    series: Mapped[str] = mapped_column(sa.String(64))
    # which paper of its kind this is, over all series and languages of the visit
    serial: Mapped[int]
    language: Mapped[str] = mapped_column(sa.String(2))
    number: Mapped[str] = mapped_column(sa.String(40), unique=True)
    # unguessable part of the address by which whoever holds the paper checks it
    token: Mapped[str] = mapped_column(sa.String(32), unique=True)
    # digest of what the paper rests on: it holds as long as that is the newest
    rests_on: Mapped[str] = mapped_column(sa.String(64))
    digest: Mapped[str] = mapped_column(sa.String(64))
    # what the paper says, as data
    facts: Mapped[Any] = mapped_column(JsonText, deferred=True)
    pdf: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    issued_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)

    visit: Mapped[Visit] = relationship(lazy="select")
    issuer: Mapped[User | None] = relationship(lazy="select")

    __table_args__ = (sa.UniqueConstraint("visit_id", "kind", "serial"),)


class SiteEntry(Base):
    """现场记录: one version of a questioning, an inquest or a sampling as an inspector wrote it down, whole.

    ``entry_no`` counts the entries of a kind within the visit; nothing is changed, a correction is a further version.
    """

    __tablename__ = "site_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"), index=True)
    department_id: Mapped[int] = mapped_column(sa.ForeignKey("departments.id"))
    kind: Mapped[PaperKind] = mapped_column(enum_type(PaperKind))
    entry_no: Mapped[int]
    version_no: Mapped[int]
    content: Mapped[str] = mapped_column(sa.Text)
    digest: Mapped[str] = mapped_column(sa.String(64))
    # why a further version was written after the first had been signed
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    written_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)

    department: Mapped[Department] = relationship(lazy="joined")
    writer: Mapped[User | None] = relationship(lazy="select")
    signing: Mapped["EntrySigning | None"] = relationship(lazy="joined", viewonly=True, uselist=False)

    __table_args__ = (sa.UniqueConstraint("visit_id", "kind", "entry_no", "version_no"),)


class EntrySigning(Base):
    """What the person concerned did with a version: signed its print, or refused, which two officers note (R-1.28)."""

    __tablename__ = "entry_signings"

    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("site_entries.id"), primary_key=True)
    state: Mapped[SignedState] = mapped_column(enum_type(SignedState))
    # who signed or refused, and as what
    name: Mapped[str] = mapped_column(sa.String(100))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    # the second officer who saw a refusal
    second_id: Mapped[int | None] = mapped_column(sa.ForeignKey("inspectors.id"))
    noted_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)

    second: Mapped[Inspector | None] = relationship(lazy="joined")


for _table in (VisitPaper, SiteEntry, EntrySigning):
    append_only(_table.__table__)
