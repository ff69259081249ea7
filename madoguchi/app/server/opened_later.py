"""A lending server that is opened when it is first asked: the window is there before it.

Importing SQLAlchemy and the driver and bringing the library's file up to date take longer than painting the
sign-in, and nobody can sign in before they have seen it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from madoguchi.app.server.approver import ApproverSession
    from madoguchi.app.server.gateway import Act

T = TypeVar("T")


class Opened(Protocol):
    """A lending server that is open: the embedded library, or the central one."""

    def run(self, act: Act[T]) -> T: ...

    def approver(self) -> ApproverSession: ...

    def sign_out(self) -> None: ...

    def close(self) -> None: ...


class OpenedLater:
    """Opens the lending server in the thread that first asks it, and then is that server.

    ``open_server`` raises ``CannotOpen`` when it cannot be opened; the next act tries again.
    """

    def __init__(self, open_server: Callable[[], Opened]) -> None:
        self._open = open_server
        self._server: Opened | None = None

    def run(self, act: Act[T]) -> T:
        """Runs ``act`` and returns its answer.

        Raises:
            CannotOpen: the library cannot be opened; nothing was asked.
            Outage: see ``LendingServer.run``.
        """
        if self._server is None:
            self._server = self._open()
        return self._server.run(act)

    def approver(self) -> ApproverSession:
        """A way in at this terminal for a second person, beside whoever is signed in.

        Raises:
            CannotOpen: the library cannot be opened.
            LookupError: the embedded library has no USB control; nobody is led there.
        """
        if self._server is None:
            self._server = self._open()
        return self._server.approver()

    def sign_out(self) -> None:
        """Ends the session, if there ever was one."""
        if self._server is not None:
            self._server.sign_out()

    def close(self) -> None:
        """Closes the connection, if there ever was one."""
        if self._server is not None:
            self._server.close()
