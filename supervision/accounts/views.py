"""Signing in and out, and one's own account: its password and its sessions."""

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response as BaseResponse

from supervision import clock
from supervision.accounts import ending_sessions, queries, services
from supervision.accounts.browser_sessions import limit_session, session_key
from supervision.accounts.forms import EmptyForm, PasswordForm, SignInForm
from supervision.accounts.models import User
from supervision.accounts.rules import device_name
from supervision.accounts.web_user import WebUser
from supervision.errors import Invalid, NotFound
from supervision.permissions import ADMINISTRATORS
from supervision.web import database
from supervision.web.access import actor, public, signed_in
from supervision.web.forms import show_refusal, text
from supervision.web.preferences import safe_next

blueprint = Blueprint("accounts", __name__)
Page = str | BaseResponse
KEY_SHOWN = 16


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> Page:
    """Sign a person in; the refusal is the same whatever was wrong."""
    form = SignInForm()
    if form.validate_on_submit():
        user = services.sign_in(
            database.session(),
            text(form.username),
            text(form.password),
            address=request.remote_addr or "",
            request_id=g.request_id,
        )
        database.commit()
        if user is not None:
            return _begin(user)
        flash(_("User name or password is wrong, or the account is locked for some minutes."), "danger")
    policy = queries.load_policy(database.session())
    return render_template("accounts/sign_in.html", form=form, policy=policy)


def _begin(user: User) -> BaseResponse:
    """Begin a session with a new id and the limits in force."""
    session.clear()
    login_user(WebUser(queries.get_person(database.session(), user.id)))
    policy = queries.load_policy(database.session())
    limit_session(session, policy, administrator=bool(user.roles & ADMINISTRATORS))
    session.rotate = True  # type: ignore[attr-defined]  # BrowserSession's own
    first = url_for("accounts.own") if user.must_change_password else url_for("home.index")
    return redirect(safe_next(request.args.get("next"), first))


@blueprint.post("/sign-out")
@signed_in
def sign_out() -> BaseResponse:
    """End the session, here and on the server."""
    services.sign_out(database.session(), actor=actor())
    database.commit()
    logout_user()
    session.clear()
    response = redirect(url_for("home.index"))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@blueprint.route("/account", methods=["GET", "POST"])
@signed_in
def own() -> Page:
    """Show one's own account, its sessions, and change its password."""
    form, user = PasswordForm(), _own_user()
    if form.validate_on_submit():
        try:
            services.change_password(
                database.session(), user, old=text(form.old), new=text(form.password), actor=actor()
            )
        except Invalid as error:
            show_refusal(form, error)
        else:
            database.commit()
            logout_user()
            session.clear()
            flash(_("Password changed. Please sign in again."), "success")
            return redirect(url_for("accounts.sign_in"))
    here = session_key(session)
    return render_template(
        "accounts/own.html",
        form=form,
        user=user,
        policy=queries.load_policy(database.session()),
        today=clock.today(),
        sessions=[
            (one, one.id_hash[:KEY_SHOWN], device_name(one.device), one.id_hash == here)
            for one in queries.list_sessions(database.session(), user)
        ],
    )


@blueprint.post("/account/sessions/<key>/end")
@signed_in
def end_session(key: str) -> BaseResponse:
    """End one of one's own sessions; ``others`` ends all but this one."""
    user, here = _own_user(), session_key(session)
    open_ones = [one.id_hash for one in queries.list_sessions(database.session(), user) if one.id_hash != here]
    chosen = open_ones if key == "others" else [one for one in open_ones if one[:KEY_SHOWN] == key]
    if not EmptyForm().validate_on_submit() or not (chosen or key == "others"):
        raise NotFound
    count = ending_sessions.end_own_sessions(database.session(), user, chosen, actor=actor())
    database.commit()
    flash(_("%(count)s sessions ended.", count=count), "success")
    return redirect(url_for("accounts.own"))


def _own_user() -> User:
    return queries.get_user(database.session(), current_user.person.id)
