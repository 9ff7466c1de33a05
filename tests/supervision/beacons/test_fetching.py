"""Fetching asks one address over TLS and follows nothing."""

import ssl
from collections.abc import Iterator

import pytest

from supervision.beacons import fetching
from supervision.beacons.evidence import LONGEST_EVIDENCE
from supervision.beacons.fetching import fetch
from supervision.errors import RuleBroken
from tests.supervision.beacons.local_source import LocalSource, serving


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSource]:
    """A source with a certificate of its own."""
    with serving(tmp_path_factory.mktemp("source")) as found:
        found.answers |= {
            "/round": (200, b'{"round": 1}'),
            "/moved": (302, b""),
            "/missing": (404, b"{}"),
            "/long": (200, b"x" * (LONGEST_EVIDENCE + 1)),
            "/binary": (200, b"\xff\xfe"),
        }
        found.silent.add("/silent")
        found.dripping.add("/dripping")
        yield found


@pytest.fixture
def trusted(source: LocalSource) -> ssl.SSLContext:
    """A context that trusts the source."""
    return ssl.create_default_context(cafile=str(source.certificate))


def test_an_answer_is_taken_as_it_is(source: LocalSource, trusted: ssl.SSLContext) -> None:
    assert fetch(f"{source.address}/round", context=trusted) == '{"round": 1}'


@pytest.mark.parametrize("path", ["/moved", "/missing", "/long", "/binary"])
def test_nothing_is_followed_and_nothing_odd_taken(source: LocalSource, trusted: ssl.SSLContext, path: str) -> None:
    source.asked.clear()
    with pytest.raises(RuleBroken, check=lambda error: error.code == "fetch-failed"):
        fetch(f"{source.address}{path}", context=trusted)
    assert source.asked == [path]


@pytest.mark.parametrize("path", ["/silent", "/dripping"])
def test_a_source_that_never_ends_its_answer_is_left(
    source: LocalSource, trusted: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(fetching, "SECONDS", 0.5)
    with pytest.raises(RuleBroken, check=lambda error: error.code == "fetch-failed"):
        fetch(f"{source.address}{path}", context=trusted)


def test_a_source_that_nobody_vouches_for_is_not_believed(source: LocalSource) -> None:
    with pytest.raises(RuleBroken):
        fetch(f"{source.address}/round")


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/round", "file:///etc/passwd", "https://", "https://127.0.0.1:1/", "https://127.0.0.1:x/",
        "https://[::1/",        f"https://{'x' * 64}.example/",
    ],
)  # fmt: skip
def test_only_https_to_a_host_that_answers(address: str) -> None:
    with pytest.raises(RuleBroken):
        fetch(address)
