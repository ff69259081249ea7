"""The audit: made by the server for every act, only ever added to; and the standard's rules for accounts."""

from __future__ import annotations

import datetime as dt
import json
from uuid import uuid4

import pytest

from tests.server.rights.world import World
from tests.support.library import TODAY

DUE = TODAY + dt.timedelta(days=14)


def _problems(world: World) -> list[object]:
    return world.admin("select * from audit.problems()")


def test_every_act_leaves_its_record(world: World) -> None:
    me = world.person("counter_staff")
    card, item, visit = world.library.patron(), world.library.item(), uuid4()
    returned = uuid4()
    with world.at_work(me) as staff:
        for call in (
            ("desk.grant_override", uuid4(), visit, card, None, "over_limit", "団体の代表"),
            ("desk.lend", uuid4(), visit, card, item, DUE),
            ("desk.renew", uuid4(), item, DUE),
            ("desk.take_back", returned, item, TODAY, None, None),
            ("desk.undo_return", uuid4(), returned),
            ("desk.take_back", uuid4(), item, TODAY, None, None),
            ("desk.cancel_lend", uuid4()),
            ("desk.place_reservation", uuid4(), visit, card, world.library.id_of_item(item), item, 1),
        ):
            assert staff.ask_again(*call)["refusal"] is None, call
        staff.ask("desk.leave")
    found = world.admin(f"select act, subject from audit.record where who = '{me.login}' order by at, seq")
    acts = [act for act, _ in found]
    assert acts == [
        "password changed", "sign-in", "override", "checkout", "renewal", "return", "return undone", "return",
        "checkout called off", "reservation", "sign-out",
    ]  # fmt: skip
    words = json.dumps(found, default=str)
    for personal in (card, item, "団体の代表", "見本"):
        assert personal not in words
    assert _problems(world) == []


def test_a_rolled_back_act_has_neither_effect_nor_record(world: World) -> None:
    me, card, item = world.person("counter_staff"), world.library.patron(), world.library.item()
    lend = f"select desk.lend(gen_random_uuid(), '{uuid4()}', '{card}', '{item}', '{DUE}')"
    tried = world.psql(me, [lend, "begin", lend, "rollback"])
    assert '"refusal": null' in tried[2].printed
    assert world.library.open_loans(card) == 0
    assert world.admin(f"select 1 from audit.record where who = '{me.login}' and act = 'checkout'") == []


def test_a_whole_list_is_one_chain_with_the_looks_before_and_after_it(world: World) -> None:
    """A list is put on record at once: as many records as one by one, none of which can be changed."""
    me = world.person("counter_staff")
    cards = [world.library.patron(kana="クサリ") for _ in range(5)]
    keys = [world.library.id_of_patron(card) for card in cards]
    with world.at_work(me) as staff:
        for call in (
            ("desk.open_card", uuid4(), cards[2]),
            ("desk.find_patrons", uuid4(), "クサリ", None, None),
            ("desk.open_card", uuid4(), cards[0]),
            ("desk.find_patrons", uuid4(), "クサリ", None, None),
            ("desk.patrons_alike", uuid4(), None, "クサリ", dt.date(1980, 4, 1), None, None),
        ):
            assert staff.ask_again(*call)["refusal"] is None, call
    found = world.admin(
        f"select chain, seq, patron_id from audit.viewed where who = '{me.login}' order by seq"
    )
    first = found[0][1]
    assert [row[1] for row in found] == list(range(first, first + 17))
    assert [row[2] for row in found] == [keys[2], *keys, keys[0], *keys, *keys]
    assert _problems(world) == []
    chain, seq, _ = found[3]
    where = f"where (chain, seq) = ({chain}, {seq})"
    with world.library.engine.connect() as connection:
        run = connection.exec_driver_sql
        for change in (
            f"update audit.viewed set patron_id = {keys[4]} {where}",
            f"delete from audit.viewed {where}",
        ):
            run("begin")
            run("alter table audit.viewed disable trigger user")
            run(change)
            problems = [tuple(row) for row in run("select kind, chain, seq from audit.problems()")]
            run("rollback")
            assert problems, change
            assert {(kind, at_chain) for kind, at_chain, _ in problems} == {("views", chain)}
    assert _problems(world) == []


@pytest.mark.parametrize(
    "change",
    [
        "update audit.record set who = 'nobody' where (chain, seq) = ({chain}, {seq})",
        "update audit.record set at = at - interval '1 s' where (chain, seq) = ({chain}, {seq})",
        "delete from audit.record where (chain, seq) = ({chain}, {seq})",
        "delete from audit.record where chain = {chain} and seq > {seq}",
        "insert into audit.record select chain, seq + 100000, at, who, act, subject, hash from audit.record"
        " where (chain, seq) = ({chain}, {seq})",
        "update audit.record set seq = case seq when {seq} then 0 - seq else seq end where chain = {chain}",
    ],
    ids=["changed", "dated back", "deleted", "cut off", "inserted", "reordered"],
)
def test_a_record_that_was_tampered_with_is_found(world: World, change: str) -> None:
    """By the server's administrator, who alone can: the triggers off for one transaction."""
    assert _problems(world) == []
    chain, seq = world.admin(
        "select chain, max(seq) / 2 from audit.record group by chain having max(seq) > 4 limit 1"
    )[0]
    with world.library.engine.connect() as connection:
        run = connection.exec_driver_sql
        run("begin")
        run("alter table audit.record disable trigger user")
        run(change.format(chain=chain, seq=seq))
        assert run("select problem from audit.problems()").all()
        run("rollback")
    assert _problems(world) == []


@pytest.mark.parametrize(
    "change",
    [
        "update audit.record set who = 'nobody'",
        "delete from audit.record",
        "truncate audit.record",
        "update audit.viewed set who = 'nobody'",
        "truncate audit.viewed",
    ],
)
def test_not_even_the_owner_changes_what_was_written(world: World, change: str) -> None:
    with world.library.engine.connect() as connection:
        run = connection.exec_driver_sql
        run("set role madoguchi_owner")
        try:
            with pytest.raises(Exception, match="only ever added to"):
                run(change)
        finally:
            run("reset role")


def test_a_setting_that_is_changed_is_on_record_with_both_values(world: World) -> None:
    before = world.value("select undo_minutes from policy")
    world.admin(f"update policy set undo_minutes = {before + 1}")
    world.admin(f"update policy set undo_minutes = {before}")
    subject = world.value("select subject from audit.record where act = 'setting' order by seq desc limit 1")
    subject = json.loads(subject) if isinstance(subject, str) else subject
    assert subject["table"] == "public.policy"
    assert (subject["old"]["undo_minutes"], subject["new"]["undo_minutes"]) == (before + 1, before)
    assert "command_prefix" not in subject["old"]


def test_logins_that_nobody_uses_are_listed(world: World) -> None:
    unused = world.person("counter_staff", temporary=True).login
    world.admin(f"update account.state set created_at = now() - interval '91 days' where login = '{unused}'")
    with world.at_work(world.person("system_staff")) as staff:
        listed = {
            row["login"]
            for row in json.loads(staff.run("select account.list_staff(90)").printed[2:-3])["rows"]
        }
    assert unused in listed


def test_a_password_that_is_too_old_lets_nobody_work(world: World) -> None:
    me = world.person("counter_staff")
    with world.at_work(me) as staff:
        world.admin(
            "update account.state set password_set_at = now() - interval '91 days'"
            f" where login = '{me.login}'"
        )
        assert staff.run("select desk.read_today()").state == "28M04"
        assert staff.ask("desk.enter", uuid4(), True)["refusal"] == "password_old"
