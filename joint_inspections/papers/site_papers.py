"""Questioning, inquest and sampling records in the words of a language; blank forms to fill in by hand."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any  # an entry is JSON

from joint_inspections.papers.drafting import Frame, case_facts, closing, compose, items_table, team_blocks
from joint_inspections.papers.entries import SAMPLE_KEYS
from joint_inspections.papers.models import SiteEntry
from joint_inspections.papers.record_papers import ROW_WIDTHS
from joint_inspections.papers.rules import (
    Block,
    Dialogue,
    Facts,
    Lines,
    PaperData,
    PaperKind,
    Signatures,
    SignedState,
    Table,
    Writing,
)

SAMPLE_WIDTHS = (2.4, 2.6, 1.3, 1.3, 1.7, 2.7)
BLANK_SAMPLES = 5
GAP = "\u00a0" * 6
# a cell high enough to write in
EMPTY = "\u00a0\n\u00a0"


def site_paper(frame: Frame, entry: SiteEntry, content: Mapping[str, Any]) -> PaperData:
    """Return one version of a questioning, an inquest or a sampling as a paper."""
    blocks = BODIES[entry.kind](frame, content)
    version = Facts(
        "", ((frame.said("version"), frame.said("version_text", no=entry.version_no, digest=entry.digest)),)
    )
    return compose(
        frame,
        case_facts(frame),
        *blocks,
        version,
        items_table(frame),
        *team_blocks(frame),
        *closing(frame),
        _signatures(frame, entry),
        opening=[frame.said("site_opening")],
    )


def _period(frame: Frame, content: Mapping[str, Any]) -> str:
    start, end = (datetime.fromisoformat(content[key]) for key in ("started_at", "ended_at"))
    return frame.said("period_text", start=frame.said.moment(start), end=frame.said.moment(end))


def _officer(frame: Frame, one: Mapping[str, str]) -> str:
    return frame.said("officer", name=one["name"], certificate=one["certificate"])


def _officers(frame: Frame, content: Mapping[str, Any]) -> str:
    return frame.said.comma.join(_officer(frame, one) for one in content["officers"])


def _questioning(frame: Frame, content: Mapping[str, Any]) -> list[Block]:
    said = frame.said
    first, second = content["officers"]
    facts = Facts(
        said.title("questioning"),
        (
            (said("period"), _period(frame, content)),
            (said("place"), content["place"]),
            (said("person"), content["person_name"]),
            (said("person_role"), content["person_role"]),
            # not kept by the platform: written on the paper by hand where the law asks for it
            (said("identity"), said("by_hand")),
            (said("asked_by"), _officer(frame, first)),
            (said("written_by"), _officer(frame, second)),
            (said("told"), said("told_text")),
            (said("recusal"), content["recusal"] or said("none")),
        ),
    )
    pairs = tuple((row["question"], row["answer"]) for row in content["rows"])
    return [facts, Dialogue(said("questions"), pairs, (said("question_mark"), said("answer_mark")))]


def _inquest(frame: Frame, content: Mapping[str, Any]) -> list[Block]:
    said = frame.said
    facts = Facts(
        said.title("inquest"),
        (
            (said("period"), _period(frame, content)),
            (said("place"), content["place"]),
            (said("weather"), content["weather"] or "—"),
            (said("inquest_by"), _officers(frame, content)),
            (said("present"), content["present"]),
        ),
    )
    sketches = tuple(content["sketches"].splitlines()) or (said("none"),)
    found = Lines(said("inquest_found"), tuple(content["found"].splitlines()), numbered=False)
    return [facts, found, Lines(said("sketches"), sketches)]


def _sampling(frame: Frame, content: Mapping[str, Any]) -> list[Block]:
    said = frame.said
    facts = Facts(
        said.title("sampling"),
        (
            (said("period"), _period(frame, content)),
            (said("place"), content["place"]),
            (said("sampling_by"), _officers(frame, content)),
            (said("present"), content["present"]),
            (said("method"), content["method"]),
        ),
    )
    rows = tuple(tuple(row[key] or "—" for key in SAMPLE_KEYS) for row in content["rows"])
    notes = (said("costs"), content["remarks"]) if content["remarks"] else (said("costs"),)
    return [
        facts,
        Table(said("samples"), said.heads("sample_head", 6), rows, SAMPLE_WIDTHS),
        Lines(said("remarks"), notes),
    ]


BODIES = {PaperKind.QUESTIONING: _questioning, PaperKind.INQUEST: _inquest, PaperKind.SAMPLING: _sampling}


def _signatures(frame: Frame, entry: SiteEntry) -> Signatures:
    said = frame.said
    label = said("person_line") if entry.kind is PaperKind.QUESTIONING else said("party_line")
    lines = [(label, _state(frame, entry))]
    if entry.kind is not PaperKind.QUESTIONING:
        lines.append((said("present_line"), ""))
    officers = said("inspector_line", department=said.name(entry.department))
    lines.append((officers, ""))
    return Signatures(said("signing"), _declared(frame, entry.kind), tuple(lines), said("day_blank"))


def _declared(frame: Frame, kind: PaperKind) -> str:
    return frame.said("confirmed" if kind is PaperKind.QUESTIONING else "party_confirms")


def _state(frame: Frame, entry: SiteEntry) -> str:
    signing = entry.signing
    if signing is None:
        return ""
    if signing.state is SignedState.REFUSED:
        return frame.said("party_refused", reason=signing.note)
    return frame.said("paper_signed", name=signing.name)


def blank_paper(frame: Frame) -> PaperData:
    """Return a form of the visit with empty fields, for a place where no device works."""
    said = frame.said
    period = said("period_blank", gap=GAP)
    keys = BLANK_FACTS[frame.kind]
    facts = Facts(
        said.title(frame.kind.value), tuple((said(key), period if key == "period" else EMPTY) for key in keys)
    )
    lines = [(said("person_line" if frame.kind is PaperKind.QUESTIONING else "party_line"), "")]
    lines += [(said("inspector_line", department=said.name(one)), "") for one in frame.bodies]
    signing = Signatures(said("signing"), _declared(frame, frame.kind), tuple(lines), said("day_blank"))
    basis = () if frame.kind is PaperKind.RECORD else (items_table(frame),)
    blocks = (case_facts(frame), facts, *_empty(frame), *basis, *team_blocks(frame), *closing(frame), signing)
    return compose(frame, *blocks)


def _empty(frame: Frame) -> Sequence[Block]:
    said = frame.said
    if frame.kind is PaperKind.QUESTIONING:
        return [Lines(said("told"), (said("told_text"),)), Writing(said("questions"), 22)]
    if frame.kind is PaperKind.INQUEST:
        return [Writing(said("inquest_found"), 14), Writing(said("sketches"), 6)]
    if frame.kind is PaperKind.SAMPLING:
        rows = tuple((EMPTY, "", "", "", "", "") for _ in range(BLANK_SAMPLES))
        return [
            Table(said("samples"), said.heads("sample_head", 6), rows, SAMPLE_WIDTHS),
            Lines(said("remarks"), (said("costs"),)),
        ]
    return [*_empty_items(frame), Writing(said("statement"), 4)]


def _empty_items(frame: Frame) -> list[Block]:
    said = frame.said
    found: list[Block] = []
    for body in frame.bodies:
        rows = tuple(
            (f"{said.name(one.item)}\n{one.item.legal_basis}", said("yes_no_blank"), "", "", "")
            for one in frame.visit.plan_version.items
            if one.item.department_id == body.id
        )
        heading = said("department_result", department=said.name(body), results="")
        found.append(Table(heading, said.heads("row_head", 5), rows, ROW_WIDTHS))
    return found


BLANK_FACTS = {
    PaperKind.RECORD: ("arrived", "place", "outcome"),
    PaperKind.QUESTIONING: (
        "period", "place", "person", "person_role", "identity", "asked_by", "written_by", "recusal",
    ),
    PaperKind.INQUEST: ("period", "place", "weather", "inquest_by", "present"),
    PaperKind.SAMPLING: ("period", "place", "sampling_by", "present", "method"),
}  # fmt: skip
