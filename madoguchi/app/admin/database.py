"""The administrator's way into the library's database: the server's own socket, as its superuser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import sqlalchemy as sa

from madoguchi.app.admin.machine import SUPERUSER, Cluster
from madoguchi.app.admin.said import CannotDo
from madoguchi.app.server.engine import make_engine
from madoguchi.app.server.odbc_errors import sqlstate

# Nothing of a statement's own data is repeated: these are sentences of our functions, which name no value.
_OUR_OWN: Final = ("22023", "42501")
_MESSAGE: Final = re.compile(r"ERROR:\s*(.*?)(?:;?\n|\Z)", re.DOTALL)


def engine_of(cluster: Cluster, database: str) -> sa.Engine:
    """An engine on the cluster's socket, as its superuser; statements take as long as they take."""
    return make_engine(
        sa.URL.create(
            "postgresql+pyodbc",
            username=SUPERUSER,
            host=str(cluster.socket),
            port=cluster.port,
            database=database,
            query={
                # on the machine's own socket there is nobody to encrypt for, and PostgreSQL offers none
                "sslmode": "disable",
                "application_name": "madoguchi-server",
                "connect_timeout": "10",
                "statement_timeout": "0",
                "lock_timeout": "15000",
                "idle_in_transaction_session_timeout": "0",
            },
        )
    )


@contextmanager
def sentences() -> Iterator[None]:
    """Turns what the server refuses into a sentence.

    Raises:
        CannotDo: the server cannot be reached, does not let this account in, or refuses a value.
    """
    try:
        yield
    except sa.exc.DBAPIError as error:
        sentence = _sentence(error)
        if sentence is None:
            raise
        raise CannotDo(sentence) from error


def _sentence(error: sa.exc.DBAPIError) -> str | None:
    state = sqlstate(error) or ""
    text = " ".join(str(part) for part in getattr(error.orig, "args", ()))
    if state in _OUR_OWN:
        found = _MESSAGE.search(text)
        return found[1] if found else "the server refuses a value"
    if state == "08001":
        if "database" in text and "does not exist" in text:
            return "the library's database is not there; make it with madoguchi-server init, or restore it"
        if "eer authentication failed" in text or "no pg_hba.conf entry" in text:
            return "PostgreSQL does not let this account in: run it as root, on a server made by init"
        if "standby mode is disabled" in text:
            return "this host is a standby, which lets nobody in: run it on the first host"
        return "PostgreSQL does not answer at its socket; is the cluster running (pg_lsclusters)?"
    if state == "55P03":
        return "another program holds what is needed; try again"
    if state == "25006":
        return "this host is a standby, which takes no changes: run it on the first host"
    return None


def call(connection: sa.Connection, function: str, arguments: str = "", **values: Any) -> dict[str, Any]:
    """What one of our functions answers, read from its JSON.

    ``arguments`` is the list between its brackets, with a name for each value.

    Raises:
        CannotDo: the server refuses a value.
    """
    with sentences():
        # the function's name and the list of arguments are this program's own words
        answer = connection.execute(sa.text(f"select {function}({arguments})"), values).scalar_one()
    read: dict[str, Any] = json.loads(answer)
    return read


def rows(connection: sa.Connection, query: str, **values: Any) -> list[dict[str, Any]]:
    """The rows a query of our own brings."""
    return [dict(row) for row in connection.execute(sa.text(query), values).mappings()]
