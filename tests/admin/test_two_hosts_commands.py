"""Two hosts by the administrator's commands, each a Debian cluster of its own; as docs/two-hosts.md says it.

What the hosts do for the counters is tested in tests/server/test_two_hosts_lending.py.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from madoguchi.app.admin.machine import control
from tests.support.debian_cluster import IS_ROOT, DebianCluster

FIRST, SECOND = "127.0.0.1", "127.0.0.2"
PATIENCE_SECONDS = 60.0


class Host(DebianCluster):
    """One of the two: the same cluster name and port, another address."""

    def __init__(self, address: str, port: int | None = None) -> None:
        super().__init__("library")
        self.address = address
        self.port = port or self.port
        self.passfile = self.folder / "data" / "standby.pass"

    def to(self, other: Host) -> list[str]:
        """The options that name the other host."""
        return [
            "--peer", other.address, "--peer-port", str(self.port), "--passfile", str(self.passfile),
            "--ca", str(self.home.tls / "ca.crt"), "--cert", str(self.home.tls / "standby.crt"),
            "--key", str(self.home.tls / "standby.key"),
        ]  # fmt: skip

    def control(self, action: str) -> None:
        """Starts or stops PostgreSQL here, as Debian does."""
        with self._found():
            control(self.context().cluster(), action)

    def crash(self) -> None:
        """PostgreSQL is gone at once."""
        self._tool("pg_ctlcluster", str(self.version), self.name, "stop", "-m", "immediate")

    def has_standby(self) -> bool:
        """Whether the other host streams from here and has on disk what this one has."""
        asked = (
            "select count(*) from pg_stat_replication"
            " where state = 'streaming' and flush_lsn >= pg_current_wal_flush_lsn()"
        )
        return self.psql(asked) == "1"


def until(holds: object, what: str) -> None:
    """Waits; fails after a minute."""
    assert callable(holds)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


@pytest.fixture
def hosts() -> Iterator[tuple[Host, Host]]:
    """The first host made the server, the second with a cluster and the same home."""
    if not IS_ROOT:
        pytest.skip("PostgreSQL's clusters are made by root")
    with Host(FIRST) as first, Host(SECOND, first.port) as second:
        first.create()
        first.done(
            "init", "--host", FIRST, SECOND, "--listen", FIRST,
            "--from", "127.0.0.0/8", "--replication-from", "127.0.0.0/8",
        )  # fmt: skip
        second.create()
        shutil.copytree(first.home.folder, second.home.folder)
        for file in ("server.key", "standby.key"):
            owner = (first.home.tls / file).stat()
            os.chown(second.home.tls / file, owner.st_uid, owner.st_gid)
        second.done("init", "--for-restore", "--listen", SECOND)
        second.control("stop")
        yield first, second


def _carry(file: Path, to: Path) -> None:
    shutil.copy2(file, to)
    owner = file.stat()
    os.chown(to, owner.st_uid, owner.st_gid)


@pytest.mark.timeout(300)
def test_the_second_host_takes_the_firsts_place_and_the_first_comes_back_as_second(
    hosts: tuple[Host, Host],
) -> None:
    first, second = hosts
    first.done("standby", "login", "--passfile", str(first.passfile))
    _carry(first.passfile, second.passfile)
    assert "is not empty" in second.refused("standby", "make", "--name", "second", *second.to(first))
    second.done("standby", "make", "--name", "second", *second.to(first), "--replace")
    second.control("start")
    first.psql("select audit.note(0, 'administrator', 'the last of the first host', '{}')")
    until(first.has_standby, "the second host does not stream")

    # as long as the first one takes changes nobody takes its place, and it may be started again
    assert "still takes changes" in second.refused("promote", *second.to(first))
    assert first.done("fence", *first.to(second)) == [
        f"PostgreSQL may start: {SECOND} is a standby",
    ]
    first.crash()
    assert "takes changes now, alone" in second.done("promote", *second.to(first))[-1]
    acts = second.psql("select act from audit.record where chain = 0 order by seq").splitlines()
    assert acts[-3:] == ["the last of the first host", "promoted", "second host gone"]
    assert second.psql("select count(*) from audit.problems()") == "0"

    # the first one comes back: it may not start, and becomes the second
    assert "has taken this host's place" in first.refused("fence", *first.to(second))
    assert "not empty" in first.refused("standby", "make", "--name", "first", *first.to(second))
    first.done("standby", "make", "--name", "first", *first.to(second), "--replace")
    assert first.done("fence", *first.to(second)) == ["PostgreSQL may start: this host is a standby"]
    first.control("start")
    until(second.has_standby, "the first host does not stream")

    # what alter system wrote on the way is as it should be; nobody watches here, and nobody is waited for
    _, said = second.command("check")
    wrong = [line for line in said if line.startswith("NOT OK")]
    assert all("watcher" in line for line in wrong), wrong
    assert "the standby" in first.done("check")[-1]
    assert "lets nobody in" in first.refused("staff", "list")


@pytest.mark.timeout(300)
def test_a_host_that_hears_nothing_of_the_other_starts_only_when_told_so(hosts: tuple[Host, Host]) -> None:
    first, second = hosts
    first.done("standby", "login", "--passfile", str(first.passfile))
    assert "does not say whether it took over" in first.refused("fence", *first.to(second))
    first.done("fence", "--alone", *first.to(second))
    assert "the administrator says" in first.done("fence", *first.to(second))[-1]
    assert "does not say" in first.refused("fence", *first.to(second))
