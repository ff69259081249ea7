"""What the tests' PostgreSQL is told: postgresql.conf, pg_hba.conf and a port."""

import contextlib
import os
import pwd
import socket
from collections.abc import Mapping
from pathlib import Path

TRIP_COUNT_DATABASE = "tripcount"
STAFF_ROLE = "staff_login"
LOG_NAME = "postgresql.log"


def server_settings(directory: Path, *, host: str, mark: str, durable: bool) -> dict[str, str]:
    """Return the settings of a server in `directory` that listens at `host`.

    `mark` is its `cluster_name`, by which `tests.support.processes` knows its processes.
    """
    return {
        "listen_addresses": host,
        "unix_socket_directories": "",
        "cluster_name": mark,
        "max_connections": "100",
        "shared_buffers": "64MB",
        # Kept in the data directory, so that nothing stays in /dev/shm when the server is killed.
        "dynamic_shared_memory_type": "mmap",
        "fsync": "on" if durable else "off",
        "full_page_writes": "on" if durable else "off",
        "ssl": "on",
        "ssl_ca_file": str(directory / "ca.crt"),
        "ssl_cert_file": str(directory / "server.crt"),
        "ssl_key_file": str(directory / "server.key"),
        "ssl_min_protocol_version": "TLSv1.2",
        "password_encryption": "scram-sha-256",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "lc_messages": "C",
        # One file, never begun anew: a test reads what all others caused. Text, as on a real server: a JSON
        # log carries the values of a violation whatever its verbosity (tests/support/test_cluster.py).
        "logging_collector": "on",
        "log_destination": "stderr",
        "log_line_prefix": "%m [%p] %h ",
        "log_directory": str(directory / "log"),
        "log_filename": LOG_NAME,
        "log_file_mode": "0644",
        "log_rotation_age": "0",
        "log_rotation_size": "0",
        # A failed statement's text and a violation's DETAIL would carry patrons' data into the log.
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
    }


def access_rules() -> str:
    """Return pg_hba.conf for clients of this machine, the first line that fits deciding.

    Who belongs to the staff must show a terminal's certificate as well as the password; a superuser belongs
    to no role here (PostgreSQL's manual, "The pg_hba.conf File"). Without TLS only one database is reached.
    """
    # The kernel gives a client of any loopback address this one as its own.
    return (
        f"hostnossl {TRIP_COUNT_DATABASE} all 127.0.0.1/32 scram-sha-256\n"
        f"hostssl all +{STAFF_ROLE} 127.0.0.1/32 scram-sha-256 clientcert=verify-ca\n"
        f"hostssl all all 127.0.0.1/32 scram-sha-256\n"
    )


def let_ourselves_in(data: Path) -> None:
    """Let the account that runs the tests in over the socket, as the superuser and as the watcher.

    The kernel says whose process it is (`peer`), as on a server of ours.
    """
    access, us = data / "pg_hba.conf", pwd.getpwuid(os.geteuid()).pw_name
    line = "local all all peer map=here\n"
    if not access.read_text(encoding="ascii").startswith(line):
        access.write_text(line + access.read_text(encoding="ascii"), encoding="ascii")
    names = [f"here {us} {login}\n" for login in ("madoguchi_watch", "postgres")]
    (data / "pg_ident.conf").write_text("".join(names), encoding="ascii")


def write_settings(file: Path, settings: Mapping[str, str]) -> None:
    """Add to a file like postgresql.conf; of two lines for one setting the later one counts."""
    lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'" for name, value in settings.items()]
    with file.open("a", encoding="utf-8") as opened:
        opened.write("\n".join(["", *lines, ""]))


def lines_of(path: Path) -> list[str]:
    """Return the lines of a file that may not be there (then none) and may be being written."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []


def free_port(*hosts: str) -> int:
    """Return a port that is free at every one of these loopback addresses.

    Raises OSError when some tries found none.
    """
    for tries_left in reversed(range(20)):
        with contextlib.ExitStack() as taken:
            port = 0
            try:
                for host in hosts:
                    one = taken.enter_context(socket.socket())
                    one.bind((host, port))
                    port = int(one.getsockname()[1])
            except OSError:
                if not tries_left:
                    raise
            else:
                return port
    raise AssertionError("the last try raised or returned")
