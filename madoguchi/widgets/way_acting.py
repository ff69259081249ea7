"""What is done on the lists by a key: not found, sent, told. Each is asked again until it is answered."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from PySide6.QtCore import QObject, Signal

from madoguchi.app.lending.facts import Desk
from madoguchi.app.reservations.answers import Done, NotDone, Sent
from madoguchi.app.reservations.rounds import ToLookFor, Travelling, report_not_found, send
from madoguchi.app.reservations.telling import Outcome, ToTell, tell
from madoguchi.widgets import way_words as words
from madoguchi.widgets.look.question_card import monotonic_ms
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import StripView
from madoguchi.widgets.way_views import LEAVING
from madoguchi.widgets.worker import DatabaseWorker

if TYPE_CHECKING:
    from madoguchi.app.server.gateway import Act


class KeyGuard:
    """A key that was meant for what stood here before does nothing to what stands here now.

    As with a question: what is pressed within the guard time begins it anew, so that hammering does nothing.
    """

    def __init__(self, look: Look) -> None:
        self._guard_ms = look.theme.tokens.answer_guard_ms
        self._from: int | None = None

    def begin(self) -> None:
        """Something else stands here, and not because somebody chose it."""
        self._from = monotonic_ms()

    def lift(self) -> None:
        """The clerk has chosen what stands here."""
        self._from = None

    def stands(self) -> bool:
        """Whether a key would do nothing."""
        return self._from is not None and monotonic_ms() - self._from < self._guard_ms

    def stops(self) -> bool:
        """A key is pressed: whether it does nothing."""
        if not self.stands():
            return False
        self.begin()
        return True


class WayActing(QObject):
    """Asks for it once; the records it is about say so until there is an answer.

    Attributes:
        doing: what is on its way, by the key of its record; True: the line is down.

    Signals:
        changed(): something is on its way, or not any more.
        said(view): a ``StripView``.
        done(): the lists are other ones now.
    """

    changed = Signal()
    said = Signal(object)
    done = Signal()

    def __init__(self, worker: DatabaseWorker, desk: Desk) -> None:
        super().__init__()
        self.doing: dict[str, bool] = {}
        self._worker = worker
        self._desk = desk
        self._ended = False

    def end(self) -> None:
        """The session is over: what is on its way is done, and told to nobody."""
        self._ended = True
        self.doing.clear()

    def not_found(self, copy: ToLookFor) -> None:
        """It is not where it should stand."""
        act = partial(report_not_found, operation=uuid4(), item_number=copy.item_number, desk=self._desk)

        def came(answer: Done | NotDone) -> None:
            if isinstance(answer, NotDone):
                self._say(words.refused_strip(answer.refusal, copy.title))
            else:
                self._say(words.not_found_strip(copy.title, answer))

        keys = (copy.item_number,)
        self._ask(keys, act, came)

    def send(self, copies: tuple[Travelling, ...], branch: str) -> None:
        """The crate leaves."""
        numbers = tuple(copy.item_number for copy in copies)
        act = partial(send, operation=uuid4(), item_numbers=numbers, desk=self._desk)

        def came(answer: Sent | NotDone) -> None:
            if isinstance(answer, NotDone):
                self._say(words.refused_strip(answer.refusal))
            else:
                self._say(words.sent_strip(answer.copies, branch))

        keys = tuple(LEAVING + number for number in numbers)
        self._ask(keys, act, came)

    def tell(self, person: ToTell, outcome: Outcome) -> None:
        """Keeps what came of it."""
        act = partial(
            tell,
            operation=uuid4(),
            patron_id=person.patron_id,
            reservation_ids=person.reservation_ids,
            way=person.way,
            outcome=outcome,
            desk=self._desk,
        )

        def came(answer: Done | NotDone) -> None:
            if isinstance(answer, NotDone):
                self._say(words.refused_strip(answer.refusal))
            else:
                self._say(words.told_strip(outcome))

        keys = (str(person.patron_id),)
        self._ask(keys, act, came)

    # -- on its way --------------------------------------------------------------------------------------

    def _ask(self, keys: tuple[str, ...], act: Act[Any], came: Callable[[Any], None]) -> None:
        if self._begin(keys):
            self._worker.ask(act, self._then(keys, came), self._stalls(keys), self._faults(keys))

    def _begin(self, keys: tuple[str, ...]) -> bool:
        """Whether it is begun: not while something of it is on its way already."""
        if self._ended or not keys or any(key in self.doing for key in keys):
            return False
        self.doing.update(dict.fromkeys(keys, False))
        self._say(words.doing_strip())
        self.changed.emit()
        return True

    def _then(self, keys: tuple[str, ...], came: Callable[..., None]) -> Callable[..., None]:
        def answered(answer: object) -> None:
            self._forget(keys)
            came(answer)
            self.done.emit()

        return answered

    def _stalls(self, keys: tuple[str, ...]) -> Callable[[], None]:
        def stalled() -> None:
            if not self._ended:
                self.doing.update(dict.fromkeys(keys, True))
                self._say(words.outage_strip())
                self.changed.emit()

        return stalled

    def _faults(self, keys: tuple[str, ...]) -> Callable[[], None]:
        def faulted() -> None:
            self._forget(keys)
            self._say(words.fault_strip())
            self.done.emit()

        return faulted

    def _forget(self, keys: tuple[str, ...]) -> None:
        for key in keys:
            self.doing.pop(key, None)

    def _say(self, view: StripView) -> None:
        if not self._ended:
            self.said.emit(view)
