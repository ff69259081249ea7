"""Notes, blocks, families and consents on both databases: what they show, what they stop, who wrote them."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from uuid import UUID

import sqlalchemy as sa

from madoguchi.app.lending.answers import CheckedOut, OverrideGranted, Refused, Reserved, VisitOpened
from madoguchi.app.lending.checkout import cancel_checkout, check_out, open_visit, override
from madoguchi.app.lending.reserving import place_reservation
from madoguchi.app.lending.rules import Refusal
from madoguchi.app.patrons.answers import Done, NotDone, Note, PatronRefusal, Relative
from madoguchi.app.patrons.cards import report_lost
from madoguchi.app.patrons.ties import (
    add_note,
    end_note,
    end_pick_up,
    leave_family,
    let_pick_up,
    link_family,
)
from madoguchi.app.server import tables as t
from madoguchi.app.server.embedded_ties import erase_notes, ties_of
from madoguchi.app.server.gateway import LendingServer
from madoguchi.app.server.ties import PatronTies, read_ties
from tests.support.library import TODAY, SmallLibrary, new_id

DAY = dt.timedelta(days=1)
TEXT = "督促は電話でなくはがき"


def do(library: SmallLibrary, server: LendingServer, act: Callable, **how: object):
    return server.run(partial(act, **{"operation": new_id(), "desk": library.desk()} | how))


def note(library: SmallLibrary, server: LendingServer, card: str, **how: object):
    about = {"patron_id": library.id_of_patron(card), "text": TEXT, "blocks": False, "ends_on": None}
    return do(library, server, add_note, **about | how)


def ties(library: SmallLibrary, card: str) -> PatronTies:
    patron_id = library.id_of_patron(card)
    with library.engine.connect() as connection:
        if not library.on_postgresql:
            return read_ties(ties_of(connection, patron_id))
        said = connection.exec_driver_sql(f"select ties_of_patron({patron_id})::text").scalar_one()
        return read_ties(json.loads(said))


def opens(library: SmallLibrary, server: LendingServer, card: str) -> VisitOpened:
    opened = server.run(partial(open_visit, visit=new_id(), card_number=card, desk=library.desk()))
    assert isinstance(opened, VisitOpened)
    return opened


def lend(
    library: SmallLibrary, server: LendingServer, card: str, visit: UUID | None = None
) -> CheckedOut | Refused:
    how = {"visit": visit or new_id(), "card_number": card, "item_number": library.item()}
    return do(library, server, check_out, **how)


def reserve(library: SmallLibrary, server: LendingServer, card: str) -> Reserved | Refused:
    title = library.value(sa.select(t.item.c.title_id).where(t.item.c.number == library.item()))
    how = {"visit": new_id(), "card_number": card, "title_id": title, "pickup_branch_id": 1}
    return do(library, server, place_reservation, **how)


def refused(why: PatronRefusal) -> NotDone:
    return NotDone(why)


# -- notes -------------------------------------------------------------------------------------------


def test_a_note_has_an_author_a_day_and_an_end(library: SmallLibrary, server: LendingServer) -> None:
    card, first, second = library.patron(), new_id(), new_id()
    for _ in range(2):
        assert note(library, server, card, operation=first) == Done(first)
    library.pass_time(days=1)
    ends = TODAY + 3 * DAY
    assert note(library, server, card, operation=second, text="筆談を希望", ends_on=ends) == Done(second)
    written = ties(library, card).notes
    assert written == (
        Note(first, TEXT, False, "訓練 太郎", TODAY, None),
        Note(second, "筆談を希望", False, "訓練 太郎", TODAY + DAY, ends),
    )
    assert "太郎" in repr(written)
    assert TEXT not in repr(written)
    assert opens(library, server, card).patron.note == f"{TEXT}／筆談を希望"
    # on its last day it holds, then it does not, and is erased
    library.pass_time(days=2)
    assert len(ties(library, card).notes) == 2
    library.pass_time(days=1)
    assert [each.text for each in ties(library, card).notes] == [TEXT]
    assert opens(library, server, card).patron.note == TEXT
    with library.engine.connect() as connection:
        erased = (
            connection.exec_driver_sql("select watch.erase_notes()").scalar_one()
            if library.on_postgresql
            else erase_notes(connection)
        )
    assert erased == 1
    operation = new_id()
    for _ in range(2):
        assert do(library, server, end_note, note_id=first, operation=operation) == Done(operation)
    assert do(library, server, end_note, note_id=first) == refused(PatronRefusal.CHANGED)
    assert ties(library, card).notes == ()
    assert library.rows(sa.select(t.patron_note)) == []
    assert opens(library, server, card).patron.note == ""


def test_who_left_is_named_by_their_login_and_of_old_ones_nobody(library: SmallLibrary) -> None:
    card = library.patron()
    with library.engine.connect() as connection:
        for login in ("", "left"):
            connection.execute(
                t.patron_note.insert().values(
                    id=new_id(), patron_id=library.id_of_patron(card), text=TEXT, login=login, made_on=TODAY
                )
            )
    assert sorted(each.author for each in ties(library, card).notes) == ["", "left"]


_BAD = [
    *({"text": text} for text in ("", " \u3000", "あ" * 301, "a\nb", "\u202e足", "a\0")),
    {"ends_on": TODAY - DAY}, {"ends_on": dt.date(9999, 12, 31)},
]  # fmt: skip


def test_what_a_changed_client_sends_is_refused(library: SmallLibrary, server: LendingServer) -> None:
    card, lent, called_off = library.patron(), new_id(), new_id()
    for bad in _BAD:
        assert note(library, server, card, **bad) == refused(PatronRefusal.NOT_ALLOWED), bad
    assert note(library, server, card, patron_id=987_654) == refused(PatronRefusal.UNKNOWN_PATRON)
    server.run(partial(cancel_checkout, operation=called_off))
    do(library, server, check_out, operation=lent, visit=new_id(), card_number=card, item_number="1")
    do(library, server, report_lost, operation=lent, patron_id=library.id_of_patron(card))
    assert note(library, server, card, operation=called_off) == refused(PatronRefusal.CANCELLED)
    assert note(library, server, card, operation=lent) == refused(PatronRefusal.NOT_ALLOWED)
    assert library.rows(sa.select(t.patron_note)) == []
    longest = "い" * 300
    assert isinstance(note(library, server, card, text=longest, ends_on=TODAY), Done)
    for text in ("'; drop table patron_note; --", '"}', "%_\\", "👪", "$$"):
        assert isinstance(note(library, server, card, text=text), Done)
    assert len(ties(library, card).notes) == 6


def test_a_block_stops_loans_and_reservations_while_it_holds(
    library: SmallLibrary, server: LendingServer
) -> None:
    card, blocked, visit = library.patron(), new_id(), new_id()
    note(library, server, card)
    assert not opens(library, server, card).patron.blocked
    how = {"text": "弁償の相談中", "blocks": True, "ends_on": TODAY + DAY, "operation": blocked}
    assert note(library, server, card, **how) == Done(blocked)
    opened = opens(library, server, card)
    assert (opened.patron.blocked, opened.patron.note) == (True, f"弁償の相談中／{TEXT}")
    answer = lend(library, server, card)
    assert (answer.refusal, answer.may_override) == (Refusal.BLOCKED, True)
    assert reserve(library, server, card).refusal is Refusal.BLOCKED
    # whoever goes past the rules meets the write
    item = library.item()
    verdict = server.run(
        lambda c: c.writes.lend(new_id(), visit, card, item, TODAY + 14 * DAY, library.desk())
    )
    assert verdict.refusal is Refusal.BLOCKED
    # somebody who may gives a reason; it holds for the visit
    granted = do(
        library, server, override, visit=visit, card_number=card, item_number=item,
        refusal=Refusal.BLOCKED, reason="館長の許可",
    )  # fmt: skip
    assert granted == OverrideGranted(Refusal.BLOCKED)
    assert isinstance(lend(library, server, card, visit), CheckedOut)
    assert lend(library, server, card).refusal is Refusal.BLOCKED
    library.pass_time(days=2)
    assert isinstance(lend(library, server, card), CheckedOut)
    assert isinstance(reserve(library, server, card), Reserved)
    # or it is ended before
    note(library, server, card, blocks=True, operation=(again := new_id()))
    assert lend(library, server, card).refusal is Refusal.BLOCKED
    do(library, server, end_note, note_id=again)
    assert isinstance(lend(library, server, card), CheckedOut)


# -- families and picking up -------------------------------------------------------------------------


def family(library: SmallLibrary, card: str) -> set[int]:
    return {relative.patron_id for relative in ties(library, card).family}


def test_families_become_one_and_one_alone_is_none(library: SmallLibrary, server: LendingServer) -> None:
    one, two, three, four = (library.patron() for _ in range(4))
    key = {card: library.id_of_patron(card) for card in (one, two, three, four)}

    def link(card: str, other: str, **how: object):
        return do(library, server, link_family, patron_id=key[card], card_number=other, **how)

    operation = new_id()
    for _ in range(2):
        assert link(one, two, operation=operation) == Done(operation)
    assert isinstance(link(four, three), Done)
    assert family(library, one) == {key[two]}
    assert isinstance(link(two, three), Done)
    assert isinstance(link(three, two), Done)
    for card, own in key.items():
        assert family(library, card) == set(key.values()) - {own}
    assert link(one, one) == refused(PatronRefusal.NOT_ALLOWED)
    assert link(one, "2987654321") == refused(PatronRefusal.UNKNOWN_CARD)
    assert do(library, server, link_family, patron_id=987_654, card_number=one) == refused(
        PatronRefusal.UNKNOWN_PATRON
    )
    for card in (four, three):
        assert isinstance(do(library, server, leave_family, patron_id=key[card]), Done)
    assert family(library, one) == {key[two]}
    for _ in range(2):
        assert isinstance(do(library, server, leave_family, patron_id=key[two]), Done)
    assert library.rows(sa.select(t.family_member)) == []


def test_a_relative_is_a_name_and_nothing_of_what_they_read_or_where_they_live(
    library: SmallLibrary, server: LendingServer
) -> None:
    planted = {
        "name": "葛飾 応為", "kana": "カツシカ オウイ", "address": "藤沢市見本町8152",
        "telephone": "0466-00-8152", "email": "oui@example.jp", "postal_code": "2510881",
    }  # fmt: skip
    card, relative, item = library.patron(), library.patron(**planted), library.item()
    patron_id, relative_id = library.id_of_patron(card), library.id_of_patron(relative)
    library.lent(relative, item, due_on=TODAY + DAY)
    library.reserved(relative, library.item())
    note(library, server, relative, text="別の人へのメモ")
    for act in (link_family, let_pick_up):
        assert isinstance(do(library, server, act, patron_id=patron_id, card_number=relative), Done)
    shown = ties(library, card)
    who = Relative(relative_id, "葛飾 応為", "カツシカ オウイ")
    assert shown == PatronTies(notes=(), family=(who,), may_pick_up=(who,))
    assert "応為" not in repr(shown)
    said = json.dumps([repr(shown), opens(library, server, card).patron.note], ensure_ascii=False)
    for word in (*list(planted.values())[2:], "こころ", item, "別の人へのメモ"):
        assert word not in said


def test_who_picks_up_for_whom(library: SmallLibrary, server: LendingServer) -> None:
    card, by = library.patron(), library.patron()
    patron_id, by_id, operation = library.id_of_patron(card), library.id_of_patron(by), new_id()
    for how in ({"operation": operation}, {"operation": operation}, {}):
        assert isinstance(do(library, server, let_pick_up, patron_id=patron_id, card_number=by, **how), Done)
    assert library.rows(sa.select(t.pick_up)) == [
        {"patron_id": patron_id, "by_patron_id": by_id, "given_on": TODAY}
    ]
    # it is said by one of them, and goes one way
    assert [each.patron_id for each in ties(library, card).may_pick_up] == [by_id]
    assert ties(library, by).may_pick_up == ()
    for other, why in ((card, PatronRefusal.NOT_ALLOWED), ("2987654321", PatronRefusal.UNKNOWN_CARD)):
        assert do(library, server, let_pick_up, patron_id=patron_id, card_number=other) == refused(why)
    for _ in range(2):
        assert isinstance(do(library, server, end_pick_up, patron_id=patron_id, other_id=by_id), Done)
    assert library.rows(sa.select(t.pick_up)) == []


def test_terminals_tie_a_ring_at_once(library: SmallLibrary) -> None:
    rounds, terminals = 6, 4
    library.let_look_freely()
    servers = [library.server(limit_seconds=30) for _ in range(terminals)]
    start = threading.Barrier(terminals)
    rings = [[library.patron() for _ in range(terminals)] for _ in range(rounds)]

    def terminal(place: int) -> list[object]:
        answers = []
        for ring in rings:
            card, other = ring[place], ring[(place + 1) % terminals]
            for act in (link_family, let_pick_up):
                start.wait(60)
                answers.append(
                    do(library, servers[place], act, patron_id=library.id_of_patron(card), card_number=other)
                )
        return answers

    with ThreadPoolExecutor(terminals) as pool:
        answers = [answer for each in pool.map(terminal, range(terminals)) for answer in each]
    assert all(isinstance(answer, Done) for answer in answers)
    for ring in rings:
        keys = {library.id_of_patron(card) for card in ring}
        for card in ring:
            assert family(library, card) == keys - {library.id_of_patron(card)}
    assert len(library.rows(sa.select(t.pick_up))) == rounds * terminals
