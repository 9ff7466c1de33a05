"""When messages leave the house."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervision.notifications.carriers import TOLERANCE, is_signed, signature
from supervision.notifications.rules import PAUSES, Wishes, goes_out_at, next_attempt
from supervision.notifications.sources import Waiting

NIGHT = Wishes(quiet_from=time(21), quiet_until=time(7, 30))


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 23, hour, minute, tzinfo=UTC)


def test_nothing_goes_out_in_quiet_hours_that_span_midnight() -> None:
    assert goes_out_at(at(20, 59), NIGHT, urgent=False) == at(20, 59)
    assert goes_out_at(at(21), NIGHT, urgent=False) == at(7, 30) + timedelta(days=1)
    assert goes_out_at(at(3), NIGHT, urgent=False) == at(7, 30)
    assert goes_out_at(at(7, 30), NIGHT, urgent=False) == at(7, 30)


def test_what_is_urgent_never_waits() -> None:
    assert goes_out_at(at(3), NIGHT, urgent=True) == at(3)


def test_a_daily_summary_waits_for_its_hour_and_for_the_end_of_quiet_hours() -> None:
    assert goes_out_at(at(9), Wishes(daily_at=time(8)), urgent=False) == at(8) + timedelta(days=1)
    early = Wishes(quiet_from=time(21), quiet_until=time(7, 30), daily_at=time(6))
    assert goes_out_at(at(9), early, urgent=False) == at(7, 30) + timedelta(days=1)


times = st.times().map(lambda one: one.replace(second=0, microsecond=0))


@given(hour=st.integers(0, 23), minute=st.integers(0, 59), begins=times, ends=times)
def test_a_message_never_leaves_in_quiet_hours_and_waits_less_than_a_day(
    hour: int, minute: int, begins: time, ends: time
) -> None:
    now = at(hour, minute)
    out = goes_out_at(now, Wishes(quiet_from=begins, quiet_until=ends), urgent=False)
    assert now <= out < now + timedelta(days=1)
    quiet = (begins <= out.time() < ends) if begins <= ends else (out.time() >= begins or out.time() < ends)
    assert not quiet


def test_a_delivery_is_given_up_after_the_last_pause() -> None:
    assert next_attempt(at(8), 1) == at(8, 1)
    assert next_attempt(at(8), len(PAUSES)) == at(8) + timedelta(minutes=PAUSES[-1])
    assert next_attempt(at(8), len(PAUSES) + 1) is None


@pytest.mark.parametrize("name", ["静安某某餐饮有限公司", "Some Ltd", "310106-1<script>", "lower", "A" * 41])
def test_a_message_cannot_carry_a_name(name: str) -> None:
    with pytest.raises(ValueError, match="entity"):
        Waiting(1, "key", {"entity": name})


def test_a_message_carries_numbers_and_days() -> None:
    Waiting(1, "key", {"number": "31010620261123-0001", "count": 3, "day": date(2026, 11, 23)})


def test_a_signature_holds_for_its_body_its_key_and_a_few_minutes() -> None:
    signed = signature(b"key", b"body", at=1000)
    assert is_signed(b"key", b"body", signed, now=1000 + TOLERANCE)
    assert not is_signed(b"key", b"body", signed, now=1001 + TOLERANCE)
    assert not is_signed(b"key", b"other", signed, now=1000)
    assert not is_signed(b"other", b"body", signed, now=1000)
    for torn in ("", "t=", "t=1000", "t=1000,v1=", signed.upper(), "v1=" + signed, "t=９,v1=0"):
        assert not is_signed(b"key", b"body", torn, now=1000)
