"""The slips of this terminal: what pages have printed, the spool, and the way to the printer.

It outlives a session, so that a lock keeps what waits or failed; it is forgotten when somebody else signs in,
when the session ends for good, and by the clock. Nothing of it is written down.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from madoguchi.app.lending.answers import CheckedIn, CheckedOut, Renewed, Reserved, Route
from madoguchi.app.lending.facts import Desk
from madoguchi.app.printing.layout import COLUMNS, laid_out
from madoguchi.app.printing.receipt_printer import PrinterTrouble
from madoguchi.app.printing.slips import CARD_END, SlipContent, SlipKind, in_japanese
from madoguchi.app.printing.spool import FORGET_MINUTES, SlipState, Spool, Spooled, Why, WordsTrouble
from madoguchi.app.reservations.answers import CircleRefusal, Cleared, NotDone
from madoguchi.app.reservations.telling import ShelfSlip, shelf_slip
from madoguchi.app.staff.session import SignedIn
from madoguchi.barcode.symbology import CodePlan, Symbology
from madoguchi.widgets.place import Place
from madoguchi.widgets.slip_paper import Ruled
from madoguchi.widgets.slip_printing import PrintJob, SlipPrinting
from madoguchi.widgets.worker import DatabaseWorker

SWEEP_MS = 20_000
LATE_MS = 1_500
"""How long a loan that is confirmed after its visit's end waits for others, to be on one slip with them."""

Words = SlipContent | Why
"""What a slip says, or why that is not known."""

_NW7 = re.compile(r"[0-9$+\-./:]{1,60}")


@dataclass(slots=True)
class _Loans:
    """What a visit's slip says so far: by item number.

    Attributes:
        printed: what stood on a slip already.
        slip_id: the one that was put last.
    """

    card: str = field(repr=False)
    items: dict[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    printed: set[str] = field(default_factory=set, repr=False)
    slip_id: int = 0


@dataclass(slots=True)
class _At:
    """Who is signed in: their desk, and the names of things there."""

    desk: Desk
    branch: str
    plan: CodePlan


class SlipDesk(QObject):
    """Has slips printed.

    Signals:
        changed(): the spool is not what it was, or what can be printed is not.
        failed(): a slip was not printed.
        words_came(slip_id, words): what a slip says that is only to be looked at, or why that is not known.
        needless(item_number): a slip was to be printed once more, but its copy is on no shelf any more.
    """

    changed = Signal()
    failed = Signal()
    words_came = Signal(int, object)
    needless = Signal(str)

    def __init__(self, place: Place, worker: DatabaseWorker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self._worker = worker
        self._templates = place.slip_templates
        self._at: _At | None = None
        self._login = ""
        self._printer = place.receipt_printer
        self._loans: dict[UUID, _Loans] = {}
        # kept while its clerk is: an answer may come after what was lent is forgotten
        self._ended_at: dict[UUID, dt.datetime] = {}
        self._paused_at: dt.datetime | None = None
        self._last_visit: UUID | None = None
        self._renewals: list[tuple[dt.datetime, Mapping[str, str]]] = []
        self.spool = Spool(place.clock.local)
        self.printing = SlipPrinting()
        self.printing.began.connect(self._began)
        self.printing.ended.connect(self._ended)
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(LATE_MS)
        self._late.timeout.connect(self._print_late)
        self._sweep = QTimer(self)
        self._sweep.timeout.connect(self.forget_old)
        self._sweep.start(SWEEP_MS)

    # -- who is here -----------------------------------------------------------------------------------

    def begin(self, person: SignedIn, plan: CodePlan) -> None:
        """Somebody has signed in: what was another's is forgotten, but for copies that lack their slip."""
        if person.desk.login != self._login:
            self._forget_visits()
            self.spool.hand_over()
            # what waits had its words already, and those of a copy on the shelf are read anew
            waits = {slip.id for slip in self.spool.all() if slip.state is SlipState.PRINTING}
            self.printing.keep_only(waits)
            self.changed.emit()
        self._login = person.desk.login
        self._printer = person.receipt_printer or self._place.receipt_printer
        self._at = _At(person.desk, person.branch, plan)
        self._paused_at = None

    def pause(self) -> None:
        """The session is over; whoever it was may come back to what waits or failed."""
        self._at = None
        self._paused_at = self._place.clock.local()

    def forget(self) -> None:
        """Nothing of anybody's slips is left."""
        self._login = ""
        self.spool.clear()
        self._forget_visits()
        self._spool_shrank()

    def _forget_visits(self) -> None:
        self._loans.clear()
        self._ended_at.clear()
        self._last_visit = None
        self._renewals.clear()
        self._late.stop()

    def _spool_shrank(self) -> None:
        """What is in the spool no more is not printed either, though it waits for the printer already."""
        self.printing.keep_only({slip.id for slip in self.spool.all()})
        self.changed.emit()

    def forget_old(self) -> None:
        """What need not be known any more is forgotten."""
        before = self._place.clock.local() - dt.timedelta(minutes=FORGET_MINUTES)
        # a visit that its clerk has left open for so long has no patron who waits for a slip
        left = self._paused_at is not None and self._paused_at <= before
        old = [visit for visit in self._loans if left or self._ended_before(visit, before)]
        for visit in old:
            del self._loans[visit]
        renewals = [each for each in self._renewals if each[0] > before]
        shorter = len(renewals) < len(self._renewals)
        self._renewals = renewals
        if self.spool.forget_old() or old or shorter:
            self._spool_shrank()

    def _ended_before(self, visit: UUID, moment: dt.datetime) -> bool:
        ended_at = self._ended_at.get(visit)
        return ended_at is not None and ended_at <= moment

    def close(self) -> None:
        """The program ends."""
        self._sweep.stop()
        self._late.stop()
        self.printing.close()
        self.spool.clear()

    @property
    def has_printer(self) -> bool:
        """Whether this terminal has one."""
        return bool(self._printer.strip())

    def _at_once(self, kind: SlipKind) -> bool:
        return self.has_printer and kind in self._place.slips_at_once

    # -- what pages tell -------------------------------------------------------------------------------

    def returned(self, answer: CheckedIn) -> None:
        """A copy was taken back: it gets its slip, if it goes where one is needed."""
        number = answer.item.number
        for loans in self._loans.values():
            # it is nobody's any more: it stands on no slip
            loans.items.pop(number, None)
        if answer.route is Route.RESERVATION_SHELF:
            self.shelved(number)
        elif answer.route is Route.TRANSIT:
            self.sent(number, answer.item.title, answer.to_branch)

    def goes(self, answer: CheckedIn | Cleared) -> None:
        """A copy that was scanned in a list of reservations has somewhere to go."""
        if isinstance(answer, CheckedIn):
            self.returned(answer)
        elif answer.route is Route.RESERVATION_SHELF:
            self.shelved(answer.item_number)
        elif answer.route is Route.TRANSIT:
            self.sent(answer.item_number, answer.title, answer.to_branch)

    def shelved(self, item_number: str) -> None:
        """A copy goes onto the reservation shelf (取置票); what its slip says is asked when it is printed."""
        if self._at_once(SlipKind.SHELF):
            self._put(self.spool.add(SlipKind.SHELF, item_number=item_number))

    def sent(self, item_number: str, title: str, to_branch: str) -> None:
        """A copy goes onto the van (配送票)."""
        if self._at_once(SlipKind.TRANSIT):
            values = {**self._here(), "title": title, "number": item_number, "to_branch": to_branch}
            content = SlipContent(SlipKind.TRANSIT, values, barcode=self._framed(item_number))
            self._put(self.spool.add(SlipKind.TRANSIT, content, item_number=item_number))

    def undone(self, item_number: str) -> None:
        """A return never was: what is not printed yet about the copy is not true."""
        if self.spool.take_back(item_number):
            self._spool_shrank()

    def lent(self, visit: UUID, card: str, answer: CheckedOut) -> None:
        """An item was lent: it will stand on the slip of this visit (貸出票), if there is to be one."""
        if self.spool.take_back(answer.item.number, (SlipKind.SHELF,)):
            # it was fetched before its slip was printed
            self._spool_shrank()
        if not self.has_printer:
            return
        loans = self._loans.setdefault(visit, _Loans(card))
        loans.items[answer.item.number] = _line(answer.item.number, answer.item.title, answer.due_on)
        loans.printed.discard(answer.item.number)
        if visit in self._ended_at and self._at_once(SlipKind.LOAN):
            self._late.start()

    def visit_over(self, visit: UUID) -> None:
        """A visit has ended; what was lent in the one before it is on no slip that is asked for later.

        A session that ends ends no visit: its clerk may come back to it.
        """
        if self._at is None:
            return
        late = self._late.isActive()
        for other in [each for each in self._loans if each != visit]:
            # one that has not ended either was never come back to
            if not (late and other in self._ended_at):
                del self._loans[other]
        self._ended_at[visit] = self._place.clock.local()
        self._last_visit = visit
        if visit in self._loans and self._at_once(SlipKind.LOAN):
            self._print_loans(visit)

    def can_print_loans(self) -> bool:
        """Whether the slip of the visit that has just ended can be asked for."""
        loans = self._loans.get(self._last_visit) if self._last_visit is not None else None
        return loans is not None and bool(loans.items) and self._at is not None

    def print_loans(self) -> None:
        """Prints all that was lent in the visit that has just ended; not while that slip is on its way."""
        if not self.can_print_loans() or self._last_visit is None:
            return
        loans = self._loans[self._last_visit]
        slip = self.spool.get(loans.slip_id)
        if slip is None or slip.state not in (SlipState.WAITING, SlipState.PRINTING):
            loans.printed.clear()
            self._print_loans(self._last_visit)

    def card_read(self) -> None:
        """Somebody else stands there: the key prints the slip of the visit before no more."""
        self._last_visit = None

    def renewed(self, answer: Renewed) -> None:
        """An item was renewed: it will stand on the patron's slip (延長票), if they want one."""
        if self.has_printer:
            line = _line(answer.item.number, answer.item.title, answer.due_on)
            self._renewals.append((self._place.clock.local(), line))
            self.changed.emit()

    def renewals_over(self) -> None:
        """Whoever renewed goes."""
        if self._renewals and self._at_once(SlipKind.RENEWAL):
            self.print_renewals()
        self._renewals.clear()

    def can_print_renewals(self) -> bool:
        """Whether there is anything on that slip."""
        return bool(self._renewals) and self._at is not None

    def print_renewals(self) -> None:
        """Prints it; what is renewed from then on is on a slip of its own."""
        if self.can_print_renewals():
            items = tuple(line for _, line in self._renewals)
            self._renewals.clear()
            values = {**self._here(), "count": str(len(items))}
            self._put(self.spool.add(SlipKind.RENEWAL, SlipContent(SlipKind.RENEWAL, values, items)))

    def reserved(self, answer: Reserved) -> None:
        """A reservation was placed: its slip (予約受付票) is printed, or lies ready to be asked for."""
        if not self.has_printer:
            return
        values = {
            **self._here(),
            "title": answer.title,
            "pickup_branch": answer.pickup_branch,
            "place": str(answer.place),
        }
        content = SlipContent(SlipKind.RESERVED, values)
        if self._at_once(SlipKind.RESERVED):
            self._put(self.spool.add(SlipKind.RESERVED, content))
        else:
            self.spool.add(SlipKind.RESERVED, content, state=SlipState.OFFERED)
            self.changed.emit()

    def _print_loans(self, visit: UUID) -> None:
        loans = self._loans[visit]
        numbers = [number for number in loans.items if number not in loans.printed]
        if not numbers:
            return
        loans.printed.update(numbers)
        items = tuple(loans.items[number] for number in numbers)
        values = {**self._here(), "count": str(len(items)), "card_end": loans.card[-CARD_END:]}
        slip = self.spool.add(SlipKind.LOAN, SlipContent(SlipKind.LOAN, values, items))
        loans.slip_id = slip.id
        self._put(slip)

    def _print_late(self) -> None:
        if self._at is None:
            # nobody is there who would hand it over; it can be asked for when they are back
            return
        for visit in self._loans:
            if visit in self._ended_at:
                self._print_loans(visit)

    # -- printing --------------------------------------------------------------------------------------

    def print_again(self, slip_id: int) -> None:
        """Prints a slip of the spool, again or for the first time."""
        slip = self.spool.get(slip_id)
        if slip is not None and slip.state not in (SlipState.WAITING, SlipState.PRINTING):
            slip.again = True
            self._put(slip)

    def print_last(self) -> Spooled | None:
        """Prints the last slip again; None: there is none that could be, or no printer."""
        slip = self.spool.last() if self.has_printer else None
        if slip is not None:
            self.print_again(slip.id)
        return slip

    def print_failed(self) -> None:
        """Prints all that failed again, the oldest first."""
        for slip in self.spool.failed():
            slip.again = True
            self._put(slip)

    def drop(self, slip_id: int) -> None:
        """Nobody wants this slip."""
        if self.spool.drop(slip_id):
            self._spool_shrank()

    def look_at(self, slip_id: int) -> None:
        """Has ``words_came`` tell what a slip says; what names somebody is asked for, and kept by nobody."""
        slip = self.spool.get(slip_id)
        if slip is None:
            return
        if slip.content is not None:
            self.words_came.emit(slip_id, slip.content)
        else:
            self._ask_words(slip, partial(self.words_came.emit, slip_id))

    def ruled(self, content: SlipContent) -> Ruled:
        """A slip as it stands on this terminal's paper."""
        columns = COLUMNS[self._place.slip_paper]
        slip = self._templates.fill(content)
        return Ruled(laid_out(slip, columns), columns, slip.barcode)

    def _put(self, slip: Spooled) -> None:
        self.spool.becomes(slip, SlipState.WAITING)
        self.changed.emit()
        if slip.content is not None:
            self._send(slip.id, slip.content)
        else:
            self._ask_words(slip, partial(self._words_came, slip.id))

    def _ask_words(self, slip: Spooled, then: Callable[[Words], None]) -> None:
        """What the slip of a copy on the reservation shelf says; ``then`` gets it, or why not."""
        at = self._at
        if at is None:
            then(WordsTrouble.AWAY)
            return

        def came(answer: ShelfSlip | NotDone) -> None:
            if self._at is not at:
                # nobody is there any more who may read it
                then(WordsTrouble.AWAY)
            elif isinstance(answer, NotDone):
                then(answer.refusal)
            else:
                then(self._shelf_content(answer))

        self._worker.ask(
            partial(shelf_slip, item_number=slip.item_number, desk=at.desk),
            came,
            None,
            partial(then, WordsTrouble.FAULT),
            matters=False,
        )

    def _words_came(self, slip_id: int, words: Words) -> None:
        slip = self.spool.get(slip_id)
        if slip is None or slip.state is not SlipState.WAITING:
            return
        if isinstance(words, SlipContent):
            self._send(slip_id, words)
        elif slip.again and words is CircleRefusal.NOT_HERE:
            self.drop(slip_id)
            self.needless.emit(slip.item_number)
        else:
            self._fail(slip, words)

    def _send(self, slip_id: int, content: SlipContent) -> None:
        if not self.has_printer:
            self._ended(slip_id, PrinterTrouble.NOT_SET)
            return
        ruled = self.ruled(content)
        self.printing.print(PrintJob(slip_id, self._printer, self._place.slip_paper, ruled))

    def _began(self, slip_id: int) -> None:
        slip = self.spool.get(slip_id)
        if slip is not None:
            self.spool.becomes(slip, SlipState.PRINTING)
            self.changed.emit()

    def _ended(self, slip_id: int, trouble: PrinterTrouble | None) -> None:
        slip = self.spool.get(slip_id)
        if slip is None:
            return
        if trouble is not None:
            self._fail(slip, trouble)
        else:
            self.spool.becomes(slip, SlipState.PRINTED)
            self.changed.emit()

    def _fail(self, slip: Spooled, why: Why) -> None:
        self.spool.becomes(slip, SlipState.FAILED, why)
        self.changed.emit()
        self.failed.emit()

    # -- words -----------------------------------------------------------------------------------------

    def _here(self) -> dict[str, str]:
        now = self._place.clock.local()
        branch = self._at.branch if self._at is not None else self._place.branch
        return {"branch": branch, "date": in_japanese(now.date()), "time": f"{now:%H:%M}"}

    def _shelf_content(self, words: ShelfSlip) -> SlipContent:
        values = {
            **self._here(),
            "branch": words.branch,
            "title": words.title,
            "number": words.item_number,
            "label": words.label,
            "keep_until": in_japanese(words.keep_until),
        }
        return SlipContent(SlipKind.SHELF, values, barcode=self._framed(words.item_number))

    def _framed(self, number: str) -> str:
        """The number between the letters that this library's labels have; empty: it is none for NW-7."""
        if not _NW7.fullmatch(number):
            return ""
        plan = self._at.plan if self._at is not None else self._place.plan
        for rule in plan.rules:
            if rule.symbology is Symbology.NW7 and rule.fits(number):
                return f"{rule.start}{number}{rule.stop}"
        return f"A{number}A"


def _line(number: str, title: str, due_on: dt.date) -> Mapping[str, str]:
    return {"number": number, "title": title, "due": in_japanese(due_on)}
