"""What the pages of changes after a draw show: cautions, choices of the forms, the last look before a step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from supervision.beacons.queries import find_rule
from supervision.departments.models import Department
from supervision.draws import queries, services
from supervision.draws.class_changes import has_set_aside, read_set_aside
from supervision.draws.forms import ReplaceForm, StrikeForm
from supervision.draws.late_changes import TAGS, has_late_changes, read_late_changes
from supervision.draws.models import Draw, DrawProposal
from supervision.draws.pages import party_name
from supervision.draws.queries import Caution, Replaceable, Strikable
from supervision.draws.queries.names import departments_by_code, entity_names, reason_names
from supervision.draws.rules import RECORDED_GROUNDS, STATUS_GROUNDS, LogEvent, ProposalKind, ProposalState, body_of
from supervision.entities.rules import EntityStatus
from supervision.inspectors.models import Inspector
from supervision.parameters.queries import list_reasons
from supervision.permissions import Actor, Permission
from supervision.plans.rules import TeamMode
from supervision.web import database
from supervision.web.forms import choices, text
from supervision.web.languages import name_of
from supervision.web.templating import show_day, show_moment

UNIT_LIMIT = 3


@dataclass(frozen=True, slots=True)
class Person:
    """An inspector as the list shows them: what the register says, and where they would go."""

    inspector: Inspector
    cautions: tuple[str, ...]
    teams: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One line of the history after the draw."""

    event: LogEvent
    what: str
    ground: str
    by: str
    at: str


def people_of(draw: Draw, found: Sequence[Replaceable]) -> list[Person]:
    """Return inspectors with their cautions in words and the teams that may be named."""
    grounds = reason_names(database.session(), services.REPLACEMENT_GROUNDS)
    return [
        Person(
            inspector=one.inspector,
            cautions=tuple(
                _in_words(caution, name_of(grounds[caution.ground]) if caution.ground in grounds else caution.ground)
                for caution in one.cautions
            ),
            teams=tuple(team_label(draw, team, units) for team, units in sorted(one.shown.items())),
        )
        for one in found
    ]


def _in_words(caution: Caution, ground: str) -> str:
    counted = ngettext("%(num)s visit", "%(num)s visits", caution.visits)
    return str(_("%(ground)s: %(visits)s of this draw", ground=ground, visits=counted))


def team_label(draw: Draw, team: str, units: Sequence[str]) -> str:
    """Name a team by where it goes; a team of one visit bears its unit's code, which says no more."""
    names = "、".join(units[:UNIT_LIMIT]) + ("…" if len(units) > UNIT_LIMIT else "")
    return f"{team}: {names}" if draw.task.plan_version.team_mode is TeamMode.GROUP else names


def fill_replace_form(session: Session, draw: Draw, form: ReplaceForm, one: Replaceable) -> None:
    """Offer every ground, and the teams that this head may know of."""
    form.ground.choices = choices(
        [(row.code, name_of(row)) for row in list_reasons(session, services.REPLACEMENT_GROUNDS)]
    )
    shown = [(team, team_label(draw, team, units)) for team, units in sorted(one.shown.items())]
    form.team.choices = choices(shown, empty=_("Every team the ground on record concerns"))
    if not form.is_submitted() and one.cautions:
        form.ground.data = one.cautions[0].ground


def fill_strike_form(session: Session, form: StrikeForm, one: Strikable) -> None:
    """Offer the grounds of R-1.15, the one the register shows first."""
    form.ground.choices = choices([(row.code, name_of(row)) for row in list_reasons(session, services.STRIKE_GROUNDS)])
    if not form.is_submitted() and one.ground:
        form.ground.data = one.ground


def units_of(session: Session, found: Sequence[Strikable]) -> list[tuple[Strikable, str]]:
    """Return units with the ground that the register shows, in words."""
    grounds = reason_names(session, services.STRIKE_GROUNDS)
    return [(one, name_of(grounds[one.ground]) if one.ground in grounds else "") for one in found]


def replace_review(form: ReplaceForm, one: Replaceable, teams: Sequence[str]) -> dict[str, object]:
    """Return what the head reads before the inspector leaves the teams."""
    ground = text(form.ground)
    rests_on = _("the register of inspectors") if ground in RECORDED_GROUNDS else text(form.evidence)
    places = ngettext("%(num)s team", "%(num)s teams", len(teams))
    return {
        "heading": _("Replace %(name)s?", name=one.inspector.name),
        "facts": [(_("Ground"), _chosen(form.ground)), (_("Rests on"), rests_on), (_("To be left"), places)],
        "consequences": [
            _("The machine names who comes instead: the next in the random order fixed before the draw. Nobody picks."),
            _("The inspector leaves the team for all its visits still to come and cannot return to this draw."),
            _("It is logged at once and published when the draw is opened. It cannot be undone."),
        ],
        "button": _("Replace the inspector"),
    }


def strike_review(form: StrikeForm, one: Strikable, *, at_once: bool) -> dict[str, object]:
    """Return what is read before an enterprise is struck or its strike proposed."""
    consequences = [
        _("It is logged at once and published with its ground when the draw is opened. It cannot be undone."),
        _("The next of its reserve list, in the order the draw has fixed, takes its place; nobody chooses it."),
    ]
    if not at_once and text(form.ground) in STATUS_GROUNDS:
        consequences.insert(0, _("Your own body recorded this status: nothing happens until another body agrees."))
    elif not at_once:
        consequences.insert(0, _("This ground rests on a document: nothing happens until another body agrees."))
    facts = [
        (_("Enterprise"), f"{one.entity.name} ({one.entity.unit_id})"),
        (_("Ground"), _chosen(form.ground)),
        (_("Document that proves it"), text(form.evidence)),
    ]
    if form.evidence_on.data:
        facts.append((_("Day of the document"), show_day(form.evidence_on.data)))
    question = _("Strike %(name)s from the drawn list?") if at_once else _("Propose to strike %(name)s?")
    return {
        "heading": question % {"name": one.entity.name},
        "facts": facts,
        "consequences": consequences,
        "button": _("Strike the enterprise") if at_once else _("Propose"),
    }


def _chosen(field: object) -> str:
    """Return the label of the chosen radio button."""
    return next(str(label) for value, label, *_rest in field.iter_choices() if value == field.data)  # type: ignore[attr-defined]  # any choice field


def proposal_values(session: Session, proposal: DrawProposal, viewer: Actor) -> dict[str, object]:
    """Return what those read who decide a proposal."""
    ends, anew = proposal.kind is ProposalKind.ABANDON, proposal.kind is ProposalKind.REDRAW
    reasons = reason_names(session, "abandon_reasons" if ends else services.STRIKE_GROUNDS)
    same_body = proposal.proposed_department == body_of(viewer) or proposal.proposed_by == viewer.user_id
    own_record = (
        proposal.reason_code in STATUS_GROUNDS
        and proposal.entity is not None
        and services.recorded_by_body(session, proposal.draw, proposal.entity, viewer)
    )
    codes = [proposal.proposed_department, proposal.decided_department]
    departments = departments_by_code(session, codes)
    return {
        "proposal": proposal,
        "abandoning": ends,
        "anew": anew,
        "rule": find_rule(session, services.find_redraw_rule(session, proposal.draw)) if anew else None,
        "reason": reasons.get(proposal.reason_code),
        "proposer": party_name(proposal.proposed_department, departments),
        "decider": party_name(proposal.decided_department, departments) if proposal.decided_department else "",
        "open": proposal.state is ProposalState.OPEN,
        "may_agree": proposal.state is ProposalState.OPEN and not (same_body or own_record),
        "same_body": same_body,
        "on_status": proposal.reason_code in STATUS_GROUNDS,
    }


def history_of(session: Session, draw: Draw) -> list[ChangeRow]:
    """Return the changes after the draw in words; names only once it is opened."""
    changes = queries.list_changes(session, draw)
    departments = departments_by_code(session, [change.by for change in changes])
    names = queries.names_in(session, draw, changes)
    return [
        ChangeRow(
            event=change.event,
            what=_what(change, names),
            ground=name_of(change.ground) if change.ground else change.code,
            by=decider(change.by, departments),
            at=show_moment(change.at),
        )
        for change in changes
    ]


def _what(change: queries.Change, names: dict[str, str]) -> str:
    if not change.out:
        return ""
    after = names.get(change.successor or "", change.successor) or _("nobody")
    return f"{names.get(change.out, change.out)} → {after}"


def decider(by: str, departments: Mapping[str, Department]) -> str:
    """Say in which capacity somebody decided a change."""
    if not by:
        return "—"
    if by in departments:
        return str(_("Head of department, %(name)s", name=name_of(departments[by])))
    return party_name(by, {})


def unable_in(session: Session, draw: Draw, viewer: Actor) -> list[Person]:
    """Return the inspectors who can no longer come, for the head who has them replaced."""
    if not services.decides(draw, viewer):
        return []
    return people_of(draw, [one for one in queries.list_replaceable(session, viewer, draw) if one.cautions])


def class_rows(session: Session, draw: Draw) -> tuple[list[object], list[list[object]]]:
    """Return head and rows of the file about what changed too late to count, or was suspended that late."""
    yes, no = _("yes"), _("no")
    found = [
        (one.unit, _("Risk class"), one.counts.value, one.since.value, no, one.recorded_at)
        for one in read_set_aside(session, draw)
    ]
    for one in read_late_changes(session, draw):
        tagged = one.what == TAGS
        matter = _("Tags") if tagged else _("Status")
        before, since = (value if tagged else _(EntityStatus(value).label) for value in (one.before, one.since))
        found.append((one.unit, matter, before, since, no if tagged else yes, one.recorded_at))
    names = entity_names(session, [row[0] for row in found])
    header = [
        *(_("Credit code"), _("Enterprise"), _("Kind of change"), _("Before"), _("Set since")),
        *(_("The change counts in this draw"), _("Recorded at")),
    ]
    return list(header), [[row[0], names.get(row[0], ""), *row[1:5], show_moment(row[5])] for row in found]


def change_values(session: Session, draw: Draw, viewer: Actor) -> dict[str, object]:
    """Return what the page of a draw shows of changes: history, what may be done, proposals."""
    decides = services.decides(draw, viewer)
    return {
        "history": history_of(session, draw),
        "may_change": decides and draw.drawn_at is not None and draw.ended_at is None,
        "abandonments": _proposals(session, draw, ProposalKind.ABANDON),
        "redraws": _proposals(session, draw, ProposalKind.REDRAW),
        "set_aside": viewer.may(Permission.RISK_CLASS_VIEW)
        and (has_set_aside(session, draw) or has_late_changes(session, draw)),
        "may_judge": services.may_end(draw, viewer),
        "strike_proposals": _proposals(session, draw, ProposalKind.STRIKE) if decides else [],
    }


def _proposals(session: Session, draw: Draw, kind: ProposalKind) -> list[tuple[DrawProposal, object]]:
    reasons = reason_names(session, "abandon_reasons" if kind is ProposalKind.ABANDON else services.STRIKE_GROUNDS)
    found = queries.list_proposals(session, draw, kind)
    return [(one, reasons.get(one.reason_code)) for one in found]
