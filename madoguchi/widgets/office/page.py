"""What every page of the office is: a table of what the server lists, and at times a form over it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, TypeVar

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QWidget

from madoguchi.app.devices.values import DeviceRefusal
from madoguchi.app.office.values import OfficeRefusal
from madoguchi.barcode.symbology import CodePlan
from madoguchi.widgets import exception_words
from madoguchi.widgets.look.form_panel import FormPanel
from madoguchi.widgets.look.record_table import RecordTable
from madoguchi.widgets.look.record_views import FormView, TableView
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import StripView, Tone
from madoguchi.widgets.office import words
from madoguchi.widgets.worker import DatabaseWorker, Job

if TYPE_CHECKING:
    from madoguchi.app.server.devices import CentralDevices
    from madoguchi.app.server.gateway import Connected
    from madoguchi.app.server.office import CentralOffice

T = TypeVar("T")

Refusal = OfficeRefusal | DeviceRefusal

NUMBERING = 13
"""The page that is reached from the settings: no key of the twelve is its own."""

DEVICES = 22
"""The page of USB devices: Shift+F8, or from the terminals by way of the scanners."""

translate = QCoreApplication.translate


_LIST_IS_OLD = (
    OfficeRefusal.CHANGED,
    OfficeRefusal.NO_SUCH_ACCOUNT,
    OfficeRefusal.NO_SUCH_TERMINAL,
    DeviceRefusal.NO_SUCH_DEVICE,
    DeviceRefusal.DISPOSED,
    DeviceRefusal.LENT_ALREADY,
    DeviceRefusal.NOT_LENT,
)
"""Refused because it is not, any more, what was listed."""


class AroundOffice(Protocol):
    """What a page asks of the desk around it."""

    worker: DatabaseWorker

    def show_strip(self, view: StripView) -> None: ...

    def now(self) -> dt.datetime: ...

    @property
    def plan(self) -> CodePlan: ...

    @property
    def manages_terminals(self) -> bool: ...

    @property
    def reads_audit(self) -> bool: ...

    def go_to(self, key: int) -> None: ...


@dataclass(frozen=True, slots=True)
class PageKey:
    """What one of F7 to F11 does on a page."""

    word: str
    press: Callable[[], None]
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class OpenForm:
    """A form that stands over the table: what it shows, and what comes of it.

    Attributes:
        name: which form it is; with ``target``, whom or what it is about, it is opened again after a lock.
        kept: whether what is half typed there waits for its writer.
    """

    name: str
    view: FormView
    submit: Callable[[dict[str, str]], None]
    target: str = ""
    kept: bool = True


class OfficePage(QObject):
    """One page. Reads are asked until they are answered; whatever changes something is asked once.

    Signals:
        changed(): keys, or what stands in the middle, are not what they were.
    """

    changed = Signal()

    def __init__(self, look: Look, around: AroundOffice) -> None:
        super().__init__()
        self._around = around
        self.table = RecordTable(look)
        self.form = FormPanel(look)
        self.table.chosen.connect(lambda _key: self.open_selected())
        self.table.selection_changed.connect(lambda _key: self.changed.emit())
        self.form.submitted.connect(self._submitted)
        self.form.cancelled.connect(self.close_form)
        self._form: OpenForm | None = None
        self._loaded = self._came = False
        self._ended = False
        self._restore: tuple[str, str, dict[str, str]] | None = None

    # -- what a page must say of itself --------------------------------------------------------------------

    def load(self) -> None:
        """Asks the server for what the table lists."""
        raise NotImplementedError

    def table_view(self) -> TableView:
        """The table as it is now."""
        raise NotImplementedError

    def keys(self) -> Mapping[int, PageKey]:
        """What F7 and F9 to F11 do while no form is open."""
        raise NotImplementedError

    def open_selected(self) -> None:
        """Enter, or a double click, on the selected record."""

    def open_form_named(self, name: str, target: str) -> None:
        """Opens a form again that was open when its writer left; one that is there no more stays shut."""
        del name, target

    # -- for the desk --------------------------------------------------------------------------------------

    def centre(self) -> QWidget:
        """What stands in the middle."""
        return self.form if self._form is not None else self.table

    def has_form(self) -> bool:
        """Whether a form is open."""
        return self._form is not None

    def shown(self) -> None:
        """The page comes into sight; the first time it asks for what it shows."""
        if not self._loaded:
            self._loaded = True
            self.show_table()
            self.load()

    def gone(self) -> None:
        """The page goes out of sight; a form that is open on it stays so, unless the page says otherwise."""

    def focus(self) -> None:
        """The keyboard goes to the form, or to the table."""
        if self._form is not None:
            self.form.start()
        else:
            self.table.setFocus()

    def reload(self) -> None:
        """Asks again."""
        self.load()

    def keep(self) -> tuple[str, str, dict[str, str]] | None:
        """Which form is open, about what, and what is typed there; None: nothing is."""
        form = self._form
        if form is None or not form.kept or not form.view.lines:
            return self._restore
        return form.name, form.target, self.form.values()

    def resume(self, name: str, target: str, values: dict[str, str]) -> None:
        """The form that was open is to be open again, once what it is about has been read."""
        self._restore = name, target, values

    def end(self) -> None:
        """Nothing of anybody stays, and no answer is shown any more."""
        self._ended = True
        self.form.set_view(None)
        self._form = self._restore = None
        self.forget()
        self.show_table()

    def forget(self) -> None:
        """Lets go of what the server said."""

    # -- for the pages -------------------------------------------------------------------------------------

    def nothing(self, sentence: str) -> str:
        """What stands where there are no records: this, or that they are on their way."""
        return sentence if self._came else translate("Office", "読み込んでいます。")

    def show_table(self) -> None:
        """Shows the table as it is now."""
        self.table.set_view(self.table_view())
        self.changed.emit()

    def listed(self) -> None:
        """What was asked for has come: it is shown, and a form that waited for it opens."""
        self._came = True
        self.show_table()
        if self._restore is not None:
            name, target, values = self._restore
            self._restore = None
            self.open_form_named(name, target)
            if self._form is not None and self._form.name == name:
                self.form.set_values(values)

    def open_form(self, form: OpenForm) -> None:
        """Puts a form over the table."""
        self.form.set_view(None)
        self._form = form
        self.form.set_view(form.view)
        self.changed.emit()
        self.form.start()

    def close_form(self) -> None:
        """The table again; nothing of the form can be found any more."""
        if self._form is not None:
            self._form = None
            self.form.set_view(None)
            self.changed.emit()
            self.table.setFocus()

    def show_errors(self, errors: Mapping[str, str], message: str = "") -> None:
        """Marks every field that is wrong, at once."""
        form = self._form
        if form is None:
            return
        lines = tuple(replace(line, error=errors.get(line.key, "")) for line in form.view.lines)
        self._form = replace(form, view=replace(form.view, lines=lines, message=message, busy=False))
        self.form.set_view(self._form.view)
        self.form.start()

    def note_in_form(self, name: str, note: str) -> None:
        """Says something above the lines of this form, if it is open; a refusal that stood there goes."""
        form = self._form
        if form is not None and form.name == name:
            self._form = replace(form, view=replace(form.view, note=note, message=""))
            self.form.set_view(self._form.view)

    def say(self, word: str, title: str = "", *, tone: Tone = Tone.DONE, side: str = "") -> None:
        """Says on the strip what became of it."""
        self._around.show_strip(StripView(tone, word, title, side_first=side))

    def done(self, word: str, title: str = "", *, side: str = "") -> None:
        """It was done: the table again, and what it lists is asked anew."""
        self.close_form()
        self.say(word, title, side=side)
        self.load()

    def read(self, act: Callable[[CentralOffice], T | OfficeRefusal], on_answer: Callable[[T], None]) -> None:
        """Asks for something to look at; once: whoever comes after does not wait for what cannot be had."""
        self._look(lambda server: act(server.office), on_answer)

    def read_devices(
        self, act: Callable[[CentralDevices], T | DeviceRefusal], on_answer: Callable[[T], None]
    ) -> None:
        """The same, of USB devices."""
        self._look(lambda server: act(server.devices), on_answer)

    def _look(self, act: Callable[[Connected], T | Refusal], on_answer: Callable[[T], None]) -> None:
        def home(answer: tuple[T | Refusal] | None) -> None:
            if self._ended or answer is None:
                return
            if isinstance(answer[0], OfficeRefusal | DeviceRefusal):
                self.say(_words(answer[0]), tone=Tone.REFUSED)
            else:
                on_answer(answer[0])

        jobs: list[Job[tuple[T | Refusal] | None]] = []

        def no_answer() -> None:
            jobs[0].act = lambda _server: None
            if not self._ended:
                self.not_read()

        jobs.append(self._around.worker.ask(lambda server: (act(server),), home, no_answer, matters=False))

    def not_read(self) -> None:
        """What was asked for did not come: says so."""
        self.say(*words.not_read(), tone=Tone.OUTAGE)

    def change(
        self, act: Callable[[CentralOffice], T | OfficeRefusal | None], on_done: Callable[[T | None], None]
    ) -> None:
        """Has something done, once. What the server refuses is said in the form, which stays open."""
        self._do(lambda server: act(server.office), on_done)

    def change_devices(
        self, act: Callable[[CentralDevices], T | DeviceRefusal | None], on_done: Callable[[T | None], None]
    ) -> None:
        """The same, about USB devices."""
        self._do(lambda server: act(server.devices), on_done)

    def _do(
        self, act: Callable[[Connected], T | Refusal | None], on_done: Callable[[T | None], None]
    ) -> None:
        waiting = [act]

        def once(server: Connected) -> tuple[bool, T | Refusal | None]:
            # after an outage it is not known whether it was done: whoever asked looks before they ask again
            return (True, waiting.pop()(server)) if waiting else (False, None)

        def home(answer: tuple[bool, T | Refusal | None]) -> None:
            done, said = answer
            if self._ended:
                return
            if not done:
                self.load()
            elif isinstance(said, OfficeRefusal | DeviceRefusal):
                self._refused(said)
            else:
                on_done(said)

        form = self._form
        if form is not None:
            self._form = replace(form, view=replace(form.view, busy=True, message=""))
            self.form.set_view(self._form.view)
        self._around.worker.ask(once, home, self._no_answer, self._fault)

    def _refused(self, why: Refusal) -> None:
        self.say(_words(why), tone=Tone.REFUSED)
        self.show_errors({}, _words(why))
        if why in _LIST_IS_OLD:
            self.load()

    def _no_answer(self) -> None:
        if not self._ended:
            unknown = words.outage()
            self.say(*unknown, tone=Tone.OUTAGE)
            self.show_errors({}, "\n".join(unknown))

    def _fault(self) -> None:
        if not self._ended:
            self.show_errors({}, words.fault())

    def _submitted(self, values: dict[str, str]) -> None:
        if self._form is not None and not self._form.view.busy:
            self._form.submit(values)


def _words(why: Refusal) -> str:
    return words.refusal(why) if isinstance(why, OfficeRefusal) else exception_words.refusal(why)
