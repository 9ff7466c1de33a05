"""Loading the national result codes and a whole item list from the shipped catalogues."""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.catalogue_files import read_catalogue, split_list
from supervision.db import insert_many
from supervision.departments.catalogue import load_departments
from supervision.departments.models import Department
from supervision.departments.queries import list_register
from supervision.items.models import (
    CheckPoint,
    Item,
    ItemList,
    ItemPhrase,
    JointItem,
    JointItemPart,
    Material,
    ResultCode,
)
from supervision.items.queries import find_published_list, load_facts
from supervision.items.rules import WHOLE_RATIO_BP, AnswerKind, ItemCategory, ListState, list_digest
from supervision.permissions import system_actor

FIRST_DOCUMENT = "随机抽查事项清单（第一版）"


def load_result_codes(session: Session, folder: Path) -> int:
    """Bring the result codes in line with ``check_results.csv``; return how many there are in it.

    The wordings are the nation's, not ours, so that a corrected file corrects them here too.
    """
    rows = read_catalogue(folder, "check_results")
    known = {one.code: one for one in session.scalars(sa.select(ResultCode))}
    for position, row in enumerate(rows, 1):
        code = known.get(row["code"]) or ResultCode(code=row["code"])
        code.name_zh, code.name_en, code.follow_up = row["zh"], row["en"], row["follow_up"]
        code.scope, code.is_problem, code.position = row["scope"], row["is_problem"] == "1", position
        session.add(code)
    session.flush()
    return len(rows)


def load_item_catalogue(session: Session, folder: Path) -> ItemList:
    """Load the shipped items and joint items as published version 1; return the version in force.

    Where a version is in force already, nothing is loaded: only people change a list.
    """
    published = find_published_list(session)
    if published is not None:
        return published
    load_departments(session, folder)
    load_result_codes(session, folder)
    departments = {one.code: one for one in list_register(session)}
    version = ItemList(
        number=1,
        state=ListState.PUBLISHED,
        document_number=FIRST_DOCUMENT,
        note="",
        published_on=clock.today(),
        created_at=clock.now(),
    )
    session.add(version)
    session.flush()
    items = _add_items(session, folder, version, departments)
    _add_rows(session, folder, items)
    _add_joint_items(session, folder, version, departments=departments, items=items)
    session.flush()
    session.expire_all()
    version.digest = list_digest(load_facts(session, version))
    details = {"number": version.number, "document_number": version.document_number, "digest": version.digest}
    subject = ("item_list", version.id)
    record(session, Event.ITEM_LIST_PUBLISHED, actor=system_actor(), subject=subject, details=details)
    return version


def _add_items(
    session: Session, folder: Path, version: ItemList, departments: Mapping[str, Department]
) -> dict[str, Item]:
    items = {
        row["code"]: Item(
            list_id=version.id,
            department=departments[row["department_code"]],
            category=ItemCategory(row["category"]),
            ratio_bp=ratio_bp(row["default_ratio"]),
            max_per_year=int(row["max_times_per_entity_per_year"]),
            min_inspectors=int(row["min_inspectors"]),
            industries=split_list(row["industries"]),
            allowed_results=split_list(row["allowed_results"]),
            duration_minutes=int(row["duration_minutes"]),
            **{name: row[name] for name in ("code", "name_zh", "name_en", "object_type", "method", "legal_basis")},
        )
        for row in read_catalogue(folder, "inspection_items")
    }
    session.add_all(items.values())
    session.flush()
    return items


def _add_rows(session: Session, folder: Path, items: Mapping[str, Item]) -> None:
    texts = ("question_zh", "question_en", "unit", "minimum", "maximum", "legal_clause", "guidance_zh", "guidance_en")
    points = [
        {
            "item_id": items[row["item_code"]].id,
            "no": int(row["no"]),
            "kind": AnswerKind(row["kind"]),
            "options": split_list(row["options"]),
            "veto": row["veto"] == "1",
            **{name: row[name] for name in texts},
        }
        for row in read_catalogue(folder, "check_points")
    ]
    materials = [
        {
            "item_id": items[row["item_code"]].id,
            "no": int(row["no"]),
            "name_zh": row["material_zh"],
            "name_en": row["material_en"],
        }
        for row in read_catalogue(folder, "item_materials")
    ]
    phrases, numbers = [], Counter[str]()
    for row in read_catalogue(folder, "problem_phrases"):
        numbers[row["item_code"]] += 1
        words = {"text_zh": row["problem_zh"], "text_en": row["problem_en"]}
        phrases.append({"item_id": items[row["item_code"]].id, "no": numbers[row["item_code"]], **words})
    insert_many(session, ItemPhrase, phrases)
    insert_many(session, CheckPoint.__table__, points)  # type: ignore[arg-type]  # a mapped class has a Table
    insert_many(session, Material.__table__, materials)  # type: ignore[arg-type]  # likewise


def _add_joint_items(
    session: Session,
    folder: Path,
    version: ItemList,
    *,
    departments: Mapping[str, Department],
    items: Mapping[str, Item],
) -> None:
    for row in read_catalogue(folder, "joint_items"):
        joint = JointItem(
            list_id=version.id,
            code=row["code"],
            name_zh=row["name"],
            name_en=row["name_en"],
            field=row["industry"],
            mode=row["mode"],
            lead_department=departments[row["lead_department_code"]],
            industries=split_list(row["industries"]),
            ratio_bp=ratio_bp(row["default_ratio"]),
        )
        joint.parts = [
            JointItemPart(item_id=items[code].id, item=items[code], position=number)
            for number, code in enumerate(split_list(row["item_codes"]), 1)
        ]
        session.add(joint)


def ratio_bp(share: str) -> int:
    """Return a share written as ``0.03`` in hundredths of a percent."""
    return int(Decimal(share) * WHOLE_RATIO_BP)
