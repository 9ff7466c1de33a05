"""Time and memory of an import: 100,000 entities from a file to the register.

    python benchmarks/import_speed.py [--rows 100000] [--format csv|xlsx] [--database URL]

Makes a file of lawful rows, then checks it and takes it as the worker does, each step in a process of its own whose
largest memory (with the reading child's) is told. Targets: at most 60 s together, at most 500 MB.
"""

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import sqlalchemy as sa
import xlsxwriter
from flask import Flask
from sqlalchemy.orm import Session

from supervision import clock
from supervision.accounts.models import User, UserRole
from supervision.accounts.queries import actor_of
from supervision.config import Config
from supervision.db import Base
from supervision.departments.models import Department
from supervision.entities.models import Entity, EntityType, Industry, SubDistrict
from supervision.intake import services, store
from supervision.intake.models import Upload
from supervision.intake.rules import Policy
from supervision.jobs.cli import run_waiting
from supervision.jobs.models import Job
from supervision.permissions import Role
from supervision.web.database import open_session
from tests.factories import make_uscc
from wsgi import create_app

HEADER = ["统一社会信用代码", "企业名称", "企业类型", "行业代码", "所属街道", "住所", "法定代表人", "联系电话",
"经营范围",
          "成立日期", "登记状态", "信用风险等级"]  # fmt: skip
SURNAMES, WORDS = "赵钱孙李周吴郑王冯陈", ["鼎盛", "和顺", "福源", "新悦", "安泰", "瑞和", "恒通", "东方"]


def rows(count: int) -> Iterator[list[str]]:
    """Yield lawful rows."""
    for number in range(count):
        yield [
            make_uscc(number + 1_000_000),
            f"上海{WORDS[number % 8]}{number}餐饮管理有限公司",
            "有限责任公司",
            "H6210",
            "静安寺街道",
            f"南京西路{number % 3000}号{number % 40}层",
            SURNAMES[number % 10] + "某某",
            f"021-6{number % 10_000_000:07d}",
            "餐饮服务；食品销售；企业管理咨询；会务服务；日用百货、办公用品的销售。",
            f"20{number % 25:02d}-{number % 12 + 1:02d}-{number % 28 + 1:02d}",
            "在营",
            "ABBC"[number % 4],
        ]


def write_file(path: Path, count: int) -> None:
    """Write the sample file."""
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as stream:
            csv.writer(stream).writerows([HEADER, *rows(count)])
        return
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate([HEADER, *rows(count)]):
            for column, value in enumerate(row):
                sheet.write_string(place, column, value)


def make_app(folder: Path, url: str) -> Flask:
    """Return the application on the benchmark's database."""
    return create_app(Config(instance=folder, database_url=url, secret_key="k" * 40, secure_cookies=False))


def prepare(app: Flask, file: Path) -> int:
    """Make the schema, the code tables and a lead; note the file as sent; return the upload's number."""
    Base.metadata.create_all(app.extensions["engine"])
    with open_session(app) as session:
        session.add(EntityType(code="1100", name_zh="有限责任公司"))
        session.add(Industry(code="H6210", parent="H62", level=4, name_zh="正餐服务"))
        session.add(SubDistrict(code="310106013", name_zh="静安寺街道"))
        department = Department(code="SCJG", name_zh="区市场监督管理局")
        user = User(username="lead", name="甲", department=department, active=True, created_at=clock.now())
        user.role_rows = [UserRole(role=Role.LEAD)]
        session.add(user)
        session.flush()
        digest, size = _keep(app, file)
        sent = services.receive(session, "entities", filename=file.name, digest=digest, size=size, actor=actor_of(user))
        session.commit()
        return sent.id


def _keep(app: Flask, file: Path) -> tuple[str, int]:
    with file.open("rb") as stream:
        return store.keep(Path(app.instance_path), stream)


def carry(app: Flask) -> dict[str, float]:
    """Carry what waits, as the worker does; tell seconds and the largest memory of this process and its children."""
    before, started = time.perf_counter(), time.process_time()
    with app.app_context():
        run_waiting(app)
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    processor = sum(one.ru_utime + one.ru_stime for one in used) - started
    seconds = round(time.perf_counter() - before, 1)
    return {"seconds": seconds, "cpu_s": round(processor, 1), "own_mb": round(own), "child_mb": round(child)}


def decide(app: Flask, upload_id: int) -> None:
    """Take everything."""
    with open_session(app) as session:
        upload = session.get_one(Upload, upload_id)
        user = session.get_one(User, upload.created_by)
        services.decide(
            session, upload, policy=Policy.ALL, confirm_warnings=True, reason="benchmark", actor=actor_of(user)
        )
        session.commit()


def told(session: Session, upload_id: int) -> dict[str, object]:
    """Return what the upload says of itself."""
    upload = session.get_one(Upload, upload_id)
    entities = session.scalar(sa.select(sa.func.count(Entity.id)))
    jobs = [job.state.value for job in session.scalars(sa.select(Job).order_by(Job.id))]
    counts = {name: getattr(upload, name) for name in ("rows_read", "rows_new", "rows_wrong", "rows_warned")}
    return {"state": upload.state.value, "entities": entities, "jobs": jobs, **counts}


def main() -> None:
    """Run one step, or all of them each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--format", choices=("csv", "xlsx"), default="csv")
    parser.add_argument("--database", default="")
    parser.add_argument("--step", default="")
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    if asked.step:
        step(asked.step, asked.folder, asked.database)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / f"sample.{asked.format}"
        url = asked.database or f"sqlite:///{folder / 'benchmark.sqlite3'}"
        write_file(file, asked.rows)
        print(f"{asked.rows} rows, {asked.format}, {file.stat().st_size / 1e6:.1f} MB")
        upload = str(prepare(make_app(folder, url), file))
        results = [_run(folder, url, one) for one in ("check", f"take-{upload}")]
        with open_session(make_app(folder, url), only_reads=True) as session:
            print(json.dumps(told(session, int(upload))))
        seconds = sum(result["seconds"] for result in results)
        memory = max(result["own_mb"] + result["child_mb"] for result in results)
        print(f"check {results[0]} take {results[1]}")
        processor = sum(result["cpu_s"] for result in results)
        print(f"together {seconds:.1f} s (target 60), {processor:.1f} s of processor, {memory:.0f} MB (target 500)")


def _run(folder: Path, url: str, name: str) -> dict[str, float]:
    command = [sys.executable, __file__, "--step", name, "--folder", str(folder), "--database", url]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ})
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def step(name: str, folder: Path, url: str) -> None:
    """One step in this process."""
    app = make_app(folder, url)
    if name.startswith("take-"):
        decide(app, int(name.removeprefix("take-")))
    print(json.dumps(carry(app)))


if __name__ == "__main__":
    main()
