"""Hands and eyes for the page of patrons at the real window."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from madoguchi.widgets.look.form_panel import FormPanel
from madoguchi.widgets.look.patron_file import PatronFilePanel
from madoguchi.widgets.look.patron_finder import PatronFinder
from madoguchi.widgets.look.person_views import PersonView
from madoguchi.widgets.patrons_page import PATRONS, PatronsPage
from tests.counter.harness import Counter


def patrons_page(counter: Counter) -> PatronsPage:
    page = counter.window.page
    assert isinstance(page, PatronsPage)
    return page


def finder(counter: Counter) -> PatronFinder:
    centre = patrons_page(counter).centre()
    assert isinstance(centre, PatronFinder)
    return centre


def found(counter: Counter) -> list[tuple[str, ...]]:
    """What is painted of those who were found, from the top."""
    return [record.cells for record in finder(counter).results.view().records]


def look_for(counter: Counter, text: str) -> None:
    """F5, a word, Enter."""
    counter.f(PATRONS)
    counter.type(text)


def record(counter: Counter) -> PatronFilePanel:
    centre = patrons_page(counter).centre()
    assert isinstance(centre, PatronFilePanel)
    return centre


def record_is_open(counter: Counter, name: str) -> bool:
    """Whether this patron's record is in sight."""
    page = counter.window.page
    return (
        isinstance(page, PatronsPage)
        and isinstance(page.centre(), PatronFilePanel)
        and name in counter.left_text()
    )


def open_record(counter: Counter, card: str, name: str) -> None:
    """F5, a card is read."""
    counter.f(PATRONS)
    counter.scan(card)
    counter.until(lambda: record_is_open(counter, name))


def rows(counter: Counter) -> dict[str, tuple[str, ...]]:
    """The rows of the record, by their keys."""
    return {each.key: each.cells for each in record(counter).table.view().records}


def person(counter: Counter) -> PersonView:
    """What is masked, as it is shown."""
    return record(counter).person.view()


def choose(counter: Counter, act: str) -> None:
    """Goes to the row with the arrows and presses Enter on it."""
    keys = list(rows(counter))
    table = record(counter).table
    wanted = next(place for place, key in enumerate(keys) if key == act or key.startswith(f"{act}:"))
    at = keys.index(table.selected() or "")
    for _ in range(abs(wanted - at)):
        counter.press(Qt.Key.Key_Down if wanted > at else Qt.Key.Key_Up)
    assert table.selected() == keys[wanted]
    counter.press(Qt.Key.Key_Return, "\r")


def act_form(counter: Counter) -> FormPanel:
    centre = patrons_page(counter).centre()
    assert isinstance(centre, FormPanel)
    return centre


def form_is_open(counter: Counter) -> bool:
    page = counter.window.page
    return isinstance(page, PatronsPage) and isinstance(page.centre(), FormPanel)


def hold(counter: Counter, number: int) -> None:
    """A function key goes down, and stays there: the keyboard repeats it."""
    for repeat in (False, True):
        _strike(counter, QEvent.Type.KeyPress, number, repeat=repeat)


def let_go(counter: Counter, number: int) -> None:
    """It comes up again; before that a repeating keyboard says so falsely."""
    for repeat in (True, False):
        _strike(counter, QEvent.Type.KeyRelease, number, repeat=repeat)


def _strike(counter: Counter, kind: QEvent.Type, number: int, *, repeat: bool) -> None:
    key = Qt.Key(Qt.Key.Key_F1.value + number - 1)
    event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, "", repeat)
    QCoreApplication.sendEvent(QApplication.focusWidget() or counter.window, event)
