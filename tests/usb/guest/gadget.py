"""USB devices of any identity, of the kernel's own making: gadgets on `dummy_hcd`, which is a host controller
and a device controller in one, so that what is plugged in here goes through the whole USB stack.

Needs root and the modules dummy_hcd and libcomposite.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import struct
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_GADGETS = Path("/sys/kernel/config/usb_gadget")
_PATIENCE_SECONDS = 60.0
_LIBC = ctypes.CDLL(None, use_errno=True)
_PLAIN = {"serial": "acm", "printer": "printer", "network": "ecm"}
_CHOOSING = threading.Lock()
# the open control endpoint of each raw function; closed, it is unplugged
_RAW: dict[str, int] = {}


def up(
    name: str,
    vendor: int,
    product: int,
    functions: Sequence[dict[str, Any]],
    serial: str = "",
    title: str = "gadget",
) -> list[str]:
    """Plug a device in; return its HID functions' nodes, in order, empty for other functions.

    A function is {"kind": "hid", "report": hex, "length": int, "boot": 0 none, 1 keyboard, 2 mouse},
    {"kind": "storage"} with eight empty megabytes or those of the file "disk", {"kind": "serial"}, "printer",
    "network", or {"kind": "raw", "interface": [class, subclass, protocol]}, an interface of any class with
    an endpoint in each direction and nobody behind who would answer what is asked of it. "configuration": 2
    puts it into another configuration.
    """
    _load()
    gadget = _GADGETS / name
    for strings in (gadget / "strings/0x409", gadget / "configs/c.1/strings/0x409"):
        strings.mkdir(parents=True)
    _write(gadget / "idVendor", f"{vendor:#06x}")
    _write(gadget / "idProduct", f"{product:#06x}")
    _write(gadget / "bcdUSB", "0x0200")
    if serial:
        _write(gadget / "strings/0x409/serialnumber", serial)
    _write(gadget / "strings/0x409/product", title)
    _write(gadget / "strings/0x409/manufacturer", "tests")
    made = []
    for number, function in enumerate(functions):
        config = gadget / f"configs/c.{function.get('configuration', 1)}"
        (config / "strings/0x409").mkdir(parents=True, exist_ok=True)
        of_kind = {name: value for name, value in function.items() if name != "configuration"}
        made.append(_function(gadget, number, **of_kind))
        (config / made[-1].name).symlink_to(made[-1])
    back(name)
    return [_node(function) if function.name.startswith("hid.") else "" for function in made]


def out(name: str) -> None:
    """Pull it out, to be put back as it is."""
    _write(_GADGETS / name / "UDC", "\n")


def back(name: str) -> None:
    """Plug it in as it was made. Raises OSError when every port is taken."""
    with _CHOOSING:
        _write(_GADGETS / name / "UDC", _free_controller())


def down(name: str) -> None:
    """Unplug it for good."""
    gadget = _GADGETS / name
    with contextlib.suppress(OSError):  # it was not plugged in
        out(name)
    for config in (gadget / "configs").iterdir():
        for link in [path for path in config.iterdir() if path.is_symlink()]:
            link.unlink()
        (config / "strings/0x409").rmdir()
        config.rmdir()
    for function in (gadget / "functions").iterdir():
        if function.name in _RAW:
            os.close(_RAW.pop(function.name))
            _LIBC.umount2(str(_endpoints(function)).encode(), 0)
        function.rmdir()
    (gadget / "strings/0x409").rmdir()
    gadget.rmdir()


def send(node: str, reports: Sequence[str], gap_ms: float = 0) -> None:
    """Play input reports (in hexadecimal digits); each is kept until the host side fetched the one before.

    Raises TimeoutError when nobody on the host side reads them.
    """
    port = os.open(node, os.O_RDWR | os.O_NONBLOCK)
    try:
        for report in reports:
            waiting = select.poll()
            waiting.register(port, select.POLLOUT)
            if not waiting.poll(_PATIENCE_SECONDS * 1000):
                raise TimeoutError(f"nobody fetches the reports of {node}")
            os.write(port, bytes.fromhex(report))
            time.sleep(gap_ms / 1000)
    finally:
        os.close(port)


def read(node: str, seconds: float) -> str:
    """The next output report (a keyboard's lamps) in hexadecimal digits; empty: none came in `seconds`."""
    port = os.open(node, os.O_RDONLY | os.O_NONBLOCK)
    try:
        waiting = select.poll()
        waiting.register(port, select.POLLIN)
        return os.read(port, 64).hex() if waiting.poll(seconds * 1000) else ""
    finally:
        os.close(port)


def _load() -> None:
    if not _GADGETS.is_dir():
        subprocess.run(["modprobe", "libcomposite"], check=True)
        if not os.path.ismount("/sys/kernel/config"):
            subprocess.run(["mount", "-t", "configfs", "none", "/sys/kernel/config"], check=True)
    if not Path("/sys/bus/platform/drivers/dummy_udc").is_dir():
        # so many devices at once; each has a bus of its own
        subprocess.run(["modprobe", "dummy_hcd", "num=4"], check=True)


def _free_controller() -> str:
    taken = set()
    for gadget in _GADGETS.iterdir():
        # another one may be on its way out
        with contextlib.suppress(OSError):
            taken.add((gadget / "UDC").read_text().strip())
    free = sorted({path.name for path in Path("/sys/class/udc").iterdir()} - taken)
    if not free:
        raise OSError("every device controller has a gadget")
    return free[0]


def _function(
    gadget: Path,
    number: int,
    kind: str,
    report: str = "",
    length: int = 8,
    boot: int = 0,
    disk: str = "",
    interface: Sequence[int] = (),
) -> Path:
    if kind in _PLAIN:
        function = gadget / f"functions/{_PLAIN[kind]}.{gadget.name}{number}"
        function.mkdir(parents=True)
    elif kind == "raw":
        function = gadget / f"functions/ffs.{gadget.name}{number}"
        function.mkdir(parents=True)
        _describe(function, interface)
    elif kind == "hid":
        function = gadget / f"functions/hid.{gadget.name}{number}"
        function.mkdir(parents=True)
        _write(function / "subclass", "1" if boot else "0")
        _write(function / "protocol", str(boot))
        _write(function / "report_length", str(length))
        (function / "report_desc").write_bytes(bytes.fromhex(report))
    elif kind == "storage":
        function = gadget / f"functions/mass_storage.{gadget.name}{number}"
        function.mkdir(parents=True)
        image = Path(disk or f"/run/{gadget.name}{number}.disk")
        if not image.exists():
            with image.open("wb") as made:
                made.truncate(8 << 20)
        _write(function / "lun.0/removable", "1")
        _write(function / "lun.0/file", str(image))
    else:
        raise ValueError(f"no such function: {kind}")
    return function


def _describe(function: Path, interface: Sequence[int]) -> None:
    """Make a function by its descriptors (functionfs): the interface, two bulk endpoints, at both speeds."""
    endpoints = _endpoints(function)
    endpoints.mkdir(exist_ok=True)
    name = function.name.removeprefix("ffs.").encode()
    if _LIBC.mount(name, str(endpoints).encode(), b"functionfs", 0, None):
        raise OSError(ctypes.get_errno(), f"functionfs: {function.name}")
    at_speeds = b"".join(
        struct.pack("<BBBBBBBBB", 9, 4, 0, 0, 2, *interface, 0)
        + struct.pack("<BBBBHB", 7, 5, 0x81, 2, packet, 0)
        + struct.pack("<BBBBHB", 7, 5, 0x02, 2, packet, 0)
        for packet in (64, 512)
    )
    # magic number, length, "full and high speed follow", how many descriptors of each
    described = struct.pack("<LLLLL", 3, 20 + len(at_speeds), 3, 3, 3) + at_speeds
    _RAW[function.name] = port = os.open(endpoints / "ep0", os.O_RDWR)
    os.write(port, described)
    os.write(port, struct.pack("<LLLL", 2, 16, 0, 0))  # no strings


def _endpoints(function: Path) -> Path:
    return Path("/run") / function.name


def _node(function: Path) -> str:
    number = (function / "dev").read_text().strip()
    for line in Path(f"/sys/dev/char/{number}/uevent").read_text().splitlines():
        if line.startswith("DEVNAME="):
            return f"/dev/{line.removeprefix('DEVNAME=')}"
    raise OSError(f"{function.name} has no node")


def _write(path: Path, text: str) -> None:
    # configfs takes a value by one write, and reports its error only then
    port = os.open(path, os.O_WRONLY)
    try:
        os.write(port, text.encode())
    finally:
        os.close(port)
