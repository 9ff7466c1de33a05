"""What follows when a record is approved; rooms above register at start, the review calls them in its transaction."""

import json
from typing import Any, Protocol  # a record is JSON

from sqlalchemy.orm import Session

from joint_inspections.records.models import RecordVersion
from joint_inspections.visits.models import Visit
from supervision.permissions import Actor


class ApprovalFollower(Protocol):
    """Somebody who works with approved records (publication, follow-ups). The review writes the audit entry."""

    def after_approval(
        self, session: Session, visit: Visit, version: RecordVersion, *, record: dict[str, Any], actor: Actor
    ) -> None:
        """A reviewer approved ``version``, whose content is ``record``."""


_followers: list[ApprovalFollower] = []


def follow(follower: ApprovalFollower) -> None:
    """Register ``follower``; registering the same one again changes nothing."""
    if follower not in _followers:
        _followers.append(follower)


def tell_followers(session: Session, visit: Visit, version: RecordVersion, *, actor: Actor) -> None:
    """Tell everybody registered that a version was approved."""
    content = json.loads(version.content)
    for follower in _followers:
        follower.after_approval(session, visit, version, record=content, actor=actor)
