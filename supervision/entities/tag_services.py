"""The register of tags: who may say that a tag is public, and the trace of it."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.entities.models import EntityTag, Tag
from supervision.errors import Conflict, Forbidden, Invalid, NotFound
from supervision.permissions import Actor, Permission


def list_tags_with_counts(session: Session) -> Sequence[tuple[Tag, int]]:
    """List the tags by code, each with the number of entities that bear it."""
    counts = sa.select(EntityTag.tag_code, sa.func.count().label("many")).group_by(EntityTag.tag_code).subquery()
    statement = sa.select(Tag, sa.func.coalesce(counts.c.many, 0)).outerjoin(counts, counts.c.tag_code == Tag.code)
    return [(tag, many) for tag, many in session.execute(statement.order_by(Tag.code))]


def get_tag(session: Session, code: str) -> Tag:
    """Return the tag or refuse."""
    tag = session.get(Tag, code)
    if tag is None:
        raise NotFound
    return tag


def add_tag(session: Session, code: str, *, name_zh: str, name_en: str, public: bool, reason: str, actor: Actor) -> Tag:
    """Add a tag; internal unless somebody says otherwise."""
    _check(actor, name_zh)
    if session.get(Tag, code) is not None:
        raise _code_taken(code)
    tag = Tag(code=code, name_zh=name_zh, name_en=name_en, public=public)
    try:
        with session.begin_nested():
            session.add(tag)
    except IntegrityError as error:  # somebody added it in this moment
        raise _code_taken(code) from error
    details = {"added": True, "name": name_zh, "public": public}
    record(session, Event.TAG_CHANGED, actor=actor, subject=("tag", code), reason=reason, details=details)
    return tag


def change_tag(
    session: Session, tag: Tag, *, name_zh: str, name_en: str, public: bool, reason: str, version: int, actor: Actor
) -> None:
    """Name a tag anew, open it to the public or keep it inside; ``version`` is the state the person saw.

    Plans published before keep what they said; those published from now on follow the new state.
    """
    _check(actor, name_zh)
    session.refresh(tag, with_for_update=True)
    if tag.version != version:
        raise Conflict(
            "changed-meanwhile",
            "Somebody changed this meanwhile. Open the page again, look at the change, and enter yours once more.",
        )
    details = {"before": [tag.name_zh, tag.name_en, tag.public], "after": [name_zh, name_en, public]}
    tag.name_zh, tag.name_en, tag.public = name_zh, name_en, public
    tag.version += 1
    session.flush()
    record(session, Event.TAG_CHANGED, actor=actor, subject=("tag", tag.code), reason=reason, details=details)


def _check(actor: Actor, name_zh: str) -> None:
    if not actor.may(Permission.PARAMETER_EDIT):
        raise Forbidden("tags-only-coordinator", "Only the district coordinator changes tags.")
    if not name_zh:
        raise Invalid("no-name", "Give the Chinese name.", field="name_zh")


def _code_taken(code: str) -> Conflict:
    return Conflict("tag-code-taken", "There is a tag with the code %(code)s already.", code=code)
