"""The register of tags: everybody in business reads it, the coordinator adds tags and says which are public."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from supervision.audit.queries import list_history
from supervision.entities import tag_services as services
from supervision.entities.forms import NewTagForm, TagForm
from supervision.errors import DomainError
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import show_refusal, text

blueprint = Blueprint("tags", __name__, url_prefix="/tags")
Page = str | BaseResponse


@blueprint.get("/")
@requires(Permission.REGISTRY_VIEW)
def index() -> str:
    """List the tags, how many entities bear each, and whether they may be named outside."""
    return render_template(
        "entities/tags.html",
        tags=services.list_tags_with_counts(database.session()),
        editable=actor().may(Permission.PARAMETER_EDIT),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.PARAMETER_EDIT)
def add() -> Page:
    """Add a tag."""
    form = NewTagForm()
    if form.validate_on_submit():
        try:
            services.add_tag(
                database.session(),
                text(form.code),
                name_zh=text(form.name_zh),
                name_en=text(form.name_en),
                public=bool(form.public.data),
                reason=text(form.reason),
                actor=actor(),
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            return _saved(_("Tag added."))
    return render_template("entities/tag_form.html", form=form, tag=None, history=[])


@blueprint.route("/<code>", methods=["GET", "POST"])
@requires(Permission.PARAMETER_EDIT)
def edit(code: str) -> Page:
    """Change a tag's names, or open it to the public, with a reason."""
    session = database.session()
    tag = services.get_tag(session, code)
    form = TagForm(obj=tag)
    if form.validate_on_submit():
        seen = text(form.version)
        try:
            services.change_tag(
                session,
                tag,
                name_zh=text(form.name_zh),
                name_en=text(form.name_en),
                public=bool(form.public.data),
                reason=text(form.reason),
                version=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0,
                actor=actor(),
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            return _saved(_("Tag changed."))
    return render_template("entities/tag_form.html", form=form, tag=tag, history=list_history(session, "tag", tag.code))


def _saved(message: str) -> BaseResponse:
    database.commit()
    flash(message, "success")
    return redirect(url_for("tags.index"))
