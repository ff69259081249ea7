"""The unprivileged account that runs PostgreSQL when the tests are run by root.

PostgreSQL refuses to run as root. A run by an ordinary user needs no second account.
"""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

NAME = "madoguchi-test"


@dataclass(frozen=True)
class Account:
    """Who runs the server's processes: a user id and its group id."""

    uid: int
    gid: int

    @property
    def is_us(self) -> bool:
        """True when no change of user is needed."""
        return self.uid == os.geteuid()

    def prefix(self, *paths: Path) -> list[str]:
        """Return what to put before a command to run it as this account, which has to reach `paths`.

        Where a directory on the way is closed to it (the root directory of a chroot that mktemp made is, and
        so is all below), it gets the one capability to pass through such directories. The secure bit makes
        access(2), by which PostgreSQL looks for its own programs, count that capability too.
        """
        if self.is_us:
            return []
        on_the_way = {step for path in paths for step in path.parents}
        closed = any(not step.stat().st_mode & 0o001 for step in on_the_way)
        change = ["setpriv", f"--reuid={self.uid}", f"--regid={self.gid}", "--clear-groups"]
        if closed:
            right = "+dac_read_search"
            change += [f"--inh-caps={right}", f"--ambient-caps={right}", "--securebits=+no_setuid_fixup"]
        return [*change, "--"]


def server_account() -> Account:
    """Return the account to run PostgreSQL as, making the system account first when root has none yet.

    Raises RuntimeError when root cannot make it.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    try:
        entry = pwd.getpwnam(NAME)
    except KeyError:
        entry = _make_account()
    return Account(entry.pw_uid, entry.pw_gid)


def _make_account() -> pwd.struct_passwd:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        raise RuntimeError(f"PostgreSQL cannot run as root, and there is no useradd to make {NAME!r}")
    made = subprocess.run(
        [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent",
         "--shell", "/usr/sbin/nologin", NAME],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    try:
        # Two runs may start at once; whoever comes second finds the account made.
        return pwd.getpwnam(NAME)
    except KeyError:
        raise RuntimeError(f"could not make the account {NAME!r}: {made.stderr.strip()}") from None
