"""Internal tags of a plan's scope: they limit the pool, and nothing of them is published (as with risk classes)."""

import secrets
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.entities.models import Tag
from supervision.plans.models import PlanVersion
from supervision.plans.rules import Scope


def keep_scope(session: Session, version: PlanVersion, scope: Scope) -> None:
    """Let ``version`` speak of ``scope``, its internal tags apart; what is withheld gets a salt for its digest.

    Called when the scope is set and again when the version is published: from then on it never changes, whatever
    becomes of the tag.
    """
    scope = _sealed(session, scope)
    version.scope = scope.to_json()
    if scope.confidential and not version.confidential_salt:
        version.confidential_salt = secrets.token_hex(16)


def _sealed(session: Session, scope: Scope) -> Scope:
    statement = sa.select(Tag.code).where(Tag.code.in_(scope.all_tags), Tag.public)
    public = set(session.scalars(statement)) if scope.all_tags else set()
    internal = tuple(code for code in scope.all_tags if code not in public)
    return replace(scope, tags=tuple(code for code in scope.all_tags if code in public), internal_tags=internal)
