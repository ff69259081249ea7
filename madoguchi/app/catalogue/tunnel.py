"""A verified TLS connection to an allowed host, through the proxy and no other way.

The terminal looks up and connects to the proxy alone: the host's name goes to the proxy as it is. What the
environment says of proxies is not looked at, nor can it have OpenSSL write down a session's keys.
"""

from __future__ import annotations

import re
import socket
import ssl
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from madoguchi.app.catalogue.addresses import Address
from madoguchi.app.catalogue.deadline import Deadline, Line, within
from madoguchi.app.catalogue.fetched import CannotFetch, Reason

_HEAD_MAX: Final = 16_384
_STATUS: Final = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})(?: [^\r\n]*)?\r?\n")
_NO_WAY_ON: Final = frozenset({502, 503, 504})


def trusted(ca_file: Path | None) -> ssl.SSLContext:
    """Whom to believe: the machine's own authorities, and those in the file.

    Raises:
        CannotFetch: the file cannot be read, or holds no certificate.
    """
    # not create_default_context(): it obeys SSLKEYLOGFILE
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_default_certs()
    if ca_file is not None:
        try:
            context.load_verify_locations(cafile=ca_file)
        except (OSError, ValueError) as error:
            raise CannotFetch(Reason.CA_FILE, type(error).__name__) from error
    return context


@contextmanager
def tunnel(
    proxy: Address,
    target: Address,
    *,
    login: tuple[str, str] | None,
    context: ssl.SSLContext,
    deadline: Deadline,
    most: int,
) -> Iterator[Line]:
    """A line to `target` that reads `most` bytes at most; closed at the end.

    Args:
        login: user and password for the proxy. It is sent to the proxy as it stands, as HTTP has it (Basic).

    Raises:
        CannotFetch: no proxy, no way through it, no time left, or not proven to be `target`.
    """
    with _failing_as(Reason.PROXY_UNREACHABLE):
        connected = _connected(proxy, deadline)
    try:
        with _failing_as(Reason.PROXY_UNREACHABLE):
            _ask_for_a_way(Line(connected, deadline, _HEAD_MAX), target, login)
        with _failing_as(Reason.BROKEN):
            connected = _verified(connected, target, context, deadline)
        yield Line(connected, deadline, most)
    finally:
        connected.close()


@contextmanager
def _failing_as(reason: Reason) -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:
        raise CannotFetch(Reason.TIMED_OUT) from error
    except OSError as error:
        raise CannotFetch(reason, type(error).__name__) from error


def _connected(proxy: Address, deadline: Deadline) -> socket.socket:
    """Raises OSError; TimeoutError."""
    found = within(deadline, lambda: socket.getaddrinfo(proxy.host, proxy.port, type=socket.SOCK_STREAM))
    last: OSError = ConnectionError()
    for place, (family, kind, protocol, _, address) in enumerate(found):
        connected = socket.socket(family, kind, protocol)
        try:
            # one that swallows everything leaves the others their share of the time
            connected.settimeout(deadline.left() / (len(found) - place))
            connected.connect(address)
        except OSError as error:
            connected.close()
            last = error
        except BaseException:
            connected.close()
            raise
        else:
            return connected
    raise last


def _ask_for_a_way(line: Line, target: Address, login: tuple[str, str] | None) -> None:
    lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
    if login is not None:
        lines.append(f"Proxy-Authorization: Basic {b64encode(':'.join(login).encode()).decode()}")
    line.send("\r\n".join([*lines, "", ""]).encode("ascii"))
    status = _status(line)
    said = f"the proxy answered {status}"
    if status == 407:
        raise CannotFetch(Reason.PROXY_PASSWORD, said)
    if status in _NO_WAY_ON:
        raise CannotFetch(Reason.SOURCE_UNREACHABLE, said)
    if not 200 <= status <= 299:
        raise CannotFetch(Reason.PROXY_REFUSED, said)


def _status(line: Line) -> int:
    """Reads the head of the proxy's answer to its last byte and no further: what follows is the host's."""
    head_untrusted = bytearray()
    while not head_untrusted.endswith((b"\r\n\r\n", b"\n\n")):
        byte = line.read(1)
        if not byte or len(head_untrusted) >= _HEAD_MAX:
            raise CannotFetch(Reason.PROXY_UNREACHABLE, "not an answer of a proxy")
        head_untrusted += byte
    match = _STATUS.match(head_untrusted)
    if match is None:
        raise CannotFetch(Reason.PROXY_UNREACHABLE, "not an answer of a proxy")
    return int(match[1])


def _verified(
    connected: socket.socket, target: Address, context: ssl.SSLContext, deadline: Deadline
) -> ssl.SSLSocket:
    """Takes the socket over. Raises OSError; TimeoutError."""
    # an end that nobody announced is somebody who cut the answer short
    tls = context.wrap_socket(
        connected, server_hostname=target.host, do_handshake_on_connect=False, suppress_ragged_eofs=False
    )
    try:
        # the time for the whole handshake, not for each byte of it
        tls.settimeout(deadline.left())
        tls.do_handshake()
    except ssl.SSLCertVerificationError as error:
        tls.close()
        raise CannotFetch(Reason.TLS_NOT_VERIFIED, error.verify_message) from error
    except (ssl.SSLEOFError, ssl.SSLZeroReturnError):
        tls.close()
        raise
    except ssl.SSLError as error:
        tls.close()
        raise CannotFetch(Reason.TLS_NOT_VERIFIED, str(error.reason)) from error
    except BaseException:
        tls.close()
        raise
    return tls
