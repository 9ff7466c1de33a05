"""What a device may send, what can become of it, and the digests that both sides compute alike (docs/field-work.md)."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

from sampling.canonical import canonical_bytes
from supervision.labels import N_, Labeled

# what a phone carries: days planned before and after today
DAYS_AROUND = 7
# without contact for longer the app shows nothing: a team is at most a working day without signal
PACKAGE_HOURS = 24
MOST_OPERATIONS = 100
MOST_ANSWERED = 500
MOST_DEVICES = 10
# a hundred of the largest items would be more; the device then sends fewer at once
LARGEST_CALL = 4 << 20


class Kind(Labeled):
    """What an operation does."""

    ARRIVE = "arrive", N_("Arrival"), "info"
    ITEM = "item", N_("Entries of an item"), "info"
    OUTCOME = "outcome", N_("Outcome of the visit"), "info"
    ATTACH = "attach", N_("Photo or file added"), "info"
    DETACH = "detach", N_("Photo or file taken away"), "info"
    SIGN = "sign", N_("Section signed off"), "info"
    REOPEN = "reopen", N_("Section opened again"), "info"
    PARTY = "party", N_("Signature of the enterprise"), "info"
    CONFIRM = "confirm", N_("Second officer on a refusal"), "info"
    SUBMIT = "submit", N_("Record handed in"), "info"


class Outcome(Labeled):
    """What became of an operation. Only ``waiting`` is followed by another."""

    APPLIED = "applied", N_("Stored"), "success"
    CONFLICT = "conflict", N_("Somebody else stored something else meanwhile"), "warning"
    WAITING = "waiting", N_("Waits for a file"), "info"
    REFUSED = "refused", N_("Could not be stored"), "danger"
    REPEATED = "repeated", N_("The same number came with other content"), "danger"


FINAL = frozenset({Outcome.APPLIED, Outcome.CONFLICT, Outcome.REFUSED})
NOT_STORED = frozenset({Outcome.CONFLICT, Outcome.REFUSED})


class DeviceState(StrEnum):
    """What a phone is told about itself."""

    ACTIVE = "active"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


# the nearest name first: phones call themselves several
SYSTEMS = [
    re.compile(one)
    for one in (
        r"HarmonyOS",
        r"OpenHarmony [\d.]+",
        r"Android [\d.]+",
        r"iPhone OS [\d_]+",
        r"Windows",
        r"Mac OS X",
        r"Linux",
    )
]
BROWSERS = re.compile(r"(MicroMessenger|HuaweiBrowser|Edg|CriOS|FxiOS|Firefox|Chrome|Version)/(\d+)")
BROWSER_NAMES = {"Edg": "Edge", "CriOS": "Chrome", "FxiOS": "Firefox", "Version": "Safari", "MicroMessenger": "WeChat"}


def browser_name(said: str) -> str:
    """Return system and browser in a few words, from what a browser calls itself; "" where nothing is recognised."""
    system, browsers = next(filter(None, (one.search(said) for one in SYSTEMS)), None), dict(BROWSERS.findall(said))
    known = next((one for one in ("MicroMessenger", "HuaweiBrowser", "Edg", *browsers) if one in browsers), "")
    words = [system[0].replace("_", ".") if system else ""]
    words.append(f"{BROWSER_NAMES.get(known, known)} {browsers[known]}" if known else "")
    return " · ".join(word for word in words if word)


def carried_days(today: date) -> tuple[date, date]:
    """Return the first and last planned day of the visits that a phone carries."""
    return today - timedelta(days=DAYS_AROUND), today + timedelta(days=DAYS_AROUND)


def later(moment: datetime, *, hours: int) -> datetime:
    """Return the moment some hours later."""
    return moment + timedelta(hours=hours)


def digest_of(value: object) -> str:
    """Return the SHA-256 of a value's canonical JSON."""
    return hashlib.sha256(canonical_bytes(value)).hexdigest()


def record_digest(
    *,
    outcome: tuple[str, str],
    sections: Iterable[tuple[int, str]],
    attachments: Iterable[tuple[str, str]],
    samples: Sequence[Sequence[object]] = (),
) -> str:
    """Digest of a whole record: what is said when it is handed in, or laid before the enterprise.

    ``sections`` are (section, digest), ``attachments`` (operation, SHA-256 of the file) of those still shown,
    ``samples`` all that is said of each that counts (`signatures.whole.samples_said`).
    """
    return digest_of(
        {
            "attachments": sorted([list(one) for one in attachments]),
            "outcome": list(outcome),
            "samples": [list(one) for one in samples],
            "sections": sorted([list(one) for one in sections]),
        }
    )


def form_digest(sections: Sequence[tuple[int, Sequence[tuple[int, Sequence[int]]]]]) -> str:
    """Digest of the questions: section, item, check points. Other questions are another form."""
    return digest_of([[section, [[item, list(points)] for item, points in items]] for section, items in sections])
