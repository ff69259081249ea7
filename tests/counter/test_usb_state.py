"""How USB stands is always in sight: protected, not, no agent; what was blocked, and what to do about it."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from madoguchi.widgets import device_desk
from madoguchi.widgets.look.record_views import Mark
from tests.counter.central import House
from tests.counter.harness import Counter, CounterLibrary, SlowServer, where_said
from tests.counter.usb import KEYBOARD, RULES, UsbHouse, open_page, page, rows, strip, usb_house, usb_word

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def usb(house: House, tmp_path: Path) -> Iterator[UsbHouse]:
    with usb_house(house, tmp_path) as made:
        yield made


@pytest.fixture
def counter(usb: UsbHouse) -> Counter:
    """A clerk at that terminal."""
    counter = usb.counter()
    counter.sign_in(usb.house.take_on())
    counter.window.close_card()
    return counter


def test_protected_or_not_and_why_stands_in_the_top_bar(usb: UsbHouse, tmp_path: Path) -> None:
    counter = usb.counter()
    counter.until(lambda: usb_word(counter) == "保護中")
    assert counter.window.frame.top_bar.accessibleName().count("USB 保護中") == 1
    usb.agent.stop()
    counter.until(lambda: usb_word(counter) == "USB 管理停止")
    (usb.agent.root / "proc/cmdline").write_text("root=/dev/sda1 quiet\n")
    usb.agent.start()
    counter.until(lambda: usb_word(counter) == "USB 保護なし（起動設定）")
    assert not counter.window.frame.top_bar._view.usb.ok


def test_without_rules_it_says_so(house: House, tmp_path: Path) -> None:
    with usb_house(house, tmp_path, rules=None) as usb:
        counter = usb.counter()
        counter.sign_in(house.take_on())
        counter.window.close_card()
        open_page(counter)
        counter.until(lambda: "規則がまだ届いていません" in page(counter).table.view().note)


def test_where_no_agent_was_ever_heard_of_it_says_so(house: House, tmp_path: Path) -> None:
    counter = house.counter(agent=tmp_path / "nobody")
    assert usb_word(counter) == "USB 管理停止"
    counter.sign_in(house.take_on())
    counter.window.close_card()
    open_page(counter)
    assert where_said("USB 管理に届きません") != []


def test_a_training_terminal_has_none(qtbot: QtBot, qapp: QApplication, embedded: CounterLibrary) -> None:
    counter = Counter(qtbot, qapp, embedded, SlowServer(embedded))
    assert usb_word(counter) == "管理なし"
    counter.close()


def test_a_blocked_device_is_said_with_what_it_calls_itself_and_what_to_do(
    usb: UsbHouse, counter: Counter
) -> None:
    usb.agent.plug("08:06:50", name="Ultra Fit", maker="SanDisk", serial="X")
    counter.until(lambda: usb_word(counter) == "USB 遮断 1台")
    assert "「SanDisk Ultra Fit」 は使えません" in counter.banner_text()
    assert "抜いてください" in counter.banner_text()
    assert not usb.agent.is_usable()
    # nothing modal: lending goes on
    card, item = usb.house.library.patron(), usb.house.library.item()
    counter.open_visit(card)
    counter.scan_and_wait(item)
    assert usb.house.library.loans() == [(card, item)]
    counter.press(Qt.Key.Key_F8, modifiers=SHIFT)
    assert rows(counter) == [("「SanDisk Ultra Fit」", "記憶装置", "遮断", "登録がありません")]
    assert page(counter).table.view().records[0].mark is Mark.WRONG
    # it has been seen
    counter.until(lambda: usb_word(counter) == "保護中")
    assert counter.banner_text() == ""
    counter.f(11)
    assert counter.window.pages.current == 1
    usb.agent.unplug()
    open_page(counter)
    counter.until(lambda: rows(counter) == [])


def test_the_banners_button_leads_there(usb: UsbHouse, counter: Counter) -> None:
    usb.agent.plug("06:01:01", name="Phone")
    counter.until(lambda: "USB 機器を遮断" in counter.banner_text())
    counter.window.frame.banner.ended.emit()
    assert rows(counter)[0][:3] == ("「Example Phone」", "画像・携帯機器", "遮断")


def test_a_keyboard_that_is_more_is_said_as_such(usb: UsbHouse, counter: Counter) -> None:
    usb.agent.plug("03:01:01", id=KEYBOARD, name="Keyboard", port="1-2")
    usb.agent.plug("03:01:01,08:06:50", id=KEYBOARD, name="Keyboard", port="1-3")
    counter.until(lambda: "「Example Keyboard」" in counter.banner_text())
    open_page(counter)
    counter.until(lambda: len(rows(counter)) == 2)
    assert [row[2:] for row in rows(counter)] == [
        ("遮断", "登録がありません"),
        ("使用可", "規則「this keyboard」"),
    ]
    counter.press(Qt.Key.Key_Return, "\r")
    assert where_said("キーボードなど）、記憶装置") != []
    counter.f(10)
    assert page(counter).form.view() is None


def test_what_the_rules_block_on_purpose_alarms_nobody(usb: UsbHouse, counter: Counter) -> None:
    usb.agent.plug("06:01:01", id="05ac:12a8", name="iPhone")
    open_page(counter)
    counter.until(lambda: [row[2:] for row in rows(counter)] == [("遮断", "規則「telephones」で遮断")])
    counter.f(1)
    counter.turn()
    assert usb_word(counter) == "保護中"
    assert counter.banner_text() == ""


HOSTILE = "<b>承認済み</b>\u202egnp.exe\x1b]0;x\x07 {0} %s\u200b" + "長" * 90


def test_a_hostile_name_is_plain_text_and_short(usb: UsbHouse, counter: Counter) -> None:
    usb.agent.plug("08:06:50", name=HOSTILE, maker="\u202e", serial="<i>" + "x" * 90)
    counter.until(lambda: "USB 機器を遮断" in counter.banner_text())
    open_page(counter)
    counter.until(lambda: len(rows(counter)) == 1)
    name = rows(counter)[0][0]
    assert "<b>承認済み</b>" in name
    assert len(name) <= 42
    counter.press(Qt.Key.Key_Return, "\r")
    assert where_said("\u202e", "\u200b", "\x1b", "\x07") == []
    assert "<i>xxx" in str(page(counter).form.view())


def test_the_agent_gets_the_newest_rules_and_the_server_its_records(usb: UsbHouse, counter: Counter) -> None:
    text = usb.agent.sign_policy(
        RULES + 'allow id 0951:1666 interfaces 08:06:50 as "x" because "y"\n', version=7
    )
    assert json.loads(usb.house.run("select account.put_usb_policy(:text)", text=text))["refusal"] is None
    usb.agent.plug("08:06:50", name="Stick", id="0951:1666")
    counter.until(lambda: "USB 機器を遮断" in counter.banner_text())
    counter.window.devices._relay.carry()  # type: ignore[union-attr]
    counter.until(usb.agent.is_usable)
    counter.window.devices._relay.carry()  # type: ignore[union-attr]

    def sent() -> list[str]:
        answer = json.loads(usb.house.run("select account.list_usb_records(null)"))
        return [row["what"] for row in answer["rows"]]

    counter.until(lambda: "allowed" in sent())
    # what the server has a receipt for the agent lets go of
    counter.until(lambda: counter.window.devices.standing().state.unsent == 0)  # type: ignore[union-attr]
    assert usb.agent.records() == []


def test_a_policy_that_the_agent_refuses_is_not_handed_again_and_again(
    usb: UsbHouse, counter: Counter
) -> None:
    other = usb.agent.sign_policy(RULES, version=9)
    forged = other.replace("this keyboard", "that keyboard")
    assert json.loads(usb.house.run("select account.put_usb_policy(:text)", text=forged))["refusal"] is None
    relay = counter.window.devices._relay
    assert relay is not None
    for _ in range(3):
        relay.carry()
        counter.settled()
        counter.turn()

    def refused() -> int:
        answer = json.loads(usb.house.run("select account.list_usb_records(null)"))
        return sum(row["what"] == "policy_refused" for row in answer["rows"])

    counter.until(lambda: refused() == 1)
    relay.carry()
    counter.settled()
    counter.turn()
    assert refused() == 1


def test_an_agent_that_comes_back_is_found_again(usb: UsbHouse, counter: Counter) -> None:
    usb.agent.kill()
    counter.until(lambda: usb_word(counter) == "USB 管理停止")
    usb.agent.start()
    counter.until(lambda: usb_word(counter) == "保護中")
    assert strip(counter).startswith("利用者カード") or strip(counter)


def test_an_agent_that_stands_still_is_not_taken_for_one_that_works(
    usb: UsbHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(device_desk, "ASK_MS", 100)
    counter = usb.counter()
    usb.agent.send(signal.SIGSTOP)
    # as long as its client waits for an answer
    counter.until(lambda: usb_word(counter) == "USB 管理停止", timeout_ms=30_000)
    usb.agent.send(signal.SIGCONT)
    counter.until(lambda: usb_word(counter) == "保護中", timeout_ms=30_000)


def test_nobody_signed_in_sees_it_too(usb: UsbHouse) -> None:
    counter = usb.counter()
    usb.agent.plug("08:06:50", name="Stick")
    counter.until(lambda: usb_word(counter) == "USB 遮断 1台")
    # what it calls itself is for whoever works here
    assert where_said("Example Stick") == []
