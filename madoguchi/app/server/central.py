"""The way to the central lending server: each member of staff is a login of it, with a password of their own.

While nobody is signed in there is no connection and no credential here. While somebody is, their password
stays in memory, because a connection that the line cut off must be made anew without asking; it goes with
the sign-out.
"""

from __future__ import annotations

import logging
import unicodedata
from typing import Any, NoReturn, TypeVar

from madoguchi.app.server.approver import ApproverSession
from madoguchi.app.server.gateway import LIMIT_SECONDS, Act
from madoguchi.app.server.outage import SessionEnded, SignInRefused
from madoguchi.app.server.person_session import Door, PersonSession
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

_log = logging.getLogger(__name__)


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
        self._session: PersonSession | None = None
        # gave the right password, but is not in yet
        self._pending: PersonSession | None = None

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
        session = PersonSession(self._door(login, password), login, self._limit)
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

    def approver(self) -> ApproverSession:
        """A way in at this terminal for a second person, beside whoever is signed in."""
        return ApproverSession(self._door, limit_seconds=self._limit)

    def sign_out(self) -> None:
        """Ends the session and forgets who it was, whether or not the server can be told."""
        self._forget()
        session, self._session = self._session, None
        if session is not None:
            session.close()

    def close(self) -> None:
        """The same, at the end of the program."""
        self.sign_out()

    def _entered(self, session: PersonSession, answer: SignInAnswer) -> SignInAnswer:
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
