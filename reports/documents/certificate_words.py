"""The words of the papers about a draw; a paper keeps its language, whoever opens it."""

from dataclasses import replace

from reports.documents.certificate_en import EN
from reports.documents.certificate_phrases import Words
from reports.documents.certificate_zh import ZH

# the headings of a certificate in their order; the sheet has fewer and counts none
HEADINGS = (
    *("register", "files", "commitment", "contributions", "strata", "result"),
    *("changes", "earlier", "log", "warnings", "unchecked", "check"),
)
CHINESE_NUMBERS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")


def words(language: str) -> Words:
    """Return the words of ``language``; Chinese unless it is ``en``."""
    return EN if language == "en" else ZH


def numbered_words(language: str) -> Words:
    """Return the words with the headings of a certificate counted."""
    said, english = words(language), language == "en"
    marks = [f"{place}. " if english else f"{CHINESE_NUMBERS[place - 1]}、" for place in range(1, len(HEADINGS) + 1)]
    return replace(said, **{name: mark + getattr(said, name) for name, mark in zip(HEADINGS, marks, strict=True)})
