"""A reservation's way round in the tour's story: found, sent, received, kept, told, lent."""

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

    def page() -> WayPage | None:
        there = stage.window.page
        return there if isinstance(there, WayPage) else None

    def listed(which: WayList) -> set[str]:
        """The keys of what is listed; nothing while another list is in sight."""
        there = page()
        if there is None or there.panel.choices.chosen_key() != which:
            return set()
        return {record.key for record in there.panel.table.view().records}

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

    def lend() -> None:
        hands.f(1)
        hands.scan_number(town.card)
        hands.scan_number(town.coming)

    yield Scene(
        "way-pull",
        translate("Tour", "F7 取置・配送。棚で探す資料が、棚の順に並ぶ"),
        lambda: hands.f(WAY),
        lambda: page_is(stage, WAY) and {town.wanted, town.gone} <= listed(WayList.PULL),
    )
    yield Scene(
        "way-found",
        translate("Tour", "見つけて読み取ると、行き先が出る"),
        lambda: hands.scan_number(town.wanted),
        lambda: (
            stage.answers(Sign.TO_TRANSIT)
            and town.wanted not in listed(WayList.PULL)
            # another record is selected now: what is pressed at once is not meant for it
            and (there := page()) is not None
            and there.takes_keys()
        ),
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
    yield stage.key(
        "way-send", translate("Tour", "F10 この便で出す"), 10, lambda: stage.question() is not None
    )
    yield stage.key(
        "way-sent",
        translate("Tour", "出した資料は、配送中になる"),
        10,
        lambda: stage.strip().word == translate("Way", "配送に出しました"),
    )
    yield scan(
        "way-received",
        translate("Tour", "届いた資料を読み取ると、取置棚へ"),
        town.coming,
        Sign.TO_RESERVATION_SHELF,
    )
    yield Scene(
        "way-shelf",
        translate("Tour", "T 取置棚。片付ける資料が先に並ぶ"),
        lambda: open_list(WayList.SHELF),
        lambda: {town.expired, town.coming} <= listed(WayList.SHELF),
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
        lambda: len(listed(WayList.TELL)) > 1,
    )
    yield stage.key(
        "way-tell-seen",
        translate("Tour", "F10 で1人の連絡先を見て、電話をかける"),
        10,
        lambda: (there := page()) is not None and there.takes_outcomes(),
    )
    yield stage.key(
        "way-told",
        translate("Tour", "つながった。リストから消える"),
        10,
        lambda: stage.strip().word == translate("Way", "連絡を記録しました"),
    )
    yield Scene(
        "way-lent",
        translate("Tour", "受け取りに来た人に貸す"),
        lend,
        lambda: stage.answers(Sign.NOTICE) or stage.answers(Sign.DONE),
    )
