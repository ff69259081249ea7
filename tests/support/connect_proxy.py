"""An HTTP proxy on the loopback address that knows CONNECT alone, and can be told to behave badly."""

from __future__ import annotations

import selectors
import socket
from collections.abc import Mapping
from enum import Enum, auto

from tests.support.serving import Serving, read_head


class Bad(Enum):
    """How a proxy can behave."""

    SILENT = auto()
    """It takes the connection and says nothing."""
    SILENT_AFTERWARDS = auto()
    """It says that the way is open, and nothing more."""
    DRIPPING = auto()
    """It answers a byte at a time, and never comes to an end."""
    HANGING_UP = auto()
    """It ends the connection without an answer."""
    HANGING_UP_AFTERWARDS = auto()
    """It says that the way is open, and ends the connection."""
    DRIPPING_AFTERWARDS = auto()
    """It says that the way is open, and passes the answer on a byte at a time."""


class ConnectProxy(Serving):
    """Leads `names` (``host:port``) to ports of the loopback address; any other gets a 502.

    Attributes:
        bad: how it behaves, if not well.
        status: what it answers instead of 200, without leading anywhere.
        says: bytes that it answers instead.
        login: the ``Proxy-Authorization`` that it wants, or nothing.
        heads: what it was asked, request by request.
        targets: whom it was asked for.
        outgoing: the ports that its own connections began at.
    """

    def __init__(self, names: Mapping[str, int]) -> None:
        self._names = names
        self.bad: Bad | None = None
        self.status = 200
        self.says = b""
        self.login = ""
        self.heads: list[str] = []
        self.targets: list[str] = []
        self.outgoing: list[int] = []
        super().__init__()

    @property
    def address(self) -> str:
        """As it stands in the settings."""
        return f"http://127.0.0.1:{self.port}"

    def serve(self, connected: socket.socket) -> None:
        """Answers one CONNECT and leads there."""
        head = read_head(connected).decode("ascii")
        if not head:
            return
        self.heads.append(head)
        method, target, _ = head.split(" ", 2)
        self.targets.append(target)
        assert method == "CONNECT"
        if self.bad is Bad.SILENT:
            self.hang()
        elif self.bad is Bad.DRIPPING:
            self.drip(connected, b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 10_000)
        elif self.bad is Bad.HANGING_UP:
            return
        elif self.says:
            connected.sendall(self.says)
            self.hang()
        elif self.login and f"\r\nProxy-Authorization: {self.login}\r\n" not in head:
            connected.sendall(b'HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm="x"\r\n\r\n')
        elif self.status != 200:
            connected.sendall(f"HTTP/1.1 {self.status} No\r\nContent-Length: 2\r\n\r\nno".encode())
        elif target not in self._names:
            connected.sendall(b"HTTP/1.1 502 No\r\n\r\n")
        else:
            connected.sendall(b"HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n")
            self._lead(connected, self._names[target])

    def _lead(self, connected: socket.socket, port: int) -> None:
        if self.bad is Bad.SILENT_AFTERWARDS:
            self.hang()
            return
        if self.bad is Bad.HANGING_UP_AFTERWARDS:
            return
        with self.keep(socket.create_connection(("127.0.0.1", port), timeout=10)) as onward:
            self.outgoing.append(onward.getsockname()[1])
            other = {connected: onward, onward: connected}
            with selectors.DefaultSelector() as selector:
                for each in other:
                    selector.register(each, selectors.EVENT_READ)
                while not self.ending.is_set():
                    for key, _ in selector.select(1):
                        source = key.fileobj
                        assert isinstance(source, socket.socket)
                        if not (content := source.recv(65_536)):
                            return
                        if self.bad is Bad.DRIPPING_AFTERWARDS and source is onward:
                            self.drip(connected, content)
                        else:
                            other[source].sendall(content)
