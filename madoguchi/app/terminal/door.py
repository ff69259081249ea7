"""The door to the central server at this terminal: whoever comes in shows the terminal's certificate too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from madoguchi.app.server.outage import CannotOpen
from madoguchi.app.terminal.identity import Identity, NoIdentity

if TYPE_CHECKING:
    from sqlalchemy import URL, Engine

    from madoguchi.app.server.person_session import Door


class _AtTheCounter(Identity):
    """An identity whose faults are said at the counter, where a session goes on over a new connection."""

    def connection_options(self) -> dict[str, str]:
        try:
            return super().connection_options()
        except NoIdentity as error:
            raise CannotOpen(error.sentence) from error


def door_to(server: URL, identity: Identity) -> Door:
    """A door to ``server``, an address without a user, for this terminal.

    Going through it raises ``CannotOpen`` while the terminal cannot say who it is; nothing is sent then.
    """
    from madoguchi.app.server.engine import make_engine
    from madoguchi.app.terminal.connection import present

    shown = _AtTheCounter(identity.folder)

    def open_as(login: str, password: str) -> Engine:
        shown.connection_options()
        engine = make_engine(server.set(username=login, password=password))
        present(shown, engine)
        return engine

    return open_as
