"""Names as people search, sort and confuse them: pinyin keys, and the skeleton that look-alike names share.

Pure and fast: 90,000 names take a few seconds, because readings are kept per character and pair of characters.
"""

import unicodedata
from functools import lru_cache
from pathlib import Path

from pypinyin import lazy_pinyin
from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

LONGEST_SORT_KEY = 255
LONGEST_INITIALS = 64
LONGEST_SKELETON = 200

# the reading that names of shops and streets use, where the dictionary puts another first
USUAL_IN_NAMES = {
    "长": "chang", "朝": "chao", "重": "zhong", "行": "hang", "厦": "sha", "会": "hui", "都": "du",
    "盛": "sheng", "调": "tiao", "曾": "zeng", "弄": "nong", "堡": "bao", "泊": "bo", "宿": "su",
    "浦": "pu", "乐": "le", "单": "dan", "尾": "wei", "石": "shi", "场": "chang", "车": "che",
}  # fmt: skip
PHRASES_IN_NAMES = {"朝阳": ("chao", "yang"), "重工": ("zhong", "gong"), "长发": ("chang", "fa")}

LOOK_ALIKES = Path(__file__).with_name("look_alikes.txt")


@lru_cache(maxsize=1)
def _folded() -> dict[int, str]:
    """Read what is written for what; a pair may lead on to another (ι to i, i to 1)."""
    lines = LOOK_ALIKES.read_text(encoding="utf-8").splitlines()
    pairs = {pair[0]: pair[1] for line in lines if not line.startswith("#") for pair in line.split()}
    return {ord(char): pairs.get(to, to) for char, to in pairs.items()}


@lru_cache(maxsize=65536)
def _kept(char: str) -> str:
    return char if unicodedata.category(char)[0] in "LN" else ""


def name_skeleton(name: str) -> str:
    """Return what remains of ``name`` when everything that only looks different is taken away.

    Compatibility forms (NFKC), case, brackets, blanks, punctuation, hidden characters, radicals standing for
    characters, traditional forms, and letters of other alphabets. Two names with one skeleton may be two enterprises:
    it is a ground to ask (and the form that searches compare), never one to merge or to refuse.
    """
    folded = unicodedata.normalize("NFKC", name).casefold().translate(_folded())
    return "".join(map(_kept, folded))[:LONGEST_SKELETON]


def name_keys(name: str) -> tuple[str, str]:
    """Return ``(sort_key, initials)``: pinyin syllables to sort by, and their first letters to search by.

    上海长宁 → ("shang hai chang ning", "shcn"). Latin letters and digits stand for themselves; punctuation is left out.
    """
    text = "".join(map(_kept, unicodedata.normalize("NFKC", name).casefold()))
    syllables = [
        _reading(text[place - 1] if place else "", char, text[place + 1 : place + 2]) if char > "\u2e80" else char
        for place, char in enumerate(text)
    ]
    initials = "".join([syllable[0] for syllable in syllables if "0" <= syllable[0] <= "z"])
    return " ".join(syllables)[:LONGEST_SORT_KEY], initials[:LONGEST_INITIALS]


@lru_cache(maxsize=65536)
def _reading(before: str, char: str, after: str) -> str:
    if not _has_readings(char):
        return _usual(char)
    for pair, place in ((char + after, 0), (before + char, 1)):
        if pair in PHRASES_IN_NAMES:
            return PHRASES_IN_NAMES[pair][place]
        if len(pair) == 2 and pair in PHRASES_DICT:
            return str(lazy_pinyin(pair)[place])
    return _usual(char)


@lru_cache(maxsize=65536)
def _has_readings(char: str) -> bool:
    return "," in PINYIN_DICT.get(ord(char), "")


@lru_cache(maxsize=65536)
def _usual(char: str) -> str:
    return USUAL_IN_NAMES.get(char) or str(lazy_pinyin(char)[0]) or char
