"""Settings, read once from the environment; secrets live in files of the instance folder, never in code."""

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

import click

PROJECT = Path(__file__).resolve().parent.parent


MAIL_SCHEMES = ("smtp", "smtps", "smtp+plain")
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
    # whether the platform may ask the sources of public values itself; never in a closed network
    beacon_fetch: bool = False
    # where everybody reaches this installation, for papers that outlive a request; see `public_address`
    public_url: str = ""
    # a timestamp authority (RFC 3161) for signed papers, if one is wanted
    timestamp_url: str = ""
    # the mail server, as smtp://user@host:port, smtps:// or smtp+plain://; its password is in keys/mail.password
    mail_url: str = ""
    mail_from: str = ""
    # hosts of the gateways that messages may be handed to
    notify_hosts: tuple[str, ...] = ()
    # whether draws use the standard library alone even where numba is installed
    plain_draws: bool = False
    # folder of originals kept as evidence; the instance folder's own unless it lies on a disk of its own
    evidence: Path | None = None
    extra: dict[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.secret_key) < 32:
            raise SettingError(
                "密钥（keys/secret.key）不足32个字符。 The key in keys/secret.key must have at least 32 characters."
            )

    @property
    def public_address(self) -> str:
        """Return the address that is printed on papers: never one that a visitor's request merely claimed."""
        if self.public_url or not self.trusted_hosts:
            return self.public_url.rstrip("/")
        return f"https://{self.trusted_hosts[0].lstrip('.')}"


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
    ``PROXY_HOPS``, ``DISTRICT_CODE``, ``DISTRICT_NAME_ZH``, ``DISTRICT_NAME_EN``, ``PUBLIC_URL`` (the address printed
    on papers; default: the first trusted host), ``TIMESTAMP_URL`` (a timestamp authority for signed papers),
    ``BEACON_FETCH=1`` to let the platform ask the sources of public values itself (never in a closed network),
    ``MAIL_URL`` (``smtp://user@host:587`` with STARTTLS, ``smtps://``, ``smtp+plain://``; the password is in
    ``keys/mail.password``) and ``MAIL_FROM`` to send mail, ``NOTIFY_HOSTS`` (comma separated: hosts of gateways that
    messages may be handed to),
    ``PLAIN_DRAWS=1`` to draw with the standard library alone even where numba is installed,
    ``EVIDENCE_PATH`` (default ``evidence/`` in the instance folder) for the originals kept as evidence.
    """
    instance = Path(os.environ.get("INSTANCE_PATH", PROJECT / "instance")).resolve()
    database_url = os.environ.get("DATABASE_URL") or f"sqlite:///{instance / 'supervision.sqlite3'}"
    if not database_url.startswith(DATABASES):
        raise SettingError(f"DATABASE_URL 须以下列之一开头 must begin with one of: {'  '.join(DATABASES)}")
    return Config(
        instance=instance,
        database_url=database_url,
        secret_key=_key_of(instance),
        secure_cookies=os.environ.get("INSECURE_HTTP") != "1",
        trusted_hosts=_listed("TRUSTED_HOSTS"),
        district_code=os.environ.get("DISTRICT_CODE", "310106"),
        district_name_zh=os.environ.get("DISTRICT_NAME_ZH", "上海市静安区"),
        district_name_en=os.environ.get("DISTRICT_NAME_EN", "Jing'an District, Shanghai"),
        proxy_hops=_whole_number("PROXY_HOPS"),
        demo=os.environ.get("DEMO") == "1",
        beacon_fetch=os.environ.get("BEACON_FETCH") == "1",
        public_url=_web_address("PUBLIC_URL"),
        timestamp_url=_web_address("TIMESTAMP_URL"),
        mail_url=_mail_address("MAIL_URL"),
        mail_from=os.environ.get("MAIL_FROM", "").strip(),
        notify_hosts=_listed("NOTIFY_HOSTS"),
        plain_draws=os.environ.get("PLAIN_DRAWS") == "1",
        evidence=Path(os.environ["EVIDENCE_PATH"]).resolve() if os.environ.get("EVIDENCE_PATH") else None,
    )


def _listed(name: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in os.environ.get(name, "").split(",") if part.strip())


def _mail_address(name: str) -> str:
    value = os.environ.get(name, "").strip()
    if value and value.partition("://")[0] not in MAIL_SCHEMES:
        raise SettingError(f"{name} 须以下列之一开头 must begin with one of: {'  '.join(MAIL_SCHEMES)} (…://)")
    if value and not os.environ.get("MAIL_FROM", "").strip():
        raise SettingError(f"设置 {name} 时还须设置 MAIL_FROM。 {name} needs MAIL_FROM, the address mail comes from.")
    return value


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


def _web_address(name: str) -> str:
    value = os.environ.get(name, "").strip()
    if value and not value.startswith(("https://", "http://")):
        raise SettingError(f"{name} 须以 https:// 或 http:// 开头 must begin with https:// or http://: {value}")
    return value
