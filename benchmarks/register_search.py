"""How fast the register of entities is searched, beside a bare Flask page served the same way, in one run.

    PYTHONPATH=. python benchmarks/register_search.py [entities]

Both sides answer through Flask's test client in this process; the bare page returns one line of HTML without template,
session or database. The figures are p95 over all requests of a kind, in processor time, so that other programs on the
machine do not count; what counts are the ratios (target: at most 8
times a bare page). The searched page is the whole list as a department lead sees it: signed in, menu, filters, twenty
rows, count, paging. The frame alone, a page of the platform without a list, tells how much of it is the search's.
"""

import csv
import random
import secrets
import sys
import tempfile
import time
from datetime import date, timedelta
from itertools import chain
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from stdnum.cn.uscc import calc_check_digit

from supervision import clock
from supervision.accounts.models import User, UserRole
from supervision.config import PROJECT, Config
from supervision.db import Base, insert_many
from supervision.entities.models import Entity, EntityType, Industry, SubDistrict
from supervision.entities.queries import select_in_scope
from supervision.entities.rules import EntityStatus, RiskClass
from supervision.entities.search import rebuild_index
from supervision.permissions import Role
from supervision.web import catalogues
from wsgi import create_app

ENTITIES = 90_000
ROUNDS = 60
WARMING = 5
KINDS = ("餐饮管理有限公司", "科技有限公司", "商贸有限公司", "便利店", "美容服务部", "(上海)信息技术有限公司")
ADDRESSES = {
    "no search": "",
    "one character, everywhere": "q=上",
    "two characters, in a sixth": "q=餐饮",
    "six characters, in a sixth": "q=科技有限公司",
    "two characters, rare": "q={rare}",
    "a whole name": "q={name}",
    "pinyin initials": "q={initials}",
    "pinyin initials, common": "q=kjyxgs",
    "beginning of a code": "q=91310106MA00",
    "a whole code": "q={code}",
    "nothing found": "q=不存在的名称",
    "search and two filters": "q={rare}&type=1100&sub_district=310106013",
    "two filters": "type=1100&industry=H",
    "sorted by day, page 400": "sort=-registered_on&page=400",
}


def main() -> None:
    """Build a register in a temporary folder, measure, print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ENTITIES
    catalogues.compile_all()
    with tempfile.TemporaryDirectory() as folder:
        app = _application(Path(folder))
        engine: sa.Engine = app.extensions["engine"]
        with Session(engine) as session:
            sample = _fill(session, count)
            user_id = _lead(session)
            session.commit()
        _measure(app, user_id, sample)
        with Session(engine) as session:
            started = time.perf_counter()
            rows = sum(1 for _ in select_in_scope(session))
            print(f"a plan's scope of {rows:,} entities read in {time.perf_counter() - started:.2f} s")
        engine.dispose()


def _application(folder: Path) -> Flask:
    config = Config(
        instance=folder,
        database_url=f"sqlite:///{folder / 'register.sqlite3'}",
        secret_key=secrets.token_hex(32),
        secure_cookies=False,
        testing=True,
    )
    app = create_app(config)
    Base.metadata.create_all(app.extensions["engine"])
    return app


def _catalogue(name: str) -> list[dict[str, str]]:
    text = (PROJECT / "supervision" / "catalogues" / f"{name}.csv").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def _fill(session: Session, count: int) -> dict[str, str]:
    industries, types, districts = (_catalogue(name) for name in ("industries", "entity_types", "sub_districts"))
    session.add_all(
        Industry(**{**row, "level": int(row["level"])}) for row in sorted(industries, key=lambda row: row["level"])
    )
    session.add_all(EntityType(code=row["code"], name_zh=row["name_zh"], name_en=row["name_en"]) for row in types)
    session.add_all(SubDistrict(code=row["code"], name_zh=row["name_zh"], name_en=row["name_en"]) for row in districts)
    session.flush()
    chance = random.Random(20170905)  # noqa: S311 - invented data, nothing is drawn
    words = (PROJECT / "supervision" / "demo" / "words" / "shop_words.txt").read_text(encoding="utf-8").split()
    started, now = time.perf_counter(), clock.now()
    rows = []
    for number in range(count):
        body = f"91310106MA{number:07d}"
        code = body + calc_check_digit(body)
        day = date(2000, 1, 1) + timedelta(days=chance.randrange(9000))
        rows.append(
            {
                "unit_id": code,
                "uscc": code,
                "name": "上海" + "".join(chance.sample(words, 2)) + chance.choice(KINDS),
                "type_code": chance.choice(types)["code"],
                "industry_code": chance.choice(industries)["code"],
                "sub_district_code": chance.choice(districts)["code"],
                "status": EntityStatus.ACTIVE,
                "status_since": day,
                "registered_on": day,
                "risk_class": chance.choice(list(RiskClass)),
                "created_at": now,
                "updated_at": now,
            }
        )
    insert_many(session, Base.metadata.tables["entities"], rows)
    print(f"{count:,} entities written with their pinyin and skeletons in {time.perf_counter() - started:.1f} s")
    started = time.perf_counter()
    rebuild_index(session)
    print(f"search index built in {time.perf_counter() - started:.1f} s")
    one = session.execute(sa.select(Entity.name, Entity.initials, Entity.uscc).where(Entity.id == count // 2)).one()
    return {"name": one.name, "rare": one.name[2:4], "initials": one.initials[2:7], "code": one.uscc or ""}


def _lead(session: Session) -> int:
    user = User(username="lead", name="测量", active=True, created_at=clock.now())
    user.role_rows = [UserRole(role=Role.LEAD)]
    session.add(user)
    session.flush()
    return user.id


def _measure(app: Flask, user_id: int, sample: dict[str, str]) -> None:
    bare = Flask("bare")
    bare.add_url_rule("/", "page", lambda: "<!doctype html><title>bare</title><h1>bare</h1>")
    plain, searcher = bare.test_client(), app.test_client()
    with searcher.session_transaction() as values:
        values["_user_id"], values["_fresh"] = str(user_id), True
    pages = {"bare": (plain, "/"), "frame": (searcher, "/account")}
    pages |= {label: (searcher, f"/entities/?{query.format(**sample)}") for label, query in ADDRESSES.items()}
    times: dict[str, list[float]] = {label: [] for label in pages}
    for number in range(WARMING + ROUNDS):
        for label, (client, address) in pages.items():
            took = _timed(client, address)
            if number >= WARMING:
                times[label].append(took)
    base, frame = _p95(times.pop("bare")), _p95(times.pop("frame"))
    print(f"bare Flask page: p95 {base * 1000:.2f} ms")
    print(f"the frame alone (own account): p95 {frame * 1000:.2f} ms = {frame / base:.1f} times a bare page")
    for label, taken in {**times, "all together": list(chain(*times.values()))}.items():
        took = _p95(taken)
        print(f"{label:28} p95 {took * 1000:6.2f} ms = {took / base:5.1f} x bare = {took / frame:4.1f} x frame")


def _timed(client: FlaskClient, address: str) -> float:
    started = time.process_time()
    status = client.get(address).status_code
    took = time.process_time() - started
    if status != 200:
        raise SystemExit(f"{address} answers {status}")
    return took


def _p95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


if __name__ == "__main__":
    main()
