"""Reserving on both databases: each refusal, the queue, and every way an act is repeated."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest
import sqlalchemy as sa

from madoguchi.app.lending.answers import Refused, Reserved
from madoguchi.app.lending.checkin import check_in
from madoguchi.app.lending.checkout import cancel_checkout, check_out
from madoguchi.app.lending.renewal import renew
from madoguchi.app.lending.reserving import place_reservation
from madoguchi.app.lending.rules import Refusal
from madoguchi.app.lending.today import counter_today
from madoguchi.app.server import tables as t
from tests.support.library import MINAMI, SOGO, TODAY, SmallLibrary, new_id

DAY = dt.timedelta(days=1)
DUE = TODAY + 14 * DAY


def title_of(library: SmallLibrary, item: str) -> int:
    """The key of the title that an item is a copy of."""
    return library.value(sa.select(t.item.c.title_id).where(t.item.c.number == item))


def reserve(library, server, card, item, **changes):
    """Reserves an item's title at the main library, to be picked up there."""
    values = {
        "operation": new_id(),
        "visit": new_id(),
        "card_number": card,
        "title_id": title_of(library, item),
        "pickup_branch_id": SOGO,
        "desk": library.desk(),
    }
    return server.run(partial(place_reservation, **values | changes))


def queue(library: SmallLibrary) -> list[dict[str, object]]:
    """Every reservation there is, the first first."""
    return library.rows(sa.select(t.reservation).order_by(t.reservation.c.placed_at, t.reservation.c.id))


def test_a_title_that_stands_on_a_shelf(library: SmallLibrary, server) -> None:
    card, item, operation = library.patron(), library.item(), new_id()
    answer = reserve(library, server, card, item, operation=operation, pickup_branch_id=MINAMI)
    title = library.value(sa.select(t.title.c.title))
    assert answer == Reserved(operation, title, None, "南市民図書館", place=1, in_stock=True)
    [row] = queue(library)
    assert (row["title_id"], row["item_id"], row["patron_id"]) == (
        title_of(library, item),
        None,
        library.id_of_patron(card),
    )
    assert (row["pickup_branch_id"], row["state"], row["placed_at"]) == (MINAMI, "waiting", library.now)
    assert library.value(sa.select(t.patron.c.last_used_on)) == TODAY


def test_the_queue_is_one_across_all_branches(library: SmallLibrary, server) -> None:
    """DOMAIN: "First come, first served; the queue is one across all branches"."""
    item = library.item()
    library.lent(library.patron(), item, due_on=DUE)
    cards = [library.patron() for _ in range(3)]
    for place, (card, branch) in enumerate(zip(cards, (SOGO, MINAMI, SOGO), strict=True), start=1):
        answer = reserve(library, server, card, item, desk=library.desk(branch), pickup_branch_id=branch)
        assert (answer.place, answer.in_stock) == (place, False)
    assert [row["patron_id"] for row in queue(library)] == [library.id_of_patron(card) for card in cards]


def test_nobody_comes_before_those_who_wait_though_the_clock_was_set_back(
    library: SmallLibrary, server
) -> None:
    item, first, second = library.item(), library.patron(), library.patron()
    reserve(library, server, first, item)
    library.pass_time(hours=-2)
    assert reserve(library, server, second, item).place == 2
    assert [row["patron_id"] for row in queue(library)] == [
        library.id_of_patron(first),
        library.id_of_patron(second),
    ]


def test_each_copy_on_a_shelf_is_for_one_who_waits(library: SmallLibrary, server) -> None:
    """DOMAIN: "A copy on the shelf is looked for at once": whoever comes later waits for another."""
    item = library.item()
    title = title_of(library, item)
    library.item(title_id=title, home_branch_id=MINAMI)
    library.item(title_id=title, reference_only=True)
    found = [reserve(library, server, library.patron(), item) for _ in range(3)]
    assert [(answer.place, answer.in_stock) for answer in found] == [(1, True), (2, True), (3, False)]


@pytest.mark.parametrize("where", ["on loan", "in transit", "ready for another"])
def test_a_copy_that_is_not_on_a_shelf(library: SmallLibrary, server, where: str) -> None:
    item = library.item()
    key = library.id_of_item(item)
    if where == "on loan":
        library.lent(library.patron(), item, due_on=DUE)
    elif where == "in transit":
        with library.engine.connect() as connection:
            connection.execute(t.transit.insert().values(item_id=key, to_branch_id=MINAMI, since=TODAY))
    else:
        library.reserved(library.patron(), item, state="ready", trapped_item_id=key, keep_until=DUE)
    answer = reserve(library, server, library.patron(), item)
    assert (answer.place, answer.in_stock) == (1, False)


def test_one_copy_can_be_asked_for(library: SmallLibrary, server) -> None:
    """DOMAIN: "A specific copy can be asked for when it matters (a volume of a set)"."""
    wanted = library.item()
    other = library.item(title_id=title_of(library, wanted))
    library.lent(library.patron(), wanted, due_on=DUE)
    reserve(library, server, library.patron(), wanted)
    reserve(library, server, library.patron(), wanted, item_number=other)
    # who waits for the other copy is not before them
    answer = reserve(library, server, library.patron(), wanted, item_number=wanted)
    assert (answer.item_number, answer.place, answer.in_stock) == (wanted, 2, False)
    assert queue(library)[-1]["item_id"] == library.id_of_item(wanted)
    # the other copy is no answer to it
    back = server.run(partial(check_in, operation=new_id(), item_number=wanted, desk=library.desk()))
    assert back.route == "reservation_shelf"


def test_what_was_reserved_is_trapped_and_lent(library: SmallLibrary, server) -> None:
    card, item = library.patron(), library.item()
    library.lent(library.patron(), item, due_on=DUE)
    reserve(library, server, card, item)
    assert (
        server.run(partial(renew, operation=new_id(), item_number=item, desk=library.desk())).refusal
        is Refusal.RESERVED
    )
    server.run(partial(check_in, operation=new_id(), item_number=item, desk=library.desk()))
    assert [row["state"] for row in queue(library)] == ["ready"]
    server.run(
        partial(
            check_out,
            operation=new_id(),
            visit=new_id(),
            card_number=card,
            item_number=item,
            desk=library.desk(),
        )
    )
    assert [row["state"] for row in queue(library)] == ["lent"]


# -- refusals ----------------------------------------------------------------------------------------


def refused(library, server, card, item, refusal, **changes):
    """Is refused for that reason, by the use case and by the write alone; nothing is written."""
    before = (queue(library), library.rows(sa.select(t.patron)), library.rows(sa.select(t.statistic)))
    answer = reserve(library, server, card, item, **changes)
    assert isinstance(answer, Refused)
    assert (answer.refusal, answer.may_override) == (refusal, False)
    title_id = changes.get("title_id", title_of(library, item))
    verdict = server.run(
        lambda counter: counter.writes.place_reservation(
            new_id(),
            new_id(),
            card,
            title_id,
            changes.get("item_number"),
            changes.get("pickup_branch_id", SOGO),
            library.desk(),
        )
    )
    assert verdict.refusal is refusal
    assert before == (queue(library), library.rows(sa.select(t.patron)), library.rows(sa.select(t.statistic)))
    assert library.rows(sa.select(t.operation)) == []
    return answer


def test_a_card_that_is_unknown_or_lost(library: SmallLibrary, server) -> None:
    item = library.item()
    refused(library, server, "2999999999", item, Refusal.UNKNOWN_CARD)
    library.patron(lost_card="2000000900")
    refused(library, server, "2000000900", item, Refusal.CARD_LOST)


def test_a_card_that_was_idle_for_three_years(library: SmallLibrary, server) -> None:
    card, item = library.patron(last_used_on=dt.date(2023, 5, 11)), library.item()
    refused(library, server, card, item, Refusal.CARD_IDLE)
    other = library.patron(last_used_on=dt.date(2023, 5, 12))
    assert isinstance(reserve(library, server, other, item), Reserved)


def test_an_item_long_overdue_stops_reservations(library: SmallLibrary, server) -> None:
    """DOMAIN: "An item more than 30 days overdue stops new loans and new reservations"."""
    card, item = library.patron(), library.item()
    library.lent(card, library.item(), due_on=TODAY - 31 * DAY)
    refused(library, server, card, item, Refusal.OVERDUE_BLOCK)
    other = library.patron()
    library.lent(other, library.item(), due_on=TODAY - 30 * DAY)
    assert isinstance(reserve(library, server, other, item), Reserved)


def test_six_at_once(library: SmallLibrary, server) -> None:
    """DOMAIN: "6 at once per patron"; one that was lent is none any more, one that lies ready is."""
    card = library.patron()
    items = [library.item() for _ in range(7)]
    gone = library.item()
    loan = library.lent(card, gone, due_on=DUE)
    library.reserved(card, gone, state="lent", loan_id=loan)
    library.reserved(card, items[0], state="ready", trapped_item_id=library.id_of_item(items[0]))
    for item in items[1:6]:
        assert isinstance(reserve(library, server, card, item), Reserved)
    with library.engine.connect() as connection:
        connection.execute(t.operation.delete())
    answer = refused(library, server, card, items[6], Refusal.RESERVATION_LIMIT)
    assert answer.limit == 6
    with library.engine.connect() as connection:
        connection.execute(t.policy.update().values(max_reservations=7))
    assert isinstance(reserve(library, server, card, items[6]), Reserved)


@pytest.mark.parametrize("state", ["waiting", "in_transit", "ready"])
def test_a_title_is_reserved_once(library: SmallLibrary, server, state: str) -> None:
    card, item = library.patron(), library.item()
    trapped = None if state == "waiting" else library.id_of_item(item)
    library.reserved(card, item, state=state, trapped_item_id=trapped)
    refused(library, server, card, item, Refusal.RESERVED_ALREADY)


def test_a_title_of_which_the_patron_has_a_copy(library: SmallLibrary, server) -> None:
    card, item = library.patron(), library.item()
    other = library.item(title_id=title_of(library, item))
    library.lent(card, other, due_on=DUE)
    assert refused(library, server, card, item, Refusal.ON_LOAN_TO_PATRON).due_on == DUE
    server.run(partial(check_in, operation=new_id(), item_number=other, desk=library.desk()))
    assert isinstance(reserve(library, server, card, item), Reserved)


def test_a_title_of_which_nothing_is_lent(library: SmallLibrary, server) -> None:
    card, item = library.patron(), library.item(reference_only=True)
    refused(library, server, card, item, Refusal.NO_COPY_TO_LEND)
    with library.engine.connect() as connection:
        connection.execute(t.title.insert().values(id=9000, title="所蔵なし"))
    refused(library, server, card, item, Refusal.NO_COPY_TO_LEND, title_id=9000)


def test_a_copy_that_is_not_lent_or_not_the_titles(library: SmallLibrary, server) -> None:
    card, item = library.patron(), library.item()
    reference = library.item(title_id=title_of(library, item), reference_only=True)
    refused(library, server, card, item, Refusal.REFERENCE_ONLY, item_number=reference)
    refused(library, server, card, item, Refusal.UNKNOWN_ITEM, item_number=library.item())
    refused(library, server, card, item, Refusal.UNKNOWN_ITEM, item_number="1999999999")


def test_an_unknown_title_or_branch(library: SmallLibrary, server) -> None:
    card, item = library.patron(), library.item()
    refused(library, server, card, item, Refusal.UNKNOWN_TITLE, title_id=987654321)
    refused(library, server, card, item, Refusal.NOT_ALLOWED, pickup_branch_id=99)


# -- repeats, and what is kept -----------------------------------------------------------------------


def test_repeating_a_reservation_places_it_once(library: SmallLibrary, server) -> None:
    card, item, operation, visit = library.patron(), library.item(), new_id(), new_id()
    same = {"operation": operation, "visit": visit}
    first = reserve(library, server, card, item, **same)
    reserve(library, server, library.patron(), item)
    assert reserve(library, library.server(), card, item, **same) == first
    assert len(queue(library)) == 2
    verdict = server.run(
        lambda counter: counter.writes.place_reservation(
            operation, visit, card, title_of(library, item), None, SOGO, library.desk()
        )
    )
    assert verdict.values == {"place": 1, "in_stock": True}


def test_one_called_off_before_it_came_is_not_placed(library: SmallLibrary, server) -> None:
    card, item, operation = library.patron(), library.item(), new_id()
    server.run(partial(cancel_checkout, operation=operation))
    assert reserve(library, server, card, item, operation=operation).refusal is Refusal.CANCELLED
    assert queue(library) == []


def test_one_that_was_placed_is_no_loan_to_call_off(library: SmallLibrary, server) -> None:
    card, item, operation = library.patron(), library.item(), new_id()
    reserve(library, server, card, item, operation=operation)
    assert server.run(partial(cancel_checkout, operation=operation)) == Refused(Refusal.CHANGED)
    assert len(queue(library)) == 1


def test_the_answer_names_nobody_and_nothing_and_goes_with_its_day(library: SmallLibrary, server) -> None:
    card, item, operation = library.patron(), library.item(), new_id()
    reserve(library, server, card, item, operation=operation)
    library.pass_time(hours=13)
    library.erase_returned()
    [kept] = library.rows(sa.select(t.operation))
    assert (kept["act"], kept["loan_id"]) == ("reserve", None)
    assert kept["answer"] in (
        '{"refusal": null, "place": 1, "in_stock": true}',
        '{"place": 1, "refusal": null, "in_stock": true}',
    )
    library.pass_time(hours=1)
    library.erase_returned()
    assert library.value(sa.select(t.operation.c.answer)) is None
    assert reserve(library, server, card, item, operation=operation).refusal is Refusal.ANSWER_ERASED
    assert len(queue(library)) == 1


def test_it_is_counted_where_it_was_done_and_not_among_the_days_three_acts(
    library: SmallLibrary, server
) -> None:
    item = library.item(kind="cd", reference_only=True)
    library.item(title_id=title_of(library, item), kind="dvd")
    reserve(library, server, library.patron(), item, desk=library.desk(MINAMI))
    [counted] = library.rows(sa.select(t.statistic))
    assert (counted["act"], counted["branch_id"], counted["amount"]) == ("reservation", MINAMI, 1)
    assert (counted["kind"], counted["ndc_class"], counted["age_band"]) == ("dvd", "9", "30-59")
    today = server.run(partial(counter_today, desk=library.desk(MINAMI)))
    assert (today.checkouts, today.checkins, today.renewals) == (0, 0, 0)
