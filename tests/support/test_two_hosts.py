"""A primary and its standby do what a library that must not close takes them for."""

import threading
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import text

from tests.server.odbc_helpers import engine_on
from tests.support.terminals import terminal_certificate
from tests.support.two_hosts import Host, TwoHosts

_LONG_SECONDS = 30


@pytest.fixture(scope="module")
def pair() -> Iterator[TwoHosts]:
    """Two servers for all tests here, with a table of loans."""
    with TwoHosts() as running:
        running.primary.psql("postgres", "CREATE TABLE loan (id int PRIMARY KEY)")
        yield running


@pytest.fixture
def hosts(pair: TwoHosts) -> Iterator[TwoHosts]:
    """The two servers, as they are to be, with the table empty."""
    pair.primary.psql("postgres", "TRUNCATE loan")
    yield pair
    pair.recover()


def loans(host: Host) -> str:
    """The ids of the loans there, in order, one a line."""
    return host.psql("postgres", "SELECT id FROM loan ORDER BY id")


class Lend(threading.Thread):
    """A loan written in a thread of its own, for a commit that may take long."""

    def __init__(self, host: Host, loan: int) -> None:
        super().__init__()
        self._host, self._sql = host, f"INSERT INTO loan VALUES ({loan})"
        self.answered = threading.Event()
        self.start()

    def run(self) -> None:
        """Write and commit."""
        with psycopg.connect(self._host.conninfo("postgres"), autocommit=True) as session:
            session.execute(self._sql.encode())
        self.answered.set()


def wait_until_it_waits(host: Host) -> None:
    """Return when a commit waits for the standby."""
    waiting = "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
    with psycopg.connect(host.conninfo("postgres"), autocommit=True) as session:
        for _ in range(_LONG_SECONDS * 50):
            if session.execute(waiting.encode()).fetchone():
                return
            session.execute("SELECT pg_sleep(0.02)")
    pytest.fail("no commit waits")


def test_a_row_written_on_the_primary_is_on_the_standby(hosts: TwoHosts) -> None:
    # remote_apply: the answer comes when the standby not only has the row but shows it.
    hosts.primary.psql("postgres", "SET synchronous_commit = remote_apply; INSERT INTO loan VALUES (1)")
    assert loans(hosts.standby) == "1"
    assert hosts.standby.is_standby
    assert not hosts.primary.is_standby
    encrypted = hosts.primary.psql(
        "postgres",
        "SELECT usename, ssl, version FROM pg_stat_replication JOIN pg_stat_ssl USING (pid)",
    )
    assert encrypted == "madoguchi_standby|t|TLSv1.3"


def test_the_two_share_port_authority_and_accounts_but_no_process(hosts: TwoHosts) -> None:
    first, second = hosts.first, hosts.second
    assert (first.port, first.password) == (second.port, second.password)
    assert first.ca_file.read_bytes() == second.ca_file.read_bytes()
    assert first.directory != second.directory
    assert not set(first.pids()) & set(second.pids())
    assert len(second.pids()) >= 5


def test_the_address_of_both_reaches_the_one_that_takes_writes(hosts: TwoHosts) -> None:
    terminal = terminal_certificate(hosts.second, 3)
    with engine_on(hosts.url("postgres", terminal=terminal)) as engine, engine.begin() as connection:
        connection.execute(text("INSERT INTO loan VALUES (2)"))
        address = connection.execute(text("SELECT host(inet_server_addr())")).scalar_one()
    assert address == hosts.primary.host


def test_after_a_kill_and_a_promotion_the_address_reaches_the_new_primary(hosts: TwoHosts) -> None:
    lost, heir = hosts.primary, hosts.standby
    lost.psql("postgres", "INSERT INTO loan VALUES (3)")
    lost.kill()
    assert hosts.promote() is heir
    with engine_on(hosts.url("postgres")) as engine, engine.begin() as connection:
        connection.execute(text("INSERT INTO loan VALUES (4)"))
        address = connection.execute(text("SELECT host(inet_server_addr())")).scalar_one()
    assert address == heir.host
    assert loans(heir) == "3\n4"
    hosts.rejoin()
    assert (hosts.primary, hosts.standby) == (heir, lost)
    heir.psql("postgres", "SET synchronous_commit = remote_apply; INSERT INTO loan VALUES (5)")
    assert loans(lost) == "3\n4\n5"


def test_what_an_old_primary_alone_has_is_gone_when_it_rejoins(hosts: TwoHosts) -> None:
    old, heir = hosts.primary, hosts.standby
    hosts.promote()
    # Two primaries now: the mishap that fencing is for.
    old.wait_for_standby("")
    old.psql("postgres", "INSERT INTO loan VALUES (6)")
    heir.psql("postgres", "INSERT INTO loan VALUES (7)")
    hosts.rejoin()
    heir.psql("postgres", "SET synchronous_commit = remote_apply; INSERT INTO loan VALUES (8)")
    assert loans(old) == loans(heir) == "7\n8"


def test_a_commit_waits_for_a_lost_standby_until_it_is_counted_out(hosts: TwoHosts) -> None:
    hosts.standby.kill()
    lend = Lend(hosts.primary, 9)
    wait_until_it_waits(hosts.primary)
    assert not lend.answered.is_set()
    assert loans(hosts.primary) == "", "a loan that is not answered yet is not seen"
    hosts.commit_alone()
    lend.join(_LONG_SECONDS)
    assert lend.answered.is_set()
    assert loans(hosts.primary) == "9"
    hosts.recover()
    hosts.primary.psql("postgres", "SET synchronous_commit = remote_apply; INSERT INTO loan VALUES (10)")
    assert loans(hosts.standby) == "9\n10"


def test_a_commit_waits_for_a_frozen_standby_until_it_goes_on(hosts: TwoHosts) -> None:
    with hosts.standby.freeze():
        lend = Lend(hosts.primary, 11)
        wait_until_it_waits(hosts.primary)
        assert not lend.answered.is_set()
    lend.join(_LONG_SECONDS)
    assert lend.answered.is_set()


def test_recovery_brings_both_back_after_a_promotion(hosts: TwoHosts) -> None:
    lost = hosts.primary
    lost.kill()
    hosts.promote()
    assert not lost.is_running
    hosts.recover()
    assert hosts.standby is lost
    assert lost.is_standby


def test_both_directories_are_gone_at_the_end_even_when_one_stood_still() -> None:
    with TwoHosts(settings={"max_connections": "20"}) as own:
        directories = own.first.directory, own.second.directory
        assert own.second.psql("postgres", "SHOW max_connections") == "20"
        own.standby.freeze()
    assert not any(directory.exists() for directory in directories)
    assert own.first.pids() == own.second.pids() == []
