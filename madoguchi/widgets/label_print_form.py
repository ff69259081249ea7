"""The form of printing labels: what, on which sheet, where it begins, and on which printer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal

from madoguchi.barcode.label_sheets import SHEETS, Sheet
from madoguchi.barcode.labels import UnprintableCode
from madoguchi.barcode.symbology import CodePlan
from madoguchi.widgets import label_forms as forms
from madoguchi.widgets import label_words as words
from madoguchi.widgets.label_job import NotOurNumber, SheetJob, job_of, kinds_of
from madoguchi.widgets.label_list import LabelList
from madoguchi.widgets.label_printing import LabelPrinting, Sent
from madoguchi.widgets.label_words import CARDS, TO_FILE, Line
from madoguchi.widgets.look.record_views import FormView
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.search_form import SearchForm


class PrintForm(SearchForm):
    """What is to be printed of the list. What was chosen last is offered again.

    Signals:
        changed(): the sheets are other ones.
        sent(): they were handed to a printer, or written to a file.
    """

    changed = Signal()
    sent = Signal()

    def __init__(
        self,
        look: Look,
        rows: LabelList,
        printing: LabelPrinting,
        plan: CodePlan,
        library: str,
        now: Callable[[], dt.datetime],
        folder: Path,
    ) -> None:
        super().__init__(look)
        self._rows = rows
        self._printing = printing
        self._plan = plan
        self._library = library
        self._now = now
        self._folder = folder
        self._printers: tuple[str, ...] = ()
        # the measures of the smallest ready sheet, to be changed
        measures = SHEETS[Sheet.OF_65]
        self._values = {name: f"{getattr(measures, name):g}" for name in measures.__slots__}
        self._values |= {
            Line.SHEET.value: Sheet.OF_44.value,
            Line.START.value: "1",
            Line.PRINTER.value: "",
        }
        self.form.edited.connect(self._edited)

    def know_printers(self, names: tuple[str, ...], default: str) -> None:
        """The system has said which printers it knows."""
        if names != self._printers:
            self._printers = names
            # what somebody chose stays chosen
            if not self._values[Line.PRINTER.value] and default in names:
                self._values[Line.PRINTER.value] = default
            if self.takes_scans():
                # what stands there is filled anew from what was typed
                self._take_over(self.form.values())
                self.form.set_view(None)
                self.show_view(self._made())

    def open(self) -> None:
        """Opens the form, as it was when it was used last."""
        self.begin(self._made())
        self.changed.emit()

    def values(self) -> dict[str, str]:
        """What was chosen last, or stands in the form."""
        return self._values | (self.form.values() if self.is_open() else {})

    def resume(self, values: Mapping[str, str]) -> None:
        """What was chosen before is offered again."""
        self._values |= values

    def forget(self) -> None:
        self.changed.emit()

    def close(self) -> None:
        """The list again; what was chosen is offered next time."""
        if self.is_open():
            self._take_over(self.form.values())
        super().close()

    def job(self) -> SheetJob | None:
        """What would be printed now; None: something is wrong, or there is nothing."""
        kinds = kinds_of(self._rows)
        if not kinds:
            return None
        values = self.values()
        if not self.is_open():
            values |= self._fitting(values)
        made = job_of(values, self._rows, self._library, self._plan)
        return made if isinstance(made, SheetJob) else None

    def refresh(self) -> None:
        """The list is another one."""
        if self.takes_scans():
            self._take_over(self.form.values())
            self._renew()

    # -- the form ------------------------------------------------------------------------------------

    def _fitting(self, values: Mapping[str, str]) -> dict[str, str]:
        """A kind that there is, and a sheet for it."""
        kinds = kinds_of(self._rows) or (words.LabelKind.ITEM,)
        kind = values.get(Line.KIND.value, "")
        if kind not in kinds:
            kind = kinds[0].value
        sheet = values.get(Line.SHEET.value, "")
        if (kind == words.LabelKind.CARD) is not (sheet == CARDS):
            sheet = CARDS if kind == words.LabelKind.CARD else Sheet.OF_44.value
        return {Line.KIND.value: kind, Line.SHEET.value: sheet}

    def _made(self) -> FormView:
        self._values |= self._fitting(self._values)
        self._values[Line.PRINTER.value] = self._values[Line.PRINTER.value] or TO_FILE
        made = job_of(self._values, self._rows, self._library, self._plan)
        note = words.printing_note(len(made.rows), made.pages) if isinstance(made, SheetJob) else ""
        return forms.print_form(kinds_of(self._rows), self._printers, self._values, note)

    def _take_over(self, typed: Mapping[str, str]) -> None:
        self._values |= typed

    def _edited(self, key: str) -> None:
        before = self._fitting(self._values), self._values.get(Line.SHEET.value)
        self._take_over(self.form.values())
        after = self._fitting(self._values), self._values.get(Line.SHEET.value)
        if key in (Line.KIND.value, Line.SHEET.value) and before != after:
            self._renew()
            self.form.field(key).start()
        elif self.is_open():
            self.show_view(self._made())
        self.changed.emit()

    def _renew(self) -> None:
        """Other lines, filled with what was typed."""
        self.form.set_view(None)
        self.show_view(self._made())
        self.changed.emit()

    # -- printing ------------------------------------------------------------------------------------

    def send(self, values: dict[str, str]) -> None:
        self._take_over(values)
        made = job_of(self._values, self._rows, self._library, self._plan)
        if not isinstance(made, SheetJob):
            self.complain(made)
            return
        where = self._values[Line.PRINTER.value]
        if where != TO_FILE and where not in self._printers:
            self.complain({Line.PRINTER.value: words.choose_printer()})
            return
        if self._printing.busy:
            self.complain({}, words.still_printing())
            return
        if not made.rows:
            return
        self.await_answer()
        to = self._folder / f"madoguchi-labels-{self._now():%Y%m%d-%H%M%S}.pdf" if where == TO_FILE else where
        self._printing.print(made, to, partial(self._answered, made), self._faulted)

    def _faulted(self) -> None:
        self.complain({}, words.print_fault())

    def _answered(self, job: SheetJob, answer: Sent | OSError | UnprintableCode) -> None:
        match answer:
            case Sent(where, pages):
                self.said.emit(words.sent_strip(where, pages))
                # the next labels go behind these
                begun = job.start - 1 + len(job.rows)
                self._values[Line.START.value] = str(begun % job.layout.count + 1)
                if self.is_open():
                    # without taking the old position over from the form
                    super().close()
                self.sent.emit()
            case NotOurNumber():
                self.complain({}, words.not_our_number(answer.number))
            case UnprintableCode():
                self.complain({Line.SHEET.value: words.no_room()})
            case OSError():
                self.complain({}, words.not_sent(answer))
