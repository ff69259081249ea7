"""The kernel takes its time with one device: the others are decided on, and what was late comes out right."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from threading import Timer
from typing import Any

import pytest

from madoguchi.device_control import patient
from madoguchi.device_control.decide import Why
from madoguchi.device_control.patient import Answered, Busy, Late
from madoguchi.device_control.policy import parse_rules
from madoguchi.device_control.sysfs import Changed, Gone, NotDone
from tests.device_control.slow_kernel import SlowTerminal
from tests.device_control.windows_end import Window
from tests.support.usb_tree import AgentOnTree

NOTHING = 'block as "everything" because "test"\n'
NO_ANSWER = "the kernel has not answered yet"


@pytest.fixture(params=[False, True], ids=["answers before it does", "does before it answers"])
def terminal(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[SlowTerminal]:
    """With a keyboard at 1-1 and a scanner at 1-2; the kernel is slow with the keyboard.

    The kernel says that `authorized` is written before it talks to a device, or when it has its lock.
    """
    made = SlowTerminal(tmp_path, early=request.param)
    made.tree.plug("03:01:01", id="046d:c31c")
    made.tree.plug("03:00:00", id="0c2e:0901", serial="S1", port="1-2")
    made.kernel.be_slow("1-1")
    yield made
    made.close()


def test_an_answer_in_time_is_passed_on_and_so_is_an_error(terminal: SlowTerminal) -> None:
    assert terminal.bus.read("1-2").serial_untrusted == "S1"
    with pytest.raises(Gone):
        terminal.bus.read("1-9")
    terminal.bus.authorize(terminal.bus.read("1-2"))
    assert terminal.tree.is_usable("1-2")
    terminal.bus.deauthorize("1-2")
    assert not terminal.tree.is_usable("1-2")


def test_while_the_kernel_is_late_nothing_more_is_done_with_that_device(terminal: SlowTerminal) -> None:
    device = terminal.bus.read("1-1")
    with pytest.raises(Late):
        terminal.bus.authorize(device)
    with pytest.raises(Busy):
        terminal.bus.deauthorize("1-1")
    # who it is can be said again without the kernel's lock
    assert terminal.bus.read("1-1") == device
    terminal.kernel.go_on("1-1")
    assert terminal.bus_answers() == [Answered("1-1", 1, True, None)]
    terminal.bus.deauthorize("1-1")
    assert not terminal.tree.is_usable("1-1")


def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How many seconds the loop may wait for each call, from now on."""
    waited: list[float] = []
    result = Future.result

    def noted(future: Future[Any], timeout: float) -> Any:
        waited.append(timeout)
        return result(future, timeout)

    monkeypatch.setattr(Future, "result", noted)
    return waited


def test_in_one_turn_all_of_it_waits_no_longer_than_twice(
    terminal: SlowTerminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited = waits(monkeypatch)
    for number in range(3, 9):
        terminal.tree.plug(port=f"1-{number}")
        terminal.kernel.be_slow(f"1-{number}", reading=True)
    terminal.bus.begin_turn()
    for number in range(3, 9):
        with pytest.raises(Late):
            terminal.bus.read(f"1-{number}")
    assert waited[0] == pytest.approx(terminal.seconds)
    assert waited[-1] == 0
    assert sum(waited) <= 2 * terminal.seconds
    terminal.bus.begin_turn()
    assert terminal.bus.read("1-2").serial_untrusted == "S1"


def test_the_others_are_decided_on_meanwhile(terminal: SlowTerminal) -> None:
    terminal.enforcement.look_at_all()
    assert terminal.tree.is_usable("1-2")
    assert terminal.enforcement.known["1-1"].is_late


def test_what_the_kernel_opens_late_stays_open_if_a_rule_allows_it(terminal: SlowTerminal) -> None:
    terminal.enforcement.look("1-1")
    # also when it is looked at in between, for any reason
    for _ in range(5):
        terminal.enforcement.look_at_all()
        terminal.enforcement.retry()
    terminal.go_on("1-1")
    assert terminal.tree.is_usable("1-1")
    known = terminal.enforcement.known["1-1"]
    assert (known.is_open, known.decision.why, known.is_late) == (True, Why.RULE, False)
    assert terminal.errors() == [NO_ANSWER]
    # and is watched like any other from now on
    (terminal.tree.devices / "1-1/authorized").write_text("0\n")
    terminal.enforcement.look("1-1")
    assert not terminal.enforcement.known["1-1"].is_open


def test_a_kernel_that_answers_within_a_second_or_two_is_no_failure(terminal: SlowTerminal) -> None:
    terminal.enforcement.look("1-1")
    terminal.enforcement.retry()
    terminal.go_on("1-1")
    assert terminal.tree.is_usable("1-1")
    assert terminal.errors() == []


def test_a_keyboard_that_is_still_being_opened_is_the_one_keyboard(terminal: SlowTerminal) -> None:
    terminal.enforcement.look("1-1")
    terminal.enforcement.look("1-1")
    terminal.tree.plug("03:01:01", id="046d:c31c", port="1-3")
    terminal.enforcement.look("1-3")
    assert terminal.enforcement.known["1-3"].decision.why is Why.SECOND_KEYBOARD
    assert not terminal.tree.is_usable("1-3")


def test_what_the_kernel_opens_after_its_rule_is_gone_is_closed_at_once(terminal: SlowTerminal) -> None:
    terminal.enforcement.look("1-1")
    terminal.enforcement.go_by(parse_rules(NOTHING))
    assert terminal.enforcement.known["1-1"].is_open
    terminal.go_on("1-1")
    assert not terminal.tree.is_usable("1-1")
    known = terminal.enforcement.known["1-1"]
    assert (known.is_open, known.decision.allowed) == (False, False)
    assert terminal.records("1-1") == ["allowed", "blocked"]
    assert terminal.errors() == []


def test_what_the_kernel_closes_after_it_was_allowed_again_is_opened_again(terminal: SlowTerminal) -> None:
    terminal.kernel.go_on("1-1")
    terminal.enforcement.look("1-1")
    terminal.kernel.be_slow("1-1")
    policy = terminal.policy
    terminal.enforcement.go_by(parse_rules(NOTHING))
    for _ in range(5):
        terminal.enforcement.retry()
    terminal.enforcement.go_by(policy)
    terminal.go_on("1-1")
    assert terminal.tree.is_usable("1-1")
    assert terminal.enforcement.known["1-1"].is_open
    assert terminal.records("1-1") == ["allowed", "blocked", "enforcement_failed", "allowed"]


def test_blocked_and_allowed_again_while_it_is_being_opened_it_is_open(terminal: SlowTerminal) -> None:
    terminal.enforcement.look("1-1")
    terminal.enforcement.go_by(parse_rules(NOTHING))
    terminal.enforcement.go_by(terminal.policy)
    for _ in range(5):
        terminal.enforcement.retry()
    terminal.go_on("1-1")
    assert terminal.tree.is_usable("1-1")
    assert terminal.enforcement.known["1-1"].is_open


def test_two_answers_in_one_turn_are_taken_one_after_the_other(terminal: SlowTerminal) -> None:
    """By the first of them it is opened, late; the second is not taken for the answer to that."""
    terminal.kernel.go_on("1-1")
    terminal.enforcement.look("1-1")
    terminal.kernel.be_slow("1-1")
    terminal.enforcement.go_by(parse_rules(NOTHING))
    terminal.enforcement.go_by(terminal.policy)
    terminal.kernel.be_slow("1-3", reading=True)
    terminal.tree.plug("08:06:50", port="1-3")
    terminal.enforcement.look("1-3")
    terminal.kernel.go_on("1-3", reading=True)
    terminal.kernel.go_on("1-1")
    terminal.until(lambda: terminal.enforcement.known["1-1"].is_open and "1-3" in terminal.enforcement.known)
    terminal.until(lambda: not terminal.enforcement.known["1-1"].is_late)
    for _ in range(3):
        terminal.turn()
    assert terminal.tree.is_usable("1-1")
    assert "opened by another program" not in terminal.errors()


@pytest.mark.parametrize("fault", [Gone("1-1"), Changed("1-1")], ids=["gone", "changed"])
def test_what_is_answered_late_is_the_same_as_in_time(terminal: SlowTerminal, fault: Exception) -> None:
    terminal.kernel.goes_wrong = fault
    terminal.enforcement.look("1-1")
    terminal.go_on("1-1")
    terminal.kernel.goes_wrong = None
    if isinstance(fault, Gone):
        # one that is there all the same is another one, and is opened anew
        terminal.until(lambda: terminal.tree.is_usable("1-1"))
        assert terminal.records("1-1") == ["allowed", "gone", "allowed"]
    else:
        assert terminal.enforcement.known["1-1"].decision.why is Why.CHANGED
        assert terminal.records("1-1") == ["allowed", "blocked"]
        assert not terminal.tree.is_usable("1-1")


def test_what_still_waits_for_its_turn_when_it_is_blocked_is_not_opened(tmp_path: Path) -> None:
    terminal = SlowTerminal(tmp_path, early=False)
    for number in range(1, 9):
        terminal.kernel.be_slow(f"1-{number}")
        terminal.tree.plug("07:01:02", id="04b8:0e15", port=f"1-{number}")
    terminal.tree.plug("03:01:01", id="046d:c31c", port="1-9")
    for number in range(1, 10):
        terminal.bus.begin_turn()
        terminal.enforcement.look(f"1-{number}")
    assert terminal.enforcement.known["1-9"].is_late
    written = terminal.kernel.written
    terminal.enforcement.go_by(parse_rules(NOTHING))
    terminal.kernel.go_on()
    terminal.until(lambda: not any(known.is_late for known in terminal.enforcement.known.values()))
    assert ("1-9", "1") not in written
    assert ("1-8", "1") in written
    # that is no failure
    assert terminal.records("1-9") == ["allowed", "blocked"]
    assert [name for name in terminal.enforcement.known if terminal.tree.is_usable(name)] == []
    terminal.close()


def test_with_everything_mute_what_goes_and_what_others_open_is_seen(terminal: SlowTerminal) -> None:
    terminal.enforcement.look("1-2")
    terminal.tree.plug(serial="A1", port="2-1")
    terminal.enforcement.look("2-1")
    for number in range(3, 13):
        terminal.kernel.be_slow(f"1-{number}", reading=True)
        terminal.tree.plug(port=f"1-{number}")
        terminal.enforcement.look(f"1-{number}")
    (terminal.tree.devices / "2-1/authorized").write_text("1\n")
    terminal.enforcement.look("2-1")
    terminal.until(lambda: not terminal.tree.is_usable("2-1"))
    terminal.tree.unplug("1-2")
    terminal.enforcement.look("1-2")
    assert "1-2" not in terminal.enforcement.known
    # and a mute one in the place of a known one is not taken for it
    terminal.tree.unplug("2-1")
    terminal.kernel.be_slow("2-1", reading=True)
    terminal.tree.plug(port="2-1")
    terminal.enforcement.look("2-1")
    assert "2-1" not in terminal.enforcement.known
    terminal.kernel.go_on()
    terminal.until(lambda: {"1-3", "2-1"} <= set(terminal.enforcement.known))


def test_what_another_run_left_open_is_read_before_anything_is_judged(tmp_path: Path) -> None:
    """So the keyboard that was the first stays the first, though the kernel is slow with its name."""
    terminal = SlowTerminal(tmp_path, early=False)
    terminal.tree.plug("03:01:01", id="046d:c31c", port="1-2", is_open=True)
    terminal.tree.plug("03:01:01", id="046d:c31c", port="1-1")
    terminal.kernel.be_slow("1-2", reading=True)
    Timer(0.3, lambda: terminal.kernel.go_on("1-2", reading=True)).start()
    terminal.enforcement.read_what_is_open(20.0)
    terminal.enforcement.look_at_all()
    assert terminal.tree.is_usable("1-2")
    assert terminal.enforcement.known["1-1"].decision.why is Why.SECOND_KEYBOARD
    assert terminal.records("1-2") == ["allowed"]
    terminal.close()


def test_one_that_never_closes_is_waited_for_no_longer_each_time(
    terminal: SlowTerminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal.kernel.go_on("1-1")
    terminal.enforcement.look("1-1")
    terminal.kernel.goes_wrong = NotDone("[Errno 110] Connection timed out")
    terminal.kernel.be_slow("1-1")
    terminal.enforcement.go_by(parse_rules(NOTHING))
    terminal.go_on("1-1")
    waited = waits(monkeypatch)
    monkeypatch.setattr(patient, "_SHORT_SECONDS", 0.001)
    terminal.kernel.be_slow("1-1")
    terminal.turn()
    assert waited == [0.001]
    terminal.kernel.goes_wrong = None
    terminal.go_on("1-1")
    terminal.until(lambda: not terminal.tree.is_usable("1-1"))
    assert terminal.errors() == ["[Errno 110] Connection timed out"]


def test_what_is_lent_is_not_over_while_the_kernel_may_still_open_it(terminal: SlowTerminal) -> None:
    terminal.tree.plug(serial="A1", port="1-3")
    terminal.kernel.be_slow("1-3")
    terminal.enforcement.look("1-3")
    device = terminal.enforcement.known["1-3"].device
    with pytest.raises(Late):
        terminal.enforcement.open_leased(device)
    # its port is being reset, for so long that it counts as lost
    number = (terminal.tree.devices / "1-3/devnum").read_text()
    (terminal.tree.devices / "1-3/devnum").write_text("0\n")
    terminal.enforcement.look("1-3")
    for _ in range(5):
        terminal.enforcement.retry()
    assert "1-3" not in terminal.enforcement.known
    assert not terminal.enforcement.is_over(device.instance, device.port)
    (terminal.tree.devices / "1-3/devnum").write_text(number)
    terminal.go_on("1-3")
    terminal.until(lambda: terminal.enforcement.is_over(device.instance, device.port))
    assert not terminal.tree.is_usable("1-3")
    assert "opened by another program" not in terminal.errors()


def test_an_exception_that_the_kernel_is_late_with_is_refused_and_then_closed(terminal: SlowTerminal) -> None:
    terminal.tree.plug(serial="A1", port="1-3")
    terminal.kernel.be_slow("1-3")
    terminal.enforcement.look("1-3")
    device = terminal.enforcement.known["1-3"].device
    with pytest.raises(Late):
        terminal.enforcement.open_leased(device)
    assert not terminal.enforcement.close_leased(device)
    assert not terminal.enforcement.is_over(device.instance, device.port)
    # nor is it lent a second time before that
    with pytest.raises(Busy):
        terminal.enforcement.open_leased(device)
    terminal.go_on("1-3")
    assert not terminal.tree.is_usable("1-3")
    assert terminal.enforcement.is_over(device.instance, device.port)
    assert terminal.errors() == []


def test_what_the_kernel_would_not_open_in_the_end_is_on_record_and_tried_again(
    terminal: SlowTerminal,
) -> None:
    terminal.kernel.goes_wrong = NotDone("[Errno 110] Connection timed out")
    terminal.enforcement.look("1-1")
    terminal.go_on("1-1")
    terminal.enforcement.look("1-1")
    assert not terminal.enforcement.known["1-1"].is_open
    assert terminal.errors() == ["[Errno 110] Connection timed out"]
    terminal.kernel.goes_wrong = None
    terminal.enforcement.retry()
    assert terminal.tree.is_usable("1-1")
    assert terminal.enforcement.known["1-1"].is_open


def test_a_device_that_goes_while_the_kernel_is_late_is_forgotten(terminal: SlowTerminal) -> None:
    terminal.enforcement.look("1-1")
    terminal.tree.unplug("1-1")
    terminal.enforcement.look("1-1")
    terminal.go_on("1-1")
    assert "1-1" not in terminal.enforcement.known


def test_what_takes_the_place_of_one_that_the_kernel_is_late_with_is_opened_in_its_turn(
    terminal: SlowTerminal,
) -> None:
    terminal.enforcement.look("1-1")
    terminal.tree.unplug("1-1")
    terminal.tree.plug("03:01:01", id="046d:c31c")
    terminal.enforcement.look("1-1")
    for _ in range(5):
        terminal.enforcement.retry()
    terminal.kernel.goes_wrong = Gone("1-1")
    terminal.go_on("1-1")
    terminal.kernel.goes_wrong = None
    terminal.enforcement.retry()
    assert terminal.tree.is_usable("1-1")
    assert terminal.enforcement.known["1-1"].is_open


def test_a_bug_behind_a_late_answer_is_seen(terminal: SlowTerminal) -> None:
    terminal.kernel.goes_wrong = ZeroDivisionError("a bug")
    with pytest.raises(Late):
        terminal.bus.authorize(terminal.bus.read("1-1"))
    terminal.kernel.go_on("1-1")
    with pytest.raises(ZeroDivisionError):
        terminal.bus_answers()


def test_however_many_are_late_an_exception_ends_and_nobody_is_taken_for_gone(terminal: SlowTerminal) -> None:
    went: list[str] = []
    terminal.enforcement.went = lambda device: went.append(device.port)
    terminal.enforcement.look("1-2")
    terminal.tree.plug(serial="A1", port="2-1")
    terminal.enforcement.look("2-1")
    stick = terminal.enforcement.known["2-1"].device
    terminal.enforcement.open_leased(stick)
    many = [f"1-{number}" for number in range(3, 15)]
    for name in many:
        terminal.kernel.be_slow(name, reading=True)
        terminal.kernel.be_slow(f"3-{name[2:]}")
        terminal.tree.plug(port=name)
        terminal.tree.plug("07:01:02", id="04b8:0e15", port=f"3-{name[2:]}")
    for _ in range(5):
        terminal.enforcement.look_at_all()
        terminal.enforcement.retry()
    assert went == []
    assert terminal.tree.is_usable("2-1")
    terminal.bus.begin_turn()
    assert terminal.enforcement.close_leased(stick)
    assert not terminal.tree.is_usable("2-1")
    for name in many:
        terminal.kernel.go_on(name, reading=True)
        terminal.kernel.go_on(f"3-{name[2:]}")
    terminal.until(lambda: all(terminal.tree.is_usable(f"3-{name[2:]}") for name in many))
    assert {name for name in many if terminal.tree.is_usable(name)} == set()
    assert set(many) <= set(terminal.enforcement.known)


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
