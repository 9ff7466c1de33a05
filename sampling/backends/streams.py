"""Lines that come part by part from an engine, read as if they were a file; nothing is kept on disk."""

import io
from collections.abc import Generator
from typing import IO, Any, cast  # the buffers of io have no type of their own before Python 3.12

_BUFFER = 1 << 20


class _Parts(io.RawIOBase):
    def __init__(self, parts: Generator[bytes]) -> None:
        super().__init__()
        self._parts = parts
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, room: Any) -> int:
        """Fill the room from the part at hand, or from the next one that is not empty."""
        while not self._rest:
            following = next(self._parts, None)
            if following is None:
                return 0
            self._rest = following
        count = min(len(room), len(self._rest))
        room[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    def close(self) -> None:
        if not self.closed:
            self._parts.close()
        super().close()


def as_file(parts: Generator[bytes]) -> IO[bytes]:
    """Give the parts as a file for reading; closing it ends them, wherever they are."""
    return cast("IO[bytes]", io.BufferedReader(_Parts(parts), _BUFFER))
