"""initial schema

Revision: 0001, after 
"""

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


# What the models cannot say in columns: evidence that never changes, published plans, the search index.
GUARDS = {
    "sqlite": [
        "CREATE TRIGGER audit_entries_no_update BEFORE UPDATE ON audit_entries BEGIN SELECT RAISE(ABORT, 'audit_entries is append-only'); END",
        "CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries BEGIN SELECT RAISE(ABORT, 'audit_entries is append-only'); END",
        "INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000')",
        "CREATE VIRTUAL TABLE entity_search USING fts5(tokens, detail=none, columnsize=0, tokenize='ascii')",
        "CREATE TRIGGER collected_inspections_no_update BEFORE UPDATE ON collected_inspections BEGIN SELECT RAISE(ABORT, 'collected_inspections is append-only'); END",
        "CREATE TRIGGER collected_inspections_no_delete BEFORE DELETE ON collected_inspections BEGIN SELECT RAISE(ABORT, 'collected_inspections is append-only'); END",
        "CREATE TRIGGER plan_versions_published_no_update BEFORE UPDATE ON plan_versions WHEN OLD.published_at IS NOT NULL AND NOT (NEW.plan_id IS NOT DISTINCT FROM OLD.plan_id AND NEW.version_no IS NOT DISTINCT FROM OLD.version_no AND NEW.title IS NOT DISTINCT FROM OLD.title AND NEW.description IS NOT DISTINCT FROM OLD.description AND NEW.item_list_id IS NOT DISTINCT FROM OLD.item_list_id AND NEW.joint_item_id IS NOT DISTINCT FROM OLD.joint_item_id AND NEW.starts_on IS NOT DISTINCT FROM OLD.starts_on AND NEW.ends_on IS NOT DISTINCT FROM OLD.ends_on AND NEW.scope IS NOT DISTINCT FROM OLD.scope AND NEW.stratification IS NOT DISTINCT FROM OLD.stratification AND NEW.class_rate_replaces IS NOT DISTINCT FROM OLD.class_rate_replaces AND NEW.allocation IS NOT DISTINCT FROM OLD.allocation AND NEW.team_mode IS NOT DISTINCT FROM OLD.team_mode AND NEW.group_count IS NOT DISTINCT FROM OLD.group_count AND NEW.group_capacity IS NOT DISTINCT FROM OLD.group_capacity AND NEW.visit_cap IS NOT DISTINCT FROM OLD.visit_cap AND NEW.reserve IS NOT DISTINCT FROM OLD.reserve AND NEW.publish_list_before IS NOT DISTINCT FROM OLD.publish_list_before AND NEW.change_reason IS NOT DISTINCT FROM OLD.change_reason AND NEW.return_reason IS NOT DISTINCT FROM OLD.return_reason AND NEW.editors IS NOT DISTINCT FROM OLD.editors AND NEW.submitted_by IS NOT DISTINCT FROM OLD.submitted_by AND NEW.submitted_at IS NOT DISTINCT FROM OLD.submitted_at AND NEW.approved_by IS NOT DISTINCT FROM OLD.approved_by AND NEW.approved_at IS NOT DISTINCT FROM OLD.approved_at AND NEW.published_at IS NOT DISTINCT FROM OLD.published_at AND NEW.expected_pool IS NOT DISTINCT FROM OLD.expected_pool AND NEW.planned_visits IS NOT DISTINCT FROM OLD.planned_visits AND NEW.confidential_salt IS NOT DISTINCT FROM OLD.confidential_salt AND NEW.published_json IS NOT DISTINCT FROM OLD.published_json AND NEW.digest IS NOT DISTINCT FROM OLD.digest AND NEW.drafted_by IS NOT DISTINCT FROM OLD.drafted_by AND NEW.created_at IS NOT DISTINCT FROM OLD.created_at) BEGIN SELECT RAISE(ABORT, 'plan_versions: a published plan never changes'); END",
        "CREATE TRIGGER plan_versions_published_no_delete BEFORE DELETE ON plan_versions WHEN OLD.published_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'plan_versions: a published plan never changes'); END",
        "CREATE TRIGGER plan_items_published_no_update BEFORE UPDATE ON plan_items WHEN EXISTS (SELECT 1 FROM plan_versions WHERE id = OLD.plan_version_id AND published_at IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'plan_items: a published plan never changes'); END",
        "CREATE TRIGGER plan_items_published_no_delete BEFORE DELETE ON plan_items WHEN EXISTS (SELECT 1 FROM plan_versions WHERE id = OLD.plan_version_id AND published_at IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'plan_items: a published plan never changes'); END",
        "CREATE TRIGGER plan_participants_published_no_update BEFORE UPDATE ON plan_participants WHEN EXISTS (SELECT 1 FROM plan_versions WHERE id = OLD.plan_version_id AND published_at IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'plan_participants: a published plan never changes'); END",
        "CREATE TRIGGER plan_participants_published_no_delete BEFORE DELETE ON plan_participants WHEN EXISTS (SELECT 1 FROM plan_versions WHERE id = OLD.plan_version_id AND published_at IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'plan_participants: a published plan never changes'); END",
        "CREATE TRIGGER exclusions_no_update BEFORE UPDATE ON exclusions BEGIN SELECT RAISE(ABORT, 'exclusions is append-only'); END",
        "CREATE TRIGGER exclusions_no_delete BEFORE DELETE ON exclusions BEGIN SELECT RAISE(ABORT, 'exclusions is append-only'); END",
        "CREATE TRIGGER draw_files_no_update BEFORE UPDATE ON draw_files BEGIN SELECT RAISE(ABORT, 'draw_files is append-only'); END",
        "CREATE TRIGGER draw_files_no_delete BEFORE DELETE ON draw_files BEGIN SELECT RAISE(ABORT, 'draw_files is append-only'); END",
        "CREATE TRIGGER draw_pseudonyms_no_update BEFORE UPDATE ON draw_pseudonyms BEGIN SELECT RAISE(ABORT, 'draw_pseudonyms is append-only'); END",
        "CREATE TRIGGER draw_pseudonyms_no_delete BEFORE DELETE ON draw_pseudonyms BEGIN SELECT RAISE(ABORT, 'draw_pseudonyms is append-only'); END",
        "CREATE TRIGGER exclusion_decisions_no_update BEFORE UPDATE ON exclusion_decisions BEGIN SELECT RAISE(ABORT, 'exclusion_decisions is append-only'); END",
        "CREATE TRIGGER exclusion_decisions_no_delete BEFORE DELETE ON exclusion_decisions BEGIN SELECT RAISE(ABORT, 'exclusion_decisions is append-only'); END",
        "CREATE TRIGGER log_leaves_no_update BEFORE UPDATE ON log_leaves BEGIN SELECT RAISE(ABORT, 'log_leaves is append-only'); END",
        "CREATE TRIGGER log_leaves_no_delete BEFORE DELETE ON log_leaves BEGIN SELECT RAISE(ABORT, 'log_leaves is append-only'); END",
        "CREATE TRIGGER notices_no_update BEFORE UPDATE ON notices BEGIN SELECT RAISE(ABORT, 'notices is append-only'); END",
        "CREATE TRIGGER notices_no_delete BEFORE DELETE ON notices BEGIN SELECT RAISE(ABORT, 'notices is append-only'); END",
        "CREATE TRIGGER publications_no_update BEFORE UPDATE ON publications BEGIN SELECT RAISE(ABORT, 'publications is append-only'); END",
        "CREATE TRIGGER publications_no_delete BEFORE DELETE ON publications BEGIN SELECT RAISE(ABORT, 'publications is append-only'); END",
        "CREATE TRIGGER record_versions_no_update BEFORE UPDATE ON record_versions BEGIN SELECT RAISE(ABORT, 'record_versions is append-only'); END",
        "CREATE TRIGGER record_versions_no_delete BEFORE DELETE ON record_versions BEGIN SELECT RAISE(ABORT, 'record_versions is append-only'); END",
        "CREATE TRIGGER reviews_no_update BEFORE UPDATE ON reviews BEGIN SELECT RAISE(ABORT, 'reviews is append-only'); END",
        "CREATE TRIGGER reviews_no_delete BEFORE DELETE ON reviews BEGIN SELECT RAISE(ABORT, 'reviews is append-only'); END",
        "CREATE TRIGGER withdrawals_no_update BEFORE UPDATE ON withdrawals BEGIN SELECT RAISE(ABORT, 'withdrawals is append-only'); END",
        "CREATE TRIGGER withdrawals_no_delete BEFORE DELETE ON withdrawals BEGIN SELECT RAISE(ABORT, 'withdrawals is append-only'); END",
    ],
    "postgresql": [
        "CREATE FUNCTION audit_entries_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'audit_entries is append-only'; END $$",
        'CREATE TRIGGER audit_entries_no_change BEFORE UPDATE OR DELETE ON audit_entries FOR EACH ROW EXECUTE FUNCTION audit_entries_append_only()',
        'CREATE TRIGGER audit_entries_no_truncate BEFORE TRUNCATE ON audit_entries FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_append_only()',
        "INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000')",
        'CREATE TABLE entity_search (entity_id INTEGER PRIMARY KEY, tokens TSVECTOR NOT NULL)',
        'CREATE INDEX ix_entity_search_tokens ON entity_search USING gin (tokens)',
        "CREATE FUNCTION collected_inspections_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'collected_inspections is append-only'; END $$",
        'CREATE TRIGGER collected_inspections_no_change BEFORE UPDATE OR DELETE ON collected_inspections FOR EACH ROW EXECUTE FUNCTION collected_inspections_append_only()',
        'CREATE TRIGGER collected_inspections_no_truncate BEFORE TRUNCATE ON collected_inspections FOR EACH STATEMENT EXECUTE FUNCTION collected_inspections_append_only()',
        "CREATE FUNCTION plan_versions_published_no_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.published_at IS NOT NULL AND NOT (NEW.plan_id IS NOT DISTINCT FROM OLD.plan_id AND NEW.version_no IS NOT DISTINCT FROM OLD.version_no AND NEW.title IS NOT DISTINCT FROM OLD.title AND NEW.description IS NOT DISTINCT FROM OLD.description AND NEW.item_list_id IS NOT DISTINCT FROM OLD.item_list_id AND NEW.joint_item_id IS NOT DISTINCT FROM OLD.joint_item_id AND NEW.starts_on IS NOT DISTINCT FROM OLD.starts_on AND NEW.ends_on IS NOT DISTINCT FROM OLD.ends_on AND NEW.scope IS NOT DISTINCT FROM OLD.scope AND NEW.stratification IS NOT DISTINCT FROM OLD.stratification AND NEW.class_rate_replaces IS NOT DISTINCT FROM OLD.class_rate_replaces AND NEW.allocation IS NOT DISTINCT FROM OLD.allocation AND NEW.team_mode IS NOT DISTINCT FROM OLD.team_mode AND NEW.group_count IS NOT DISTINCT FROM OLD.group_count AND NEW.group_capacity IS NOT DISTINCT FROM OLD.group_capacity AND NEW.visit_cap IS NOT DISTINCT FROM OLD.visit_cap AND NEW.reserve IS NOT DISTINCT FROM OLD.reserve AND NEW.publish_list_before IS NOT DISTINCT FROM OLD.publish_list_before AND NEW.change_reason IS NOT DISTINCT FROM OLD.change_reason AND NEW.return_reason IS NOT DISTINCT FROM OLD.return_reason AND NEW.editors IS NOT DISTINCT FROM OLD.editors AND NEW.submitted_by IS NOT DISTINCT FROM OLD.submitted_by AND NEW.submitted_at IS NOT DISTINCT FROM OLD.submitted_at AND NEW.approved_by IS NOT DISTINCT FROM OLD.approved_by AND NEW.approved_at IS NOT DISTINCT FROM OLD.approved_at AND NEW.published_at IS NOT DISTINCT FROM OLD.published_at AND NEW.expected_pool IS NOT DISTINCT FROM OLD.expected_pool AND NEW.planned_visits IS NOT DISTINCT FROM OLD.planned_visits AND NEW.confidential_salt IS NOT DISTINCT FROM OLD.confidential_salt AND NEW.published_json IS NOT DISTINCT FROM OLD.published_json AND NEW.digest IS NOT DISTINCT FROM OLD.digest AND NEW.drafted_by IS NOT DISTINCT FROM OLD.drafted_by AND NEW.created_at IS NOT DISTINCT FROM OLD.created_at) THEN RAISE EXCEPTION 'plan_versions: a published plan never changes'; END IF; RETURN NEW; END $$",
        'CREATE TRIGGER plan_versions_published_no_update BEFORE UPDATE ON plan_versions FOR EACH ROW EXECUTE FUNCTION plan_versions_published_no_update()',
        "CREATE FUNCTION plan_versions_published_no_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.published_at IS NOT NULL THEN RAISE EXCEPTION 'plan_versions: a published plan never changes'; END IF; RETURN OLD; END $$",
        'CREATE TRIGGER plan_versions_published_no_delete BEFORE DELETE ON plan_versions FOR EACH ROW EXECUTE FUNCTION plan_versions_published_no_delete()',
        "CREATE FUNCTION plan_items_published_no_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM plan_versions WHERE id = OLD.plan_version_id AND published_at IS NOT NULL) THEN RAISE EXCEPTION 'plan_items: a published plan never changes'; END IF; RETURN NEW; END $$",
        'CREATE TRIGGER plan_items_published_no_update BEFORE UPDATE ON plan_items FOR EACH ROW EXECUTE FUNCTION plan_items_published_no_update()',
        "CREATE FUNCTION plan_items_published_no_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM plan_versions WHERE id = OLD.plan_version_id AND published_at IS NOT NULL) THEN RAISE EXCEPTION 'plan_items: a published plan never changes'; END IF; RETURN OLD; END $$",
        'CREATE TRIGGER plan_items_published_no_delete BEFORE DELETE ON plan_items FOR EACH ROW EXECUTE FUNCTION plan_items_published_no_delete()',
        "CREATE FUNCTION plan_participants_published_no_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM plan_versions WHERE id = OLD.plan_version_id AND published_at IS NOT NULL) THEN RAISE EXCEPTION 'plan_participants: a published plan never changes'; END IF; RETURN NEW; END $$",
        'CREATE TRIGGER plan_participants_published_no_update BEFORE UPDATE ON plan_participants FOR EACH ROW EXECUTE FUNCTION plan_participants_published_no_update()',
        "CREATE FUNCTION plan_participants_published_no_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM plan_versions WHERE id = OLD.plan_version_id AND published_at IS NOT NULL) THEN RAISE EXCEPTION 'plan_participants: a published plan never changes'; END IF; RETURN OLD; END $$",
        'CREATE TRIGGER plan_participants_published_no_delete BEFORE DELETE ON plan_participants FOR EACH ROW EXECUTE FUNCTION plan_participants_published_no_delete()',
        "CREATE FUNCTION exclusions_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'exclusions is append-only'; END $$",
        'CREATE TRIGGER exclusions_no_change BEFORE UPDATE OR DELETE ON exclusions FOR EACH ROW EXECUTE FUNCTION exclusions_append_only()',
        'CREATE TRIGGER exclusions_no_truncate BEFORE TRUNCATE ON exclusions FOR EACH STATEMENT EXECUTE FUNCTION exclusions_append_only()',
        "CREATE FUNCTION draw_files_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'draw_files is append-only'; END $$",
        'CREATE TRIGGER draw_files_no_change BEFORE UPDATE OR DELETE ON draw_files FOR EACH ROW EXECUTE FUNCTION draw_files_append_only()',
        'CREATE TRIGGER draw_files_no_truncate BEFORE TRUNCATE ON draw_files FOR EACH STATEMENT EXECUTE FUNCTION draw_files_append_only()',
        "CREATE FUNCTION draw_pseudonyms_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'draw_pseudonyms is append-only'; END $$",
        'CREATE TRIGGER draw_pseudonyms_no_change BEFORE UPDATE OR DELETE ON draw_pseudonyms FOR EACH ROW EXECUTE FUNCTION draw_pseudonyms_append_only()',
        'CREATE TRIGGER draw_pseudonyms_no_truncate BEFORE TRUNCATE ON draw_pseudonyms FOR EACH STATEMENT EXECUTE FUNCTION draw_pseudonyms_append_only()',
        "CREATE FUNCTION exclusion_decisions_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'exclusion_decisions is append-only'; END $$",
        'CREATE TRIGGER exclusion_decisions_no_change BEFORE UPDATE OR DELETE ON exclusion_decisions FOR EACH ROW EXECUTE FUNCTION exclusion_decisions_append_only()',
        'CREATE TRIGGER exclusion_decisions_no_truncate BEFORE TRUNCATE ON exclusion_decisions FOR EACH STATEMENT EXECUTE FUNCTION exclusion_decisions_append_only()',
        "CREATE FUNCTION log_leaves_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'log_leaves is append-only'; END $$",
        'CREATE TRIGGER log_leaves_no_change BEFORE UPDATE OR DELETE ON log_leaves FOR EACH ROW EXECUTE FUNCTION log_leaves_append_only()',
        'CREATE TRIGGER log_leaves_no_truncate BEFORE TRUNCATE ON log_leaves FOR EACH STATEMENT EXECUTE FUNCTION log_leaves_append_only()',
        "CREATE FUNCTION notices_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'notices is append-only'; END $$",
        'CREATE TRIGGER notices_no_change BEFORE UPDATE OR DELETE ON notices FOR EACH ROW EXECUTE FUNCTION notices_append_only()',
        'CREATE TRIGGER notices_no_truncate BEFORE TRUNCATE ON notices FOR EACH STATEMENT EXECUTE FUNCTION notices_append_only()',
        "CREATE FUNCTION publications_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'publications is append-only'; END $$",
        'CREATE TRIGGER publications_no_change BEFORE UPDATE OR DELETE ON publications FOR EACH ROW EXECUTE FUNCTION publications_append_only()',
        'CREATE TRIGGER publications_no_truncate BEFORE TRUNCATE ON publications FOR EACH STATEMENT EXECUTE FUNCTION publications_append_only()',
        "CREATE FUNCTION record_versions_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'record_versions is append-only'; END $$",
        'CREATE TRIGGER record_versions_no_change BEFORE UPDATE OR DELETE ON record_versions FOR EACH ROW EXECUTE FUNCTION record_versions_append_only()',
        'CREATE TRIGGER record_versions_no_truncate BEFORE TRUNCATE ON record_versions FOR EACH STATEMENT EXECUTE FUNCTION record_versions_append_only()',
        "CREATE FUNCTION reviews_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'reviews is append-only'; END $$",
        'CREATE TRIGGER reviews_no_change BEFORE UPDATE OR DELETE ON reviews FOR EACH ROW EXECUTE FUNCTION reviews_append_only()',
        'CREATE TRIGGER reviews_no_truncate BEFORE TRUNCATE ON reviews FOR EACH STATEMENT EXECUTE FUNCTION reviews_append_only()',
        "CREATE FUNCTION withdrawals_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'withdrawals is append-only'; END $$",
        'CREATE TRIGGER withdrawals_no_change BEFORE UPDATE OR DELETE ON withdrawals FOR EACH ROW EXECUTE FUNCTION withdrawals_append_only()',
        'CREATE TRIGGER withdrawals_no_truncate BEFORE TRUNCATE ON withdrawals FOR EACH STATEMENT EXECUTE FUNCTION withdrawals_append_only()',
    ],
}


def upgrade() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    op.create_table('audit_entries',
    sa.Column('seq', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('event', sa.String(length=40), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('actor_name', sa.String(length=100), nullable=False),
    sa.Column('department_code', sa.String(length=16), nullable=False),
    sa.Column('request_id', sa.String(length=40), nullable=False),
    sa.Column('subject_kind', sa.String(length=40), nullable=False),
    sa.Column('subject_id', sa.String(length=80), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('details', sa.Text(), nullable=False),
    sa.Column('previous', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_audit_entries')),
    sa.UniqueConstraint('hash', name=op.f('uq_audit_entries_hash'))
    )
    with op.batch_alter_table('audit_entries', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_entries_actor_id'), ['actor_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_entries_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_entries_event'), ['event'], unique=False)
        batch_op.create_index('ix_audit_entries_subject', ['subject_kind', 'subject_id'], unique=False)

    op.create_table('audit_head',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_audit_head_single')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_head'))
    )
    op.create_table('calendar_days',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('provisional', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_calendar_days'))
    )
    op.create_table('departments',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('name_zh', sa.String(length=100), nullable=False),
    sa.Column('name_en', sa.String(length=160), nullable=False),
    sa.Column('fields', sa.Text(), nullable=False),
    sa.Column('platform_role', sa.String(length=100), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_departments')),
    sa.UniqueConstraint('code', name=op.f('uq_departments_code'))
    )
    op.create_table('entity_types',
    sa.Column('code', sa.String(length=8), nullable=False),
    sa.Column('name_zh', sa.String(length=60), nullable=False),
    sa.Column('name_en', sa.String(length=100), nullable=False),
    sa.Column('is_enterprise', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_entity_types'))
    )
    op.create_table('industries',
    sa.Column('code', sa.String(length=8).with_variant(sa.String(length=8, collation='C'), 'postgresql'), nullable=False),
    sa.Column('parent', sa.String(length=8), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('name_zh', sa.String(length=100), nullable=False),
    sa.Column('name_en', sa.String(length=160), nullable=False),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_industries'))
    )
    op.create_table('item_lists',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('document_number', sa.String(length=100), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('published_on', sa.Date(), nullable=True),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_item_lists')),
    sa.UniqueConstraint('number', name=op.f('uq_item_lists_number'))
    )
    with op.batch_alter_table('item_lists', schema=None) as batch_op:
        batch_op.create_index('uq_item_lists_open_state', ['state'], unique=True, sqlite_where=sa.text("state <> 'superseded'"), postgresql_where=sa.text("state <> 'superseded'"))

    op.create_table('log_head',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('newest_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_log_head_single')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_log_head'))
    )
    op.create_table('measure_definitions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('edition', sa.String(length=40), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('name_zh', sa.String(length=200), nullable=False),
    sa.Column('name_en', sa.String(length=300), nullable=False),
    sa.Column('category_no', sa.Integer(), nullable=False),
    sa.Column('category_zh', sa.String(length=60), nullable=False),
    sa.Column('implementing_type', sa.String(length=200), nullable=False),
    sa.Column('legal_basis', sa.Text(), nullable=False),
    sa.Column('triggers', sa.Text(), nullable=False),
    sa.Column('reduces_rights', sa.Boolean(), nullable=False),
    sa.Column('target', sa.String(length=20), nullable=False),
    sa.Column('effective_from', sa.Date(), nullable=False),
    sa.Column('effective_until', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_measure_definitions')),
    sa.UniqueConstraint('edition', 'code', name=op.f('uq_measure_definitions_edition_code'))
    )
    op.create_table('number_series',
    sa.Column('name', sa.String(length=32), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_number_series'))
    )
    op.create_table('parameters',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=64), nullable=False),
    sa.Column('value', sa.String(length=64), nullable=False),
    sa.Column('unit', sa.String(length=32), nullable=False),
    sa.Column('name_zh', sa.String(length=200), nullable=False),
    sa.Column('name_en', sa.String(length=200), nullable=False),
    sa.Column('source', sa.String(length=300), nullable=False),
    sa.Column('certainty', sa.String(length=32), nullable=False),
    sa.Column('effective_from', sa.Date(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_parameters')),
    sa.UniqueConstraint('code', 'effective_from', name=op.f('uq_parameters_code_effective_from'))
    )
    op.create_table('problem_phrases',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('item_code', sa.String(length=16), nullable=False),
    sa.Column('text_zh', sa.String(length=300), nullable=False),
    sa.Column('text_en', sa.String(length=300), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_problem_phrases')),
    sa.UniqueConstraint('item_code', 'text_zh', name=op.f('uq_problem_phrases_item_code_text_zh'))
    )
    with op.batch_alter_table('problem_phrases', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_problem_phrases_item_code'), ['item_code'], unique=False)

    op.create_table('reasons',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('list_code', sa.String(length=32), nullable=False),
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name_zh', sa.String(length=100), nullable=False),
    sa.Column('name_en', sa.String(length=160), nullable=False),
    sa.Column('description_zh', sa.Text(), nullable=False),
    sa.Column('description_en', sa.Text(), nullable=False),
    sa.Column('source', sa.String(length=300), nullable=False),
    sa.Column('certainty', sa.String(length=32), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reasons')),
    sa.UniqueConstraint('list_code', 'code', name=op.f('uq_reasons_list_code_code'))
    )
    op.create_table('result_codes',
    sa.Column('code', sa.String(length=4), nullable=False),
    sa.Column('name_zh', sa.String(length=100), nullable=False),
    sa.Column('name_en', sa.String(length=200), nullable=False),
    sa.Column('follow_up', sa.Text(), nullable=False),
    sa.Column('scope', sa.String(length=16), nullable=False),
    sa.Column('is_problem', sa.Boolean(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_result_codes'))
    )
    op.create_table('sign_in_failures',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('address_hash', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_failures'))
    )
    with op.batch_alter_table('sign_in_failures', schema=None) as batch_op:
        batch_op.create_index('ix_sign_in_failures_address_at', ['address_hash', 'at'], unique=False)

    op.create_table('sub_districts',
    sa.Column('code', sa.String(length=12), nullable=False),
    sa.Column('name_zh', sa.String(length=40), nullable=False),
    sa.Column('name_en', sa.String(length=80), nullable=False),
    sa.Column('x', sa.Integer(), nullable=False),
    sa.Column('y', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_sub_districts'))
    )
    op.create_table('tags',
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('name_zh', sa.String(length=60), nullable=False),
    sa.Column('name_en', sa.String(length=100), nullable=False),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_tags'))
    )
    op.create_table('entities',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('uscc', sa.String(length=18).with_variant(sa.String(length=18, collation='C'), 'postgresql'), nullable=True),
    sa.Column('registration_number', sa.String(length=30).with_variant(sa.String(length=30, collation='C'), 'postgresql'), nullable=True),
    sa.Column('uscc_confirmed', sa.Boolean(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('sort_key', sa.String(length=255).with_variant(sa.String(length=255, collation='C'), 'postgresql'), nullable=False),
    sa.Column('initials', sa.String(length=64).with_variant(sa.String(length=64, collation='C'), 'postgresql'), nullable=False),
    sa.Column('skeleton', sa.String(length=200).with_variant(sa.String(length=200, collation='C'), 'postgresql'), nullable=False),
    sa.Column('type_code', sa.String(length=8), nullable=False),
    sa.Column('industry_code', sa.String(length=8).with_variant(sa.String(length=8, collation='C'), 'postgresql'), nullable=False),
    sa.Column('sub_district_code', sa.String(length=12), nullable=False),
    sa.Column('address', sa.String(length=300), nullable=False),
    sa.Column('legal_representative', sa.String(length=100), nullable=False),
    sa.Column('contact_phone', sa.String(length=30), nullable=False),
    sa.Column('business_scope', sa.Text(), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('status_since', sa.Date(), nullable=False),
    sa.Column('registered_on', sa.Date(), nullable=False),
    sa.Column('risk_class', sa.String(length=1), nullable=True),
    sa.Column('low_touch', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('uscc IS NOT NULL OR registration_number IS NOT NULL', name=op.f('ck_entities_identified')),
    sa.ForeignKeyConstraint(['industry_code'], ['industries.code'], name=op.f('fk_entities_industry_code_industries')),
    sa.ForeignKeyConstraint(['sub_district_code'], ['sub_districts.code'], name=op.f('fk_entities_sub_district_code_sub_districts')),
    sa.ForeignKeyConstraint(['type_code'], ['entity_types.code'], name=op.f('fk_entities_type_code_entity_types')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_entities')),
    sa.UniqueConstraint('registration_number', name=op.f('uq_entities_registration_number')),
    sa.UniqueConstraint('unit_id', name=op.f('uq_entities_unit_id')),
    sa.UniqueConstraint('uscc', name=op.f('uq_entities_uscc'))
    )
    with op.batch_alter_table('entities', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_entities_industry_code'), ['industry_code'], unique=False)
        batch_op.create_index('ix_entities_low_touch_sort_key', ['low_touch', 'sort_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_entities_registered_on'), ['registered_on'], unique=False)
        batch_op.create_index('ix_entities_risk_class_sort_key', ['risk_class', 'sort_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_entities_skeleton'), ['skeleton'], unique=False)
        batch_op.create_index('ix_entities_sort_key', ['sort_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_entities_status_since'), ['status_since'], unique=False)
        batch_op.create_index('ix_entities_status_sort_key', ['status', 'sort_key'], unique=False)
        batch_op.create_index('ix_entities_sub_district_code_sort_key', ['sub_district_code', 'sort_key'], unique=False)
        batch_op.create_index('ix_entities_type_code_sort_key', ['type_code', 'sort_key'], unique=False)

    op.create_table('inspectors',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('certificate_number', sa.String(length=20), nullable=False),
    sa.Column('certificate_valid_until', sa.Date(), nullable=False),
    sa.Column('issuing_body', sa.String(length=100), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('sort_key', sa.String(length=120), nullable=False),
    sa.Column('initials', sa.String(length=20), nullable=False),
    sa.Column('department_id', sa.Integer(), nullable=False),
    sa.Column('post', sa.String(length=60), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('all_items', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['department_id'], ['departments.id'], name=op.f('fk_inspectors_department_id_departments')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inspectors')),
    sa.UniqueConstraint('certificate_number', name=op.f('uq_inspectors_certificate_number'))
    )
    with op.batch_alter_table('inspectors', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_inspectors_certificate_valid_until'), ['certificate_valid_until'], unique=False)
        batch_op.create_index(batch_op.f('ix_inspectors_department_id'), ['department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_inspectors_sort_key'), ['sort_key'], unique=False)

    op.create_table('items',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('list_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('department_id', sa.Integer(), nullable=False),
    sa.Column('name_zh', sa.String(length=200), nullable=False),
    sa.Column('name_en', sa.String(length=300), nullable=False),
    sa.Column('object_type', sa.String(length=200), nullable=False),
    sa.Column('method', sa.String(length=200), nullable=False),
    sa.Column('category', sa.String(length=32), nullable=False),
    sa.Column('legal_basis', sa.Text(), nullable=False),
    sa.Column('ratio_bp', sa.Integer(), nullable=False),
    sa.Column('max_per_year', sa.Integer(), nullable=False),
    sa.Column('min_inspectors', sa.Integer(), nullable=False),
    sa.Column('industries', sa.Text(), nullable=False),
    sa.Column('allowed_results', sa.Text(), nullable=False),
    sa.Column('duration_minutes', sa.Integer(), nullable=False),
    sa.Column('suspended', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('min_inspectors >= 2', name=op.f('ck_items_two_inspectors')),
    sa.CheckConstraint('ratio_bp >= 0 AND ratio_bp <= 10000', name=op.f('ck_items_ratio')),
    sa.ForeignKeyConstraint(['department_id'], ['departments.id'], name=op.f('fk_items_department_id_departments')),
    sa.ForeignKeyConstraint(['list_id'], ['item_lists.id'], name=op.f('fk_items_list_id_item_lists')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_items')),
    sa.UniqueConstraint('list_id', 'code', name=op.f('uq_items_list_id_code'))
    )
    with op.batch_alter_table('items', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_items_code'), ['code'], unique=False)
        batch_op.create_index(batch_op.f('ix_items_department_id'), ['department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_items_list_id'), ['list_id'], unique=False)

    op.create_table('joint_items',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('list_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('name_zh', sa.String(length=200), nullable=False),
    sa.Column('name_en', sa.String(length=300), nullable=False),
    sa.Column('field', sa.String(length=100), nullable=False),
    sa.Column('mode', sa.String(length=8), nullable=False),
    sa.Column('lead_department_id', sa.Integer(), nullable=False),
    sa.Column('industries', sa.Text(), nullable=False),
    sa.Column('ratio_bp', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('ratio_bp >= 0 AND ratio_bp <= 10000', name=op.f('ck_joint_items_ratio')),
    sa.ForeignKeyConstraint(['lead_department_id'], ['departments.id'], name=op.f('fk_joint_items_lead_department_id_departments')),
    sa.ForeignKeyConstraint(['list_id'], ['item_lists.id'], name=op.f('fk_joint_items_list_id_item_lists')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_joint_items')),
    sa.UniqueConstraint('list_id', 'code', name=op.f('uq_joint_items_list_id_code'))
    )
    with op.batch_alter_table('joint_items', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_joint_items_lead_department_id'), ['lead_department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_joint_items_list_id'), ['list_id'], unique=False)

    op.create_table('absences',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('inspector_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.CheckConstraint('ends_on >= starts_on', name=op.f('ck_absences_order')),
    sa.ForeignKeyConstraint(['inspector_id'], ['inspectors.id'], name=op.f('fk_absences_inspector_id_inspectors')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_absences'))
    )
    with op.batch_alter_table('absences', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_absences_inspector_id'), ['inspector_id'], unique=False)

    op.create_table('check_points',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('no', sa.Integer(), nullable=False),
    sa.Column('question_zh', sa.Text(), nullable=False),
    sa.Column('question_en', sa.Text(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('options', sa.Text(), nullable=False),
    sa.Column('unit', sa.String(length=20), nullable=False),
    sa.Column('minimum', sa.String(length=20), nullable=False),
    sa.Column('maximum', sa.String(length=20), nullable=False),
    sa.Column('legal_clause', sa.String(length=300), nullable=False),
    sa.Column('guidance_zh', sa.Text(), nullable=False),
    sa.Column('guidance_en', sa.Text(), nullable=False),
    sa.Column('veto', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['item_id'], ['items.id'], name=op.f('fk_check_points_item_id_items')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_check_points')),
    sa.UniqueConstraint('item_id', 'no', name=op.f('uq_check_points_item_id_no'))
    )
    with op.batch_alter_table('check_points', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_check_points_item_id'), ['item_id'], unique=False)

    op.create_table('collected_inspections',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('entity_id', sa.Integer(), nullable=False),
    sa.Column('department_id', sa.Integer(), nullable=False),
    sa.Column('document_number', sa.String(length=64), nullable=False),
    sa.Column('item_code', sa.String(length=16), nullable=False),
    sa.Column('item_name', sa.String(length=200), nullable=False),
    sa.Column('inspected_on', sa.Date(), nullable=False),
    sa.Column('result_code', sa.String(length=4), nullable=False),
    sa.Column('drawn', sa.Boolean(), nullable=False),
    sa.Column('source', sa.String(length=100), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['department_id'], ['departments.id'], name=op.f('fk_collected_inspections_department_id_departments')),
    sa.ForeignKeyConstraint(['entity_id'], ['entities.id'], name=op.f('fk_collected_inspections_entity_id_entities')),
    sa.ForeignKeyConstraint(['result_code'], ['result_codes.code'], name=op.f('fk_collected_inspections_result_code_result_codes')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_collected_inspections')),
    sa.UniqueConstraint('department_id', 'document_number', name=op.f('uq_collected_inspections_department_id_document_number'))
    )
    with op.batch_alter_table('collected_inspections', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_collected_inspections_department_id'), ['department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_collected_inspections_entity_id'), ['entity_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_collected_inspections_inspected_on'), ['inspected_on'], unique=False)

    op.create_table('entity_tags',
    sa.Column('entity_id', sa.Integer(), nullable=False),
    sa.Column('tag_code', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['entity_id'], ['entities.id'], name=op.f('fk_entity_tags_entity_id_entities')),
    sa.ForeignKeyConstraint(['tag_code'], ['tags.code'], name=op.f('fk_entity_tags_tag_code_tags')),
    sa.PrimaryKeyConstraint('entity_id', 'tag_code', name=op.f('pk_entity_tags'))
    )
    with op.batch_alter_table('entity_tags', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_entity_tags_tag_code'), ['tag_code'], unique=False)

    op.create_table('inspector_ties',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('inspector_id', sa.Integer(), nullable=False),
    sa.Column('entity_id', sa.Integer(), nullable=True),
    sa.Column('person_name', sa.String(length=60), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('statement', sa.String(length=300), nullable=False),
    sa.Column('declared_on', sa.Date(), nullable=False),
    sa.Column('withdrawn_on', sa.Date(), nullable=True),
    sa.CheckConstraint("entity_id IS NOT NULL OR person_name <> ''", name=op.f('ck_inspector_ties_somebody')),
    sa.ForeignKeyConstraint(['entity_id'], ['entities.id'], name=op.f('fk_inspector_ties_entity_id_entities')),
    sa.ForeignKeyConstraint(['inspector_id'], ['inspectors.id'], name=op.f('fk_inspector_ties_inspector_id_inspectors')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inspector_ties'))
    )
    with op.batch_alter_table('inspector_ties', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_inspector_ties_entity_id'), ['entity_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_inspector_ties_inspector_id'), ['inspector_id'], unique=False)

    op.create_table('joint_item_parts',
    sa.Column('joint_item_id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['item_id'], ['items.id'], name=op.f('fk_joint_item_parts_item_id_items')),
    sa.ForeignKeyConstraint(['joint_item_id'], ['joint_items.id'], name=op.f('fk_joint_item_parts_joint_item_id_joint_items')),
    sa.PrimaryKeyConstraint('joint_item_id', 'item_id', name=op.f('pk_joint_item_parts'))
    )
    op.create_table('materials',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('no', sa.Integer(), nullable=False),
    sa.Column('name_zh', sa.String(length=300), nullable=False),
    sa.Column('name_en', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['item_id'], ['items.id'], name=op.f('fk_materials_item_id_items')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_materials'))
    )
    with op.batch_alter_table('materials', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_materials_item_id'), ['item_id'], unique=False)

    op.create_table('permits',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('entity_id', sa.Integer(), nullable=False),
    sa.Column('department_id', sa.Integer(), nullable=False),
    sa.Column('document_name', sa.String(length=200), nullable=False),
    sa.Column('document_number', sa.String(length=128), nullable=False),
    sa.Column('certificate_name', sa.String(length=200), nullable=False),
    sa.Column('permit_number', sa.String(length=128), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('decided_on', sa.Date(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['department_id'], ['departments.id'], name=op.f('fk_permits_department_id_departments')),
    sa.ForeignKeyConstraint(['entity_id'], ['entities.id'], name=op.f('fk_permits_entity_id_entities')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_permits')),
    sa.UniqueConstraint('department_id', 'document_number', name=op.f('uq_permits_department_id_document_number'))
    )
    with op.batch_alter_table('permits', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_permits_department_id'), ['department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_permits_entity_id'), ['entity_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_permits_permit_number'), ['permit_number'], unique=False)

    op.create_table('qualifications',
    sa.Column('inspector_id', sa.Integer(), nullable=False),
    sa.Column('item_code', sa.String(length=16), nullable=False),
    sa.ForeignKeyConstraint(['inspector_id'], ['inspectors.id'], name=op.f('fk_qualifications_inspector_id_inspectors')),
    sa.PrimaryKeyConstraint('inspector_id', 'item_code', name=op.f('pk_qualifications'))
    )
    with op.batch_alter_table('qualifications', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_qualifications_item_code'), ['item_code'], unique=False)

    op.create_table('risk_class_records',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('entity_id', sa.Integer(), nullable=False),
    sa.Column('risk_class', sa.String(length=1), nullable=False),
    sa.Column('as_of', sa.Date(), nullable=False),
    sa.Column('source', sa.String(length=100), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['entity_id'], ['entities.id'], name=op.f('fk_risk_class_records_entity_id_entities')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_risk_class_records'))
    )
    with op.batch_alter_table('risk_class_records', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_risk_class_records_entity_id'), ['entity_id'], unique=False)

    op.create_table('users',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('username', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('department_id', sa.Integer(), nullable=True),
    sa.Column('inspector_id', sa.Integer(), nullable=True),
    sa.Column('password_hash', sa.String(length=200), nullable=True),
    sa.Column('password_changed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('must_change_password', sa.Boolean(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('failed_attempts', sa.Integer(), nullable=False),
    sa.Column('locked_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_seen_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['department_id'], ['departments.id'], name=op.f('fk_users_department_id_departments')),
    sa.ForeignKeyConstraint(['inspector_id'], ['inspectors.id'], name=op.f('fk_users_inspector_id_inspectors')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_users')),
    sa.UniqueConstraint('inspector_id', name=op.f('uq_users_inspector_id')),
    sa.UniqueConstraint('username', name=op.f('uq_users_username'))
    )
    with op.batch_alter_table('users', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_users_department_id'), ['department_id'], unique=False)

    op.create_table('jobs',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('arguments', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('message', sa.Text(), nullable=False),
    sa.Column('result', sa.Text(), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('lease', sa.String(length=32), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('heartbeat_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('idempotency_key', sa.String(length=64), nullable=True),
    sa.ForeignKeyConstraint(['created_by'], ['users.id'], name=op.f('fk_jobs_created_by_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_jobs')),
    sa.UniqueConstraint('idempotency_key', name=op.f('uq_jobs_idempotency_key'))
    )
    with op.batch_alter_table('jobs', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_jobs_created_by'), ['created_by'], unique=False)
        batch_op.create_index(batch_op.f('ix_jobs_state'), ['state'], unique=False)

    op.create_table('login_sessions',
    sa.Column('id_hash', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('data', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_login_sessions_user_id_users')),
    sa.PrimaryKeyConstraint('id_hash', name=op.f('pk_login_sessions'))
    )
    with op.batch_alter_table('login_sessions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_login_sessions_seen_at'), ['seen_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_login_sessions_user_id'), ['user_id'], unique=False)

    op.create_table('penalties',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('entity_id', sa.Integer(), nullable=False),
    sa.Column('department_id', sa.Integer(), nullable=False),
    sa.Column('document_number', sa.String(length=128), nullable=False),
    sa.Column('violation_type', sa.String(length=200), nullable=False),
    sa.Column('facts', sa.Text(), nullable=False),
    sa.Column('legal_basis', sa.Text(), nullable=False),
    sa.Column('kinds', sa.Text(), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('fine_fen', sa.BigInteger(), nullable=False),
    sa.Column('confiscated_fen', sa.BigInteger(), nullable=False),
    sa.Column('procedure', sa.String(length=32), nullable=False),
    sa.Column('severity', sa.String(length=32), nullable=False),
    sa.Column('safety_field', sa.Boolean(), nullable=False),
    sa.Column('decided_on', sa.Date(), nullable=False),
    sa.Column('public_from', sa.Date(), nullable=True),
    sa.Column('public_until', sa.Date(), nullable=True),
    sa.Column('earliest_repair_on', sa.Date(), nullable=True),
    sa.Column('regime', sa.String(length=100), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('revoked_on', sa.Date(), nullable=True),
    sa.Column('revoke_reason', sa.Text(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['department_id'], ['departments.id'], name=op.f('fk_penalties_department_id_departments')),
    sa.ForeignKeyConstraint(['entity_id'], ['entities.id'], name=op.f('fk_penalties_entity_id_entities')),
    sa.ForeignKeyConstraint(['recorded_by'], ['users.id'], name=op.f('fk_penalties_recorded_by_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_penalties')),
    sa.UniqueConstraint('department_id', 'document_number', name=op.f('uq_penalties_department_id_document_number'))
    )
    with op.batch_alter_table('penalties', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_penalties_decided_on'), ['decided_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_penalties_department_id'), ['department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_penalties_entity_id'), ['entity_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_penalties_public_from'), ['public_from'], unique=False)
        batch_op.create_index(batch_op.f('ix_penalties_public_until'), ['public_until'], unique=False)
        batch_op.create_index(batch_op.f('ix_penalties_severity'), ['severity'], unique=False)

    op.create_table('plans',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=14), nullable=True),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('lead_department_id', sa.Integer(), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['created_by'], ['users.id'], name=op.f('fk_plans_created_by_users')),
    sa.ForeignKeyConstraint(['lead_department_id'], ['departments.id'], name=op.f('fk_plans_lead_department_id_departments')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plans')),
    sa.UniqueConstraint('number', name=op.f('uq_plans_number'))
    )
    with op.batch_alter_table('plans', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plans_lead_department_id'), ['lead_department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_plans_year'), ['year'], unique=False)

    op.create_table('user_roles',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_user_roles_user_id_users')),
    sa.PrimaryKeyConstraint('user_id', 'role', name=op.f('pk_user_roles'))
    )
    op.create_table('listings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=True),
    sa.Column('penalty_id', sa.Integer(), nullable=False),
    sa.Column('credit_list', sa.String(length=32), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('grounds', sa.Text(), nullable=False),
    sa.Column('legal_basis', sa.Text(), nullable=False),
    sa.Column('noticed_on', sa.Date(), nullable=True),
    sa.Column('statement', sa.Text(), nullable=False),
    sa.Column('proposed_by', sa.Integer(), nullable=True),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decision_note', sa.Text(), nullable=False),
    sa.Column('superior_approval', sa.String(length=128), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('earliest_removal_on', sa.Date(), nullable=True),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('end_reason', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['decided_by'], ['users.id'], name=op.f('fk_listings_decided_by_users')),
    sa.ForeignKeyConstraint(['penalty_id'], ['penalties.id'], name=op.f('fk_listings_penalty_id_penalties')),
    sa.ForeignKeyConstraint(['proposed_by'], ['users.id'], name=op.f('fk_listings_proposed_by_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_listings')),
    sa.UniqueConstraint('number', name=op.f('uq_listings_number'))
    )
    with op.batch_alter_table('listings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_listings_ends_on'), ['ends_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_listings_penalty_id'), ['penalty_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_listings_state'), ['state'], unique=False)
        batch_op.create_index('uq_listings_penalty_alive', ['penalty_id', 'credit_list'], unique=True, sqlite_where=sa.text("state IN ('proposed', 'in_force')"), postgresql_where=sa.text("state IN ('proposed', 'in_force')"))

    op.create_table('plan_messages',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('from_plan_id', sa.Integer(), nullable=False),
    sa.Column('from_department_id', sa.Integer(), nullable=False),
    sa.Column('shared', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('sent_by', sa.Integer(), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['from_department_id'], ['departments.id'], name=op.f('fk_plan_messages_from_department_id_departments')),
    sa.ForeignKeyConstraint(['from_plan_id'], ['plans.id'], name=op.f('fk_plan_messages_from_plan_id_plans')),
    sa.ForeignKeyConstraint(['plan_id'], ['plans.id'], name=op.f('fk_plan_messages_plan_id_plans')),
    sa.ForeignKeyConstraint(['sent_by'], ['users.id'], name=op.f('fk_plan_messages_sent_by_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_messages'))
    )
    with op.batch_alter_table('plan_messages', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_messages_plan_id'), ['plan_id'], unique=False)

    op.create_table('plan_versions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('version_no', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('item_list_id', sa.Integer(), nullable=False),
    sa.Column('joint_item_id', sa.Integer(), nullable=True),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('scope', sa.Text(), nullable=False),
    sa.Column('stratification', sa.String(length=32), nullable=False),
    sa.Column('class_rate_replaces', sa.Boolean(), nullable=False),
    sa.Column('allocation', sa.Text(), nullable=False),
    sa.Column('team_mode', sa.String(length=32), nullable=False),
    sa.Column('group_count', sa.Integer(), nullable=True),
    sa.Column('group_capacity', sa.Integer(), nullable=True),
    sa.Column('visit_cap', sa.Integer(), nullable=False),
    sa.Column('reserve', sa.Integer(), nullable=False),
    sa.Column('publish_list_before', sa.Boolean(), nullable=False),
    sa.Column('change_reason', sa.Text(), nullable=False),
    sa.Column('return_reason', sa.Text(), nullable=False),
    sa.Column('editors', sa.Text(), nullable=False),
    sa.Column('submitted_by', sa.Integer(), nullable=True),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('approved_by', sa.Integer(), nullable=True),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('expected_pool', sa.Integer(), nullable=True),
    sa.Column('planned_visits', sa.Integer(), nullable=True),
    sa.Column('confidential_salt', sa.String(length=32), nullable=False),
    sa.Column('published_json', sa.Text(), nullable=True),
    sa.Column('digest', sa.String(length=64), nullable=True),
    sa.Column('drafted_by', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint('ends_on >= starts_on', name=op.f('ck_plan_versions_order')),
    sa.ForeignKeyConstraint(['approved_by'], ['users.id'], name=op.f('fk_plan_versions_approved_by_users')),
    sa.ForeignKeyConstraint(['drafted_by'], ['users.id'], name=op.f('fk_plan_versions_drafted_by_users')),
    sa.ForeignKeyConstraint(['item_list_id'], ['item_lists.id'], name=op.f('fk_plan_versions_item_list_id_item_lists')),
    sa.ForeignKeyConstraint(['joint_item_id'], ['joint_items.id'], name=op.f('fk_plan_versions_joint_item_id_joint_items')),
    sa.ForeignKeyConstraint(['plan_id'], ['plans.id'], name=op.f('fk_plan_versions_plan_id_plans')),
    sa.ForeignKeyConstraint(['submitted_by'], ['users.id'], name=op.f('fk_plan_versions_submitted_by_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_versions')),
    sa.UniqueConstraint('plan_id', 'version_no', name=op.f('uq_plan_versions_plan_id_version_no'))
    )
    with op.batch_alter_table('plan_versions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_versions_plan_id'), ['plan_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_plan_versions_state'), ['state'], unique=False)
        batch_op.create_index('uq_plan_versions_in_force', ['plan_id'], unique=True, sqlite_where=sa.text("state = 'published'"), postgresql_where=sa.text("state = 'published'"))
        batch_op.create_index('uq_plan_versions_open', ['plan_id'], unique=True, sqlite_where=sa.text("state IN ('draft', 'agreeing', 'submitted')"), postgresql_where=sa.text("state IN ('draft', 'agreeing', 'submitted')"))

    op.create_table('uploads',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('filename', sa.String(length=255), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('policy', sa.String(length=8), nullable=True),
    sa.Column('warnings_confirmed', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('decisions', sa.Integer(), nullable=False),
    sa.Column('rows_read', sa.Integer(), nullable=False),
    sa.Column('rows_new', sa.Integer(), nullable=False),
    sa.Column('rows_changed', sa.Integer(), nullable=False),
    sa.Column('rows_same', sa.Integer(), nullable=False),
    sa.Column('rows_wrong', sa.Integer(), nullable=False),
    sa.Column('rows_warned', sa.Integer(), nullable=False),
    sa.Column('summary', sa.Text(), nullable=True),
    sa.Column('department_id', sa.Integer(), nullable=True),
    sa.Column('job_id', sa.Integer(), nullable=True),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('applied_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['created_by'], ['users.id'], name=op.f('fk_uploads_created_by_users')),
    sa.ForeignKeyConstraint(['department_id'], ['departments.id'], name=op.f('fk_uploads_department_id_departments')),
    sa.ForeignKeyConstraint(['job_id'], ['jobs.id'], name=op.f('fk_uploads_job_id_jobs')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_uploads'))
    )
    with op.batch_alter_table('uploads', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_uploads_created_by'), ['created_by'], unique=False)
        batch_op.create_index(batch_op.f('ix_uploads_digest'), ['digest'], unique=False)

    op.create_table('measures',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('listing_id', sa.Integer(), nullable=False),
    sa.Column('definition_id', sa.Integer(), nullable=False),
    sa.Column('department_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer_due_on', sa.Date(), nullable=True),
    sa.Column('answered_by', sa.Integer(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer_reason', sa.Text(), nullable=False),
    sa.Column('applied_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('lifted_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['answered_by'], ['users.id'], name=op.f('fk_measures_answered_by_users')),
    sa.ForeignKeyConstraint(['definition_id'], ['measure_definitions.id'], name=op.f('fk_measures_definition_id_measure_definitions')),
    sa.ForeignKeyConstraint(['department_id'], ['departments.id'], name=op.f('fk_measures_department_id_departments')),
    sa.ForeignKeyConstraint(['listing_id'], ['listings.id'], name=op.f('fk_measures_listing_id_listings')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_measures')),
    sa.UniqueConstraint('listing_id', 'definition_id', 'department_id', name=op.f('uq_measures_listing_id_definition_id_department_id'))
    )
    with op.batch_alter_table('measures', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_measures_answer_due_on'), ['answer_due_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_measures_department_id'), ['department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_measures_listing_id'), ['listing_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_measures_state'), ['state'], unique=False)

    op.create_table('plan_items',
    sa.Column('plan_version_id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['item_id'], ['items.id'], name=op.f('fk_plan_items_item_id_items')),
    sa.ForeignKeyConstraint(['plan_version_id'], ['plan_versions.id'], name=op.f('fk_plan_items_plan_version_id_plan_versions')),
    sa.PrimaryKeyConstraint('plan_version_id', 'item_id', name=op.f('pk_plan_items'))
    )
    op.create_table('plan_participants',
    sa.Column('plan_version_id', sa.Integer(), nullable=False),
    sa.Column('department_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('is_lead', sa.Boolean(), nullable=False),
    sa.Column('per_team', sa.Integer(), nullable=False),
    sa.Column('agreement', sa.String(length=32), nullable=False),
    sa.Column('answered_by', sa.Integer(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer_note', sa.Text(), nullable=False),
    sa.CheckConstraint('per_team >= 2', name=op.f('ck_plan_participants_two_inspectors')),
    sa.ForeignKeyConstraint(['answered_by'], ['users.id'], name=op.f('fk_plan_participants_answered_by_users')),
    sa.ForeignKeyConstraint(['department_id'], ['departments.id'], name=op.f('fk_plan_participants_department_id_departments')),
    sa.ForeignKeyConstraint(['plan_version_id'], ['plan_versions.id'], name=op.f('fk_plan_participants_plan_version_id_plan_versions')),
    sa.PrimaryKeyConstraint('plan_version_id', 'department_id', name=op.f('pk_plan_participants'))
    )
    with op.batch_alter_table('plan_participants', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_participants_department_id'), ['department_id'], unique=False)

    op.create_table('tasks',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=18), nullable=False),
    sa.Column('plan_version_id', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(length=32), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('publish_list_before', sa.Boolean(), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("source <> 'temporary' OR reason <> ''", name=op.f('ck_tasks_temporary_reason')),
    sa.CheckConstraint('ends_on >= starts_on', name=op.f('ck_tasks_order')),
    sa.ForeignKeyConstraint(['created_by'], ['users.id'], name=op.f('fk_tasks_created_by_users')),
    sa.ForeignKeyConstraint(['plan_version_id'], ['plan_versions.id'], name=op.f('fk_tasks_plan_version_id_plan_versions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tasks')),
    sa.UniqueConstraint('number', name=op.f('uq_tasks_number'))
    )
    with op.batch_alter_table('tasks', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_tasks_plan_version_id'), ['plan_version_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_tasks_state'), ['state'], unique=False)

    op.create_table('draws',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('task_id', sa.Integer(), nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('hash_name', sa.String(length=8), nullable=False),
    sa.Column('confidential', sa.Boolean(), nullable=False),
    sa.Column('registered', sa.Integer(), nullable=False),
    sa.Column('frame_size', sa.Integer(), nullable=False),
    sa.Column('excluded_counts', sa.Text(), nullable=False),
    sa.Column('strata', sa.Text(), nullable=False),
    sa.Column('roster_sizes', sa.Text(), nullable=False),
    sa.Column('team_count', sa.Integer(), nullable=True),
    sa.Column('unfilled_counts', sa.Text(), nullable=False),
    sa.Column('frozen_digest', sa.String(length=64), nullable=False),
    sa.Column('commitment_digest', sa.String(length=64), nullable=True),
    sa.Column('record_digest', sa.String(length=64), nullable=True),
    sa.Column('system_secret', sa.Text(), nullable=False),
    sa.Column('frozen_by', sa.Integer(), nullable=True),
    sa.Column('frozen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('committed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('drawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('end_reason', sa.String(length=32), nullable=False),
    sa.Column('end_note', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['frozen_by'], ['users.id'], name=op.f('fk_draws_frozen_by_users')),
    sa.ForeignKeyConstraint(['parent_id'], ['draws.id'], name=op.f('fk_draws_parent_id_draws')),
    sa.ForeignKeyConstraint(['task_id'], ['tasks.id'], name=op.f('fk_draws_task_id_tasks')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draws')),
    sa.UniqueConstraint('commitment_digest', name=op.f('uq_draws_commitment_digest')),
    sa.UniqueConstraint('number', name=op.f('uq_draws_number'))
    )
    with op.batch_alter_table('draws', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_draws_state'), ['state'], unique=False)
        batch_op.create_index(batch_op.f('ix_draws_task_id'), ['task_id'], unique=False)
        batch_op.create_index('uq_draws_task_alive', ['task_id'], unique=True, sqlite_where=sa.text("state NOT IN ('void', 'abandoned')"), postgresql_where=sa.text("state NOT IN ('void', 'abandoned')"))

    op.create_table('exclusions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('task_id', sa.Integer(), nullable=False),
    sa.Column('entity_id', sa.Integer(), nullable=False),
    sa.Column('reason_code', sa.String(length=32), nullable=False),
    sa.Column('evidence', sa.Text(), nullable=False),
    sa.Column('recorded_by', sa.Integer(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['entity_id'], ['entities.id'], name=op.f('fk_exclusions_entity_id_entities')),
    sa.ForeignKeyConstraint(['recorded_by'], ['users.id'], name=op.f('fk_exclusions_recorded_by_users')),
    sa.ForeignKeyConstraint(['task_id'], ['tasks.id'], name=op.f('fk_exclusions_task_id_tasks')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exclusions'))
    )
    with op.batch_alter_table('exclusions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_exclusions_entity_id'), ['entity_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_exclusions_task_id'), ['task_id'], unique=False)

    op.create_table('contributions',
    sa.Column('draw_id', sa.Integer(), nullable=False),
    sa.Column('by', sa.String(length=64), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=True),
    sa.Column('secret', sa.String(length=64), nullable=True),
    sa.Column('sealed_by', sa.Integer(), nullable=True),
    sa.Column('sealed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revealed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['draw_id'], ['draws.id'], name=op.f('fk_contributions_draw_id_draws')),
    sa.ForeignKeyConstraint(['sealed_by'], ['users.id'], name=op.f('fk_contributions_sealed_by_users')),
    sa.PrimaryKeyConstraint('draw_id', 'by', name=op.f('pk_contributions'))
    )
    op.create_table('draw_files',
    sa.Column('draw_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=32), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('packed', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['draw_id'], ['draws.id'], name=op.f('fk_draw_files_draw_id_draws')),
    sa.PrimaryKeyConstraint('draw_id', 'name', name=op.f('pk_draw_files'))
    )
    op.create_table('draw_members',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('draw_id', sa.Integer(), nullable=False),
    sa.Column('team', sa.String(length=64), nullable=False),
    sa.Column('inspector_id', sa.Integer(), nullable=False),
    sa.Column('department_id', sa.Integer(), nullable=False),
    sa.Column('lead', sa.Boolean(), nullable=False),
    sa.Column('left', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['department_id'], ['departments.id'], name=op.f('fk_draw_members_department_id_departments')),
    sa.ForeignKeyConstraint(['draw_id'], ['draws.id'], name=op.f('fk_draw_members_draw_id_draws')),
    sa.ForeignKeyConstraint(['inspector_id'], ['inspectors.id'], name=op.f('fk_draw_members_inspector_id_inspectors')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draw_members')),
    sa.UniqueConstraint('draw_id', 'team', 'inspector_id', name=op.f('uq_draw_members_draw_id_team_inspector_id'))
    )
    with op.batch_alter_table('draw_members', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_draw_members_draw_id'), ['draw_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_draw_members_inspector_id'), ['inspector_id'], unique=False)

    op.create_table('draw_pseudonyms',
    sa.Column('draw_id', sa.Integer(), nullable=False),
    sa.Column('pseudonym', sa.String(length=64), nullable=False),
    sa.Column('inspector_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['draw_id'], ['draws.id'], name=op.f('fk_draw_pseudonyms_draw_id_draws')),
    sa.ForeignKeyConstraint(['inspector_id'], ['inspectors.id'], name=op.f('fk_draw_pseudonyms_inspector_id_inspectors')),
    sa.PrimaryKeyConstraint('draw_id', 'pseudonym', name=op.f('pk_draw_pseudonyms'))
    )
    with op.batch_alter_table('draw_pseudonyms', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_draw_pseudonyms_inspector_id'), ['inspector_id'], unique=False)

    op.create_table('draw_units',
    sa.Column('draw_id', sa.Integer(), nullable=False),
    sa.Column('entity_id', sa.Integer(), nullable=False),
    sa.Column('stratum', sa.String(length=64), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.Column('ticket', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('team', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['draw_id'], ['draws.id'], name=op.f('fk_draw_units_draw_id_draws')),
    sa.ForeignKeyConstraint(['entity_id'], ['entities.id'], name=op.f('fk_draw_units_entity_id_entities')),
    sa.PrimaryKeyConstraint('draw_id', 'entity_id', name=op.f('pk_draw_units'))
    )
    with op.batch_alter_table('draw_units', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_draw_units_entity_id'), ['entity_id'], unique=False)

    op.create_table('exclusion_decisions',
    sa.Column('exclusion_id', sa.Integer(), nullable=False),
    sa.Column('confirmed', sa.Boolean(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['decided_by'], ['users.id'], name=op.f('fk_exclusion_decisions_decided_by_users')),
    sa.ForeignKeyConstraint(['exclusion_id'], ['exclusions.id'], name=op.f('fk_exclusion_decisions_exclusion_id_exclusions')),
    sa.PrimaryKeyConstraint('exclusion_id', name=op.f('pk_exclusion_decisions'))
    )
    op.create_table('log_leaves',
    sa.Column('index', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('draw_id', sa.Integer(), nullable=True),
    sa.Column('event', sa.String(length=32), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('leaf', sa.Text(), nullable=False),
    sa.Column('leaf_hash', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['draw_id'], ['draws.id'], name=op.f('fk_log_leaves_draw_id_draws')),
    sa.PrimaryKeyConstraint('index', name=op.f('pk_log_leaves'))
    )
    with op.batch_alter_table('log_leaves', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_log_leaves_draw_id'), ['draw_id'], unique=False)

    op.create_table('visits',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=24), nullable=True),
    sa.Column('draw_id', sa.Integer(), nullable=False),
    sa.Column('entity_id', sa.Integer(), nullable=False),
    sa.Column('team', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('planned_on', sa.Date(), nullable=False),
    sa.Column('approved_by', sa.Integer(), nullable=True),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('visited_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome_code', sa.String(length=32), nullable=False),
    sa.Column('outcome_note', sa.Text(), nullable=False),
    sa.Column('record_due_on', sa.Date(), nullable=True),
    sa.Column('publish_due_on', sa.Date(), nullable=True),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('correction_code', sa.String(length=32), nullable=False),
    sa.Column('correction_note', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['approved_by'], ['users.id'], name=op.f('fk_visits_approved_by_users')),
    sa.ForeignKeyConstraint(['draw_id'], ['draws.id'], name=op.f('fk_visits_draw_id_draws')),
    sa.ForeignKeyConstraint(['entity_id'], ['entities.id'], name=op.f('fk_visits_entity_id_entities')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visits')),
    sa.UniqueConstraint('draw_id', 'entity_id', name=op.f('uq_visits_draw_id_entity_id')),
    sa.UniqueConstraint('number', name=op.f('uq_visits_number'))
    )
    with op.batch_alter_table('visits', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_visits_draw_id'), ['draw_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_visits_entity_id'), ['entity_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_visits_planned_on'), ['planned_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_visits_state'), ['state'], unique=False)

    op.create_table('void_proposals',
    sa.Column('draw_id', sa.Integer(), nullable=False),
    sa.Column('reason_code', sa.String(length=32), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('proposed_by', sa.Integer(), nullable=True),
    sa.Column('proposed_department', sa.String(length=16), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('approved_by', sa.Integer(), nullable=True),
    sa.Column('approved_department', sa.String(length=16), nullable=False),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['approved_by'], ['users.id'], name=op.f('fk_void_proposals_approved_by_users')),
    sa.ForeignKeyConstraint(['draw_id'], ['draws.id'], name=op.f('fk_void_proposals_draw_id_draws')),
    sa.ForeignKeyConstraint(['proposed_by'], ['users.id'], name=op.f('fk_void_proposals_proposed_by_users')),
    sa.PrimaryKeyConstraint('draw_id', name=op.f('pk_void_proposals'))
    )
    op.create_table('notices',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('visit_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('token', sa.String(length=32), nullable=True),
    sa.Column('holds_for', sa.String(length=64), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('pdf', sa.LargeBinary(), nullable=False),
    sa.Column('issued_by', sa.Integer(), nullable=True),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['issued_by'], ['users.id'], name=op.f('fk_notices_issued_by_users')),
    sa.ForeignKeyConstraint(['visit_id'], ['visits.id'], name=op.f('fk_notices_visit_id_visits')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notices')),
    sa.UniqueConstraint('number', name=op.f('uq_notices_number')),
    sa.UniqueConstraint('token', name=op.f('uq_notices_token'))
    )
    with op.batch_alter_table('notices', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notices_visit_id'), ['visit_id'], unique=False)

    op.create_table('publications',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('visit_id', sa.Integer(), nullable=False),
    sa.Column('entity_id', sa.Integer(), nullable=False),
    sa.Column('draw_id', sa.Integer(), nullable=False),
    sa.Column('version_no', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=24), nullable=False),
    sa.Column('entity_name', sa.String(length=200), nullable=False),
    sa.Column('visited_on', sa.Date(), nullable=False),
    sa.Column('has_problem', sa.Boolean(), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('published_by', sa.Integer(), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['draw_id'], ['draws.id'], name=op.f('fk_publications_draw_id_draws')),
    sa.ForeignKeyConstraint(['entity_id'], ['entities.id'], name=op.f('fk_publications_entity_id_entities')),
    sa.ForeignKeyConstraint(['published_by'], ['users.id'], name=op.f('fk_publications_published_by_users')),
    sa.ForeignKeyConstraint(['visit_id'], ['visits.id'], name=op.f('fk_publications_visit_id_visits')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_publications')),
    sa.UniqueConstraint('visit_id', 'version_no', name=op.f('uq_publications_visit_id_version_no'))
    )
    with op.batch_alter_table('publications', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_publications_draw_id'), ['draw_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_publications_entity_id'), ['entity_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_publications_number'), ['number'], unique=False)
        batch_op.create_index(batch_op.f('ix_publications_published_at'), ['published_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_publications_visit_id'), ['visit_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_publications_visited_on'), ['visited_on'], unique=False)

    op.create_table('record_versions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('visit_id', sa.Integer(), nullable=False),
    sa.Column('version_no', sa.Integer(), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('submitted_by', sa.Integer(), nullable=True),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('late', sa.Boolean(), nullable=False),
    sa.Column('review_due_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['submitted_by'], ['users.id'], name=op.f('fk_record_versions_submitted_by_users')),
    sa.ForeignKeyConstraint(['visit_id'], ['visits.id'], name=op.f('fk_record_versions_visit_id_visits')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_record_versions')),
    sa.UniqueConstraint('visit_id', 'version_no', name=op.f('uq_record_versions_visit_id_version_no'))
    )
    with op.batch_alter_table('record_versions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_record_versions_visit_id'), ['visit_id'], unique=False)

    op.create_table('sections',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('visit_id', sa.Integer(), nullable=False),
    sa.Column('department_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('results', sa.Text(), nullable=False),
    sa.Column('signed_by', sa.Integer(), nullable=True),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['department_id'], ['departments.id'], name=op.f('fk_sections_department_id_departments')),
    sa.ForeignKeyConstraint(['signed_by'], ['inspectors.id'], name=op.f('fk_sections_signed_by_inspectors')),
    sa.ForeignKeyConstraint(['visit_id'], ['visits.id'], name=op.f('fk_sections_visit_id_visits')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sections')),
    sa.UniqueConstraint('visit_id', 'department_id', name=op.f('uq_sections_visit_id_department_id'))
    )
    with op.batch_alter_table('sections', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sections_department_id'), ['department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sections_visit_id'), ['visit_id'], unique=False)

    op.create_table('visit_members',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('visit_id', sa.Integer(), nullable=False),
    sa.Column('inspector_id', sa.Integer(), nullable=False),
    sa.Column('department_id', sa.Integer(), nullable=False),
    sa.Column('lead', sa.Boolean(), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('joined_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['department_id'], ['departments.id'], name=op.f('fk_visit_members_department_id_departments')),
    sa.ForeignKeyConstraint(['inspector_id'], ['inspectors.id'], name=op.f('fk_visit_members_inspector_id_inspectors')),
    sa.ForeignKeyConstraint(['visit_id'], ['visits.id'], name=op.f('fk_visit_members_visit_id_visits')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit_members')),
    sa.UniqueConstraint('visit_id', 'inspector_id', name=op.f('uq_visit_members_visit_id_inspector_id'))
    )
    with op.batch_alter_table('visit_members', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_visit_members_inspector_id'), ['inspector_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_visit_members_visit_id'), ['visit_id'], unique=False)

    op.create_table('item_results',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('section_id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('checked', sa.Boolean(), nullable=True),
    sa.Column('result_code', sa.String(length=4), nullable=True),
    sa.Column('further_code', sa.String(length=4), nullable=True),
    sa.Column('problem', sa.Text(), nullable=False),
    sa.Column('unchecked_reason', sa.Text(), nullable=False),
    sa.Column('disposal', sa.String(length=32), nullable=True),
    sa.ForeignKeyConstraint(['further_code'], ['result_codes.code'], name=op.f('fk_item_results_further_code_result_codes')),
    sa.ForeignKeyConstraint(['item_id'], ['items.id'], name=op.f('fk_item_results_item_id_items')),
    sa.ForeignKeyConstraint(['result_code'], ['result_codes.code'], name=op.f('fk_item_results_result_code_result_codes')),
    sa.ForeignKeyConstraint(['section_id'], ['sections.id'], name=op.f('fk_item_results_section_id_sections')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_item_results')),
    sa.UniqueConstraint('section_id', 'item_id', name=op.f('uq_item_results_section_id_item_id'))
    )
    with op.batch_alter_table('item_results', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_item_results_section_id'), ['section_id'], unique=False)

    op.create_table('recusals',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('reason_code', sa.String(length=32), nullable=False),
    sa.Column('statement', sa.Text(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('decision', sa.String(length=32), nullable=False),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decision_note', sa.Text(), nullable=False),
    sa.Column('replacement_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['decided_by'], ['users.id'], name=op.f('fk_recusals_decided_by_users')),
    sa.ForeignKeyConstraint(['member_id'], ['visit_members.id'], name=op.f('fk_recusals_member_id_visit_members')),
    sa.ForeignKeyConstraint(['replacement_id'], ['inspectors.id'], name=op.f('fk_recusals_replacement_id_inspectors')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recusals'))
    )
    with op.batch_alter_table('recusals', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_recusals_member_id'), ['member_id'], unique=False)

    op.create_table('reviews',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('record_version_id', sa.Integer(), nullable=False),
    sa.Column('decision', sa.String(length=32), nullable=False),
    sa.Column('reason_code', sa.String(length=32), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('reviewed_by', sa.Integer(), nullable=True),
    sa.Column('reviewed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['record_version_id'], ['record_versions.id'], name=op.f('fk_reviews_record_version_id_record_versions')),
    sa.ForeignKeyConstraint(['reviewed_by'], ['users.id'], name=op.f('fk_reviews_reviewed_by_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reviews')),
    sa.UniqueConstraint('record_version_id', name=op.f('uq_reviews_record_version_id'))
    )
    op.create_table('withdrawals',
    sa.Column('publication_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('withdrawn_by', sa.Integer(), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['publication_id'], ['publications.id'], name=op.f('fk_withdrawals_publication_id_publications')),
    sa.ForeignKeyConstraint(['withdrawn_by'], ['users.id'], name=op.f('fk_withdrawals_withdrawn_by_users')),
    sa.PrimaryKeyConstraint('publication_id', name=op.f('pk_withdrawals'))
    )
    op.create_table('check_answers',
    sa.Column('item_result_id', sa.Integer(), nullable=False),
    sa.Column('check_point_id', sa.Integer(), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['check_point_id'], ['check_points.id'], name=op.f('fk_check_answers_check_point_id_check_points')),
    sa.ForeignKeyConstraint(['item_result_id'], ['item_results.id'], name=op.f('fk_check_answers_item_result_id_item_results')),
    sa.PrimaryKeyConstraint('item_result_id', 'check_point_id', name=op.f('pk_check_answers'))
    )
    # ### end Alembic commands ###
    for statement in GUARDS[op.get_bind().dialect.name]:
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    op.drop_table('check_answers')
    op.drop_table('withdrawals')
    op.drop_table('reviews')
    with op.batch_alter_table('recusals', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_recusals_member_id'))

    op.drop_table('recusals')
    with op.batch_alter_table('item_results', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_item_results_section_id'))

    op.drop_table('item_results')
    with op.batch_alter_table('visit_members', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_visit_members_visit_id'))
        batch_op.drop_index(batch_op.f('ix_visit_members_inspector_id'))

    op.drop_table('visit_members')
    with op.batch_alter_table('sections', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sections_visit_id'))
        batch_op.drop_index(batch_op.f('ix_sections_department_id'))

    op.drop_table('sections')
    with op.batch_alter_table('record_versions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_record_versions_visit_id'))

    op.drop_table('record_versions')
    with op.batch_alter_table('publications', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_publications_visited_on'))
        batch_op.drop_index(batch_op.f('ix_publications_visit_id'))
        batch_op.drop_index(batch_op.f('ix_publications_published_at'))
        batch_op.drop_index(batch_op.f('ix_publications_number'))
        batch_op.drop_index(batch_op.f('ix_publications_entity_id'))
        batch_op.drop_index(batch_op.f('ix_publications_draw_id'))

    op.drop_table('publications')
    with op.batch_alter_table('notices', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_notices_visit_id'))

    op.drop_table('notices')
    op.drop_table('void_proposals')
    with op.batch_alter_table('visits', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_visits_state'))
        batch_op.drop_index(batch_op.f('ix_visits_planned_on'))
        batch_op.drop_index(batch_op.f('ix_visits_entity_id'))
        batch_op.drop_index(batch_op.f('ix_visits_draw_id'))

    op.drop_table('visits')
    with op.batch_alter_table('log_leaves', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_log_leaves_draw_id'))

    op.drop_table('log_leaves')
    op.drop_table('exclusion_decisions')
    with op.batch_alter_table('draw_units', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_draw_units_entity_id'))

    op.drop_table('draw_units')
    with op.batch_alter_table('draw_pseudonyms', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_draw_pseudonyms_inspector_id'))

    op.drop_table('draw_pseudonyms')
    with op.batch_alter_table('draw_members', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_draw_members_inspector_id'))
        batch_op.drop_index(batch_op.f('ix_draw_members_draw_id'))

    op.drop_table('draw_members')
    op.drop_table('draw_files')
    op.drop_table('contributions')
    with op.batch_alter_table('exclusions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_exclusions_task_id'))
        batch_op.drop_index(batch_op.f('ix_exclusions_entity_id'))

    op.drop_table('exclusions')
    with op.batch_alter_table('draws', schema=None) as batch_op:
        batch_op.drop_index('uq_draws_task_alive', sqlite_where=sa.text("state NOT IN ('void', 'abandoned')"), postgresql_where=sa.text("state NOT IN ('void', 'abandoned')"))
        batch_op.drop_index(batch_op.f('ix_draws_task_id'))
        batch_op.drop_index(batch_op.f('ix_draws_state'))

    op.drop_table('draws')
    with op.batch_alter_table('tasks', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_tasks_state'))
        batch_op.drop_index(batch_op.f('ix_tasks_plan_version_id'))

    op.drop_table('tasks')
    with op.batch_alter_table('plan_participants', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_participants_department_id'))

    op.drop_table('plan_participants')
    op.drop_table('plan_items')
    with op.batch_alter_table('measures', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_measures_state'))
        batch_op.drop_index(batch_op.f('ix_measures_listing_id'))
        batch_op.drop_index(batch_op.f('ix_measures_department_id'))
        batch_op.drop_index(batch_op.f('ix_measures_answer_due_on'))

    op.drop_table('measures')
    with op.batch_alter_table('uploads', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_uploads_digest'))
        batch_op.drop_index(batch_op.f('ix_uploads_created_by'))

    op.drop_table('uploads')
    with op.batch_alter_table('plan_versions', schema=None) as batch_op:
        batch_op.drop_index('uq_plan_versions_open', sqlite_where=sa.text("state IN ('draft', 'agreeing', 'submitted')"), postgresql_where=sa.text("state IN ('draft', 'agreeing', 'submitted')"))
        batch_op.drop_index('uq_plan_versions_in_force', sqlite_where=sa.text("state = 'published'"), postgresql_where=sa.text("state = 'published'"))
        batch_op.drop_index(batch_op.f('ix_plan_versions_state'))
        batch_op.drop_index(batch_op.f('ix_plan_versions_plan_id'))

    op.drop_table('plan_versions')
    with op.batch_alter_table('plan_messages', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_messages_plan_id'))

    op.drop_table('plan_messages')
    with op.batch_alter_table('listings', schema=None) as batch_op:
        batch_op.drop_index('uq_listings_penalty_alive', sqlite_where=sa.text("state IN ('proposed', 'in_force')"), postgresql_where=sa.text("state IN ('proposed', 'in_force')"))
        batch_op.drop_index(batch_op.f('ix_listings_state'))
        batch_op.drop_index(batch_op.f('ix_listings_penalty_id'))
        batch_op.drop_index(batch_op.f('ix_listings_ends_on'))

    op.drop_table('listings')
    op.drop_table('user_roles')
    with op.batch_alter_table('plans', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plans_year'))
        batch_op.drop_index(batch_op.f('ix_plans_lead_department_id'))

    op.drop_table('plans')
    with op.batch_alter_table('penalties', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_penalties_severity'))
        batch_op.drop_index(batch_op.f('ix_penalties_public_until'))
        batch_op.drop_index(batch_op.f('ix_penalties_public_from'))
        batch_op.drop_index(batch_op.f('ix_penalties_entity_id'))
        batch_op.drop_index(batch_op.f('ix_penalties_department_id'))
        batch_op.drop_index(batch_op.f('ix_penalties_decided_on'))

    op.drop_table('penalties')
    with op.batch_alter_table('login_sessions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_login_sessions_user_id'))
        batch_op.drop_index(batch_op.f('ix_login_sessions_seen_at'))

    op.drop_table('login_sessions')
    with op.batch_alter_table('jobs', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_jobs_state'))
        batch_op.drop_index(batch_op.f('ix_jobs_created_by'))

    op.drop_table('jobs')
    with op.batch_alter_table('users', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_users_department_id'))

    op.drop_table('users')
    with op.batch_alter_table('risk_class_records', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_risk_class_records_entity_id'))

    op.drop_table('risk_class_records')
    with op.batch_alter_table('qualifications', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_qualifications_item_code'))

    op.drop_table('qualifications')
    with op.batch_alter_table('permits', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_permits_permit_number'))
        batch_op.drop_index(batch_op.f('ix_permits_entity_id'))
        batch_op.drop_index(batch_op.f('ix_permits_department_id'))

    op.drop_table('permits')
    with op.batch_alter_table('materials', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_materials_item_id'))

    op.drop_table('materials')
    op.drop_table('joint_item_parts')
    with op.batch_alter_table('inspector_ties', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_inspector_ties_inspector_id'))
        batch_op.drop_index(batch_op.f('ix_inspector_ties_entity_id'))

    op.drop_table('inspector_ties')
    with op.batch_alter_table('entity_tags', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_entity_tags_tag_code'))

    op.drop_table('entity_tags')
    with op.batch_alter_table('collected_inspections', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_collected_inspections_inspected_on'))
        batch_op.drop_index(batch_op.f('ix_collected_inspections_entity_id'))
        batch_op.drop_index(batch_op.f('ix_collected_inspections_department_id'))

    op.drop_table('collected_inspections')
    with op.batch_alter_table('check_points', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_check_points_item_id'))

    op.drop_table('check_points')
    with op.batch_alter_table('absences', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_absences_inspector_id'))

    op.drop_table('absences')
    with op.batch_alter_table('joint_items', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_joint_items_list_id'))
        batch_op.drop_index(batch_op.f('ix_joint_items_lead_department_id'))

    op.drop_table('joint_items')
    with op.batch_alter_table('items', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_items_list_id'))
        batch_op.drop_index(batch_op.f('ix_items_department_id'))
        batch_op.drop_index(batch_op.f('ix_items_code'))

    op.drop_table('items')
    with op.batch_alter_table('inspectors', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_inspectors_sort_key'))
        batch_op.drop_index(batch_op.f('ix_inspectors_department_id'))
        batch_op.drop_index(batch_op.f('ix_inspectors_certificate_valid_until'))

    op.drop_table('inspectors')
    with op.batch_alter_table('entities', schema=None) as batch_op:
        batch_op.drop_index('ix_entities_type_code_sort_key')
        batch_op.drop_index('ix_entities_sub_district_code_sort_key')
        batch_op.drop_index('ix_entities_status_sort_key')
        batch_op.drop_index(batch_op.f('ix_entities_status_since'))
        batch_op.drop_index('ix_entities_sort_key')
        batch_op.drop_index(batch_op.f('ix_entities_skeleton'))
        batch_op.drop_index('ix_entities_risk_class_sort_key')
        batch_op.drop_index(batch_op.f('ix_entities_registered_on'))
        batch_op.drop_index('ix_entities_low_touch_sort_key')
        batch_op.drop_index(batch_op.f('ix_entities_industry_code'))

    op.drop_table('entities')
    op.drop_table('tags')
    op.drop_table('sub_districts')
    with op.batch_alter_table('sign_in_failures', schema=None) as batch_op:
        batch_op.drop_index('ix_sign_in_failures_address_at')

    op.drop_table('sign_in_failures')
    op.drop_table('result_codes')
    op.drop_table('reasons')
    with op.batch_alter_table('problem_phrases', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_problem_phrases_item_code'))

    op.drop_table('problem_phrases')
    op.drop_table('parameters')
    op.drop_table('number_series')
    op.drop_table('measure_definitions')
    op.drop_table('log_head')
    with op.batch_alter_table('item_lists', schema=None) as batch_op:
        batch_op.drop_index('uq_item_lists_open_state', sqlite_where=sa.text("state <> 'superseded'"), postgresql_where=sa.text("state <> 'superseded'"))

    op.drop_table('item_lists')
    op.drop_table('industries')
    op.drop_table('entity_types')
    op.drop_table('departments')
    op.drop_table('calendar_days')
    op.drop_table('audit_head')
    with op.batch_alter_table('audit_entries', schema=None) as batch_op:
        batch_op.drop_index('ix_audit_entries_subject')
        batch_op.drop_index(batch_op.f('ix_audit_entries_event'))
        batch_op.drop_index(batch_op.f('ix_audit_entries_at'))
        batch_op.drop_index(batch_op.f('ix_audit_entries_actor_id'))

    op.drop_table('audit_entries')
    # ### end Alembic commands ###
