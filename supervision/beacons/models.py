"""The rules by which public random values are chosen: versions that never change."""

from datetime import date
from typing import Any  # a rule's text is JSON

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from supervision.beacons.rules import Rule
from supervision.db import Base, JsonText, enum_type
from supervision.evidence import append_only
from supervision.parameters.rules import Certainty


class BeaconRule(Base):
    """公共随机源规则: one version of a rule; plans and commitments name it by its identifier."""

    __tablename__ = "beacon_rules"

    identifier: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(32))
    effective_from: Mapped[date]
    text: Mapped[Any] = mapped_column(JsonText)
    name_zh: Mapped[str] = mapped_column(sa.String(100))
    name_en: Mapped[str] = mapped_column(sa.String(160))
    # where the rule's facts come from: the network's own description, the law on the lotteries
    basis: Mapped[str] = mapped_column(sa.String(300))
    certainty: Mapped[Certainty] = mapped_column(enum_type(Certainty))
    note: Mapped[str] = mapped_column(sa.Text, default="")

    __table_args__ = (sa.UniqueConstraint("code", "effective_from"),)

    @property
    def rule(self) -> Rule:
        """The rule as a typed value."""
        return Rule.read(self.text)


append_only(BeaconRule.__table__)
