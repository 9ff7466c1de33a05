"""Who may open what, written down once in ``access_matrix.csv`` and checked against every route.

The table is written by hand, or by hand-checked generation: read the row that a failing test prints, then add it.
"""

import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any  # arguments of any cursor event

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import AnyConverter, IntegerConverter, Rule
from werkzeug.test import TestResponse

from joint_inspections.visits.services import declare_recusal
from supervision import clock
from supervision.accounts.models import User
from supervision.intake.models import Upload
from supervision.intake.rules import UploadState
from supervision.items.rules import ListState
from supervision.jobs.models import Job
from supervision.jobs.rules import JobState
from supervision.permissions import ROLE_PERMISSIONS, Role
from supervision.plans.rules import PlanState
from supervision.web.access import rule_of
from tests.factories import Make
from tests.joint_inspections.conftest import District
from tests.pages import Browser, Visitor, check_page

MATRIX = Path(__file__).with_name("access_matrix.csv")
# something of the right shape that certainly does not exist
NOWHERE = {"code": "NOPE", "kind": "nothing", "format": "csv", "step": "content", "dataset": "nothing", "number": "0"}
MISSING_ID = "999999"
# what phones ask for without saying which phone they are is no request
READ_STRICTLY = {"/field/api/package", "/field/api/operations"}


def rows() -> list[dict[str, str]]:
    with MATRIX.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def row_of(app: Flask, rule: Rule) -> dict[str, str]:
    """The row a route must have."""
    declared = "public" if rule.endpoint == "static" else rule_of(app, rule.endpoint)
    access = "|".join(sorted(declared)) if isinstance(declared, tuple) else str(declared)
    methods = "|".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
    return {"endpoint": rule.endpoint, "path": rule.rule, "methods": methods, "access": access}


def lets_in(access: str, role: Role | None) -> bool:
    """What the table says, worked out without the product's own guard."""
    if access == "public" or role is None:
        return access == "public"
    return access == "signed-in" or bool(set(access.split("|")) & {str(one) for one in ROLE_PERMISSIONS[role]})


def expected(access: str, role: Role | None) -> set[int]:
    """How a page without arguments answers; the public is sent to sign in, files and data say 401."""
    if lets_in(access, role):
        return {200, 302}
    return {403} if role else {302, 401}


def missing(url: str) -> set[int]:
    """How an address of nothing answers; whole lists as files exist, an unknown language goes back to the page."""
    if "/export" in url:
        return {200}
    if url.startswith("/field/api/devices/"):
        return {400}
    return {302} if url.startswith("/language/") else {404}


def address(app: Flask, rule: Rule, known: dict[str, int] | None = None) -> str:
    """An address of the route with ``known`` ids, or where nothing exists; the page itself without arguments."""
    values: dict[str, Any] = {}
    for name, converter in rule._converters.items():
        chosen = NOWHERE.get(name, MISSING_ID)
        if isinstance(converter, AnyConverter) and chosen not in converter.items:
            chosen = min(converter.items)
        values[name] = int(chosen) if isinstance(converter, IntegerConverter) else chosen
        if name == "year":
            values[name] = 1999
        values[name] = (known or {}).get(name, values[name])
    with app.test_request_context():
        return str(app.url_map.bind("localhost").build(rule.endpoint, values))


def gets(app: Flask, *, with_arguments: bool) -> list[tuple[str, str]]:
    """Addresses and access of the pages without (or with) arguments."""
    found = [
        rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set()) and rule.endpoint != "static"
    ]
    return [
        (address(app, rule), row_of(app, rule)["access"]) for rule in found if bool(rule.arguments) is with_arguments
    ]


def posts(app: Flask) -> list[tuple[str, str]]:
    """Addresses and access of everything that can change something."""
    found = [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or set())]
    return [(address(app, rule), row_of(app, rule)["access"]) for rule in found]


def check(response: TestResponse) -> None:
    """Every page is a whole page; refusals are one template and are checked where they are tested."""
    if response.status_code == 200 and response.mimetype == "text/html" and "<html" in response.text:
        check_page(response.text)


def person(make: Make, role: Role) -> User:
    """Somebody who holds just this role, with everything such a person usually has."""
    department = make.department("SELF")
    inspector = make.inspector(department) if role is Role.INSPECTOR else None
    return make.user(role, department=department, inspector=inspector)


@contextmanager
def nothing_written(app: Flask) -> Iterator[None]:
    """Fail when anything but the browser's own session, or a try in vain that is counted, is written."""
    engine: sa.Engine = app.extensions["engine"]
    written: list[str] = []

    def see(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if re.match(r"\s*(INSERT|UPDATE|DELETE|REPLACE)", statement, re.IGNORECASE) and not re.search(
            "login_sessions|link_failures", statement
        ):
            written.append(statement)

    sa.event.listen(engine, "before_cursor_execute", see)
    try:
        yield
    finally:
        sa.event.remove(engine, "before_cursor_execute", see)
    assert not written


def token(client: FlaskClient, page: str) -> str:
    """A token that is right for this browser, so that only the rule of the endpoint is left to refuse."""
    return Visitor(client, check=False).token(page)


def test_every_route_has_its_row_and_every_row_its_route(app: Flask) -> None:
    written = {tuple(sorted(row.items())) for row in rows()}
    real = {tuple(sorted(row_of(app, rule).items())) for rule in app.url_map.iter_rules()}
    assert real - written == set(), "routes without a row, or with another access rule than the table's"
    assert written - real == set(), "rows without such a route"
    assert len(rows()) == len(list(app.url_map.iter_rules())), "a row stands twice"


@pytest.mark.parametrize("role", [None, *Role], ids=lambda role: role or "public")
def test_pages_open_for_exactly_the_roles_of_the_table(
    app: Flask, make: Make, browse: Browser, role: Role | None
) -> None:
    make.catalogues()
    make.item_list(state=ListState.DRAFT, published_on=None)
    make.item_list()
    visitor = browse(person(make, role) if role else None)
    wrong = []
    for url, access in gets(app, with_arguments=False):
        response = visitor.client.get(url, buffered=True)
        check(response)
        allowed = expected(access, role) | ({400} if url in READ_STRICTLY and lets_in(access, role) else set())
        if response.status_code not in allowed:
            wrong.append((url, access, response.status_code))
        elif response.status_code == 302 and not lets_in(access, role):
            assert response.location.startswith("/sign-in?next=/"), url
    assert not wrong


@pytest.mark.parametrize("role", [None, *Role], ids=lambda role: role or "public")
def test_what_does_not_exist_is_not_found_for_the_entitled_and_refused_to_others(
    app: Flask, make: Make, browse: Browser, role: Role | None
) -> None:
    make.catalogues()
    make.item_list()
    visitor, wrong = browse(person(make, role) if role else None), []
    for url, access in gets(app, with_arguments=True):
        response = visitor.client.get(url, buffered=True)
        check(response)
        refused = {403} if role else {302, 401}
        if response.status_code not in (missing(url) if lets_in(access, role) else refused):
            wrong.append((url, access, response.status_code))
    assert not wrong


def test_nothing_is_written_without_the_token_of_the_form(app: Flask, make: Make, browse: Browser) -> None:
    visitor = browse(person(make, Role.LEAD))
    with nothing_written(app):
        for client in (browse().client, visitor.client):
            answers = {url: client.post(url, buffered=True).status_code for url, _ in posts(app)}
            assert {url: status for url, status in answers.items() if status != 400} == {}


@pytest.mark.parametrize("role", [None, *Role], ids=lambda role: role or "public")
def test_writing_is_refused_to_everybody_whom_the_table_does_not_let_in(
    app: Flask, make: Make, browse: Browser, role: Role | None
) -> None:
    client = browse(person(make, role) if role else None).client
    data = {"csrf_token": token(client, "/account" if role else "/sign-in")}
    wrong = []
    with nothing_written(app):
        for url, access in posts(app):
            if lets_in(access, role):
                continue
            response = client.post(url, buffered=True, data=data)
            check(response)
            if response.status_code != (403 if role else 401):
                wrong.append((url, access, response.status_code))
    assert not wrong


SCOPED = {"plan_id", "task_id", "draw_id", "visit_id", "upload_id", "job_id", "recusal_id"}
# the form's token, numbers of requests and of things differ from page to page
NUMBERS = re.compile(r"[\w.-]{40,}|\b[0-9a-f]{16}\b|\d+")


def scoped_routes(app: Flask) -> list[Rule]:
    """Routes to things of which another department may not even know that they exist."""
    return [
        rule for rule in app.url_map.iter_rules() if rule.arguments & SCOPED and not rule.rule.startswith("/public")
    ]


@pytest.fixture
def ours(session: Session, make: Make) -> dict[str, int]:
    """One of each scoped thing of a department, by the name of its argument."""
    make.catalogues()
    lead, other = make.department(), make.department()
    items = [make.item(lead), make.item(lead), make.item(other)]
    for department in (lead, other):
        for _ in range(4):
            make.inspector(department)
    district = District(session, make, lead, other, items)
    draw = district.draw_now()
    visit = district.visit
    district.submit(visit)
    section = district.sections(visit)[0]
    member = district.visits[1].team_now[0]
    recusal = declare_recusal(
        session, district.visits[1], reason_code="kinship", statement="x", actor=district.inspector(member)
    )
    user, draft = district.user(Role.LEAD), make.plan(items[0], state=PlanState.DRAFT)
    moment = {"created_by": user.id, "created_at": clock.now()}
    job = Job(kind="nothing", arguments={}, state=JobState.QUEUED, **moment)
    upload = Upload(kind="entities", filename="x.csv", digest="0" * 64, size=1, state=UploadState.CHECKED, **moment)
    session.add_all([job, upload])
    session.flush()
    found = {"plan_id": draft.id, "task_id": draw.task_id, "draw_id": draw.id, "visit_id": visit.id}
    found |= {"upload_id": upload.id, "job_id": job.id, "recusal_id": recusal.id, "section_id": section.id}
    return found | {"version_no": 1, "other_id": draft.id}


@pytest.mark.parametrize("role", [Role.LEAD, Role.HEAD, Role.REVIEWER, Role.INSPECTOR])
def test_things_of_another_department_answer_like_things_that_do_not_exist(
    app: Flask, make: Make, browse: Browser, ours: dict[str, int], role: Role
) -> None:
    client, different, tried = browse(person(make, role)).client, [], 0
    data = {"csrf_token": token(client, "/account"), "reason": "x", "note": "x"}
    for rule in scoped_routes(app):
        if not lets_in(row_of(app, rule)["access"], role):
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            sent = data if method == "POST" else None
            urls = address(app, rule, ours), address(app, rule)
            foreign, nothing = (client.open(url, method=method, buffered=True, data=sent) for url in urls)
            tried += 1
            same = NUMBERS.sub("", foreign.text) == NUMBERS.sub("", nothing.text)
            if (foreign.status_code, nothing.status_code) != (404, 404) or not same:
                different.append((method, urls[0], foreign.status_code, nothing.status_code))
    assert not different
    assert tried > 4


def test_our_own_things_open(app: Flask, browse: Browser, session: Session, ours: dict[str, int]) -> None:
    job = session.get(Job, ours["job_id"])
    assert job is not None
    visitor = browse(session.get(User, job.created_by))
    for name, path in {"plan_id": "plans", "task_id": "tasks", "draw_id": "draws", "visit_id": "visits"}.items():
        visitor.get(f"/{path}/{ours[name]}")
    visitor.get(f"/imports/{ours['upload_id']}")
    visitor.get(f"/jobs/{ours['job_id']}")


def test_writing_to_what_does_not_exist_is_never_a_fault(
    app: Flask, make: Make, browse: Browser, session: Session
) -> None:
    make.catalogues()
    wrong = []
    for role in Role:
        client = browse(person(make, role)).client
        data = {"csrf_token": token(client, "/account"), "reason": "x", "note": "x"}
        for url, access in posts(app):
            if MISSING_ID in url and lets_in(access, role):
                status = client.post(url, buffered=True, data=data).status_code
                if status != 404:
                    wrong.append((role, url, status))
    assert not wrong
