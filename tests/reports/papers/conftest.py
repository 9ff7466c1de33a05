"""A draw in every state, an office with a key, and ways to read papers back."""

import io
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any  # a paper's JSON

import numpy as np
import pytest
import zxingcpp
from flask import Flask
from pypdf import PdfReader

from reports.documents.draw_paper import Said
from reports.papers.services import Office
from reports.papers.signing import SigningKey, keep_key, key_path, make_key
from supervision.draws import services
from supervision.draws.models import Draw, DrawUnit
from supervision.entities.rules import EntityStatus
from tests.supervision.draws.conftest import Visits, visits, world
from tests.supervision.draws.world import World

__all__ = ["visits", "world"]
ADDRESS = "https://supervision.example"


def squeezed(text: str) -> str:
    """Return text without any white space: a PDF breaks lines where it likes."""
    return "".join(text.split())


def read_back(pdf: bytes) -> str:
    """Return all text of a PDF, squeezed."""
    return squeezed("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def fonts_of(pdf: bytes) -> dict[str, Any]:
    """Return the font descriptors of a PDF by font name."""
    found = {}
    for page in PdfReader(io.BytesIO(pdf)).pages:
        for font in page["/Resources"]["/Font"].values():
            found[font["/BaseFont"]] = font.get_object()["/FontDescriptor"].get_object()
    return found


def keys_in(pdf: bytes) -> set[str]:
    """Return every key of every dictionary of a PDF."""
    reader, found = PdfReader(io.BytesIO(pdf)), set[str]()

    def walk(value: object) -> None:
        if isinstance(value, dict):
            found.update(value)
        for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            walk(one)

    for number in range(1, int(reader.trailer["/Size"])):
        walk(reader.get_object(number))
    return found


def code_in(pdf: bytes) -> list[str]:
    """Return what a phone reads from the code on the first page, painted from the squares of the file."""
    page = PdfReader(io.BytesIO(pdf)).pages[0]
    numbers = [[float(value) for value in values] for values, name in page.get_contents().operations if name == b"re"]
    squares = [(x, y, side) for x, y, side, height in numbers if side == height]
    unit = squares[0][2]
    places = [(round(x / unit), round(y / unit)) for x, y, _ in squares]
    size = max(max(place) for place in places) + 4
    dark = np.zeros((size, size), dtype=bool)
    for column, row in places:
        dark[size - 1 - row, column] = True
    picture = np.where(np.kron(dark, np.ones((6, 6))) > 0, 0, 255).astype(np.uint8)
    return [one.text for one in zxingcpp.read_barcodes(picture)]


def pdfsig(pdf: bytes, folder: Path) -> str:
    """Return what poppler says of the signature; tests/install_browser.sh installs it."""
    if shutil.which("pdfsig") is None:
        pytest.skip("pdfsig is not installed: signatures are not checked")
    file = folder / "paper.pdf"
    file.write_bytes(pdf)
    done = subprocess.run(["pdfsig", str(file)], capture_output=True, text=True, check=False)
    return done.stdout


def facts(content: bytes) -> dict[str, Any]:
    """Return the JSON edition."""
    found: dict[str, Any] = json.loads(content)
    return found


@pytest.fixture
def address(app: Flask, monkeypatch: pytest.MonkeyPatch) -> str:
    """The installation says where everybody reaches it."""
    monkeypatch.setitem(app.config, "PUBLIC_URL", ADDRESS)
    return ADDRESS


@pytest.fixture
def key(app: Flask) -> Iterator[SigningKey]:
    """The authority has a signing key."""
    made = make_key(name="上海市静安区", organization="Jing'an District, Shanghai")
    keep_key(Path(app.instance_path), made, replace=True)
    yield made
    key_path(Path(app.instance_path)).unlink()


def url(draw: Draw, kind: str, form: str) -> str:
    """Return the address of the paper of a kind that holds now."""
    return f"/public/draws/{draw.number}/papers/{kind}.{form}"


def opened(world: World, visits: Visits) -> Draw:
    """Return a draw whose visits are done."""
    draw = world.drawn()
    visits.done = True
    return services.open_draw(world.session, draw, actor=world.lead)


def strike(world: World, draw: Draw, unit: DrawUnit) -> None:
    """Strike a unit that has closed."""
    unit.entity.status = EntityStatus.CLOSED
    world.session.flush()
    services.strike_unit(
        world.session, draw, unit_id=unit.entity.unit_id, ground="closed", evidence="", actor=world.actor("OVERSIGHT")
    )


def office(address: str) -> Office:
    """Return an office without a key."""
    return Office(Said("上海市静安区", "Jing'an District, Shanghai"), f"{address}/public/verify/")
