"""Registration at the real window: by keys, card and input method, once, and for a whole family."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from madoguchi.app.server import tables as t
from madoguchi.widgets.checkout_page import CheckoutPage
from madoguchi.widgets.look.views import Tone
from madoguchi.widgets.patrons_page import PATRONS
from tests.counter.harness import Counter, CounterLibrary, CutLine, SlowServer, both, where_said
from tests.counter.registering import (
    HANAKO,
    NEW_CARD,
    NEXT_CARD,
    TARO,
    YAMADA,
    beside,
    compose,
    errors,
    focused,
    form,
    form_is_open,
    open_form,
    patron_of,
    type_into,
)


def family_of(library: CounterLibrary, card: str) -> set[str]:
    """The cards of whoever is of one family with this one."""
    own = library.id_of_patron(card)
    families = sa.select(t.family_member.c.family_id).where(t.family_member.c.patron_id == own)
    members = sa.select(t.family_member.c.patron_id).where(t.family_member.c.family_id.in_(families))
    rows = library.rows(sa.select(t.card.c.number).where(t.card.c.patron_id.in_(members)))
    return {str(row["number"]) for row in rows}


@both
def test_somebody_is_registered_and_their_family_after_them(
    counter: Counter, library: CounterLibrary
) -> None:
    open_form(counter)
    assert focused(counter) == "card_number"
    counter.f(10)
    # all that is wrong at once, each with its sentence, the first under the hand
    assert {"card_number", "name", "kana", "birth_date", "proof"} <= set(errors(counter))
    assert focused(counter) == "card_number"
    assert "まだ登録していません" in form(counter).message_line().text()
    # the name is composed, its reading goes beside it; the card is read wherever the keyboard is
    form(counter).field("name").start()
    compose([*YAMADA, *TARO])
    assert form(counter).values()["name"] == "山田\u3000太郎"
    assert form(counter).values()["kana"] == "ヤマダ タロウ"
    counter.scan(NEW_CARD)
    counter.until(lambda: form(counter).values()["card_number"] == NEW_CARD)
    assert focused(counter) == "name"
    type_into(counter, {"birth_date": "S55.4.1"})
    assert form(counter).field("birth_date").field_view().hint.startswith("1980年4月1日・")
    type_into(counter, {"postal_code": "2510037"})
    counter.until(lambda: form(counter).values()["address"] == "神奈川県藤沢市鵠沼海岸")
    assert form(counter).values()["category"] == "resident"
    form(counter).field("address").start()
    counter.press(Qt.Key.Key_End)
    counter.type("1-2-3", enter=False)
    type_into(counter, {"telephone": "0466-00-0001", "proof": "licence"})
    counter.f(10)
    counter.until(lambda: counter.strip().word == "登録しました")
    patron = patron_of(library, NEW_CARD)
    assert (patron["name"], patron["kana"], patron["birth_date"]) == (
        "山田 太郎", "ヤマダ タロウ", dt.date(1980, 4, 1),
    )  # fmt: skip
    assert (patron["address"], patron["postal_code"]) == ("神奈川県藤沢市鵠沼海岸1-2-3", "2510037")
    assert (patron["category"], patron["proof"], patron["notice_by"]) == ("resident", "licence", "telephone")
    # the next of the family: one key, and only what is their own is typed
    counter.f(10)
    counter.until(lambda: focused(counter) == "card_number")
    taken_over = form(counter).values()
    assert (taken_over["name"], taken_over["kana"]) == ("山田 ", "ヤマダ ")
    assert taken_over["address"] == "神奈川県藤沢市鵠沼海岸1-2-3"
    assert (taken_over["birth_date"], taken_over["proof"], taken_over["card_number"]) == ("", "", "")
    counter.scan(NEXT_CARD)
    counter.until(lambda: focused(counter) == "name")
    compose([("は", ""), ("はな", ""), ("花", ""), ("", "花")])
    assert form(counter).values()["kana"] == "ヤマダ ハナ"
    type_into(counter, {"birth_date": "R8/4/1"})
    assert (form(counter).values()["category"], form(counter).values()["proof"]) == ("child", "not_needed")
    counter.f(10)
    counter.until(lambda: patron_of(library, NEXT_CARD) != {})
    counter.until(lambda: counter.strip().right == NEXT_CARD)
    assert patron_of(library, NEXT_CARD)["name"] == "山田 花"
    assert family_of(library, NEW_CARD) == {NEW_CARD, NEXT_CARD}
    # done: whoever was registered last is seen, and may borrow
    counter.press(Qt.Key.Key_Escape)
    counter.until(lambda: not form_is_open(counter) and NEXT_CARD in counter.left_text())


@both
def test_nobody_is_registered_twice_by_accident(counter: Counter, library: CounterLibrary) -> None:
    there = library.patron(
        name="見本 花子", kana="ミホン ハナコ", birth_date=dt.date(1980, 4, 1), telephone="0466-00-0001"
    )
    open_form(counter)
    type_into(counter, {"kana": "みほんはなこ", "birth_date": "S55.4.1"})
    counter.until(lambda: beside(counter).view() is not None)
    shown = beside(counter).text()
    assert "見本 花子" in shown
    assert "フリガナ ミホン ハナコ 一致" in shown
    assert "0466" not in shown, "what is not needed to tell them apart is not shown"
    # the record instead; what is typed waits
    counter.f(9)
    counter.until(lambda: not form_is_open(counter) and there in counter.left_text())
    counter.f(9)
    assert form(counter).values()["kana"] == "みほんはなこ"
    type_into(counter, HANAKO | {"name": "見本 華子"})
    counter.scan(NEW_CARD)
    counter.until(lambda: form(counter).values()["card_number"] == NEW_CARD)
    counter.f(10)
    counter.until(lambda: "same_person" in errors(counter))
    assert focused(counter) == "same_person"
    # nothing is answered beforehand
    counter.f(10)
    assert "same_person" in errors(counter)
    assert patron_of(library, NEW_CARD) == {}
    type_into(counter, {"same_person": "new"})
    counter.f(10)
    counter.until(lambda: counter.strip().word == "登録しました")
    assert patron_of(library, NEW_CARD)["name"] == "見本 華子"


def test_somebody_who_turns_out_to_be_there_is_opened(counter: Counter, library: CounterLibrary) -> None:
    there = library.patron(kana="ミホン ハナコ", birth_date=dt.date(1980, 4, 1))
    open_form(counter)
    type_into(counter, HANAKO | {"card_number": NEW_CARD})
    counter.f(10)
    counter.until(lambda: "same_person" in errors(counter))
    type_into(counter, {"same_person": str(library.id_of_patron(there))})
    counter.f(10)
    counter.until(lambda: not form_is_open(counter) and there in counter.left_text())
    assert patron_of(library, NEW_CARD) == {}


def test_what_the_clerk_has_typed_is_never_overwritten(counter: Counter) -> None:
    open_form(counter)
    type_into(counter, {"kana": "サンダ"})
    form(counter).field("name").start()
    compose(YAMADA)
    assert form(counter).values()["kana"] == "サンダ"
    type_into(counter, {"address": "1-2-3", "postal_code": "2510037"})
    counter.until(lambda: form(counter).values()["address"] == "神奈川県藤沢市鵠沼海岸1-2-3")
    type_into(counter, {"address": "自分で書いた住所", "postal_code": "2520804"})
    type_into(counter, {"category": "commuter", "birth_date": "R8/4/1"})
    counter.turn()
    counter._qtbot.wait(300)
    assert form(counter).values()["address"] == "自分で書いた住所"
    assert form(counter).values()["category"] == "commuter"
    # of a code with several towns one is chosen
    type_into(counter, {"address": "", "postal_code": "498-0000"})
    counter.until(lambda: len(form(counter).field("town").controls()) == 2)
    assert form(counter).field("town").isVisible()
    type_into(counter, {"town": "三重県桑名郡木曽岬町"})
    assert form(counter).values()["address"] == "三重県桑名郡木曽岬町"
    type_into(counter, {"postal_code": "999-9999"})
    counter.until(lambda: "見つかりません" in form(counter).field("postal_code").field_view().hint)
    assert form(counter).field("town").controls() == ()


def test_a_reading_is_taken_from_what_is_composed(counter: Counter) -> None:
    open_form(counter)
    form(counter).field("name").start()
    # corrected on the way, half-width, one part committed before the other
    compose([("ﾔ", ""), ("ﾔﾏ", ""), ("ﾔ", ""), ("ﾔﾏﾀﾞ", ""), ("山田", ""), ("山田", ""), ("", "山田")])
    counter.press(Qt.Key.Key_Space, " ")
    counter.until(lambda: form(counter).values()["name"] == "山田 ")
    compose(
        [("は", ""), ("はな", ""), ("はなこ", ""), ("花子", ""), ("花個", ""), ("花子", ""), ("", "花子")]
    )
    assert form(counter).values()["kana"] == "ヤマダ ハナコ"
    # given up, and begun anew
    compose([("だ", ""), ("だめ", ""), ("", "")])
    assert form(counter).values()["kana"] == "ヤマダ ハナコ"
    field = form(counter).field("name").controls()[0]
    field.selectAll()  # type: ignore[attr-defined]
    counter.press(Qt.Key.Key_Delete)
    assert form(counter).values()["kana"] == ""
    compose([*YAMADA, ("たろう", ""), ("太朗", ""), ("", "太朗")])
    # another character of the same reading: what is deleted takes its reading along
    counter.press(Qt.Key.Key_Backspace)
    counter.press(Qt.Key.Key_Backspace)
    assert form(counter).values()["kana"] == "ヤマダ "
    compose(TARO)
    assert form(counter).values()["kana"] == "ヤマダ タロウ"


def test_what_comes_late_reaches_nobody_else(
    counter: Counter, slow: SlowServer, library: CounterLibrary
) -> None:
    known, other = library.patron(), library.patron(name="湘南 次郎")
    session = counter.window.pages.session
    assert session is not None
    for leave in (lambda: counter.f(2), lambda: counter.press(Qt.Key.Key_Escape)):
        open_form(counter)
        counter.settled()
        slow.hold()
        counter.scan(known)
        leave()
        counter.f(2)
        slow.let_go()
        counter.settled()
        assert session.patron_at_desk().card == ""
        counter.f(PATRONS)
        if form_is_open(counter):
            counter.press(Qt.Key.Key_Escape)
    # misread it is said to be so
    counter.f(9)
    counter.scan(known[:-1] + str((int(known[-1]) + 1) % 10))
    assert counter.strip().word == "検査数字が合いません"
    # on its way it is not thrown away by one key, and a refusal marks what waits
    type_into(counter, HANAKO | {"card_number": known})
    counter.settled()
    slow.hold()
    counter.f(10)
    counter.press(Qt.Key.Key_Escape)
    assert not form_is_open(counter)
    slow.let_go()
    counter.until(lambda: counter.strip().tone is Tone.REFUSED)
    counter.f(9)
    assert set(errors(counter)) == {"card_number"}
    counter.scan(NEW_CARD)
    counter.until(lambda: form(counter).values()["card_number"] == NEW_CARD)
    assert errors(counter) == {}
    counter.f(10)
    counter.until(lambda: counter.strip().word == "登録しました")
    # who has been registered is named to nobody else
    counter.f(1)
    counter.open_visit(other)
    counter.f(PATRONS)
    assert not form_is_open(counter)
    assert where_said("見本 花子", NEW_CARD) == []


@both
def test_it_waits_for_the_clerk_whatever_comes_between(counter: Counter, library: CounterLibrary) -> None:
    known, item, lost = library.patron(), library.item(), library.patron(lost_card="L7000001")
    del lost
    open_form(counter)
    type_into(counter, {"name": "途中 さん", "birth_date": "S55.4.1", "telephone": "0466-00-0001"})
    typed = form(counter).values()
    # an F-key
    counter.f(2)
    assert "登録中" in counter.window.frame.rail.key(5).accessibleName()
    counter.f(PATRONS)
    assert form(counter).values() == typed
    assert focused(counter) == "telephone", "the keyboard is where it was"
    # somebody comes with their card
    counter.scan(known)
    counter.until(lambda: isinstance(counter.window.page, CheckoutPage) and known in counter.left_text())
    counter.f(PATRONS)
    assert form(counter).values() == typed
    # and with a book
    counter.scan(item)
    counter.until(lambda: library.loans() == [(known, item)])
    counter.f(PATRONS)
    assert form(counter).values() == typed
    # a card that nobody has is theirs
    counter.scan(NEW_CARD)
    counter.until(lambda: form(counter).values()["card_number"] == NEW_CARD)
    # one key does not throw it away
    counter.press(Qt.Key.Key_Escape)
    assert form(counter).values()["name"] == "途中 さん"
    assert "もう一度 Esc" in form(counter).message_line().text()
    counter.press(Qt.Key.Key_Escape)
    assert not form_is_open(counter)
    counter.turn()
    assert "登録中" not in counter.window.frame.rail.key(5).accessibleName()
    assert where_said("途中") == []


@both
def test_a_number_that_was_somebodys_is_refused(counter: Counter, library: CounterLibrary) -> None:
    taken = library.patron()
    open_form(counter)
    type_into(counter, HANAKO | {"card_number": taken})
    counter.f(10)
    counter.until(lambda: counter.strip().tone is Tone.REFUSED)
    assert set(errors(counter)) == {"card_number"}
    type_into(counter, {"card_number": NEW_CARD})
    counter.f(10)
    counter.until(lambda: counter.strip().word == "登録しました")


@pytest.mark.parametrize("leaves", ["", "is locked", "changes it then"])
def test_with_the_line_down_it_is_done_once_when_it_is_back(
    qtbot: QtBot, qapp: QApplication, embedded: CounterLibrary, leaves: str
) -> None:
    line = CutLine(embedded)
    counter = Counter(qtbot, qapp, embedded, line)
    try:
        counter.sign_in()
        open_form(counter)
        type_into(counter, HANAKO | {"card_number": NEW_CARD})
        counter._qtbot.wait(400)
        line.down = True
        counter.f(10)
        counter.until(lambda: "回線" in form(counter).message_line().text())
        if leaves:
            counter.f(12)
        else:
            counter.f(2)
        line.down = False
        counter.until(lambda: patron_of(embedded, NEW_CARD) != {})
        if leaves:
            counter.until(lambda: counter.window.page is None and not counter.window.away.leaving)
            counter.sign_in()
            counter.until(lambda: form_is_open(counter))
            if leaves == "changes it then":
                type_into(counter, {"telephone": "0466-00-0009"})
            counter.f(10)
        if leaves == "changes it then":
            # what was changed is not said to be registered
            counter.until(lambda: counter.strip().tone is Tone.REFUSED)
            assert set(errors(counter)) == {"card_number"}
        else:
            counter.until(lambda: counter.strip().word == "登録しました")
        assert len(embedded.rows(sa.select(t.patron).where(t.patron.c.name == "見本 花子"))) == 1
    finally:
        counter.close()


def test_who_is_alike_is_asked_behind_every_scan(counter: Counter, slow: SlowServer) -> None:
    open_form(counter)
    asked: list[str] = []
    look_up = counter.application.worker.look_up

    def noted(kind: str, *rest: object) -> None:
        asked.append(kind)
        look_up(kind, *rest)  # type: ignore[arg-type]

    counter.application.worker.look_up = noted  # type: ignore[method-assign,assignment]
    slow.hold()
    type_into(counter, {"kana": "ミホン ハナコ", "birth_date": "S55.4.1"})
    counter.until(lambda: asked == ["alike"])
    type_into(counter, {"email": "hanako@example.jp"})
    counter._qtbot.wait(400)
    assert asked == ["alike"], "only what is compared is asked about"
    counter.f(1)
    counter.f(PATRONS)
    assert form(counter).values()["email"] == "hanako@example.jp"
    slow.let_go()
