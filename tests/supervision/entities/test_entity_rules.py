"""Credit codes, registration numbers, status changes, and names that look alike (GB 32100, R-1.07, G-CONF)."""

import csv
from datetime import date
from pathlib import Path

import pytest

from supervision.entities.names import name_keys, name_skeleton
from supervision.entities.rules import (
    STATUS_CHANGES,
    EntityFacts,
    EntityStatus,
    UsccProblem,
    check_facts,
    check_registration_number,
    check_status_change,
    check_uscc,
    normalize_code,
    unit_id,
)
from supervision.errors import Invalid, WrongState

EXAMPLES = Path("supervision/catalogues/uscc_examples.csv")


@pytest.mark.parametrize(
    "row", list(csv.DictReader(EXAMPLES.read_text(encoding="utf-8").splitlines())), ids=lambda row: row["code"]
)
def test_every_shipped_example_is_judged_as_it_says(row: dict[str, str]) -> None:
    assert (check_uscc(row["code"]).problem is None) == (row["arithmetic_valid"] == "1")


def test_a_pilot_code_fails_only_its_check_character_and_does_not_block() -> None:
    check = check_uscc("91350100M0001TGQXM")
    assert check.problem is UsccProblem.CHECK
    assert not check.blocks
    assert dict(check.parameters) == {"expected": "1", "found": "M"}
    assert "it would be 1" in str(check.refusal())


@pytest.mark.parametrize("letter", "IOSVZ")
def test_the_five_letters_that_never_occur_are_named(letter: str) -> None:
    check = check_uscc(f"9144030019220382{letter}6")
    assert check.problem is UsccProblem.LETTER
    assert check.blocks
    assert dict(check.parameters) == {"letters": letter}


@pytest.mark.parametrize("text", ["", "9", "914403001922038", "9144030019220382161"])
def test_a_wrong_length_is_counted(text: str) -> None:
    check = check_uscc(text)
    assert check.problem is UsccProblem.LENGTH
    assert dict(check.parameters) == {"length": len(text)}


@pytest.mark.parametrize(
    "text",
    [
        "９１４４０３００１９２２０３８２１６",
        " 914403001922038216 ",
        "91440300 1922 0382 16",
        "9144\u200b03001922038216",
    ],
)
def test_full_width_blanks_and_hidden_characters_are_put_right(text: str) -> None:
    assert check_uscc(text).code == "914403001922038216"
    assert check_uscc(text).problem is None


def test_arabic_digits_are_no_digits_of_a_code() -> None:
    assert check_uscc("٩١٤٤٠٣٠٠١٩٢٢٠٣٨٢١٦").problem is UsccProblem.LETTER


def test_lower_case_is_a_way_of_typing() -> None:
    assert normalize_code("9144030071526726xg") == "9144030071526726XG"


def test_the_unit_id_is_the_code_else_the_registration_number() -> None:
    assert unit_id("914403001922038216", "310106600012345") == "914403001922038216"
    assert unit_id(None, "310106600012345") == "REG-310106600012345"
    with pytest.raises(ValueError, match="needs"):
        unit_id(None, None)


@pytest.mark.parametrize("text", ["1", "注册", "-123", "1" * 31, "12 ' 34"])
def test_a_registration_number_of_another_shape_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        check_registration_number(text)


def test_a_registration_number_is_written_properly() -> None:
    assert check_registration_number(" reg-３１０１０６6000") == "3101066000"


def test_every_status_can_be_left_and_none_follows_itself() -> None:
    assert set(STATUS_CHANGES) == set(EntityStatus)
    for before, after in STATUS_CHANGES.items():
        assert after
        assert before not in after


def test_a_change_of_status_keeps_the_order_of_time() -> None:
    days = {"last_since": date(2026, 1, 10), "today": date(2026, 3, 1)}
    active, closed = EntityStatus.ACTIVE, EntityStatus.CLOSED
    check_status_change(active, closed, since=date(2026, 1, 10), **days)
    with pytest.raises(Invalid):
        check_status_change(active, closed, since=date(2026, 1, 9), **days)
    with pytest.raises(Invalid):
        check_status_change(active, closed, since=date(2026, 3, 2), **days)
    with pytest.raises(WrongState):
        check_status_change(active, active, since=date(2026, 2, 1), **days)
    with pytest.raises(WrongState):
        check_status_change(EntityStatus.DEREGISTERED, closed, since=date(2026, 2, 1), **days)


def test_facts_of_a_wrong_shape_name_their_field() -> None:
    today = date(2026, 3, 1)
    check_facts(EntityFacts(name="上海商店", contact_phone="+86 21-6200 0000"), today=today)
    for facts, field in (
        (EntityFacts(name=""), "name"),
        (EntityFacts(name="上" * 201), "name"),
        (EntityFacts(name="上", address="路" * 301), "address"),
        (EntityFacts(name="上", contact_phone="abc"), "contact_phone"),
        (EntityFacts(name="上", registered_on=date(2026, 3, 2)), "registered_on"),
    ):
        with pytest.raises(Invalid) as refused:
            check_facts(facts, today=today)
        assert refused.value.field == field


LOOK_ALIKES = [
    ("上海静安(大宁)商店", "上海静安（大宁）商店"),
    ("上海静安(大宁)商店", "上海静安【大宁】商店"),
    ("上海静安(大宁)商店", "上海静安大宁商店"),
    ("上海ABC商店", "上海ＡＢＣ商店"),
    ("上海ABC商店", "上海abc商店"),
    ("上海ABC商店", "上海АВС商店"),
    ("上海ABE商店", "上海ΑΒΕ商店"),
    ("上海PAX商店", "上海РАХ商店"),
    ("上海商店", "上海\u200b商店"),
    ("上海商店", "上海\u202e商店"),
    ("上海商店", "\ufeff上海商店"),
    ("上海商店", "上海\ufe00商店"),
    ("上海商店", " 上海　商店 "),
    ("上海人民商店", "上海⼈民商店"),
    ("上海人民商店", "上海人⺠商店"),
    ("上海食品商店", "上海⻝品商店"),
    ("上海东方商店", "上海東方商店"),
    ("上海龙凤餐馆", "上海龍鳳餐館"),
    ("上海0号商店", "上海〇号商店"),
    ("上海0号商店", "上海○号商店"),
    ("上海0号商店", "上海O号商店"),
    ("上海0号商店", "上海о号商店"),
    ("上海1号商店", "上海l号商店"),
    ("上海1号商店", "上海I号商店"),
    ("上海1号商店", "上海①号商店"),
    ("上海阿·宝商店", "上海阿•宝商店"),
    ("上海阿·宝商店", "上海阿・宝商店"),
    ("上海A-B商店", "上海A—B商店"),
    ("上海㈱商店", "上海(株)商店"),
    ("上海金龟商店", "上海⾦龜商店"),
]


@pytest.mark.parametrize(("one", "other"), LOOK_ALIKES)
def test_names_that_look_alike_share_their_skeleton(one: str, other: str) -> None:
    assert one != other
    assert name_skeleton(one) == name_skeleton(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("上海大宁商店", "上海太宁商店"),
        ("上海1号商店", "上海2号商店"),
        ("上海东方商店", "上海东芳商店"),
        ("未来", "末来"),
    ],
)
def test_names_of_other_characters_do_not(one: str, other: str) -> None:
    assert name_skeleton(one) != name_skeleton(other)


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("重庆银行上海长宁支行", "cqyhshcnzh"),
        ("上海大厦音乐旅行社", "shdsyylxs"),
        ("厦门朝阳便利店", "xmcybld"),
        ("KFC餐厅（ＡＢ２号）", "kfcctab2h"),
        ("", ""),
        ("（）", ""),
    ],
)
def test_initials_read_characters_as_names_use_them(name: str, initials: str) -> None:
    assert name_keys(name)[1] == initials


def test_keys_fit_their_columns() -> None:
    sort_key, initials = name_keys("装" * 200)
    assert len(sort_key) == 255
    assert len(initials) == 64
    assert name_keys("上海长宁")[0] == "shang hai chang ning"
