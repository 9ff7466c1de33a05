"""Packages that were made: the ZIP lies in a folder by its digest, this row says what it is."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from joint_inspections.archive.rules import PackageKind
from joint_inspections.visits.models import Visit
from supervision.accounts.models import User
from supervision.db import Base, UtcDateTime, enum_type
from supervision.evidence import append_only


class ArchivePackage(Base):
    """归档包: one version of the package of a visit. What is added later makes another version; this one stays."""

    __tablename__ = "archive_packages"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"), index=True)
    kind: Mapped[PackageKind] = mapped_column(enum_type(PackageKind))
    version_no: Mapped[int]
    # digest of the manifest, which the log holds
    manifest: Mapped[str] = mapped_column(sa.String(64))
    # of the whole ZIP, and how long it is
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    size: Mapped[int] = mapped_column(sa.BigInteger)
    files: Mapped[int]
    # mark of everything kept of the visit then: another mark now means that something was added
    mark: Mapped[str] = mapped_column(sa.String(64))
    # the newest audit entry that the excerpt could hold
    audit_seq: Mapped[int]
    # where the log tells of the manifest and of the audit log; NULL where no log can be signed
    leaf_index: Mapped[int | None]
    anchor_index: Mapped[int | None]
    checkpoint_size: Mapped[int | None]
    made_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)

    visit: Mapped[Visit] = relationship(lazy="select")
    maker: Mapped[User | None] = relationship(lazy="joined")

    __table_args__ = (
        sa.UniqueConstraint("visit_id", "kind", "version_no"),
        sa.UniqueConstraint("visit_id", "kind", "manifest"),
    )


append_only(ArchivePackage.__table__)
