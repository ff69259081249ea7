"""Who is passed over keeps the place, a kind of material has a limit, what is missing is on no shelf."""

from __future__ import annotations

import datetime as dt
from functools import partial

import sqlalchemy as sa

from madoguchi.app.catalogue.look_up import open_title
from madoguchi.app.catalogue.search import Place
from madoguchi.app.lending.answers import CheckedIn, CheckedOut, Refused, Renewed, Reserved, VisitOpened
from madoguchi.app.lending.checkin import check_in
from madoguchi.app.lending.checkout import check_out, open_visit
from madoguchi.app.lending.facts import ReadyElsewhere
from madoguchi.app.lending.renewal import renew
from madoguchi.app.lending.reserving import place_reservation
from madoguchi.app.lending.rules import Refusal
from madoguchi.app.reservations.answers import Done
from madoguchi.app.reservations.queues import State, change_reservation
from madoguchi.app.server import tables as t
from tests.contracts.test_queues import do, lies_ready, queue, title_of, travels, waits
from tests.support.library import MINAMI, SOGO, TODAY, SmallLibrary, new_id

DAY = dt.timedelta(days=1)


# -- passed over -------------------------------------------------------------------------------------


def reserve(library: SmallLibrary, server, card: str, item: str, **how: object) -> Reserved | Refused:
    wanted = {"title_id": title_of(library, item), "pickup_branch_id": SOGO} | how
    return do(library, server, place_reservation, visit=new_id(), card_number=card, **wanted)


def lend(library: SmallLibrary, server, card: str, item: str) -> CheckedOut | Refused:
    return do(library, server, check_out, visit=new_id(), card_number=card, item_number=item)


def test_who_is_passed_over_keeps_the_place(library: SmallLibrary, server) -> None:
    item, asleep, awake = library.item(), library.patron(), library.patron()
    key = library.reserved(asleep, item)
    sleep = {"reservation_id": key, "pickup_branch_id": SOGO, "suspended": True, "resume_on": None}
    assert isinstance(do(library, server, change_reservation, **sleep), Done)
    # nobody else is in the way of a renewal, of a loan, or of a copy on the shelf
    reader = library.patron()
    assert isinstance(lend(library, server, reader, item), CheckedOut)
    assert isinstance(do(library, server, renew, item_number=item), Renewed)
    back = do(library, server, check_in, item_number=item)
    assert isinstance(back, CheckedIn)
    assert (back.route, back.keep_until) == ("shelf", None)
    placed = reserve(library, server, awake, item)
    assert isinstance(placed, Reserved)
    assert (placed.place, placed.in_stock) == (2, True)
    assert [row.state for row in queue(library, server, item).rows] == [State.SUSPENDED, State.WAITING]
    # one copy, and one who is awake before them
    third = library.patron()
    placed = reserve(library, server, third, item)
    assert isinstance(placed, Reserved)
    assert (placed.place, placed.in_stock) == (3, False)
    # the copy is for the second, who is the first that waits
    refusal = lend(library, server, third, item)
    assert isinstance(refusal, Refused)
    assert (refusal.refusal, refusal.waiting) == (Refusal.RESERVED, 2)
    # nor is it for whoever is passed over, though they come first
    refusal = lend(library, server, asleep, item)
    assert isinstance(refusal, Refused)
    assert refusal.refusal is Refusal.RESERVED
    trapped = do(library, server, check_in, item_number=item)
    assert isinstance(trapped, CheckedIn)
    assert trapped.route == "reservation_shelf"
    assert waits(library, server, awake).reservations[0].state is State.READY


def test_on_its_day_it_waits_again_at_its_place(library: SmallLibrary, server) -> None:
    item, asleep, behind = library.item(), library.patron(), library.patron()
    key = library.reserved(asleep, item, suspended=True, resume_on=TODAY + DAY)
    library.reserved(behind, item)
    library.pass_time(days=1)
    assert isinstance(lend(library, server, behind, item), Refused)
    trapped = do(library, server, check_in, item_number=item)
    assert isinstance(trapped, CheckedIn)
    assert trapped.route == "reservation_shelf"
    (ready,) = waits(library, server, asleep).reservations
    assert (ready.reservation_id, ready.state) == (key, State.READY)


def test_what_was_put_off_is_answered_all_the_same(library: SmallLibrary, server) -> None:
    card, item = library.patron(), library.item()
    library.reserved(card, item, suspended=True)
    lent = lend(library, server, card, item)
    assert isinstance(lent, CheckedOut)
    assert lent.notices == ("was_reserved",)
    assert library.value(sa.select(t.reservation.c.state)) == "lent"
    assert waits(library, server, card).reservations == ()


# -- limits of a kind --------------------------------------------------------------------------------


def limit(library: SmallLibrary, group: str, most: int | None) -> None:
    with library.engine.connect() as connection:
        term = t.loan_term.c
        connection.execute(
            t.loan_term.update()
            .where(term.loan_group == group, term.category == "resident")
            .values(max_reservations=most)
        )


def test_so_many_of_a_kind_and_so_many_in_all(library: SmallLibrary, server) -> None:
    """DOMAIN: "6 at once per patron (a setting by kind)"."""
    limit(library, "video", 1)
    card, dvd, other, book = library.patron(), *(library.item(kind=kind) for kind in ("dvd", "dvd", "book"))
    # the first of its copies that is lent says what kind a title is
    mixed = library.item(kind="dvd", reference_only=True)
    library.item(title_id=title_of(library, mixed), kind="book")
    library.item(title_id=title_of(library, mixed), kind="dvd")
    for item in (book, mixed, dvd):
        assert isinstance(reserve(library, server, card, item), Reserved)
    refusal = reserve(library, server, card, other)
    assert isinstance(refusal, Refused)
    assert (refusal.refusal, refusal.limit) == (Refusal.KIND_LIMIT, 1)
    verdict = server.run(
        lambda connected: connected.writes.place_reservation(
            new_id(), new_id(), card, title_of(library, other), None, SOGO, library.desk()
        )
    )
    assert verdict.refusal is Refusal.KIND_LIMIT
    assert len(waits(library, server, card).reservations) == 3
    # of another category, or with the limit gone, nothing but the whole counts
    visitor = library.patron(category="wide_area")
    for item in (dvd, other):
        assert isinstance(reserve(library, server, visitor, item), Reserved)
    limit(library, "video", 0)
    refusal = reserve(library, server, library.patron(), other)
    assert isinstance(refusal, Refused)
    assert refusal.refusal is Refusal.KIND_LIMIT
    limit(library, "video", None)
    assert isinstance(reserve(library, server, card, other), Reserved)
    with library.engine.connect() as connection:
        connection.execute(t.policy.update().values(max_reservations=4))
    limit(library, "video", 2)
    refusal = reserve(library, server, card, library.item(kind="dvd"))
    assert isinstance(refusal, Refused)
    assert (refusal.refusal, refusal.limit) == (Refusal.RESERVATION_LIMIT, 4)


def test_a_copy_that_is_asked_for_says_what_kind_it_is(library: SmallLibrary, server) -> None:
    limit(library, "video", 1)
    card, book = library.patron(), library.item(kind="book")
    discs = [library.item(title_id=title_of(library, book), kind="dvd")]
    other = library.item(kind="book")
    discs.append(library.item(title_id=title_of(library, other), kind="dvd"))
    assert isinstance(reserve(library, server, card, book, item_number=discs[0]), Reserved)
    refusal = reserve(library, server, card, other, item_number=discs[1])
    assert isinstance(refusal, Refused)
    assert refusal.refusal is Refusal.KIND_LIMIT
    assert isinstance(reserve(library, server, card, other), Reserved)


# -- what is on no shelf, and what the card shows ----------------------------------------------------


def test_what_is_missing_or_left_over_is_on_no_shelf(library: SmallLibrary, server) -> None:
    item = library.item()
    title_id = title_of(library, item)
    left = library.item(title_id=title_id)
    with library.engine.connect() as connection:
        lost = t.item.c.number == item
        connection.execute(t.item.update().where(lost).values(missing_since=TODAY))
        connection.execute(
            t.shelf_leftover.insert().values(item_id=library.id_of_item(left), branch_id=MINAMI, since=TODAY)
        )
    card = server.run(lambda connected: open_title(connected, title_id=title_id, desk=library.desk()))
    assert {copy.number: (copy.place, copy.at, copy.here) for copy in card.copies} == {
        item: (Place.MISSING, "総合", False),
        left: (Place.RESERVATION_SHELF, "南", False),
    }
    found = reserve(library, server, library.patron(), item)
    assert isinstance(found, Reserved)
    assert not found.in_stock


def test_the_card_says_what_waits_where(library: SmallLibrary, server) -> None:
    card = library.patron()
    opened = open_card(library, server, card)
    assert isinstance(opened, VisitOpened)
    assert (opened.patron.travelling_reservations, opened.patron.ready_elsewhere) == (0, ())
    for branch in (SOGO, 3, MINAMI, 3):
        lies_ready(library, card, library.item(), pickup_branch_id=branch)
    lies_ready(library, library.patron(), library.item(), pickup_branch_id=3)
    travels(library, card, library.item())
    travels(library, card, library.item(), to=SOGO)
    library.reserved(card, library.item())
    opened = open_card(library, server, card)
    assert isinstance(opened, VisitOpened)
    patron = opened.patron
    assert (patron.ready_reservations, patron.travelling_reservations) == (1, 2)
    assert patron.ready_elsewhere == (ReadyElsewhere("南市民図書館", 1), ReadyElsewhere("辻堂市民図書館", 2))


def open_card(library: SmallLibrary, server, card: str) -> VisitOpened | Refused:
    return server.run(partial(open_visit, visit=new_id(), card_number=card, desk=library.desk()))
