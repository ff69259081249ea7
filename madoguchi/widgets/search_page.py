"""Search (検索, F6): results while one types, where each copy is, and a scan that jumps to its title."""

from __future__ import annotations

from functools import partial
from typing import Protocol

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from madoguchi.app.catalogue.look_up import open_title, search
from madoguchi.app.catalogue.search import Found, TitleCard, TitleQuery
from madoguchi.app.lending.facts import Desk
from madoguchi.barcode.symbology import Isbn, ItemCode, ParsedCode, PatronCode
from madoguchi.widgets import search_views as views
from madoguchi.widgets import wording
from madoguchi.widgets.counter_page import ATTEND, CounterPage
from madoguchi.widgets.kept_pages import KeptSearch
from madoguchi.widgets.look.search_panel import BOX, SearchPanel
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.title_panel import TitlePanel
from madoguchi.widgets.look.title_views import SearchView
from madoguchi.widgets.look.views import RailItem, StripView
from madoguchi.widgets.worker import DatabaseWorker

translate = QCoreApplication.translate

SEARCH = 6


class AroundSearch(Protocol):
    """What the search asks of the session around it."""

    worker: DatabaseWorker
    desk: Desk

    def show_strip(self, view: StripView) -> None: ...

    def begin_visit(self, code: PatronCode) -> None: ...


class SearchPage(CounterPage):
    """Looks for titles. What it asks never holds up a scan, and never comes after what was asked later."""

    def __init__(self, look: Look, around: AroundSearch) -> None:
        super().__init__()
        self._around = around
        self._panel = SearchPanel(look)
        self._title = TitlePanel(look)
        self._by_field = False
        self._query = TitleQuery()
        self._found: Found | None = None
        self._card: TitleCard | None = None
        self._line_up = True
        self._ended = False
        self._panel.edited.connect(self._typed)
        self._panel.selected.connect(self._open_selected)
        self._show()
        self._title.set_view(None, views.title_hint())

    # -- what the window asks ------------------------------------------------------------------------

    def centre(self) -> QWidget:
        return self._panel

    def left(self) -> QWidget:
        return self._title

    def focus(self) -> None:
        self._panel.start()

    def idle_strip(self) -> StripView:
        return views.idle_strip()

    def function_keys(self) -> tuple[RailItem, RailItem]:
        fields = translate("Search", "ひとつの欄で") if self._by_field else translate("Search", "項目で検索")
        return RailItem(9, fields), RailItem(11, "—", enabled=False)

    def press(self, key: int) -> None:
        if key == 9:
            self._by_field = not self._by_field
            self._show()
            self._typed(self._panel.values())
            self.changed.emit()
            self._panel.start()

    def attend_key(self) -> RailItem:
        return RailItem(ATTEND, "—", enabled=False)

    def attend(self) -> None:
        pass

    def line_down_words(self) -> str:
        return translate("Search", "つながりしだい検索します")

    def key(self, event: QKeyEvent) -> bool:
        text = event.text()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier or not text or not text.isprintable():
            return False
        self._panel.add(text)
        return True

    def set_veiled(self, veiled: bool) -> None:
        # a catalogue is nobody's
        del veiled

    def leave(self) -> None:
        self._ended = True
        self._around.worker.stop_looking()
        self._panel.set_values({})
        self._query, self._found, self._card = TitleQuery(), None, None
        self._show()
        self._title.set_view(None, "")

    def keep(self) -> KeptSearch:
        """What this page comes back to."""
        return KeptSearch(self._panel.values(), self._by_field)

    def resume(self, kept: KeptSearch) -> None:
        """The clerk is back; what they looked for is looked for again."""
        self._by_field = kept.by_field
        self._show()
        self._panel.set_values(kept.values)
        self._typed(kept.values)

    # -- scans ---------------------------------------------------------------------------------------

    def take(self, code: ParsedCode) -> None:
        match code:
            case ItemCode(number):
                self._jump({"item_number": number}, number)
            case Isbn(isbn13):
                self._jump({"isbn": isbn13}, isbn13)
            case PatronCode():
                self._around.begin_visit(code)
            case _:
                self._around.show_strip(views.not_here_strip(wording.shown_text(code)))

    def _jump(self, values: dict[str, str], number: str) -> None:
        """A scan: its title, whatever was typed before."""
        self._by_field = False
        self._show()
        self._panel.set_values({BOX: number})
        self._ask(TitleQuery(**values))
        self._panel.start()

    # -- what is looked for --------------------------------------------------------------------------

    def _typed(self, values: dict[str, str]) -> None:
        self._ask(TitleQuery(**values))

    def _ask(self, query: TitleQuery) -> None:
        if query == self._query:
            return
        self._query = query
        if query == TitleQuery():
            self._around.worker.stop_looking()
            self._found = None
            self._show()
            return
        self._around.worker.look_up(
            "titles",
            partial(search, query=query, desk=self._around.desk),
            partial(self._came, query),
            self._no_answer,
        )

    def _came(self, query: TitleQuery, found: Found) -> None:
        if self._ended or query != self._query:
            return
        self._line_up = True
        self._found = found
        self._show()
        if found.titles:
            # the best one, whatever was selected among what was found before
            self._panel.results.select(str(found.titles[0].title_id))
        elif query.isbn or query.item_number:
            self._around.show_strip(views.not_found_strip(query.isbn or query.item_number))

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
            self._card = None
            self._title.set_view(None, views.title_hint())
            return
        self._around.worker.look_up(
            "title",
            partial(open_title, title_id=int(key), desk=self._around.desk),
            partial(self._opened, key),
        )

    def _opened(self, key: str, card: TitleCard | None) -> None:
        if self._ended or key != self._panel.results.selected():
            return
        self._card = card
        self._title.set_view(views.title_view(card) if card is not None else None, views.title_hint())
