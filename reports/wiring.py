"""What this floor adds to the application."""

from flask import Flask

from reports.documents.notice import draw_notice
from supervision import rendering
from supervision.config import Config


def init_app(app: Flask, config: Config) -> None:  # noqa: ARG001 - every floor is built in alike
    """Build this floor's rooms into ``app``."""
    rendering.register("notice", draw_notice)
