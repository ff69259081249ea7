"""A reservation's way round in plain Python: what staff do, what must be true after it. No code shared."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from madoguchi.app.server import tables as t
from tests.support.library import JST, TODAY

BRANCHES = (1, 2, 3)
NAMES = {1: "総合市民図書館", 2: "南市民図書館", 3: "辻堂市民図書館"}
# three copies of one title, two of the next, one of the last: title and home
THINGS = {1: (1, 1), 2: (1, 2), 3: (1, 3), 4: (2, 1), 5: (2, 2), 6: (3, 2)}
TITLES = (1, 2, 3)
PEOPLE = range(1, 7)
SHELF_DAYS, MISSING_AFTER = 7, 2


def card_of(patron: int) -> str:
    """The number of a patron's card."""
    return f"2{patron:09}"


def number_of(item: int) -> str:
    """An item's number."""
    return f"1{item:09}"


@dataclass(eq=False)
class Wish:
    """A reservation."""

    key: int
    title: int
    patron: int
    pickup: int
    copy: int | None
    state: str = "waiting"
    item: int | None = None
    keep_until: dt.date | None = None
    suspended: bool = False
    resume_on: dt.date | None = None


@dataclass(eq=False)
class Lent:
    """A loan, open or closed."""

    patron: int
    item: int
    due_on: dt.date
    wish: Wish | None
    returned_at: dt.datetime | None = None
    undone: bool = False


@dataclass
class Model:
    """What the library is."""

    closed: set[tuple[int, dt.date]]
    now: dt.datetime
    queue: list[Wish] = field(default_factory=list)
    """In its order."""
    loans: dict[int, Lent] = field(default_factory=dict)
    returned: dict[object, Lent] = field(default_factory=dict)
    """By the operation that took them back."""
    vans: dict[int, tuple[int, int, bool]] = field(default_factory=dict)
    """By item: where to, where from, whether it has left."""
    left: dict[int, int] = field(default_factory=dict)
    """Copies on a reservation shelf for nobody, and which."""
    vain: dict[int, list[dt.date]] = field(default_factory=dict)
    """The days on which an item was looked for in vain."""

    @property
    def today(self) -> dt.date:
        """The library's day."""
        return self.now.astimezone(JST).date()

    def kept_until(self, branch: int) -> dt.date:
        """The last day that a copy that comes today is kept."""
        day, count = self.today, 0
        while count < SHELF_DAYS:
            day += dt.timedelta(days=1)
            count += (branch, day) not in self.closed
        return day

    def awake(self, wish: Wish) -> bool:
        """Whether it waits and is not passed over."""
        resumed = wish.resume_on is not None and wish.resume_on <= self.today
        return wish.state == "waiting" and (not wish.suspended or resumed)

    def trap_of(self, item: int) -> Wish | None:
        """The reservation that a copy is kept for or travels to."""
        found = [wish for wish in self.queue if wish.item == item and wish.state in {"ready", "in_transit"}]
        assert len(found) <= 1
        return found[0] if found else None

    def head_of(self, item: int) -> Wish | None:
        """The reservation that a copy is meant for."""
        title = THINGS[item][0]
        fits = (wish for wish in self.queue if wish.title == title and wish.copy in {None, item})
        return self.trap_of(item) or next((wish for wish in fits if self.awake(wish)), None)

    def on_shelf(self, item: int) -> bool:
        """Whether it stands on an open shelf, or should."""
        return not (item in self.loans or item in self.vans or item in self.left or self.trap_of(item))

    def blocked(self, patron: int) -> bool:
        """Whether something of theirs is more than thirty days late."""
        dues = [loan.due_on for loan in self.loans.values() if loan.patron == patron]
        return any((self.today - due).days > 30 for due in dues)

    def lend(self, patron: int, item: int, due_on: dt.date) -> Lent:
        """Lent: the patron's own reservation is answered."""
        title, trap = THINGS[item][0], self.trap_of(item)
        own = [trap] if trap is not None and trap.patron == patron else []
        own += [
            wish
            for wish in self.queue
            if (wish.title, wish.patron, wish.state) == (title, patron, "waiting")
            and wish.copy in {None, item}
        ]
        loan = self.loans[item] = Lent(patron, item, due_on, own[0] if own else None)
        if own:
            own[0].state = "lent"
        self.vans.pop(item, None)
        self.left.pop(item, None)
        self.vain.pop(item, None)
        return loan

    def put_away(self, item: int, branch: int) -> tuple[str, int, dt.date | None]:
        """A copy in hand: its route, where to, until when it is kept."""
        head, to = self.head_of(item), THINGS[item][1]
        if head is not None:
            to, head.item = head.pickup, item
            head.state = "ready" if to == branch else "in_transit"
            head.keep_until = (head.keep_until or self.kept_until(branch)) if to == branch else None
        self.vans.pop(item, None)
        if to != branch:
            self.vans[item] = (to, branch, False)
        self.left.pop(item, None)
        self.vain.pop(item, None)
        route = "transit" if to != branch else "shelf" if head is None else "reservation_shelf"
        return route, to, None if head is None else head.keep_until

    def misled(self, item: int, branch: int) -> str:
        """Where a copy was expected that is scanned at a branch: empty where it is not astray."""
        if item not in self.vans:
            return ""
        to, origin, sent = self.vans[item]
        return "" if to == branch or (origin == branch and not sent) else NAMES[to]

    def undo(self, loan: Lent) -> None:
        """The return never was."""
        loan.returned_at, self.loans[loan.item] = None, loan
        trap = self.trap_of(loan.item)
        if trap is not None:
            trap.state, trap.item, trap.keep_until = "waiting", None, None
        self.vans.pop(loan.item, None)
        self.left.pop(loan.item, None)
        self.vain.pop(loan.item, None)

    def end(self, wish: Wish) -> bool:
        """Cancelled: whether a copy is to be cleared away."""
        self.queue.remove(wish)
        if wish.state == "ready" and wish.item is not None:
            self.left[wish.item] = wish.pickup
            return True
        return False

    def erase(self) -> None:
        """Who had what is forgotten."""
        for operation, loan in list(self.returned.items()):
            if loan.returned_at is not None and self.now - loan.returned_at > dt.timedelta(minutes=10):
                del self.returned[operation]
                self.queue = [wish for wish in self.queue if wish is not loan.wish]


# -- the tables ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Seen:
    """What the tables say at one moment; a reservation by its key."""

    reservations: dict[int, Any]
    vans: dict[int, Any]
    left: dict[int, int]
    on_loan: Counter[int]


def look(connection: sa.Connection) -> Seen:
    """All of it, read in one transaction or while nobody works."""
    rows = connection.execute(
        sa.select(t.reservation).order_by(t.reservation.c.placed_at, t.reservation.c.id)
    )
    vans = connection.execute(sa.select(t.transit))
    left = connection.execute(sa.select(t.shelf_leftover.c.item_id, t.shelf_leftover.c.branch_id))
    loans = connection.execute(sa.select(t.loan.c.item_id).where(t.loan.c.returned_at.is_(None)))
    return Seen(
        {row.id: row for row in rows},
        {row.item_id: row for row in vans},
        {row.item_id: row.branch_id for row in left},
        Counter(row.item_id for row in loans),
    )


def faults(seen: Seen) -> list[str]:
    """What is wrong with it, whoever did what before."""
    found = [f"item {item} on loan {n} times" for item, n in seen.on_loan.items() if n > 1]
    kept: Counter[int] = Counter()
    for key, row in seen.reservations.items():
        if row.state == "waiting" and (row.trapped_item_id, row.keep_until, row.ready_on) != (None,) * 3:
            found.append(f"{key} waits and has a copy")
        if row.state in {"ready", "in_transit"}:
            item = row.trapped_item_id
            kept[item] += 1
            if THINGS[item][0] != row.title_id or row.item_id not in {None, item}:
                found.append(f"{key} has a copy that it does not wait for")
            if (row.state == "ready") != (row.keep_until is not None and row.ready_on is not None):
                found.append(f"{key} is kept for no time, or travels and is kept")
            van = seen.vans.get(item)
            if (row.state == "in_transit") != (van is not None) or (
                van is not None and van.to_branch_id != row.pickup_branch_id
            ):
                found.append(f"{key} is {row.state}, and its copy is not")
    found += [f"item {item} for {n} reservations" for item, n in kept.items() if n > 1]
    found += [
        f"item {item} on loan and kept or travelling" for item in {*kept, *seen.vans} & set(seen.on_loan)
    ]
    found += [f"item {item} on loan and left over" for item in set(seen.left) & set(seen.on_loan)]
    found += [f"item {item} left over, and not" for item in set(seen.left) & {*kept, *seen.vans}]
    waits = Counter(
        (row.patron_id, row.title_id) for row in seen.reservations.values() if row.state != "lent"
    )
    found += [f"{who} waits {n} times" for who, n in waits.items() if n > 1]
    return found


CLEARED = (
    "title",
    "item",
    "patron",
    "card",
    "loan",
    "reservation",
    "reservation_reason",
    "transit",
    "shelf_leftover",
    "telling",
    "outbox",
    "operation",
    "statistic",
)


def begin_anew(connection: sa.Connection) -> None:
    """Clears the library and puts people and things into it."""
    execute = connection.execute
    for table in reversed(t.metadata.sorted_tables):
        if table.name in CLEARED:
            execute(table.delete())
    execute(t.title.insert(), [{"id": key, "title": f"題 {key}", "ndc": "913"} for key in TITLES])
    execute(
        t.item.insert(),
        [
            {
                "id": key,
                "number": number_of(key),
                "title_id": title,
                "home_branch_id": home,
                "kind": "book",
                "not_found": 0,
            }
            for key, (title, home) in THINGS.items()
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
                "last_used_on": TODAY,
                "registered_on": dt.date(2020, 4, 1),
            }
            for key in PEOPLE
        ],
    )
    execute(
        t.card.insert(),
        [
            {"number": card_of(key), "patron_id": key, "state": "active", "issued_on": dt.date(2020, 4, 1)}
            for key in PEOPLE
        ],
    )
    execute(t.policy.update().values(shelf_open_days=SHELF_DAYS, missing_after=MISSING_AFTER))
