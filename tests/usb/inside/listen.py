"""Listens to one scanner and writes down what its source tells, a line of JSON each, until it is ended.

listen.py evdev|hid VENDOR:PRODUCT SERIAL      a source of the program
listen.py exposed VENDOR:PRODUCT SERIAL        what else this account can read
listen.py node PATH                            another program that reads a keyboard's node
listen.py console PATH                         what a console gets
"""

from __future__ import annotations

import json
import os
import signal
import struct
import sys
import threading
from pathlib import Path

_EVENT = struct.Struct("llHHi")
_EV_KEY = 1


def tell(**what: object) -> None:
    """One line; the host waits for it."""
    print(json.dumps(what), flush=True)


def node(path: str) -> None:
    """The codes of the keys that are pressed."""
    with Path(path).open("rb", buffering=0) as keys:
        tell(state="ready")
        while event := keys.read(_EVENT.size):
            _, _, kind, code, value = _EVENT.unpack(event)
            if kind == _EV_KEY and value == 1:
                tell(key=code)


def console(path: str) -> None:
    """Whole lines, as a program on the console would read them."""
    with Path(path).open("rb", buffering=0) as lines:
        tell(state="ready")
        while some := lines.read(4096):
            tell(line=some.decode("ascii", "replace").rstrip("\n"))


def source(kind: str, identity: str, serial: str) -> None:
    """What `ScanSource` tells."""
    from madoguchi.barcode.scan import Source
    from madoguchi.barcode.sources.evdev_access import exposure
    from madoguchi.barcode.sources.evdev_source import EvdevSource
    from madoguchi.barcode.sources.source import Device, ScanSource

    vendor, product = (int(part, 16) for part in identity.split(":"))
    device = Device(Source.EVDEV, vendor, product, serial)
    if kind == "exposed":
        found = exposure([device])
        tell(group=found.in_input_group, nodes=found.nodes)
        return
    listened: ScanSource
    if kind == "hid":
        from madoguchi.barcode.sources.hid_source import HidSource

        listened = HidSource(device)
    else:
        listened = EvdevSource(device)
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    listened.start(
        lambda scan: tell(
            scan=scan.text_untrusted, symbology=scan.symbology_untrusted, raw=scan.raw_untrusted.hex()
        ),
        lambda status: tell(state=status.state.value, reason=status.reason_untrusted),
    )
    ended.wait()
    listened.close()
    tell(state="closed")


if __name__ == "__main__":
    sys.path.insert(0, "/opt/code")
    act, *arguments = sys.argv[1:]
    if act in {"node", "console"}:
        {"node": node, "console": console}[act](*arguments)
    else:
        source(act, *arguments)
    os._exit(0)
