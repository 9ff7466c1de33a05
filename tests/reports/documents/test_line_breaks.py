"""Lines of Chinese end where readers expect it."""

import pytest

from reports.documents.line_breaks import NOT_FIRST, NOT_LAST, break_lines


def lines(text: str, room: float, *, first: float | None = None) -> list[str]:
    """Break ``text`` where a character takes ten points, one of a Latin word five."""
    widths = [10.0 if char >= "\u2e80" else 5.0 for char in text]
    return [str(line) for _, line in break_lines(text, widths, [first or room, room])]


def test_no_line_begins_with_a_mark_that_closes_or_ends_with_one_that_opens() -> None:
    text = "有权要求检查人员出示行政执法证件（见《行政处罚法》第五十五条），不出示的，有权拒绝检查。"
    for room in range(30, 400, 10):
        broken = lines(text, room)
        assert "".join(broken) == text
        assert all(len(line) * 10 <= room for line in broken)
        assert not [line for line in broken if line[0] in NOT_FIRST or line[-1] in NOT_LAST], (room, broken)


@pytest.mark.parametrize(
    ("text", "room", "expected"),
    [
        ("逾期未改正的，依法处理", 60, ["逾期未改正", "的，依法处理"]),
        ("记录版本SHA-256如下", 60, ["记录版本", "SHA-256如下"]),
        ("显示温度 5.4 ℃。", 60, ["显示温度", "5.4 ℃。"]),
        ("抽取 310106-2026-0009", 60, ["抽取", "310106-2026-", "0009"]),
        ("", 60, []),
    ],
    ids=["comma", "word", "unit", "longer than a line", "nothing"],
)
def test_words_and_what_belongs_to_them_stay_whole_where_a_line_has_room(
    text: str, room: float, expected: list[str]
) -> None:
    assert lines(text, room) == expected


def test_the_first_line_may_be_shorter_and_a_single_character_always_finds_a_place() -> None:
    assert lines("本文书", 20, first=10) == ["本", "文书"]
    assert lines("本文", 5) == ["本", "文"]
