"""The form of an item as a whole: what it may say, how it is filled in, and the list of its changes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any  # what a form said is JSON

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from supervision import clock
from supervision.errors import Invalid
from supervision.items.models import CheckPoint, FormChange, Item, ItemPhrase
from supervision.items.rules import (
    MOST_PHRASES,
    MOST_POINTS,
    AnswerKind,
    FormContent,
    FormStep,
    PhraseContent,
    PointContent,
    check_point,
)
from supervision.permissions import Actor


def check_form(form: FormContent) -> None:
    """Refuse a form that cannot be asked, naming the check point or the wording and what to do about it."""
    if len(form.points) > MOST_POINTS:
        raise Invalid("too-many-points", "A form has at most %(most)s check points. Remove some.", most=MOST_POINTS)
    seen: dict[str, int] = {}
    for number, point in enumerate(form.points, 1):
        check_point(point, number=number)
        first = seen.setdefault(point.question_zh, number)
        if first != number:
            raise Invalid(
                "question-twice",
                "Check point %(number)s asks the same as check point %(first)s. Remove it or word it differently.",
                number=number,
                first=first,
            )
    _check_phrases(form.phrases)


def _check_phrases(phrases: Sequence[PhraseContent]) -> None:
    if len(phrases) > MOST_PHRASES:
        raise Invalid(
            "too-many-phrases", "An item has at most %(most)s standard wordings. Remove some.", most=MOST_PHRASES
        )
    if any(not one.text_zh for one in phrases):
        raise Invalid("no-phrase", "Write the standard wording in Chinese, or remove the row.")
    twice = [text for text, times in Counter(one.text_zh for one in phrases).items() if times > 1]
    if twice:
        raise Invalid("phrase-twice", "This standard wording stands there twice: %(text)s. Remove one.", text=twice[0])


def fill_form(session: Session, item: Item, form: FormContent) -> None:
    """Replace the questions and wordings of an item, in their order."""
    item.check_points.clear()
    item.phrases.clear()
    session.flush()
    item.check_points = [CheckPoint(no=no, **_columns(point)) for no, point in enumerate(form.points, 1)]
    item.phrases = [
        ItemPhrase(no=no, text_zh=one.text_zh, text_en=one.text_en) for no, one in enumerate(form.phrases, 1)
    ]


def _columns(point: PointContent) -> dict[str, Any]:
    values = {name: getattr(point, name) for name in PointContent.__slots__}
    return {**values, "options": list(point.options)}


def note_change(
    session: Session,
    item: Item,
    before: FormContent,
    after: FormContent,
    *,
    step: FormStep,
    actor: Actor,
    undoes: int | None = None,
) -> None:
    """Keep what a form said before and after a change; the audit entry is the caller's."""
    if before == after:
        return
    change = FormChange(
        item_id=item.id,
        step=step,
        before=asdict(before),
        after=asdict(after),
        undoes=undoes,
        changed_by=actor.user_id,
        changed_name=actor.name,
        changed_at=clock.now(),
    )
    session.add(change)
    session.flush()


def last_change(session: Session, item: Item) -> FormChange | None:
    """Return the newest change that was not taken back yet."""
    later = aliased(FormChange)
    statement = (
        sa.select(FormChange)
        .where(
            FormChange.item_id == item.id,
            FormChange.undoes.is_(None),
            ~sa.exists().where(later.undoes == FormChange.id),
        )
        .order_by(FormChange.id.desc())
        .limit(1)
    )
    return session.scalar(statement)


def list_changes(session: Session, item: Item, *, limit: int = 100) -> Sequence[FormChange]:
    """List the changes of an item's form, newest first."""
    statement = sa.select(FormChange).where(FormChange.item_id == item.id).order_by(FormChange.id.desc()).limit(limit)
    return session.scalars(statement).all()


def read_form(stored: Any) -> FormContent:
    """Return a form as it was kept with a change."""
    points = [
        PointContent(**{**point, "kind": AnswerKind(point["kind"]), "options": tuple(point["options"])})
        for point in stored["points"]
    ]
    return FormContent(tuple(points), tuple(PhraseContent(**phrase) for phrase in stored["phrases"]))
