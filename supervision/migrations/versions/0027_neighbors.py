"""neighbors: areas beside the district, lent inspectors, requests to borrow them with the areas' documents

Revision: 0027, after 0026
"""

import sqlalchemy as sa
from alembic import op

from supervision.evidence import statements

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

TABLES = ("neighbor_areas", "inspector_loans", "loan_requests", "loan_proofs")
GUARDED = "loan_proofs"


def upgrade() -> None:
    op.create_table('neighbor_areas',
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('name_zh', sa.String(length=60), nullable=False),
    sa.Column('name_en', sa.String(length=60), nullable=False),
    sa.Column('source', sa.String(length=200), nullable=False),
    sa.Column('certainty', sa.String(length=16), nullable=False),
    sa.Column('effective_from', sa.Date(), nullable=False),
    sa.Column('effective_until', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_neighbor_areas'))
    )
    op.create_table('inspector_loans',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('inspector_id', sa.Integer(), nullable=False),
    sa.Column('task_number', sa.String(length=18), nullable=False),
    sa.Column('request_number', sa.String(length=24), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('ends_on >= starts_on', name=op.f('ck_inspector_loans_order')),
    sa.ForeignKeyConstraint(['inspector_id'], ['inspectors.id'], name=op.f('fk_inspector_loans_inspector_id_inspectors')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inspector_loans'))
    )
    op.create_index(op.f('ix_inspector_loans_inspector_id'), 'inspector_loans', ['inspector_id'], unique=False)
    op.create_index(op.f('ix_inspector_loans_request_number'), 'inspector_loans', ['request_number'], unique=False)
    op.create_index(op.f('ix_inspector_loans_task_number'), 'inspector_loans', ['task_number'], unique=False)
    op.create_index('uq_inspector_loans_running', 'inspector_loans', ['inspector_id'], unique=True, sqlite_where=sa.text('ended_on IS NULL'), postgresql_where=sa.text('ended_on IS NULL'))
    op.create_table('loan_requests',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=24), nullable=False),
    sa.Column('task_id', sa.Integer(), nullable=False),
    sa.Column('department_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('wanted', sa.Integer(), nullable=False),
    sa.Column('item_codes', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('own', sa.Integer(), nullable=False),
    sa.Column('needed', sa.Integer(), nullable=False),
    sa.Column('available', sa.Integer(), nullable=False),
    sa.Column('asked_by', sa.Integer(), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('area_code', sa.String(length=16), nullable=True),
    sa.Column('lending_department', sa.String(length=100), nullable=False),
    sa.Column('granted', sa.Integer(), nullable=True),
    sa.Column('document_number', sa.String(length=60), nullable=False),
    sa.Column('document_on', sa.Date(), nullable=True),
    sa.Column('answer_note', sa.Text(), nullable=False),
    sa.Column('answered_by', sa.Integer(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by', sa.Integer(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('end_reason', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('wanted >= 1', name=op.f('ck_loan_requests_somebody')),
    sa.ForeignKeyConstraint(['answered_by'], ['users.id'], name=op.f('fk_loan_requests_answered_by_users')),
    sa.ForeignKeyConstraint(['area_code'], ['neighbor_areas.code'], name=op.f('fk_loan_requests_area_code_neighbor_areas')),
    sa.ForeignKeyConstraint(['asked_by'], ['users.id'], name=op.f('fk_loan_requests_asked_by_users')),
    sa.ForeignKeyConstraint(['department_id'], ['departments.id'], name=op.f('fk_loan_requests_department_id_departments')),
    sa.ForeignKeyConstraint(['ended_by'], ['users.id'], name=op.f('fk_loan_requests_ended_by_users')),
    sa.ForeignKeyConstraint(['task_id'], ['tasks.id'], name=op.f('fk_loan_requests_task_id_tasks')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_loan_requests')),
    sa.UniqueConstraint('number', name=op.f('uq_loan_requests_number'))
    )
    op.create_index(op.f('ix_loan_requests_area_code'), 'loan_requests', ['area_code'], unique=False)
    op.create_index(op.f('ix_loan_requests_department_id'), 'loan_requests', ['department_id'], unique=False)
    op.create_index(op.f('ix_loan_requests_state'), 'loan_requests', ['state'], unique=False)
    op.create_index(op.f('ix_loan_requests_task_id'), 'loan_requests', ['task_id'], unique=False)
    op.create_index('uq_loan_requests_waiting', 'loan_requests', ['task_id', 'department_id'], unique=True, sqlite_where=sa.text("state = 'asked'"), postgresql_where=sa.text("state = 'asked'"))
    op.create_table('loan_proofs',
    sa.Column('request_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('media_type', sa.String(length=40), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['request_id'], ['loan_requests.id'], name=op.f('fk_loan_proofs_request_id_loan_requests')),
    sa.PrimaryKeyConstraint('request_id', name=op.f('pk_loan_proofs'))
    )
    area = sa.ForeignKey("neighbor_areas.code", name="fk_inspectors_lent_from_code_neighbor_areas")
    op.add_column("inspectors", sa.Column("lent_from_code", sa.String(16), area), inline_references=True)
    op.create_index("ix_inspectors_lent_from_code", "inspectors", ["lent_from_code"])
    for statement in statements(GUARDED, op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    op.drop_index("ix_inspectors_lent_from_code", "inspectors")
    op.drop_column("inspectors", "lent_from_code")
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP FUNCTION {GUARDED}_append_only()")
