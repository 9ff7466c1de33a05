"""The administrators' pages on users: the system administrator's accounts, the security administrator's rights."""

from typing import Any  # a page's values

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response as BaseResponse

from supervision import clock
from supervision.accounts import corrections, ending_sessions, queries, services
from supervision.accounts.expert_links import find_expert, get_linked_expert
from supervision.accounts.forms import CorrectionForm, ReasonForm, RolesForm, UnlockForm, UserForm
from supervision.accounts.history import changes
from supervision.accounts.models import User
from supervision.accounts.views import blueprint
from supervision.audit.queries import list_history
from supervision.departments.queries import find_department, list_departments
from supervision.errors import DomainError, Invalid
from supervision.permissions import Permission, Role
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import choices, show_refusal, text
from supervision.web.languages import name_of
from supervision.web.listing import Column, Filter, Listing, read_query
from supervision.web.refusals import told

__all__ = ["blueprint"]
Page = str | BaseResponse | tuple[str, int]
STATES = (
    ("active", lazy_gettext("Active")),
    ("disabled", lazy_gettext("Disabled")),
    ("locked", lazy_gettext("Locked now")),
    ("no_password", lazy_gettext("No password yet")),
    ("no_roles", lazy_gettext("Without roles")),
    ("no_certificate", lazy_gettext("Inspector without certificate")),
)


@blueprint.get("/users")
@requires(Permission.USER_CREATE, Permission.ROLE_GRANT)
def index() -> str:
    """List users for the system and security administrators."""
    departments = [(one.code, name_of(one)) for one in list_departments(database.session())]
    filters = [
        Filter("department", lazy_gettext("Department"), departments),
        Filter("role", lazy_gettext("Role"), [(role.value, _(role.label)) for role in Role]),
        Filter("state", lazy_gettext("State"), STATES),
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
    return render_template("accounts/index.html", listing=listing, now=clock.now(), Permission=Permission)


@blueprint.route("/users/new", methods=["GET", "POST"])
@requires(Permission.USER_CREATE)
def create() -> Page:
    """Create an account without rights."""
    form = _offer_departments(UserForm())
    if form.validate_on_submit():
        try:
            user = services.create_user(
                database.session(), username=text(form.username), name=text(form.name), actor=actor(), **_place(form)
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            database.commit()
            flash(_("Account created. The security administrator now grants roles and a first password."), "success")
            return redirect(url_for("accounts.show", user_id=user.id))
    return render_template("accounts/create.html", form=form)


@blueprint.route("/users/<int:user_id>/correct", methods=["GET", "POST"])
@requires(Permission.USER_CREATE)
def correct(user_id: int) -> Page:
    """Correct name and department of an account, and link it to an inspector's entry."""
    session, user = database.session(), queries.get_user(database.session(), user_id)
    linked = queries.get_linked_inspector(session, user.inspector_id).certificate_number if user.inspector_id else ""
    form = CorrectionForm(
        name=user.name,
        department=user.department.code if user.department else "",
        certificate_number=linked,
        expert_number=str(user.expert_id or ""),
    )
    _offer_departments(form)
    if form.validate_on_submit():
        try:
            changed = corrections.correct_user(
                session, user, name=text(form.name), reason=text(form.reason), actor=actor(), **_place(form)
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            message = _("Account changed.") if changed else _("Nothing was different; nothing was saved.")
            return _saved(user_id, message)
    return render_template("accounts/correct.html", form=form, user=user)


def _offer_departments(form: Any) -> Any:
    departments = [(one.code, name_of(one)) for one in list_departments(database.session())]
    form.department.choices = choices(departments, empty="—")
    return form


def _place(form: Any) -> dict[str, int | None]:
    """Return department and entry of a register that a form names, or refuse what nobody holds."""
    session, number = database.session(), text(form.certificate_number).upper().replace(" ", "")
    department = find_department(session, form.department.data)
    inspector = queries.find_inspector(session, number) if number else None
    if number and inspector is None:
        raise Invalid(
            "certificate-unknown",
            "No inspector with this certificate number is entered. The department's lead enters inspectors.",
            field="certificate_number",
        )
    return {
        "department_id": department.id if department else None,
        "inspector_id": inspector.id if inspector else None,
        "expert_id": _expert_id(text(form.expert_number)),
    }


def _expert_id(number: str) -> int | None:
    expert = find_expert(database.session(), number) if number else None
    if number and expert is None:
        raise Invalid(
            "expert-unknown",
            "The register of experts has no entry with this number. It stands on the page of the entry.",
            field="expert_number",
        )
    return expert.id if expert else None


@blueprint.get("/users/<int:user_id>")
@requires(Permission.USER_CREATE, Permission.ROLE_GRANT)
def show(user_id: int) -> Page:
    """Show one account, its roles and what was done to it."""
    return _page(queries.get_user(database.session(), user_id))


def _page(user: User, **forms: Any) -> Page:
    """Draw the page of an account; ``forms`` are those just sent and refused."""
    session = database.session()
    shown = {
        "roles_form": _roles_form(formdata=None, roles=[role.value for role in user.roles]),
        "unlock_form": UnlockForm(formdata=None, prefix="unlock"),
        "active_form": ReasonForm(formdata=None, prefix="active"),
        "sessions_form": ReasonForm(formdata=None, prefix="sessions"),
    }
    page = render_template(
        "accounts/show.html",
        user=user,
        inspector=queries.get_linked_inspector(session, user.inspector_id) if user.inspector_id else None,
        expert=get_linked_expert(session, user.expert_id) if user.expert_id else None,
        history=[(entry, changes(entry)) for entry in list_history(session, "user", user.id)],
        open_sessions=len(queries.list_sessions(session, user)),
        now=clock.now(),
        Permission=Permission,
        viewer=actor(),
        **{**shown, **forms},
    )
    return (page, 422) if forms else page


def _roles_form(**values: Any) -> RolesForm:
    form = RolesForm(prefix="roles", **values)
    form.roles.choices = choices([(role.value, _(role.label)) for role in Role])
    return form


@blueprint.post("/users/<int:user_id>/active")
@requires(Permission.USER_CREATE)
def set_active(user_id: int) -> Page:
    """Disable or enable an account."""
    user, form = queries.get_user(database.session(), user_id), ReasonForm(prefix="active")
    if not form.validate_on_submit():
        return _page(user, active_form=form)
    services.set_active(database.session(), user, active=not user.active, reason=text(form.reason), actor=actor())
    return _saved(user_id, _("Account changed."))


@blueprint.post("/users/<int:user_id>/roles")
@requires(Permission.ROLE_GRANT)
def set_roles(user_id: int) -> Page:
    """Grant exactly the chosen roles, confirmed with the administrator's own password."""
    session, user, form = database.session(), queries.get_user(database.session(), user_id), _roles_form()
    if not form.validate_on_submit() or not _confirmed(form):
        return _page(user, roles_form=form)
    chosen = frozenset(Role(value) for value in form.roles.data or [])
    try:
        services.set_roles(session, user, chosen, reason=text(form.reason), actor=actor())
    except Invalid as error:
        show_refusal(form, error)
        return _page(user, roles_form=form)
    return _saved(user_id, _("Roles changed."))


@blueprint.post("/users/<int:user_id>/unlock")
@requires(Permission.USER_UNLOCK)
def unlock(user_id: int) -> Page:
    """Lift a lock-out, perhaps with a new first password."""
    session, user, form = database.session(), queries.get_user(database.session(), user_id), UnlockForm(prefix="unlock")
    if not form.validate_on_submit() or not _confirmed(form):
        return _page(user, unlock_form=form)
    try:
        services.unlock(
            session, user, new_password=text(form.new_password) or None, reason=text(form.reason), actor=actor()
        )
    except Invalid as error:
        database.session().rollback()
        form.new_password.errors = [*form.new_password.errors, told(error)]
        return _page(user, unlock_form=form)
    return _saved(user_id, _("Account unlocked."))


@blueprint.post("/users/<int:user_id>/sessions/end")
@requires(Permission.USER_UNLOCK)
def end_sessions(user_id: int) -> Page:
    """End all sessions of somebody whose browser may be in wrong hands."""
    user, form = queries.get_user(database.session(), user_id), ReasonForm(prefix="sessions")
    if not form.validate_on_submit():
        return _page(user, sessions_form=form)
    count = ending_sessions.end_all_sessions(database.session(), user, reason=text(form.reason), actor=actor())
    return _saved(user_id, _("%(count)s sessions ended.", count=count))


def _confirmed(form: RolesForm | UnlockForm) -> bool:
    """Check the administrator's own password; a wrong one is counted like a wrong sign-in."""
    session = database.session()
    if services.confirmed(session, text(form.own_password), address=request.remote_addr or "", actor=actor()):
        return True
    database.commit()
    form.own_password.errors = [*form.own_password.errors, _("The present password is not right.")]
    return False


def _saved(user_id: int, message: str) -> BaseResponse:
    database.commit()
    flash(message, "success")
    return redirect(url_for("accounts.show", user_id=user_id))
