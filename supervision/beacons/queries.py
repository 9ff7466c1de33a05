"""Reading beacon rules: those in force, one by its identifier, and the chain that it begins."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.beacons.models import BeaconRule
from supervision.beacons.rules import LONGEST_CHAIN, Rule
from supervision.errors import NotFound, RuleBroken
from supervision.labels import N_


def list_rules(session: Session) -> Sequence[BeaconRule]:
    """List every version of every rule, the newest of each code first."""
    statement = sa.select(BeaconRule).order_by(BeaconRule.code, BeaconRule.effective_from.desc())
    return session.scalars(statement).all()


def list_in_force(session: Session, *, on: date) -> list[BeaconRule]:
    """List the version of each rule that is in force on a day."""
    newest: dict[str, BeaconRule] = {}
    for row in list_rules(session):
        if row.effective_from <= on:
            newest.setdefault(row.code, row)
    return list(newest.values())


def list_usable(session: Session, *, on: date) -> list[BeaconRule]:
    """List the versions in force on a day whose values the platform can check, the fallbacks' too."""
    rows = list_in_force(session, on=on)
    return [row for row in rows if all(rule.usable for rule in load_chain(session, row.identifier))]


def find_rule(session: Session, identifier: str) -> BeaconRule | None:
    """Return the rule with this identifier, if it is known here."""
    return session.get(BeaconRule, identifier) if identifier else None


def get_rule(session: Session, identifier: str) -> BeaconRule:
    """Return the rule with this identifier, or refuse; its text must be the one that the identifier was made of.

    A plan and a commitment bind the identifier alone: by another text another key could vouch for a value.
    """
    found = find_rule(session, identifier)
    if found is None:
        raise NotFound
    if found.rule.identifier != identifier:
        raise RuleBroken(
            "beacon-rule-changed",
            N_("The text of the rule %(name)s for public values was changed in the database. Nothing is drawn by it."),
            name=identifier,
        )
    return found


def find_usable(session: Session, code: str, *, on: date) -> BeaconRule | None:
    """Return the version of a rule in force on a day, if its values can be checked here."""
    return next((row for row in list_usable(session, on=on) if row.code == code), None)


def load_chain(session: Session, identifier: str) -> tuple[Rule, ...]:
    """Return a rule and those that follow it, in order."""
    chain: list[Rule] = []
    following: str | None = identifier
    while following is not None and len(chain) < LONGEST_CHAIN:
        chain.append(get_rule(session, following).rule)
        following = chain[-1].then
    return tuple(chain)
