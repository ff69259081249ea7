"""A server on the loopback address: a thread for each connection, and all of it ends with the test."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from typing import Self


class Serving:
    """Listens until `close()`. What is done with a connection is `serve`, which a subclass has.

    Attributes:
        port: where it listens, at 127.0.0.1.
        peers: the ports of those who connected, in their order.
    """

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.peers: list[int] = []
        self.ending = threading.Event()
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._accept, name=type(self).__name__)]
        self._threads[0].start()

    def serve(self, connected: socket.socket) -> None:
        """Does what is to be done with one connection; whatever breaks it is no matter."""
        raise NotImplementedError

    def keep(self, opened: socket.socket) -> socket.socket:
        """Has a socket cut off at the end, so that nobody waits for it; returns it."""
        with self._lock:
            self._open.add(opened)
        return opened

    def hang(self) -> None:
        """Does nothing until the end."""
        self.ending.wait()

    def drip(self, connected: socket.socket, content: bytes, seconds: float = 0.1) -> None:
        """Sends a byte now and then."""
        for byte in content:
            connected.sendall(bytes((byte,)))
            if self.ending.wait(seconds):
                return

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends it, and whatever it is at."""
        self.ending.set()
        # a connection of our own wakes whoever waits for one
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
        deadline = time.monotonic() + 10
        while (
            left := [thread for thread in self._threads if thread.is_alive()]
        ) and time.monotonic() < deadline:
            with self._lock:
                for opened in self._open:
                    with suppress(OSError):
                        # the plain one: TLS' own takes the session away from whoever reads it
                        socket.socket.shutdown(opened, socket.SHUT_RDWR)
            left[0].join(0.05)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            connected, peer = self._listener.accept()
            if self.ending.is_set():
                connected.close()
                return
            self.peers.append(peer[1])
            self.keep(connected)
            thread = threading.Thread(target=self._serve, args=(connected,), name=type(self).__name__)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connected: socket.socket) -> None:
        with connected, suppress(OSError):
            self.serve(connected)


def read_head(connected: socket.socket) -> bytes:
    """The head of a request, up to its empty line; what comes behind it is left. Less, if no more comes."""
    head = bytearray()
    while not head.endswith(b"\r\n\r\n") and (byte := connected.recv(1)):
        head += byte
    return bytes(head)
