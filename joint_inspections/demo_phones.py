"""Demonstration: phones of inspectors, one of them lost, and a visit recorded by phone; a photo is on its way."""

import hashlib
import uuid
from datetime import timedelta
from typing import Any  # JSON

from joint_inspections.demo_doorstep import Doorstep
from joint_inspections.demo_pictures import photo
from joint_inspections.evidence.services import keep_bytes
from joint_inspections.field.contents import form_of_visit
from joint_inspections.field.models import FieldDevice
from joint_inspections.field.reading import OPERATIONS
from joint_inspections.field.services import look_again, note_told, register_device, revoke_device, take_operations
from supervision import clock
from supervision.accounts.queries import actor_of, find_user
from supervision.demo.office import office_hour
from supervision.demo.registry import Demo
from supervision.permissions import Actor

# who has which phone; the last one was lost on the underground
PHONES = (
    ("inspector.scjg", "华为 Mate 60", False),
    ("inspector.sthj", "荣耀 Magic6", False),
    ("inspector.xfjy", "小米 14", False),
    ("inspector.scjg2", "OPPO Find X7", True),
)
LOST = "下班途中遗失，已挂失手机号码。"
BROWSER = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Mobile Safari/537.36"


def register_phones(demo: Demo) -> None:
    """Let inspectors who can sign in register their phones; one is revoked by its owner and told to wipe itself."""
    for username, name, lost in PHONES:
        user = find_user(demo.session, username)
        if user is None:
            continue
        with clock.at(office_hour(demo.today - timedelta(days=20))):
            device = _register(demo, name, actor_of(user))
        if lost:
            with clock.at(office_hour(demo.today - timedelta(days=3))):
                revoke_device(demo.session, device, reason=LOST, actor=actor_of(user))
                note_told(demo.session, device.id)


def _register(demo: Demo, name: str, actor: Actor) -> FieldDevice:
    number = uuid.UUID(int=demo.random(f"phone {name}").getrandbits(128), version=4)
    return register_device(demo.session, device_id=str(number), name=name, actor=actor, browser=BROWSER)


def record_by_phone(team: Doorstep) -> None:
    """The leader is at the door with a phone: arrival and two photos were sent, the bytes of one have yet to come."""
    team.announce()
    actor = team.leader
    with team.at(9):
        device = _register(team.demo, "三星 S24", actor)
    with team.at(9, 20) as now:
        section = next(one.department_id for one in team.visit.team_now if one.lead)
        item = next(one.item for one in team.visit.plan_version.items if one.item.department_id == section)
        sent = photo("shelf", 1)  # the very photo of another visit: the platform says so
        awaited = hashlib.sha256(photo("display", 90)).hexdigest()
        changes: list[tuple[str, dict[str, Any]]] = [
            ("arrive", {}),
            *(("attach", {
                "file": digest, "section": section, "item": item.id, "point": None, "purpose": "photo",
                "caption": item.name_zh[:40], "taken_at": now.isoformat(),
            }) for digest in (hashlib.sha256(sent).hexdigest(), awaited)),
        ]  # fmt: skip
        operations = [
            {"id": str(team.number("operation")), "visit": team.visit.id, "kind": kind, "made_at": now.isoformat(),
             "place": None, "form": form_of_visit(team.visit), "body": body}
            for kind, body in changes
        ]  # fmt: skip
        read = OPERATIONS({"device": device.id, "operations": operations}, "")
        take_operations(team.session, device.id, read["operations"], actor=actor)
        keep_bytes(team.session, sent, media_type="image/jpeg", actor=actor)
        look_again(team.session, [team.visit.id], actor=actor)
