"""The only place where time is read, so that rules stay pure and tests can choose the day."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class _Clock:
    read: Callable[[], datetime] = staticmethod(lambda: datetime.now(UTC))


_clock = _Clock()


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return _clock.read()


def today() -> date:
    """Return today's date as people in the district write it (Asia/Shanghai)."""
    return local(now()).date()


def local(moment: datetime) -> datetime:
    """Return ``moment`` as shown on a wall clock in the district."""
    return moment.astimezone(SHANGHAI)


def begin_of(day: date) -> datetime:
    """Return the first moment of a day in the district."""
    return datetime.combine(day, time.min, SHANGHAI)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let every reading inside the block be ``moment``; for tests and for building dated demo data."""
    before = _clock.read
    _clock.read = lambda: moment
    try:
        yield
    finally:
        _clock.read = before
