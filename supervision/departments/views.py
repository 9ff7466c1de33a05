"""The district's departments: everybody signed in reads, the system administrator corrects names."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from supervision.audit.queries import list_history
from supervision.departments import queries, register, services
from supervision.departments.forms import DepartmentForm, NewDepartmentForm, StateForm
from supervision.errors import DomainError
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires, signed_in
from supervision.web.forms import show_refusal, small_number, text
from supervision.web.panels import shown_panels

blueprint = Blueprint("departments", __name__, url_prefix="/departments")
Page = str | BaseResponse


@blueprint.get("/")
@signed_in
def index() -> str:
    """List the departments."""
    editable = actor().may(Permission.DEPARTMENT_EDIT)
    shown = queries.list_register if editable else queries.list_departments
    return render_template("departments/index.html", departments=shown(database.session()), editable=editable)


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.DEPARTMENT_EDIT)
def create() -> Page:
    """Enter a department."""
    form = NewDepartmentForm()
    if form.validate_on_submit():
        try:
            register.create_department(
                database.session(), text(form.code), **_facts(form), reason=text(form.reason), actor=actor()
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            return _saved(_("Department entered."))
    return render_template("departments/create.html", form=form)


@blueprint.route("/<code>/state", methods=["GET", "POST"])
@requires(Permission.DEPARTMENT_EDIT)
def change_state(code: str) -> Page:
    """Suspend a department, or take it into use again."""
    department = queries.get_department(database.session(), code)
    form = StateForm(version=str(department.version))
    # the person decided on what the page said; another state meanwhile is another version
    active = not department.active
    if form.validate_on_submit():
        try:
            register.set_active(
                database.session(),
                department,
                active=active,
                reason=text(form.reason),
                version=small_number(text(form.version)) or 0,
                actor=actor(),
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            return _saved(_("Department resumed.") if active else _("Department suspended."))
    history = list_history(database.session(), "department", code)
    panels = shown_panels("department", actor(), department)
    return render_template("departments/state.html", form=form, department=department, history=history, panels=panels)


@blueprint.route("/<code>/edit", methods=["GET", "POST"])
@requires(Permission.DEPARTMENT_EDIT)
def edit(code: str) -> Page:
    """Correct a department's names."""
    department = queries.get_department(database.session(), code)
    form = DepartmentForm(obj=department)
    if form.validate_on_submit():
        try:
            services.rename_department(
                database.session(),
                department,
                **_facts(form),
                version=small_number(text(form.version)) or 0,
                actor=actor(),
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            return _saved(_("Department changed."))
    history = list_history(database.session(), "department", code)
    return render_template("departments/form.html", form=form, department=department, history=history)


def _facts(form: DepartmentForm) -> dict[str, str]:
    return {
        "name_zh": text(form.name_zh),
        "name_en": text(form.name_en),
        "fields": text(form["fields"]),
        "phone": text(form.phone),
    }


def _saved(message: str) -> BaseResponse:
    database.commit()
    flash(message, "success")
    return redirect(url_for("departments.index"))
