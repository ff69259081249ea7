"""Weeks at the counter, in any order: a small library against a simple model of it, on both databases.

Hypothesis runs the acts of several clerks in any order; every answer must be the model's, and after each act
the tables are read and hold what must always be true.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID, uuid4

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

from madoguchi.app.lending.answers import (
    CheckedIn,
    LoanCancelled,
    Notice,
    OverrideGranted,
    Refused,
    Renewed,
    ReturnUndone,
)
from madoguchi.app.lending.checkin import check_in, undo_return
from madoguchi.app.lending.checkout import cancel_checkout, check_out, override
from madoguchi.app.lending.renewal import renew
from madoguchi.app.lending.reserving import place_reservation
from madoguchi.app.lending.rules import OVERRIDABLE, Refusal
from madoguchi.app.server import tables as t
from madoguchi.app.server.gateway import LendingServer
from tests.contracts.circulation_model import (
    BRANCHES,
    GROUPS,
    LAST_USED,
    LIMITS,
    NAMES,
    RESERVATIONS,
    THINGS,
    Done,
    Loan,
    Model,
    R,
    Wanted,
    begin_anew,
    card_of,
    number_of,
)
from tests.support.library import JST, SOGO, TODAY, SmallLibrary
from tests.support.staff import Seats

pytestmark = pytest.mark.timeout(600)

# PostgreSQL takes several times as long; what the two have in common is shown by test_stores_agree, too
EXAMPLES = {"sqlite": 120, "postgresql": 60}
STEPS = 30
FOLLOWING = (
    *("_lend_it",) * 4,
    *("_take_it_back",) * 4,
    *("_undo_a_return",) * 3,
    *("_some_minutes_later",) * 2,
    "_renew_it",
    "_call_off_a_loan",
    "_repeat_something",
    "_reserve_it",
    "_erase_what_is_due",
)

PATRONS, ITEMS, ANY_BRANCH = (
    st.sampled_from(found) for found in (sorted(LAST_USED), sorted(THINGS), BRANCHES)
)


class Circulation(RuleBasedStateMachine):
    """The acts of the counter, in any order."""

    library: SmallLibrary
    server: LendingServer | Seats
    tables: sa.Connection
    """For what no member of staff does: what happens elsewhere, and a look at what is there."""

    def __init__(self) -> None:
        super().__init__()
        self.library.set_clock(dt.datetime.combine(TODAY, dt.time(10), JST))
        begin_anew(self.tables)
        closed = self._rows(sa.select(t.closed_day.c.branch_id, t.closed_day.c.day))
        self.model = Model(
            {branch: {day for place, day in closed if place == branch} for branch in BRANCHES},
            self.library.now,
        )
        # a visit is at one desk, before one clerk
        self.visits = {(patron, branch): uuid4() for patron in LAST_USED for branch in BRANCHES}
        self.followed: int | None = None

    def _rows(self, statement: sa.Select[Any]) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.tables.execute(statement)]

    def _remember(self, act: str, again: partial[Any], answer: object, loan: Loan | None = None) -> None:
        self.model.done[again.keywords["operation"]] = Done(act, again, answer, loan, self.model.today)

    def _any_done(self, data: st.DataObject, likely: Callable[[Done], bool] = bool) -> UUID:
        """One of the operations done before; of the likely ones, if there are any, rather than of all."""
        every = list(self.model.done)
        found = [key for key in every if likely(self.model.done[key])]
        return data.draw(st.sampled_from([*found[-2:] * 3, *found, *every]))

    def _any_item(self, data: st.DataObject) -> int:
        """An item, more likely one that is on loan; the one that is being followed, if one is."""
        if self.followed is not None:
            return self.followed
        return data.draw(st.sampled_from([*self.model.loans, *THINGS, *self.model.loans, *self.model.loans]))

    # -- checkout ---------------------------------------------------------------------------------

    @rule(patron=PATRONS)
    def next_visit(self, patron: int) -> None:
        for branch in BRANCHES:
            self.visits[patron, branch] = uuid4()

    @rule(patron=PATRONS, item=ITEMS, branch=ANY_BRANCH, wished=st.none() | st.none() | st.integers(-1, 20))
    def check_out(self, patron: int, item: int, branch: int, wished: int | None) -> None:
        model, visit = self.model, self.visits[patron, branch]
        wished_due = None if wished is None else model.today + dt.timedelta(days=wished)
        act = partial(
            check_out,
            operation=uuid4(),
            visit=visit,
            card_number=card_of(patron),
            item_number=number_of(item),
            desk=self.library.desk(branch),
            wished_due=wished_due,
        )
        answer = self.server.run(act)
        event(f"check_out: {getattr(answer, 'refusal', 'done')}")
        loan = model.loans.get(item)
        if loan is not None:
            expected = {R.ON_LOAN_TO_PATRON if loan.patron == patron else R.ON_LOAN_TO_OTHER}
        elif wished_due is not None and wished_due < model.today:
            expected = {R.DUE_IN_PAST}
        else:
            reasons = model.reasons(patron, item, wished_due, branch)
            expected = {refusal for refusal in reasons if not model.is_waived(visit, patron, refusal, item)}
        if isinstance(answer, Refused):
            assert answer.refusal in expected
            assert answer.may_override is (answer.refusal in OVERRIDABLE)
            return
        assert not expected
        assert answer.due_on == (wished_due or model.due(branch))
        loan = model.lend(patron, item, answer.due_on, branch)
        assert answer.use.open_loans == model.on_loan(patron, GROUPS[THINGS[item].kind])
        assert (Notice.WAS_RESERVED in answer.notices) is (loan.wanted is not None)
        self._remember("lend", act, answer, loan)

    @rule(patron=PATRONS, item=ITEMS)
    def call_off_a_loan_that_comes_late(self, patron: int, item: int) -> None:
        operation = uuid4()
        for _ in range(2):
            cancelled = self.server.run(partial(cancel_checkout, operation=operation))
            assert cancelled == LoanCancelled(operation)
        answer = self.server.run(
            partial(
                check_out,
                operation=operation,
                visit=self.visits[patron, SOGO],
                card_number=card_of(patron),
                item_number=number_of(item),
                desk=self.library.desk(),
            )
        )
        assert isinstance(answer, Refused)
        assert answer.refusal is R.CANCELLED

    @precondition(lambda self: self.model.done)
    @rule(data=st.data())
    def call_off(self, data: st.DataObject) -> None:
        operation = self._any_done(data, lambda done: done.act == "lend")
        done = self.model.done[operation]
        event(f"call off: {done.act}, {done.loan in self.model.loans.values()}")
        answer = self.server.run(partial(cancel_checkout, operation=operation))
        if done.act != "lend" or done.loan not in self.model.loans.values():
            assert answer == Refused(R.CHANGED)
            return
        assert answer == LoanCancelled(operation)
        assert done.loan is not None
        self.model.cancel(done.loan)
        del self.model.done[operation]
        assert getattr(self.server.run(done.again), "refusal", None) is R.CANCELLED

    @rule(patron=PATRONS, refusal=st.sampled_from(sorted(OVERRIDABLE)), item=ITEMS)
    def override(self, patron: int, refusal: Refusal, item: int) -> None:
        visit = self.visits[patron, SOGO]
        answer = self.server.run(
            partial(
                override,
                operation=uuid4(),
                visit=visit,
                card_number=card_of(patron),
                item_number=number_of(item),
                refusal=refusal,
                reason="窓口で確認した",
                desk=self.library.desk(),
            )
        )
        assert answer == OverrideGranted(refusal)
        self.model.waive(visit, patron, refusal, item)

    @rule(patron=PATRONS, refused=ITEMS, other=ITEMS)
    def give_a_reason_for_what_was_refused(self, patron: int, refused: int, other: int) -> None:
        """All that is against one item is set aside; then it is lent, and another is tried."""
        for refusal in sorted(self.model.reasons(patron, refused, None, SOGO)):
            self.override(patron=patron, refusal=refusal, item=refused)
        for item in (other, refused):
            self.check_out(patron=patron, item=item, branch=SOGO, wished=None)

    # -- return and renewal -----------------------------------------------------------------------

    @rule(data=st.data(), branch=ANY_BRANCH, back=st.none() | st.integers(0, 7))
    def check_in(self, data: st.DataObject, branch: int, back: int | None) -> None:
        model, operation, item = self.model, uuid4(), self._any_item(data)
        drop = None if back is None else model.today - dt.timedelta(days=back)
        act = partial(
            check_in,
            operation=operation,
            item_number=number_of(item),
            desk=self.library.desk(branch),
            book_drop_day=drop,
        )
        answer = self.server.run(act)
        loan, route, to, kept = model.take_back(item, branch, operation)
        event(f"check_in: {route}")
        assert isinstance(answer, CheckedIn)
        assert (answer.route, answer.to_branch, answer.keep_until) == (route, NAMES[to], kept)
        assert answer.can_undo is (loan is not None)
        if loan is not None:
            returned_on = max(drop or model.today, loan.lent_on)
            late = max(0, (returned_on - loan.due_on).days)
            assert (answer.returned_on, answer.due_on) == (returned_on, loan.due_on)
            assert answer.overdue_days == late
        self._remember("checkin", act, answer, loan)

    @precondition(lambda self: self.model.done)
    @rule(data=st.data(), branch=ANY_BRANCH)
    def undo(self, data: st.DataObject, branch: int) -> None:
        model = self.model
        undone = self._any_done(data, lambda done: done.act == "checkin" and done.loan in model.returned)
        loan, expected = model.done[undone].loan, model.may_undo(undone)
        act = partial(undo_return, operation=uuid4(), return_operation=undone, desk=self.library.desk(branch))
        answer = self.server.run(act)
        event(f"undo: {expected}")
        if expected is not None:
            assert answer == Refused(expected)
            return
        assert loan is not None
        model.undo(loan)
        assert answer == ReturnUndone(number_of(loan.item), loan.due_on)
        self._remember("undo", act, answer, loan)

    @rule(data=st.data(), branch=ANY_BRANCH)
    def renew(self, data: st.DataObject, branch: int) -> None:
        model, item = self.model, self._any_item(data)
        act = partial(renew, operation=uuid4(), item_number=number_of(item), desk=self.library.desk(branch))
        answer = self.server.run(act)
        event(f"renew: {getattr(answer, 'refusal', 'done')}")
        loan = model.loans.get(item)
        if loan is None:
            assert isinstance(answer, Refused)
            assert answer.refusal is R.NOT_ON_LOAN
            return
        holds = {
            R.OVERDUE: model.today > loan.due_on,
            R.RESERVED: any(wanted.patron != loan.patron for wanted in model.waiting(item)),
            R.BORROWED_ELSEWHERE: THINGS[item].borrowed,
            R.RENEWED_ALREADY: loan.renewals > 0,
        }
        if isinstance(answer, Refused):
            assert holds[answer.refusal]
            return
        assert not any(holds.values())
        assert isinstance(answer, Renewed)
        assert (answer.earlier_due_on, answer.due_on) == (
            loan.due_on,
            max(loan.due_on, model.due(branch)),
        )
        loan.due_on, loan.renewals = answer.due_on, 1
        model.last_used[loan.patron] = model.today
        model.counted += 1
        self._remember("renew", act, answer, loan)

    # -- what happens around the counter ------------------------------------------------------------

    @precondition(lambda self: self.model.done)
    @rule(data=st.data())
    def repeat(self, data: st.DataObject) -> None:
        done = self.model.done[self._any_done(data)]
        answer = self.server.run(done.again)
        event(f"repeat: {done.act}{', erased' if done.erased else ''}")
        if not done.erased:
            assert answer == done.answer
            return
        assert isinstance(answer, Refused)
        assert answer.refusal is R.ANSWER_ERASED

    # -- reservation ------------------------------------------------------------------------------

    @rule(patron=PATRONS, item=ITEMS, pickup=ANY_BRANCH, this_copy=st.sampled_from((False, False, True)))
    def reserve(self, patron: int, item: int, pickup: int, this_copy: bool) -> None:
        model, title, copy = self.model, THINGS[item].title, item if this_copy else None
        act = partial(
            place_reservation,
            operation=uuid4(),
            visit=self.visits[patron, SOGO],
            card_number=card_of(patron),
            title_id=title,
            item_number=None if copy is None else number_of(copy),
            pickup_branch_id=pickup,
            desk=self.library.desk(),
        )
        answer = self.server.run(act)
        event(f"reserve: {getattr(answer, 'refusal', 'done')}")
        expected = model.reserving_reasons(patron, title, copy)
        if isinstance(answer, Refused):
            assert answer.refusal in expected
            return
        assert not expected
        waiting = [w for w in model.queue if w.title == title and w.state == "waiting"]
        ahead = sum(copy is None or w.copy in {None, copy} for w in waiting)
        assert (answer.place, answer.in_stock) == (ahead + 1, model.in_stock(title, copy, ahead))
        assert answer.pickup_branch == NAMES[pickup]
        [[key]] = self._rows(sa.select(sa.func.max(t.reservation.c.id)))
        model.queue.append(Wanted(key, title, patron, pickup, copy))
        model.last_used[patron] = model.today
        model.counted += 1
        self._remember("reserve", act, answer)

    @rule(
        span=st.sampled_from(
            [dt.timedelta(minutes=m) for m in (1, 2, 5, 10)] + [dt.timedelta(days=d) for d in (1, 14, 31, 45)]
        )
    )
    def let_time_pass(self, span: dt.timedelta) -> None:
        self.model.now += span
        self.library.set_clock(self.model.now)

    @rule()
    def erase(self) -> None:
        erased = self.library.erase_returned()
        event(f"erase: {erased}")
        assert erased == self.model.erase()
        limit = self.model.now - dt.timedelta(minutes=10)
        assert self._rows(sa.select(t.loan.c.id).where(t.loan.c.returned_at < limit)) == []
        given = t.loan_override.c
        late = sa.select(given.id).where(given.item_id.is_not(None), given.granted_at < limit)
        assert self._rows(late) == []
        # an operation is left with its id, its act and its day
        kept = dict(self._rows(sa.select(t.operation.c.id, t.operation.c.answer)))
        linked = dict(self._rows(sa.select(t.operation.c.id, t.operation.c.loan_id)))
        for operation, done in self.model.done.items():
            if done.erased:
                assert (kept[operation], linked[operation]) == (None, None)

    @rule(data=st.data(), item=ITEMS, acts=st.lists(st.sampled_from(FOLLOWING), min_size=4, max_size=12))
    def follow_one_item(self, data: st.DataObject, item: int, acts: list[str]) -> None:
        """What happens to one item within minutes: acts that would seldom meet by themselves."""
        self.followed = item
        for act in acts:
            getattr(self, act)(data)
            self.examine()
        self.followed = None

    def _lend_it(self, data: st.DataObject) -> None:
        self.check_out(patron=data.draw(PATRONS), item=self.followed, branch=SOGO, wished=None)

    def _take_it_back(self, data: st.DataObject) -> None:
        self.check_in(data=data, branch=data.draw(ANY_BRANCH), back=None)

    def _renew_it(self, data: st.DataObject) -> None:
        self.renew(data=data, branch=SOGO)

    def _undo_a_return(self, data: st.DataObject) -> None:
        if self.model.done:
            self.undo(data=data, branch=SOGO)

    def _call_off_a_loan(self, data: st.DataObject) -> None:
        if self.model.done:
            self.call_off(data=data)

    def _repeat_something(self, data: st.DataObject) -> None:
        if self.model.done:
            self.repeat(data=data)

    def _reserve_it(self, data: st.DataObject) -> None:
        assert self.followed is not None
        self.reserve(
            patron=data.draw(PATRONS), item=self.followed, pickup=data.draw(ANY_BRANCH), this_copy=False
        )

    def _some_minutes_later(self, data: st.DataObject) -> None:
        self.let_time_pass(span=dt.timedelta(minutes=data.draw(st.sampled_from((1, 10, 11)))))

    def _erase_what_is_due(self, data: st.DataObject) -> None:
        self.erase()

    # -- what must always be true ---------------------------------------------------------------------

    @invariant()
    def examine(self) -> None:
        self._an_item_has_one_open_loan_at_most_and_it_is_the_models()
        self._nobody_passes_a_limit_unless_it_was_allowed()
        self._nobody_waits_for_more_than_the_limit_or_for_one_title_twice()
        self._a_reservation_is_trapped_once_by_a_copy_of_its_title_that_is_here()
        self._an_item_on_its_way_is_not_on_loan()
        self._the_statistics_count_what_was_done_and_not_undone()
        self._a_card_was_last_used_when_its_patron_last_borrowed_renewed_or_reserved()
        self._no_loan_that_is_gone_has_an_operation()
        self._what_was_set_aside_holds_for_what_it_was_given_for()

    def _an_item_has_one_open_loan_at_most_and_it_is_the_models(self) -> None:
        loan = t.loan.c
        rows = self._rows(
            sa.select(loan.item_id, loan.patron_id, loan.lent_on, loan.due_on, loan.renewals)
            .where(loan.returned_at.is_(None))
            .order_by(loan.item_id)
        )
        assert len({row[0] for row in rows}) == len(rows)
        model = sorted(self.model.loans.items())
        assert rows == [(item, of.patron, of.lent_on, of.due_on, of.renewals) for item, of in model]

    def _nobody_passes_a_limit_unless_it_was_allowed(self) -> None:
        rows = self._rows(
            sa.select(t.loan.c.patron_id, t.material_kind.c.loan_group)
            .join(t.item, t.item.c.id == t.loan.c.item_id)
            .join(t.material_kind, t.material_kind.c.code == t.item.c.kind)
            .where(t.loan.c.returned_at.is_(None))
        )
        over = {who for who, number in Counter(rows).items() if number > LIMITS[who[1]]}
        assert over <= self.model.excused
        self.model.excused = over

    def _nobody_waits_for_more_than_the_limit_or_for_one_title_twice(self) -> None:
        of, there = t.reservation.c, t.reservation.c.state != "lent"
        found = self._rows(sa.select(of.patron_id, of.title_id).where(there))
        rows = [row for row in found if row[0] not in self.model.waits_again]
        assert len(set(rows)) == len(rows)
        assert all(number <= RESERVATIONS for number in Counter(patron for patron, _ in rows).values())

    def _a_reservation_is_trapped_once_by_a_copy_of_its_title_that_is_here(self) -> None:
        queue = t.reservation.c
        rows = self._rows(
            sa.select(
                queue.id, queue.state, queue.trapped_item_id, queue.keep_until, queue.title_id, queue.item_id
            ).order_by(queue.id)
        )
        trapped = [row for row in rows if row[1] in {"ready", "in_transit"}]
        assert len({row[2] for row in trapped}) == len(trapped)
        for _, state, item, keep_until, title, copy in trapped:
            assert THINGS[item].title == title
            assert copy in {None, item}
            assert item not in self.model.loans
            assert (keep_until is not None) is (state == "ready")
        assert [row[:4] for row in rows] == [
            (wanted.key, wanted.state, wanted.trapped, wanted.keep_until) for wanted in self.model.queue
        ]

    def _an_item_on_its_way_is_not_on_loan(self) -> None:
        rows = self._rows(sa.select(t.transit.c.item_id, t.transit.c.to_branch_id))
        assert dict(rows) == self.model.moving
        assert not set(self.model.moving) & set(self.model.loans)

    def _the_statistics_count_what_was_done_and_not_undone(self) -> None:
        [[amount]] = self._rows(sa.select(sa.func.coalesce(sa.func.sum(t.statistic.c.amount), 0)))
        assert amount == self.model.counted

    def _a_card_was_last_used_when_its_patron_last_borrowed_renewed_or_reserved(self) -> None:
        assert dict(self._rows(sa.select(t.patron.c.id, t.patron.c.last_used_on))) == self.model.last_used

    def _no_loan_that_is_gone_has_an_operation(self) -> None:
        orphans = sa.select(t.operation.c.id).where(
            t.operation.c.loan_id.is_not(None), t.operation.c.loan_id.not_in(sa.select(t.loan.c.id))
        )
        assert self._rows(orphans) == []

    def _what_was_set_aside_holds_for_what_it_was_given_for(self) -> None:
        given = t.loan_override.c
        rows = self._rows(
            sa.select(given.visit_id, given.patron_id, given.refusal, given.item_id).where(
                sa.not_(given.item_erased)
            )
        )
        assert set(rows) == set(self.model.waived)
        assert len(rows) == len(self.model.waived)


def test_any_order_of_acts(library: SmallLibrary) -> None:
    """A patron may be over a limit for two reasons only: it was waived, or a return was undone."""

    class Here(Circulation):
        pass

    library.let_look_freely()
    Here.library, Here.server = library, library.server(limit_seconds=30)
    with library.engine.connect() as Here.tables:
        run_state_machine_as_test(
            Here,
            settings=settings(
                max_examples=EXAMPLES["postgresql" if library.on_postgresql else "sqlite"],
                stateful_step_count=STEPS,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
