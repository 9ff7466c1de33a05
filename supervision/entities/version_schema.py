"""The trigger by which the database itself keeps what the register said before a change (feature: as known on a day).

A trigger and not the services: an import changes thousands of rows in one statement, and nothing may pass it by.
"""

TABLE = "entity_versions"
KEPT = (
    "name", "uscc", "registration_number", "uscc_confirmed", "type_code", "industry_code", "sub_district_code",
    "address", "legal_representative", "business_scope", "status", "status_since", "registered_on", "low_touch",
)  # fmt: skip


def version_ddl(dialect: str) -> list[str]:
    """Return the statements that make the trigger on ``dialect``."""
    columns = ", ".join(KEPT)
    old = ", ".join(f"OLD.{name}" for name in KEPT)
    insert = f"INSERT INTO {TABLE} (entity_id, known_until, {columns}) VALUES (OLD.id, NEW.updated_at, {old});"  # noqa: S608 - names of our own columns
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
