"""A citizen verifies a draw without trusting us; a penalty leads to one measure answered by one department."""

import hashlib
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any  # findings of the verifier are JSON
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision import clock
from supervision.entities.models import Entity
from supervision.entities.rules import EntityStatus
from tests.journeys.conftest import Arrive, Site
from tests.journeys.people import Person

# Which draw a citizen finds first depends on the lots: with ties or a replacement, less can be recomputed in public.
NOT_PUBLIC = {"file-withheld", "teams-not-recomputed", "replacements-not-recomputed"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_citizen_verifies_an_opened_draw_with_a_program_of_the_page(
    arrive: Arrive, tmp_path: Path, language: str
) -> None:
    citizen = arrive(language=language)
    citizen.open("/public")
    citizen.picture("public-home", in_english="public-home-in-english")
    citizen.follow(citizen.main.get_by_role("link", name=citizen.say("Verify a draw")).first)
    citizen.picture("verify-a-draw", in_english="verify-a-draw-in-english")
    with zipfile.ZipFile(_saved(tmp_path / "sampling.zip", citizen.save(_link(citizen, "sampling.zip")))) as program:
        program.extractall(tmp_path)
    citizen.follow(citizen.main.locator("a[href*='/public/verify/3']").first)
    number = urlsplit(citizen.page.url).path.rpartition("/")[2]
    bundle = _saved(tmp_path / f"{number}.zip", citizen.save(_link(citizen, f"{number}.zip")))

    code, findings = verify(tmp_path, bundle)
    assert code == 3
    assert {one["code"] for one in findings if one["severity"] == "withheld"} <= NOT_PUBLIC
    assert {one["code"] for one in findings if one["severity"] not in {"ok", "withheld"}} <= {"keys-from-bundle"}
    commitment = zipfile.ZipFile(bundle).read(f"{number}/commitment.json")
    citizen.sees(hashlib.sha256(commitment).hexdigest())
    for name, tampered in one_byte_changed(bundle, tmp_path / "tampered.zip"):
        code, findings = verify(tmp_path, tampered)
        assert code in {1, 2}, name


def _link(citizen: Person, file: str) -> Any:
    return citizen.main.get_by_role("link", name=file, exact=True)


def _saved(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def verify(folder: Path, bundle: Path) -> tuple[int, list[dict[str, Any]]]:
    """Run the verifier that was downloaded into ``folder``, apart from ours; return its exit code and findings."""
    command = [sys.executable, "-m", "sampling", "verify", str(bundle), "--json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=60)
    found = json.loads(done.stdout) if done.returncode in {0, 1, 3} else {"findings": []}
    return done.returncode, found["findings"]


def one_byte_changed(bundle: Path, target: Path) -> Iterator[tuple[str, Path]]:
    """Yield the bundle again for each of its files, with one byte in the middle of that file changed."""
    with zipfile.ZipFile(bundle) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    for changed in sorted(files):
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(name, _flipped(content) if name == changed else content)
        yield changed, target


def _flipped(content: bytes) -> bytes:
    place = len(content) // 2
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def test_a_penalty_leads_to_one_measure_answered_by_one_department(site: Site, arrive: Arrive) -> None:
    unit, name = _somebody(site)
    lead = arrive("lead.scjg")
    number = "沪市监静处〔2026〕062026990001号"
    _record_a_penalty(lead, unit, number)
    lead.press("Propose a listing")
    lead.fill("Grounds", "当事人拒不改正，情节严重，社会危害较大。")
    lead.field("Measure").select_option(label="C01-2 限制或禁止参加政府采购活动")
    lead.field("Implementing department").select_option("CZJ")
    lead.press("Begin the listing")
    address = urlsplit(lead.page.url).path
    _tell_and_hear_the_party(lead)
    assert lead.post(f"{address}/decide", {"decision": "accept", "superior_approval": "批1号"}) == 403

    head = arrive("head.scjg")
    head.open("/")
    head.press(name)
    head.choose("List the entity")
    head.fill("Approval of the level above", "沪市监信批〔2026〕88号")
    head.press("Decide")
    head.sees("Decided, not served yet")
    not_yet = arrive()
    not_yet.open(f"/public/entities/{unit}")
    ends_on = _three_years_on(clock.today())
    assert _in_words(ends_on) not in not_yet.page.content()

    lead.open("/")
    lead.press(name)
    _prove_service(lead, clock.today())
    lead.press("Record the service of the decision")
    lead.sees("In force")
    lead.sees(_in_words(ends_on))
    lead.picture("listing-decision")

    finance = arrive("lead.czj")
    finance.open("/")
    finance.follow(finance.main.get_by_role("listitem").filter(has_text=name).get_by_role("link").first)
    finance.choose("Applied")
    finance.press("Send the answer", status=200)
    finance.fill("Applied on", clock.today().isoformat())
    finance.press("Send the answer")
    today = _in_words(clock.today())
    finance.sees("%(department)s applied the measure on %(day)s.", department="区财政局", day=today)
    finance.sees(_in_words(ends_on))
    finance.picture("joint-measure")
    _what_everybody_reads(arrive(), unit, number, _in_words(ends_on))


def _tell_and_hear_the_party(lead: Person) -> None:
    """The notice was served with the penalty procedure; its period is over, and the party spoke within it."""
    told = clock.today() - timedelta(days=20)
    lead.fill("Document number of the notice", "沪市监静列告〔2026〕99号")
    _prove_service(lead, told)
    lead.press("Record the service of the notice")
    lead.choose("Statement or defence of the party")
    lead.fill("Day of its statement or hearing", (told + timedelta(days=2)).isoformat())
    lead.fill("Statement and defence of the party", "当事人陈述资金困难，请求不予列入。")
    lead.fill("How it was examined", "资金困难不影响违法事实的认定，不予采纳。")
    lead.press("Send to the head")
    lead.sees("Proposed, waiting for the head")


def _prove_service(lead: Person, day: date) -> None:
    """Fill in how, when and on whom a document was served."""
    lead.fill("Served on", day.isoformat())
    lead.field("How it was served").select_option("direct")
    lead.fill("Who received it", "李四（前台）")
    lead.fill("Proof of service", "送达回证〔2026〕99号")


def _somebody(site: Site) -> tuple[str, str]:
    """Return code and name of an enterprise in business."""
    with Session(site.app.extensions["engine"]) as session:
        found = sa.select(Entity).where(Entity.status == EntityStatus.ACTIVE, Entity.type_code == "1100")
        entity = session.scalars(found.order_by(Entity.id).limit(1)).one()
        return entity.unit_id, entity.name


def _record_a_penalty(lead: Person, unit: str, number: str) -> None:
    """Record a heavy fine as it was served."""
    lead.open("/penalties/")
    lead.press("Record a penalty")
    lead.fill("Credit code of the party", unit)
    lead.fill("Document number of the decision", number)
    lead.fill("Day of the decision", (clock.today() - timedelta(days=3)).isoformat())
    lead.fill("Type of violation", "生产经营超过保质期的食品")
    lead.fill("Facts", "当事人经营的预包装食品超过保质期，货值金额较大。")
    lead.fill("Legal basis", "《食品安全法》第一百二十四条")
    lead.choose("Fine")
    lead.choose("Order to suspend production or business")
    lead.fill("Content of the penalty", "罚款人民币250,000元；责令停产停业")
    lead.fill("Fine in yuan", "250000")
    lead.field("Severity").select_option("serious")
    lead.press("Record the penalty")
    lead.picture("penalty")


def _three_years_on(day: date) -> date:
    return day.replace(year=day.year + 3) if (day.month, day.day) != (2, 29) else day.replace(year=day.year + 3, day=28)


def _in_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _what_everybody_reads(citizen: Person, unit: str, number: str, ends_on: str) -> None:
    """The public page shows decision and listing with its end, and nothing that stays inside."""
    citizen.open(f"/public/entities/{unit}")
    for text in (number, "罚款人民币250,000元；责令停产停业", ends_on):
        citizen.sees(text)
    for inside in ("资金困难", "李四", "送达回证", "货值金额", "沪市监信批", "限制或禁止参加政府采购活动"):
        assert inside not in citizen.page.content()
    citizen.picture("public-page-of-an-enterprise")
