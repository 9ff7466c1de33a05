"""What this floor adds to the application."""

from flask import Flask

from supervision.config import Config


def init_app(app: Flask, config: Config) -> None:
    """Build this floor's rooms into ``app``."""
