"""Changing the form of an item of the draft, and taking the last change back. Published forms never change (R-1.03)."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from supervision import clock
from supervision.errors import Conflict
from supervision.items.form_changes import check_form, fill_form, last_change, note_change, read_form
from supervision.items.models import FormFile, Item
from supervision.items.queries import form_content, item_facts
from supervision.items.rules import FormContent, FormStep, PointContent
from supervision.items.services import change_item, not_yours, own_draft_item, record_item
from supervision.permissions import Actor, Permission


def change_check_points(
    session: Session, item: Item, points: Sequence[PointContent], *, version: int, actor: Actor
) -> None:
    """Replace the questions of a draft's item, in their order."""
    form = replace(form_content(item), points=tuple(points))
    change_form(session, item, form, version=version, step=FormStep.WHOLE, actor=actor)


def change_form(
    session: Session,
    item: Item,
    form: FormContent,
    *,
    version: int,
    step: FormStep,
    actor: Actor,
    undoes: int | None = None,
) -> None:
    """Let an item of the draft ask and offer what ``form`` says; what it said before can be brought back."""
    own_draft_item(session, item, version=version, actor=actor)
    check_form(form)
    before = form_content(item)
    if before == form:
        return
    fill_form(session, item, form)
    item.version += 1
    note_change(session, item, before, form, step=step, actor=actor, undoes=undoes)
    details = {"form": step.value, "check_points": [len(before.points), len(form.points)]}
    record_item(session, item, {**details, "phrases": [len(before.phrases), len(form.phrases)]}, actor=actor)


def undo_change(session: Session, item: Item, *, version: int, actor: Actor) -> None:
    """Bring back the form as it was before its last change; again and again leads further back."""
    last = last_change(session, item)
    if last is None:
        raise Conflict("nothing-to-undo", "There is no change of this form left to take back.")
    form = read_form(last.before)
    change_form(session, item, form, version=version, step=FormStep.UNDONE, actor=actor, undoes=last.id)


def take_form(
    session: Session, item: Item, form: FormContent, results: Sequence[str] | None, *, version: int, actor: Actor
) -> None:
    """Let an item of the draft say what a file says: its form, and its allowed results where the file tells them."""
    change_form(session, item, form, version=version, step=FormStep.IMPORTED, actor=actor)
    content = item_facts(item).content
    if results is not None and set(results) != set(content.allowed_results):
        content = replace(content, allowed_results=tuple(results))
        change_item(session, item, content, version=item.version, actor=actor)


def keep_form_file(
    session: Session, *, filename: str, digest: str, size: int, item_code: str, actor: Actor
) -> FormFile:
    """Note a form file that waits to be looked at; nothing of it is taken yet, so the log has nothing to say."""
    if actor.department_id is None or not actor.may(Permission.ITEM_EDIT):
        raise not_yours()
    kept = FormFile(
        filename=filename[-255:],
        digest=digest,
        size=size,
        item_code=item_code,
        department_id=actor.department_id,
        sent_by=actor.user_id,
        sent_at=clock.now(),
    )
    session.add(kept)
    session.flush()
    return kept


def close_form_file(session: Session, kept: FormFile) -> None:
    """Note that a form file was taken; a second time is refused."""
    session.refresh(kept, with_for_update=True)
    if kept.taken_at is not None:
        raise Conflict(
            "form-file-taken", "This file was taken already. Send it again if you want to take it once more."
        )
    kept.taken_at = clock.now()
    session.flush()
