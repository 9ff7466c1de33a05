"""What the guide of deployment names exists, and serving refuses what cannot work."""

import re
import socket

import pytest
import sqlalchemy as sa
from click import Group
from flask import Flask
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from supervision.config import PROJECT

GUIDE = PROJECT / "docs" / "deployment.md"


def test_every_command_of_the_guide_exists(app: Flask) -> None:
    named = set(re.findall(r"(?:flask|ops\.sh) ([a-z]+)((?: [a-z][a-z-]+)?)", GUIDE.read_text(encoding="utf-8")))
    assert len(named) > 8
    for name, sub in named:
        command = app.cli.commands[name]
        if isinstance(command, Group):
            assert sub.strip() in command.commands, f"flask {name}{sub}"


def test_every_setting_of_the_guide_is_read() -> None:
    source = (PROJECT / "supervision" / "config.py").read_text(encoding="utf-8")
    rows = [row for row in GUIDE.read_text(encoding="utf-8").splitlines() if row.startswith("| `")]
    names = {name for row in rows for name in re.findall(r"`([A-Z_]{5,})", row.split("|")[1])}
    assert "DATABASE_URL" in names
    assert all(f'"{name}"' in source for name in names)


def test_addresses_that_are_keys_stand_in_no_log_of_the_guide() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    for path in ("/witness/", "/notices/check/"):
        places = [part.partition("}")[0] for part in guide.split("location ") if path in part.partition("{")[0]]
        assert places, path
        assert all("access_log off;" in one and "error_log /dev/null;" in one for one in places), path


def test_an_error_of_the_database_carries_no_names_into_the_log(session: Session) -> None:
    with pytest.raises(DBAPIError) as refused, session.begin_nested():
        session.execute(sa.text("INSERT INTO nothing (name) VALUES (:name)"), {"name": "汪守密"})
    assert "汪守密" not in str(refused.value)


def test_a_port_in_use_is_refused_before_anything_starts(app: Flask) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = app.test_cli_runner().invoke(args=["serve", "--port", str(taken.getsockname()[1])])
    assert result.exit_code == 1
    assert "cannot be used" in result.output
