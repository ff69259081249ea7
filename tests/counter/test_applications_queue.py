"""The queue of provisional applications at the real window: found, compared, confirmed or rejected."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from PySide6.QtCore import Qt

from madoguchi.app.server import tables as t
from madoguchi.barcode.commands import Command
from madoguchi.widgets import application_views
from madoguchi.widgets.look.views import Tone
from madoguchi.widgets.patrons_page import PATRONS
from tests.counter.harness import Counter, CounterLibrary, both, unique, where_said
from tests.counter.patrons import act_form, finder, form_is_open, found, record_is_open
from tests.counter.registering import NEW_CARD, errors, patron_of, type_into
from tests.counter.test_commands import command
from tests.support.library import TODAY


def applied(library: CounterLibrary, number: str, name: str, **changes: object) -> None:
    values = {
        "number": number,
        "name": name,
        "kana": "クゲヌマ ハナコ",
        "birth_date": dt.date(1990, 4, 1),
        "postal_code": "2510037",
        "address": "藤沢市鵠沼海岸1-2",
        "telephone": "0466-00-1234",
        "category": "resident",
        "applied_on": TODAY,
    }
    with library.engine.connect() as connection:
        connection.execute(t.application.insert().values(values | changes))


@both
def test_from_the_queue_to_a_card_and_what_is_rejected_is_gone(
    counter: Counter, library: CounterLibrary
) -> None:
    if library.on_postgresql:
        with library.engine.connect() as connection:
            connection.exec_driver_sql("alter sequence patron_id_seq restart with 500000")
    hanako, taro = unique("鵠沼"), unique("辻堂")
    applied(library, "W-1001", hanako)
    applied(library, "W-1002", taro, kana="ツジドウ タロウ", applied_on=TODAY - dt.timedelta(days=2))
    counter.f(PATRONS)
    counter.f(11)
    # the oldest first, with just what tells them apart
    counter.until(lambda: [row[0] for row in found(counter)] == ["W-1002", "W-1001"])
    assert found(counter)[1][1:4] == (hanako, "クゲヌマ ハナコ", "1990")
    assert where_said("鵠沼海岸", "0466-00-1234") == []
    # the privacy key hides them
    counter.window.frame.corner.hide_key().click()
    assert where_said(hanako, taro, "W-1001") == []
    counter.window.frame.corner.hide_key().click()
    # by number, by part of the kana, by birth date
    for typed, wanted in (("W-1002", ["W-1002"]), ("くげ", ["W-1001"]), ("1990/4/1 ツジ", ["W-1002"])):
        finder(counter).set_values({})
        finder(counter).start()
        counter.type(typed)
        counter.until(lambda wanted=wanted: [row[0] for row in found(counter)] == wanted)
    finder(counter).set_values({"birth": "S64.2.1"})
    finder(counter).start()
    counter.press(Qt.Key.Key_Return, "\r")
    counter.until(lambda: bool(finder(counter).field("birth").field_view().error))
    # rejected: only with a reason, and gone for good
    finder(counter).set_values({"words": "W-1002"})
    finder(counter).start()
    counter.press(Qt.Key.Key_Return, "\r")
    counter.until(lambda: [row[0] for row in found(counter)] == ["W-1002"])
    counter.f(9)
    counter.until(lambda: form_is_open(counter))
    counter.f(10)
    assert errors(counter)
    assert form_is_open(counter)
    type_into(counter, {application_views.REASON: "no_proof"})
    counter.f(10)
    counter.until(lambda: counter.strip().word == "申請を却下しました" and not form_is_open(counter))
    counter.until(lambda: found(counter) == [])
    assert library.rows(sa.select(t.application.c.number)) == [{"number": "W-1001"}]
    # compared with proof, put right, and a card
    finder(counter).set_values({"words": "W-1001"})
    finder(counter).start()
    counter.press(Qt.Key.Key_Return, "\r")
    counter.until(lambda: [row[0] for row in found(counter)] == ["W-1001"])
    counter.press(Qt.Key.Key_Return, "\r")
    counter.until(lambda: form_is_open(counter))
    values = act_form(counter).values()
    assert (values["name"], values["kana"], values["telephone"]) == (
        hanako,
        "クゲヌマ ハナコ",
        "0466-00-1234",
    )
    assert values["address"] == "藤沢市鵠沼海岸1-2"
    assert where_said("W-1001")
    # nothing was typed: one key shuts it, and it waits in the queue
    counter.press(Qt.Key.Key_Escape, "\x1b")
    counter.until(lambda: not form_is_open(counter))
    counter.press(Qt.Key.Key_Return, "\r")
    counter.until(lambda: form_is_open(counter))
    type_into(counter, {"address": "藤沢市鵠沼海岸1-2-3", "proof": "licence"})
    # no code approves: it is given by whoever looks at the screen
    command(counter, Command.YES, Command.ATTEND, Command.ENTER)
    assert form_is_open(counter)
    assert library.rows(sa.select(t.application.c.number)) == [{"number": "W-1001"}]
    counter.scan(NEW_CARD)
    counter.until(lambda: act_form(counter).values()["card_number"] == NEW_CARD)
    counter.f(10)
    counter.until(lambda: counter.strip().word == "登録しました")
    assert counter.strip().tone is Tone.DONE
    made = patron_of(library, NEW_CARD)
    assert (made["name"], made["address"], made["proof"]) == (hanako, "藤沢市鵠沼海岸1-2-3", "licence")
    assert library.rows(sa.select(t.application)) == []
    # the patron is seen next, and the queue is empty when it is asked for again
    counter.press(Qt.Key.Key_Escape, "\x1b")
    counter.until(lambda: record_is_open(counter, hanako))
    counter.press(Qt.Key.Key_Escape, "\x1b")
    counter.until(lambda: found(counter) == [])
