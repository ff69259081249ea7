"""The one door to the lending server: each act bounded in time, an outage one exception.

A frozen server fools every timer of the driver, and even a cancel request (measured: a process
stopped with SIGSTOP still acknowledges TCP).  So an act runs in a lane, a thread with its own
connection; when its time is up the lane is abandoned, its socket shut down so that the thread can
end, and the next act gets a new lane.  Whether an abandoned act was done is unknown: it carries an
operation id, and is repeated under the same one.
"""

from __future__ import annotations

import logging
import queue
import sqlite3
import threading
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

import sqlalchemy as sa

from madoguchi.app.catalogue.adding import Additions
from madoguchi.app.catalogue.labels import Labels
from madoguchi.app.lending.facts import Reads, Writes
from madoguchi.app.patrons.applications import Applications
from madoguchi.app.patrons.cards import Cards
from madoguchi.app.patrons.finding import Patrons
from madoguchi.app.patrons.registering import Registrations
from madoguchi.app.patrons.ties import Ties
from madoguchi.app.patrons.web_password import WebPasswords
from madoguchi.app.reservations.queues import Queues
from madoguchi.app.reservations.rounds import Rounds
from madoguchi.app.reservations.telling import Telling
from madoguchi.app.server.additions import CentralAdditions
from madoguchi.app.server.applications import CentralApplications
from madoguchi.app.server.cards import CentralCards
from madoguchi.app.server.catalogue import Catalogue, CentralCatalogue, EmbeddedCatalogue
from madoguchi.app.server.central_patrons import CentralPatrons, CentralRegistrations
from madoguchi.app.server.devices import CentralDevices
from madoguchi.app.server.embedded import EmbeddedWrites
from madoguchi.app.server.embedded_additions import EmbeddedAdditions
from madoguchi.app.server.embedded_applications import EmbeddedApplications, erase_applications
from madoguchi.app.server.embedded_cards import EmbeddedCards
from madoguchi.app.server.embedded_labels import EmbeddedLabels
from madoguchi.app.server.embedded_patrons import EmbeddedPatrons
from madoguchi.app.server.embedded_queues import EmbeddedQueues
from madoguchi.app.server.embedded_registrations import EmbeddedRegistrations
from madoguchi.app.server.embedded_rounds import EmbeddedRounds
from madoguchi.app.server.embedded_telling import EmbeddedTelling
from madoguchi.app.server.embedded_ties import EmbeddedTies, erase_notes
from madoguchi.app.server.entering import server_state
from madoguchi.app.server.functions import CentralReads, CentralWrites
from madoguchi.app.server.labels import CentralLabels
from madoguchi.app.server.office import CentralOffice
from madoguchi.app.server.outage import Outage, SessionEnded, SignInRefused
from madoguchi.app.server.queues import CentralQueues
from madoguchi.app.server.reads import SqlReads
from madoguchi.app.server.rounds import CentralRounds
from madoguchi.app.server.sockets import Sockets
from madoguchi.app.server.telling import CentralTelling
from madoguchi.app.server.ties import CentralTies
from madoguchi.app.server.web_passwords import CentralWebPasswords, NoWebPasswords
from madoguchi.app.staff.session import (
    PasswordRefused,
    ServerState,
    SessionEnd,
    SignInAnswer,
)
from madoguchi.app.staff.sign_in import sign_in

T = TypeVar("T")

LIMIT_SECONDS = 3.0

_log = logging.getLogger(__name__)


class Connected:
    """The reads and guarded writes of one open connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        self.reads: Reads
        self.writes: Writes
        self.catalogue: Catalogue
        self.additions: Additions
        self.applications: Applications
        self.web_passwords: WebPasswords
        self.patrons: Patrons
        self.registrations: Registrations
        self.cards: Cards
        self.ties: Ties
        self.queues: Queues
        self.rounds: Rounds
        self.telling: Telling
        self.labels: Labels
        self._office: CentralOffice | None = None
        self._devices: CentralDevices | None = None
        if connection.dialect.name == "sqlite":
            self.reads, self.writes = SqlReads(connection), EmbeddedWrites(connection)
            self.catalogue = EmbeddedCatalogue(connection)
            self.additions = EmbeddedAdditions(connection)
            self.applications = EmbeddedApplications(connection)
            self.web_passwords = NoWebPasswords()
            self.patrons = EmbeddedPatrons(connection)
            self.registrations = EmbeddedRegistrations(connection)
            self.cards, self.ties = EmbeddedCards(connection), EmbeddedTies(connection)
            self.queues = EmbeddedQueues(connection)
            self.rounds = EmbeddedRounds(connection)
            self.telling = EmbeddedTelling(connection)
            self.labels = EmbeddedLabels(connection)
        else:
            self.reads, self.writes = CentralReads(connection), CentralWrites(connection)
            self.catalogue = CentralCatalogue(connection)
            self.additions = CentralAdditions(connection)
            self.applications = CentralApplications(connection)
            self.web_passwords = CentralWebPasswords(connection)
            self.patrons = CentralPatrons(connection)
            self.registrations = CentralRegistrations(connection)
            self.cards, self.ties = CentralCards(connection), CentralTies(connection)
            self.queues = CentralQueues(connection)
            self.rounds = CentralRounds(connection)
            self.telling = CentralTelling(connection)
            self.labels = CentralLabels(connection)
            self._office = CentralOffice(connection)
            self._devices = CentralDevices(connection)

    @property
    def office(self) -> CentralOffice:
        """What is done beside lending.

        Raises:
            LookupError: the embedded library has none of it; nobody is led there.
        """
        if self._office is None:
            raise LookupError("the embedded library has no office")
        return self._office

    @property
    def devices(self) -> CentralDevices:
        """What is done about USB devices.

        Raises:
            LookupError: the embedded library has none of it; nobody is led there.
        """
        if self._devices is None:
            raise LookupError("the embedded library has no USB control")
        return self._devices

    def sign_in(self, *, login: str, password: str, branch_code: str, terminal: str) -> SignInAnswer:
        """Signs a member of staff in to the embedded library; see ``app.staff.sign_in``."""
        return sign_in(
            self.connection, login=login, password=password, branch_code=branch_code, terminal=terminal
        )

    def take_over(self) -> SignInAnswer:
        """Never asked for: the embedded library keeps no sessions.

        Raises:
            LookupError: always.
        """
        raise LookupError("the embedded library keeps no sessions")

    def change_password(self, password: str) -> SignInAnswer | PasswordRefused:
        """Never asked for: the embedded library's accounts are made-up ones.

        Raises:
            LookupError: always.
        """
        raise LookupError("the embedded library has no passwords to change")

    def look_after(self) -> ServerState:
        """What a counter asks every minute: how the server is. The embedded library erases then by itself."""
        if isinstance(self.writes, EmbeddedWrites):
            self.writes.erase_returned()
            erase_applications(self.connection)
            erase_notes(self.connection)
            return ServerState()
        return server_state(self.connection)


Act = Callable[[Connected], T]
Greeting = Callable[[sa.Connection], None]


class _Lane:
    """A thread with a connection of its own; once abandoned it closes both and is never asked again.

    ``greet`` is run on the connection as soon as it stands; what it raises, the act raises.
    """

    def __init__(self, engine: sa.Engine, greet: Greeting | None) -> None:
        self._engine = engine
        self._greet = greet
        self._sockets = Sockets(engine.url)
        self._asked: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._counter: Connected | None = None
        self._given_up = threading.Event()
        self._thread = threading.Thread(target=self._work, name="lending server", daemon=True)
        self._thread.start()

    def run(self, act: Act[T], seconds: float) -> T:
        """Runs ``act`` within ``seconds``.

        Raises:
            TimeoutError: it did not come back; the lane has been abandoned.
        """
        done = threading.Event()
        outcome: list[Any] = []

        def work() -> None:
            try:
                outcome.append(act(self._connect()))
            except BaseException as error:  # noqa: BLE001 - carried to the caller's thread
                outcome.append(error)
            done.set()

        self._asked.put(work)
        if not done.wait(seconds):
            self.abandon()
            raise TimeoutError(f"no answer within {seconds:g} s")
        result = outcome[0]
        if isinstance(result, BaseException):
            raise result
        return result  # type: ignore[no-any-return]

    def abandon(self) -> None:
        """Cuts off the call the thread hangs in, and lets the thread end."""
        self._given_up.set()
        self.retire()
        self._sockets.shut_down()

    def retire(self) -> None:
        """Lets the thread end once it has nothing more to do."""
        self._asked.put(None)

    def close(self, seconds: float) -> None:
        """Ends the thread and its connection in good order."""
        self.retire()
        self._thread.join(seconds)
        if self._thread.is_alive():
            self._sockets.shut_down()

    def _connect(self) -> Connected:
        if self._counter is None:
            with self._sockets.watched():
                connection = self._engine.connect()
            if self._greet is not None:
                try:
                    self._greet(connection)
                except BaseException:
                    connection.close()
                    raise
            self._counter = Connected(connection)
        if self._given_up.is_set():
            # connected too late: the counter has been told that nothing was done
            raise Outage("the connection came when its act had been given up")
        return self._counter

    def _work(self) -> None:
        while (work := self._asked.get()) is not None:
            work()
            # what an act was given, a password perhaps, is not kept until the next one comes
            del work
        if self._counter is not None:
            try:
                self._counter.connection.close()
            except sa.exc.DBAPIError:
                _log.info("a connection given up could not be closed in good order")


class LendingServer:
    """Runs acts on the lending server, one at a time, from one thread at a time.

    An answer, also *no*, is what the act returns; a bug is whatever the act raises. ``greet`` is run on every
    new connection before it takes its first act.
    """

    def __init__(
        self, engine: sa.Engine, *, limit_seconds: float = LIMIT_SECONDS, greet: Greeting | None = None
    ) -> None:
        self._engine = engine
        self._greet = greet
        self._limit = limit_seconds
        self._lane: _Lane | None = None
        self._guard = threading.Lock()

    def run(self, act: Act[T]) -> T:
        """Runs ``act`` and returns its answer.

        Raises:
            Outage: no answer within the limit, or the connection is lost; perhaps done, perhaps not.
            SignInRefused: the server refuses the credentials.
            SessionEnded: nobody is signed in over this connection any more.
        """
        with self._guard:
            lane = self._lane = self._lane or _Lane(self._engine, self._greet)
            try:
                return lane.run(act, self._limit)
            except TimeoutError as error:
                self._lane = None
                raise Outage(str(error)) from error
            except sa.exc.DBAPIError as error:
                self._lane = None
                lane.retire()
                raise _sorted(error) from error
            except (Outage, SessionEnded):
                self._lane = None
                lane.retire()
                raise

    def approver(self) -> NoReturn:
        """Never asked for: the embedded library has no USB control.

        Raises:
            LookupError: always.
        """
        raise LookupError("the embedded library has no USB control")

    def sign_out(self) -> None:
        """Nothing to do: the embedded library keeps no sessions."""

    def close(self) -> None:
        """Closes the connection; a later act opens a new one."""
        with self._guard:
            if self._lane is not None:
                self._lane.close(self._limit)
                self._lane = None


_SQLITE_OUTAGES = ("database is locked", "disk I/O error", "unable to open", "database or disk is full")


def _sorted(error: sa.exc.DBAPIError) -> Exception:
    """The exception a driver's error becomes: an outage, a refusal, or the bug it is."""
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        lost = any(words in str(cause) for words in _SQLITE_OUTAGES)
        return Outage("the library's file cannot be used just now") if lost else error
    from madoguchi.app.server.odbc_errors import Fault, classify, sqlstate

    if cause is None:
        return error
    state = sqlstate(cause) or ""
    if state.startswith("28M"):
        return SessionEnded(SessionEnd(state))
    if state == "42501":
        # the account lost its role under an open connection; a guarded write answers that by itself
        return SessionEnded(SessionEnd.ACCOUNT)
    match classify(cause):
        case Fault.OUTAGE:
            return Outage("the connection to the lending server is lost")
        case Fault.SIGN_IN_REFUSED:
            return SignInRefused("the lending server does not accept these credentials")
        case Fault.BUG:
            return error
