"""What the searches of test_stores_agree and test_circulation found, each as one plain example."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from madoguchi.app.lending.answers import CheckedIn, CheckedOut, Refused
from madoguchi.app.lending.checkin import check_in, undo_return
from madoguchi.app.lending.checkout import check_out
from madoguchi.app.lending.facts import Verdict
from madoguchi.app.lending.rules import Refusal
from madoguchi.app.server import tables as t
from madoguchi.app.server.gateway import LendingServer
from tests.support.library import MINAMI, TODAY, SmallLibrary

DUE = TODAY + dt.timedelta(days=14)
KEPT = dt.date(2026, 5, 20)  # the seventh open day: the 13th, a second Wednesday, is closed


def lend(
    library: SmallLibrary, server: LendingServer, card: str, item: str, visit: UUID | None = None
) -> CheckedOut | Refused:
    """Lends at the main library."""
    return server.run(
        partial(
            check_out,
            operation=uuid4(),
            visit=visit or uuid4(),
            card_number=card,
            item_number=item,
            desk=library.desk(),
        )
    )


def take_back(library: SmallLibrary, server: LendingServer, item: str) -> CheckedIn:
    """Takes an item back at the main library."""
    answer = server.run(partial(check_in, operation=uuid4(), item_number=item, desk=library.desk()))
    assert isinstance(answer, CheckedIn)
    return answer


def undo(library: SmallLibrary, server: LendingServer, returned: CheckedIn) -> object:
    """Undoes a return."""
    return server.run(
        partial(undo_return, operation=uuid4(), return_operation=returned.operation, desk=library.desk())
    )


def states(library: SmallLibrary) -> dict[object, object]:
    """Every reservation's state."""
    rows = library.rows(sa.select(t.reservation.c.id, t.reservation.c.state))
    return {row["id"]: row["state"] for row in rows}


def write(server: LendingServer, name: str, *arguments: Any) -> Verdict:
    """Calls a guarded write past every use case."""
    verdict = server.run(lambda counter: getattr(counter.writes, name)(*arguments))
    assert isinstance(verdict, Verdict)
    return verdict


# -- the queue ---------------------------------------------------------------------------------------


def test_reservations_of_other_titles_do_not_open_the_queue_of_this_one(
    library: SmallLibrary, server: LendingServer
) -> None:
    wanted, other = library.item(), library.item()
    library.reserved(library.patron(), other)
    library.reserved(library.patron(), wanted)
    refused = lend(library, server, library.patron(), wanted)
    assert isinstance(refused, Refused)
    assert (refused.refusal, refused.may_override, refused.waiting) == (Refusal.RESERVED, True, 1)


def test_a_place_for_another_copy_is_no_place_for_this_one(
    library: SmallLibrary, server: LendingServer
) -> None:
    card, this = library.patron(), library.item()
    title_id = library.value(sa.select(t.item.c.title_id).where(t.item.c.number == this))
    assert isinstance(title_id, int)
    that = library.item(title_id=title_id)
    library.reserved(card, that, item_id=library.id_of_item(that))
    library.reserved(library.patron(), this)
    refused = lend(library, server, card, this)
    assert isinstance(refused, Refused)
    assert (refused.refusal, refused.may_override) == (Refusal.RESERVED, True)


def test_whoever_gets_a_copy_kept_for_another_waits_for_the_title_no_more(
    library: SmallLibrary, server: LendingServer
) -> None:
    first, second, item, visit = library.patron(), library.patron(), library.item(), uuid4()
    kept = library.reserved(
        first, item, state="ready", trapped_item_id=library.id_of_item(item), keep_until=KEPT
    )
    own = library.reserved(second, item)
    assert write(
        server, "grant_override", uuid4(), visit, second, item, Refusal.RESERVED, "電話で了承", library.desk()
    ) == Verdict(None)
    assert isinstance(lend(library, server, second, item, visit), CheckedOut)
    assert states(library) == {kept: "waiting", own: "lent"}


@pytest.mark.parametrize("invented", [None, KEPT - dt.timedelta(days=1), KEPT + dt.timedelta(days=1)])
def test_the_day_an_item_is_kept_until_is_not_the_clients_to_choose(
    library: SmallLibrary, server: LendingServer, invented: dt.date | None
) -> None:
    item = library.item()
    key = library.reserved(library.patron(), item)
    verdict = write(server, "take_back", uuid4(), item, TODAY, key, invented, library.desk())
    assert verdict == Verdict(Refusal.CHANGED)
    assert states(library) == {key: "waiting"}
    assert write(server, "take_back", uuid4(), item, TODAY, key, KEPT, library.desk()).refusal is None
    assert library.value(sa.select(t.reservation.c.keep_until)) == KEPT


# -- undoing -----------------------------------------------------------------------------------------


def test_a_return_undone_is_not_undone_again_in_place_of_a_later_one(
    library: SmallLibrary, server: LendingServer
) -> None:
    card, item = library.patron(), library.item()
    library.lent(card, item, due_on=DUE)
    first = take_back(library, server, item)
    assert not isinstance(undo(library, server, first), Refused)
    take_back(library, server, item)
    assert undo(library, server, first) == Refused(Refusal.UNDO_EXPIRED)
    assert library.open_loans(card) == 0


def test_a_return_is_not_undone_once_the_item_was_lent_again_and_came_back(
    library: SmallLibrary, server: LendingServer
) -> None:
    card, other, item = library.patron(), library.patron(), library.item()
    library.lent(card, item, due_on=DUE)
    first = take_back(library, server, item)
    library.pass_time(minutes=1)
    assert isinstance(lend(library, server, other, item), CheckedOut)
    library.pass_time(minutes=1)
    second = take_back(library, server, item)
    assert undo(library, server, first) == Refused(Refusal.LENT_AGAIN)
    assert library.open_loans(card) == 0
    assert not isinstance(undo(library, server, second), Refused)
    assert library.open_loans(other) == 1


# -- repeats, and what comes first -------------------------------------------------------------------


def test_a_repeat_gets_its_answer_though_card_or_item_are_gone(
    library: SmallLibrary, server: LendingServer
) -> None:
    card, item = library.patron(), library.item()
    lent, returned = uuid4(), uuid4()
    library.lent(card, library.item(), due_on=DUE)
    first = write(server, "lend", lent, uuid4(), card, item, DUE, library.desk())
    assert write(server, "lend", lent, uuid4(), "2000000000", "1000000000", DUE, library.desk()) == first
    second = write(server, "take_back", returned, item, TODAY, None, None, library.desk())
    assert write(server, "take_back", returned, "1000000000", TODAY, None, None, library.desk()) == second
    assert write(server, "renew", lent, "1000000000", DUE, library.desk()) == first


def test_a_lost_card_is_said_before_an_unknown_item(library: SmallLibrary, server: LendingServer) -> None:
    library.patron(lost_card="2999999999")
    verdict = write(server, "lend", uuid4(), uuid4(), "2999999999", "1000000000", DUE, library.desk())
    assert verdict == Verdict(Refusal.CARD_LOST)


def test_repeating_an_override_is_the_same_override(library: SmallLibrary, server: LendingServer) -> None:
    card, operation = library.patron(), uuid4()
    granted = ("grant_override", operation, uuid4(), card, None, Refusal.OVER_LIMIT, "確認した")
    assert write(server, *granted, library.desk()) == Verdict(None)
    assert write(server, *granted, library.desk(login="keeper")) == Verdict(None)
    again = ("grant_override", operation, uuid4(), card, None, Refusal.OVERDUE_BLOCK, "確認した")
    assert write(server, *again, library.desk(MINAMI)) == Verdict(None)
    assert len(library.rows(sa.select(t.loan_override))) == 1


@pytest.mark.parametrize("reason", ["", " ", "　\n"])
def test_an_override_without_a_reason_is_refused_by_the_server_too(
    library: SmallLibrary, server: LendingServer, reason: str
) -> None:
    verdict = write(
        server,
        "grant_override",
        uuid4(),
        uuid4(),
        library.patron(),
        library.item(),
        Refusal.RESERVED,
        reason,
        library.desk(),
    )
    assert verdict == Verdict(Refusal.NOT_ALLOWED)
    assert library.rows(sa.select(t.loan_override)) == []
