"""Lists of the public pages: downloads as CSV and JSON."""

from dataclasses import dataclass
from typing import Any  # arguments of an address

from flask import url_for
from flask_babel import lazy_gettext

from supervision.web.listing import Listing


@dataclass(slots=True)
class PublicListing(Listing):
    """A list whose downloads are open data: ``dataset`` names the one it belongs to."""

    dataset: str = ""

    @property
    def export_urls(self) -> list[tuple[object, str]]:
        """Links that download what is listed now, all pages of it."""
        # what was understood of the address, not the address: a visitor may have typed anything there
        kept: dict[str, Any] = {"q": self.query.q or None, **self.query.filters}
        return [
            (
                lazy_gettext("Download %(format)s", format=kind.upper()),
                url_for("open_data.download", dataset=self.dataset, **{**kept, "format": kind}),
            )
            for kind in ("csv", "json")
        ]
