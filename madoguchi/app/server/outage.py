"""What the way to the lending server raises. Apart from the gateway, so that nothing heavy comes with it."""

from __future__ import annotations

from madoguchi.app.staff.session import SessionEnd


class Outage(Exception):
    """The lending server did not answer. What was asked may or may not have been done."""


class CannotOpen(Outage):
    """The library cannot be opened on this machine as it is now; nothing was asked of it.

    Attributes:
        sentence: what is wrong and what helps, for whoever stands before the screen.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class SignInRefused(Exception):
    """The lending server does not accept these credentials."""


class SessionEnded(Exception):
    """Whoever was signed in is so no longer: nothing was done, and nothing will be until somebody signs in.

    Attributes:
        why: what ended it.
    """

    def __init__(self, why: SessionEnd) -> None:
        super().__init__(f"the session is over: {why.name}")
        self.why = why
