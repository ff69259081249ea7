"""A patron's record at the real window: what is masked, and every act that there is about them."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from madoguchi.app.server import tables as t
from madoguchi.app.training.situations import patron_number
from madoguchi.barcode.commands import Command
from madoguchi.widgets import patron_act_forms as forms
from madoguchi.widgets.look.views import Sign, Tone
from madoguchi.widgets.patrons_page import PATRONS
from tests.counter.harness import Counter, CounterLibrary, CutLine, SlowServer, both, unique, where_said
from tests.counter.patrons import (
    act_form,
    choose,
    finder,
    form_is_open,
    hold,
    let_go,
    open_record,
    patrons_page,
    person,
    record,
    record_is_open,
    rows,
)
from tests.counter.registering import errors, patron_of, type_into
from tests.counter.test_commands import command
from tests.support.library import TODAY

NEW_CARD = patron_number(900)
ADDRESS = {"postal_code": "2510037", "address": "藤沢市鵠沼海岸1-2-3", "telephone": "0466-00-1234"}


def hanako(library: CounterLibrary, **changes: object) -> tuple[str, str]:
    """Somebody with an address; name and card."""
    name = unique("鵠沼")
    values = {"name": name, "kana": "クゲヌマ ハナコ", "email": "hanako@example.jp", **ADDRESS}
    return name, library.patron(**(values | changes))


def proofs(counter: Counter) -> list[str]:
    """The kinds of proof that the form in sight offers."""
    return [each.reason.key for each in act_form(counter).field(forms.PROOF).controls()]  # type: ignore[attr-defined]


# -- what is masked ------------------------------------------------------------------------------------


@both
def test_what_is_masked_is_seen_while_the_key_is_held(
    counter: Counter, library: CounterLibrary, qtbot: QtBot
) -> None:
    name, card = hanako(library)
    secret = (*ADDRESS.values(), "hanako@example.jp", "昭和55年")
    open_record(counter, card, name)
    assert where_said(*secret) == []
    hold(counter, 11)
    counter.until(lambda: person(counter).shown)
    values = {line.label: line.value for line in person(counter).lines}
    assert values["電話"] == "0466-00-1234"
    assert values["住所"] == "〒251-0037  藤沢市鵠沼海岸1-2-3"
    assert values["生年月日"] == "昭和55年4月1日 (1980)"
    let_go(counter, 11)
    # at once: nothing has been waited for
    assert not person(counter).shown
    assert where_said(*secret) == []
    # by mouse it is a switch, until the record is closed
    key = counter.window.frame.rail.key(11)
    key.click()
    assert person(counter).shown
    key.click()
    assert where_said(*secret) == []
    key.click()
    assert person(counter).shown
    counter.press(Qt.Key.Key_Escape, "\x1b")
    assert where_said(*secret, name) == []
    # another window has the keyboard: the release would be told there
    open_record(counter, card, name)
    hold(counter, 11)
    counter.until(lambda: person(counter).shown)
    other = QWidget()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    counter.until(lambda: not person(counter).shown)


def test_the_privacy_key_hides_the_record_and_what_is_done_about_it(
    counter: Counter, library: CounterLibrary
) -> None:
    note = unique("傘")
    name, card = hanako(library, note=note)
    open_record(counter, card, name)
    hold(counter, 11)
    counter.until(lambda: person(counter).shown)
    counter.window.frame.corner.hide_key().click()
    # at once: nothing has been waited for
    assert where_said(name, card, note, *ADDRESS.values()) == []
    let_go(counter, 11)
    # nothing is opened and nothing seen behind the veil
    counter.press(Qt.Key.Key_Return, "\r")
    counter.f(11)
    counter.settled()
    assert where_said(name, card, note, *ADDRESS.values()) == []
    counter.press(Qt.Key.Key_Escape, "\x1b")
    assert name in counter.left_text()
    assert not person(counter).shown
    choose(counter, "withdraw")
    assert form_is_open(counter)
    counter.window.frame.corner.hide_key().click()
    assert where_said(name, card, note) == []
    assert not form_is_open(counter)


# -- acts ----------------------------------------------------------------------------------------------


@both
def test_acts_by_the_keyboard_from_the_record_to_the_answer(
    counter: Counter, library: CounterLibrary
) -> None:
    name, card = hanako(library)
    other = library.patron(name="湘南 次郎", kana="ショウナン ジロウ")
    open_record(counter, card, name)
    # a note, which is wrong first: all of it is told at once
    choose(counter, "note")
    type_into(counter, {forms.ENDS_ON: "1301"})
    counter.f(10)
    assert set(errors(counter)) == {forms.TEXT, forms.ENDS_ON}
    type_into(counter, {forms.ENDS_ON: "０６３０", forms.KIND: forms.BLOCK})
    act_form(counter).set_values({forms.TEXT: "弁償が\n済むまで"})
    counter.f(10)
    counter.until(lambda: counter.strip().word == "メモを記録しました" and not form_is_open(counter))
    counter.until(lambda: "利用停止" in counter.left_text())
    (block,) = [cells for key, cells in rows(counter).items() if key.startswith("end_note:")]
    assert block[0] == "利用停止"
    assert block[1].startswith("弁償が 済むまで（訓練 太郎")
    assert block[2] == "2026/06/30"
    assert record(counter).table.records_view().rowAt(0) == 0, "what has just been written is in sight"
    # it is ended
    choose(counter, "end_note")
    counter.f(10)
    counter.until(lambda: counter.strip().word == "解除しました" and "利用停止" not in counter.left_text())
    # a family, by the other's card, and somebody who picks up
    for kind, word in ((forms.FAMILY, "家族"), (forms.PICK_UP, "受取人")):
        choose(counter, "tie")
        type_into(counter, {forms.KIND: kind})
        counter.scan(other)
        assert act_form(counter).values()[forms.CARD] == other
        counter.f(10)
        counter.until(
            lambda word=word: any(cells[0] == word and "湘南" in cells[1] for cells in rows_or_none(counter))
        )
    for act, said in (("end_pick_up", "受取人から外しました"), ("leave_family", "家族から外しました")):
        choose(counter, act)
        counter.f(10)
        counter.until(lambda said=said: counter.strip().word == said and not form_is_open(counter))
    counter.until(lambda: not any("湘南" in cells[1] for cells in rows_or_none(counter)))
    # the card is lost; with the new one their visit begins
    choose(counter, "card")
    counter.scan(NEW_CARD)
    # a second F10 in the moment in which the form has gone begins no visit
    closed = patrons_page(counter)._acting.closed
    again = closed.connect(lambda: counter.f(10))
    counter.f(10)
    counter.until(lambda: NEW_CARD in counter.left_text())
    closed.disconnect(again)
    assert record_is_open(counter, name)
    assert patron_of(library, NEW_CARD)["name"] == name
    counter.pass_guard()
    counter.f(10)
    counter.until(lambda: counter.strip().word == "利用者を確認" and NEW_CARD in counter.left_text())
    counter.scan_and_wait(library.item())
    assert counter.rows()[-1].sign is Sign.DONE


def rows_or_none(counter: Counter) -> list[tuple[str, ...]]:
    return [] if form_is_open(counter) else list(rows(counter).values())


@both
def test_a_change_is_checked_and_somebody_elses_change_is_not_written_over(
    counter: Counter, library: CounterLibrary
) -> None:
    name, card = hanako(library)
    open_record(counter, card, name)
    choose(counter, "change")
    counter.until(lambda: form_is_open(counter))
    values = act_form(counter).values()
    assert values["address"] == ADDRESS["address"]
    assert values["birth_date"] == "1980/04/01"
    assert "card_number" not in values
    type_into(counter, {"telephone": "12", "birth_date": "R30.1.1"})
    counter.f(10)
    assert {"telephone", "birth_date"} <= set(errors(counter))
    type_into(counter, {"telephone": "0466-00-9999", "birth_date": "S55.4.2", "address": "藤沢市辻堂1-1"})
    # a card that is read does not lose what is typed
    counter.scan(library.patron())
    assert counter.strip().word == "書きかけがあります"
    counter.f(10)
    counter.until(lambda: counter.strip().word == "変更しました" and not form_is_open(counter))
    kept = patron_of(library, card)
    assert (kept["address"], kept["telephone"]) == ("藤沢市辻堂1-1", "0466-00-9999")
    assert kept["birth_date"] == dt.date(1980, 4, 2)
    # another terminal was quicker
    counter.until(lambda: record_is_open(counter, name))
    counter.settled()
    choose(counter, "change")
    counter.until(lambda: form_is_open(counter))
    with library.engine.connect() as connection:
        connection.execute(
            t.patron.update()
            .where(t.patron.c.id == library.id_of_patron(card))
            .values(telephone="0466-00-5555", version=t.patron.c.version + 1)
        )
    type_into(counter, {"telephone": "0466-00-7777"})
    counter.f(10)
    counter.until(lambda: counter.strip().word == "ほかの端末で変更されました")
    assert counter.strip().tone is Tone.REFUSED
    assert patron_of(library, card)["telephone"] == "0466-00-5555"
    counter.until(lambda: record_is_open(counter, name))


def test_a_family_begins_with_address_and_telephone(counter: Counter, library: CounterLibrary) -> None:
    _, card = hanako(library, name="鵠沼 花子")
    open_record(counter, card, "鵠沼 花子")
    choose(counter, "relative")
    counter.until(lambda: form_is_open(counter))
    values = act_form(counter).values()
    assert values["address"] == ADDRESS["address"]
    assert values["telephone"] == ADDRESS["telephone"]
    assert values["name"] == "鵠沼 "
    assert "2人目" in act_form(counter).accessibleDescription()
    # what is taken over has not been typed
    assert "登録中" not in counter.window.frame.rail.key(5).accessibleName()
    assert patrons_page(counter)._registration.asked.family_of == library.id_of_patron(card)
    # half typed it waits while somebody else's record is looked at
    type_into(counter, {"name": "鵠沼 太郎"})
    counter.press(Qt.Key.Key_F6)
    counter.f(PATRONS)
    assert act_form(counter).values()["name"] == "鵠沼 太郎"


@both
def test_a_card_out_of_use_is_renewed_with_proof(counter: Counter, library: CounterLibrary) -> None:
    name, card = hanako(library, last_used_on=TODAY - dt.timedelta(days=4 * 366))
    open_record(counter, card, name)
    assert "期限切れ" in counter.left_text()
    choose(counter, "renew")
    counter.until(lambda: form_is_open(counter))
    # that no proof is needed is offered to nobody of whom the server would not believe it
    assert "not_needed" not in proofs(counter)
    counter.f(10)
    assert set(errors(counter)) == {forms.PROOF}
    type_into(counter, {forms.PROOF: "licence"})
    counter.f(10)
    counter.until(lambda: counter.strip().word == "更新しました" and "期限切れ" not in counter.left_text())
    choose(counter, "change")
    counter.until(lambda: form_is_open(counter))
    assert "not_needed" not in proofs(counter)
    counter.press(Qt.Key.Key_Escape)
    # until junior high school is over
    born = TODAY - dt.timedelta(days=10 * 366)
    name, card = hanako(library, birth_date=born, last_used_on=TODAY - dt.timedelta(days=4 * 366))
    open_record(counter, card, name)
    choose(counter, "renew")
    counter.until(lambda: form_is_open(counter))
    assert proofs(counter)[-1] == "not_needed"
    type_into(counter, {forms.PROOF: "not_needed"})
    counter.f(10)
    counter.until(lambda: counter.strip().word == "更新しました" and "期限切れ" not in counter.left_text())


def test_a_loss_alone_leaves_no_card_and_nothing_can_be_lent(
    counter: Counter, library: CounterLibrary
) -> None:
    name, card = hanako(library)
    taken = library.patron()
    open_record(counter, card, name)
    choose(counter, "card")
    counter.f(10)
    assert set(errors(counter)) == {forms.CARD}
    # somebody's already
    counter.scan(taken)
    counter.f(10)
    counter.until(lambda: counter.strip().word == "使われている利用者番号")
    assert "別のカード" in act_form(counter).message_line().text()
    type_into(counter, {forms.WHAT: forms.ONLY_LOST})
    counter.f(10)
    counter.until(
        lambda: counter.strip().word == "紛失を記録しました" and "使えるカードなし" in counter.left_text()
    )
    counter.pass_guard()
    counter.f(10)
    assert counter.strip().word == "使えるカードがありません"
    assert record_is_open(counter, name)


@both
def test_a_withdrawal_needs_a_word_and_no_open_loan_and_erases(
    counter: Counter, library: CounterLibrary
) -> None:
    name, card = hanako(library)
    item = library.item()
    library.lent(card, item, due_on=TODAY)
    kept = library.item()
    library.reserved(card, kept, state="ready", trapped_item_id=library.id_of_item(kept), keep_until=TODAY)
    open_record(counter, card, name)
    choose(counter, "withdraw")
    # no code does it, and neither do Enter and F10 alone
    command(counter, Command.ATTEND, Command.YES, Command.ENTER)
    counter.f(10)
    assert set(errors(counter)) == {forms.SURE}
    act_form(counter).field(forms.SURE).controls()[0].click()
    counter.f(10)
    counter.until(lambda: counter.strip().word == "貸出中の資料があります")
    assert library.id_of_patron(card)
    counter.press(Qt.Key.Key_Escape, "\x1b")
    counter.f(2)
    counter.scan_and_wait(item)
    counter.f(PATRONS)
    choose(counter, "withdraw")
    act_form(counter).field(forms.SURE).controls()[0].click()
    counter.f(10)
    counter.until(lambda: counter.strip().word == "退会しました")
    # what lay ready for them is not forgotten on its shelf
    assert (counter.strip().tone, counter.strip().title) == (Tone.NOTICE, "取置・配送中だった資料 1点")
    assert where_said(name, card) == []
    assert patron_of(library, card) == {}
    assert finder(counter).values() == {}


def test_an_act_waits_for_the_line_and_is_called_off_with_the_session(
    qtbot: QtBot, qapp: QApplication, embedded: CounterLibrary
) -> None:
    line = CutLine(embedded)
    counter = Counter(qtbot, qapp, embedded, line)
    try:
        counter.sign_in()
        name, card = hanako(embedded)
        for again in (True, False):
            open_record(counter, card, name)
            choose(counter, "note")
            act_form(counter).set_values({forms.TEXT: f"傘 {again}"})
            counter.settled()
            line.down = True
            counter.f(10)
            counter.until(lambda: "まだ記録していません" in act_form(counter).message_line().text())
            if not again:
                counter.window.sign_out()
            line.down = False
            if again:
                counter.until(lambda: counter.strip().word == "メモを記録しました")
                counter.until(lambda: "傘 True" in counter.left_text())
        counter.settled()
        counter.sign_in()
        open_record(counter, card, name)
        assert "傘 True" in counter.left_text()
        assert "傘 False" not in counter.left_text()
    finally:
        counter.close()


def test_nothing_half_done_is_lost_and_nothing_of_the_one_before_is_left(
    counter: Counter, slow: SlowServer, library: CounterLibrary
) -> None:
    name, card = hanako(library)
    other = library.patron(name="湘南 次郎")
    open_record(counter, card, name)
    # the key is let go on another page
    hold(counter, 11)
    counter.until(lambda: person(counter).shown)
    counter.f(1)
    let_go(counter, 11)
    counter.f(PATRONS)
    assert not person(counter).shown
    assert where_said(*ADDRESS.values()) == []
    # a note that is half typed: Esc once, the privacy key, F9
    choose(counter, "note")
    act_form(counter).set_values({forms.TEXT: "書きかけの傘"})
    counter.press(Qt.Key.Key_Escape, "\x1b")
    assert "もう一度 Esc" in act_form(counter).message_line().text()
    counter.window.hide_or_show()
    assert where_said("書きかけの傘", name) == []
    counter.window.hide_or_show()
    assert act_form(counter).values()[forms.TEXT] == "書きかけの傘"
    counter.f(9)
    assert counter.strip().word == "書きかけがあります"
    assert act_form(counter).values()[forms.TEXT] == "書きかけの傘"
    # it goes with the visit, and that is said
    counter.f(1)
    counter.open_visit(other)
    counter.f(PATRONS)
    assert counter.strip().word == "書きかけを閉じました"
    assert where_said("書きかけの傘", name) == []
    # the next card: nothing can be done about the one before, not even while it is asked about
    open_record(counter, card, name)
    slow.hold()
    counter.scan(other)
    assert where_said(name, card) == []
    slow.let_go()
    counter.until(lambda: record_is_open(counter, "湘南 次郎"))
    # figures look for the next one, too
    counter.type("2", enter=False)
    counter.until(lambda: finder(counter).values() == {"words": "2"})


def test_what_comes_late_is_about_nobody_else(
    counter: Counter, slow: SlowServer, library: CounterLibrary
) -> None:
    name, card = hanako(library)
    other = library.patron(name="湘南 次郎")
    open_record(counter, card, name)
    slow.hold()
    hold(counter, 11)
    let_go(counter, 11)
    counter.press(Qt.Key.Key_Escape, "\x1b")
    counter.scan(other)
    slow.let_go()
    counter.until(lambda: record_is_open(counter, "湘南 次郎"))
    counter.settled()
    assert not person(counter).shown
    assert where_said(name, *ADDRESS.values()) == []
    # typing goes on to the next one
    counter.type("くげ", enter=False)
    counter.until(lambda: finder(counter).values() == {"words": "くげ"})
    assert where_said("湘南") == []
