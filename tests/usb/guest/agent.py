"""The guest's side of `tests.usb.machine`: runs programs, unpacks files, plays gadgets; as root, by systemd.

Frames go both ways over one virtio port: a line of JSON, and as many bytes as its "size" says.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import pwd
import signal
import subprocess
import tarfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gadget

_PORT = Path("/dev/virtio-ports/madoguchi.agent")
_PATH = "/usr/sbin:/usr/bin"


class Agent:
    """One connection to the host; it outlives every snapshot."""

    def __init__(self) -> None:
        while not _PORT.exists():
            time.sleep(0.05)
        self._port = os.open(_PORT, os.O_RDWR)
        self._incoming = bytearray()
        self._sending = threading.Lock()
        self._programs: dict[int, subprocess.Popen[bytes]] = {}
        self._acts: dict[str, Callable[..., Any]] = {
            "ping": lambda: {"kernel": os.uname().release, "uptime": time.monotonic()},
            "clock": lambda seconds: time.clock_settime(time.CLOCK_REALTIME, seconds),
            "signal": self._signal,
            "say": self._say,
            "gadget_up": gadget.up,
            "gadget_down": gadget.down,
            "gadget_out": gadget.out,
            "gadget_back": gadget.back,
            "gadget_send": gadget.send,
            "gadget_read": gadget.read,
        }

    def serve(self) -> None:
        """Answer for ever."""
        self._send({"event": "up"})
        while True:
            message = json.loads(self._line())
            payload = self._bytes(message.pop("size", 0))
            # each in a thread of its own: a report that nobody fetches holds up nothing else
            threading.Thread(target=self._answer, args=(message, payload), daemon=True).start()

    def _answer(self, message: dict[str, Any], payload: bytes) -> None:
        number, act = message["number"], message["act"]
        try:
            if act == "start":
                self._start(number, **message["arguments"])
                return
            if act == "put":
                self._put(payload, **message["arguments"])
                result = None
            else:
                result = self._acts[act](**message["arguments"])
        except Exception as error:  # noqa: BLE001 - the host raises it
            self._send({"number": number, "event": "failed", "reason": f"{type(error).__name__}: {error}"})
        else:
            self._send({"number": number, "event": "done", "result": result})

    def _start(
        self, number: int, arguments: list[str], account: str, directory: str, listens: bool = False
    ) -> None:
        who = pwd.getpwnam(account)
        program = subprocess.Popen(
            arguments, cwd=directory,
            stdin=subprocess.PIPE if listens else subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            user=who.pw_uid, group=who.pw_gid, extra_groups=os.getgrouplist(account, who.pw_gid),
            env={"PATH": _PATH, "HOME": who.pw_dir, "LANG": "C.UTF-8", "PYTHONUNBUFFERED": "1"},
            start_new_session=True,
        )  # fmt: skip
        self._programs[number] = program
        pumps = [
            threading.Thread(target=self._pump, args=(number, name, stream), daemon=True)
            for name, stream in (("stdout", program.stdout), ("stderr", program.stderr))
        ]
        for pump in pumps:
            pump.start()
        status = program.wait()
        for pump in pumps:
            # what it left running in the background may hold the pipe for ever
            pump.join(1)
        del self._programs[number]
        self._send({"number": number, "event": "ended", "result": status})

    def _pump(self, number: int, name: str, stream: Any) -> None:
        while some := os.read(stream.fileno(), 1 << 16):
            self._send({"number": number, "event": name}, some)

    def _signal(self, program: int, which: int) -> None:
        with contextlib.suppress(KeyError, ProcessLookupError):
            os.killpg(self._programs[program].pid, signal.Signals(which))

    def _say(self, program: int, line: str) -> None:
        taken = self._programs[program].stdin
        assert taken is not None
        taken.write(line.encode() + b"\n")
        taken.flush()

    @staticmethod
    def _put(payload: bytes, directory: str) -> None:
        with tarfile.open(fileobj=io.BytesIO(payload)) as files:
            files.extractall(directory)  # from the test that started this machine

    def _send(self, message: dict[str, Any], payload: bytes = b"") -> None:
        frame = json.dumps(message | ({"size": len(payload)} if payload else {})).encode() + b"\n" + payload
        with self._sending:
            left = memoryview(frame)
            while left:
                left = left[os.write(self._port, left[: 1 << 16]) :]

    def _line(self) -> bytes:
        while (end := self._incoming.find(b"\n")) < 0:
            self._more()
        return self._taken(end + 1)

    def _bytes(self, size: int) -> bytes:
        while len(self._incoming) < size:
            self._more()
        return self._taken(size)

    def _taken(self, size: int) -> bytes:
        taken = bytes(self._incoming[:size])
        del self._incoming[:size]
        return taken

    def _more(self) -> None:
        if some := os.read(self._port, 1 << 16):
            self._incoming += some
        else:
            time.sleep(0.02)  # the host is not connected


if __name__ == "__main__":
    home = pwd.getpwnam("clerk")
    os.chown(home.pw_dir, home.pw_uid, home.pw_gid)
    Agent().serve()
