"""Evidence on pages: added without JavaScript, looked at without what the camera wrote, handed out with a note."""

import io
import re
from uuid import uuid4

import pytest
from PIL import Image
from sqlalchemy.orm import Session

from joint_inspections.evidence.queries import list_attachments, list_samples
from joint_inspections.visits.models import Visit
from supervision.audit.queries import list_history
from supervision.permissions import Role
from tests.joint_inspections.conftest import District
from tests.joint_inspections.evidence.files import paper, photo
from tests.joint_inspections.evidence.test_attachments import put
from tests.pages import Browser, Visitor

SAYS = {
    "zh": {"before": "该照片曾经出现过", "other": "其他检查组的检查", "added": "已添加 2 个文件", "wrong": "未添加"},
    "en": {"before": "This photo was seen before", "other": "a visit of another team", "added": "Files added: 2",
           "wrong": "was not added"},
}  # fmt: skip


@pytest.fixture
def visit(drawn: District) -> Visit:
    drawn.begin(drawn.visit)
    return drawn.visit


def sent(data: bytes, name: str = "a.jpg", kind: str = "image/jpeg") -> tuple[io.BytesIO, str, str]:
    return io.BytesIO(data), name, kind


def inspector(district: District, visit: Visit, browse: Browser, *, language: str = "en") -> Visitor:
    assert visit.leader is not None
    return browse(district.inspector_user(visit.leader), language=language)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_several_files_at_once_each_for_itself_and_what_is_wrong_is_named(
    session: Session, drawn: District, visit: Visit, browse: Browser, language: str
) -> None:
    person, page = inspector(drawn, visit, browse, language=language), f"/visits/{visit.id}/evidence/"
    row = drawn.sections(visit)[0]
    place = f"{row.id}-{row.item_results[0].item_id}"
    files = [sent(photo(41), "../../evil.php"), sent(b"<script>alert(1)</script>", "x.jpg"), sent(paper(), "b.pdf", "")]
    person.post(page, {"files": files, "place": place, "caption": "<b>后厨</b>"}, content_type="multipart/form-data")
    text = person.get(page).text
    assert SAYS[language]["added"] in text
    assert SAYS[language]["wrong"] in text
    assert "<script>alert" not in text
    assert "&lt;b&gt;后厨" in text
    kept = list_attachments(session, visit)
    assert [one.purpose.value for one in kept] == ["photo", "document"]
    for address in (f"/visits/{visit.id}/form", f"/visits/{visit.id}", f"/visits/{visit.id}/signatures/"):
        assert kept[0].id in person.get(address).text
    for one in kept:
        person.get(f"{page}{one.id}")
    assert person.post(page, {"place": place}, status=422)
    assert person.post(page, {"files": [sent(photo(41))], "place": "999-999"}, status=422)


def test_copies_hide_what_the_camera_wrote_and_originals_are_handed_out_with_a_note(
    session: Session, drawn: District, visit: Visit, browse: Browser
) -> None:
    one = put(drawn, visit, photo(42))
    person, address = inspector(drawn, visit, browse), f"/visits/{visit.id}/evidence/{one.id}"
    for kind in ("view", "thumb"):
        answer = person.get(f"{address}/{kind}.jpg")
        assert answer.mimetype == "image/jpeg"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert b"Canary" not in answer.data
        with Image.open(io.BytesIO(answer.data)) as opened:
            assert not opened.getexif()
    original = person.get(f"{address}/original")
    assert original.data == photo(42)
    assert original.headers["Content-Disposition"].startswith("attachment")
    entry = list_history(session, "evidence_original", f"{visit.number}-{one.number}")[0]
    assert entry.details["sha256"] == one.sha256
    person.get(f"{address}/other.jpg", status=404)
    person.get(f"/visits/{visit.id}/evidence/{uuid4()}", status=404)


def test_who_may_not_know_of_the_visit_learns_nothing_of_its_files(
    drawn: District, visit: Visit, browse: Browser
) -> None:
    one = put(drawn, visit, photo(43))
    page = f"/visits/{visit.id}/evidence/"
    addresses = [page, f"{page}{one.id}", f"{page}{one.id}/view.jpg", f"{page}{one.id}/original"]
    stranger = browse(drawn.make.user(Role.INSPECTOR, department=drawn.make.department()))
    for address in addresses:
        stranger.get(address, status=404)
    admin = browse(drawn.make.user(Role.SYSTEM_ADMIN, department=drawn.lead))
    for address in addresses:
        admin.get(address, status=403)
        assert browse().get(address, status=302).location.startswith("/sign-in")
    second = drawn.visits[1]
    drawn.begin(second)
    head = browse(drawn.user(Role.HEAD))
    head.get(f"/visits/{second.id}/evidence/{one.id}", status=404)
    for address in addresses:
        head.get(address)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_photo_seen_before_is_shown_to_team_and_reviewer_and_names_no_visit_they_may_not_know(
    drawn: District, browse: Browser, language: str
) -> None:
    first, second = drawn.visits[:2]
    for visit in (first, second):
        drawn.begin(visit)
    put(drawn, first, photo(44))
    one = put(drawn, second, photo(44))
    address = f"/visits/{second.id}/evidence/{one.id}"
    text = inspector(drawn, second, browse, language=language).get(address).text
    assert SAYS[language]["before"] in text
    head = browse(drawn.user(Role.HEAD), language=language).get(address).text
    assert str(first.number) in head
    if not any(mate.inspector_id == second.leader.inspector_id for mate in first.team_now):  # type: ignore[union-attr]
        assert SAYS[language]["other"] in text
        assert str(first.number) not in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_files_are_taken_out_with_a_reason_and_samples_recorded_and_reported_on(
    session: Session, drawn: District, visit: Visit, browse: Browser, language: str
) -> None:
    one = put(drawn, visit, photo(45))
    person, page = inspector(drawn, visit, browse, language=language), f"/visits/{visit.id}/evidence/"
    person.post(f"{page}{one.id}/removal", {"reason": ""}, page=f"{page}{one.id}", status=422)
    person.post(f"{page}{one.id}/removal", {"reason": "拍错了"}, page=f"{page}{one.id}")
    assert "拍错了" in person.get(page).text
    row = drawn.sections(visit)[0]
    said = {"sample_place": f"{row.id}-{row.item_results[0].item_id}", "what": "食用油", "amount": "2瓶", "sealed": "y",
            "seal_number": "F-1", "given_to": "检验所"}  # fmt: skip
    samples = f"/visits/{visit.id}/samples/"
    person.post(samples, {**said, "seal_number": ""}, page=page, status=422)
    person.post(samples, said, page=page)
    person.post(samples, {**said, "what": "重复"}, page=page)
    session.expire_all()
    sample, wrong = list_samples(session, visit)
    person.post(f"{samples}{wrong.id}/withdrawal", {"reason": "重复登记"}, page=page)
    report = {"laboratory": "检验所", "report_number": "J-1", "reported_on": "2026-01-02", "verdict": "failed",
              "summary": "超标"}  # fmt: skip
    address = f"{samples}{sample.id}/results"
    person.post(address, report, status=422)
    person.post(address, {**report, "file": sent(paper("report"), "r.pdf", "application/pdf")})
    text = person.get(page).text
    assert "J-1" in text
    assert "重复登记" in text
    found = re.search(rf"{samples}{sample.id}/results/\d+/report", text)
    assert found
    assert person.get(found.group(0)).data == paper("report")
    mate = next(member for member in visit.team_now if member.department_id != drawn.lead.id)
    browse(drawn.inspector_user(mate)).get(address, status=403)
