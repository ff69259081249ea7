"""QEMU's monitor: questions and answers in JSON (QMP)."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Mapping
from typing import Any


class MonitorError(Exception):
    """QEMU refused; the message has its own words."""


class Monitor:
    """A connection to the monitor of a running QEMU. What QEMU tells unasked is passed over."""

    def __init__(self, port: socket.socket) -> None:
        self._port = port
        self._lines = port.makefile("rb")
        self._asking = threading.Lock()
        self._lines.readline()  # it greets
        self.ask("qmp_capabilities")

    def ask(self, what: str, arguments: Mapping[str, Any] | None = None) -> Any:
        """Have something done; return the answer. Raises MonitorError, OSError."""
        with self._asking:
            self._port.sendall(json.dumps({"execute": what, "arguments": arguments or {}}).encode() + b"\n")
            while line := self._lines.readline():
                answer = json.loads(line)
                if "error" in answer:
                    raise MonitorError(f"{what}: {answer['error']['desc']}")
                if "return" in answer:
                    return answer["return"]
        raise ConnectionError("QEMU has ended")

    def close(self) -> None:
        """Let go of the connection."""
        self._lines.close()
        self._port.close()
