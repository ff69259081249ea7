"""Reservations at the real window: what a card waits for, what is read, what is changed, a queue."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from madoguchi.app.lending.answers import Reserved
from madoguchi.app.server import tables as t
from madoguchi.app.staff.kept import KeptWork
from madoguchi.barcode.commands import Command
from madoguchi.widgets.look.form_panel import FormPanel
from madoguchi.widgets.look.record_table import RecordTable
from madoguchi.widgets.look.veil import hidden_word
from madoguchi.widgets.look.views import Sign, Tone
from madoguchi.widgets.reservations_page import RESERVATIONS
from madoguchi.widgets.search_page import SEARCH
from tests.counter.harness import Counter, CounterLibrary, CutLine, both, unique, where_said
from tests.counter.reservations import (
    form,
    open_page,
    page,
    queue,
    read,
    ready,
    said,
    send,
    travelling,
    waits_for,
)
from tests.counter.searching import open_reservation
from tests.counter.test_away import come_back, leave, session_of
from tests.counter.test_commands import command
from tests.support.library import JST, MINAMI, SOGO, TODAY

DAY = dt.timedelta(days=1)


@both
def test_a_visit_from_the_card_to_the_next_one(counter: Counter, library: CounterLibrary) -> None:
    name, other = unique("見本"), library.patron(name="次の人")
    card = library.patron(name=name)
    titles = [unique(word) for word in ("この館", "他館", "配送", "順番", "停止", "新しい", "星", "巻")]
    books = [library.item(title=title) for title in titles]
    here, there, way, waiting, paused, new, star, volume = books
    ready(library, card, here)
    ready(library, card, there, pickup_branch_id=MINAMI)
    travelling(library, card, way)
    library.reserved(other, waiting)
    library.reserved(card, waiting)
    library.reserved(card, paused, suspended=True, resume_on=TODAY + 20 * DAY)
    with library.engine.connect() as connection:
        own = sa.select(t.item.c.title_id).where(t.item.c.number == star).scalar_subquery()
        connection.execute(t.title.update().where(t.title.c.id == own).values(isbn="9784101010137"))
    slips: list[Reserved] = []
    session_of(counter).reservations.reserved.connect(slips.append)

    # the card: who it is, and all they wait for
    open_page(counter, card, rows=5)
    assert name in counter.left_text()
    assert [(row.title, *said(row)) for row in counter.rows()] == [
        (titles[0], "取置中（この館）", "5/26(火) まで取置"),
        (titles[1], "取置中（他館）", "5/26(火) まで取置"),
        (titles[2], "配送中", ""),
        (titles[3], "順番待ち 2番目", "2人待ち"),
        (titles[4], "一時停止", "6/1(月) から再開"),
    ]
    assert len({row.sign for row in counter.rows()}) == 5, "each has its own sign"
    assert "受取 南市民図書館" in counter.rows()[1].under

    # a copy is read: the newest at the bottom
    row = read(counter, new, "予約しました")
    assert (row.title, row.detail, row.sign, row.number) == (titles[5], "1番目", Sign.DONE, 6)
    assert (counter.strip().tone, counter.strip().title) == (Tone.DONE, titles[5])
    assert [slip.title for slip in slips] == [titles[5]]
    assert waits_for(library, card)[-1]["pickup_branch_id"] == SOGO

    # the next card ends the visit, and nothing of it stays
    counter.scan(other)
    counter.until(lambda: "次の人" in counter.left_text() and len(counter.rows()) == 1)
    counter.turn()
    assert where_said(name, *titles[:3]) == []
    # F8 brings the last one back, on this page
    counter.f(8)
    counter.until(lambda: name in counter.left_text() and len(counter.rows()) == 6)
    # F11 ends it as well
    counter.f(11)
    assert counter.rows() == ()

    # an ISBN will do; and this very copy, to be picked up elsewhere
    open_page(counter, other, rows=1)
    assert read(counter, "9784101010137", "予約しました").title == titles[6]
    counter.f(9)
    assert isinstance(page(counter).centre(), FormPanel)
    counter.scan(volume)
    assert (counter.strip().tone, counter.strip().word) == (Tone.REFUSED, "予約のしかたが先です")
    send(counter, pickup=str(MINAMI), copy="only")
    assert "受取 南市民図書館・読み取った資料だけ" in counter.banner_text()
    # F8 does not take it away, nor a form that is open
    counter.f(8)
    assert (counter.strip().word, counter.strip().side_first) == ("この利用者は途中です", "交代していません")
    read(counter, volume, "予約しました")
    counter.until(lambda: f"この資料だけ {volume}" in counter.rows()[-1].under)
    wanted = waits_for(library, other)[-1]
    assert (wanted["pickup_branch_id"], wanted["item_id"]) == (MINAMI, library.id_of_item(volume))
    counter.f(9)
    assert counter.banner_text() == ""
    read(counter, paused, "予約しました")
    assert waits_for(library, other)[-1]["pickup_branch_id"] == SOGO

    # the lowest row's form: suspended until a day, picked up elsewhere
    counter.f(10)
    assert titles[4] in form(counter).view().note
    counter.f(8)
    assert (counter.strip().word, counter.strip().side_first) == ("入力の途中です", "交代していません")
    assert titles[4] in form(counter).view().note
    send(counter, resume="9999")
    assert form(counter).field("resume").field_view().error != ""
    send(counter, resume="0601", pickup=str(MINAMI))
    counter.until(lambda: said(counter.rows()[-1]) == ("一時停止", "6/1(月) から再開"))
    assert "受取 南市民図書館" in counter.rows()[-1].under
    changed = waits_for(library, other)[-1]
    assert (changed["suspended"], changed["resume_on"]) == (True, dt.date(2026, 6, 1))
    counter.f(10)
    # the branch it is picked up at is offered no more: it stays all the same
    acting = page(counter)._acting
    everywhere, acting.branches = acting.branches, acting.branches[:1]
    assert acting.branches[0].branch_id != MINAMI
    counter.press(Qt.Key.Key_Escape)
    counter.f(10)
    send(counter, wait="", resume="")
    counter.until(lambda: counter.rows()[-1].state == "順番待ち 2番目")
    assert waits_for(library, other)[-1]["pickup_branch_id"] == MINAMI
    acting.branches = everywhere

    # a row by keyboard alone: it is asked once, and then cancelled
    counter.press(Qt.Key.Key_Up)
    counter.press(Qt.Key.Key_Up)
    counter.press(Qt.Key.Key_Space, " ")
    counter.until(lambda: isinstance(page(counter).centre(), FormPanel))
    assert titles[7] in form(counter).view().note
    counter.f(11)
    counter.pass_guard()
    # no scan cancels it; that nothing is done, a scan can say
    command(counter, Command.YES)
    assert counter.window.frame.question.view() is not None
    command(counter, Command.NO)
    assert counter.window.frame.question.view() is None
    assert len(waits_for(library, other)) == 4
    counter.f(10)
    counter.f(11)
    assert counter.window.frame.question.view().title == "予約を取り消しますか"
    counter.pass_guard()
    counter.f(11)
    counter.until(lambda: len(counter.rows()) == 3)
    assert (counter.strip().word, counter.strip().title) == ("予約を取り消しました", titles[7])
    assert [each["item_id"] for each in waits_for(library, other)] == [None] * 3


@both
def test_each_refusal_says_why(counter: Counter, library: CounterLibrary) -> None:
    late, idle = library.patron(), library.patron(last_used_on=TODAY - dt.timedelta(days=4 * 366))
    library.lent(late, library.item(), due_on=TODAY - 40 * DAY)
    book, mine, wanted = library.item(title="新しい本"), library.item(), library.item()
    reference = library.item(reference_only=True)
    for card, state in ((late, "長期延滞あり"), (idle, "カード期限切れ")):
        open_page(counter, card, rows=0)
        row = read(counter, book, state)
        assert (row.title, row.sign, row.answered) == ("新しい本", Sign.REFUSED, True)
        assert counter.strip().right == "予約していません"
        assert waits_for(library, card) == []
    card = library.patron()
    library.lent(card, mine, due_on=TODAY + DAY)
    library.reserved(card, wanted)
    for _ in range(5):
        library.reserved(card, library.item())
    open_page(counter, card, rows=6)
    for code, state in (
        (mine, "この利用者が貸出中"),
        (wanted, "予約済み"),
        (reference, "予約できない書誌"),
        (library.item(), "予約上限"),
        ("9784101010144", "登録のない資料"),
    ):
        read(counter, code, state)
    assert len(waits_for(library, card)) == 6
    # what happens at another terminal meanwhile: it is said, and the list is true again
    counter.press(Qt.Key.Key_Up)
    for _ in range(5):
        counter.press(Qt.Key.Key_Up)
    counter.press(Qt.Key.Key_Space, " ")
    counter.until(lambda: isinstance(page(counter).centre(), FormPanel))
    note = form(counter).view().note
    with library.engine.connect() as connection:
        r = t.reservation.c
        first = sa.select(sa.func.max(r.id)).where(r.patron_id == library.id_of_patron(card))
        connection.execute(t.reservation.delete().where(r.id == first.scalar_subquery()))
    counter.f(10)
    counter.until(lambda: counter.strip().word == "もうない予約")
    counter.until(lambda: note not in [row.title for row in counter.rows()])
    assert page(counter).centre() is page(counter).list
    # a card that is nobody's opens nothing
    counter.scan(lost := library.patron(lost_card=None))
    counter.until(lambda: lost in counter.left_text())


@both
def test_a_titles_queue_is_seen_and_its_order_changed(counter: Counter, library: CounterLibrary) -> None:
    title = unique("列")
    book = library.item(title=title)
    cards = [library.patron(kana=kana) for kana in ("アオキ", "イトウ", "ウエダ", "エトウ")]
    ready(library, cards[0], book)
    keys = [library.reserved(card, book) for card in cards[1:]]
    # from the search: who waits already
    open_reservation(counter, title[:8], title)
    counter.f(9)
    counter.until(lambda: len(queue(counter)) == 4)
    assert queue(counter) == [
        ("取置中 5/26(火) まで取置", f"…{cards[0][-4:]} ア", "総合市民図書館", "5/9(土)", ""),
        ("1番目", f"…{cards[1][-4:]} イ", "総合市民図書館", "5/9(土)", ""),
        ("2番目", f"…{cards[2][-4:]} ウ", "総合市民図書館", "5/9(土)", ""),
        ("3番目", f"…{cards[3][-4:]} エ", "総合市民図書館", "5/9(土)", ""),
    ]
    assert 9 not in counter.live_keys(), "a copy was found for it"
    # a number that is typed is a card's, and chooses no row
    for digit in cards[2]:
        counter.press(getattr(Qt.Key, f"Key_{digit}"), digit)
    counter.press(Qt.Key.Key_Return, "\r")
    counter.until(lambda: cards[2] in counter.left_text())
    assert page(counter).centre() is page(counter).list
    counter.f(11)
    # asked for while the screen is hidden: nobody is in it
    counter.press(Qt.Key.Key_Escape)
    open_reservation(counter, title[:8], title)
    counter.f(9)
    counter.until(lambda: len(queue(counter)) == 4)
    assert {row[0] for row in queue(counter)} == {hidden_word()}
    assert where_said(f"…{cards[1][-4:]}") == []
    assert 9 not in counter.live_keys()
    counter.press(Qt.Key.Key_Escape)
    assert queue(counter)[1][1] == f"…{cards[1][-4:]} イ"
    counter.f(11)
    assert counter.window.pages.current == SEARCH

    # from a reservation's row: the row that is meant is selected
    open_page(counter, cards[3], rows=1)
    counter.f(10)
    counter.f(9)
    counter.until(lambda: len(queue(counter)) == 4)
    assert QApplication.focusWidget() is not None
    counter.f(9)
    counter.f(10)
    assert form(counter).field("reason").field_view().error != ""
    # empty: what stood there would have stood before what is typed
    assert form(counter).values()["place"] == ""
    send(counter, place="0", reason="decided")
    assert form(counter).field("place").field_view().error != ""
    send(counter, place="1", reason="decided")
    counter.until(lambda: [row[1][-1] for row in queue(counter)] == ["ア", "エ", "イ", "ウ"])
    assert (counter.strip().word, counter.strip().right) == ("順番を変えました", "1番目")

    # another's: suspended, and cancelled, by Enter and by keys
    counter.press(Qt.Key.Key_Down)
    counter.press(Qt.Key.Key_Return, "\r")
    assert f"2番目 …{cards[1][-4:]} イ" in form(counter).view().note
    send(counter, wait="pause")
    counter.until(lambda: [row[0] for row in queue(counter)][2:3] == ["2番目 一時停止"])
    counter.f(10)
    counter.f(11)
    # whose it is, and why: they need not be here
    question = counter.window.frame.question
    assert f"2番目 …{cards[1][-4:]} イ" in question.view().detail
    counter.pass_guard()
    counter.f(11)
    assert len(queue(counter)) == 4
    question.reasons().buttons()[0].click()
    counter.f(11)
    counter.until(lambda: len(queue(counter)) == 3)
    assert library.rows(sa.select(t.reservation_reason.c.reason))[-1]["reason"] == "asked_for"
    left = sa.select(t.reservation.c.id).where(t.reservation.c.state == "waiting")
    assert {row["id"] for row in library.rows(left)} == {keys[1], keys[2]}
    counter.press(Qt.Key.Key_Escape)
    counter.until(lambda: counter.rows() != () and counter.rows()[0].state == "順番待ち 1番目")
    counter.scan(cards[2])
    counter.until(lambda: cards[2] in counter.left_text())
    counter.turn()
    assert where_said(cards[3]) == []


@both
def test_titles_that_are_read_first_wait_for_the_card(counter: Counter, library: CounterLibrary) -> None:
    titles = [unique("先"), unique("次")]
    books = [library.item(title=title) for title in titles]
    card = library.patron()
    counter.f(RESERVATIONS)
    for book, title in zip(books, titles, strict=True):
        read(counter, book, "利用者カード待ち")
        counter.until(lambda title=title: counter.rows()[-1].title == title)
    read(counter, "9784101010144", "登録のない資料")
    counter.scan(card)
    counter.until(lambda: [row.state for row in counter.rows()] == ["予約しました"] * 2 + ["登録のない資料"])
    assert len(waits_for(library, card)) == 2
    # several titles that were found, for whoever is there: at once
    more = [unique("探す"), unique("見る")]
    for number, title in enumerate(more):
        library.item(title=title)
        open_reservation(counter, title[:8], title)
        counter.f(11)
        counter.until(
            lambda title=title: counter.strip().title == title and counter.strip().tone is Tone.DONE
        )
        assert len(waits_for(library, card)) == 3 + number
    counter.f(RESERVATIONS)
    counter.until(lambda: [row.title for row in counter.rows()][3:] == more)
    assert [row.state for row in counter.rows()][3:] == ["予約しました"] * 2
    counter.until(lambda: 10 in counter.live_keys())
    # no code does anything about them
    command(counter, Command.ATTEND)
    assert page(counter).centre() is page(counter).list
    counter.f(10)
    command(counter, Command.FINISH)
    assert isinstance(page(counter).centre(), FormPanel)
    assert len(waits_for(library, card)) == 4
    # while the screen is hidden nothing of them is in sight
    counter.press(Qt.Key.Key_Escape)
    counter.press(Qt.Key.Key_Escape)
    assert {row.title for row in page(counter).list.rows()} == {hidden_word()}
    assert where_said(*titles) == []
    assert 10 not in counter.live_keys()
    counter.press(Qt.Key.Key_Escape)
    assert [row.title for row in counter.rows()][:2] == titles


def test_a_row_is_dealt_with_by_mouse(counter: Counter, library: CounterLibrary) -> None:
    card, book = library.patron(), library.item(title="鼠の本")
    library.reserved(card, book)
    open_page(counter, card, rows=1)
    view = page(counter).list.rows_view()
    rect = view.visualRect(view.model().index(0, 0))
    place = rect.center()
    place.setX(rect.right() - 60)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert "鼠の本" in form(counter).view().note
    counter.window.frame.rail.key(9).click()
    counter.until(lambda: len(queue(counter)) == 1)
    centre = page(counter).centre()
    assert isinstance(centre, RecordTable)
    counter.window.frame.rail.key(11).click()
    assert page(counter).centre() is page(counter).list


def test_the_line_breaks_and_the_clerk_leaves(
    qtbot: QtBot, qapp: QApplication, embedded: CounterLibrary
) -> None:
    line = CutLine(embedded)
    counter = Counter(qtbot, qapp, embedded, line, kept=KeptWork(lambda: embedded.now.astimezone(JST)))
    try:
        counter.sign_in()
        titles = [unique("深海"), unique("星"), unique("川")]
        fish, star, river = (embedded.item(title=title) for title in titles)
        first, second = embedded.patron(), embedded.patron()
        open_page(counter, first, rows=0)
        line.down = True
        counter.scan(fish)
        counter.until(lambda: counter.rows()[-1].sign is Sign.OUTAGE)
        assert said(counter.rows()[-1]) == ("未予約", "まだ予約できていません")
        assert "未予約" in counter.banner_text()
        # the next patron comes: the row stays, and says nothing of the one before
        counter.scan(second)
        counter.until(lambda: [row.number for row in counter.rows()] == [0])
        assert (counter.rows()[0].title, counter.rows()[0].under) == (fish, "前の利用者")
        line.down = False
        counter.until(lambda: second in counter.left_text() and counter.rows() == ())
        assert [len(waits_for(embedded, card)) for card in (first, second)] == [1, 0]

        # what is not confirmed when the clerk leaves is asked for again, once
        read(counter, star, "予約しました")
        line.hold()
        counter.scan(river)
        counter.f(12)
        line.let_go()
        counter.until(lambda: counter.window.sign_in.front().isVisible() and not counter.window.away.leaving)
        counter.turn()
        assert where_said(*titles) == []
        come_back(counter)
        assert counter.window.pages.current == RESERVATIONS
        counter.until(lambda: {row.title for row in counter.rows()} == set(titles[1:]))
        assert len(waits_for(embedded, second)) == 2
        # nor is what is not confirmed of somebody who has left by then
        line.down = True
        third = embedded.patron()
        counter.scan(fish)
        counter.until(lambda: counter.rows()[-1].sign is Sign.OUTAGE)
        counter.scan(third)
        counter.until(lambda: [row.number for row in counter.rows()] == [0])
        counter.f(12)
        line.down = False
        counter.until(lambda: counter.window.sign_in.front().isVisible())
        counter.settled()
        come_back(counter)
        counter.until(lambda: third in counter.left_text() and counter.rows() == ())
        assert [len(waits_for(embedded, card)) for card in (second, third)] == [3, 0]
        # a bug in the middle: what came of it is not known
        line.bug = ZeroDivisionError("on purpose")
        with qtbot.captureExceptions():
            counter.scan(fish)
            counter.until(lambda: counter.rows()[-1].state == "処理できませんでした")
        leave(counter)
    finally:
        counter.close()


def test_what_is_done_of_a_reservation_is_done_after_a_lock(
    qtbot: QtBot, qapp: QApplication, embedded: CounterLibrary
) -> None:
    line = CutLine(embedded)
    counter = Counter(qtbot, qapp, embedded, line, kept=KeptWork(lambda: embedded.now.astimezone(JST)))
    try:
        counter.sign_in()
        titles = [unique("深海"), unique("川")]
        card, other = embedded.patron(), embedded.patron()
        embedded.reserved(card, embedded.item(title=titles[0]))
        embedded.item(title=titles[1])

        def through_a_lock() -> None:
            counter.f(12)
            line.down = False
            counter.until(lambda: counter.window.sign_in.front().isVisible())
            counter.settled()
            assert where_said(*titles) == []
            come_back(counter)

        open_page(counter, card, rows=1)
        counter.f(10)
        line.down = True
        send(counter, pickup=str(MINAMI))
        counter.until(lambda: "まだ変更していません" in form(counter).message_line().text())
        through_a_lock()
        counter.until(lambda: counter.strip().word == "予約を変更しました")
        assert [each["pickup_branch_id"] for each in waits_for(embedded, card)] == [MINAMI]
        # its end, and who it was about has left: the title is said to nobody
        counter.until(lambda: 10 in counter.live_keys())
        counter.f(10)
        counter.f(11)
        counter.pass_guard()
        line.down = True
        counter.f(11)
        counter.until(lambda: counter.strip().right == "まだ取り消していません")
        counter.f(11)
        through_a_lock()
        counter.until(lambda: counter.strip().word == "予約を取り消しました")
        assert counter.strip().title == ""
        assert waits_for(embedded, card) == []
        # from the search
        open_reservation(counter, titles[1][:8], titles[1])
        counter.scan(other)
        line.down = True
        counter.f(10)
        counter.until(lambda: counter.banner_text() != "")
        through_a_lock()
        counter.until(lambda: [each["state"] for each in waits_for(embedded, other)] == ["waiting"])
    finally:
        counter.close()


def test_what_is_read_without_a_card_is_nobody_elses(counter: Counter, library: CounterLibrary) -> None:
    titles = [unique("探す"), unique("見る"), unique("読む")]
    books = [library.item(title=title) for title in titles]
    first, second = library.patron(), library.patron()
    for number, title in enumerate(titles[:2], start=1):
        open_reservation(counter, title[:8], title)
        counter.f(11)
        assert (counter.strip().word, counter.strip().right) == ("まとめて予約に入れました", f"{number}件")
    counter.f(RESERVATIONS)
    read(counter, books[2], "利用者カード待ち")
    # somebody's card on another page: that they stand there now does not make it theirs
    counter.f(1)
    counter.open_visit(first)
    counter.f(RESERVATIONS)
    counter.settled()
    assert {row.state for row in counter.rows()} == {"利用者カード待ち"}
    assert waits_for(library, first) == []
    # they go: it stays, as not reserved, and without a title
    counter.f(1)
    counter.open_visit(second)
    counter.f(2)
    counter.f(RESERVATIONS)
    assert {(row.state, row.sign) for row in counter.rows()} == {("予約していません", Sign.REFUSED)}
    assert [row.title for row in counter.rows()] == ["—", "—", books[2]]
    assert where_said(*titles) == []
    counter.scan(first)
    counter.until(lambda: first in counter.left_text() and counter.rows() == ())
    assert waits_for(library, first) == waits_for(library, second) == []
    # somebody else's card in the form: nothing goes to whoever is at the counter
    open_reservation(counter, titles[0][:8], titles[0])
    session_of(counter).search._reserving.take_card(second)
    counter.f(11)
    assert (counter.strip().word, counter.strip().right) == ("まとめて予約に入れました", "1件")
    counter.f(RESERVATIONS)
    counter.settled()
    assert waits_for(library, first) == waits_for(library, second) == []
    counter.f(11)
    counter.f(11)
    assert counter.rows() == ()
    # their card, read again here: now it is said whose they are
    read(counter, books[0], "利用者カード待ち")
    counter.f(1)
    counter.open_visit(first)
    counter.f(RESERVATIONS)
    counter.scan(first)
    counter.until(lambda: [row.state for row in counter.rows()] == ["予約しました"])
    assert len(waits_for(library, first)) == 1
