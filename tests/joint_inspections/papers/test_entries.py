"""Writing down questionings, inquests and samplings: versions, two officers, signatures and refusals."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from joint_inspections.papers import entries, services
from joint_inspections.papers.models import EntrySigning, SiteEntry
from joint_inspections.papers.queries import get_entry, list_entries
from joint_inspections.papers.rules import WRITTEN, PaperKind, SignedState, Standing
from joint_inspections.visits.models import Visit
from tests.joint_inspections.conftest import District, refused
from tests.joint_inspections.papers.conftest import issue, team_of, write, written

QUESTIONING = PaperKind.QUESTIONING


@pytest.fixture
def visit(drawn: District) -> Visit:
    """A visit at the door."""
    drawn.begin(drawn.visit)
    return drawn.visit


def save(drawn: District, visit: Visit, **changes: object) -> SiteEntry:
    """Save a questioning with something unusual about it."""
    said = written(visit, drawn.lead, QUESTIONING, **changes)  # type: ignore[arg-type]
    actor = drawn.inspector(team_of(visit, drawn.lead)[0])
    return entries.save_entry(drawn.session, visit, QUESTIONING, said, entry_no=0, base=0, reason="", actor=actor)


def sign(drawn: District, visit: Visit, entry: SiteEntry, **changes: object) -> EntrySigning:
    """Note that the person signed, unless ``changes`` say otherwise."""
    values: dict[str, object] = {
        "state": SignedState.SIGNED,
        "name": "王经理",
        "note": "",
        "second_id": None,
        "seen": entry.digest,
        "actor": drawn.inspector(team_of(visit, drawn.lead)[0]),
    }
    return entries.sign_entry(drawn.session, visit, entry, **{**values, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", WRITTEN)
def test_every_save_is_a_version_and_the_same_again_is_none(drawn: District, visit: Visit, kind: PaperKind) -> None:
    first = write(drawn, visit, kind)
    second = write(drawn, visit, kind, entry_no=1, base=1, place="另一处")
    assert (first.entry_no, first.version_no, second.version_no) == (1, 1, 2)
    assert json.loads(first.content)["place"] != json.loads(second.content)["place"]
    assert write(drawn, visit, kind).entry_no == 2
    assert get_entry(drawn.session, visit, kind, 1).id == second.id
    assert [one.version_no for one in list_entries(drawn.session, visit) if one.entry_no == 1] == [2, 1]


def test_nobody_passes_over_a_colleague_s_version(drawn: District, visit: Visit) -> None:
    write(drawn, visit, QUESTIONING)
    write(drawn, visit, QUESTIONING, entry_no=1, base=1, place="门口")
    with refused("entry-changed"):
        write(drawn, visit, QUESTIONING, entry_no=1, base=1, place="仓库")


def test_two_inspectors_of_the_department_are_needed(drawn: District, visit: Visit) -> None:
    said = written(visit, drawn.lead, QUESTIONING)
    first, second = said.officers
    stranger = team_of(visit, drawn.other)[0].inspector_id
    actor = drawn.inspector(team_of(visit, drawn.lead)[0])
    for officers, code in (((first, first), "one-officer"), ((second, stranger), "officer-unknown")):
        changed = entries.Written(said.started_at, said.ended_at, officers, said.fields, said.rows)
        with refused(code):
            entries.save_entry(drawn.session, visit, QUESTIONING, changed, entry_no=0, base=0, reason="", actor=actor)


def test_impossible_times_and_empty_rows_are_refused(drawn: District, visit: Visit) -> None:
    with refused("ends-before-start"):
        save(drawn, visit, ended=timedelta(minutes=-5))
    with refused("not-over"):
        save(drawn, visit, ended=timedelta(hours=2))
    with refused("no-rows"):
        save(drawn, visit, rows=[{"question": "", "answer": ""}])


def test_records_are_written_by_the_team_while_it_is_there(drawn: District, visit: Visit) -> None:
    session = drawn.session
    entry = write(drawn, visit, QUESTIONING)
    said = written(visit, drawn.other, QUESTIONING)
    other = drawn.inspector(team_of(visit, drawn.other)[0])
    with refused("other-department"):
        entries.save_entry(session, visit, QUESTIONING, said, entry_no=1, base=1, reason="", actor=other)
    with refused("other-department"):
        sign(drawn, visit, entry, actor=other)
    visit.state = visit.state.__class__("accepted")
    with refused("not-recording"):
        write(drawn, visit, QUESTIONING)


def test_after_a_signature_another_version_needs_a_reason(drawn: District, visit: Visit) -> None:
    entry = write(drawn, visit, QUESTIONING)
    with refused("entry-changed"):
        sign(drawn, visit, entry, seen="of another version")
    sign(drawn, visit, entry)
    with refused("entry-signed"):
        sign(drawn, visit, entry)
    with refused("reason-needed"):
        write(drawn, visit, QUESTIONING, entry_no=1, base=1, place="门口")
    second = write(drawn, visit, QUESTIONING, entry_no=1, base=1, place="门口", reason="当事人补充")
    assert second.signing is None
    assert entry.signing is not None


def test_a_refusal_is_noted_by_two_officers_and_stands_on_the_next_paper(drawn: District, visit: Visit) -> None:
    session = drawn.session
    entry = write(drawn, visit, QUESTIONING)
    own, second = (one.inspector_id for one in team_of(visit, drawn.lead)[:2])
    actor = drawn.inspector(team_of(visit, drawn.lead)[0])
    before = issue(session, visit, "questioning:1", actor)
    with refused("note-needed"):
        sign(drawn, visit, entry, state=SignedState.REFUSED)
    with refused("second-officer"):
        sign(drawn, visit, entry, state=SignedState.REFUSED, note="不认可", second_id=own)
    sign(drawn, visit, entry, state=SignedState.REFUSED, note="不认可笔录", second_id=second)
    session.expire_all()
    assert services.standing(session, before) is Standing.CHANGED
    assert "不认可笔录" in str(issue(session, visit, "questioning:1", actor).facts)


def test_a_signature_on_the_print_leaves_the_printed_paper_as_it_is(drawn: District, visit: Visit) -> None:
    entry = write(drawn, visit, PaperKind.SAMPLING)
    paper = issue(drawn.session, visit, "sampling:1", drawn.inspector(team_of(visit, drawn.lead)[0]))
    sign(drawn, visit, entry)
    drawn.session.expire_all()
    assert services.standing(drawn.session, paper) is Standing.HOLDS


@pytest.mark.parametrize("table", [SiteEntry, EntrySigning])
def test_what_was_written_is_never_changed(drawn: District, visit: Visit, table: type[SiteEntry]) -> None:
    sign(drawn, visit, write(drawn, visit, QUESTIONING))
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), drawn.session.begin_nested():
        drawn.session.execute(sa.delete(table))
