"""A reservation's way round, on both databases: looked for, sent, received, kept, lent or cleared away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial

import pytest
import sqlalchemy as sa

from madoguchi.app.lending.answers import CheckedIn, CheckedOut, LoanCancelled, Notice, Refused, Route
from madoguchi.app.lending.checkin import check_in, undo_return
from madoguchi.app.lending.checkout import cancel_checkout, check_out, override
from madoguchi.app.lending.rules import Refusal
from madoguchi.app.patrons.cards import withdraw
from madoguchi.app.reservations.answers import CircleRefusal, Cleared, Done, NotDone, Sent
from madoguchi.app.reservations.rounds import (
    OnShelf,
    Shelf,
    ToLookFor,
    Transits,
    clear_shelf,
    pull_list,
    report_not_found,
    reservation_shelf,
    send,
    transits,
)
from madoguchi.app.server import tables as t
from madoguchi.app.server.gateway import LendingServer
from tests.support.library import MINAMI, SOGO, TODAY, SmallLibrary, new_id

TSUJIDO = 3
DAY = dt.timedelta(days=1)


class Round:
    """A library with what staff do in it, at a branch each."""

    def __init__(self, library: SmallLibrary, server: LendingServer) -> None:
        self.library, self.server = library, server

    def call_off(self, operation: object) -> object:
        return self.server.run(partial(cancel_checkout, operation=operation))

    def do(self, act: Callable, branch: int = SOGO, **how: object):
        return self.server.run(
            partial(act, **{"operation": new_id(), "desk": self.library.desk(branch)} | how)
        )

    def read(self, act: Callable, branch: int = SOGO):
        return self.server.run(partial(act, desk=self.library.desk(branch)))

    def looked_for(self, branch: int = SOGO) -> list[str]:
        return [copy.item_number for copy in self.read(pull_list, branch)]

    def on_shelf(self, branch: int = SOGO) -> tuple[OnShelf, ...]:
        return self.read(reservation_shelf, branch).copies

    def scan(self, item: str, branch: int = SOGO, **how: object) -> CheckedIn:
        answer = self.do(check_in, branch, item_number=item, **how)
        assert isinstance(answer, CheckedIn)
        return answer

    def lend(self, card: str, item: str, branch: int = SOGO, **how: object) -> CheckedOut | Refused:
        return self.do(
            check_out, branch, **{"visit": new_id(), "card_number": card, "item_number": item} | how
        )

    def not_found(self, item: str, branch: int = SOGO, **how: object) -> Done | NotDone:
        return self.do(report_not_found, branch, item_number=item, **how)

    def send(self, *items: str, branch: int = SOGO, **how: object) -> Sent | NotDone:
        return self.do(send, branch, item_numbers=items, **how)

    def clear(self, item: str, branch: int = SOGO, **how: object) -> Cleared | NotDone:
        return self.do(clear_shelf, branch, item_number=item, **how)

    def reservation(self, key: int) -> dict[str, object] | None:
        of = t.reservation.c
        rows = self.library.rows(
            sa.select(of.state, of.trapped_item_id, of.ready_on, of.keep_until).where(of.id == key)
        )
        return rows[0] if rows else None

    def state(self, key: int) -> object:
        row = self.reservation(key)
        return None if row is None else row["state"]

    def change(self, table: sa.Table, **values: object) -> None:
        with self.library.engine.connect() as connection:
            connection.execute(table.update().values(values))

    def change_item(self, number: str, **values: object) -> None:
        with self.library.engine.connect() as connection:
            connection.execute(t.item.update().where(t.item.c.number == number).values(values))

    def title_of(self, item: str) -> int:
        return self.library.value(sa.select(t.item.c.title_id).where(t.item.c.number == item))


@pytest.fixture
def round_(library: SmallLibrary, server: LendingServer) -> Round:
    return Round(library, server)


def refused(why: CircleRefusal) -> NotDone:
    return NotDone(why)


def test_from_the_shelves_of_one_branch_to_a_reader_at_another(library: SmallLibrary, round_: Round) -> None:
    """Wished for at 辻堂, found at 南, sent, received, lent; the shelf says whom as the setting lets it."""
    item = library.item(home_branch_id=MINAMI)
    card = library.patron(name="見本 花子", kana="ミホン ハナコ")
    wanted = library.reserved(card, item, pickup_branch_id=TSUJIDO)
    title = f"こころ {round_.title_of(item)}"
    assert round_.read(pull_list, MINAMI) == (
        ToLookFor(item, "913.6", "", title, "夏目 漱石", "辻堂", TODAY - 3 * DAY, 0),
    )
    assert round_.looked_for(SOGO) == round_.looked_for(TSUJIDO) == []
    answer = round_.scan(item, MINAMI)
    assert (answer.route, answer.to_branch) == (Route.TRANSIT, "辻堂市民図書館")
    assert round_.looked_for(MINAMI) == []
    [waits] = round_.read(transits, MINAMI).leaving
    assert (waits.item_number, waits.to_branch_id, waits.since) == (item, TSUJIDO, TODAY)
    assert (waits.sent_on, waits.reserved, waits.late) == (None, True, False)
    assert (waits.title, waits.from_branch, waits.to_branch) == (title, "南", "辻堂")
    # not from elsewhere, nor what nobody knows; said again it is the same crate
    assert round_.send(item, branch=SOGO) == refused(CircleRefusal.NOT_HERE)
    assert round_.send("1999999999", branch=MINAMI) == refused(CircleRefusal.NOT_HERE)
    assert round_.send(branch=MINAMI) == refused(CircleRefusal.NOT_HERE)
    operation = new_id()
    for _ in range(2):
        assert round_.send(item, item, branch=MINAMI, operation=operation) == Sent(operation, 1)
    assert round_.send(item, branch=MINAMI).copies == 0
    [comes] = round_.read(transits, TSUJIDO).coming
    assert (comes.sent_on, comes.late) == (TODAY, False)
    library.pass_time(days=4)
    [late] = round_.read(transits, TSUJIDO).coming
    assert late.late
    assert round_.read(transits, SOGO) == Transits(TODAY + 4 * DAY, (), ())
    here = round_.scan(item, TSUJIDO)
    assert (here.route, here.notices) == (Route.RESERVATION_SHELF, (Notice.NOT_ON_LOAN,))
    today = TODAY + 4 * DAY
    assert round_.read(transits, TSUJIDO) == Transits(today, (), ())
    row = round_.reservation(wanted)
    assert (row["state"], row["ready_on"], row["keep_until"]) == ("ready", today, here.keep_until)
    expected = OnShelf(item, title, card[-4:], today, here.keep_until, expired=False, told=False)
    assert round_.read(reservation_shelf, TSUJIDO) == Shelf(today, (expected,))
    for setting, label in (("kana_initial", "ミ"), ("full", "見本 花子")):
        round_.change(t.policy, slip_name=setting)
        assert [copy.label for copy in round_.on_shelf(TSUJIDO)] == [label]
    assert round_.on_shelf(SOGO) == ()
    # scanned once more on the next day it lies there since it came
    library.pass_time(days=1)
    assert round_.scan(item, TSUJIDO).keep_until == here.keep_until
    assert round_.reservation(wanted)["ready_on"] == today
    assert round_.clear(item, TSUJIDO) == refused(CircleRefusal.NOT_EXPIRED)
    lent = round_.lend(card, item, TSUJIDO)
    assert lent.notices == (Notice.WAS_RESERVED,)
    assert round_.on_shelf(TSUJIDO) == ()


def test_the_shelves_are_walked_once_and_no_copy_too_many(library: SmallLibrary, round_: Round) -> None:
    """One copy for each who waits, their own branch's first; what is not to be had is not looked for."""
    # two copies at 総合 and one at 南 for two who wait: the one who picks up at 南 gets that one
    first = library.item()
    title = round_.title_of(first)
    second, at_minami = library.item(title_id=title), library.item(title_id=title, home_branch_id=MINAMI)
    assert round_.looked_for() == []
    library.reserved(library.patron(), first, pickup_branch_id=MINAMI)
    library.reserved(library.patron(), first, pickup_branch_id=SOGO)
    assert (round_.looked_for(), round_.looked_for(MINAMI)) == ([first], [at_minami])
    # not there: the other one of this branch; that one neither: nobody is served from here today
    assert isinstance(round_.not_found(first), Done)
    assert round_.looked_for() == [second]
    assert isinstance(round_.not_found(second), Done)
    assert (round_.looked_for(), round_.looked_for(MINAMI)) == ([], [at_minami])
    # tomorrow again; those that were looked for in vain come last
    third = library.item(title_id=title)
    library.pass_time(days=1)
    assert round_.looked_for() == [third]
    # whoever is passed over is not looked for, until the day comes
    one = library.item()
    passed = library.reserved(library.patron(), one, suspended=True)
    assert one not in round_.looked_for()
    with library.engine.connect() as connection:
        of = t.reservation.update().where(t.reservation.c.id == passed)
        connection.execute(of.values(resume_on=TODAY + 2 * DAY))
        assert one not in round_.looked_for()
        connection.execute(of.values(resume_on=TODAY + DAY))
    assert one in round_.looked_for()
    # lent, on its way, kept, left over, not lent at all, missing: none of these stands on a shelf
    gone = {name: library.item() for name in ("lent", "moving", "kept", "left", "reading room", "missing")}
    with library.engine.connect() as connection:
        key = library.id_of_item(gone["left"])
        connection.execute(t.shelf_leftover.insert().values(item_id=key, branch_id=SOGO, since=TODAY))
        key = library.id_of_item(gone["moving"])
        connection.execute(t.transit.insert().values(item_id=key, to_branch_id=SOGO, since=TODAY))
    library.lent(library.patron(), gone["lent"], due_on=TODAY)
    round_.change_item(gone["reading room"], reference_only=True)
    round_.change_item(gone["missing"], missing_since=TODAY)
    library.reserved(
        library.patron(),
        gone["kept"],
        state="ready",
        trapped_item_id=library.id_of_item(gone["kept"]),
        keep_until=TODAY + DAY,
    )
    for item in gone.values():
        library.reserved(library.patron(), item)
    assert set(round_.looked_for()) == {third, one}


def test_one_copy_that_is_asked_for_and_the_order_of_the_shelves(
    library: SmallLibrary, round_: Round
) -> None:
    asked = library.item(author_mark="ナ")
    title = round_.title_of(asked)
    library.item(title_id=title)
    library.reserved(library.patron(), asked, item_id=library.id_of_item(asked), pickup_branch_id=MINAMI)
    other = library.item(title_id=title)
    assert round_.looked_for() == [asked]
    # with one who takes any: another one, and this one for whoever asked for it
    library.reserved(library.patron(), asked)
    found = {copy.item_number: copy.pickup_branch for copy in round_.read(pull_list)}
    assert found.pop(asked) == "南"
    assert list(found.values()) == ["総合"]
    # the mark, else the letter of whoever made it, else the title's
    marked = [library.item() for _ in range(5)]
    for item, (ndc, kana) in zip(
        marked, [("913.6", ""), ("210", ""), ("913.6", "アオ"), ("", "ア"), ("913.6", "カワ")], strict=True
    ):
        library.reserved(library.patron(), item)
        with library.engine.connect() as connection:
            key = round_.title_of(item)
            connection.execute(t.title.update().where(t.title.c.id == key).values(ndc=ndc, title_kana=kana))
            if item == marked[4]:
                creators = ("サトウ", "アキ")
                connection.execute(
                    t.title_creator.insert(),
                    [
                        {"title_id": key, "position": place, "name": "作者", "reading": reading}
                        for place, reading in enumerate(creators)
                    ],
                )
    rows = [copy for copy in round_.read(pull_list) if copy.item_number in [*marked, asked]]
    assert [(copy.item_number, copy.author_mark) for copy in rows] == [
        (marked[1], ""),
        (marked[0], ""),
        (marked[2], "ア"),
        (marked[4], "サ"),
        (asked, "ナ"),
        (marked[3], "ア"),
    ]
    assert other


def test_looked_for_in_vain_until_it_counts_as_missing_and_there_again(
    library: SmallLibrary, round_: Round
) -> None:
    round_.change(t.policy, missing_after=2)
    item = library.item()
    library.reserved(library.patron(), item)
    operation = new_id()
    for _ in range(2):
        assert round_.not_found(item, operation=operation) == Done(operation)
    assert round_.not_found(library.item(), operation=operation) == refused(CircleRefusal.NOT_ALLOWED)
    assert round_.clear(item, operation=operation) == refused(CircleRefusal.NOT_ALLOWED)
    # by two people on one day it was looked for once
    again = new_id()
    assert round_.not_found(item, operation=again) == Done(again)
    library.pass_time(days=1)
    assert [copy.not_found for copy in round_.read(pull_list)] == [1]
    missing = new_id()
    assert round_.not_found(item, operation=missing) == Done(missing, missing=True)
    library.pass_time(days=1)
    assert round_.looked_for() == []
    kept = t.item.c
    columns = sa.select(kept.not_found, kept.not_found_on, kept.missing_since).where(kept.number == item)
    assert library.rows(columns) == [
        {"not_found": 2, "not_found_on": TODAY + DAY, "missing_since": TODAY + DAY}
    ]
    there = [{"not_found": 0, "not_found_on": None, "missing_since": None}]
    assert round_.scan(item).route is Route.RESERVATION_SHELF
    assert library.rows(columns) == there
    # lent, it is there, too
    other, card = library.item(), library.patron()
    round_.not_found(other)
    round_.lend(card, other)
    assert round_.not_found(other) == refused(CircleRefusal.ON_LOAN)
    assert library.rows(columns.where(kept.not_found > 0)) == []
    # whatever stands on no shelf of this branch is not looked for there
    assert round_.not_found("1999999999") == refused(CircleRefusal.UNKNOWN_ITEM)
    assert round_.not_found(item) == refused(CircleRefusal.NOT_HERE)
    assert round_.not_found(library.item(), MINAMI) == refused(CircleRefusal.NOT_HERE)


def test_at_a_wrong_branch_it_says_so_and_goes_on_from_there(library: SmallLibrary, round_: Round) -> None:
    home, wanted = library.item(home_branch_id=MINAMI), library.item()
    key = library.reserved(library.patron(), wanted, pickup_branch_id=MINAMI)
    for item in (home, wanted):
        # scanned twice where it waits for the van it waits there since the first time
        round_.scan(item)
        library.pass_time(days=1)
        answer = round_.scan(item)
        assert Notice.WRONG_BRANCH not in answer.notices
        since = sa.select(t.transit.c.since).where(t.transit.c.item_id == library.id_of_item(item))
        assert library.value(since) == library.now.date() - DAY
        round_.send(item)
        wrong = round_.scan(item, TSUJIDO)
        assert (wrong.route, wrong.to_branch, wrong.expected_at) == (
            Route.TRANSIT,
            "南市民図書館",
            "南市民図書館",
        )
        assert Notice.WRONG_BRANCH in wrong.notices
        [on_its_way] = round_.read(transits, TSUJIDO).leaving
        assert (on_its_way.sent_on, on_its_way.from_branch) == (None, "辻堂")
        assert round_.read(transits).leaving == ()
        assert round_.send(item, branch=TSUJIDO).copies == 1
        right = round_.scan(item, MINAMI)
        assert (right.route is Route.SHELF, right.expected_at) == (item == home, "")
    assert round_.state(key) == "ready"
    # sent, and it never left: it is where it should not be
    round_.scan(home)
    round_.send(home)
    assert round_.scan(home).expected_at == "南市民図書館"
    assert round_.read(transits).leaving[0].sent_on is None
    # wanted at the wrong branch of all, it stays there
    round_.send(home)
    library.reserved(library.patron(), home, pickup_branch_id=TSUJIDO)
    stays = round_.scan(home, TSUJIDO)
    assert (stays.route, stays.expected_at) == (Route.RESERVATION_SHELF, "")


def test_cleared_away_it_is_for_the_next_one_or_goes_home(library: SmallLibrary, round_: Round) -> None:
    item = library.item()
    first, second, third = (
        library.reserved(library.patron(), item, pickup_branch_id=branch)
        for branch in (MINAMI, MINAMI, TSUJIDO)
    )
    round_.scan(item)
    keep_until = round_.scan(item, MINAMI).keep_until
    assert round_.clear(item, SOGO) == refused(CircleRefusal.NOT_HERE)
    library.pass_time(days=(keep_until - TODAY).days)
    assert round_.clear(item, MINAMI) == refused(CircleRefusal.NOT_EXPIRED)
    library.pass_time(days=1)
    [over] = round_.on_shelf(MINAMI)
    assert (over.expired, over.to_clear) == (True, True)
    operation = new_id()
    answers = [round_.clear(item, MINAMI, operation=operation) for _ in range(2)]
    [cleared] = set(answers)
    assert (cleared.route, cleared.to_branch) == (Route.RESERVATION_SHELF, "南市民図書館")
    assert (cleared.item_number, cleared.title) == (item, f"こころ {round_.title_of(item)}")
    assert cleared.keep_until == round_.reservation(second)["keep_until"]
    assert round_.reservation(second)["ready_on"] == library.now.date()
    # of who did not come nothing is left but a number in the statistics
    assert round_.reservation(first) is None
    counted = library.rows(sa.select(t.statistic.c.act, t.statistic.c.amount, t.statistic.c.branch_id))
    assert counted == [{"act": "expiry", "amount": 1, "branch_id": MINAMI}]
    assert [copy.expired for copy in round_.on_shelf(MINAMI)] == [False]
    # the next one does not come either: the third waits elsewhere
    library.pass_time(days=30)
    gone = round_.clear(item, MINAMI)
    assert (gone.route, gone.to_branch, gone.keep_until) == (Route.TRANSIT, "辻堂市民図書館", None)
    assert round_.state(third) == "in_transit"
    assert round_.clear(item, MINAMI) == refused(CircleRefusal.NOT_HERE)
    assert round_.clear(item, TSUJIDO) == refused(CircleRefusal.NOT_HERE)
    round_.scan(item, TSUJIDO)
    library.pass_time(days=30)
    home = round_.clear(item, TSUJIDO)
    assert (home.route, home.to_branch) == (Route.TRANSIT, "総合市民図書館")
    assert round_.scan(item).route is Route.SHELF
    assert round_.clear(item) == refused(CircleRefusal.NOT_HERE)
    assert round_.clear("1999999999") == refused(CircleRefusal.UNKNOWN_ITEM)
    round_.lend(library.patron(), item)
    assert round_.clear(item) == refused(CircleRefusal.ON_LOAN)


def test_one_who_comes_a_day_late_still_gets_it(library: SmallLibrary, round_: Round) -> None:
    item, card = library.item(), library.patron()
    key = library.reserved(card, item)
    round_.scan(item)
    library.pass_time(days=30)
    assert round_.on_shelf()[0].expired
    assert isinstance(round_.lend(card, item), CheckedOut)
    assert (round_.state(key), round_.on_shelf()) == ("lent", ())


def test_what_nobody_waits_for_any_more_lies_there_until_it_is_cleared(
    library: SmallLibrary, round_: Round
) -> None:
    """Whoever withdraws leaves what lay ready for them; what was on its way goes on when it arrives."""
    ready, moving, home = library.item(), library.item(), library.item(home_branch_id=MINAMI)
    card, other = library.patron(), library.patron()
    for item, branch in ((ready, SOGO), (moving, MINAMI), (home, SOGO)):
        library.reserved(card, item, pickup_branch_id=branch)
        round_.scan(item)
    waits = library.reserved(other, moving, pickup_branch_id=TSUJIDO)
    answer = round_.do(withdraw, patron_id=library.id_of_patron(card))
    assert answer.kept == 3
    left = round_.on_shelf()
    assert {copy.item_number for copy in left} == {ready, home}
    assert {(copy.label, copy.keep_until, copy.ready_on, copy.to_clear, copy.told) for copy in left} == {
        ("", None, None, True, False)
    }
    # it does not stand on its own shelf while it lies there
    library.reserved(other, ready)
    assert round_.looked_for() == []
    assert round_.clear(ready, MINAMI) == refused(CircleRefusal.NOT_HERE)
    assert round_.clear(ready).route is Route.RESERVATION_SHELF
    # a scan does it as well, and so does whoever borrows it
    assert round_.scan(home).to_branch == "南市民図書館"
    assert [copy.to_clear for copy in round_.on_shelf()] == [False]
    on = round_.scan(moving, MINAMI)
    assert (on.route, on.to_branch) == (Route.TRANSIT, "辻堂市民図書館")
    assert round_.state(waits) == "in_transit"
    with library.engine.connect() as connection:
        one = library.item()
        key = library.id_of_item(one)
        connection.execute(t.shelf_leftover.insert().values(item_id=key, branch_id=SOGO, since=TODAY))
    assert isinstance(round_.lend(library.patron(), one), CheckedOut)
    assert library.rows(sa.select(t.shelf_leftover)) == []


def test_lent_over_another_the_answer_says_what_that_did_to_the_queue(
    library: SmallLibrary, round_: Round
) -> None:
    item, visit = library.item(), new_id()
    kept_for, also, taker = (library.patron() for _ in range(3))
    key = library.reserved(kept_for, item)
    library.reserved(also, item)
    round_.scan(item)
    assert round_.lend(taker, item).refusal is Refusal.RESERVED
    round_.do(
        override,
        visit=visit,
        card_number=taker,
        item_number=item,
        refusal=Refusal.RESERVED,
        reason="急ぎの調べもの",
    )
    operation = new_id()
    for _ in range(2):
        lent = round_.lend(taker, item, visit=visit, operation=operation)
        assert (lent.notices, lent.waits_again_at) == ((Notice.KEPT_FOR_OTHER,), 1)
    assert round_.reservation(key) == {
        "state": "waiting",
        "trapped_item_id": None,
        "ready_on": None,
        "keep_until": None,
    }
    # the next copy is theirs
    second = library.item(title_id=round_.title_of(item))
    assert round_.scan(second).route is Route.RESERVATION_SHELF
    assert round_.reservation(key)["trapped_item_id"] == library.id_of_item(second)


def test_undone_or_called_off_a_copy_is_on_nobodys_shelf_and_on_no_van(
    library: SmallLibrary, round_: Round
) -> None:
    item, card = library.item(), library.patron()
    library.lent(card, item, due_on=TODAY + DAY)
    key = library.reserved(library.patron(), item)
    returned = new_id()
    round_.scan(item, operation=returned)
    assert round_.reservation(key)["ready_on"] == TODAY
    round_.do(undo_return, return_operation=returned)
    assert (round_.state(key), round_.reservation(key)["ready_on"]) == ("waiting", None)
    assert round_.on_shelf() == ()
    # on its way to its reader, lent to them where it was met, and called off: it still has to get there
    moving, reader = library.item(), library.patron()
    wanted = library.reserved(reader, moving, pickup_branch_id=MINAMI)
    round_.scan(moving)
    lent = new_id()
    round_.lend(reader, moving, operation=lent)
    assert round_.read(transits).leaving == ()
    assert round_.call_off(lent) == LoanCancelled(lent)
    assert round_.state(wanted) == "in_transit"
    [again] = round_.read(transits).leaving
    assert (again.item_number, again.to_branch_id, again.sent_on) == (moving, MINAMI, None)
    # one that was going home, and one that lies ready
    far, ready = library.item(home_branch_id=MINAMI), library.item()
    theirs = library.reserved(reader, ready)
    for scanned in (far, ready):
        round_.scan(scanned)
        round_.lend(reader, scanned, operation=(called_off := new_id()))
        round_.call_off(called_off)
    assert {copy.item_number for copy in round_.read(transits).leaving} == {moving, far}
    assert (round_.state(theirs), len(round_.on_shelf())) == ("ready", 1)


def test_one_told_of_is_said_to_be_told(library: SmallLibrary, round_: Round) -> None:
    items = [library.item() for _ in range(4)]
    keys = [library.reserved(library.patron(), item) for item in items]
    for item in items:
        round_.scan(item)
    with library.engine.connect() as connection:
        for key, outcome in zip(keys, ("reached", "no_answer", "message_left"), strict=False):
            connection.execute(
                t.telling.insert().values(
                    id=new_id(),
                    reservation_id=key,
                    way="telephone",
                    outcome=outcome,
                    told_on=TODAY,
                    login="clerk",
                )
            )
    assert [copy.told for copy in sorted(round_.on_shelf(), key=lambda copy: copy.item_number)] == [
        True,
        False,
        True,
        False,
    ]


def test_a_copy_that_is_not_lent_answers_no_reservation(round_: Round, library: SmallLibrary) -> None:
    """禁帯出: whoever came for it would be refused, and the copy that is lent would go to the next."""
    lent, waiter, other = library.item(), library.patron(), library.patron()
    reading_room = library.item(title_id=round_.title_of(lent), reference_only=True)
    library.lent(library.patron(), lent, due_on=TODAY + DAY)
    key = library.reserved(waiter, lent)
    answer = round_.scan(reading_room)
    assert (answer.route, round_.state(key)) == (Route.SHELF, "waiting")
    # and it needs one reason, not another one for those who wait for something else
    visit = new_id()
    about = {"visit": visit, "card_number": other, "item_number": reading_room}
    assert round_.lend(other, reading_room, visit=visit).refusal is Refusal.REFERENCE_ONLY
    round_.do(override, **about, refusal=Refusal.REFERENCE_ONLY, reason="館長の許可")
    assert isinstance(round_.lend(other, reading_room, visit=visit), CheckedOut)
    assert round_.scan(lent).route is Route.RESERVATION_SHELF
    assert round_.state(key) == "ready"
