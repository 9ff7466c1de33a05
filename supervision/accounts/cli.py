"""`flask accounts …`: the first three administrators of a new installation."""

import secrets

import click
from flask import Blueprint

from supervision.accounts import services
from supervision.accounts.queries import find_user
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.permissions import Role, system_actor
from supervision.web import database

blueprint = Blueprint("accounts_commands", __name__, cli_group="accounts")
POSTS = {
    "system.admin": Role.SYSTEM_ADMIN,
    "security.admin": Role.SECURITY_ADMIN,
    "audit.admin": Role.AUDIT_ADMIN,
}


@blueprint.cli.command("create-administrators")
def create_administrators() -> None:
    """Create the three administrators with generated passwords that must be changed at the first sign-in."""
    session, actor = database.session(), system_actor("installation")
    for username, role in POSTS.items():
        if find_user(session, username):
            click.echo(f"{username} exists already")
            continue
        user = services.create_user(
            session, username=username, name=role.label, department_id=None, inspector_id=None, actor=actor
        )
        password = secrets.token_urlsafe(15) + "-A1"
        services.set_password(session, user, password)
        user.must_change_password = True
        services.grant(user, frozenset({role}))
        record(session, Event.ROLES_CHANGED, actor=actor, subject=("user", user.id), reason="installation",
               details={"after": [role]})  # fmt: skip
        click.echo(f"{username}  {password}")
    database.commit()
