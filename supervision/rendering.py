"""Printed documents by name: lower floors ask, ``reports.documents`` registers who draws them.

A renderer takes the document's typed data and returns the bytes of a PDF.
"""

from collections.abc import Callable
from typing import Any  # each document has its own data type

Renderer = Callable[[Any], bytes]

_renderers: dict[str, Renderer] = {}


def register(name: str, renderer: Renderer) -> None:
    """Let ``renderer`` draw the document called ``name``; a later registration replaces an earlier one."""
    _renderers[name] = renderer


def render(name: str, data: object) -> bytes:
    """Return the document ``name`` drawn from ``data``."""
    return _renderers[name](data)
