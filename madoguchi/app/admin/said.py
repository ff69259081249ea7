"""What an administrator's command says when it cannot do what was asked."""

from __future__ import annotations


class CannotDo(Exception):
    """The command was not done; the message is one sentence that says why and what helps.

    It never holds a password, a key or a patron's data.
    """
