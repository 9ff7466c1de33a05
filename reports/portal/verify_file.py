"""The verifying page as one file that a visitor takes away: words, look, program and bundle in it.

Offered instead of a service worker: it opens from a disk or a stick on a machine without any network, works where the
site is reached without https (service workers do not), leaves nothing running in the browser, and two people can
compare that they hold the same file. Its own policy forbids it every connection.
"""

import base64
import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from flask import render_template
from markupsafe import Markup

import supervision
from reports.portal.linked_script import linked_script

STATIC = Path(supervision.__file__).parent / "static"
STYLES = ("vendor/bootstrap-5.3.9/bootstrap.min.css", "theme.css")


def saved_page(values: Mapping[str, object], *, bundle: bytes | None = None) -> str:
    """Render the file; ``values`` are those of ``portal/verify_browser.html``, ``bundle`` the zip file it carries."""
    script, style = linked_script(), _style()
    packed = base64.b64encode(bundle).decode() if bundle is not None else ""
    return render_template(
        "portal/verify_file.html",
        embedded=_element('script type="application/octet-stream" data-embedded', packed) if packed else "",
        script=_element("script", script),
        style=_element("style", style),
        policy=(
            f"default-src 'none'; script-src '{_source(script)}'; style-src '{_source(style)}'; worker-src blob:; "
            "img-src data:; base-uri 'none'; form-action 'none'"
        ),
        saved=True,
        **values,
    )


@lru_cache(maxsize=1)
def _style() -> str:
    return "\n".join((STATIC / name).read_text("utf-8") for name in STYLES)


def _element(opening: str, content: str) -> Markup:
    """Write our own script or style, or base64, into an element; nothing that anybody typed comes here."""
    return Markup(f"<{opening}>{content}</{opening.partition(' ')[0]}>")  # noqa: S704 - see above


def _source(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
