"""Chinese by default, English by choice: a cookie, a switch, and names that exist in both."""

from pathlib import Path

from flask import Flask, request
from flask_babel import Babel, get_locale

from supervision.config import PROJECT

LANGUAGES = {"zh": "zh_Hans_CN", "en": "en"}
COOKIE = "lang"


def init_app(app: Flask) -> None:
    """Let Flask-Babel merge the catalogue of every room (``<package>/translations/…/<room>.po``)."""
    catalogues = sorted(PROJECT.glob("*/translations/zh_Hans_CN/LC_MESSAGES/*.po"))
    directories = [str(path.parents[2]) for path in catalogues] or [str(Path("translations"))]
    domains = [path.stem for path in catalogues] or ["messages"]
    Babel(
        app,
        default_locale="zh_Hans_CN",
        default_timezone="Asia/Shanghai",
        default_translation_directories=";".join(directories),
        default_domain=";".join(domains),
        locale_selector=select_locale,
    )
    app.jinja_env.filters["name_of"] = name_of


def select_locale() -> str:
    """Return the locale of this request: ``?lang=``, then the cookie, then Chinese."""
    chosen = request.args.get("lang") or request.cookies.get(COOKIE, "zh")
    return LANGUAGES.get(chosen, "zh_Hans_CN")


def language() -> str:
    """Return ``"zh"`` or ``"en"`` for this request."""
    return "en" if str(get_locale()) == "en" else "zh"


def name_of(thing: object, field: str = "name") -> str:
    """Return the thing's ``name_zh`` or ``name_en`` as this request's language asks; Chinese where English is empty."""
    if thing is None:
        return ""
    chinese = str(getattr(thing, f"{field}_zh"))
    english = str(getattr(thing, f"{field}_en", "") or "")
    return english or chinese if language() == "en" else chinese
