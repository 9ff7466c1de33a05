"""The page of the app, its service worker, its manifest and its files. They hold no data and are the same for all."""

import json
from pathlib import Path

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask_babel import gettext as _

from joint_inspections.field_app.files import CACHE_LIBRARY, SCRIPT, STYLES, Release, load_release
from supervision.errors import NotFound
from supervision.web.access import public
from supervision.web.headers import same_for_all

blueprint = Blueprint("field_app", __name__, url_prefix="/field")
ICON_SIZES = (192, 512)
BRAND = "#0b5394"
GROUND = "#f2f5f9"


@blueprint.get("/")
@public
@same_for_all
def shell() -> Response:
    """Serve the page of the app; it opens without a session, so that it opens without signal."""
    release = _release()
    page = render_template(
        "field_app/shell.html",
        version=release.version,
        address=lambda name: _address(release, name),
        styles=STYLES,
        script=SCRIPT,
        modules=release.modules,
    )
    return _fresh(Response(page, mimetype="text/html"))


@blueprint.get("/sw.js")
@public
@same_for_all
def worker() -> Response:
    """Serve the service worker with the list of what it keeps; another release is another text."""
    release = _release()
    keeps = {
        "version": release.version,
        "shell": url_for("field_app.shell"),
        "library": _address(release, CACHE_LIBRARY),
        "files": [_address(release, name) for name in release.kept],
    }
    text = f"self.KEEPS = {json.dumps(keeps)};\n{release.worker}"
    return _fresh(Response(text, mimetype="text/javascript"))


@blueprint.get("/manifest.webmanifest")
@public
def manifest() -> Response:
    """Say how the app is called and drawn when somebody puts it on the home screen."""
    release = _release()
    icons = [
        {"src": _address(release, f"field/icons/{purpose}-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png",
         "purpose": purpose}
        for purpose in ("any", "maskable") for size in ICON_SIZES
    ]  # fmt: skip
    home = url_for("field_app.shell")
    said = {
        "id": home, "name": _("Inspection at the door"), "short_name": _("Field visits"), "start_url": home,
        "scope": home, "display": "standalone", "theme_color": BRAND, "background_color": GROUND,
        "description": _("Inspection forms, photos and signatures, with or without signal."), "icons": icons,
    }  # fmt: skip
    response = Response(json.dumps(said, ensure_ascii=False), mimetype="application/manifest+json")
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/files/<version>/<path:name>")
@public
@same_for_all
def file(version: str, name: str) -> Response:
    """Serve a file of this release; of another release there is nothing, rather than something that does not fit."""
    release = _release()
    found = release.files.get(name)
    if version != release.version or found is None:
        raise NotFound
    packs = found.packed is not None and request.accept_encodings.quality("gzip") > 0
    response = Response(found.packed if packs else found.content, mimetype=found.media_type)
    if packs:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _release() -> Release:
    return load_release(Path(str(current_app.static_folder)))


def _address(release: Release, name: str) -> str:
    return url_for("field_app.file", version=release.version, name=name)


def _fresh(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-cache"
    return response
