"""Whether a device may be used, and why. Pure: a policy, a device, and what is open already.

`docs/decisions/0036-usb-device-control.md`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from madoguchi.device_control.device import UsbDevice
from madoguchi.device_control.policy import Policy, Rule


class Why(StrEnum):
    """Why a device is open or closed."""

    RULE = "rule"
    """Open: a rule allows it."""
    NO_RULE = "no_rule"
    """Closed: no rule is about it, or there is no policy."""
    BLOCK_RULE = "block_rule"
    """Closed: a rule blocks it."""
    KEYBOARD_AND_MORE = "keyboard_and_more"
    """Closed: it can type and is something else, too, and the rule for it names only a vendor."""
    SECOND_KEYBOARD = "second_keyboard"
    """Closed: it can type, as one that is open already, and no rule of its own is left for it."""
    HUB = "hub"
    """Closed: a hub, and no rule is about it."""
    CHANGED = "changed"
    """Closed: it is not what it was when it was decided on. Found by the agent."""
    UNREADABLE = "unreadable"
    """Closed: its descriptors are none. Found by the agent."""
    NOT_KEPT = "not_kept"
    """Closed: the record of it could not be written. Found by the agent."""
    LEASE = "lease"
    """Open for minutes. Found by the agent."""
    ROOT_HUB = "root_hub"
    """Open: the kernel's own, of a controller."""
    RESCUE = "rescue"
    """The terminal was started for rescue: boot keyboards are open, everything else is closed."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided.

    Attributes:
        rule: the one that decided; None: no rule did.
    """

    allowed: bool
    why: Why
    rule: Rule | None = None


def decide(
    policy: Policy | None,
    device: UsbDevice,
    allowed_before: Sequence[UsbDevice],
    *,
    rescue: bool = False,
) -> Decision:
    """Decides on a device.

    Args:
        policy: the one in force; None: there is none, and everything is closed.
        allowed_before: the other devices that are open now, by a rule.
        rescue: the kernel was started with `madoguchi.usb=rescue`: no rule counts.
    """
    if device.is_root_hub:
        return Decision(True, Why.ROOT_HUB)
    if rescue:
        return Decision(device.is_boot_keyboard_only, Why.RESCUE)
    rule = policy.first_match(device) if policy is not None else None
    if policy is None or rule is None:
        return Decision(False, Why.HUB if device.is_hub else Why.NO_RULE)
    if not rule.allows:
        return Decision(False, Why.BLOCK_RULE, rule)
    if device.is_keyboard:
        if device.is_more_than_hid and not rule.is_registration:
            return Decision(False, Why.KEYBOARD_AND_MORE, rule)
        others = [each for each in allowed_before if each.is_keyboard and each.instance != device.instance]
        # One registration lets one device in at a time: a copy of the keyboard beside it is not the keyboard.
        taken = any(policy.first_match(each) == rule for each in others)
        if others and (taken or not rule.is_registration):
            return Decision(False, Why.SECOND_KEYBOARD, rule)
    return Decision(True, Why.RULE, rule)
