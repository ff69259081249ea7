"""Finding a patron at the real window: on Enter alone, one hit opens, nothing stays that is not needed."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from madoguchi.app.training.situations import patron_number
from madoguchi.widgets.look.patron_finder import BIRTH, TELEPHONE, WORDS, PatronFinder
from madoguchi.widgets.look.views import Tone
from madoguchi.widgets.patrons_page import PATRONS
from tests.counter.harness import Counter, CounterLibrary, CutLine, both, unique, where_said
from tests.counter.patrons import finder, found, look_for, open_record, patrons_page, record_is_open
from tests.support.library import TODAY


def two_of_one_name(library: CounterLibrary) -> tuple[str, str]:
    cards = [
        library.patron(
            name="鵠沼 花子",
            kana="クゲヌマ ハナコ",
            birth_date=dt.date(1980, 4, day),
            telephone=f"0466-00-000{day}",
        )
        for day in (1, 2)
    ]
    return cards[0], cards[1]


@both
def test_who_is_found_is_told_apart_and_one_hit_opens(counter: Counter, library: CounterLibrary) -> None:
    first, second = two_of_one_name(library)
    library.patron(name="辻堂 次郎", kana="ツジドウ ジロウ", birth_date=dt.date(1990, 12, 31))
    counter.f(PATRONS)
    counter.type("げぬ", enter=False)
    counter.turn()
    counter.settled()
    # nobody is shown before Enter
    assert found(counter) == []
    counter.press(Qt.Key.Key_Return, "\r")
    counter.until(lambda: len(found(counter)) == 2)
    # the whole birth date, since name and year are the same
    assert found(counter) == [
        ("鵠沼 花子", "クゲヌマ ハナコ", "1980/04/01", f"…{first[-4:]}"),
        ("鵠沼 花子", "クゲヌマ ハナコ", "1980/04/02", f"…{second[-4:]}"),
    ]
    # with the keyboard in the box: down, and Enter again opens
    assert QApplication.focusWidget() is finder(counter).field(WORDS).edit()
    counter.press(Qt.Key.Key_Down)
    counter.press(Qt.Key.Key_Return, "\r")
    counter.until(lambda: record_is_open(counter, "鵠沼 花子"))
    assert second in counter.left_text()
    # back to those who were found
    counter.press(Qt.Key.Key_Escape, "\x1b")
    assert len(found(counter)) == 2
    assert where_said(second) == []
    # one hit opens at once, by whatever the box understands
    for typed in ("つじ", "H2.12.31", "鵠沼 0001"):
        finder(counter).start()
        counter.type(typed)
        name = "鵠沼 花子" if "鵠沼" in typed else "辻堂 次郎"
        counter.until(lambda name=name: record_is_open(counter, name))
        counter.press(Qt.Key.Key_Escape, "\x1b")
    finder(counter).set_values({})
    finder(counter).field(TELEPHONE).edit().setFocus()
    counter.type("0002", enter=False)
    finder(counter).field(BIRTH).edit().setFocus()
    counter.type("昭和55年4月2日")
    counter.until(lambda: record_is_open(counter, "鵠沼 花子"))
    assert second in counter.left_text()


def test_why_nobody_is_shown_is_said(counter: Counter, library: CounterLibrary) -> None:
    library.many_patrons(51, name="見本 太郎", kana="ミホン タロウ")
    look_for(counter, "い")
    counter.until(lambda: counter.strip().tone is Tone.REFUSED)
    assert counter.strip().word == "文字が足りません"
    assert "2文字以上" in finder(counter).results.view().empty
    finder(counter).start()
    counter.type("だれもいない")
    counter.until(lambda: "見つかりません" in finder(counter).results.view().empty)
    finder(counter).start()
    counter.type("みほん")
    counter.until(lambda: len(found(counter)) == 50)
    assert finder(counter).results.view().count == "50人以上"
    assert found(counter)[0][3] == "カードなし"
    # what is wrong in a field is said there, all at once, and nothing is asked
    finder(counter).set_values({WORDS: "みほん", TELEPHONE: "12", BIRTH: "55.4.1"})
    finder(counter).start()
    counter.press(Qt.Key.Key_Return, "\r")
    assert found(counter) == []
    errors = [finder(counter).field(name).field_view().error for name in (TELEPHONE, BIRTH)]
    assert errors == ["数字4桁で入力してください", "元号をつけるか、西暦4桁で入力してください"]
    assert QApplication.focusWidget() is finder(counter).field(TELEPHONE).edit()


@both
def test_a_card_opens_its_record_and_a_lost_one_says_so_loudly(
    counter: Counter, library: CounterLibrary
) -> None:
    name, lost = unique("鵠沼"), patron_number(910)
    card = library.patron(name=name, lost_card=lost)
    open_record(counter, card, name)
    assert counter.strip().tone is Tone.DONE
    counter.scan(lost)
    counter.until(lambda: counter.strip().word == "紛失届のあるカード")
    assert counter.strip().tone is Tone.REFUSED
    # whoever was open before is not any more
    assert isinstance(patrons_page(counter).centre(), PatronFinder)
    assert where_said(name, card, lost) == []
    # typed into the box it is a card, too
    counter.type(card)
    counter.until(lambda: record_is_open(counter, name))
    counter.scan(patron_number(900))
    counter.until(lambda: counter.strip().word == "登録のない利用者番号")
    assert counter.strip().tone is Tone.REFUSED


def test_an_item_goes_to_whoever_is_at_the_counter(counter: Counter, library: CounterLibrary) -> None:
    item, card = library.item(), library.patron(name="鵠沼 花子")
    counter.f(PATRONS)
    counter.scan(item)
    assert counter.strip().word == "資料のバーコードです"
    counter.f(1)
    counter.open_visit(card)
    counter.f(PATRONS)
    # F10 opens whoever is there
    counter.f(10)
    counter.until(lambda: record_is_open(counter, "鵠沼 花子"))
    counter.scan(item)
    counter.until(lambda: library.loans() == [(card, item)])
    counter.until(lambda: counter.rows()[-1].title == library.title_of(item))
    # what is no card and no item
    counter.f(PATRONS)
    counter.scan("9784101010137")
    assert counter.strip().word == "利用者番号ではありません"


def test_who_was_found_goes_with_the_visit(counter: Counter, library: CounterLibrary) -> None:
    two_of_one_name(library)
    name = unique("辻堂")
    card = library.patron(name=name, kana="ツジドウ")
    look_for(counter, "くげぬま")
    counter.until(lambda: len(found(counter)) == 2)
    counter.f(1)
    counter.open_visit(card)
    counter.f(PATRONS)
    assert found(counter) == []
    assert finder(counter).values() == {}
    assert where_said("鵠沼") == []
    # the record of whoever is at the counter stays while they are there, and goes with them
    counter.f(10)
    counter.until(lambda: record_is_open(counter, name))
    counter.f(1)
    counter.f(11)
    counter.until(lambda: 11 not in counter.live_keys())
    counter.f(PATRONS)
    assert isinstance(patrons_page(counter).centre(), PatronFinder)
    assert where_said(name) == []


def test_the_lock_keeps_what_was_typed_and_asks_for_nobody(counter: Counter, library: CounterLibrary) -> None:
    two_of_one_name(library)
    look_for(counter, "くげぬま")
    counter.until(lambda: len(found(counter)) == 2)
    counter.f(12)
    counter.until(lambda: counter.window.page is None)
    assert where_said("鵠沼", "くげぬま") == []
    counter.sign_in()
    assert finder(counter).values() == {WORDS: "くげぬま"}
    counter.settled()
    assert found(counter) == []
    # an open record is opened anew
    counter.press(Qt.Key.Key_Return, "\r")
    counter.until(lambda: len(found(counter)) == 2)
    counter.press(Qt.Key.Key_Return, "\r")
    counter.until(lambda: record_is_open(counter, "鵠沼 花子"))
    counter.f(12)
    counter.until(lambda: counter.window.page is None)
    assert where_said("鵠沼") == []
    counter.sign_in()
    counter.until(lambda: record_is_open(counter, "鵠沼 花子"))


def test_the_line_down_is_said_and_the_search_made_up_for(
    qtbot: QtBot, qapp: QApplication, embedded: CounterLibrary
) -> None:
    line = CutLine(embedded)
    counter = Counter(qtbot, qapp, embedded, line)
    try:
        counter.sign_in()
        two_of_one_name(embedded)
        counter.f(PATRONS)
        counter.settled()
        line.down = True
        counter.type("くげぬま")
        counter.until(lambda: "回線" in finder(counter).results.view().empty)
        line.down = False
        counter.until(lambda: len(found(counter)) == 2)
    finally:
        counter.close()


def test_the_privacy_key_hides_whoever_was_found(counter: Counter, library: CounterLibrary) -> None:
    kana = unique("クゲヌマ")
    library.patron(name="鵠沼 花子", kana=kana)
    library.patron(name="鵠沼 太郎", kana=kana, birth_date=TODAY - dt.timedelta(days=4000))
    look_for(counter, kana)
    counter.until(lambda: len(found(counter)) == 2)
    counter.press(Qt.Key.Key_Escape, "\x1b")
    # at once: nothing has been waited for
    assert where_said("鵠沼", kana) == []
    assert len(found(counter)) == 2
    counter.press(Qt.Key.Key_Escape, "\x1b")
    assert [cells[0] for cells in found(counter)] == ["鵠沼 花子", "鵠沼 太郎"]
    assert finder(counter).values() == {WORDS: kana}
