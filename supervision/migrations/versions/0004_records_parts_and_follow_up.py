"""records: a published part for each department, and the follow-up of problems until it is closed

Until here a result was published whole by one department for all. What was published so is carried over as one part
for each department, with the day, the person and the withdrawal it had; the old rows stay as evidence. Problems of
approved records become open follow-ups: nobody could say before how they ended, so departments get time to do so.

Revision: 0004, after 0003
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any  # contents are JSON

import sqlalchemy as sa
from alembic import op

from sampling.canonical import canonical_bytes
from supervision import clock
from supervision.evidence import statements

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

GUARDED = ("published_parts", "part_withdrawals", "follow_up_changes")
FORMAT = "inspection-result-part/1"
NO_PROBLEM = frozenset({"1", "7", "L1", "L2", "L3", "L4", "L5"})
NOTE = "由以前的检查记录转入：此前平台未登记后续处置的办结情况。"
DAYS_TO_SAY = 45

DAY, MOMENT = sa.Date(), sa.DateTime(timezone=True)
publications = sa.table(
    "publications", *map(sa.column, ("id", "visit_id", "entity_id", "draw_id", "version_no", "number", "entity_name")),
    sa.column("visited_on", DAY), sa.column("content"), sa.column("published_by"), sa.column("published_at", MOMENT),
)  # fmt: skip
withdrawals = sa.table(
    "withdrawals", *map(sa.column, ("publication_id", "reason", "withdrawn_by")), sa.column("withdrawn_at", MOMENT)
)
parts = sa.table(
    "published_parts",
    *map(sa.column, ("id", "visit_id", "department_id", "entity_id", "draw_id", "version_no", "number", "entity_name")),
    sa.column("unit_id"), sa.column("visited_on", DAY), sa.column("has_problem", sa.Boolean()), sa.column("content"),
    sa.column("digest"), sa.column("published_by"), sa.column("published_at", MOMENT),
)  # fmt: skip
part_withdrawals = sa.table(
    "part_withdrawals", *map(sa.column, ("part_id", "reason", "withdrawn_by")), sa.column("withdrawn_at", MOMENT)
)
sections = sa.table(
    "sections", *map(sa.column, ("id", "visit_id", "department_id")), sa.column("published_at", MOMENT),
    sa.column("to_release", sa.Boolean()),
)  # fmt: skip
visits = sa.table("visits", sa.column("id"), sa.column("state"))
departments = sa.table("departments", sa.column("id"), sa.column("code"))
items = sa.table("items", sa.column("id"), sa.column("code"))
item_results = sa.table("item_results", sa.column("section_id"), sa.column("item_id"))
record_versions = sa.table("record_versions", *map(sa.column, ("id", "visit_id", "version_no", "content")))
reviews = sa.table("reviews", sa.column("record_version_id"), sa.column("decision"))
follow_ups = sa.table(
    "follow_ups", *map(sa.column, ("id", "visit_id", "department_id", "item_id", "kind", "problem", "state")),
    sa.column("due_on", DAY), sa.column("opened_at", MOMENT), sa.column("closing_note"), sa.column("version"),
)  # fmt: skip
changes = sa.table(
    "follow_up_changes", *map(sa.column, ("follow_up_id", "step", "note")), sa.column("due_on", DAY),
    sa.column("overdue", sa.Boolean()), sa.column("changed_at", MOMENT),
)  # fmt: skip


def upgrade() -> None:
    op.add_column("sections", sa.Column("to_release", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("sections", sa.Column("published_at", sa.DateTime(timezone=True), nullable=True))
    _create_parts()
    _create_follow_ups()
    bind = op.get_bind()
    codes = {row.code: row.id for row in bind.execute(sa.select(departments))}
    _carry_parts(bind, codes)
    _say_what_waits(bind)
    _open_follow_ups(bind, codes)
    for table in GUARDED:
        for statement in statements(table, bind.dialect.name):
            op.execute(statement)


def downgrade() -> None:
    for table in ("follow_up_changes", "follow_ups", "part_withdrawals", "published_parts"):
        op.drop_table(table)
        if table in GUARDED and op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP FUNCTION {table}_append_only()")
    op.drop_column("sections", "published_at")
    op.drop_column("sections", "to_release")


def _key(table: str, *columns: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(list(columns), [f"{to}.id"], name=f"fk_{table}_{columns[0]}_{to}")


def _create_parts() -> None:
    op.create_table(
        "published_parts",
        sa.Column("id", sa.Integer(), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("visit_id", "department_id", "entity_id", "draw_id", "version_no")
        ),
        sa.Column("number", sa.String(24), nullable=False),
        sa.Column("entity_name", sa.String(200), nullable=False),
        sa.Column("unit_id", sa.String(40), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("has_problem", sa.Boolean(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        _key("published_parts", "visit_id", to="visits"),
        _key("published_parts", "department_id", to="departments"),
        _key("published_parts", "entity_id", to="entities"),
        _key("published_parts", "draw_id", to="draws"),
        _key("published_parts", "published_by", to="users"),
        sa.PrimaryKeyConstraint("id", name="pk_published_parts"),
        sa.UniqueConstraint(
            "visit_id", "department_id", "version_no", name="uq_published_parts_visit_id_department_id_version_no"
        ),
    )
    for column in (
        "visit_id", "department_id", "entity_id", "draw_id", "number", "unit_id", "visited_on", "published_at"
    ):  # fmt: skip
        op.create_index(f"ix_published_parts_{column}", "published_parts", [column])
    op.create_table(
        "part_withdrawals",
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=False),
        _key("part_withdrawals", "part_id", to="published_parts"),
        _key("part_withdrawals", "withdrawn_by", to="users"),
        sa.PrimaryKeyConstraint("part_id", name="pk_part_withdrawals"),
    )


def _create_follow_ups() -> None:
    op.create_table(
        "follow_ups",
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("id", "visit_id", "department_id", "item_id")),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ending", sa.String(32), nullable=True),
        sa.Column("closing_note", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _key("follow_ups", "visit_id", to="visits"),
        _key("follow_ups", "department_id", to="departments"),
        _key("follow_ups", "item_id", to="items"),
        _key("follow_ups", "closed_by", to="users"),
        sa.PrimaryKeyConstraint("id", name="pk_follow_ups"),
        sa.UniqueConstraint("visit_id", "item_id", name="uq_follow_ups_visit_id_item_id"),
    )
    for column in ("visit_id", "department_id", "state", "due_on"):
        op.create_index(f"ix_follow_ups_{column}", "follow_ups", [column])
    op.create_table(
        "follow_up_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("follow_up_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(32), nullable=False),
        sa.Column("ending", sa.String(32), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("overdue", sa.Boolean(), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        _key("follow_up_changes", "follow_up_id", to="follow_ups"),
        _key("follow_up_changes", "changed_by", to="users"),
        sa.PrimaryKeyConstraint("id", name="pk_follow_up_changes"),
    )
    op.create_index("ix_follow_up_changes_follow_up_id", "follow_up_changes", ["follow_up_id"])


def _carry_parts(bind: sa.Connection, codes: dict[str, int]) -> None:
    """Make of every result published whole one part for each department, in the order in which they were published."""
    gone = {row.publication_id: row for row in bind.execute(sa.select(withdrawals))}
    number, first = 0, dict[tuple[int, int], datetime]()
    for row in bind.execute(sa.select(publications).order_by(publications.c.id)).all():
        for department_id, content in _contents(json.loads(row.content), codes):
            number += 1
            bind.execute(parts.insert().values(**_part(row, number, department_id, content)))
            first.setdefault((row.visit_id, department_id), row.published_at)
            if taken := gone.get(row.id):
                bind.execute(
                    part_withdrawals.insert().values(
                        part_id=number, reason=taken.reason, withdrawn_by=taken.withdrawn_by,
                        withdrawn_at=taken.withdrawn_at,
                    )
                )  # fmt: skip
    for (visit_id, department_id), moment in first.items():
        bind.execute(
            sections.update()
            .where(sections.c.visit_id == visit_id, sections.c.department_id == department_id)
            .values(published_at=moment)
        )
    if number and bind.dialect.name == "postgresql":
        bind.execute(sa.text("SELECT setval(pg_get_serial_sequence('published_parts', 'id'), :top)"), {"top": number})


def _contents(whole: dict[str, Any], codes: dict[str, int]) -> Iterator[tuple[int, dict[str, Any]]]:
    shared = {key: value for key, value in whole.items() if key not in {"departments", "follow_up", "format"}}
    for department in whole["departments"]:
        yield codes[department["code"]], {**shared, "format": FORMAT, "department": department}


def _part(row: Any, number: int, department_id: int, content: dict[str, Any]) -> dict[str, Any]:
    written = canonical_bytes(content)
    found = [one["code"] for one in content["department"]["results"]]
    same = ("visit_id", "entity_id", "draw_id", "version_no", "number", "entity_name", "visited_on", "published_by",
            "published_at")  # fmt: skip
    return {
        **{name: getattr(row, name) for name in same},
        "id": number,
        "department_id": department_id,
        "unit_id": content["unit_id"],
        "has_problem": any(code not in NO_PROBLEM for code in found),
        "content": written.decode(),
        "digest": hashlib.sha256(written).hexdigest(),
    }


def _say_what_waits(bind: sa.Connection) -> None:
    """An approved record that waited to be published, for the first time or anew, now waits for every department."""
    accepted = sa.select(visits.c.id).where(visits.c.state == "accepted")
    bind.execute(sections.update().where(sections.c.visit_id.in_(accepted)).values(to_release=True))


def _open_follow_ups(bind: sa.Connection, codes: dict[str, int]) -> None:
    """Open the follow-ups that the newest approved version of each record orders."""
    item_ids = _inspected_items(bind)
    now, due_on = clock.now(), clock.today() + timedelta(days=DAYS_TO_SAY)
    approved = (
        sa.select(record_versions)
        .join(reviews, reviews.c.record_version_id == record_versions.c.id)
        .where(reviews.c.decision == "approved")
        .order_by(record_versions.c.visit_id, record_versions.c.version_no)
    )
    newest = {row.visit_id: row.content for row in bind.execute(approved)}
    rows = [
        {
            "visit_id": visit_id, "department_id": codes[code], "item_id": item_ids[visit_id, item["code"]],
            "kind": item["disposal"], "problem": item["problem"], "state": "open", "due_on": due_on,
            "opened_at": now, "closing_note": "", "version": 1,
        }
        for visit_id, content in newest.items()
        for code, item in _problems(json.loads(content))
    ]  # fmt: skip
    if rows:
        bind.execute(follow_ups.insert(), rows)
        _write_history(bind, due_on=due_on, now=now)


def _inspected_items(bind: sa.Connection) -> dict[tuple[int, str], int]:
    """Return the items of each form by visit and code: every version of the list has a code anew (R-1.03)."""
    form = (
        sa.select(sections.c.visit_id, items.c.code, items.c.id)
        .join_from(item_results, sections, sections.c.id == item_results.c.section_id)
        .join(items, items.c.id == item_results.c.item_id)
    )
    return {(row.visit_id, row.code): row.id for row in bind.execute(form)}


def _problems(record: dict[str, Any]) -> Iterable[tuple[str, dict[str, Any]]]:
    for section in record["departments"]:
        for item in section["items"]:
            if item["disposal"] not in {None, "none"}:
                yield section["code"], item


def _write_history(bind: sa.Connection, *, due_on: date, now: datetime) -> None:
    opened = [
        {"follow_up_id": row.id, "step": "opened", "note": NOTE, "due_on": due_on, "overdue": False, "changed_at": now}
        for row in bind.execute(sa.select(follow_ups.c.id).order_by(follow_ups.c.id))
    ]
    bind.execute(changes.insert(), opened)
