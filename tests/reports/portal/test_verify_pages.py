"""The verifying page, the files taken away from it, and the rehearsal, as the server hands them out."""

import base64
import hashlib
import io
import re
import subprocess
import sys
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any  # what a wrapped function takes and gives

import pytest

from reports.portal import packed_files, verify_views
from reports.portal.linked_script import FOLDER, UnknownForm, _as_function, _collect, linked_script
from supervision.draws import services
from supervision.draws.log import append_platform_leaf
from supervision.draws.rules import LogEvent, draw_number
from supervision.plans.rules import Stratification
from tests.factories import Make
from tests.pages import Browser
from tests.reports.conftest import Told
from tests.supervision.draws.world import make_world


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_offers_the_bundle_of_an_opened_draw(told: Told, browse: Browser, language: str) -> None:
    told.publish_all()
    text = browse(language=language).get(f"/public/verify/{told.draw.number}").text
    assert f'data-bundle="/public/draws/{told.draw.number}/bundle.zip"' in text
    assert f'data-commitment="{told.draw.commitment_digest}"' in text
    assert "python -m sampling verify" in text  # whoever has no scripts is told the other way


@pytest.mark.parametrize("state", ["committed", "drawn"])
def test_nothing_of_a_sealed_draw_is_offered(make: Make, browse: Browser, state: str) -> None:
    draw = getattr(make_world(make), state)()
    visitor = browse()
    text = visitor.get(f"/public/verify/{draw.number}").text
    assert "data-check-offered" not in text
    assert "verify-names" not in text
    for file in ("verify.html", "kit.zip"):
        visitor.get(f"/public/verify/{draw.number}/{file}", status=404)
        visitor.get(f"/public/verify/310106-1999-0001/{file}", status=404)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_bundle_is_promised_of_a_void_draw_and_no_commitment_where_there_is_none(
    make: Make, browse: Browser, language: str
) -> None:
    world, visitor = make_world(make), browse(language=language)
    draw = world.freeze()
    address = f"/public/verify/{draw.number}"
    later, void = ("届时记下", "没有可供核验的数据包") if language == "zh" else ("note it then", "no bundle to check")
    frozen = visitor.get(address).text
    assert later in frozen
    head = world.actor(f"head {world.departments[1].code}")
    services.propose_void(world.session, draw, reason="wrong-rules", note="x", actor=head)
    services.approve_void(world.session, draw, actor=world.actor("OVERSIGHT"))
    shown = visitor.get(address).text
    assert void in shown
    assert later not in shown
    assert f"{draw.number}.zip" not in shown
    assert address not in visitor.get(f"/public/draws/{draw.number}").text


def test_names_offered_for_looking_up_are_masked_like_everywhere(told: Told, browse: Browser) -> None:
    told.entities[0].name = "赵钱"
    told.publish_all()
    text = browse().get(f"/public/verify/{told.draw.number}").text
    assert f'<option value="{told.entities[1].unit_id}">{told.entities[1].name}</option>' in text
    assert "赵某" in text
    assert "赵钱" not in text


def test_strata_of_a_confidential_draw_are_not_named(make: Make, browse: Browser) -> None:
    draw = make_world(make, stratification=Stratification.RISK).drawn()
    assert 'data-strata="{}"' in browse().get(f"/public/verify/{draw.number}").text


def test_the_page_that_is_taken_away_carries_all_it_needs(told: Told, browse: Browser) -> None:
    told.publish_all()
    visitor, number = browse(), told.draw.number
    first, again = (visitor.get(f"/public/verify/{number}/verify.html") for _ in range(2))
    assert first.data == again.data
    assert first.headers["Content-Disposition"] == f'attachment; filename="verify-{number}.html"'
    embedded = re.search(r"data-embedded>([^<]+)</script>", first.text)
    assert embedded
    assert base64.b64decode(embedded[1]) == visitor.get(f"/public/draws/{number}/bundle.zip").data
    # no address of this site is in it, and its own policy allows no connection
    assert not re.findall(r'(?:src|href|action)="(?!data:|#)', first.text.partition("<style>")[0])
    assert "connect-src" not in first.text.partition("<title>")[0]
    policy = re.search(r'Security-Policy" content="([^"]+)"', first.text)
    assert policy
    assert policy[1].startswith("default-src &#39;none&#39;")
    script = first.text.rpartition("<script>")[2].partition("</script>")[0]
    assert base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() in policy[1]


def test_the_page_without_a_bundle_can_be_taken_away_too(make: Make, browse: Browser) -> None:
    make.catalogues()
    text = browse().get("/public/verify/verify.html").text
    assert "data-embedded>" not in text
    assert "data-choose-files" in text


def test_what_is_taken_away_is_packed_once_and_not_sent_again(
    told: Told, browse: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    told.publish_all()
    visitor, made = browse(), list[str]()
    for name in ("saved_page", "kit_zip", "program_zip"):
        packing = getattr(verify_views, name)
        monkeypatch.setattr(verify_views, name, _counted(packing, made))
    monkeypatch.setattr(packed_files, "_kept", OrderedDict())
    folder = f"/public/verify/{told.draw.number}"
    addresses = [
        f"{folder}/verify.html",
        f"{folder}/kit.zip",
        "/public/verify/verify.html",
        "/public/verify/sampling.zip",
    ]
    for address in addresses:
        first = visitor.get(address)
        again = visitor.get(address, status=304, headers={"If-None-Match": first.headers["ETag"]})
        assert (first.headers["Cache-Control"], again.data) == ("public, max-age=60", b"")
        assert again.headers["ETag"] == first.headers["ETag"] == f'"{hashlib.sha256(first.data).hexdigest()}"'
    assert len(made) == len(addresses)
    # another language is another file, and so is a bundle whose log has grown
    chinese = browse(language="zh").get(
        addresses[0], headers={"If-None-Match": visitor.get(addresses[0]).headers["ETag"]}
    )
    assert "核验" in chinese.text
    before = visitor.get(addresses[1]).data
    append_platform_leaf(told.session, LogEvent.AUDIT, region="310106", digest="0" * 64, fields={"entries": 1})
    told.session.commit()
    assert visitor.get(addresses[1]).data != before


def _counted(packing: Callable[..., Any], made: list[str]) -> Callable[..., Any]:
    def count(*arguments: Any, **named: Any) -> Any:
        made.append(packing.__name__)
        return packing(*arguments, **named)

    return count


def test_the_joined_script_holds_every_module(make: Make) -> None:
    script = linked_script()
    for path in FOLDER.glob("*.js"):
        if not path.name.startswith("rehearsal"):
            assert f'modules["{path.name}"]' in script, path.name
    assert "</script" not in script
    assert not re.search(r"^\s*(?:import|export)\s", script, re.MULTILINE)


@pytest.mark.parametrize("source", ["export default 3;", 'import x from "./y.js";', "export { a };"])
def test_a_module_in_another_form_cannot_be_joined(source: str) -> None:
    with pytest.raises(UnknownForm):
        _as_function(Path("x.js"), f"const a = 1;\n{source}\n")


def test_modules_that_import_each_other_cannot_be_joined(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text('import { b } from "./b.js";\n')
    (tmp_path / "b.js").write_text('import { a } from "./a.js";\n')
    with pytest.raises(UnknownForm, match="circle"):
        _collect(tmp_path / "a.js", {}, under=())


@pytest.mark.parametrize(("file", "asked_anew"), [("verify/page.js", True), ("app.js", False)])
def test_modules_are_asked_for_anew_after_a_release(browse: Browser, file: str, asked_anew: bool) -> None:
    with browse().get(f"/static/{file}") as response:
        assert (response.headers["Cache-Control"] == "no-cache") is asked_anew


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", "verify.py", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )


def test_the_zip_file_for_python_checks_the_draw_alone(told: Told, browse: Browser, tmp_path: Path) -> None:
    told.publish_all()
    visitor, number = browse(), told.draw.number
    first, again = (visitor.get(f"/public/verify/{number}/kit.zip").data for _ in range(2))
    assert first == again
    zipfile.ZipFile(io.BytesIO(first)).extractall(tmp_path)
    readme = (tmp_path / "README.txt").read_text("utf-8")
    assert "python verify.py" in readme
    assert "自己动手核验" in readme
    done = run(tmp_path)
    assert done.returncode == 3, done.stdout + done.stderr
    assert str(told.draw.commitment_digest) in done.stdout
    looked_up = run(tmp_path, told.entities[0].unit_id)
    assert looked_up.returncode == 0, looked_up.stderr
    assert "抽中 selected" in looked_up.stdout
    frame = tmp_path / number / "frame.tsv"
    frame.write_bytes(frame.read_bytes().replace(b"9", b"8", 1))
    assert run(tmp_path).returncode in {1, 2}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_rehearsal_cannot_be_taken_for_a_draw(make: Make, browse: Browser, language: str) -> None:
    visitor = browse(language=language)
    text = visitor.get("/public/verify/rehearsal").text
    assert '<body class="rehearsal"' in text
    assert "演练 REHEARSAL" in text
    content = text.partition("<main")[2].partition("</main>")[0]
    assert "method=" not in content  # nothing of it is sent
    assert visitor.client.post("/public/verify/rehearsal").status_code in {400, 405}


def test_the_platform_knows_no_draw_with_the_number_of_a_rehearsal(make: Make, browse: Browser) -> None:
    assert re.fullmatch(r"\d{6}-\d{4}-\d{4,}", draw_number("310106", 2026, 7))
    visitor = browse()
    for page in ("draws/{}", "verify/{}", "draws/{}/bundle.zip", "verify/{}/kit.zip"):
        visitor.get(f"/public/{page.format('REHEARSAL-20261123-AB2CD')}", status=404)
