"""Listing decisions."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from punishments.credit_lists.rules import CreditList, ListingState, Response, ServedDocument
from punishments.penalties.models import Penalty
from supervision.db import Base, UtcDateTime, enum_type
from supervision.evidence import append_only

ALIVE_SQL = "state IN ('intended', 'noticed', 'proposed', 'decided', 'in_force')"


class Listing(Base):
    """列入决定: an entity put on a list because of a penalty in force, for a computed term."""

    __tablename__ = "listings"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str | None] = mapped_column(sa.String(40), unique=True)
    penalty_id: Mapped[int] = mapped_column(sa.ForeignKey("penalties.id"), index=True)
    credit_list: Mapped[CreditList] = mapped_column(enum_type(CreditList))
    state: Mapped[ListingState] = mapped_column(enum_type(ListingState), index=True)
    grounds: Mapped[str] = mapped_column(sa.Text)
    legal_basis: Mapped[str] = mapped_column(sa.Text)
    # day the notice was served, last day on which the party may speak, what it said and how that was weighed
    noticed_on: Mapped[date | None]
    statement_due_on: Mapped[date | None]
    response: Mapped[Response | None] = mapped_column(enum_type(Response))
    response_on: Mapped[date | None]
    statement: Mapped[str] = mapped_column(sa.Text, default="")
    consideration: Mapped[str] = mapped_column(sa.Text, default="")
    heard_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    proposed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision_note: Mapped[str] = mapped_column(sa.Text, default="")
    # document by which the level above agreed, where that is required
    superior_approval: Mapped[str] = mapped_column(sa.String(128), default="")
    # remedies the decision names, and their last days counted from its service (domain 4.4)
    reconsideration_authority: Mapped[str] = mapped_column(sa.String(200), default="")
    court: Mapped[str] = mapped_column(sa.String(200), default="")
    reconsider_until: Mapped[date | None]
    sue_until: Mapped[date | None]
    # the decision takes effect when it is served, and its term runs from that day
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None] = mapped_column(index=True)
    earliest_removal_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    end_reason: Mapped[str] = mapped_column(sa.Text, default="")

    penalty: Mapped[Penalty] = relationship(lazy="joined")
    services: Mapped[list["ListingService"]] = relationship(lazy="selectin", order_by="ListingService.id")

    __table_args__ = (
        # one living listing for one penalty and list
        sa.Index(
            "uq_listings_penalty_alive",
            "penalty_id",
            "credit_list",
            unique=True,
            sqlite_where=sa.text(ALIVE_SQL),
            postgresql_where=sa.text(ALIVE_SQL),
        ),
    )

    @property
    def prepared_by(self) -> set[int | None]:
        """Who intended it, served a document or heard the party: none of them decides it."""
        return {self.proposed_by, self.heard_by, *(one.recorded_by for one in self.services)}

    def service_of(self, document: ServedDocument) -> "ListingService | None":
        """Return the proof that a document was served."""
        return next((one for one in self.services if one.document == document), None)


class ListingService(Base):
    """送达回证: how, when and on whom the notice or the decision was served, with its proof; never changed."""

    __tablename__ = "listing_services"

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id"))
    document: Mapped[ServedDocument] = mapped_column(enum_type(ServedDocument))
    document_number: Mapped[str] = mapped_column(sa.String(128))
    # code of the list service_methods
    method: Mapped[str] = mapped_column(sa.String(32))
    served_on: Mapped[date]
    # who took it, with their relation to the party
    recipient: Mapped[str] = mapped_column(sa.String(200))
    # what proves it: number of the proof of service, of the letter, of the public notice
    proof: Mapped[str] = mapped_column(sa.Text)
    recorded_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (sa.UniqueConstraint("listing_id", "document"),)


append_only(ListingService.__table__)
