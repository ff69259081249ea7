"""What the server is meant to be: kept in a file by ``init``, and turned into PostgreSQL's own files.

home/server.json       this plan (no secrets)
home/authority/        the certificate authority: ca.key, ca.crt
home/signing/          the key that signs what is exported of the audit
home/tls/              what PostgreSQL shows: server.key, server.crt, ca.crt; with a second host also
                       standby.key, standby.crt, which one host shows when it copies the other
"""

from __future__ import annotations

import ipaddress
import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from madoguchi.app.admin.said import CannotDo
from madoguchi.app.server.rights import STAFF_LOGIN, WATCHER

STANDBY: Final = "madoguchi_standby"
"""The login by which a second host copies the first one."""

MARK: Final = "# Written by madoguchi-server init, which will write it anew: do not edit."

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_MAP: Final = "madoguchi"

# Accounts of the machine that may be the superuser: root could take postgres's part by `su` anyway, so that
# it may do so without costs nothing, and pg_dump, psql and this program all work the same way.
_IDENTITIES: Final = (
    ("root", "postgres"),
    ("postgres", "postgres"),
    ("root", WATCHER),
    ("postgres", WATCHER),
    ("madoguchi-watch", WATCHER),
)

_FIXED: Final = {
    # whole numbers in the setting's own unit: what pg_settings shows is then what stands here
    "ssl": "on",
    "ssl_min_protocol_version": "TLSv1.3",
    "password_encryption": "scram-sha-256",
    "superuser_reserved_connections": "5",
    # a session whose terminal was cut off is gone within some nine seconds, and one that waits sooner
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "2",
    "tcp_user_timeout": "9000",
    "client_connection_check_interval": "2000",
    "idle_in_transaction_session_timeout": "60000",
    "shared_preload_libraries": "",
    "session_preload_libraries": "",
    "local_preload_libraries": "",
    # The log: text, never JSON or CSV, which carry the DETAIL of a violation, and so patrons' data. No user's
    # name in the prefix: whoever tries to sign in chooses it, and could forge a line with it.
    "logging_collector": "on",
    "log_destination": "stderr",
    "log_filename": "postgresql-%Y-%m-%d.log",
    "log_file_mode": "0640",
    "log_rotation_age": "1440",
    "log_rotation_size": "0",
    "log_line_prefix": "%m [%p] %h ",
    # above ERROR, which may quote what was typed; failed sign-ins are FATAL
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_duration": "off",
    "log_min_duration_statement": "-1",
    "log_min_duration_sample": "-1",
    "log_transaction_sample_rate": "0",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_connections": "off",
    "log_disconnections": "off",
    "log_hostname": "off",
    # the client tells faults apart by the server's words
    "lc_messages": "C",
    "TimeZone": "UTC",
    "log_timezone": "UTC",
}


@dataclass(frozen=True, slots=True)
class Home:
    """The folder with what belongs to the server and not to PostgreSQL."""

    folder: Path

    @property
    def plan(self) -> Path:
        return self.folder / "server.json"

    @property
    def authority(self) -> Path:
        return self.folder / "authority"

    @property
    def signing(self) -> Path:
        return self.folder / "signing"

    @property
    def tls(self) -> Path:
        return self.folder / "tls"


@dataclass(frozen=True, slots=True)
class Plan:
    """What ``init`` was told.

    Attributes:
        cluster: the cluster's title, ``15/main``.
        database: the library's database.
        hosts: names and addresses that the terminals reach the server by; they stand in its certificate.
        listen: addresses that PostgreSQL listens at; ``*`` for all.
        terminals: networks that terminals may come from.
        log: the folder that PostgreSQL's log is written into, which the watcher reads.
        replication: networks that the second host may come from; none without one.
    """

    cluster: str
    database: str
    hosts: tuple[str, ...]
    listen: tuple[str, ...]
    terminals: tuple[str, ...]
    log: str = "/var/log/postgresql/madoguchi"
    replication: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raises CannotDo for a value that cannot stand in PostgreSQL's files."""
        if not _NAME.fullmatch(self.database) or self.database in ("postgres", "template0", "template1"):
            raise CannotDo("--database: small letters, digits and underscores, a letter first, and no name "
                           "of PostgreSQL's own")  # fmt: skip
        if not self.hosts:
            raise CannotDo("--host: at least one name or address that the terminals reach the server by")
        if not self.terminals:
            raise CannotDo("--from: at least one network that terminals come from, like 192.168.10.0/24")
        for option, networks in (("--from", self.terminals), ("--replication-from", self.replication)):
            for network in networks:
                _check(option, network, ipaddress.ip_network)
        for address in self.listen:
            if address not in ("*", "localhost"):
                _check("--listen", address, ipaddress.ip_address)

    # -- PostgreSQL's files ----------------------------------------------------------------------------

    def settings(self, home: Home) -> dict[str, str]:
        """Every setting of ``conf.d/madoguchi.conf``."""
        return {
            "listen_addresses": ",".join(self.listen),
            "ssl_cert_file": str(home.tls / "server.crt"),
            "ssl_key_file": str(home.tls / "server.key"),
            "ssl_ca_file": str(home.tls / "ca.crt"),
            "log_directory": self.log,
            # megabytes: what a second host that was away for an evening still finds here
            "wal_keep_size": "2048" if self.replication else "0",
            **_FIXED,
        }

    def settings_text(self, home: Home) -> str:
        """``conf.d/madoguchi.conf``, whole."""
        lines = (f"{name} = {_quoted(value)}" for name, value in self.settings(home).items())
        return "\n".join([MARK, *lines, ""])

    def access_text(self) -> str:
        """``pg_hba.conf``, whole; who fits no line is refused.

        The superuser and the watcher come by this machine's own socket, with no password and from no network.
        Staff come to the library's database, over TLS, with a terminal's certificate; a superuser is no
        member of their group here (PostgreSQL's manual, "The pg_hba.conf File").
        """
        lines = [
            f"local all postgres peer map={_MAP}",
            f"local {self.database} {WATCHER} peer map={_MAP}",
            *(
                f"hostssl {self.database} +{STAFF_LOGIN} {network} scram-sha-256 clientcert=verify-ca"
                for network in self.terminals
            ),
            *(
                f"hostssl replication {STANDBY} {network} scram-sha-256 clientcert=verify-ca"
                for network in self.replication
            ),
        ]
        return "\n".join([MARK, *lines, ""])

    def identity_text(self) -> str:
        """``pg_ident.conf``, whole: which account of this machine may be which login."""
        return "\n".join([MARK, *(f"{_MAP} {account} {login}" for account, login in _IDENTITIES), ""])

    # -- its own file ----------------------------------------------------------------------------------

    def text(self) -> str:
        """``server.json``."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2) + "\n"


def read_plan(home: Home) -> Plan:
    """The plan that ``init`` kept.

    Raises:
        CannotDo: there is none, or its file is damaged.
    """
    try:
        values: dict[str, Any] = json.loads(home.plan.read_text(encoding="utf-8"))
        return Plan(**{name: _tuple(value) for name, value in values.items()})
    except FileNotFoundError as error:
        raise CannotDo(f"{home.folder}: no server was made here; begin with madoguchi-server init") from error
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise CannotDo(f"{home.plan}: cannot be read, or is damaged") from error


def home_of(folder: Path | None, environment: Mapping[str, str] | None = None) -> Home:
    """The server's home: what was said, else ``MADOGUCHI_SERVER_HOME``, else ``/etc/madoguchi``."""
    environment = os.environ if environment is None else environment
    said = folder or environment.get("MADOGUCHI_SERVER_HOME") or "/etc/madoguchi"
    return Home(Path(said).absolute())


def _tuple(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    if not all(isinstance(one, str) for one in value):
        raise TypeError("a list of words")
    return tuple(value)


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def _check(option: str, value: str, kind: Any) -> None:
    try:
        kind(value)
    except ValueError as error:
        raise CannotDo(f"{option}: {value!r} is no address of the kind that belongs there") from error
