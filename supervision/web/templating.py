"""What every template may use: the menu, language links, dates in the district's time, translated labels."""

import hashlib
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from flask import Flask, current_app, request, url_for
from flask_babel import format_date, format_datetime, get_locale, gettext
from jinja2 import ChoiceLoader, FileSystemLoader

from supervision import clock
from supervision.config import PROJECT
from supervision.labels import Labeled
from supervision.web.languages import LANGUAGES, language
from supervision.web.menu import fixed_url, rendered_menu, shown_footer

LANGUAGE_NAMES = {"zh": "中文", "en": "English"}
FEN_PER_YUAN = 100


def init_app(app: Flask) -> None:
    """Add filters and context values."""
    app.jinja_env.filters.update(day=show_day, moment=show_moment, label=show_label, yuan=show_yuan)
    folders = [FileSystemLoader(folder) for folder in sorted(PROJECT.glob("*/templates"))]
    app.jinja_loader = ChoiceLoader(folders)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["static_url"] = static_url
    app.context_processor(common_values)
    app.url_defaults(name_version)


@lru_cache(maxsize=256)
def file_version(folder: str, filename: str) -> str:
    """Return a short name for the contents of a static file; our own files change between releases."""
    path = Path(folder) / filename
    return hashlib.sha256(path.read_bytes()).hexdigest()[:8] if path.is_file() else "0"


def name_version(endpoint: str, values: dict[str, object]) -> None:
    """Add the version to the address of our own static files; vendored ones carry theirs in the folder's name."""
    filename = str(values.get("filename", ""))
    if endpoint == "static" and not filename.startswith("vendor/"):
        values.setdefault("v", file_version(str(current_app.static_folder), filename))


def static_url(filename: str) -> str:
    """Return the address of a static file; a page names dozens of icons, so it is looked up once."""
    return fixed_url("static", filename=filename)


def common_values() -> dict[str, object]:
    """Values of the layout."""
    here = request.full_path.rstrip("?")
    links = [
        (code, LANGUAGE_NAMES[code], url_for("preferences.language", code=code, next=here), code == language())
        for code in LANGUAGES
    ]
    own = [(gettext("My account"), fixed_url("accounts.own"), "person")]
    return {
        "menu": rendered_menu(),
        "language_links": links,
        "today": clock.today(),
        "get_locale": get_locale,
        "home_url": fixed_url("home.index"),
        "user_links": own,
        "footer_links": shown_footer(),
    }


def show_day(value: date | datetime | None) -> str:
    """Show a date; an aware moment is shown as its day in the district."""
    if value is None:
        return "—"
    if isinstance(value, datetime):
        value = clock.local(value).date()
    return format_date(value, "long" if language() == "zh" else "medium")


def show_moment(value: datetime | None) -> str:
    """Show a moment to the minute in the district's time."""
    return "—" if value is None else str(format_datetime(value, "yyyy-MM-dd HH:mm"))


def show_label(value: object) -> str:
    """Show a member of a labeled enumeration in this request's language."""
    if isinstance(value, Labeled):
        return str(gettext(value.label))
    return "—" if value is None else str(value)


def show_yuan(fen: int | None) -> str:
    """Show an amount kept in fen as yuan with two decimals."""
    return "—" if fen is None else f"{Decimal(fen) / FEN_PER_YUAN:,.2f}"
