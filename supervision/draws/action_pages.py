"""What a viewer may do with a draw now, for its page; services check every step again."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from supervision.draws import queries, services
from supervision.draws.beacon_pages import may_enter
from supervision.draws.models import Draw, DrawProposal, VoidProposal
from supervision.draws.redraw_pages import may_propose_redraw
from supervision.draws.rules import SHOWN, DrawState, ProposalKind, body_of
from supervision.permissions import Actor


@dataclass(frozen=True, slots=True)
class Actions:
    """What this viewer may do with the draw now."""

    seal: bool
    commit: bool
    reveal: bool
    carry_out: bool
    open: bool
    propose_void: bool
    approve_void: bool
    abandon: bool
    enter: bool
    redraw: bool
    full_bundle: bool
    public_bundle: bool

    @property
    def any(self) -> bool:
        """Say whether there is any step to take; downloads are none."""
        steps = (self.seal, self.commit, self.reveal, self.enter, self.carry_out, self.open)
        return any((*steps, self.propose_void, self.approve_void, self.abandon, self.redraw))


def actions_of(session: Session, draw: Draw, viewer: Actor) -> Actions:
    """Return what this viewer may do now; services check it again."""
    leads, ends = services.leads(draw.task, viewer), services.may_end(draw, viewer)
    entry = queries.party_in(draw, viewer)
    proposal = session.get(VoidProposal, draw.id)
    committed, by_value = draw.state is DrawState.COMMITTED, bool(draw.beacon_rule)
    missing = queries.find_value(session, draw) is None if by_value else services.secrets_missing(draw)
    voidable = draw.state is DrawState.FROZEN or (committed and services.out_of_reach(session, draw))
    return Actions(
        seal=entry is not None and draw.state is DrawState.FROZEN,
        commit=leads and draw.state is DrawState.FROZEN and all(one.digest for one in draw.contributions),
        reveal=entry is not None and committed and not by_value and not entry.handed_over,
        carry_out=committed and not missing and services.takes_part(draw, viewer),
        open=leads and draw.state is DrawState.DRAWN and services.visits_done(session, draw),
        propose_void=ends and voidable and proposal is None,
        approve_void=ends and voidable and proposal is not None and _other_body(proposal, viewer),
        abandon=ends and draw.state is DrawState.DRAWN and abandonment_of(session, draw) is None,
        enter=may_enter(draw, queries.standing_of(session, draw), viewer),
        redraw=ends and may_propose_redraw(session, draw),
        full_bundle=queries.may_read_full_bundle(draw, viewer),
        public_bundle=draw.state in SHOWN,
    )


def abandonment_of(session: Session, draw: Draw) -> DrawProposal | None:
    """Return the open proposal to abandon a draw."""
    return queries.find_open_proposal(session, draw, ProposalKind.ABANDON)


def _other_body(proposal: VoidProposal, viewer: Actor) -> bool:
    return proposal.proposed_by != viewer.user_id and proposal.proposed_department != body_of(viewer)
