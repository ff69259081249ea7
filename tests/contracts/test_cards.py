"""Cards on both databases: lost, given anew, renewed; withdrawal leaves nothing of anybody but numbers."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
import sqlalchemy as sa

from madoguchi.app.lending.answers import CheckedIn, CheckedOut, Refused, Reserved, VisitOpened
from madoguchi.app.lending.checkin import check_in, undo_return
from madoguchi.app.lending.checkout import cancel_checkout, check_out, open_visit, override
from madoguchi.app.lending.reserving import place_reservation
from madoguchi.app.lending.rules import Refusal
from madoguchi.app.patrons.answers import Done, NotDone, PatronRefusal
from madoguchi.app.patrons.cards import renew_card, replace_card, report_lost, withdraw
from madoguchi.app.patrons.person import Proof
from madoguchi.app.patrons.ties import add_note, let_pick_up, link_family
from madoguchi.app.server import tables as t
from madoguchi.app.server.gateway import LendingServer
from tests.support.library import MINAMI, TODAY, SmallLibrary, new_id

NEW = "2900000011"
DAY = dt.timedelta(days=1)


def do(library: SmallLibrary, server: LendingServer, act: Callable, **how: object):
    return server.run(partial(act, **{"operation": new_id(), "desk": library.desk()} | how))


def refused(why: PatronRefusal) -> NotDone:
    return NotDone(why)


def cards(library: SmallLibrary, patron_id: int) -> dict[str, str]:
    rows = library.rows(sa.select(t.card.c.number, t.card.c.state).where(t.card.c.patron_id == patron_id))
    return {str(row["number"]): str(row["state"]) for row in rows}


def opens(library: SmallLibrary, server: LendingServer, card: str) -> object:
    return server.run(partial(open_visit, visit=new_id(), card_number=card, desk=library.desk()))


def lend(library: SmallLibrary, server: LendingServer, card: str, item: str) -> CheckedOut | Refused:
    return do(library, server, check_out, visit=new_id(), card_number=card, item_number=item)


def title_of(library: SmallLibrary, item: str) -> object:
    return library.value(sa.select(t.item.c.title_id).where(t.item.c.number == item))


def reserve(library: SmallLibrary, server: LendingServer, card: str, item: str) -> Reserved | Refused:
    return do(
        library, server, place_reservation, visit=new_id(), card_number=card, title_id=title_of(library, item),
        pickup_branch_id=1,
    )  # fmt: skip


def count(library: SmallLibrary, table: sa.Table, *where: object) -> object:
    return library.value(sa.select(sa.func.count()).select_from(table).where(*where))


def test_a_new_card_and_the_old_one_is_refused_everywhere(
    library: SmallLibrary, server: LendingServer
) -> None:
    old, item = library.patron(), library.item()
    patron_id, operation = library.id_of_patron(old), new_id()
    given = {"patron_id": patron_id, "card_number": NEW, "operation": operation}
    assert do(library, server, replace_card, **given) == Done(operation)
    assert cards(library, patron_id) == {old: "lost", NEW: "active"}
    # said again, by another terminal too, it is the same card
    assert do(library, server, replace_card, **given) == Done(operation)
    assert do(library, library.server(), replace_card, **given) == Done(operation)
    assert cards(library, patron_id) == {old: "lost", NEW: "active"}
    assert opens(library, server, old) == Refused(Refusal.CARD_LOST)
    assert lend(library, server, old, item).refusal is Refusal.CARD_LOST
    assert reserve(library, server, old, item).refusal is Refusal.CARD_LOST
    for tie in (link_family, let_pick_up):
        other = library.id_of_patron(library.patron())
        assert do(library, server, tie, patron_id=other, card_number=old) == refused(PatronRefusal.CARD_LOST)
    assert isinstance(lend(library, server, NEW, item), CheckedOut)


def test_a_number_is_given_once(library: SmallLibrary, server: LendingServer) -> None:
    card, theirs = library.patron(lost_card="2999999999"), library.patron()
    patron_id = library.id_of_patron(card)
    for taken in (card, theirs, "2999999999"):
        answer = do(library, server, replace_card, patron_id=patron_id, card_number=taken)
        assert answer == refused(PatronRefusal.CARD_TAKEN)
    for bad in ("", " ", "2 0", "2" * 21, "２９", "29\n", "\u202e29", "29\0"):
        answer = do(library, server, replace_card, patron_id=patron_id, card_number=bad)
        assert answer == refused(PatronRefusal.NOT_ALLOWED), bad
    assert cards(library, patron_id) == {card: "active", "2999999999": "lost"}
    assert do(library, server, replace_card, patron_id=987_654, card_number=NEW) == refused(
        PatronRefusal.UNKNOWN_PATRON
    )
    assert count(library, t.operation) == 0


def test_lost_and_none_until_there_is_another(library: SmallLibrary, server: LendingServer) -> None:
    card = library.patron()
    patron_id, operation = library.id_of_patron(card), new_id()
    for _ in range(2):
        assert do(library, server, report_lost, patron_id=patron_id, operation=operation) == Done(operation)
    assert cards(library, patron_id) == {card: "lost"}
    assert opens(library, server, card) == Refused(Refusal.CARD_LOST)
    assert do(library, server, report_lost, patron_id=patron_id) == refused(PatronRefusal.CARD_LOST)
    assert isinstance(do(library, server, replace_card, patron_id=patron_id, card_number=NEW), Done)
    assert cards(library, patron_id) == {card: "lost", NEW: "active"}


def test_an_idle_card_works_again_with_proof(library: SmallLibrary, server: LendingServer) -> None:
    card, item = library.patron(last_used_on=TODAY - 3 * 366 * DAY), library.item()
    patron_id = library.id_of_patron(card)
    kept = sa.select(
        t.patron.c.last_used_on, t.patron.c.proof, t.patron.c.proof_seen_on, t.patron.c.version
    ).where(t.patron.c.id == patron_id)
    assert lend(library, server, card, item).refusal is Refusal.CARD_IDLE
    operation = new_id()
    for _ in range(2):
        assert do(
            library, server, renew_card, patron_id=patron_id, proof=Proof.LICENCE, operation=operation
        ) == Done(operation)
    seen = {"last_used_on": TODAY, "proof": "licence", "proof_seen_on": TODAY, "version": 2}
    assert library.rows(kept) == [seen]
    assert isinstance(lend(library, server, card, item), CheckedOut)
    library.pass_time(days=1)
    assert isinstance(do(library, server, renew_card, patron_id=patron_id, proof=Proof.NOT_NEEDED), Done)
    # none was seen on that day
    assert library.rows(kept) == [
        {"last_used_on": TODAY + DAY, "proof": "not_needed", "proof_seen_on": TODAY, "version": 3}
    ]


def test_an_id_of_another_act_is_none_for_this_one(library: SmallLibrary, server: LendingServer) -> None:
    card, lent, called_off = library.patron(), new_id(), new_id()
    patron_id = library.id_of_patron(card)
    do(
        library,
        server,
        check_out,
        operation=lent,
        visit=new_id(),
        card_number=card,
        item_number=library.item(),
    )
    server.run(partial(cancel_checkout, operation=called_off))
    for act, more in (
        (replace_card, {"card_number": NEW}), (report_lost, {}), (renew_card, {"proof": Proof.MAIL}), (withdraw, {}),
    ):  # fmt: skip
        for operation, why in ((lent, PatronRefusal.NOT_ALLOWED), (called_off, PatronRefusal.CANCELLED)):
            answer = do(library, server, act, patron_id=patron_id, operation=operation, **more)
            assert answer == refused(why)
    assert cards(library, patron_id) == {card: "active"}


# -- withdrawal --------------------------------------------------------------------------------------


def test_nobody_withdraws_with_something_on_loan(library: SmallLibrary, server: LendingServer) -> None:
    card, item, returned = library.patron(), library.item(), new_id()
    patron_id = library.id_of_patron(card)
    assert isinstance(lend(library, server, card, item), CheckedOut)
    assert do(library, server, withdraw, patron_id=patron_id) == refused(PatronRefusal.OPEN_LOANS)
    assert cards(library, patron_id) == {card: "active"}
    assert isinstance(do(library, server, check_in, operation=returned, item_number=item), CheckedIn)
    operation = new_id()
    for _ in range(2):
        assert do(library, server, withdraw, patron_id=patron_id, operation=operation) == Done(operation)
    assert (count(library, t.patron), count(library, t.loan)) == (0, 0)
    # what could still be undone cannot: there is nobody it was lent to
    answer = do(library, server, undo_return, return_operation=returned)
    assert answer == Refused(Refusal.UNDO_EXPIRED)
    assert opens(library, server, card) == Refused(Refusal.UNKNOWN_CARD)
    assert do(library, server, withdraw, patron_id=patron_id) == refused(PatronRefusal.UNKNOWN_PATRON)
    # what was counted stays counted
    assert count(library, t.statistic) == 2


def test_who_waits_behind_them_moves_up_and_their_copy_is_found(
    library: SmallLibrary, server: LendingServer
) -> None:
    leaving, staying = library.patron(), library.patron()
    ready, travelling, wanted = library.item(), library.item(home_branch_id=MINAMI), library.item()
    patron_id = library.id_of_patron(leaving)
    library.reserved(
        leaving, ready, state="ready", trapped_item_id=library.id_of_item(ready), keep_until=TODAY + DAY
    )
    library.reserved(leaving, travelling, state="in_transit", trapped_item_id=library.id_of_item(travelling))
    with library.engine.connect() as connection:
        connection.execute(
            t.transit.insert().values(item_id=library.id_of_item(travelling), to_branch_id=1, since=TODAY)
        )
    library.reserved(leaving, wanted)
    for item in (ready, wanted):
        library.reserved(staying, item)
    operation = new_id()
    assert do(library, server, withdraw, patron_id=patron_id, operation=operation) == Done(operation, kept=2)
    left = library.rows(sa.select(t.reservation.c.patron_id, t.reservation.c.state))
    assert left == [{"patron_id": library.id_of_patron(staying), "state": "waiting"}] * 2
    # it lies on the shelf for reservations: scanned, it is for who is next
    scanned = do(library, server, check_in, item_number=ready)
    assert isinstance(scanned, CheckedIn)
    assert scanned.route == "reservation_shelf"
    # what is on its way arrives, and goes home
    arrived = do(library, server, check_in, item_number=travelling)
    assert isinstance(arrived, CheckedIn)
    assert (arrived.route, arrived.to_branch) == ("transit", "南市民図書館")
    assert isinstance(lend(library, server, staying, wanted), CheckedOut)


def _everything(library: SmallLibrary) -> str:
    """The whole database as text."""
    with library.engine.connect() as connection:
        if not library.on_postgresql:
            return "\n".join(connection.connection.driver_connection.iterdump())
        names = connection.exec_driver_sql(
            "select quote_ident(n.nspname) || '.' || quote_ident(c.relname) from pg_class c"
            " join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'm')"
            " and n.nspname not in ('pg_catalog', 'pg_toast', 'information_schema')"
        ).scalars()
        return "\n".join(
            str(connection.exec_driver_sql(f"select string_agg(x::text, ' ') from {name} x").scalar_one())
            for name in names.all()
        )


def test_of_who_withdrew_nothing_is_left_but_a_number(library: SmallLibrary, server: LendingServer) -> None:
    planted = {
        "name": "葛飾 応為之介",
        "kana": "カツシカ オウイノスケ",
        "address": "藤沢市見本町8152番地",
        "telephone": "0466-00-8152",
        "postal_code": "2510881",
        "email": "oui@example.jp",
        "birth_date": dt.date(1871, 9, 17),
    }
    lost = "2988888888"
    card = library.patron(lost_card=lost, **planted)
    patron_id, visit = library.id_of_patron(card), new_id()
    relatives = [library.patron(), library.patron()]
    for relative in relatives[:1]:
        assert isinstance(do(library, server, link_family, patron_id=patron_id, card_number=relative), Done)
    for one, other in ((patron_id, relatives[0]), (library.id_of_patron(relatives[1]), card)):
        assert isinstance(do(library, server, let_pick_up, patron_id=one, card_number=other), Done)
    noted = {"text": "応為之介さんは筆談を希望", "blocks": False, "ends_on": None}
    assert isinstance(do(library, server, add_note, patron_id=patron_id, **noted), Done)
    item, reference = library.item(), library.item(reference_only=True)
    assert isinstance(opens(library, server, card), VisitOpened)
    do(
        library, server, override, visit=visit, card_number=card, item_number=reference,
        refusal=Refusal.REFERENCE_ONLY, reason="応為之介さんに限り",
    )  # fmt: skip
    assert isinstance(
        do(library, server, check_out, visit=visit, card_number=card, item_number=reference), CheckedOut
    )
    assert isinstance(do(library, server, check_in, item_number=reference), CheckedIn)
    assert isinstance(reserve(library, server, card, item), Reserved)
    if library.on_postgresql:
        with library.engine.connect() as connection:
            connection.exec_driver_sql(
                f"insert into web.password (patron_id, verifier) values ({patron_id}, 'oui-verifier');"
            )
            connection.exec_driver_sql(
                "insert into web.favourite (patron_id, title_id, added_on)"
                f" values ({patron_id}, {title_of(library, item)}, '2026-05-01')"
            )
    words = [*map(str, planted.values()), "応為之介", card, lost]
    before = _everything(library)
    assert all(word in before for word in words)
    operation = new_id()
    assert do(library, server, withdraw, patron_id=patron_id, operation=operation) == Done(operation)
    after = _everything(library)
    assert [word for word in [*words, "oui-verifier"] if word in after] == []
    for table in (t.patron_note, t.pick_up, t.family_member, t.loan, t.loan_override, t.reservation):
        assert count(library, table) == 0, table.name
    assert sorted(row["id"] for row in library.rows(sa.select(t.patron.c.id))) == sorted(
        library.id_of_patron(relative) for relative in relatives
    )
    assert count(library, t.statistic) == 3
    if library.on_postgresql:
        (record,) = library.rows(sa.text("select subject from audit.record where act = 'patron withdrawn'"))
        assert record["subject"] in ({"patron": patron_id}, f'{{"patron": {patron_id}}}')


# -- races -------------------------------------------------------------------------------------------

TERMINALS, ROUNDS = 2, 20


def race(library: SmallLibrary, rounds: list[tuple[Callable, Callable]]) -> list[tuple[object, object]]:
    """Two terminals that start each round at once; the answers, round by round."""
    library.let_look_freely()
    servers = [library.server(limit_seconds=30) for _ in range(TERMINALS)]
    start = threading.Barrier(TERMINALS)

    def terminal(place: int) -> list[object]:
        answers = []
        for acts in rounds:
            start.wait(60)
            answers.append(servers[place].run(acts[place]))
        return answers

    with ThreadPoolExecutor(TERMINALS) as pool:
        return list(zip(*pool.map(terminal, range(TERMINALS)), strict=True))


def test_two_terminals_give_a_card_at_once(library: SmallLibrary) -> None:
    patrons = [library.id_of_patron(library.patron()) for _ in range(ROUNDS + 1)]
    desk = library.desk()

    def giving(patron_id: int, number: str) -> Callable:
        return partial(replace_card, operation=new_id(), patron_id=patron_id, card_number=number, desk=desk)

    # to one patron two cards; to two patrons one card
    one_patron = [(giving(key, f"5{key:09}"), giving(key, f"6{key:09}")) for key in patrons[:ROUNDS]]
    one_card = [
        (giving(key, f"7{key:09}"), giving(patrons[place + 1], f"7{key:09}"))
        for place, key in enumerate(patrons[:ROUNDS])
    ]
    answers = race(library, one_patron + one_card)
    assert all(isinstance(answer, Done) for pair in answers[:ROUNDS] for answer in pair)
    for pair in answers[ROUNDS:]:
        assert refused(PatronRefusal.CARD_TAKEN) in pair
        assert sum(isinstance(answer, Done) for answer in pair) == 1
    for key in patrons:
        assert list(cards(library, key).values()).count("active") == 1
    assert count(library, t.card) == len(patrons) + 3 * ROUNDS


def test_somebody_withdraws_while_they_borrow_and_reserve(library: SmallLibrary) -> None:
    people = [library.patron() for _ in range(3 * ROUNDS)]
    items = [library.item() for _ in people]
    keys = [library.id_of_patron(card) for card in people]
    desk, rounds = library.desk(), []
    for place, (card, item, key) in enumerate(zip(people, items, keys, strict=True)):
        leaving = partial(withdraw, operation=new_id(), patron_id=key, desk=desk)
        who = {"operation": new_id(), "visit": new_id(), "card_number": card, "desk": desk}
        other: Callable
        if place % 3 == 0:
            other = partial(check_out, item_number=item, **who)
        elif place % 3 == 1:
            other = partial(place_reservation, title_id=title_of(library, item), pickup_branch_id=1, **who)
        else:
            other = partial(override, item_number=item, refusal=Refusal.OVER_LIMIT, reason="急ぎ", **who)
        rounds.append((leaving, other))
    for place, (left, done) in enumerate(race(library, rounds)):
        there = cards(library, keys[place]) != {}
        if isinstance(done, CheckedOut):
            assert left == refused(PatronRefusal.OPEN_LOANS)
            assert there
        else:
            assert isinstance(left, Done)
            assert not there
            assert not isinstance(done, Refused) or done.refusal is Refusal.UNKNOWN_CARD
    assert count(library, t.reservation) == 0
    assert count(library, t.loan_override) == 0


def test_a_return_is_undone_while_they_withdraw(library: SmallLibrary, server: LendingServer) -> None:
    desk, rounds, people, returns = library.desk(), [], [], []
    for _ in range(ROUNDS):
        card, item, returned = library.patron(), library.item(), new_id()
        library.lent(card, item, due_on=TODAY + DAY)
        do(library, server, check_in, operation=returned, item_number=item)
        people.append(library.id_of_patron(card))
        returns.append(returned)
        rounds.append(
            (
                partial(withdraw, operation=new_id(), patron_id=people[-1], desk=desk),
                partial(undo_return, operation=new_id(), return_operation=returned, desk=desk),
            )
        )
    for place, (left, undone) in enumerate(race(library, rounds)):
        if isinstance(left, Done):
            assert undone == Refused(Refusal.UNDO_EXPIRED)
        else:
            assert left == refused(PatronRefusal.OPEN_LOANS)
            assert count(library, t.loan, t.loan.c.patron_id == people[place]) == 1
    assert count(library, t.loan, t.loan.c.returned_at.is_not(None)) == 0


@pytest.mark.parametrize("act", [replace_card, report_lost, renew_card, withdraw])
def test_what_breaks_off_at_the_end_has_left_nothing(
    library: SmallLibrary, server: LendingServer, act: Callable
) -> None:
    card, operation = library.patron(), new_id()
    more = {replace_card: {"card_number": NEW}, renew_card: {"proof": Proof.MAIL}}.get(act, {})
    patron_id = library.id_of_patron(card)
    before = library.rows(sa.select(t.patron)), cards(library, patron_id)
    broken = {
        "sqlite": (
            "create trigger broken after insert on operation begin select raise(abort, 'broken'); end",
            "drop trigger broken",
        ),
        "postgresql": (
            "create function broken() returns trigger language plpgsql as"
            " $$ begin raise exception using errcode = '53100'; end $$;"
            "create trigger broken after update on operation for each row execute function broken()",
            "drop trigger broken on operation",
        ),
    }
    with library.engine.connect() as connection:
        for statement in broken[connection.dialect.name][0].split("$$;"):
            whole = statement + "$$" if "returns trigger" in statement else statement
            connection.exec_driver_sql(whole)
    with pytest.raises(Exception, match=r"broken|lost|Outage|outage"):
        do(library, server, act, patron_id=patron_id, operation=operation, **more)
    assert (library.rows(sa.select(t.patron)), cards(library, patron_id)) == before
    with library.engine.connect() as connection:
        connection.exec_driver_sql(broken[connection.dialect.name][1])
    assert isinstance(
        do(library, library.server(), act, patron_id=patron_id, operation=operation, **more), Done
    )
