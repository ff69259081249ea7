"""Lending on two hosts: either one may die, and nothing that was answered is lost, nor done twice."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import count
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from madoguchi.app.admin.hosts import Peer, Server, allow_alone, fence, make_standby, promote, write_passfile
from madoguchi.app.admin.said import CannotDo
from madoguchi.app.lending.answers import CheckedOut
from madoguchi.app.lending.checkout import check_out
from madoguchi.app.server import tables as t
from madoguchi.app.server.central import CentralServer
from madoguchi.app.server.engine import make_engine
from madoguchi.app.server.outage import Outage
from madoguchi.app.staff.session import ServerState, SignedIn
from tests.support.binaries import find_binaries
from tests.support.library import SOGO, TODAY, SmallLibrary
from tests.support.staff import PASSWORD, door
from tests.support.two_hosts import Host, TwoHosts
from tests.support.watching import (
    acts,
    asked,
    directory_for_sockets,
    done,
    production_log,
    wait_until,
    watching,
)

DATABASE = "lending"
LEND_SECONDS = 60.0
"""After this the tests give a lending up. How long it took is written down, and judged by people."""

# the administrator's own changes while commits wait
ALONE = "set synchronous_commit = local;"

_serials = count(1_000_000)


@pytest.fixture(scope="module")
def hosts() -> Iterator[TwoHosts]:
    """Two hosts with a small library, set up as in production."""
    with directory_for_sockets() as sockets, TwoHosts(settings=production_log(), sockets=sockets) as pair:
        pair.primary.create_database(DATABASE)
        library = SmallLibrary(pair.url(DATABASE), pair.first)
        library.make()
        # three counters lend without a pause for as long as a host needs to come back
        library.let_look_freely()
        library.close()
        yield pair


@pytest.fixture
def library(hosts: TwoHosts) -> Iterator[SmallLibrary]:
    """The library, on whichever host takes changes."""
    made = SmallLibrary(hosts.url(DATABASE), hosts.first, may_freeze=True)
    yield made
    hosts.recover()
    made.close()


def server_of(host: Host) -> Server:
    """A host as the administrator's commands know it."""
    return Server(host.directory / "data", find_binaries())


def peer_of(host: Host) -> Peer:
    """A host as the other one knows it."""
    passfile = host.directory / "standby.pass"
    write_passfile(passfile, host.replication_password, (host.directory / "data").stat())
    return Peer(host.host, host.port, passfile, host.ca_file)


def administrator(host: Host) -> sa.Engine:
    """The administrator's way in on a host itself."""
    return make_engine(
        sa.URL.create(
            "postgresql+pyodbc",
            username="postgres",
            host=str(host.sockets),
            port=host.port,
            database=DATABASE,
            query={"sslmode": "disable"},
        )
    )


@contextmanager
def both_watched(hosts: TwoHosts) -> Iterator[None]:
    """A watcher on each host, as in production; the one on a standby has nothing to do."""
    with ExitStack() as stack:
        for host, other in ((hosts.first, hosts.second), (hosts.second, hosts.first)):
            stack.enter_context(
                watching(host.sockets, host, DATABASE, pause_seconds=1.0, second_host=other.name)
            )
        yield


def swap(hosts: TwoHosts) -> None:
    """Notes who is what after a promotion by the administrator's command."""
    hosts.primary, hosts.standby = hosts.standby, hosts.primary


def make_it_follow(hosts: TwoHosts) -> None:
    """Makes the old primary the new one's standby, by the administrator's command, and starts it."""
    old = hosts.standby
    make_standby(server_of(old), peer_of(hosts.primary), name=old.name, replace=True)
    old.configure_itself()
    old.start()


def waits_for_standby(hosts: TwoHosts) -> bool:
    """Whether commits wait for the standby, and it is level."""
    state = "select sync_state from pg_stat_replication where state = 'streaming'"
    return hosts.primary.psql("postgres", state) == "sync"


def alone_since(library: SmallLibrary) -> Any:
    """Since when the library goes on alone."""
    return asked(library, "select alone_since from watch.state")


def standing(library: SmallLibrary) -> dict[str, tuple[int, int]]:
    """Of each item that is lent: how many loans stand, and how many records of the audit tell of them."""
    with library.engine.connect() as connection:
        found = connection.exec_driver_sql(
            "select i.number, count(distinct l.id), count(r.seq) from loan l join item i on i.id = l.item_id"
            " left join audit.record r on r.act = 'checkout' and (r.subject ->> 'loan')::bigint = l.id"
            " group by i.number"
        )
        return {number: (loans, records) for number, loans, records in found}


def stock(library: SmallLibrary, wanted: int) -> list[tuple[str, str]]:
    """New cards, each with an item that is on the shelf."""
    serials = [next(_serials) for _ in range(wanted)]
    with library.engine.connect() as connection:
        connection.execute(
            t.patron.insert(),
            [
                {"id": n, "name": f"見本 {n}", "kana": "ミホン", "birth_date": dt.date(1980, 4, 1),
                 "category": "resident", "last_used_on": TODAY, "registered_on": dt.date(2024, 4, 1)}
                for n in serials
            ],
        )  # fmt: skip
        connection.execute(
            t.card.insert(),
            [
                {"number": f"2{n:09}", "patron_id": n, "state": "active", "issued_on": dt.date(2024, 4, 1)}
                for n in serials
            ],
        )
        connection.execute(
            t.title.insert(),
            [{"id": n, "title": f"こころ {n}", "statement": "夏目 漱石", "ndc": "913.6"} for n in serials],
        )
        connection.execute(
            t.item.insert(),
            [
                {"id": n, "number": f"1{n:09}", "title_id": n, "home_branch_id": SOGO, "kind": "book"}
                for n in serials
            ],
        )
    return [(f"2{n:09}", f"1{n:09}") for n in serials]


def lending(card: str, item: str) -> Any:
    """The act that lends an item; the same one, however often it is made."""
    number = UUID(int=int(item))
    return partial(check_out, operation=number, visit=number, card_number=card, item_number=item, desk=None)


class Counter(threading.Thread):
    """A counter that lends one item after the other, and repeats what was not answered until it is."""

    def __init__(self, library: SmallLibrary, place: int, work: list[tuple[str, str]]) -> None:
        super().__init__(name=f"counter {place}")
        self.server = CentralServer(door(library.url, library.cluster, 100 + place))
        assert isinstance(self.server.sign_in(f"clerk_{place}", PASSWORD), SignedIn)
        self._work = iter(work)
        self.answered: list[tuple[str, float]] = []
        self.repeated = 0
        self.wrong: list[object] = []
        self.stop = threading.Event()
        self.given_up = False

    def run(self) -> None:
        """Lends until it is told to stop."""
        for card, item in self._work:
            if self.stop.is_set():
                break
            answer = self._lend(lending(card, item))
            if isinstance(answer, CheckedOut):
                self.answered.append((item, time.monotonic()))
            else:
                self.wrong.append(answer)
            time.sleep(0.02)
        self.server.close()

    def _lend(self, act: Any) -> object:
        deadline = time.monotonic() + LEND_SECONDS
        while time.monotonic() < deadline:
            try:
                return self.server.run(act)
            except Outage:
                self.repeated += 1
                time.sleep(0.2)
        return "given up"


@contextmanager
def counters(library: SmallLibrary, hosts: TwoHosts, number: int = 3) -> Iterator[list[Counter]]:
    """Counters at work meanwhile; all that they were answered is checked at the end."""
    opened = [Counter(library, place, stock(library, 1500)) for place in range(1, number + 1)]
    for counter in opened:
        counter.start()
    try:
        yield opened
        for counter in opened:
            lent = len(counter.answered)
            assert wait_until(lambda c=counter, n=lent: len(c.answered) > n or c.wrong, LEND_SECONDS)
    finally:
        for counter in opened:
            counter.stop.set()
        for counter in opened:
            counter.join()
    stand = standing(library)
    for counter in opened:
        assert counter.wrong == []
        assert {stand.get(item) for item, _ in counter.answered} == {(1, 1)}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("how", ["killed", "frozen", "killed again"])
def test_the_first_host_is_lost_and_the_counters_go_on(
    hosts: TwoHosts, library: SmallLibrary, how: str, record_property: Any
) -> None:
    with both_watched(hosts):
        old, heir = hosts.primary, hosts.standby
        assert wait_until(lambda: waits_for_standby(hosts) and alone_since(library) is None)
        with counters(library, hosts) as opened:
            assert wait_until(lambda: all(len(counter.answered) > 5 for counter in opened))
            old.freeze() if how == "frozen" else old.kill()
            lost_at = time.monotonic()
            engine = administrator(heir)
            promote(server_of(heir), peer_of(old), engine)
            engine.dispose()
            swap(hosts)
            promoted_at = time.monotonic()
            for counter in opened:
                assert wait_until(lambda c=counter: c.answered[-1][1] > promoted_at or c.wrong, LEND_SECONDS)
            went_on = max(min(at for _, at in counter.answered if at > promoted_at) for counter in opened)
            for name, seconds in (
                ("promotion", promoted_at - lost_at),
                ("from the promotion to the last counter's next loan", went_on - promoted_at),
            ):
                record_property(name, round(seconds, 2))
                print(f"{how}: {name}: {seconds:.2f} s")
        assert sum(counter.repeated for counter in opened) > 0
        assert acts(library, "promoted") >= 1
        assert alone_since(library) is not None
        # the old one comes back, and may not
        if how == "frozen":
            old.kill()
        with pytest.raises(CannotDo, match="has taken this host's place"):
            fence(server_of(old), peer_of(heir))
        with pytest.raises(CannotDo, match="is not empty"):
            make_standby(server_of(old), peer_of(heir), name=old.name)
        make_it_follow(hosts)
        assert fence(server_of(old), peer_of(heir)) == "this host is a standby"
        assert wait_until(lambda: waits_for_standby(hosts) and alone_since(library) is None)
    assert acts(library, "second host back") >= 1


@pytest.mark.timeout(300)
@pytest.mark.parametrize("how", ["killed", "frozen", "killed again"])
def test_the_second_host_is_lost_and_the_first_goes_on_alone(
    hosts: TwoHosts, library: SmallLibrary, how: str, record_property: Any
) -> None:
    with both_watched(hosts):
        assert wait_until(lambda: waits_for_standby(hosts) and alone_since(library) is None)
        gone_before, back_before = acts(library, "second host gone"), acts(library, "second host back")
        with counters(library, hosts) as opened:
            assert wait_until(lambda: all(len(counter.answered) > 5 for counter in opened))
            lost_at = time.monotonic()
            hosts.standby.freeze() if how == "frozen" else hosts.standby.kill()
            time.sleep(0.2)
            assert wait_until(lambda: alone_since(library) is not None)
            degraded_at = time.monotonic()
            for counter in opened:
                assert wait_until(lambda c=counter: c.answered[-1][1] > degraded_at or c.wrong, LEND_SECONDS)
            record_property("until commits waited no longer", round(degraded_at - lost_at, 2))
            print(f"{how}: until commits waited no longer: {degraded_at - lost_at:.2f} s")
            clerk = CentralServer(door(library.url, library.cluster, 109))
            assert isinstance(clerk.sign_in("clerk_9", PASSWORD), SignedIn)
            shown = clerk.run(lambda connected: connected.look_after())
            assert isinstance(shown, ServerState)
            assert shown.watched
            assert shown.alone_since is not None
            hosts.standby.recover()
            assert wait_until(lambda: waits_for_standby(hosts) and alone_since(library) is None)
            assert clerk.run(lambda connected: connected.look_after()).alone_since is None
            clerk.close()
        # a busy machine can be missed once more on its way back; each time it is on record, both ways
        gone = acts(library, "second host gone") - gone_before
        assert gone == acts(library, "second host back") - back_before
        assert gone in (1, 2)


def in_wait(library: SmallLibrary, login: str) -> int:
    """How many commits of a login wait for the standby."""
    return asked(
        library,
        "select count(*) from pg_stat_activity where usename = :login and wait_event = 'SyncRep'",
        login=login,
    )


@pytest.mark.timeout(300)
def test_a_commit_that_waits_is_cancelled_by_nobody_and_answered_once(
    hosts: TwoHosts, library: SmallLibrary
) -> None:
    """Not by the client that gives up and asks again, not by the watcher, not by the end of the account."""
    ((card, item),) = stock(library, 1)
    hosts.primary.wait_for_standby(hosts.standby.name)
    assert wait_until(lambda: waits_for_standby(hosts))
    clerk = CentralServer(door(library.url, library.cluster, 105))
    assert isinstance(clerk.sign_in("clerk_5", PASSWORD), SignedIn)
    lend = lending(card, item)
    with hosts.standby.freeze():
        with pytest.raises(Outage):
            clerk.run(lend)
        assert in_wait(library, "clerk_5") == 1
        # the watcher without a second host: it puts people out, and does not let waiting commits go
        with watching(hosts.primary.sockets, hosts.primary, DATABASE):
            done(library, f"{ALONE} update account.state set disabled_at = now() where login = 'clerk_5'")
            # longer than a transaction may take, than the client's and the server's own limits
            time.sleep(7)
            assert in_wait(library, "clerk_5") == 1
            done(library, f"{ALONE} update account.state set disabled_at = null where login = 'clerk_5'")
        assert item not in standing(library), "what was not answered is not seen"
        for _ in range(3):
            with pytest.raises(Outage):
                clerk.run(lend)
        assert in_wait(library, "clerk_5") >= 1
        with both_watched(hosts):
            assert wait_until(lambda: alone_since(library) is not None)
            assert wait_until(lambda: isinstance(answer_to(clerk, lend), CheckedOut))
    assert standing(library)[item] == (1, 1)
    assert isinstance(clerk.run(lend), CheckedOut)
    assert standing(library)[item] == (1, 1)
    clerk.close()


@pytest.mark.timeout(300)
def test_an_answer_said_again_is_as_safe_as_the_first(hosts: TwoHosts, library: SmallLibrary) -> None:
    """Whoever asks again is answered when the second host has it, though this one could say it at once."""
    ((card, item),) = stock(library, 1)
    hosts.primary.wait_for_standby(hosts.standby.name)
    assert wait_until(lambda: waits_for_standby(hosts))
    clerk = CentralServer(door(library.url, library.cluster, 106))
    assert isinstance(clerk.sign_in("clerk_6", PASSWORD), SignedIn)
    lend = lending(card, item)
    assert isinstance(clerk.run(lend), CheckedOut)
    with hosts.standby.freeze():
        with pytest.raises(Outage):
            clerk.run(lend)
        assert in_wait(library, "clerk_6") == 1
    assert wait_until(lambda: isinstance(answer_to(clerk, lend), CheckedOut))
    assert standing(library)[item] == (1, 1)
    clerk.close()


def answer_to(server: CentralServer, act: Any) -> object:
    """What an act is answered; None: nothing yet."""
    try:
        return server.run(act)
    except Outage:
        return None


def test_a_host_that_has_been_away_asks_before_it_starts(hosts: TwoHosts, library: SmallLibrary) -> None:
    first, second = server_of(hosts.primary), server_of(hosts.standby)
    other = peer_of(hosts.standby)
    assert fence(second, peer_of(hosts.primary)) == "this host is a standby"
    assert fence(first, other) == f"{hosts.standby.host} is a standby"
    with pytest.raises(CannotDo, match="still takes changes"):
        promote(second, peer_of(hosts.primary), library.engine)
    with pytest.raises(CannotDo, match="no standby"):
        promote(first, other, library.engine)
    hosts.standby.kill()
    with pytest.raises(CannotDo, match="does not say"):
        fence(first, other, patience_seconds=0)
    # somebody has seen that it is off; the word is good for one start
    allow_alone(first)
    assert "the administrator says" in fence(first, other, patience_seconds=0)
    with pytest.raises(CannotDo, match="does not say"):
        fence(first, other, patience_seconds=0)
    with pytest.raises(CannotDo, match="stop it first"):
        make_standby(first, other, name="first", replace=True)
