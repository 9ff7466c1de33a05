"""The district's departments: everybody signed in reads, the system administrator corrects names."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from supervision.audit.queries import list_history
from supervision.departments import queries, services
from supervision.departments.forms import DepartmentForm
from supervision.errors import DomainError
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires, signed_in
from supervision.web.forms import show_refusal, text

blueprint = Blueprint("departments", __name__, url_prefix="/departments")
Page = str | BaseResponse


@blueprint.get("/")
@signed_in
def index() -> str:
    """List the departments."""
    return render_template(
        "departments/index.html",
        departments=queries.list_departments(database.session()),
        editable=actor().may(Permission.DEPARTMENT_EDIT),
    )


@blueprint.route("/<code>/edit", methods=["GET", "POST"])
@requires(Permission.DEPARTMENT_EDIT)
def edit(code: str) -> Page:
    """Correct a department's names."""
    department = queries.get_department(database.session(), code)
    form = DepartmentForm(obj=department)
    if form.validate_on_submit():
        seen = text(form.version)
        try:
            services.rename_department(
                database.session(),
                department,
                name_zh=text(form.name_zh),
                name_en=text(form.name_en),
                fields=text(form["fields"]),
                phone=text(form.phone),
                version=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0,
                actor=actor(),
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            database.commit()
            flash(_("Department changed."), "success")
            return redirect(url_for("departments.index"))
    history = list_history(database.session(), "department", code)
    return render_template("departments/form.html", form=form, department=department, history=history)
