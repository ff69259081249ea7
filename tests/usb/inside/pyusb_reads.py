"""What pyusb reads of the devices that are there, without opening one; a line of JSON each.

A set of interfaces is counted here as decision 0036 has it, from pyusb's own objects and none of ours.
"""

from __future__ import annotations

import json
import sys
from typing import Any, NoReturn

import usb.backend.libusb1
import usb.core

# said by the interfaces, of several, the maker's own
_NO_CLASS = (0x00, 0xEF, 0xFF)


def interfaces(device: Any) -> list[str]:
    """Its set of interfaces."""
    found = set()
    for configuration in device:
        # every alternate setting is one of these
        for each in configuration:
            kind = each.bInterfaceClass, each.bInterfaceSubClass, each.bInterfaceProtocol
            found.add((configuration.index, each.bInterfaceNumber, kind))
    kinds = [kind for _, _, kind in found]
    own = device.bDeviceClass, device.bDeviceSubClass, device.bDeviceProtocol
    if own[0] not in _NO_CLASS and own[0] not in [base for base, _, _ in kinds]:
        kinds.append(own)
    return sorted(":".join(f"{part:02x}" for part in kind) for kind in kinds)


def no_opening(*_: object) -> NoReturn:
    """Stands in the place of libusb's way to open a device."""
    raise AssertionError("pyusb has opened a device")


def main() -> None:
    """All that are plugged in."""
    backend = usb.backend.libusb1.get_backend()
    assert backend is not None, "there is no libusb"
    backend.open_device = no_opening
    for device in usb.core.find(find_all=True, backend=backend):
        if device.port_numbers:
            line = {
                "port": f"{device.bus}-{'.'.join(map(str, device.port_numbers))}",
                "vendor": f"{device.idVendor:04x}",
                "product": f"{device.idProduct:04x}",
                "interfaces": interfaces(device),
                "configurations": device.bNumConfigurations,
            }
            sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
