"""As much of PostgreSQL's protocol (version 3) as it takes to count round trips on a line without TLS.

PostgreSQL documentation, chapter "Frontend/Backend Protocol", "Message Formats".
"""

import struct

_SSL_REQUEST = 80877103
_GSS_REQUEST = 80877104
_READY_FOR_QUERY = ord("Z")


class TripCounter:
    """Reads both directions of one connection and finds every ReadyForQuery the server sends.

    The server says it once at the end of the connection's start and once for every query or Sync. A client
    that sent several requests before it read an answer would have them counted one by one, never too few.
    """

    def __init__(self) -> None:
        self.encrypted = False
        self._starting = True
        self._one_byte_answers = 0
        self._client = bytearray()
        self._server = bytearray()
        self._skip = 0

    def from_client(self, data: bytes) -> None:
        """Take what the client sends: its first messages decide whether the line will be encrypted."""
        if not self._starting:
            return
        self._client += data
        while len(self._client) >= 8:
            length, code = struct.unpack_from("!ii", self._client)
            if len(self._client) < length:
                return
            del self._client[:length]
            if code not in (_SSL_REQUEST, _GSS_REQUEST):
                self._starting = False
                self._client.clear()
                return
            self._one_byte_answers += 1

    def from_server(self, data: bytes) -> int:
        """Take what the server sends; return how many ReadyForQuery it completes."""
        if self.encrypted:
            return 0
        ready = 0
        self._server += data
        while self._server:
            if self._one_byte_answers:
                self._one_byte_answers -= 1
                if self._server.pop(0) != ord("N"):
                    self.encrypted = True
                    return ready
                continue
            if self._skip:
                skipped = min(self._skip, len(self._server))
                del self._server[:skipped]
                self._skip -= skipped
                continue
            if len(self._server) < 5:
                break
            kind, length = struct.unpack_from("!Bi", self._server)
            # Only the heading is kept; a long row is let by piece by piece. ReadyForQuery has one byte more.
            del self._server[:5]
            self._skip = length - 4
            ready += kind == _READY_FOR_QUERY
        return ready
