"""visits: what enterprises say by their codes: who came, ratings, answers to results

Revision: 0020, after 0019
"""

import sqlalchemy as sa
from alembic import op

from supervision.evidence import statements

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TABLES = ("arrival_answers", "visit_ratings", "result_replies")


def upgrade() -> None:
    op.create_table('arrival_answers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('notice_id', sa.Integer(), nullable=False),
    sa.Column('as_announced', sa.Boolean(), nullable=False),
    sa.Column('remark', sa.Text(), nullable=False),
    sa.Column('said_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['notice_id'], ['notices.id'], name=op.f('fk_arrival_answers_notice_id_notices')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_arrival_answers'))
    )
    op.create_index(op.f('ix_arrival_answers_notice_id'), 'arrival_answers', ['notice_id'], unique=False)
    op.create_table('visit_ratings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('visit_id', sa.Integer(), nullable=False),
    sa.Column('visited_on', sa.Date(), nullable=False),
    sa.Column('lawful', sa.Integer(), nullable=False),
    sa.Column('clear', sa.Integer(), nullable=False),
    sa.Column('sparing', sa.Integer(), nullable=False),
    sa.Column('fair', sa.Integer(), nullable=False),
    sa.Column('breaches', sa.Text(), nullable=False),
    sa.Column('comment', sa.Text(), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('clear BETWEEN 1 AND 5', name=op.f('ck_visit_ratings_clear_mark')),
    sa.CheckConstraint('fair BETWEEN 1 AND 5', name=op.f('ck_visit_ratings_fair_mark')),
    sa.CheckConstraint('lawful BETWEEN 1 AND 5', name=op.f('ck_visit_ratings_lawful_mark')),
    sa.CheckConstraint('sparing BETWEEN 1 AND 5', name=op.f('ck_visit_ratings_sparing_mark')),
    sa.ForeignKeyConstraint(['visit_id'], ['visits.id'], name=op.f('fk_visit_ratings_visit_id_visits')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit_ratings')),
    sa.UniqueConstraint('visit_id', name=op.f('uq_visit_ratings_visit_id'))
    )
    op.create_index(op.f('ix_visit_ratings_visited_on'), 'visit_ratings', ['visited_on'], unique=False)
    op.create_table('result_replies',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('visit_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('signed_by', sa.String(length=80), nullable=False),
    sa.Column('said_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['visit_id'], ['visits.id'], name=op.f('fk_result_replies_visit_id_visits')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_result_replies'))
    )
    op.create_index(op.f('ix_result_replies_visit_id'), 'result_replies', ['visit_id'], unique=False)
    for table in TABLES:
        for statement in statements(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP FUNCTION {table}_append_only()")
