"""One reservation in the tour's story, followed over two branches: wished for at 辻堂, lent there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication, QLineEdit

from madoguchi.app.training.situations import STAFF, TRAINING_PASSWORD
from madoguchi.widgets.look.views import Sign, Tone
from madoguchi.widgets.search_page import SEARCH, SearchPage
from madoguchi.widgets.tour_leaving import enter
from madoguchi.widgets.tour_stage import Scene, Stage
from madoguchi.widgets.way_page import WAY, WayPage
from madoguchi.widgets.way_views import COMING, KEYS, LEAVING, WayList

translate = QCoreApplication.translate

TSUJIDO, MINAMI = "tsujido", "minami"
AT_TSUJIDO, AT_MINAMI = STAFF[1].login, STAFF[4].login
"""The contracted staff of 辻堂, and the city's own at 南."""


def visit(stage: Stage) -> Iterator[Scene]:
    """Every scene of it, in order."""
    hands, wish = stage.hands, stage.town.way.wish
    found, form, listed = stage.titles_found, partial(stage.form, SearchPage), stage.listed

    def scene(slug: str, words: str, branch: str, act: Callable[[], None], seen: Callable[[], bool]) -> Scene:
        return Scene(slug, words, act, seen, branch=branch)

    def way() -> WayPage | None:
        page = stage.window.page
        return page if isinstance(page, WayPage) else None

    def look_for() -> None:
        hands.f(SEARCH)
        hands.type(wish.title)

    def open_list(which: WayList) -> None:
        if way() is None:
            hands.f(WAY)
        hands.type(KEYS[which].lower())

    def read_copy() -> None:
        hands.scan_number(wish.number)

    def lend() -> None:
        hands.f(1)
        hands.scan_number(wish.card)

    def knows_reader() -> bool:
        return wish.name in stage.left()

    yield scene(
        "visit-tsujido",
        translate("Tour", "辻堂の窓口に、委託の職員がサインインする"),
        TSUJIDO,
        lambda: enter(stage, AT_TSUJIDO, TRAINING_PASSWORD),
        lambda: stage.window.page is not None,
    )
    yield scene(
        "visit-card",
        translate("Tour", "読みたい本を探しに来た人"),
        TSUJIDO,
        lambda: hands.scan_number(wish.card),
        knows_reader,
    )
    yield scene(
        "visit-wanted",
        translate("Tour", "その本は、南にだけある"),
        TSUJIDO,
        look_for,
        lambda: (
            isinstance(field := QApplication.focusWidget(), QLineEdit)
            and field.text() == wish.title
            and found() == [wish.title]
            and wish.title in stage.left()
            and stage.key_lives(10)
        ),
    )
    yield scene(
        "visit-form",
        translate("Tour", "Enter で予約。利用者と受取館は、もう入っている"),
        TSUJIDO,
        hands.enter,
        lambda: (opened := form()) is not None and opened.values()["card"] == wish.card,
    )
    yield scene(
        "visit-reserved",
        translate("Tour", "F10 で、辻堂で受け取る予約ができた"),
        TSUJIDO,
        lambda: hands.f(10),
        lambda: form() is None and stage.strip().tone is Tone.DONE,
    )
    yield scene(
        "visit-minami",
        translate("Tour", "南の窓口に、別の職員がサインインする"),
        MINAMI,
        lambda: enter(stage, AT_MINAMI, TRAINING_PASSWORD),
        lambda: stage.window.page is not None,
    )
    yield scene(
        "visit-pull",
        translate("Tour", "南の予約在庫リストに、辻堂あての本が並ぶ"),
        MINAMI,
        lambda: open_list(WayList.PULL),
        lambda: wish.number in listed(WayList.PULL),
    )
    yield scene(
        "visit-found",
        translate("Tour", "棚で見つけて読み取ると、配送へ"),
        MINAMI,
        read_copy,
        lambda: stage.answers(Sign.TO_TRANSIT) and wish.number not in listed(WayList.PULL),
    )
    yield scene(
        "visit-leaving",
        translate("Tour", "H 配送。辻堂へ出す本になっている"),
        MINAMI,
        lambda: open_list(WayList.MOVES),
        lambda: LEAVING + wish.number in listed(WayList.MOVES) and stage.key_lives(10),
    )
    yield scene(
        "visit-send",
        translate("Tour", "F10 で、この便で出すか確かめる"),
        MINAMI,
        lambda: hands.f(10),
        lambda: stage.question() is not None,
    )
    yield scene(
        "visit-sent",
        translate("Tour", "出した本は、配送中になる"),
        MINAMI,
        lambda: hands.f(10),
        lambda: stage.strip().word == translate("Way", "配送に出しました"),
    )
    yield scene(
        "visit-coming",
        translate("Tour", "辻堂の配送に、南から来る本が出ている"),
        TSUJIDO,
        lambda: open_list(WayList.MOVES),
        lambda: COMING + wish.number in listed(WayList.MOVES),
    )
    yield scene(
        "visit-received",
        translate("Tour", "届いた本を読み取ると、取置棚へ"),
        TSUJIDO,
        read_copy,
        lambda: (
            stage.answers(Sign.TO_RESERVATION_SHELF) and COMING + wish.number not in listed(WayList.MOVES)
        ),
    )
    yield scene(
        "visit-shelved",
        translate("Tour", "T 取置棚。だれの札で、何日まで取り置くか"),
        TSUJIDO,
        lambda: open_list(WayList.SHELF),
        lambda: wish.number in listed(WayList.SHELF),
    )
    yield scene(
        "visit-tell",
        translate("Tour", "R 連絡。用意できたことを伝える人"),
        TSUJIDO,
        lambda: open_list(WayList.TELL),
        lambda: [cells[0] for cells in listed(WayList.TELL).values()] == [wish.name],
    )
    yield scene(
        "visit-telephone",
        translate("Tour", "F10 で連絡先を見て、電話をかける"),
        TSUJIDO,
        lambda: hands.f(10),
        lambda: (page := way()) is not None and page.takes_outcomes(),
    )
    yield scene(
        "visit-notified",
        translate("Tour", "本人が出た。連絡は済み"),
        TSUJIDO,
        lambda: hands.f(10),
        lambda: stage.strip().word == translate("Way", "連絡を記録しました") and not listed(WayList.TELL),
    )
    yield scene(
        "visit-waits",
        translate("Tour", "取りに来た人のカードを読み取ると、用意できていると出る"),
        TSUJIDO,
        lend,
        knows_reader,
    )
    yield scene(
        "visit-lent",
        translate("Tour", "取置棚の本は、何も聞かれずに貸せる"),
        TSUJIDO,
        read_copy,
        lambda: (stage.answers(Sign.NOTICE) or stage.answers(Sign.DONE)) and not stage.asked(),
    )
