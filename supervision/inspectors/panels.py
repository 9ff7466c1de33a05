"""Certificates that end soon, on the home page of those who can do something about it."""

from flask import Flask

from supervision import clock
from supervision.inspectors import queries
from supervision.permissions import Actor, Permission
from supervision.web import database, panels
from supervision.web.panels import Panel

SHOWN = 8


def init_app(app: Flask) -> None:
    """Add the panels of the register of inspectors to the application."""
    panels.register(
        app,
        Panel("home", "inspectors/home_certificates.html", ending_certificates, Permission.INSPECTOR_EDIT, order=45),
        Panel("home", "inspectors/home_own_certificate.html", own_certificate, Permission.VISIT_INSPECT, order=45),
    )


def ending_certificates(viewer: Actor, subject: object) -> dict[str, object] | None:  # noqa: ARG001 - a panel's signature
    """Return the certificates of the lead's department that have ended or end soon (R-1.21)."""
    if viewer.department_id is None:
        return None
    session, today = database.session(), clock.today()
    found = queries.list_ending(session, viewer.department_id, on=today)
    if not found:
        return None
    return {
        "inspectors": found[:SHOWN],
        "more": max(0, len(found) - SHOWN),
        "days": queries.warning_days(session, on=today),
        "department": viewer.department_code,
    }


def own_certificate(viewer: Actor, subject: object) -> dict[str, object] | None:  # noqa: ARG001 - a panel's signature
    """Return the inspector's own entry when the certificate has ended or ends soon."""
    if viewer.inspector_id is None:
        return None
    session, today = database.session(), clock.today()
    inspector = queries.get_inspector(session, viewer.inspector_id)
    left = (inspector.certificate_valid_until - today).days
    return {"inspector": inspector} if left <= queries.warning_days(session, on=today) else None
