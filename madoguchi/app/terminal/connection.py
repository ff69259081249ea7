"""The terminal's certificate shown to the lending server, its passphrase kept out of what may be printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from madoguchi.app.server.odbc_connect import connection_string
from madoguchi.app.terminal.identity import Identity

if TYPE_CHECKING:
    from sqlalchemy import Engine


def present(identity: Identity, engine: Engine) -> None:
    """Has every new connection of `engine`, one of our ODBC dialect, show this terminal's certificate.

    The passphrase is read when a connection is opened and stands in no address: SQLAlchemy hides an address's
    password when it prints one, but not `sslpassword`. A renewed certificate is used from the next connection
    on. `identity` decides `sslrootcert` too.

    Opening a connection then also raises NoIdentity, before anything is sent.
    """
    from sqlalchemy import event

    def add_certificate(_dialect: Any, _record: Any, arguments: list[Any], _keywords: dict[str, Any]) -> None:
        arguments[:] = [connection_string(engine.url.update_query_dict(identity.connection_options()))]

    event.listen(engine, "do_connect", add_certificate)
