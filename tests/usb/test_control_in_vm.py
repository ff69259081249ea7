"""What becomes usable on a terminal, on a real kernel, and what does not; at scale: `make soak-usb`."""

from __future__ import annotations

import dataclasses
import json

import pytest

from tests.usb import installed
from tests.usb.devices import scanned
from tests.usb.figures import Figures
from tests.usb.guest_files import CLERK
from tests.usb.inside.arriving import (
    COMPOSITE,
    IMPOSTORS,
    NO_SCANNER,
    RULES,
    SCANNER,
    STICK,
    TYPING,
    UNKNOWN,
    Kind,
)
from tests.usb.terminal import COLD, Terminal
from tests.usb.watched import CODE, Event

# QEMU's own devices, and what they are to the kernel
EMULATED = {
    "storage": (0x46F4, 0x0001),
    "kbd": (0x0627, 0x0001),
    "mouse": (0x0627, 0x0001),
    "mtp": (0x46F4, 0x0004),
    "serial": (0x0403, 0x6001),
}
HUB = (0x0409, 0x55AA)


@pytest.fixture(autouse=True)
def as_before(terminal: Terminal) -> None:
    """Every test finds nothing plugged in, and the usual policy in force."""
    terminal.tidy()
    terminal.give(RULES)


def told(terminal: Terminal, *arguments: str) -> list[Event]:
    """What `inside.arrivals` says."""
    return [json.loads(line) for line in terminal.program("arrivals", *arguments, seconds=900).splitlines()]


def test_a_stick_at_boot_stays_blocked(terminal: Terminal) -> None:
    # by the kernel alone, before there was an agent
    assert terminal.opened_at_boot == []
    stick = next(each for each in terminal.devices() if each["serial"] == COLD)
    assert (stick["allowed"], stick["why"], stick["interfaces"]) == (False, "block_rule", ["08:06:50"])
    assert terminal.usable(0, stick["port"]) == []
    state = terminal.state()
    assert (state["protected"], state["why"]) == (True, [])
    # as an administrator sees it
    assert "protected\n" in terminal.machine.sh("/usr/local/sbin/madoguchi-usb check")
    lines = terminal.machine.sh("/usr/local/sbin/madoguchi-usb status").splitlines()
    assert any(line.startswith("blocked") and COLD in line and "08:06:50" in line for line in lines)
    terminal.collect()
    assert any(each["what"] == "blocked" and each["serial"] == COLD for each in terminal.records)


@pytest.mark.parametrize("kind", EMULATED)
def test_what_nobody_knows_stays_blocked(terminal: Terminal, kind: str, figures: Figures) -> None:
    since = terminal.watch.mark()
    terminal.plug(kind, "unknown")
    said = terminal.decided(since, *EMULATED[kind])
    figures.decided(terminal, said)
    assert (said["allowed"], said["why"]) == (False, "block_rule")
    assert terminal.usable(since, said["port"]) == []


def test_a_hub_is_blocked_and_what_hangs_on_it_is_judged_by_itself(terminal: Terminal) -> None:
    since = terminal.watch.mark()
    terminal.plug("hub", "hub", port="4")
    terminal.plug("storage", "behind", port="4.1")
    hub = terminal.decided(since, *HUB)
    assert (hub["allowed"], hub["why"]) == (False, "block_rule")
    assert terminal.usable(since, hub["port"]) == []
    terminal.give(f'allow id 0409:55aa interfaces 09:00:00 as "Hub" because "counter"\n{RULES}')
    terminal.opened(since, hub["port"])
    stick = terminal.decided(since, *EMULATED["storage"])
    assert stick["port"] == f"{hub['port']}.1"
    assert not stick["allowed"]
    assert terminal.usable(since, stick["port"]) == []


def test_a_controller_that_comes_later_is_closed_too(terminal: Terminal, figures: Figures) -> None:
    since = terminal.watch.mark()
    bus = terminal.machine.plug_controller("late")
    terminal.plug("storage", "there", bus=bus)
    said = terminal.decided(since, *EMULATED["storage"])
    figures.decided(terminal, said)
    roots = {each["port"] for each in terminal.devices() if each["why"] == "root_hub"}
    assert f"usb{said['port'].partition('-')[0]}" in roots
    assert not said["allowed"]
    assert terminal.usable(since, said["port"]) == []


def test_a_registered_scanner_is_read_by_the_clerk(terminal: Terminal, figures: Figures) -> None:
    installed.grant_scanner(terminal.machine, SCANNER)
    since = terminal.watch.mark()
    (node,) = terminal.plug_gadget(SCANNER)
    said = terminal.decided(since, SCANNER.vendor, SCANNER.product)
    figures.decided(terminal, said)
    assert (said["allowed"], said["why"], said["rule"]) == (True, "rule", "Scanner 1")
    identity = f"{SCANNER.vendor:04x}:{SCANNER.product:04x}"
    ours = terminal.machine.start(
        "python3",
        "-m",
        "tests.usb.inside.listen",
        "hid",
        identity,
        SCANNER.serial,
        account=CLERK,
        directory=CODE,
    )
    # udev may take a while to grant it
    while json.loads(ours.line())["state"] != "ready":
        pass
    terminal.machine.gadget("send", node=node, reports=scanned("A1000000016A"))
    assert json.loads(ours.line())["scan"] == "A1000000016A"
    ours.kill()


@pytest.mark.parametrize("impostor", IMPOSTORS[:3], ids=lambda kind: kind.name)
def test_an_impostor_of_a_registered_scanner_is_blocked(terminal: Terminal, impostor: Kind) -> None:
    since = terminal.watch.mark()
    terminal.plug_gadget(impostor)
    said = terminal.decided(since, impostor.vendor, impostor.product)
    assert said["serial"] == SCANNER.serial
    assert (said["allowed"], said["why"]) == (False, "block_rule")
    assert terminal.usable(since, said["port"]) == []


def test_a_copy_of_a_registered_scanner_beside_it_is_blocked(terminal: Terminal) -> None:
    """A perfect copy cannot be told apart by itself; but a registration lets one in at a time."""
    since = terminal.watch.mark()
    terminal.plug_gadget(SCANNER, "genuine")
    terminal.decided(since, SCANNER.vendor, SCANNER.product)
    since = terminal.watch.mark()
    terminal.plug_gadget(SCANNER, "copy")
    said = terminal.decided(since, SCANNER.vendor, SCANNER.product)
    assert (said["allowed"], said["why"]) == (False, "second_keyboard")
    assert terminal.usable(since, said["port"]) == []


def test_a_keyboard_and_more_and_a_second_keyboard_need_a_rule_of_their_own(terminal: Terminal) -> None:
    terminal.give(
        'allow id 046d:* interfaces 03:01:01 as "Keyboards" because "any of this maker"\n'
        'allow id 046d:* interfaces 03:01:01,08:06:50 as "More" because "any of this maker"\n' + RULES
    )
    keyboard = dataclasses.replace(TYPING, vendor=0x046D, product=0xC31C, serial="")
    words = {}
    for name, kind in (
        ("first", keyboard),
        ("second", dataclasses.replace(keyboard, product=0xC31D)),
        ("and more", dataclasses.replace(keyboard, product=0xC31E, functions=(*keyboard.functions, STICK))),
        # a scanner that types is another keyboard as well, and registered
        ("scanner", TYPING),
    ):
        since = terminal.watch.mark()
        terminal.plug_gadget(kind, name.replace(" ", "-"))
        said = terminal.decided(since, kind.vendor, kind.product)
        words[name] = said["why"]
        assert bool(terminal.usable(since, said["port"])) == said["allowed"]
    assert words == {
        "first": "rule", "second": "second_keyboard", "and more": "keyboard_and_more", "scanner": "rule"
    }  # fmt: skip


def test_swapped_at_speed_an_impostor_never_gets_the_scanners_permission(terminal: Terminal) -> None:
    (row,) = told(terminal, "swap", "16", "10")
    assert row["wrong"] == []
    assert row["came"] > 0
    assert row["after"]["genuine"]["usable"]
    assert not row["after"]["impostor"]["usable"]


def test_a_policy_swapped_under_load_holds_at_once(terminal: Terminal) -> None:
    for number in range(1, 5):
        rules = RULES if number % 2 else NO_SCANNER
        terminal.machine.write(f"/run/policies/{number}", terminal.sign(rules))
    rows = told(terminal, "policies", "/run/policies")
    assert [(row["followed"], row["usable"]) for row in rows] == [(True, True), (True, False)] * 2


def test_a_bad_policy_is_refused_and_the_last_good_one_stays(terminal: Terminal) -> None:
    ask = terminal.administrator.ask
    in_force = terminal.state()["policy_version"]
    good = terminal.sign("")
    assert ask("policy", text=good.replace("group: counters", "group: counterz"))["refused"] == "signature"
    assert ask("policy", text=terminal.sign("", version=1))["refused"] == "older"
    assert ask("policy", text=terminal.sign("", group="office"))["refused"] == "group"
    assert ask("policy", text="madoguchi device policy 1\n")["refused"] in ("malformed", "signature")
    assert terminal.state()["policy_version"] == in_force
    since = terminal.watch.mark()
    terminal.plug_gadget(SCANNER)
    assert terminal.decided(since, SCANNER.vendor, SCANNER.product)["allowed"]


def test_what_is_left_of_a_policy_opens_nothing(terminal: Terminal) -> None:
    """The file is damaged, the agent starts anew: everything stays closed until a policy is given again."""
    machine = terminal.machine
    since = terminal.watch.mark()
    machine.sh(f"sed -i s/0901/0999/ {installed.STATE}/policy; systemctl restart {installed.UNIT}")
    terminal.back(since)
    state = terminal.state()
    assert (state["policy_version"], state["why"]) == (0, ["no_policy"])
    since = terminal.watch.mark()
    terminal.plug_gadget(SCANNER)
    said = terminal.decided(since, SCANNER.vendor, SCANNER.product)
    assert not said["allowed"]
    assert terminal.usable(since, said["port"]) == []
    terminal.give(RULES)
    terminal.opened(since, said["port"])


def test_with_a_full_disk_nothing_is_opened(terminal: Terminal) -> None:
    """What cannot be put on record does not happen; and it does once there is room again."""
    since = terminal.watch.mark()
    with installed.small_disk(terminal.machine) as full:
        terminal.back(since)
        full(True)
        # a few records have room at the end of the last block
        for _ in range(20):
            since = terminal.watch.mark()
            terminal.plug_gadget(SCANNER)
            said = terminal.decided(since, SCANNER.vendor, SCANNER.product)
            if not said["allowed"]:
                break
            terminal.unplug_gadget()
        assert said["why"] == "not_kept"
        assert "journal_full" in terminal.state()["why"]
        assert terminal.usable(since, said["port"]) == []
        full(False)
        terminal.opened(since, said["port"])
        since = terminal.watch.mark()
    terminal.back(since)


def test_the_clerks_account_gets_around_none_of_it(terminal: Terminal) -> None:
    """Its key, its rules and its records are not read, the device is not opened, the agent is not stopped."""
    since = terminal.watch.mark()
    terminal.plug("storage", "unknown")
    port = terminal.decided(since, *EMULATED["storage"])["port"]
    process = main_process(terminal)
    lines = terminal.program("attempts", port, str(process), account=CLERK).splitlines()
    came = {each["tried"]: each["came"] for each in map(json.loads, lines)}
    commands = {name: came.pop(name) for name in [*came] if name.startswith("systemctl")}
    assert {name: error for name, error in came.items() if error not in ("EACCES", "EPERM")} == {}
    assert len(came) > 25
    assert len(commands) == 4
    assert all("Access denied" in said for said in commands.values()), commands
    # what was tried is there: root reads it
    for name in [name.removeprefix("read /") for name in came if name.startswith("read /")]:
        terminal.machine.sh(f"test -s /{name}")
    assert main_process(terminal) == process
    assert terminal.state()["protected"]
    assert terminal.usable(since, port) == []


def main_process(terminal: Terminal) -> int:
    """The number of the agent's process."""
    return int(terminal.machine.sh(f"systemctl show --property MainPID --value {installed.UNIT}"))


AT_ONCE = 4
"""As many gadgets as can be plugged in at the same time."""
READ = ("stick", "stick without a serial number", "telephone as MTP", "network")
TWICE = Kind("stick, and the same elsewhere", 0x0781, 0x5569, "", (STICK, STICK | {"configuration": 2}))


def test_pyusb_reads_of_a_blocked_device_what_the_agent_says(terminal: Terminal) -> None:
    kinds = [
        *(kind for kind in UNKNOWN if kind.name in READ),
        TWICE,
        *COMPOSITE,
        *(kind for kind in IMPOSTORS if kind.name.endswith("elsewhere")),
    ]
    several = 0
    for first in range(0, len(kinds), AT_ONCE):
        said = {}
        since = terminal.watch.mark()
        for number, kind in enumerate(kinds[first : first + AT_ONCE]):
            mark = terminal.watch.mark()
            terminal.plug_gadget(kind, f"read{number}")
            word = terminal.decided(mark, kind.vendor, kind.product)
            assert not word["allowed"]
            said[word["port"]] = word
        read = {each["port"]: each for each in map(json.loads, terminal.program("pyusb_reads").splitlines())}
        for port, word in said.items():
            fields = ("vendor", "product", "interfaces")
            assert {name: read[port][name] for name in fields} == {name: word[name] for name in fields}
            several += read[port]["configurations"] > 1
            # and reading it opened nothing
            assert terminal.usable(since, port) == []
        terminal.tidy()
    assert several == 4
