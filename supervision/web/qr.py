"""QR codes on pages: an address a phone can read off a wall or a slip, drawn on the server without any script."""

from functools import lru_cache

import segno
from flask import current_app, request
from markupsafe import Markup

_QUIET_ZONE = 2


@lru_cache(maxsize=256)
def qr_address(content: str) -> str:
    """Return a QR code as a data address, which the content security policy allows for images."""
    return str(segno.make(content, error="m", micro=False).svg_data_uri(border=_QUIET_ZONE, scale=4, light="#fff"))


def qr_image(content: str, label: str) -> Markup:
    """Return an image of a QR code with ``label`` as its name."""
    return Markup('<img class="qr" src="{}" alt="{}">').format(qr_address(content), label)


def reachable(path: str) -> str:
    """Return where a phone reaches ``path``: at the installation's own address, where it has none at this request's."""
    own = str(current_app.config.get("PUBLIC_URL") or request.host_url)
    return own.rstrip("/") + path
