"""visits approval of every body

Until here the head of the lead department approved an inspection for all bodies. What has begun keeps that approval,
noted for every body as what it was. What has not begun goes back to "assigned" where other bodies take part: their
own heads approve it before anybody goes (R-3.08).

Revision: 0002, after 0001
"""

import sqlalchemy as sa
from alembic import op

from supervision.evidence import statements

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

GUARDED = ("visit_approvals", "cap_overrides")
NOTE = "当时由牵头部门负责人代表全部参与部门审批。"


def upgrade() -> None:
    op.add_column("departments", sa.Column("phone", sa.String(40), nullable=False, server_default=""))
    op.add_column("notices", sa.Column("facts", sa.Text(), nullable=True))
    _create_approvals()
    _create_overrides()
    _carry_over(op.get_bind())
    for table in GUARDED:
        for statement in statements(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    for table in GUARDED:
        op.drop_table(table)
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP FUNCTION {table}_append_only()")
    op.drop_column("notices", "facts")
    op.drop_column("departments", "phone")


def _create_approvals() -> None:
    op.create_table(
        "visit_approvals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("inspectors", sa.String(200), nullable=False),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["approved_by"], ["users.id"], name="fk_visit_approvals_approved_by_users"),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name="fk_visit_approvals_department_id_departments"
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name="fk_visit_approvals_visit_id_visits"),
        sa.PrimaryKeyConstraint("id", name="pk_visit_approvals"),
        sa.UniqueConstraint(
            "visit_id", "department_id", "inspectors", name="uq_visit_approvals_visit_id_department_id_inspectors"
        ),
    )
    op.create_index("ix_visit_approvals_visit_id", "visit_approvals", ["visit_id"])


def _create_overrides() -> None:
    op.create_table(
        "cap_overrides",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("sums", sa.Text(), nullable=False),
        sa.Column("reason_code", sa.String(32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name="fk_cap_overrides_decided_by_users"),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name="fk_cap_overrides_visit_id_visits"),
        sa.PrimaryKeyConstraint("id", name="pk_cap_overrides"),
        sa.UniqueConstraint("visit_id", "year", "counted", name="uq_cap_overrides_visit_id_year_counted"),
    )
    op.create_index("ix_cap_overrides_visit_id", "cap_overrides", ["visit_id"])


def _carry_over(bind: sa.Connection) -> None:
    """Note the approvals given so far; take joint inspections that have not begun back to their other heads."""
    approved = bind.execute(
        sa.text(
            "SELECT v.id, v.state, v.approved_by, v.approved_at, p.department_id, p.is_lead"
            " FROM visits v JOIN draws d ON d.id = v.draw_id JOIN tasks t ON t.id = d.task_id"
            " JOIN plan_participants p ON p.plan_version_id = t.plan_version_id"
            " WHERE v.approved_at IS NOT NULL AND v.state <> 'assigned' ORDER BY v.id, p.position"
        )
    ).all()
    teams: dict[tuple[int, int], list[int]] = {}
    for member in bind.execute(
        sa.text(
            "SELECT visit_id, department_id, inspector_id FROM visit_members WHERE state <> 'replaced'"
            " ORDER BY inspector_id"
        )
    ):
        teams.setdefault((member.visit_id, member.department_id), []).append(member.inspector_id)
    rows = [
        {
            "visit": row.id,
            "department": row.department_id,
            "inspectors": " ".join(map(str, teams.get((row.id, row.department_id), ()))),
            "by": row.approved_by,
            "at": row.approved_at,
            "note": "" if row.is_lead else NOTE,
        }
        for row in approved
        if row.is_lead or row.state != "approved"
    ]
    if rows:
        bind.execute(
            sa.text(
                "INSERT INTO visit_approvals"
                " (visit_id, department_id, inspectors, approved_by, approved_at, note)"
                " VALUES (:visit, :department, :inspectors, :by, :at, :note)"
            ),
            rows,
        )
    waiting = sorted({row.id for row in approved if row.state == "approved" and not row.is_lead})
    for visit_id in waiting:
        bind.execute(
            sa.text(
                "UPDATE visits SET state = 'assigned', approved_by = NULL, approved_at = NULL, version = version + 1"
                " WHERE id = :visit"
            ),
            {"visit": visit_id},
        )
