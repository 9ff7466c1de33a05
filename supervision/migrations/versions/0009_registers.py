"""registers: what was known before a change, duplicate entries, experts, and passwords used before

What the register said of an entity is kept from this revision on, by a trigger: nobody can say what was overwritten
before. Entries, tags and accounts keep what they have.

Revision: 0009, after 0008
"""

import sqlalchemy as sa
from alembic import op

from supervision.evidence import statements

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

GUARDED = ("entity_versions", "entity_tag_versions")
MOMENT = sa.DateTime(timezone=True)
KEPT = (
    "name", "uscc", "registration_number", "uscc_confirmed", "type_code", "industry_code", "sub_district_code",
    "address", "legal_representative", "business_scope", "status", "status_since", "registered_on", "low_touch",
)  # fmt: skip


def upgrade() -> None:
    _create_versions()
    _create_decisions()
    _create_experts()
    _create_passwords()
    op.add_column("login_sessions", sa.Column("device", sa.String(length=200), nullable=False, server_default=""))
    dialect = op.get_bind().dialect.name
    for table in GUARDED:
        for statement in statements(table, dialect):
            op.execute(statement)
    for statement in _trigger(dialect):
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER entities_keep_version")
    else:
        op.execute("DROP TRIGGER entities_keep_version ON entities")
        op.execute("DROP FUNCTION entities_keep_version()")
    for table in ("used_passwords", "experts", "duplicate_decisions", *GUARDED):
        op.drop_table(table)
        if table in GUARDED and op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP FUNCTION {table}_append_only()")
    op.drop_column("login_sessions", "device")


def _create_versions() -> None:
    op.create_table(
        "entity_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column("known_until", MOMENT, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=True),
        sa.Column("registration_number", sa.String(length=30), nullable=True),
        sa.Column("uscc_confirmed", sa.Boolean(), nullable=False),
        sa.Column("type_code", sa.String(length=8), nullable=False),
        sa.Column("industry_code", sa.String(length=8), nullable=False),
        sa.Column("sub_district_code", sa.String(length=12), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("legal_representative", sa.String(length=100), nullable=False),
        sa.Column("business_scope", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("status_since", sa.Date(), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("low_touch", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name=op.f("fk_entity_versions_entity_id_entities")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entity_versions")),
    )
    op.create_table(
        "entity_tag_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column("known_until", MOMENT, nullable=False),
        sa.Column("codes", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entity_id"], ["entities.id"], name=op.f("fk_entity_tag_versions_entity_id_entities")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entity_tag_versions")),
    )
    for table in GUARDED:
        op.create_index(f"ix_{table}_entity_id_known_until", table, ["entity_id", "known_until"])


def _create_decisions() -> None:
    links = ("first_id", "second_id", "kept_id")
    op.create_table(
        "duplicate_decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=32), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("decided_by", sa.String(length=100), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_duplicate_decisions_order")),
        *(
            sa.ForeignKeyConstraint([link], ["entities.id"], name=op.f(f"fk_duplicate_decisions_{link}_entities"))
            for link in links
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_decisions")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_duplicate_decisions_first_id_second_id")),
    )
    op.create_index(op.f("ix_duplicate_decisions_second_id"), "duplicate_decisions", ["second_id"])


def _create_experts() -> None:
    op.create_table(
        "experts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("sort_key", sa.String(length=120), nullable=False),
        sa.Column("initials", sa.String(length=20), nullable=False),
        sa.Column("organization", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("fields", sa.String(length=300), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("engaged_until", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_experts_department_id_departments")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experts")),
    )
    op.create_index(op.f("ix_experts_department_id"), "experts", ["department_id"])
    op.create_index(op.f("ix_experts_sort_key"), "experts", ["sort_key"])


def _create_passwords() -> None:
    op.create_table(
        "used_passwords",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_used_passwords_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_used_passwords")),
    )
    op.create_index(op.f("ix_used_passwords_user_id"), "used_passwords", ["user_id"])


def _trigger(dialect: str) -> list[str]:
    columns, old = ", ".join(KEPT), ", ".join(f"OLD.{name}" for name in KEPT)
    insert = (
        f"INSERT INTO entity_versions (entity_id, known_until, {columns}) "  # noqa: S608 - names of our own columns
        f"VALUES (OLD.id, NEW.updated_at, {old});"
    )
    if dialect == "sqlite":
        changed = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in KEPT)
        return [f"CREATE TRIGGER entities_keep_version AFTER UPDATE ON entities WHEN {changed} BEGIN {insert} END"]
    changed = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in KEPT)
    return [
        f"CREATE FUNCTION entities_keep_version() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {insert} RETURN NULL; END $$",
        f"CREATE TRIGGER entities_keep_version AFTER UPDATE ON entities "
        f"FOR EACH ROW WHEN ({changed}) EXECUTE FUNCTION entities_keep_version()",
    ]
