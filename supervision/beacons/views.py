"""Public pages of the beacon rules: what each says, byte for byte, so that anybody can check which round counts."""

import json

from flask import Blueprint, Response, render_template

from supervision import clock
from supervision.beacons import queries
from supervision.beacons.models import BeaconRule
from supervision.beacons.rules import BeaconKind
from supervision.web import database
from supervision.web.access import public
from supervision.web.languages import language

blueprint = Blueprint("beacons", __name__, url_prefix="/public/beacon-rules")


@blueprint.get("")
@public
def index() -> str:
    """List every version of every rule."""
    session, today = database.session(), clock.today()
    in_force = {row.identifier for row in queries.list_in_force(session, on=today)}
    return render_template("beacons/index.html", rows=queries.list_rules(session), in_force=in_force, today=today)


@blueprint.get("/<identifier>")
@public
def show(identifier: str) -> str:
    """Show a rule in words and in full, with those that follow it."""
    session = database.session()
    row = queries.get_rule(session, identifier)
    following = [queries.get_rule(session, rule.identifier) for rule in queries.load_chain(session, identifier)[1:]]
    return render_template("beacons/show.html", row=row, rule=row.rule, following=following, odds=odds_of(row))


@blueprint.get("/<identifier>.json")
@public
def document(identifier: str) -> Response:
    """Give the rule's text: the end of its identifier is the beginning of its SHA-256 in canonical form (RFC 8785)."""
    text = queries.get_rule(database.session(), identifier).rule.document
    return Response(json.dumps(text, ensure_ascii=False, sort_keys=True, indent=1), mimetype="application/json")


def odds_of(row: BeaconRule) -> dict[str, object]:
    """Return how many values a source can give and, for joined lotteries, how that number comes about."""
    rule = row.rule
    games = [
        (one.name_zh if language() == "zh" else one.name_en, one.parts, one.possibilities, one.days, one.at)
        for one in rule.games
    ]
    return {
        "possibilities": rule.possibilities,
        "bits": rule.possibilities.bit_length() - 1,
        "games": games,
        "typed": rule.kind is BeaconKind.LOTTERIES,
    }
