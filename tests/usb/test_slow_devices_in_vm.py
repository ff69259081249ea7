"""A device that keeps the kernel waiting keeps nobody else waiting: on a real kernel, with its locks."""

from __future__ import annotations

import dataclasses
import signal

import pytest

from tests.support.usb_tree import until_
from tests.usb import installed
from tests.usb.endings import plug_stick
from tests.usb.figures import Figures
from tests.usb.inside.arriving import PRINTER, RULES, raw
from tests.usb.terminal import Terminal
from tests.usb.watched import Event

# Its driver asks it for its name (GET_DEVICE_ID), for five seconds, and the kernel holds its lock meanwhile.
MUTE = dataclasses.replace(PRINTER, name="printer that does not answer", functions=(raw(7, 1, 2),))


@pytest.fixture(autouse=True)
def as_before(terminal: Terminal) -> None:
    """Every test finds nothing plugged in, and the usual policy in force."""
    terminal.tidy()
    terminal.give(RULES)
    terminal.collect()
    # else it is loaded when the first printer is there already, and not the agent waits for it
    terminal.machine.sh("modprobe usblp")


def test_a_registered_device_that_does_not_answer_keeps_nobody_waiting(terminal: Terminal) -> None:
    starts, before = terminal.starts(), len(terminal.records)

    def failed() -> list[tuple[str, str]]:
        terminal.collect()
        records = [each for each in terminal.records[before:] if each["what"] == "enforcement_failed"]
        return [(each["port"], each["error"]) for each in records]

    since = terminal.watch.mark()
    terminal.plug_gadget(MUTE, "mute")
    mute = terminal.decided(since, MUTE.vendor, MUTE.product)
    assert (mute["allowed"], mute["why"]) == (True, "rule")
    # while the kernel waits for it, the others are decided on and the policy is followed
    for turn in range(3):
        since = terminal.watch.mark()
        terminal.plug("storage", f"stick{turn}")
        stick = terminal.decided(since, 0x46F4, 0x0001)
        assert not stick["allowed"]
        assert terminal.usable(since, stick["port"]) == []
        terminal.give(RULES)
    until_(lambda: failed() != [], "the record of it")
    assert failed() == [(mute["port"], "the kernel has not answered yet")]
    # pulled out, it is gone, and its port is as good as new
    terminal.unplug_gadget("mute")
    since = terminal.watch.mark()
    terminal.plug_gadget(PRINTER)
    said = terminal.decided(since, PRINTER.vendor, PRINTER.product)
    assert said["allowed"]
    terminal.opened(since, said["port"])
    assert terminal.starts() == starts


def test_a_device_that_does_not_answer_is_closed_when_its_rule_is_gone(terminal: Terminal) -> None:
    since = terminal.watch.mark()
    terminal.plug_gadget(MUTE, "mute")
    mute = terminal.decided(since, MUTE.vendor, MUTE.product)
    assert mute["allowed"]
    terminal.give('block as "everything" because "test"\n')
    # the kernel does both, one after the other; until then the agent says that it is open
    closed = terminal.closed(since, mute["port"], seconds=60)
    terminal.watch.wait(
        since,
        lambda event: event["t"] > closed["t"] and _allowed(event, mute["instance"]) is False,
        "its being closed to be told",
    )
    assert terminal.usable(terminal.watch.mark(), mute["port"]) == []


def test_an_agent_that_is_killed_while_the_kernel_is_late_takes_the_stick_along(
    terminal: Terminal, figures: Figures
) -> None:
    """A process ends with its last thread, and one of them waits for the kernel: nobody waits for that."""
    stick = plug_stick(terminal)
    with terminal.window() as window:
        node, _ = terminal.lend(window, stick)
        since = terminal.watch.mark()
        terminal.plug_gadget(MUTE, "mute")
        mute = terminal.decided(since, MUTE.vendor, MUTE.product)
        assert mute["allowed"]
        when = terminal.watch.kill(signal.SIGKILL, unit=installed.UNIT)
        gone = terminal.disk(since, stick["port"], "remove")
        figures.gone("the agent is killed while the kernel is late", (gone["t"] - when) * 1000)
        # the kernel asks the printer for five seconds
        assert gone["t"] - when < 3
        terminal.back(since)
    assert terminal.machine.run("test", "-e", node).status != 0
    terminal.collect()
    assert [each["how"] for each in terminal.records if each["what"] == "lease_ended"][-1] == "agent_ended"


def _allowed(event: Event, instance: str) -> bool | None:
    """What the agent tells of a device; None: nothing."""
    found = [each for each in event.get("agent", {}).get("devices", ()) if each["instance"] == instance]
    return bool(found[0]["allowed"]) if found else None
