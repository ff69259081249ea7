"""A host that answers by HTTPS on the loopback address, and says whatever a test has it say."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from contextlib import suppress

from tests.support.certificates import Certificates
from tests.support.serving import Serving, read_head

Talk = Callable[[socket.socket], None]


class HttpsSource(Serving):
    """Answers each request with `talk`, or with `answer`.

    Attributes:
        answer: the bytes of an HTTP answer.
        talk: what is done with a connection whose request has been read, instead of answering.
        handshake: whether it does a handshake at all; else it reads and says nothing.
        farewell: whether it says that it ends (close_notify).
        requests: the requests' heads.
    """

    def __init__(self, certificates: Certificates) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificates.cert, certificates.key)
        self.answer = b""
        self.talk: Talk | None = None
        self.handshake = True
        self.farewell = True
        self.requests: list[str] = []
        super().__init__()

    def serve(self, connected: socket.socket) -> None:
        """Answers one request."""
        connected.settimeout(10)
        if not self.handshake:
            self.hang()
            return
        with self.keep(self._context.wrap_socket(connected, server_side=True)) as tls:
            assert isinstance(tls, ssl.SSLSocket)
            self.requests.append(read_head(tls).decode("ascii"))
            if self.talk is not None:
                self.talk(tls)
            else:
                tls.sendall(self.answer)
            if self.farewell:
                with suppress(OSError):
                    tls.unwrap()


def http(body: bytes, *headers: str, status: str = "200 OK", kind: str = "application/rss+xml") -> bytes:
    """An HTTP answer with this body; its length is said unless a header says something else."""
    lines = [f"HTTP/1.1 {status}", *([f"Content-Type: {kind}"] if kind else []), *headers]
    if not any(header.lower().startswith(("content-length", "transfer-encoding")) for header in headers):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("ascii") + body
