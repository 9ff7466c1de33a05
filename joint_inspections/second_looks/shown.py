"""Second looks as pages show them: items side by side in words, what a desk reviewer sees, the record of a choice."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any  # records are JSON

from sqlalchemy.orm import Session

from joint_inspections.evidence.models import Attachment, SampleResult
from joint_inspections.evidence.queries import list_attachments, list_samples
from joint_inspections.evidence.rules import IMAGES
from joint_inspections.records.queries import list_result_codes
from joint_inspections.second_looks import queries
from joint_inspections.second_looks.choosing import chosen_by
from joint_inspections.second_looks.models import SecondLook, SecondLookItem, SecondLookRound
from joint_inspections.second_looks.rules import CANNOT_TELL, HASH, NOT_CHECKED, PURPOSE, RoundState
from supervision.items.models import ResultCode
from supervision.labels import N_

WORDS = {NOT_CHECKED: N_("Not checked"), CANNOT_TELL: N_("The evidence does not show it")}


@dataclass(frozen=True, slots=True)
class ShownResult:
    """A result in words: a code of the official list, or a message id."""

    code: ResultCode | None
    words: str


@dataclass(frozen=True, slots=True)
class Question:
    """A check point as the record words it."""

    no: int
    question_zh: str
    question_en: str


@dataclass(frozen=True, slots=True)
class ShownItem:
    """An item with both results; ``questions`` of its check points by number."""

    row: SecondLookItem
    name_zh: str
    name_en: str
    first: ShownResult
    second: ShownResult
    questions: Mapping[int, Question]


def show_items(session: Session, look: SecondLook) -> list[ShownItem]:
    """Return both results of each item side by side; nothing before they were compared."""
    if not look.items:
        return []
    codes, said = list_result_codes(session), _items(session, look)
    return [
        ShownItem(
            row,
            str(said[row.item_code]["name_zh"]),
            str(said[row.item_code]["name_en"]),
            _result(codes, row.first_result),
            _result(codes, row.second_result),
            {one.no: one for one in _questions(said[row.item_code])},
        )
        for row in look.items
    ]


def _result(codes: Mapping[str, ResultCode], value: str) -> ShownResult:
    return ShownResult(codes.get(value), WORDS.get(value, value))


def _questions(item: Mapping[str, Any]) -> tuple[Question, ...]:
    return tuple(Question(int(one["no"]), one["question_zh"], one["question_en"]) for one in item["answers"])


def _items(session: Session, look: SecondLook) -> dict[str, dict[str, Any]]:
    content = json.loads(queries.first_version(session, look).content)
    return {item["code"]: item for part in content["departments"] for item in part["items"]}


@dataclass(frozen=True, slots=True)
class DeskItem:
    """An item as a desk reviewer sees it: what was to be checked, and what was kept of it. No answer, no result."""

    code: str
    name_zh: str
    name_en: str
    legal_basis: str
    questions: tuple[Question, ...]
    pictures: tuple[Attachment, ...]
    reports: tuple[SampleResult, ...]


def show_desk(session: Session, look: SecondLook) -> tuple[list[DeskItem], list[Attachment]]:
    """Return the items with their evidence, and pictures of the visit as a whole."""
    pictures = desk_pictures(session, look)
    samples = [one for one in list_samples(session, look.origin) if one.withdrawal is None]
    content = json.loads(queries.first_version(session, look).content)
    items = [
        DeskItem(
            item["code"],
            item["name_zh"],
            item["name_en"],
            item["legal_basis"],
            _questions(item),
            tuple(one for one in pictures if one.item is not None and one.item.code == item["code"]),
            tuple(
                result
                for one in samples
                if one.item is not None and one.item.code == item["code"]
                for result in one.results
            ),
        )
        for part in content["departments"]
        for item in part["items"]
    ]
    return items, [one for one in pictures if one.item is None]


def desk_pictures(session: Session, look: SecondLook) -> Sequence[Attachment]:
    """Return the pictures kept of the first visit: what the camera saw, without what anybody wrote about it."""
    found = list_attachments(session, look.origin)
    return [one for one in found if one.file is not None and one.file.media_type in IMAGES]


def record_of_round(found: SecondLookRound) -> dict[str, object]:
    """Return everything by which a choice is computed anew, and what came out."""
    said: dict[str, object] = {
        "list": json.loads(found.content),
        "list_digest": found.digest,
        "hash": HASH,
        "purpose": PURPOSE,
        "beacon": found.beacon,
        "numbers": [
            {"by": one.by, "digest": one.digest, "number": one.secret, "log": one.leaf_index} for one in found.numbers
        ],
        "log": found.leaf_index,
    }
    if found.state is RoundState.DRAWN:
        choice = chosen_by(found)
        said |= {"seed": found.seed, "key": choice.key, "drawn": [list(one) for one in choice.drawn]}
    return said
