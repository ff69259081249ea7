"""The search at the real window: typed, composed, scanned; what is found, and what never waits for it."""

from __future__ import annotations

import datetime as dt
from typing import TypeVar

import pytest
import sqlalchemy as sa
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from madoguchi.app.server import tables as t
from madoguchi.app.server.gateway import Act
from madoguchi.barcode.commands import Command
from madoguchi.widgets.look.form_panel import FormPanel
from madoguchi.widgets.look.search_panel import BOX, SearchPanel
from madoguchi.widgets.look.title_panel import TitlePanel
from madoguchi.widgets.look.views import Sign, Tone
from madoguchi.widgets.search_page import SEARCH, SearchPage
from tests.counter.harness import Counter, CounterLibrary, CutLine, SlowServer, both, where_said
from tests.counter.test_commands import command
from tests.support.library import MINAMI, TODAY

T = TypeVar("T")

TITLES = (
    ("こころ", "ココロ", "夏目 漱石", "9784101010137"),
    ("吾輩は猫である", "ワガハイ ワ ネコ デ アル", "夏目 漱石", None),
    ("心臓の本", "シンゾウ ノ ホン", "山田 太郎", None),
)


@pytest.fixture
def titles(library: CounterLibrary) -> list[int]:
    """Three titles with an item each."""
    made = []
    with library.engine.connect() as connection:
        for title, kana, creator, isbn in TITLES:
            made.append(
                connection.execute(
                    t.title.insert().values(title=title, title_kana=kana, statement=creator, isbn=isbn)
                ).inserted_primary_key[0]
            )
    return made


@pytest.fixture
def items(library: CounterLibrary, titles: list[int]) -> list[str]:
    return [library.item(title_id=title_id) for title_id in titles]


def search_page(counter: Counter) -> SearchPage:
    page = counter.window.page
    assert isinstance(page, SearchPage)
    return page


def panel(counter: Counter) -> SearchPanel:
    centre = search_page(counter).centre()
    assert isinstance(centre, SearchPanel)
    return centre


def found(counter: Counter) -> list[str]:
    """The titles that are painted, from the top."""
    return [record.cells[0] for record in panel(counter).results.view().records]


def shown(counter: Counter) -> str:
    """The title at the left."""
    left = search_page(counter).left()
    assert isinstance(left, TitlePanel)
    view = left.view()
    return view.title if view is not None else ""


def look_for(counter: Counter, text: str) -> None:
    counter.f(SEARCH)
    counter.type(text, enter=False)


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


# -- reserving -----------------------------------------------------------------------------------------


def form(counter: Counter) -> FormPanel:
    """The form that is open."""
    centre = search_page(counter).centre()
    assert isinstance(centre, FormPanel)
    return centre


def form_is_open(counter: Counter) -> bool:
    return isinstance(search_page(counter).centre(), FormPanel)


def waiting(library: CounterLibrary, card: str) -> list[tuple[int, int]]:
    """Title and pick-up branch of what a patron waits for."""
    own = t.reservation.c.patron_id == library.id_of_patron(card)
    rows = library.rows(sa.select(t.reservation.c.title_id, t.reservation.c.pickup_branch_id).where(own))
    return [(row["title_id"], row["pickup_branch_id"]) for row in rows]


@both
def test_enter_reserves_for_whoever_is_at_the_counter(
    counter: Counter, library: CounterLibrary, titles: list[int], items: list[str]
) -> None:
    card = library.patron()
    counter.open_visit(card)
    look_for(counter, "ここ")
    counter.until(lambda: shown(counter) == "こころ" and 10 in counter.live_keys())
    counter.press(Qt.Key.Key_Return, "\r")
    counter.until(lambda: form_is_open(counter))
    assert form(counter).values()["card"] == card
    form(counter).set_values({"pickup": str(MINAMI)})
    # Enter goes on and never sends: a scanner types it
    counter.press(Qt.Key.Key_Return, "\r")
    assert waiting(library, card) == []
    counter.f(10)
    counter.until(lambda: counter.strip().tone is Tone.DONE)
    assert counter.strip().title == "こころ"
    assert "1番目" in counter.strip().right
    assert waiting(library, card) == [(titles[0], MINAMI)]
    counter.until(lambda: panel(counter).results.view().records[0].cells[-1] == "1")
    view = search_page(counter).left().view()
    counter.until(lambda: "1人" in search_page(counter).left().view().queue)
    assert view is not None
    # the visit goes on where it was
    counter.f(1)
    assert card in counter.left_text()


@both
def test_a_card_that_is_read_in_the_form_is_whose_it_is(
    counter: Counter, library: CounterLibrary, titles: list[int], items: list[str]
) -> None:
    card = library.patron()
    look_for(counter, "ここ")
    counter.until(lambda: shown(counter) == "こころ" and 10 in counter.live_keys())
    counter.f(10)
    counter.until(lambda: form_is_open(counter))
    counter.f(10)
    counter.until(lambda: form(counter).field("card").field_view().error != "")
    assert waiting(library, card) == []
    counter.scan(card)
    counter.until(lambda: form(counter).values()["card"] == card)
    counter.f(10)
    counter.until(lambda: waiting(library, card) == [(titles[0], 1)])


def test_a_refusal_is_said_in_the_form_and_the_next_try_is_another(
    counter: Counter, library: CounterLibrary, titles: list[int], items: list[str]
) -> None:
    late = library.patron()
    library.lent(late, library.item(title="遅れた本"), due_on=TODAY - dt.timedelta(days=40))
    card = library.patron()
    look_for(counter, "ここ")
    counter.until(lambda: shown(counter) == "こころ" and 10 in counter.live_keys())
    counter.f(10)
    counter.until(lambda: form_is_open(counter))
    counter.scan(late)
    counter.f(10)
    counter.until(lambda: counter.strip().tone is Tone.REFUSED)
    assert "長期延滞" in counter.strip().word
    assert form_is_open(counter)
    counter.scan(card)
    counter.f(10)
    counter.until(lambda: waiting(library, card) == [(titles[0], 1)])
    counter.until(lambda: not form_is_open(counter))
    assert waiting(library, late) == []
    assert where_said(card, late) == []


def test_an_outage_in_the_middle_reserves_once_and_says_so_later(
    qtbot: QtBot, qapp: QApplication, embedded: CounterLibrary
) -> None:
    line = CutLine(embedded)
    counter = Counter(qtbot, qapp, embedded, line)
    try:
        counter.sign_in()
        embedded.item(title="深海の魚")
        card = embedded.patron()
        look_for(counter, "深海")
        counter.until(lambda: shown(counter) == "深海の魚" and 10 in counter.live_keys())
        counter.f(10)
        counter.until(lambda: form_is_open(counter))
        counter.scan(card)
        line.down = True
        counter.f(10)
        counter.until(lambda: "回線" in form(counter).message_line().text())
        counter.press(Qt.Key.Key_Escape)
        counter.until(lambda: not form_is_open(counter))
        line.down = False
        counter.until(lambda: counter.strip().tone is Tone.DONE)
        assert len(waiting(embedded, card)) == 1
    finally:
        counter.close()


def test_esc_leaves_the_form_and_hides_nothing(counter: Counter, items: list[str]) -> None:
    look_for(counter, "ここ")
    counter.until(lambda: shown(counter) == "こころ" and 10 in counter.live_keys())
    counter.f(10)
    counter.until(lambda: form_is_open(counter))
    counter.press(Qt.Key.Key_Escape)
    counter.until(lambda: not form_is_open(counter))
    assert counter.banner_text() == ""
    assert QApplication.focusWidget() is panel(counter).field(BOX).edit()


# -- somebody else comes ---------------------------------------------------------------------------------


def test_the_form_does_not_outlive_the_visit_it_was_opened_in(
    counter: Counter, library: CounterLibrary, items: list[str]
) -> None:
    first, second = library.patron(), library.patron()
    counter.open_visit(first)
    look_for(counter, "ここ")
    counter.until(lambda: shown(counter) == "こころ" and 10 in counter.live_keys())
    counter.f(10)
    counter.until(lambda: form_is_open(counter))
    counter.f(1)
    counter.open_visit(second)
    counter.turn()
    assert where_said(first) == []
    counter.f(SEARCH)
    assert not form_is_open(counter)
    counter.type("ここ", enter=False)
    counter.until(lambda: shown(counter) == "こころ" and 10 in counter.live_keys())
    counter.f(10)
    counter.until(lambda: form_is_open(counter))
    assert form(counter).values()["card"] == second


def test_what_was_looked_for_with_one_patron_is_gone_for_the_next(
    counter: Counter, library: CounterLibrary, items: list[str]
) -> None:
    look_for(counter, "ここ")
    counter.until(lambda: shown(counter) == "こころ")
    # read in the middle of a search: it is for whoever comes
    counter.scan(card := library.patron())
    counter.until(lambda: card in counter.left_text())
    counter.f(SEARCH)
    assert found(counter) == ["こころ"]
    counter.f(1)
    counter.f(11)
    counter.turn()
    assert where_said("こころ") == []
    counter.f(SEARCH)
    assert (found(counter), panel(counter).values()) == ([], {})


def test_while_the_screen_is_hidden_the_form_shows_nobodys_number(
    counter: Counter, library: CounterLibrary, items: list[str]
) -> None:
    card = library.patron()
    counter.open_visit(card)
    counter.press(Qt.Key.Key_Escape)
    look_for(counter, "ここ")
    counter.until(lambda: shown(counter) == "こころ" and 10 in counter.live_keys())
    counter.f(10)
    counter.until(lambda: form_is_open(counter))
    assert where_said(card) == []


def test_what_is_still_in_sight_of_an_earlier_question_is_not_reserved(
    qtbot: QtBot, qapp: QApplication, embedded: CounterLibrary
) -> None:
    line = SlowServer(embedded)
    counter = Counter(qtbot, qapp, embedded, line)
    try:
        counter.sign_in()
        embedded.item(title="深海の魚")
        star = embedded.item(title="星の本")
        look_for(counter, "深海")
        counter.until(lambda: shown(counter) == "深海の魚" and 10 in counter.live_keys())
        line.delay_seconds = 0.5
        counter.scan(star)
        counter.f(10)
        assert not form_is_open(counter)
        # once it is known what was meant
        counter.until(lambda: form_is_open(counter))
        assert "星の本" in form(counter).view().note
    finally:
        counter.close()


def test_a_card_that_is_read_while_a_reservation_is_on_its_way_begins_its_visit(
    qtbot: QtBot, qapp: QApplication, embedded: CounterLibrary
) -> None:
    line = SlowServer(embedded)
    counter = Counter(qtbot, qapp, embedded, line)
    try:
        counter.sign_in()
        embedded.item(title="深海の魚")
        first, second = embedded.patron(), embedded.patron()
        look_for(counter, "深海")
        counter.until(lambda: shown(counter) == "深海の魚" and 10 in counter.live_keys())
        counter.f(10)
        counter.until(lambda: form_is_open(counter))
        counter.scan(first)
        line.hold()
        counter.f(10)
        counter.scan(second)
        line.let_go()
        counter.until(lambda: counter.window.page is not None and second in counter.left_text())
        counter.until(lambda: len(waiting(embedded, first)) == 1)
        assert waiting(embedded, second) == []
    finally:
        counter.close()


def test_no_command_code_reserves(counter: Counter, library: CounterLibrary, items: list[str]) -> None:
    card = library.patron()
    counter.open_visit(card)
    look_for(counter, "ここ")
    counter.until(lambda: shown(counter) == "こころ" and 10 in counter.live_keys())
    command(counter, Command.ATTEND, Command.ATTEND)
    counter.turn()
    assert not form_is_open(counter)
    assert waiting(library, card) == []
