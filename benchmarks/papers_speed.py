"""How long papers take: certificates of a draw (drawing, signing, the whole issue), and the record of a visit.

    python benchmarks/papers_speed.py --strata 20 --rounds 20

The record is that of three departments with nine items and sixty check points; it is to take at most 0.3 s.

No database is needed: the facts are invented. The first drawing also loads the fonts; it is told apart.
"""

import argparse
import hashlib
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from joint_inspections.notices.wording import PROHIBITIONS, RIGHTS
from joint_inspections.papers.rules import Facts, Lines, PaperData, Signatures, Table
from reports.documents.certificate import draw_certificate
from reports.documents.draw_paper import (
    Coded,
    DrawFacts,
    DrawPaper,
    FrozenFile,
    Issue,
    LeafLine,
    PartyLine,
    Result,
    RosterLine,
    Said,
    StratumLine,
)
from reports.documents.visit_paper import draw_visit_paper
from reports.papers.signing import Seal, make_key, sign

AT = "2026-11-22T08:00:00Z"


def digest(text: str) -> str:
    """Return an invented digest."""
    return hashlib.sha256(text.encode()).hexdigest()


def paper(strata: int) -> DrawPaper:
    """Return a certificate of an opened draw of three departments."""
    bodies = [
        RosterLine(f"D{n}", Said(f"区第{n}监督管理局", f"District Supervision Bureau {n}"), 40, 30) for n in range(3)
    ]
    parts = tuple(StratumLine(f"s{n}", Said(f"第{n}街道", f"Street {n}"), 1000, 12) for n in range(strata))
    facts = DrawFacts(
        kind="opened", authority=Said("上海市静安区", "Jing'an District, Shanghai"), draw="310106-2026-0007",
        task_number="310106202611010003", task_title="餐饮单位跨部门联合抽查", plan_number="31010620260012",
        plan_digest=digest("plan"), lead=Coded("D0", bodies[0].name), departments=tuple(bodies),
        protocol="double-random-draw/1", hash_name="sha256", confidential=False, frozen_at=AT, committed_at=AT,
        registered=120_000, pool=1_000 * strata, excluded=(Coded("scope", Said("不在计划范围内", "Outside"), 5),),
        files=tuple(FrozenFile(name, digest(name), 9, digest(name)) for name in ("frame.tsv", "excluded.tsv")),
        frozen_digest=digest("frozen"), commitment_digest=digest("commitment"),
        contributions=tuple(PartyLine(one.code, one.name, digest(one.code), secret=digest(AT)) for one in bodies),
        beacon=None, strata=parts,
        selected=12 * strata, earlier=(), leaves=tuple(LeafLine(n, "drawn", AT, digest(str(n))) for n in range(8)),
        warnings=(), unchecked=(), result=Result(digest("record"), AT, 28, 0, 0, AT, digest("teams"), 0, digest("s")),
    )  # fmt: skip
    return DrawPaper(facts, Issue("310106-2026-0007-T1", AT, "https://example.cn/public/verify/x", None, None))


def record(language: str) -> PaperData:
    """Return an on-site record of three departments, nine items and sixty check points."""
    bodies = tuple(f"区第{n}监督管理局" for n in range(3))
    items = tuple(
        (
            f"餐饮服务单位检查事项{n}\n《食品安全法》第一百一十条",
            "是",
            "发现问题已责令改正",
            "冷库门封条破损" * 4,
            "责令改正",
        )
        for n in range(3)
    )
    points = tuple((f"CY-{n} 食品贮存场所是否保持清洁、有毒有害物品是否分开存放", "是", "") for n in range(20))
    tables = [
        block
        for name in bodies
        for block in (
            Table(name, ("检查事项", "是否检查", "检查结果", "发现的问题", "处置"), items, (4, 2, 2, 3, 2)),
            Table(name, ("检查要点", "情况", "说明"), points, (7, 2, 3)),
        )
    ]
    facts = tuple((f"项目{n}", "上海市静安区试用路一百二十三号四层") for n in range(14))
    signing = Signatures("签名", "以上记录已阅。", tuple((f"{name}检查人员签名：", "") for name in bodies), "年 月 日")
    closing = (Lines("权利", RIGHTS[language]), Lines("禁止事项", PROHIBITIONS[language]), signing)
    return PaperData(
        kind="record", title="现场检查笔录", number="310106-20261123-0001-JL01", number_line="编号", language=language,
        bodies=bodies, district="上海市静安区", others="{count}", opening=("检查情况如实记录如下。",),
        blocks=(Facts("检查情况", facts), *tables, *closing), verify_url="https://example.cn/papers/check/AbCdEfGhIjKlMn",
        scan="扫码核验本文书", foot="{number} {page}/{pages}",
    )  # fmt: skip


def seconds(work: Callable[[], object], rounds: int) -> float:
    """Return the median time of some rounds."""
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--strata", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=20)
    asked = parser.parse_args()
    made, key = paper(asked.strata), make_key(name="上海市静安区", organization="Jing'an District")
    first = seconds(lambda: draw_certificate(made, "zh"), 1)
    chinese = seconds(lambda: draw_certificate(made, "zh"), asked.rounds)
    english = seconds(lambda: draw_certificate(made, "en"), asked.rounds)
    drawn = draw_certificate(made, "zh")
    signing = seconds(lambda: sign(drawn, Seal(key, "310106-2026-0007-T1")), asked.rounds)
    print(f"{asked.strata} strata, {len(drawn) // 1024} KB: first drawing {first:.2f} s, Chinese {chinese:.3f} s,")
    print(f"English {english:.3f} s, signature {signing:.3f} s, an issue {chinese + english + 2 * signing:.2f} s")
    for language in ("zh", "en"):
        said = record(language)
        first = seconds(lambda said=said: draw_visit_paper(said), 1)
        taken = seconds(lambda said=said: draw_visit_paper(said), asked.rounds)
        print(f"on-site record ({language}): first drawing {first:.3f} s, then {taken:.3f} s")


if __name__ == "__main__":
    main()
