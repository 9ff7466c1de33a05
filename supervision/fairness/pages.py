"""A fairness certificate on a page: its sentences, the table of inspectors and the charts."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from sampling.fairness_chances import DepartmentChances, FairnessReport
from sampling.fairness_words import Sentence, Wording, percent, statements, warnings
from supervision.draws.models import Draw
from supervision.draws.pages import strata_of
from supervision.draws.queries.names import departments_by_code
from supervision.fairness.models import FairnessCertificate
from supervision.web.languages import language, name_of

Chart = dict[str, object]


@dataclass(frozen=True, slots=True)
class InspectorRow:
    """An inspector of the roster, by number."""

    inspector: str
    chance: str
    visits: str
    apart: bool


@dataclass(frozen=True, slots=True)
class DepartmentPart:
    """The table and chart of one department."""

    code: str
    name: str
    ideal: str
    rows: list[InspectorRow]
    chart: Chart


def certificate_values(session: Session, draw: Draw, certificate: FairnessCertificate) -> dict[str, object]:
    """Return what page and panel show of a certificate."""
    found = FairnessReport.from_json(certificate.content)
    wording = Wording(_names(session, draw, found))
    return {
        "certificate": certificate,
        "fewer": found.runs < found.asked,
        "statements": [_told(one) for one in statements(found, wording)],
        "warnings": [_told(one) for one in warnings(found, wording)],
        "departments": [_part(one, wording) for one in found.departments if one.agents],
    }


def _told(sentence: Sentence) -> str:
    return sentence.zh if language() == "zh" else sentence.en


def _names(session: Session, draw: Draw, found: FairnessReport) -> dict[str, tuple[str, str]]:
    """Return the names of strata and departments in this request's language, for whichever is asked."""
    shown = {code: row.name for code, row in zip(sorted(draw.strata), strata_of(session, draw), strict=True)}
    codes = [one.department for one in found.departments]
    shown |= {code: name_of(one) for code, one in departments_by_code(session, codes).items()}
    return {code: (name, name) for code, name in shown.items()}


def _part(one: DepartmentChances, wording: Wording) -> DepartmentPart:
    name = wording.names.get(one.department, (one.department,))[0]
    rows = [
        InspectorRow(row.inspector, percent(row.chance_bp), f"{row.visits / 100:.2f}", row.apart)
        for row in one.inspectors
    ]
    series: list[dict[str, object]] = [
        {"type": "bar", "name": _("Expected visits"), "data": [row.visits / 100 for row in one.inspectors]},
        {
            "type": "line",
            "name": _("Equal chances"),
            "data": [one.ideal_visits / 100] * len(rows),
            "symbol": "none",
        },
    ]
    labels = [row.inspector.removeprefix(f"{one.department}-") for row in rows]
    chart: Chart = {
        "xAxis": {"type": "category", "data": labels},
        "yAxis": {"type": "value", "min": 0},
        "series": series,
    }
    return DepartmentPart(one.department, name, f"{one.ideal_visits / 100:.2f}", rows, chart)
