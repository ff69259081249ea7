"""Which of the installed PostgreSQL servers the tests run."""

import re
import shutil
import subprocess
from pathlib import Path

OLDEST_VERSION = 15


class ClusterError(Exception):
    """PostgreSQL could not be found, did not start, or refused a statement; the message has its own words."""


def find_binaries() -> Path:
    """Return the directory of the newest installed PostgreSQL server programs, version 15 or later.

    Raises ClusterError when there is none.
    """
    candidates = set(Path("/usr/lib/postgresql").glob("*/bin"))
    if (pg_config := shutil.which("pg_config")) is not None:
        # On Debian pg_config may be installed without the server: what it names is looked at, not trusted.
        told = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=True)
        candidates.add(Path(told.stdout.strip()))
    found = [(version, path) for path in candidates if (version := _version(path)) >= OLDEST_VERSION]
    if not found:
        raise ClusterError(f"no PostgreSQL server of version {OLDEST_VERSION} or later was found")
    return max(found)[1]


def _version(binaries: Path) -> int:
    if not (binaries / "postgres").is_file() or not (binaries / "initdb").is_file():
        return 0
    told = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, check=True)
    number = re.search(r"\) (\d+)", told.stdout)
    return int(number[1]) if number else 0
