"""What a paper warns of, and what no verifier can check (draw protocol, section 9)."""

from collections.abc import Mapping

from reports.documents.draw_paper import Said
from sampling.bundle import Bundle
from sampling.cautions import cautions
from sampling.findings import Finding, warning
from supervision.draws.models import Draw

UNCHECKED = (
    Said("登记册在冻结时是否完整、真实", "that the register was complete and right when it was frozen"),
    Said(
        "检查人员的资格、请假、此前的任务和回避关系是否如实登记",
        "that qualifications, absences, earlier visits and ties of the inspectors were recorded truly",
    ),
    Said(
        "各方在承诺前是否互相透露了随机数",
        "that the parties did not tell each other their secrets before the commitment",
    ),
    Said("检查是否如记录所载实际进行", "that the visits took place as recorded"),
)


def warnings_of(draw: Draw, files: Mapping[str, bytes]) -> tuple[Said, ...]:
    """Return what deserves a second look, as far as everybody may know it.

    ``files`` are commitment, rules, roster and record of an opened draw, or nothing. Ties are never among them: how
    many inspectors were left for a unit would speak of whom they are related to.
    """
    found = [] if draw.confidential else _foregone(draw)
    if files:
        found += cautions(Bundle.from_files(files))
    return tuple(Said(one.zh, one.en) for one in found)


def _foregone(draw: Draw) -> list[Finding]:
    """Warn of strata in which nothing was left to chance; sizes and numbers are known before the draw."""
    return [
        warning("stratum-certain" if selected else "stratum-impossible", stratum=stratum, size=size)
        for stratum, (size, selected) in sorted(draw.strata.items())
        if selected in {0, size}
    ]
