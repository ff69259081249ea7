"""Checkout on both databases: every rule of DOMAIN, "Loans", and every way an act is repeated."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest
import sqlalchemy as sa

from madoguchi.app.lending.answers import CheckedOut, Notice, Refused, VisitOpened
from madoguchi.app.lending.checkout import cancel_checkout, check_out, open_visit, override
from madoguchi.app.lending.rules import Refusal
from madoguchi.app.server import tables as t
from tests.support.library import MINAMI, SOGO, TODAY, SmallLibrary, new_id

DUE = TODAY + dt.timedelta(days=14)


def lend(library, server, card, item, **changes):
    """Lends at the main library, under a new operation and visit unless they are given."""
    values = {
        "operation": new_id(),
        "visit": new_id(),
        "card_number": card,
        "item_number": item,
        "desk": library.desk(),
    }
    return server.run(partial(check_out, **values | changes))


def allow(library, server, card, item, visit, refusal, login="clerk"):
    """Sets a refusal aside for a visit, after it was met with an item."""
    return server.run(
        partial(
            override,
            operation=new_id(),
            visit=visit,
            card_number=card,
            item_number=item,
            refusal=refusal,
            reason="窓口で確認した",
            desk=library.desk(login=login),
        )
    )


def test_an_item_is_lent_for_fourteen_days(library: SmallLibrary, server) -> None:
    card, item = library.patron(), library.item()
    answer = lend(library, server, card, item)
    assert isinstance(answer, CheckedOut)
    assert answer.due_on == DUE
    assert answer.item.number == item
    assert (answer.use.open_loans, answer.use.max_loans) == (1, 10)
    assert answer.notices == ()
    assert library.value(sa.select(t.patron.c.last_used_on)) == TODAY


def test_a_due_date_on_a_closed_day_moves_to_the_next_open_one(library: SmallLibrary, server) -> None:
    # 14 days after Monday 11 May is a Monday, on which 南 is closed
    library.pass_time(days=-1)
    card, item, other = library.patron(), library.item(), library.item()
    answer = lend(library, server, card, item, desk=library.desk(MINAMI))
    assert answer.due_on == dt.date(2026, 5, 26)
    assert lend(library, server, card, other, desk=library.desk(SOGO)).due_on == dt.date(2026, 5, 25)


@pytest.mark.parametrize(("kind", "limit"), [("book", 10), ("cd", 5), ("dvd", 2)])
def test_each_group_of_kinds_has_its_limit(library: SmallLibrary, server, kind: str, limit: int) -> None:
    card = library.patron()
    answers = [lend(library, server, card, library.item(kind=kind)) for _ in range(limit + 1)]
    assert [type(answer) for answer in answers] == [CheckedOut] * limit + [Refused]
    assert answers[-1].refusal is Refusal.OVER_LIMIT
    assert answers[-1].may_override
    assert answers[-1].limit == limit
    other = "cd" if kind == "book" else "book"
    assert isinstance(lend(library, server, card, library.item(kind=other)), CheckedOut)


def test_kinds_of_one_group_count_together(library: SmallLibrary, server) -> None:
    card = library.patron()
    for kind in ["book", "magazine", "kamishibai"] * 3 + ["book"]:
        assert isinstance(lend(library, server, card, library.item(kind=kind)), CheckedOut)
    assert lend(library, server, card, library.item(kind="kamishibai")).refusal is Refusal.OVER_LIMIT


@pytest.mark.parametrize(("days", "refused"), [(30, False), (31, True)])
def test_more_than_thirty_days_overdue_stops_new_loans(
    library: SmallLibrary, server, days: int, refused: bool
) -> None:
    card = library.patron()
    library.lent(card, library.item(), due_on=TODAY - dt.timedelta(days=days))
    answer = lend(library, server, card, library.item())
    assert isinstance(answer, Refused) is refused
    if refused:
        assert answer.refusal is Refusal.OVERDUE_BLOCK


@pytest.mark.parametrize(
    ("last_used_on", "refused"), [(dt.date(2023, 5, 12), False), (dt.date(2023, 5, 11), True)]
)
def test_a_card_idle_for_three_years_stops_working(
    library: SmallLibrary, server, last_used_on: dt.date, refused: bool
) -> None:
    answer = lend(library, server, library.patron(last_used_on=last_used_on), library.item())
    assert isinstance(answer, Refused) is refused
    if refused:
        assert answer.refusal is Refusal.CARD_IDLE


def test_a_lost_card_is_refused_and_its_replacement_works(library: SmallLibrary, server) -> None:
    card = library.patron(lost_card="2999999999")
    item = library.item()
    assert lend(library, server, "2999999999", item).refusal is Refusal.CARD_LOST
    opened = server.run(partial(open_visit, visit=new_id(), card_number="2999999999", desk=library.desk()))
    assert opened == Refused(Refusal.CARD_LOST)
    assert isinstance(lend(library, server, card, item), CheckedOut)


def test_unknown_numbers(library: SmallLibrary, server) -> None:
    card, item = library.patron(), library.item()
    assert lend(library, server, "2000000000", item).refusal is Refusal.UNKNOWN_CARD
    assert lend(library, server, card, "1000000000").refusal is Refusal.UNKNOWN_ITEM


def test_reference_material_is_not_lent(library: SmallLibrary, server) -> None:
    answer = lend(library, server, library.patron(), library.item(reference_only=True))
    assert answer.refusal is Refusal.REFERENCE_ONLY


def test_on_loan_to_the_same_patron_and_to_another_are_two_answers(library: SmallLibrary, server) -> None:
    first, second, item = library.patron(), library.patron(), library.item()
    lend(library, server, first, item)
    again, other = lend(library, server, first, item), lend(library, server, second, item)
    assert again.refusal is Refusal.ON_LOAN_TO_PATRON
    assert again.due_on == DUE
    assert other.refusal is Refusal.ON_LOAN_TO_OTHER
    assert not again.may_override
    assert not other.may_override


def test_a_title_others_wait_for_is_not_lent(library: SmallLibrary, server) -> None:
    card, first, second, item = library.patron(), library.patron(), library.patron(), library.item()
    library.reserved(first, item)
    library.reserved(second, item)
    answer = lend(library, server, card, item)
    assert answer.refusal is Refusal.RESERVED
    assert answer.waiting == 2
    assert lend(library, server, second, item).refusal is Refusal.RESERVED
    lent = lend(library, server, first, item)
    assert lent.notices == (Notice.WAS_RESERVED,)
    assert [row["state"] for row in library.rows(sa.select(t.reservation).order_by(t.reservation.c.id))] == [
        "lent",
        "waiting",
    ]


def test_a_reservation_of_another_copy_does_not_hold_this_one(library: SmallLibrary, server) -> None:
    wanted = library.item()
    title_id = library.value(sa.select(t.item.c.title_id).where(t.item.c.number == wanted))
    this = library.item(title_id=title_id)
    library.reserved(library.patron(), wanted, item_id=library.id_of_item(wanted))
    assert isinstance(lend(library, server, library.patron(), this), CheckedOut)
    assert lend(library, server, library.patron(), wanted).refusal is Refusal.RESERVED


def test_an_item_on_the_reservation_shelf_goes_to_its_patron_alone(library: SmallLibrary, server) -> None:
    owner, other, item = library.patron(), library.patron(), library.item()
    library.reserved(owner, item, state="ready", trapped_item_id=library.id_of_item(item), keep_until=TODAY)
    assert lend(library, server, other, item).refusal is Refusal.RESERVED
    assert lend(library, server, owner, item).notices == (Notice.WAS_RESERVED,)


def test_what_lies_with_an_item_and_its_note_are_shown(library: SmallLibrary, server) -> None:
    item = library.item(attachments="CD 1枚", note="書込みあり")
    answer = lend(library, server, library.patron(), item)
    assert answer.notices == (Notice.ATTACHMENTS, Notice.ITEM_NOTE)
    assert (answer.item.attachments, answer.item.note) == ("CD 1枚", "書込みあり")


def test_a_manual_due_date_may_be_earlier_but_not_later(library: SmallLibrary, server) -> None:
    card, visit = library.patron(), new_id()
    early, late = TODAY + dt.timedelta(days=3), DUE + dt.timedelta(days=1)
    assert lend(library, server, card, library.item(), wished_due=early).due_on == early
    assert lend(library, server, card, library.item(), wished_due=TODAY).due_on == TODAY
    past = lend(library, server, card, library.item(), wished_due=TODAY - dt.timedelta(days=1))
    assert past.refusal is Refusal.DUE_IN_PAST
    item = library.item()
    refused = lend(library, server, card, item, visit=visit, wished_due=late)
    assert refused.refusal is Refusal.DUE_TOO_LATE
    allow(library, server, card, item, visit, Refusal.DUE_TOO_LATE)
    assert lend(library, server, card, item, visit=visit, wished_due=late).due_on == late
    # a day that the clerk has set is set for the visit: it is no matter of one item
    assert lend(library, server, card, library.item(), visit=visit, wished_due=late).due_on == late
    assert lend(library, server, card, library.item(), wished_due=late).refusal is Refusal.DUE_TOO_LATE


def test_repeating_an_operation_changes_nothing_and_answers_the_same(library: SmallLibrary, server) -> None:
    card, item, operation = library.patron(), library.item(), new_id()
    first = lend(library, server, card, item, operation=operation)
    assert lend(library, library.server(), card, item, operation=operation) == first
    assert library.open_loans(card) == 1
    assert len(library.rows(sa.select(t.statistic))) == 1


def test_a_refusal_writes_nothing_and_may_be_asked_again(library: SmallLibrary, server) -> None:
    card, other, item, operation = library.patron(), library.patron(), library.item(), new_id()
    loan = library.lent(other, item, due_on=DUE)
    assert lend(library, server, card, item, operation=operation).refusal is Refusal.ON_LOAN_TO_OTHER
    assert library.rows(sa.select(t.operation)) == []
    with library.engine.connect() as connection:
        connection.execute(t.loan.delete().where(t.loan.c.id == loan))
    assert isinstance(lend(library, server, card, item, operation=operation), CheckedOut)


def test_a_cancelled_operation_is_not_done_even_if_it_arrives_later(library: SmallLibrary, server) -> None:
    card, item, late, done = library.patron(), library.item(), new_id(), new_id()
    server.run(partial(cancel_checkout, operation=late))
    assert lend(library, server, card, item, operation=late).refusal is Refusal.CANCELLED
    assert library.open_loans(card) == 0
    lend(library, server, card, item, operation=done)
    server.run(partial(cancel_checkout, operation=done))
    server.run(partial(cancel_checkout, operation=done))
    assert library.open_loans(card) == 0
    assert library.value(sa.select(sa.func.sum(t.statistic.c.amount))) == 0
    assert isinstance(lend(library, server, card, item), CheckedOut)


def test_cancelling_gives_a_reservation_back(library: SmallLibrary, server) -> None:
    card, item, operation = library.patron(), library.item(), new_id()
    library.reserved(card, item, state="ready", trapped_item_id=library.id_of_item(item), keep_until=TODAY)
    lend(library, server, card, item, operation=operation)
    server.run(partial(cancel_checkout, operation=operation))
    assert library.value(sa.select(t.reservation.c.state)) == "ready"


def test_statistics_keep_no_person(library: SmallLibrary, server) -> None:
    lend(library, server, library.patron(birth_date=dt.date(2018, 5, 13)), library.item())
    row = library.rows(sa.select(t.statistic))[0]
    del row["id"]
    assert row == {
        "day": TODAY,
        "hour": 10,
        "branch_id": SOGO,
        "act": "checkout",
        "kind": "book",
        "ndc_class": "9",
        "age_band": "7-12",
        "category": "resident",
        "amount": 1,
    }


def test_the_panel_shows_how_a_patron_stands(library: SmallLibrary, server) -> None:
    card = library.patron(note="大活字本を希望")
    library.lent(card, library.item(), due_on=TODAY - dt.timedelta(days=3))
    library.lent(card, library.item(kind="cd"), due_on=TODAY)
    item = library.item()
    library.reserved(card, item, state="ready", trapped_item_id=library.id_of_item(item), keep_until=TODAY)
    visit = new_id()
    opened = server.run(partial(open_visit, visit=visit, card_number=card, desk=library.desk()))
    assert isinstance(opened, VisitOpened)
    patron = opened.patron
    assert [(use.group.value, use.open_loans, use.max_loans) for use in patron.uses] == [
        ("print", 1, 10),
        ("audio", 1, 5),
        ("video", 0, 2),
    ]
    assert (patron.overdue_items, opened.overdue_days, opened.blocked) == (1, 3, False)
    assert (patron.ready_reservations, patron.note, patron.category) == (
        1,
        "大活字本を希望",
        "一般・市内在住",
    )
    assert opened.valid_until == dt.date(2029, 4, 22)
    assert (opened.visit, opened.card_idle) == (visit, False)
    unknown = server.run(partial(open_visit, visit=visit, card_number="2000000000", desk=library.desk()))
    assert unknown == Refused(Refusal.UNKNOWN_CARD)
