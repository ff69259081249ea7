"""The door to the lending server: bounded in time, an outage one exception, an act in doubt done once."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from madoguchi.app.lending.answers import CheckedOut
from madoguchi.app.lending.checkout import check_out
from madoguchi.app.server import tables as t
from madoguchi.app.server.engine import embedded_url, make_engine
from madoguchi.app.server.gateway import LendingServer
from madoguchi.app.server.outage import Outage, SignInRefused
from tests.support.cluster import Cluster
from tests.support.library import SmallLibrary, new_id
from tests.support.wire import Wire


@pytest.fixture
def database_template(library_template: str) -> str:
    """Each database begins as a small library."""
    return library_template


@pytest.fixture
def library(cluster: Cluster, database: str) -> Iterator[SmallLibrary]:
    """A small library on PostgreSQL."""
    made = SmallLibrary(cluster.url(database), cluster)
    yield made
    cluster.recover()
    made.close()


def lend(library: SmallLibrary, server: LendingServer, operation, card: str, item: str):
    """A checkout."""
    return server.run(
        partial(
            check_out,
            operation=operation,
            visit=new_id(),
            card_number=card,
            item_number=item,
            desk=library.desk(),
        )
    )


def loans(library: SmallLibrary) -> int:
    """How many loans stand."""
    return library.value(sa.select(sa.func.count()).select_from(t.loan))


def lanes() -> int:
    """Threads of lanes that are alive."""
    return sum(thread.name == "lending server" for thread in threading.enumerate())


def wait_until(condition, seconds: float = 10) -> bool:
    """Whether something comes true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def test_a_frozen_server_is_given_up_in_time_and_the_act_done_once(
    cluster: Cluster, library: SmallLibrary
) -> None:
    card, item, operation = library.patron(), library.item(), new_id()
    server = library.server(limit_seconds=1)
    server.run(lambda connected: connected.reads.patron(new_id(), card, library.desk()))
    before = lanes()
    with cluster.freeze():
        began = time.monotonic()
        with pytest.raises(Outage):
            lend(library, server, operation, card, item)
        took = time.monotonic() - began
        # bounded, not measured: well under what any timer of the network allows
        assert took < 3
        # the lane's thread does not stay behind in the driver
        assert wait_until(lambda: lanes() < before)
    assert isinstance(lend(library, server, operation, card, item), CheckedOut)
    assert loans(library) == 1


def test_a_server_frozen_in_the_middle_of_the_write(cluster: Cluster, library: SmallLibrary) -> None:
    """The read is answered; the write waits for a lock when the whole server stops."""
    card, item, operation = library.patron(), library.item(), new_id()
    server = library.server(limit_seconds=1.5)
    with library.engine.execution_options(isolation_level="READ COMMITTED").connect() as holder:
        holder.execute(sa.select(t.patron).with_for_update())
        failed: list[BaseException] = []

        def try_it() -> None:
            try:
                lend(library, server, operation, card, item)
            except Outage as outage:
                failed.append(outage)

        thread = threading.Thread(target=try_it)
        thread.start()
        waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
        assert wait_until(lambda: cluster.psql("postgres", waiting) != "0")
        with cluster.freeze():
            thread.join(10)
        assert len(failed) == 1
        holder.rollback()
    assert isinstance(lend(library, server, operation, card, item), CheckedOut)
    assert loans(library) == 1


def test_an_answer_lost_on_the_way_home_is_given_again(cluster: Cluster, database: str, library) -> None:
    """The commit reached the disk, the answer was cut off: the repeat finds it done."""
    card, item, operation, visit = library.patron(), library.item(), new_id(), new_id()
    with Wire(cluster.host, cluster.port) as wire:
        far = SmallLibrary(cluster.url(database, port=wire.port), cluster)
        server = far.server()

        def lend_and_lose(connected):
            facts = connected.reads.checkout(operation, visit, card, item, library.desk())
            assert facts.earlier is None
            wire.lose_next_answer()
            return connected.writes.lend(operation, visit, card, item, facts.today.day, library.desk())

        with pytest.raises(Outage):
            server.run(lend_and_lose)
        wire.mend()
        assert wait_until(lambda: loans(library) == 1)
        answer = lend(library, server, operation, card, item)
        assert isinstance(answer, CheckedOut)
        assert answer.use.open_loans == 1
        far.close()
    assert loans(library) == 1


def test_a_killed_server_is_an_outage_and_what_it_acknowledged_is_there(cluster, library) -> None:
    card, first, second = library.patron(), library.item(), library.item()
    server = library.server()
    lend(library, server, new_id(), card, first)
    cluster.kill()
    with pytest.raises(Outage):
        lend(library, server, new_id(), card, second)
    with pytest.raises(Outage):
        lend(library, server, new_id(), card, second)
    cluster.start()
    assert loans(library) == 1
    assert isinstance(lend(library, server, new_id(), card, second), CheckedOut)


def test_a_session_ended_by_the_administrator_is_an_outage_once(cluster, database, library) -> None:
    card, item, operation = library.patron(), library.item(), new_id()
    server = library.server()
    server.run(lambda connected: connected.reads.patron(new_id(), card, library.desk()))
    cluster.psql(
        "postgres",
        f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{database}'",
    )
    with pytest.raises(Outage):
        lend(library, server, operation, card, item)
    assert isinstance(lend(library, server, operation, card, item), CheckedOut)


def test_a_line_that_stalls_is_given_up(cluster: Cluster, database: str, library: SmallLibrary) -> None:
    card, item = library.patron(), library.item()
    with Wire(cluster.host, cluster.port) as wire:
        far = SmallLibrary(cluster.url(database, port=wire.port), cluster)
        server = far.server(limit_seconds=1)
        server.run(lambda connected: connected.reads.patron(new_id(), card, library.desk()))
        wire.stall()
        with pytest.raises(Outage):
            lend(library, server, new_id(), card, item)
        with pytest.raises(Outage):  # nor does connecting anew hang
            lend(library, server, new_id(), card, item)
        wire.mend()
        answer = lend(library, server, new_id(), card, item)
        assert isinstance(answer, CheckedOut), answer
        far.close()


def test_a_wrong_password_is_no_outage(cluster: Cluster, database: str) -> None:
    engine = make_engine(cluster.url(database, password="wrong"))
    server = LendingServer(engine)
    with pytest.raises(SignInRefused):
        server.run(lambda connected: connected.connection.execute(sa.text("select 1")))
    server.close()


def test_a_bug_is_a_bug(library: SmallLibrary) -> None:
    server = library.server()
    with pytest.raises(sa.exc.ProgrammingError):
        server.run(lambda connected: connected.connection.execute(sa.text("select nonsense")))
    with pytest.raises(ZeroDivisionError):
        server.run(lambda _: 1 // 0)
    assert server.run(lambda connected: connected.connection.execute(sa.text("select 2")).scalar_one()) == 2


def test_nothing_personal_stands_in_a_drivers_error(library: SmallLibrary) -> None:
    server = library.server()
    statement = sa.text("select nonsense from patron where name = :name")
    with pytest.raises(sa.exc.ProgrammingError) as raised:
        server.run(lambda connected: connected.connection.execute(statement, {"name": "見本 花子"}))
    assert "見本" not in str(raised.value)


def test_the_driver_logs_neither_people_nor_passwords(cluster: Cluster, library: SmallLibrary) -> None:
    """Debian's driver is installed with its logs on, where anybody may read them."""
    server = library.server()
    name = sa.text("select :name").bindparams(name="秘密 花子")
    assert server.run(lambda connected: connected.connection.execute(name).scalar_one()) == "秘密 花子"
    logs = [
        path.read_bytes()
        for path in Path(tempfile.gettempdir()).glob(f"*{os.getpid()}*.log")
        if path.name.startswith(("psqlodbc", "mylog"))
    ]
    for secret in (cluster.password.encode(), "秘密".encode(), b"select"):
        assert not any(secret in log.lower() if secret == b"select" else secret in log for log in logs)


def test_a_locked_file_is_an_outage_and_is_overcome(tmp_path: Path, library_file: Path) -> None:
    path = tmp_path / "library.sqlite"
    shutil.copyfile(library_file, path)
    library = SmallLibrary(embedded_url(path))
    card, item, operation = library.patron(), library.item(), new_id()
    server = library.server()
    blocker = sqlite3.connect(path, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    with pytest.raises(Outage):
        lend(library, server, operation, card, item)
    blocker.execute("ROLLBACK")
    blocker.close()
    assert isinstance(lend(library, server, operation, card, item), CheckedOut)
    assert loans(library) == 1
    library.close()


def test_a_file_that_is_no_library_is_an_outage_or_a_bug_but_never_a_hang(tmp_path: Path) -> None:
    server = LendingServer(make_engine(embedded_url(tmp_path / "missing" / "library.sqlite")))
    with pytest.raises(Outage):
        server.run(lambda connected: connected.writes.erase_returned())
    server.close()
