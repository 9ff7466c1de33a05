"""A job's page with its progress, and the system administrator's list."""

from pathlib import Path

from flask import Blueprint, current_app, make_response, render_template, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from supervision import clock
from supervision.jobs import handlers, queries
from supervision.jobs.models import Job
from supervision.jobs.notes import read_note
from supervision.jobs.rules import ENDED, PATIENCE, JobState
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires, signed_in
from supervision.web.listing import Column, Filter, Listing, read_query

blueprint = Blueprint("jobs", __name__, url_prefix="/jobs")


@blueprint.get("/")
@requires(Permission.JOB_VIEW)
def index() -> str:
    """List all jobs, newest first."""
    filters = [
        Filter("state", lazy_gettext("State"), [(state.value, gettext(state.label)) for state in JobState]),
        Filter("kind", lazy_gettext("Work"), [(one.kind, gettext(one.label)) for one in handlers.kinds()]),
    ]
    query = read_query(filters)
    listing = Listing(
        query,
        queries.list_jobs(database.session(), actor(), query),
        [
            Column("id", lazy_gettext("No."), True, True),
            Column("kind", lazy_gettext("Work")),
            Column("state", lazy_gettext("State")),
            Column("created", lazy_gettext("Asked for"), True),
            Column("finished", lazy_gettext("Ended at"), True),
            Column("attempts", lazy_gettext("Attempts"), False, True),
        ],
        filters,
    )
    return render_template("jobs/index.html", listing=listing, label_of=label_of)


@blueprint.get("/<int:job_id>")
@signed_in
def show(job_id: int) -> str:
    """Show one job to its owner or the system administrator."""
    job = queries.get_job(database.session(), actor(), job_id)
    return render_template("jobs/show.html", job=job, own=job.created_by == actor().user_id, **shown(job))


@blueprint.get("/<int:job_id>/progress")
@signed_in
def progress(job_id: int) -> Response:
    """Return the progress alone, for the page that polls it; ask for a reload when the job has ended."""
    job = queries.get_job(database.session(), actor(), job_id)
    response = make_response(render_template("jobs/progress.html", job=job, **shown(job)))
    if job.state in ENDED:
        response.headers["HX-Refresh"] = "true"
    return response


def shown(job: Job) -> dict[str, object]:
    """Return what ``jobs/progress.html`` needs beside the job."""
    note = read_note(Path(current_app.instance_path), job.id) if job.state is JobState.RUNNING else None
    done, total = note or (job.done, job.total)
    return {
        "job_label": label_of(job),
        "job_done": done,
        "job_total": total,
        "job_ended": job.state in ENDED,
        "job_stuck": job.state is JobState.QUEUED and clock.now() - job.created_at > PATIENCE,
        "job_refusal": gettext(job.message, **(job.result or {}).get("parameters", {})) if job.message else "",
        "job_link": link_of(job),
    }


def label_of(job: Job) -> str:
    """Return what the job does, in words."""
    handler = handlers.find(job.kind)
    return str(gettext(handler.label)) if handler else job.kind


def link_of(job: Job) -> str:
    """Return the address where the job's outcome is shown, empty when there is none."""
    handler = handlers.find(job.kind)
    if handler is None or handler.link is None or handler.link[1] not in job.arguments:
        return ""
    endpoint, argument = handler.link
    return url_for(endpoint, **{argument: job.arguments[argument]})
