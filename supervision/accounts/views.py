"""Signing in and out, one's own account, and the administrators' pages on users."""

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response as BaseResponse

from supervision.accounts import queries, services
from supervision.accounts.forms import PasswordForm, ReasonForm, RolesForm, SignInForm, UnlockForm, UserForm
from supervision.accounts.web_user import WebUser
from supervision.audit.queries import list_history
from supervision.departments.queries import find_department, list_departments
from supervision.errors import DomainError, Invalid
from supervision.permissions import Permission, Role
from supervision.web import database
from supervision.web.access import actor, public, requires, signed_in
from supervision.web.forms import choices, text
from supervision.web.languages import name_of
from supervision.web.listing import Column, Filter, Listing, read_query
from supervision.web.preferences import safe_next

blueprint = Blueprint("accounts", __name__)
Page = str | BaseResponse


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
            session.clear()
            login_user(WebUser(queries.get_person(database.session(), user.id)))
            session.rotate = True  # type: ignore[attr-defined]  # BrowserSession's own
            first = url_for("accounts.own") if user.must_change_password else url_for("home.index")
            return redirect(safe_next(request.args.get("next"), first))
        flash(_("User name or password is wrong, or the account is locked for some minutes."), "danger")
    return render_template("accounts/sign_in.html", form=form)


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
    """Show one's own account and change its password."""
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            services.change_password(
                database.session(),
                queries.get_user(database.session(), current_user.person.id),
                old=text(form.old),
                new=text(form.password),
                actor=actor(),
            )
        except Invalid as error:
            _show(form, error)
        else:
            database.commit()
            flash(_("Password changed. Please sign in again."), "success")
            return redirect(url_for("accounts.sign_in"))
    return render_template(
        "accounts/own.html", form=form, user=queries.get_user(database.session(), current_user.person.id)
    )


def _roles_form(**values: object) -> RolesForm:
    form = RolesForm(**values)
    form.roles.choices = choices([(role.value, _(role.label)) for role in Role])
    return form


def _show(form: PasswordForm | UnlockForm | RolesForm, error: DomainError) -> None:
    field = getattr(form, getattr(error, "field", ""), None) or next(iter(form))
    field.errors = [*field.errors, _(error.message, **error.parameters)]


@blueprint.get("/users")
@requires(Permission.USER_CREATE, Permission.ROLE_GRANT)
def index() -> str:
    """List users for the system and security administrators."""
    filters = [
        Filter(
            "department",
            lazy_gettext("Department"),
            [(one.code, name_of(one)) for one in list_departments(database.session())],
        ),
        Filter("role", lazy_gettext("Role"), [(role.value, _(role.label)) for role in Role]),
        Filter("state", lazy_gettext("State"), [("active", _("Active")), ("disabled", _("Disabled"))]),
    ]
    query = read_query(filters)
    listing = Listing(
        query,
        queries.list_users(database.session(), actor(), query),
        [
            Column("username", lazy_gettext("User name"), True),
            Column("name", lazy_gettext("Name"), True),
            Column("department", lazy_gettext("Department")),
            Column("roles", lazy_gettext("Roles")),
            Column("last_seen", lazy_gettext("Last sign-in"), True),
            Column("state", lazy_gettext("State")),
        ],
        filters,
        lazy_gettext("Name or user name"),
    )
    return render_template("accounts/index.html", listing=listing)


@blueprint.route("/users/new", methods=["GET", "POST"])
@requires(Permission.USER_CREATE)
def create() -> Page:
    """Create an account without rights."""
    form = UserForm()
    form.department.choices = choices([(d.code, name_of(d)) for d in list_departments(database.session())], empty="—")
    if form.validate_on_submit():
        department = find_department(database.session(), form.department.data)
        user = services.create_user(
            database.session(),
            username=text(form.username),
            name=text(form.name),
            department_id=department.id if department else None,
            inspector_id=None,
            actor=actor(),
        )
        database.commit()
        flash(_("Account created. The security administrator now grants roles and a first password."), "success")
        return redirect(url_for("accounts.show", user_id=user.id))
    return render_template("accounts/create.html", form=form)


@blueprint.get("/users/<int:user_id>")
@requires(Permission.USER_CREATE, Permission.ROLE_GRANT)
def show(user_id: int) -> str:
    """Show one account, its roles and what was done to it."""
    user = queries.get_user(database.session(), user_id)
    roles = _roles_form(roles=[role.value for role in user.roles])
    return render_template(
        "accounts/show.html",
        user=user,
        roles_form=roles,
        reason_form=ReasonForm(),
        unlock_form=UnlockForm(),
        history=list_history(database.session(), "user", user.id),
        Permission=Permission,
        viewer=actor(),
    )


@blueprint.post("/users/<int:user_id>/active")
@requires(Permission.USER_CREATE)
def set_active(user_id: int) -> BaseResponse:
    """Disable or enable an account."""
    user, form = queries.get_user(database.session(), user_id), ReasonForm()
    if form.validate_on_submit():
        services.set_active(database.session(), user, active=not user.active, reason=text(form.reason), actor=actor())
        database.commit()
        flash(_("Account changed."), "success")
    return redirect(url_for("accounts.show", user_id=user_id))


@blueprint.post("/users/<int:user_id>/roles")
@requires(Permission.ROLE_GRANT)
def set_roles(user_id: int) -> BaseResponse:
    """Grant exactly the chosen roles."""
    user, form = queries.get_user(database.session(), user_id), _roles_form()
    if form.validate_on_submit():
        chosen = frozenset(Role(value) for value in form.roles.data or [])
        services.set_roles(database.session(), user, chosen, reason=text(form.reason), actor=actor())
        database.commit()
        flash(_("Roles changed."), "success")
    else:
        flash(_("Give a reason of at most 500 characters."), "danger")
    return redirect(url_for("accounts.show", user_id=user_id))


@blueprint.post("/users/<int:user_id>/unlock")
@requires(Permission.USER_UNLOCK)
def unlock(user_id: int) -> BaseResponse:
    """Lift a lock-out, perhaps with a new first password."""
    user, form = queries.get_user(database.session(), user_id), UnlockForm()
    if form.validate_on_submit():
        services.unlock(
            database.session(),
            user,
            new_password=text(form.new_password) or None,
            reason=text(form.reason),
            actor=actor(),
        )
        database.commit()
        flash(_("Account unlocked."), "success")
    else:
        flash(_("Give a reason of at most 500 characters."), "danger")
    return redirect(url_for("accounts.show", user_id=user_id))
