"""The files of the app: one version for all, kept by browsers, no data, no words missing."""

import gzip
import json
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from joint_inspections.field_app.files import load_release

STATIC = Path(__file__).resolve().parents[3] / "supervision" / "static"
OWN = STATIC / "field"
SCRIPTS = sorted(OWN.rglob("*.js"))
LIMIT = 300_000
IMPORT = re.compile(r'^import .*? from "([^"]+)";$', re.MULTILINE)
SAID = re.compile(r'\bsay\(\s*"([a-z0-9-]+)"')
WORD = re.compile(r'^  "([a-z0-9-]+)": \[', re.MULTILINE)


def test_the_page_of_the_app_opens_without_a_session_and_is_the_same_in_every_language(client: FlaskClient) -> None:
    chinese, english = client.get("/field/"), client.get("/field/?lang=en", headers={"Accept-Language": "en"})
    assert chinese.status_code == 200
    assert chinese.data == english.data
    assert "Set-Cookie" not in chinese.headers
    assert chinese.headers["Cache-Control"] == "no-cache"
    assert "script-src 'self'" in chinese.headers["Content-Security-Policy"]
    assert b"<script>" not in chinese.data


def test_every_file_that_the_service_worker_keeps_is_served_for_good(client: FlaskClient) -> None:
    worker = client.get("/field/sw.js")
    assert worker.mimetype == "text/javascript"
    keeps = json.loads(worker.text.split("\n")[0].removeprefix("self.KEEPS = ").removesuffix(";"))
    assert keeps["shell"] == "/field/"
    for address in [*keeps["files"], keeps["library"]]:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Vary"] == "Accept-Encoding"


def test_files_are_sent_packed_to_those_who_can_unpack_them(client: FlaskClient) -> None:
    release = load_release(STATIC)
    address = f"/field/files/{release.version}/field/main.js"
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == client.get(address).data == (OWN / "main.js").read_bytes()


@pytest.mark.parametrize(
    "address",
    ["000000000000/field/main.js", "{version}/field/service_worker.js", "{version}/app.js", "{version}/../config.py"],
)
def test_nothing_else_is_served_there(client: FlaskClient, address: str) -> None:
    release = load_release(STATIC)
    assert client.get("/field/files/" + address.format(version=release.version)).status_code == 404


def test_a_changed_file_makes_another_version(tmp_path: Path) -> None:
    for name in ("vendor", "field", "theme.css"):
        (tmp_path / name).symlink_to(STATIC / name)
    same = load_release(tmp_path)
    (tmp_path / "theme.css").unlink()
    (tmp_path / "theme.css").write_text("body {}", encoding="utf-8")
    load_release.cache_clear()
    assert load_release(tmp_path).version != same.version == load_release(STATIC).version


def test_the_manifest_can_be_installed(client: FlaskClient) -> None:
    said = json.loads(client.get("/field/manifest.webmanifest").data)
    assert (said["start_url"], said["scope"], said["display"]) == ("/field/", "/field/", "standalone")
    assert {one["sizes"] for one in said["icons"]} == {"192x192", "512x512"}
    assert {one["purpose"] for one in said["icons"]} == {"any", "maskable"}
    for one in said["icons"]:
        assert client.get(one["src"]).data.startswith(b"\x89PNG")


def test_the_first_load_is_small() -> None:
    release = load_release(STATIC)
    sizes = [len(release.files[name].packed or release.files[name].content) for name in release.kept]
    assert sum(sizes) + len(gzip.compress(release.worker.encode())) < LIMIT


def test_modules_import_only_what_the_release_holds() -> None:
    release = load_release(STATIC)
    for path in SCRIPTS:
        for target in IMPORT.findall(path.read_text(encoding="utf-8")):
            named = (path.parent / target).resolve().relative_to(STATIC).as_posix()
            assert named in release.files, (path.name, target)


def test_scripts_never_write_html_and_say_only_known_words() -> None:
    words = set(WORD.findall((OWN / "words.js").read_text(encoding="utf-8")))
    for path in SCRIPTS:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|\.style\b", text), path
        assert set(SAID.findall(text)) <= words, (path, set(SAID.findall(text)) - words)
        assert len(text.splitlines()) <= 300 or path.name == "words.js", path
