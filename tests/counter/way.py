"""Hands and eyes for the page of reservations under way at the real window."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import Qt

from madoguchi.widgets.look.views import RowView
from madoguchi.widgets.way_page import WAY, WayPage
from madoguchi.widgets.way_views import KEYS, WayList
from tests.counter.harness import Counter, CounterLibrary
from tests.support.library import TODAY


def ready(library: CounterLibrary, card: str, item: str, keep_until: dt.date, **changes: object) -> int:
    """Has a copy on the reservation shelf for somebody."""
    since = TODAY - dt.timedelta(days=8)
    trapped = {"state": "ready", "trapped_item_id": library.id_of_item(item), "ready_on": since}
    return library.reserved(card, item, keep_until=keep_until, **(trapped | changes))


def way_page(counter: Counter) -> WayPage:
    page = counter.window.page
    assert isinstance(page, WayPage)
    return page


def open_list(counter: Counter, which: WayList) -> None:
    """F7 and the list's letter; waits until it has been read."""
    if not isinstance(counter.window.page, WayPage):
        counter.f(WAY)
    letter = KEYS[which]
    counter.press(Qt.Key[f"Key_{letter}"], letter.lower())
    # a key may be the first of a scan: it comes a moment later
    counter.until(lambda: way_page(counter).panel.choices.chosen_key() == which)
    read(counter)


def read(counter: Counter) -> None:
    """Waits until the list in sight has been read."""
    counter.settled()
    counter.until(lambda: not counter.application.worker._look_ups)


def listed(counter: Counter) -> dict[str, tuple[str, ...]]:
    """The cells of the list in sight, by the keys of its records, from the top."""
    return {record.key: record.cells for record in way_page(counter).panel.table.view().records}


def chips(counter: Counter) -> dict[WayList, str]:
    """What the chooser says."""
    buttons = way_page(counter).panel.choices.buttons()
    return {WayList(button.reason.key): button.reason.word for button in buttons}


def scan(counter: Counter, number: str) -> RowView:
    """A scan; waits for its answer, and for the lists to be read anew."""
    row = counter.scan_and_wait(number)
    read(counter)
    return row


def open_person(counter: Counter) -> None:
    """Enter on whoever is selected; waits until how to reach them is seen."""
    counter.press(Qt.Key.Key_Return, "\r")
    counter.until(lambda: way_page(counter).panel.person.view().shown)


def press(counter: Counter, key: int) -> None:
    """A function key; waits for what it brings."""
    counter.f(key)
    read(counter)
    read(counter)
