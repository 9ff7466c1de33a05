"""Commands speak Chinese and English, and tell what is wrong with an installation in one line."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask
from sqlalchemy.orm import Session

from supervision.config import PROJECT, Config, SettingError
from supervision.web.commands import GROUPS, UNPREPARED, all_commands, both, in_both, one_line, translate_help
from tests.conftest import SECRET
from wsgi import create_app


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Flask]:
    """An installation whose database nobody has prepared."""
    yield from installation(tmp_path, f"sqlite:///{tmp_path / 'bare.sqlite3'}")


def installation(folder: Path, url: str) -> Iterator[Flask]:
    app = create_app(Config(instance=folder, database_url=url, secret_key=SECRET, testing=True))
    yield app
    app.extensions["engine"].dispose()


@pytest.mark.parametrize(
    "command",
    ["audit verify", "draws expire", "ground load", "imports clean", "jobs work --once", "punishments end-due",
     "accounts create-administrators", "serve --port 8499"],
)  # fmt: skip
def test_a_database_that_is_not_prepared_is_named_with_the_commands_that_prepare_it(bare: Flask, command: str) -> None:
    result = bare.test_cli_runner().invoke(args=command.split())
    assert result.exit_code == 1
    assert result.output.count("\n") == 1, result.output
    assert "flask db upgrade" in result.output
    assert "尚未" in result.output


@pytest.mark.parametrize("content", [None, b"no database at all, though long enough to be read as one" * 20])
def test_a_database_that_cannot_be_opened_is_told_in_one_line(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "nowhere" / "x.sqlite3"
    if content:
        path.parent.mkdir()
        path.write_bytes(content)
    for app in installation(tmp_path, f"sqlite:///{path}"):
        result = app.test_cli_runner().invoke(args=["audit", "verify"])
        assert (result.exit_code, result.output.count("\n")) == (1, 1), result.output
        assert "DATABASE_URL" in result.output


def test_a_file_that_cannot_be_written_is_named(app: Flask, session: Session) -> None:
    result = app.test_cli_runner().invoke(args=["draws", "export", "none", "--to", "/nowhere/x.zip"])
    assert (result.exit_code, result.output.count("\n")) == (1, 1), result.output


@pytest.mark.parametrize(
    ("name", "value"),
    [("DATABASE_URL", "mysql://u:secret-word@h/d"), ("PROXY_HOPS", "two"), ("INSTANCE_PATH", __file__)],
)
def test_a_setting_that_cannot_work_is_named_without_a_traceback(tmp_path: Path, name: str, value: str) -> None:
    settings = {**os.environ, "INSTANCE_PATH": str(tmp_path), name: value, "FLASK_APP": "wsgi:create_app"}
    told = subprocess.run(
        [sys.executable, "-m", "flask", "audit", "verify"],
        cwd=PROJECT,
        env=settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 1
    assert told.stderr.count("\n") == 1, told.stderr
    assert name in told.stderr
    assert "secret-word" not in told.stderr


def test_a_key_that_is_too_short_is_a_wrong_setting(tmp_path: Path) -> None:
    with pytest.raises(SettingError):
        Config(instance=tmp_path, database_url="sqlite://", secret_key="short")


def test_every_command_and_option_is_explained_in_both_languages(app: Flask) -> None:
    with app.app_context():
        translate_help(app.cli)
        translate_help(app.cli)
        for command in all_commands(app.cli):
            texts = [command.help, *(one.help for one in command.params if isinstance(one, click.Option))]
            assert command.help, command.name
            for text in filter(None, texts):
                assert not text.isascii(), f"{command.name}: {one_line(text)}"
        assert set(GROUPS) == {name for name, one in app.cli.commands.items() if isinstance(one, click.Group)}
        assert in_both(UNPREPARED)[0] != UNPREPARED
        assert both("never translated") == "never translated"


def test_a_demonstration_never_replaces_a_database_that_is_not_one(tmp_path: Path) -> None:
    path = tmp_path / "real.sqlite3"
    with sqlite3.connect(path) as real:
        real.execute("CREATE TABLE kept (id INTEGER)")
    for app in installation(tmp_path, f"sqlite:///{path}"):
        result = app.test_cli_runner().invoke(args=["demo", "load", "--scale", "0.02"])
        assert result.exit_code == 1
        assert "可能存有真实数据" in result.output
    with sqlite3.connect(path) as real:
        assert real.execute("SELECT count(*) FROM kept").fetchone() == (0,)


@pytest.mark.parametrize(
    "content", ["code,name_zh\nA,甲\n".encode(), "code,name_zh,name_en\nA,甲,a\n".encode("gb18030")]
)
def test_a_district_folder_that_cannot_be_read_is_named(
    app: Flask, session: Session, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "departments.csv").write_bytes(content)
    result = app.test_cli_runner().invoke(args=["ground", "load", "--district", str(tmp_path)])
    assert (result.exit_code, result.output.count("\n")) == (1, 1), result.output
    assert "UTF-8" in result.output
