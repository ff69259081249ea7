"""The four lists as they were last read: asked for behind every scan, and let go when nobody looks."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID, uuid4

from PySide6.QtCore import QObject, Signal

from madoguchi.app.lending.facts import Desk
from madoguchi.app.reservations.answers import NotDone
from madoguchi.app.reservations.rounds import (
    OnShelf,
    Shelf,
    ToLookFor,
    Transits,
    pull_list,
    reservation_shelf,
    transits,
)
from madoguchi.app.reservations.telling import ToTell, to_tell
from madoguchi.widgets import way_views as views
from madoguchi.widgets import way_words as words
from madoguchi.widgets.way_views import Lists, WayList
from madoguchi.widgets.worker import DatabaseWorker

if TYPE_CHECKING:
    # heavy, and only a name here
    from madoguchi.app.server.gateway import Act

T = TypeVar("T")

_PREFIX = "way-"


class WayLists(QObject):
    """Reads the lists. Who is to be told is asked for only when that list is opened: it is a look.

    Signals:
        changed(): something else is listed now.
        refused(answer): a ``NotDone``: who is to be told may not be shown.
    """

    changed = Signal()
    refused = Signal(object)

    def __init__(self, worker: DatabaseWorker, desk: Desk) -> None:
        super().__init__()
        self.lists = Lists()
        self._worker = worker
        self._desk = desk
        self._stalled: set[WayList] = set()
        self._why = ""
        self._visit: UUID | None = None
        self._ended = False

    def refresh(self) -> None:
        """Reads them anew; what is seen stays until the answer is there."""
        if self._ended:
            return
        desk = self._desk
        self._ask(WayList.PULL, partial(pull_list, desk=desk), self._pull_came)
        self._ask(WayList.MOVES, partial(transits, desk=desk), self._transits_came)
        self._ask(WayList.SHELF, partial(reservation_shelf, desk=desk), self._shelf_came)
        if self._visit is not None:
            act = partial(to_tell, visit=self._visit, desk=desk)
            self._ask(WayList.TELL, act, partial(self._to_tell_came, self._visit))

    def _ask(self, which: WayList, act: Act[T], came: Callable[[T], None]) -> None:
        self._worker.look_up(_PREFIX + which, act, came, partial(self._stall, which))

    def open_persons(self) -> None:
        """Who is to be told is to be seen from now on."""
        if self._visit is None:
            self._visit = uuid4()
        self.refresh()

    def close_persons(self) -> None:
        """Nobody who is to be told is here any more."""
        self._worker.stop_looking(_PREFIX + WayList.TELL)
        self._visit, self._why = None, ""
        self._stalled.discard(WayList.TELL)
        self.lists.to_tell = None

    def empty_words(self, which: WayList) -> str:
        """Why nothing stands on a list, if it is not that there is nothing."""
        loaded = {
            WayList.PULL: self.lists.pull,
            WayList.MOVES: self.lists.transits,
            WayList.SHELF: self.lists.shelf,
            WayList.TELL: self.lists.to_tell,
        }[which]
        if loaded is not None:
            return ""
        if which is WayList.TELL and self._why:
            return self._why
        return views.outage_words() if which in self._stalled else views.loading_words()

    def on_shelf(self, number: str) -> OnShelf | None:
        """A copy on the reservation shelf, as far as it has been read."""
        copies = self.lists.shelf.copies if self.lists.shelf is not None else ()
        return next((copy for copy in copies if copy.item_number == number), None)

    def looked_for(self, number: str) -> ToLookFor | None:
        """A copy that is looked for."""
        return next((copy for copy in self.lists.pull or () if copy.item_number == number), None)

    def person(self, key: str) -> ToTell | None:
        """Somebody who is to be told, by the key of their record."""
        return next((each for each in self.lists.to_tell or () if str(each.patron_id) == key), None)

    def end(self) -> None:
        """The session is over: nothing is kept."""
        self._ended = True
        self._worker.stop_looking(*(_PREFIX + which for which in WayList))
        self._visit = None
        self.lists = Lists()

    def _stall(self, which: WayList) -> None:
        self._stalled.add(which)
        self.changed.emit()

    def _came(self, which: WayList) -> None:
        self._stalled.discard(which)
        self.changed.emit()

    def _pull_came(self, answer: tuple[ToLookFor, ...]) -> None:
        if not self._ended:
            self.lists.pull = answer
            self._came(WayList.PULL)

    def _transits_came(self, answer: Transits) -> None:
        if not self._ended:
            self.lists.transits = answer
            self._came(WayList.MOVES)

    def _shelf_came(self, answer: Shelf) -> None:
        if not self._ended:
            self.lists.shelf = answer
            self._came(WayList.SHELF)

    def _to_tell_came(self, visit: UUID, answer: tuple[ToTell, ...] | NotDone) -> None:
        if self._ended or visit != self._visit:
            return
        if isinstance(answer, NotDone):
            self.lists.to_tell = None
            self._why = words.refused(answer.refusal).detail
            self.refused.emit(answer)
        else:
            self.lists.to_tell, self._why = answer, ""
        self._came(WayList.TELL)
