"""Settings, read once from the environment; secrets live in files of the instance folder, never in code."""

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

import click

PROJECT = Path(__file__).resolve().parent.parent


DATABASES = ("postgresql+psycopg://", "sqlite:///")


class SettingError(click.ClickException, ValueError):
    """A setting with which this installation cannot work; a command says it in one line."""


@dataclass(frozen=True, slots=True)
class Config:
    """Everything an installation chooses. Build it with :func:`from_environment` or directly in tests."""

    instance: Path
    database_url: str
    secret_key: str
    secure_cookies: bool = True
    testing: bool = False
    trusted_hosts: tuple[str, ...] = ()
    district_code: str = "310106"
    district_name_zh: str = "上海市静安区"
    district_name_en: str = "Jing'an District, Shanghai"
    proxy_hops: int = 0
    demo: bool = False
    extra: dict[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.secret_key) < 32:
            raise SettingError(
                "密钥（keys/secret.key）不足32个字符。 The key in keys/secret.key must have at least 32 characters."
            )


def read_or_make_key(path: Path) -> str:
    """Return the key in ``path``; make a 256-bit one, readable by its owner alone, when there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            stream.write(secrets.token_hex(32))
    return path.read_text().strip()


def from_environment() -> Config:
    """Read the settings of this installation.

    ``INSTANCE_PATH`` (default ``instance/``), ``DATABASE_URL`` (default SQLite in the instance folder),
    ``INSECURE_HTTP=1`` for plain HTTP on the loopback address only, ``TRUSTED_HOSTS`` (comma separated),
    ``PROXY_HOPS``, ``DISTRICT_CODE``, ``DISTRICT_NAME_ZH``, ``DISTRICT_NAME_EN``.
    """
    instance = Path(os.environ.get("INSTANCE_PATH", PROJECT / "instance")).resolve()
    database_url = os.environ.get("DATABASE_URL") or f"sqlite:///{instance / 'supervision.sqlite3'}"
    if not database_url.startswith(DATABASES):
        raise SettingError(f"DATABASE_URL 须以下列之一开头 must begin with one of: {'  '.join(DATABASES)}")
    hosts = tuple(host.strip() for host in os.environ.get("TRUSTED_HOSTS", "").split(",") if host.strip())
    return Config(
        instance=instance,
        database_url=database_url,
        secret_key=_key_of(instance),
        secure_cookies=os.environ.get("INSECURE_HTTP") != "1",
        trusted_hosts=hosts,
        district_code=os.environ.get("DISTRICT_CODE", "310106"),
        district_name_zh=os.environ.get("DISTRICT_NAME_ZH", "上海市静安区"),
        district_name_en=os.environ.get("DISTRICT_NAME_EN", "Jing'an District, Shanghai"),
        proxy_hops=_whole_number("PROXY_HOPS"),
        demo=os.environ.get("DEMO") == "1",
    )


def _key_of(instance: Path) -> str:
    try:
        return read_or_make_key(instance / "keys" / "secret.key")
    except OSError as error:
        raise SettingError(
            f"INSTANCE_PATH 不可用，请检查路径和权限 cannot be used, look at the path and its rights: "
            f"{error.filename}: {error.strerror}"
        ) from error


def _whole_number(name: str) -> int:
    value = os.environ.get(name, "0")
    if not value.isdecimal():
        raise SettingError(f"{name} 须为整数 must be a whole number: {value}")
    return int(value)
