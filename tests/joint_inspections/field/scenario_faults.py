"""What must hold after a random day at the door, asked of database, files and phones; nothing is left out."""

import json

import sqlalchemy as sa

from joint_inspections.evidence.models import SealedFile
from joint_inspections.evidence.store import digest_of, store_of
from joint_inspections.field.models import FieldClash, FieldOperation, FieldOutcome
from joint_inspections.records.entries import entry_of
from joint_inspections.records.models import RecordVersion
from joint_inspections.records.queries import list_sections
from joint_inspections.visits.rules import SectionState, VisitState
from tests.joint_inspections.field.phone import entry_digest
from tests.joint_inspections.field.scenarios import Day


def faults_of(day: Day) -> list[str]:
    """Say everything that must hold and does not."""
    found: list[str] = []
    for holder in day.holders:
        found += [f"the platform failed with {status}" for status in holder.network.faults]
        found += [f"still queued: {one['kind']}" for one in holder.phone.queue]
    for check in (_one_record, _one_outcome_each, _no_silent_overwrite, _files, _detached, _answers):
        found += check(day)
    return found


def _operations(day: Day) -> list[FieldOperation]:
    day.session.expire_all()
    return list(day.session.scalars(sa.select(FieldOperation).order_by(FieldOperation.id)))


def _one_record(day: Day) -> list[str]:
    versions = day.session.scalars(sa.select(RecordVersion).where(RecordVersion.visit_id == day.visit_id)).all()
    if len(versions) == 1 and day.visit.state is VisitState.SUBMITTED:
        return []
    said = {one["code"] for one in day.holders[0].phone.results.values()}
    return [f"{len(versions)} records, visit {day.visit.state}: {sorted(said)}"]


def _one_outcome_each(day: Day) -> list[str]:
    found = []
    for row in _operations(day):
        finals = [one.outcome.value for one in row.outcomes if one.final]
        if len(finals) != 1:
            found.append(f"{row.kind} {row.uuid} ended {len(finals)} times: {[o.code for o in row.outcomes]}")
    return found


def _no_silent_overwrite(day: Day) -> list[str]:
    """Play what was applied again in its order: each change must have built on what was there."""
    found: list[str] = []
    stored: dict[int, str] = {}
    sections = {one.department_id: one for one in list_sections(day.session, day.visit)}
    for row in _operations(day):
        if row.kind.value != "item" or row.newest.outcome.value != "applied":
            continue
        body = json.loads(row.content)["body"]
        now, new = stored.get(body["item"]), entry_digest(body["item"], body["entry"])
        if now is not None and now not in {body["base"], new}:
            found.append(f"item {body['item']} was overwritten")
        stored[body["item"]] = new
    for section in sections.values():
        found += [
            f"the newest entry of item {item.item_id} is lost"
            for item in section.item_results
            if item.item_id in stored and entry_of(item).digest != stored[item.item_id]
        ]
    if any(section.state is not SectionState.SIGNED for section in sections.values()):
        found.append("a section was not signed")
    return found


def _files(day: Day) -> list[str]:
    """What counts as complete is there and hashes to its name; what was attached is in the record."""
    store, found = store_of(day.session), []
    phone = day.holders[0].phone
    phone.etag = ""
    phone.load()
    shown = phone.visit(day.visit_id)["attachments"]
    for one in shown:
        sealed = day.session.get(SealedFile, one["file"])
        if one["complete"] and (sealed is None or digest_of(store.original(one["file"])) != one["file"]):
            found.append("complete without its bytes")
        if not one["complete"] and not one["detached"]:
            found.append("handed in with a file missing")
    content = json.loads(day.session.scalars(sa.select(RecordVersion.content)).first() or "{}")
    counted = sorted(one["id"] for one in content.get("attachments", []))
    if counted != sorted(one["id"] for one in shown if not one["detached"]):
        found.append("the record holds other files than the phone shows")
    applied = {one.uuid for one in _operations(day)
               if one.kind.value == "attach" and one.newest.outcome.value == "applied"}  # fmt: skip
    if applied != {one["id"] for one in shown}:
        found.append("attached and shown differ")
    return found


def _detached(day: Day) -> list[str]:
    shown = {one["id"]: one for one in day.holders[0].phone.visit(day.visit_id)["attachments"]}
    found = []
    for row in _operations(day):
        if row.kind.value == "detach" and row.newest.outcome.value == "applied":
            named = json.loads(row.content)["body"]["attachment"]
            if named in shown and not shown[named]["detached"]:
                found.append("a detached file came back")
    return found


def _answers(day: Day) -> list[str]:
    """Each phone knows what became of everything it wrote, and it is what the platform says."""
    rows = {one.uuid: one for one in _operations(day)}
    found = []
    for holder in day.holders:
        for uuid, result in holder.phone.results.items():
            if result["outcome"] == "repeated":
                continue
            if uuid not in rows:
                found.append("answered and not kept")
            elif not holder.out and rows[uuid].newest.outcome.value != result["outcome"]:
                found.append(f"told {result['outcome']}, stored {rows[uuid].newest.outcome}")
    kept = day.session.scalar(sa.select(sa.func.count()).select_from(FieldOutcome).join(FieldOperation))
    if not kept:
        found.append("nothing was kept")
    if day.session.scalars(sa.select(FieldClash).where(FieldClash.operation_id.is_(None))).all():
        found.append("a clash with nothing")
    return found
