"""The board of those who answer for visits: where each team stands and what is late."""

from datetime import date

from flask import Blueprint, render_template, request

from joint_inspections.days.board import Wanted, counts_of, load_board
from joint_inspections.days.rules import TeamStage
from joint_inspections.days.shown import note_names
from supervision import clock
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires

blueprint = Blueprint("day_board", __name__, url_prefix="/days/board")
LONGEST_KEY = 80


@blueprint.get("/")
@requires(Permission.PLAN_VIEW)
def index() -> str:
    """Show every team with its visits, those with something late first."""
    wanted = _wanted()
    board = load_board(database.session(), actor(), wanted)
    shown = [one for team in board.shown for one in team.visits]
    note_names([one.visit for one in shown])
    return render_template(
        "days/board.html",
        board=board,
        wanted=wanted,
        counts=counts_of(board.visits),
        late=sum(one.overdue for one in board.visits),
        shown=len(shown),
        stages=list(TeamStage),
        today=clock.today(),
        viewer=actor(),
    )


def _wanted() -> Wanted:
    """Read the filters; what cannot be read filters nothing."""
    stage = request.args.get("stage", "")
    return Wanted(
        day=_day(request.args.get("day", "")),
        team=request.args.get("team", "")[:LONGEST_KEY],
        stage=TeamStage(stage) if stage in set(TeamStage) else None,
        late=request.args.get("late") == "yes",
    )


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None
