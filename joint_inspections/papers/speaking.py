"""Saying things in the language of a paper, without asking the request for its own."""

from datetime import date, datetime

from joint_inspections.papers.wording import TEXTS, TITLES
from supervision.clock import local

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


class Words:
    """The words of one language, and names, days and moments as documents write them."""

    def __init__(self, language: str) -> None:
        self.language = "en" if language == "en" else "zh"
        self.place = 1 if language == "en" else 0
        self.comma = ", " if language == "en" else "、"

    def __call__(self, key: str, **values: object) -> str:
        """Return a text with its places filled; what fills them is never read as a place."""
        text = TEXTS[key][self.place]
        return text.format(**values) if values else text

    def heads(self, key: str, count: int) -> tuple[str, ...]:
        """Return the heads of a table: ``key`` with 1 to ``count``."""
        return tuple(self(f"{key}_{no}") for no in range(1, count + 1))

    def title(self, kind: str) -> str:
        """Return the name of a paper."""
        return TITLES[kind][self.place]

    def pick(self, chinese: str, english: str | None) -> str:
        """Return one of two names; the Chinese one where the other is empty."""
        return (english or chinese) if self.place else chinese

    def name(self, thing: object) -> str:
        """Return the name of something that has one in both languages."""
        return self.pick(str(getattr(thing, "name_zh", "")), str(getattr(thing, "name_en", "") or ""))

    def day(self, day: date) -> str:
        """Return a day."""
        if not self.place:
            return f"{day.year}年{day.month}月{day.day}日"
        return f"{day.day} {MONTHS[day.month - 1]} {day.year}"

    def moment(self, moment: datetime) -> str:
        """Return a day with its hour and minute, as the district's clocks show them."""
        here = local(moment)
        return f"{self.day(here.date())}{' ' if self.place else ''}{here:%H:%M}"
