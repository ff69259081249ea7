"""The way to the central lending server: each member of staff is a login of it, with a password of their own.

While nobody is signed in there is no connection and no credential here. While somebody is, their password
stays in memory, because a connection that the line cut off must be made anew without asking; it goes with
the sign-out.
"""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NoReturn, TypeVar
from uuid import UUID, uuid4

import sqlalchemy as sa

from madoguchi.app.server import entering
from madoguchi.app.server.gateway import LIMIT_SECONDS, Act, LendingServer
from madoguchi.app.server.odbc_errors import is_about_certificate
from madoguchi.app.server.outage import Outage, SessionEnded, SignInRefused
from madoguchi.app.staff.accounts import LOGIN
from madoguchi.app.staff.session import (
    PasswordNeeded,
    PasswordRefused,
    ServerState,
    SessionEnd,
    SignedIn,
    SignedInElsewhere,
    SignInAnswer,
    SignInProblem,
)

T = TypeVar("T")

Door = Callable[[str, str], sa.Engine]
"""Makes an engine for a login and its password, at this terminal."""

_log = logging.getLogger(__name__)


class _Session:
    """One person's way in: first asked whether they may enter, then used for their acts."""

    def __init__(self, engine: sa.Engine, login: str, limit_seconds: float) -> None:
        self.login = login
        self._id: UUID = uuid4()
        self._engine = engine
        self._answer: SignInAnswer | None = None
        self._take_over = False
        self.server = LendingServer(engine, limit_seconds=limit_seconds, greet=self._greet)

    def enter(self, *, take_over: bool = False) -> SignInAnswer:
        """Asks to be let in; the answer is a value, also *no*.

        Raises:
            Outage: no answer.
        """
        self._take_over = take_over
        try:
            self._answer = self.server.run(lambda connected: self._ask(connected.connection))
        except SignInRefused as refused:
            terminal = is_about_certificate(refused.__cause__)
            self._answer = SignInProblem.TERMINAL_UNKNOWN if terminal else SignInProblem.NOT_KNOWN
        return self._answer

    def change_password(self, password: str) -> PasswordRefused | None:
        """Has a new password taken; None: it is the password now.

        Raises:
            Outage: no answer; whether it was taken is not known.
        """
        return self.server.run(
            lambda connected: entering.change_password(
                connected.connection, login=self.login, password=password
            )
        )

    def close(self) -> None:
        """Ends the session where the server can be asked to, and forgets the password in any case."""
        if isinstance(self._answer, SignedIn):
            with suppress(Outage, SignInRefused, SessionEnded):
                self.server.run(lambda connected: entering.leave(connected.connection))
        self.server.close()
        self._engine.dispose()

    def _ask(self, connection: sa.Connection) -> SignInAnswer:
        return entering.enter(connection, self._id, login=self.login, take_over=self._take_over)

    def _greet(self, connection: sa.Connection) -> None:
        # the first connection asks by itself, one after it goes on where that was cut off
        if isinstance(self._answer, SignedIn):
            self._take_over = False
            answer = self._ask(connection)
            if not isinstance(answer, SignedIn):
                raise SessionEnded(_why_not_again(answer))


def _why_not_again(answer: SignInAnswer) -> SessionEnd:
    """Why somebody who was in is not let in again over a new connection."""
    if isinstance(answer, PasswordNeeded):
        return SessionEnd.PASSWORD
    if isinstance(answer, SignInProblem):
        return {
            SignInProblem.NOT_KNOWN: SessionEnd.ACCOUNT,
            SignInProblem.WRONG_BRANCH: SessionEnd.BRANCH,
            SignInProblem.TERMINAL_UNKNOWN: SessionEnd.TERMINAL,
            SignInProblem.TERMINAL_REVOKED: SessionEnd.TERMINAL,
            SignInProblem.TERMINAL_CUT_OFF: SessionEnd.CUT_OFF,
            SignInProblem.SESSION_ENDED: SessionEnd.TAKEN_OVER,
        }[answer]
    return SessionEnd.TAKEN_OVER


class NobodySignedIn:
    """What an act finds while nobody is signed in: the door, and nothing behind it."""

    def __init__(self, central: CentralServer) -> None:
        self._central = central

    def sign_in(self, *, login: str, password: str, branch_code: str, terminal: str) -> SignInAnswer:
        """Signs a member of staff in; where this terminal stands is for the server to know."""
        del branch_code, terminal
        return self._central.sign_in(login, password)

    def take_over(self) -> SignInAnswer:
        """Ends the session that whoever has just given their password has at another terminal."""
        return self._central.take_over()

    def change_password(self, password: str) -> SignInAnswer | PasswordRefused:
        """Gives whoever has just given their password a new one, and signs them in."""
        return self._central.change_password(password)

    def look_after(self) -> ServerState:
        """How the server is: not known without a connection, and nothing to be said of it."""
        return ServerState()

    def __getattr__(self, name: str) -> NoReturn:
        raise SessionEnded(SessionEnd.NOT_SIGNED_IN)


class CentralServer:
    """Runs acts on the central lending server as whoever is signed in; one at a time, from one thread.

    ``door`` makes an engine for a login and a password. It raises what ``app.terminal.identity`` raises where
    this terminal has no certificate.
    """

    def __init__(self, door: Door, *, limit_seconds: float = LIMIT_SECONDS) -> None:
        self._door = door
        self._limit = limit_seconds
        self._session: _Session | None = None
        # gave the right password, but is not in yet
        self._pending: _Session | None = None

    def run(self, act: Act[T]) -> T:
        """Runs ``act`` and returns its answer.

        Raises:
            Outage: no answer within the limit, or the connection is lost; perhaps done, perhaps not.
            SessionEnded: nobody is signed in, or not any more; nothing was done.
        """
        session = self._session
        if session is None:
            nobody: Any = NobodySignedIn(self)
            return act(nobody)
        try:
            return session.server.run(act)
        except SignInRefused as refused:
            self._drop()
            raise SessionEnded(SessionEnd.REFUSED) from refused
        except SessionEnded:
            self._drop()
            raise

    def sign_in(self, login: str, password: str) -> SignInAnswer:
        """See ``NobodySignedIn.sign_in``.

        Raises:
            Outage: no answer; nobody is signed in.
        """
        self._forget()
        login = unicodedata.normalize("NFKC", login).strip().lower()
        if not LOGIN.fullmatch(login):
            # a name or a password typed into the wrong field would stand in the server's log
            return SignInProblem.NOT_KNOWN
        session = _Session(self._door(login, password), login, self._limit)
        try:
            return self._entered(session, session.enter())
        except BaseException:
            session.close()
            raise

    def take_over(self) -> SignInAnswer:
        """See ``NobodySignedIn.take_over``."""
        session = self._pending
        if session is None:
            return SignInProblem.SESSION_ENDED
        return self._entered(session, session.enter(take_over=True))

    def change_password(self, password: str) -> SignInAnswer | PasswordRefused:
        """See ``NobodySignedIn.change_password``."""
        session = self._pending
        if session is None:
            return SignInProblem.SESSION_ENDED
        refused = session.change_password(password)
        if refused is not None:
            return refused
        # signing in anew proves the password, and brings the group that the change gave
        self._forget()
        return self.sign_in(session.login, password)

    def sign_out(self) -> None:
        """Ends the session and forgets who it was, whether or not the server can be told."""
        self._forget()
        session, self._session = self._session, None
        if session is not None:
            session.close()

    def close(self) -> None:
        """The same, at the end of the program."""
        self.sign_out()

    def _entered(self, session: _Session, answer: SignInAnswer) -> SignInAnswer:
        if isinstance(answer, SignedIn):
            self._session, self._pending = session, None
        elif isinstance(answer, SignedInElsewhere | PasswordNeeded):
            self._pending = session
        else:
            if self._pending is session:
                self._pending = None
            session.close()
        return answer

    def _forget(self) -> None:
        pending, self._pending = self._pending, None
        if pending is not None:
            pending.close()

    def _drop(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.server.close()
            _log.info("the session is over by the server's word")
