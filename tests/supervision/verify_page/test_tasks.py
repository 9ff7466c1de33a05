"""What the page's engine makes of chosen files, and what it tells one enterprise."""

import io
import json
import zipfile
from collections.abc import Mapping

import pytest

from sampling.bundle import Bundle
from sampling.unit_facts import explain_unit
from sampling.verification import verify_files
from tests.sampling.bundle_making import least_case, random_case
from tests.sampling.log_making import drawn_files
from tests.supervision.verify_page.conftest import Engine


def zipped(files: Mapping[str, bytes], folder: str = "310106-2026-0007/") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(f"{folder}{name}", data)
    return buffer.getvalue()


def test_a_zip_file_and_a_folder_are_read_alike(engine: Engine) -> None:
    files = drawn_files()
    packed = engine.check(("b.zip", zipped(files)))
    loose = engine.check(*((f"b/{name}", data) for name, data in files.items()))
    assert packed == loose
    assert packed["report"] == json.loads(verify_files(files).to_json())


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"PK\x03\x04" + b"\0" * 40, "bundle-unreadable"),
        (zipped({"commitment.json": b"0" * 50_000_000}), "bundle-suspicious"),
        (zipped({"a/rules.json": b"{}", "b/rules.json": b"{}"}, ""), "bundle-file-twice"),
        (zipped({f"{n}": b"" for n in range(1001)}, ""), "bundle-too-many-files"),
        (zipped({"other.txt": b"x"}), "file-missing"),
    ],
)
def test_an_unusable_zip_file_is_named_as_python_names_it(engine: Engine, data: bytes, code: str) -> None:
    report = engine.check(("b.zip", data))["report"]
    assert (report["exit_code"], report["findings"][0]["code"]) == (2, code)


def test_a_malformed_trusted_key_is_refused(engine: Engine) -> None:
    refused = engine.check(("b.zip", zipped(drawn_files())), keys="nonsense")
    assert refused["code"] == "key-malformed"


@pytest.mark.parametrize("number", [None, 0, 2, 5])
def test_every_unit_is_told_what_python_tells_it(engine: Engine, number: int | None) -> None:
    files = drawn_files(least_case() if number is None else random_case(number))
    bundle = Bundle.from_files(files)
    engine.check(("b.zip", zipped(files)))
    for unit in (*bundle.frame.units, *bundle.excluded.units, "NOBODY"):
        found, expected = engine.run("lookUp", code=unit), explain_unit(bundle, unit)
        assert found["file"] == expected.file
        if expected.file is None:
            continue
        assert (found["line"], found["lineNumber"], found["size"]) == (
            expected.line, expected.line_number, expected.size,
        )  # fmt: skip
        assert tuple(step["neighbor"] for step in found["steps"]) == expected.proof
        assert found["head"] == found["root"] == expected.root
        assert found["agrees"]
        assert found["reason"] == expected.reason
        if expected.place:
            place = found["place"]
            assert (place["stratum"], place["ticket"], place["rank"], place["selected"], place["size"]) == (
                expected.place.stratum, expected.place.ticket, expected.place.rank, expected.place.selected,
                expected.place.size,
            )  # fmt: skip
            assert place["cutOff"] == expected.place.cut_off
            later = expected.place.later
            assert (place["later"] or {}).get("kind") == (later.kind if later else None)


def test_a_code_is_found_however_it_was_typed(engine: Engine) -> None:
    engine.check(("b.zip", zipped(drawn_files())))
    assert engine.run("lookUp", code=" u 1\n")["unit"] == "U1"
