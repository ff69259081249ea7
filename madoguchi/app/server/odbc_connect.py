"""From a SQLAlchemy URL to psqlodbc's connection string: every safe option set, nothing unknown let by.

psqlodbc silently ignores an option it does not know, so a misspelt `SSLmode` would connect in clear text.
Here an unknown key of the URL is an error, and the options no caller should have to remember are fixed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from sqlalchemy import URL, exc

DRIVER = "PostgreSQL Unicode"
"""The driver's name as Debian's odbc-postgresql registers it; on Windows `PostgreSQL Unicode(x64)`."""

# Why each: '0' would be a true boolean; the stock protocol setting wraps every statement in a savepoint (five
# times the round trips); values travel inside the statement, one trip; line ends stay as they are; text of
# unknown length is not cut; no server cursors.
_DRIVER_OPTIONS = {
    "BoolsAsChar": "0",
    "Protocol": "7.4-0",
    "UseServerSidePrepare": "0",
    "LFConversion": "0",
    "UnknownSizes": "2",
    "UseDeclareFetch": "0",
    # Debian's driver logs by default; a log of statements would be a log of people.
    "CommLog": "0",
    "Debug": "0",
}

_SSL_MODES = ("verify-full", "verify-ca", "require", "disable")

# libpq's keywords a URL may set, with their defaults. Seconds, but for tcp_user_timeout (milliseconds).
_NUMBERS = {
    "connect_timeout": "3",
    "tcp_user_timeout": "3000",
    "keepalives_idle": "2",
    "keepalives_interval": "1",
    "keepalives_count": "2",
}
_WORDS = {
    "sslrootcert": None,
    "sslcert": None,
    "sslkey": None,
    "sslpassword": None,
    "sslcrl": None,
    "target_session_attrs": None,
    "application_name": "madoguchi",
}

# What our column types rely on: see odbc_types.
FIXED_SETTINGS = {"TimeZone": "UTC", "DateStyle": "ISO", "IntervalStyle": "postgres"}
# Milliseconds; 0 switches the limit off.
_LIMITS = {"statement_timeout": "2500", "lock_timeout": "1500", "idle_in_transaction_session_timeout": None}

_CONNECT_ARGUMENTS = frozenset({"timeout", "autocommit", "readonly", "attrs_before"})
_NOT_IN_A_PLAIN_WORD = re.compile(r"[;{}\x00]")


def connection_string(url: URL) -> str:
    """Return the string for `pyodbc.connect`; it holds the password, so it is never to be logged.

    Query keys, all optional: `sslmode` (verify-full unless said otherwise), `driver`, the libpq keywords
    `sslrootcert`, `sslcert`, `sslkey`, `sslpassword`, `sslcrl`, `target_session_attrs`, `application_name`,
    `connect_timeout`, `keepalives_idle`, `keepalives_interval` (seconds), `keepalives_count`,
    `tcp_user_timeout` (milliseconds), and the session's `statement_timeout`, `lock_timeout`,
    `idle_in_transaction_session_timeout` (milliseconds). Several hosts are written `a,b` and share the port;
    each has then two seconds to take the connection.

    Raises sqlalchemy.exc.ArgumentError for an unknown key, a bad value, or no host or database.
    """
    query = _single_values(url)
    if not url.host or not url.database:
        raise exc.ArgumentError("the address of the lending server needs a host and a database")
    parts = {
        "DRIVER": _braced("driver", query.pop("driver", DRIVER)),
        "Server": _plain("host", url.host),
        "Port": str(url.port or 5432),
        "Database": _plain("database", url.database),
    }
    if url.username:
        parts["UID"] = _plain("user", url.username)
    if url.password:
        # Without braces psqlodbc would decode % and + in it.
        parts["PWD"] = _braced("password", str(url.password))
    parts |= _DRIVER_OPTIONS
    parts["SSLmode"] = _ssl_mode(query)
    if "," in url.host:
        # a first host that says nothing must leave the second its part of an act's three seconds; two are the
        # fewest that libpq takes
        query.setdefault("connect_timeout", "2")
    parts["pqopt"] = _braced("pqopt", _libpq_options(query))
    if query:
        raise exc.ArgumentError(f"unknown options for the lending server: {', '.join(sorted(query))}")
    return "".join(f"{key}={value};" for key, value in parts.items())


def wants_tls(url: URL) -> bool:
    """True when the connection `url` describes must be encrypted: always, unless it says sslmode=disable."""
    return _ssl_mode(_single_values(url)) != "disable"


def check_connect_arguments(arguments: Mapping[str, object]) -> None:
    """Refuse keyword arguments pyodbc does not know: it would add them to the connection string unseen.

    Raises sqlalchemy.exc.ArgumentError.
    """
    if unknown := arguments.keys() - _CONNECT_ARGUMENTS:
        raise exc.ArgumentError(f"unknown connect_args: {', '.join(sorted(unknown))}")


def _single_values(url: URL) -> dict[str, str]:
    values: dict[str, str] = {}
    for key, value in url.query.items():
        if not isinstance(value, str):
            raise exc.ArgumentError(f"{key}: given more than once")
        values[key] = value
    return values


def _ssl_mode(query: dict[str, str]) -> str:
    mode = query.pop("sslmode", _SSL_MODES[0])
    if mode not in _SSL_MODES:
        raise exc.ArgumentError(f"sslmode: {mode!r} is none of {', '.join(_SSL_MODES)}")
    return mode


def _libpq_options(query: dict[str, str]) -> str:
    # No attempt at Kerberos encryption first: it would cost a trip and is not what sslmode promises.
    keywords = {"gssencmode": "disable"}
    for key, number in _NUMBERS.items():
        keywords[key] = _whole_number(key, query.pop(key, number))
    for key, word in _WORDS.items():
        value = query.pop(key, word)
        if value is not None:
            keywords[key] = value
    settings = dict(FIXED_SETTINGS)
    for key, limit in _LIMITS.items():
        value = query.pop(key, limit)
        if value is not None:
            settings[key] = _whole_number(key, value)
    keywords["options"] = " ".join(f"-c {key}={value}" for key, value in settings.items())
    return " ".join(f"{key}={_quoted(key, value)}" for key, value in keywords.items())


def _whole_number(key: str, value: str) -> str:
    if not (value.isascii() and value.isdigit()):
        raise exc.ArgumentError(f"{key}: {value!r} is not a whole number")
    return value


def _quoted(key: str, value: str) -> str:
    """Return `value` as libpq's connection string takes it."""
    _refuse_nul(key, value)
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _braced(key: str, value: str) -> str:
    """Return `value` in braces, as psqlodbc takes DRIVER, PWD and pqopt (and nothing else)."""
    _refuse_nul(key, value)
    return "{" + value.replace("}", "}}") + "}"


def _plain(key: str, value: str) -> str:
    """Return `value` if it can stand without braces. Raises ArgumentError where it would end too early."""
    if _NOT_IN_A_PLAIN_WORD.search(value):
        raise exc.ArgumentError(f"{key}: psqlodbc takes no ; or {{ or }} there")
    return value


def _refuse_nul(key: str, value: str) -> None:
    if "\x00" in value:
        raise exc.ArgumentError(f"{key}: holds a NUL character")
