"""A phone as a program: it keeps a queue, sends, loses answers, starts again, and computes the same digests.

It knows the interface only from docs/field-work.md: nothing of the product is imported here.
"""

import hashlib
import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any  # JSON

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

PIECE = 1 << 20
FINAL = frozenset({"applied", "conflict", "refused"})
Json = dict[str, Any]


def canonical(value: object) -> bytes:
    """JSON as both sides write it before hashing."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256(data: bytes) -> str:
    """The digest of some bytes."""
    return hashlib.sha256(data).hexdigest()


def entry_digest(item: int, entry: Mapping[str, Any]) -> str:
    """The digest of one item's entry."""
    said = [
        item, entry["checked"], entry["result"], entry["further"], entry["problem"], entry["unchecked_reason"],
        entry["disposal"],
        [[one["point"], one["value"], one["note"]] for one in sorted(entry["answers"], key=lambda one: one["point"])],
    ]  # fmt: skip
    return sha256(canonical(said))[:32]


def section_digest(section: Json) -> str:
    """The digest of a section as the phone shows it."""
    return sha256(canonical(sorted([one["id"], entry_digest(one["id"], one["entry"])] for one in section["items"])))


def record_digest(visit: Json) -> str:
    """The digest of the whole record as the phone shows it."""
    shown = [[one["id"], one["file"]] for one in visit["attachments"] if not one["detached"]]
    return sha256(
        canonical(
            {
                "attachments": sorted(shown),
                "outcome": [visit["outcome"]["code"], visit["outcome"]["note"]],
                "samples": [
                    [
                        one["number"],
                        one["section"],
                        one["item"],
                        one["what"],
                        one["amount"],
                        one["sealed"],
                        one["seal_number"],
                        one["given_to"],
                    ]
                    for one in visit["samples"]
                ],
                "sections": sorted([one["id"], section_digest(one)] for one in visit["sections"]),
            }
        )
    )


class LostError(Exception):
    """No answer came: whether it arrived is unknown."""


@dataclass
class Phone:
    """One inspector's phone. What survives a kill is ``queue``, ``files`` and ``visits``, as on a real one's disk."""

    client: FlaskClient
    random: Random
    id: str = ""
    csrf: str = ""
    visits: dict[int, Json] = field(default_factory=dict)
    queue: list[Json] = field(default_factory=list)
    sent: dict[str, Json] = field(default_factory=dict)
    results: dict[str, Json] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    etag: str = ""
    # how much of a file goes at once
    piece: int = PIECE
    # what becomes of a request: sees (method, url, body, send) and answers, or raises LostError
    network: Callable[[str, str, bytes, Callable[[bytes], TestResponse]], TestResponse] | None = None

    def new_id(self) -> str:
        """A number of the phone's own making."""
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def ask(self, method: str, url: str, body: object = None, **headers: str) -> TestResponse:
        """Send a request over a network that may lose it."""
        data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()

        def send(sent: bytes) -> TestResponse:
            kind = "application/octet-stream" if isinstance(body, bytes) else "application/json"
            own = {"Field-Device": self.id} if self.id else {}
            given = {
                "X-CSRF-Token": self.csrf,
                **own,
                **{name.replace("_", "-"): value for name, value in headers.items()},
            }
            return self.client.open(url, method=method, data=sent, content_type=kind if data else None, headers=given)

        return self.network(method, url, data, send) if self.network else send(data)

    def open_session(self) -> Json:
        """Ask who is signed in and take the token."""
        said: Json = self.ask("GET", "/field/api/session").get_json()
        self.csrf = said["csrf"]
        return said

    def register(self, name: str = "测试手机") -> TestResponse:
        """Register with the platform."""
        self.id = self.id or self.new_id()
        self.open_session()
        return self.ask("POST", "/field/api/devices", {"id": self.id, "name": name})

    def load(self) -> TestResponse:
        """Load the package."""
        response = self.ask("GET", f"/field/api/package?device={self.id}", If_None_Match=self.etag)
        if response.status_code == 200:
            self.visits = {one["id"]: one for one in response.get_json()["visits"]}
            self.etag = response.headers["ETag"]
        return response

    def visit(self, visit_id: int) -> Json:
        """A visit as the phone holds it, its own changes included."""
        return self.visits[visit_id]

    def item(self, visit_id: int, section: int, item: int) -> Json:
        """An item as the phone holds it."""
        found = next(one for one in self.visit(visit_id)["sections"] if one["id"] == section)
        return next(one for one in found["items"] if one["id"] == item)

    def write(self, kind: str, visit_id: int, **body: Any) -> Json:
        """Make an operation and put it into the queue."""
        place = {"latitude": 31.2304, "longitude": 121.4737, "accuracy": 12.5} if self.random.random() < 0.5 else None
        operation = {
            "id": self.new_id(), "visit": visit_id, "kind": kind, "made_at": "2026-11-23T09:30:00+08:00",
            "place": place, "form": self.visit(visit_id)["form"], "body": body,
        }  # fmt: skip
        self.queue.append(operation)
        return operation

    def fill(self, visit_id: int, section: int, item: int, **changes: Any) -> Json:
        """Write an item; the phone shows it at once."""
        held = self.item(visit_id, section, item)
        base = entry_digest(item, held["entry"])
        entry = {**held["entry"], **changes}
        held["entry"] = entry
        return self.write("item", visit_id, section=section, item=item, base=base, entry=entry)

    def answer_well(self, visit_id: int, section: int, item: int, **changes: Any) -> Json:
        """Write an item in which nothing is wrong."""
        points = self.item(visit_id, section, item)["points"]
        answers = [{"point": one["id"], "value": fine(one), "note": ""} for one in points]
        return self.fill(visit_id, section, item, checked=True, result="1", answers=answers, **changes)

    def take_photo(self, visit_id: int, section: int, item: int | None, data: bytes, *, purpose: str = "photo") -> Json:
        """Keep a photo and say where it belongs."""
        digest = sha256(data)
        self.files[digest] = data
        operation = self.write(
            "attach", visit_id, file=digest, section=section, item=item, point=None, purpose=purpose, caption="后厨",
            taken_at="2026-11-23T09:31:00+08:00",
        )  # fmt: skip
        shown = {"id": operation["id"], "file": digest, "section": section, "item": item}
        self.visit(visit_id)["attachments"].append({**shown, "detached": False, "complete": False})
        return operation

    def send(self, operations: list[Json] | None = None) -> TestResponse:
        """Send what is in the queue (or these); what was answered leaves the queue."""
        chosen = self.queue[:100] if operations is None else operations
        response = self.ask("POST", "/field/api/operations", {"device": self.id, "operations": chosen})
        if response.status_code in {200, 403, 409} and "results" in response.get_json():
            self.learn(response.get_json()["results"])
            for visit in response.get_json()["visits"]:
                self.visits[visit["id"]] = visit
        return response

    def learn(self, results: list[Json]) -> None:
        """Remember what became of operations."""
        for one in results:
            self.results[one["id"]] = one
        by_id = {one["id"]: one for one in self.queue}
        self.sent |= {name: by_id[name] for name in self.results if name in by_id}
        self.queue = [one for one in self.queue if one["id"] not in self.results]

    def catch_up(self) -> None:
        """Ask what became of operations whose answer got lost."""
        response = self.ask("GET", f"/field/api/operations?device={self.id}")
        if response.status_code == 200:
            self.learn(response.get_json()["results"])

    def upload(self, digest: str, *, kind: str = "image/jpeg") -> bool:
        """Send a file from where the platform says; True when it is whole there."""
        data = self.files[digest]
        begun = self.ask(
            "POST", "/field/api/files", {"device": self.id, "sha256": digest, "size": len(data), "type": kind}
        )
        if begun.status_code != 200:
            return False
        state = begun.get_json()
        while not state["complete"]:
            piece = data[state["received"] : state["received"] + self.piece]
            answer = self.ask("PUT", f"/field/api/files/{digest}", piece, Upload_Offset=str(state["received"]))
            state = answer.get_json()
            if answer.status_code not in {200, 409}:
                return False
            state.setdefault("complete", False)
        return True

    @property
    def waiting(self) -> list[str]:
        """Operations whose file is still awaited."""
        return [name for name, one in self.results.items() if one["outcome"] == "waiting"]


def fine(point: Json) -> str:
    """An answer that shows no problem."""
    if point["kind"] == "number":
        return str(point["minimum"] or point["maximum"] or "1")
    return str(point["options"][0]["value"]) if point["kind"] == "choice" else "yes"
