"""Reservations under way (取置・配送, F7): looked for, sent, received, kept, cleared away, told of."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from madoguchi.app.reservations.answers import NotDone
from madoguchi.app.reservations.rounds import Travelling
from madoguchi.app.reservations.telling import ToTell
from madoguchi.app.staff.session import SignedIn
from madoguchi.barcode.symbology import CodePlan
from madoguchi.widgets import way_views as views
from madoguchi.widgets import way_words as words
from madoguchi.widgets.counter_page import ATTEND, CounterPage
from madoguchi.widgets.kept_pages import KeptWay
from madoguchi.widgets.look.lists_panel import ListsPanel, ListsView
from madoguchi.widgets.look.person_views import PersonView
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import (
    Answer,
    ListHeader,
    RailItem,
    StripView,
    Tone,
)
from madoguchi.widgets.patron_views import veiled_table
from madoguchi.widgets.pull_paper import PullPrinting
from madoguchi.widgets.scan_page import Surroundings
from madoguchi.widgets.way_acting import KeyGuard, WayActing
from madoguchi.widgets.way_scans import WayScans
from madoguchi.widgets.way_views import WayList

translate = QCoreApplication.translate

WAY = 7


class AroundWay(Surroundings, Protocol):
    """What this page asks of the session around it."""

    plan: CodePlan
    signed_in: SignedIn

    def in_sight(self, page: CounterPage) -> bool: ...

    def asking(self) -> bool: ...


class WayPage(WayScans):
    """Four lists of this branch, ticked off by scanning; a scan means what the list in sight is for."""

    def __init__(self, look: Look, around: AroundWay) -> None:
        super().__init__(look, around)
        self._session = around
        self._by_label = False
        self._destination: tuple[int, str] | None = None
        self._opened: int | None = None
        self._guard = KeyGuard(look)
        self._behind = False
        self._filling = False
        self._crate: tuple[Travelling, ...] | None = None
        self._shown_keys: tuple[str, ...] = ()
        self._lists.changed.connect(self._show_lists)
        self._lists.refused.connect(self._not_listed)
        self._acting = WayActing(around.worker, around.desk)
        self._acting.changed.connect(self._show_lists)
        self._acting.said.connect(self._tell)
        self._acting.done.connect(self._act_done)
        self._printing = PullPrinting(around.plan, around.signed_in.branch, Path.home())
        self.panel = ListsPanel(look, views.chips(self._lists.lists), self.list)
        self.panel.list_chosen.connect(lambda key: self.choose_list(WayList(key)))
        self.panel.chosen.connect(self._open_person)
        self.panel.selected.connect(self._selected)
        self.panel.installEventFilter(self)
        self._show_lists()
        self._refresh_header()

    # -- what the window asks ------------------------------------------------------------------------

    def centre(self) -> QWidget:
        return self.panel

    def left(self) -> QWidget | None:
        return None

    def focus(self) -> None:
        self.panel.start()

    def header(self) -> ListHeader:
        return ListHeader(translate("Way", "今回の読み取り"), self._done, translate("Way", "点"))

    def idle_strip(self) -> StripView:
        return words.idle_strip(self._which)

    def next_words(self) -> str:
        return words.next_words(self._which)

    def line_down_words(self) -> str:
        return words.line_down_words()

    def function_keys(self) -> tuple[RailItem, RailItem]:
        person = self._person()
        if person is not None:
            return words.outcome_key(person.way, 9), words.outcome_key(person.way, 11)
        nine = {
            WayList.PULL: bool(self._lists.lists.pull),
            WayList.MOVES: self._destination is not None
            or len(views.destinations(self._lists.lists.transits)) > 1,
        }.get(self._which, True)
        return (
            words.key_of(9, self._which, enabled=nine and not self._veiled, by_label=self._by_label),
            words.key_of(11, self._which),
        )

    def press(self, key: int) -> None:
        if self._person() is not None:
            self._record_outcome(key)
        elif key == 11:
            self.read_again()
        elif self._veiled:
            return
        elif self._which is WayList.PULL:
            self._print()
        elif self._which is WayList.MOVES:
            self._next_destination()
        elif self._which is WayList.SHELF:
            self._by_label = not self._by_label
            self._show_lists()

    def attend_key(self) -> RailItem:
        person = self._person()
        if person is not None:
            return words.outcome_key(person.way, ATTEND)
        free = not self._veiled and self._selected_key() not in self._acting.doing
        enabled = {
            WayList.PULL: free and bool(self._selected_key()),
            WayList.MOVES: not self._veiled and bool(self._to_send()),
            WayList.SHELF: False,
            WayList.TELL: free and bool(self._selected_key()),
        }[self._which]
        return words.key_of(ATTEND, self._which, enabled=enabled)

    def attend(self) -> None:
        if self._person() is not None:
            self._record_outcome(ATTEND)
        elif self._veiled or (self._which in (WayList.PULL, WayList.TELL) and self._guard.stops()):
            return
        elif self._which is WayList.PULL:
            copy = self._lists.looked_for(self._selected_key())
            if copy is not None:
                self._acting.not_found(copy)
        elif self._which is WayList.MOVES:
            self._ask_to_send()
        elif self._which is WayList.TELL:
            self._open_person(self._selected_key())

    def attends_by_code(self) -> bool:
        # what is said of a copy or a person is never said by a scan
        return False

    def question_stands(self) -> bool:
        return self._crate is not None

    def key(self, event: QKeyEvent) -> bool:
        if self._session.asking():
            return False
        if event.key() == Qt.Key.Key_Escape and self._opened is not None:
            if not event.isAutoRepeat():
                self._close_person()
            return True
        wanted = next((which for which, letter in views.KEYS.items() if event.text().upper() == letter), None)
        plain = not event.modifiers() & ~(
            Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
        )
        if wanted is None or not plain or self._typed:
            return False
        if not event.isAutoRepeat():
            self.choose_list(wanted)
        return True

    def show_typed(self, text: str) -> None:
        super().show_typed(text)
        self.panel.set_typing(bool(text))

    def set_veiled(self, veiled: bool) -> None:
        super().set_veiled(veiled)
        self._opened = None
        self._show_lists()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's call. Behind another page, or a cover, nobody is named; how they are reached is shut."""
        kinds = (QEvent.Type.Hide, QEvent.Type.Show)
        if watched is self.panel and event.type() in kinds and not event.spontaneous():
            self._behind = event.type() == QEvent.Type.Hide
            self._opened = None
            if self._which is WayList.TELL:
                self._show_list()
        return False

    def shown(self) -> None:
        super().shown()
        self._opened = None
        if self._which is WayList.TELL:
            self._lists.open_persons()
        else:
            self._lists.refresh()

    def leave(self) -> None:
        """The clerk signs out: nothing of the lists stays."""
        self._opened = self._crate = None
        self._done = 0
        self._taken.clear()
        self.panel.removeEventFilter(self)
        self._acting.end()
        self._lists.end()
        self.clear()
        self._show_lists()

    def keep(self) -> KeptWay:
        """What this page comes back to: the list is read anew."""
        return KeptWay(self.keep_rows()[0], self._which.value, self._by_label, self._done)

    def resume(self, kept: KeptWay) -> None:
        """The clerk is back."""
        self.resume_rows(kept.scans)
        self._which, self._by_label, self._done = WayList(kept.which), kept.by_label, kept.done
        self.show_rows()
        self._show_lists()
        self._refresh_header()

    # -- lists ---------------------------------------------------------------------------------------

    def choose_list(self, which: WayList) -> None:
        """Another list is to be seen; of those who are to be told nobody stays."""
        if which is self._which:
            return
        titled = WayList.TELL not in (self._which, which)
        self._which = which
        if not titled:
            self.show_rows()
        self._opened = self._destination = None
        # the other list begins where it does, and what is selected there was chosen with it
        self._shown_keys = ()
        self._guard.lift()
        if which is WayList.TELL:
            self._lists.open_persons()
        else:
            self._lists.close_persons()
            self._lists.refresh()
        self._around.show_quietly(self.idle_strip())
        self._show_lists()
        self._refresh_header()
        self.focus()

    def _act_done(self) -> None:
        # what it was about stands here until the list is read, and then another
        self._guard.begin()
        self.read_again()

    def read_again(self) -> None:
        if self._session.in_sight(self):
            self._lists.refresh()
        self._show_lists()

    def _show_lists(self) -> None:
        self._show_list()
        self.changed.emit()

    def _show_list(self) -> None:
        """Shows the list as it is now; whoever goes on by arrows stays where they are."""
        lists = self._lists.lists
        if self._opened is not None and self._lists.person(str(self._opened)) is None:
            self._opened = None
        way = views.Way(
            self._acting.doing, self._destination, self._by_label, self._lists.empty_words(self._which)
        )
        table = views.table(self._which, lists, way)
        if self._veiled or (self._behind and self._which is WayList.TELL):
            table = veiled_table(table)
        key, before = self._selected_key(), self._shown_keys
        self._shown_keys = tuple(record.key for record in table.records)
        person = self._person_view() if self._which is WayList.TELL else None
        self._filling = True
        self.panel.set_view(ListsView(self._which.value, views.chips(lists), table, person))
        if key in before and key not in self._shown_keys:
            # what was selected has gone: the one that stood below it is next, and no key was meant for it
            self._guard.begin()
            if self._shown_keys:
                self.panel.table.select(self._shown_keys[min(before.index(key), len(self._shown_keys) - 1)])
        self._filling = False

    def _selected_key(self) -> str:
        return self.panel.table.selected() or ""

    def _selected(self, key: str) -> None:
        if not self._filling:
            self._guard.lift()
        if self._opened is not None and key != str(self._opened):
            self._opened = None
        if self._which is WayList.TELL:
            self.panel.person.set_view(self._person_view())
        self.changed.emit()

    def _tell(self, view: StripView) -> None:
        """Says what became of a key; what was not done is said on any page, as with a scan."""
        if self._session.in_sight(self):
            self.say(view)
        elif view.tone in (Tone.REFUSED, Tone.OUTAGE):
            self.say(replace(view, side_second=view.side_second or words.of_this_page()))

    def _not_listed(self, answer: NotDone) -> None:
        # nothing was to be done: who looks at another list now need not know
        if self._session.in_sight(self):
            self.say(words.refused_strip(answer.refusal))

    # -- what is looked for, and what is sent ------------------------------------------------------------

    def _print(self) -> None:
        copies = self._lists.lists.pull
        if copies and not self._printing.busy:
            self._tell(words.printing_strip())
            self._printing.print(copies, self._around.today(), self._printed)

    def _printed(self, where: str | Path | OSError) -> None:
        if isinstance(where, OSError):
            self._tell(words.not_printed_strip(where.strerror or str(where)))
        else:
            self._tell(words.printed_strip(str(where), file=isinstance(where, Path)))

    def _next_destination(self) -> None:
        """From all branches to the first, to the next, and back to all."""
        places = [None, *views.destinations(self._lists.lists.transits).items()]
        # one whose crate has left stays chosen until another is, but is not come back to
        at = places.index(self._destination) if self._destination in places else 0
        self._destination = places[(at + 1) % len(places)]
        self._show_lists()

    def _to_send(self) -> tuple[Travelling, ...]:
        transits = self._lists.lists.transits
        to_branch_id = self._destination[0] if self._destination is not None else None
        waiting = views.to_send(transits, to_branch_id) if transits is not None else ()
        return tuple(copy for copy in waiting if views.LEAVING + copy.item_number not in self._acting.doing)

    def _ask_to_send(self) -> None:
        copies = self._to_send()
        if copies:
            self._crate = copies
            branch = self._destination[1] if self._destination is not None else words.every_branch()
            self._around.ask(words.send_question(len(copies), branch), partial(self._send, copies, branch))

    def _send(self, copies: tuple[Travelling, ...], branch: str, answer: Answer, reason: str) -> None:
        del reason
        self._crate = None
        if answer is Answer.OFFERED:
            self._acting.send(copies, branch)

    # -- who is told ---------------------------------------------------------------------------------

    def _person(self) -> ToTell | None:
        """Whose way to be reached is in sight."""
        return self._lists.person(str(self._opened)) if self._opened is not None else None

    def _person_view(self) -> PersonView:
        selected = self._lists.person(self._selected_key())
        return views.person_view(selected, shown=self._person() is not None, veiled=self._veiled)

    def _open_person(self, key: str) -> None:
        person = self._lists.person(key) if self._which is WayList.TELL else None
        if person is None or self._veiled or key in self._acting.doing:
            return
        self._opened = person.patron_id
        self._guard.begin()
        self._show_lists()

    def _close_person(self) -> None:
        self._opened = None
        self._show_lists()

    def takes_keys(self) -> bool:
        """Whether F10 is meant for what is selected: it was not put there a moment ago."""
        return not self._guard.stands()

    def takes_outcomes(self) -> bool:
        """Whether a key says what came of it: the one that has just opened it is no answer yet."""
        return self._person() is not None and self.takes_keys()

    def _record_outcome(self, key: int) -> None:
        person = self._person()
        outcome = words.OUTCOMES[person.way].get(key) if person is not None else None
        if person is None or outcome is None or self._guard.stops():
            return
        self._opened = None
        self._acting.tell(person, outcome)
        self._show_lists()
