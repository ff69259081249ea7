"""A second person's session at a terminal where somebody is signed in: to decide on an exception."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Final, TypeVar

from madoguchi.app.devices.approving import Approver, ApproverAnswer, ApproverProblem
from madoguchi.app.devices.values import DeviceRefusal, Grant, UsbException
from madoguchi.app.server.devices import CentralDevices
from madoguchi.app.server.gateway import LIMIT_SECONDS
from madoguchi.app.server.outage import SessionEnded, SignInRefused
from madoguchi.app.server.person_session import Door, PersonSession
from madoguchi.app.staff.accounts import LOGIN
from madoguchi.app.staff.permissions import Role
from madoguchi.app.staff.session import (
    PasswordNeeded,
    SignedIn,
    SignedInElsewhere,
    SignInAnswer,
    SignInProblem,
)

T = TypeVar("T")

_PROBLEMS: Final = {
    SignInProblem.NOT_KNOWN: ApproverProblem.NOT_KNOWN,
    # a security manager works at every branch; whoever does not is none
    SignInProblem.WRONG_BRANCH: ApproverProblem.WRONG_ROLE,
    SignInProblem.TERMINAL_UNKNOWN: ApproverProblem.TERMINAL,
    SignInProblem.TERMINAL_REVOKED: ApproverProblem.TERMINAL,
    SignInProblem.TERMINAL_CUT_OFF: ApproverProblem.TERMINAL,
    SignInProblem.SESSION_ENDED: ApproverProblem.SESSION_ENDED,
}


class ApproverSession:
    """Enters, reads what is asked, decides, leaves. One person, one time; from one thread at a time.

    It has a connection of its own and knows nothing of the clerk's. ``door`` is this terminal's.
    """

    def __init__(self, door: Door, *, limit_seconds: float = LIMIT_SECONDS) -> None:
        self._door = door
        self._limit = limit_seconds
        self._session: PersonSession | None = None

    def enter(self, login_untrusted: str, password: str, *, beside: str) -> ApproverAnswer:
        """Signs the second person in beside whoever has the login ``beside``.

        Raises:
            Outage: no answer; nobody came in.
        """
        self.leave()
        login = unicodedata.normalize("NFKC", login_untrusted).strip().lower()
        if login == beside:
            return ApproverProblem.OWN_LOGIN
        if not LOGIN.fullmatch(login):
            # a name or a password typed into the wrong field would stand in the server's log
            return ApproverProblem.NOT_KNOWN
        session = PersonSession(self._door(login, password), login, self._limit)
        self._session = session
        return self._entered(session.enter)

    def take_over(self) -> ApproverAnswer:
        """Ends the session that they have at another terminal, and lets them in here.

        Raises:
            Outage: no answer; nobody came in.
        """
        session = self._session
        if session is None:
            return ApproverProblem.SESSION_ENDED
        return self._entered(lambda: session.enter(take_over=True))

    def read(self, number: int) -> UsbException | DeviceRefusal:
        """What is asked, as the server knows it.

        Raises:
            Outage: no answer.
        """
        return self._run(lambda devices: devices.read_exception(number))

    def approve(self, number: int) -> Grant | DeviceRefusal:
        """Approves it.

        Raises:
            Outage: no answer. It may have been approved; asked again, whoever approved is answered the same.
        """
        return self._run(lambda devices: devices.approve_exception(number))

    def refuse(self, number: int) -> DeviceRefusal | None:
        """Refuses it.

        Raises:
            Outage: no answer; it may have been refused.
        """
        return self._run(lambda devices: devices.refuse_exception(number))

    def leave(self) -> None:
        """Signs them out and forgets the password, whether or not the server can be told."""
        session, self._session = self._session, None
        if session is not None:
            session.close()

    def _entered(self, enter: Callable[[], SignInAnswer]) -> ApproverAnswer:
        try:
            answer = enter()
        except BaseException:
            self.leave()
            raise
        match answer:
            case SignedIn(role=Role.SECURITY_MANAGER):
                return Approver(answer.desk.login, answer.name)
            case SignedInElsewhere():
                # the password was right; they may say that they come here instead
                return answer
            case SignedIn():
                problem = ApproverProblem.WRONG_ROLE
            case PasswordNeeded():
                problem = ApproverProblem.PASSWORD_NEEDED
            case SignInProblem():
                problem = _PROBLEMS[answer]
        self.leave()
        return problem

    def _run(self, act: Callable[[CentralDevices], T]) -> T | DeviceRefusal:
        session = self._session
        if session is None:
            return DeviceRefusal.SESSION_ENDED
        try:
            return session.server.run(lambda connected: act(connected.devices))
        except (SessionEnded, SignInRefused):
            self.leave()
            return DeviceRefusal.SESSION_ENDED
