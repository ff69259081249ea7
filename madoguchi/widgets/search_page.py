"""Search (検索, F6): results while one types, where each copy is, and a scan that jumps to its title."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Protocol
from uuid import UUID

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from madoguchi.app.catalogue.look_up import branches, open_title, search
from madoguchi.app.catalogue.new_item import ItemField
from madoguchi.app.catalogue.search import Branch, Found, TitleCard, TitleQuery
from madoguchi.app.lending.facts import Desk
from madoguchi.barcode.symbology import CodePlan, Isbn, Issn, ItemCode, Magazine, ParsedCode, PatronCode
from madoguchi.widgets import search_views as views
from madoguchi.widgets import wording
from madoguchi.widgets.adding import AddingItem
from madoguchi.widgets.counter_page import ATTEND, CounterPage
from madoguchi.widgets.fetching import Fetching
from madoguchi.widgets.kept_pages import KeptSearch
from madoguchi.widgets.label_words import LABELS_KEY
from madoguchi.widgets.look.form_panel import FormPanel
from madoguchi.widgets.look.record_views import Record
from madoguchi.widgets.look.search_panel import BOX, SearchPanel
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.title_panel import TitlePanel
from madoguchi.widgets.look.title_views import SearchView
from madoguchi.widgets.look.views import RailItem, StripView
from madoguchi.widgets.reserving import Reserving
from madoguchi.widgets.visit import PatronAtDesk
from madoguchi.widgets.worker import DatabaseWorker

translate = QCoreApplication.translate

SEARCH = 6


class AroundSearch(Protocol):
    """What the search asks of the session around it."""

    worker: DatabaseWorker
    desk: Desk
    plan: CodePlan

    def show_strip(self, view: StripView) -> None: ...

    def begin_visit(self, code: PatronCode) -> None: ...

    def patron_at_desk(self) -> PatronAtDesk: ...

    def item_added(self, number: str, visit: UUID | None) -> bool: ...

    def in_sight(self, page: CounterPage) -> bool: ...

    def today(self) -> dt.date: ...

    def open_queue(self, title_id: int, title: str, back_to: int) -> None: ...

    def want_later(self, title_id: int, title: str, *, others: bool) -> int: ...

    def open_labels(self) -> None: ...


class SearchPage(CounterPage):
    """Looks for titles. What it asks never holds up a scan, and never comes after what was asked later.

    Signals:
        reserved(answer): a ``Reserved``: somebody waits who did not before.
    """

    reserved = Signal(object)

    def __init__(self, look: Look, around: AroundSearch, fetching: Fetching) -> None:
        super().__init__()
        self._around = around
        self._panel = SearchPanel(look)
        self._title = TitlePanel(look)
        self._by_field = False
        self._query = TitleQuery()
        self._found: Found | None = None
        self._line_up = True
        self._ended = False
        self._answered: TitleQuery | None = None
        self._wished = self._wished_by_key = False
        self._jumped = False
        self._veiled = False
        self._patron = PatronAtDesk()
        self._for_visit: UUID | None = None
        self._reserving = Reserving(look, around.worker, around.desk, around.plan, around.patron_at_desk)
        self._adding = AddingItem(look, around.worker, fetching, around.desk, around.plan, around.today)
        self._panel.edited.connect(self._typed)
        self._panel.selected.connect(self._open_selected)
        self._panel.chosen.connect(self._reserve)
        for form in (self._reserving, self._adding):
            form.closed.connect(self._form_closed)
            form.said.connect(self._say)
        self._reserving.done.connect(self._look_again)
        self._reserving.reserved.connect(self.reserved)
        self._adding.added.connect(self._added)
        self._show()
        self._title.set_view(None, views.title_hint())

    # -- what the window asks ------------------------------------------------------------------------

    def centre(self) -> QWidget:
        form = self._form()
        return form if form is not None else self._panel

    def left(self) -> QWidget | None:
        # beside what is not catalogued another title would only mislead
        return None if self._adding.is_open() else self._title

    def widgets(self) -> list[QWidget]:
        return [self._panel, self._title, self._reserving.form, self._adding.form]

    def focus(self) -> None:
        form = self._form()
        if form is not None:
            form.start()
        else:
            self._panel.start()

    def _form(self) -> FormPanel | None:
        for each in (self._reserving, self._adding):
            if each.is_open():
                return each.form
        return None

    def shown(self) -> None:
        if not self._reserving.branches and not self._ended:
            self._around.worker.look_up(
                "branches", partial(branches, desk=self._around.desk), self._branches_came
            )

    def idle_strip(self) -> StripView:
        return views.idle_strip()

    def function_keys(self) -> tuple[RailItem, RailItem]:
        if self._reserving.is_open():
            # who waits already is what is asked before somebody is put behind them
            free = self._reserving.takes_scans()
            later = translate("Search", "まとめて予約")
            return (
                RailItem(9, translate("Search", "予約の列"), enabled=free),
                RailItem(11, later, translate("Search", "まとめて"), enabled=free),
            )
        if self._adding.is_open():
            labels = RailItem(9, translate("Search", "ラベル"), enabled=self._adding.takes_scans())
            return labels, RailItem(11, translate("Search", "簡易登録"), enabled=False)
        fields = translate("Search", "ひとつの欄で") if self._by_field else translate("Search", "項目で検索")
        free = self._form() is None
        return RailItem(9, fields, enabled=free), RailItem(11, translate("Search", "簡易登録"), enabled=free)

    def press(self, key: int) -> None:
        meant = self._reserving.meant()
        if meant is not None:
            others = self._reserving.is_for_another()
            self._reserving.close()
            if key == 11:
                count = self._around.want_later(*meant, others=others)
                self._around.show_strip(views.later_strip(meant[1], count))
            else:
                self._around.open_queue(*meant, SEARCH)
        elif self._adding.is_open():
            # a book without a number needs a label first; the form waits
            self._around.open_labels()
        elif key == 11:
            self.add_item("", None)
        elif key == 9:
            self._by_field = not self._by_field
            self._show()
            self._typed(self._panel.values())
            self.changed.emit()
            self._panel.start()

    def attend_key(self) -> RailItem:
        form = self._form()
        view = form.view() if form is not None else None
        if view is not None:
            return RailItem(ATTEND, view.submit, enabled=not view.busy, offered=True)
        chosen = bool(self._panel.results.selected())
        return RailItem(ATTEND, translate("Search", "予約する"), enabled=chosen)

    def attend(self) -> None:
        form = self._form()
        if form is not None:
            form.press(Qt.Key.Key_F10)
        else:
            self._reserve_by_key()

    def line_down_words(self) -> str:
        return translate("Search", "つながりしだい検索します")

    def key(self, event: QKeyEvent) -> bool:
        text = event.text()
        form = self._form()
        if form is not None:
            return event.key() == Qt.Key.Key_Escape and form.press(Qt.Key.Key_Escape)
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier or not text or not text.isprintable():
            return False
        self._panel.add(text)
        return True

    def set_veiled(self, veiled: bool) -> None:
        # a catalogue is nobody's; the number in the form of a reservation is somebody's
        self._veiled = veiled
        if veiled:
            self._reserving.close()

    def corner_key(self) -> tuple[str, str]:
        return LABELS_KEY, translate("Search", "ラベル")

    def attends_by_code(self) -> bool:
        return False

    def patron_changed(self) -> None:
        """Somebody else is at the counter, or nobody: what was looked for with the one before goes, too."""
        self._reserving.patron_changed()
        before, self._patron = self._patron, self._around.patron_at_desk()
        if before.visit is not None and self._patron.visit != before.visit:
            self._panel.set_values({})
            self._ask(TitleQuery())

    def leave(self) -> None:
        self._ended = True
        self._around.worker.stop_looking()
        self._reserving.leave()
        self._adding.end()
        self._panel.set_values({})
        self._query, self._found = TitleQuery(), None
        self._show()
        self._title.set_view(None, "")

    def keep(self) -> KeptSearch:
        """What this page comes back to."""
        return KeptSearch(
            self._panel.values(),
            self._by_field,
            self._adding.values(),
            self._adding.operation(),
            self._for_visit if self._adding.is_open() else None,
            self._reserving.keep(),
        )

    def resume(self, kept: KeptSearch) -> None:
        """The clerk is back; what they looked for is looked for again."""
        self._by_field = kept.by_field
        self._show()
        self._panel.set_values(kept.values)
        self._typed(kept.values)
        if kept.adding:
            self._for_visit = kept.for_visit
            self._adding.open(kept.adding, kept.operation)
        self._reserving.resume(kept.placing)

    def results(self) -> tuple[Record, ...]:
        """What was found, as it is shown."""
        return self._panel.results.view().records

    # -- forms ---------------------------------------------------------------------------------------

    def add_item(self, number: str, for_visit: UUID | None) -> None:
        """Opens the form of an item that is not catalogued; ``for_visit`` is the visit that waits for it."""
        self._reserving.close()
        if self._adding.is_open() and (not self._adding.takes_scans() or self._adding.is_half_filled()):
            self._around.show_strip(views.half_filled_strip(number))
            return
        self._for_visit = for_visit
        query = self._query
        isbn = ""
        if self._found is not None and not self._found.titles:
            # what was looked for and is not there
            number, isbn = number or query.item_number, query.isbn
        known = {ItemField.ITEM_NUMBER.value: number, ItemField.ISBN.value: isbn}
        self._adding.open({key: text for key, text in known.items() if text})
        self.centre_changed.emit()

    def _reserve_by_key(self) -> None:
        """F10: the key that sends the form is the one that opens it, and does not do both at once."""
        self._reserve(self._panel.results.selected() or "")
        self._wished_by_key = self._wished
        if self._reserving.is_open():
            self._reserving.form.hold()

    def _reserve(self, key: str) -> None:
        found = self._found.titles if self._found is not None else ()
        title = next((each for each in found if str(each.title_id) == key), None)
        if self._form() is not None or self._query == TitleQuery():
            return
        if self._answered != self._query or not self._reserving.branches:
            # what is still in sight of an earlier question is not meant: the answer is on its way
            self._wished = True
            self.shown()
            return
        if title is None:
            return
        name = " ".join(part for part in (title.title, title.volume) if part)
        self._reserving.open(title.title_id, name, veiled=self._veiled)
        self.centre_changed.emit()

    def _form_closed(self) -> None:
        if not self._ended:
            self.centre_changed.emit()

    def _say(self, view: StripView) -> None:
        self._around.show_strip(view)
        self.changed.emit()

    def _branches_came(self, found: tuple[Branch, ...]) -> None:
        self._reserving.branches = found
        self._reserve_as_wished()

    def _reserve_as_wished(self) -> None:
        """What was asked for before there was an answer."""
        if self._wished and self._answered == self._query and self._reserving.branches:
            self._wished = False
            if self._around.in_sight(self) and self._wished_by_key:
                self._reserve_by_key()
            elif self._around.in_sight(self):
                self._reserve(self._panel.results.selected() or "")

    def _look_again(self) -> None:
        """Who waits has changed."""
        if not self._ended and self._query != TitleQuery():
            query, self._query = self._query, TitleQuery()
            self._ask(query, again=True)

    def _added(self, number: str) -> None:
        visit, self._for_visit = self._for_visit, None
        if not self._around.item_added(number, visit) and self._around.in_sight(self):
            self._jump({"item_number": number}, number, quietly=True)

    # -- scans ---------------------------------------------------------------------------------------

    def take(self, code: ParsedCode) -> None:
        match code:
            case ItemCode(number) if self._adding.takes_scans():
                self._adding.take_item(number)
            case Isbn(isbn13) if self._adding.takes_scans():
                self._adding.take_isbn(isbn13)
            case PatronCode(number) if self._reserving.takes_scans():
                self._reserving.take_card(number)
            case ItemCode(number):
                self._jump({"item_number": number}, number)
            case Isbn(isbn13):
                self._jump({"isbn": isbn13}, isbn13)
            case PatronCode():
                self._around.begin_visit(code)
            case Issn() | Magazine():
                self._around.show_strip(views.periodical_strip(wording.shown_text(code)))
            case _:
                self._around.show_strip(views.not_here_strip(wording.shown_text(code)))

    def _jump(self, values: dict[str, str], number: str, *, quietly: bool = False) -> None:
        """A scan: its title, whatever was typed before; what is on its way in a form tells its end below."""
        self._reserving.close()
        if not self._adding.takes_scans():
            self._adding.close()
        if not quietly:
            self._around.show_strip(views.looking_strip(number))
        self._query, self._found = TitleQuery(), None
        self._by_field = False
        self._show()
        self._panel.set_values({BOX: number})
        self._ask(TitleQuery(**values))
        self._jumped = not quietly
        self._panel.start()

    # -- what is looked for --------------------------------------------------------------------------

    def _typed(self, values: dict[str, str]) -> None:
        self._ask(TitleQuery(**values))

    def _ask(self, query: TitleQuery, *, again: bool = False) -> None:
        if query == self._query:
            return
        self._query = query
        self._jumped = self._wished = False
        self.changed.emit()
        if query == TitleQuery():
            self._around.worker.stop_looking("titles")
            self._found = None
            self._show()
            return
        if self._found is None:
            # what was found before stays in sight until the answer is there
            self._show()
        self._around.worker.look_up(
            "titles",
            partial(search, query=query, desk=self._around.desk),
            partial(self._came, query, again=again),
            self._no_answer,
        )

    def _came(self, query: TitleQuery, found: Found, *, again: bool) -> None:
        if self._ended or query != self._query:
            return
        self._line_up = True
        self._found, self._answered = found, query
        self._show()
        self.changed.emit()
        jumped, self._jumped = self._jumped, False
        if jumped and self._around.in_sight(self):
            number = query.isbn or query.item_number
            title = found.titles[0].title if found.titles else ""
            self._around.show_strip(views.found_strip(title) if title else views.not_found_strip(number))
        if again:
            self._open_selected(self._panel.results.selected() or "")
        elif found.titles:
            # the best one, whatever was selected among what was found before
            self._panel.results.select(str(found.titles[0].title_id))
        self._reserve_as_wished()

    def _no_answer(self) -> None:
        self._line_up = False
        self._found = None
        self._show()

    def _show(self) -> None:
        asked = self._query != TitleQuery()
        table = views.results(self._found, asked=asked, line_up=self._line_up or not asked)
        self._panel.set_view(SearchView(table, self._by_field))

    # -- one title -----------------------------------------------------------------------------------

    def _open_selected(self, key: str) -> None:
        if not key:
            self._title.set_view(None, views.title_hint())
            return
        self._around.worker.look_up(
            "title",
            partial(open_title, title_id=int(key), desk=self._around.desk),
            partial(self._opened, key),
            partial(self._title.set_view, None, views.title_hint()),
        )

    def _opened(self, key: str, card: TitleCard | None) -> None:
        if self._ended or key != self._panel.results.selected():
            return
        self._title.set_view(views.title_view(card) if card is not None else None, views.title_hint())
