"""The search in the tour's story: a title is found and reserved, an item that nobody catalogued is added."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt

from madoguchi.app.training.situations import Case, ItemCase, case_number, item_number
from madoguchi.widgets.look.views import Tone
from madoguchi.widgets.search_page import SEARCH, SearchPage
from madoguchi.widgets.tour_leaving import page_is
from madoguchi.widgets.tour_stage import Scene, Stage

translate = QCoreApplication.translate

UNKNOWN = item_number(990_001)
"""An item that the training library does not have."""


def search(stage: Stage) -> Iterator[Scene]:
    """Every scene of it, in order."""
    hands = stage.hands
    found, form = stage.titles_found, partial(stage.form, SearchPage)

    def next_title() -> None:
        hands.press(Qt.Key.Key_Down)
        hands.press(Qt.Key.Key_Down)

    def by_field() -> None:
        hands.f(9)
        hands.press(Qt.Key.Key_Tab)
        hands.type("あおやま")

    def scan_unknown() -> None:
        hands.f(11)
        hands.scan_number(UNKNOWN)

    def fill_in() -> None:
        open_form = form()
        if open_form is not None:
            open_form.set_values({"title": "湘南の昔話", "title_kana": "ショウナン ノ ムカシバナシ"})
        hands.f(10)

    yield stage.key(
        "search",
        translate("Tour", "F6 検索"),
        SEARCH,
        lambda: page_is(stage, SEARCH) and found() == [],
    )
    yield Scene(
        "search-found",
        translate("Tour", "かな2文字から、打つそばから見つかる"),
        lambda: hands.type("こな"),
        lambda: len(found()) == 50 and "コナン" in stage.left(),
    )
    yield Scene(
        "search-title",
        translate("Tour", "↑↓ で選ぶと、どの館にあるかが左に出る"),
        next_title,
        lambda: found()[2] in stage.left().replace("\n", ""),
    )
    yield Scene(
        "search-fields",
        translate("Tour", "F9 で項目ごとに検索"),
        by_field,
        lambda: 0 < len(found()) < 50 and "青山" in stage.left(),
    )
    yield Scene(
        "search-jump",
        translate("Tour", "資料を読み取ると、そのタイトルに移る"),
        lambda: hands.scan_number(ItemCase.CD.number),
        lambda: len(found()) == 1 and found()[0] in stage.left(),
    )
    yield stage.key("reserve", translate("Tour", "F10 で予約"), 10, lambda: form() is not None)
    yield Scene(
        "reserve-card",
        translate("Tour", "カードを読み取り、受取館を選ぶ"),
        lambda: stage.scan_card(Case.WIDE_AREA),
        lambda: (opened := form()) is not None and opened.values()["card"] == case_number(Case.WIDE_AREA),
    )
    yield stage.key(
        "reserved",
        translate("Tour", "予約すると、何番目かが出る"),
        10,
        lambda: form() is None and stage.strip().tone is Tone.DONE and "1" in stage.left(),
    )
    yield Scene(
        "quick-add",
        translate("Tour", "F11 で、登録のない資料を簡易登録"),
        scan_unknown,
        lambda: (opened := form()) is not None and opened.values()["item_number"] == UNKNOWN,
    )
    yield Scene(
        "quick-added",
        translate("Tour", "登録するとすぐに貸し出せて、検索にも出る"),
        fill_in,
        lambda: found() == ["湘南の昔話"] and "湘南の昔話" in stage.left(),
    )
