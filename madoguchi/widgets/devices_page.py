"""USB devices (Shift+F8): what is plugged in and why it is blocked; an exception asked for, used, ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from madoguchi.app.devices.copying import Copied, Listing
from madoguchi.app.devices.fields import DeviceProblem, minutes_of, reason_of
from madoguchi.app.devices.virus_check import CheckVerdict, VirusCheck
from madoguchi.app.staff.session import SignedIn
from madoguchi.barcode.symbology import ItemCode, ParsedCode, PatronCode
from madoguchi.device_control.channel import DeviceSeen
from madoguchi.widgets import device_words as words
from madoguchi.widgets import exception_words, usb_standing
from madoguchi.widgets.copying_desk import CopyingDesk, Stopped
from madoguchi.widgets.counter_page import CounterPage
from madoguchi.widgets.device_desk import DeviceDesk
from madoguchi.widgets.exception_desk import ExceptionDesk
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
        self.files = RecordTable(look)
        self.form = FormPanel(look)
        self.copying = CopyingDesk(around, folder, VirusCheck(around.signed_in.virus_check))
        self._asking: DeviceSeen | None = None
        self._whole = False
        self._coming: bool | None = None
        self._listed = Listing(())
        self._whole_list = False
        self._said_last: StripView | None = None
        self._before = 1
        self._typing = self._ended = self._veiled = False
        # what is typed over a list is a number of something, and the window's
        for table in (self.table, self.files):
            table.records_view().jumps = False
            table.selection_changed.connect(self.changed)
        self.table.chosen.connect(lambda _key: self._open_whole())
        self.files.chosen.connect(lambda _key: self._copy_selected())
        self.form.submitted.connect(self._submitted)
        self.form.cancelled.connect(self._close_form)
        self.copying.listed.connect(self._files_came)
        self.copying.progressed.connect(self._progressed)
        self.copying.stopped.connect(self._stopped)
        self.copying.ended.connect(self._copied)
        self._desk.changed.connect(self._show)
        self._desk.ended.connect(self._exception_ended)
        self._show()

    def came_from(self, key: int) -> None:
        """The page that F11 goes back to, by its key."""
        if key != DEVICES:
            self._before = key

    # -- what the window asks ------------------------------------------------------------------------

    def centre(self) -> QWidget:
        if self.form.view() is not None:
            return self.form
        return self.files if self._coming is not None else self.table

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
        if self.copying.busy:
            return words.no_key(9), words.stop_key()
        if self._coming is not None:
            return words.copy_all_key(enabled=bool(self._listed.files)), words.back_key()
        if self._desk.lease is not None:
            return words.copy_out_key(enabled=self._place() is not None), words.release_key()
        return words.no_key(9), words.back_key()

    def attend_key(self) -> RailItem:
        view = self.form.view()
        if view is not None:
            return RailItem(10, view.submit, enabled=not view.busy, offered=True)
        if self.copying.busy:
            return words.no_key(10)
        if self._coming is not None:
            return words.copy_key(enabled=self.files.selected() is not None)
        if self._desk.lease is not None:
            return words.copy_in_key(enabled=self._place() is not None)
        device = self._selected()
        return words.ask_key(enabled=device is not None and not device.allowed and words.is_stick(device))

    def attend(self) -> None:
        if not self.attend_key().enabled:
            return
        device = self._selected()
        if self.form.view() is not None:
            self.form.press(Qt.Key.Key_F10)
        elif self._coming is not None:
            self._copy_selected()
        elif self._desk.lease is not None:
            self._open_files(coming=True)
        elif device is not None:
            self._asking = device
            self._open_form(exception_words.ask_form(device))
            # the key that opens the form is the one that sends it, and does not do both at once
            self.form.hold()

    def press(self, key: int) -> None:
        if self.copying.busy:
            self.copying.cancel()
        elif self._coming is not None:
            if key == 9:
                self._copy((each.path_untrusted for each in self._listed.files), whole=True)
            else:
                self._close_files()
        elif self._desk.lease is not None:
            if key == 9:
                self._open_files(coming=False)
            else:
                self._desk.release()
        elif key == 11:
            self._around.go_to(self._before)

    def key(self, event: QKeyEvent) -> bool:
        if self._typing or event.key() != Qt.Key.Key_Escape:
            return False
        if self.form.view() is not None:
            return self.form.press(Qt.Key.Key_Escape)
        if self._coming is not None and not self.copying.busy:
            self._close_files()
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
        if veiled is not self._veiled:
            self._veiled = veiled
            if self._coming is not None:
                self._show_files()

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
        self._desk.ended.disconnect(self._exception_ended)
        self._around.exceptions.give_up()
        self.copying.leave()
        self.form.set_view(None)
        self._asking, self._coming, self._listed = None, None, Listing(())
        self.files.set_view(words.files_table((), coming=True, word=""))

    # -- the list --------------------------------------------------------------------------------------

    def _show(self) -> None:
        standing = self._desk.standing()
        view = usb_standing.table(self._desk.devices, standing, note=usb_standing.note(standing))
        if view != self.table.view():
            self.table.set_view(view)
        self.changed.emit()

    def _selected(self) -> DeviceSeen | None:
        return self._desk.device(self.table.selected() or "")

    def _place(self) -> Path | None:
        """Where the stick's files are."""
        lease = self._desk.lease
        return Path(lease.place) if lease is not None and lease.place else None

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

    def _exception_ended(self, _how: object) -> None:
        self.copying.cancel()
        if self._coming is not None:
            self._close_files()
        if self._said_last is not None:
            # why the stick was closed, which the words of its end stand over
            self._around.show_strip(self._said_last)
            self._said_last = None

    # -- copying ---------------------------------------------------------------------------------------

    def _open_files(self, *, coming: bool) -> None:
        place = self._place()
        if place is None or not self._may_copy():
            return
        self.copying.look(place if coming else self.copying.folder)
        self._coming = coming
        self._listed = Listing(())
        self._show_files()
        self._centre_is_another()

    def _may_copy(self) -> bool:
        """Says why nothing is copied now, if so."""
        if not self.copying.can_check:
            self._around.show_strip(exception_words.no_check_strip())
        elif not self.copying.line_up:
            self._around.show_strip(exception_words.not_noted_strip(line_down=True))
        else:
            return True
        return False

    def _files_came(self, found: Listing | str) -> None:
        if self._coming is None:
            return
        if isinstance(found, str):
            self._close_files()
            self._around.show_strip(exception_words.unreadable_strip(found))
            return
        self._listed = found
        self._show_files()
        if found.files:
            self.files.select("0")
        if found.more:
            self._around.show_strip(exception_words.more_files_strip(len(found.files)))

    def _show_files(self) -> None:
        coming = bool(self._coming)
        folder = str(self.copying.folder)
        note = exception_words.files_note(coming=coming, folder=folder, more=self._listed.more)
        view = words.files_table(self._listed.files, coming=coming, word=note, veiled=self._veiled)
        self.files.set_view(view)
        self.changed.emit()

    def _close_files(self) -> None:
        self._coming, self._listed = None, Listing(())
        self.files.set_view(words.files_table((), coming=True, word=""))
        self._centre_is_another()

    def _copy_selected(self) -> None:
        key = self.files.selected()
        if key is not None and int(key) < len(self._listed.files):
            self._copy((self._listed.files[int(key)].path_untrusted,))

    def _copy(self, names: Iterable[str], *, whole: bool = False) -> None:
        place, coming = self._place(), bool(self._coming)
        wanted = tuple(names)
        if place is None or not wanted or self.copying.busy or not self._may_copy():
            return
        self._whole_list = whole
        source, target = (place, self.copying.folder) if coming else (self.copying.folder, place)
        self.copying.begin(self._desk.exception, source, wanted, target)
        self.changed.emit()

    def _progressed(self, done: int, of: int) -> None:
        self._around.show_quietly(exception_words.copying_strip(done, of))

    def _stopped(self, why: Stopped) -> None:
        said = exception_words.not_noted_strip(line_down=why is Stopped.LINE_DOWN)
        self._around.show_strip(said)
        if why is Stopped.NOT_NOTED and self._desk.lease is not None:
            self._said_last = said
            self._desk.release()

    def _copied(self, copied: Copied, coming: bool) -> None:
        said = exception_words.copied_strip(
            len(copied.names),
            copied.verdict,
            copied.why,
            coming=coming,
            folder=str(self.copying.folder),
            more=self._whole_list and self._listed.more,
        )
        found = copied.verdict is CheckVerdict.FOUND
        if found and self._desk.lease is not None:
            # a stick with something on it is not used any further
            self._said_last = said
            self._desk.release()
        # what ended it has been said, but what was found is said in any case
        if found or not self._was_stopped(copied):
            self._around.show_strip(said)
        self.changed.emit()

    def _was_stopped(self, copied: Copied) -> bool:
        """Whether it was not whoever copies that stopped it, nor a file."""
        if self._desk.lease is None:
            return True
        is_cut = copied.verdict is CheckVerdict.CANCELLED
        return is_cut and (self._said_last is not None or not self.copying.line_up)
