"""Items as forms of ODK and Kobo: the rows of survey, choices and settings, and the workbook that holds them."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import xlsxwriter

from supervision import clock
from supervision.departments.models import Department
from supervision.items.models import Item, ResultCode
from supervision.items.queries import form_content
from supervision.items.rules import AnswerKind, FormContent, PointContent, option_name
from supervision.items.xlsform_words import (
    CHECKED,
    CHECKED_LIST,
    CHOICE_COLUMNS,
    EN,
    SETTING_COLUMNS,
    SURVEY_COLUMNS,
    YES_NO,
    YES_NO_LIST,
    ZH,
    hint,
    limit_words,
    slug,
)

Row = dict[str, str]
TYPES = {AnswerKind.NUMBER: "decimal", AnswerKind.TEXT: "text", AnswerKind.PHOTO: "image"}
BEYOND = ("实测值超出范围，按问题如实记录", "The value is beyond the limits; it is recorded as a problem")
BEYOND_MESSAGE = (
    "{limits}。实测值确实超出时，请确认下方“超出范围”一项后再继续。",
    "{limits}. If the measured value really is beyond, confirm the question below and go on.",
)


@dataclass(slots=True)
class Sheets:
    """The three sheets of a form."""

    survey: list[Row] = field(default_factory=list)
    choices: list[Row] = field(default_factory=list)
    settings: list[Row] = field(default_factory=list)

    def ask(self, type_: str, name: str = "", zh: str = "", en: str = "", **values: str) -> None:
        """Add a row of the survey; English readers see the Chinese where there is no English."""
        row = {"type": type_, "name": name, f"label::{ZH}": zh, f"label::{EN}": en or zh}
        self.survey.append({**row, **{key.replace("__", "::"): value for key, value in values.items()}})

    def offer(self, list_name: str, choices: Iterable[tuple[str, str, str]]) -> None:
        """Add a list of choices."""
        for name, zh, en in choices:
            row = {"list_name": list_name, "name": name, f"label::{ZH}": zh, f"label::{EN}": en or zh}
            self.choices.append(row)


def form_sheets(
    items: Sequence[Item], *, title: str, form_id: str, version: str, results: Mapping[str, ResultCode], grouped: bool
) -> Sheets:
    """Return items as one form; ``grouped`` puts those of each department into a group of its own."""
    sheets = Sheets()
    sheets.offer(YES_NO_LIST, YES_NO)
    sheets.offer(CHECKED_LIST, CHECKED)
    for department, own in _by_department(items):
        if grouped:
            name = f"department_{department.code}"
            sheets.ask("begin_group", name, department.name_zh, department.name_en)
        for item in own:
            _write_item(sheets, item, [results[code] for code in item.allowed_results if code in results])
        if grouped:
            sheets.ask("end_group")
    settings = {"form_title": title, "form_id": form_id, "version": version, "default_language": ZH}
    sheets.settings.append(settings)
    return sheets


def _by_department(items: Sequence[Item]) -> list[tuple[Department, list[Item]]]:
    found: dict[int, tuple[Department, list[Item]]] = {}
    for item in items:
        found.setdefault(item.department_id, (item.department, []))[1].append(item)
    return list(found.values())


def _write_item(sheets: Sheets, item: Item, results: Sequence[ResultCode]) -> None:
    name, content = slug(item.code), form_content(item)
    sheets.ask("begin_group", f"item_{name}", f"{item.code} {item.name_zh}", f"{item.code} {item.name_en}".strip())
    if item.legal_basis:
        sheets.ask("note", f"{name}_basis", f"检查依据：{item.legal_basis}", f"Legal basis: {item.legal_basis}")
    sheets.ask(
        f"select_one {CHECKED_LIST}", f"{name}_checked", "本事项是否检查", "Was this item checked?",
        required="yes", appearance="columns",
    )  # fmt: skip
    sheets.ask(
        "text", f"{name}_why", "未检查的原因", "Why it was not checked",
        required="yes", relevant=f"${{{name}_checked}} = 'no'",
    )  # fmt: skip
    sheets.ask(
        "begin_group", f"{name}_points", "检查要点", "Check points",
        relevant=f"${{{name}_checked}} = 'yes'", appearance="field-list",
    )  # fmt: skip
    for no, point in enumerate(content.points, 1):
        _write_point(sheets, point, f"{name}_p{no}")
    sheets.ask("end_group")
    _write_result(sheets, name, content, results)
    sheets.ask("end_group")


def _write_point(sheets: Sheets, point: PointContent, name: str) -> None:
    hints = {f"hint__{ZH}": hint(point, "zh"), f"hint__{EN}": hint(point, "en") or hint(point, "zh")}
    own = {"legal_clause": point.legal_clause, "unit": point.unit, "veto": "yes" if point.veto else ""}
    # a measurement may not apply; everything else has an answer for that, or can be answered in words
    required = "" if point.kind is AnswerKind.NUMBER else "yes"
    type_, look = _type_of(sheets, point, name)
    sheets.ask(
        type_, name, point.question_zh, point.question_en,
        **hints, **_limits(point, name), required=required, appearance=look, **own,
    )  # fmt: skip
    if point.minimum or point.maximum:
        sheets.ask("acknowledge", f"{name}_beyond", *BEYOND, relevant=_beyond(point, name))
    if point.photo:
        sheets.ask("image", f"{name}_photo", "现场照片", "Photo", **_when_photographed(point, name))


def _type_of(sheets: Sheets, point: PointContent, name: str) -> tuple[str, str]:
    if point.kind is AnswerKind.YES_NO:
        return f"select_one {YES_NO_LIST}", "columns"
    if point.kind is AnswerKind.CHOICE:
        pairs = ((option_name(one, "zh").strip(), option_name(one, "en").strip()) for one in point.options)
        sheets.offer(name, ((str(number), zh, en) for number, (zh, en) in enumerate(pairs, 1)))
        return f"select_one {name}", ""
    return TYPES[point.kind], "multiline" if point.kind is AnswerKind.TEXT else ""


def _when_photographed(point: PointContent, name: str) -> dict[str, str]:
    if point.kind is AnswerKind.YES_NO:
        return {"required": "yes", "relevant": f"${{{name}}} != 'na'"}
    if point.kind is AnswerKind.NUMBER:
        return {"required": "yes", "relevant": f"${{{name}}} != ''"}
    return {"required": "yes"}


def _limits(point: PointContent, name: str) -> dict[str, str]:
    """A measurement beyond the limits is a finding, not a slip: it can be entered, but has to be confirmed."""
    bounds = [f". >= {point.minimum}" if point.minimum else "", f". <= {point.maximum}" if point.maximum else ""]
    within = " and ".join(filter(None, bounds))
    if not within:
        return {}
    words = [
        text.format(limits=limit_words(point, one)) for text, one in zip(BEYOND_MESSAGE, ("zh", "en"), strict=True)
    ]
    return {
        "constraint": f"({within}) or ${{{name}_beyond}} = 'OK'",
        f"constraint_message__{ZH}": words[0],
        f"constraint_message__{EN}": words[1],
    }


def _beyond(point: PointContent, name: str) -> str:
    low = f"${{{name}}} < {point.minimum}" if point.minimum else ""
    high = f"${{{name}}} > {point.maximum}" if point.maximum else ""
    return f"${{{name}}} != '' and ({' or '.join(filter(None, (low, high)))})"


def _write_result(sheets: Sheets, name: str, content: FormContent, results: Sequence[ResultCode]) -> None:
    sheets.offer(
        f"results_{name}", ((one.code, f"{one.code} {one.name_zh}", f"{one.code} {one.name_en}") for one in results)
    )
    sheets.ask(
        f"select_one results_{name}", f"{name}_result", "检查结果", "Result of this item",
        required=f"${{{name}_checked}} = 'yes'", appearance="minimal",
    )  # fmt: skip
    problems = [f"${{{name}_result}} = '{one.code}'" for one in results if one.is_problem]
    relevant = {"relevant": " or ".join(problems)} if problems else {}
    if content.phrases:
        sheets.offer(
            f"phrases_{name}", ((str(no), one.text_zh, one.text_en) for no, one in enumerate(content.phrases, 1))
        )
        sheets.ask(
            f"select_multiple phrases_{name}", f"{name}_phrases", "常用问题表述", "Standard wordings", **relevant
        )
    sheets.ask("text", f"{name}_problem", "发现的问题", "Problem found", appearance="multiline", **relevant)


def workbook(sheets: Sheets) -> bytes:
    """Return the form as an XLSX file; texts stay texts, whatever sign they begin with."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": clock.now()})
    bold = book.add_format({"bold": True})
    for name, columns, rows in _tables(sheets):
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(columns) - 1, 22)
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column, bold)
        for number, row in enumerate(rows, 1):
            for place, column in enumerate(columns):
                if row.get(column):
                    sheet.write_string(number, place, row[column])
    book.close()
    return stream.getvalue()


def _tables(sheets: Sheets) -> Iterator[tuple[str, tuple[str, ...], list[Row]]]:
    yield "survey", SURVEY_COLUMNS, sheets.survey
    yield "choices", CHOICE_COLUMNS, sheets.choices
    yield "settings", SETTING_COLUMNS, sheets.settings
