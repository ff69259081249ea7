"""What the agent opens and closes, and what it does when something goes wrong meanwhile."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from madoguchi.device_control.channel import AgentState, Shortfall
from madoguchi.device_control.decide import Why
from tests.device_control.conftest import RULES
from tests.device_control.windows_end import Window
from tests.support.usb_tree import AgentOnTree, words

KEYBOARD = {"interfaces": "03:01:01", "id": "046d:c31c"}


def send(tree: AgentOnTree, action: str, port: str = "1-1") -> None:
    """The kernel says something of a device again."""
    path = f"/devices/pci0000:00/0000:00:14.0/usb1/{port}"
    lines = (f"{action}@{path}", f"ACTION={action}", f"DEVPATH={path}", "SUBSYSTEM=usb", "DEVTYPE=usb_device")
    tree.on_event(b"\0".join(line.encode() for line in lines) + b"\0")


def test_a_device_is_decided_on_as_it_comes(tree: AgentOnTree, window: Window) -> None:
    tree.plug(serial="A1", name="stick")
    window.hears("devices", lambda told: any(each["name"] == "stick" for each in told["devices"]))
    seen = window.device()
    assert (seen.allowed, seen.why, seen.serial_untrusted) == (False, Why.NO_RULE, "A1")
    tree.plug(**KEYBOARD, port="1-2")
    tree.until(lambda: tree.is_usable("1-2"))
    assert window.device("1-2").rule == "keyboard"
    assert not tree.is_usable("1-1")


def test_what_is_there_at_its_start_is_decided_on(tmp_path: Path) -> None:
    with AgentOnTree(tmp_path, rules=RULES) as tree:
        tree.stop()
        # without the parameter, the kernel opened it
        tree.plug(is_open=True)
        tree.plug(**KEYBOARD, port="1-2")
        tree.start()
        assert not tree.is_usable("1-1")
        assert tree.is_usable("1-2")


def test_without_a_policy_only_root_hubs_are_open(tmp_path: Path) -> None:
    with AgentOnTree(tmp_path) as tree:
        window = Window(tree)
        tree.plug(**KEYBOARD)
        assert window.device().why is Why.NO_RULE
        assert not tree.is_usable("1-1")
        assert window.device("usb1").why is Why.ROOT_HUB
        assert AgentState.from_message(window.ask("state")).why == (Shortfall.NO_POLICY,)
        window.close()


def test_a_controller_that_comes_later_closes_by_default(tree: AgentOnTree, window: Window) -> None:
    hub = tree.devices / "usb2"
    tree.on_event, send = lambda raw: None, tree.on_event
    tree.add_controller(2)
    (hub / "authorized_default").write_text("1\n")
    send(b"add@x\0ACTION=add\0DEVPATH=/devices/x/usb2\0SUBSYSTEM=usb\0DEVTYPE=usb_device\0")
    window.device("usb2")
    assert (hub / "authorized_default").read_text().strip() == "0"


def test_a_controller_that_was_changed_since_closes_by_default_again(
    tree: AgentOnTree, window: Window
) -> None:
    window.ask("state")
    default = tree.devices / "usb1/authorized_default"
    default.write_text("1\n")
    tree.later(31)
    tree.until(lambda: default.read_text().strip() == "0")
    tree.until(lambda: words(tree.records())[-1] == "floor")


def test_it_is_on_the_disk_before_it_is_done(tree: AgentOnTree) -> None:
    # who writes to a pipe that nobody reads waits: the agent is caught between the record and the act
    tree.on_event, send = lambda raw: None, tree.on_event
    tree.plug(**KEYBOARD)
    authorized = tree.devices / "1-1/authorized"
    authorized.unlink()
    os.mkfifo(authorized)
    tree.on_event = send
    send(b"add@x\0ACTION=add\0DEVPATH=/devices/x/usb1/1-1\0SUBSYSTEM=usb\0DEVTYPE=usb_device\0")
    tree.until(lambda: words(tree.records())[-1:] == ["allowed"])
    tree.kill()
    authorized.unlink()
    authorized.write_text("0\n")
    tree.start()
    assert tree.is_usable("1-1")
    records = tree.records()
    assert words(records) == ["started", "allowed", "started", "allowed"]
    assert [record["seq"] for record in records] == [1, 2, 3, 4]


def test_what_another_program_opened_is_closed_and_said(tree: AgentOnTree, window: Window) -> None:
    tree.plug()
    window.device()
    tree.authorize_behind_the_back("1-1")
    tree.until(lambda: not tree.is_usable("1-1"))
    tree.until(lambda: words(tree.records())[-1] == "enforcement_failed")


def test_a_kernel_that_does_not_obey_is_recorded_once_and_asked_again(
    tree: AgentOnTree, window: Window
) -> None:
    tree.on_event, send = lambda raw: None, tree.on_event
    tree.plug(is_open=True)
    authorized = tree.devices / "1-1/authorized"
    authorized.unlink()
    # what is written there changes nothing, and it reads as open
    authorized.symlink_to("/dev/null")
    tree.on_event = send
    send(b"add@x\0ACTION=add\0DEVPATH=/devices/x/usb1/1-1\0SUBSYSTEM=usb\0DEVTYPE=usb_device\0")
    assert window.device().allowed
    assert words(tree.records()) == ["started", "enforcement_failed", "blocked"]
    authorized.unlink()
    authorized.write_text("1\n")
    tree.until(lambda: not tree.is_usable())
    assert not window.device().allowed
    assert words(tree.records()) == ["started", "enforcement_failed", "blocked"]


def test_one_that_cannot_be_read_is_closed(tree: AgentOnTree, window: Window) -> None:
    tree.plug(raw=b"\x12\x01\x00", serial="A1", is_open=True)
    assert window.device().why is Why.UNREADABLE
    assert not tree.is_usable("1-1")
    assert window.device().serial_untrusted == "A1"


def test_a_reset_closes_nothing(tree: AgentOnTree, window: Window) -> None:
    tree.plug(**KEYBOARD)
    assert window.device().allowed
    number = tree.devices / "1-1/devnum"
    before = number.read_text()
    number.write_text("0\n")
    send(tree, "change")
    window.ask("state")
    number.write_text(before)
    tree.plug(port="1-2")
    window.device("1-2")
    # it was looked at again by then
    tree.later(31)
    tree.until(lambda: words(tree.records())[-1] == "blocked")
    assert tree.is_usable()
    assert words(tree.records()) == ["started", "allowed", "blocked"]


def test_what_cannot_be_read_for_long_is_closed(tree: AgentOnTree, window: Window) -> None:
    tree.plug(**KEYBOARD)
    assert window.device().allowed
    number = tree.devices / "1-1/devnum"
    before = number.read_text()
    number.write_text("0\n")
    send(tree, "change")
    tree.until(lambda: not tree.is_usable())
    tree.until(lambda: words(tree.records()) == ["started", "allowed", "gone"])
    # and decided on anew when it can be
    number.write_text(before)
    tree.until(tree.is_usable)


def test_what_the_kernel_would_not_open_is_tried_again(tree: AgentOnTree) -> None:
    tree.on_event, event = lambda raw: None, tree.on_event
    tree.plug(**KEYBOARD)
    tree.on_event = event
    authorized = tree.devices / "1-1/authorized"
    kept = tree.root / "authorized"
    authorized.rename(kept)
    authorized.mkdir()
    send(tree, "add")
    tree.until(lambda: "enforcement_failed" in words(tree.records()))
    authorized.rmdir()
    kept.rename(authorized)
    tree.until(tree.is_usable)


def test_after_a_restart_the_same_keyboard_is_the_first(tree: AgentOnTree, window: Window) -> None:
    tree.plug(**KEYBOARD, port="1-4")
    tree.until(lambda: tree.is_usable("1-4"))
    tree.plug(**KEYBOARD, port="1-2")
    assert window.device("1-2").why is Why.SECOND_KEYBOARD
    tree.kill()
    tree.start()
    assert (tree.is_usable("1-4"), tree.is_usable("1-2")) == (True, False)
    # when it goes, the other one is what the terminal has
    tree.unplug("1-4")
    tree.until(lambda: tree.is_usable("1-2"))


def test_what_it_calls_itself_cannot_be_taken_for_another(tree: AgentOnTree, window: Window) -> None:
    tree.plug("03:00:00", id="0c2e:0901", serial="S\x011", name="A" * 99 + "BC")
    seen = window.device()
    assert (seen.serial_untrusted, seen.allowed) == ("S\ufffd1", False)
    assert seen.name_untrusted == "A" * 99 + "…"


def test_another_in_the_same_place_is_decided_on_anew(tree: AgentOnTree, window: Window) -> None:
    tree.plug(**KEYBOARD)
    tree.until(lambda: tree.is_usable("1-1"))
    # so fast that both are over when the agent looks
    tree.send(signal.SIGSTOP)
    tree.unplug()
    tree.plug("03:01:01,08:06:50", id="046d:c31c")
    tree.send(signal.SIGCONT)
    tree.until(lambda: words(tree.records())[-2:] == ["gone", "blocked"])
    assert not tree.is_usable("1-1")


def test_nothing_is_opened_that_cannot_be_recorded(tree: AgentOnTree, window: Window) -> None:
    tree.fill_the_disk()
    tree.plug(**KEYBOARD)
    assert window.device().why is Why.NOT_KEPT
    assert not tree.is_usable("1-1")
    state = AgentState.from_message(window.ask("state"))
    assert state.why == (Shortfall.JOURNAL_FULL,)
    assert state.is_protected
    tree.empty_the_disk()
    tree.until(lambda: tree.is_usable("1-1"))
    # what could not be written then is there in its place
    assert words(tree.records()) == ["started", "blocked", "allowed"]
    assert AgentState.from_message(window.ask("state")).why == ()


def test_records_whose_folder_is_no_more_open_nothing(tree: AgentOnTree, window: Window) -> None:
    tree.places.records.rename(tree.root / "elsewhere")
    tree.places.records.write_text("")
    tree.plug(**KEYBOARD)
    assert window.device().why is Why.NOT_KEPT
    assert not tree.is_usable("1-1")


def test_records_that_were_damaged_open_nothing(tree: AgentOnTree) -> None:
    tree.plug(**KEYBOARD)
    tree.until(lambda: tree.is_usable("1-1"))
    tree.stop()
    (file,) = tree.places.records.glob("[0-9]*")
    file.write_bytes(file.read_bytes().replace(b'"allowed"', b'"blocked"'))
    tree.start()
    assert not tree.is_usable("1-1")


def test_without_its_key_it_opens_nothing(tree: AgentOnTree) -> None:
    tree.stop()
    tree.places.key.write_text("none\n")
    tree.plug(**KEYBOARD)
    tree.plug(port="1-2", is_open=True)
    tree.start()
    assert not tree.is_usable("1-1")
    assert not tree.is_usable("1-2")


def rescued(tmp_path: Path, *, full: bool) -> None:
    with AgentOnTree(tmp_path, rules=RULES) as tree:
        tree.stop()
        (tree.root / "proc/cmdline").write_text("usbcore.authorized_default=0 madoguchi.usb=rescue\n")
        if full:
            tree.places.records.rename(tree.root / "elsewhere")
            tree.places.records.write_text("")
        tree.plug("03:01:01", id="1234:5678")
        tree.plug("03:01:01,08:06:50", id="046d:c31c", port="1-2")
        tree.plug("03:00:00", id="0c2e:0901", serial="S1", port="1-3")
        tree.start()
        window = Window(tree)
        assert [tree.is_usable(f"1-{port}") for port in (1, 2, 3)] == [True, False, False]
        state = AgentState.from_message(window.ask("state"))
        assert not state.is_protected
        assert Shortfall.RESCUE in state.why
        window.close()


@pytest.mark.parametrize("full", [False, True], ids=["disk", "full disk"])
def test_the_way_back_opens_boot_keyboards_alone(tmp_path: Path, full: bool) -> None:
    rescued(tmp_path, full=full)


@pytest.mark.parametrize(
    "command_line", ["quiet", "usbcore.authorized_default=0 usbcore.authorized_default=1"]
)
def test_without_the_floor_it_says_unprotected_and_closes(tmp_path: Path, command_line: str) -> None:
    with AgentOnTree(tmp_path, rules=RULES) as tree:
        tree.stop()
        (tree.root / "proc/cmdline").write_text(command_line)
        tree.plug(is_open=True)
        tree.start()
        window = Window(tree)
        assert not tree.is_usable("1-1")
        state = AgentState.from_message(window.ask("state"))
        assert (state.is_protected, state.why) == (False, (Shortfall.NO_FLOOR,))
        assert window.refused("ask_lease", device=window.device().instance, minutes=5) == "not_protected"
        window.close()


def test_a_parameter_that_was_changed_since_is_no_floor(tree: AgentOnTree, window: Window) -> None:
    (tree.root / "sys/module/usbcore/parameters/authorized_default").write_text("1\n")
    tree.later(31)
    told = window.hears("state", lambda fields: not fields["protected"])
    assert told["why"] == [Shortfall.NO_FLOOR]
    tree.until(lambda: words(tree.records())[-1] == "floor")


def test_a_device_that_no_event_told_of_is_found(tree: AgentOnTree, window: Window) -> None:
    tree.on_event = lambda raw: None
    tree.plug(**KEYBOARD)
    assert len(window.ask("devices")["devices"]) == 1
    tree.later(31)
    tree.until(tree.is_usable)
    tree.unplug()
    tree.later(62)
    tree.until(lambda: words(tree.records())[-1] == "gone")


def test_beside_usbguard_it_says_unprotected(tmp_path: Path) -> None:
    with AgentOnTree(tmp_path, rules=RULES) as tree:
        tree.stop()
        other = tree.root / "proc/4711"
        other.mkdir()
        (other / "comm").write_text("usbguard-daemon\n")
        tree.start()
        window = Window(tree)
        assert AgentState.from_message(window.ask("state")).why == (Shortfall.USBGUARD,)
        window.close()
