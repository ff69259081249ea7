"""Telling readers on both databases: the mail that is written by itself, the list of the others, the slip."""

from __future__ import annotations

import datetime as dt
from functools import partial
from uuid import UUID

import pytest
import sqlalchemy as sa

from madoguchi.app.lending.answers import CheckedIn, CheckedOut
from madoguchi.app.lending.checkin import check_in, undo_return
from madoguchi.app.lending.checkout import cancel_checkout, check_out
from madoguchi.app.patrons.answers import Done as PatronDone
from madoguchi.app.patrons.cards import withdraw
from madoguchi.app.patrons.person import NoticeBy
from madoguchi.app.reservations.answers import CircleRefusal, Done, NotDone
from madoguchi.app.reservations.telling import Outcome, ShelfSlip, ToTell, shelf_slip, tell, to_tell
from madoguchi.app.server import tables as t
from madoguchi.app.server.gateway import LendingServer
from madoguchi.app.server.tables.columns import UtcDateTime
from madoguchi.app.server.telling_statements import IS_TOLD
from tests.support.library import MINAMI, SOGO, TODAY, SmallLibrary, new_id

KEPT = dt.date(2026, 5, 20)
"""Until when what is trapped on the first day is kept: seven open days."""
TSUJIDO = 3
MAIL = {"notice_by": "mail", "email": "hanako@example.jp"}
PHONE = {"telephone": "0466-00-0001"}
HOME = {"postal_code": "2518601", "address": "藤沢市朝日町1-1"}


def ready(library: SmallLibrary, card: str, item: str | None = None, **changes: object) -> int:
    """A copy lies ready for somebody; the reservation's key."""
    item = item or library.item()
    how = {"state": "ready", "trapped_item_id": library.id_of_item(item), "keep_until": KEPT}
    return library.reserved(card, item, **how | changes)


def listed(library: SmallLibrary, server: LendingServer, **how: object) -> tuple[ToTell, ...]:
    found = server.run(partial(to_tell, **{"visit": new_id(), "desk": library.desk()} | how))
    assert isinstance(found, tuple), found
    return found


def told(library: SmallLibrary, server: LendingServer, card: str, *keys: int, **how: object) -> object:
    about = {
        "operation": new_id(),
        "patron_id": library.id_of_patron(card),
        "reservation_ids": keys,
        "way": NoticeBy.TELEPHONE,
        "outcome": Outcome.REACHED,
        "desk": library.desk(),
    }
    return server.run(partial(tell, **about | how))


def mails(library: SmallLibrary) -> list[dict[str, object]]:
    return library.rows(sa.select(t.outbox).order_by(t.outbox.c.reservation_id))


def send(library: SmallLibrary, *, fails: bool = False) -> int:
    """Whatever sends comes by: on PostgreSQL as ``mail_side``; how many it took."""
    with library.engine.connect() as connection:
        if library.on_postgresql:
            run = connection.exec_driver_sql
            run("set session authorization mail_side")
            try:
                taken = run("select id from mail.to_send()").scalars().all()
                for key in taken:
                    assert run(f"select mail.note_{'failed' if fails else 'sent'}('{key}')").scalar_one()
            finally:
                run("reset session authorization")
            return len(taken)
        open_ = (t.outbox.c.sent_at.is_(None), t.outbox.c.failed_at.is_(None))
        column = "failed_at" if fails else "sent_at"
        midnight = sa.func.library_midnight(type_=UtcDateTime)
        return connection.execute(t.outbox.update().where(*open_).values({column: midnight})).rowcount


def is_told(library: SmallLibrary, key: int) -> object:
    return library.value(sa.select(IS_TOLD).select_from(t.reservation).where(t.reservation.c.id == key))


def returned(library: SmallLibrary, server: LendingServer, item: str) -> UUID:
    operation = new_id()
    answer = server.run(partial(check_in, operation=operation, item_number=item, desk=library.desk()))
    assert isinstance(answer, CheckedIn), answer
    return operation


# -- mail ----------------------------------------------------------------------------------------------


def test_a_return_writes_a_mail_that_names_no_title_and_takes_it_back(
    library: SmallLibrary, server: LendingServer
) -> None:
    card, item = library.patron(**MAIL), library.item()
    key = library.reserved(card, item)
    library.lent(library.patron(), item, due_on=TODAY)
    assert mails(library) == []
    operation = returned(library, server, item)
    (mail,) = mails(library)
    assert (mail["reservation_id"], mail["address"]) == (key, "hanako@example.jp")
    kept = library.value(sa.select(t.reservation.c.keep_until))
    assert isinstance(kept, dt.date)
    week = "月火水木金土日"[kept.weekday()]
    assert f"取置期限　{kept.year}年{kept.month}月{kept.day}日（{week}）" in str(mail["body"])
    assert "受取館　総合市民図書館" in str(mail["body"])
    assert "こころ" not in f"{mail['subject']}{mail['body']}"
    assert "{" not in f"{mail['subject']}{mail['body']}"
    # the day alone: a moment would say which return it was
    assert mail["made_at"] == dt.datetime(2026, 5, 11, 15, tzinfo=dt.UTC)
    assert listed(library, server) == ()
    undone = partial(undo_return, operation=new_id(), return_operation=operation, desk=library.desk())
    server.run(undone)
    assert mails(library) == []
    # scanned again, it is written again; of what was sent nothing is taken back, and it is sent once
    operation = returned(library, server, item)
    assert len(mails(library)) == 1
    assert send(library) == 1
    assert send(library) == 0
    assert is_told(library, key)
    # another day to keep it changes nothing about a mail that has gone
    with library.engine.connect() as connection:
        connection.execute(t.reservation.update().values(keep_until=kept + dt.timedelta(days=1)))
    assert send(library) == 0
    # ready another time it is another matter
    server.run(partial(undo_return, operation=new_id(), return_operation=operation, desk=library.desk()))
    assert mails(library) == []
    returned(library, server, item)
    assert send(library) == 1


def test_mail_goes_to_whoever_wishes_it_and_follows_what_changes(
    library: SmallLibrary, server: LendingServer
) -> None:
    card, other = library.patron(**MAIL), library.patron(**PHONE, email="jiro@example.jp")
    one, two = ready(library, card), ready(library, other)
    without = library.patron(notice_by="mail")
    ready(library, without)
    ready(library, library.patron(**MAIL | {"notice_by": "none"}))
    assert [mail["reservation_id"] for mail in mails(library)] == [one]

    def change(who: str, **values: object) -> None:
        with library.engine.connect() as connection:
            patron = t.patron.c.id == library.id_of_patron(who)
            connection.execute(t.patron.update().where(patron).values(values))

    def addresses() -> list[tuple[object, object]]:
        return [(mail["reservation_id"], mail["address"]) for mail in mails(library)]

    change(card, email="h@example.com")
    change(other, notice_by="mail")
    assert addresses() == [(one, "h@example.com"), (two, "jiro@example.jp")]
    change(other, notice_by="telephone")
    assert addresses() == [(one, "h@example.com")]
    assert [row.patron_id for row in listed(library, server)] == [
        library.id_of_patron(other),
        # who wishes mail and has no address
        library.id_of_patron(without),
    ]
    # a later day to keep it, or another place to fetch it: what has not gone out says so
    with library.engine.connect() as connection:
        own = t.reservation.c.id == one
        connection.execute(
            t.reservation.update().where(own).values(keep_until=dt.date(2026, 6, 1), pickup_branch_id=MINAMI)
        )
    (mail,) = mails(library)
    assert "2026年6月1日（月）" in str(mail["body"])
    assert "受取館　南市民図書館" in str(mail["body"])
    # one that could not be sent goes to the address that is put right
    assert send(library, fails=True) == 1
    change(card, email="hanako@example.jp")
    assert addresses() == [(one, "hanako@example.jp")]
    assert send(library) == 1
    change(card, email="elsewhere@example.jp")
    assert addresses() == [(one, "hanako@example.jp")]


def test_a_return_does_not_fail_for_want_of_words(library: SmallLibrary, server: LendingServer) -> None:
    with library.engine.connect() as connection:
        connection.execute(t.mail_template.update().values(subject="{keep_until}" * 16, body="{keep_until}"))
    first = ready(library, library.patron(**MAIL))
    (mail,) = mails(library)
    assert len(str(mail["subject"])) == 200
    assert mail["body"] == "2026年5月20日（水）"
    with library.engine.connect() as connection:
        connection.execute(t.mail_template.delete())
    second = library.patron(**MAIL)
    ready(library, second)
    assert [mail["reservation_id"] for mail in mails(library)] == [first]
    assert [row.patron_id for row in listed(library, server)] == [library.id_of_patron(second)]


def test_lent_no_mail_goes_out_and_called_off_it_is_not_sent_twice(
    library: SmallLibrary, server: LendingServer
) -> None:
    card, item = library.patron(**MAIL), library.item()
    key = ready(library, card, item)

    def lend() -> UUID:
        operation = new_id()
        how = {"operation": operation, "visit": new_id(), "card_number": card, "item_number": item}
        assert isinstance(server.run(partial(check_out, **how, desk=library.desk())), CheckedOut)
        return operation

    operation = lend()
    assert mails(library) == []
    server.run(partial(cancel_checkout, operation=operation))
    assert library.value(sa.select(t.reservation.c.state)) == "ready"
    assert send(library) == 1
    operation = lend()
    server.run(partial(cancel_checkout, operation=operation))
    assert (len(mails(library)), send(library), is_told(library, key)) == (1, 0, True)
    # and it goes with the reservation
    lend()
    returned(library, server, item)
    library.pass_time(minutes=11)
    library.erase_returned()
    assert mails(library) == []


# -- the list ------------------------------------------------------------------------------------------


def test_who_is_told_how_and_in_which_order(library: SmallLibrary, server: LendingServer) -> None:
    def patron(**about: object) -> tuple[str, int]:
        card = library.patron(**about)
        return card, ready(library, card, keep_until=KEPT + dt.timedelta(days=len(cards)))

    cards: list[tuple[str, int]] = []
    for about in (
        PHONE | HOME,
        PHONE | HOME | {"notice_by": "post_card"},
        HOME,
        PHONE | {"notice_by": "post_card"},
        PHONE | HOME | {"notice_by": "mail"},
        HOME | {"notice_by": "mail"},
        {"notice_by": "telephone"},
        {"address": "藤沢市大庭", "notice_by": "post_card"},
    ):
        cards.append(patron(**about))
    patron(**PHONE, notice_by="none")
    # elsewhere, over, or not here yet
    ready(library, library.patron(**PHONE), pickup_branch_id=MINAMI)
    ready(library, library.patron(**PHONE), keep_until=TODAY - dt.timedelta(days=1))
    ready(library, library.patron(**PHONE), state="in_transit", keep_until=None)
    # one more of the first one's, kept longest
    more = ready(library, cards[0][0], keep_until=KEPT + dt.timedelta(days=30))
    found = listed(library, server)
    posted = "〒251-8601 藤沢市朝日町1-1"
    assert [(row.way.value, row.reach) for row in found] == [
        ("telephone", "0466-00-0001"),
        ("post_card", posted),
        ("post_card", posted),
        ("telephone", "0466-00-0001"),
        ("telephone", "0466-00-0001"),
        ("post_card", posted),
        ("telephone", ""),
        ("post_card", "藤沢市大庭"),
    ]
    assert [row.reservation_ids for row in found] == [
        (cards[0][1], more),
        *((key,) for _, key in cards[1:]),
    ]
    first = found[0]
    assert first == ToTell(
        patron_id=library.id_of_patron(cards[0][0]),
        name=first.name,
        kana="ミホン",
        way=NoticeBy.TELEPHONE,
        reach="0466-00-0001",
        reservation_ids=(cards[0][1], more),
        copies=2,
        keep_until=KEPT,
        tries=0,
        last_try=None,
        mail_failed=False,
    )
    assert "0466" not in repr(first)
    assert first.name not in repr(first)
    elsewhere = listed(library, server, desk=library.desk(MINAMI))
    assert [row.copies for row in elsewhere] == [1]


def test_who_was_not_reached_stays_with_the_tries_and_who_was_is_gone(
    library: SmallLibrary, server: LendingServer
) -> None:
    card = library.patron(**PHONE)
    one, two = ready(library, card), ready(library, card)
    operation = new_id()
    for _ in range(2):
        answer = told(library, server, card, one, two, operation=operation, outcome=Outcome.NO_ANSWER)
        assert answer == Done(operation)
    # under the same id nothing else is done
    for changed in ({"outcome": Outcome.REACHED}, {"outcome": Outcome.NO_ANSWER, "way": NoticeBy.MAIL}):
        answer = told(library, server, card, one, operation=operation, **changed)
        assert answer == NotDone(CircleRefusal.NOT_ALLOWED)
    library.pass_time(days=1)
    assert told(library, server, card, one, outcome=Outcome.NO_ANSWER).__class__ is Done
    (row,) = listed(library, server)
    assert (row.copies, row.tries, row.last_try) == (2, 2, TODAY + dt.timedelta(days=1))
    assert not is_told(library, one)
    # one of them is lent meanwhile: the other is what they were told of
    with library.engine.connect() as connection:
        connection.execute(t.reservation.delete().where(t.reservation.c.id == one))
    assert told(library, server, card, one, two, outcome=Outcome.MESSAGE_LEFT).__class__ is Done
    assert listed(library, server) == ()
    assert is_told(library, two)
    rows = library.rows(sa.select(t.telling).order_by(t.telling.c.told_on))
    assert {row["reservation_id"] for row in rows} == {two}
    assert [row["outcome"] for row in rows] == ["no_answer", "message_left"]
    assert {str(row["login"]).partition("_")[0] for row in rows} == {"clerk"}
    # ready another time, they are told another time
    with library.engine.connect() as connection:
        own = t.reservation.update().where(t.reservation.c.id == two)
        connection.execute(own.values(state="waiting", trapped_item_id=None, keep_until=None))
    assert library.rows(sa.select(t.telling)) == []


@pytest.mark.parametrize("outcome", [Outcome.POSTED, Outcome.REACHED])
def test_of_what_is_not_theirs_or_not_here_nothing_is_kept(
    library: SmallLibrary, server: LendingServer, outcome: Outcome
) -> None:
    card, other = library.patron(**PHONE), library.patron(**PHONE)
    key, waiting = ready(library, other), library.reserved(card, library.item())
    away = ready(library, card, pickup_branch_id=MINAMI)
    way = NoticeBy.POST_CARD if outcome is Outcome.POSTED else NoticeBy.TELEPHONE
    unknown = NotDone(CircleRefusal.UNKNOWN_RESERVATION)
    for keys in ((key,), (waiting,), (away,), (key, waiting, away, 987_654)):
        assert told(library, server, card, *keys, way=way, outcome=outcome) == unknown
    assert told(library, server, card, key, patron_id=987_654, way=way, outcome=outcome) == unknown
    refused = NotDone(CircleRefusal.NOT_ALLOWED)
    wrong = NoticeBy.TELEPHONE if outcome is Outcome.POSTED else NoticeBy.POST_CARD
    for odd in (wrong, NoticeBy.NOT_AT_ALL):
        assert told(library, server, other, key, way=odd, outcome=outcome) == refused
    for keys in ((), (key,) * 101, (-key,)):
        answer = told(library, server, other, *keys, way=way, outcome=outcome)
        assert answer in (refused, unknown)
    assert library.rows(sa.select(t.telling)) == []
    assert told(library, server, other, key, way=way, outcome=outcome).__class__ is Done
    assert [row.patron_id for row in listed(library, server)] == []


def test_mail_that_fails_or_stays_behind_is_told_by_telephone(
    library: SmallLibrary, server: LendingServer
) -> None:
    cards = [library.patron(**PHONE, **MAIL) for _ in range(3)]
    keys = [ready(library, card) for card in cards[:2]]
    assert listed(library, server) == ()
    assert send(library, fails=True) == 2
    found = listed(library, server)
    assert [(row.way, row.reach, row.mail_failed) for row in found] == [
        (NoticeBy.TELEPHONE, "0466-00-0001", True)
    ] * 2
    assert told(library, server, cards[0], keys[0]).__class__ is Done
    # nothing is sent to whoever knows, and a mail that nobody sends is found the day after
    late = ready(library, cards[2])
    library.pass_time(days=1)
    assert [(row.reservation_ids, row.mail_failed) for row in listed(library, server)] == [
        ((keys[1],), True),
        ((late,), True),
    ]
    assert told(library, server, cards[2], late, outcome=Outcome.NO_ANSWER).__class__ is Done
    assert len([mail for mail in mails(library) if mail["failed_at"] is None]) == 1
    assert told(library, server, cards[2], late).__class__ is Done
    assert send(library) == 0


def test_whoever_withdraws_takes_it_all_with_them(library: SmallLibrary, server: LendingServer) -> None:
    card = library.patron(**PHONE, **MAIL)
    key = ready(library, card)
    ready(library, card)
    assert told(library, server, card, key, outcome=Outcome.NO_ANSWER).__class__ is Done
    assert len(mails(library)) == 2
    operation = new_id()
    about = {"operation": operation, "patron_id": library.id_of_patron(card), "desk": library.desk()}
    assert server.run(partial(withdraw, **about)) == PatronDone(operation, kept=2)
    assert mails(library) == []
    assert library.rows(sa.select(t.telling)) == []


def test_contract_staff_tell_whoever_fetches_it_at_their_branch(
    library: SmallLibrary, server: LendingServer
) -> None:
    library.add_staff("hired", "contract_staff", "委託 一", branches=(TSUJIDO,))
    desk = library.desk(TSUJIDO, "hired")
    here = library.patron(**PHONE, branch_id=SOGO)
    ready(library, library.patron(**PHONE, branch_id=TSUJIDO))
    key = ready(library, here, pickup_branch_id=TSUJIDO)
    (row,) = listed(library, server, desk=desk)
    assert row.reservation_ids == (key,)
    assert told(library, server, here, key, desk=desk).__class__ is Done
    assert listed(library, server, desk=desk) == ()
    if not library.on_postgresql:
        # a server lets nobody in there
        elsewhere = library.desk(SOGO, "hired")
        refused = NotDone(CircleRefusal.NOT_ALLOWED)
        assert server.run(partial(to_tell, visit=new_id(), desk=elsewhere)) == refused
        assert told(library, server, here, key, desk=elsewhere) == refused
        assert server.run(partial(shelf_slip, item_number="1", desk=elsewhere)) == refused


# -- the slip ------------------------------------------------------------------------------------------


def test_the_slip_says_who_it_is_for_as_the_library_wishes(
    library: SmallLibrary, server: LendingServer
) -> None:
    def slip(item: str, branch: int = SOGO) -> ShelfSlip | NotDone:
        return server.run(partial(shelf_slip, item_number=item, desk=library.desk(branch)))

    item, waiting = library.item(), library.item()
    card = library.patron(name="藤沢 花子", kana="フジサワ ハナコ")
    ready(library, card, item)
    library.reserved(card, waiting)
    with library.engine.connect() as connection:
        connection.execute(t.title.update().values(volume="下"))
    for setting, label in (("number_end", card[-4:]), ("kana_initial", "フ"), ("full", "藤沢 花子")):
        with library.engine.connect() as connection:
            connection.execute(t.policy.update().values(slip_name=setting))
        said = slip(item)
        assert isinstance(said, ShelfSlip)
        assert said.title.endswith(" 下")
        assert (said.item_number, said.label) == (item, label)
        assert (said.branch, said.keep_until) == ("総合市民図書館", KEPT)
        assert "藤沢 花子" not in repr(said)
    # one of few letters is the whole of it; of whoever has no card that works, the kana
    for changed, label in (({"number": "A12"}, "A12"), ({"state": "lost"}, "フ")):
        with library.engine.connect() as connection:
            connection.execute(t.policy.update().values(slip_name="number_end"))
            connection.execute(t.card.update().values(changed))
        said = slip(item)
        assert isinstance(said, ShelfSlip)
        assert said.label == label
    assert slip(item, MINAMI) == slip(waiting) == NotDone(CircleRefusal.NOT_HERE)
    assert slip("1999999999") == slip("\0\ud800") == NotDone(CircleRefusal.UNKNOWN_ITEM)
