"""Tries, as whoever runs it, what would get around the agent; a line of JSON for each: what came of it.

attempts PORT PROCESS       the place of a blocked device, and the number of the agent's process
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

SETTINGS, STATE, RUN = Path("/etc/madoguchi-usb"), Path("/var/lib/madoguchi-usb"), Path("/run/madoguchi-usb")
PROGRAM, UNIT = Path("/usr/lib/madoguchi-usb/__main__.py"), "madoguchi-usb.service"
SYSTEMS = "/etc/systemd/system", "/etc/udev/rules.d"
BUS = Path("/sys/bus/usb")
# linux/usbdevice_fs.h
_USBDEVFS_CONTROL, _USBDEVFS_CLAIMINTERFACE = 0xC0185500, 0x8004550F
_GET_STATUS = struct.pack("=BBHHHI4xQ", 0x80, 0, 0, 0, 0, 1000, 0)
_NETLINK_KOBJECT_UEVENT = 15

Attempt = Callable[[], object]


def write(file: Path, said: str = "") -> None:
    """Into a file that is there."""
    with file.open("r+", encoding="ascii") as opened:
        opened.write(said)


def at_the_files() -> Iterator[tuple[str, Attempt]]:
    """Its secrets and its word."""
    for file in (SETTINGS / "agent.key", STATE / "policy", STATE / "highest", STATE / "records/key"):
        yield f"read {file}", file.read_bytes
    for folder in (STATE, STATE / "records"):
        yield f"list {folder}", partial(os.scandir, folder)
    names = ("agent.toml", "policy.pub", "agent.key")
    for file in (*(SETTINGS / name for name in names), STATE / "policy", PROGRAM):
        yield f"write {file}", partial(write, file)
    for folder in (
        SETTINGS,
        STATE,
        RUN,
        PROGRAM.parent,
        *map(Path, ("/etc/systemd/system", "/etc/udev/rules.d")),
    ):
        yield f"add to {folder}", (folder / "90-x.rules").touch
    yield "take its socket away", (RUN / "agent.sock").unlink


def at_the_device(port: str) -> Iterator[tuple[str, Attempt]]:
    """What the kernel lets root do."""
    device, root_hub = BUS / "devices" / port, BUS / "devices" / f"usb{port.partition('-')[0]}"
    for file, said in (
        (device / "authorized", "1"),
        (device / "bConfigurationValue", "1"),
        (root_hub / "authorized_default", "1"),
        (root_hub / "interface_authorized_default", "1"),
        (BUS / "drivers_probe", port),
        (BUS / "drivers/usb/bind", port),
    ):
        yield f"write {file.name}", partial(write, file, said)
    numbers = (int((device / name).read_text()) for name in ("busnum", "devnum"))
    node = "/dev/bus/usb/{:03}/{:03}".format(*numbers)
    yield "open its node", partial(os.open, node, os.O_RDWR)

    def control(number: int, argument: bytes) -> None:
        fcntl.ioctl(os.open(node, os.O_RDONLY), number, argument)

    # whoever may read the node reads descriptors there, which stand in sysfs too
    yield "claim it by a node that is read", partial(control, _USBDEVFS_CLAIMINTERFACE, struct.pack("I", 0))
    yield "ask it by a node that is read", partial(control, _USBDEVFS_CONTROL, _GET_STATUS)


def at_the_process(process: int) -> Iterator[tuple[str, Attempt]]:
    """Stop it, read its key out of it, and have it told what never was."""
    for which in (signal.SIGTERM, signal.SIGSTOP, signal.SIGKILL):
        yield f"send it {which.name}", partial(os.kill, process, which)
    yield "read its memory", partial(os.open, f"/proc/{process}/mem", os.O_RDONLY)
    for act in ("stop", "kill", "disable", "mask"):
        command = ["systemctl", "--no-ask-password", act, UNIT]
        yield f"systemctl {act}", partial(subprocess.run, command, check=True, capture_output=True)

    def as_the_kernel(address: tuple[int, int]) -> None:
        with socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, _NETLINK_KOBJECT_UEVENT) as speaking:
            speaking.sendto(b"remove@/devices/x\0ACTION=remove\0SUBSYSTEM=usb\0", address)

    yield "speak as the kernel to all", partial(as_the_kernel, (0, 1))
    yield "speak as the kernel to it", partial(as_the_kernel, (process, 0))


def came_of(attempt: Attempt) -> str:
    """The error's name, or that it was done."""
    try:
        attempt()
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, "no number")
    except subprocess.CalledProcessError as error:
        return error.stderr.decode().strip()
    return "done"


def main(port: str, process: int) -> None:
    """All of it."""
    for attempts in (at_the_files(), at_the_device(port), at_the_process(process)):
        for name, attempt in attempts:
            sys.stdout.write(json.dumps({"tried": name, "came": came_of(attempt)}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
