"""A version of a record as people read it, on the screen or on paper: all from its own bytes, nothing from today."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any  # a record is JSON

from joint_inspections.records.models import RecordVersion


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed a department's section, and when."""

    name: str
    certificate: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """A record with its codes resolved among themselves; ``content`` is the JSON as attributes."""

    content: Any
    planned_on: date
    visited_at: datetime | None
    # department code -> the department's section, which carries its names
    departments: Mapping[str, Any]
    # department code -> who signed its section; a visit that did not take place needs no signature
    signatures: Mapping[str, Signature]


def read_version(version: RecordVersion) -> Reading:
    """Read a version back."""
    content = json.loads(version.content, object_hook=lambda one: SimpleNamespace(**one))
    names = {member.certificate: member.name for member in content.team}
    return Reading(
        content=content,
        planned_on=date.fromisoformat(content.planned_on),
        visited_at=datetime.fromisoformat(content.visited_at) if content.visited_at else None,
        departments={section.code: section for section in content.departments},
        signatures={
            section.code: Signature(
                # whoever signed may have been replaced before the record was handed in
                names.get(section.signed_by, ""),
                section.signed_by,
                datetime.fromisoformat(section.signed_at),
            )
            for section in content.departments
            if section.signed_by
        },
    )
