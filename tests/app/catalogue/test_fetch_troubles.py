"""Fetching where somebody on the way hangs, drips, breaks off or refuses: it ends in time, and says why."""

from __future__ import annotations

import socket
import threading
import time

import pytest

from madoguchi.app.catalogue import tunnel as tunnels
from madoguchi.app.catalogue.fetched import FetchFailed, Reason
from tests.app.catalogue.conftest import Counter
from tests.support.connect_proxy import Bad
from tests.support.keyring_backend import MemoryKeyring, ring

__all__ = ["ring"]

LIMIT_SECONDS = 0.5
HANGS_SECONDS = 5.0


def ends(counter: Counter) -> object:
    """The answer of a fetch that has half a second; it must not hang."""
    counter.set_up(seconds=LIMIT_SECONDS)
    begun = time.monotonic()
    fetched = counter.fetch()
    assert time.monotonic() - begun < HANGS_SECONDS
    return fetched


# -- the proxy -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "bad",
    [Bad.SILENT, Bad.SILENT_AFTERWARDS, Bad.DRIPPING, Bad.DRIPPING_AFTERWARDS],
    ids=lambda bad: bad.name,
)
def test_a_proxy_that_hangs_or_drips_is_given_up(counter: Counter, bad: Bad) -> None:
    counter.proxy.bad = bad
    assert ends(counter) == FetchFailed(Reason.TIMED_OUT)


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (407, Reason.PROXY_PASSWORD),
        (403, Reason.PROXY_REFUSED),
        (400, Reason.PROXY_REFUSED),
        (302, Reason.PROXY_REFUSED),
        (500, Reason.PROXY_REFUSED),
        (101, Reason.PROXY_REFUSED),
        (502, Reason.SOURCE_UNREACHABLE),
        (503, Reason.SOURCE_UNREACHABLE),
        (504, Reason.SOURCE_UNREACHABLE),
    ],
)
def test_a_proxy_that_refuses(counter: Counter, status: int, reason: Reason) -> None:
    counter.proxy.status = status
    assert counter.fetch() == FetchFailed(reason)
    assert counter.ndl.peers == []


@pytest.mark.parametrize(
    "says",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"HTTP/2 200\r\n\r\n",
        b"HTTP/1.1 2000 OK\r\n\r\n",
        b"HTTP/1.1 200\xff OK\r\n\r\n",
        b"\r\n\r\n",
        b"\x00" * 40_000,
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 10_000,
    ],
)
def test_who_does_not_answer_as_a_proxy_is_none(counter: Counter, says: bytes) -> None:
    counter.proxy.says = says
    assert counter.fetch() in (FetchFailed(Reason.PROXY_UNREACHABLE), FetchFailed(Reason.TOO_BIG))


def test_a_proxy_that_is_not_there(counter: Counter) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    counter.set_up(proxy=f"http://127.0.0.1:{port}")
    assert counter.fetch() == FetchFailed(Reason.PROXY_UNREACHABLE)


def test_a_proxy_that_nobody_knows(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(tunnels.socket, "getaddrinfo", unknown)
    counter.set_up(proxy="http://proxy.example:8080")
    assert counter.fetch() == FetchFailed(Reason.PROXY_UNREACHABLE)


def test_a_proxy_that_hangs_up(counter: Counter) -> None:
    counter.proxy.bad = Bad.HANGING_UP
    assert counter.fetch() == FetchFailed(Reason.PROXY_UNREACHABLE)
    counter.proxy.bad = Bad.HANGING_UP_AFTERWARDS
    assert counter.fetch() == FetchFailed(Reason.BROKEN)


def test_a_look_up_that_hangs_is_given_up(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    monkeypatch.setattr(tunnels.socket, "getaddrinfo", lambda *_, **__: over.wait(60))
    counter.set_up(proxy="http://proxy.example:8080")
    assert ends(counter) == FetchFailed(Reason.TIMED_OUT)
    over.set()


def test_the_second_address_of_a_proxy_is_tried(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        closed = taken.getsockname()
    open_one = ("127.0.0.1", counter.proxy.port)
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", where) for where in (closed, open_one)]
    monkeypatch.setattr(tunnels.socket, "getaddrinfo", lambda *_, **__: found)
    counter.set_up(proxy="http://proxy.example:8080")
    counter.proxy.status = 403
    assert counter.fetch() == FetchFailed(Reason.PROXY_REFUSED)


def test_a_keyring_that_waits_for_somebody_is_given_up(
    counter: Counter, ring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()
    monkeypatch.setattr(ring, "get_password", lambda *_: over.wait(60) and None)
    counter.set_up(proxy=f"http://user@127.0.0.1:{counter.proxy.port}")
    assert ends(counter) == FetchFailed(Reason.TIMED_OUT)
    over.set()


# -- the host --------------------------------------------------------------------------------------------


def test_a_handshake_that_hangs_is_given_up(counter: Counter) -> None:
    counter.ndl.handshake = False
    assert ends(counter) == FetchFailed(Reason.TIMED_OUT)


def test_who_speaks_no_tls_is_not_believed(counter: Counter) -> None:
    counter.proxy.says = b"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 400 Bad Request\r\n\r\n"
    assert counter.fetch() == FetchFailed(Reason.TLS_NOT_VERIFIED)


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"


@pytest.mark.parametrize(
    "drips",
    [b"H", HEAD, HEAD + b"Content-Length: 1000\r\n\r\n<rss>", HEAD + b"Transfer-Encoding: chunked\r\n\r\n"],
    ids=["status", "head", "body", "chunks"],
)
def test_an_answer_that_drips_is_given_up(counter: Counter, drips: bytes) -> None:
    def talk(connected: socket.socket) -> None:
        connected.sendall(drips)
        counter.ndl.drip(connected, b"0" * 1000, 0.05)

    counter.ndl.talk = talk
    assert ends(counter) == FetchFailed(Reason.TIMED_OUT)


@pytest.mark.parametrize("part", [b"HTTP/1.1 100 Continue\r\n\r\n", HEAD + b"X: y\r\n", b"\r\n"])
def test_an_answer_that_only_begins_and_begins_is_given_up(counter: Counter, part: bytes) -> None:
    def talk(connected: socket.socket) -> None:
        while not counter.ndl.ending.is_set():
            connected.sendall(part * 1000)

    counter.ndl.talk = talk
    assert isinstance(ends(counter), FetchFailed)
