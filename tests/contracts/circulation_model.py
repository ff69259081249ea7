"""A small library in plain Python: DOMAIN.md's rules in other words than the program's, no code shared."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID

import sqlalchemy as sa

from madoguchi.app.lending.rules import Refusal
from madoguchi.app.server import tables as t
from madoguchi.app.server.gateway import Act
from tests.support.library import JST, MINAMI, SOGO, TODAY

BRANCHES = (SOGO, MINAMI)
NAMES = {SOGO: "総合市民図書館", MINAMI: "南市民図書館"}
LIMITS = {"print": 1, "audio": 1, "video": 1}
RESERVATIONS = 2
GROUPS = {"book": "print", "magazine": "print", "cd": "audio", "dvd": "video"}

R = Refusal


@dataclass(eq=False)
class Loan:
    """A loan, open or closed."""

    patron: int
    item: int
    lent_on: dt.date
    due_on: dt.date
    branch: int = SOGO
    renewals: int = 0
    wanted: Wanted | None = None
    """The reservation it answers, and how that stood before."""
    wanted_was: str = ""
    returned_at: dt.datetime | None = None
    returned_by: UUID | None = None


@dataclass(eq=False)
class Wanted:
    """A reservation."""

    key: int
    title: int
    patron: int
    pickup: int
    copy: int | None
    state: str = "waiting"
    trapped: int | None = None
    keep_until: dt.date | None = None


@dataclass(frozen=True)
class Thing:
    """An item."""

    title: int
    kind: str
    home: int
    reference_only: bool = False
    borrowed: bool = False


@dataclass
class Done:
    """What was done under an operation's id, and how it is done again."""

    act: str
    again: Act[object]
    answer: object
    loan: Loan | None
    on: dt.date
    erased: bool = False


# two copies of the first title; every kind, both branches, one that stays in the house, one from elsewhere
THINGS = {
    1: Thing(title=1, kind="book", home=SOGO),
    2: Thing(title=1, kind="book", home=MINAMI),
    3: Thing(title=2, kind="magazine", home=MINAMI, borrowed=True),
    4: Thing(title=3, kind="cd", home=SOGO),
    5: Thing(title=4, kind="cd", home=MINAMI),
    6: Thing(title=5, kind="dvd", home=MINAMI, reference_only=True),
}
# the third has not come for all but three years
LAST_USED = {1: TODAY, 2: TODAY - dt.timedelta(days=400), 3: TODAY.replace(year=TODAY.year - 3)}


def card_of(patron: int) -> str:
    """The number of a patron's card."""
    return f"2{patron:09}"


def number_of(item: int) -> str:
    """An item's number."""
    return f"1{item:09}"


@dataclass
class Model:
    """What the library is, in plain Python."""

    closed: dict[int, set[dt.date]]
    now: dt.datetime
    last_used: dict[int, dt.date] = field(default_factory=lambda: dict(LAST_USED))
    loans: dict[int, Loan] = field(default_factory=dict)
    """Open loans by item."""
    returned: list[Loan] = field(default_factory=list)
    queue: list[Wanted] = field(default_factory=list)
    """In the order in which they were placed."""
    waived: dict[tuple[UUID, int, Refusal, int | None], dt.datetime] = field(default_factory=dict)
    """When each was first set aside: in which visit, for whom, what, and for which item (None: for all)."""
    moving: dict[int, int] = field(default_factory=dict)
    done: dict[UUID, Done] = field(default_factory=dict)
    counted: int = 0
    excused: set[tuple[int, str]] = field(default_factory=set)
    """Who may have more than the limit: by an override, or because a return was undone."""
    waits_again: set[int] = field(default_factory=set)
    """Whose reservation came back with a loan that was called off, whatever they reserved meanwhile."""

    @property
    def today(self) -> dt.date:
        """The library's day."""
        return self.now.astimezone(JST).date()

    def open_day(self, branch: int, day: dt.date) -> dt.date:
        """``day``, or the next on which the branch is open."""
        while day in self.closed[branch]:
            day += dt.timedelta(days=1)
        return day

    def kept_until(self, branch: int) -> dt.date:
        """The seventh open day after today."""
        day = self.today
        for _ in range(7):
            day = self.open_day(branch, day + dt.timedelta(days=1))
        return day

    def due(self, branch: int) -> dt.date:
        """Fourteen days from now, on an open day."""
        return self.open_day(branch, self.today + dt.timedelta(days=14))

    def on_loan(self, patron: int, group: str) -> int:
        """How many of a group the patron has."""
        return sum(
            loan.patron == patron and GROUPS[THINGS[item].kind] == group for item, loan in self.loans.items()
        )

    def trapped_by(self, item: int) -> Wanted | None:
        """The reservation that the item lies ready for, or travels to."""
        found = [w for w in self.queue if w.trapped == item and w.state in {"ready", "in_transit"}]
        assert len(found) <= 1
        return found[0] if found else None

    def waiting(self, item: int) -> list[Wanted]:
        """Who waits for this copy, the first first."""
        title = THINGS[item].title
        return [w for w in self.queue if w.title == title and w.state == "waiting" and w.copy in {None, item}]

    def meant_for(self, item: int) -> Wanted | None:
        """The reservation an item is meant for."""
        return self.trapped_by(item) or next(iter(self.waiting(item)), None)

    def reserving_reasons(self, patron: int, title: int, copy: int | None) -> set[Refusal]:
        """All that speaks against a reservation."""
        asked = [thing for key, thing in THINGS.items() if thing.title == title and copy in {None, key}]
        own = [w for w in self.queue if w.patron == patron and w.state != "lent"]
        holds = {
            R.RESERVED_ALREADY: any(w.title == title for w in own),
            R.ON_LOAN_TO_PATRON: any(
                loan.patron == patron and THINGS[item].title == title for item, loan in self.loans.items()
            ),
            R.REFERENCE_ONLY: copy is not None and THINGS[copy].reference_only,
            R.NO_COPY_TO_LEND: all(thing.reference_only for thing in asked),
            R.RESERVATION_LIMIT: len(own) >= RESERVATIONS,
            **{refusal: refusal in self.patron_reasons(patron) for refusal in (R.CARD_IDLE, R.OVERDUE_BLOCK)},
        }
        return {refusal for refusal, held in holds.items() if held}

    def in_stock(self, title: int, copy: int | None, ahead: int) -> bool:
        """Whether more copies stand on shelves than those before need."""
        free = [
            item
            for item, thing in THINGS.items()
            if thing.title == title and copy in {None, item} and not thing.reference_only
            and item not in self.loans and item not in self.moving and self.trapped_by(item) is None
        ]  # fmt: skip
        return len(free) > ahead

    def patron_reasons(self, patron: int) -> set[Refusal]:
        """What speaks against anything for a patron."""
        dues = [loan.due_on for loan in self.loans.values() if loan.patron == patron]
        used = self.last_used[patron]
        three_years_on = (used.year + 3, used.month, used.day)
        holds = {
            R.CARD_IDLE: (self.today.year, self.today.month, self.today.day) > three_years_on,
            R.OVERDUE_BLOCK: any((self.today - due).days > 30 for due in dues),
        }
        return {refusal for refusal, held in holds.items() if held}

    def reasons(self, patron: int, item: int, wished: dt.date | None, branch: int) -> set[Refusal]:
        """All that speaks against a loan, and can be waived."""
        thing, first = THINGS[item], self.meant_for(item)
        group = GROUPS[thing.kind]
        holds = {
            R.REFERENCE_ONLY: thing.reference_only,
            R.RESERVED: first is not None and first.patron != patron,
            R.OVER_LIMIT: self.on_loan(patron, group) >= LIMITS[group],
            R.DUE_TOO_LATE: wished is not None and wished > self.due(branch),
        }
        return self.patron_reasons(patron) | {refusal for refusal, held in holds.items() if held}

    def waive(self, visit: UUID, patron: int, refusal: Refusal, item: int) -> None:
        """A reason is given, once: of what is about the item for that item, of all else for the visit."""
        one = item if refusal in {R.REFERENCE_ONLY, R.RESERVED} else None
        self.waived.setdefault((visit, patron, refusal, one), self.now)

    def is_waived(self, visit: UUID, patron: int, refusal: Refusal, item: int) -> bool:
        """Whether a reason was given that holds for this item."""
        return any((visit, patron, refusal, one) in self.waived for one in (None, item))

    def lend(self, patron: int, item: int, due_on: dt.date, branch: int) -> Loan:
        """An item goes out; the patron's own reservation is answered, another's waits again."""
        trapped = self.trapped_by(item)
        own = [w for w in ([trapped] if trapped else []) + self.waiting(item) if w.patron == patron]
        loan = self.loans[item] = Loan(patron, item, self.today, due_on, branch)
        if own:
            loan.wanted, loan.wanted_was, own[0].state = own[0], own[0].state, "lent"
        self.release(item)
        self.moving.pop(item, None)
        self.last_used[patron] = self.today
        self.counted += 1
        self.excuse(patron, item)
        return loan

    def excuse(self, patron: int, item: int) -> None:
        """Called where a patron may get more than the limit."""
        group = GROUPS[THINGS[item].kind]
        if self.on_loan(patron, group) > LIMITS[group]:
            self.excused.add((patron, group))

    def take_back(
        self, item: int, branch: int, operation: UUID
    ) -> tuple[Loan | None, str, int, dt.date | None]:
        """An item comes in: its loan, where it goes, to which branch, and until when it is kept there."""
        wanted, to = self.meant_for(item), THINGS[item].home
        self.moving.pop(item, None)
        route, kept = "shelf", None
        if wanted is not None:
            to, wanted.trapped = wanted.pickup, item
        if to != branch:
            route, self.moving[item] = "transit", to
        elif wanted is not None:
            route, kept = "reservation_shelf", wanted.keep_until or self.kept_until(branch)
        if wanted is not None:
            wanted.state, wanted.keep_until = "in_transit" if kept is None else "ready", kept
        loan = self.loans.pop(item, None)
        if loan is not None:
            loan.returned_at, loan.returned_by = self.now, operation
            self.returned.append(loan)
            self.counted += 1
        return loan, route, to, kept

    def may_undo(self, operation: UUID) -> Refusal | None:
        """Why a return is not undone, or None."""
        loan = self.done[operation].loan
        if loan is None or self.done[operation].act != "checkin":
            return R.UNDO_EXPIRED
        if loan in self.loans.values():
            return R.LENT_AGAIN
        if loan not in self.returned or loan.returned_by != operation or self.too_old(loan):
            return R.UNDO_EXPIRED
        lent_since = [other for other in self.returned if other.item == loan.item and other is not loan]
        if loan.item in self.loans or any(self.later(other, loan) for other in lent_since):
            return R.LENT_AGAIN
        return None

    def later(self, one: Loan, other: Loan) -> bool:
        """Whether one loan came back after the other."""
        assert one.returned_at is not None
        assert other.returned_at is not None
        return one.returned_at > other.returned_at

    def too_old(self, loan: Loan) -> bool:
        """Whether a return lies more than ten minutes back."""
        return loan.returned_at is not None and self.now - loan.returned_at > dt.timedelta(minutes=10)

    def undo(self, loan: Loan) -> None:
        """The return never was."""
        self.returned.remove(loan)
        self.loans[loan.item] = loan
        loan.returned_at = loan.returned_by = None
        self.release(loan.item)
        self.moving.pop(loan.item, None)
        self.counted -= 1
        self.excuse(loan.patron, loan.item)

    def cancel(self, loan: Loan) -> None:
        """The loan never was; that its patron came, stays so. The copy has to get where it was going."""
        del self.loans[loan.item]
        if loan.wanted is not None:
            loan.wanted.state = loan.wanted_was
            self.waits_again.add(loan.patron)
        trapped = self.trapped_by(loan.item)
        if trapped is not None and trapped.state == "in_transit":
            self.moving[loan.item] = trapped.pickup
        elif trapped is None and THINGS[loan.item].home != loan.branch:
            self.moving[loan.item] = THINGS[loan.item].home
        self.counted -= 1

    def erase(self) -> int:
        """Who had what is forgotten."""
        gone = [loan for loan in self.returned if self.too_old(loan)]
        self.returned = [loan for loan in self.returned if loan not in gone]
        self.queue = [w for w in self.queue if not any(loan.wanted is w for loan in gone)]
        for done in self.done.values():
            over = done.act == "reserve" and done.on < self.today
            done.erased = done.erased or over or done.loan in gone
        limit = self.now - dt.timedelta(minutes=10)
        self.waived = {waived: at for waived, at in self.waived.items() if waived[3] is None or at >= limit}
        return len(gone)

    def release(self, item: int) -> None:
        """What was trapped by the item goes back to its place in the queue."""
        wanted = self.trapped_by(item)
        if wanted is not None:
            wanted.state, wanted.trapped, wanted.keep_until = "waiting", None, None


CLEARED = {
    "title",
    "item",
    "patron",
    "card",
    "loan",
    "reservation",
    "transit",
    "loan_override",
    "operation",
    "statistic",
}


def begin_anew(connection: sa.Connection) -> None:
    """Clears the library and puts people and things into it."""
    execute = connection.execute
    for table in reversed(t.metadata.sorted_tables):
        if table.name in CLEARED:
            execute(table.delete())
    execute(
        t.title.insert(),
        [
            {"id": key, "title": f"題 {key}", "ndc": "913"}
            for key in sorted({of.title for of in THINGS.values()})
        ],
    )
    execute(
        t.item.insert(),
        [
            {
                "id": key,
                "number": number_of(key),
                "title_id": thing.title,
                "home_branch_id": thing.home,
                "kind": thing.kind,
                "reference_only": thing.reference_only,
                "borrowed_from": "神奈川県立図書館" if thing.borrowed else None,
            }
            for key, thing in THINGS.items()
        ],
    )
    execute(
        t.patron.insert(),
        [
            {
                "id": key,
                "name": "見本",
                "kana": "ミホン",
                "birth_date": dt.date(1980, 4, 1),
                "category": "resident",
                "last_used_on": day,
                "registered_on": dt.date(2020, 4, 1),
            }
            for key, day in LAST_USED.items()
        ],
    )
    execute(
        t.card.insert(),
        [
            {"number": card_of(key), "patron_id": key, "state": "active", "issued_on": dt.date(2020, 4, 1)}
            for key in LAST_USED
        ],
    )
    execute(t.policy.update().values(max_reservations=RESERVATIONS))
    for group, limit in LIMITS.items():
        execute(t.loan_term.update().where(t.loan_term.c.loan_group == group).values(max_loans=limit))
