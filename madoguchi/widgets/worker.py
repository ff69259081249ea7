"""The way to the lending server and home again: one thread asks, in order; answers come by signal."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from madoguchi.app.server.outage import CannotOpen, Outage, SessionEnded
from madoguchi.app.staff.session import SessionEnd

if TYPE_CHECKING:
    # heavy, and what it brings is first needed once the window is there
    from madoguchi.app.server.gateway import Act

T = TypeVar("T")

RETRY_SECONDS = 1.0
_MOST_PAUSES = 16
LAST_ACTS_SECONDS = 10.0
"""How long the end of the program waits for what has been scanned already."""


class Server(Protocol):
    """The lending server as the worker sees it: opened already, or when it is first asked."""

    def run(self, act: Act[T]) -> T: ...

    def sign_out(self) -> None: ...

    def close(self) -> None: ...


class Job(Generic[T]):
    """One act on its way: asked until it is answered, in its place in the queue.

    Its act must be safe to repeat: it carries an operation id, or it only reads. As long as no answer
    has come home, another act may be put in its place: the answer is then that act's.
    """

    def __init__(
        self,
        act: Act[T],
        on_answer: Callable[[T], None],
        on_outage: Callable[[], None] | None,
        on_fault: Callable[[], None] | None,
        matters: bool,
    ) -> None:
        self.act = act
        self.on_answer = on_answer
        self.on_outage = on_outage
        self.on_fault = on_fault
        self.matters = matters
        self.told = False


class LookUp(Generic[T]):
    """Something to look at while the clerk types: of each kind only the newest is asked and told."""

    def __init__(
        self, kind: str, act: Act[T], on_answer: Callable[[T], None], on_outage: Callable[[], None] | None
    ) -> None:
        self.kind = kind
        self.act = act
        self.on_answer = on_answer
        self.on_outage = on_outage
        self.told = False
        self.asked = False
        self.tries = 0


class _Leave:
    """Stands in the queue where a session ends."""


class _Glance:
    """Stands in the queue where something may be looked up, if nothing else waits."""

    def __init__(self, kind: str) -> None:
        self.kind = kind


class DatabaseWorker(QObject):
    """Runs acts in a thread of its own, first in, first out.

    An act that meets an outage stays first in the queue and is asked again until it is answered: the
    acts behind it wait, so that nothing overtakes.

    Signals:
        line_changed(up): whether the lending server answered last.
        cannot_open(sentence): the library cannot be opened on this machine; said once for each sentence.
        session_ended(why, lost): the server ended the session, a ``SessionEnd``; so many acts were not done.
    """

    line_changed = Signal(bool)
    cannot_open = Signal(str)
    session_ended = Signal(object, int)
    _home = Signal(object)

    def __init__(self, server: Server, *, retry_seconds: float = RETRY_SECONDS, begin: bool = True) -> None:
        super().__init__()
        self._server = server
        self._retry_seconds = retry_seconds
        self._jobs: queue.SimpleQueue[Job[Any] | _Glance | _Leave | None] = queue.SimpleQueue()
        self._acts_waiting = 0
        self._look_ups: dict[str, LookUp[Any]] = {}
        self._counted = threading.Lock()
        self._closing = threading.Event()
        self._up = True
        self._unanswered: list[Job[Any]] = []
        self._home.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._work, name="database worker", daemon=True)
        self._cannot = ""
        self._begun = False
        if begin:
            self.begin()

    @property
    def line_up(self) -> bool:
        """Whether the lending server answered last."""
        return self._up

    def begin(self) -> None:
        """Begins to ask; what was handed over before has waited."""
        self._begun = True
        self._thread.start()

    def ask(
        self,
        act: Act[T],
        on_answer: Callable[[T], None],
        on_outage: Callable[[], None] | None = None,
        on_fault: Callable[[], None] | None = None,
        *,
        matters: bool = True,
    ) -> Job[T]:
        """Has ``act`` run on the lending server; ``on_answer`` gets its answer in the GUI thread.

        ``on_outage`` is told in the GUI thread, once, that the server does not answer: this act, or one
        before it in the queue. What the act raises, a bug, is raised again in the GUI thread, after
        ``on_fault`` was told there. What does not matter (something to look at, housekeeping) may be lost
        when the program ends.
        """
        job = Job(act, on_answer, on_outage, on_fault, matters)
        self._unanswered.append(job)
        self._put_act(job)
        if not self._up:
            # by way of the queue: who asks must have the job in hand before it hears of it
            self._send(self._tell_of_outage)
        return job

    def look_up(
        self,
        kind: str,
        act: Act[T],
        on_answer: Callable[[T], None],
        on_outage: Callable[[], None] | None = None,
    ) -> None:
        """Has something looked up that the next key may make pointless.

        It never holds up an act: whatever else waits is asked first. Of each kind only what was asked for
        last is answered; what came before it is not asked any more, or its answer is dropped. ``on_outage``
        is told once that the server does not answer; it is asked again until it does, or until nobody wants
        it.
        """
        wanted = self._look_ups[kind] = LookUp(kind, act, on_answer, on_outage)
        self._jobs.put(_Glance(kind))
        if not self._up:
            self._send(partial(self._tell_looking, wanted))

    def stop_looking(self, *kinds: str) -> None:
        """What is looked up of these kinds is not wanted any more; of any kind, where none is named."""
        for kind in kinds or tuple(self._look_ups):
            self._look_ups.pop(kind, None)

    def _put_act(self, job: Job[Any] | _Leave) -> None:
        with self._counted:
            self._acts_waiting += 1
        self._jobs.put(job)

    def sign_out(self) -> None:
        """Ends the session at the server, and with it its password, after what was asked before."""
        self.stop_looking()
        self._put_act(_Leave())

    def unanswered(self) -> int:
        """How many acts that matter have not been answered yet."""
        return sum(job.matters for job in self._unanswered)

    def close(self) -> None:
        """Ends the thread: what waits is asked first while the server answers, else it never is."""
        self._jobs.put(None)
        if self._up and self._begun and self.unanswered():
            self._thread.join(LAST_ACTS_SECONDS)
        self._closing.set()
        if self._begun:
            self._thread.join()
        self._server.close()

    def _work(self) -> None:
        while not self._closing.is_set():
            job = self._jobs.get()
            if job is None:
                return
            if isinstance(job, _Glance):
                self._glance(job)
                continue
            with self._counted:
                self._acts_waiting -= 1
            if isinstance(job, _Leave):
                self._leave()
                continue
            self._ask_until_answered(job)
            # a sign-in holds a password: it is not kept until the next act comes
            del job

    def _glance(self, glance: _Glance) -> None:
        if self._acts_waiting:
            # behind whatever waits: a scan is never held up by what somebody types
            self._jobs.put(glance)
            return
        wanted = self._look_ups.get(glance.kind)
        if wanted is None or wanted.asked:
            # there is a token for each letter that was typed, and one look-up
            return
        wanted.asked = True
        try:
            answer = self._server.run(wanted.act)
        except Outage as outage:
            self._send(partial(self._set_line, False))
            if isinstance(outage, CannotOpen):
                self._send(partial(self._say_cannot_open, outage.sentence))
            # nobody waits here: a scan that comes meanwhile is asked at once
            self._send(partial(self._not_found, wanted))
        except SessionEnded as over:
            self._send(partial(self._set_line, True))
            self._send(partial(self.session_ended.emit, over.why, 0))
        except Exception as error:  # noqa: BLE001 - a bug, shown by the GUI thread's own hook
            self._send(partial(self._fault, wanted, error))
        else:
            self._send(partial(self._set_line, True))
            self._send(partial(self._found, wanted, answer))

    def _fault(self, wanted: LookUp[Any], bug: Exception) -> None:
        if self._look_ups.get(wanted.kind) is wanted:
            del self._look_ups[wanted.kind]
        raise bug

    def _found(self, wanted: LookUp[Any], answer: object) -> None:
        if self._look_ups.get(wanted.kind) is wanted:
            del self._look_ups[wanted.kind]
            wanted.on_answer(answer)

    def _tell_looking(self, wanted: LookUp[Any]) -> None:
        if self._look_ups.get(wanted.kind) is wanted and not wanted.told:
            wanted.told = True
            if wanted.on_outage is not None:
                wanted.on_outage()

    def _not_found(self, wanted: LookUp[Any]) -> None:
        if self._look_ups.get(wanted.kind) is not wanted:
            return
        self._tell_looking(wanted)
        # each try may take as long as an act may: less and less often, so that scans have the line
        pause = self._retry_seconds * min(2**wanted.tries, _MOST_PAUSES)
        wanted.tries += 1
        QTimer.singleShot(round(pause * 1000), self, partial(self._look_again, wanted))

    def _look_again(self, wanted: LookUp[Any]) -> None:
        if self._look_ups.get(wanted.kind) is wanted and not self._closing.is_set():
            wanted.asked = False
            self._jobs.put(_Glance(wanted.kind))

    def _leave(self) -> None:
        try:
            self._server.sign_out()
        except Exception as error:  # noqa: BLE001 - a bug, shown by the GUI thread's own hook
            self._send(partial(_raise, error))

    def _ask_until_answered(self, job: Job[Any]) -> None:
        while not self._closing.is_set():
            act = job.act
            try:
                answer = self._server.run(act)
            except Outage as outage:
                self._send(partial(self._set_line, False))
                if isinstance(outage, CannotOpen):
                    self._send(partial(self._say_cannot_open, outage.sentence))
                self._closing.wait(self._retry_seconds)
            except SessionEnded as over:
                self._send(partial(self._over, job, over.why))
                return
            except Exception as error:  # noqa: BLE001 - a bug, shown by the GUI thread's own hook
                self._send(partial(self._fail, job, error))
                return
            else:
                self._send(partial(self._set_line, True))
                if job.act is not act:
                    continue
                self._send(partial(self._answer, job, answer))
                return

    def _send(self, message: Callable[[], None]) -> None:
        if not self._closing.is_set():
            self._home.emit(message)

    def _deliver(self, message: Callable[[], None]) -> None:
        if not self._closing.is_set():
            message()

    def _set_line(self, up: bool) -> None:
        if up:
            self._cannot = ""
        if up is not self._up:
            self._up = up
            self.line_changed.emit(up)
        if not up:
            self._tell_of_outage()

    def _say_cannot_open(self, sentence: str) -> None:
        if sentence != self._cannot:
            self._cannot = sentence
            self.cannot_open.emit(sentence)

    def _tell_of_outage(self) -> None:
        if self._up:
            return
        for job in [job for job in self._unanswered if not job.told]:
            job.told = True
            if job.on_outage is not None:
                job.on_outage()

    def _answer(self, job: Job[Any], answer: object) -> None:
        self._unanswered.remove(job)
        job.on_answer(answer)

    def _over(self, job: Job[Any], why: SessionEnd) -> None:
        self._set_line(True)
        self._unanswered.remove(job)
        self.session_ended.emit(why, int(job.matters))

    def _fail(self, job: Job[Any], bug: Exception) -> None:
        self._unanswered.remove(job)
        if job.on_fault is not None:
            job.on_fault()
        raise bug


def _raise(bug: Exception) -> None:
    raise bug
