"""Reservations in the tour's story: what somebody waits for, one more, what is changed, and a queue."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt

from madoguchi.app.training.situations import Case, ItemCase
from madoguchi.widgets.look.record_table import RecordTable
from madoguchi.widgets.look.views import Sign
from madoguchi.widgets.reservations_page import RESERVATIONS, ReservationsPage
from madoguchi.widgets.tour_leaving import page_is
from madoguchi.widgets.tour_stage import Scene, Stage, name_of

translate = QCoreApplication.translate


def reservations(stage: Stage) -> Iterator[Scene]:
    """Every scene of it, in order."""
    hands = stage.hands
    form = partial(stage.form, ReservationsPage)

    def centre() -> object:
        page = stage.window.page
        return page.centre() if isinstance(page, ReservationsPage) else None

    def queue() -> int:
        table = centre()
        return len(table.view().records) if isinstance(table, RecordTable) else -1

    def come() -> None:
        hands.f(RESERVATIONS)
        stage.scan_card(Case.IN_QUEUE)

    def suspend() -> None:
        opened = form()
        if opened is not None:
            opened.set_values({"wait": "pause"})
        hands.f(10)

    def ask_to_cancel() -> None:
        hands.f(10)
        hands.f(11)

    def first_queue() -> None:
        rows = stage.window.page
        if isinstance(rows, ReservationsPage):
            rows.list.rows_view().setFocus(Qt.FocusReason.OtherFocusReason)
        for _ in stage.rows()[1:]:
            hands.press(Qt.Key.Key_Up)
        hands.f(10)
        hands.f(9)

    def finish() -> None:
        hands.press(Qt.Key.Key_Escape)
        hands.f(11)
        hands.f(11)

    yield Scene(
        "reservations",
        translate("Tour", "F4 予約。カードを読み取ると、その人が待っているものが並ぶ"),
        come,
        lambda: (
            page_is(stage, RESERVATIONS)
            and name_of(Case.IN_QUEUE) in stage.left()
            and [row.sign for row in stage.rows()] == [Sign.RECORDED] * 2
        ),
    )
    yield Scene(
        "reservations-placed",
        translate("Tour", "資料を読み取ると予約する。できないときは、わけが出る"),
        lambda: hands.scan_numbers([ItemCase.DVD.number, ItemCase.RESERVED.number]),
        lambda: (
            [row.sign for row in stage.rows()[2:]] == [Sign.DONE, Sign.REFUSED]
            and bool(stage.rows()[2].action)
        ),
    )
    yield stage.key(
        "reservation-change",
        translate("Tour", "F10 で、受取館を変える・一時停止する"),
        10,
        lambda: (opened := form()) is not None and "wait" in opened.values(),
    )
    yield Scene(
        "reservation-suspended",
        translate("Tour", "一時停止しても、順番は残る"),
        suspend,
        lambda: (
            [row.sign for row in stage.rows()] == [Sign.RECORDED, Sign.RECORDED, Sign.EARLIER, Sign.REFUSED]
        ),
    )
    yield Scene(
        "reservation-cancel",
        translate("Tour", "F11 で取り消す。一度だけ確かめる"),
        ask_to_cancel,
        lambda: (question := stage.question()) is not None and question.offered is None,
    )
    yield stage.key(
        "reservation-cancelled",
        translate("Tour", "取り消した予約は、一覧からなくなる"),
        11,
        lambda: [row.sign for row in stage.rows()] == [Sign.RECORDED, Sign.RECORDED, Sign.REFUSED],
    )
    yield Scene(
        "title-queue",
        translate("Tour", "行を選んで F10、F9 で予約の列"),
        first_queue,
        lambda: queue() == 2,
    )
    yield stage.key(
        "queue-move",
        translate("Tour", "F9 で、理由をつけて順番を変える"),
        9,
        lambda: (opened := form()) is not None and "place" in opened.values(),
    )
    yield Scene(
        "reservations-finished",
        translate("Tour", "戻って、F11 で終了。画面にはだれも残らない"),
        finish,
        lambda: stage.rows() == [] and not stage.kept_anywhere(name_of(Case.IN_QUEUE)),
    )
