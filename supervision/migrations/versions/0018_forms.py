"""items: check points that ask for photos, standard wordings as part of a list version, changes of a draft's forms

Standard wordings (常用问题表述) used to hang on item codes, outside the versions. Now each version of an item has its
own, and its department words them in the draft. What is published keeps the digest it was published under: versions of
before are of format 1, whose digest covers neither wordings nor photos.

Revision: 0018, after 0017
"""

import sqlalchemy as sa
from alembic import op

from supervision.evidence import statements

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

MOVE = """
INSERT INTO item_phrases (item_id, no, text_zh, text_en)
SELECT items.id, ROW_NUMBER() OVER (PARTITION BY items.id ORDER BY problem_phrases.id),
       problem_phrases.text_zh, problem_phrases.text_en
FROM problem_phrases JOIN items ON items.code = problem_phrases.item_code
"""
MOVE_BACK = """
INSERT INTO problem_phrases (item_code, text_zh, text_en)
SELECT items.code, item_phrases.text_zh, item_phrases.text_en
FROM item_phrases JOIN items ON items.id = item_phrases.item_id JOIN item_lists ON item_lists.id = items.list_id
WHERE item_lists.state = 'published' ORDER BY items.code, item_phrases.no
"""


def upgrade() -> None:
    op.add_column("item_lists", sa.Column("format", sa.Integer(), nullable=False, server_default="1"))
    op.execute("UPDATE item_lists SET format = 2 WHERE state = 'draft'")
    op.add_column("check_points", sa.Column("photo", sa.Boolean(), nullable=False, server_default=sa.false()))
    _create_phrases()
    op.execute(MOVE)
    op.drop_index("ix_problem_phrases_item_code", "problem_phrases")
    op.drop_table("problem_phrases")
    _create_changes()
    _create_files()


def _create_phrases() -> None:
    op.create_table(
        "item_phrases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("text_zh", sa.String(300), nullable=False),
        sa.Column("text_en", sa.String(300), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_item_phrases_item_id_items")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_phrases")),
        sa.UniqueConstraint("item_id", "no", name=op.f("uq_item_phrases_item_id_no")),
    )
    op.create_index(op.f("ix_item_phrases_item_id"), "item_phrases", ["item_id"])


def _create_changes() -> None:
    op.create_table(
        "form_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(32), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("changed_name", sa.String(100), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_form_changes_item_id_items")),
        sa.ForeignKeyConstraint(["undoes"], ["form_changes.id"], name=op.f("fk_form_changes_undoes_form_changes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_changes")),
        sa.UniqueConstraint("undoes", name=op.f("uq_form_changes_undoes")),
    )
    op.create_index(op.f("ix_form_changes_item_id"), "form_changes", ["item_id"])
    for statement in statements("form_changes", op.get_bind().dialect.name):
        op.execute(statement)


def _create_files() -> None:
    op.create_table(
        "form_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(255), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("item_code", sa.String(16), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("sent_by", sa.Integer(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_form_files_department_id_departments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_files")),
    )
    op.create_index(op.f("ix_form_files_department_id"), "form_files", ["department_id"])


def downgrade() -> None:
    op.drop_table("form_files")
    op.drop_table("form_changes")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION form_changes_append_only()")
    op.create_table(
        "problem_phrases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_code", sa.String(16), nullable=False),
        sa.Column("text_zh", sa.String(300), nullable=False),
        sa.Column("text_en", sa.String(300), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_problem_phrases")),
        sa.UniqueConstraint("item_code", "text_zh", name=op.f("uq_problem_phrases_item_code_text_zh")),
    )
    op.create_index(op.f("ix_problem_phrases_item_code"), "problem_phrases", ["item_code"])
    op.execute(MOVE_BACK)
    op.drop_table("item_phrases")
    op.drop_column("check_points", "photo")
    op.drop_column("item_lists", "format")
