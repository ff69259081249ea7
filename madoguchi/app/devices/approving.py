"""What comes of a second person's signing in to decide on an exception at somebody else's terminal. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from madoguchi.app.staff.session import SignedInElsewhere


class ApproverProblem(StrEnum):
    """Why somebody did not come in to approve. The clerk's session goes on as it was."""

    NOT_KNOWN = "not_known"
    """Unknown login, wrong password, locked or ended account: nobody learns which."""
    OWN_LOGIN = "own_login"
    """It is the login of who asks."""
    WRONG_ROLE = "wrong_role"
    """No security manager; they were signed out again."""
    PASSWORD_NEEDED = "password_needed"  # noqa: S105 - no password
    """The password must be changed first, at a sign-in of their own."""
    TERMINAL = "terminal"
    """This terminal is not known, was revoked, or is cut off."""
    SESSION_ENDED = "session_ended"


@dataclass(frozen=True, slots=True)
class Approver:
    """Who is signed in beside the clerk now, to decide."""

    login: str
    name: str


ApproverAnswer = Approver | ApproverProblem | SignedInElsewhere
"""What comes of it; of somebody who works at another terminal, that they do: they may end that session."""
