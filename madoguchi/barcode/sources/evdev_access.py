"""Who may read which keyboard on Linux: the rule that lets an account read one scanner, and the check that it
can read nothing else.

An account in the group ``input`` reads every key of every keyboard, passwords with them, and so does every
program that runs under it: a key logger needs no more. So the one device that is a scanner is given to a
group of its own, and never the account to the group of all.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from madoguchi.barcode.sources.evdev_devices import Keyboards
from madoguchi.barcode.sources.source import Device

INPUT_GROUP: Final = "input"
"""Debian's group for everything that is typed or pointed with."""

SCANNER_GROUP: Final = "madoguchi-scanner"
"""The group that a terminal's account is in, and that owns the scanners' nodes."""

RULE_FILE: Final = "70-madoguchi-scanners.rules"
"""Below ``/etc/udev/rules.d``: behind what Debian itself says of input devices (50 and 60)."""

_GROUP_NAME: Final = re.compile(r"[a-z_][a-z0-9_-]{0,31}")
# What can stand in a rule as it is: no quote, no sign of a pattern, nothing that udev replaces.
_PLAIN: Final = re.compile(r"[0-9A-Za-z._:/+ =@#-]{1,126}")
_BIGGEST_ID: Final = 0xFFFF

_log = logging.getLogger(__name__)


def udev_rule(device: Device, group: str = SCANNER_GROUP) -> str:
    """The lines of a rule file that give one scanner to a group, and to the desktop no more.

    It is told by vendor and product, by its serial number if it has one, and else by its port if one is
    named. Its nodes for keys (evdev) and for reports (pyusb) are given to ``group``; libinput, by which X11
    and Wayland read keyboards, leaves it alone, so that it types into nothing while nobody listens either.

    Raises:
        ValueError: it cannot be told so: no vendor or product, or a serial number, port or group that would
            mean something else in a rule.
    """
    if not (0 <= device.vendor_id <= _BIGGEST_ID and 0 <= device.product_id <= _BIGGEST_ID):
        raise ValueError("a rule is for one device: vendor and product are needed")
    if not _GROUP_NAME.fullmatch(group) or group == INPUT_GROUP:
        raise ValueError(f"not a group for scanners: {group!r}")
    wanted = {"idVendor": f"{device.vendor_id:04x}", "idProduct": f"{device.product_id:04x}"}
    if device.serial_untrusted:
        wanted["serial"] = device.serial_untrusted
    for text in (device.serial_untrusted, device.port):
        if text and not _PLAIN.fullmatch(text):
            raise ValueError(f"cannot stand in a rule: {text!r}")
    by_port = device.port if device.port and not device.serial_untrusted else ""
    granted = f'GROUP="{group}", MODE="0660"'
    # ATTRS and KERNELS must all hold at one device of the chain: the USB device itself
    keys = [f'ATTRS{{{name}}}=="{value}"' for name, value in wanted.items()]
    reports = [f'ATTR{{{name}}}=="{value}"' for name, value in wanted.items()]
    if by_port:
        keys.append(f'KERNELS=="{by_port}"')
        reports.append(f'KERNEL=="{by_port}"')
    return (
        f'SUBSYSTEM=="input", KERNEL=="event*", SUBSYSTEMS=="usb", {", ".join(keys)}, {granted}, '
        'ENV{LIBINPUT_IGNORE_DEVICE}="1"\n'
        f'SUBSYSTEM=="usb", ENV{{DEVTYPE}}=="usb_device", {", ".join(reports)}, {granted}\n'
    )


@dataclass(frozen=True, slots=True)
class Exposure:
    """What this account can read that is none of its business.

    Attributes:
        in_input_group: it is in the group ``input``, by this session or on record.
        nodes: keyboards that it can read and that are no scanner of ours.
    """

    in_input_group: bool = False
    nodes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to warn of."""
        return self.in_input_group or bool(self.nodes)


def exposure(scanners: Collection[Device], keyboards: Keyboards | None = None) -> Exposure:
    """What every program of this account could log: for the log at the start, and the page of diagnostics.

    ``scanners`` are the learned ones: what has the vendor and product of one, and its serial number if that
    is set, is no keyboard.
    """
    listed = (keyboards or Keyboards()).listed()
    readable = tuple(
        str(each.node)
        for each in listed
        if not any(_may_be(scanner, each.device) for scanner in scanners) and os.access(each.node, os.R_OK)
    )
    return Exposure(_is_in_input_group(), readable)


def _may_be(scanner: Device, device: Device) -> bool:
    same = (scanner.vendor_id, scanner.product_id) == (device.vendor_id, device.product_id)
    return same and scanner.serial_untrusted in ("", device.serial_untrusted)


def warn_of_exposure(found: Exposure) -> None:
    """Writes it into the log, where it cannot be overlooked; nothing when there is nothing."""
    if found.in_input_group:
        _log.critical(
            "This account is in the group '%s': every program it runs can read every key, passwords too. "
            "Take it out (gpasswd --delete ACCOUNT %s) and sign in anew.",
            INPUT_GROUP,
            INPUT_GROUP,
        )
    if found.nodes:
        _log.critical(
            "This account can read keyboards that are no scanner: %s. Every program it runs can log what is "
            "typed there.",
            ", ".join(found.nodes),
        )


def _is_in_input_group() -> bool:
    try:
        import grp
        import pwd
    except ImportError:  # no Linux
        return False
    with contextlib.suppress(KeyError):
        group = grp.getgrnam(INPUT_GROUP)
        if group.gr_gid in {*os.getgroups(), os.getegid()}:
            return True
        # added since this session began: the next one has it
        account = pwd.getpwuid(os.getuid())
        return account.pw_name in group.gr_mem or account.pw_gid == group.gr_gid
    return False
