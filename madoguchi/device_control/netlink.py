"""What the kernel says about USB devices that come and go, over its netlink socket."""

from __future__ import annotations

import errno
import re
import socket
from dataclasses import dataclass
from typing import Final

_KERNEL_GROUP: Final = 1
"""Events as the kernel sends them; udevd passes on its own in group 2, and nobody else's are believed."""

_LARGEST: Final = 1 << 16
_BUFFER_BYTES: Final = 1 << 20
_AT_ONCE: Final = 256

NAME: Final = re.compile(r"usb[0-9]{1,4}|[0-9]{1,4}-[0-9]{1,3}(\.[0-9]{1,3}){0,6}")
"""The name of a USB device in sysfs: a root hub, or a bus and the ports that lead to the device."""


@dataclass(frozen=True, slots=True)
class Uevent:
    """Something happened to a device, or to one of its interfaces.

    Attributes:
        action: `add`, `remove`, `bind` and others, as the kernel says it.
        name: the device's name in sysfs (`1-4.2`).
    """

    action: str
    name: str


def parse(raw: bytes) -> Uevent | None:
    """Returns what a message of the kernel says of a USB device; None: it is about something else."""
    fields: dict[str, str] = {}
    for part in raw.split(b"\0")[1:]:
        key, found, value = part.partition(b"=")
        if found:
            fields[key.decode("ascii", "replace")] = value.decode("ascii", "replace")
    if fields.get("SUBSYSTEM") != "usb":
        return None
    path = fields.get("DEVPATH", "").split("/")
    place = {"usb_device": -1, "usb_interface": -2}.get(fields.get("DEVTYPE", ""))
    if place is None or len(path) < -place or not NAME.fullmatch(path[place]):
        return None
    return Uevent(fields.get("ACTION", ""), path[place])


class Uevents:
    """The kernel's messages, as they come. Making it raises OSError where there is no netlink."""

    def __init__(self, listening: socket.socket | None = None) -> None:
        self._socket = listening or _kernel()
        self._socket.setblocking(False)

    def fileno(self) -> int:
        """The descriptor that becomes readable when something happened."""
        return self._socket.fileno()

    def take(self) -> list[Uevent] | None:
        """Returns what has come, in order; None: some were lost, so that everything must be looked at.

        Raises:
            OSError: the socket is broken.
        """
        came: list[Uevent] = []
        for _ in range(_AT_ONCE):
            try:
                raw, sender = self._socket.recvfrom(_LARGEST)
            except BlockingIOError:
                break
            except OSError as error:
                if error.errno == errno.ENOBUFS:
                    return None
                raise
            # a message from a process (it would need CAP_NET_ADMIN) names that process; the kernel is 0
            if isinstance(sender, tuple) and sender[0] != 0:
                continue
            event = parse(raw)
            if event is not None:
                came.append(event)
        return came

    def close(self) -> None:
        """Hears no more."""
        self._socket.close()


def _kernel() -> socket.socket:
    # the type checker is not on Linux everywhere, and there these names are missing
    made = socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC, 15)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER_BYTES)
    made.bind((0, _KERNEL_GROUP))
    return made
