"""What an error from the server means: its SQLSTATE, its DB-API class, and whose fault it is.

psqlodbc hands on PostgreSQL's SQLSTATE once a session stands; before that everything (server down, wrong
password, unknown database, bad certificate) is 08001 and only the text tells them apart. The server's part of
that text is English because the server runs with lc_messages=C. libpq's own part follows the terminal's
language, so nothing that matters to the clerk hangs on it.
"""

from __future__ import annotations

import enum
import re

from sqlalchemy import exc

_SQLSTATE = re.compile(r"[0-9A-Z]{5}\Z")

# The DB-API class of each SQLSTATE class: the same choice psycopg makes, but for P0 (below).
_CLASS_BY_SQLSTATE = {
    "07": "ProgrammingError",
    "08": "OperationalError",
    "0A": "NotSupportedError",
    "10": "ProgrammingError",
    "20": "ProgrammingError",
    "21": "ProgrammingError",
    "22": "DataError",
    "23": "IntegrityError",
    "24": "InternalError",
    "25": "InternalError",
    "26": "ProgrammingError",
    "27": "OperationalError",
    "28": "OperationalError",
    "2B": "InternalError",
    "2D": "InternalError",
    "2F": "OperationalError",
    "34": "ProgrammingError",
    "38": "OperationalError",
    "39": "OperationalError",
    "3B": "OperationalError",
    "3D": "ProgrammingError",
    "3F": "ProgrammingError",
    "40": "OperationalError",
    "42": "ProgrammingError",
    "44": "ProgrammingError",
    "53": "OperationalError",
    "54": "OperationalError",
    "55": "OperationalError",
    "57": "OperationalError",
    "58": "OperationalError",
    "F0": "OperationalError",
    "HV": "OperationalError",
    # RAISE in a server function: a refusal the function words itself, not a mistake in our SQL.
    "P0": "InternalError",
    "XX": "InternalError",
    # The driver manager's and the driver's own states.
    "HY": "OperationalError",
    "IM": "InterfaceError",
    "01": "InterfaceError",
}

# Sent with FATAL: the session is over. Class 08 is the line itself.
_SESSION_ENDED = frozenset({"25P03", "57P01", "57P02", "57P03", "57P04", "57P05", "HYT01"})
_LINE_LOST = (
    "connection has been lost",
    "connection lost",
    "server closed the connection",
    "could not receive data from server",
    "could not send data to server",
    "no connection to the server",
    "SSL SYSCALL error",
    "SSL connection has been closed",
)

_OUTAGE_CLASSES = frozenset({"08", "40", "53", "57", "58"})
# Written to a standby after a fail-over; a lock another terminal holds; ODBC's own timeout.
_OUTAGE_STATES = frozenset({"25006", "25P03", "55P03", "HYT00", "HYT01"})

_REFUSED = re.compile(
    r"authentication failed for user"
    r"|role \".*\" does not exist"
    r"|is not permitted to log in"
    r"|no pg_hba\.conf entry"
    r"|pg_hba\.conf rejects connection"
    r"|connection requires a valid client certificate"
    r"|tlsv1[3]? alert (unknown ca|certificate|bad certificate)"
    r"|sslv3 alert (bad certificate|certificate)"
    r"|permission denied for database"
    r"|no password supplied"
)
_MISCONFIGURED = re.compile(
    r"database \".*\" does not exist"
    r"|certificate"
    r"|private key"
    r"|does not support SSL"
    r"|connection parameter error"
    r"|invalid value for parameter"
    r"|unrecognized configuration parameter"
)


class Fault(enum.Enum):
    """Whose fault an error is, as far as the counter must know."""

    OUTAGE = "outage"
    """The line, the server's load or another session: nothing is wrong with what was asked. It may or may not
    have been done; asking again with the same operation id is right."""
    SIGN_IN_REFUSED = "sign-in refused"
    """The server does not let this person or this terminal in. Asking again changes nothing."""
    BUG = "bug"
    """Our SQL, our data, our settings: to be logged and shown to whoever maintains the program."""


def driver_error(error: BaseException) -> BaseException | None:
    """Return pyodbc's error inside `error` (itself, or what SQLAlchemy wrapped), or None."""
    found = error.orig if isinstance(error, exc.StatementError) else error
    if found is not None and any(kind.__module__ == "pyodbc" for kind in type(found).__mro__):
        return found
    return None


def sqlstate(error: BaseException) -> str | None:
    """Return the five letters of the SQLSTATE `error` carries, bare or wrapped by SQLAlchemy, or None."""
    found = driver_error(error)
    if found is None or not found.args:
        return None
    first = found.args[0]
    return first if isinstance(first, str) and _SQLSTATE.match(first) else None


def dbapi_class_name(state: str) -> str | None:
    """Return the name of the DB-API error class for a SQLSTATE, or None where pyodbc's own choice stands."""
    if state == "25P03":
        return "OperationalError"
    return _CLASS_BY_SQLSTATE.get(state[:2])


def is_lost(error: BaseException) -> bool:
    """True when the session this error came from is gone and its connection must be thrown away."""
    found = driver_error(error)
    if found is None:
        return False
    text = _text(found)
    state = sqlstate(found)
    if state is None:
        return "closed connection" in text or "connection has been closed" in text
    if state in _SESSION_ENDED or state[:2] == "08":
        return True
    # The text of a server error can quote anything a person typed: only the driver's own states are searched.
    return state[:2] in {"HY", "01", "S1"} and any(words in text for words in _LINE_LOST)


def classify(error: BaseException) -> Fault:
    """Say whose fault `error` is. Takes pyodbc's errors bare or as SQLAlchemy wraps them; never raises.

    An error that is not from the driver is a BUG, but for SQLAlchemy's own pool timeout and disconnection.
    """
    if isinstance(error, exc.TimeoutError | exc.DisconnectionError):
        return Fault.OUTAGE
    found = driver_error(error)
    if found is None:
        return Fault.BUG
    state = sqlstate(found) or ""
    if state == "08001":
        return _why_not_connected(_text(found))
    if state[:2] == "28":
        return Fault.SIGN_IN_REFUSED
    if is_lost(found) or state[:2] in _OUTAGE_CLASSES or state in _OUTAGE_STATES:
        return Fault.OUTAGE
    return Fault.BUG


def is_about_certificate(error: BaseException | None) -> bool:
    """True when the server does not accept this terminal's certificate, or its having none."""
    found = None if error is None else driver_error(error)
    return found is not None and "certificate" in _text(found)


def _why_not_connected(text: str) -> Fault:
    if _REFUSED.search(text):
        return Fault.SIGN_IN_REFUSED
    if _MISCONFIGURED.search(text):
        return Fault.BUG
    return Fault.OUTAGE


def _text(error: BaseException) -> str:
    return " ".join(str(part) for part in error.args)
