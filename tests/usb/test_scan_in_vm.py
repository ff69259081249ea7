"""Scans through a real kernel, from a gadget to the source that reads it, as the account of a counter."""

from __future__ import annotations

import contextlib
import json
import signal
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from madoguchi.barcode.scan import Source
from madoguchi.barcode.sources.evdev_access import RULE_FILE, SCANNER_GROUP, udev_rule
from madoguchi.barcode.sources.source import Device
from tests.usb.channel import GuestProgram
from tests.usb.devices import KEYBOARD, POS_SCANNER, scanned, typed
from tests.usb.guest_files import CLERK
from tests.usb.machine import VirtualMachine

SCANNER = Device(Source.EVDEV, 0x0C2E, 0x0901, "S1")
FIRST, SECOND = "A1000000016A", "A1000000024A"
# codes of keys: 1 2 3 and Enter, 4 5 6 and Enter
BEFORE, AFTER = [2, 3, 4, 28], [5, 6, 7, 28]
RULES = f"/etc/udev/rules.d/{RULE_FILE}"

Start = Callable[..., GuestProgram]


@pytest.fixture
def start(machine: VirtualMachine) -> Iterator[Start]:
    """Starts `listen.py` in the guest; what it started is ended."""
    started: list[GuestProgram] = []

    def begin(*arguments: str, account: str = CLERK) -> GuestProgram:
        started.append(machine.start("python3", "/opt/code/listen.py", *arguments, account=account))
        return started[-1]

    yield begin
    for program in started:
        program.kill()


@pytest.fixture
def granted(machine: VirtualMachine) -> Iterator[None]:
    """The rule is in place, and the clerk in the scanners' group."""
    machine.write(RULES, udev_rule(SCANNER))
    machine.sh(f"echo {SCANNER_GROUP}:x:2000:{CLERK} >>/etc/group; udevadm control --reload")
    yield
    machine.sh(f"rm {RULES}; sed -i /^{SCANNER_GROUP}:/d /etc/group; udevadm control --reload")


@contextlib.contextmanager
def plugged(machine: VirtualMachine, function: dict[str, Any]) -> Iterator[str]:
    """The scanner is plugged in; yields the node that its reports are sent by."""
    node = plug(machine, function)
    try:
        yield node
    finally:
        machine.gadget("down", name="scanner")


def plug(machine: VirtualMachine, function: dict[str, Any]) -> str:
    nodes = machine.gadget(
        "up", name="scanner", vendor=SCANNER.vendor_id, product=SCANNER.product_id,
        serial=SCANNER.serial_untrusted, title="Counter scanner", functions=[function],
    )  # fmt: skip
    machine.sh("udevadm settle")
    return str(nodes[0])


def event_node(machine: VirtualMachine) -> str:
    """The keyboard's node, once udev has said whose it is: the kernel makes it root's."""
    return machine.sh(
        "for _ in $(seq 600); do for n in /sys/class/input/event*; do"
        " case $(readlink -f $n) in *dummy_hcd*) n=/dev/input/${n##*/};"
        ' [ "$(stat -c %G $n)" = root ] || { echo -n $n; exit; } ;; esac;'
        " done; sleep 0.1; done; exit 1"
    )


def told(program: GuestProgram) -> dict[str, Any]:
    line: dict[str, Any] = json.loads(program.line())
    return line


def until(program: GuestProgram, state: str) -> None:
    """Waits for it. Under emulation udev may take longer to grant a device than a source is patient."""
    while (now := told(program)["state"]) != state:
        assert now == "refused"


def keys(program: GuestProgram, number: int) -> list[int]:
    return [told(program)["key"] for _ in range(number)]


def identity() -> tuple[str, str]:
    return f"{SCANNER.vendor_id:04x}:{SCANNER.product_id:04x}", SCANNER.serial_untrusted


def test_a_scan_sent_as_reports_is_read_by_the_clerk(
    machine: VirtualMachine, start: Start, granted: None
) -> None:
    long = "https://library.example/items/" + "0123456789" * 7
    with plugged(machine, POS_SCANNER) as node:
        ours = start("hid", *identity())
        until(ours, "ready")
        machine.gadget("send", node=node, reports=scanned(FIRST) + scanned(long, "]Q1"))
        first, second = told(ours), told(ours)
        assert (first["scan"], first["symbology"]) == (FIRST, "]F0")
        assert (second["scan"], second["symbology"]) == (long, "]Q1")
    until(ours, "missing")
    with plugged(machine, POS_SCANNER) as node:
        until(ours, "ready")
        machine.gadget("send", node=node, reports=scanned(SECOND))
        assert told(ours)["scan"] == SECOND
        ours.kill(signal.SIGTERM)
        until(ours, "closed")


def test_what_a_grabbed_scanner_types_reaches_only_us(
    machine: VirtualMachine, start: Start, granted: None
) -> None:
    with plugged(machine, KEYBOARD) as node:
        other = start("node", event_node(machine))
        console = start("console", "/dev/tty1", account="root")
        assert told(other) == told(console) == {"state": "ready"}
        # both see what is typed while nobody has grabbed it
        machine.gadget("send", node=node, reports=typed("123\n"))
        assert keys(other, 4) == BEFORE
        assert told(console) == {"line": "123"}

        ours = start("evdev", *identity())
        until(ours, "ready")
        machine.gadget("send", node=node, reports=typed(f"{FIRST}\n{SECOND}\n"))
        assert [told(ours)["scan"] for _ in range(2)] == [FIRST, SECOND]
        ours.kill(signal.SIGTERM)
        until(ours, "closed")

        # and again as soon as it is let go: of what came between they saw nothing
        machine.gadget("send", node=node, reports=typed("456\n"))
        assert keys(other, 4) == AFTER
        assert told(console) == {"line": "456"}


def test_a_scanner_that_types_is_unplugged_and_back(
    machine: VirtualMachine, start: Start, granted: None
) -> None:
    ours = start("evdev", *identity())
    until(ours, "missing")
    with plugged(machine, KEYBOARD) as node:
        until(ours, "ready")
        machine.gadget("send", node=node, reports=typed(f"{FIRST}\nA10000"))
        assert told(ours)["scan"] == FIRST
    until(ours, "missing")
    with plugged(machine, KEYBOARD) as node:
        until(ours, "ready")
        machine.gadget("send", node=node, reports=typed(f"{SECOND}\n"))
        assert told(ours)["scan"] == SECOND


def test_without_the_rule_the_clerk_cannot_read_it(machine: VirtualMachine, start: Start) -> None:
    with plugged(machine, KEYBOARD):
        event_node(machine)
        assert told(start("evdev", *identity())) == {"state": "refused", "reason": "Permission denied"}
    with plugged(machine, POS_SCANNER):
        assert told(start("hid", *identity()))["state"] == "refused"


def test_the_rule_grants_the_scanner_and_no_keyboard(
    machine: VirtualMachine, start: Start, granted: None
) -> None:
    with plugged(machine, KEYBOARD):
        scanner = event_node(machine)
        owners = machine.sh("stat -c '%n %G %a' /dev/input/event*").splitlines()
        assert f"{scanner} {SCANNER_GROUP} 660" in owners
        others = [line for line in owners if not line.startswith(f"{scanner} ")]
        assert others
        assert all(line.endswith(" input 660") for line in others)
        assert told(start("exposed", *identity())) == {"group": False, "nodes": []}
        # and libinput, by which a desktop reads keyboards, is told to leave it alone
        assert "LIBINPUT_IGNORE_DEVICE=1" in machine.sh(f"udevadm info -q property {scanner}")


def test_a_clerk_in_the_group_input_is_found_out(machine: VirtualMachine, start: Start) -> None:
    machine.sh(f"cp /etc/group /tmp/group; sed -i 's/^input:.*/&{CLERK}/' /etc/group")
    found = told(start("exposed", *identity()))
    machine.sh("cp /tmp/group /etc/group")
    assert found["group"]
    assert found["nodes"]
