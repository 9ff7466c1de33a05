"""days: leave, routes by hand, places of entities, calendar feeds

Revision: 0023, after 0022
"""

import sqlalchemy as sa
from alembic import op

from supervision.evidence import statements

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

EVIDENCE = ("route_orders", "day_moves")
TABLES = ("leave_requests", "entity_points", "route_orders", "day_moves", "calendar_feeds")
# about where the middle of each sub-district of Jing'an lies, for installations that know them already
MIDDLES = {
    "310106006": (121.445, 31.238), "310106011": (121.459, 31.236), "310106012": (121.459, 31.229),
    "310106013": (121.446, 31.224), "310106014": (121.434, 31.231), "310106015": (121.455, 31.247),
    "310106016": (121.472, 31.246), "310106017": (121.474, 31.255), "310106018": (121.459, 31.266),
    "310106019": (121.456, 31.278), "310106020": (121.449, 31.307), "310106021": (121.458, 31.314),
    "310106022": (121.461, 31.257), "310106101": (121.442, 31.296),
}  # fmt: skip


def upgrade() -> None:
    op.create_table('leave_requests',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('inspector_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decision_note', sa.String(length=300), nullable=False),
    sa.Column('absence_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('ends_on >= starts_on', name=op.f('ck_leave_requests_order')),
    sa.ForeignKeyConstraint(['absence_id'], ['absences.id'], name=op.f('fk_leave_requests_absence_id_absences'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['decided_by'], ['users.id'], name=op.f('fk_leave_requests_decided_by_users')),
    sa.ForeignKeyConstraint(['inspector_id'], ['inspectors.id'], name=op.f('fk_leave_requests_inspector_id_inspectors')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_leave_requests'))
    )
    op.create_index(op.f('ix_leave_requests_inspector_id'), 'leave_requests', ['inspector_id'], unique=False)
    op.create_index(op.f('ix_leave_requests_state'), 'leave_requests', ['state'], unique=False)
    op.create_table('entity_points',
    sa.Column('entity_id', sa.Integer(), nullable=False),
    sa.Column('longitude', sa.Double(), nullable=False),
    sa.Column('latitude', sa.Double(), nullable=False),
    sa.Column('noted_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['entity_id'], ['entities.id'], name=op.f('fk_entity_points_entity_id_entities')),
    sa.PrimaryKeyConstraint('entity_id', name=op.f('pk_entity_points'))
    )
    op.create_table('route_orders',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('inspector_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('serial', sa.Integer(), nullable=False),
    sa.Column('visit_ids', sa.Text(), nullable=False),
    sa.Column('returns_to', sa.Integer(), nullable=True),
    sa.Column('made_by', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['inspector_id'], ['inspectors.id'], name=op.f('fk_route_orders_inspector_id_inspectors')),
    sa.ForeignKeyConstraint(['made_by'], ['users.id'], name=op.f('fk_route_orders_made_by_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_route_orders')),
    sa.UniqueConstraint('inspector_id', 'day', 'serial', name=op.f('uq_route_orders_inspector_id_day_serial'))
    )
    op.create_table('day_moves',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('visit_id', sa.Integer(), nullable=False),
    sa.Column('inspector_id', sa.Integer(), nullable=False),
    sa.Column('from_day', sa.Date(), nullable=False),
    sa.Column('to_day', sa.Date(), nullable=False),
    sa.Column('undoes_id', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['inspector_id'], ['inspectors.id'], name=op.f('fk_day_moves_inspector_id_inspectors')),
    sa.ForeignKeyConstraint(['undoes_id'], ['day_moves.id'], name=op.f('fk_day_moves_undoes_id_day_moves')),
    sa.ForeignKeyConstraint(['visit_id'], ['visits.id'], name=op.f('fk_day_moves_visit_id_visits')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_day_moves')),
    sa.UniqueConstraint('undoes_id', name=op.f('uq_day_moves_undoes_id'))
    )
    op.create_index(op.f('ix_day_moves_inspector_id'), 'day_moves', ['inspector_id'], unique=False)
    op.create_index(op.f('ix_day_moves_visit_id'), 'day_moves', ['visit_id'], unique=False)
    op.create_table('calendar_feeds',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_calendar_feeds_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_feeds')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_calendar_feeds_token_hash'))
    )
    op.create_index(op.f('ix_calendar_feeds_user_id'), 'calendar_feeds', ['user_id'], unique=False)
    op.create_index('uq_calendar_feeds_in_use', 'calendar_feeds', ['user_id'], unique=True, sqlite_where=sa.text('revoked_at IS NULL'), postgresql_where=sa.text('revoked_at IS NULL'))
    for name in ("longitude", "latitude"):
        op.add_column("sub_districts", sa.Column(name, sa.Double(), nullable=True))
    known = sa.table("sub_districts", sa.column("code"), sa.column("longitude"), sa.column("latitude"))
    for code, (longitude, latitude) in MIDDLES.items():
        op.execute(known.update().where(known.c.code == code).values(longitude=longitude, latitude=latitude))
    for table in EVIDENCE:
        for statement in statements(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    for name in ("latitude", "longitude"):
        op.drop_column("sub_districts", name)
    for table in reversed(TABLES):
        op.drop_table(table)
        if table in EVIDENCE and op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP FUNCTION {table}_append_only()")
