"""The phone computes the digests of entries, sections and records as the platform does, or nothing would ever fit."""

import json
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from joint_inspections.field.rules import record_digest
from joint_inspections.records.entries import Answer, ItemEntry, section_digest
from joint_inspections.records.rules import Disposal

FIELD = Path(__file__).resolve().parents[3] / "supervision" / "static" / "field"
NODE = shutil.which("node")
TEXTS = ["", "冷藏 12.5 ℃", 'quote " and \\ slash', "two\nlines\tand a tab", "𠮷野家 🍜", "</script>&amp;", "\u2028 é"]
PROGRAM = """
import { entryDigest, recordDigest, sectionDigest } from "./entries.js";
let text = "";
for await (const piece of process.stdin) { text += piece; }
const said = JSON.parse(text);
const pairs = said.items.map((entry) => [{ id: entry.id }, entry]);
const each = pairs.map(([item, entry]) => entryDigest(item, entry));
console.log(JSON.stringify([each, sectionDigest(pairs), recordDigest(said.record)]));
"""


@pytest.mark.skipif(NODE is None, reason="Node is not installed: the phone's digests left out")
@pytest.mark.parametrize("seed", range(5))
def test_digests_are_the_same(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - which cases, no secrets
    entries = [_entry(chance, number) for number in chance.sample(range(1, 2000), 12)]
    sections = [(number, f"{chance.getrandbits(256):064x}") for number in chance.sample(range(1, 40), 4)]
    files = [(f"{chance.getrandbits(128):032x}", f"{chance.getrandbits(256):064x}") for _ in range(5)]
    samples = [[number, 7, None, TEXTS[seed], "2 kg", bool(number % 2), "封 1", "所"] for number in (1, 2, 12)]
    said = {
        "items": [_as_sent(one) for one in entries],
        "record": {"outcome": {"code": "normal", "note": TEXTS[seed]}, "sections": sections, "attachments": files,
                   "samples": samples},
    }  # fmt: skip
    got = subprocess.run(
        [str(NODE), "--input-type=module", "--eval", PROGRAM.replace("./", FIELD.as_uri() + "/")],
        input=json.dumps(said), capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    whole = record_digest(outcome=("normal", TEXTS[seed]), sections=sections, attachments=files, samples=samples)
    assert json.loads(got.stdout) == [[one.digest for one in entries], section_digest(entries), whole]


def _entry(chance: random.Random, number: int) -> ItemEntry:
    answers = tuple(
        Answer(point, chance.choice(TEXTS), chance.choice(TEXTS)) for point in chance.sample(range(1, 5000), 7)
    )
    return ItemEntry(
        item_id=number,
        checked=chance.choice([None, True, False]),
        result=chance.choice([None, "1", "L3"]),
        further=chance.choice([None, "5"]),
        problem=chance.choice(TEXTS),
        unchecked_reason=chance.choice(TEXTS),
        disposal=chance.choice([None, *Disposal]),
        answers=answers,
    )


def _as_sent(entry: ItemEntry) -> dict[str, object]:
    return {
        "id": entry.item_id,
        "checked": entry.checked,
        "result": entry.result,
        "further": entry.further,
        "problem": entry.problem,
        "unchecked_reason": entry.unchecked_reason,
        "disposal": entry.disposal.value if entry.disposal else None,
        "answers": [{"point": one.point_id, "value": one.value, "note": one.note} for one in entry.answers],
    }


CARRYING = """
import { carryOver } from "./entries.js";
const point = (id, no, zh, kind = "yes_no") => ({ id, no, zh, kind, unit: "" });
const before = { id: 1, points: [point(1, 1, "A"), point(2, 2, "B"), point(3, 3, "C")] };
const after = { id: 1, points: [point(1, 1, "A"), point(2, 2, "changed"), point(9, 3, "C"), point(10, 4, "D")] };
const answers = [1, 2, 3].map((id) => ({ point: id, value: "no", note: `n${id}` }));
const said = { checked: true, result: "5", further: null, problem: " p ", unchecked_reason: "", disposal: "case" };
const entry = { ...said, answers };
console.log(JSON.stringify(carryOver(before, entry, after)));
"""


@pytest.mark.skipif(NODE is None, reason="Node is not installed: the phone's answers left out")
def test_answers_are_carried_to_a_changed_form_where_the_question_is_the_same() -> None:
    got = subprocess.run(
        [str(NODE), "--input-type=module", "--eval", CARRYING.replace("./", FIELD.as_uri() + "/")],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    carried = json.loads(got.stdout)
    assert [(one["point"], one["value"], one["note"]) for one in carried["answers"]] == [
        (1, "no", "n1"), (2, "", ""), (9, "no", "n3"), (10, "", ""),
    ]  # fmt: skip
    assert (carried["checked"], carried["result"], carried["problem"]) == (True, "5", "p")
