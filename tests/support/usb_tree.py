"""A tree like sysfs whose devices come and go, and the real agent on it, as a process of its own.

What is not real: the kernel. `authorized` is a plain file here, so a device is usable when a 1 stands in it;
the same contract on a real kernel is in tests/usb.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import resource
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from madoguchi.device_control.client import AgentClient
from madoguchi.device_control.connection import SocketConnection
from tests.device_control.devices import configuration, described, interface
from tests.support.agent_files import GROUP, TERMINAL, AgentFiles

__all__ = ["GROUP", "TERMINAL", "AgentOnTree", "UsbTree", "until_", "words"]

_PATIENCE_SECONDS = 20.0
_REPOSITORY = Path(__file__).resolve().parents[2]


class UsbTree:
    """`/sys` and `/proc` of a machine with one controller, its kernel started with the parameter.

    Attributes:
        root: what stands for `/`.
        on_event: is given each event as the kernel would send it, after the tree was changed.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.devices = root / "sys/bus/usb/devices"
        self.on_event: Callable[[bytes], None] = lambda raw: None
        self._devnum = 1
        self.devices.mkdir(parents=True)
        parameters = root / "sys/module/usbcore/parameters"
        parameters.mkdir(parents=True)
        (parameters / "authorized_default").write_text("0\n")
        (root / "sys/class/block").mkdir(parents=True)
        boot = root / "proc/sys/kernel/random"
        boot.mkdir(parents=True)
        (boot / "boot_id").write_text("9e3a7c0e-6a43-4c0b-9a3b-2f1f7c1d5e61\n")
        (root / "proc/cmdline").write_text("root=/dev/sda1 usbcore.authorized_default=0 quiet\n")
        self.add_controller(1)

    def add_controller(self, number: int) -> str:
        """Adds a controller's root hub, which the kernel always opens; returns its name."""
        name = f"usb{number}"
        raw = described(
            configuration(interface(0, "09:00:00")), vendor_id=0x1D6B, product_id=2, device_class=9
        )
        self._put(name, raw, number, {"authorized": "1", "authorized_default": "0", "product": "xHCI"})
        return name

    def plug(
        self,
        interfaces: str = "08:06:50",
        *,
        id: str = "0951:1666",
        serial: str = "",
        maker: str = "Example",
        name: str = "",
        port: str = "1-1",
        device_class: int = 0,
        raw: bytes | None = None,
        is_open: bool = False,
    ) -> str:
        """Plugs a device in; returns its name. `raw`: its descriptors, instead of those made here."""
        kinds = interfaces.split(",")
        vendor, product = (int(part, 16) for part in id.split(":"))
        if raw is None:
            parts = [interface(number, kind) for number, kind in enumerate(kinds)]
            raw = described(
                configuration(*parts, interfaces=len(kinds)),
                vendor_id=vendor,
                product_id=product,
                device_class=device_class,
            )
        said = {"serial": serial, "manufacturer": maker, "product": name}
        self._put(
            port,
            raw,
            int(port.split("-", maxsplit=1)[0]),
            {"authorized": "1" if is_open else "0", **{key: value for key, value in said.items() if value}},
        )
        return port

    def plug_mute(self, port: str, pipe: Path) -> None:
        """Plugs a stick in whose serial number the kernel tells when it is written to this named pipe."""
        on_event, self.on_event = self.on_event, lambda raw: None
        self.plug(port=port)
        self.on_event = on_event
        (self.devices / port / "serial").symlink_to(pipe)
        self._say("add", port)

    def unplug(self, port: str = "1-1") -> None:
        """Pulls a device out."""
        gone = self.root / f"gone-{secrets.token_hex(4)}"
        (self.devices / port).rename(gone)
        shutil.rmtree(gone)
        self._say("remove", port)

    def become(self, port: str, interfaces: str) -> None:
        """Makes a device another one in place, without an event: what is read of it changes."""
        kinds = interfaces.split(",")
        parts = [interface(number, kind) for number, kind in enumerate(kinds)]
        (self.devices / port / "descriptors").write_bytes(
            described(configuration(*parts, interfaces=len(kinds)), vendor_id=0x0951, product_id=0x1666)
        )

    def is_usable(self, port: str = "1-1") -> bool:
        """Whether the kernel would let a driver have it."""
        try:
            return (self.devices / port / "authorized").read_text().strip() == "1"
        except FileNotFoundError:
            return False

    def authorize_behind_the_back(self, port: str) -> None:
        """Another program with root writes `authorized`."""
        (self.devices / port / "authorized").write_text("1\n")
        self._say("bind", port)

    def _put(self, name: str, raw: bytes, bus: int, texts: dict[str, str]) -> None:
        self._devnum += 1
        made = self.root / f"new-{secrets.token_hex(4)}"
        made.mkdir()
        (made / "descriptors").write_bytes(raw)
        for key, value in {"busnum": str(bus), "devnum": str(self._devnum), **texts}.items():
            (made / key).write_text(f"{value}\n", encoding="utf-8")
        # at once, as the kernel shows it
        made.rename(self.devices / name)
        self._say("add", name)

    def _say(self, action: str, name: str) -> None:
        path = f"/devices/pci0000:00/0000:00:14.0/usb1/{name}"
        fields = {
            "ACTION": action,
            "DEVPATH": path,
            "SUBSYSTEM": "usb",
            "DEVTYPE": "usb_device",
            "SEQNUM": "1",
        }
        parts = [f"{action}@{path}", *(f"{key}={value}" for key, value in fields.items())]
        self.on_event(b"\0".join(part.encode() for part in parts) + b"\0")


class AgentOnTree(UsbTree, AgentFiles):
    """The agent in a process of its own, on a tree of its own, ready when this is made; end it with `close`.

    Attributes:
        systemd_log: the commands by which it asked systemd, one a line; nothing is done on them.
    """

    def __init__(self, folder: Path, *, rules: str | None = None, account: str | None = None) -> None:
        folder = folder / "terminal"
        folder.mkdir(parents=True)
        # a socket's path must be short
        self._short = Path(tempfile.mkdtemp(prefix="usb"))
        (self._short / "r").symlink_to(folder)
        UsbTree.__init__(self, self._short / "r")
        AgentFiles.__init__(self, self.root, account or pwd.getpwuid(os.getuid()).pw_name)
        self.systemd_log = self.root / "systemd.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._events: socket.socket | None = None
        self.on_event = self._send
        if rules is not None:
            self.put_policy(rules)
        self.start()

    @property
    def socket(self) -> Path:
        """Where it listens."""
        return self.places.socket

    def open(self, told: Callable[[str, dict[str, Any]], None], gone: Callable[[], None]) -> AgentClient:
        """Connects as a window does."""
        return AgentClient(self.socket, told, gone)

    def connect(self) -> SocketConnection:
        """Connects as whatever program of the window's account."""
        return SocketConnection(str(self.socket), _PATIENCE_SECONDS)

    def start(self) -> None:
        """Starts the agent, and waits until it has decided on everything."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        if self._events is not None:
            self._events.close()
        self._events = ours
        notify = self._short / "notify"
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd, theirs:
            systemd.bind(str(notify))
            systemd.settimeout(_PATIENCE_SECONDS)
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.support.usb_agent", str(self.root), str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                cwd=_REPOSITORY,
                env={**os.environ, "NOTIFY_SOCKET": str(notify)},
            )
            assert systemd.recv(64) == b"READY=1"
        notify.unlink()

    def send(self, number: signal.Signals) -> None:
        """Sends it a signal."""
        assert self._process is not None
        self._process.send_signal(number)

    def kill(self, *, with_guard: bool = False) -> None:
        """Ends it as `kill -9` does; nothing runs after it, but the guard of a lent stick."""
        for guard in self.guards() if with_guard else []:
            os.kill(guard, signal.SIGKILL)
        self._end(signal.SIGKILL)

    def guards(self) -> list[int]:
        """The processes that it has beside it."""
        assert self._process is not None
        number = self._process.pid
        return [int(child) for child in Path(f"/proc/{number}/task/{number}/children").read_text().split()]

    def stop(self) -> int:
        """Ends it as systemd does; returns its status."""
        return self._end(signal.SIGTERM)

    def lock_down(self, *arguments: str) -> int:
        """Runs what systemd runs after the agent, or when a lease is over."""
        return subprocess.run(
            [sys.executable, "-m", "tests.support.usb_agent", "lockdown", str(self.root), *arguments],
            check=False,
            cwd=_REPOSITORY,
        ).returncode

    def later(self, seconds: float) -> None:
        """For the agent, so much time more has gone by since the machine started."""
        unfinished = self.root / "later.new"
        unfinished.write_text(str(seconds))
        unfinished.replace(self.root / "later")

    def fill_the_disk(self) -> None:
        """From now on its files grow by some bytes and no more: the next record is cut in its midst."""
        assert self._process is not None
        largest = max(file.stat().st_size for file in self.places.records.iterdir())
        hard = resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE)[1]
        resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, (largest + 50, hard))

    def empty_the_disk(self) -> None:
        """There is room again."""
        assert self._process is not None
        hard = resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE)[1]
        resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, (hard, hard))

    def kernel_is_slow(self, port: str) -> None:
        """From now on the kernel opens and closes this device no more, and does not answer, until…"""
        (self.root / f"slow-{port}").touch()

    def kernel_goes_on(self, port: str) -> None:
        """…now."""
        (self.root / f"slow-{port}").unlink()

    def systemd_fails(self) -> None:
        """From now on systemd does nothing that it is asked."""
        (self.root / "no-systemd").touch()

    def systemd_hangs(self) -> None:
        """From now on systemd does not answer."""
        (self.root / "slow-systemd").touch()

    def give_file_system(self, port: str, node: str = "sda1", kind: str = "vfat") -> None:
        """The kernel and udev have found a file system on a device."""
        place = self.devices / port / f"{port}:1.0/host0/target0:0:0/0:0:0:0/block/sda" / node
        place.mkdir(parents=True)
        (place / "dev").write_text("8:1\n")
        (self.root / "sys/class/block" / node).symlink_to(place)
        udev = self.root / "run/udev/data"
        udev.mkdir(parents=True, exist_ok=True)
        (udev / "b8:1").write_text(f"S:disk/by-id/x\nE:ID_FS_TYPE={kind}\n")

    def mounted(self) -> None:
        """What it asked systemd to mount is mounted."""
        place = self.root / "proc/self"
        place.mkdir(exist_ok=True)
        (place / "mountinfo").write_text(f"36 35 8:1 / {self.places.stick} rw - vfat /dev/sda1 rw\n")

    def until(self, holds: Callable[[], object], what: str = "") -> None:
        """Waits until something holds; fails after a long time."""
        until_(holds, what)

    def close(self) -> None:
        """Ends the agent and takes the short path away."""
        if self._process is not None and self._process.poll() is None:
            self._end(signal.SIGKILL)
        if self._events is not None:
            self._events.close()
        shutil.rmtree(self._short, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _end(self, number: signal.Signals) -> int:
        assert self._process is not None
        self._process.send_signal(number)
        return self._process.wait(_PATIENCE_SECONDS)

    def _send(self, raw: bytes) -> None:
        # a kernel whose agent is gone talks to nobody
        with contextlib.suppress(OSError):
            if self._events is not None:
                self._events.send(raw)


def until_(holds: Callable[[], object], what: str = "") -> None:
    """Waits until something holds; fails after a long time."""
    ends = time.monotonic() + _PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > ends:
            raise AssertionError(f"never so: {what or holds}")
        time.sleep(0.01)


def words(records: Sequence[dict[str, Any]]) -> list[str]:
    """What the records are about, in their order."""
    return [record["what"] for record in records]
