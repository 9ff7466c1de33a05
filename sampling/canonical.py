"""Section 0, hashed JSON: RFC 8785 (JCS), restricted to strings, integers, true, false and null.

Two programs that agree on the content of a JSON file then agree on its bytes, and so on its digest. A
duplicate key, a fraction, an exponent, an integer beyond ±(2^53−1) or half a surrogate pair is an error,
because readers of such files do not agree on what they mean.
"""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NoReturn

from sampling.errors import NotationError

Json = str | int | bool | None | Sequence["Json"] | Mapping[str, "Json"]

LARGEST_INTEGER = 2**53 - 1
# Python's own escapes are those of RFC 8785 section 3.2.2.2 once non-ASCII text is left as it is.
_QUOTED = json.JSONEncoder(ensure_ascii=False).encode
_PLAIN_VALUES = {None: "null", True: "true", False: "false"}
_LONGEST_INTEGER = len(str(LARGEST_INTEGER)) + 1


def canonical_bytes(value: object) -> bytes:
    """Write a value as JCS bytes, without a final LF."""
    try:
        return _written(value).encode()
    except UnicodeEncodeError as error:
        raise NotationError("json-lone-surrogate") from error


def parse_json(data: bytes, *, name: str) -> Json:
    """Read any JSON of the restricted kind; `name` is the file's name in error messages."""
    try:
        parsed: Json = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_object_once,
            parse_int=_integer,
            parse_float=_refuse_number,
            parse_constant=_refuse_number,
        )
    except NotationError:
        raise
    except UnicodeDecodeError as error:
        raise NotationError("text-not-utf8", file=name) from error
    except RecursionError as error:
        raise NotationError("json-too-deep", file=name) from error
    except ValueError as error:
        raise NotationError("json-unreadable", file=name) from error
    return parsed


def parse_canonical(data: bytes, *, name: str) -> Json:
    """Read a JSON file of the bundle, whose bytes must be exactly the JCS form."""
    parsed = parse_json(data, name=name)
    try:
        rewritten = canonical_bytes(parsed)
    except RecursionError as error:
        raise NotationError("json-too-deep", file=name) from error
    if rewritten != data:
        raise NotationError("json-not-canonical", file=name)
    return parsed


def _object_once(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for key, value in pairs:
        if key in found:
            raise NotationError("json-duplicate-key", key=ascii(key))
        found[key] = value
    return found


def _integer(digits: str) -> int:
    # The length is looked at first: Python refuses, and other readers crawl through, numbers of 5,000 digits.
    if len(digits) > _LONGEST_INTEGER or abs(int(digits)) > LARGEST_INTEGER:
        raise NotationError("json-integer-too-large")
    return int(digits)


def _refuse_number(text: str) -> NoReturn:
    raise NotationError("json-number-not-integer", number=text[:20])


def _written(value: object) -> str:
    # A record may hold millions of values: what stands in it most often is asked for first.
    if isinstance(value, str):
        return _QUOTED(value)
    if isinstance(value, dict):
        return _written_object(value)
    if value is None or isinstance(value, bool):
        return _PLAIN_VALUES[value]
    if isinstance(value, int):
        return _written_integer(value)
    if isinstance(value, Mapping):
        return _written_object(value)
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return "[" + ",".join(map(_written, value)) + "]"
    raise NotationError("json-value-not-allowed", kind=type(value).__name__)


def _written_integer(value: int) -> str:
    if abs(value) > LARGEST_INTEGER:
        raise NotationError("json-integer-too-large")
    return str(int(value))


def _written_object(value: Mapping[object, object]) -> str:
    return "{" + ",".join([f"{head}{_written(value[name])}" for name, head in _heads(tuple(value))]) + "}"


@lru_cache(maxsize=256)
def _heads(names: tuple[object, ...]) -> tuple[tuple[str, str], ...]:
    """Give an object's keys in order, each with how it is written; many objects share the same keys."""
    texts: list[str] = []
    for name in names:
        if not isinstance(name, str):
            raise NotationError("json-value-not-allowed", kind=type(name).__name__)
        texts.append(name)
    # RFC 8785 section 3.2.3 sorts by UTF-16 code units, which differs from code points beyond U+FFFF.
    return tuple((name, f"{_QUOTED(name)}:") for name in sorted(texts, key=_utf16))


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-be", "surrogatepass")
