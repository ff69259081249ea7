"""A terminal enrolled at a server that ``madoguchi-server`` made, and people who sign in there."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from madoguchi.app.lending.facts import Desk
from madoguchi.app.server.central import CentralServer
from madoguchi.app.server.outage import Outage, SessionEnded
from madoguchi.app.staff.session import PasswordNeeded, SessionEnd, SignedIn, SignInAnswer
from madoguchi.app.terminal.door import door_to
from madoguchi.app.terminal.identity import Identity
from tests.support.debian_cluster import DebianCluster

OWN_PASSWORD = "tsuki-to-rokupensu"


class Enrolled:
    """A terminal with a name; its key's passphrase is in this process's keyring."""

    def __init__(self, debian: DebianCluster, folder: Path, name: str, branch: str = "sogo") -> None:
        self._debian = debian
        self._folder = folder
        self.name = name
        self.branch = branch
        folder.mkdir(parents=True, exist_ok=True)
        self.identity = Identity(folder / "identity")

    def ask(self, *more: str) -> list[str]:
        """Has the administrator sign a new request; it is not installed yet. ``more`` are further options."""
        (self._folder / "terminal.csr").write_bytes(self.identity.begin(self.name))
        return self._debian.done(
            "terminal", "enrol", self.name, "--branch", self.branch,
            "--request", str(self._folder / "terminal.csr"), "--out", str(self._folder / "terminal.crt"),
            *more,
        )  # fmt: skip

    def install(self) -> None:
        """Takes the signed certificate into use."""
        self.identity.install(
            (self._folder / "terminal.crt").read_bytes(), (self._folder / "ca.crt").read_bytes()
        )

    def out(self, server: CentralServer) -> SessionEnd:
        """Why somebody who was signed in at ``server`` is so no longer.

        An act whose connection is ended under it has no answer; asked again it has this one.
        """
        for _ in range(2):
            try:
                server.run(lambda connected: connected.reads.today_at_counter(Desk(1, "", "")))
            except Outage:
                continue
            except SessionEnded as ended:
                return ended.why
            raise AssertionError("an act was done")
        raise AssertionError("there is no answer")

    def server(self) -> CentralServer:
        """The way to the server from this terminal."""
        address = sa.URL.create(
            "postgresql+pyodbc", host="localhost", port=self._debian.port, database="madoguchi"
        )
        return CentralServer(door_to(address, self.identity))


def enrolled(debian: DebianCluster, folder: Path, name: str, branch: str = "sogo") -> Enrolled:
    """A terminal that is enrolled and has its certificate."""
    terminal = Enrolled(debian, folder, name, branch)
    terminal.ask()
    terminal.install()
    return terminal


def temporary_password(lines: list[str]) -> str:
    """What ``staff add`` or ``reset`` printed."""
    return lines[0].rpartition(" ")[2]


def new_person(debian: DebianCluster, login: str, *more: str, role: str = "counter_staff") -> str:
    """Makes an account and returns its temporary password."""
    return temporary_password(
        debian.done("staff", "add", login, "--name", "藤沢 花子", "--role", role, *more)
    )


def first_sign_in(server: CentralServer, login: str, temporary: str) -> SignInAnswer:
    """Signs in with a temporary password and makes it ``OWN_PASSWORD``."""
    asked = server.sign_in(login, temporary)
    assert isinstance(asked, PasswordNeeded), asked
    answer = server.change_password(OWN_PASSWORD)
    assert isinstance(answer, SignedIn), answer
    return answer
