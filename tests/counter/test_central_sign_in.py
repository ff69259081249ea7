"""Signing in at a central server: a real PostgreSQL, a login of its own for everybody, the real window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from madoguchi.widgets.look.arrival_card import ArrivalCard
from madoguchi.widgets.look.views import Answer
from tests.counter.central import (
    Gate,
    House,
    arrival,
    choose_password,
    focus,
    message,
    said,
    see_new_password,
)
from tests.counter.harness import PASSWORD, where_said
from tests.support.library import MINAMI, SOGO, TODAY
from tests.support.staff import terminal_number

NEW_PASSWORD = "kaze-no-matasaburo-2020"
UNKNOWN_TERMINAL = 9_000


# -- in or not ---------------------------------------------------------------------------------------------


def test_who_signs_in_hears_of_the_time_before_and_scans_on(house: House) -> None:
    counter, login = house.counter(), house.take_on()
    counter.sign_in(login)
    assert arrival(counter) == ["前回のサインインはありません "]
    counter.f(12)
    counter.settled()
    assert house.open_sessions(login) == 0
    house.run(
        "insert into account.failure"
        f" values ('{login}', clock_timestamp(), 1, 'a'), ('{login}', clock_timestamp(), 2, 'b')"
    )
    house.run(
        f"update account.state set password_set_at = now() - interval '85 days' where login = '{login}'"
    )
    counter.sign_in(login)
    last, failed, days = arrival(counter)
    assert last.startswith("前回 ")
    assert last.endswith("（総合市民図書館）・サインアウト")
    assert "から" in last
    assert failed == "サインインの失敗 2回 心当たりがなければ、セキュリティ責任者に連絡"
    assert days.startswith("パスワードの期限まで 5日")
    # it takes no focus and asks for no key: the first scan opens the visit and puts it away
    assert QApplication.focusWidget() is not counter.window.frame.card()
    counter.open_visit(house.library.patron())
    assert counter.window.frame.card() is None
    assert where_said("サインインの失敗") == []


def test_a_number_typed_by_hand_puts_the_arrival_away(house: House) -> None:
    counter = house.counter()
    counter.sign_in(house.take_on())
    card = house.library.patron()
    counter.type(card)
    counter.until(lambda: card in counter.left_text())
    assert counter.window.frame.card() is None


def test_the_arrival_goes_by_its_button_and_by_esc(house: House) -> None:
    counter, login = house.counter(), house.take_on()
    counter.sign_in(login)
    card = counter.window.frame.card()
    assert isinstance(card, ArrivalCard)
    card.close_button().click()
    assert counter.window.frame.card() is None
    counter.f(12)
    counter.sign_in(login)
    assert arrival(counter)
    counter.press(Qt.Key.Key_Escape)
    assert counter.window.frame.card() is None


@pytest.mark.parametrize("why", ["wrong password", "unknown", "disabled", "locked"])
def test_nobody_learns_why_a_login_does_not_work(house: House, why: str) -> None:
    counter, login = house.counter(), house.take_on()
    if why == "disabled":
        house.run(f"select account.disable_staff('{login}')")
    elif why == "locked":
        house.run(f"alter role {login} valid until '-infinity'")
    counter.try_to_sign_in("nobody" if why == "unknown" else login, "wrong" if "wrong" in why else PASSWORD)
    said(counter, "職員番号かパスワードが違うか、使えない職員番号です。")
    assert counter.window.page is None
    # the number stays, the password does not
    assert counter.window.sign_in.panel.password_field().text() == ""
    assert focus() is counter.window.sign_in.panel.password_field().edit()


def test_a_terminal_that_is_not_enrolled_or_was_revoked(house: House) -> None:
    login = house.take_on()
    stranger = house.counter(SOGO, UNKNOWN_TERMINAL)
    stranger.try_to_sign_in(login)
    said(stranger, "この端末は登録されていません")
    house.run(
        "update account.terminal set revoked_at = now() where serial = :serial",
        serial=str(1000 + terminal_number(SOGO, 1)),
    )
    revoked = house.counter(SOGO, 1)
    revoked.try_to_sign_in(login)
    said(revoked, "この端末は使用を止められています")


def test_a_contractor_at_another_branch(house: House) -> None:
    house.library.add_staff("itaku", "contract_staff", "委託 良子", branches=(MINAMI,))
    counter = house.counter(SOGO)
    counter.try_to_sign_in("itaku")
    said(counter, "この館の端末では使えない職員番号です。")


@pytest.mark.parametrize("role", ["system_staff", "security_manager"])
def test_who_may_not_lend_gets_no_page_of_the_counter(house: House, role: str) -> None:
    counter, login = house.counter(), house.take_on(role)
    counter.try_to_sign_in(login)
    counter.until(lambda: counter.window.office is not None)
    assert counter.window.page is None
    card, item = house.library.patron(), house.library.item()
    for code in (card, item):
        counter.scan(code)
    counter.settled()
    assert house.library.loans() == []
    assert house.run("select count(*) from audit.viewed") == 0
    assert where_said(card, item) == []


def test_a_sign_in_whose_answer_was_lost_leaves_no_session_open(house: House) -> None:
    gate, login = house.gate(), house.take_on()
    counter = house.open_counter(gate)
    gate.lose_answers = True
    counter.try_to_sign_in(login)
    said(counter, "サーバーに届きません")
    assert house.open_sessions(login) == 1
    gate.cut = False
    counter.until(lambda: house.open_sessions(login) == 0)
    assert counter.window.page is None
    counter.sign_in(login)


@pytest.mark.parametrize("way", ["F12", "closed", "closed in the middle of a scan"])
def test_every_way_out_ends_the_session_at_the_server(house: House, way: str) -> None:
    counter, login = house.counter(), house.take_on()
    counter.sign_in(login)
    assert house.open_sessions(login) == 1
    if way == "F12":
        counter.f(12)
        counter.settled()
    elif way == "closed":
        counter.close()
    else:
        counter.open_visit(house.library.patron())
        counter.scan(house.library.item())
        counter.close()
        assert len(house.library.loans()) == 1
    assert house.open_sessions(login) == 0
    assert house.run(f"select how_ended from account.session where login = '{login}'") == "signed out"


# -- signed in elsewhere -------------------------------------------------------------------------------------


def test_whoever_works_elsewhere_is_asked_and_stays_there_by_default(house: House) -> None:
    login = house.take_on()
    there = house.gate(MINAMI)
    there.sign_in(login, PASSWORD)
    counter = house.counter()
    counter.try_to_sign_in(login)
    panel = counter.window.sign_in.elsewhere
    counter.until(panel.isVisible)
    view = panel.question().view()
    assert view is not None
    assert view.detail.startswith("南 1番窓口（南市民図書館）で、")
    assert panel.question().button(Answer.STOP).hasFocus()
    # neither Enter nor a scan answers
    counter.pass_guard()
    counter.press(Qt.Key.Key_Return, "\r")
    counter.scan("A1000000016A")
    assert panel.isVisible()
    counter.f(9)
    assert counter.window.sign_in.panel.isVisible()
    assert panel.question().view() is None
    counter.settled()
    assert house.open_sessions(login) == 1
    there.close()
    # and the same by Esc
    assert where_said("別の端末でサインイン") == []


def test_taken_over_from_a_second_window_the_first_says_so(house: House) -> None:
    login = house.take_on()
    second = house.counter(MINAMI)
    first_gate = house.gate()
    first = house.open_counter(first_gate)
    first.sign_in(login)
    first.open_visit(house.library.patron())
    first_gate.shut()
    first.scan(house.library.item())
    second.window.activateWindow()
    second.try_to_sign_in(login)
    second.until(second.window.sign_in.elsewhere.isVisible)
    second.pass_guard()
    second.window.sign_in.elsewhere.question().button(Answer.OFFERED).click()
    second.until(lambda: second.window.page is not None)
    first_gate.let_go()
    said(first, "別の端末から終了されました。")
    assert "1件は処理していません。貸出の途中の資料は渡さないでください。" in message(first)
    assert first.window.page is None
    assert house.library.loans() == []
    assert house.open_sessions(login) == 1
    assert second.window.page is not None


# -- a new password ------------------------------------------------------------------------------------------


def test_a_temporary_password_is_changed_before_anything_else(house: House) -> None:
    counter, login = house.counter(), house.take_on(temporary=True)
    see_new_password(counter, login)
    panel = counter.window.sign_in.new_password
    assert "仮のもの" in panel.view().why
    assert panel.view().rules.startswith("12文字以上。")
    choose_password(counter, NEW_PASSWORD, NEW_PASSWORD + "x")
    assert panel.view().differ
    assert panel.first_field().text() == panel.second_field().text() == ""
    choose_password(counter, "short", "short")
    counter.until(lambda: bool(panel.view().problems))
    assert panel.view().problems[0].startswith("短すぎます。")
    assert any(line.startswith("推測しやすい") for line in panel.view().problems)
    assert not panel.view().differ
    choose_password(counter, PASSWORD, PASSWORD)
    counter.until(lambda: panel.view().problems == ("前に使ったものです。別のものにしてください。",))
    # as it is typed: blanks count
    choose_password(counter, f" {NEW_PASSWORD} ", f" {NEW_PASSWORD} ")
    counter.until(lambda: counter.window.page is not None)
    assert where_said(NEW_PASSWORD, "新しいパスワード（") == []
    counter.f(12)
    counter.try_to_sign_in(login, NEW_PASSWORD)
    said(counter, "職員番号かパスワードが違うか")
    counter.try_to_sign_in(login, f" {NEW_PASSWORD} ")
    counter.until(lambda: counter.window.page is not None)


@pytest.mark.parametrize("way", ["Esc", "button"])
def test_the_change_can_be_left(house: House, way: str) -> None:
    counter, login = house.counter(), house.take_on()
    house.run(
        f"update account.state set password_set_at = now() - interval '91 days' where login = '{login}'"
    )
    see_new_password(counter, login)
    panel = counter.window.sign_in.new_password
    assert "期限が来ました" in panel.view().why
    counter.type("half", enter=False)
    counter.until(lambda: panel.first_field().text() == "half")
    if way == "Esc":
        counter.press(Qt.Key.Key_Escape)
    else:
        panel.back_button().click()
    assert counter.window.sign_in.panel.isVisible()
    assert panel.first_field().text() == ""
    assert where_said("新任 一子") == []
    counter.settled()
    server = counter.server
    assert isinstance(server, Gate)
    # nothing of whoever gave their password is kept
    assert server._session is None
    assert server._pending is None


def test_an_outage_in_the_middle_of_the_change_says_that_nothing_is_known(house: House) -> None:
    gate, login = house.gate(), house.take_on(temporary=True)
    counter = house.open_counter(gate)
    see_new_password(counter, login)
    gate.lose_answers = True
    choose_password(counter, NEW_PASSWORD, NEW_PASSWORD)
    said(counter, "パスワードが変わったかどうか分かりません。")
    gate.cut = False
    counter.until(lambda: house.open_sessions(login) == 0)
    counter.settled()
    assert counter.window.page is None
    counter.try_to_sign_in(login, NEW_PASSWORD)
    counter.until(lambda: counter.window.page is not None)
    # it was changed once
    assert house.run(f"select count(*) from account.password where login = '{login}'") == 2


# -- the session ends ----------------------------------------------------------------------------------------


def test_an_account_that_is_disabled_is_out_with_the_scans_under_way(house: House) -> None:
    gate, login = house.gate(), house.take_on()
    counter = house.open_counter(gate)
    counter.sign_in(login)
    counter.open_visit(house.library.patron(name="見本 消子"))
    counter.settled()
    gate.shut()
    for _ in range(3):
        counter.scan(house.library.item())
    house.run(f"select account.disable_staff('{login}')")
    gate.let_go()
    said(counter, "サーバーがこの職員番号を受け付けません。")
    said(counter, "3件は処理していません。")
    assert counter.window.page is None
    assert where_said("見本 消子") == []
    assert house.library.loans() == []
    # another one works on here
    counter.sign_in(house.take_on())
    assert "処理していません" not in message(counter)


def test_what_was_under_way_is_not_left_over_for_the_next(house: House) -> None:
    gate, login = house.gate(), house.take_on()
    counter = house.open_counter(gate)
    card, items = house.library.patron(), [house.library.item() for _ in range(2)]
    for item in items:
        house.library.lent(card, item, due_on=TODAY)
    counter.sign_in(login)
    counter.f(2)
    counter.settled()
    gate.shut()
    for item in items:
        counter.scan(item)
    house.run(f"select account.disable_staff('{login}')")
    gate.let_go()
    said(counter, "2件は処理していません。")
    counter.sign_in(house.take_on())
    assert counter.strip().word != "離席の前の続き"
    counter.f(2)
    assert counter.rows() == ()
    # both are read anew
    assert [counter.scan_and_wait(item).state for item in items] == ["返却", "返却"]
    assert len(house.library.loans()) == 0
