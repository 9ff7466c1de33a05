"""What `ticket` says of a unit in words: why it was left out, and what became of it after the draw."""

import csv

import pytest

from sampling import unit_texts
from sampling.__main__ import main
from sampling.replacement import strike_unit
from supervision.config import PROJECT
from tests.sampling.log_making import drawn_files, events_of, logged
from tests.sampling.test_replacements import leaf_of, opened


def written(files, folder):
    folder.mkdir(exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return str(folder)


def told(bundle, unit, capsys):
    assert main(["ticket", "--bundle", bundle, unit]) == 0
    return capsys.readouterr().out


def test_strikes_after_the_draw_and_who_followed_are_told_in_both_languages(tmp_path, capsys):
    files = drawn_files()
    bundle, record = opened(files)
    kept, *_ = record.selected[1:]
    history = []
    for _ in range(9):  # until the reserve list of the stratum has ended
        unit = record.selected[0].unit if not history else history[-1].successor
        if unit is None:
            break
        history += strike_unit(bundle, record, history, unit=unit, ground="closed")[:1]
    folder = written(logged(files, events_of(files)[:4] + [leaf_of(one) for one in history]), tmp_path / "bundle")
    first, last = history[0], history[-1]
    struck = told(folder, first.out, capsys)
    assert f"因“已歇业或正在清算（closed）”核销，由候补名单上的 {first.successor} 替补" in struck
    assert f"struck after the draw (closed or in liquidation; closed); {first.successor} of the reserve list" in struck
    assert last.successor is None
    alone = told(folder, last.out, capsys)
    assert "候补名单已用完" in alone
    assert "nobody followed" in alone
    assert "后来" not in told(folder, kept.unit, capsys)


def test_a_unit_called_from_the_reserve_list_is_told_why(tmp_path, capsys):
    files = drawn_files()
    bundle, record = opened(files)
    (strike, *_) = strike_unit(bundle, record, [], unit=record.selected[0].unit, ground="other-ground")
    folder = written(logged(files, [*events_of(files)[:4], leaf_of(strike)]), tmp_path / "bundle")
    called = told(folder, strike.successor, capsys)
    assert f"{strike.out} 因“other-ground”核销，本对象由候补转为检查对象" in called
    assert f"called from the reserve list when {strike.out} was struck (other-ground)" in called


def test_a_bundle_without_a_log_says_that_it_does_not_know_what_came_later(tmp_path, capsys):
    files = drawn_files()
    said = told(written(files, tmp_path / "bundle"), opened(files)[1].selected[0].unit, capsys)
    assert "没有 log.json" in said
    assert "does not say who was struck later" in said
    assert "没有 log.json" not in told(written(logged(files), tmp_path / "bundle"), "U1", capsys)


def test_reasons_are_said_in_words_with_their_code(tmp_path, capsys):
    said = told(written(drawn_files(), tmp_path / "bundle"), "X2", capsys)
    assert "未列入抽取，原因：本年度已接受同一事项检查（same-item-this-year）" in said
    assert "excluded, reason: same item already inspected this year; same-item-this-year" in said


@pytest.mark.parametrize("name", ["exclusion_reasons", "strike_grounds"])
def test_the_words_are_those_of_the_district_s_lists(name):
    with (PROJECT / "supervision" / "catalogues" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        rows = {row["code"]: (row["name_zh"], row["name_en"]) for row in csv.DictReader(stream)}
    said = {code: unit_texts.REASON_TEXTS[code] for code in rows}
    assert {code: (zh, en.lower()) for code, (zh, en) in rows.items()} == said


def test_the_engine_and_the_pages_have_one_word_for_one_idea():
    texts = [*(PROJECT / "sampling").rglob("*.py"), *(PROJECT / "docs").glob("sampling-method.md")]
    texts += (PROJECT / "supervision" / "static" / "verify").glob("*.js")
    texts += [path for floor in ("supervision", "reports") for path in (PROJECT / floor / "translations").rglob("*.po")]
    for path in texts:
        for other in ("抽查包", "公开其秘密", "秘密数字", "各方秘密"):
            assert other not in path.read_text("utf-8"), f"{path.name}: {other}"
