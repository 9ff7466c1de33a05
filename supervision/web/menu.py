"""The main menu. Rooms register their entries at start-up; each visitor sees those they may open."""

from dataclasses import dataclass, field

from flask import Flask, current_app, g, request, url_for
from flask_babel import get_locale
from markupsafe import Markup

from supervision.permissions import Actor
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
    return [(label, fixed_url(endpoint)) for label, endpoint in current_app.extensions.get("footer_links", [])]


def shown_menu() -> list[Group]:
    """Return the menu of this visitor, groups and entries in order, empty groups left out.

    What a set of roles may open is the same on every page, so it is worked out once for each.
    """
    visitor = actor()
    known: dict[object, list[tuple[object, list[Entry]]]] = current_app.extensions.setdefault("menu_known", {})
    key = (visitor.user_id is None, visitor.roles)
    if key not in known:
        known[key] = _menu_of(visitor)
    return [Group(label, [_shown(entry) for entry in entries]) for label, entries in known[key]]


def rendered_menu() -> Markup:
    """Return the list of the menu as HTML: the same for everybody of the same roles on the same page."""
    visitor = actor()
    known: dict[object, Markup] = current_app.extensions.setdefault("menu_rendered", {})
    key = (visitor.user_id is None, visitor.roles, str(get_locale()), request.script_root, request.endpoint)
    if key not in known:
        known[key] = Markup(current_app.jinja_env.get_template("menu.html").render(menu=shown_menu()))  # noqa: S704 - autoescaped by the template
    return known[key]


def _menu_of(visitor: Actor) -> list[tuple[object, list[Entry]]]:
    groups: dict[str, tuple[int, object]] = current_app.extensions.get("menu_groups", {})
    entries: list[Entry] = sorted(
        current_app.extensions.get("menu_entries", []), key=lambda entry: (entry.order, entry.endpoint)
    )
    found = []
    for key, (_, label) in sorted(groups.items(), key=lambda item: item[1][0]):
        open_entries = [entry for entry in entries if entry.group == key and _open_to(entry, visitor)]
        if open_entries:
            found.append((label, open_entries))
    return found


def _open_to(entry: Entry, visitor: Actor) -> bool:
    rule = rule_of(current_app, entry.endpoint)
    if rule == "public":
        return True
    if visitor.user_id is None:
        return False
    return rule == "signed-in" or (isinstance(rule, tuple) and any(visitor.may(right) for right in rule))


def _shown(entry: Entry) -> ShownEntry:
    blueprint, _, name = entry.endpoint.rpartition(".")
    here = (request.endpoint or "").rpartition(".")[2]
    # a room may have a public and a staff list side by side
    same_side = name.startswith("public_") == here.startswith("public_")
    active = request.endpoint == entry.endpoint or (request.blueprint == blueprint and bool(blueprint) and same_side)
    return ShownEntry(entry.label, entry.endpoint, fixed_url(entry.endpoint), entry.icon, active)


def fixed_url(endpoint: str, **values: str) -> str:
    """Return the address of an endpoint whose address depends on nothing but where the site is mounted."""
    here = g._get_current_object()  # a page asks for dozens of addresses, and every look through a proxy costs
    known: dict[object, str] | None = here.get("fixed_urls")
    if known is None:
        mounted: dict[str, dict[object, str]] = current_app.extensions.setdefault("fixed_urls", {})
        known = here.fixed_urls = mounted.setdefault(request.script_root, {})
    key = (endpoint, *values.values())
    if key not in known:
        known[key] = url_for(endpoint, _external=False, **values)
    return known[key]
