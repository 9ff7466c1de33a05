"""Section 9: what a verification found, each thing named, with a code for programs and words for people."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sampling.errors import SamplingError
from sampling.finding_texts import FINDING_TEXTS


class Severity(StrEnum):
    """How grave a finding is."""

    INVALID = "invalid"
    DIFFERENCE = "difference"
    WITHHELD = "withheld"
    WARNING = "warning"
    OK = "ok"


_ORDER = list(Severity)
# in place of the draw's number, when the bundle cannot even tell that
UNKNOWN = "-"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found, in words in both languages."""

    code: str
    severity: Severity
    parameters: Mapping[str, str | int] = field(default_factory=dict)
    zh: str = ""
    en: str = ""

    def to_json(self) -> dict[str, object]:
        """Give the finding as plain values."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "parameters": dict(self.parameters),
            "zh": self.zh,
            "en": self.en,
        }


@dataclass(frozen=True, slots=True)
class Report:
    """All findings of one verification, the gravest first."""

    draw: str
    findings: tuple[Finding, ...]

    @classmethod
    def of(cls, draw: str, findings: Iterable[Finding]) -> "Report":
        """Sort findings by gravity, keeping the order in which they were made."""
        ordered = sorted(findings, key=lambda finding: _ORDER.index(finding.severity))
        return cls(draw=draw, findings=tuple(ordered))

    def of_severity(self, severity: Severity) -> tuple[Finding, ...]:
        """Give the findings of one severity."""
        return tuple(finding for finding in self.findings if finding.severity is severity)

    @property
    def exit_code(self) -> int:
        """Give 0 all equal, 1 a difference, 2 invalid input, 3 equal as far as shown or proven."""
        codes = {Severity.INVALID: 2, Severity.DIFFERENCE: 1, Severity.WITHHELD: 3}
        return next((code for severity, code in codes.items() if self.of_severity(severity)), 0)

    def to_json(self) -> str:
        """Give the report as JSON for programs."""
        content = {
            "draw": self.draw,
            "exit_code": self.exit_code,
            "findings": [finding.to_json() for finding in self.findings],
        }
        return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)

    def to_text(self) -> str:
        """Give the report for people: Chinese, then English, a line each."""
        lines = [f"[{item.severity.value}] {item.zh}\n    {item.en}" for item in self.findings]
        verdict = FINDING_TEXTS[f"verdict-{self.exit_code}"]
        draw = f"{self.draw}: " if self.draw != UNKNOWN else ""
        return "\n".join([f"{draw}{verdict[0]}\n    {verdict[1]}", *lines])


def finding(severity: Severity, code: str, /, **parameters: str | int) -> Finding:
    """Make a finding with the sentences of its code."""
    zh, en = FINDING_TEXTS[code]
    return Finding(
        code=code,
        severity=severity,
        parameters=parameters,
        zh=zh.format(**parameters),
        en=en.format(**parameters),
    )


def difference(code: str, /, **parameters: str | int) -> Finding:
    """Find a difference between what is shown and what was computed."""
    return finding(Severity.DIFFERENCE, code, **parameters)


def withheld(code: str, /, **parameters: str | int) -> Finding:
    """Find something that could not be recomputed or is not proven."""
    return finding(Severity.WITHHELD, code, **parameters)


def warning(code: str, /, **parameters: str | int) -> Finding:
    """Find something that is as the rules say and still deserves attention."""
    return finding(Severity.WARNING, code, **parameters)


def agreed(code: str, /, **parameters: str | int) -> Finding:
    """Find that something recomputed is equal."""
    return finding(Severity.OK, code, **parameters)


def from_error(severity: Severity, error: SamplingError) -> Finding:
    """Turn an error into a finding, with its words."""
    return Finding(code=error.code, severity=severity, parameters=error.parameters, zh=error.zh, en=error.en)
