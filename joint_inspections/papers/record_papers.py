"""The approval form, the on-site record, the notice of result and the order to correct, in the words of a language."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any  # a record is JSON

from joint_inspections.follow_ups.models import FollowUp
from joint_inspections.papers.drafting import (
    Frame,
    addressee_of,
    assistants,
    case_facts,
    closing,
    compose,
    items_table,
    seals,
    team_blocks,
)
from joint_inspections.papers.rules import Block, Drawings, Facts, Lines, PaperData, Signatures, Table, Writing
from joint_inspections.records.models import RecordVersion
from joint_inspections.records.rules import ReviewDecision
from joint_inspections.visits.models import VisitApproval
from supervision.items.units import measured

# answers of an enterprise that it drew, and how papers say what it did
DRAWN = frozenset({"signed", "own-phone"})
PARTY_KEYS = {"paper": "party_on_paper", "own-phone": "party_own_phone"}
# item, checked, result, problem, what follows
ROW_WIDTHS = (4.1, 1.7, 2.4, 3.3, 2.1)


@dataclass(frozen=True, slots=True)
class Codes:
    """The official lists a record quotes, as (Chinese, English) by code."""

    results: Mapping[str, tuple[str, str]]
    outcomes: Mapping[str, tuple[str, str]]
    returns: Mapping[str, tuple[str, str]]


def approval_form(frame: Frame, approval: VisitApproval) -> PaperData:
    """Return the form of one body: its head approves its own inspectors for one inspection (R-3.08)."""
    said, visit = frame.said, frame.visit
    sent = {int(one) for one in approval.inspectors.split()}
    members = [one for one in visit.members if one.inspector_id in sent]
    decision = Facts(
        said("approval_decision"),
        (
            (said("decision_body"), said.name(approval.department)),
            (said("decision_who"), approval.approver.name if approval.approver else ""),
            (said("decision_when"), said.moment(approval.approved_at)),
            (said("decision_text"), "\n".join(part for part in (said("approved"), approval.note) if part)),
        ),
    )
    case = case_facts(frame)
    planned = Facts("", ((said("planned"), said.day(visit.planned_on)),))
    return compose(
        frame,
        case,
        planned,
        items_table(frame, heading="approval_items"),
        *team_blocks(frame, heading="approval_team", members=members, ahead=True),
        *closing(frame),
        decision,
        seals(frame),
        opening=[said("approval_opening")],
    )


def site_record(
    frame: Frame,
    version: RecordVersion,
    content: Mapping[str, Any],
    codes: Codes,
    pictures: Mapping[str, bytes] | None = None,
) -> PaperData:
    """Return the on-site record: everything from the version that was handed in, nothing from rows that change.

    ``pictures`` are the drawn signatures it names, by their digests.
    """
    said = frame.said
    blocks: list[Block] = [case_facts(frame), _visit_facts(frame, version, content, codes), _team(frame, content)]
    blocks += [block for part in content["departments"] for block in _department(frame, part, codes)]
    blocks += _evidence(frame, content)
    blocks += [*closing(frame), Writing(said("statement"), 3), _record_signatures(frame, content)]
    drawings = _drawings(frame, content)
    if drawings.drawn:
        blocks.append(drawings)
    blocks.append(Lines(said("review"), (_review(frame, version, codes),)))
    return replace(compose(frame, *blocks, opening=[said("record_opening")]), pictures=dict(pictures or {}))


def drawn_files(content: Mapping[str, Any]) -> list[str]:
    """Return the digests of the drawn signatures that a record names."""
    party = content.get("party") or {}
    own = [party.get("sha256")] if party.get("how") in DRAWN else []
    return [one for one in (*own, *(drawn["sha256"] for drawn in content.get("signatures") or ())) if one]


def _drawings(frame: Frame, content: Mapping[str, Any]) -> Drawings:
    """Return the drawn signatures, each with its digest: the picture is small, the original is kept."""
    said, found = frame.said, []
    party = content.get("party") or {}
    names = {part["code"]: said.pick(part["name_zh"], part["name_en"]) for part in content["departments"]}
    if party.get("how") in DRAWN and party.get("sha256"):
        role = party.get("role")
        who = said("party_name", name=party.get("name") or "", role=role) if role else party.get("name") or ""
        found.append((f"{said('drawn_party')} {who}".strip(), party["sha256"]))
    found += [
        (f"{names.get(one['code'], one['code'])} {one['name']}", one["sha256"])
        for one in content.get("signatures") or ()
    ]
    return Drawings(said("drawings"), tuple(found))


def _visit_facts(frame: Frame, version: RecordVersion, content: Mapping[str, Any], codes: Codes) -> Facts:
    said = frame.said
    arrived = content["visited_at"]
    outcome = said.pick(*codes.outcomes.get(content["outcome"], (content["outcome"], "")))
    shown = said("shown", number=frame.notice_number) if frame.notice_number else said("shown_nowhere")
    return Facts(
        said("record_site"),
        (
            (said("arrived"), said.moment(datetime.fromisoformat(arrived)) if arrived else said("not_visited")),
            (said("handed_in"), said.moment(version.submitted_at)),
            (said("place"), content["entity"]["address"]),
            (said("outcome"), "\n".join(part for part in (outcome, content["outcome_note"]) if part)),
            (said("certificates"), shown),
            (said("assistants"), assistants(said, [one["name"] for one in content.get("experts") or ()])),
            (said("version"), said("version_text", no=version.version_no, digest=version.digest)),
        ),
    )


def _team(frame: Frame, content: Mapping[str, Any]) -> Table:
    said = frame.said
    names = {part["code"]: said.pick(part["name_zh"], part["name_en"]) for part in content["departments"]}
    rows = tuple(
        (
            one["name"],
            names.get(one["department"], one["department"]) + _lent(frame, one),
            one["certificate"],
            said("leader") if one["leader"] else said("member"),
        )
        for one in content["team"]
    )
    return Table(said("team"), said.heads("team_head", 4), rows, (2, 5, 3, 2))


def _lent(frame: Frame, member: Mapping[str, Any]) -> str:
    """Say of a lent inspector which neighboring area they come from (R-1.23)."""
    area = member.get("lent_from")
    return frame.said("lent", area=frame.said.pick(area["name_zh"], area["name_en"])) if area else ""


def _department(frame: Frame, part: Mapping[str, Any], codes: Codes) -> list[Block]:
    said, name = frame.said, frame.said.pick(part["name_zh"], part["name_en"])
    results = said.comma.join(_result(frame, code, codes) for code in part["results"]) or "—"
    rows = tuple(_row(frame, item, codes) for item in part["items"])
    heading = said("department_result", department=name, results=results)
    found: list[Block] = [Table(heading, said.heads("row_head", 5), rows, ROW_WIDTHS)]
    points = tuple(
        (f"{item['code']}-{point['no']} {said.pick(point['question_zh'], point['question_en'])}",
         _answer(frame, point), point["note"])
        for item in part["items"] if item["checked"] for point in item["answers"]
    )  # fmt: skip
    if points:
        found.append(Table(said("points", department=name), said.heads("point_head", 3), points, (7, 2, 3)))
    return found


def _row(frame: Frame, item: Mapping[str, Any], codes: Codes) -> tuple[str, ...]:
    said = frame.said
    checked = {True: said("yes"), False: said("no"), None: "—"}[item["checked"]]
    results = said.comma.join(_result(frame, one, codes) for one in (item["result"], item["further"]) if one)
    problem = item["problem"]
    if item["checked"] is False and item["unchecked_reason"]:
        problem = said("unchecked", reason=item["unchecked_reason"])
    disposal = said(f"disposal_{item['disposal']}") if item["disposal"] else ""
    name = f"{said.pick(item['name_zh'], item['name_en'])}\n{item['legal_basis']}"
    return name, checked, results or "—", problem or said("none"), disposal or "—"


def _result(frame: Frame, code: str, codes: Codes) -> str:
    return frame.said.pick(*codes.results.get(code, (code, "")))


def _answer(frame: Frame, point: Mapping[str, Any]) -> str:
    value = point["value"]
    if value in {"yes", "no", "na"}:
        return frame.said(value)
    return measured(value, point["unit"] or "", frame.said.language) or "—"


def _evidence(frame: Frame, content: Mapping[str, Any]) -> list[Block]:
    """Return files and samples, which records handed in before evidence was kept do not know."""
    said = frame.said
    found: list[Block] = []
    files = tuple(
        (
            str(one.get("no") or ""),
            one.get("caption") or said(f"purpose_{one.get('purpose') or 'document'}"),
            "-".join(str(part) for part in (one.get("item"), one.get("point")) if part) or one.get("department") or "—",
            one.get("sha256") or "",
        )
        for one in content.get("attachments") or ()
    )
    if files:
        found.append(Table(said("attachments"), said.heads("file_head", 4), files, (0.8, 4, 2.6, 6)))
    samples = tuple(
        (
            one.get("what") or "",
            one.get("amount") or "",
            one.get("seal_number") or "—",
            one.get("given_to") or "—",
            one.get("taken_by") or "",
        )
        for one in content.get("samples") or ()
    )
    if samples:
        found.append(Table(said("samples"), said.heads("taken_head", 5), samples, (3, 2, 2, 3, 2)))
    return found


def _record_signatures(frame: Frame, content: Mapping[str, Any]) -> Signatures:
    said = frame.said
    people = {one["certificate"]: one["name"] for one in content["team"]}
    lines = [(said("party_line"), party_state(frame, content.get("party")))]
    for part in content["departments"]:
        label = said("inspector_line", department=said.pick(part["name_zh"], part["name_en"]))
        lines.append((label, _signed_section(frame, part, people)))
    return Signatures(said("signing"), said("party_confirms"), tuple(lines), said("day_blank"))


def _signed_section(frame: Frame, part: Mapping[str, Any], people: Mapping[str, str]) -> str:
    if not part["signed_by"]:
        return ""
    at = frame.said.moment(datetime.fromisoformat(part["signed_at"]))
    certificate = str(part["signed_by"])
    return frame.said("section_signed", name=people.get(certificate, ""), certificate=certificate, at=at)


def party_state(frame: Frame, party: Mapping[str, Any] | None) -> str:
    """Say what the enterprise did with the record: signed, refused before two officers, or nothing noted yet."""
    said = frame.said
    if not party:
        return ""
    name, at = party.get("name") or "", party.get("at")
    who = said("party_name", name=name, role=party["role"]) if party.get("role") else name
    values = {"who": who, "at": said.moment(datetime.fromisoformat(at)) if at else ""}
    if party.get("how") == "refused":
        officers = said.comma.join(one for one in (party.get("officer"), party.get("second")) if one)
        refused = said("party_refused_before", officers=officers, reason=party.get("reason") or "", **values).strip()
        return "\n".join(part for part in (refused, _confirmed(frame, party)) if part)
    return said(PARTY_KEYS.get(party.get("how") or "", "party_signed"), **values).strip()


def _confirmed(frame: Frame, party: Mapping[str, Any]) -> str:
    """Say when the second officer confirmed a refusal; records from before that was asked do not know."""
    at = party.get("confirmed_at")
    if not at:
        return ""
    second = party.get("second") or ""
    return frame.said("party_confirmed", officer=second, at=frame.said.moment(datetime.fromisoformat(at)))


def _review(frame: Frame, version: RecordVersion, codes: Codes) -> str:
    said, review = frame.said, version.review
    if review is None:
        return said("review_waiting")
    at = said.moment(review.reviewed_at)
    if review.decision is ReviewDecision.APPROVED:
        return "\n".join(part for part in (said("review_approved", at=at), review.note) if part)
    reason = said.pick(*codes.returns.get(review.reason_code, (review.reason_code, "")))
    return said("review_returned", at=at, reason=f"{reason} {review.note}".strip())


def result_notice(frame: Frame, content: Mapping[str, Any], codes: Codes, *, department: str) -> PaperData:
    """Tell the enterprise the result of the whole inspection, or of one ``department`` (R-3.09)."""
    said = frame.said
    parts = [one for one in content["departments"] if department in {"", one["code"]}]
    overall = tuple(
        (
            said.pick(one["name_zh"], one["name_en"]),
            said.comma.join(_result(frame, code, codes) for code in one["results"]) or "—",
        )
        for one in parts
    )
    day = (content["visited_at"] or content["planned_on"])[:10]
    rows = [
        Table(
            said.pick(one["name_zh"], one["name_en"]),
            said.heads("row_head", 5),
            tuple(_row(frame, item, codes) for item in one["items"]),
            ROW_WIDTHS,
        )
        for one in parts
    ]
    return compose(
        frame,
        Table(said("results"), said.heads("result_head", 2), overall, (1, 1)),
        *rows,
        Lines(said("notes"), (said("result_published"),)),
        case_facts(frame),
        *team_blocks(frame),
        *closing(frame, remedies=("remedy_result", "remedy_later")),
        seals(frame),
        receipt(frame),
        opening=[said("result_opening", day=said.day(datetime.fromisoformat(day).date()))],
        addressee=addressee_of(frame),
    )


def order_to_correct(frame: Frame, follow_up: FollowUp, *, demand: str) -> PaperData:
    """Order the enterprise to correct one problem by a day, on its legal basis, with its remedies (R-1.35)."""
    said = frame.said
    what = Facts(
        said("order_what"),
        (
            (said("order_item"), said.name(follow_up.item)),
            (said("order_basis"), follow_up.item.legal_basis),
            (said("order_problem"), follow_up.problem),
            (said("order_demand"), demand or said("order_default")),
            (said("order_due"), said("order_due_text", day=said.day(follow_up.due_on))),
        ),
    )
    return compose(
        frame,
        what,
        Lines(said("notes"), (said("order_answer"), said("order_after"))),
        case_facts(frame),
        *team_blocks(frame),
        *closing(frame, remedies=("remedy_order",)),
        seals(frame),
        receipt(frame),
        opening=[said("order_opening")],
        addressee=addressee_of(frame),
    )


def receipt(frame: Frame) -> Signatures:
    """Return the acknowledgement of receipt at the end of what is handed to the enterprise."""
    said = frame.said
    lines = ((said("party_line"), ""), (said("receipt_server"), ""))
    return Signatures(said("receipt"), said("receipt_text"), lines, said("day_blank"))
