"""Reservations under way in the tour's story: what is not found, comes late, is to be cleared."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication

from madoguchi.widgets.look.views import Sign
from madoguchi.widgets.tour_leaving import page_is
from madoguchi.widgets.tour_stage import Scene, Stage
from madoguchi.widgets.way_page import WAY, WayPage
from madoguchi.widgets.way_views import COMING, KEYS, WayList

translate = QCoreApplication.translate


def way(stage: Stage) -> Iterator[Scene]:
    """Every scene of it, in order."""
    hands, town = stage.hands, stage.town.way
    listed = stage.listed

    def page() -> WayPage | None:
        there = stage.window.page
        return there if isinstance(there, WayPage) else None

    def open_list(which: WayList) -> None:
        hands.type(KEYS[which].lower())

    def select(number: str) -> None:
        there = page()
        if there is not None:
            there.panel.table.select(number)

    def lose() -> None:
        select(town.gone)
        hands.f(10)

    def scan(slug: str, words: str, number: str, sign: Sign) -> Scene:
        return Scene(slug, words, lambda: hands.scan_number(number), lambda: stage.answers(sign))

    yield Scene(
        "way-pull",
        translate("Tour", "F7 取置・配送。棚で探す資料が、棚の順に並ぶ"),
        lambda: hands.f(WAY),
        lambda: page_is(stage, WAY) and {town.wanted, town.gone} <= listed(WayList.PULL).keys(),
    )
    yield Scene(
        "way-not-found",
        translate("Tour", "F10 見つからない。別の館で探す"),
        lose,
        lambda: (
            bool(listed(WayList.PULL) or stage.says(translate("Way", "探す資料はありません。")))
            and town.gone not in listed(WayList.PULL)
        ),
    )
    yield Scene(
        "way-moves",
        translate("Tour", "H 配送。出す資料と、届く資料と、遅れ"),
        lambda: open_list(WayList.MOVES),
        lambda: COMING + town.coming in listed(WayList.MOVES),
    )
    yield Scene(
        "way-shelf",
        translate("Tour", "T 取置棚。片付ける資料が先に並ぶ"),
        lambda: open_list(WayList.SHELF),
        lambda: {town.expired, town.ready} <= listed(WayList.SHELF).keys(),
    )
    yield scan(
        "way-cleared",
        translate("Tour", "期限切れの資料を読み取ると、次の行き先が出る"),
        town.expired,
        Sign.DONE,
    )
    yield Scene(
        "way-tell",
        translate("Tour", "R 連絡。連絡先は伏せてある"),
        lambda: open_list(WayList.TELL),
        lambda: bool(listed(WayList.TELL)),
    )
