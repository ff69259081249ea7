"""Hands and eyes for the registration at the real window."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLineEdit

from madoguchi.app.server import tables as t
from madoguchi.app.training.situations import patron_number
from madoguchi.widgets.look.alike_panel import AlikePanel
from madoguchi.widgets.look.form_panel import FormPanel
from madoguchi.widgets.patrons_page import PATRONS, PatronsPage
from tests.counter.harness import Counter, CounterLibrary

NEW_CARD = patron_number(7001)
NEXT_CARD = patron_number(7002)

HANAKO = {
    "name": "見本 花子",
    "kana": "ミホン ハナコ",
    "birth_date": "S55.4.1",
    "postal_code": "251-0037",
    "address": "神奈川県藤沢市鵠沼海岸1-2-3",
    "telephone": "0466-00-0001",
    "proof": "licence",
}

YAMADA = (
    [(reading, "") for reading in ("y", "や", "やm", "やま", "やまd", "やまだ")]
    + [("山田", ""), ("", "山田")]
    + [("", "\u3000")]
)
TARO = [(reading, "") for reading in ("t", "た", "たr", "たろ", "たろう")] + [("太郎", ""), ("", "太郎")]


def patrons_page(counter: Counter) -> PatronsPage:
    page = counter.window.page
    assert isinstance(page, PatronsPage)
    return page


def form(counter: Counter) -> FormPanel:
    """The form that is in sight."""
    centre = patrons_page(counter).centre()
    assert isinstance(centre, FormPanel)
    return centre


def form_is_open(counter: Counter) -> bool:
    page = counter.window.page
    return isinstance(page, PatronsPage) and isinstance(page.centre(), FormPanel)


def open_form(counter: Counter) -> FormPanel:
    """F5, F9."""
    counter.f(PATRONS)
    counter.f(9)
    counter.until(lambda: form_is_open(counter))
    return form(counter)


def beside(counter: Counter) -> AlikePanel:
    left = patrons_page(counter).left()
    assert isinstance(left, AlikePanel)
    return left


def type_into(counter: Counter, values: Mapping[str, str]) -> None:
    """Types into fields as a clerk does; a choice is made by its key."""
    for key, text in values.items():
        field = form(counter).field(key)
        control = field.controls()[0]
        if isinstance(control, QLineEdit):
            control.setFocus()
            control.selectAll()
            counter.press(Qt.Key.Key_Delete)
            counter.type(text, enter=False)
            # the last key is held until it is no scanner's
            counter.until(lambda edit=control, wanted=text: edit.text() == wanted)
        else:
            buttons = field.controls()
            buttons[[each.reason.key for each in buttons].index(text)].click()  # type: ignore[attr-defined]


def compose(events: Iterable[tuple[str, str]]) -> None:
    """What an input method sends to whatever has the keyboard: what is composed, and what is committed."""
    for preedit, commit in events:
        event = QInputMethodEvent(preedit, [])
        if commit:
            event.setCommitString(commit)
        widget = QApplication.focusWidget()
        assert widget is not None
        QCoreApplication.sendEvent(widget, event)


def errors(counter: Counter) -> dict[str, str]:
    """What is marked as wrong, by field."""
    panel = form(counter)
    fields = {key: panel.field(key).field_view() for key in panel.values()}
    return {key: view.error for key, view in fields.items() if view.error}


def focused(counter: Counter) -> str:
    """The key of the field that has the keyboard."""
    now = QApplication.focusWidget()
    panel = form(counter)
    return next((key for key in panel.values() if now in panel.field(key).controls()), "")


def patron_of(library: CounterLibrary, card: str) -> dict[str, object]:
    """What the library has of whoever has this card; empty: nobody has it."""
    joined = sa.select(t.patron).join(t.card).where(t.card.c.number == card)
    rows = library.rows(joined)
    return rows[0] if rows else {}
