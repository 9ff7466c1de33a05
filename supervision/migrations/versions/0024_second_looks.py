"""archive: packages of closed visits; second looks: lists, sealed numbers, chosen visits, comparisons

Revision: 0024, after 0023
"""

import sqlalchemy as sa
from alembic import op

from supervision.evidence import statements

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TABLES = (
    "archive_packages",
    "second_look_rounds",
    "second_look_numbers",
    "second_looks",
    "second_look_items",
    "second_look_explanations",
)
GUARDED = ("archive_packages", "second_look_items", "second_look_explanations")


def upgrade() -> None:
    op.create_table('archive_packages',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('visit_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('version_no', sa.Integer(), nullable=False),
    sa.Column('manifest', sa.String(length=64), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('files', sa.Integer(), nullable=False),
    sa.Column('mark', sa.String(length=64), nullable=False),
    sa.Column('audit_seq', sa.Integer(), nullable=False),
    sa.Column('leaf_index', sa.Integer(), nullable=True),
    sa.Column('anchor_index', sa.Integer(), nullable=True),
    sa.Column('checkpoint_size', sa.Integer(), nullable=True),
    sa.Column('made_by', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['made_by'], ['users.id'], name=op.f('fk_archive_packages_made_by_users')),
    sa.ForeignKeyConstraint(['visit_id'], ['visits.id'], name=op.f('fk_archive_packages_visit_id_visits')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_archive_packages')),
    sa.UniqueConstraint('visit_id', 'kind', 'manifest', name=op.f('uq_archive_packages_visit_id_kind_manifest')),
    sa.UniqueConstraint('visit_id', 'kind', 'version_no', name=op.f('uq_archive_packages_visit_id_kind_version_no'))
    )
    op.create_index(op.f('ix_archive_packages_sha256'), 'archive_packages', ['sha256'], unique=False)
    op.create_index(op.f('ix_archive_packages_visit_id'), 'archive_packages', ['visit_id'], unique=False)
    op.create_table('second_look_rounds',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('quarter', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('leaf_index', sa.Integer(), nullable=True),
    sa.Column('finished', sa.Integer(), nullable=False),
    sa.Column('wanted', sa.Integer(), nullable=False),
    sa.Column('frozen_by', sa.Integer(), nullable=True),
    sa.Column('frozen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('beacon', sa.String(length=100), nullable=False),
    sa.Column('seed', sa.String(length=64), nullable=False),
    sa.Column('drawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('drop_reason', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['frozen_by'], ['users.id'], name=op.f('fk_second_look_rounds_frozen_by_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_second_look_rounds')),
    sa.UniqueConstraint('number', name=op.f('uq_second_look_rounds_number'))
    )
    op.create_index('uq_second_look_rounds_open', 'second_look_rounds', ['year', 'quarter'], unique=True, sqlite_where=sa.text("state <> 'dropped'"), postgresql_where=sa.text("state <> 'dropped'"))
    op.create_table('second_look_numbers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('by', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('leaf_index', sa.Integer(), nullable=True),
    sa.Column('sealed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('secret', sa.String(length=64), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['round_id'], ['second_look_rounds.id'], name=op.f('fk_second_look_numbers_round_id_second_look_rounds')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_second_look_numbers_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_second_look_numbers')),
    sa.UniqueConstraint('round_id', 'by', name=op.f('uq_second_look_numbers_round_id_by'))
    )
    op.create_index(op.f('ix_second_look_numbers_round_id'), 'second_look_numbers', ['round_id'], unique=False)
    op.create_table('second_looks',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('ticket', sa.String(length=64), nullable=False),
    sa.Column('origin_visit_id', sa.Integer(), nullable=False),
    sa.Column('first_version', sa.Integer(), nullable=False),
    sa.Column('first_digest', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('ordered_id', sa.Integer(), nullable=True),
    sa.Column('reviewer_id', sa.Integer(), nullable=True),
    sa.Column('second_digest', sa.String(length=64), nullable=False),
    sa.Column('compared_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['origin_visit_id'], ['visits.id'], name=op.f('fk_second_looks_origin_visit_id_visits')),
    sa.ForeignKeyConstraint(['reviewer_id'], ['users.id'], name=op.f('fk_second_looks_reviewer_id_users')),
    sa.ForeignKeyConstraint(['round_id'], ['second_look_rounds.id'], name=op.f('fk_second_looks_round_id_second_look_rounds')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_second_looks')),
    sa.UniqueConstraint('origin_visit_id', name=op.f('uq_second_looks_origin_visit_id'))
    )
    op.create_index(op.f('ix_second_looks_reviewer_id'), 'second_looks', ['reviewer_id'], unique=False)
    op.create_index(op.f('ix_second_looks_round_id'), 'second_looks', ['round_id'], unique=False)
    op.create_index(op.f('ix_second_looks_ordered_id'), 'second_looks', ['ordered_id'], unique=False)
    op.create_index(op.f('ix_second_looks_state'), 'second_looks', ['state'], unique=False)
    op.create_table('second_look_items',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('look_id', sa.Integer(), nullable=False),
    sa.Column('department_id', sa.Integer(), nullable=False),
    sa.Column('item_code', sa.String(length=16), nullable=False),
    sa.Column('first_result', sa.String(length=8), nullable=False),
    sa.Column('second_result', sa.String(length=8), nullable=False),
    sa.Column('agrees', sa.Boolean(), nullable=True),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.Column('differing', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['department_id'], ['departments.id'], name=op.f('fk_second_look_items_department_id_departments')),
    sa.ForeignKeyConstraint(['look_id'], ['second_looks.id'], name=op.f('fk_second_look_items_look_id_second_looks')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_second_look_items')),
    sa.UniqueConstraint('look_id', 'item_code', name=op.f('uq_second_look_items_look_id_item_code'))
    )
    op.create_index(op.f('ix_second_look_items_department_id'), 'second_look_items', ['department_id'], unique=False)
    op.create_index(op.f('ix_second_look_items_item_code'), 'second_look_items', ['item_code'], unique=False)
    op.create_index(op.f('ix_second_look_items_look_id'), 'second_look_items', ['look_id'], unique=False)
    op.create_table('second_look_explanations',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('cause', sa.String(length=32), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('said_by', sa.Integer(), nullable=True),
    sa.Column('said_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['item_id'], ['second_look_items.id'], name=op.f('fk_second_look_explanations_item_id_second_look_items')),
    sa.ForeignKeyConstraint(['said_by'], ['users.id'], name=op.f('fk_second_look_explanations_said_by_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_second_look_explanations'))
    )
    op.create_index(op.f('ix_second_look_explanations_item_id'), 'second_look_explanations', ['item_id'], unique=False)
    for table in GUARDED:
        for statement in statements(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
        if table in GUARDED and op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP FUNCTION {table}_append_only()")
