"""A notary without an account seals with dice on a phone, reveals by the same link, and stands in the verified draw."""

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from sampling.seeds import dice_secret
from supervision.config import PROJECT
from tests.journeys.conftest import Arrive
from tests.journeys.people import Person
from tests.journeys.test_plan_and_draw import _reveal, _seal

THROWS = "36214352611453624165325364124513621"
TYPED = "1234561234561234561234561234561234"


@pytest.mark.parametrize("language", [pytest.param("zh", id="zh")])
def test_a_notary_seals_with_dice_reveals_by_the_link_and_the_draw_follows(
    arrive: Arrive, tmp_path: Path, language: str
) -> None:
    lead = arrive("lead.scjg", language=language)
    address, number = _frozen(lead)
    link = _named(lead, address)
    notary = arrive(phone=True, language=language)
    _dice(notary, link, number)

    sthj, xfjy = (arrive(f"lead.{code}", language=language) for code in ("sthj", "xfjy"))
    for person, code in ((lead, "SCJG"), (sthj, "STHJ"), (xfjy, "XFJY")):
        _seal(person, address, number, code)
    hall = arrive(phone=True, language=language)
    hall.open(f"/public/draws/{number}")
    lead.open(address)
    lead.press("Commit the draw")
    lead.open(f"{address}/ceremony")
    code = lead.main.locator(".wall-code .code-groups").inner_text().split()
    assert len(code) == 6
    hall.sees("Check code of the commitment")  # the phone in the hall renews itself
    assert hall.main.locator(".hall .code-groups").first.inner_text().split() == code
    lead.picture("wall-of-a-draw")

    for person in (lead, sthj, xfjy):
        _reveal(person, address)
    notary.sees("Reveal until")  # so does the notary's
    assert notary.main.locator(".check-code .code-groups").inner_text().split() == code
    notary.sees("This is the secret you sealed.")
    notary.press("Reveal my secret")
    notary.sees("Your contribution was used in this draw.")
    lead.open(address)
    lead.sees("Drawn", within=lead.main.get_by_role("heading", level=1))
    _given_up(arrive, address, language)
    _verified(notary, number, tmp_path)


def _frozen(lead: Person) -> tuple[str, str]:
    """Make the task of a published plan, and freeze its pool."""
    lead.open("/plans/")
    lead.press("曹家渡餐饮服务单位联合检查")
    lead.press("New task")
    lead.press("Create the task")
    lead.press("Freeze the pool and begin the draw")
    found = re.search(r"\d{6}-\d{4}-\d{4}", lead.main.get_by_role("heading", level=1).inner_text())
    assert found
    return urlsplit(lead.page.url).path, found.group()


def _named(lead: Person, address: str) -> str:
    """Name a notary; return the link, which the next page does not show any more."""
    lead.press("Name a witness")
    lead.field("Kind of witness").select_option("notary")
    lead.choose("A person")
    lead.fill("Full name, or name of the organisation", "王建国")
    lead.press("Name and show the link")
    link = lead.main.locator("#witness-address").inner_text().strip()
    assert re.search(r"/witness/[\w-]{43}$", link)
    lead.press("Handed over: back to the draw")
    assert link not in lead.page.content()
    lead.sees("王某")
    return link


def _dice(notary: Person, link: str, number: str) -> None:
    """Throw dice on the pad: real ones, after some that are obviously typed and bring advice."""
    notary.open(link)
    notary.sees(number)
    pad, box = notary.main.locator("[data-dice-pad]"), notary.main.locator("[data-dice]")
    for face in TYPED:
        pad.locator(f"[data-face='{face}']").click()
    assert notary.main.locator("[data-dice-warning]").is_visible()
    for _face in TYPED:
        notary.button("Undo").click()
    assert box.input_value() == ""
    for face in THROWS + "21365":
        pad.locator(f"[data-face='{face}']").click()
    notary.button("Make my secret from the throws").click()
    notary.sees("At least 50 throws, digits 1 to 6.")
    for face in "4162534162":
        pad.locator(f"[data-face='{face}']").click()
    assert not notary.main.locator("[data-dice-warning]").is_visible()
    notary.button("Make my secret from the throws").click()
    notary.sees("Slip: my secret for draw %(number)s", number=number)
    notary.picture("witness-on-a-phone", at=notary.main.locator("[data-dice-pad]"))
    notary.field("I have printed the slip, saved it or written it down").check()
    notary.press("Seal my contribution")
    notary.sees("Your contribution is sealed.")


def _given_up(arrive: Arrive, address: str, language: str) -> None:
    """Two heads abandon the draw: so its bundle is open at once, and everybody can recompute it."""
    first, second = (arrive(f"head.{code}", language=language) for code in ("sthj", "xfjy"))
    first.open(address)
    assert first.post(f"{address}/abandon", {"reason": "list-leaked", "note": "演练后公开。"}) == 302
    second.open(address)
    second.press("Look at the proposal")
    second.press("Agree and abandon the draw")


def _verified(citizen: Person, number: str, folder: Path) -> None:
    """The verifier agrees with the bundle, in which the notary's dice stand under W1."""
    bundle = folder / f"{number}.zip"
    bundle.write_bytes(citizen.page.request.get(f"{citizen.address}/public/draws/{number}/bundle.zip").body())
    command = [sys.executable, "-m", "sampling", "verify", str(bundle), "--json"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    findings = json.loads(done.stdout)["findings"]
    assert done.returncode in {0, 3}, findings
    assert not [one for one in findings if one["severity"] in {"difference", "invalid"}]
    with zipfile.ZipFile(bundle) as archive:
        record = json.loads(archive.read(f"{number}/record.json"))
    secrets = {one["by"]: one["secret"] for one in record["contributions"]}
    digits = THROWS + "213654162534162"
    assert secrets["W1"] == dice_secret(hash_name="sha256", draw=number, by="W1", digits=digits)
