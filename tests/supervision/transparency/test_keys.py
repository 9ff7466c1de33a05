"""The private key of the log: a file that does not fit is refused by name, and no key in use is overwritten by it."""

from collections.abc import Callable

import pytest

from sampling.note_signing import Signer
from sampling.signed_notes import ED25519
from supervision.errors import RuleBroken
from supervision.transparency import services
from tests.pages import Browser
from tests.supervision.draws.world import World
from tests.supervision.transparency.conftest import Log


def test_another_key_in_the_folder_is_refused_with_the_names_of_both(
    world: World, log: Log, browse: Browser, run: Callable[..., tuple[int, str]]
) -> None:
    world.committed()
    log.sign()
    right = log.keyring.signer()
    assert right is not None
    wrong = Signer.generate(log.keyring.origin, kind=ED25519)
    (log.keyring.folder / "log.key").write_text(wrong.to_text() + "\n", "utf-8")
    services.log_register(log.session, region="310106")
    with pytest.raises(RuleBroken) as refused:
        log.sign()
    assert refused.value.parameters == {"expected": right.verifier_key, "found": wrong.verifier_key}
    code, said = run("checkpoint")
    assert code != 0
    for key in (right.verifier_key, wrong.verifier_key):
        assert key in said
        assert key in browse().get("/log/").text.replace("&#43;", "+")
    (log.keyring.folder / "log.key").unlink()
    code, said = run("checkpoint")
    assert right.verifier_key in said
    assert "应为密钥" in said


def test_no_other_key_than_the_expected_one_takes_over(world: World, log: Log) -> None:
    world.committed()
    log.sign()
    before = log.keyring.signer()
    stray = log.keyring.new_signer()
    expected = log.keyring.new_signer()
    log.keyring.put_aside(stray)
    with pytest.raises(RuleBroken, match="Expected is the key") as refused:
        log.keyring.take_over(expected.verifier_key)
    assert refused.value.parameters["expected"] == expected.verifier_key
    assert before is not None
    assert log.keyring.signer() == before
    log.keyring.take_over(before.verifier_key)  # another server was quicker: nothing is left to do
    log.keyring.take_over(stray.verifier_key)
    assert log.keyring.signer() == stray
