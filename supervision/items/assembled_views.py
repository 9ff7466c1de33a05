"""The whole form as it is put together from the sections of all departments: to read, and to print."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any  # parts of an address

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from supervision.departments.models import Department
from supervision.errors import NotFound
from supervision.items import queries
from supervision.items.form_file_views import blueprint
from supervision.items.models import Item, ItemList
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import small_number

__all__ = ["blueprint"]
MOST_ITEMS = 60


@dataclass(frozen=True, slots=True)
class DepartmentSection:
    """What one department brings to a form."""

    department: Department
    items: tuple[Item, ...]

    @property
    def points(self) -> int:
        """How many check points it asks."""
        return sum(len(item.check_points) for item in self.items)

    @property
    def minutes(self) -> int:
        """How long its items are expected to take."""
        return sum(item.duration_minutes for item in self.items)


def sections_of(items: Sequence[Item]) -> list[DepartmentSection]:
    """Put items together by department, in the order in which departments first appear."""
    found: dict[int, list[Item]] = {}
    for item in items:
        found.setdefault(item.department_id, []).append(item)
    return [DepartmentSection(some[0].department, tuple(some)) for some in found.values()]


@blueprint.get("/forms")
@requires(Permission.REGISTRY_VIEW)
def assembled() -> str | Response:
    """Show the form of the items asked for, all of one version; without any, the items to choose from."""
    if "item" not in request.args:
        return redirect(url_for("items.index"))
    numbers = [small_number(one) or 0 for one in request.args.getlist("item")[:MOST_ITEMS]]
    loaded = [queries.get_visible_item(database.session(), actor(), number) for number in dict.fromkeys(numbers)]
    if not loaded or len({version.id for _item, version in loaded}) != 1:
        raise NotFound
    items = [item for item, _version in loaded]
    back = url_for("items.show", item_id=items[0].id)
    if request.args.get("back") == "form":
        back = url_for("item_forms.builder", item_id=items[0].id)
    return _page(items, loaded[0][1], name=items[0] if len(items) == 1 else None, code=items[0].code, back=back)


@blueprint.get("/joint/<int:joint_item_id>/form")
@requires(Permission.REGISTRY_VIEW)
def joint_form(joint_item_id: int) -> str:
    """Show the form of a joint item, the lead department's section first."""
    joint, version = queries.get_visible_joint_item(database.session(), actor(), joint_item_id)
    back = url_for("items.joint_show", joint_item_id=joint.id)
    return _page([part.item for part in joint.parts], version, name=joint, code=joint.code, back=back)


def _page(items: Sequence[Item], version: ItemList, *, name: object, code: str, back: str) -> str:
    sections = sections_of(items)
    on_phone = request.args.get("as") == "phone"
    return render_template(
        "items/assembled_phone.html" if on_phone else "items/assembled_paper.html",
        sections=sections,
        version=version,
        name=name,
        code=code,
        back_url=back,
        other_url=_other_url(on_phone=on_phone),
        results={one.code: one for one in queries.list_result_codes(database.session())},
        points=sum(one.points for one in sections),
        minutes=sum(one.minutes for one in sections),
    )


def _other_url(*, on_phone: bool) -> str:
    """Return the address of the same form in the other way of looking at it."""
    values: dict[str, Any] = {**(request.view_args or {}), "item": request.args.getlist("item")}
    values |= {"back": request.args.get("back")} | ({} if on_phone else {"as": "phone"})
    return url_for(request.endpoint or "", **values)
