"""Enumerations whose members carry the words people read.

A label is an English message id; the page translates it. ``N_`` marks it for extraction without translating.
"""

from enum import StrEnum
from typing import Self


def N_(message: str) -> str:  # noqa: N802 - the gettext world's name for "mark, do not translate"
    """Mark ``message`` for translation and return it unchanged."""
    return message


class Labeled(StrEnum):
    """A string enumeration with a label and a tone (neutral, info, success, warning, danger, sealed) per member.

    Declare members as ``DRAFT = "draft", N_("Draft"), "neutral"``; the tone may be left out.
    """

    label: str
    tone: str

    def __new__(cls, value: str, label: str = "", tone: str = "neutral") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.tone = tone
        return member
