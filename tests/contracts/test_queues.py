"""Queues on both databases: looked at, changed, moved and ended; who is passed over; limits of a kind."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from madoguchi.app.lending.answers import CheckedIn, CheckedOut, Reserved
from madoguchi.app.lending.checkin import check_in
from madoguchi.app.lending.checkout import cancel_checkout, check_out
from madoguchi.app.lending.reserving import place_reservation
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
