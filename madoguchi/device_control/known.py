"""What the agent knows of a device that is plugged in, and what its records say of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from madoguchi.device_control.decide import Decision
from madoguchi.device_control.device import UsbDevice


@dataclass(slots=True)
class Known:
    """A device that is plugged in, what was decided on it, and whether it is, or may be, open."""

    device: UsbDevice
    decision: Decision
    is_open: bool = False
    failures: set[str] = field(default_factory=set)
    """What the kernel would not do; each is recorded once."""
    was_open: bool = False
    """We have opened it, or tried to. Records of the others are minor ones."""
    is_next: bool = False
    """The keyboard beside which it was one too many was not there a moment ago."""
    tries: int = 0
    """How often the kernel did not open it, though it is allowed."""
    is_late: bool = False
    """The kernel has not answered yet what it was asked to do with it, or with what was there before."""
    call: int = 0
    """What it was asked to do with this one; 0: nothing yet."""
    is_opening: bool = False
    """That was to open it."""
    is_behind: bool = False
    """What was decided on it last is to be done when the kernel has answered."""
    looks: int = 0
    """How often the kernel was found late with it."""


def told(device: UsbDevice) -> dict[str, Any]:
    """What a record says of a device. Its texts are its own."""
    return {
        "instance": device.instance,
        "port": device.port,
        "id": device.id_text,
        "serial": device.serial_untrusted,
        "maker": device.maker_untrusted,
        "name": device.name_untrusted,
        "interfaces": [str(each) for each in device.interfaces],
        "digest": device.digest,
    }


def fields(device: UsbDevice, decision: Decision) -> dict[str, Any]:
    """What a record says of a decision on it."""
    label = decision.rule.label if decision.rule is not None else ""
    return {**told(device), "why": decision.why.value, "rule": label}
