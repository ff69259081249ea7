"""Watches what the kernel does with USB devices and what the agent says of them, in one clock, as root.

observe     tells every event, a line of JSON each; acts on lines like
            {"kill": [PID], "unit": NAME, "signal": 9}: a signal to processes, and to the main process of a
            service, if its name is not empty

Times (`t`) are seconds of the guest's CLOCK_MONOTONIC. It runs before every other program as soon as there is
something to hear. That a device has come is told with the kernel's own time of it (`found`, from its log): on
one processor a program hears of it when it has its turn, which may be after the decision.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

AGENT = "/run/madoguchi-usb/agent.sock"
_HEARD = {"usb", "block", "input", "tty", "net"}
_NETLINK_KOBJECT_UEVENT = 15
_SO_RCVBUFFORCE = 33
_BUFFER_BYTES = 4 << 20
_AGAIN_SECONDS = 0.2
_LOG = Path("/dev/kmsg")
_FOUND = re.compile(r"^usb (\S+): New USB device found", re.MULTILINE)
# a thread that hears something waits no longer than this for another one's Python
sys.setswitchinterval(0.0005)

Event = dict[str, Any]


def first_in_line() -> None:
    """This thread runs as soon as it can."""
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10))


def hear_kernel(tell: Callable[[Event], None]) -> None:
    """Tell the kernel's events of devices, interfaces and what drivers make of them, from now on."""
    heard = socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, _NETLINK_KOBJECT_UEVENT)
    # what is lost would be a device seen by nobody
    heard.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _BUFFER_BYTES)
    heard.bind((0, 1))

    def hear() -> None:
        first_in_line()
        while True:
            message = heard.recv(1 << 16)
            now = time.monotonic()
            said = dict(
                part.split("=", 1) for part in message.decode(errors="replace").split("\0")[1:] if "=" in part
            )
            if said.get("SUBSYSTEM") in _HEARD:
                tell({
                    "t": now, "kernel": said["ACTION"], "of": said["SUBSYSTEM"],
                    "type": said.get("DEVTYPE", ""), "path": said["DEVPATH"],
                    "product": said.get("PRODUCT", ""), "interface": said.get("INTERFACE", ""),
                })  # fmt: skip

    threading.Thread(target=hear, daemon=True).start()


def hear_log(tell: Callable[[Event], None]) -> None:
    """Tell when the kernel found each device (`found`: where it is plugged in), from now on."""
    log = os.open(_LOG, os.O_RDONLY)
    os.lseek(log, 0, os.SEEK_END)
    ahead = _log_ahead(log)

    def hear() -> None:
        first_in_line()
        while True:
            with contextlib.suppress(BrokenPipeError):  # more was logged than it keeps; the next is read
                logged, text = _log_line(log)
                if (found := _FOUND.search(text)) is not None:
                    tell({"t": logged - ahead, "found": found[1]})

    threading.Thread(target=hear, daemon=True).start()


def _log_ahead(log: int) -> float:
    """By how many seconds the log's clock is ahead of CLOCK_MONOTONIC: what is written to it is read back."""
    found = []
    for number in range(5):
        mark = f"observed {os.getpid()} {number}"
        with _LOG.open("w") as written:
            written.write(f"{mark}\n")
        after = time.monotonic()
        while True:
            logged, text = _log_line(log)
            if mark in text:
                break
        found.append(logged - after)
    # the one between whose writing and the look at the clock the least time went by
    return max(found)


def _log_line(log: int) -> tuple[float, str]:
    head, _, text = os.read(log, 8192).decode(errors="replace").partition(";")
    return int(head.split(",")[2]) / 1_000_000, text


def hear_agent(tell: Callable[[Event], None]) -> None:
    """Tell what the agent says without being asked, and when it goes; come back to it for ever."""

    def hear() -> None:
        first_in_line()
        while True:
            with socket.socket(socket.AF_UNIX) as port, contextlib.suppress(OSError):
                port.connect(AGENT)
                port.sendall(b'{"ask": "devices", "n": 0}\n')
                with port.makefile("rb") as lines:
                    for line in lines:
                        tell({"t": time.monotonic(), "agent": json.loads(line)})
                tell({"t": time.monotonic(), "agent": {"told": "end"}})
            time.sleep(_AGAIN_SECONDS)

    threading.Thread(target=hear, daemon=True).start()


def interfaces(port: str) -> list[str]:
    """The interfaces that the device at this place (`1-4.2`) has in the kernel: none while it is blocked."""
    return sorted(path.name for path in Path("/sys/bus/usb/devices").glob(f"{port}:*"))


def is_authorized(port: str) -> bool:
    """Whether the kernel has been told that the device may be used."""
    with contextlib.suppress(OSError):
        return (Path("/sys/bus/usb/devices") / port / "authorized").read_text().strip() != "0"
    return False


def usable(vendor: int, product: int) -> list[str]:
    """The ports of all such devices that the kernel lets be used now."""
    found = []
    for path in Path("/sys/bus/usb/devices").glob("*-*"):
        with contextlib.suppress(OSError):
            told = [(path / name).read_text().strip() for name in ("idVendor", "idProduct", "authorized")]
            if told == [f"{vendor:04x}", f"{product:04x}", "1"]:
                found.append(path.name)
    return found


def main_process(unit: str) -> int:
    """The number of a service's main process, 0 if it has none."""
    told = subprocess.run(
        ["systemctl", "show", "--property", "MainPID", "--value", unit],
        capture_output=True,
        text=True,
        check=True,
    )
    return int(told.stdout)


def main() -> None:
    """Tell, and act on lines, until the input ends."""
    telling = threading.Lock()

    def tell(event: Event) -> None:
        with telling:
            sys.stdout.write(json.dumps(event) + "\n")
            sys.stdout.flush()

    hear_kernel(tell)
    hear_log(tell)
    hear_agent(tell)
    tell({"t": time.monotonic(), "did": "start", "clock": time.time() - time.monotonic()})
    for line in sys.stdin:
        asked = json.loads(line)
        processes = asked["kill"] + ([main_process(asked["unit"])] if asked["unit"] else [])
        now = time.monotonic()
        for process in processes:
            os.kill(process, asked["signal"])
        tell({"t": now, "did": "kill"})


if __name__ == "__main__":
    main()
