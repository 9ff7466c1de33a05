"""Checking Ed25519 signatures (RFC 8032) with nothing but Python.

For the verifier in a package: it must say whether the log signed a checkpoint on a machine where nothing can be
installed. Some hundred times slower than a library, which matters little for one signature. Nothing secret passes here.
"""

import hashlib

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)
SIZE = 32

Point = tuple[int, int, int, int]


def verify(public: bytes, signature: bytes, message: bytes) -> bool:
    """Tell whether the signature of a message was made with the private half of a key."""
    if len(public) != SIZE or len(signature) != 2 * SIZE:
        return False
    key, commitment = _point(public), _point(signature[:SIZE])
    answer = int.from_bytes(signature[SIZE:], "little")
    if key is None or commitment is None or answer >= ORDER:
        return False
    told = hashlib.sha512(signature[:SIZE] + public + message).digest()
    challenge = int.from_bytes(told, "little") % ORDER
    return _same(_times(answer, BASE), _add(commitment, _times(challenge, key)))


def _add(one: Point, other: Point) -> Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(factor: int, point: Point) -> Point:
    found: Point = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            found = _add(found, point)
        point = _add(point, point)
        factor >>= 1
    return found


def _same(one: Point, other: Point) -> bool:
    return (one[0] * other[2] - other[0] * one[2]) % P == 0 and (one[1] * other[2] - other[1] * one[2]) % P == 0


def _point(written: bytes) -> Point | None:
    """Read a point as it is written: y, and in the highest bit whether x is odd."""
    number = int.from_bytes(written, "little")
    y, odd = number & (2**255 - 1), number >> 255
    x = _x_of(y, odd)
    return None if x is None else (x, y, 1, x * y % P)


def _x_of(y: int, odd: int) -> int | None:
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if odd else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P:
        return None
    return P - x if x & 1 != odd else x


def _base() -> Point:
    y = 4 * pow(5, P - 2, P) % P
    x = _x_of(y, 0) or 0
    return x, y, 1, x * y % P


BASE = _base()
