"""Overrides on both databases: what a reason holds for, who gives it, and that it forgets the item."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest
import sqlalchemy as sa

from madoguchi.app.lending.answers import CheckedIn, CheckedOut, OverrideGranted, Refused, ReturnUndone
from madoguchi.app.lending.checkin import check_in, undo_return
from madoguchi.app.lending.checkout import cancel_checkout, check_out, override
from madoguchi.app.lending.rules import ABOUT_THE_ITEM, Refusal
from madoguchi.app.server import tables as t
from madoguchi.app.server.tables.columns import UtcDateTime
from tests.contracts.test_checkout import allow, lend
from tests.support.library import TODAY, SmallLibrary, new_id

DUE = TODAY + dt.timedelta(days=14)


@pytest.mark.parametrize("refusal", [Refusal.OVER_LIMIT, Refusal.OVERDUE_BLOCK, Refusal.CARD_IDLE])
def test_an_override_about_the_patron_lasts_for_their_visit(
    library: SmallLibrary, server, refusal: Refusal
) -> None:
    card = library.patron(last_used_on=dt.date(2020, 1, 1) if refusal is Refusal.CARD_IDLE else TODAY)
    if refusal is Refusal.OVER_LIMIT:
        for _ in range(10):
            library.lent(card, library.item(), due_on=DUE)
    if refusal is Refusal.OVERDUE_BLOCK:
        library.lent(card, library.item(), due_on=TODAY - dt.timedelta(days=40))
    visit = new_id()
    item = library.item()
    assert lend(library, server, card, item, visit=visit).refusal is refusal
    assert allow(library, server, card, item, visit, refusal) == OverrideGranted(refusal)
    assert isinstance(lend(library, server, card, item, visit=visit), CheckedOut)
    if refusal is not Refusal.CARD_IDLE:  # that one is over once the card has been used
        another = library.item()
        assert lend(library, server, card, another).refusal is refusal
        assert isinstance(lend(library, server, card, another, visit=visit), CheckedOut)
    row = library.rows(sa.select(t.loan_override))[0]
    assert (row["login"], row["reason"], row["refusal"]) == ("clerk", "窓口で確認した", refusal.value)
    # of what is about the patron no item is recorded
    assert (row["item_id"], row["item_erased"]) == (None, False)


def _refused_item(library: SmallLibrary, refusal: Refusal) -> str:
    """An item that is refused for what it is: it stays in the house, or lies ready for somebody else."""
    if refusal is Refusal.REFERENCE_ONLY:
        return library.item(reference_only=True)
    item = library.item()
    library.reserved(
        library.patron(), item, state="ready", trapped_item_id=library.id_of_item(item), keep_until=TODAY
    )
    return item


@pytest.mark.parametrize("refusal", sorted(ABOUT_THE_ITEM))
def test_an_override_about_an_item_holds_for_that_item_alone(
    library: SmallLibrary, server, refusal: Refusal
) -> None:
    card, visit, operation = library.patron(), new_id(), new_id()
    this, that = _refused_item(library, refusal), _refused_item(library, refusal)
    assert lend(library, server, card, this, visit=visit).refusal is refusal
    assert allow(library, server, card, this, visit, refusal) == OverrideGranted(refusal)
    assert lend(library, server, card, that, visit=visit).refusal is refusal
    assert lend(library, server, card, this).refusal is refusal  # in another visit
    lent = lend(library, server, card, this, visit=visit, operation=operation)
    assert isinstance(lent, CheckedOut)
    assert lend(library, server, card, that, visit=visit).refusal is refusal
    # scanned again after it was called off: the reason still stands
    server.run(partial(cancel_checkout, operation=operation))
    assert isinstance(lend(library, server, card, this, visit=visit), CheckedOut)
    assert library.rows(sa.select(t.loan_override.c.refusal, t.loan_override.c.item_id)) == [
        {"refusal": refusal.value, "item_id": library.id_of_item(this)}
    ]


def test_each_item_has_its_own_override_and_each_is_on_record_once(library: SmallLibrary, server) -> None:
    card, visit = library.patron(), new_id()
    items = [_refused_item(library, Refusal.RESERVED) for _ in range(3)]
    for item in items[:2] * 2:
        assert not isinstance(allow(library, server, card, item, visit, Refusal.RESERVED), Refused)
    answers = [lend(library, server, card, item, visit=visit) for item in items]
    assert [type(answer) for answer in answers] == [CheckedOut, CheckedOut, Refused]
    recorded = library.rows(sa.select(t.loan_override.c.item_id).order_by(t.loan_override.c.item_id))
    assert [row["item_id"] for row in recorded] == sorted(library.id_of_item(item) for item in items[:2])


def test_an_override_about_one_reason_is_none_about_the_other(library: SmallLibrary, server) -> None:
    card, visit, item = library.patron(), new_id(), library.item(reference_only=True)
    # it lay ready for somebody when it became a reference work
    lying = {"state": "ready", "trapped_item_id": library.id_of_item(item), "keep_until": TODAY}
    library.reserved(library.patron(), item, **lying)
    allow(library, server, card, item, visit, Refusal.REFERENCE_ONLY)
    assert lend(library, server, card, item, visit=visit).refusal is Refusal.RESERVED
    allow(library, server, card, item, visit, Refusal.RESERVED)
    assert isinstance(lend(library, server, card, item, visit=visit), CheckedOut)


def test_an_override_given_at_one_desk_is_none_at_the_next(library: SmallLibrary, server) -> None:
    """The same patron before another clerk: another visit."""
    card, item, visit = library.patron(), _refused_item(library, Refusal.RESERVED), new_id()
    library.add_staff("second", "counter_staff", "訓練 次郎")
    allow(library, server, card, item, visit, Refusal.RESERVED)
    desk = library.desk(login="second")
    assert lend(library, library.server(), card, item, desk=desk).refusal is Refusal.RESERVED
    assert isinstance(lend(library, server, card, item, visit=visit), CheckedOut)


def test_nobody_without_the_permission_sets_an_item_aside(library: SmallLibrary, server) -> None:
    card, item, visit = library.patron(), _refused_item(library, Refusal.RESERVED), new_id()
    denied = allow(library, server, card, item, visit, Refusal.RESERVED, login="keeper")
    assert denied == Refused(Refusal.NOT_ALLOWED)
    assert lend(library, server, card, item, visit=visit).refusal is Refusal.RESERVED


def test_an_override_about_an_item_that_is_not_there(library: SmallLibrary, server) -> None:
    denied = allow(library, server, library.patron(), "1000000000", new_id(), Refusal.RESERVED)
    assert denied == Refused(Refusal.UNKNOWN_ITEM)
    assert library.rows(sa.select(t.loan_override)) == []


def test_an_override_whose_item_was_erased_holds_for_no_item(library: SmallLibrary, server) -> None:
    card, visit = library.patron(), new_id()
    this, that = (_refused_item(library, Refusal.RESERVED) for _ in range(2))
    allow(library, server, card, this, visit, Refusal.RESERVED)
    library.pass_time(minutes=11)
    library.erase_returned()
    assert [row["item_id"] for row in library.rows(sa.select(t.loan_override))] == [None]
    for item in (this, that):
        assert lend(library, server, card, item, visit=visit).refusal is Refusal.RESERVED
    # a reason given anew is a new one, and both are on record
    allow(library, server, card, this, visit, Refusal.RESERVED)
    assert isinstance(lend(library, server, card, this, visit=visit), CheckedOut)
    assert lend(library, server, card, that, visit=visit).refusal is Refusal.RESERVED
    assert len(library.rows(sa.select(t.loan_override))) == 2


@pytest.mark.parametrize(
    ("refusal", "of_item", "erased"),
    [
        ("reserved", False, False),
        ("reference_only", False, False),
        ("reserved", True, True),
        ("over_limit", True, False),
        ("over_limit", False, True),
    ],
)
def test_the_schema_refuses_an_override_about_nothing_or_about_too_much(
    library: SmallLibrary, refusal: str, of_item: bool, erased: bool
) -> None:
    card, item = library.patron(), library.item()
    row = {
        "id": new_id(),
        "visit_id": new_id(),
        "patron_id": library.id_of_patron(card),
        "refusal": refusal,
        "reason": "窓口で確認した",
        "login": "clerk",
        "granted_at": library.now,
        "item_id": library.id_of_item(item) if of_item else None,
        "item_erased": erased,
    }
    with library.engine.connect() as connection, pytest.raises(sa.exc.IntegrityError):
        connection.execute(t.loan_override.insert().values(row))


def test_an_override_of_one_patron_is_none_for_another(library: SmallLibrary, server) -> None:
    visit, item = new_id(), library.item(reference_only=True)
    allow(library, server, library.patron(), item, visit, Refusal.REFERENCE_ONLY)
    assert lend(library, server, library.patron(), item, visit=visit).refusal is Refusal.REFERENCE_ONLY


def test_overriding_a_reservation_sends_its_patron_back_to_the_queue(library: SmallLibrary, server) -> None:
    owner, other, item, visit = library.patron(), library.patron(), library.item(), new_id()
    library.reserved(owner, item, state="ready", trapped_item_id=library.id_of_item(item), keep_until=TODAY)
    allow(library, server, other, item, visit, Refusal.RESERVED)
    assert isinstance(lend(library, server, other, item, visit=visit), CheckedOut)
    row = library.rows(sa.select(t.reservation))[0]
    assert (row["state"], row["trapped_item_id"]) == ("waiting", None)


def test_who_may_override_and_what(library: SmallLibrary, server) -> None:
    card, item = library.patron(), library.item()
    denied = allow(library, server, card, item, new_id(), Refusal.OVER_LIMIT, login="keeper")
    assert denied == Refused(Refusal.NOT_ALLOWED)
    final = allow(library, server, card, item, new_id(), Refusal.ON_LOAN_TO_OTHER)
    assert final == Refused(Refusal.NOT_ALLOWED)
    assert library.rows(sa.select(t.loan_override)) == []
    with pytest.raises(ValueError, match="reason"):
        server.run(
            partial(
                override,
                operation=new_id(),
                visit=new_id(),
                card_number=card,
                item_number=item,
                refusal=Refusal.OVER_LIMIT,
                reason="　 ",
                desk=library.desk(),
            )
        )


@pytest.mark.parametrize("refusal", sorted(ABOUT_THE_ITEM))
def test_the_server_itself_lends_no_other_item(library: SmallLibrary, server, refusal: Refusal) -> None:
    """A client that was changed asks for the loan though it was refused."""
    card, visit = library.patron(), new_id()
    this, that, later = (_refused_item(library, refusal) for _ in range(3))

    def sent(item: str) -> Refusal | None:
        asked = (new_id(), visit, card, item, DUE, library.desk())
        return server.run(lambda counter: counter.writes.lend(*asked)).refusal

    for item in (this, later):
        allow(library, server, card, item, visit, refusal)
    assert sent(that) is refusal
    assert sent(this) is None
    assert sent(that) is refusal
    library.pass_time(minutes=11)
    library.erase_returned()
    assert [sent(item) for item in (later, that)] == [refusal, refusal]


# -- what is erased ----------------------------------------------------------------------------------


def lend_with_a_reason(library, server, card, item, operation=None) -> None:
    """Lends what is kept for another, with a reason; without an operation the reason is all there is."""
    visit = new_id()
    values = {"visit": visit, "card_number": card, "item_number": item, "desk": library.desk()}
    server.run(
        partial(override, operation=new_id(), refusal=Refusal.RESERVED, reason="窓口で確認した", **values)
    )
    if operation is not None:
        answer = server.run(partial(check_out, operation=operation, **values))
        assert isinstance(answer, CheckedOut)


def kept_for_another(library: SmallLibrary) -> str:
    """An item on the reservation shelf."""
    item = library.item()
    library.reserved(
        library.patron(), item, state="ready", trapped_item_id=library.id_of_item(item), keep_until=TODAY
    )
    return item


# a person and a thing are found by their keys
PERSON, THING = t.patron.c.id, t.item.c.id


def joined(library: SmallLibrary, card: str, item: str) -> list[str]:
    """Every way in which some table still leads from the patron to the item, on whatever columns.

    From the rows that hold the patron's key, step by step over every value that two rows of different tables
    have in common and that is a key, an id or a moment.
    """
    tables = {table.name: library.rows(sa.select(table)) for table in t.metadata.sorted_tables}
    shared = {
        table.name: [
            column
            for column in table.c
            if isinstance(column.type, sa.Uuid | UtcDateTime)
            or any(key.column in (PERSON, THING, t.loan.c.id) for key in column.foreign_keys)
            or (column.table.name, column.name) in {("loan", "id"), ("patron", "id"), ("item", "id")}
        ]
        for table in t.metadata.sorted_tables
    }

    def values(name: str, row: dict[str, object]) -> set[tuple[str, object]]:
        found = set()
        for column in shared[name]:
            value = row[column.name]
            if value is None:
                continue
            target = next((f"{key.column}" for key in column.foreign_keys), f"{column}")
            kind = type(column.type).__name__ if not isinstance(value, int) else target
            found.add((kind, value))
        return found

    start = ("patron.id", library.id_of_patron(card))
    goal = ("item.id", library.id_of_item(item))
    reached, paths = {start}, []
    frontier = [(start, ("patron",))]
    while frontier:
        at, way = frontier.pop()
        for name, rows in tables.items():
            for row in rows:
                found = values(name, row)
                if at not in found:
                    continue
                for value in found - reached:
                    reached.add(value)
                    frontier.append((value, (*way, name)))
                    if value == goal:
                        paths.append(" > ".join((*way, name)))
    return paths


@pytest.mark.parametrize("ends", ["returned", "called off", "undone and returned", "never lent"])
def test_no_table_joins_a_person_to_an_item_after_the_undo_window(
    library: SmallLibrary, server, ends: str
) -> None:
    card, item, operation = library.patron(), kept_for_another(library), new_id()
    lend_with_a_reason(library, server, card, item, None if ends == "never lent" else operation)
    assert joined(library, card, item) != []

    def back() -> partial[CheckedIn | Refused]:
        return partial(check_in, operation=new_id(), item_number=item, desk=library.desk())

    if ends == "called off":
        server.run(partial(cancel_checkout, operation=operation))
    elif ends != "never lent":
        returned = server.run(back())
        if ends == "undone and returned":
            undone = partial(
                undo_return,
                operation=new_id(),
                return_operation=returned.operation,
                desk=library.desk(),
            )
            assert isinstance(server.run(undone), ReturnUndone)
            server.run(back())
    library.pass_time(minutes=10)
    library.erase_returned()
    assert joined(library, card, item) != [], "it can still be undone"
    library.pass_time(seconds=1)
    library.erase_returned()
    assert joined(library, card, item) == []
    (given,) = library.rows(sa.select(t.loan_override))
    # who set what aside, for whom and why, stays on record
    assert (given["refusal"], given["login"], given["item_erased"]) == ("reserved", "clerk", True)
    assert given["patron_id"] == library.id_of_patron(card)


def test_while_a_loan_lasts_its_override_is_forgotten_already(library: SmallLibrary, server) -> None:
    card, item = library.patron(), kept_for_another(library)
    lend_with_a_reason(library, server, card, item, new_id())
    library.pass_time(days=3)
    assert library.erase_returned() == 0
    assert [row["item_id"] for row in library.rows(sa.select(t.loan_override))] == [None]
    assert library.open_loans(card) == 1


def test_an_override_about_the_patron_is_not_touched_by_the_clock(library: SmallLibrary, server) -> None:
    card, visit = library.patron(), new_id()
    server.run(
        partial(
            override,
            operation=new_id(),
            visit=visit,
            card_number=card,
            item_number=library.item(),
            refusal=Refusal.OVER_LIMIT,
            reason="窓口で確認した",
            desk=library.desk(),
        )
    )
    before = library.rows(sa.select(t.loan_override))
    library.pass_time(days=1)
    library.erase_returned()
    assert library.rows(sa.select(t.loan_override)) == before
