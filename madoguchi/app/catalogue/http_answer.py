"""One question by HTTP, and its answer: read within bounds, or refused."""

from __future__ import annotations

import socket
from http.client import HTTPException, HTTPResponse
from typing import Final, cast
from urllib.parse import urlencode

from madoguchi.app.catalogue.addresses import HTTPS_PORT, Source
from madoguchi.app.catalogue.deadline import Line
from madoguchi.app.catalogue.fetched import CannotFetch, Reason

FRAMING_MAX: Final = 256 * 1024
"""What may come besides the body: heads, and lengths of chunks."""

_XML: Final = ("application/rss+xml", "application/xml", "text/xml")
_PART: Final = 65_536


def question(source: Source, **asked: str) -> bytes:
    """A request for `source`'s path with what is asked. Nothing of this machine is in it."""
    address = source.address
    host = address.host if address.port == HTTPS_PORT else str(address)
    lines = (
        f"GET {source.path}?{urlencode(asked)} HTTP/1.1",
        f"Host: {host}",
        f"Accept: {', '.join(_XML)}",
        "Accept-Encoding: identity",
        "User-Agent: madoguchi",
        "Connection: close",
    )
    return "\r\n".join([*lines, "", ""]).encode("ascii")


def ask(line: Line, request: bytes, most: int) -> bytes:
    """Sends the request; returns the body of the answer: XML, uncompressed, `most` bytes at most.

    Raises:
        CannotFetch: it is anything else, too big, too late or cut short.
    """
    try:
        line.send(request)
        # it asks nothing of a socket but makefile()
        with HTTPResponse(cast(socket.socket, line)) as response:
            response.begin()
            _check_head(response, most)
            return _body(response, most)
    except TimeoutError as error:
        raise CannotFetch(Reason.TIMED_OUT) from error
    except (OSError, HTTPException, ValueError, OverflowError) as error:
        # ValueError, OverflowError: what http.client lets out of a chunk whose length is no length
        raise CannotFetch(Reason.BROKEN, type(error).__name__) from error


def _check_head(response: HTTPResponse, most: int) -> None:
    if 300 <= response.status <= 399:
        # where to is not looked at: a source that moves is for us to change
        raise CannotFetch(Reason.REDIRECTED, f"it answered {response.status}")
    if response.status != 200:
        raise CannotFetch(Reason.SOURCE_ERROR, f"it answered {response.status}")
    for name, only in (("content-encoding", "identity"), ("transfer-encoding", "chunked")):
        if any(value.strip().lower() != only for value in response.headers.get_all(name, ())):
            raise CannotFetch(Reason.NOT_UNDERSTOOD, f"a {name} that was not asked for")
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _XML:
        raise CannotFetch(Reason.NOT_UNDERSTOOD, "no XML by its content-type")
    if response.length is not None and response.length > most:
        raise CannotFetch(Reason.TOO_BIG)


def _body(response: HTTPResponse, most: int) -> bytes:
    body = bytearray()
    # in parts: it makes room at once for as much as it is told to read
    while part := response.read(_PART):
        body += part
        if len(body) > most:
            raise CannotFetch(Reason.TOO_BIG)
    if response.length:
        raise CannotFetch(Reason.BROKEN, "shorter than it said")
    return bytes(body)
