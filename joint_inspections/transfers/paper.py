"""The letter that hands a clue over, in the words of a language: it says what was transferred, nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from joint_inspections.papers.drafting import Frame, compose
from joint_inspections.papers.rules import Block, Facts, Lines, PaperData, Seals, Table, source_digest
from joint_inspections.papers.subjects import Subject
from joint_inspections.transfers.models import Transfer, TransferFile
from joint_inspections.transfers.queries import list_files, list_of_visit
from joint_inspections.transfers.rules import PAPERS, TransferKind, TransferState
from joint_inspections.visits.models import Visit
from supervision import clock
from supervision.departments.models import Department
from supervision.labels import N_

DUE = N_("A clue was transferred: the letter belongs to it.")
OVER = N_("The transfer was withdrawn or came back: no letter of it is issued any more.")
GONE = frozenset({TransferState.WITHDRAWN, TransferState.SENT_BACK})
# Chinese, English
TEXTS: dict[str, tuple[str, str]] = {
    "case_opening": (
        "本机关在行政检查中发现下列当事人涉嫌违法的线索，现将线索及有关证据移送你单位，请依法核查处理，并在期限内书面反馈结果。",
        "During an inspection this body found a clue of a violation. It hands the clue and the evidence below over to "
        "you, asks you to look into it as the law requires, and to answer before the deadline.",
    ),
    "notice_opening": (
        "本机关在行政检查中发现下列情况，属于你单位职责范围，现抄告你单位，请依法处理，并在期限内书面反馈结果。",
        "During an inspection this body found the facts below, which fall within your duties. It notifies you, asks "
        "you to handle them as the law requires, and to answer before the deadline.",
    ),
    "addressee": ("{name}：", "To {name}:"),
    "addressee_unit": ("{name}（执法办案机构）：", "To {name} (case unit):"),
    "case": ("基本情况", "The case"),
    "entity": ("当事人", "Party"),
    "unit_id": ("统一社会信用代码", "Credit code"),
    "address": ("地址", "Address"),
    "inspected": ("检查编号与日期", "Number and day of the inspection"),
    "inspected_text": ("{number}，{day}", "{number}, {day}"),
    "item": ("检查事项", "Item"),
    "found": ("发现的事实", "Facts found"),
    "clause": ("涉嫌违反的规定", "Provision concerned"),
    "wish": ("移送要求", "What is asked"),
    "files": ("随附证据", "Evidence handed over"),
    "files_1": ("序号", "No."),
    "files_2": ("内容", "What it shows"),
    "files_3": ("SHA-256 摘要", "SHA-256 digest"),
    "no_files": ("无", "none"),
    "due": ("反馈期限", "Answer due"),
    "due_text": (
        "{day}前反馈（立案的，注明案号；不予立案的，说明理由和依据；属于其他部门管辖的，说明去向）",
        "by {day}: the number of the case; or why none is opened and on which provision; or to whom it was handed on",
    ),
}
FILE_WIDTHS = (1.0, 4.6, 6.4)


@dataclass(frozen=True, slots=True)
class Letter:
    """A transfer as a paper of its visit; its first deadline stands on it whatever is granted later."""

    transfer: Transfer
    receiver: Department
    files: Sequence[TransferFile]

    def draft(self, frame: Frame) -> PaperData:
        """Return what the letter says."""
        said, transfer, entity = _Said(frame), self.transfer, frame.visit.entity
        opening = said("case_opening" if transfer.kind is TransferKind.CASE else "notice_opening")
        visited = frame.visit.visited_at
        day = frame.said.day(clock.local(visited).date()) if visited else ""
        pairs = [
            (said("entity"), entity.name),
            (said("unit_id"), entity.unit_id),
            (said("address"), entity.address),
            (said("inspected"), said("inspected_text", number=frame.visit.number or "", day=day)),
        ]
        if transfer.item is not None:
            pairs.append((said("item"), frame.said.name(transfer.item)))
        blocks: list[Block] = [
            Facts(said("case"), tuple(pairs)),
            Lines(said("found"), tuple(transfer.facts.splitlines()), numbered=False),
            Lines(said("clause"), tuple(transfer.clause.splitlines()), numbered=False),
        ]
        asked = [*transfer.wish.splitlines(), said("due_text", day=frame.said.day(transfer.due_on))]
        rows = tuple((str(one.number), one.caption or "—", one.sha256) for one in self.files)
        evidence = Table(said("files"), tuple(said(f"files_{no}") for no in (1, 2, 3)), rows, FILE_WIDTHS)
        return compose(
            frame,
            *blocks,
            evidence if rows else Lines(said("files"), (said("no_files"),)),
            Lines(said("wish"), tuple(asked)),
            _seal(frame),
            opening=[opening],
            addressee=said("addressee_unit" if transfer.own_unit else "addressee", name=frame.said.name(self.receiver)),
        )


class _Said:
    """The letter's own words in the language of its frame."""

    def __init__(self, frame: Frame) -> None:
        self.place = frame.said.place

    def __call__(self, key: str, **values: object) -> str:
        text = TEXTS[key][self.place]
        return text.format(**values) if values else text


def _seal(frame: Frame) -> Seals:
    said = frame.said
    bodies = tuple(
        (said.name(one), said("phone", phone=one.phone) if one.phone else said("no_phone")) for one in frame.bodies
    )
    return Seals(said("seals"), bodies, said("seal", day=frame.issued))


def series_of(transfer: Transfer) -> str:
    """Return the series of papers that a transfer has."""
    return f"transfer:{transfer.id}"


def subject_of(session: Session, transfer: Transfer) -> Subject:
    """Return the letter of a transfer as a paper that its visit can have."""
    letter = Letter(transfer, transfer.receiver, [one for one, _file in list_files(session, transfer)])
    # another receiver needs another letter; more time does not
    rests_on = source_digest("transfer", transfer.id, transfer.receiver_id, transfer.state in GONE)
    waits = OVER if transfer.state in GONE else ""
    return Subject(PAPERS[transfer.kind], series_of(transfer), (transfer.sender,), DUE, waits, rests_on, letter)


def letters_of_visit(session: Session, visit: Visit) -> list[Subject]:
    """List the letters of a visit's transfers; see ``papers.subjects.also``."""
    return [subject_of(session, one) for one in list_of_visit(session, visit.id)]
