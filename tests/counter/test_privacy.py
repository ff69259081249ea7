"""Whatever is somebody's: hidden at once, never in the clipboard, gone when the visit ends."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from madoguchi.widgets.look.form_panel import FormPanel
from madoguchi.widgets.look.views import Sign
from madoguchi.widgets.search_page import SEARCH
from tests.counter.harness import Counter, CounterLibrary, both, unique, where_said
from tests.support.library import TODAY


def hide(counter: Counter) -> None:
    """The privacy key."""
    counter.press(Qt.Key.Key_Escape, "\x1b")


@both
def test_one_key_hides_whatever_is_somebodys(counter: Counter, library: CounterLibrary) -> None:
    name, kana, note = unique("藤沢"), unique("フジサワ"), unique("転居")
    card = library.patron(name=name, kana=kana, note=note)
    titles = [unique("本") for _ in range(4)]
    lent, reference, later, returned = (
        library.item(title=title, reference_only=place == 1) for place, title in enumerate(titles)
    )
    library.lent(library.patron(), returned, due_on=TODAY)
    counter.f(2)
    counter.scan_and_wait(returned)
    counter.f(1)
    counter.open_visit(card)
    counter.scan_and_wait(lent)
    counter.scan_and_wait(reference)
    counter.f(10)
    counter.type("12", enter=False)
    theirs = (name, kana, note, card, lent, reference, returned, *titles)
    assert len(where_said(*theirs)) > 5
    hide(counter)
    # at once: nothing has been waited for
    assert where_said(*theirs) == []
    assert counter.window.frame.question.view() is None
    assert "画面を隠しています" in counter.banner_text()
    # the work goes on behind it, and says what became of it
    row = counter.scan_and_wait(later)
    assert row.sign is Sign.DONE
    assert counter.strip().word == "貸出"
    assert counter.strip().right == "5/26(火)"
    counter.f(2)
    assert where_said(*theirs, later) == []
    counter.f(1)
    hide(counter)
    assert counter.banner_text() == ""
    assert name in counter.left_text()
    assert [row.title for row in counter.rows()] == [titles[0], titles[1], titles[2]]
    assert counter.row(reference).pinned


def test_a_question_opened_behind_the_veil_names_no_title(counter: Counter, library: CounterLibrary) -> None:
    title = unique("本")
    card, item = library.patron(), library.item(title=title, reference_only=True)
    counter.open_visit(card)
    counter.scan_and_wait(item)
    hide(counter)
    counter.f(10)
    assert counter.window.frame.question.view() is not None
    assert where_said(title, item) == []
    # it stands, and is answered as any other
    counter.settled()
    counter.pass_guard()
    counter.f(9)
    assert counter.row(item).answered
    assert where_said(title, item) == []


@both
def test_hiding_closes_the_form_of_a_reservation_and_the_number_in_it_is_gone(
    counter: Counter, library: CounterLibrary
) -> None:
    name, title = unique("藤沢"), unique("本")
    card, other, _ = library.patron(name=name), library.patron(), library.item(title=title)
    counter.open_visit(card)
    counter.f(SEARCH)
    counter.type(title, enter=False)
    counter.until(lambda: title in counter.left_text())
    counter.settled()
    for number in (card, other):
        counter.f(10)
        counter.until(lambda: isinstance(counter.window.frame.centre(), FormPanel))
        form = counter.window.frame.centre()
        assert isinstance(form, FormPanel)
        counter.scan(number)
        assert form.values()["card"] == number
        form.field("card").controls()[0].setFocus()
        # in the form the key leaves the form, as it says there
        hide(counter)
        assert where_said(other) == []
        assert not isinstance(counter.window.frame.centre(), FormPanel)
    counter.f(10)
    counter.until(lambda: isinstance(counter.window.frame.centre(), FormPanel))
    counter.scan(other)
    counter.window.frame.corner.hide_key().click()
    # at once: nothing has been waited for
    assert where_said(name, card, other) == []
    assert not isinstance(counter.window.frame.centre(), FormPanel)
    # a catalogue is nobody's
    assert title in counter.left_text()
    hide(counter)
    assert where_said(other) == []


@pytest.mark.parametrize("how", ["next card", "finished", "last patron"])
def test_a_renewed_title_goes_before_the_next_patron_comes(
    counter: Counter, library: CounterLibrary, how: str
) -> None:
    title = unique("本")
    item, before = library.item(title=title), library.patron()
    library.lent(before, item, due_on=TODAY)
    counter.open_visit(before)
    if how == "last patron":
        counter.f(11)
    counter.f(3)
    counter.scan_and_wait(item)
    # as long as the visit stands as it did, the row stays
    counter.f(1)
    counter.settled()
    counter.f(3)
    assert [row.title for row in counter.rows()] == [title]
    counter.f(1)
    if how == "next card":
        counter.open_visit(library.patron())
    elif how == "finished":
        counter.f(11)
    else:
        counter.f(8)
    counter.f(3)
    assert counter.rows() == ()
    assert where_said(title) == []


@pytest.mark.parametrize("page", [2, 3])
def test_a_card_shown_to_the_wrong_page_is_not_kept(
    counter: Counter, library: CounterLibrary, page: int
) -> None:
    card, item = library.patron(), library.item()
    library.lent(card, item, due_on=TODAY)
    misread = card[:-1] + str((int(card[-1]) + 1) % 10)
    counter.f(page)
    counter.scan(card)
    assert [(row.title, row.state) for row in counter.rows()] == [("—", "利用者カードです")]
    assert where_said(card) == []
    counter.scan(misread)
    assert [row.title for row in counter.rows()] == [misread]
    assert counter.scan_and_wait(item).number == 3
    assert len(counter.rows()) == 1
    assert where_said(card, misread) == []
    counter.scan(misread)
    counter.f(1)
    counter.open_visit(card)
    assert where_said(misread) == []
    counter.f(11)
    counter.settled()
    assert where_said(card) == []


def test_the_next_session_begins_unhidden(counter: Counter, library: CounterLibrary) -> None:
    card = library.patron()
    counter.open_visit(card)
    hide(counter)
    counter.f(12)
    assert counter.banner_text() == ""
    counter.sign_in()
    counter.open_visit(card)
    assert card in counter.left_text()


def test_a_held_down_privacy_key_hides_once(counter: Counter, library: CounterLibrary) -> None:
    card = library.patron()
    counter.open_visit(card)
    hide(counter)
    for _ in range(5):
        counter.press(Qt.Key.Key_Escape, "\x1b", repeat=True)
    assert where_said(card) == []


def test_nothing_of_a_patron_can_be_copied(counter: Counter, library: CounterLibrary) -> None:
    name, title = unique("藤沢"), unique("本")
    card, item = library.patron(name=name), library.item(title=title)
    counter.open_visit(card)
    counter.scan_and_wait(item)
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("before")
    focusable = [w for w in QApplication.allWidgets() if w.focusPolicy() != Qt.FocusPolicy.NoFocus]
    assert len(focusable) > 5
    for widget in [w for w in focusable if w.isVisible()]:
        widget.setFocus()
        for key in (Qt.Key.Key_A, Qt.Key.Key_C, Qt.Key.Key_X):
            _with_control(counter, key)
    assert clipboard.text() == "before"
    assert all(w.contextMenuPolicy() is not Qt.ContextMenuPolicy.ActionsContextMenu for w in _labels())


def _with_control(counter: Counter, key: Qt.Key) -> None:
    counter.press(key, modifiers=Qt.KeyboardModifier.ControlModifier)


def _labels() -> list[QWidget]:
    return [widget for widget in QApplication.allWidgets() if widget.isVisible()]
