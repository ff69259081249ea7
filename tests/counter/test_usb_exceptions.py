"""An exception in the window: asked for, approved by a second person, used, and gone whatever ends it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from madoguchi.widgets.look.views import Tone
from tests.counter.central import Gate, House
from tests.counter.harness import PASSWORD, Counter, unique, where_said
from tests.counter.usb import (
    REASON,
    UsbHouse,
    approve,
    approver_message,
    ask,
    choose_stick,
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

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def usb(house: House, tmp_path: Path) -> Iterator[UsbHouse]:
    with usb_house(house, tmp_path) as made:
        made.enrol()
        yield made


def form_message(counter: Counter) -> str:
    view = page(counter).form.view()
    return view.message if view is not None else ""


def last_state(usb: UsbHouse) -> str:
    found = usb.exceptions()
    return str(found[0]["state"]) if found else ""


def test_the_whole_way_with_a_second_person(
    usb: UsbHouse, counter: Counter, clerk: str, manager: str
) -> None:
    ask(counter, minutes="20")
    wait_for_panel(counter)
    assert exceptions(counter).panel.user_field().text() == ""
    assert isinstance(QApplication.focusWidget(), QLineEdit)
    assert not usb.agent.is_usable()
    sign_in_approver(counter, manager)
    said = wait_for_question(counter)
    # what the server knows, not what the window says
    for words in ("移行用 1号", "総務課", "20分間", clerk, REASON, "新任 一子"):
        assert words in said, words
    assert usb.house.open_sessions(manager) == 1
    # a key that is still held, and one that comes too soon, approve nothing
    counter.f(10)
    counter.pass_guard()
    assert not usb.agent.is_usable()
    counter.f(10)
    counter.until(usb.agent.is_usable)
    counter.until(lambda: strip(counter).startswith("USB メモリーが使えます 20分間"))
    assert usb_word(counter).startswith("USB 例外 ")
    counter.until(lambda: usb.house.open_sessions(manager) == 0)
    assert usb.house.open_sessions(clerk) == 1
    assert where_said(manager) == []
    # the clerk's session is the one that it was
    assert counter.window.page is page(counter)
    assert rows(counter)[0][2:] == ("例外で使用中", "承認された例外")
    counter.f(11)
    counter.until(lambda: not usb.agent.is_usable())
    counter.until(lambda: strip(counter).startswith("USB の例外が終わりました 終えました"))
    counter.window.devices._relay.carry()  # type: ignore[union-attr]
    counter.until(lambda: last_state(usb) == "ended")
    found = usb.exceptions()[0]
    assert (found["login"], found["decided_by"], found["how_ended"]) == (clerk, manager, "released")


def test_whoever_asks_cannot_approve(usb: UsbHouse, counter: Counter, clerk: str) -> None:
    ask(counter)
    wait_for_panel(counter)
    sign_in_approver(counter, clerk)
    counter.until(lambda: "申請した本人は承認できません" in approver_message(counter))
    assert exceptions(counter).panel.user_field().text() == ""
    assert usb.house.open_sessions(clerk) == 1
    assert not usb.agent.is_usable()


@pytest.mark.parametrize("role", ["counter_staff", "system_staff"])
def test_nobody_but_a_security_manager_approves(usb: UsbHouse, counter: Counter, role: str) -> None:
    other = usb.house.take_on(role)
    ask(counter)
    wait_for_panel(counter)
    sign_in_approver(counter, other)
    counter.until(lambda: "セキュリティ責任者だけ" in approver_message(counter))
    counter.until(lambda: usb.house.open_sessions(other) == 0)
    assert not usb.agent.is_usable()


def test_a_wrong_password_lets_nobody_in_and_another_may_try(
    usb: UsbHouse, counter: Counter, manager: str
) -> None:
    ask(counter)
    wait_for_panel(counter)
    wrong = unique("wrong")
    sign_in_approver(counter, manager, wrong)
    counter.until(lambda: "パスワードが違う" in approver_message(counter))
    assert where_said(wrong) == []
    assert not usb.agent.is_usable()
    approve(counter, manager)
    assert usb.agent.is_usable()


def test_no_is_an_answer_and_on_record(usb: UsbHouse, counter: Counter, manager: str) -> None:
    ask(counter)
    wait_for_panel(counter)
    sign_in_approver(counter, manager)
    wait_for_question(counter)
    counter.pass_guard()
    counter.f(9)
    counter.until(lambda: strip(counter).startswith("承認されませんでした"))
    assert not exceptions(counter).is_open()
    assert last_state(usb) == "refused"
    counter.until(lambda: usb.house.open_sessions(manager) == 0)
    assert not usb.agent.is_usable()


def test_esc_takes_it_back(usb: UsbHouse, counter: Counter) -> None:
    ask(counter)
    wait_for_panel(counter)
    typed = unique("half")
    exceptions(counter).panel.user_field().set_text(typed)
    counter.press(Qt.Key.Key_Escape)
    assert not exceptions(counter).is_open()
    assert strip(counter).startswith("申請を取り下げました")
    counter.until(lambda: last_state(usb) == "taken_back")
    assert where_said(typed) == []
    # the page is there again, and its keys
    assert counter.window.page is page(counter)


def test_a_scan_types_nothing_and_approves_nothing(usb: UsbHouse, counter: Counter, manager: str) -> None:
    prefix = counter.window.pages.session.plan.command_prefix  # type: ignore[union-attr]
    card = usb.house.library.patron()
    ask(counter)
    wait_for_panel(counter)
    for code in (card, f"{prefix}YES", f"{prefix}ATTEND"):
        counter.scan(code)
        assert exceptions(counter).panel.user_field().text() == ""
        assert exceptions(counter).panel.password_field().text() == ""
    assert "承認の間は読み取りません" in approver_message(counter)
    sign_in_approver(counter, manager)
    wait_for_question(counter)
    counter.pass_guard()
    for code in (card, f"{prefix}YES", f"{prefix}ATTEND"):
        counter.scan(code)
        counter.turn()
    assert exceptions(counter).question.isVisible()
    assert not usb.agent.is_usable()
    assert where_said(card) == []


def test_what_is_wrong_in_the_form_is_said_at_once(usb: UsbHouse, counter: Counter) -> None:
    ask(counter, minutes="61", reason=" ")
    view = page(counter).form.view()
    assert view is not None
    assert [line.error for line in view.lines] == ["1〜60 の数を入れてください。", "入力してください。"]
    counter.press(Qt.Key.Key_Escape)
    assert page(counter).form.view() is None
    assert usb.exceptions() == []


def test_a_stick_that_is_in_no_register_is_refused_by_the_server(usb: UsbHouse, counter: Counter) -> None:
    usb.swap_stick(counter, "S2")
    ask(counter)
    counter.until(lambda: "台帳にない USB メモリーです" in form_message(counter))
    assert usb.exceptions() == []


def test_an_impostor_is_refused(usb: UsbHouse, counter: Counter) -> None:
    usb.enrol("S9", label="2号", interfaces="08:06:62")
    usb.swap_stick(counter, "S9")
    ask(counter)
    counter.until(lambda: "別の機器です" in form_message(counter))


def test_nothing_but_a_stick_can_be_asked_for(usb: UsbHouse, counter: Counter) -> None:
    usb.agent.unplug()
    usb.agent.plug("03:01:01", name="Keyboard")
    open_page(counter)
    counter.until(lambda: len(rows(counter)) == 1 and "Keyboard" in str(rows(counter)))
    page(counter).table.select(page(counter).table.view().records[0].key)
    assert 10 not in counter.live_keys()
    counter.f(10)
    assert page(counter).form.view() is None


def test_nothing_new_while_the_server_is_out_of_reach(usb: UsbHouse, counter: Counter, manager: str) -> None:
    gate = counter.server
    assert isinstance(gate, Gate)
    open_page(counter)
    choose_stick(counter)
    gate.cut = True
    ask(counter)
    counter.until(lambda: "サーバーに届かないので、新しい例外は始められません" in form_message(counter))
    # the line is known to be down by now: at once
    counter.f(10)
    assert "サーバーに届かないので" in form_message(counter)
    gate.cut = False
    counter.settled()
    assert usb.exceptions() == []
    assert not usb.agent.is_usable()
    counter.f(10)
    approve(counter, manager)
    assert usb.agent.is_usable()


def test_the_line_goes_while_somebody_approves(usb: UsbHouse, counter: Counter, manager: str) -> None:
    ask(counter)
    wait_for_panel(counter)
    gate = counter.server
    assert isinstance(gate, Gate)
    sign_in_approver(counter, manager)
    wait_for_question(counter)
    usb.house.cluster.freeze()
    counter.pass_guard()
    counter.f(10)
    counter.until(lambda: "サーバーに届かない" in approver_message(counter))
    assert not usb.agent.is_usable()
    usb.house.cluster.recover()


def is_over(usb: UsbHouse, counter: Counter) -> None:
    counter.until(lambda: not usb.agent.is_usable())
    counter.until(lambda: counter.window.devices.lease is None)
    assert where_said("USB メモリーが使えます") == []


@pytest.mark.parametrize("way", ["F12", "sign out", "idle", "server"])
def test_whoever_leaves_ends_it(usb: UsbHouse, counter: Counter, clerk: str, manager: str, way: str) -> None:
    ask(counter)
    approve(counter, manager)
    assert usb.agent.is_usable()
    if way == "F12":
        counter.f(12)
    elif way == "sign out":
        counter.window.sign_out()
    elif way == "idle":
        counter.window.nobody_there()
    else:
        usb.house.run(f"select account.disable_staff('{clerk}')")
        counter.window._looker.look()
    is_over(usb, counter)
    assert [r["how"] for r in usb.agent.records() if r["what"] == "lease_ended"] in ([], ["released"])


def test_a_window_that_is_closed_ends_it(usb: UsbHouse, counter: Counter, manager: str) -> None:
    ask(counter)
    approve(counter, manager)
    assert usb.agent.is_usable()
    counter.close()
    usb.agent.until(lambda: not usb.agent.is_usable())


def test_a_window_whose_connection_dies_ends_it(usb: UsbHouse, counter: Counter, manager: str) -> None:
    ask(counter)
    approve(counter, manager)
    # as the kernel does for a program that was killed
    link = counter.window.devices.link
    assert link is not None
    link.close()
    usb.agent.until(lambda: not usb.agent.is_usable())
    usb.agent.until(lambda: [r["how"] for r in usb.agent.records() if r["what"] == "lease_ended"])


@pytest.mark.parametrize("stage", ["form", "panel", "question"])
def test_whoever_leaves_half_way_leaves_nothing(
    usb: UsbHouse, counter: Counter, clerk: str, manager: str, stage: str
) -> None:
    typed = unique("half")
    if stage == "form":
        open_page(counter)
        choose_stick(counter)
        counter.f(10)
        page(counter).form.set_values({"reason": typed})
    else:
        ask(counter, reason=typed)
        wait_for_panel(counter)
        exceptions(counter).panel.user_field().set_text(typed)
        exceptions(counter).panel.password_field().set_text(typed)
    if stage == "question":
        sign_in_approver(counter, manager)
        wait_for_question(counter)
        assert where_said(typed) != []
    counter.f(12)
    counter.until(lambda: not counter.window.away.leaving)
    assert where_said(typed) == []
    counter.until(lambda: usb.house.open_sessions(manager) == 0)
    counter.sign_in(clerk)
    counter.turn()
    assert not exceptions(counter).is_open()
    assert where_said(typed) == []
    assert not usb.agent.is_usable()


def test_a_report_can_be_written_over_the_panel(usb: UsbHouse, counter: Counter, manager: str) -> None:
    ask(counter)
    wait_for_panel(counter)
    counter.press(Qt.Key.Key_F11, modifiers=SHIFT)
    assert counter.window.incident.is_open()
    counter.press(Qt.Key.Key_Escape)
    assert not counter.window.incident.is_open()
    assert exceptions(counter).panel.isVisible()
    approve(counter, manager)
    assert usb.agent.is_usable()


def test_a_manager_who_works_elsewhere_can_come_here(usb: UsbHouse, counter: Counter, manager: str) -> None:
    other = usb.house.counter(place=1)
    other.try_to_sign_in(manager)
    other.until(lambda: other.window.office is not None)
    counter.come_to_front()
    ask(counter)
    wait_for_panel(counter)
    sign_in_approver(counter, manager)
    assert "別の端末でサインインしています" in wait_for_question(counter)
    counter.pass_guard()
    counter.f(9)
    wait_for_panel(counter)
    assert other.window.office is not None
    sign_in_approver(counter, manager)
    wait_for_question(counter)
    counter.pass_guard()
    counter.f(10)
    counter.until(lambda: "承認しますか" in wait_for_question(counter))
    counter.pass_guard()
    counter.f(10)
    counter.until(usb.agent.is_usable)


def test_a_stick_pulled_out_ends_it_and_is_said(usb: UsbHouse, counter: Counter, manager: str) -> None:
    ask(counter)
    approve(counter, manager)
    usb.agent.unplug()
    counter.until(lambda: "USB メモリーが抜かれました" in strip(counter))
    assert usb_word(counter) == "保護中"


def test_its_end_is_said_a_minute_before_and_then_it_ends(
    usb: UsbHouse, counter: Counter, manager: str
) -> None:
    heard: list[Tone] = []
    counter.window.outcome.connect(heard.append)
    ask(counter, minutes="1")
    approve(counter, manager)
    counter.until(lambda: "あと" in strip(counter))
    assert Tone.NOTICE in heard
    counter.f(1)
    assert "USB 例外 あと " in counter.banner_text()
    usb.agent.later(61)
    counter.until(lambda: not usb.agent.is_usable())
    counter.until(lambda: "時間が来ました" in strip(counter))


def test_an_agent_that_dies_takes_it_away_and_it_is_said(
    usb: UsbHouse, counter: Counter, manager: str
) -> None:
    ask(counter)
    approve(counter, manager)
    usb.agent.kill()
    usb.agent.lock_down()
    counter.until(lambda: "USB 管理が止まりました" in strip(counter))
    assert not usb.agent.is_usable()


def test_the_password_of_the_approver_is_nowhere(usb: UsbHouse, counter: Counter, manager: str) -> None:
    ask(counter)
    wait_for_panel(counter)
    panel = exceptions(counter).panel
    panel.user_field().set_text(manager)
    panel.password_field().set_text(PASSWORD)
    panel.button().click()
    assert panel.password_field().text() == ""
    wait_for_question(counter)
    assert where_said(PASSWORD) == []
