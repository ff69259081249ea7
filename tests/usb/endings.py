"""How an exception ends without anybody's ending it: whatever crashes, freezes or is pulled out."""

from __future__ import annotations

import signal
from typing import Final

from tests.usb import installed
from tests.usb.fat import fat_disk
from tests.usb.terminal import Terminal
from tests.usb.watched import Event

STICK: Final = (0x46F4, 0x0001)
"""QEMU's stick."""

ENDS: Final = {
    "the window is killed": "window_gone",
    "the agent is killed": "agent_ended",
    "both are killed": "agent_ended",
    "the agent is killed, and its guard": "agent_ended",
    "the agent is stopped": "agent_ended",
    "the agent freezes": "agent_ended",
    "the stick is pulled out": "device_gone",
}
"""What ends it, and what the record says."""


def plug_stick(terminal: Terminal, letter: bytes = b"") -> Event:
    """A stick with a letter on it, blocked as it should be."""
    since = terminal.watch.mark()
    terminal.plug("storage", "stick", serial="A1", disk=fat_disk({"LETTER.TXT": letter}))
    said = terminal.decided(since, *STICK)
    assert not said["allowed"]
    assert terminal.usable(since, said["port"]) == []
    return said


def end(terminal: Terminal, how: str, window: int) -> float | None:
    """End it; return when, by the guest's clock, where the guest itself did it."""
    if how == "the window is killed":
        return terminal.watch.kill(signal.SIGKILL, processes=[window])
    if how == "the agent is killed":
        return terminal.watch.kill(signal.SIGKILL, unit=installed.UNIT)
    if how == "both are killed":
        return terminal.watch.kill(signal.SIGKILL, unit=installed.UNIT, processes=[window])
    if how == "the agent is killed, and its guard":
        # then it is systemd's turn
        guards = [int(each) for each in terminal.machine.sh("pgrep -f '[l]ockdown.py --guard'").split()]
        return terminal.watch.kill(signal.SIGKILL, unit=installed.UNIT, processes=guards)
    if how == "the agent freezes":
        when = terminal.watch.kill(signal.SIGSTOP, unit=installed.UNIT)
        # and nothing that comes meanwhile is opened
        since = terminal.watch.mark()
        terminal.plug("storage", "meanwhile")
        came = terminal.watch.wait(
            since, lambda event: (event.get("kernel"), event.get("type")) == ("add", "usb_device"), "it"
        )
        assert terminal.usable(since, came["path"].rpartition("/")[2]) == []
        return when
    if how == "the agent is stopped":
        terminal.machine.sh(f"systemctl stop {installed.UNIT}")
        return None
    terminal.unplug("stick")
    return None
