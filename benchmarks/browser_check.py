"""How long a visitor's browser takes to check a draw from a large pool: the page's own engine in headless Chromium.

The bundle is made here: a pool in four strata, as many units left out, 2 % drawn, teams of two
departments; zipped, then handed to the worker as the page does. Told beside the time are the steps the page showed.
"""

import argparse
import base64
import hashlib
import io
import random
import sys
import zipfile
from collections.abc import Mapping

from playwright.sync_api import Page, sync_playwright

from sampling import freezing
from sampling.bundle import Bundle
from sampling.drawing import draw
from sampling.seeds import contribution_digest
from sampling.tables import RosterLine
from sampling.verification import verify_files
from tests.supervision.verify_page.conftest import BROWSER, FLAGS, serving

DRAW = "310106-2026-0099"
RUN = """
async ([packed]) => {
  const client = await import("/verify/client.js");
  client.startEngine("/verify/worker.js");
  await client.ask("digests", { files: [] });
  const data = Uint8Array.from(atob(packed), (char) => char.charCodeAt(0));
  const [steps, told] = [[], { count: 0 }];
  const started = performance.now();
  const found = await client.ask("check", { chosen: [["bundle.zip", data]], keys: "" }, (step) => {
    told.count += 1;
    if (!steps.length || steps[steps.length - 1][0] !== step) { steps.push([step, performance.now() - started]); }
  });
  return { seconds: (performance.now() - started) / 1000, steps, told: told.count, report: found.report };
}
"""


def made_bundle(units: int, hash_name: str) -> Mapping[str, bytes]:
    """Make a drawn bundle."""
    chance = random.Random(units)  # noqa: S311 - the same bundle every time
    codes = sorted({f"91310106{chance.getrandbits(50):013d}"[:18] for _ in range(2 * units + 2000)})
    pool, others = codes[:units], codes[units : 2 * units]
    roster = [RosterLine(f"I{n:04}", ("SCJG", "XFJY")[n % 2], 1000, 0) for n in range(400)]
    departments = [
        {"code": code, "lead": code == "SCJG", "per_team": 2, "qualifications": []} for code in ("SCJG", "XFJY")
    ]
    strata = {name: {"rate_bp": 200} for name in "ABCD"}
    files = {
        "frame.tsv": freezing.frame_tsv((code, "ABCD"[i % 4]) for i, code in enumerate(pool)),
        "excluded.tsv": freezing.excluded_tsv((code, "scope") for code in others),
        "roster.tsv": freezing.roster_tsv(roster),
        "ties.tsv": freezing.ties_tsv((line.inspector, code) for line in roster for code in chance.sample(pool, 20)),
        "mapping.tsv": freezing.mapping_tsv((line.inspector, f"0{i}", f"{i:032x}") for i, line in enumerate(roster)),
        "rules.json": freezing.rules_json(
            {
                "protocol": "double-random-draw/1",
                "hash": hash_name,
                "draw": DRAW,
                "strata": "public",
                "allocation": {"kind": "rate", "strata": strata},
                "reserve": 20,
                "teams": {"mode": "visit", "departments": departments},
            }
        ),
    }
    secrets = {by: hashlib.sha256(by.encode()).hexdigest() for by in ("SCJG", "system")}
    digests = {
        by: contribution_digest(hash_name=hash_name, draw=DRAW, by=by, secret=secret) for by, secret in secrets.items()
    }
    commitment = freezing.commitment_json(
        draw=DRAW, hash_name=hash_name, plan_digest="0" * 64, files=files, contributions=digests, beacon=None,
        committed_at="2026-11-22T08:00:00Z",
    )  # fmt: skip
    files["commitment.json"] = commitment
    return {**files, "record.json": draw(Bundle.from_files(files), secrets).to_bytes()}


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--units", type=int, default=100_000)
    options.add_argument("--hash", choices=("sha256", "sm3"), default="sha256")
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args()
    files = made_bundle(chosen.units, chosen.hash)
    expected = verify_files(dict(files)).exit_code
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    print(f"{chosen.units:,} units, {chosen.hash}, zip file of {len(buffer.getvalue()) / 1e6:.1f} MB")
    packed = base64.b64encode(buffer.getvalue()).decode()
    with serving() as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=BROWSER, args=FLAGS)
        for _ in range(chosen.rounds):
            page: Page = browser.new_page()
            page.goto(address)
            found = page.evaluate(RUN, [packed])
            assert found["report"]["exit_code"] == expected, found["report"]["findings"][:3]  # noqa: S101
            steps = ", ".join(f"{name} at {at / 1000:.2f}" for name, at in found["steps"])
            print(f"{found['seconds']:.2f} s, progress told {found['told']} times ({steps})")
            page.close()
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
