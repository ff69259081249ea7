"""One person's way in to the central server: entering, going on over a new connection, leaving."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from uuid import UUID, uuid4

import sqlalchemy as sa

from madoguchi.app.server import entering
from madoguchi.app.server.gateway import LendingServer
from madoguchi.app.server.odbc_errors import is_about_certificate
from madoguchi.app.server.outage import Outage, SessionEnded, SignInRefused
from madoguchi.app.staff.session import (
    PasswordNeeded,
    PasswordRefused,
    SessionEnd,
    SignedIn,
    SignInAnswer,
    SignInProblem,
)

Door = Callable[[str, str], sa.Engine]
"""Makes an engine for a login and its password, at this terminal."""


class PersonSession:
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
        try:
            if isinstance(self._answer, SignedIn):
                with suppress(Outage, SignInRefused, SessionEnded):
                    self.server.run(lambda connected: entering.leave(connected.connection))
        finally:
            # with the engine the password goes
            try:
                self.server.close()
            finally:
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
