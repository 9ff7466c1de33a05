"""Setting a parameter: always a new version from a day on, never a change of what was."""

from datetime import date

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.errors import Conflict, Forbidden, Invalid
from supervision.parameters.models import Parameter
from supervision.parameters.queries import list_versions
from supervision.parameters.rules import Certainty, check_effective, checked_value
from supervision.permissions import Actor, Permission


def set_parameter(
    session: Session,
    code: str,
    value: str,
    *,
    effective_from: date,
    source: str,
    certainty: Certainty,
    reason: str,
    actor: Actor,
) -> Parameter:
    """Let parameter ``code`` have ``value`` from ``effective_from`` on; every earlier version stays."""
    if not actor.may(Permission.PARAMETER_EDIT):
        raise Forbidden("parameter-only-coordinator", "Only the district coordinator sets parameters.")
    newest = list_versions(session, code)[0]
    check_effective(effective_from, today=clock.today())
    if not reason:
        raise Invalid("no-reason", "Give a reason.", field="reason")
    version = Parameter(
        code=code,
        value=checked_value(code, value, newest.unit),
        unit=newest.unit,
        name_zh=newest.name_zh,
        name_en=newest.name_en,
        source=source,
        certainty=certainty,
        effective_from=effective_from,
        note=reason,
    )
    session.add(version)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict("version-that-day", "A version from this day on exists already. Choose another day.") from error
    details = {"before": newest.value, "after": version.value, "from": effective_from.isoformat()}
    record(session, Event.PARAMETER_CHANGED, actor=actor, subject=("parameter", code), reason=reason, details=details)
    return version
