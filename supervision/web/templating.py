"""What every template may use: the menu, language links, dates in the district's time, translated labels."""

import hashlib
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from babel import dates, numbers
from flask import Flask, current_app, request
from flask_babel import get_locale, gettext
from jinja2 import ChoiceLoader, FileSystemLoader
from markupsafe import Markup, escape

from supervision import clock
from supervision.config import PROJECT
from supervision.labels import Labeled
from supervision.web.languages import LANGUAGES, LOCALES, language
from supervision.web.menu import fixed_url, rendered_menu, shown_footer

LANGUAGE_NAMES = {"zh": "中文", "en": "English"}
DAY_LENGTHS = {"zh": "long", "en": "medium"}
FEN_PER_YUAN = 100
ICONS = "vendor/icons-1.13.2/icons.svg"
TONE_ICONS = {
    "info": "info-circle-fill",
    "success": "check-circle-fill",
    "warning": "exclamation-triangle-fill",
    "danger": "exclamation-octagon-fill",
    "sealed": "lock-fill",
}


def init_app(app: Flask) -> None:
    """Add filters, pieces and context values."""
    app.jinja_env.filters.update(
        day=show_day, moment=show_moment, label=show_label, yuan=show_yuan, numberformat=show_number
    )
    app.jinja_env.globals.update(draw_icon=draw_icon, draw_label_badge=draw_label_badge, tone_icons=TONE_ICONS)
    app.jinja_env.globals["current_moment"] = clock.now
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
    here = quote(request.full_path.rstrip("?"), safe="")
    links = [
        (code, LANGUAGE_NAMES[code], f"{fixed_url('preferences.language', code=code)}?next={here}", code == language())
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


# pieces that pages show by the dozen: macros/show.html passes them on; each is drawn once and kept


def draw_icon(name: str, label: object = None) -> Markup:
    """Return an icon by its Bootstrap name; with ``label`` it is an image with a name, else decoration."""
    return _icon(static_url(ICONS), escape(name), escape(label or ""))


def draw_label_badge(text: object, tone: str = "neutral") -> Markup:
    """Return a state as text with a symbol and a color."""
    return _label_badge(draw_icon(TONE_ICONS.get(tone, "circle")), escape(text), escape(tone))


# what is kept is told apart by escaped text only: a text and the same text as HTML would count as one


@lru_cache(maxsize=1024)
def _icon(sheet: str, name: Markup, label: Markup) -> Markup:
    about = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    drawing = Markup('<svg class="bi" {} focusable="false"><use href="{}#{}"></use></svg>')
    return drawing.format(about, sheet, name)


@lru_cache(maxsize=1024)
def _label_badge(icon: Markup, text: Markup, tone: Markup) -> Markup:
    return Markup('<span class="state tone-{}">{}{}</span>').format(tone, icon, text)


def show_day(value: date | datetime | None) -> str:
    """Show a date; an aware moment is shown as its day in the district."""
    if value is None:
        return "—"
    if isinstance(value, datetime):
        value = clock.local(value).date()
    return _day(value, language())


@lru_cache(maxsize=4096)
def _day(day: date, code: str) -> str:
    return dates.format_date(day, DAY_LENGTHS[code], LOCALES[code])


def show_moment(value: datetime | None) -> str:
    """Show a moment to the minute in the district's time."""
    return "—" if value is None else f"{clock.local(value):%Y-%m-%d %H:%M}"


def show_number(value: float | Decimal) -> str:
    """Show a number with its thousands apart."""
    return _number(value, language())


@lru_cache(maxsize=4096, typed=True)
def _number(value: float | Decimal, code: str) -> str:
    return numbers.format_decimal(value, locale=LOCALES[code])


def show_label(value: object) -> str:
    """Show a member of a labeled enumeration in this request's language."""
    if isinstance(value, Labeled):
        return str(gettext(value.label))
    return "—" if value is None else str(value)


def show_yuan(fen: int | None) -> str:
    """Show an amount kept in fen as yuan with two decimals."""
    return "—" if fen is None else f"{Decimal(fen) / FEN_PER_YUAN:,.2f}"
