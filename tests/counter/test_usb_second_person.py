"""The second person at the terminal: what is not for ever, what is not said, and whose keyboard it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from madoguchi.widgets import exception_desk
from madoguchi.widgets.devices_page import DEVICES
from tests.counter.central import Gate, House
from tests.counter.harness import Counter, where_said
from tests.counter.usb import (
    CHECK,
    REASON,
    UsbHouse,
    approve,
    approver_message,
    ask,
    clerk,
    counter,
    exceptions,
    manager,
    open_page,
    page,
    sign_in_approver,
    strip,
    usb_house,
    wait_for_panel,
    wait_for_question,
)

__all__ = ["clerk", "counter", "manager"]


@pytest.fixture
def usb(house: House, tmp_path: Path) -> Iterator[UsbHouse]:
    with usb_house(house, tmp_path) as made:
        made.enrol()
        made.set_check(CHECK)
        yield made


def let_them_think(counter: Counter) -> None:
    """The time is over in which they have to decide."""
    clock = exceptions(counter)._undecided
    assert clock.isActive()
    assert clock.interval() == exception_desk.APPROVER_MS
    clock.start(0)


def test_a_second_person_who_does_not_decide_is_signed_out(
    usb: UsbHouse, counter: Counter, manager: str
) -> None:
    ask(counter)
    wait_for_panel(counter)
    sign_in_approver(counter, manager)
    assert "承認しますか" in wait_for_question(counter)
    let_them_think(counter)
    counter.until(lambda: usb.house.open_sessions(manager) == 0)
    counter.until(exceptions(counter).panel.isVisible)
    assert approver_message(counter) == "答えがないので、承認する人のサインインを終えました。"
    assert where_said(manager) == []
    # it is not given up by that: they come back, or another one does
    approve(counter, manager)
    assert usb.agent.is_usable()
    assert not exceptions(counter)._undecided.isActive()


def test_whether_to_end_a_session_elsewhere_is_not_asked_for_ever(
    usb: UsbHouse, counter: Counter, manager: str
) -> None:
    other = usb.house.counter(place=1)
    other.try_to_sign_in(manager)
    other.until(lambda: other.window.office is not None)
    counter.come_to_front()
    ask(counter)
    wait_for_panel(counter)
    sign_in_approver(counter, manager)
    assert "別の端末でサインインしています" in wait_for_question(counter)
    let_them_think(counter)
    counter.until(exceptions(counter).panel.isVisible)
    assert other.window.office is not None
    assert exceptions(counter)._line is None


def test_a_no_without_an_answer_is_not_said_to_be_on_record(
    usb: UsbHouse, counter: Counter, manager: str
) -> None:
    ask(counter)
    wait_for_panel(counter)
    sign_in_approver(counter, manager)
    wait_for_question(counter)
    usb.house.cluster.freeze()
    try:
        counter.pass_guard()
        counter.f(9)
        counter.until(lambda: not exceptions(counter).is_open())
        assert strip(counter).startswith("例外は始まっていません 「承認しない」が記録されたかどうか")
    finally:
        usb.house.cluster.recover()


def test_a_bug_at_the_approvers_sign_in_leaves_the_panel_usable(
    usb: UsbHouse, counter: Counter, manager: str
) -> None:
    make = exceptions(counter)._make_line

    def wrong() -> NoReturn:
        raise ValueError("a bug")

    exceptions(counter)._make_line = wrong
    ask(counter)
    wait_for_panel(counter)
    with counter._qtbot.captureExceptions() as raised:
        sign_in_approver(counter, manager)
        counter.until(lambda: bool(raised))
        counter.turn()
    assert [kind for kind, *_ in raised] == [ValueError]
    exceptions(counter)._make_line = make
    approve(counter, manager)
    assert usb.agent.is_usable()


@pytest.mark.parametrize("way", ["another page", "Esc"])
def test_whoever_goes_on_before_the_panel_came_is_not_called_back(
    usb: UsbHouse, counter: Counter, manager: str, way: str
) -> None:
    gate = counter.server
    assert isinstance(gate, Gate)
    open_page(counter)
    gate.shut()
    ask(counter)
    # the agent has answered, the server is asked
    jobs = counter.application.worker._unanswered
    counter.until(lambda: any("_challenged" in job.act.__qualname__ for job in jobs))
    if way == "Esc":
        counter.press(Qt.Key.Key_Escape)
        assert page(counter).form.view() is None
    else:
        counter.f(1)
    gate.let_go()
    counter.until(lambda: [each["state"] for each in usb.exceptions()] == ["taken_back"])
    counter.settled()
    assert not exceptions(counter).is_open()
    assert counter.window.pages.current == (1 if way == "another page" else DEVICES)
    if way == "another page":
        # what was typed is there still, and can be sent
        open_page(counter)
        assert page(counter).form.values()["reason"] == REASON
        counter.f(10)
    else:
        ask(counter)
    approve(counter, manager)
    assert usb.agent.is_usable()


def test_a_report_that_is_being_written_keeps_the_keyboard(usb: UsbHouse, counter: Counter) -> None:
    ask(counter)
    wait_for_panel(counter)
    counter.press(Qt.Key.Key_F11, modifiers=Qt.KeyboardModifier.ShiftModifier)
    form = counter.window.incident.form
    had = QApplication.focusWidget()
    assert had is not None
    assert form.isAncestorOf(had)
    # the ten minutes are over
    exceptions(counter)._late.start(0)
    counter.until(lambda: not exceptions(counter).is_open())
    counter.turn()
    assert QApplication.focusWidget() is had


def test_a_panel_that_comes_under_a_report_takes_no_keyboard(
    usb: UsbHouse, counter: Counter, manager: str
) -> None:
    gate = counter.server
    assert isinstance(gate, Gate)
    # the panel has been in the window before
    ask(counter)
    wait_for_panel(counter)
    counter.press(Qt.Key.Key_Escape)
    counter.settled()
    gate.shut()
    ask(counter)
    counter.press(Qt.Key.Key_F11, modifiers=Qt.KeyboardModifier.ShiftModifier)
    had = QApplication.focusWidget()
    assert had is not None
    assert counter.window.incident.form.isAncestorOf(had)
    gate.let_go()
    counter.until(exceptions(counter).is_open)
    counter.turn()
    assert QApplication.focusWidget() is had
    counter.press(Qt.Key.Key_Escape)
    approve(counter, manager)
    assert usb.agent.is_usable()
