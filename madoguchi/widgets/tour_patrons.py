"""Patrons in the tour's story: somebody is found and looked at, and somebody new is registered."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication, Qt

from madoguchi.app.training.situations import Case, patron_number
from madoguchi.widgets import card_words
from madoguchi.widgets.look.form_panel import FormPanel
from madoguchi.widgets.look.patron_file import PatronFilePanel
from madoguchi.widgets.look.patron_finder import PatronFinder
from madoguchi.widgets.patrons_page import PATRONS, PatronsPage
from madoguchi.widgets.tour_leaving import page_is
from madoguchi.widgets.tour_stage import Scene, Stage, name_of

translate = QCoreApplication.translate

_FIRST_PRINTED = patron_number(90_000_000)
"""The number of the first card that the training library prints."""
_SOMEBODY = {
    "name": "湘南 新子",
    "kana": "ショウナン シンコ",
    "birth_date": "H12.5.20",
    "address": "藤沢市見本町99番地",
    "telephone": "0466-00-0099",
    "category": "resident",
    "proof": "licence",
}


def patrons(stage: Stage) -> Iterator[Scene]:
    """Every scene of it, in order."""
    hands = stage.hands

    def centre() -> object:
        page = stage.window.page
        return page.centre() if isinstance(page, PatronsPage) else None

    def found() -> int:
        finder = centre()
        return len(finder.results.view().records) if isinstance(finder, PatronFinder) else -1

    def record() -> PatronFilePanel | None:
        panel = centre()
        return panel if isinstance(panel, PatronFilePanel) else None

    def form() -> FormPanel | None:
        panel = centre()
        return panel if isinstance(panel, FormPanel) else None

    def find() -> None:
        hands.f(PATRONS)
        hands.type("えんたい")
        hands.enter()

    def put_aside() -> None:
        hands.let_go(11)
        for _ in range(3):
            hands.press(Qt.Key.Key_Down)
        hands.enter()

    def type_known() -> None:
        hands.press(Qt.Key.Key_Escape)
        hands.f(9)
        opened = form()
        for key, text in (("name", "見本 花子"), ("kana", "ミホン ハナコ"), ("telephone", "0466-00-0001")):
            if opened is not None:
                opened.field(key).start()
            hands.type(text)

    def send() -> None:
        opened = form()
        if opened is not None:
            opened.set_values(_SOMEBODY)
        hands.f(10)

    yield Scene(
        "patrons-found",
        translate("Tour", "F5 利用者。Enter ではじめて探し、見分けるのに要るものだけが出る"),
        find,
        lambda: page_is(stage, PATRONS) and found() == 2,
    )
    yield Scene(
        "patron",
        translate("Tour", "選んで Enter で開く。連絡先は伏せてある"),
        hands.enter,
        lambda: (
            (opened := record()) is not None
            and name_of(Case.OVERDUE_31) in stage.left()
            and not opened.person.view().shown
        ),
    )
    yield Scene(
        "patron-seen",
        translate("Tour", "F11 を押している間だけ見える"),
        lambda: hands.hold(11),
        lambda: (opened := record()) is not None and opened.person.view().shown,
    )
    yield Scene(
        "patron-card",
        translate("Tour", "カードをなくした人に、新しいカードを渡す"),
        put_aside,
        lambda: (opened := form()) is not None and set(opened.values()) == {"card", "what"},
    )
    yield Scene(
        "register-alike",
        translate("Tour", "F9 で新しい利用者を登録する。よく似た利用者がいれば、左に出る"),
        type_known,
        lambda: name_of(Case.GOOD) in stage.left(),
    )
    yield Scene(
        "register-print",
        translate("Tour", "F11 で、カードをこの場で印刷する。印刷済みのカードなら、読み取るだけ"),
        lambda: hands.f(11),
        lambda: (opened := form()) is not None and opened.values()["print_card"] == "printed",
    )
    yield Scene(
        "registered",
        translate("Tour", "F10 で登録し、カードが出る。続けて家族も登録できる"),
        send,
        lambda: (
            (opened := form()) is not None
            and not opened.values()
            and stage.strip().right == _FIRST_PRINTED
            and stage.strip().word == translate("Patrons", "カードを印刷に送りました")
            and (view := opened.view()) is not None
            and card_words.printed() in view.note
        ),
    )
