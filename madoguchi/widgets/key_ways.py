"""Where a key goes: to what lies over the work, a question, the office, the page in sight, what is typed."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent

from madoguchi.widgets import counter_keys as keys
from madoguchi.widgets import counter_views as views
from madoguchi.widgets import usb_standing
from madoguchi.widgets.away import Away
from madoguchi.widgets.between import Between
from madoguchi.widgets.counter_page import ATTEND
from madoguchi.widgets.counter_pages import CounterPages
from madoguchi.widgets.counter_signs import CounterSigns
from madoguchi.widgets.exception_desk import ExceptionDesk
from madoguchi.widgets.incident_desk import IncidentDesk
from madoguchi.widgets.look.counter_frame import CounterFrame
from madoguchi.widgets.office.desk import OfficeDesk
from madoguchi.widgets.typing_desk import TypingDesk

INCIDENT_KEY = Qt.Key.Key_F11


class AroundKeys(Protocol):
    """What keys do at the window."""

    frame: CounterFrame
    between: Between
    pages: CounterPages
    signs: CounterSigns
    away: Away
    incident: IncidentDesk
    exceptions: ExceptionDesk

    @property
    def office(self) -> OfficeDesk | None: ...

    def somebody_works(self) -> bool: ...

    def leave(self) -> None: ...

    def hide_or_show(self) -> None: ...

    def open_devices(self) -> None: ...


class KeyWays(QObject):
    """Hands on the keys that no widget took, and what is pressed by mouse in a key's stead.

    Signals:
        preferences_asked(): the clerk wants to change how this terminal looks and sounds.
    """

    preferences_asked = Signal()

    def __init__(self, window: AroundKeys, typing: TypingDesk) -> None:
        super().__init__()
        self._window = window
        self._typing = typing

    def press(self, key: int) -> None:
        """A function key, by hand or by mouse."""
        window = self._window
        session, page = window.pages.session, window.pages.page
        if window.away.leaving:
            return
        if key == keys.LEAVE:
            window.leave()
            return
        if window.office is not None:
            window.between.close_card()
            window.office.press(key)
            return
        if session is None or page is None:
            return
        asking = window.between.asking()
        if not asking:
            self._typing.line.clear()
            window.between.close_card()
        if asking:
            # F1 to F8 do nothing while a question is open
            if key > keys.LAST_PATRON:
                window.frame.question.press(Qt.Key.Key_F1.value + key - 1)
        elif key in session.pages:
            window.pages.go_to(key)
        elif key == keys.LAST_PATRON and bool(session.checkout.last_patron.card):
            window.pages.open_last_patron()
        elif key == ATTEND:
            page.attend()
        elif any(item.key == key and item.enabled for item in page.function_keys()):
            page.press(key)

    def end_mode(self) -> None:
        """The banner's button was pressed: its mode ends, as by its key."""
        banner = self._window.signs.banner
        if banner is None or not banner.key:
            return
        if banner.key == "Esc":
            self._window.hide_or_show()
        elif banner.key == views.SLIPS_KEY:
            self._window.pages.open_slips()
        elif banner.key == usb_standing.DEVICES_KEY:
            self._window.open_devices()
        else:
            self.press(int(banner.key.removeprefix("F")))

    # -- by hand ---------------------------------------------------------------------------------------

    def pressed(self, event: QKeyEvent) -> None:
        """Any key; whether it meant something, the event is told."""
        window, key = self._window, event.key()
        page = window.pages.page
        if Qt.Key.Key_F1 <= key <= Qt.Key.Key_F12:
            if not event.isAutoRepeat():
                self._function_key(key, event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier)
        elif window.incident.is_open():
            window.incident.press(key)
        elif window.exceptions.is_open():
            window.exceptions.press(key)
        elif window.office is not None:
            event.setAccepted(window.office.key(event))
        elif page is None:
            event.ignore()
        elif page.key(event):
            event.accept()
        elif key == Qt.Key.Key_Escape:
            if not event.isAutoRepeat():
                window.hide_or_show()
        else:
            event.setAccepted(self._typing.key(event))

    def released(self, event: QKeyEvent) -> None:
        """What is shown for as long as a key is held is hidden again."""
        page = self._window.pages.page
        if page is None or event.isAutoRepeat() or not Qt.Key.Key_F1 <= event.key() <= Qt.Key.Key_F12:
            event.ignore()
        else:
            page.released(event.key() - Qt.Key.Key_F1 + 1)

    def _function_key(self, key: int, modifiers: Qt.KeyboardModifier) -> None:
        window = self._window
        shift = modifiers == Qt.KeyboardModifier.ShiftModifier
        covered = window.incident.is_open() or window.exceptions.is_open()
        if shift and key == INCIDENT_KEY:
            window.incident.open()
        elif window.incident.is_open() and key != Qt.Key.Key_F12:
            window.incident.press(key)
        elif not window.somebody_works():
            return
        elif window.exceptions.is_open() and key != Qt.Key.Key_F12:
            window.exceptions.press(key)
        elif modifiers == Qt.KeyboardModifier.NoModifier:
            self.press(key - Qt.Key.Key_F1 + 1)
        elif shift and key == Qt.Key.Key_F9:
            window.pages.open_slips()
        elif shift and key == Qt.Key.Key_F8:
            window.open_devices()
        elif shift and key == Qt.Key.Key_F6 and window.pages.session is not None:
            window.pages.open_labels()
        elif shift and key == Qt.Key.Key_F12 and not covered:
            self.preferences_asked.emit()
