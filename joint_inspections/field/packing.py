"""The package: all that a phone needs at the door without signal, for the visits of one inspector and no others.

Everything is read in a fixed number of statements, however many visits there are.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from joint_inspections.evidence.models import Attachment, Sample
from joint_inspections.experts.models import ExpertPlace
from joint_inspections.experts.queries import experts_of_visits
from joint_inspections.field import queries
from joint_inspections.field.contents import (
    digest_of_record,
    entries_of,
    entry_value,
    form_of_visit,
    items_by_department,
)
from joint_inspections.field.meetings import Told, Value, pack_department, pack_meeting
from joint_inspections.field.rules import digest_of
from joint_inspections.notices.models import Notice
from joint_inspections.notices.queries import digest_of_visit
from joint_inspections.notices.wording import PROHIBITIONS, RIGHTS, methods
from joint_inspections.records.entries import ItemEntry, section_digest
from joint_inspections.records.models import Section
from joint_inspections.records.queries import list_result_codes
from joint_inspections.records.rules import CARRIED_OUT, COMBINABLE, FURTHER_CODES, NOT_RECORDED, Disposal, option_value
from joint_inspections.signatures.links import refusals_said
from joint_inspections.signatures.models import PartyEntry
from joint_inspections.signatures.queries import answered, editions_of, names_samples
from joint_inspections.signatures.rules import standing
from joint_inspections.signatures.whole import samples_said
from joint_inspections.visits.meeting import Meeting, meetings_of
from joint_inspections.visits.models import Visit, VisitMember
from joint_inspections.visits.rules import SectionState
from supervision import clock
from supervision.items.models import CheckPoint, Item
from supervision.items.units import unit_names
from supervision.parameters.queries import get_number, list_reasons
from supervision.permissions import Actor


@dataclass(frozen=True, slots=True)
class Desk:
    """What only the web knows: how words and addresses are said."""

    told: Told
    check_url: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Shelf:
    """What was read for all visits of a package at once."""

    sections: Mapping[int, dict[int, Section]]
    notices: Mapping[int, list[Notice]]
    experts: Mapping[int, list[ExpertPlace]]
    counts: Mapping[int, int]
    attachments: Mapping[int, list[Attachment]]
    samples: Mapping[int, list[Sample]]
    # newest answer of each enterprise, and the last change of each record
    parties: Mapping[int, PartyEntry]
    editions: Mapping[int, int]
    # what enterprises wrote on their own phones that do not sign the record as it is now
    refusals: Mapping[int, str]
    meetings: Mapping[int, Meeting]
    desk: Desk


def pack_common(session: Session, *, desk: Desk) -> Value:
    """Return the texts and code tables that every form needs."""
    return {
        "texts": {"rights": _both(RIGHTS), "prohibitions": _both(PROHIBITIONS)},
        "result_codes": [
            {"code": one.code, "zh": one.name_zh, "en": one.name_en, "problem": one.is_problem}
            for one in list_result_codes(session).values()
        ],
        "outcomes": [
            {"code": one.code, "zh": one.name_zh, "en": one.name_en, "carried_out": one.code in CARRIED_OUT}
            for one in list_reasons(session, "visit_outcomes")
            if one.code not in NOT_RECORDED
        ],
        "disposals": [
            {"value": one.value, **dict(zip(("zh", "en"), desk.told(one.label), strict=True))} for one in Disposal
        ],
        "party_required": bool(get_number(session, "party-signature-required", on=clock.today())),
        "combinable": sorted(COMBINABLE),
        "further_codes": sorted(FURTHER_CODES),
    }


def _both(texts: Mapping[str, Sequence[str]]) -> Value:
    return {language: list(texts[language]) for language in ("zh", "en")}


def pack_visits(session: Session, viewer: Actor, visits: Sequence[Visit], *, desk: Desk) -> list[Value]:
    """Return visits as phones carry them."""
    if not visits:
        return []
    known = editions_of(session, [visit.id for visit in visits])
    editions = {visit.id: known.get(visit.id, 0) for visit in visits}
    shelf = Shelf(
        sections=queries.sections_of(session, visits),
        notices=queries.notices_of(session, visits),
        experts=experts_of_visits(session, [visit.id for visit in visits]),
        counts=queries.count_visited_of(session, visits, year=clock.today().year),
        attachments=queries.attachments_of(session, visits),
        samples=queries.samples_of(session, visits),
        parties=queries.parties_of(session, visits),
        editions=editions,
        refusals={one: link.refusal for one, link in refusals_said(session, editions).items()},
        meetings=meetings_of(session, visits),
        desk=desk,
    )
    return [_visit(visit, viewer, shelf) for visit in visits]


def _visit(visit: Visit, viewer: Actor, shelf: Shelf) -> Value:
    sections = shelf.sections.get(visit.id, {})
    entries, attachments = entries_of(visit, sections), shelf.attachments.get(visit.id, [])
    own = next((one for one in visit.team_now if one.inspector_id == viewer.inspector_id), None)
    leader, entity = visit.leader, visit.entity
    samples = shelf.samples.get(visit.id, [])
    digest = digest_of_record(visit, entries, attachments, samples)
    return {
        "id": visit.id,
        "number": visit.number,
        "version": visit.version,
        "state": visit.state.value,
        "kind": visit.kind.value,
        "urgent": visit.reported_at is not None,
        "planned_on": visit.planned_on.isoformat(),
        "visited_at": clock.local(visit.visited_at).isoformat(timespec="seconds") if visit.visited_at else None,
        "record_due_on": _day(visit.record_due_on),
        "number_of_visits_this_year": shelf.counts.get(visit.entity_id, 0),
        "entity": {
            "name": entity.name,
            "unit_id": entity.unit_id,
            "address": entity.address,
            "subdistrict": entity.sub_district.name_zh,
        },
        "notice": _notice(visit, shelf),
        **pack_meeting(shelf.meetings[visit.id], told=shelf.desk.told),
        "leader": leader.inspector_id if leader else None,
        "me": _me(own),
        "team": [_member(one) for one in visit.team_now],
        "experts": [_expert(one) for one in shelf.experts.get(visit.id, ())],
        "outcome": {"code": visit.outcome_code, "note": visit.outcome_note},
        "form": form_of_visit(visit),
        "digest": digest,
        "party": _party(shelf.parties.get(visit.id), digest, samples, shelf.editions[visit.id]),
        "refusal_said": shelf.refusals.get(visit.id),
        "sections": [
            _section(visit, department, items, sections.get(department), entries=entries[department], own=own)
            for department, items in items_by_department(visit)
        ],
        "attachments": [_attachment(one) for one in attachments],
        "samples": [_sample(one) for one in samples if one.withdrawal is None],
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _notice(visit: Visit, shelf: Shelf) -> Value | None:
    """Return the notice that is good for the present day and team."""
    wanted = digest_of_visit(visit, shelf.experts.get(visit.id, ()))
    found = next((one for one in shelf.notices.get(visit.id, []) if one.holds_for == wanted), None)
    if found is None:
        return None
    return {"number": found.number, "check_url": shelf.desk.check_url(found.token) if found.token else None}


def _party(entry: PartyEntry | None, digest: str, samples: Sequence[Sample], edition: int) -> Value | None:
    """Return what the enterprise did with the record, and whether that stands for the record as it is now."""
    if entry is None:
        return None
    counting = digest_of(samples_said(samples))
    # an answer from before samples were part of the record is settled on the pages
    seen = digest if names_samples(entry) else entry.seen
    said, second = entry.confirmation, entry.second
    return {
        "id": entry.id,
        "how": entry.how.value,
        "name": entry.name,
        "role": entry.role,
        "reason": entry.reason,
        "standing": standing(answered(entry, seen=seen, samples=counting, edition=edition)).value,
        "at": clock.local(entry.noted_at).isoformat(timespec="seconds"),
        "second": {"inspector": second.id, "name": second.name} if second else None,
        "confirmed_at": clock.local(said.confirmed_at).isoformat(timespec="seconds") if said and said.agrees else None,
    }


def _me(own: VisitMember | None) -> Value | None:
    if own is None:
        return None
    return {"inspector": own.inspector_id, "department": own.department_id, "leads": own.lead}


def _expert(one: ExpertPlace) -> Value:
    return {"name": one.expert.name, "organization": one.expert.organization, "field": one.field}


def _member(one: VisitMember) -> Value:
    area = one.inspector.lent_from
    return {
        "inspector": one.inspector_id,
        "name": one.inspector.name,
        "department": one.department_id,
        "certificate": one.inspector.certificate_number,
        "state": one.state.value,
        # always an exception, said wherever a team is shown
        "lent_from": {"zh": area.name_zh, "en": area.name_en} if area is not None else None,
    }


def _section(
    visit: Visit,
    department: int,
    items: Sequence[Item],
    section: Section | None,
    *,
    entries: Mapping[int, ItemEntry],
    own: VisitMember | None,
) -> Value:
    body = next(one.department for one in visit.plan_version.participants if one.department_id == department)
    return {
        "id": department,
        "department": pack_department(body),
        "own": own is not None and own.department_id == department,
        "state": section.state.value if section else SectionState.OPEN.value,
        "digest": section_digest(entries.values()),
        "results": section.results if section else [],
        "signed_by": section.signer.name if section and section.signer else None,
        "items": [_item(item, entries[item.id]) for item in items if item.id in entries],
    }


def _item(item: Item, entry: ItemEntry) -> Value:
    return {
        "id": item.id,
        "code": item.code,
        "zh": item.name_zh,
        "en": item.name_en,
        "legal_basis": item.legal_basis,
        "method_zh": methods(item.method, "zh"),
        "method_en": methods(item.method, "en"),
        "results": list(item.allowed_results),
        "phrases": [{"zh": one.text_zh, "en": one.text_en} for one in item.phrases],
        "digest": entry.digest,
        "entry": {name: value for name, value in entry_value(entry).items() if name != "digest"},
        "points": [_point(point) for point in item.check_points],
    }


def _point(point: CheckPoint) -> Value:
    zh, en = unit_names(point.unit or "")
    return {
        "id": point.id,
        "no": point.no,
        "kind": point.kind.value,
        "zh": point.question_zh,
        "en": point.question_en,
        "guidance_zh": point.guidance_zh,
        "guidance_en": point.guidance_en,
        "clause": point.legal_clause,
        "options": [_option(option) for option in point.options],
        "unit": point.unit,
        "unit_zh": zh,
        "unit_en": en,
        "minimum": point.minimum,
        "maximum": point.maximum,
        "veto": point.veto,
        "photo": point.photo,
    }


def _option(option: str) -> Value:
    chinese, _, english = option.partition("|")
    return {"value": option_value(option), "zh": chinese.strip(), "en": english.strip() or chinese.strip()}


def _attachment(one: Attachment) -> Value:
    return {
        "id": one.id,
        "file": one.sha256,
        "type": one.file.media_type if one.file else None,
        "size": one.file.size if one.file else None,
        "section": one.section.department_id if one.section else None,
        "item": one.item_id,
        "point": one.point_id,
        "purpose": one.purpose.value,
        "caption": one.caption,
        "complete": one.complete,
        "detached": one.detached,
    }


def _sample(one: Sample) -> Value:
    return {
        "number": one.number,
        "section": one.section.department_id,
        "item": one.item_id,
        "what": one.what,
        "amount": one.amount,
        "sealed": one.sealed,
        "seal_number": one.seal_number,
        "given_to": one.given_to,
    }
