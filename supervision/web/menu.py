"""The main menu. Rooms register their entries at start-up; each visitor sees those they may open."""

from dataclasses import dataclass, field

from flask import Flask, current_app, request, url_for

from supervision.web.access import actor, rule_of


@dataclass(frozen=True, slots=True)
class Entry:
    """One link of the menu; ``label`` and ``group`` are translated strings, smaller ``order`` comes first."""

    endpoint: str
    label: object
    group: str
    order: int = 50
    icon: str = "circle"


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """An entry as this visitor sees it."""

    label: object
    endpoint: str
    url: str
    icon: str
    active: bool


@dataclass(slots=True)
class Group:
    """A titled group of shown entries."""

    label: object
    entries: list[ShownEntry] = field(default_factory=list)


def register(app: Flask, *entries: Entry) -> None:
    """Add ``entries`` to the menu of ``app``."""
    app.extensions.setdefault("menu_entries", []).extend(entries)


def register_group(app: Flask, key: str, label: object, *, order: int) -> None:
    """Name a group of the menu; entries refer to its ``key``."""
    app.extensions.setdefault("menu_groups", {})[key] = (order, label)


def register_footer(app: Flask, endpoint: str, label: object) -> None:
    """Add a link to the footer of every page."""
    app.extensions.setdefault("footer_links", []).append((label, endpoint))


def shown_footer() -> list[tuple[object, str]]:
    """Return (label, address) of the footer's links."""
    return [(label, url_for(endpoint)) for label, endpoint in current_app.extensions.get("footer_links", [])]


def shown_menu() -> list[Group]:
    """Return the menu of this visitor, groups and entries in order, empty groups left out."""
    groups: dict[str, tuple[int, object]] = current_app.extensions.get("menu_groups", {})
    entries: list[Entry] = sorted(
        current_app.extensions.get("menu_entries", []), key=lambda entry: (entry.order, entry.endpoint)
    )
    shown = []
    for key, (_, label) in sorted(groups.items(), key=lambda item: item[1][0]):
        links = [_shown(entry) for entry in entries if entry.group == key and _open_to_visitor(entry)]
        if links:
            shown.append(Group(label, links))
    return shown


def _open_to_visitor(entry: Entry) -> bool:
    rule = rule_of(current_app, entry.endpoint)
    visitor = actor()
    if rule == "public":
        return True
    if visitor.user_id is None:
        return False
    return rule == "signed-in" or (isinstance(rule, tuple) and any(visitor.may(right) for right in rule))


def _shown(entry: Entry) -> ShownEntry:
    blueprint = entry.endpoint.rpartition(".")[0]
    active = request.endpoint == entry.endpoint or (bool(request.blueprint) and request.blueprint == blueprint)
    return ShownEntry(entry.label, entry.endpoint, url_for(entry.endpoint), entry.icon, active)
