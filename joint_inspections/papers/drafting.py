"""What every paper of a visit says: entity, source, team, items, rights, remedies, prohibitions (domain 3.2)."""

from collections.abc import Sequence
from dataclasses import dataclass

from joint_inspections.experts.queries import experts_of
from joint_inspections.notices.wording import PROHIBITIONS, methods, source_name
from joint_inspections.papers.rules import (
    Block,
    Facts,
    Lines,
    PaperData,
    PaperKind,
    Seals,
    Table,
)
from joint_inspections.papers.speaking import Words
from joint_inspections.visits.models import Visit, VisitMember
from supervision.departments.models import Department
from supervision.neighbors.wording import department_of
from supervision.parameters.rules import Certainty

# nobody but the certified inspectors takes part: experts and helpers would be fixed in advance and named


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything around the content of a paper, gathered before it is drafted."""

    visit: Visit
    said: Words
    kind: PaperKind
    district: str
    # departments that give the paper, the lead first
    bodies: Sequence[Department]
    # inspections of this year: all, and those made by random draw
    times: tuple[int, int]
    notice_number: str
    # what the remedies name: authority, days, months, objection
    terms: dict[str, object]
    certainty: Certainty | None = None
    number: str = ""
    verify_url: str = ""
    issued: str = ""

    @property
    def members(self) -> list[VisitMember]:
        """The inspectors whom the paper's bodies send now, the leader first."""
        bodies = {one.id for one in self.bodies}
        own = [one for one in self.visit.team_now if one.department_id in bodies]
        return sorted(own, key=lambda one: (not one.lead, one.id))


def compose(frame: Frame, *blocks: Block, opening: Sequence[str] = (), addressee: str = "") -> PaperData:
    """Return a paper: its head around ``blocks``."""
    said, number = frame.said, frame.number
    probable = frame.certainty is Certainty.MEMORY
    return PaperData(
        kind=frame.kind.value,
        title=said.title(frame.kind.value),
        number=number,
        number_line=said("number", number=number) if number else said("blank_number"),
        language=said.language,
        bodies=tuple(said.name(one) for one in frame.bodies),
        district=frame.district,
        others=said("others"),
        opening=tuple(opening),
        blocks=blocks,
        verify_url=frame.verify_url,
        scan=said("scan"),
        foot=said("foot"),
        remark=said("probable") if probable else "",
        addressee=addressee,
    )


def addressee_of(frame: Frame) -> str:
    """Return whom a paper is addressed to."""
    entity = frame.visit.entity
    return frame.said("addressee", name=entity.name, unit_id=entity.unit_id)


def case_facts(frame: Frame) -> Facts:
    """Return the entity, the bodies, the source of the task and how often it was inspected this year."""
    visit, said = frame.visit, frame.said
    task, entity = visit.task, visit.entity
    source = said(
        "source_text" if visit.draw is not None else "ordered_text",
        kind=source_name(visit, said.language),
        plan=task.plan_version.plan.number or "",
        task=task.number,
        draw=visit.source_number,
    )
    times, drawn = frame.times
    return Facts(
        said("case"),
        (
            (said("entity"), entity.name),
            (said("unit_id"), entity.unit_id),
            (said("address"), entity.address),
            (said("bodies"), said.comma.join(said.name(one) for one in frame.bodies)),
            (said("visit"), visit.number or ""),
            (said("source"), source),
            (said("times"), said("times_text", times=times, drawn=drawn)),
        ),
    )


def assistants(said: Words, names: Sequence[str]) -> str:
    """Say how many persons assist, and who: experts, named apart from the inspectors (R-1.08)."""
    if not names:
        return said("assistants_text", count=0)
    return said("assistants_named", count=len(names), names=said.comma.join(names))


def team_blocks(
    frame: Frame, *, heading: str = "team", members: Sequence[VisitMember] | None = None, ahead: bool = False
) -> tuple[Block, ...]:
    """Return the inspectors with their certificates and how many persons assist; ``ahead`` of the visit or after."""
    said = frame.said
    rows = tuple(
        (
            one.inspector.name,
            department_of(one.inspector, said.name(one.department), language=said.language),
            one.inspector.certificate_number,
            said("leader") if one.lead else said("member"),
        )
        for one in (frame.members if members is None else members)
    )
    begun = frame.visit.visited_at is not None and not ahead
    shown = said("shown", number=frame.notice_number) if frame.notice_number and begun else said("shown_nowhere")
    return (
        Table(said(heading), said.heads("team_head", 4), rows, (2, 5, 3, 2)),
        Facts(
            "",
            (
                (said("assistants"), assistants(said, [one.expert.name for one in experts_of(frame.visit)])),
                (said("certificates"), shown),
            ),
        ),
    )


def items_table(frame: Frame, *, heading: str = "items") -> Table:
    """Return the items of the paper's bodies with method and legal basis."""
    said, bodies = frame.said, {one.id: one for one in frame.bodies}
    rows = tuple(
        (
            said.name(bodies[one.item.department_id]),
            said.name(one.item),
            methods(one.item.method, said.language) or "—",
            one.item.legal_basis,
        )
        for one in frame.visit.plan_version.items
        if one.item.department_id in bodies
    )
    return Table(said(heading), said.heads("items_head", 4), rows, (2.7, 3.9, 2.1, 4.3))


def closing(frame: Frame, *, remedies: Sequence[str] = ("remedy_later",)) -> tuple[Block, ...]:
    """Return rights, remedies and prohibitions."""
    said = frame.said
    return (
        Lines(said("rights"), (said("right_refuse"), said("right_statement"), said("right_recusal"))),
        Lines(said("remedies"), tuple(said(key, **frame.terms) for key in remedies)),
        Lines(said("prohibitions"), PROHIBITIONS[said.language]),
    )


def seals(frame: Frame) -> Seals:
    """Return a place for the seal of each body, with its telephone."""
    said = frame.said
    return Seals(
        said("seals"),
        tuple(
            (said.name(one), said("phone", phone=one.phone) if one.phone else said("no_phone")) for one in frame.bodies
        ),
        said("seal", day=frame.issued),
    )
