"""The platform's own steps of the demonstration."""

from flask import Flask

from supervision.demo import (
    cli,
    entities,
    eventful_draws,
    ground,
    history,
    log_witnesses,
    open_plans,
    people,
    permits,
    register_work,
)
from supervision.demo.registry import Step, register
from supervision.labels import N_
from supervision.serving import blueprint as serving


def init_app(app: Flask) -> None:
    """Register the commands and the steps."""
    app.register_blueprint(cli.blueprint)
    app.register_blueprint(serving)
    register(Step(N_("catalogues"), 10, ground.load))
    register(Step(N_("inspectors and users"), 20, people.load, 2))
    register(Step(N_("entities"), 30, entities.load, 30))
    register(Step(N_("permits"), 40, permits.load, 8))
    register(Step(N_("past draws"), 50, history.load, 40))
    register(Step(N_("draws that did not go smoothly"), 62, eventful_draws.load, 6))
    register(Step(N_("what departments note in registers"), 65, register_work.load))
    register(Step(N_("open plans"), 70, open_plans.load, 8))
    register(Step(N_("witnesses of the log"), 95, log_witnesses.load))
