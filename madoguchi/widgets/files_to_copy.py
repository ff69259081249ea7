"""The files of a stick, or for one: listed, chosen to be copied, and what came of that."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from madoguchi.app.devices.copying import Copied, Listing
from madoguchi.app.devices.virus_check import CheckVerdict, VirusCheck
from madoguchi.app.staff.session import SignedIn
from madoguchi.widgets import device_words as words
from madoguchi.widgets import exception_words
from madoguchi.widgets.copying_desk import CopyingDesk, Stopped
from madoguchi.widgets.device_desk import DeviceDesk
from madoguchi.widgets.look.record_table import RecordTable
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import RailItem, StripView
from madoguchi.widgets.worker import DatabaseWorker


class AroundFiles(Protocol):
    """What the list asks of the session around it."""

    worker: DatabaseWorker
    signed_in: SignedIn
    devices: DeviceDesk

    def show_strip(self, view: StripView) -> None: ...

    def show_quietly(self, view: StripView) -> None: ...


class FilesToCopy(QObject):
    """One list at a time, over the page of devices.

    Attributes:
        folder: this terminal's own, where files come from and go to.

    Signals:
        changed(): keys are not what they were.
        came_or_went(): the list stands in the middle now, or does not any more.
    """

    changed = Signal()
    came_or_went = Signal()

    def __init__(self, look: Look, around: AroundFiles, folder: Path) -> None:
        super().__init__()
        self._around = around
        self._devices = around.devices
        self.folder = folder
        self.table = RecordTable(look)
        self.desk = CopyingDesk(around, folder, VirusCheck(around.signed_in.virus_check))
        self._coming: bool | None = None
        self._listed = Listing(())
        self._whole_list = False
        self._veiled = False
        self._said_last: StripView | None = None
        self.table.records_view().jumps = False
        self.table.selection_changed.connect(self.changed)
        self.table.chosen.connect(lambda _key: self.copy_selected())
        self.desk.listed.connect(self._came)
        self.desk.progressed.connect(self._progressed)
        self.desk.stopped.connect(self._stopped)
        self.desk.ended.connect(self._copied)
        self._devices.ended.connect(self._exception_ended)

    # -- for the page --------------------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        """Whether the list stands in the middle."""
        return self._coming is not None

    @property
    def has_keys(self) -> bool:
        """Whether F9 to F11 are about files: one is chosen, or they are on their way."""
        return self.is_open or self.desk.busy

    def place(self) -> Path | None:
        """Where the stick's files are."""
        lease = self._devices.lease
        return Path(lease.place) if lease is not None and lease.place else None

    def function_keys(self) -> tuple[RailItem, RailItem]:
        """F9 and F11."""
        if self.desk.busy:
            return words.no_key(9), words.stop_key()
        return words.copy_all_key(enabled=bool(self._listed.files)), words.back_key()

    def attend_key(self) -> RailItem:
        """F10."""
        if self.desk.busy:
            return words.no_key(10)
        return words.copy_key(enabled=self.table.selected() is not None)

    def press(self, key: int) -> None:
        """F9 or F11."""
        if self.desk.busy:
            self.desk.cancel()
        elif key == 9:
            self._copy((each.path_untrusted for each in self._listed.files), whole=True)
        else:
            self.close()

    def open(self, *, coming: bool) -> None:
        """Lists the files of the stick, or those that are to go to it."""
        place = self.place()
        if place is None or not self._may_copy():
            return
        self.desk.look(place if coming else self.folder)
        self._coming = coming
        self._listed = Listing(())
        self._show()
        self.came_or_went.emit()

    def close(self) -> None:
        """The list goes; no name stays in it."""
        self._clear()
        self.came_or_went.emit()

    def copy_selected(self) -> None:
        """Copies the one that is selected."""
        key = self.table.selected()
        if key is not None and int(key) < len(self._listed.files):
            self._copy((self._listed.files[int(key)].path_untrusted,))

    def set_veiled(self, veiled: bool) -> None:
        """Hides the names, which may be somebody's."""
        if veiled is not self._veiled:
            self._veiled = veiled
            if self.is_open:
                self._show()

    def leave(self) -> None:
        """The session ends."""
        self._devices.ended.disconnect(self._exception_ended)
        self.desk.leave()
        self._clear()

    # -- the list ------------------------------------------------------------------------------------------

    def _clear(self) -> None:
        self._coming, self._listed = None, Listing(())
        self.table.set_view(words.files_table((), coming=True, word=""))

    def _may_copy(self) -> bool:
        """Says why nothing is copied now, if so."""
        if not self.desk.can_check:
            self._around.show_strip(exception_words.no_check_strip())
        elif not self.desk.line_up:
            self._around.show_strip(exception_words.not_noted_strip(line_down=True))
        else:
            return True
        return False

    def _came(self, found: Listing | str) -> None:
        if self._coming is None:
            return
        if isinstance(found, str):
            self.close()
            self._around.show_strip(exception_words.unreadable_strip(found))
            return
        self._listed = found
        self._show()
        if found.files:
            self.table.select("0")
        if found.more:
            self._around.show_strip(exception_words.more_files_strip(len(found.files)))

    def _show(self) -> None:
        coming = bool(self._coming)
        note = exception_words.files_note(coming=coming, folder=str(self.folder), more=self._listed.more)
        view = words.files_table(self._listed.files, coming=coming, word=note, veiled=self._veiled)
        self.table.set_view(view)
        self.changed.emit()

    # -- copying -------------------------------------------------------------------------------------------

    def _copy(self, names: Iterable[str], *, whole: bool = False) -> None:
        place, coming = self.place(), bool(self._coming)
        wanted = tuple(names)
        if place is None or not wanted or self.desk.busy or not self._may_copy():
            return
        self._whole_list = whole
        source, target = (place, self.folder) if coming else (self.folder, place)
        self.desk.begin(self._devices.exception, source, wanted, target)
        self.changed.emit()

    def _progressed(self, done: int, of: int) -> None:
        self._around.show_quietly(exception_words.copying_strip(done, of))

    def _stopped(self, why: Stopped) -> None:
        said = exception_words.not_noted_strip(line_down=why is Stopped.LINE_DOWN)
        self._around.show_strip(said)
        if why is Stopped.NOT_NOTED and self._devices.lease is not None:
            self._said_last = said
            self._devices.release()

    def _copied(self, copied: Copied, coming: bool) -> None:
        said = exception_words.copied_strip(
            len(copied.names),
            copied.verdict,
            copied.why,
            coming=coming,
            folder=str(self.folder),
            more=self._whole_list and self._listed.more,
        )
        found = copied.verdict is CheckVerdict.FOUND
        if found and self._devices.lease is not None:
            # a stick with something on it is not used any further
            self._said_last = said
            self._devices.release()
        # what ended it has been said, but what was found is said in any case
        if found or not self._was_stopped(copied):
            self._around.show_strip(said)
        self.changed.emit()

    def _was_stopped(self, copied: Copied) -> bool:
        """Whether it was not whoever copies that stopped it, nor a file."""
        if self._devices.lease is None:
            return True
        is_cut = copied.verdict is CheckVerdict.CANCELLED
        return is_cut and (self._said_last is not None or not self.desk.line_up)

    def _exception_ended(self, _how: object) -> None:
        self.desk.cancel()
        if self.is_open:
            self.close()
        if self._said_last is not None:
            # why the stick was closed, which the words of its end stand over
            self._around.show_strip(self._said_last)
            self._said_last = None
