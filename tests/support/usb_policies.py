"""Signed policies for tests, by a key of theirs."""

from __future__ import annotations

from madoguchi.device_control.signed import new_key, sign

KEY = new_key()


def signed_text(group: str, version: int, rules: str = "") -> str:
    """A policy of that group and version, signed."""
    return sign(group, version, rules, KEY)
