"""Writes the udev rule that lets a terminal's account read one scanner, and no keyboard.

    python installer/scanner_rule.py VENDOR:PRODUCT[:SERIAL] [PORT] >70-madoguchi-scanners.rules

The file belongs into /etc/udev/rules.d. Vendor and product are the four hexadecimal digits each that `lsusb`
shows. A scanner without a serial number is told by the USB port that it is plugged into (`1-4.2`), which then
is its own. Several scanners: `>>` for the others.

Before that, once:

    groupadd --system madoguchi-scanner
    gpasswd --add ACCOUNT madoguchi-scanner     # and never to the group input

After it: `udevadm control --reload`, plug the scanner in again, and sign in anew.
"""

from __future__ import annotations

import re
import sys

from madoguchi.barcode.scan import Source
from madoguchi.barcode.sources.evdev_access import udev_rule
from madoguchi.barcode.sources.source import Device

_IDENTITY = re.compile(r"([0-9a-fA-F]{4}):([0-9a-fA-F]{4})(?::(.+))?")


def main(arguments: list[str]) -> int:
    """Writes the rule to standard output; 2: it was asked for wrongly."""
    found = _IDENTITY.fullmatch(arguments[0]) if 1 <= len(arguments) <= 2 else None
    if found is None:
        sys.stderr.write(__doc__ or "")
        return 2
    port = arguments[1] if len(arguments) == 2 else ""
    device = Device(Source.EVDEV, int(found[1], 16), int(found[2], 16), found[3] or "", port)
    try:
        rule = udev_rule(device)
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(rule)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
