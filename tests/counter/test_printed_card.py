"""A card that the library prints itself, at the real window: chosen by one key, read back from the paper."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from PySide6.QtCore import Qt
from PySide6.QtGui import QPagedPaintDevice, QPdfWriter
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from madoguchi.app.server import tables as t
from madoguchi.app.training.situations import patron_number
from madoguchi.barcode.symbology import TRAINING_PLAN
from madoguchi.widgets import card_printing
from madoguchi.widgets import patron_act_forms as forms
from madoguchi.widgets import patron_views as views
from madoguchi.widgets.card_paper import PAGE
from madoguchi.widgets.card_printing import CardTrouble
from madoguchi.widgets.look.views import Tone
from madoguchi.widgets.patrons_page import PATRONS
from madoguchi.widgets.sheet_paper import DOTS_PER_INCH
from tests.counter.harness import Counter, CounterLibrary, both, unique
from tests.counter.patrons import act_form, choose, open_record, record_is_open, rows
from tests.counter.registering import (
    HANAKO,
    NEW_CARD,
    errors,
    focused,
    form,
    form_is_open,
    open_form,
    patron_of,
    type_into,
)
from tests.counter.test_away import come_back, leave
from tests.widgets.test_command_sheet import read_back

FIRST, SECOND = (patron_number(90_000_000 + n) for n in range(2))


class CardPrinter:
    """A printer that the system knows, and what came out of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: list[str] = []
        self.trouble: CardTrouble | None = None

    def device(self, name: str) -> QPagedPaintDevice | CardTrouble:
        self.names.append(name)
        if self.trouble is not None:
            return self.trouble
        folder = self.folder / str(len(self.names))
        folder.mkdir()
        writer = QPdfWriter(str(folder / "card.pdf"))
        writer.setResolution(DOTS_PER_INCH)
        writer.setPageLayout(PAGE)
        return writer

    def cards(self) -> list[str]:
        """What a scanner reads of all that was printed, in order."""
        files = sorted(self.folder.glob("*/card.pdf"), key=lambda file: int(file.parent.name))
        return [text.removeprefix("Codabar:A")[:-1] for file in files for text in read_back(file, 300)]


@pytest.fixture
def printer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> CardPrinter:
    folder = tmp_path / "cards"
    folder.mkdir()
    made = CardPrinter(folder)
    monkeypatch.setattr(card_printing, "printer_device", made.device)
    return made


def said(counter: Counter, word: str) -> Callable[[], bool]:
    return lambda: counter.strip().word == word


def number_required(counter: Counter) -> bool:
    return next(line.required for line in form(counter).view().lines if line.key == "card_number")


def test_a_printer_that_hangs_holds_no_form_up(qtbot: QtBot) -> None:
    let_go = threading.Event()

    def hangs(name: str) -> CardTrouble:
        let_go.wait(30)
        return CardTrouble.FAULT

    said_of_it: list[CardTrouble | None] = []
    printing = card_printing.CardPrinting("", "図書館", TRAINING_PLAN, hangs, seconds=0.1)
    printing.print(FIRST, said_of_it.append)
    qtbot.waitUntil(lambda: bool(said_of_it), timeout=10_000)
    # what comes home later is said to nobody
    with qtbot.waitSignal(printing._home, timeout=10_000):
        let_go.set()
    qtbot.wait(50)
    assert said_of_it == [CardTrouble.HANGS]


def active_card(library: CounterLibrary, patron_id: int) -> object:
    mine = sa.select(t.card.c.number).where(t.card.c.patron_id == patron_id, t.card.c.state == "active")
    return library.value(mine)


@both
def test_somebody_is_registered_with_a_card_that_is_printed_and_so_is_their_family(
    counter: Counter, library: CounterLibrary, printer: CardPrinter
) -> None:
    open_form(counter)
    assert focused(counter) == "card_number"
    assert "この場で印刷" in counter.window.frame.rail.key(11).accessibleName()
    # whoever types a number goes on to the name: the choice is no stop on the way
    counter.press(Qt.Key.Key_Return, "\r")
    assert focused(counter) == "name"
    form(counter).field("card_number").start()
    counter.f(11)
    assert form(counter).values()["print_card"] == "printed"
    assert focused(counter) == "name"
    assert not number_required(counter)
    # a card that is read takes its place, and one key more the other way round
    counter.scan(NEW_CARD)
    counter.until(lambda: form(counter).values()["card_number"] == NEW_CARD)
    assert form(counter).values()["print_card"] == ""
    assert number_required(counter)
    type_into(counter, HANAKO)
    counter.f(11)
    counter.f(10)
    assert set(errors(counter)) == {"print_card"}
    control = form(counter).field("card_number").controls()[0]
    assert isinstance(control, QLineEdit)
    control.clear()
    control.textEdited.emit("")
    assert errors(counter) == {}
    counter.f(10)
    counter.until(said(counter, "カードを印刷に送りました"))
    assert (counter.strip().tone, counter.strip().right) == (Tone.DONE, FIRST)
    assert patron_of(library, FIRST)["name"] == HANAKO["name"]
    assert printer.cards() == [FIRST]
    counter.until(lambda: "カードを印刷に送りました" in form(counter).view().note)
    # the next of the family has one printed too, unless theirs is read
    counter.f(10)
    assert form(counter).values()["print_card"] == "printed"
    assert not number_required(counter)
    assert focused(counter) == "name"
    type_into(counter, {"name": "見本 次郎", "kana": "ミホン ジロウ", "birth_date": "R8/4/1"})
    counter.f(10)
    counter.until(lambda: len(printer.names) == 2 and counter.strip().right == SECOND)
    counter.until(said(counter, "カードを印刷に送りました"))
    assert printer.cards() == [FIRST, SECOND]
    assert patron_of(library, SECOND)["name"] == "見本 次郎"


@both
def test_what_cannot_be_printed_is_said_and_printed_later_from_the_record(
    counter: Counter, library: CounterLibrary, printer: CardPrinter
) -> None:
    printer.trouble = CardTrouble.FAULT
    open_form(counter)
    counter.f(11)
    type_into(counter, HANAKO)
    counter.f(10)
    counter.until(said(counter, "カードを印刷できませんでした"))
    assert counter.strip().tone is Tone.REFUSED
    assert "プリンターが受け付けません" in counter.strip().title
    counter.until(lambda: "もう一度印刷できます" in form(counter).view().note)
    assert patron_of(library, FIRST)["name"] == HANAKO["name"]
    # the record of whoever was registered is there at once, and in it the card
    counter.press(Qt.Key.Key_Escape)
    counter.until(lambda: record_is_open(counter, HANAKO["name"]))
    choose(counter, views.PRINT_CARD)
    assert FIRST in act_form(counter).view().note
    counter.f(10)
    counter.until(lambda: "プリンターが受け付けません" in act_form(counter).view().message)
    printer.trouble = None
    counter.f(10)
    counter.until(said(counter, "カードを印刷に送りました"))
    assert printer.cards() == [FIRST]
    counter.until(lambda: record_is_open(counter, HANAKO["name"]))
    # no number was taken by that
    assert library.value(sa.select(t.printed_serial.c.last)) == 90_000_000


@both
def test_a_lost_card_is_replaced_by_one_that_is_printed(
    counter: Counter, library: CounterLibrary, printer: CardPrinter
) -> None:
    name = unique("鵠沼")
    card = library.patron(name=name)
    patron_id = library.id_of_patron(card)
    # a card that was bought has the number that comes next
    with library.engine.connect() as connection:
        other = library.patron()
        connection.execute(t.card.update().where(t.card.c.number == other).values(number=FIRST))
    open_record(counter, card, name)
    choose(counter, views.CARD)
    assert "この場で印刷" in counter.window.frame.rail.key(11).accessibleName()
    counter.f(11)
    assert act_form(counter).values() == {forms.CARD: "", forms.WHAT: forms.PRINT_NEW}
    # a card that is read is given instead, and the key says otherwise again
    counter.scan(NEW_CARD)
    counter.until(lambda: act_form(counter).values() == {forms.CARD: NEW_CARD, forms.WHAT: forms.NEW_CARD})
    counter.f(11)
    counter.f(10)
    counter.until(said(counter, "カードを印刷に送りました"))
    assert counter.strip().right == SECOND
    counter.until(lambda: record_is_open(counter, name) and SECOND in counter.left_text())
    assert active_card(library, patron_id) == SECOND
    assert printer.cards() == [SECOND]
    assert printer.names == ["no such printer"]
    counter.f(1)
    counter.scan(card)
    counter.until(said(counter, "紛失届のあるカード"))


def test_a_printer_that_the_system_does_not_know(counter: Counter, library: CounterLibrary) -> None:
    """The way there as it is: nothing stands in for the system's printers."""
    name = unique("鵠沼")
    open_record(counter, library.patron(name=name), name)
    choose(counter, views.PRINT_CARD)
    counter.f(10)
    counter.until(said(counter, "カードを印刷できませんでした"))
    assert "設定されたカードプリンターが見つかりません" in act_form(counter).view().message
    counter.press(Qt.Key.Key_Escape)
    choose(counter, views.CARD)
    type_into(counter, {forms.WHAT: forms.ONLY_LOST})
    counter.f(10)
    counter.until(said(counter, "紛失を記録しました"))
    counter.until(lambda: not form_is_open(counter) and views.PRINT_CARD not in rows(counter))


def test_the_number_that_was_allotted_waits_through_a_lock(
    counter: Counter, library: CounterLibrary, printer: CardPrinter
) -> None:
    there = library.patron(kana="ミホン ハナコ", birth_date=dt.date(1980, 4, 1))
    open_form(counter)
    type_into(counter, HANAKO)
    counter.f(11)
    counter.f(10)
    counter.until(lambda: "same_person" in errors(counter))
    leave(counter)
    come_back(counter)
    counter.f(PATRONS)
    assert form(counter).values()["print_card"] == "printed"
    counter.f(10)
    counter.until(lambda: "same_person" in errors(counter))
    assert library.value(sa.select(t.printed_serial.c.last)) == 90_000_000
    # a card that was bought is given before that: the next number, at the next try
    with library.engine.connect() as connection:
        connection.execute(t.card.update().where(t.card.c.number == there).values(number=FIRST))
    type_into(counter, {"same_person": "new"})
    counter.f(10)
    counter.until(lambda: set(errors(counter)) == {"print_card"})
    assert "番号が先に使われました" in errors(counter)["print_card"]
    counter.f(10)
    counter.until(said(counter, "カードを印刷に送りました"))
    assert patron_of(library, SECOND)["name"] == HANAKO["name"]
    assert printer.cards() == [SECOND]
