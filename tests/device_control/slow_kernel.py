"""A kernel that takes its time with some devices, on a tree, and what is enforced there, in this process."""

from __future__ import annotations

import json
import select
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from madoguchi.device_control.device import UsbDevice
from madoguchi.device_control.enforcing import Enforcement
from madoguchi.device_control.journal import Journal, Record
from madoguchi.device_control.patient import Answered, PatientBus
from madoguchi.device_control.policy import parse_rules
from madoguchi.device_control.sysfs import SysfsBus
from tests.support.usb_tree import UsbTree, until_

RULES = """\
allow id 046d:c31c interfaces 03:01:01 as "keyboard" because "the counter's own"
allow id 0c2e:0901 serial "S1" interfaces 03:00:00 as "scanner" because "registered"
allow id 04b8:0e15 interfaces 07:01:02 as "printers" because "every counter"
"""
_PATIENCE_SECONDS = 20.0


class SlowKernel(SysfsBus):
    """Reading a device, or writing its `authorized`, takes until it is let (`go_on`), where it is slow.

    Attributes:
        early: `authorized` reads as what is written before it is done, as it does while the kernel talks to a
            device; else not before, as while it waits for the device's lock.
        goes_wrong: what it does in the end instead of writing.
        written: what was written to `authorized`, of which device.
    """

    def __init__(self, tree: UsbTree, *, early: bool) -> None:
        super().__init__(tree.root / "sys", tree.root / "proc/sys/kernel/random/boot_id")
        self.early = early
        self.goes_wrong: Exception | None = None
        self.written: list[tuple[str, str]] = []
        self._slow: dict[tuple[str, bool], threading.Event] = {}

    def be_slow(self, name: str, *, reading: bool = False) -> None:
        """From now on."""
        self._slow[name, reading] = threading.Event()

    def is_slow(self, name: str) -> bool:
        """With writing."""
        return (name, False) in self._slow

    def go_on(self, name: str = "", *, reading: bool = False) -> None:
        """No more; without a name with none."""
        for which in [(name, reading)] if name else list(self._slow):
            self._slow.pop(which).set()

    def read(self, name: str) -> UsbDevice:
        self._wait(name, reading=True)
        return super().read(name)

    def _write(self, name: str, what: str, value: str) -> None:
        self.written.append((name, value))
        is_slow = self.is_slow(name)
        is_early = is_slow and self.early and self.goes_wrong is None
        if is_early:
            super()._write(name, what, value)
        self._wait(name, reading=False)
        if is_slow and self.goes_wrong is not None:
            raise self.goes_wrong
        if not is_early:
            super()._write(name, what, value)

    def _wait(self, name: str, *, reading: bool) -> None:
        slow = self._slow.get((name, reading))
        # what reads again in the midst of writing has the lock
        if slow is not None and not (reading and threading.current_thread().name.startswith("opening")):
            assert slow.wait(_PATIENCE_SECONDS)


class SlowTerminal:
    """A tree, a slow kernel, and an agent's enforcement on them.

    Attributes:
        seconds: how long one call waits.
    """

    def __init__(self, folder: Path, *, early: bool, seconds: float = 0.05) -> None:
        self.tree = UsbTree(folder / "root")
        self.kernel = SlowKernel(self.tree, early=early)
        self.seconds = seconds
        self.bus = PatientBus(self.kernel, seconds)
        self.journal = Journal(folder / "records", "counter-7", bytes(32), lambda: "now")
        self.policy = parse_rules(RULES)
        self.enforcement = Enforcement(self.bus, self.journal, self.policy, rescue=False)

    def bus_answers(self) -> list[Answered]:
        """Wait for the next late answer; what there is by then."""
        assert self._is_answered(_PATIENCE_SECONDS)
        return list(self.bus.answered())

    def answer(self) -> None:
        """Wait for the next late answer, and do as the agent's loop does."""
        self.bus.begin_turn()
        assert self._is_answered(_PATIENCE_SECONDS)
        for answer in self.bus.answered():
            self.enforcement.answered(answer)

    def go_on(self, name: str) -> None:
        """The kernel is slow with it no more, and answers."""
        self.kernel.go_on(name)
        self.answer()

    def turn(self) -> None:
        """A second of the agent's loop."""
        self.bus.begin_turn()
        while self._is_answered(0):
            for answer in self.bus.answered():
                self.enforcement.answered(answer)
        self.enforcement.retry()

    def _is_answered(self, seconds: float) -> bool:
        waiting = select.poll()
        waiting.register(self.bus.woken, select.POLLIN)
        return bool(waiting.poll(seconds * 1000))

    def until(self, holds: Callable[[], bool]) -> None:
        """Turns, until something holds."""

        def turned() -> bool:
            self.turn()
            return holds()

        until_(turned)

    def records(self, port: str) -> list[str]:
        """What is on record of a device."""
        return [record["what"] for record in self._records() if record.get("port") == port]

    def errors(self) -> list[str]:
        """What is on record as not done."""
        return [record["error"] for record in self._records() if record["what"] == "enforcement_failed"]

    def _records(self) -> list[dict[str, Any]]:
        found: list[Record] = []
        while more := self.journal.after(len(found)):
            found += more
        return [json.loads(record.text) for record in found]

    def close(self) -> None:
        """Lets every thread go."""
        self.kernel.go_on()
        self.bus.close()
