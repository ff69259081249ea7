"""Numbers and days entered by hand: keyboard, the pad's buttons and command codes write one line."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeyEvent

from madoguchi.barcode.scan import Scan, Source
from madoguchi.widgets import counter_views as views
from madoguchi.widgets.between import Between
from madoguchi.widgets.counter_pages import CounterPages
from madoguchi.widgets.look.counter_frame import CounterFrame
from madoguchi.widgets.look.number_pad import NumberPad
from madoguchi.widgets.typed_line import TypedLine


class AroundTyping(Protocol):
    """What typing needs of the window."""

    frame: CounterFrame
    between: Between
    pages: CounterPages

    def take(self, scan: Scan) -> None: ...


class TypingDesk(QObject):
    """The line that is being typed, and the pad that shows it large."""

    def __init__(self, window: AroundTyping) -> None:
        super().__init__()
        self._window = window
        self.line = TypedLine(self)
        self._pad = NumberPad(window.frame.look)
        self.line.changed.connect(self._show)
        self.line.entered.connect(self._take)
        self._pad.digit.connect(self.line.add)
        self._pad.erased.connect(self.line.erase)
        self._pad.cleared.connect(self.line.clear)
        self._pad.entered.connect(self.line.enter)
        self._pad.closed.connect(window.between.close_card)

    def open_pad(self) -> None:
        """Shows the pad."""
        self._pad.set_view(views.number_pad(self.line.text()))
        self._window.between.open_card(self._pad)

    def key(self, event: QKeyEvent) -> bool:
        """A key that no part of the window took; whether it meant something for what is typed."""
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self.line.enter()
        elif key == Qt.Key.Key_Backspace:
            self.line.erase()
        elif key == Qt.Key.Key_Delete:
            self.line.clear()
        else:
            return self.line.add(event.text())
        return True

    def _show(self, text: str) -> None:
        # also of whoever is leaving: nothing that was typed stays on their page
        page = self._window.pages.typed_on()
        if page is not None:
            page.show_typed(text)
            if self._window.frame.card() is self._pad:
                self._pad.set_view(views.number_pad(text))

    def _take(self, text: str) -> None:
        """What was typed is taken as a day where the page awaits one, else as a number."""
        page = self._window.pages.page
        if page is None:
            return
        if page.date_typed(text):
            self._window.between.close_card()
        else:
            self._window.take(Scan(text, Source.TYPED, 0.0))
