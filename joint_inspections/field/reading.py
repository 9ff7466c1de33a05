"""Strict reading of what a phone sends: every field named, nothing guessed, nothing left over.

What cannot be read at all is answered with 400 and the place of the fault, and nothing is kept: it is no operation.
What reads well but cannot be done is an operation that ends as refused.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NoReturn  # JSON is anything until it has been read

from joint_inspections.field.rules import MOST_OPERATIONS, Kind, digest_of
from joint_inspections.records.rules import LONGEST_ANSWER, LONGEST_TEXT
from sampling.canonical import canonical_bytes
from supervision.errors import DomainError
from supervision.labels import N_

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
SHA256 = re.compile(r"[0-9a-f]{64}")
DIGEST = re.compile(r"[0-9a-f]{32}([0-9a-f]{32})?")
CODE = re.compile(r"[A-Za-z0-9_.-]{1,32}")
MIME = re.compile(r"[a-z0-9.+-]{1,40}/[a-z0-9.+-]{1,60}")
MOMENT = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)")
FORBIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs"})
LARGEST_ID = 2**31 - 1
MOST_POINTS = 500
DEEPEST = 12

# a reader takes a value and its place, and returns it or refuses
Read = Callable[[Any, str], Any]


class Unreadable(DomainError):
    """What came is no request of the interface; ``field`` says where."""

    status = 400

    def __init__(self, code: str, message: str, /, *, field: str) -> None:
        super().__init__(code, message, field=field)
        self.field = field


def _no(field: str, code: str = "wrong-value") -> NoReturn:
    raise Unreadable(
        code, N_("The value of %(field)s cannot be read. Update the app, then send it again."), field=field
    )


@dataclass(frozen=True, slots=True)
class Operation:
    """One change as a phone sent it; ``content`` is what is kept, canonical JSON."""

    uuid: str
    visit: int
    kind: Kind
    made_at: datetime
    # as text, see _degrees: latitude, longitude, accuracy
    place: Mapping[str, str] | None
    form: str | None
    body: Mapping[str, Any]
    content: str
    digest: str


def read_json(data: bytes) -> Any:
    """Read a body: one JSON value, no key twice, no number that programs read differently."""
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_once,
            parse_int=_whole,
            parse_float=_fraction,
            parse_constant=lambda _: _no("JSON"),
        )
    except (UnicodeDecodeError, RecursionError, ValueError) as error:
        raise Unreadable("not-json", N_("What arrived is no whole JSON. Send it again."), field="") from error
    _check_depth(value, 0)
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        _no(next(name for name in names if names.count(name) > 1)[:40], "field-twice")
    return found


def _whole(digits: str) -> int:
    return int(digits) if len(digits) <= 16 else _no("JSON", "number-too-long")


def _fraction(digits: str) -> Decimal:
    return Decimal(digits) if len(digits) <= 40 else _no("JSON", "number-too-long")


def _check_depth(value: Any, depth: int) -> None:
    if depth > DEEPEST:
        _no("JSON", "too-deep")
    if isinstance(value, dict):
        for one in value.values():
            _check_depth(one, depth + 1)
    elif isinstance(value, list):
        for one in value:
            _check_depth(one, depth + 1)


def fields(**readers: Read) -> Read:
    """Read an object with exactly these fields."""

    def read(value: Any, place: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            _no(place or "JSON")
        for name in value:
            if name not in readers:
                raise Unreadable(
                    "unknown-field", N_("Nobody knows the field %(field)s here."), field=_under(place, name[:40])
                )
        for name in readers:
            if name not in value:
                raise Unreadable("missing-field", N_("The field %(field)s is missing."), field=_under(place, name))
        return {name: reader(value[name], _under(place, name)) for name, reader in readers.items()}

    return read


def _under(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def listed(reader: Read, *, most: int) -> Read:
    """Read a list of at most ``most``."""

    def read(value: Any, place: str) -> list[Any]:
        if not isinstance(value, list) or len(value) > most:
            _no(place)
        return [reader(one, f"{place}[{number}]") for number, one in enumerate(value)]

    return read


def optional(reader: Read) -> Read:
    """Read a value or null."""
    return lambda value, place: None if value is None else reader(value, place)


def text(longest: int, *, least: int = 0) -> Read:
    """Read text of a length; half a surrogate pair is no text. Whether it is clean is asked when it is applied."""

    def read(value: Any, place: str) -> str:
        if not isinstance(value, str) or not least <= len(value) <= longest:
            _no(place)
        if any("\ud800" <= char <= "\udfff" for char in value):
            _no(place)
        return value

    return read


def is_clean(value: object) -> bool:
    """Say whether all text in a value is as forms of the house take it: NFC, trimmed, nothing invisible."""
    if isinstance(value, dict):
        return all(map(is_clean, value.values()))
    if isinstance(value, list):
        return all(map(is_clean, value))
    if not isinstance(value, str):
        return True
    return value == unicodedata.normalize("NFC", value).strip() and not any(map(_hidden, value))


def _hidden(char: str) -> bool:
    return char not in "\n\t" and unicodedata.category(char) in FORBIDDEN_CATEGORIES


def pattern(wanted: re.Pattern[str]) -> Read:
    """Read text of a certain form."""
    return lambda value, place: value if isinstance(value, str) and wanted.fullmatch(value) else _no(place)


def one_of(*values: str) -> Read:
    """Read one of a few words."""
    return lambda value, place: value if isinstance(value, str) and value in values else _no(place)


def number(value: Any, place: str) -> int:
    """Read the number of a thing."""
    if type(value) is not int or not 0 < value <= LARGEST_ID:
        _no(place)
    return int(value)


def truth(value: Any, place: str) -> bool:
    """Read true or false."""
    return value if isinstance(value, bool) else _no(place)


def moment(value: Any, place: str) -> str:
    """Read a moment with offset; it is kept as it was written."""
    if not isinstance(value, str) or not MOMENT.fullmatch(value):
        _no(place)
    try:
        datetime.fromisoformat(value)
    except ValueError:
        _no(place)
    return str(value)


def _degrees(limit: int) -> Read:
    def read(value: Any, place: str) -> str:
        if type(value) not in {int, Decimal} or not abs(value) <= limit:
            _no(place)
        # canonical JSON here knows no fractions: kept as text of seven places, a centimetre, zero without a sign
        return f"{round(Decimal(value), 7) + 0:.7f}"

    return read


UUID_FIELD, SHA_FIELD = pattern(UUID), pattern(SHA256)
ENTRY = fields(
    checked=optional(truth),
    result=optional(pattern(CODE)),
    further=optional(pattern(CODE)),
    problem=text(LONGEST_TEXT),
    unchecked_reason=text(LONGEST_ANSWER),
    disposal=optional(pattern(CODE)),
    answers=listed(fields(point=number, value=text(LONGEST_ANSWER), note=text(LONGEST_ANSWER)), most=MOST_POINTS),
)
BODIES: Mapping[Kind, Read] = {
    Kind.ARRIVE: fields(),
    Kind.ITEM: fields(section=number, item=number, base=pattern(DIGEST), entry=ENTRY),
    Kind.OUTCOME: fields(code=pattern(CODE), note=text(1000), base=fields(code=text(32), note=text(1000))),
    Kind.ATTACH: fields(
        file=SHA_FIELD,
        section=optional(number),
        item=optional(number),
        point=optional(number),
        purpose=one_of("photo", "document", "sound"),
        caption=text(300),
        taken_at=optional(moment),
    ),
    Kind.DETACH: fields(attachment=UUID_FIELD, reason=text(500, least=1)),
    Kind.SIGN: fields(section=number, seen=pattern(DIGEST), file=optional(SHA_FIELD)),
    Kind.REOPEN: fields(section=number, reason=text(500, least=1)),
    Kind.PARTY: fields(
        how=one_of("signed", "refused", "paper"),
        seen=pattern(DIGEST),
        name=text(60),
        role=text(60),
        file=optional(SHA_FIELD),
        reason=text(500),
        second=optional(number),
    ),
    Kind.CONFIRM: fields(entry=number, agrees=truth, remark=text(500)),
    Kind.SUBMIT: fields(seen=pattern(DIGEST)),
}
PLACE = fields(latitude=_degrees(90), longitude=_degrees(180), accuracy=_degrees(100_000_000))


def _operation(value: Any, place: str) -> Operation:
    kind = one_of(*Kind)(value.get("kind"), _under(place, "kind")) if isinstance(value, dict) else _no(place)
    read = fields(
        id=UUID_FIELD,
        visit=number,
        kind=one_of(*Kind),
        made_at=moment,
        place=optional(PLACE),
        form=optional(pattern(DIGEST)),
        body=BODIES[Kind(kind)],
    )(value, place)
    return Operation(
        uuid=read["id"],
        visit=read["visit"],
        kind=Kind(kind),
        made_at=datetime.fromisoformat(read["made_at"]).astimezone(UTC),
        place=read["place"],
        form=read["form"],
        body=read["body"],
        content=canonical_bytes(read).decode(),
        digest=digest_of(read),
    )


OPERATIONS = fields(device=UUID_FIELD, operations=listed(_operation, most=MOST_OPERATIONS))
DEVICE = fields(id=UUID_FIELD, name=text(60, least=1))
PARTY_LINK = fields(device=UUID_FIELD, seen=pattern(DIGEST))
FILE = fields(device=UUID_FIELD, sha256=SHA_FIELD, size=number, type=pattern(MIME))


def read_again(content: str) -> Operation:
    """Read a kept operation, to look at it again."""
    value = json.loads(content)
    kind = Kind(value["kind"])
    return Operation(
        uuid=value["id"],
        visit=value["visit"],
        kind=kind,
        made_at=datetime.fromisoformat(value["made_at"]).astimezone(UTC),
        place=value["place"],
        form=value["form"],
        body=value["body"],
        content=content,
        digest=digest_of(value),
    )
