"""Lists of the public pages: links made from what was understood of the address, downloads as CSV and JSON."""

from dataclasses import dataclass
from typing import Any  # arguments of an address

from flask import request, url_for
from flask_babel import lazy_gettext

from supervision.listing import PAGE_SIZES
from supervision.web.listing import Listing


@dataclass(slots=True)
class PublicListing(Listing):
    """A list for everybody. ``dataset`` names the open data it belongs to, if any.

    Its links hold nothing but what was understood of the address: a visitor may have typed anything there.
    """

    dataset: str = ""

    @property
    def asked(self) -> dict[str, Any]:
        """Search and filters."""
        return {"q": self.query.q, **self.query.filters}

    def url(self, **changes: object) -> str:
        """Return this list's address with ``changes`` made; ``None`` takes an argument away."""
        query = self.query
        arguments: dict[str, Any] = {
            **self.asked,
            "sort": f"-{query.sort}" if query.descending else query.sort,
            "size": query.size if query.size != PAGE_SIZES[0] else None,
            **changes,
        }
        return url_for(str(request.endpoint), **{name: value for name, value in arguments.items() if value})

    @property
    def export_urls(self) -> list[tuple[object, str]]:
        """Links that download what is listed now, all pages of it."""
        if not self.dataset:
            return []
        kept: dict[str, Any] = {name: value for name, value in self.asked.items() if value}
        return [
            (
                lazy_gettext("Download %(format)s", format=kind.upper()),
                url_for("open_data.download", dataset=self.dataset, format=kind, **kept),
            )
            for kind in ("csv", "json")
        ]
