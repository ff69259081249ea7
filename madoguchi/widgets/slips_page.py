"""The slips (伝票, Shift+F9): what became of each, printed again with F9, and looked at with Enter."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from madoguchi.app.printing.slips import SlipContent
from madoguchi.app.printing.spool import SlipState, Spooled
from madoguchi.barcode.symbology import ItemCode, ParsedCode, PatronCode
from madoguchi.widgets import slip_words as words
from madoguchi.widgets import wording
from madoguchi.widgets.counter_page import CounterPage
from madoguchi.widgets.look.record_table import RecordTable
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import RailItem, StripView
from madoguchi.widgets.slip_desk import SlipDesk
from madoguchi.widgets.slip_view import SlipView

SLIPS = 109
"""Its key: Shift+F9, which is none of the twelve."""


class AroundSlips(Protocol):
    """What the page asks of the session around it."""

    slips: SlipDesk

    def show_strip(self, view: StripView) -> None: ...

    def show_quietly(self, view: StripView) -> None: ...

    def begin_visit(self, code: PatronCode) -> None: ...

    def lend_item(self, code: ItemCode) -> bool: ...

    def go_to(self, key: int) -> None: ...


class SlipsPage(CounterPage):
    """Shows the spool."""

    def __init__(self, look: Look, around: AroundSlips) -> None:
        super().__init__()
        self._around = around
        self._table = RecordTable(look)
        self._view = SlipView(look)
        self._looking: int | None = None
        self._veiled = False
        self._typing = False
        self._before = 1
        self._idle: StripView | None = None
        # what is typed is a number of something, and the window's
        self._table.records_view().jumps = False
        self._table.chosen.connect(self._look_at)
        self._table.selection_changed.connect(self.changed)
        around.slips.changed.connect(self._show)
        around.slips.words_came.connect(self._words_came)
        around.slips.needless.connect(self._needless)
        self._show()

    def came_from(self, key: int) -> None:
        """The page that F11 goes back to, by its key."""
        if key != SLIPS:
            self._before = key

    # -- what the window asks ------------------------------------------------------------------------

    def centre(self) -> QWidget:
        return self._table if self._looking is None else self._view

    def left(self) -> QWidget | None:
        return None

    def widgets(self) -> list[QWidget]:
        return [self._table, self._view]

    def idle_strip(self) -> StripView:
        slip = self._slip() if self._looking is not None else None
        if slip is not None:
            return words.slip_strip(slip)
        return words.idle_strip(len(self._around.slips.spool.failed()))

    def function_keys(self) -> tuple[RailItem, RailItem]:
        slip = self._slip()
        ended = slip is not None and slip.state not in (SlipState.WAITING, SlipState.PRINTING)
        again = slip is None or slip.state is not SlipState.OFFERED
        enabled = ended and self._around.slips.has_printer
        back = words.back_key(looking=self._looking is not None)
        return words.print_key(enabled=enabled, again=again), back

    def attend_key(self) -> RailItem:
        return words.failed_key(len(self._around.slips.spool.failed()))

    def attend(self) -> None:
        self._around.slips.print_failed()

    def press(self, key: int) -> None:
        slip = self._slip()
        if key == 9 and slip is not None:
            self._around.slips.print_again(slip.id)
        elif key == 11 and self._looking is not None:
            self._stop_looking()
        elif key == 11:
            self._around.go_to(self._before)

    def take(self, code: ParsedCode) -> None:
        if isinstance(code, PatronCode):
            self._around.begin_visit(code)
        elif not (isinstance(code, ItemCode) and self._around.lend_item(code)):
            self._around.show_strip(words.nothing_to_read_strip(wording.shown_text(code)))

    def show_typed(self, text: str) -> None:
        # Enter is the end of a number then, and chooses nothing
        self._typing = bool(text)
        self._table.records_view().enters = not text

    def key(self, event: QKeyEvent) -> bool:
        if self._typing:
            return False
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._looking is not None:
            if not event.isAutoRepeat():
                # the key that opened it may still be held
                self._stop_looking()
            return True
        slip = self._slip()
        if event.key() == Qt.Key.Key_Delete and slip is not None:
            if not event.isAutoRepeat():
                self._around.slips.drop(slip.id)
            return True
        return False

    def shown(self) -> None:
        self._stop_looking()
        self._show()
        records = self._table.view().records
        if records:
            # the newest, or the newest that failed: it is what one comes here for
            failed = self._around.slips.spool.failed()
            self._table.select(str(failed[-1].id) if failed else records[0].key)
        self._idle = self.idle_strip()

    def set_veiled(self, veiled: bool) -> None:
        self._veiled = veiled
        self._show()
        if self._looking is None:
            return
        if veiled:
            self._view.set_slip(None, words.hidden_words())
        elif self._in_sight():
            self._look_at(str(self._looking))

    def leave(self) -> None:
        slips = self._around.slips
        slips.changed.disconnect(self._show)
        slips.words_came.disconnect(self._words_came)
        slips.needless.disconnect(self._needless)
        self._looking = None
        self._view.set_slip(None)
        self._table.set_view(words.table((), veiled=False, has_printer=True))

    # -- the list and one slip -------------------------------------------------------------------------

    def _slip(self) -> Spooled | None:
        key = str(self._looking) if self._looking is not None else self._table.selected()
        return self._around.slips.spool.get(int(key)) if key else None

    def _show(self) -> None:
        slips = self._around.slips
        view = words.table(slips.spool.all(), veiled=self._veiled, has_printer=slips.has_printer)
        if view != self._table.view():
            self._table.set_view(view)
        if self._looking is not None and slips.spool.get(self._looking) is None:
            # forgotten meanwhile
            self._stop_looking()
        self._say_idle()
        self.changed.emit()

    def _in_sight(self) -> bool:
        return self.centre().isVisible()

    def _say_idle(self) -> None:
        """The strip says what the list says; an answer to a scan stays until that is something else."""
        said = self.idle_strip()
        if self._in_sight() and said != self._idle:
            self._idle = said
            self._around.show_quietly(said)

    def _needless(self, item_number: str) -> None:
        if self._in_sight():
            self._around.show_strip(words.needless_strip(item_number))

    def _look_at(self, key: str) -> None:
        slip = self._around.slips.spool.get(int(key))
        if slip is None:
            return
        self._looking = slip.id
        self._view.set_slip(None, words.hidden_words() if self._veiled else words.asking_words())
        self.centre_changed.emit()
        self._say_idle()
        if not self._veiled:
            self._around.slips.look_at(slip.id)

    def _words_came(self, slip_id: int, found: object) -> None:
        if slip_id != self._looking or self._veiled:
            return
        if isinstance(found, SlipContent):
            self._view.set_slip(self._around.slips.ruled(found))
        else:
            self._view.set_slip(None, words.no_picture_words(found))

    def _stop_looking(self) -> None:
        if self._looking is not None:
            self._looking = None
            self._view.set_slip(None)
            self.centre_changed.emit()
            self._say_idle()

    def view(self) -> SlipView:
        """The slip that is looked at, for tests and the tour."""
        return self._view

    def table(self) -> RecordTable:
        """The list, for tests and the tour."""
        return self._table
