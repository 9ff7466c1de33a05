"""The lists of choices of a form file."""

from collections.abc import Sequence
from dataclasses import dataclass

from supervision.items.xlsform_tables import Line, Remark, Table
from supervision.labels import N_

YES_NO_NAMES = ({"yes", "no"}, {"yes", "no", "na"}, {"yes", "no", "n/a"}, {"yes", "no", "not_applicable"})
YES_NO_LABELS = ({"是", "否"}, {"是", "否", "不适用"})
LONGEST_CHOICE = 200


@dataclass(frozen=True, slots=True)
class ReadChoice:
    """One choice."""

    name: str
    zh: str
    en: str


class ChoiceLists:
    """Lists by name; a list is looked at when a question first asks with it."""

    def __init__(self, table: Table, remarks: list[Remark]) -> None:
        self.remarks = remarks
        self.lines: dict[str, list[Line]] = {}
        self.read: dict[str, list[ReadChoice]] = {}
        # each list is looked at once: thousands of questions may ask with one of thousands of choices
        self.worded: dict[str, tuple[str, ...]] = {}
        self.yes_no: dict[str, bool] = {}
        for line in table.lines:
            if name := line.get("list_name"):
                self.lines.setdefault(name, []).append(line)

    def __contains__(self, name: str) -> bool:
        return name in self.lines

    def get(self, name: str) -> Sequence[ReadChoice]:
        """Return the choices of a list, each with its Chinese wording."""
        if name not in self.read:
            self.read[name] = [self._choice(line) for line in self.lines.get(name, [])]
        return self.read[name]

    def _choice(self, line: Line) -> ReadChoice:
        zh, en = line.spoken("label", "zh"), line.spoken("label", "en")
        if not zh:
            text = N_("The choice has no Chinese label. Write it in the column “label::Chinese (zh)”.")
            self.remarks.append(Remark("choices", line.number, "label", text))
        if "|" in zh + en or len(zh + en) > LONGEST_CHOICE:
            text = N_("A choice has at most %(most)s characters and no “|”. Word it otherwise.")
            self.remarks.append(Remark("choices", line.number, "label", text, parameters={"most": LONGEST_CHOICE}))
        return ReadChoice(line.get("name"), zh, en if en != zh else "")

    def options(self, name: str) -> tuple[str, ...]:
        """Return a list as choices of a check point, written 中文|English."""
        if name not in self.worded:
            choices = self.get(name)
            self.worded[name] = tuple(f"{one.zh}|{one.en}" if one.en else one.zh for one in choices)
            self._say_twice(name, [one.zh for one in choices])
        return self.worded[name]

    def _say_twice(self, name: str, words: Sequence[str]) -> None:
        seen: set[str] = set()
        for line, zh in zip(self.lines[name], words, strict=True):
            if zh and zh in seen:
                text = N_("Another choice of this list reads the same. Word one of them differently.")
                self.remarks.append(Remark("choices", line.number, "label", text))
            seen.add(zh)

    def is_yes_no(self, name: str) -> bool:
        """Say whether a list asks for yes or no."""
        if name not in self.yes_no:
            names = {line.get("name").lower() for line in self.lines[name]}
            labels = {line.spoken("label", "zh") for line in self.lines[name]}
            self.yes_no[name] = names in YES_NO_NAMES or labels in YES_NO_LABELS
        return self.yes_no[name]

    def has_not_applicable(self, name: str) -> bool:
        """Say whether a list of yes and no has a third choice."""
        return len(self.lines[name]) > 2
