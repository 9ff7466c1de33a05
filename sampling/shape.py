"""The shape of the JSON files: which keys an object has and which kind of value stands behind each.

Unknown keys are refused: a program that skipped what it does not know could not say that it did what the
file asks.
"""

from collections.abc import Mapping, Sequence

from sampling.errors import NotationError
from sampling.hashing import HASH_NAMES, PROTOCOL
from sampling.identifiers import identifier

JsonObject = Mapping[str, object]


def json_object(value: object, *, where: str, required: str = "", optional: str = "") -> JsonObject:
    """Give an object back that has all required keys and no others but the optional ones.

    Both lists are written as one text with spaces between the keys.
    """
    if not isinstance(value, Mapping):
        raise NotationError("json-not-object", where=where)
    needed, allowed = set(required.split()), set(required.split()) | set(optional.split())
    missing, surplus = sorted(needed - set(value)), sorted(map(str, set(value) - allowed))
    if missing:
        raise NotationError("json-key-missing", where=where, key=missing[0])
    if surplus:
        raise NotationError("json-key-unknown", where=where, key=ascii(surplus[0])[:80])
    return value


def json_names(value: object, *, where: str) -> JsonObject:
    """Give an object back whose keys name things, such as strata."""
    if not isinstance(value, Mapping):
        raise NotationError("json-not-object", where=where)
    for name in value:
        identifier(name, what=where)
    return value


def json_list(value: object, *, where: str) -> Sequence[object]:
    """Give a list back."""
    if isinstance(value, list | tuple):
        return value
    raise NotationError("json-not-list", where=where)


def json_integer(value: object, *, where: str, least: int = 0) -> int:
    """Give an integer back that is at least `least`; `true` is not an integer."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= least:
        return value
    raise NotationError("json-not-integer", where=where, least=least, value=ascii(value)[:80])


def json_text(value: object, *, where: str) -> str:
    """Give a text back."""
    if isinstance(value, str):
        return value
    raise NotationError("json-not-text", where=where)


def json_flag(value: object, *, where: str) -> bool:
    """Give true or false back."""
    if isinstance(value, bool):
        return value
    raise NotationError("json-not-flag", where=where)


def json_choice(value: object, *, where: str, choices: Sequence[str]) -> str:
    """Give a text back that is one of the choices."""
    if isinstance(value, str) and value in choices:
        return value
    raise NotationError("json-not-choice", where=where, choices=", ".join(choices), value=ascii(value)[:80])


def heading(value: JsonObject, *, where: str) -> tuple[str, str]:
    """Check the protocol and give hash and draw: what every file of a draw begins with."""
    json_choice(value["protocol"], where=f"{where} protocol", choices=(PROTOCOL,))
    hash_name = json_choice(value["hash"], where=f"{where} hash", choices=HASH_NAMES)
    return hash_name, identifier(value["draw"], what="draw")
