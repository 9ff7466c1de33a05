"""What every template may use: the menu, language links, dates in the district's time, translated labels."""

from datetime import date, datetime
from decimal import Decimal

from flask import Flask, request, url_for
from flask_babel import format_date, format_datetime, get_locale, gettext
from jinja2 import ChoiceLoader, FileSystemLoader

from supervision import clock
from supervision.config import PROJECT
from supervision.labels import Labeled
from supervision.web.languages import LANGUAGES, language
from supervision.web.menu import shown_menu

LANGUAGE_NAMES = {"zh": "中文", "en": "English"}
FEN_PER_YUAN = 100


def init_app(app: Flask) -> None:
    """Add filters and context values."""
    app.jinja_env.filters.update(day=show_day, moment=show_moment, label=show_label, yuan=show_yuan)
    folders = [FileSystemLoader(folder) for folder in sorted(PROJECT.glob("*/templates"))]
    app.jinja_loader = ChoiceLoader(folders)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(common_values)


def common_values() -> dict[str, object]:
    """Values of the layout."""
    here = request.full_path.rstrip("?")
    links = [
        (code, LANGUAGE_NAMES[code], url_for("preferences.language", code=code, next=here), code == language())
        for code in LANGUAGES
    ]
    own = [(gettext("My account"), url_for("accounts.own"), "person")]
    return {
        "menu": shown_menu(),
        "language_links": links,
        "today": clock.today(),
        "get_locale": get_locale,
        "home_url": url_for("home.index"),
        "user_links": own,
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
