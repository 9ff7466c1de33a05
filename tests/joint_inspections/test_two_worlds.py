"""Two worlds that differ only in who was drawn give everybody not entitled the same bytes (T13, T14).

Both worlds begin from one frozen pool; only the secrets of the parties differ, so other enterprises and other
inspectors are drawn. Every address that answers GET is asked in both, as every kind of person, before the first
visit is disclosed. Digests and random tokens are masked; nothing else is.
"""

import html
import io
import logging
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import product
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from joint_inspections.visits.models import Visit
from sampling.seeds import contribution_digest
from supervision import clock
from supervision.accounts.models import User
from supervision.accounts.queries import actor_of
from supervision.draws import services as draws
from supervision.draws.models import Draw, DrawMember, DrawUnit
from supervision.entities.models import Entity
from supervision.inspectors.models import Inspector
from supervision.permissions import Role
from supervision.plans.models import Task
from supervision.transparency.keyring import keyring_of
from supervision.transparency.services.checkpoints import make_checkpoint
from supervision.web.access import rule_of
from tests.conftest import forget_signatures
from tests.joint_inspections.conftest import OPERATOR, District
from tests.pages import Browser

DRAWN_AT = datetime.combine(date(2026, 11, 16), time(12), clock.SHANGHAI)
STARTS_ON = date(2026, 12, 7)
ENTITIES, SELECTED, INSPECTORS = 24, 3, 14
# digests, their groups of four on slips and walls, tokens, request ids
RANDOM = re.compile(
    r"(?<![A-Za-z0-9+/])(?:[A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{86,}={0,2})"
    r"|[0-9a-f]{64}|<code>[0-9a-f]{4}</code>|[A-Za-z0-9_.-]{60,}|\b[0-9a-f]{16}\b|\b[0-9a-f]{32}\b"
    r"|\b(?:[0-9a-f]{4} ){5}[0-9a-f]{4}\b"
)
# what these answer is random or about the asking session itself
UNCOMPARED = frozenset({"static", "accounts.own"})
SEARCHED = frozenset(
    {"/entities/", "/visits/all", "/draws/", "/public/search", "/public/draws/", "/visits/", "/audit/", "/results/"}
)
Told = dict[tuple[str, str], tuple[int, str, str]]


@dataclass
class Frozen:
    """One frozen pool from which two worlds follow."""

    session: Session
    district: District
    draw: Draw
    entities: list[Entity]
    inspectors: list[Inspector]
    people: dict[str, User | None]

    @property
    def strangers(self) -> frozenset[str]:
        """Who is entitled to nothing in the week of the visits either."""
        entitled = {f"{role.value} elsewhere" for role in (Role.COORDINATOR, Role.OVERSIGHT)}
        return frozenset(name for name in self.people if name.endswith(("elsewhere", "public", "not drawn"))) - entitled

    def draw_with(self, seed: int) -> tuple[frozenset[str], frozenset[int]]:
        """Carry out the draw with secrets of this world; return the units and the inspectors drawn."""
        self.session.refresh(self.draw)
        actors = {
            self.district.lead.code: self.district.actor(Role.LEAD),
            self.district.other.code: self.district.actor(Role.LEAD, self.district.other),
        }
        known = {by: f"{place:02x}{seed:04x}" + "5a" * 29 for place, by in enumerate(actors)}
        for by, actor in actors.items():
            digest = contribution_digest(hash_name="sha256", draw=self.draw.number, by=by, secret=known[by])
            draws.seal(self.session, self.draw, digest=digest, actor=actor)
        draws.commit(self.session, self.draw, actor=actors[self.district.lead.code])
        for by, actor in actors.items():
            draws.reveal(self.session, self.draw, secret=known[by], actor=actor)
        draws.carry_out(self.session, self.draw, actor=actors[self.district.lead.code], operator=OPERATOR)
        units = sa.select(Entity.unit_id).join(DrawUnit).where(DrawUnit.draw_id == self.draw.id)
        members = sa.select(DrawMember.inspector_id).where(DrawMember.draw_id == self.draw.id)
        return frozenset(self.session.scalars(units)), frozenset(self.session.scalars(members))


@pytest.fixture
def frozen(session: Session, district: District) -> Iterator[Frozen]:
    make = district.make
    with clock.at(DRAWN_AT):
        # units of different length: the size of a sealed file must not tell of them
        entities = [make.entity() for _ in range(ENTITIES // 2)]
        entities += [
            make.entity(uscc=None, registration_number="3101060" + "7" * place) for place in range(ENTITIES // 2)
        ]
        spare = [make.inspector(body) for body in (district.lead, district.other) for _ in range(INSPECTORS)]
        plan = make.plan(*district.items, allocation={"kind": "total", "total": SELECTED})
        plan.newest.starts_on, plan.newest.ends_on = date(2026, 1, 1), date(2026, 12, 31)
        task = make.task(plan=plan, starts_on=STARTS_ON, ends_on=STARTS_ON + timedelta(days=18))
        draw = draws.freeze(session, task, actor=district.actor(Role.LEAD), operator=OPERATOR)
        keyring = keyring_of(session)
        assert keyring is not None
        make_checkpoint(session, keyring)
        people: dict[str, User | None] = {"public": None}
        elsewhere = make.department()
        for role in Role:
            people[f"{role.value} elsewhere"] = make.user(role, department=elsewhere)
        for role in (Role.LEAD, Role.HEAD, Role.REVIEWER):
            people[f"{role.value} of the lead department"] = district.user(role)
            people[f"{role.value} of the other department"] = district.user(role, district.other)
        session.flush()
        yield Frozen(session, district, draw, entities, spare, people)


def values_of(frozen: Frozen, drawn: set[str]) -> dict[str, list[object]]:
    """What may stand in addresses: everything that is drawn in one of the worlds, and one that is in neither."""
    session, draw = frozen.session, frozen.draw
    of_either = [one for one in frozen.entities if one.unit_id in drawn]
    shown = [*of_either[:1], *of_either[-1:], *[one for one in frozen.entities if one.unit_id not in drawn][:1]]
    visits = list(session.scalars(sa.select(Visit.id).where(Visit.draw_id == draw.id).order_by(Visit.id)))
    task = session.get_one(Task, draw.task_id)
    return {
        "draw_id": [draw.id],
        "task_id": [task.id],
        "plan_id": [task.plan_version.plan_id],
        "number": [draw.number, task.plan_version.plan.number, task.plan_version.item_list.number, 1],
        "entity_id": [one.id for one in shown],
        "unit_id": [one.unit_id for one in shown],
        "visit_id": [*visits, max(visits) + 100],
        "inspector_id": [one.id for one in frozen.inspectors][:3],
        "code": [frozen.district.lead.code, "en"],
        "year": [2026],
        "format": ["csv", "json", "xlsx"],
        "kind": ["full", "public", "csv", "xlsx", "commitment", "sealed"],
        "form": ["json"],
        "size": [1, 5],
        "dataset": ["draws", "results", "entities", "plans"],
        "step": ["scope", "draw"],
    }


def addresses(app: Flask, user: User | None, values: dict[str, list[object]]) -> list[str]:
    """Every address that answers GET to this person's roles, with everything that can stand in it, and searches.

    Who is refused for the role alone is refused in any world: the access matrix is tested elsewhere.
    """
    found: set[str] = set()
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or set()) and rule.endpoint not in UNCOMPARED and let_in(app, rule.endpoint, user):
            found |= set(filled(rule, values))
    words = [str(one) for one in values["unit_id"]]
    return sorted(found) + [f"{page}?q={word}" for page in sorted(found & SEARCHED) for word in words]


def let_in(app: Flask, endpoint: str, user: User | None) -> bool:
    """Whether the access rule of an endpoint lets this person in."""
    rule = rule_of(app, endpoint)
    if rule == "public" or (rule == "signed-in" and user is not None):
        return True
    return user is not None and isinstance(rule, tuple) and any(actor_of(user).may(right) for right in rule)


def filled(rule: Rule, values: dict[str, list[object]]) -> Iterator[str]:
    """A rule's address with each combination of known values; what is unknown is 1."""
    names = sorted(rule.arguments)
    for chosen in product(*(values.get(name, [1]) for name in names)):
        try:
            built = rule.build(dict(zip(names, chosen, strict=True)))
        except (TypeError, ValueError):  # a converter that does not take this value
            continue
        if built is not None:
            yield built[1]


def masked(content: bytes, mimetype: str) -> str:
    """An answer without what is random in both worlds."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(f"{name}\n{masked(archive.read(name), '')}" for name in sorted(archive.namelist()))
    text = content.decode("utf-8", "replace")
    return RANDOM.sub("·", html.unescape(text) if mimetype == "text/html" else text)


def answers(app: Flask, browse: Browser, people: dict[str, User | None], values: dict[str, list[object]]) -> Told:
    """What people are told at every address: status, masked body, and the headers that may differ."""
    told = {}
    for name, user in people.items():
        client = browse(user).client
        for url in addresses(app, user, values):
            response = client.get(url, buffered=True)
            assert response.status_code < 500, (name, url)
            headers = sorted(f"{key}: {RANDOM.sub('·', text)}" for key, text in response.headers if key != "Set-Cookie")
            told[name, url] = (response.status_code, masked(response.data, response.mimetype), "\n".join(headers))
    return told


def sequences(session: Session) -> list[tuple[str, int]]:
    """Where the sequences of PostgreSQL stand: a rollback does not move them back."""
    if session.get_bind().dialect.name != "postgresql":
        return []
    rows = session.execute(sa.text("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"))
    return [(name, last) for name, last in rows if last is not None]


@contextmanager
def world(app: Flask, frozen: Frozen, seed: int) -> Iterator[tuple[frozenset[str], frozenset[int]]]:
    """Draw with this seed; afterwards nothing of it has happened, in the files that remember the log neither."""
    session, before = frozen.session, sequences(frozen.session)
    folder = Path(app.instance_path) / "keys"
    signed = {path: path.read_bytes() for path in folder.glob("log.*")}
    point = session.begin_nested()
    yield frozen.draw_with(seed)
    point.rollback()
    for name, last in before:
        session.execute(sa.text("SELECT setval(CAST(:name AS regclass), :last)"), {"name": name, "last": last})
    forget_signatures(app)
    for path, content in signed.items():
        path.write_bytes(content)
    session.expire_all()


def told_in(app: Flask, frozen: Frozen, browse: Browser, *, seed: int, drawn: set[str]) -> list[Told]:
    """Ask everything in one world: on the day of the draw everybody, in the week of the visits those not entitled."""
    with world(app, frozen, seed):
        values = values_of(frozen, drawn)
        on_the_day = answers(app, browse, frozen.people, values)
        strangers = {name: user for name, user in frozen.people.items() if name in frozen.strangers}
        with clock.at(datetime.combine(STARTS_ON, time(12), clock.SHANGHAI)):
            return [on_the_day, answers(app, browse, strangers, values)]


# every page, as everybody, in both worlds, in one transaction: several minutes on PostgreSQL
@pytest.mark.timeout(1500)
def test_worlds_that_differ_only_in_who_was_drawn_look_the_same_to_everybody_not_entitled(
    app: Flask, frozen: Frozen, browse: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    with world(app, frozen, 1) as one:
        pass
    for other in range(2, 9):  # one time in two thousand the same enterprises are drawn again
        with world(app, frozen, other) as two:
            pass
        if one[0] != two[0] and one[1] != two[1]:
            break
    assert one[0] != two[0], "the worlds differ in who is inspected"
    assert one[1] != two[1], "and in who inspects"
    undrawn = next(person for person in frozen.inspectors if person.id not in one[1] | two[1])
    frozen.people["inspector of the roster, not drawn"] = frozen.district.make.user(
        Role.INSPECTOR, department=frozen.district.lead, inspector=undrawn
    )
    frozen.session.flush()
    told: list[list[Told]] = []
    logged: list[str] = []
    for seed in (1, other):
        caplog.clear()
        with caplog.at_level(logging.INFO):
            told.append(told_in(app, frozen, browse, seed=seed, drawn=set(one[0] | two[0])))
        logged.append(RANDOM.sub("·", caplog.text))
    assert logged[0] == logged[1]
    for first, second in zip(*told, strict=True):
        assert first.keys() == second.keys()
        different = [key for key in first if first[key] != second[key]]
        assert not different, "\n".join(f"{key}: {parting(first[key], second[key])}" for key in different[:12])
    assert sum(status == 200 for status, _body, _headers in told[0][0].values()) > 500


def parting(one: tuple[int, str, str], two: tuple[int, str, str]) -> str:
    """Show where two answers part."""
    if one[0] != two[0] or one[2] != two[2]:
        return f"{one[0]} {two[0]} {one[2]} {two[2]}"
    for left, right in zip(one[1].splitlines(), two[1].splitlines(), strict=False):
        if left != right:
            return f"{left.strip()!r} ≠ {right.strip()!r}"
    return "one is longer"
