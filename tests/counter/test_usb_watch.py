"""While a stick is open: who ends it unasked, and that nothing is said of it that is not so."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Q_ARG, QMetaObject, Qt

from madoguchi.device_control.channel import LeaseSeen
from madoguchi.device_control.client import AgentClient
from madoguchi.widgets import server_look
from tests.counter.central import Gate, House
from tests.counter.harness import Counter, unique, where_said
from tests.counter.usb import (
    CHECK,
    NAME,
    UsbHouse,
    approve,
    ask,
    clerk,
    counter,
    exceptions,
    manager,
    open_page,
    page,
    rows,
    sign_in_approver,
    strip,
    usb_house,
    usb_word,
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


# -- without the server ------------------------------------------------------------------------------------


def test_a_session_that_the_server_ends_takes_the_stick_with_it_within_seconds(
    usb: UsbHouse, counter: Counter, clerk: str, manager: str
) -> None:
    ask(counter)
    approve(counter, manager)
    usb.house.run(f"select account.disable_staff('{clerk}')")
    # nobody presses a key: the window asks by itself, and not in a minute only
    counter.until(lambda: not usb.agent.is_usable(), timeout_ms=server_look.EVERY_MS // 2)
    counter.until(lambda: counter.window.page is None)
    # and then as seldom as ever
    counter.until(lambda: counter.window._looker._timer.interval() == server_look.EVERY_MS)


def test_a_stick_does_not_stay_open_for_long_without_the_server(
    usb: UsbHouse, counter: Counter, manager: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_look, "LEASE_MS", 50)
    monkeypatch.setattr(server_look, "OUTAGE_MS", 1500)
    gate = counter.server
    assert isinstance(gate, Gate)
    ask(counter)
    approve(counter, manager)
    gate.cut = True
    counter.until(lambda: not counter.window.line_up)
    assert usb.agent.is_usable()
    # a line that is back in time takes nothing away
    gate.cut = False
    counter.until(lambda: counter.window.line_up)
    counter._qtbot.wait(2 * server_look.OUTAGE_MS)
    assert usb.agent.is_usable()
    gate.cut = True
    counter.until(lambda: not usb.agent.is_usable())
    counter.until(
        lambda: strip(counter).startswith("USB の例外が終わりました サーバーに届かないので終えました")
    )
    gate.cut = False
    counter.settled()
    # one that the clerk ends is said to be ended, not cut off
    ask(counter)
    approve(counter, manager)
    counter.f(11)
    counter.until(lambda: strip(counter).startswith("USB の例外が終わりました 終えました"))


# -- what the agent tells, and what it answers -------------------------------------------------------------


@pytest.fixture
def before_answers(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], None]]:
    """What happens, once, between the agent's answer to an ask and its coming home."""
    happens: dict[str, Callable[[], None]] = {}
    ask_it = AgentClient.ask

    def ask(client: AgentClient, what: str, **fields: Any) -> dict[str, Any]:
        answer = ask_it(client, what, **fields)
        happens.pop(what, lambda: None)()
        return answer

    monkeypatch.setattr(AgentClient, "ask", ask)
    return happens


def say_yes(counter: Counter, manager: str) -> None:
    wait_for_panel(counter)
    sign_in_approver(counter, manager)
    wait_for_question(counter)
    counter.pass_guard()
    counter.f(10)


def test_a_lease_that_ends_right_behind_its_grant_is_not_put_back(
    usb: UsbHouse, counter: Counter, manager: str, before_answers: dict[str, Callable[[], None]]
) -> None:
    ended: list[object] = []
    counter.window.devices.ended.connect(ended.append)

    def pulled_out() -> None:
        usb.agent.unplug()
        usb.agent.until(lambda: ended)

    before_answers["grant"] = pulled_out
    ask(counter)
    say_yes(counter, manager)
    counter.until(lambda: not exceptions(counter).is_open())
    counter.turn()
    assert len(ended) == 1
    assert counter.window.devices.lease is None
    assert not usb_word(counter).startswith("USB 例外")


def test_a_place_that_was_told_is_not_forgotten_by_the_answer(
    usb: UsbHouse, counter: Counter, manager: str, before_answers: dict[str, Callable[[], None]]
) -> None:
    desk = counter.window.devices

    def mounted() -> None:
        usb.mount()
        usb.agent.until(lambda: desk.lease is not None and desk.lease.place)

    before_answers["grant"] = mounted
    ask(counter)
    say_yes(counter, manager)
    counter.until(lambda: not exceptions(counter).is_open())
    counter.turn()
    assert 10 in counter.live_keys()
    # the number by which copies are noted was there before the stick was
    assert desk.exception > 0
    counter.f(11)
    counter.until(lambda: desk.lease is None)
    assert desk.exception == 0


def test_a_lease_that_the_agent_knows_nothing_of_does_not_stay_on_the_screen(
    usb: UsbHouse, counter: Counter
) -> None:
    desk = counter.window.devices
    desk.expect_lease(7)
    desk._told("lease", LeaseSeen("1-1", 15, 900, "", None).to_message())
    assert usb_word(counter).startswith("USB 例外")
    desk.release()
    counter.until(lambda: desk.lease is None)
    assert desk.exception == 0


def plugged(counter: Counter) -> list[str]:
    return [device.name_untrusted for device in counter.window.devices.devices]


def test_a_state_that_was_told_is_newer_than_the_answer_on_its_way(
    usb: UsbHouse, before_answers: dict[str, Callable[[], None]]
) -> None:
    counter = usb.counter()
    desk = counter.window.devices

    def one_record_more() -> None:
        usb.plug_stick()
        usb.agent.until(lambda: NAME in plugged(counter))

    before_answers["state"] = one_record_more
    desk._ask()
    counter.until(lambda: NAME in plugged(counter))
    answers: list[Any] = []
    assert desk.link is not None
    desk.link.ask("state", answers.append)
    counter.until(lambda: bool(answers))
    state = desk.standing().state
    assert state is not None
    assert state.unsent == answers[0]["unsent"] > 0


def test_an_agent_that_is_found_again_is_not_asked_what_it_tells(
    usb: UsbHouse, counter: Counter, before_answers: dict[str, Callable[[], None]]
) -> None:
    before_answers["devices"] = usb.agent.unplug
    usb.agent.stop()
    counter.until(lambda: usb_word(counter) == "USB 管理停止")
    assert plugged(counter) == []
    usb.agent.start()
    counter.until(lambda: usb_word(counter) != "USB 管理停止")
    counter.until(lambda: NAME in plugged(counter))
    answers: list[Any] = []
    assert counter.window.devices.link is not None
    counter.window.devices.link.ask("state", answers.append)
    counter.until(lambda: bool(answers))
    assert list(before_answers) == ["devices"]
    assert NAME in plugged(counter)


def test_a_yes_just_in_time_is_not_too_late_while_the_agent_opens(
    usb: UsbHouse, counter: Counter, manager: str, before_answers: dict[str, Callable[[], None]]
) -> None:
    clock = exceptions(counter)._late

    def ten_minutes_are_over() -> None:
        if clock.isActive():
            queued = Qt.ConnectionType.QueuedConnection
            QMetaObject.invokeMethod(clock, "start", queued, Q_ARG(int, 0))  # type: ignore[call-overload]
            usb.agent.until(lambda: not exceptions(counter).is_open())

    before_answers["grant"] = ten_minutes_are_over
    ask(counter)
    say_yes(counter, manager)
    counter.until(lambda: not exceptions(counter).is_open())
    counter.until(lambda: strip(counter).startswith("USB メモリーが使えます"))
    assert counter.window.devices.exception > 0
    assert usb.agent.is_usable()


def test_a_stick_that_opens_when_nobody_waits_is_closed(
    usb: UsbHouse, counter: Counter, manager: str, before_answers: dict[str, Callable[[], None]]
) -> None:
    desk = counter.window.devices
    before_answers["grant"] = lambda: usb.agent.until(lambda: not exceptions(counter).is_open())
    ask(counter)
    say_yes(counter, manager)
    counter.until(usb.agent.is_usable)
    # it is given up in a way that ends no session, and so no lease
    exceptions(counter).put_aside()
    counter.until(lambda: not usb.agent.is_usable())
    counter.until(lambda: desk.lease is None)
    assert desk.exception == 0


# -- what is seen ------------------------------------------------------------------------------------------


def hanging(begun: Path) -> list[str]:
    """A scanner that says that it has begun, and never ends."""
    program = f"import pathlib, time; pathlib.Path({str(begun)!r}).touch(); time.sleep(120)"
    return [sys.executable, "-c", program, "{file}"]


def seconds_left(counter: Counter) -> int:
    found = re.search(r"USB 例外 あと ([0-9]):([0-9]{2})", counter.banner_text())
    return int(found[1]) * 60 + int(found[2]) if found else 1000


def test_the_last_minute_is_counted_down_beside_a_copy_that_goes_on(
    usb: UsbHouse, counter: Counter, manager: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usb.set_check(hanging(tmp_path / "begun"))
    counter.window.sign_out()
    counter.sign_in(usb.house.take_on())
    counter.window.close_card()
    ask(counter, minutes="2")
    approve(counter, manager)
    usb.mount()
    counter.until(lambda: 10 in counter.live_keys())
    (usb.stick / "1.txt").write_bytes(b"1")
    (usb.stick / "2.txt").write_bytes(b"2")
    counter.f(10)
    counter.until(lambda: len(page(counter).files.view().records) == 2)
    counter.f(9)
    counter.until((tmp_path / "begun").exists)
    assert counter.banner_text() == ""
    desk = counter.window.devices
    monkeypatch.setattr(desk, "_now", lambda: time.monotonic() + 65)
    counter.until(lambda: seconds_left(counter) <= 60)
    assert strip(counter).startswith("USB の例外は、あと")
    # the next file's progress takes the strip, and not the banner
    page(counter).copying.progressed.emit(1, 2)
    first = seconds_left(counter)
    counter.until(lambda: seconds_left(counter) < first)
    assert page(counter).copying.busy
    assert strip(counter).startswith("検査してコピーしています")
    # its button would lead to where one is
    assert counter.window.signs.banner is not None
    assert counter.window.signs.banner.key == ""
    counter.f(11)
    counter.until(lambda: not page(counter).copying.busy)


def test_a_device_blocked_in_sight_of_the_list_needs_no_banner(usb: UsbHouse, counter: Counter) -> None:
    open_page(counter)
    usb.agent.plug("06:01:01", name="Phone", port="1-4")
    counter.until(lambda: any("Phone" in row[0] for row in rows(counter)))
    counter.turn()
    assert counter.banner_text() == ""


def test_the_names_of_files_are_hidden_with_all_that_is_somebodys(
    usb: UsbHouse, counter: Counter, manager: str
) -> None:
    gate = counter.server
    assert isinstance(gate, Gate)
    ask(counter)
    approve(counter, manager)
    usb.mount()
    counter.until(lambda: 10 in counter.live_keys())
    # as long as is shown whole
    name = unique("y")
    (usb.stick / f"{name}.txt").write_bytes(b"1")
    counter.f(10)
    counter.until(lambda: where_said(name) != [])
    counter.window.hide_or_show()
    assert where_said(name) == []
    assert [record.cells[0] for record in page(counter).files.view().records] == ["非表示"]
    counter.window.hide_or_show()
    assert where_said(name) != []
    # on the way out, too, for as long as an answer is waited for
    gate.shut()
    counter.application.worker.ask(lambda _: None, lambda _: None)
    counter.f(12)
    assert counter.window.away.leaving
    assert where_said(name) == []
    gate.let_go()
    counter.until(lambda: not counter.window.away.leaving)
