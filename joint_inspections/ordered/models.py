"""Orders to inspect without a draw, what heads said, the lots by which a team was sent, and replacements."""

from datetime import date, datetime
from typing import Any  # who was passed over is JSON

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from joint_inspections.ordered.rules import OrderedKind, OrderState
from joint_inspections.visits.models import Visit
from supervision.accounts.models import User
from supervision.db import Base, JsonText, UtcDateTime, enum_type
from supervision.departments.models import Department
from supervision.entities.models import Entity
from supervision.evidence import append_only
from supervision.inspectors.models import Inspector
from supervision.items.models import Item, ItemList


class OrderedInspection(Base):
    """触发式检查任务: an order to inspect one enterprise for a stated ground (complaint, referral, emergency …).

    Whoever complained is never named here: what is told is the ground and the facts that must be looked at.
    """

    __tablename__ = "ordered_inspections"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(18), unique=True)
    kind: Mapped[OrderedKind] = mapped_column(enum_type(OrderedKind))
    state: Mapped[OrderState] = mapped_column(enum_type(OrderState), index=True)
    entity_id: Mapped[int] = mapped_column(sa.ForeignKey("entities.id"), index=True)
    item_list_id: Mapped[int] = mapped_column(sa.ForeignKey("item_lists.id"))
    # the visit that is inspected again
    origin_visit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("visits.id"), index=True)
    # list ordered_grounds
    ground_code: Mapped[str] = mapped_column(sa.String(32))
    facts: Mapped[str] = mapped_column(sa.Text)
    planned_on: Mapped[date]
    urgent: Mapped[bool] = mapped_column(default=False)
    # the head who approved an urgent inspection orally, when, and by when everything stands in writing
    oral_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    oral_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    complete_by: Mapped[date | None] = mapped_column(index=True)
    visit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("visits.id"), unique=True)
    ordered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    ordered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ending_note: Mapped[str] = mapped_column(sa.Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    entity: Mapped[Entity] = relationship(lazy="joined")
    item_list: Mapped[ItemList] = relationship(lazy="select")
    origin: Mapped[Visit | None] = relationship(foreign_keys=[origin_visit_id], lazy="select")
    visit: Mapped[Visit | None] = relationship(foreign_keys=[visit_id], lazy="select")
    orderer: Mapped[User | None] = relationship(foreign_keys=[ordered_by], lazy="select")
    oral_head: Mapped[User | None] = relationship(foreign_keys=[oral_by], lazy="select")
    participants: Mapped[list["OrderedParticipant"]] = relationship(
        order_by="OrderedParticipant.position", lazy="selectin"
    )
    listed_items: Mapped[list["OrderedItem"]] = relationship(order_by="OrderedItem.position", lazy="select")
    approvals: Mapped[list["OrderedApproval"]] = relationship(
        order_by="OrderedApproval.id", lazy="selectin", viewonly=True
    )
    lots: Mapped["OrderedLots | None"] = relationship(lazy="select", viewonly=True, uselist=False)
    replacements: Mapped[list["OrderedReplacement"]] = relationship(
        order_by="OrderedReplacement.id", lazy="select", viewonly=True
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's declarative form

    @property
    def departments(self) -> list[Department]:
        """The bodies that go, the lead first."""
        return [one.department for one in self.participants]

    @property
    def lead_department_id(self) -> int:
        """The body that leads."""
        return self.participants[0].department_id

    @property
    def items(self) -> list[Item]:
        """What is inspected."""
        return [one.item for one in self.listed_items]

    @property
    def decided(self) -> dict[int, "OrderedApproval"]:
        """What heads have said in writing, by department."""
        return {one.department_id: one for one in self.approvals}

    @property
    def to_decide(self) -> list[Department]:
        """The bodies whose head has yet to say something in writing."""
        return [one for one in self.departments if one.id not in self.decided]

    @property
    def in_writing(self) -> bool:
        """Whether every head has approved in writing: the order, and once there is one the visit's team."""
        agreed = all(one.agreed for one in self.approvals) and not self.to_decide
        return agreed and (self.visit is None or not self.visit.departments_to_approve)


class OrderedParticipant(Base):
    """A body that goes; the first leads."""

    __tablename__ = "ordered_participants"

    order_id: Mapped[int] = mapped_column(sa.ForeignKey("ordered_inspections.id"), primary_key=True)
    department_id: Mapped[int] = mapped_column(sa.ForeignKey("departments.id"), primary_key=True, index=True)
    position: Mapped[int]

    department: Mapped[Department] = relationship(lazy="joined")


class OrderedItem(Base):
    """An item of the published list that the order names (R-1.01)."""

    __tablename__ = "ordered_items"

    order_id: Mapped[int] = mapped_column(sa.ForeignKey("ordered_inspections.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("items.id"), primary_key=True)
    position: Mapped[int]

    item: Mapped[Item] = relationship(lazy="joined")


class OrderedApproval(Base):
    """What the head of a participating body says of an order in writing (R-3.08)."""

    __tablename__ = "ordered_approvals"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("ordered_inspections.id"))
    department_id: Mapped[int] = mapped_column(sa.ForeignKey("departments.id"))
    agreed: Mapped[bool]
    note: Mapped[str] = mapped_column(sa.Text, default="")
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)

    department: Mapped[Department] = relationship(lazy="joined")
    decider: Mapped[User | None] = relationship(lazy="select")

    __table_args__ = (sa.UniqueConstraint("order_id", "department_id"),)


class OrderedLots(Base):
    """The lots of one order: the candidates logged first, then the seed, then the order of all of them."""

    __tablename__ = "ordered_lots"

    order_id: Mapped[int] = mapped_column(sa.ForeignKey("ordered_inspections.id"), primary_key=True)
    # canonical JSON whose digest the log held before the number existed
    candidates: Mapped[str] = mapped_column(sa.Text)
    candidates_digest: Mapped[str] = mapped_column(sa.String(64))
    # index and hash of that entry of the log, as they were mixed in
    leaf: Mapped[str] = mapped_column(sa.String(100))
    number: Mapped[str] = mapped_column(sa.String(64))
    seed: Mapped[str] = mapped_column(sa.String(64))
    lots_digest: Mapped[str] = mapped_column(sa.String(64))
    drawn_at: Mapped[datetime] = mapped_column(UtcDateTime)

    places: Mapped[list["OrderedPlace"]] = relationship(
        order_by="OrderedPlace.department_id, OrderedPlace.place", lazy="select", viewonly=True
    )


class OrderedPlace(Base):
    """The place of a candidate in the random order of a department."""

    __tablename__ = "ordered_places"

    order_id: Mapped[int] = mapped_column(sa.ForeignKey("ordered_lots.order_id"), primary_key=True)
    inspector_id: Mapped[int] = mapped_column(sa.ForeignKey("inspectors.id"), primary_key=True)
    department_id: Mapped[int] = mapped_column(sa.ForeignKey("departments.id"))
    place: Mapped[int]
    ticket: Mapped[str] = mapped_column(sa.String(64))

    inspector: Mapped[Inspector] = relationship(lazy="joined")


class OrderedReplacement(Base):
    """Somebody left the team of an order; the next in the logged order followed, or the place stayed empty (R-1.24)."""

    __tablename__ = "ordered_replacements"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("ordered_inspections.id"), index=True)
    out_id: Mapped[int] = mapped_column(sa.ForeignKey("inspectors.id"))
    in_id: Mapped[int | None] = mapped_column(sa.ForeignKey("inspectors.id"))
    # list replacement_grounds
    ground_code: Mapped[str] = mapped_column(sa.String(32))
    evidence: Mapped[str] = mapped_column(sa.Text, default="")
    # certificate numbers of those passed over, each with the reason that stands in a register
    passed: Mapped[Any] = mapped_column(JsonText)
    replaced_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    replaced_at: Mapped[datetime] = mapped_column(UtcDateTime)

    out: Mapped[Inspector] = relationship(foreign_keys=[out_id], lazy="joined")
    successor: Mapped[Inspector | None] = relationship(foreign_keys=[in_id], lazy="joined")

    __table_args__ = (sa.UniqueConstraint("order_id", "out_id"),)


for _table in (OrderedParticipant, OrderedItem, OrderedApproval, OrderedLots, OrderedPlace, OrderedReplacement):
    append_only(_table.__table__)
