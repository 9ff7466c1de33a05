"""Departments of the district government."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from supervision.db import Base


class Department(Base):
    """部门: a body that inspects, holds data or applies measures. ``code`` is its name in draws and never changes."""

    __tablename__ = "departments"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(16), unique=True)
    name_zh: Mapped[str] = mapped_column(sa.String(100))
    name_en: Mapped[str] = mapped_column(sa.String(160), default="")
    fields: Mapped[str] = mapped_column(sa.Text, default="")
    # shown on notices: where an inspected entity can ask
    phone: Mapped[str] = mapped_column(sa.String(40), default="", server_default="")
    platform_role: Mapped[str] = mapped_column(sa.String(100), default="")
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
