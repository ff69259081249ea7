"""A form about a patron, half filled in or on its way: through a lock and a restart, and when it is shut."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from madoguchi.app.server import tables as t
from madoguchi.widgets import patron_act_forms as forms
from madoguchi.widgets.look.views import Tone
from madoguchi.widgets.patrons_page import PATRONS
from tests.counter.harness import COLLEAGUE, Counter, CounterLibrary, CutLine, SlowServer, unique, where_said
from tests.counter.patrons import act_form, choose, form_is_open, open_record, record_is_open, rows
from tests.counter.registering import NEW_CARD, NEXT_CARD, errors, open_form, patron_of, type_into
from tests.counter.test_away import come_back, leave
from tests.counter.test_registering_kept import program
from tests.support.keyring_backend import MemoryKeyring, ring

__all__ = ["ring"]

PLANTED = ("秘匿 名前", "鵠沼海岸9-8-7")


def notes(library: CounterLibrary) -> list[object]:
    return [row["text"] for row in library.rows(sa.select(t.patron_note.c.text))]


def back_at_the_form(counter: Counter) -> None:
    """The same person signs in again; record and form are there once they have been asked for."""
    come_back(counter)
    counter.until(lambda: form_is_open(counter))


def test_a_change_half_typed_is_there_after_a_lock_and_a_restart(
    qtbot: QtBot, qapp: QApplication, library: CounterLibrary, ring: MemoryKeyring, tmp_path: Path
) -> None:
    folder = tmp_path / "kept"
    name = unique("鵠沼")
    card = library.patron(name=name, kana="クゲヌマ ハナコ", address="鵠沼1-1-1", telephone="0466-00-0001")
    counter = program(qtbot, qapp, library, folder)
    counter.sign_in()
    open_record(counter, card, name)
    choose(counter, "change")
    counter.until(lambda: form_is_open(counter))
    type_into(counter, {"name": PLANTED[0], "address": PLANTED[1]})
    typed = act_form(counter).values()
    leave(counter)
    counter.turn()
    assert where_said(*PLANTED, name) == []
    counter.until(folder.is_dir)
    counter.close()
    written = b"".join(file.read_bytes() for file in folder.iterdir())
    assert not any(word.encode() in written or ascii(word)[1:-1].encode() in written for word in PLANTED)
    counter = program(qtbot, qapp, library, folder)
    # a colleague sees nothing of it
    come_back(counter, COLLEAGUE)
    counter.f(PATRONS)
    assert not form_is_open(counter)
    assert where_said(*PLANTED) == []
    leave(counter)
    counter.try_to_sign_in("clerk")
    counter.until(lambda: counter.window.sign_in.offer.isVisible() or counter.window.page is not None)
    if counter.window.page is None:
        counter.pass_guard()
        counter.f(10)
        counter.until(lambda: counter.window.page is not None)
    counter.until(lambda: form_is_open(counter))
    assert act_form(counter).values() == typed
    # it is still half typed: one key does not lose it, and the next lock keeps it as well
    counter.press(Qt.Key.Key_Escape)
    assert "もう一度 Esc" in act_form(counter).message_line().text()
    leave(counter)
    back_at_the_form(counter)
    assert act_form(counter).values() == typed
    counter.f(10)
    counter.until(lambda: patron_of(library, card)["name"] == PLANTED[0])
    assert patron_of(library, card)["address"] == PLANTED[1]
    # what a colleague changes meanwhile is not written over
    counter.until(lambda: record_is_open(counter, PLANTED[0]))
    choose(counter, "change")
    counter.until(lambda: form_is_open(counter))
    type_into(counter, {"address": "鵠沼2-2-2"})
    leave(counter)
    with library.engine.connect() as connection:
        connection.execute(t.patron.update().values(version=t.patron.c.version + 1))
    back_at_the_form(counter)
    counter.f(10)
    counter.until(lambda: counter.strip().word == "ほかの端末で変更されました")
    assert patron_of(library, card)["address"] == PLANTED[1]
    counter.close()


def test_notes_and_cards_wait_and_what_is_done_already_does_not(
    counter: Counter, library: CounterLibrary
) -> None:
    name = unique("鵠沼")
    card = library.patron(name=name)
    patron_id = library.id_of_patron(card)
    # they are at the counter, too: the visit that is taken up again closes nothing
    counter.open_visit(card)
    open_record(counter, card, name)
    choose(counter, "note")
    type_into(counter, {forms.KIND: "block"})
    act_form(counter).set_values({forms.TEXT: "書きかけの傘"})
    # at something else when they leave; F5 is the form again
    counter.f(2)
    leave(counter)
    assert where_said("書きかけの傘", name) == []
    come_back(counter)
    counter.settled()
    counter.f(PATRONS)
    assert act_form(counter).values() == {forms.KIND: "block", forms.TEXT: "書きかけの傘", forms.ENDS_ON: ""}
    counter.f(10)
    counter.until(lambda: notes(library) == ["書きかけの傘"])
    counter.until(lambda: record_is_open(counter, name) and "end_note" in str(rows(counter)))
    # the number of a new card, read before the clerk was called away
    choose(counter, "card")
    counter.scan(NEXT_CARD)
    counter.until(lambda: act_form(counter).values()[forms.CARD] == NEXT_CARD)
    leave(counter)
    back_at_the_form(counter)
    assert act_form(counter).values()[forms.CARD] == NEXT_CARD
    # nothing was done in a form that is only open: after the lock it is shut
    counter.press(Qt.Key.Key_Escape)
    choose(counter, "withdraw")
    leave(counter)
    come_back(counter)
    counter.until(lambda: record_is_open(counter, name))
    # whoever has left the library meanwhile has no form
    counter.f(1)
    counter.f(11)
    open_record(counter, card, name)
    choose(counter, "note")
    act_form(counter).set_values({forms.TEXT: "傘立て"})
    leave(counter)
    with library.engine.connect() as connection:
        connection.execute(t.patron.delete().where(t.patron.c.id == patron_id))
    come_back(counter)
    counter.until(lambda: counter.strip().word == "登録がなくなっています")
    assert not form_is_open(counter)
    assert where_said("傘立て") == []


def test_what_is_on_its_way_is_said_when_its_form_is_shut_and_asked_about_after_a_lock(
    qtbot: QtBot, qapp: QApplication, embedded: CounterLibrary
) -> None:
    line = CutLine(embedded)
    counter = Counter(qtbot, qapp, embedded, line)
    try:
        counter.sign_in()
        name = unique("鵠沼")
        open_record(counter, embedded.patron(name=name), name)

        def send(text: str) -> None:
            choose(counter, "note")
            act_form(counter).set_values({forms.TEXT: text})
            line.hold()
            counter.f(10)

        # shut by Esc and by F9: what becomes of it is said, and comes
        for key, text in ((Qt.Key.Key_Escape, "傘 1"), (Qt.Key.Key_F9, "傘 2")):
            send(text)
            counter.press(key)
            assert (counter.strip().tone, counter.strip().word) == (Tone.PENDING, "送信中")
            assert counter.strip().title == "メモ・利用停止"
            assert counter.strip().side_first == "結果はこの帯に出ます"
            line.let_go()
            counter.until(lambda: counter.strip().word == "メモを記録しました")
            counter.press(Qt.Key.Key_Escape)
            counter.until(lambda wanted=text: wanted in str(notes(embedded)))
            open_record(counter, _card_of(embedded), name)
        # nobody knows what became of it when the clerk is away: the form asks again, under the same id
        for shut in (False, True):
            counter.settled()
            choose(counter, "note")
            act_form(counter).set_values({forms.TEXT: f"傘立て {shut}"})
            counter.settled()
            line.down = True
            counter.f(10)
            counter.until(lambda: "まだ記録していません" in act_form(counter).message_line().text())
            if shut:
                counter.press(Qt.Key.Key_Escape)
                assert not form_is_open(counter)
            counter.f(12)
            line.down = False
            counter.until(lambda: counter.window.sign_in.front().isVisible())
            # the line is found to be up again
            counter.settled()
            back_at_the_form(counter)
            assert "結果が届いていません" in act_form(counter).message_line().text()
            counter.f(10)
            counter.until(lambda: counter.strip().word == "メモを記録しました")
            counter.until(lambda: not form_is_open(counter))
        assert sorted(map(str, notes(embedded))) == ["傘 1", "傘 2", "傘立て False", "傘立て True"]
    finally:
        counter.close()


def _card_of(library: CounterLibrary) -> str:
    return str(library.value(sa.select(t.card.c.number)))


def test_a_lost_card_that_is_answered_late_is_said_where_it_was_read(
    counter: Counter, slow: SlowServer, library: CounterLibrary
) -> None:
    library.patron(lost_card=NEW_CARD)
    open_form(counter)
    slow.hold()
    counter.scan(NEW_CARD)
    counter.f(2)
    before = counter.strip()
    slow.let_go()
    counter.settled()
    assert counter.strip() == before
    # the line says so when the clerk is back
    counter.f(PATRONS)
    assert "紛失届のあるカード" in errors(counter)["card_number"]
    assert act_form(counter).values()["card_number"] == ""
    # in sight it is said at once, and another card takes the sentence away
    counter.scan(NEW_CARD)
    counter.until(lambda: counter.strip().word == "紛失届のあるカード")
    counter.scan(NEXT_CARD)
    counter.until(lambda: errors(counter) == {})
