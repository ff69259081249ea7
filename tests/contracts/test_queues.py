"""Queues on both databases: looked at, changed, moved and ended; who is passed over; limits of a kind."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from madoguchi.app.catalogue.look_up import open_title
from madoguchi.app.catalogue.search import Place
from madoguchi.app.lending.answers import CheckedIn, CheckedOut, Refused, Renewed, Reserved, VisitOpened
from madoguchi.app.lending.checkin import check_in
from madoguchi.app.lending.checkout import cancel_checkout, check_out, open_visit
from madoguchi.app.lending.facts import ReadyElsewhere
from madoguchi.app.lending.renewal import renew
from madoguchi.app.lending.reserving import place_reservation
from madoguchi.app.lending.rules import Refusal
from madoguchi.app.reservations.answers import CircleRefusal, Done, NotDone
from madoguchi.app.reservations.queues import (
    OwnReservation,
    PatronReservations,
    State,
    TitleQueue,
    cancel_reservation,
    change_reservation,
    move_reservation,
    queue_of,
    reservations_of,
)
from madoguchi.app.server import tables as t
from tests.contracts.test_patron_races import at_once
from tests.support.library import MINAMI, SOGO, TODAY, SmallLibrary, new_id

DAY = dt.timedelta(days=1)
DUE = TODAY + 14 * DAY
PLACED = TODAY - 3 * DAY


def do(library: SmallLibrary, server, act, branch: int = SOGO, login: str = "clerk", **how: object) -> Any:
    return server.run(partial(act, **{"operation": new_id(), "desk": library.desk(branch, login)} | how))


def refused(why: CircleRefusal) -> NotDone:
    return NotDone(why)


def title_of(library: SmallLibrary, item: str) -> int:
    return library.value(sa.select(t.item.c.title_id).where(t.item.c.number == item))


def waits(library: SmallLibrary, server, card: str, **at: Any) -> PatronReservations | NotDone:
    desk = library.desk(**at)
    return server.run(partial(reservations_of, visit=new_id(), card_number=card, desk=desk))


def queue(library: SmallLibrary, server, item: str, **at: Any) -> TitleQueue:
    found = server.run(partial(queue_of, title_id=title_of(library, item), desk=library.desk(**at)))
    assert isinstance(found, TitleQueue)
    return found


def order(library: SmallLibrary, server, item: str) -> list[int]:
    """The queue's reservations by their places, which have no gap."""
    rows = [row for row in queue(library, server, item).rows if row.place]
    assert [row.place for row in rows] == list(range(1, len(rows) + 1))
    return [row.reservation_id for row in rows]


def lies_ready(library: SmallLibrary, card: str, item: str, **changes: object) -> int:
    trapped = {"state": "ready", "trapped_item_id": library.id_of_item(item), "keep_until": DUE}
    return library.reserved(card, item, **trapped | changes)


def travels(library: SmallLibrary, card: str, item: str, to: int = MINAMI) -> int:
    with library.engine.connect() as connection:
        connection.execute(
            t.transit.insert().values(item_id=library.id_of_item(item), to_branch_id=to, since=TODAY)
        )
    trapped = {"state": "in_transit", "trapped_item_id": library.id_of_item(item)}
    return library.reserved(card, item, pickup_branch_id=to, **trapped)


def contractor(library: SmallLibrary, branch: int = 3) -> None:
    library.add_staff("itaku", "contract_staff", "委託 次郎", branches=[branch])


# -- looked at ---------------------------------------------------------------------------------------


def test_what_a_patron_waits_for(library: SmallLibrary, server) -> None:
    card, other = library.patron(name="見本 花子"), library.patron()
    wanted, volume, ready, away = (library.item() for _ in range(4))
    first = library.reserved(other, wanted)
    waiting = library.reserved(card, wanted, pickup_branch_id=MINAMI)
    library.reserved(library.patron(), wanted)
    asleep = library.reserved(
        card, volume, item_id=library.id_of_item(volume), suspended=True, resume_on=TODAY + DAY
    )
    travelling = travels(library, card, away)
    lying = lies_ready(library, card, ready)
    found = waits(library, server, card)
    assert isinstance(found, PatronReservations)
    assert (found.patron_id, found.name, found.card_number, found.today, found.limit) == (
        library.id_of_patron(card),
        "見本 花子",
        card,
        TODAY,
        6,
    )
    assert [row.reservation_id for row in found.reservations] == [lying, travelling, waiting, asleep]
    assert [row.state for row in found.reservations] == [
        State.READY,
        State.IN_TRANSIT,
        State.WAITING,
        State.SUSPENDED,
    ]
    assert [(row.place, row.waiting) for row in found.reservations] == [(0, 0), (0, 0), (2, 3), (1, 1)]
    assert [(row.keep_until, row.resume_on) for row in found.reservations] == [
        (DUE, None),
        (None, None),
        (None, None),
        (None, TODAY + DAY),
    ]
    assert [row.here for row in found.reservations] == [True, False, False, True]
    title_id = title_of(library, wanted)
    title = library.value(sa.select(t.title.c.title).where(t.title.c.id == title_id))
    assert found.reservations[2] == OwnReservation(
        waiting,
        title_id,
        title,
        "夏目 漱石",
        "",
        MINAMI,
        "南市民図書館",
        PLACED,
        State.WAITING,
        2,
        3,
        None,
        None,
        here=False,
    )
    assert found.reservations[3].item_number == volume
    # on the day itself it waits again, by itself
    library.pass_time(days=1)
    again = waits(library, server, card, branch_id=MINAMI).reservations
    assert (again[3].state, again[3].resume_on) == (State.WAITING, None)
    assert [row.here for row in again] == [False, True, True, False]
    # one that was lent is none
    loan = library.lent(other, wanted, due_on=DUE)
    with library.engine.connect() as connection:
        connection.execute(
            t.reservation.update().where(t.reservation.c.id == first).values(state="lent", loan_id=loan)
        )
    assert waits(library, server, other).reservations == ()
    assert waits(library, server, card).reservations[2].place == 1
    assert waits(library, server, "2999999999") == refused(CircleRefusal.UNKNOWN_CARD)
    assert waits(library, server, "\ud800") == refused(CircleRefusal.UNKNOWN_CARD)
    library.patron(lost_card="2988888888")
    assert waits(library, server, "2988888888") == refused(CircleRefusal.CARD_LOST)


def test_a_titles_queue_says_places_and_nobodys_name(library: SmallLibrary, server) -> None:
    item = library.item()
    other = library.item(title_id=title_of(library, item))
    cards = [
        library.patron(name="見本 花子", kana=kana, branch_id=branch)
        for kana, branch in (("ア ヤ", 3), ("イ ロ", SOGO), ("ウ メ", SOGO), ("エ ミ", None))
    ]
    last = library.reserved(cards[0], item, item_id=library.id_of_item(other))
    asleep = library.reserved(cards[1], item, suspended=True)
    away, lying = travels(library, cards[2], other), lies_ready(library, cards[3], item)
    found = queue(library, server, item)
    assert found.title == library.value(sa.select(t.title.c.title))
    assert (found.title_id, found.today) == (title_of(library, item), TODAY)
    assert "見本" not in f"{found}{[vars_of(row) for row in found.rows]}"
    assert [(row.reservation_id, row.place, row.state) for row in found.rows] == [
        (lying, 0, State.READY),
        (away, 0, State.IN_TRANSIT),
        (last, 1, State.WAITING),
        (asleep, 2, State.SUSPENDED),
    ]
    assert [(row.number_end, row.kana_initial) for row in found.rows] == [
        (card[-4:], kana) for card, kana in zip(reversed(cards), "エウアイ", strict=True) if kana in "エウ"
    ] + [(cards[0][-4:], "ア"), (cards[1][-4:], "イ")]
    assert [row.item_number for row in found.rows] == ["", "", other, ""]
    assert [row.placed_on for row in found.rows] == [PLACED] * 4
    assert [row.keep_until for row in found.rows] == [DUE, None, None, None]
    assert [row.pickup_branch for row in found.rows][1] == "南市民図書館"
    # contract staff see the places; whose they are, of the patrons of their branches
    contractor(library)
    seen = queue(library, server, item, branch_id=3, login="itaku")
    assert [row.place for row in seen.rows] == [0, 0, 1, 2]
    assert [(row.number_end, row.kana_initial) for row in seen.rows] == [
        ("", ""),
        ("", ""),
        (cards[0][-4:], "ア"),
        ("", ""),
    ]
    gone = server.run(partial(queue_of, title_id=987_654, desk=library.desk()))
    assert gone == refused(CircleRefusal.UNKNOWN_TITLE)


def vars_of(row: object) -> list[object]:
    return [getattr(row, name) for name in row.__slots__]


# -- changed -----------------------------------------------------------------------------------------


def test_the_branch_is_changed_and_the_place_stays(library: SmallLibrary, server) -> None:
    item, first, second = library.item(), library.patron(), library.patron()
    mine, theirs = library.reserved(first, item), library.reserved(second, item)
    operation = new_id()
    to_minami = {"reservation_id": mine, "pickup_branch_id": MINAMI, "suspended": False, "resume_on": None}
    for _ in range(2):
        answer = do(library, server, change_reservation, operation=operation, **to_minami)
        assert answer == Done(operation)
    assert order(library, server, item) == [mine, theirs]
    assert waits(library, server, first).reservations[0].pickup_branch_id == MINAMI
    # the same id about another reservation, or another act, is another act
    for act, how in (
        (change_reservation, to_minami | {"reservation_id": theirs}),
        (cancel_reservation, {"reservation_id": mine, "reason": ""}),
        (move_reservation, {"reservation_id": mine, "place": 2, "reason": "公平のため"}),
    ):
        assert do(library, server, act, operation=operation, **how) == refused(CircleRefusal.NOT_ALLOWED)
    assert order(library, server, item) == [mine, theirs]
    for wrong, why in (
        ({"pickup_branch_id": 99}, CircleRefusal.NOT_ALLOWED),
        ({"resume_on": TODAY + DAY}, CircleRefusal.NOT_ALLOWED),
        ({"suspended": True, "resume_on": TODAY}, CircleRefusal.NOT_ALLOWED),
        ({"suspended": True, "resume_on": TODAY + 3661 * DAY}, CircleRefusal.NOT_ALLOWED),
        ({"reservation_id": 987_654}, CircleRefusal.UNKNOWN_RESERVATION),
    ):
        assert do(library, server, change_reservation, **to_minami | wrong) == refused(why), wrong
    called_off = new_id()
    server.run(partial(cancel_checkout, operation=called_off))
    answer = do(library, server, change_reservation, operation=called_off, **to_minami)
    assert answer == refused(CircleRefusal.CANCELLED)


@pytest.mark.parametrize("found", [lies_ready, travels])
def test_what_a_copy_was_found_for_is_neither_changed_nor_moved(library: SmallLibrary, server, found) -> None:
    item, card = library.item(), library.patron()
    key = found(library, card, item)
    before = library.rows(sa.select(t.reservation))
    change = {"pickup_branch_id": 3, "suspended": True, "resume_on": None}
    for act, how in ((change_reservation, change), (move_reservation, {"place": 1, "reason": "順番"})):
        answer = do(library, server, act, reservation_id=key, **how)
        assert answer == refused(CircleRefusal.NOT_WAITING)
    assert library.rows(sa.select(t.reservation)) == before


def test_moving_gives_another_place_and_keeps_the_day(library: SmallLibrary, server) -> None:
    item = library.item()
    # all at one moment: their keys say the order
    keys = [library.reserved(library.patron(), item, placed_at=library.now) for _ in range(4)]
    one, two, three, four = keys
    with library.engine.connect() as connection:
        connection.execute(t.reservation.update().where(t.reservation.c.id == two).values(suspended=True))

    def move(key: int, place: int, **how: object) -> Any:
        return do(library, server, move_reservation, **{"reason": "順番の誤り"} | how | {
            "reservation_id": key, "place": place
        })  # fmt: skip

    library.pass_time(days=2)
    for key, place, expected in (
        (four, 1, [four, one, two, three]),
        (four, 3, [one, two, four, three]),
        (one, 99, [two, four, three, one]),
        (three, 2, [two, three, four, one]),
        (three, 2, [two, three, four, one]),
        (one, 4, [two, three, four, one]),
        (two, 2, [three, two, four, one]),
    ):
        operation = new_id()
        for _ in range(2):
            assert move(key, place, operation=operation) == Done(operation)
        assert order(library, server, item) == expected
    assert {row.placed_on for row in queue(library, server, item).rows} == {TODAY}
    # whoever reserves now is the last
    card = library.patron()
    reserved = do(
        library,
        server,
        place_reservation,
        visit=new_id(),
        card_number=card,
        title_id=title_of(library, item),
        pickup_branch_id=SOGO,
    )
    assert isinstance(reserved, Reserved)
    assert reserved.place == 5
    kept = library.rows(sa.select(t.reservation_reason).order_by(t.reservation_reason.c.given_on))
    assert len(kept) == 7
    assert {(row["reason"], row["login"], row["given_on"]) for row in kept} == {
        ("順番の誤り", "clerk", TODAY + 2 * DAY)
    }
    for wrong, why in (
        ({"reason": ""}, CircleRefusal.REASON_NEEDED),
        ({"reason": " \u3000"}, CircleRefusal.REASON_NEEDED),
        ({"reason": "長" * 201}, CircleRefusal.NOT_ALLOWED),
        ({"reason": "\u202e順"}, CircleRefusal.NOT_ALLOWED),
        ({"reason": "\0"}, CircleRefusal.NOT_ALLOWED),
    ):
        assert move(one, 1, **wrong) == refused(why), wrong
    assert move(one, 0) == refused(CircleRefusal.NOT_ALLOWED)
    assert move(987_654, 1) == refused(CircleRefusal.UNKNOWN_RESERVATION)
    assert order(library, server, item)[:4] == [three, two, four, one]


# -- ended -------------------------------------------------------------------------------------------


def test_cancelling_leaves_no_trace_of_who_wanted_what(library: SmallLibrary, server) -> None:
    card, item = library.patron(), library.item(kind="cd")
    key, operation = library.reserved(card, item), new_id()
    behind = library.reserved(library.patron(), item)
    for _ in range(2):
        answer = do(
            library,
            server,
            cancel_reservation,
            branch=MINAMI,
            operation=operation,
            reservation_id=key,
            reason="電話で申し出",
        )
        assert answer == Done(operation)
    assert order(library, server, item) == [behind]
    [counted] = library.rows(sa.select(t.statistic))
    assert (counted["act"], counted["branch_id"], counted["amount"]) == ("cancellation", MINAMI, 1)
    assert (counted["kind"], counted["ndc_class"], counted["category"]) == ("cd", "9", "resident")
    [reason] = library.rows(sa.select(t.reservation_reason))
    assert (reason["reservation_id"], reason["reason"]) == (None, "電話で申し出")
    assert library.value(sa.select(sa.func.count()).select_from(t.shelf_leftover)) == 0
    assert do(library, server, cancel_reservation, reservation_id=key, reason="") == refused(
        CircleRefusal.UNKNOWN_RESERVATION
    )
    assert do(library, server, cancel_reservation, reservation_id=behind, reason="x" * 201) == refused(
        CircleRefusal.NOT_ALLOWED
    )
    assert isinstance(do(library, server, cancel_reservation, reservation_id=behind, reason=""), Done)
    assert queue(library, server, item).rows == ()
    assert len(library.rows(sa.select(t.reservation_reason))) == 1


def test_a_copy_that_lay_ready_is_to_be_cleared_away(library: SmallLibrary, server) -> None:
    card, item = library.patron(), library.item()
    key, operation = lies_ready(library, card, item, pickup_branch_id=MINAMI), new_id()
    with library.engine.connect() as connection:
        told = {"reservation_id": key, "way": "telephone", "outcome": "reached", "told_on": TODAY}
        connection.execute(t.telling.insert().values(id=new_id(), login="clerk", **told))
    for _ in range(2):
        answer = do(library, server, cancel_reservation, operation=operation, reservation_id=key, reason="")
        assert answer == Done(operation, to_clear=True)
    assert library.rows(sa.select(t.shelf_leftover)) == [
        {"item_id": library.id_of_item(item), "branch_id": MINAMI, "since": TODAY}
    ]
    for table in (t.reservation, t.telling):
        assert library.rows(sa.select(table)) == []


def test_a_copy_on_its_way_goes_on(library: SmallLibrary, server) -> None:
    item, behind = library.item(), library.patron()
    key = travels(library, library.patron(), item)
    operation = new_id()
    answer = do(library, server, cancel_reservation, operation=operation, reservation_id=key, reason="")
    assert answer == Done(operation)
    assert [row["to_branch_id"] for row in library.rows(sa.select(t.transit))] == [MINAMI]
    # it arrives, and is for whoever is next
    library.reserved(behind, item, pickup_branch_id=MINAMI)
    arrived = do(library, server, check_in, branch=MINAMI, item_number=item)
    assert isinstance(arrived, CheckedIn)
    assert arrived.route == "reservation_shelf"


def test_one_that_was_lent_is_none_any_more(library: SmallLibrary, server) -> None:
    card, item = library.patron(), library.item()
    key = library.reserved(card, item)
    lent = do(library, server, check_out, visit=new_id(), card_number=card, item_number=item)
    assert isinstance(lent, CheckedOut)
    for act, how in (
        (cancel_reservation, {"reason": ""}),
        (move_reservation, {"reason": "順番", "place": 1}),
        (change_reservation, {"pickup_branch_id": SOGO, "suspended": False, "resume_on": None}),
    ):
        answer = do(library, server, act, reservation_id=key, **how)
        assert answer == refused(CircleRefusal.UNKNOWN_RESERVATION)


def test_contract_staff_touch_those_of_their_branches(library: SmallLibrary, server) -> None:
    contractor(library)
    item = library.item()
    theirs, own = (library.reserved(library.patron(branch_id=branch), item) for branch in (SOGO, 3))
    before = library.rows(sa.select(t.reservation))
    acts = (
        (move_reservation, {"reason": "順番", "place": 2}),
        (change_reservation, {"pickup_branch_id": 3, "suspended": True, "resume_on": None}),
        (cancel_reservation, {"reason": ""}),
    )
    at = {"branch": 3, "login": "itaku"}
    for act, how in acts:
        answer = do(library, server, act, reservation_id=theirs, **how, **at)
        assert answer == refused(CircleRefusal.NOT_ALLOWED)
    assert library.rows(sa.select(t.reservation)) == before
    for act, how in acts:
        assert isinstance(do(library, server, act, reservation_id=own, **how, **at), Done)
    assert order(library, server, item) == [theirs]


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


# -- several at once ---------------------------------------------------------------------------------

ROUNDS = 12


def test_ended_while_it_is_trapped_lent_or_ended(library: SmallLibrary) -> None:
    library.let_look_freely()
    items = [library.item() for _ in range(3 * ROUNDS)]
    cards = [library.patron() for _ in items]
    keys = [library.reserved(card, item) for card, item in zip(cards, items, strict=True)]
    desk = library.desk()
    ends = [
        partial(cancel_reservation, operation=new_id(), reservation_id=key, reason="", desk=desk)
        for key in keys
    ]
    traps = [partial(check_in, operation=new_id(), item_number=item, desk=desk) for item in items[:ROUNDS]]
    lends = [
        partial(check_out, operation=new_id(), visit=new_id(), card_number=card, item_number=item, desk=desk)
        for card, item in zip(cards[ROUNDS : 2 * ROUNDS], items[ROUNDS : 2 * ROUNDS], strict=True)
    ]
    again = [
        partial(cancel_reservation, operation=new_id(), reservation_id=key, reason="", desk=desk)
        for key in keys[2 * ROUNDS :]
    ]
    answers = at_once(library, list(zip(ends, [*traps, *lends, *again], strict=True)))
    left = {row["item_id"] for row in library.rows(sa.select(t.shelf_leftover))}
    gone = refused(CircleRefusal.UNKNOWN_RESERVATION)
    for place, (ended, other) in enumerate(answers):
        if place < ROUNDS:
            # a slip that says where it goes is true of what is left: on the shelf it is to be cleared away
            assert isinstance(ended, Done)
            trapped = isinstance(other, CheckedIn) and other.route == "reservation_shelf"
            assert ended.to_clear is trapped is (library.id_of_item(items[place]) in left)
        elif place < 2 * ROUNDS:
            assert isinstance(other, CheckedOut)
            was_reserved = "was_reserved" in other.notices
            assert ended == gone if was_reserved else isinstance(ended, Done)
        else:
            assert gone in (ended, other)
            assert isinstance(ended, Done) is not isinstance(other, Done)
    assert library.rows(sa.select(t.reservation).where(t.reservation.c.state != "lent")) == []


def test_places_given_at_once_are_places_all_the_same(library: SmallLibrary, server) -> None:
    library.let_look_freely()
    item, desk = library.item(), library.desk()
    keys = [library.reserved(library.patron(), item, placed_at=library.now) for _ in range(4)]
    cards = [library.patron() for _ in range(ROUNDS)]

    def moved(key: int, place: int) -> Any:
        return partial(
            move_reservation,
            operation=new_id(),
            reservation_id=key,
            place=place,
            reason="順番",
            desk=desk,
        )

    rounds = [(moved(keys[place % 4], 1), moved(keys[(place + 1) % 4], 1)) for place in range(ROUNDS)]
    placing = [
        (
            moved(keys[place % 4], 99),
            partial(
                place_reservation,
                operation=new_id(),
                visit=new_id(),
                card_number=card,
                title_id=title_of(library, item),
                pickup_branch_id=SOGO,
                desk=desk,
            ),
        )
        for place, card in enumerate(cards)
    ]
    for one, other in at_once(library, rounds):
        assert isinstance(one, Done)
        assert isinstance(other, Done)
    assert sorted(order(library, server, item)) == sorted(keys)
    answers = at_once(library, placing)
    assert [reserved.place for _, reserved in answers] == list(range(5, 5 + ROUNDS))
    assert len(order(library, server, item)) == 4 + ROUNDS
