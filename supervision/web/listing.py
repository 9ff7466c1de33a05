"""Lists as every register shows them: search, filters, sorting, paging and export, all kept in the address."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any  # a page may hold rows of any kind
from urllib.parse import urlencode

from flask import abort, current_app, redirect, request, url_for
from flask_babel import lazy_gettext
from werkzeug.datastructures import MultiDict

from supervision.listing import COUNT_CAP, PAGE_SIZES, ListQuery, Page

LONGEST_SEARCH = 100
DEEPEST_PAGE = COUNT_CAP // PAGE_SIZES[0]
EXPORT_FORMATS = ("csv", "xlsx")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list; ``label`` is a translated string."""

    key: str
    label: object
    sortable: bool = False
    numeric: bool = False


@dataclass(slots=True)
class Filter:
    """A filter of a list; ``options`` are (value, translated label), ``kind`` is select, date or text."""

    key: str
    label: object
    options: Sequence[tuple[str, object]] = ()
    kind: str = "select"
    value: str = ""


def read_query(filters: Sequence[Filter] = ()) -> ListQuery:
    """Read ``q``, ``sort`` (``-key`` for descending), ``page``, ``size`` and the filters from the address.

    Anything unreadable falls back to its default: a hostile address gives a plain list, never an error.
    """
    arguments = request.args
    sort = arguments.get("sort", "")[:40]
    for one in filters:
        value = arguments.get(one.key, "")[:LONGEST_SEARCH].strip()
        allowed = {str(option) for option, _ in one.options}
        one.value = value if one.kind != "select" or value in allowed else ""
    size = _number(arguments, "size", PAGE_SIZES[0])
    return ListQuery(
        q=arguments.get("q", "").replace("\x00", "")[:LONGEST_SEARCH].strip(),
        sort=sort.lstrip("-"),
        descending=sort.startswith("-"),
        page=min(max(_number(arguments, "page", 1), 1), DEEPEST_PAGE),
        size=size if size in PAGE_SIZES else PAGE_SIZES[0],
        filters={one.key: one.value for one in filters if one.value},
    )


def _number(arguments: "MultiDict[str, str]", name: str, default: int) -> int:
    text = arguments.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else default


@dataclass(slots=True)
class Listing:
    """A list ready to be drawn by ``macros/listing.html``."""

    query: ListQuery
    result: Page[Any]
    columns: Sequence[Column]
    filters: Sequence[Filter] = ()
    placeholder: object = ""
    export_endpoint: str = ""
    hidden: Sequence[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        # an old link, or a queue that has become shorter: who asks for a page behind the last one is led to the last
        if not self.items and self.total and self.page > self.pages:
            abort(redirect(self.url(page=self.pages)))

    @property
    def items(self) -> Sequence[Any]:
        """The rows of this page."""
        return self.result.items

    @property
    def total(self) -> int:
        """Rows found in all, counted up to a cap."""
        return self.result.total

    @property
    def total_capped(self) -> bool:
        """Whether there are more than ``total``."""
        return self.result.capped

    @property
    def page(self) -> int:
        """The page shown, from 1."""
        return self.query.page

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // self.query.size))

    @property
    def shown_pages(self) -> list[int | None]:
        """Numbers of the pages to link to: first, last and those around this one; ``None`` stands for a gap."""
        around = range(max(1, self.page - 1), min(self.pages, self.page + 1) + 1)
        numbers = sorted({1, self.pages, *around})
        return [
            one
            for before, number in zip([0, *numbers], numbers, strict=False)
            for one in ([None, number] if number - before > 1 else [number])
        ]

    @property
    def first(self) -> int:
        """Number of the first row shown; 0 when nothing is shown."""
        return self.query.offset + 1 if self.items else 0

    @property
    def last(self) -> int:
        """Number of the last row shown."""
        return self.query.offset + len(self.items)

    @property
    def _known(self) -> frozenset[str]:
        return frozenset(
            {"q", "sort", "page", "size", *(one.key for one in self.filters), *(n for n, _ in self.hidden)}
        )

    def _address(self, endpoint: str, arguments: dict[str, object]) -> str:
        # the visitor's own arguments never become arguments of url_for, which knows names of its own
        kept = {key: str(value) for key, value in arguments.items() if value not in (None, "")}
        return url_for(endpoint, **(request.view_args or {})) + ("?" + urlencode(kept) if kept else "")

    def url(self, **changes: object) -> str:
        """Return this list's address with ``changes`` made; ``None`` takes an argument away."""
        arguments: dict[str, object] = {key: value for key, value in request.args.items() if key in self._known}
        if "page" not in changes:
            arguments.pop("page", None)
        arguments.update(changes)
        return self._address(str(request.endpoint), arguments)

    @property
    def export_urls(self) -> list[tuple[object, str]]:
        """Links that download what is listed now, all pages of it."""
        if not self.export_endpoint:
            return []
        kept = {key: value for key, value in request.args.items() if key in self._known and key not in {"page", "size"}}
        return [
            (
                lazy_gettext("Download %(format)s", format=kind.upper()),
                self._export(kind, dict(kept)),
            )
            for kind in EXPORT_FORMATS
        ]

    def _export(self, kind: str, arguments: dict[str, object]) -> str:
        places: dict[str, Any] = dict(request.view_args or {})
        if current_app.url_map.is_endpoint_expecting(self.export_endpoint, "format"):
            places["format"] = kind
        else:
            arguments["format"] = kind
        kept = {key: str(value) for key, value in arguments.items() if value not in (None, "")}
        return url_for(self.export_endpoint, **places) + ("?" + urlencode(kept) if kept else "")
