"""What the way to the lending server raises. Apart from the gateway, so that nothing heavy comes with it."""

from __future__ import annotations


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
