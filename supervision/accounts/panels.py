"""The accounts of a department, on the page where the department is suspended: they go on working until disabled."""

from flask import Flask

from supervision.accounts import queries
from supervision.departments.models import Department
from supervision.permissions import Actor, Permission
from supervision.web import database, panels
from supervision.web.panels import Panel

SHOWN = 8


def init_app(app: Flask) -> None:
    """Add the panels of the accounts to the application."""
    panels.register(
        app, Panel("department", "accounts/department_accounts.html", open_accounts, Permission.USER_CREATE)
    )


def open_accounts(viewer: Actor, department: Department) -> dict[str, object] | None:  # noqa: ARG001 - a panel's signature
    """Return the accounts of the department that can sign in; nothing when all are disabled."""
    users = queries.list_active_of(database.session(), department)
    if not users:
        return None
    return {"users": users[:SHOWN], "count": len(users), "more": max(0, len(users) - SHOWN), "department": department}
