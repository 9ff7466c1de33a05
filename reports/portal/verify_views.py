"""How everybody checks a draw: in plain words, with the command, the program and the bundle."""

import io
import zipfile
from functools import lru_cache
from pathlib import Path

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

import sampling
from reports.portal import queries
from reports.portal.blueprint import verify as blueprint
from supervision.draws.queries import get_public_draw
from supervision.listing import ListQuery
from supervision.web import database
from supervision.web.access import public

SHORTEST_DAY = (1980, 1, 1, 0, 0, 0)
PROGRAM_FILES = ("*.py", "*.md", "*.toml", "py.typed")


@blueprint.get("")
@public
def index() -> str | BaseResponse:
    """Explain how to check a draw; a number typed into the box leads to that draw."""
    number = request.args.get("number", "").replace("\x00", "").strip()[:40]
    if number and queries.find_draw(database.session(), number):
        return redirect(url_for("public_verify.show", number=number))
    opened = queries.list_draws(database.session(), ListQuery(filters={"state": "opened"}))
    return render_template("portal/verify.html", draw=None, asked=number, opened=opened.items[:5])


@blueprint.get("/<number>")
@public
def show(number: str) -> str:
    """Explain how to check one draw, with its bundle when it is open."""
    draw = get_public_draw(database.session(), number)
    return render_template("portal/verify.html", draw=draw, asked="", opened=[])


@blueprint.get("/sampling.zip")
@public
def program() -> Response:
    """Hand out the folder ``sampling`` as it runs here: all that is needed to check a draw is in it."""
    response = Response(_program(), mimetype="application/zip")
    response.headers["Content-Disposition"] = 'attachment; filename="sampling.zip"'
    return response


@lru_cache(maxsize=1)
def _program() -> bytes:
    folder = Path(sampling.__file__).parent
    paths = sorted({path for pattern in PROGRAM_FILES for path in folder.rglob(pattern)})
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in paths:
            entry = zipfile.ZipInfo(f"sampling/{path.relative_to(folder)}", date_time=SHORTEST_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes())
    return buffer.getvalue()
