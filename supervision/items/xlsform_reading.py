"""Forms of ODK and Kobo read into check points: what can be taken, and what cannot, by sheet, row and column."""

import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from supervision.errors import DomainError
from supervision.items.form_changes import check_form
from supervision.items.rules import AnswerKind, FormContent, PhraseContent, PointContent, check_point
from supervision.items.xlsform_choices import ChoiceLists
from supervision.items.xlsform_tables import Line, Remark, Table, read_tables
from supervision.items.xlsform_words import OWN_COLUMNS, clause_in, code_of, guidance_in, limits_of, slug
from supervision.labels import N_

SELECT = re.compile(r"select[_ ](?:one|1)\s+(\S+)(\s+or[_ ]other)?|select1\s+(\S+)", re.IGNORECASE)
MULTIPLE = re.compile(r"select[_ ]multiple\s+(\S+)", re.IGNORECASE)
OURS = re.compile(r"\((.*)\) or \$\{\w+_beyond\} = 'OK'")
BEGIN, END = ("begin_group", "begin group"), ("end_group", "end group")
NUMBERS = frozenset({"integer", "int", "decimal"})
TEXTS = frozenset({"text", "string"})
IMAGES = frozenset({"image", "photo", "picture"})
# what a program notes by itself; nobody is asked for it
METADATA = frozenset({
    "start", "end", "today", "deviceid", "username", "phonenumber", "email", "audit", "simserial", "subscriberid",
    "start-geopoint", "calculate", "hidden", "background-audio",
})  # fmt: skip
LONGEST = {
    "question_zh": 500, "question_en": 500, "guidance_zh": 1000, "guidance_en": 1000, "legal_clause": 300, "unit": 20,
}  # fmt: skip
# columns that say nothing about a check point, or what every check point has
PASSED_OVER = frozenset({
    "type", "name", "required", "appearance", "constraint", "relevant", "kuid", "$kuid", "$autoname", "$qpath",
    "$xpath", "$given_name", "", "label", "hint", "guidance_hint", "required_message::zh", "required_message::en",
    "required_message", "constraint_message", *(f"{one}::{words}" for one in ("label", "hint", "guidance_hint",
    "constraint_message") for words in ("zh", "en")),
}) | OWN_COLUMNS  # fmt: skip
CELLS = {"few-options": "type", "limits-crossed": "constraint", "question-twice": "label", "no-question": "label"}


@dataclass(slots=True)
class ReadItem:
    """What a file says of one item; ``results`` None where it says nothing of them."""

    points: list[PointContent] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    phrases: list[PhraseContent] | None = None
    results: tuple[str, ...] | None = None

    def form(self, before: FormContent) -> FormContent:
        """Return the form; wordings that the file does not speak of stay."""
        phrases = before.phrases if self.phrases is None else tuple(self.phrases)
        return FormContent(tuple(self.points), phrases)


@dataclass(slots=True)
class FormReading:
    """A whole file: items by code, and remarks."""

    items: dict[str, ReadItem] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def wrong(self) -> bool:
        """Whether something must be corrected before anything is taken."""
        return any(one.wrong for one in self.remarks)


def read_form_file(path: Path, filename: str, *, target: str = "") -> FormReading:
    """Read a form file; with ``target`` all its questions are for that item, else its groups name their items."""
    reading = FormReading()
    tables = read_tables(path, filename, reading.remarks)
    _Reader(reading, tables, target).read()
    return reading


class _Reader:
    """Goes through the survey row by row, knowing in which groups it stands."""

    def __init__(self, reading: FormReading, tables: dict[str, Table], target: str) -> None:
        self.reading, self.target = reading, target
        self.survey = tables["survey"]
        self.lists = ChoiceLists(tables.get("choices") or Table("choices"), reading.remarks)
        # open groups: (row, item's code or None)
        self.groups: list[tuple[int, str | None]] = []
        self.note = ("", "")
        self.own_columns = bool(OWN_COLUMNS & set(self.survey.columns))

    def read(self) -> None:
        """Read the survey and look at each item's form as a whole."""
        for line in self.survey.lines:
            if line.get("type") or line.get("name"):
                self._row(line)
        for number, _code in self.groups:
            self._say(number, "type", N_("This group is never closed. Add a row “end_group” where it ends."))
        if any(self.note):
            last = self.survey.lines[-1].number
            self._say(last, "type", N_("A note at the end belongs to no question. Put it before one, or take it out."))
        self._passed_columns()
        named = {code_of(line.get("name")) for line in self.survey.lines if line.get("type") in BEGIN} - {None}
        if self.target and len(named) > 1:
            text = N_("The form holds several items, so it cannot be taken as one. Choose “as the groups say”.")
            self._say(0, "name", text)
        for item in self.reading.items.values():
            self._check(item)

    def _say(self, row: int, column: str, message: str, *, wrong: bool = True, **parameters: object) -> None:
        self.reading.remarks.append(Remark("survey", row, column, message, wrong, parameters))

    def _refused(self, error: DomainError, row: int, column: str) -> None:
        self.reading.remarks.append(Remark("survey", row, column, error.message, parameters=error.parameters))

    def _row(self, line: Line) -> None:
        kind = line.get("type").strip()
        lowered = kind.lower()
        if lowered in BEGIN:
            self._begin(line)
        elif lowered in END:
            if self.groups:
                self.groups.pop()
            else:
                self._say(line.number, "type", N_("There is no open group to end here. Take the row out."))
        elif lowered in METADATA:
            text = N_("“%(type)s” is noted by a program, not asked of a person: it is left out.")
            self._say(line.number, "type", text, wrong=False, type=kind)
        else:
            self._question(line, kind)

    def _begin(self, line: Line) -> None:
        code = code_of(line.get("name"))
        above = next((one for _row, one in reversed(self.groups) if one), None)
        self.groups.append((line.number, code or above))
        expected = f"${{{slug(above)}_checked}} = 'yes'" if above else ""
        if line.get("relevant") and line.get("relevant") != expected:
            self._condition(line)

    def _condition(self, line: Line) -> None:
        text = N_("The condition is left out: check points are always asked, “not applicable” answers what is not.")
        self._say(line.number, "relevant", text, wrong=False)

    @property
    def _inside(self) -> str | None:
        return self.groups[-1][1] if self.groups else None

    def _question(self, line: Line, kind: str) -> None:
        code = self.target or self._inside
        if code is None:
            text = N_(
                "This question stands in no group named after an item (such as item_SCJG_03). Choose the item when you "
                "send the file, or put the question into such a group."
            )
            self._say(line.number, "name", text)
            return
        item = self.reading.items.setdefault(code, ReadItem())
        if not self._frame(line, kind, item):
            self._point(line, kind, item)

    def _frame(self, line: Line, kind: str, item: ReadItem) -> bool:
        """Take what our own forms have around the check points; say whether the row was such a part."""
        name, inside = line.get("name"), self._inside
        part = name.removeprefix(slug(inside) + "_") if inside else ""
        if part in ("basis", "checked", "why", "problem"):
            return True
        if part == "result" and (found := SELECT.fullmatch(kind)):
            item.results = tuple(one.name for one in self.lists.get(found[1] or found[3]))
            return True
        if part == "phrases" and (found := MULTIPLE.fullmatch(kind)):
            item.phrases = [PhraseContent(one.zh, one.en) for one in self.lists.get(found[1])]
            return True
        if item.names and kind == "acknowledge" and name == f"{item.names[-1]}_beyond":
            return True
        if item.names and kind.lower() in IMAGES and name == f"{item.names[-1]}_photo":
            item.points[-1] = replace(item.points[-1], photo=True)
            return True
        return False

    def _point(self, line: Line, kind: str, item: ReadItem) -> None:
        if kind.lower() == "note":
            self.note = (
                _joined(self.note[0], line.spoken("label", "zh")),
                _joined(self.note[1], line.spoken("label", "en")),
            )
            text = N_("The note becomes guidance of the check point below it.")
            self._say(line.number, "type", text, wrong=False)
            return
        answer = self._answer(line, kind)
        if answer is None:
            return
        point = self._worded(line, *answer)
        self._lengths(line, point)
        item.points.append(point)
        item.lines.append(line.number)
        item.names.append(line.get("name"))
        if line.get("relevant"):
            self._condition(line)

    def _answer(self, line: Line, kind: str) -> tuple[AnswerKind, tuple[str, ...]] | None:
        lowered = kind.lower()
        if lowered in NUMBERS:
            if lowered.startswith("int"):
                self._say(line.number, "type", N_("Decimal numbers can be entered here too."), wrong=False)
            return AnswerKind.NUMBER, ()
        if lowered in TEXTS:
            return AnswerKind.TEXT, ()
        if lowered in IMAGES:
            return AnswerKind.PHOTO, ()
        if found := SELECT.fullmatch(kind):
            return self._select(line, found[1] or found[3], other=bool(found[2]))
        text = N_(
            "Questions of the type “%(type)s” have no place among check points. Ask with select_one, integer, decimal, "
            "text or image, or take the row out."
        )
        self._say(line.number, "type", text, type=kind or "—")
        return None

    def _select(self, line: Line, name: str, *, other: bool) -> tuple[AnswerKind, tuple[str, ...]] | None:
        if other:
            self._say(line.number, "type", N_("“or_other” is not known here. Add a choice 其他 to the list instead."))
        if name not in self.lists:
            text = N_("The list “%(list)s” is not on the sheet “choices”. Add it there, or correct its name.")
            self._say(line.number, "type", text, list=name)
            return None
        if self.lists.is_yes_no(name):
            if not self.lists.has_not_applicable(name):
                text = N_("“Not applicable” is offered besides yes and no.")
                self._say(line.number, "type", text, wrong=False)
            return AnswerKind.YES_NO, ()
        return AnswerKind.CHOICE, self.lists.options(name)

    def _worded(self, line: Line, kind: AnswerKind, options: tuple[str, ...]) -> PointContent:
        low, high = self._limits(line, kind)
        zh, en = line.spoken("label", "zh"), line.spoken("label", "en")
        point = PointContent(
            question_zh=zh, question_en=en if en != zh else "", kind=kind, options=options,
            unit=line.get("unit"), minimum=low, maximum=high, legal_clause=line.get("legal_clause"),
            guidance_zh="", guidance_en="", veto=line.get("veto").lower() in ("yes", "true", "1", "是"),
        )  # fmt: skip
        said = {
            words: _joined(line.spoken("hint", words), line.spoken("guidance_hint", words)) for words in ("zh", "en")
        }
        if self.own_columns:
            said = {words: guidance_in(text, point, words) for words, text in said.items()}
            # where there was no English guidance, English readers were given the Chinese hint
            said["en"] = "" if line.spoken("hint", "en") == line.spoken("hint", "zh") else said["en"]
        else:
            said["zh"], clause = clause_in(said["zh"])
            point = replace(point, legal_clause=clause)
        note, self.note = self.note, ("", "")
        return replace(point, guidance_zh=_joined(note[0], said["zh"]), guidance_en=_joined(note[1], said["en"]))

    def _limits(self, line: Line, kind: AnswerKind) -> tuple[str, str]:
        condition = line.get("constraint")
        if not condition:
            return "", ""
        ours = OURS.fullmatch(condition)
        bounds = limits_of(ours[1] if ours else condition) if kind is AnswerKind.NUMBER else None
        if bounds is None:
            text = N_(
                "This condition is left out: limits are read from conditions such as “. >= 0 and . <= 8” of numbers."
            )
            self._say(line.number, "constraint", text, wrong=False)
        return bounds or ("", "")

    def _lengths(self, line: Line, point: PointContent) -> None:
        for name, most in LONGEST.items():
            if (length := len(getattr(point, name))) > most:
                text = N_("Too long: %(length)s characters, at most %(most)s.")
                column = "hint" if name.startswith("guidance") else "label" if name.startswith("question") else name
                self._say(line.number, column, text, length=length, most=most)

    def _passed_columns(self) -> None:
        """Name every other column that says something, once."""
        for column in dict.fromkeys(self.survey.columns):
            if column in PASSED_OVER:
                continue
            rows = [line.number for line in self.survey.lines if line.get(column)]
            if rows:
                text = N_("What stands in this column is left out (%(count)s rows): check points have nothing like it.")
                self._say(rows[0], column, text, wrong=False, count=len(rows))

    def _check(self, item: ReadItem) -> None:
        """Let the rules of the list look at the form; what they refuse is told at its row."""
        faults = len(self.reading.remarks)
        for number, (point, row) in enumerate(zip(item.points, item.lines, strict=True), 1):
            try:
                check_point(point, number=number)
            except DomainError as error:
                self._refused(error, row, CELLS.get(error.code, "constraint"))
        if len(self.reading.remarks) > faults:
            return
        try:
            check_form(item.form(FormContent()))
        except DomainError as error:
            place = error.parameters.get("number")
            row = item.lines[place - 1] if isinstance(place, int) else 0
            self._refused(error, row, CELLS.get(error.code, ""))


def _joined(first: str, second: str) -> str:
    return "\n".join(filter(None, (first, second)))
