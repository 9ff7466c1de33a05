"""What a form file gets wrong is named with its row and column, and no file keeps a server busy."""

from pathlib import Path

import pytest

from supervision.items.xlsform_choices import ChoiceLists
from supervision.items.xlsform_tables import Line, Remark, Table
from supervision.items.xlsform_words import limits_of
from tests.supervision.items.form_file_making import HEADER, places, read, xlsx


def test_every_mistake_is_named_with_row_and_column(tmp_path: Path) -> None:
    survey = [
        (*HEADER, "constraint", "relevant", "default", "label::French (fr)"),
        ("geopoint", "a", "位置", "", "", "", "", ""),
        ("select_one missing", "b", "选？", "", "", "", "", ""),
        ("select_multiple kind", "c", "多选？", "", "", "", "", ""),
        ("decimal", "d", "温度", "", ". > 0", "", "", ""),
        ("decimal", "e", "重量", "", ". >= 9 and . <= 8", "${d} > 3", "5", "Poids"),
        ("text", "f", "", "Only English", "", "", "", ""),
        ("select_one kind or_other", "g", "哪种？", "", "", "", "", ""),
        ("calculate", "h", "", "", "", "", "", ""),
        ("text", "i", "重量", "", "", "", "", ""),
        ("select_one twice", "j", "哪个？", "", "", "", "", ""),
        ("begin_repeat", "k", "重复", "", "", "", "", ""),
        ("date", "l", "日期", "", "", "", "", ""),
        ("begin_group", "m", "没有结束", "", "", "", "", ""),
    ]
    choices = [
        ("list_name", "name", "label::Chinese (zh)"), ("kind", "1", "甲"), ("kind", "2", ""),
        ("twice", "1", "同"), ("twice", "2", "同"),
    ]  # fmt: skip
    reading = read(tmp_path, xlsx(survey, choices))
    found = set(places(reading))
    wrong = {(2, "type"), (3, "type"), (4, "type"), (6, "constraint"), (7, "label"), (8, "type"), (12, "type"),
             (13, "type"), (14, "type")}  # fmt: skip
    assert {(row, column, True) for row, column in wrong} <= found
    lost = {(5, "constraint"), (6, "relevant"), (9, "type"), (6, "default"), (6, "label::french (fr)")}
    assert {(row, column, False) for row, column in lost} <= found
    choice_faults = {(one.row, one.column) for one in reading.remarks if one.sheet == "choices"}
    assert choice_faults == {(3, "label"), (5, "label")}
    assert reading.wrong


def test_a_question_asked_twice_is_named_at_its_second_row(tmp_path: Path) -> None:
    reading = read(tmp_path, xlsx([HEADER, ("text", "a", "同一问", ""), ("text", "b", "同一问", "")]))
    assert places(reading) == [(3, "label", True)]


def test_questions_without_an_item_ask_for_one(tmp_path: Path) -> None:
    reading = read(tmp_path, xlsx([HEADER, ("text", "a", "问？", "")]), target="")
    assert places(reading) == [(2, "name", True)]
    two = [HEADER, ("begin_group", "item_SCJG_03", "", ""), ("text", "a", "问？", ""), ("end_group", "", "", ""),
           ("begin_group", "item_SCJG_04", "", ""), ("text", "b", "问？", ""), ("end_group", "", "", "")]  # fmt: skip
    assert read(tmp_path, xlsx(two), target="SCJG-01").wrong
    assert list(read(tmp_path, xlsx(two), target="").items) == ["SCJG-03", "SCJG-04"]


@pytest.mark.parametrize(
    ("condition", "limits"),
    [
        (". >= 0 and . <= 8", ("0", "8")),
        (".<=8 and .>=0", ("0", "8")),
        ("(. >= -1.5)", ("-1.5", "")),
        ("(. >= 0) and (. <= 8)", ("0", "8")),
        (". > 0", None),
        (". >= 0 or . <= 8", None),
        (". >= 0 and . >= 1", None),
        ("regex(., '[0-9]+')", None),
    ],
)
def test_limits_are_read_from_conditions(condition: str, limits: tuple[str, str] | None) -> None:
    assert limits_of(condition) == limits


def test_a_list_is_looked_at_once_however_many_questions_ask_with_it() -> None:
    """Thousands of questions with thousands of choices would otherwise keep a server busy for an hour (T33)."""
    words = ("A1", "A2", "A3", "A1")
    lines = [Line(no, {"list_name": "l", "name": f"a{no}", "label": one}) for no, one in enumerate(words, 1)]
    remarks: list[Remark] = []
    lists = ChoiceLists(Table("choices", lines=lines), remarks)
    assert lists.options("l") is lists.options("l")
    assert lists.options("l") == words
    assert [one.row for one in remarks] == [4]
    assert not lists.is_yes_no("l")
    # the sheet is not looked at any more
    for line, word in zip(lines, ("是", "否", "不适用", "不适用"), strict=True):
        line.cells["label"] = word
    assert not lists.is_yes_no("l")
