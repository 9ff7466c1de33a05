"""Who and what the numbers in rows stand for: a package is read where the registers are not."""

from collections.abc import Callable
from typing import Any  # each register's rows have their own words

from sqlalchemy.orm import Session

from joint_inspections.experts.models import ExpertDraw
from supervision.accounts.models import User
from supervision.departments.models import Department
from supervision.draws.models import Draw
from supervision.entities.models import Entity
from supervision.inspectors.models import Expert, Inspector
from supervision.items.models import CheckPoint, Item
from supervision.plans.models import Task

REGISTERS: dict[str, tuple[type[Any], Callable[[Any], dict[str, object]]]] = {
    "users": (User, lambda one: {"name": one.name}),
    "inspectors": (Inspector, lambda one: {"name": one.name, "certificate": one.certificate_number}),
    "experts": (Expert, lambda one: {"name": one.name, "organization": one.organization}),
    "expert_draws": (ExpertDraw, lambda one: {"number": one.number, "digest": one.digest}),
    "departments": (Department, lambda one: {"code": one.code, "name": one.name_zh}),
    "entities": (Entity, lambda one: {"name": one.name, "unit_id": one.unit_id}),
    "draws": (Draw, lambda one: {"number": one.number}),
    "tasks": (Task, lambda one: {"number": one.number}),
    "items": (Item, lambda one: {"code": one.code, "name": one.name_zh}),
    "check_points": (CheckPoint, lambda one: {"no": one.no, "question": one.question_zh}),
}


class Names:
    """Looks each number up once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[tuple[str, object], dict[str, object] | None] = {}

    def find(self, register: str, key: object) -> dict[str, object] | None:
        """Return what a number in a register stands for; None where it is no register of these."""
        if register not in REGISTERS:
            return None
        if (register, key) not in self._known:
            model, words = REGISTERS[register]
            row = self._session.get(model, key)
            self._known[register, key] = {"id": key, **words(row)} if row is not None else {"id": key}
        return self._known[register, key]
