"""The tour's slips: printed by themselves, looked at on screen, and printed again when there is paper."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication, Qt

from madoguchi.widgets.look.record_table import RecordTable
from madoguchi.widgets.look.record_views import Mark
from madoguchi.widgets.slip_view import SlipView
from madoguchi.widgets.tour_stage import Scene, Stage

translate = QCoreApplication.translate


def slips(stage: Stage) -> Iterator[Scene]:
    """Every scene of it, in order; it begins and ends on the page of returns."""
    window, hands = stage.window, stage.hands

    def marks() -> list[Mark]:
        page = window.page
        centre = page.centre() if page is not None else None
        return [record.mark for record in centre.view().records] if isinstance(centre, RecordTable) else []

    def looked_at() -> bool:
        page = window.page
        centre = page.centre() if page is not None else None
        return isinstance(centre, SlipView) and centre.slip() is not None

    def printed() -> int:
        return stage.town.printer.printed

    def open_list() -> None:
        hands.press(Qt.Key.Key_F9, shift=True)

    yield Scene(
        "slips",
        translate("Tour", "Shift+F9 で伝票の一覧。配送票と取置票は返却のときに印刷済み"),
        open_list,
        lambda: marks()[:2] == [Mark.GOOD, Mark.GOOD] and printed() == marks().count(Mark.GOOD),
    )
    yield Scene("slip", translate("Tour", "Enter で取置票を画面で見る"), hands.enter, looked_at)

    def print_without_paper() -> None:
        stage.town.printer.paper = False
        hands.f(9)
        hands.f(2)

    yield Scene(
        "printer-empty",
        translate("Tour", "用紙のないプリンターは、窓口を止めずに知らせる"),
        print_without_paper,
        lambda: translate("Slips", "取置票") in stage.banner() and not stage.asked(),
    )

    def put_paper_in() -> None:
        stage.town.printer.paper = True
        open_list()
        hands.f(9)
        # the list is as it was before: the next row shows that it can be worked on
        hands.press(Qt.Key.Key_Down)

    yield Scene(
        "slip-again",
        translate("Tour", "用紙を入れ、F9 でもう一度印刷する"),
        put_paper_in,
        lambda: marks()[:2] == [Mark.GOOD, Mark.GOOD] and printed() == marks().count(Mark.GOOD) + 1,
    )
