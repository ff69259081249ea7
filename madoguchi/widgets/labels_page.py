"""Labels (ラベル, Shift+F6): numbers are collected by scanning or allotted anew, and printed on sheets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from madoguchi.app.catalogue.labels import ItemToLabel, NumberRange, item_ranges, item_to_label
from madoguchi.app.lending.facts import Desk
from madoguchi.app.staff.session import SignedIn
from madoguchi.barcode.symbology import CodePlan, ItemCode, ParsedCode, PatronCode
from madoguchi.widgets import label_words as words
from madoguchi.widgets import wording
from madoguchi.widgets.counter_page import CounterPage
from madoguchi.widgets.kept_pages import KeptLabel, KeptLabels
from madoguchi.widgets.label_list import LabelList, State
from madoguchi.widgets.label_numbers import NewNumbers
from madoguchi.widgets.label_pictures import SheetPictures
from madoguchi.widgets.label_print_form import PrintForm
from madoguchi.widgets.label_printing import LabelPrinting
from madoguchi.widgets.label_view import LabelView
from madoguchi.widgets.look.record_table import RecordTable
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import Answer, QuestionView, RailItem, StripView
from madoguchi.widgets.worker import DatabaseWorker

LABELS: Final = 106
"""Its key: Shift+F6, which is none of the twelve."""


class AroundLabels(Protocol):
    """What the page asks of the session around it."""

    worker: DatabaseWorker
    desk: Desk
    plan: CodePlan
    signed_in: SignedIn

    def show_strip(self, view: StripView) -> None: ...

    def begin_visit(self, code: PatronCode) -> None: ...

    def ask(self, view: QuestionView, on_answer: Callable[[Answer, str], None]) -> None: ...

    def now(self) -> dt.datetime: ...


class LabelsPage(CounterPage):
    """The list of what is printed; over it the form of new numbers, that of printing, ranges, the picture."""

    def __init__(self, look: Look, around: AroundLabels, printing: LabelPrinting | None = None) -> None:
        super().__init__()
        self._around = around
        self.printing = printing or LabelPrinting()
        self.rows = LabelList()
        self.numbers = NewNumbers(look, around.worker, around.desk, around.plan)
        self.print_form = PrintForm(
            look,
            self.rows,
            self.printing,
            around.plan,
            around.signed_in.branch,
            around.now,
            Path.home(),
        )
        self.table = RecordTable(look)
        self.ranges = RecordTable(look)
        self._pictures = SheetPictures(look, self.printing, self.print_form.job, self.rows)
        self.beside, self.picture = self._pictures.beside, self._pictures.enlarged
        self._listed: tuple[NumberRange, ...] | None = None
        self._over: RecordTable | LabelView | None = None
        self._typing = self._ended = False
        # what is typed over a list is a number of something, and the window's
        for table in (self.table, self.ranges):
            table.records_view().jumps = False
            table.selection_changed.connect(self.changed)
        self.table.chosen.connect(self._ask_to_drop)
        self.ranges.chosen.connect(lambda _key: self._take_range())
        for form in (self.numbers, self.print_form):
            form.closed.connect(self._centre_is_another)
            form.said.connect(self._say)
        self.numbers.allotted.connect(self._allotted)
        self.print_form.changed.connect(self._sheets_changed)
        self.print_form.sent.connect(self._sent)
        self.beside.pressed.connect(self._look_closer)
        self._show()

    # -- what the window asks ------------------------------------------------------------------------

    def centre(self) -> QWidget:
        if self._over is not None:
            return self._over
        form = self._form()
        return form.form if form is not None else self.table

    def left(self) -> QWidget | None:
        return None if self._over is self.picture else self.beside

    def widgets(self) -> list[QWidget]:
        return [
            self.table,
            self.ranges,
            self.beside,
            self.picture,
            self.numbers.form,
            self.print_form.form,
        ]

    def _form(self) -> NewNumbers | PrintForm | None:
        forms = (self.numbers, self.print_form)
        return next((form for form in forms if form.is_open()), None)

    def focus(self) -> None:
        form = self._form()
        if form is not None and self._over is None:
            form.form.start()
        else:
            super().focus()

    def shown(self) -> None:
        self.printing.printers(self._printers_came)
        self._pictures.paint()

    def idle_strip(self) -> StripView:
        return words.idle_strip()

    def line_down_words(self) -> str:
        return words.line_down()

    def attends_by_code(self) -> bool:
        return False

    def function_keys(self) -> tuple[RailItem, RailItem]:
        if self._over is self.picture:
            return words.turn_key(enabled=self._pictures.pages() > 1), words.back_key()
        if self._over is not None:
            return RailItem(9, "—", enabled=False), words.back_key()
        if self.print_form.is_open():
            return words.preview_key(), RailItem(11, "—", enabled=False)
        free = self._form() is None
        return words.new_key(enabled=free and bool(self.numbers.rules)), words.ranges_key(enabled=free)

    def attend_key(self) -> RailItem:
        if self._over is self.ranges:
            return words.take_key(enabled=self.ranges.selected() is not None)
        form = self._form()
        view = form.form.view() if form is not None else None
        if view is not None:
            return words.send_key(view.submit, enabled=not view.busy)
        return words.print_key(enabled=len(self.rows) > 0)

    def attend(self) -> None:
        form = self._form()
        if self._over is self.ranges:
            self._take_range()
        elif form is not None:
            self._back()
            form.form.press(Qt.Key.Key_F10)
        elif len(self.rows):
            self._back()
            self.print_form.open()
            # the key that opens the form is the one that sends it, and does not do both at once
            self.print_form.form.hold()
            self._centre_is_another()

    def press(self, key: int) -> None:
        if key == 11 and self._over is not None:
            self._back()
        elif key == 11:
            self._open_ranges()
        elif key == 9 and self._over is self.picture:
            self._pictures.turn_over()
        elif key == 9 and self.print_form.is_open():
            self._look_closer()
        elif key == 9:
            self.numbers.open()
            self._centre_is_another()

    def key(self, event: QKeyEvent) -> bool:
        if self._typing:
            return False
        if event.key() == Qt.Key.Key_Escape and self._over is not None:
            self._back()
            return True
        form = self._form()
        if form is not None:
            return event.key() == Qt.Key.Key_Escape and form.form.press(Qt.Key.Key_Escape)
        number = self.table.selected()
        if event.key() == Qt.Key.Key_Delete and number is not None and self._over is None:
            if not event.isAutoRepeat():
                self.rows.drop(number)
                self._show()
            return True
        return False

    def show_typed(self, text: str) -> None:
        # Enter is the end of a number then, and chooses nothing
        self._typing = bool(text)
        for table in (self.table, self.ranges):
            table.records_view().enters = not text

    def set_veiled(self, veiled: bool) -> None:
        # labels name nobody
        del veiled

    def take(self, code: ParsedCode) -> None:
        match code:
            case ItemCode(number) if number in self.rows:
                self.table.select(number)
                self._say(words.there_strip(number))
            case ItemCode(number):
                self.rows.add((number,), State.ASKED)
                self._ask_about(number)
                self._show()
                self.table.select(number)
                self._say(words.collected_strip(number, len(self.rows)))
            case PatronCode():
                self._around.begin_visit(code)
            case _:
                self._say(words.not_here_strip(wording.shown_text(code)))

    def keep(self) -> KeptLabels:
        """What this page comes back to."""
        numbers = self.numbers.kept()
        return KeptLabels(
            [KeptLabel(row.number, row.state.value) for row in self.rows],
            self.print_form.values(),
            numbers[0] if numbers is not None else {},
            numbers[1] if numbers is not None else None,
        )

    def resume(self, kept: KeptLabels) -> None:
        """The clerk is back; what items' labels say is asked for anew."""
        for label in kept.rows:
            state = State(label.state)
            again = state not in (State.NEW, State.CARD)
            self.rows.add((label.number,), State.ASKED if again else state)
            if again:
                self._ask_about(label.number)
        self.print_form.resume(kept.values)
        if kept.operation is not None:
            self.numbers.open(kept.asked, kept.operation)
        self._show()

    def leave(self) -> None:
        self._ended = True
        self._pictures.end()
        self._around.worker.stop_looking("item ranges")
        for form in (self.numbers, self.print_form):
            form.close()
        self.rows.clear()
        self._listed, self._over = None, None
        self._show()

    # -- the list ------------------------------------------------------------------------------------

    def _say(self, view: StripView) -> None:
        self._around.show_strip(view)
        self.changed.emit()

    def _show(self) -> None:
        self.table.set_view(words.table(tuple(self.rows)))
        self.print_form.refresh()
        self._pictures.paint()
        self.changed.emit()

    def _ask_about(self, number: str) -> None:
        self._around.worker.ask(
            partial(item_to_label, number=number, desk=self._around.desk),
            partial(self._item_came, number),
            matters=False,
        )

    def _item_came(self, number: str, item: ItemToLabel | None) -> None:
        if not self._ended:
            self.rows.found(number, item)
            self._show()

    def _allotted(self, numbers: tuple[str, ...], state: State) -> None:
        if self._ended:
            # they are found again among those that were allotted
            return
        self.rows.add(numbers, state)
        self._show()
        self.table.select(numbers[0])
        self._say(words.allotted_strip(numbers))

    def _ask_to_drop(self, number: str) -> None:
        if number in self.rows:
            self._around.ask(
                words.drop_question(number, len(self.rows)), partial(self._drop_answered, number)
            )

    def _drop_answered(self, number: str, answer: Answer, _reason: str) -> None:
        if self._ended or answer is Answer.STOP:
            return
        if answer is Answer.UNUSUAL:
            self.rows.clear()
        else:
            self.rows.drop(number)
        self._show()

    def _sent(self) -> None:
        """What was printed stays in the list: whether it came out is seen by the clerk, who takes it out."""
        self._show()

    # -- ranges --------------------------------------------------------------------------------------

    def _open_ranges(self) -> None:
        self._listed = None
        self._show_ranges()
        self._over = self.ranges
        self._around.worker.look_up(
            "item ranges", partial(item_ranges, desk=self._around.desk), self._ranges_came
        )
        self._centre_is_another()

    def _ranges_came(self, found: tuple[NumberRange, ...]) -> None:
        if not self._ended:
            self._listed = found
            self._show_ranges()
            if found:
                self.ranges.select("0")

    def _show_ranges(self) -> None:
        self.ranges.set_view(words.ranges_table(self._listed, self._around.plan))
        self.changed.emit()

    def _take_range(self) -> None:
        place = self.ranges.selected()
        if place is None or self._listed is None:
            return
        chosen = self._listed[int(place)]
        rule = chosen.rule(self._around.plan)
        if rule is None:
            self._say(words.other_numbering_strip())
            return
        self._back()
        self._allotted_before(chosen.numbers(rule))

    def _allotted_before(self, numbers: tuple[str, ...]) -> None:
        self.rows.add(numbers, State.NEW)
        self._show()
        self.table.select(numbers[0])
        self._say(words.collected_strip(numbers[0], len(self.rows)))

    # -- the picture -----------------------------------------------------------------------------------

    def _back(self) -> None:
        if self._over is not None:
            self._over = None
            self._pictures.is_enlarged = False
            self._centre_is_another()

    def _look_closer(self) -> None:
        if len(self.rows) and self._over is None:
            self._over = self.picture
            self._pictures.is_enlarged = True
            self._centre_is_another()
            self._pictures.paint()

    def _centre_is_another(self) -> None:
        if not self._ended:
            self.centre_changed.emit()
            self.changed.emit()

    def _sheets_changed(self) -> None:
        if not self._ended:
            self._pictures.begin_anew()

    def _printers_came(self, names: tuple[str, ...], default: str) -> None:
        if not self._ended:
            self.print_form.know_printers(names, default)
