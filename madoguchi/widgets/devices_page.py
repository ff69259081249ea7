"""USB devices (Shift+F8): what is plugged in and why it is blocked; an exception asked for, used, ended."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from madoguchi.app.devices.fields import DeviceProblem, minutes_of, reason_of
from madoguchi.app.staff.session import SignedIn
from madoguchi.barcode.symbology import ItemCode, ParsedCode, PatronCode
from madoguchi.device_control.channel import DeviceSeen
from madoguchi.widgets import device_words as words
from madoguchi.widgets import exception_words, usb_standing
from madoguchi.widgets.counter_page import CounterPage
from madoguchi.widgets.device_desk import DeviceDesk
from madoguchi.widgets.exception_desk import ExceptionDesk
from madoguchi.widgets.files_to_copy import FilesToCopy
from madoguchi.widgets.look.form_panel import FormPanel
from madoguchi.widgets.look.record_table import RecordTable
from madoguchi.widgets.look.record_views import FormView
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import RailItem, StripView
from madoguchi.widgets.worker import DatabaseWorker

DEVICES: Final = 108
"""Its key: Shift+F8, which is none of the twelve."""


class AroundDevices(Protocol):
    """What the page asks of the session around it."""

    worker: DatabaseWorker
    signed_in: SignedIn
    devices: DeviceDesk
    exceptions: ExceptionDesk

    def show_strip(self, view: StripView) -> None: ...

    def show_quietly(self, view: StripView) -> None: ...

    def begin_visit(self, code: PatronCode) -> None: ...

    def lend_item(self, code: ItemCode) -> bool: ...

    def go_to(self, key: int) -> None: ...


class DevicesPage(CounterPage):
    """The devices; over them the form of an exception, a device whole, or the files to be copied."""

    def __init__(self, look: Look, around: AroundDevices, folder: Path) -> None:
        super().__init__()
        self._around = around
        self._desk = around.devices
        self.table = RecordTable(look)
        self.form = FormPanel(look)
        self.to_copy = FilesToCopy(look, around, folder)
        self.files, self.copying = self.to_copy.table, self.to_copy.desk
        self._asking: DeviceSeen | None = None
        self._whole = False
        self._before = 1
        self._typing = self._ended = False
        # what is typed over a list is a number of something, and the window's
        self.table.records_view().jumps = False
        self.table.selection_changed.connect(self.changed)
        self.table.chosen.connect(lambda _key: self._open_whole())
        self.to_copy.changed.connect(self.changed)
        self.to_copy.came_or_went.connect(self._centre_is_another)
        self.form.submitted.connect(self._submitted)
        self.form.cancelled.connect(self._close_form)
        self._desk.changed.connect(self._show)
        self._show()

    def came_from(self, key: int) -> None:
        """The page that F11 goes back to, by its key."""
        if key != DEVICES:
            self._before = key

    # -- what the window asks ------------------------------------------------------------------------

    def centre(self) -> QWidget:
        if self.form.view() is not None:
            return self.form
        return self.files if self.to_copy.is_open else self.table

    def left(self) -> QWidget | None:
        return None

    def widgets(self) -> list[QWidget]:
        return [self.table, self.files, self.form]

    def focus(self) -> None:
        if self.form.view() is not None:
            self.form.start()
        else:
            super().focus()

    def shown(self) -> None:
        self._desk.look(True)
        self._show()
        records = self.table.view().records
        if records and self.table.selected() is None:
            self.table.select(records[0].key)

    def idle_strip(self) -> StripView:
        return words.idle_strip()

    def line_down_words(self) -> str:
        return words.line_down_words()

    def attends_by_code(self) -> bool:
        return False

    def function_keys(self) -> tuple[RailItem, RailItem]:
        if self.form.view() is not None:
            return words.no_key(9), words.no_key(11)
        if self.to_copy.has_keys:
            return self.to_copy.function_keys()
        if self._desk.lease is not None:
            return words.copy_out_key(enabled=self.to_copy.place() is not None), words.release_key()
        return words.no_key(9), words.back_key()

    def attend_key(self) -> RailItem:
        view = self.form.view()
        if view is not None:
            return RailItem(10, view.submit, enabled=not view.busy, offered=True)
        if self.to_copy.has_keys:
            return self.to_copy.attend_key()
        if self._desk.lease is not None:
            return words.copy_in_key(enabled=self.to_copy.place() is not None)
        device = self._selected()
        return words.ask_key(enabled=device is not None and not device.allowed and words.is_stick(device))

    def attend(self) -> None:
        if not self.attend_key().enabled:
            return
        device = self._selected()
        if self.form.view() is not None:
            self.form.press(Qt.Key.Key_F10)
        elif self.to_copy.is_open:
            self.to_copy.copy_selected()
        elif self._desk.lease is not None:
            self.to_copy.open(coming=True)
        elif device is not None:
            self._asking = device
            self._open_form(exception_words.ask_form(device))
            # the key that opens the form is the one that sends it, and does not do both at once
            self.form.hold()

    def press(self, key: int) -> None:
        if self.to_copy.has_keys:
            self.to_copy.press(key)
        elif self._desk.lease is not None:
            if key == 9:
                self.to_copy.open(coming=False)
            else:
                self._desk.release()
        elif key == 11:
            self._around.go_to(self._before)

    def key(self, event: QKeyEvent) -> bool:
        if self._typing or event.key() != Qt.Key.Key_Escape:
            return False
        if self.form.view() is not None:
            return self.form.press(Qt.Key.Key_Escape)
        if self.to_copy.is_open and not self.copying.busy:
            self.to_copy.close()
            return True
        return False

    def show_typed(self, text: str) -> None:
        # Enter is the end of a number then, and chooses nothing
        self._typing = bool(text)
        for table in (self.table, self.files):
            table.records_view().enters = not text

    def take(self, code: ParsedCode) -> None:
        if isinstance(code, PatronCode):
            self._around.begin_visit(code)
        elif not (isinstance(code, ItemCode) and self._around.lend_item(code)):
            self._around.show_strip(words.nothing_to_read_strip())

    def set_veiled(self, veiled: bool) -> None:
        """Hides the files' names, which may be somebody's; devices name nobody."""
        self.to_copy.set_veiled(veiled)

    def gone(self) -> None:
        """Another page is in sight: what was asked for here comes up over no other one."""
        self._desk.look(False)
        view = self.form.view()
        if self._asking is not None and view is not None and view.busy:
            self._around.exceptions.give_up()
            self.form.set_view(replace(view, busy=False))

    def leave(self) -> None:
        self._ended = True
        self._desk.changed.disconnect(self._show)
        self._around.exceptions.give_up()
        self.to_copy.leave()
        self.form.set_view(None)
        self._asking = None

    # -- the list --------------------------------------------------------------------------------------

    def _show(self) -> None:
        standing = self._desk.standing()
        view = usb_standing.table(self._desk.devices, standing, note=usb_standing.note(standing))
        if view != self.table.view():
            self.table.set_view(view)
        self.changed.emit()

    def _selected(self) -> DeviceSeen | None:
        return self._desk.device(self.table.selected() or "")

    def _open_whole(self) -> None:
        device = self._selected()
        if device is not None:
            self._whole = True
            self._open_form(words.whole_form(device))

    def _open_form(self, view: FormView) -> None:
        self.form.set_view(view)
        self._centre_is_another()
        self.form.start()

    def _close_form(self) -> None:
        self._around.exceptions.give_up()
        self._asking, self._whole = None, False
        self.form.set_view(None)
        self._centre_is_another()

    def _centre_is_another(self) -> None:
        if not self._ended:
            self.centre_changed.emit()
            self.changed.emit()

    # -- asking ----------------------------------------------------------------------------------------

    def _submitted(self, typed: dict[str, str]) -> None:
        device = self._asking
        if self._whole or device is None:
            self._close_form()
            return
        minutes = minutes_of(typed[exception_words.MINUTES_KEY])
        reason = reason_of(typed[exception_words.REASON_KEY])
        errors = {
            key: exception_words.problem(found)
            for key, found in ((exception_words.MINUTES_KEY, minutes), (exception_words.REASON_KEY, reason))
            if isinstance(found, DeviceProblem)
        }
        show = partial(exception_words.ask_form, device, typed)
        if errors or isinstance(minutes, DeviceProblem):
            self.form.set_view(show(errors=errors))
            self.form.start()
            return
        self.form.set_view(show(busy=True))
        self.changed.emit()
        login = self._around.signed_in.desk.login
        self._around.exceptions.ask(login, device, minutes, str(reason), partial(self._asked, show))

    def _asked(self, show: partial[FormView], message: str) -> None:
        if self._ended or self._asking is None:
            return
        if message:
            self.form.set_view(show(message=message))
            self.form.start()
            self.changed.emit()
        else:
            self._close_asked()

    def _close_asked(self) -> None:
        self._asking = None
        self.form.set_view(None)
        self._centre_is_another()
