"""A reservation's way round in any order of acts, at five terminals and three branches.

On SQLite Hypothesis runs the acts one after the other against a simple model, and after each of them the
tables are the model's. On PostgreSQL five people work at the same moment over connections of their own, two
thousand acts and more; what must always be true is looked for each time that all five have been answered.
"""

from __future__ import annotations

import datetime as dt
import random
import shutil
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import hypothesis.strategies as st
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, event, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from madoguchi.app.lending.answers import CheckedIn, CheckedOut, Refused, Reserved, ReturnUndone
from madoguchi.app.lending.checkin import check_in, undo_return
from madoguchi.app.lending.checkout import check_out
from madoguchi.app.lending.reserving import place_reservation
from madoguchi.app.lending.rules import Refusal
from madoguchi.app.reservations.answers import CircleRefusal, Cleared, Done, NotDone, Sent
from madoguchi.app.reservations.queues import cancel_reservation, change_reservation
from madoguchi.app.reservations.rounds import clear_shelf, pull_list, report_not_found, send
from madoguchi.app.server import tables as t
from madoguchi.app.server.engine import embedded_url
from tests.contracts.circle_model import (
    BRANCHES,
    MISSING_AFTER,
    NAMES,
    PEOPLE,
    THINGS,
    TITLES,
    Model,
    Seen,
    Wish,
    begin_anew,
    card_of,
    faults,
    look,
    number_of,
)
from tests.support.cluster import Cluster
from tests.support.library import JST, TODAY, SmallLibrary, new_id

pytestmark = pytest.mark.timeout(600)

TERMINALS = 5
# on SQLite, where each act takes milliseconds
EXAMPLES, STEPS = 40, 40
ROUNDS = 420
"""Each of five acts at once: 2,100 on PostgreSQL."""

ANY_TERMINAL = st.integers(0, TERMINALS - 1)
ITEMS, PATRONS, PICKUPS, OF = (st.sampled_from(found) for found in (sorted(THINGS), PEOPLE, BRANCHES, TITLES))
R, C = Refusal, CircleRefusal


def branch_of(terminal: int) -> int:
    """Where a terminal stands: two of the five at 総合, two at 南, one at 辻堂."""
    return BRANCHES[terminal % 3]


class Circle(RuleBasedStateMachine):
    """The acts of five terminals, one after the other."""

    library: SmallLibrary
    servers: list[Any]
    tables: sa.Connection

    def __init__(self) -> None:
        super().__init__()
        self.library.set_clock(dt.datetime.combine(TODAY, dt.time(10), JST))
        begin_anew(self.tables)
        closed = self.tables.execute(sa.select(t.closed_day.c.branch_id, t.closed_day.c.day))
        self.model = Model({(row.branch_id, row.day) for row in closed}, self.library.now)

    def _do(self, terminal: int, act: Callable[..., Any], **how: object) -> Any:
        desk = self.library.desk(branch_of(terminal))
        return self.servers[terminal].run(partial(act, **{"operation": new_id(), "desk": desk} | how))

    # -- the queue -----------------------------------------------------------------------------------

    @rule(terminal=ANY_TERMINAL, patron=PATRONS, item=ITEMS, pickup=PICKUPS, this=st.sampled_from((0, 0, 1)))
    def place(self, terminal: int, patron: int, item: int, pickup: int, this: int) -> None:
        model, title = self.model, THINGS[item][0]
        answer = self._do(
            terminal,
            place_reservation,
            visit=new_id(),
            card_number=card_of(patron),
            title_id=title,
            item_number=number_of(item) if this else None,
            pickup_branch_id=pickup,
        )
        own = [wish for wish in model.queue if wish.patron == patron and wish.state != "lent"]
        reasons = {
            R.RESERVED_ALREADY: any(wish.title == title for wish in own),
            R.ON_LOAN_TO_PATRON: any(
                loan.patron == patron and THINGS[key][0] == title for key, loan in model.loans.items()
            ),
            R.OVERDUE_BLOCK: model.blocked(patron),
        }
        event(f"place: {getattr(answer, 'refusal', 'done')}")
        if isinstance(answer, Refused):
            assert reasons[answer.refusal]
            return
        assert not any(reasons.values())
        key = self.tables.execute(sa.select(sa.func.max(t.reservation.c.id))).scalar_one()
        model.queue.append(Wish(key, title, patron, pickup, item if this else None))

    def _wish(self, data: st.DataObject) -> Wish:
        return data.draw(st.sampled_from([wish for wish in self.model.queue if wish.state != "lent"]))

    @precondition(lambda self: any(wish.state != "lent" for wish in self.model.queue))
    @rule(terminal=ANY_TERMINAL, data=st.data())
    def cancel(self, terminal: int, data: st.DataObject) -> None:
        wish = self._wish(data)
        answer = self._do(terminal, cancel_reservation, reservation_id=wish.key, reason="")
        event(f"cancel: {wish.state}")
        assert isinstance(answer, Done)
        assert answer.to_clear is self.model.end(wish)

    @precondition(lambda self: any(wish.state != "lent" for wish in self.model.queue))
    @rule(
        terminal=ANY_TERMINAL,
        data=st.data(),
        pickup=PICKUPS,
        suspended=st.booleans(),
        days=st.none() | st.integers(1, 9),
    )
    def suspend(
        self, terminal: int, data: st.DataObject, pickup: int, suspended: bool, days: int | None
    ) -> None:
        wish = self._wish(data)
        resume = self.model.today + dt.timedelta(days=days) if suspended and days else None
        answer = self._do(
            terminal,
            change_reservation,
            reservation_id=wish.key,
            pickup_branch_id=pickup,
            suspended=suspended,
            resume_on=resume,
        )
        if wish.state != "waiting":
            assert answer == NotDone(C.NOT_WAITING)
            return
        assert isinstance(answer, Done)
        wish.pickup, wish.suspended, wish.resume_on = pickup, suspended, resume

    # -- the counter ---------------------------------------------------------------------------------

    @rule(terminal=ANY_TERMINAL, patron=PATRONS, item=ITEMS, data=st.data())
    def lend(self, terminal: int, patron: int, item: int, data: st.DataObject) -> None:
        model, loan, head = self.model, self.model.loans.get(item), self.model.head_of(item)
        if loan is None and head is not None and data.draw(st.booleans()):
            # whoever it is for
            patron = head.patron
        answer = self._do(
            terminal, check_out, visit=new_id(), card_number=card_of(patron), item_number=number_of(item)
        )
        event(f"lend: {getattr(answer, 'refusal', 'done')}")
        if loan is not None:
            reasons = {R.ON_LOAN_TO_PATRON if loan.patron == patron else R.ON_LOAN_TO_OTHER: True}
        else:
            reasons = {
                R.RESERVED: head is not None and head.patron != patron,
                R.OVERDUE_BLOCK: model.blocked(patron),
            }
        if isinstance(answer, Refused):
            assert reasons[answer.refusal]
            return
        assert not any(reasons.values())
        model.lend(patron, item, answer.due_on)

    @rule(terminal=ANY_TERMINAL, item=ITEMS, data=st.data())
    def take_back(self, terminal: int, item: int, data: st.DataObject) -> None:
        """A return, a copy that was looked for, or one that arrives."""
        model = self.model
        if item in model.vans and data.draw(st.booleans()):
            terminal = model.vans[item][0] - 1
        branch = branch_of(terminal)
        operation, astray = new_id(), model.misled(item, branch)
        answer = self._do(terminal, check_in, item_number=number_of(item), operation=operation)
        loan = model.loans.pop(item, None)
        if loan is not None:
            loan.returned_at = model.now
            model.returned[operation] = loan
        route, to, kept = model.put_away(item, branch)
        event(f"take back: {route}")
        assert isinstance(answer, CheckedIn)
        assert (answer.route, answer.to_branch, answer.keep_until) == (route, NAMES[to], kept)
        assert answer.expected_at == (astray if route == "transit" else "")

    @precondition(lambda self: self.model.returned)
    @rule(terminal=ANY_TERMINAL, data=st.data())
    def undo(self, terminal: int, data: st.DataObject) -> None:
        model = self.model
        operation = data.draw(st.sampled_from(list(model.returned)))
        loan = model.returned[operation]
        answer = self._do(terminal, undo_return, return_operation=operation)
        later = [
            other
            for other in model.returned.values()
            if other.item == loan.item
            and other is not loan
            and other.returned_at is not None
            and loan.returned_at is not None
            and other.returned_at > loan.returned_at
        ]
        if loan.returned_at is None or model.now - loan.returned_at > dt.timedelta(minutes=10):
            assert isinstance(answer, Refused)
        elif loan.item in model.loans or later:
            assert answer == Refused(R.LENT_AGAIN)
        else:
            assert answer == ReturnUndone(number_of(loan.item), loan.due_on)
            del model.returned[operation]
            model.undo(loan)
        event(f"undo: {getattr(answer, 'refusal', 'done')}")

    # -- the rounds ----------------------------------------------------------------------------------

    @rule(terminal=ANY_TERMINAL, items=st.sets(ITEMS, max_size=3))
    def send(self, terminal: int, items: set[int]) -> None:
        vans, branch = self.model.vans, branch_of(terminal)
        from_here = [item for item in items if item in vans and vans[item][1] == branch != vans[item][0]]
        answer = self._do(terminal, send, item_numbers=tuple(number_of(item) for item in sorted(items)))
        if not from_here:
            assert answer == NotDone(C.NOT_HERE)
            return
        assert isinstance(answer, Sent)
        assert answer.copies == sum(not vans[item][2] for item in from_here)
        for item in from_here:
            vans[item] = (*vans[item][:2], True)

    @rule(terminal=ANY_TERMINAL, item=ITEMS, data=st.data())
    def clear(self, terminal: int, item: int, data: st.DataObject) -> None:
        model, trap = self.model, self.model.trap_of(item)
        lies = model.left.get(item) or (trap.pickup if trap and trap.state == "ready" else None)
        if lies is not None and data.draw(st.booleans()):
            terminal = lies - 1
        branch = branch_of(terminal)
        answer = self._do(terminal, clear_shelf, item_number=number_of(item))
        event(f"clear: {getattr(answer, 'refusal', 'done')}")
        if item in model.loans:
            assert answer == NotDone(C.ON_LOAN)
        elif lies != branch:
            assert answer == NotDone(C.NOT_HERE)
        elif trap is not None and trap.keep_until is not None and trap.keep_until >= model.today:
            assert answer == NotDone(C.NOT_EXPIRED)
        else:
            if trap is not None:
                model.queue.remove(trap)
            route, to, kept = model.put_away(item, branch)
            assert isinstance(answer, Cleared)
            assert (answer.route, answer.to_branch, answer.keep_until) == (route, NAMES[to], kept)

    @rule(terminal=ANY_TERMINAL, item=ITEMS)
    def look_in_vain(self, terminal: int, item: int) -> None:
        model = self.model
        answer = self._do(terminal, report_not_found, item_number=number_of(item))
        if item in model.loans:
            assert answer == NotDone(C.ON_LOAN)
        elif not model.on_shelf(item) or THINGS[item][1] != branch_of(terminal):
            assert answer == NotDone(C.NOT_HERE)
        else:
            days = model.vain.setdefault(item, [])
            if model.today not in days:
                days.append(model.today)
            assert isinstance(answer, Done)
            assert answer.missing is (len(days) >= MISSING_AFTER)

    # -- around it -----------------------------------------------------------------------------------

    @rule(span=st.sampled_from((dt.timedelta(minutes=6), *(dt.timedelta(days=n) for n in (1, 3, 9, 20)))))
    def let_time_pass(self, span: dt.timedelta) -> None:
        self.model.now += span
        self.library.set_clock(self.model.now)

    @rule()
    def erase(self) -> None:
        self.library.erase_returned()
        self.model.erase()

    @invariant()
    def examine(self) -> None:
        seen, model = look(self.tables), self.model
        assert faults(seen) == []
        # in their order, none lost, none more
        assert [
            (
                row.id,
                row.state,
                row.trapped_item_id if row.state != "lent" else None,
                row.keep_until if row.state != "lent" else None,
                row.suspended,
            )
            for row in seen.reservations.values()
        ] == [
            (
                wish.key,
                wish.state,
                wish.item if wish.state != "lent" else None,
                wish.keep_until if wish.state != "lent" else None,
                wish.suspended,
            )
            for wish in model.queue
        ]
        assert {
            item: (van.to_branch_id, van.from_branch_id, van.sent_on is not None)
            for item, van in seen.vans.items()
        } == model.vans
        assert seen.left == model.left
        assert set(seen.on_loan) == set(model.loans)

    @rule()
    def walk_the_shelves(self) -> None:
        """What all branches look for: one copy for each who waits, and no more than there are."""
        model, listed = self.model, []
        for terminal in range(3):
            found = self.servers[terminal].run(
                partial(pull_list, desk=self.library.desk(branch_of(terminal)))
            )
            listed += [int(copy.item_number[1:]) for copy in found]
            assert all(THINGS[int(copy.item_number[1:])][1] == branch_of(terminal) for copy in found)
        assert len(set(listed)) == len(listed)
        for title in TITLES:
            there = {
                item
                for item, (of, _) in THINGS.items()
                if of == title
                and model.on_shelf(item)
                and model.today not in model.vain.get(item, [])
                and len(model.vain.get(item, [])) < MISSING_AFTER
            }
            waits = [wish for wish in model.queue if wish.title == title and model.awake(wish)]
            one = {wish.copy for wish in waits if wish.copy in there}
            some = sum(wish.copy is None for wish in waits)
            here = {item for item in listed if THINGS[item][0] == title}
            assert one <= here <= there
            assert min(len(there), max(some, len(one))) <= len(here) <= min(len(there), some + len(one))


def test_any_order_of_acts_on_the_embedded_file(library_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    shutil.copyfile(library_file, path)
    library = SmallLibrary(embedded_url(path))

    class Here(Circle):
        pass

    Here.library = library
    Here.servers = [library.server(limit_seconds=30) for _ in range(TERMINALS)]
    try:
        with library.engine.connect() as Here.tables:
            run_state_machine_as_test(
                Here,
                settings=settings(
                    max_examples=EXAMPLES,
                    stateful_step_count=STEPS,
                    deadline=None,
                    suppress_health_check=list(HealthCheck),
                ),
            )
    finally:
        library.close()


# -- all at once -----------------------------------------------------------------------------------------

_ACTS = (
    *("place", "lend") * 5,
    *("take back",) * 6,
    *("undo", "cancel", "change", "send", "vain"),
    *("clear",) * 2,
)


class Bustle:
    """What five people may do next, by what they see; often about the same title."""

    def __init__(self, library: SmallLibrary, seed: int) -> None:
        self.library, self.any = library, random.Random(seed)
        self.taken_back: list[UUID] = []
        """Returns that can be undone."""

    def plan(self, seen: Seen) -> list[partial[Any]]:
        """An act for each terminal, at the same moment."""
        title = self.any.choice(TITLES)
        return [
            self._one(
                seen, title if self.any.random() < 0.8 else self.any.choice(TITLES), branch_of(terminal)
            )
            for terminal in range(TERMINALS)
        ]

    def _one(self, seen: Seen, title: int, branch: int) -> partial[Any]:
        pick = self.any.choice
        item = pick([key for key, (of, _) in THINGS.items() if of == title])
        rows = [row for row in seen.reservations.values() if row.title_id == title and row.state != "lent"]
        match pick(_ACTS):
            case "lend":
                return self._lend(branch, item, rows)
            case "take back":
                comes = [key for key, van in seen.vans.items() if van.to_branch_id == branch]
                item = pick(comes) if comes and self.any.random() < 0.4 else item
                return self._at(branch, check_in, item_number=number_of(item))
            case "undo" if self.taken_back:
                return self._at(branch, undo_return, return_operation=pick(self.taken_back[-4:]))
            case "cancel" if rows:
                return self._at(branch, cancel_reservation, reservation_id=pick(rows).id, reason="")
            case "change" if rows:
                row = pick(rows)
                return self._at(
                    branch,
                    change_reservation,
                    reservation_id=row.id,
                    pickup_branch_id=pick(BRANCHES),
                    suspended=not row.suspended and self.any.random() < 0.7,
                    resume_on=None,
                )
            case "send":
                numbers = tuple(number_of(key) for key in seen.vans) or (number_of(item),)
                return self._at(branch, send, item_numbers=numbers)
            case "clear":
                item = pick(self._on_shelf(seen, branch) or [item])
                return self._at(branch, clear_shelf, item_number=number_of(item))
            case "vain":
                item = pick(self._standing(seen, branch) or [item])
                return self._at(branch, report_not_found, item_number=number_of(item))
        return self._at(
            branch,
            place_reservation,
            visit=new_id(),
            card_number=card_of(pick(PEOPLE)),
            title_id=title,
            item_number=number_of(item) if self.any.random() < 0.2 else None,
            pickup_branch_id=pick(BRANCHES),
        )

    def _lend(self, branch: int, item: int, rows: list[Any]) -> partial[Any]:
        """To whom it is kept for, to one of the first who wait, or to anybody."""
        whoever = [row.patron_id for row in rows if row.trapped_item_id == item]
        whoever = whoever or [row.patron_id for row in rows[:2]]
        who = self.any.choice(whoever if whoever and self.any.random() < 0.8 else PEOPLE)
        return self._at(
            branch, check_out, visit=new_id(), card_number=card_of(who), item_number=number_of(item)
        )

    def _on_shelf(self, seen: Seen, branch: int) -> list[int]:
        return [item for item, at in seen.left.items() if at == branch] + [
            row.trapped_item_id
            for row in seen.reservations.values()
            if row.state == "ready" and row.pickup_branch_id == branch
        ]

    def _standing(self, seen: Seen, branch: int) -> list[int]:
        gone = {row.trapped_item_id for row in seen.reservations.values()}
        gone |= {*seen.on_loan, *seen.vans, *seen.left}
        return [item for item, (_, home) in THINGS.items() if home == branch and item not in gone]

    def _at(self, branch: int, act: Callable[..., Any], **how: object) -> partial[Any]:
        return partial(act, operation=new_id(), desk=self.library.desk(branch), **how)


def _item(number: str) -> int:
    return int(number[1:])


@dataclass(frozen=True)
class Moment:
    """Five acts done at once: what was there before and is there after them, and what was answered."""

    before: Seen
    after: Seen
    acts: list[partial[Any]]
    answers: list[Any]
    today: dt.date

    def told(self, act: Callable[..., Any], kind: type, about: str = "item_number") -> set[Any]:
        """What the acts of one kind that were answered so were about."""
        return {
            one.keywords[about]
            for one, said in zip(self.acts, self.answers, strict=True)
            if one.func is act and isinstance(said, kind)
        }

    def wrong(self) -> list[str]:
        """What must not have come of it."""
        return [*faults(self.after), *self._lost(), *self._out_of_order(), *self._lent_and_not()]

    def _lost(self) -> Iterator[str]:
        old, new = self.before.reservations, self.after.reservations
        if len(set(new) - set(old)) != sum(isinstance(said, Reserved) for said in self.answers):
            yield "not as many reservations as were placed"
        cancelled = self.told(cancel_reservation, Done, "reservation_id")
        cleared = {_item(number) for number in self.told(clear_shelf, Cleared)}
        over = {
            key
            for key, row in old.items()
            if row.state == "ready" and row.keep_until < self.today and row.trapped_item_id in cleared
        }
        gone = set(old) - set(new)
        if not cancelled <= gone <= cancelled | over:
            yield f"reservations gone: {gone}, cancelled: {cancelled}, cleared away: {over}"

    def _out_of_order(self) -> Iterator[str]:
        old, new = self.before.reservations, self.after.reservations
        # who was given back to the queue in between waited for nothing then
        undone = {
            THINGS[_item(said.item_number)][0] for said in self.answers if isinstance(said, ReturnUndone)
        }
        changed = self.told(change_reservation, Done, "reservation_id")
        waited = [
            row
            for key, row in new.items()
            if row.state == "waiting"
            and key in old
            and old[key].state == "waiting"
            and not row.suspended
            and key not in changed
            and row.title_id not in undone
        ]
        for key, row in new.items():
            if row.state in {"ready", "in_transit"} and (key not in old or old[key].state == "waiting"):
                for other in waited:
                    fits = other.title_id == row.title_id and other.item_id in {None, row.trapped_item_id}
                    if fits and (other.placed_at, other.id) < (row.placed_at, key):
                        yield f"{key} was served before {other.id}"

    def _lent_and_not(self) -> Iterator[str]:
        lent = {_item(number) for number in self.told(check_out, CheckedOut)}
        back = {_item(number) for number in self.told(check_in, CheckedIn)}
        if not lent <= set(self.after.on_loan) | back:
            yield "lent, and not on loan"


def test_five_terminals_at_once_on_the_server(cluster: Cluster, library_template: str) -> None:
    name, seed = "library_circle", random.randrange(2**32)
    cluster.create_database(name, template=library_template)
    library = SmallLibrary(cluster.url(name), cluster)
    library.let_look_freely()
    servers = [library.server(limit_seconds=30) for _ in range(TERMINALS)]
    start, bustle, kinds = threading.Barrier(TERMINALS), Bustle(library, seed), Counter[str]()

    def work(terminal: int, act: partial[Any]) -> Any:
        start.wait(60)
        return servers[terminal].run(act)

    try:
        with library.engine.connect() as tables, ThreadPoolExecutor(TERMINALS) as people:
            begin_anew(tables)
            before = look(tables)
            for number in range(ROUNDS):
                acts = bustle.plan(before)
                answers = list(people.map(work, range(TERMINALS), acts))
                after, today = look(tables), library.now.astimezone(JST).date()
                wrong = Moment(before, after, acts, answers, today).wrong()
                assert not wrong, (wrong, number, seed, acts, answers)
                for act, said in zip(acts, answers, strict=True):
                    kinds[f"{act.func.__name__} {getattr(said, 'refusal', 'done')}"] += 1
                    if isinstance(said, CheckedIn) and said.can_undo:
                        bustle.taken_back.append(act.keywords["operation"])
                if number % 9 == 8:
                    library.pass_time(**bustle.any.choice(({"minutes": 6}, {"days": 2}, {"days": 5})))
                    library.erase_returned()
                    erased = look(tables)
                    lost = set(after.reservations) - set(erased.reservations)
                    assert {after.reservations[key].state for key in lost} <= {"lent"}
                    after = erased
                before = after
        # all of it happened, and more than once
        done = {kind.split()[0] for kind, times in kinds.items() if kind.endswith("done") and times > 2}
        assert done == {
            "place_reservation",
            "check_out",
            "check_in",
            "undo_return",
            "cancel_reservation",
            "change_reservation",
            "send",
            "clear_shelf",
            "report_not_found",
        }, kinds
        assert sum(kinds.values()) >= 2000
    finally:
        library.close()
        cluster.recover()
        cluster.drop_database(name)
