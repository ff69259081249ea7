"""USB devices of any identity, of the kernel's own making: gadgets on `dummy_hcd`, which is a host controller
and a device controller in one, so that what is plugged in here goes through the whole USB stack.

Needs root and the modules dummy_hcd and libcomposite.
"""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_GADGETS = Path("/sys/kernel/config/usb_gadget")
_PATIENCE_SECONDS = 60.0


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
    {"kind": "storage"} with eight megabytes, or {"kind": "serial"}.
    """
    _load()
    gadget = _GADGETS / name
    config = gadget / "configs/c.1"
    for strings in (gadget / "strings/0x409", config / "strings/0x409"):
        strings.mkdir(parents=True)
    _write(gadget / "idVendor", f"{vendor:#06x}")
    _write(gadget / "idProduct", f"{product:#06x}")
    _write(gadget / "bcdUSB", "0x0200")
    if serial:
        _write(gadget / "strings/0x409/serialnumber", serial)
    _write(gadget / "strings/0x409/product", title)
    _write(gadget / "strings/0x409/manufacturer", "tests")
    made = [_function(gadget, number, **function) for number, function in enumerate(functions)]
    for function in made:
        (config / function.name).symlink_to(function)
    controller = _free_controller()
    _write(gadget / "UDC", controller)
    return [_node(function) if function.name.startswith("hid.") else "" for function in made]


def down(name: str) -> None:
    """Unplug it."""
    gadget = _GADGETS / name
    with contextlib.suppress(OSError):  # it was not plugged in
        _write(gadget / "UDC", "\n")
    config = gadget / "configs/c.1"
    for link in [path for path in config.iterdir() if path.is_symlink()]:
        link.unlink()
    for directory in (config / "strings/0x409", config, *(gadget / "functions").iterdir()):
        directory.rmdir()
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
    taken = {(gadget / "UDC").read_text().strip() for gadget in _GADGETS.iterdir()}
    free = sorted({path.name for path in Path("/sys/class/udc").iterdir()} - taken)
    if not free:
        raise OSError("every device controller has a gadget")
    return free[0]


def _function(gadget: Path, number: int, kind: str, report: str = "", length: int = 8, boot: int = 0) -> Path:
    if kind == "hid":
        function = gadget / f"functions/hid.{gadget.name}{number}"
        function.mkdir(parents=True)
        _write(function / "subclass", "1" if boot else "0")
        _write(function / "protocol", str(boot))
        _write(function / "report_length", str(length))
        (function / "report_desc").write_bytes(bytes.fromhex(report))
    elif kind == "storage":
        function = gadget / f"functions/mass_storage.{gadget.name}{number}"
        function.mkdir(parents=True)
        image = Path(f"/run/{gadget.name}{number}.disk")
        if not image.exists():
            with image.open("wb") as made:
                made.truncate(8 << 20)
        _write(function / "lun.0/removable", "1")
        _write(function / "lun.0/file", str(image))
    elif kind == "serial":
        function = gadget / f"functions/acm.{gadget.name}{number}"
        function.mkdir(parents=True)
    else:
        raise ValueError(f"no such function: {kind}")
    return function


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
