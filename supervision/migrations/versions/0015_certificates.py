"""draws: fairness certificates before, certificates after a draw

Revision: 0015, after 0014
"""

import sqlalchemy as sa
from alembic import op

from supervision.evidence import statements

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    make_fairness()
    make_papers()


def downgrade() -> None:
    drop_papers()
    drop_fairness()


PAPERS = ("issued_papers", "issued_paper_files")


def make_papers() -> None:
    """Issued papers about a draw and their files."""
    op.create_table(
        "issued_papers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("basis_digest", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.Column("signer", sa.String(64), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("fk_issued_papers_draw_id_draws")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_papers")),
        sa.UniqueConstraint("draw_id", "kind", "serial", name=op.f("uq_issued_papers_draw_id_kind_serial")),
        sa.UniqueConstraint("number", name=op.f("uq_issued_papers_number")),
    )
    op.create_table(
        "issued_paper_files",
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("unsigned_digest", sa.String(64), nullable=False),
        sa.Column("unsigned_size", sa.Integer(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["issued_papers.id"], name=op.f("fk_issued_paper_files_paper_id_issued_papers")
        ),
        sa.PrimaryKeyConstraint("paper_id", "language", name=op.f("pk_issued_paper_files")),
    )
    for table in PAPERS:
        for statement in statements(table, op.get_bind().dialect.name):
            op.execute(statement)


def drop_papers() -> None:
    """Take them away again, their guards too."""
    for table in reversed(PAPERS):
        op.drop_table(table)
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP FUNCTION {table}_append_only()")


def make_fairness() -> None:
    """Fairness certificates on dummy seeds, and the figures of opened draws."""
    op.create_table(
        "fairness_certificates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("inputs_digest", sa.String(64), nullable=False),
        sa.Column("seeds", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("fk_fairness_certificates_draw_id_draws")),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name=op.f("fk_fairness_certificates_made_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fairness_certificates")),
    )
    op.create_index(op.f("ix_fairness_certificates_draw_id"), "fairness_certificates", ["draw_id"])
    op.create_table(
        "draw_figures",
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("fk_draw_figures_draw_id_draws")),
        sa.PrimaryKeyConstraint("draw_id", name=op.f("pk_draw_figures")),
    )
    for statement in statements("fairness_certificates", op.get_bind().dialect.name):
        op.execute(statement)


def drop_fairness() -> None:
    """Take them away again, the guard too."""
    op.drop_table("draw_figures")
    op.drop_table("fairness_certificates")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION fairness_certificates_append_only()")
