"""What this floor adds to the application."""

from flask import Flask

from punishments import tables
from supervision.config import Config

__all__ = ["init_app", "tables"]


def init_app(app: Flask, config: Config) -> None:
    """Build this floor's rooms into ``app``."""
