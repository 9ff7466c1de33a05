"""The Flask application before any room is built in: limits, session, CSRF, languages, errors, headers."""

import secrets

from flask import Flask, Response, g, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter

from supervision.config import Config
from supervision.errors import Forbidden, NotFound
from supervision.web import access, database, error_pages, headers, home, languages, preferences, templating

MEGABYTE = 1 << 20


class RowNumber(IntegerConverter):
    """A number in an address that a database can hold; longer ones are no address of ours."""

    regex = r"\d{1,9}"


def make_app(config: Config) -> Flask:
    """Return an application with the ground laid; rooms add themselves through their wiring."""
    app = Flask("supervision", instance_path=str(config.instance), template_folder="templates")
    app.config.update(
        SECRET_KEY=config.secret_key,
        TESTING=config.testing,
        MAX_CONTENT_LENGTH=16 * MEGABYTE,
        MAX_FORM_MEMORY_SIZE=MEGABYTE,
        MAX_FORM_PARTS=2000,
        SESSION_COOKIE_SECURE=config.secure_cookies,
        TRUSTED_HOSTS=list(config.trusted_hosts) or None,
        WTF_CSRF_TIME_LIMIT=None,
        DISTRICT_CODE=config.district_code,
        DISTRICT_NAME_ZH=config.district_name_zh,
        DISTRICT_NAME_EN=config.district_name_en,
        DEMO=config.demo,
        BEACON_FETCH=config.beacon_fetch,
        PUBLIC_URL=config.public_address,
        TIMESTAMP_URL=config.timestamp_url,
        SEND_FILE_MAX_AGE_DEFAULT=86400,
    )
    if config.proxy_hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, config.proxy_hops, config.proxy_hops)  # type: ignore[method-assign]
    app.url_map.converters["int"] = RowNumber
    log_keys = (config.instance / "keys", config.district_code)
    database.init_app(
        app,
        config.database_url,
        audit_key=config.secret_key.encode(),
        log_keys=log_keys,
        evidence=config.evidence or config.instance / "evidence",
    )
    languages.init_app(app)
    error_pages.init_app(app)
    headers.init_app(app, secure=config.secure_cookies)
    templating.init_app(app)
    app.register_blueprint(preferences.blueprint)
    app.register_blueprint(home.blueprint)

    @app.before_request
    def begin() -> None:
        g.request_id = secrets.token_hex(8)
        if "session_fault" in g:  # the browser session could not be read: only now can a page say so
            raise g.session_fault

    # after the request id, before any view: the rule of the endpoint decides
    CSRFProtect(app)

    @app.before_request
    def guard() -> None:
        if request.headers.get("Sec-Fetch-Site") == "cross-site" and request.method not in database.READING_METHODS:
            raise Forbidden("cross-site", "The request came from another site.")
        if "\x00" in request.path:
            raise NotFound  # no name holds it, and PostgreSQL refuses to look for one
        access.check_request(app, request.endpoint)

    @app.after_request
    def name_request(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.get("request_id", "-")
        return response

    return app
