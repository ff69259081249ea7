"""The kernel takes its time with one device: the others are decided on, and what was late comes out right."""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from madoguchi.device_control.decide import Why
from madoguchi.device_control.enforcing import Enforcement
from madoguchi.device_control.journal import Journal
from madoguchi.device_control.patient import Late, PatientBus
from madoguchi.device_control.policy import parse_rules
from madoguchi.device_control.sysfs import Gone, NotDone, SysfsBus
from tests.device_control.conftest import RULES
from tests.device_control.windows_end import Window
from tests.support.usb_tree import AgentOnTree, UsbTree, until_

_PATIENCE_SECONDS = 20.0


class Slow(SysfsBus):
    """The kernel does not write `authorized` of 1-1 before it is let (`go_on`).

    Attributes:
        goes_wrong: what it does then instead.
    """

    goes_wrong: Exception | None = None

    def __init__(self, tree: UsbTree) -> None:
        super().__init__(tree.root / "sys", tree.root / "proc/sys/kernel/random/boot_id")
        self.go_on = threading.Event()
        self.asked = 0

    def _write(self, name: str, what: str, value: str) -> None:
        if name == "1-1":
            self.asked += 1
            assert self.go_on.wait(_PATIENCE_SECONDS)
            if self.goes_wrong is not None:
                raise self.goes_wrong
        super()._write(name, what, value)


class Terminal:
    """A tree, its patient bus and what is enforced on it, in this process."""

    def __init__(self, folder: Path) -> None:
        self.tree = UsbTree(folder / "root")
        self.kernel = Slow(self.tree)
        self.bus = PatientBus(self.kernel, seconds=0.05)
        self.journal = Journal(folder / "records", "counter-7", bytes(32), lambda: "now")
        self.enforcement = Enforcement(self.bus, self.journal, parse_rules(RULES), rescue=False)
        self.tree.plug("03:01:01", id="046d:c31c")
        self.scanner = self.tree.plug("03:00:00", id="0c2e:0901", serial="S1", port="1-2")

    def answered(self) -> list[str]:
        """Let the kernel go on, and tell the enforcement as the agent's loop does."""
        self.kernel.go_on.set()
        assert select.select([self.bus.woken], [], [], _PATIENCE_SECONDS)[0]
        names = self.bus.answered()
        for name in names:
            self.enforcement.answered(name)
        return names

    def errors(self) -> list[str]:
        """What is on record as not done."""
        texts = [record.text for record in self.journal.after(0)]
        return [text for text in texts if "enforcement_failed" in text]


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    made = Terminal(tmp_path)
    yield made
    made.kernel.go_on.set()
    made.bus.close()


def test_an_answer_in_time_is_passed_on_and_so_is_an_error(terminal: Terminal) -> None:
    assert terminal.bus.read("1-2").serial_untrusted == "S1"
    with pytest.raises(Gone):
        terminal.bus.read("1-9")
    terminal.bus.authorize(terminal.bus.read("1-2"))
    assert terminal.tree.is_usable("1-2")
    terminal.bus.deauthorize("1-2")
    assert not terminal.tree.is_usable("1-2")
    assert not terminal.bus.is_waiting


def test_while_the_kernel_is_late_nothing_more_is_done_with_that_device(terminal: Terminal) -> None:
    device = terminal.bus.read("1-1")
    with pytest.raises(Late):
        terminal.bus.authorize(device)
    with pytest.raises(NotDone, match="busy with it"):
        terminal.bus.deauthorize("1-1")
    # who it is can be said again without the kernel's lock
    assert terminal.bus.read("1-1") == device
    assert terminal.kernel.asked == 1
    assert terminal.bus.is_waiting
    assert terminal.answered() == ["1-1"]
    assert not terminal.bus.is_waiting
    terminal.bus.deauthorize("1-1")
    assert not terminal.tree.is_usable("1-1")


def test_the_others_are_decided_on_meanwhile(terminal: Terminal) -> None:
    terminal.enforcement.look_at_all()
    assert terminal.tree.is_usable("1-2")
    assert not terminal.tree.is_usable("1-1")
    assert terminal.kernel.asked == 1


def test_what_the_kernel_opens_late_stays_open_if_a_rule_allows_it(terminal: Terminal) -> None:
    terminal.enforcement.look("1-1")
    # also when it is looked at in between, for any reason
    for _ in range(5):
        terminal.enforcement.look_at_all()
        terminal.enforcement.retry()
    terminal.answered()
    assert terminal.tree.is_usable("1-1")
    known = terminal.enforcement.known["1-1"]
    assert (known.is_open, known.decision.why, known.is_late) == (True, Why.RULE, False)
    assert [error.count("has not answered yet") for error in terminal.errors()] == [1]
    # and is watched like any other from now on
    (terminal.tree.devices / "1-1/authorized").write_text("0\n")
    terminal.enforcement.look("1-1")
    assert not terminal.enforcement.known["1-1"].is_open


def test_a_keyboard_that_is_still_being_opened_is_the_one_keyboard(terminal: Terminal) -> None:
    terminal.enforcement.look("1-1")
    terminal.tree.plug("03:01:01", id="046d:c31c", port="1-3")
    terminal.enforcement.look("1-3")
    assert terminal.enforcement.known["1-3"].decision.why is Why.SECOND_KEYBOARD
    assert not terminal.tree.is_usable("1-3")


def test_what_the_kernel_opens_after_its_rule_is_gone_is_closed(terminal: Terminal) -> None:
    terminal.enforcement.look("1-1")
    terminal.enforcement.go_by(parse_rules('block as "everything" because "test"\n'))
    terminal.answered()
    assert not terminal.tree.is_usable("1-1")
    known = terminal.enforcement.known["1-1"]
    assert (known.is_open, known.decision.allowed) == (False, False)
    assert "opened too late" in terminal.errors()[-1]


def test_an_exception_that_the_kernel_is_late_with_is_refused_and_then_closed(terminal: Terminal) -> None:
    terminal.tree.unplug("1-1")
    terminal.tree.plug(serial="A1")
    terminal.enforcement.look("1-1")
    device = terminal.enforcement.known["1-1"].device
    with pytest.raises(NotDone):
        terminal.enforcement.open_leased(device)
    terminal.enforcement.close_leased(device)
    terminal.answered()
    assert not terminal.tree.is_usable("1-1")
    assert not terminal.enforcement.known["1-1"].is_open


def test_what_the_kernel_would_not_open_in_the_end_is_tried_again(terminal: Terminal) -> None:
    terminal.kernel.goes_wrong = NotDone("[Errno 110] Connection timed out")
    terminal.enforcement.look("1-1")
    terminal.answered()
    assert not terminal.enforcement.known["1-1"].is_open
    terminal.kernel.goes_wrong = None
    terminal.enforcement.retry()
    assert terminal.tree.is_usable("1-1")
    assert terminal.enforcement.known["1-1"].is_open


def test_a_device_that_goes_while_the_kernel_is_late_is_forgotten(terminal: Terminal) -> None:
    terminal.enforcement.look("1-1")
    terminal.tree.unplug("1-1")
    terminal.enforcement.look("1-1")
    terminal.answered()
    assert "1-1" not in terminal.enforcement.known


def test_a_bug_behind_a_late_answer_is_seen(terminal: Terminal) -> None:
    terminal.kernel.goes_wrong = ZeroDivisionError("a bug")
    with pytest.raises(Late):
        terminal.bus.authorize(terminal.bus.read("1-1"))
    with pytest.raises(ZeroDivisionError):
        terminal.answered()


def test_very_many_slow_devices_are_not_begun_with_any_more(tmp_path: Path) -> None:
    tree = UsbTree(tmp_path / "root")
    for number in range(1, 15):
        tree.plug(port=f"1-{number}")
        # its name is not told before somebody writes it: opening the file waits, as the kernel does
        os.mkfifo(tree.devices / f"1-{number}/serial")
    bus = PatientBus(SysfsBus(tree.root / "sys", tree.root / "proc/sys/kernel/random/boot_id"), seconds=0.05)
    errors = [_error(lambda name=f"1-{number}": bus.read(name)) for number in range(1, 15)]
    assert [error.count("too many") for error in errors] == [0] * 12 + [1] * 2
    for number in range(1, 13):
        (tree.devices / f"1-{number}/serial").write_text("S\n")
    until_(lambda: not bus.is_waiting)
    bus.close()


def test_a_device_that_does_not_say_its_name_holds_up_nobody(tree: AgentOnTree, window: Window) -> None:
    mute = tree.root / "mute"
    os.mkfifo(mute)
    tree.plug_mute("1-3", mute)
    tree.plug("03:00:00", id="0c2e:0901", serial="S1", port="1-2")
    tree.until(lambda: tree.is_usable("1-2"))
    assert window.ask("state")["protected"]
    assert "1-3" not in {each["port"] for each in window.ask("devices")["devices"]}
    mute.write_text("LATE\n")
    tree.until(lambda: ("1-3", "LATE") in said(window), "the device by its name")
    assert not tree.is_usable("1-3")
    assert tree.stop() == 0


def said(window: Window) -> set[tuple[str, str]]:
    """The devices that the agent knows: where, and by what serial number."""
    return {(each["port"], each["serial"]) for each in window.ask("devices")["devices"]}


def _error(act: Callable[[], object]) -> str:
    with pytest.raises(NotDone) as raised:
        act()
    return str(raised.value)
