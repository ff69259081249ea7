"""Signing in, beside a bare connection; and how soon somebody whose account was ended is out."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import psycopg
import sqlalchemy as sa

from madoguchi.app.lending.facts import Desk
from madoguchi.app.server.central import CentralServer
from madoguchi.app.server.functions import answer_of, call
from madoguchi.app.server.gateway import Connected
from madoguchi.app.server.outage import Outage, SessionEnded
from madoguchi.app.staff.session import SignedIn
from tests.bench.figures import BenchError, Figure, Goal, Limit, spread
from tests.bench.ground import POSTGRESQL, Ground
from tests.bench.stock import BenchLibrary
from tests.support.library import SOGO
from tests.support.staff import PASSWORD, door_at, line_to, login_of, terminal_number
from tests.support.terminals import terminal_certificate

OUT_WITHIN_SECONDS = 5.0
_DISABLE = call("account.disable_staff", login=sa.Text())
_LEAVER = "leaver"


def measure(ground: Ground) -> Iterator[Figure]:
    """Every figure of this section. An embedded library keeps no sessions."""
    library = ground.library(POSTGRESQL)
    yield from _sign_ins(ground, library)
    yield from _outs(ground, library)


def _timed(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1e3


def _sign_ins(ground: Ground, library: BenchLibrary) -> Iterator[Figure]:
    """A sign-in is a connection (TLS, both certificates, SCRAM) and one call; each beside the connection."""
    login, amount = login_of("clerk", 0), ground.sizes.sign_ins
    url, cluster = library.terminal_url(), ground.cluster
    certificate = terminal_certificate(cluster, terminal_number(SOGO, 0))
    line = cluster.conninfo(str(library.url.database), user=login, password=PASSWORD, terminal=certificate)
    engine = door_at(url)(login, PASSWORD)
    arguments, keywords = engine.dialect.create_connect_args(engine.url)
    server = line_to(url, limit_seconds=30)
    ours, libpq, odbc, left = [], [], [], []
    for _ in range(amount):
        libpq.append(_timed(lambda: psycopg.connect(line).close()))
        odbc.append(_timed(lambda: engine.dialect.connect(*arguments, **keywords).close()))
        ours.append(_timed(lambda: _sign_in(server, login)))
        left.append(_timed(server.sign_out))
    engine.dispose()
    limits = (
        Limit("a bare connection by psycopg, median", spread(libpq)["median"]),
        Limit("a bare connection by pyodbc, median", spread(odbc)["median"]),
    )
    yield Figure("sessions", POSTGRESQL, "sign-in", "ms", amount, spread(ours), limits)
    yield Figure("sessions", POSTGRESQL, "a bare connection by psycopg", "ms", amount, spread(libpq))
    yield Figure("sessions", POSTGRESQL, "a bare connection by pyodbc", "ms", amount, spread(odbc))
    yield Figure("sessions", POSTGRESQL, "sign-out", "ms", amount, spread(left))


def _sign_in(server: CentralServer, login: str) -> Desk:
    answer = server.sign_in(login, PASSWORD)
    if not isinstance(answer, SignedIn):
        raise BenchError(f"{login} was not signed in: {answer}")
    return answer.desk


def _outs(ground: Ground, library: BenchLibrary) -> Iterator[Figure]:
    """From the administrator's word to the first act refused, of somebody who works without a pause."""
    amount = ground.sizes.outs
    library.add_staff(_LEAVER, "counter_staff", "退職 一郎")
    keeper = line_to(library.terminal_url(place=1), limit_seconds=30)
    _sign_in(keeper, "keeper")
    answered, out = [], []
    try:
        for place in range(amount):
            for found, times in zip(
                _put_out(library, keeper, login_of(_LEAVER, place)), (answered, out), strict=True
            ):
                times.append(found)
    finally:
        keeper.sign_out()
        _let_in_again(library, [login_of(_LEAVER, place) for place in range(amount)])
    words = f"all out within {OUT_WITHIN_SECONDS:g} s"
    yield Figure(
        "sessions", POSTGRESQL, "account disabled to being out of an open session", "ms", amount, spread(out),
        (Limit("the administrator's call, median", spread(answered)["median"]),),
        Goal(words, max(out) < OUT_WITHIN_SECONDS * 1e3),
    )  # fmt: skip
    yield Figure(
        "sessions", POSTGRESQL, "account disabled: the administrator's call", "ms", amount, spread(answered)
    )


def _put_out(library: BenchLibrary, keeper: CentralServer, login: str) -> tuple[float, float]:
    """Milliseconds from the call to its answer, and to the moment at which the other was told to go."""
    server = line_to(library.terminal_url(), limit_seconds=30)
    desk = _sign_in(server, login)
    told: list[float] = []
    working = threading.Event()

    def work() -> None:
        while not told:
            try:
                server.run(lambda connected: connected.reads.today_at_counter(desk))
                working.set()
            except Outage:
                # the connection was ended; what comes next is the refusal of a new one
                continue
            except SessionEnded:
                told.append(time.perf_counter())

    def disable(connected: Connected) -> None:
        answer = answer_of(connected.connection, _DISABLE, login=login)
        if answer["refusal"] is not None:
            raise BenchError(f"{login} was not disabled: {answer}")

    thread = threading.Thread(target=work)
    thread.start()
    working.wait(30)
    begun = time.perf_counter()
    keeper.run(disable)
    answered = time.perf_counter()
    thread.join(60)
    server.close()
    if not told:
        raise BenchError(f"{login} was never put out")
    return (answered - begun) * 1e3, (told[0] - begun) * 1e3


def _let_in_again(library: BenchLibrary, logins: list[str]) -> None:
    """Logins outlive the library they were disabled in."""
    with library.engine.connect() as connection:
        for login in logins:
            connection.exec_driver_sql(f"alter role {login} valid until 'infinity'")
            connection.exec_driver_sql(f"grant counter_staff to {login}")
