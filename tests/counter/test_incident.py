"""An incident is reported and a terminal cut off: from any screen, signed in or not, with the line down."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from madoguchi.app.terminal.safekeeping import Safekeeping
from madoguchi.widgets.look.question_card import QuestionCard
from tests.counter.central import Gate, House, message, said
from tests.counter.harness import Counter, CounterLibrary, SlowServer, unique, where_said

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a terminal keeps what it must not forget."""
    return tmp_path / "safekeeping"


def counter_of(house: House, folder: Path) -> Counter:
    """A counter that remembers."""
    return house.counter(safekeeping=Safekeeping(folder))


def open_report(counter: Counter) -> None:
    """The key for it, from wherever."""
    counter.press(Qt.Key.Key_F11, modifiers=SHIFT)
    assert counter.window.incident.is_open()
    assert counter.window.incident.form.isVisible()


def send(counter: Counter, content: str, *, cut: bool = False) -> None:
    """Writes a report and sends it."""
    values = {"kind": "device", "content": content, "damage": "なし", "cut": "cut" if cut else "stay"}
    counter.window.incident.form.set_values(values)
    counter.f(10)
    counter.until(lambda: not counter.window.incident.is_open())
    counter.settled()


def strip(counter: Counter) -> str:
    """What the strip says."""
    return counter.window.frame.strip.view().word


def reported(house: House) -> list[tuple[object, ...]]:
    """What the server has."""
    with house.library.engine.connect() as connection:
        found = connection.exec_driver_sql(
            "select number, login, kind, content, damage from account.incident order by number"
        )
        return [tuple(row) for row in found]


def test_from_the_middle_of_a_visit_and_the_visit_goes_on(house: House, folder: Path) -> None:
    counter, login = counter_of(house, folder), house.take_on()
    counter.sign_in(login)
    card, item = house.library.patron(), house.library.item()
    counter.open_visit(card)
    open_report(counter)
    counter.scan(item)
    assert house.library.loans() == []
    send(counter, "落とし物の USB メモリー")
    counter.until(lambda: strip(counter) == "事故 第1号として報告しました")
    assert reported(house) == [(1, login, "device", "落とし物の USB メモリー", "なし")]
    counter.until(lambda: list(folder.iterdir()) == [])
    counter.scan_and_wait(item)
    assert house.library.loans() == [(card, item)]


def test_the_key_for_it_answers_no_question(house: House, folder: Path) -> None:
    counter = counter_of(house, folder)
    counter.sign_in(house.take_on())
    card, item = house.library.patron(), house.library.item(reference_only=True)
    counter.open_visit(card)
    counter.scan_and_wait(item)
    counter.f(10)
    counter.pass_guard()
    counter.window.frame.question.reasons().buttons()[0].click()
    open_report(counter)
    counter.press(Qt.Key.Key_Escape)
    counter.settled()
    assert house.library.loans() == []
    assert house.run("select count(*) from loan_override") == 0


def test_what_is_missing_is_said_and_esc_leaves_no_trace(house: House, folder: Path) -> None:
    counter = counter_of(house, folder)
    counter.sign_in(house.take_on())
    open_report(counter)
    counter.f(10)
    view = counter.window.incident.form.view()
    assert view is not None
    assert [line.key for line in view.lines if line.error] == ["content"]
    words = unique("書きかけ")
    counter.window.incident.form.set_values({"content": words})
    counter.press(Qt.Key.Key_Escape)
    assert not counter.window.incident.is_open()
    assert where_said(words) == []
    assert counter.window.page is not None
    assert not folder.exists()


def test_nobody_signed_in_it_waits_on_the_disk_for_the_next_sign_in(house: House, folder: Path) -> None:
    before = counter_of(house, folder)
    open_report(before)
    send(before, "端末の前に知らない人がいた")
    said(before, "報告を控えました")
    assert reported(house) == []
    before.close()
    # the program was ended, the machine switched off
    counter, login = counter_of(house, folder), house.take_on()
    counter.sign_in(login)
    counter.until(lambda: len(reported(house)) == 1)
    assert reported(house)[0][1:4] == (login, "device", "端末の前に知らない人がいた")
    counter.until(lambda: list(folder.iterdir()) == [])


def test_while_locked_the_work_stays_locked(house: House, folder: Path) -> None:
    counter, login = counter_of(house, folder), house.take_on()
    counter.sign_in(login)
    card = house.library.patron(name=unique("見本"))
    counter.open_visit(card)
    counter.f(12)
    counter.until(lambda: not counter.window.away.leaving)
    open_report(counter)
    assert where_said(card) == []
    send(counter, "停電")
    assert counter.window.page is None
    assert counter.window.sign_in.lock.isVisible()
    counter.sign_in(login)
    counter.until(lambda: card in counter.left_text())
    counter.until(lambda: len(reported(house)) == 1)


def test_with_the_line_down_it_is_kept_and_sent_once(house: House, folder: Path) -> None:
    counter, login = counter_of(house, folder), house.take_on()
    counter.sign_in(login)
    gate = counter.server
    assert isinstance(gate, Gate)
    open_report(counter)
    counter.window.incident.form.set_values({"content": "回線の断"})
    # the server has it, and its answer never comes
    gate.lose_answers = True
    counter.f(10)
    counter.until(lambda: "報告を控えました" in strip(counter))
    assert len(list(folder.iterdir())) == 1
    gate.cut = False
    counter.settled()
    counter.f(12)
    counter.sign_in(login)
    counter.until(lambda: list(folder.iterdir()) == [])
    assert len(reported(house)) == 1


def test_a_terminal_is_cut_off_until_system_staff_put_it_right(house: House, folder: Path) -> None:
    counter, login = counter_of(house, folder), house.take_on()
    counter.sign_in(login)
    counter.open_visit(house.library.patron())
    open_report(counter)
    # no time to write
    send(counter, "", cut=True)
    counter.until(lambda: counter.window.page is None)
    counter.until(lambda: house.open_sessions(login) == 0)
    assert reported(house)[0][3] == "端末を切り離しました（内容は書かれていません）"
    assert house.run("select count(*) from account.terminal where disconnected_at is not null") == 1
    assert house.run("select how_ended from account.session order by signed_in_at desc limit 1") == (
        "terminal disconnected"
    )
    counter.try_to_sign_in(login)
    said_lock(counter, "切り離されています")
    assert counter.window.page is None
    counter.close()
    # a new start changes nothing
    counter = counter_of(house, folder)
    assert "切り離されています" in message(counter)
    colleague = house.take_on()
    counter.try_to_sign_in(colleague)
    said(counter, "切り離されています")
    counter.settled()
    assert house.open_sessions(colleague) == 0
    keeper = house.take_on("system_staff")
    for answer in (9, 10):
        counter.try_to_sign_in(keeper)
        counter.until(counter.window.sign_in.offer.isVisible)
        assert counter.window.sign_in.offer.findChild(QuestionCard) is not None
        counter.pass_guard()
        counter.f(answer)
        if answer == 9:
            counter.until(lambda: not counter.window.sign_in.offer.isVisible())
            assert house.run("select count(*) from account.terminal where disconnected_at is not null") == 1
    counter.until(lambda: counter.window.office is not None)
    assert house.run("select count(*) from account.terminal where disconnected_at is not null") == 0
    counter.window.close_card()
    counter.f(12)
    counter.sign_in(login)
    acts = house.run(
        "select string_agg(act, ', ' order by at) from audit.record where act like 'terminal %connected'"
    )
    assert acts == "terminal disconnected, terminal reconnected"


def test_cut_off_with_the_line_down_it_stays_so_though_the_server_never_heard(
    house: House, folder: Path
) -> None:
    counter, login = counter_of(house, folder), house.take_on()
    counter.sign_in(login)
    gate = counter.server
    assert isinstance(gate, Gate)
    gate.cut = True
    open_report(counter)
    counter.window.incident.form.set_values({"content": "侵入の疑い", "cut": "cut"})
    counter.f(10)
    counter.until(lambda: counter.window.page is None)
    gate.cut = False
    counter.settled()
    assert house.run("select count(*) from account.terminal where disconnected_at is not null") == 0
    counter.try_to_sign_in(login)
    said(counter, "切り離されています")
    counter.settled()
    assert house.open_sessions(login) == 0
    assert reported(house) == []


def test_in_training_it_can_be_tried_and_nothing_is_sent(
    qtbot: QtBot, qapp: QApplication, embedded: CounterLibrary, folder: Path
) -> None:
    counter = Counter(qtbot, qapp, embedded, SlowServer(embedded), safekeeping=Safekeeping(folder))
    counter.sign_in()
    open_report(counter)
    send(counter, "練習")
    assert strip(counter) == "練習なので、報告は送られません"
    assert not folder.exists()
    open_report(counter)
    send(counter, "練習", cut=True)
    counter.until(lambda: counter.window.page is None)
    counter.try_to_sign_in("clerk")
    counter.until(counter.window.sign_in.offer.isVisible)
    counter.pass_guard()
    counter.f(10)
    counter.until(lambda: counter.window.page is not None)
    counter.close()


def test_a_report_that_nobody_finishes_goes_with_the_idle_time(house: House, folder: Path) -> None:
    counter = counter_of(house, folder)
    open_report(counter)
    words = unique("書きかけ")
    counter.window.incident.form.set_values({"content": words})
    counter.window.idle.idle.emit()
    assert not counter.window.incident.is_open()
    assert where_said(words) == []


def test_a_terminal_cut_off_while_somebody_is_asked_lets_them_in_no_more(house: House, folder: Path) -> None:
    counter, login = counter_of(house, folder), house.take_on()
    counter.sign_in(login)
    counter.open_visit(house.library.patron())
    counter.f(12)
    counter.sign_in(house.take_on())
    counter.f(12)
    counter.try_to_sign_in(login)
    counter.until(counter.window.sign_in.offer.isVisible)
    open_report(counter)
    send(counter, "", cut=True)
    counter.until(lambda: not counter.window.sign_in.half_way())
    assert not counter.window.sign_in.offer.isVisible()
    said(counter, "切り離されています")
    counter.settled()
    assert house.open_sessions(login) == 0
    counter.try_to_sign_in(login)
    said(counter, "切り離されています")
    assert counter.window.page is None


def test_a_disk_that_cannot_be_written_keeps_no_terminal_in(house: House, tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("")
    counter = counter_of(house, tmp_path / "a file" / "safe")
    open_report(counter)
    counter.window.incident.form.set_values({"content": "紛失", "cut": "cut"})
    counter.f(10)
    counter.until(lambda: not counter.window.incident.is_open())
    said(counter, "切り離しを控えられません")
    login = house.take_on()
    counter.try_to_sign_in(login)
    said(counter, "切り離されています")
    counter.settled()
    assert counter.window.page is None
    assert house.open_sessions(login) == 0


def test_a_sign_in_that_is_answered_while_a_report_is_written(house: House, folder: Path) -> None:
    counter, login = counter_of(house, folder), house.take_on()
    gate = counter.server
    assert isinstance(gate, Gate)
    gate.shut()
    counter.try_to_sign_in(login)
    open_report(counter)
    words = unique("書きかけ")
    counter.window.incident.form.set_values({"content": words})
    gate.let_go()
    counter.until(lambda: counter.window.page is not None)
    assert counter.window.incident.is_open()
    assert counter.window.incident.form.values()["content"] == words
    assert counter.window.incident.form.isVisible()
    send(counter, words)
    counter.until(lambda: len(reported(house)) == 1)


def test_a_report_of_the_distant_past_or_too_many_are_not_taken(house: House) -> None:
    counter, login = house.counter(), house.take_on()
    counter.sign_in(login)

    def ask(moment: str) -> str:
        found = []
        statement = f"select desk.report_incident(gen_random_uuid(), '{moment}', 'fault', 'x', '', '', '')"
        counter.application.worker.ask(
            lambda server: str(server.connection.exec_driver_sql(statement).scalar()), found.append
        )
        counter.until(lambda: bool(found))
        return str(found[0])

    for moment in ("0044-03-15 BC", "-infinity", "infinity", "0001-01-01"):
        assert "bad_value" in ask(moment)
    house.run(
        "insert into account.incident"
        " (id, noticed_at, terminal_id, login, kind, content, cause, damage, extent)"
        f" select gen_random_uuid(), now(), 1, '{login}', 'fault', 'x', '', '', ''"
        " from generate_series(1, 60)"
    )
    assert "too_many" in ask("2026-11-29")


@pytest.mark.parametrize("role", ["counter_staff", "system_staff"])
def test_a_report_half_written_waits_for_its_writer_alone(house: House, role: str, folder: Path) -> None:
    counter, login = counter_of(house, folder), house.take_on(role)
    counter.try_to_sign_in(login)
    counter.until(counter.window.somebody_works)
    open_report(counter)
    words = unique("書きかけ")
    counter.window.incident.form.set_values({"content": words, "kind": "intruder"})
    counter.f(12)
    counter.until(lambda: not counter.window.somebody_works())
    assert not counter.window.incident.is_open()
    assert where_said(words) == []
    counter.sign_in(house.take_on())
    assert not counter.window.incident.is_open()
    counter.f(12)
    counter.try_to_sign_in(login)
    counter.until(counter.window.sign_in.offer.isVisible)
    counter.pass_guard()
    counter.f(10)
    counter.until(counter.window.incident.is_open)
    typed = counter.window.incident.form.values()
    assert (typed["content"], typed["kind"]) == (words, "intruder")
    assert reported(house) == []


def said_lock(counter: Counter, words: str) -> None:
    """Waits until the lock, or the sign-in, says this."""
    counter.until(lambda: any(words in text for text in where_said(words)))
