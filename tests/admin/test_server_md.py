"""docs/server.md: its commands are run as they stand, and somebody really signs in at the terminal.

Only names change: of the cluster's folders and port, of the server, its network and the stick. What is marked
*by hand* is not run: it asks for a network or for systemd. The watcher is started without systemd.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from madoguchi.app.opening import open_server
from madoguchi.app.settings import load
from madoguchi.app.staff.session import PasswordNeeded, SignedIn, SignInProblem
from tests.support.debian_cluster import IS_ROOT, DebianCluster
from tests.support.enrolled import OWN_PASSWORD
from tests.support.keyring_backend import FileKeyring, set_keyring

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "server.md").read_text(encoding="utf-8")

_BLOCK = re.compile(r"^```sh(?P<how>[^\n]*)\n(?P<commands>.*?)^```$", re.MULTILINE | re.DOTALL)

# the kiosk's keyring, as the program is started with it
_KEYRING = """
import keyring, sys
from pathlib import Path
from tests.support.keyring_backend import FileKeyring
keyring.set_keyring(FileKeyring(Path(sys.argv.pop(1))))
from madoguchi.__main__ import main
sys.exit(main())
"""


def blocks(text: str) -> list[str]:
    """The commands of a part of the page that are to be run."""
    return [found["commands"] for found in _BLOCK.finditer(text) if found["how"].strip() != "by hand"]


@pytest.fixture
def machine() -> Iterator[DebianCluster]:
    """A machine with PostgreSQL and no cluster."""
    if not IS_ROOT:
        pytest.skip("PostgreSQL's clusters are made by root")
    with DebianCluster("library") as made:
        for folder in ("stick", "backups", "terminal", "bin"):
            (made.folder / folder).mkdir()
        bin_folder = Path(sys.executable).parent
        (made.folder / "bin" / "madoguchi-server").symlink_to(bin_folder / "madoguchi-server")
        terminal = made.folder / "bin" / "madoguchi"
        code = made.folder / "terminal.py"
        code.write_text(_KEYRING, encoding="utf-8")
        terminal.write_text(
            f'#!/bin/sh\nexport PYTHONPATH="{ROOT}"\n'
            f'exec "{sys.executable}" "{code}" "{made.folder}/ring.json" "$@"\n',
            encoding="utf-8",
        )
        terminal.chmod(0o755)
        yield made


def typed(machine: DebianCluster, text: str) -> str:
    """Runs commands of the page on this machine; returns what they print."""
    for here, yours in {
        "pg_createcluster 15 library": " ".join(
            ["pg_createcluster", *machine.making_options, str(machine.version), "library"]
        ),
        "15/library": machine.title,
        "library.example.jp/": f"localhost:{machine.port}/",
        "library.example.jp": "localhost",
        "192.168.10.0/24": "127.0.0.1/32 --listen 127.0.0.1",
        "/media/stick": str(machine.folder / "stick"),
        "/var/backups/madoguchi": str(machine.folder / "backups"),
        "/var/log/postgresql/madoguchi": str(machine.folder / "log" / "madoguchi"),
    }.items():
        text = text.replace(here, yours)
    environment = {name: value for name, value in machine.environment.items() if not name.startswith("XDG_")}
    environment |= {
        "HOME": str(machine.folder / "terminal"),
        "PATH": f"{machine.folder / 'bin'}:{os.environ['PATH']}",
    }
    environment.pop("MADOGUCHI_HOME", None)
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", text],
        env=environment, cwd=machine.folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, f"{text}\n{ran.stdout}\n{ran.stderr}"
    return ran.stdout


@pytest.mark.timeout(300)
def test_the_pages_commands_make_a_server_that_somebody_signs_in_at(
    machine: DebianCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    making, afterwards = PAGE.split("## 7. Afterwards")
    assert len(blocks(making)) == 9
    assert len(blocks(afterwards)) == 9
    said = "".join(typed(machine, block) for block in blocks(making))
    monkeypatch.setenv("HOME", str(machine.folder / "terminal"))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "MADOGUCHI_HOME"):
        monkeypatch.delenv(name, raising=False)

    # the fingerprint that the server prints is the one that the terminal shows
    assert len(set(re.findall(r"(?:[0-9A-F]{2}:){31}[0-9A-F]{2}", said))) == 1

    with set_keyring(FileKeyring(machine.folder / "ring.json")):
        server = open_server(load(), print)
        for login in ("hanako", "jiro"):
            temporary = re.findall(rf"^{login}: temporary password (\S+)$", said, re.MULTILINE)[0]
            sign_in = {"login": login, "branch_code": "", "terminal": ""}
            asked = server.run(lambda c, p=temporary, s=sign_in: c.sign_in(password=p, **s))  # type: ignore[misc]
            assert isinstance(asked, PasswordNeeded)
            answer = server.run(lambda c: c.change_password(OWN_PASSWORD))
            assert isinstance(answer, SignedIn)
            assert (answer.desk.terminal, answer.branch) == ("1番窓口", "総合市民図書館")
            server.sign_out()

        cluster = machine.cluster()
        watch = ["watch", "--socket-directory", str(cluster.socket), "--port", str(cluster.port)]
        log = ["--log-directory", machine.context().plan().log]
        watcher = subprocess.Popen(
            [sys.executable, "-m", "madoguchi.server_main", *watch, *log], cwd=ROOT, env=machine.environment
        )
        try:
            heard_of(machine)
            for block in blocks(afterwards):
                said = typed(machine, block)
                assert "NOT OK" not in said
        finally:
            watcher.terminate()
            watcher.wait()
        again = server.run(
            lambda c: c.sign_in(login="jiro", password=OWN_PASSWORD, branch_code="", terminal="")
        )
        # reset since, and the terminal revoked
        assert again is SignInProblem.NOT_KNOWN
        server.close()


def heard_of(machine: DebianCluster) -> None:
    """Waits until the watcher has been heard of; the test's own time limit ends this."""
    while machine.psql("select beat_at is null from watch.state") == "t":
        pass


def test_every_package_named_is_one_that_the_program_is_tested_with() -> None:
    installed = re.findall(r"apt-get install --no-install-recommends (.*)", PAGE)[0].split()
    needs = (ROOT / "installer" / "needs.txt").read_text(encoding="utf-8")
    known = {line.split()[-1] for line in needs.splitlines() if line and not line.startswith("#")}
    # what brings venv is looked for by trying it
    assert set(installed) - known == {"python3-venv"}


def test_every_command_there_is_stands_on_the_page_or_has_its_own() -> None:
    helped = subprocess.run(
        [sys.executable, "-m", "madoguchi.server_main", "--help"],
        capture_output=True, text=True, check=True, cwd=ROOT,
    ).stdout  # fmt: skip
    names = re.findall(r"\{([a-z,-]+)\}", helped)[0].split(",")
    # of the two hosts, their own page tells; the watcher is a service
    missing = {name for name in names if f"madoguchi-server {name}" not in PAGE}
    assert missing <= {"standby", "promote", "fence", "watch"}
