"""What must stay inside stays inside: every public page and file is read, sealed and opened, in both languages."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from pypdf import PdfReader
from sqlalchemy.orm import Session

from punishments.penalties.rules import Severity
from reports.open_data.datasets import DATASETS
from supervision.accounts.models import LoginSession
from supervision.draws.rules import DrawState
from supervision.entities.models import Entity
from supervision.inspectors.models import Inspector
from tests.factories import Make
from tests.pages import Browser, Visitor
from tests.punishments.making import Office
from tests.reports.conftest import Told

LINK = re.compile(r'href="(/public[^"#]*)"')
ORDER = re.compile(r"[?&](sort|size|page)=")  # the same rows in another order
RISK = re.compile(r"[A-D] ?类|Class [A-D]\b|风险分类[A-D]|\"risk")


def read_everything(visitor: Visitor, *, skip: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Follow every public link from the first page; yield (address, everything in the answer)."""
    waiting, seen = ["/public", "/public/search?q=上海"], set[str]()
    while waiting:
        url = waiting.pop().replace("&amp;", "&")
        if url in seen or url.startswith(skip) or ORDER.search(url):
            continue
        seen.add(url)
        response = visitor.get(url)
        waiting += LINK.findall(response.text) if response.mimetype == "text/html" else []
        yield url, f"{response.headers}\n{content_of(response.data)}"
        response.close()


def content_of(data: bytes) -> str:
    """Return a file as text, archives and printed papers unpacked."""
    if data.startswith(b"%PDF"):
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
        return "".join(text.split()) + data.decode("latin-1")
    if not data.startswith(b"PK"):
        return data.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_sealed_draw_names_nobody(told: Told, browse: Browser, language: str) -> None:
    assert told.draw.state is DrawState.DRAWN
    read = dict(read_everything(browse(language=language), skip=("/public/search", "/public/entities")))
    assert f"/public/draws/{told.draw.number}" in read
    assert f"/public/draws/{told.draw.number}/papers/sealed.zh.pdf" in read
    for url, text in read.items():
        for word in [*told.sealed, *told.never]:
            assert word not in text, (url, word)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_when_all_is_told_the_internal_words_are_still_nowhere(
    told: Told, browse: Browser, office: Office, language: str
) -> None:
    office.entity = told.entities[0]
    office.listing(office.penalty(severity=Severity.SERIOUS))
    told.publish_all()
    assert told.draw.state is DrawState.OPENED
    read = dict(read_everything(browse(language=language)))
    for entity in told.entities:
        assert entity.name in read[f"/public/entities/{entity.unit_id}"]
    assert any(url.endswith("bundle.zip") for url in read)
    assert f"/public/draws/{told.draw.number}/papers/opened.en.pdf" in read
    for url, text in read.items():
        for word in told.never:
            assert word not in text, (url, word)
        if url.startswith("/public/entities"):
            assert not RISK.search(text), url


def test_a_new_column_is_invisible_until_it_is_named(told: Told, browse: Browser) -> None:
    """Every column of the register that is not meant for the public gets a word of its own; none may come out."""
    told.publish_all()
    shown = {"unit_id", "uscc", "name", "type_code", "industry_code", "sub_district_code", "registration_number"}
    columns = [one for one in Entity.__table__.columns if isinstance(one.type, sa.String) and one.name not in shown]
    texts = [one.name for one in columns if not isinstance(one.type, sa.Enum)]
    assert set(texts) >= {"address", "legal_representative", "contact_phone", "business_scope"}
    entity = told.entities[0]
    for name in texts:
        told.session.execute(sa.update(Entity).where(Entity.id == entity.id).values({name: f"金丝雀{name}"[:64]}))
    for url, text in read_everything(browse()):
        assert "金丝雀" not in text, url


def test_every_row_has_exactly_the_named_fields(told: Told, browse: Browser) -> None:
    told.publish_all()
    for key, dataset in DATASETS.items():
        data = json.loads(browse(language="en").get(f"/public/data/{key}.json").text)
        assert data["dataset"] == key
        assert list(data["notes"]["fields"]) == list(dataset.names)
        assert data["rows"], key
        for row in data["rows"]:
            assert tuple(row) == dataset.names
        table = list(csv.reader(io.StringIO(browse().get(f"/public/data/{key}.csv").text.removeprefix("\ufeff"))))
        assert tuple(table[0]) == dataset.names
        assert len(table) == len(data["rows"]) + 1


def test_visitors_need_no_session_and_caches_may_keep_pages(
    told: Told, app: Flask, session: Session, browse: Browser, make: Make
) -> None:
    before = session.scalar(sa.select(sa.func.count()).select_from(LoginSession))
    visitor = browse()
    for url in ("/public", "/public/draws", f"/public/draws/{told.draw.number}", "/public/data/plans.csv"):
        response = visitor.get(url)
        assert response.data  # a stream read to its end: half of one would keep its request alive
        assert response.headers["Cache-Control"] == "public, max-age=60"
        assert "Cookie" in response.headers["Vary"]
        assert "Set-Cookie" not in response.headers
    assert session.scalar(sa.select(sa.func.count()).select_from(LoginSession)) == before
    assert browse(make.user()).get("/public").headers["Cache-Control"] == "no-store"
    assert "public" not in visitor.get("/public/draws/none", status=404).headers.get("Cache-Control", "")


def test_inspectors_appear_under_pseudonyms_only(told: Told, browse: Browser) -> None:
    told.publish_all()
    response = browse().get(f"/public/draws/{told.draw.number}/bundle.zip")
    names = zipfile.ZipFile(io.BytesIO(response.data)).namelist()
    assert not any("mapping" in name or "ties" in name for name in names)
    text = content_of(response.data)
    for inspector in told.session.scalars(sa.select(Inspector)):
        assert inspector.certificate_number not in text
        assert inspector.name not in text
