"""Every refusal the platform can speak, as one tree.

::

    DomainError
    ├── NotFound          404  the thing does not exist, or the viewer may not know that it does
    ├── Forbidden         403  the viewer may know of it but may not do this
    ├── Invalid           422  a value is wrong: names the field and the remedy
    ├── WrongState        409  the step is not possible from the present state
    ├── Conflict          409  something else already holds the place (duplicate, newer version)
    ├── RuleBroken        409  a legal or house rule forbids it; carries the rule's number
    └── TooMany           429  too many tries in vain of late

Each carries ``code`` (stable, for machines and tests), ``message`` (an English message id with ``%(name)s``
places) and ``parameters``. Pages translate it once, in ``supervision.web.error_pages``.
"""


class DomainError(Exception):
    """A refusal with a code, a translatable message and parameters."""

    status = 400

    def __init__(self, code: str, message: str, /, **parameters: object) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.parameters = parameters

    def __str__(self) -> str:
        return self.message % self.parameters if self.parameters else self.message


class NotFound(DomainError):
    """The thing does not exist for this viewer."""

    status = 404

    def __init__(self, code: str = "not-found", message: str = "Not found", /, **parameters: object) -> None:
        super().__init__(code, message, **parameters)


class Forbidden(DomainError):
    """The viewer may not do this."""

    status = 403


class Invalid(DomainError):
    """A value is wrong; ``field`` names it."""

    status = 422

    def __init__(self, code: str, message: str, /, *, field: str = "", **parameters: object) -> None:
        super().__init__(code, message, **parameters)
        self.field = field


class WrongState(DomainError):
    """The step is not possible from the present state."""

    status = 409


class Conflict(DomainError):
    """Something else already holds the place."""

    status = 409


class RuleBroken(DomainError):
    """A legal or house rule forbids it; ``rule`` is its number in the domain reference (R-1.20)."""

    status = 409

    def __init__(self, code: str, message: str, /, *, rule: str = "", **parameters: object) -> None:
        super().__init__(code, message, **parameters)
        self.rule = rule


class TooMany(DomainError):
    """Too many tries in vain of late, from one address or by one link."""

    status = 429
