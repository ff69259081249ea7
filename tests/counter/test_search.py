"""The search at the real window: typed, composed, scanned; what is found, and what never waits for it."""

from __future__ import annotations

import datetime as dt
from typing import TypeVar

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from madoguchi.app.server.gateway import Act
from madoguchi.widgets.look.search_panel import BOX
from madoguchi.widgets.look.views import Sign, Tone
from madoguchi.widgets.search_page import SEARCH
from tests.counter.harness import Counter, CounterLibrary, CutLine, SlowServer, both, where_said
from tests.counter.searching import found, look_for, panel, search_page, shown
from tests.support.library import MINAMI, TODAY

T = TypeVar("T")


@both
def test_two_letters_of_kana_find_titles_and_the_best_one_is_open(counter: Counter, items: list[str]) -> None:
    look_for(counter, "ここ")
    box = panel(counter).field(BOX).edit()
    counter.until(lambda: box.text() == "ここ" and found(counter) == ["こころ"])
    counter.until(lambda: shown(counter) == "こころ")
    # what is typed on goes into the box: the arrows move among what was found
    box.selectAll()
    counter.type("夏目", enter=False)
    counter.until(lambda: box.text() == "夏目")
    counter.settled()
    counter.until(lambda: found(counter) == ["吾輩は猫である", "こころ"])
    counter.press(Qt.Key.Key_Down)
    counter.until(lambda: shown(counter) == "こころ")
    assert QApplication.focusWidget() is box
    counter.press(Qt.Key.Key_Up)
    counter.until(lambda: shown(counter) == "吾輩は猫である")


@both
def test_by_field_all_of_it_must_hold(counter: Counter, items: list[str]) -> None:
    look_for(counter, "夏目")
    counter.until(lambda: len(found(counter)) == 2)
    counter.f(9)
    counter.until(lambda: found(counter) == [])
    panel(counter).field("creator").edit().setFocus()
    counter.type("夏目", enter=False)
    panel(counter).field("title").edit().setFocus()
    counter.type("ねこ", enter=False)
    counter.until(lambda: found(counter) == ["吾輩は猫である"])
    counter.f(9)
    counter.until(lambda: found(counter) == [])
    assert panel(counter).values() == {}


def test_kana_that_are_still_being_composed_are_looked_for(counter: Counter, items: list[str]) -> None:
    counter.f(SEARCH)
    edit = panel(counter).field(BOX).edit()
    for kana in ("ね", "ねこ"):
        QCoreApplication.sendEvent(edit, QInputMethodEvent(kana, []))
    counter.until(lambda: found(counter) == ["吾輩は猫である"])
    assert edit.text() == ""
    commit = QInputMethodEvent("", [])
    commit.setCommitString("猫")
    QCoreApplication.sendEvent(edit, commit)
    counter.until(lambda: edit.text() == "猫")
    QCoreApplication.sendEvent(edit, QInputMethodEvent("に", []))
    counter.until(lambda: found(counter) == [])
    # given up
    QCoreApplication.sendEvent(edit, QInputMethodEvent("", []))
    counter.until(lambda: found(counter) == ["吾輩は猫である"])


@both
def test_a_scan_jumps_to_its_title(counter: Counter, items: list[str]) -> None:
    look_for(counter, "夏目")
    counter.until(lambda: len(found(counter)) == 2)
    counter.scan(items[2])
    counter.until(lambda: found(counter) == ["心臓の本"] and shown(counter) == "心臓の本")
    counter.scan("9784101010137")
    counter.until(lambda: found(counter) == ["こころ"])
    assert panel(counter).values() == {BOX: "9784101010137"}


def test_a_scan_of_what_is_not_here_says_so(counter: Counter, items: list[str]) -> None:
    counter.f(SEARCH)
    counter.scan("9784003101018")
    counter.until(lambda: counter.strip().tone is Tone.NOTICE)
    assert counter.strip().title == "9784003101018"


@pytest.mark.parametrize(
    ("text", "shown"), [("491006541022400743", "雑誌 06541-02"), ("9770317847001", "ISSN 0317-8471")]
)
def test_a_magazines_own_barcode_says_what_to_do_instead(counter: Counter, text: str, shown: str) -> None:
    counter.f(6)
    counter.scan(text)
    strip = counter.strip()
    assert (strip.tone, strip.word, strip.title) == (Tone.NOTICE, "雑誌の番号では検索できません", shown)
    assert "資料番号" in strip.side_first


def test_a_card_that_is_read_begins_its_visit(counter: Counter, library: CounterLibrary) -> None:
    card = library.patron(name="検索 花子")
    counter.f(SEARCH)
    counter.scan(card)
    counter.until(lambda: "検索 花子" in counter.left_text())


@both
def test_where_the_copies_are(counter: Counter, library: CounterLibrary, titles: list[int]) -> None:
    for _ in range(2):
        library.item(title_id=titles[0])
    lent = library.item(title_id=titles[0])
    library.item(title_id=titles[0], home_branch_id=MINAMI)
    library.lent(library.patron(), lent, due_on=TODAY + dt.timedelta(days=3))
    library.reserved(library.patron(), lent, pickup_branch_id=MINAMI)
    look_for(counter, "ここ")
    counter.until(lambda: shown(counter) == "こころ")
    view = search_page(counter).left().view()
    assert view is not None
    assert [(copy.branch, copy.state, copy.sign) for copy in view.copies] == [
        ("総合", "在架 ×2", Sign.DONE),
        ("総合", "貸出中 5/15(金)まで", Sign.PENDING),
        ("南", "在架", Sign.TO_OPEN_SHELF),
    ]
    assert "1人" in view.queue
    assert "南市民図書館" in view.queue
    (record,) = panel(counter).results.view().records
    assert record.cells[-3:] == ("2", "3/4", "1")


def test_nobody_is_named_in_the_search(counter: Counter, library: CounterLibrary, titles: list[int]) -> None:
    lent = library.item(title_id=titles[0])
    library.lent(library.patron(name="借主 いわじ"), lent, due_on=TODAY)
    library.reserved(library.patron(name="待人 まつえ"), lent)
    look_for(counter, "ここ")
    counter.until(lambda: shown(counter) == "こころ")
    assert where_said("借主", "待人") == []


# -- never before a scan -------------------------------------------------------------------------------


class Listening(SlowServer):
    """The real way to the library; what is asked, in its order, by the name of its use case."""

    def __init__(self, library: CounterLibrary) -> None:
        super().__init__(library)
        self.asked: list[str] = []

    def run(self, act: Act[T]) -> T:
        """Runs ``act``."""
        self.asked.append(getattr(getattr(act, "func", act), "__name__", ""))
        return super().run(act)


def test_a_scan_overtakes_every_search(qtbot: QtBot, qapp: QApplication, embedded: CounterLibrary) -> None:
    line = Listening(embedded)
    counter = Counter(qtbot, qapp, embedded, line)
    try:
        counter.sign_in()
        card, item = embedded.patron(), embedded.item()
        counter.open_visit(card)
        counter.f(SEARCH)
        counter.settled()
        line.asked.clear()
        line.hold()
        counter.type("こころの", enter=False)
        counter.until(lambda: line.asked == ["search"])
        counter.f(1)
        counter.scan(item)
        line.let_go()
        counter.until(lambda: counter.rows() != () and counter.rows()[-1].sign is Sign.DONE)
        # one search was under way already; whatever else was typed came after the scan
        counter.until(lambda: line.asked.count("search") == 2)
        assert "search" not in line.asked[1 : line.asked.index("check_out")]
    finally:
        counter.close()


def test_the_line_down_is_said_and_the_search_made_up_for(
    qtbot: QtBot, qapp: QApplication, embedded: CounterLibrary
) -> None:
    line = CutLine(embedded)
    counter = Counter(qtbot, qapp, embedded, line)
    try:
        counter.sign_in()
        embedded.item(title="深海の魚")
        counter.f(SEARCH)
        counter.settled()
        line.down = True
        counter.type("深海", enter=False)
        counter.until(lambda: "回線" in panel(counter).results.view().empty)
        line.down = False
        counter.until(lambda: found(counter) == ["深海の魚"])
    finally:
        counter.close()


# -- leaving -------------------------------------------------------------------------------------------


def test_what_was_looked_for_is_there_again_after_the_lock(counter: Counter, items: list[str]) -> None:
    look_for(counter, "ここ")
    counter.until(lambda: shown(counter) == "こころ")
    counter.f(12)
    counter.until(lambda: counter.window.page is None)
    assert where_said("こころ") == []
    counter.sign_in()
    counter.until(lambda: found(counter) == ["こころ"] and shown(counter) == "こころ")
    assert panel(counter).values() == {BOX: "ここ"}
