"""A line to the server that can break: a TCP proxy on the loopback address, run by one thread of its own.

    with Wire(cluster.host, cluster.port) as wire:
        engine = create_engine(cluster.url("lending", port=wire.port))
        wire.stall()

On a connection without TLS (the database `cluster.TRIP_COUNT_DATABASE`, with the client's TLS off) it also
reads the protocol and counts round trips.
"""

import contextlib
import selectors
import socket
import struct
import threading
from collections.abc import Callable
from concurrent.futures import Future
from types import TracebackType
from typing import Self

from tests.support.protocol import TripCounter

_CHUNK = 65536
_FULL = 1 << 20


class _End:
    """One of the two sockets of a connection, and what waits to be written to it."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.waiting = bytearray()
        self.finished = False  # no more will come for it; close its sending side once `waiting` is out


class _Connection:
    def __init__(self, client: socket.socket, server: socket.socket) -> None:
        self.client, self.server = _End(client), _End(server)
        self.counter = TripCounter()
        self.losing = False  # the answer to come is not to arrive

    def other(self, end: _End) -> _End:
        return self.server if end is self.client else self.client


class Wire:
    """A proxy to `host`:`port`, listening at `Wire.host`:`Wire.port` until `close()`.

    Every method may be called from any thread and has taken effect when it returns.
    """

    host = "127.0.0.1"

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._selector = selectors.DefaultSelector()
        self._listener = socket.create_server((self.host, 0))
        self._listener.setblocking(False)
        self.port: int = self._listener.getsockname()[1]
        self._wake_in, self._wake_out = socket.socketpair()
        self._orders: list[tuple[Callable[[], None], Future[None]]] = []
        self._lock = threading.Lock()
        self._connections: set[_Connection] = set()
        self._stalled = self._refusing = self._closing = False
        self._losing: bytes | None = None
        self._trips = 0
        self._connects = 0
        self._selector.register(self._wake_out, selectors.EVENT_READ, None)
        self._selector.register(self._listener, selectors.EVENT_READ, None)
        self._thread = threading.Thread(target=self._run, name="wire")
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- what happens to the line --------------------------------------------------------------------

    def cut(self) -> None:
        """Drop every connection there is, with a reset at both ends. New ones are taken as before."""
        self._order(self._drop_all)

    def refuse(self) -> None:
        """Drop every connection, and every new one as soon as it is made, until `mend()`."""
        self._order(self._start_refusing)

    def stall(self) -> None:
        """Forward nothing in either direction until `mend()`, on old connections and new ones.

        What was sent meanwhile is kept. The kernel still acknowledges it, so no network timer notices.
        """
        self._order(self._start_stalling)

    def lose_next_answer(self, request: bytes = b"") -> None:
        """Let the next request that contains `request` reach the server, and drop the line at its answer.

        The server has then done what the client never learns of. With TLS the request cannot be read: leave
        `request` empty, and the next bytes a client sends arm it.
        """
        self._order(lambda: setattr(self, "_losing", request))

    def mend(self) -> None:
        """End `refuse()`, `stall()` and `lose_next_answer()`."""
        self._order(self._mend)

    def close(self) -> None:
        """Drop everything and end the thread. May be called twice."""
        if self._thread.is_alive():
            self._order(self._start_closing)
            self._thread.join()

    # -- what was seen -------------------------------------------------------------------------------

    @property
    def connects(self) -> int:
        """How many connections clients have made so far."""
        return self._connects

    @property
    def trips(self) -> int:
        """Round trips so far: how often the server said ReadyForQuery on connections without TLS.

        One belongs to the start of each connection. Raises RuntimeError when a connection was encrypted, for
        then its trips could not be counted.
        """
        if self._trips < 0:
            raise RuntimeError("a connection was encrypted: its round trips cannot be counted")
        return self._trips

    # -- the thread ----------------------------------------------------------------------------------

    def _order(self, act: Callable[[], None]) -> None:
        done: Future[None] = Future()
        with self._lock:
            self._orders.append((act, done))
        self._wake_in.send(b"!")
        done.result(timeout=10)

    def _run(self) -> None:
        while not self._closing:
            for key, events in self._selector.select():
                if key.fileobj is self._wake_out:
                    self._take_orders()
                elif key.fileobj is self._listener:
                    self._accept()
                else:
                    connection, end = key.data
                    if connection in self._connections:
                        self._serve(connection, end, events)
        self._drop_all()
        self._selector.close()
        for sock in (self._listener, self._wake_in, self._wake_out):
            sock.close()

    def _take_orders(self) -> None:
        self._wake_out.recv(_CHUNK)
        with self._lock:
            orders, self._orders = self._orders, []
        for act, done in orders:
            try:
                act()
            except BaseException as error:
                done.set_exception(error)
                raise
            done.set_result(None)

    def _start_refusing(self) -> None:
        self._refusing = True
        self._drop_all()

    def _start_stalling(self) -> None:
        self._stalled = True
        self._watch_all()

    def _mend(self) -> None:
        self._refusing = self._stalled = False
        self._losing = None
        self._watch_all()

    def _start_closing(self) -> None:
        self._closing = True
        self._drop_all()

    def _accept(self) -> None:
        client, _ = self._listener.accept()
        self._connects += 1
        try:
            if self._refusing:
                raise ConnectionRefusedError
            server = socket.create_connection(self._target, timeout=5)
        except OSError:
            _reset(client)
            return
        connection = _Connection(client, server)
        self._connections.add(connection)
        for end in (connection.client, connection.server):
            end.sock.setblocking(False)
            end.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._watch(connection)

    def _serve(self, connection: _Connection, end: _End, events: int) -> None:
        try:
            if events & selectors.EVENT_READ:
                self._read(connection, end)
            if connection in self._connections and not self._stalled:
                for each in (connection.client, connection.server):
                    _write(each)
        except OSError:
            self._drop(connection)
        if connection in self._connections:
            self._watch(connection)

    def _read(self, connection: _Connection, end: _End) -> None:
        data = end.sock.recv(_CHUNK)
        other = connection.other(end)
        if not data:
            other.finished = True
            if end.finished and not end.waiting and not other.waiting:
                self._drop(connection)
            return
        if end is connection.client:
            connection.counter.from_client(data)
            if self._losing is not None and self._losing in data:
                self._losing, connection.losing = None, True
        elif connection.losing:
            self._drop(connection)
            return
        else:
            self._count(connection.counter.from_server(data), encrypted=connection.counter.encrypted)
        other.waiting += data

    def _count(self, trips: int, *, encrypted: bool) -> None:
        # Counted before it is forwarded: a client that has its answer finds it counted.
        if encrypted:
            self._trips = -1
        elif self._trips >= 0:
            self._trips += trips

    def _watch_all(self) -> None:
        for connection in self._connections:
            self._watch(connection)

    def _watch(self, connection: _Connection) -> None:
        """Tell the selector what to wait for on both sockets."""
        for end in (connection.client, connection.server):
            wanted = 0
            if not self._stalled:
                other = connection.other(end)
                if not other.finished and len(other.waiting) < _FULL:
                    wanted |= selectors.EVENT_READ
                if end.waiting:
                    wanted |= selectors.EVENT_WRITE
            registered = self._selector.get_map().get(end.sock)
            if registered is None and wanted:
                self._selector.register(end.sock, wanted, (connection, end))
            elif registered is not None and not wanted:
                self._selector.unregister(end.sock)
            elif registered is not None and registered.events != wanted:
                self._selector.modify(end.sock, wanted, (connection, end))

    def _drop_all(self) -> None:
        for connection in list(self._connections):
            self._drop(connection)

    def _drop(self, connection: _Connection) -> None:
        self._connections.discard(connection)
        for end in (connection.client, connection.server):
            with contextlib.suppress(KeyError):
                self._selector.unregister(end.sock)
            _reset(end.sock)


def _write(end: _End) -> None:
    with contextlib.suppress(BlockingIOError):
        while end.waiting:
            del end.waiting[: end.sock.send(end.waiting)]
        if end.finished:
            end.sock.shutdown(socket.SHUT_WR)


def _reset(sock: socket.socket) -> None:
    """Close with a reset, not a farewell: the other end learns of a broken line, not of an orderly end."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()
