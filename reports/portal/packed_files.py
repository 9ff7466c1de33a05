"""Files that are packed from much and change seldom: packed once by each process, and not sent again to who has them.

What goes into a file decides whether it is packed anew; the tag is the digest of its bytes, so that it is true whatever
version of the program packed it.
"""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable, Mapping
from threading import Lock

from flask import Response, request

# the program without a draw, in both languages, and the draws that people look at these days
_MOST_KEPT = 8
_kept: OrderedDict[str, tuple[str, bytes]] = OrderedDict()
_lock = Lock()


def contents_key(kind: str, facts: object, files: Mapping[str, bytes] | None = None) -> str:
    """Return what names a file by all that goes into it: words and facts, and the files of a bundle."""
    digest = hashlib.sha256(json.dumps([kind, facts], ensure_ascii=False, sort_keys=True).encode())
    for name, data in sorted((files or {}).items()):
        digest.update(f"\n{name} {len(data)}\n".encode())
        digest.update(data)
    return digest.hexdigest()


def packed(key: str, make: Callable[[], bytes]) -> tuple[str, bytes]:
    """Return the tag and the bytes of a file, made unless this process has it; one at a time, for many ask at once."""
    with _lock:
        if key not in _kept:
            data = make()
            _kept[key] = hashlib.sha256(data).hexdigest(), data
        _kept.move_to_end(key)
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
        return _kept[key]


def hand_out(key: str, make: Callable[[], bytes], *, name: str, kind: str) -> Response:
    """Return the file as a download, or say that the asker has it (304)."""
    tag, data = packed(key, make)
    known = request.if_none_match.contains_weak(tag)
    response = Response(status=304) if known else Response(data, mimetype=kind)
    response.set_etag(tag)
    if not known:
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
