"""Panels: pieces of a page that other rooms and floors add to it, each loaded for the person looking."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any  # what a panel is about differs by place

from flask import Flask, current_app

from supervision.permissions import Actor, Permission

# load(viewer, subject) returns the values of the template, or None to hide the panel
Load = Callable[[Actor, Any], dict[str, object] | None]


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel at ``place`` (home, department, entity, plan, task, task_capacity, draw …), smaller ``order`` first.

    ``permission`` None means everybody who sees the page.
    """

    place: str
    template: str
    load: Load
    permission: Permission | None = None
    order: int = 50


def register(app: Flask, *panels: Panel) -> None:
    """Add ``panels`` to the pages of ``app``."""
    app.extensions.setdefault("panels", []).extend(panels)


def shown_panels(place: str, viewer: Actor, subject: object = None) -> list[tuple[str, dict[str, object]]]:
    """Return (template, values) of the panels of ``place`` this viewer may see; include each with its ``values``."""
    panels: list[Panel] = sorted(current_app.extensions.get("panels", []), key=lambda panel: panel.order)
    shown = []
    for panel in panels:
        if panel.place != place or (panel.permission and not viewer.may(panel.permission)):
            continue
        values = panel.load(viewer, subject)
        if values is not None:
            shown.append((panel.template, values))
    return shown
