"""Chinese by default, English by choice: a cookie, a switch, and names that exist in both.

A page holds hundreds of words, so every language keeps those it has been asked for. Which language a request speaks
stays Flask-Babel's decision, made once a request.
"""

from collections.abc import Iterable
from pathlib import Path

from babel import Locale
from babel.support import NullTranslations, Translations
from flask import Flask, g, request
from flask_babel import Babel, Domain, get_locale, gettext
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from supervision.config import PROJECT

LANGUAGES = {"zh": "zh_Hans_CN", "en": "en"}
LOCALES = {code: Locale.parse(name) for code, name in LANGUAGES.items()}
COOKIE = "lang"
MOST_KEPT = 20_000


class Words(dict[str, Markup]):
    """The words of one language as templates show them, each kept once it has been asked for."""

    def __init__(self, translations: Translations | NullTranslations) -> None:
        super().__init__()
        self.translations = translations

    def __missing__(self, message: str) -> Markup:
        # messages and their translations are ours: templates have always shown them as HTML
        text = Markup(self.translations.gettext(message))  # noqa: S704
        if len(self) < MOST_KEPT:
            self[message] = text
        return text


class RoomCatalogues(Domain):
    """The catalogues of all rooms, merged once for each language."""

    def __init__(self, domains: list[str]) -> None:
        super().__init__(domain=";".join(domains))
        self.words: dict[Locale, Words] = {}

    def words_of(self, locale: Locale) -> Words:
        """Return the words of the language of this request, ``locale``."""
        if locale not in self.words:
            self.words[locale] = Words(super().get_translations())
        return self.words[locale]

    def get_translations(self) -> Translations | NullTranslations:
        """Return the merged catalogue of this request's language, as Flask-Babel asks for it at every word."""
        locale = request_locale()
        return super().get_translations() if locale is None else self.words_of(locale).translations


def init_app(app: Flask) -> None:
    """Let Flask-Babel merge the catalogue of every room (``<package>/translations/…/<room>.po``)."""
    catalogues = sorted(PROJECT.glob("*/translations/zh_Hans_CN/LC_MESSAGES/*.po"))
    directories = [str(path.parents[2]) for path in catalogues] or [str(Path("translations"))]
    domains = [path.stem for path in catalogues] or ["messages"]
    babel = Babel(
        app,
        default_locale="zh_Hans_CN",
        default_timezone="Asia/Shanghai",
        default_translation_directories=";".join(directories),
        default_domain=";".join(domains),
        locale_selector=select_locale,
    )
    rooms = babel.domain_instance = RoomCatalogues(domains)

    @pass_eval_context
    def translate(context: EvalContext, message: str, /, **values: object) -> str:
        """Translate ``message`` in a template; it is a format string, whose values are escaped."""
        locale = request_locale()
        if locale is None or not context.autoescape:
            return str(gettext(message) % values)
        text = rooms.words_of(locale)[str(message)]
        return text % values if "%" in text else text

    app.jinja_env.globals.update(_=translate, gettext=translate)
    app.jinja_env.filters.update(name_of=name_of, listed=listed)
    app.jinja_env.globals.update(between=between, colon=colon)


def select_locale() -> Locale:
    """Return the locale of this request: ``?lang=``, then the cookie, then Chinese."""
    chosen = request.args.get("lang") or request.cookies.get(COOKIE, "zh")
    return LOCALES.get(chosen, LOCALES["zh"])


def request_locale() -> Locale | None:
    """Return what ``get_locale`` returns, without its looks through several proxies once it has decided."""
    try:
        decided = g._get_current_object()._flask_babel.babel_locale  # Flask-Babel's own memory
    except (AttributeError, RuntimeError):
        decided = None
    return decided or get_locale()


def language() -> str:
    """Return ``"zh"`` or ``"en"`` for this request."""
    locale = request_locale()
    return "en" if locale is not None and locale.language == "en" else "zh"


def between() -> str:
    """Return what stands between two words of a list in this request's language."""
    return ", " if language() == "en" else "、"


def colon() -> str:
    """Return what stands between a name and what it names in this request's language."""
    return ": " if language() == "en" else "："


def listed(words: Iterable[object]) -> str:
    """Return ``words`` one after the other, as this request's language lists them."""
    return between().join(str(word) for word in words)


def name_of(thing: object, field: str = "name") -> str:
    """Return the thing's ``name_zh`` or ``name_en`` as this request's language asks; Chinese where English is empty."""
    if thing is None:
        return ""
    chinese = str(getattr(thing, f"{field}_zh"))
    english = str(getattr(thing, f"{field}_en", "") or "")
    return english or chinese if language() == "en" else chinese
