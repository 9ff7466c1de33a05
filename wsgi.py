"""The roof: the only file that knows every package. servers call ``wsgi:create_app()``."""

from flask import Flask

import joint_inspections.wiring
import punishments.wiring
import reports.wiring
import supervision.wiring
from supervision.config import Config, from_environment
from supervision.web import access, commands
from supervision.web.application import make_app


def create_app(config: Config | None = None) -> Flask:
    """Return the application, or refuse to start when an endpoint declares no access rule."""
    config = config or from_environment()
    app = make_app(config)
    for package in (supervision, joint_inspections, punishments, reports):
        package.wiring.init_app(app, config)
    access.refuse_undeclared(app)
    commands.finish(app)
    return app
