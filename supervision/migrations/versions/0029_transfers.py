"""transfers: clues handed to a case unit or another department, which must answer

Revision: 0029, after 0028
"""

import sqlalchemy as sa
from alembic import op

from supervision.evidence import statements

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

KEPT = ("transfer_files", "transfer_changes", "transfer_answers")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    make_transfers()
    make_kept()
    op.add_column("follow_ups", sa.Column("step_due_on", sa.Date(), nullable=True))
    op.create_index(op.f("ix_follow_ups_step_due_on"), "follow_ups", ["step_due_on"])
    for table in KEPT:
        for statement in statements(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    op.drop_index(op.f("ix_follow_ups_step_due_on"), "follow_ups")
    op.drop_column("follow_ups", "step_due_on")
    for table in (*KEPT, "transfers"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for table in KEPT:
            op.execute(f"DROP FUNCTION {table}_append_only()")


def make_transfers() -> None:
    """Clues in transfer."""
    op.create_table(
        "transfers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("follow_up_id", sa.Integer(), nullable=True),
        sa.Column("awaited_by", sa.Integer(), nullable=True),
        sa.Column("sender_id", sa.Integer(), nullable=False),
        sa.Column("receiver_id", sa.Integer(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("clause", sa.Text(), nullable=False),
        sa.Column("wish", sa.Text(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("next_due_on", sa.Date(), nullable=False),
        sa.Column("claim_by", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("designated", sa.Boolean(), nullable=False),
        sa.Column("extension", sa.String(32), nullable=False),
        sa.Column("handler_id", sa.Integer(), nullable=True),
        sa.Column("sent_by", sa.Integer(), nullable=True),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["follow_up_id"], ["follow_ups.id"], name=op.f("fk_transfers_follow_up_id_follow_ups")),
        sa.ForeignKeyConstraint(["handler_id"], ["users.id"], name=op.f("fk_transfers_handler_id_users")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_transfers_item_id_items")),
        sa.ForeignKeyConstraint(["receiver_id"], ["departments.id"], name=op.f("fk_transfers_receiver_id_departments")),
        sa.ForeignKeyConstraint(["sender_id"], ["departments.id"], name=op.f("fk_transfers_sender_id_departments")),
        sa.ForeignKeyConstraint(["sent_by"], ["users.id"], name=op.f("fk_transfers_sent_by_users")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_transfers_visit_id_visits")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfers")),
        sa.UniqueConstraint("awaited_by", name=op.f("uq_transfers_awaited_by")),
        sa.UniqueConstraint("number", name=op.f("uq_transfers_number")),
    )
    op.create_index(op.f("ix_transfers_follow_up_id"), "transfers", ["follow_up_id"])
    op.create_index(op.f("ix_transfers_next_due_on"), "transfers", ["next_due_on"])
    op.create_index(op.f("ix_transfers_receiver_id"), "transfers", ["receiver_id"])
    op.create_index(op.f("ix_transfers_sender_id"), "transfers", ["sender_id"])
    op.create_index(op.f("ix_transfers_state"), "transfers", ["state"])
    op.create_index(op.f("ix_transfers_visit_id"), "transfers", ["visit_id"])


def make_kept() -> None:
    """What goes with each, what was done, and the answer."""
    op.create_table(
        "transfer_files",
        sa.Column("transfer_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("caption", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sha256"], ["sealed_files.sha256"], name=op.f("fk_transfer_files_sha256_sealed_files")
        ),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["transfers.id"], name=op.f("fk_transfer_files_transfer_id_transfers")
        ),
        sa.PrimaryKeyConstraint("transfer_id", "number", name=op.f("pk_transfer_files")),
        sa.UniqueConstraint("transfer_id", "sha256", name=op.f("uq_transfer_files_transfer_id_sha256")),
    )
    op.create_table(
        "transfer_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("transfer_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(32), nullable=False),
        sa.Column("reason_code", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("receiver_id", sa.Integer(), nullable=False),
        sa.Column("next_due_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("overdue", sa.Boolean(), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["users.id"], name=op.f("fk_transfer_changes_changed_by_users")),
        sa.ForeignKeyConstraint(
            ["receiver_id"], ["departments.id"], name=op.f("fk_transfer_changes_receiver_id_departments")
        ),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["transfers.id"], name=op.f("fk_transfer_changes_transfer_id_transfers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer_changes")),
    )
    op.create_index(op.f("ix_transfer_changes_transfer_id"), "transfer_changes", ["transfer_id"])
    op.create_table(
        "transfer_answers",
        sa.Column("transfer_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("reason_code", sa.String(length=32), nullable=False),
        sa.Column("clause", sa.Text(), nullable=False),
        sa.Column("body", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["answered_by"], ["users.id"], name=op.f("fk_transfer_answers_answered_by_users")),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["transfers.id"], name=op.f("fk_transfer_answers_transfer_id_transfers")
        ),
        sa.PrimaryKeyConstraint("transfer_id", name=op.f("pk_transfer_answers")),
    )
