"""What this floor adds to the application."""

from flask import Flask

from joint_inspections import tables
from joint_inspections.visits.draw_following import VisitsOfDraw
from joint_inspections.visits.facts import count_progress, visits_between
from supervision.config import Config
from supervision.draws import hooks
from supervision.plans import facts, progress

__all__ = ["init_app", "tables"]

VISITS_OF_DRAW = VisitsOfDraw()


def init_app(app: Flask, config: Config) -> None:
    """Build this floor's rooms into ``app``."""
    hooks.follow(VISITS_OF_DRAW)
    hooks.follow_abandonment(VISITS_OF_DRAW)
    facts.provide(visits_between)
    progress.provide(count_progress)
