"""Registrations on the central server: what is on record of them, and what a client of one's own may send."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from uuid import uuid4

import pytest
import sqlalchemy as sa

from madoguchi.app.patrons.answers import Done, Registered, SamePerson
from madoguchi.app.patrons.finding import Likeness, PatronQuery, alike, details, find, open_card
from madoguchi.app.patrons.person import Category, NoticeBy, Person, Proof
from madoguchi.app.patrons.registering import NewPatron, change, register
from madoguchi.app.server import tables as t
from tests.support.cluster import Cluster
from tests.support.library import SmallLibrary, new_id
from tests.support.staff import Seats

CARD = "2000555710"
PERSON = Person(
    "葛飾 応為之介",
    "カツシカ オウイノスケ",
    dt.date(1961, 8, 23),
    Category.RESIDENT,
    postal_code="2519999",
    address="藤沢市大庭5527番地",
    telephone="0466-55-2719",
    email="oui@kakusu.example",
    notice_by=NoticeBy.MAIL,
    proof=Proof.LICENCE,
)
WORDS = (
    "葛飾",
    "カツシカ",
    "1961-08-23",
    "2519999",
    "庭5527",
    "55-2719",
    "kakusu",
    CARD,
    "改名",
    "カイメイ",
)


@pytest.fixture
def database_template(library_template: str) -> str:
    """Each database begins as a small library."""
    return library_template


@pytest.fixture
def library(cluster: Cluster, database: str) -> Iterator[SmallLibrary]:
    """A small library on PostgreSQL."""
    made = SmallLibrary(cluster.url(database), cluster)
    yield made
    cluster.recover()
    made.close()


def _elsewhere(library: SmallLibrary) -> str:
    """All that the server holds but for the tables that keep people and their cards."""
    with library.engine.connect() as connection:
        names = connection.exec_driver_sql(
            "select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace"
            " where c.relkind = 'r' and n.nspname in ('public', 'account', 'audit', 'watch', 'web')"
            " and c.relname not in ('patron', 'patron_search', 'card')"
        ).scalars()
        return "\n".join(
            row
            for name in names
            for row in connection.exec_driver_sql(f"select x::text from {name} x").scalars()
        )


def test_of_a_person_nothing_is_on_record_but_who_was_looked_at(
    library: SmallLibrary, cluster: Cluster
) -> None:
    server, log_before = library.server(), len(cluster.read_log())

    def do(act, **how: object):
        return server.run(partial(act, desk=library.desk(), **how))

    new = NewPatron(PERSON, CARD)
    registered = do(register, operation=new_id(), new=new)
    assert isinstance(registered, Registered)
    key = registered.patron_id
    assert do(register, operation=new_id(), new=replace(new, card_number="2000555728")) == SamePerson((key,))
    visit = new_id()
    typed = Likeness(PERSON.name, PERSON.kana, PERSON.birth_date, PERSON.telephone, PERSON.address)
    for act, how in (
        (find, {"query": PatronQuery("葛飾")}),
        (open_card, {"card_number": CARD}),
        (details, {"patron_id": key}),
        (alike, {"typed": typed}),
        # typed on: nobody is looked at anew
        (alike, {"typed": replace(typed, address="")}),
    ):
        assert do(act, visit=visit, **how)
    married = replace(PERSON, name="改名 応為之介", kana="カイメイ オウイノスケ", proof=None, email="")
    assert isinstance(do(change, operation=new_id(), patron_id=key, version=1, person=married), Done)
    with library.engine.connect() as connection:
        acts = connection.exec_driver_sql(
            "select act, subject::text from audit.record where act like 'patron %' order by chain, seq"
        ).all()
        looks = connection.exec_driver_sql("select how from audit.viewed order by chain, seq").scalars().all()
    assert [(act, json.loads(subject)) for act, subject in acts] == [
        ("patron registered", {"patron": key}),
        ("patron changed", {"patron": key, "columns": ["email", "kana", "name"]}),
    ]
    assert looks == ["alike", "search", "card", "details", "alike"]
    answers = library.rows(sa.select(t.operation.c.act, t.operation.c.answer).order_by(t.operation.c.act))
    assert [(row["act"], json.loads(row["answer"])) for row in answers] == [
        ("change", {"refusal": None}),
        ("register", {"refusal": None, "patron_id": key}),
    ]
    for text in (_elsewhere(library), cluster.read_log()[log_before:]):
        for word in WORDS:
            assert word not in text


GOOD = {
    "name": "見本 花子",
    "kana": "ミホン ハナコ",
    "birth_date": "1980-04-01",
    "category": "resident",
    "notice_by": "telephone",
    "card_number": CARD,
}
BAD: list[object] = [
    [],
    3,
    "x",
    None,
    {},
    *({name: value for name, value in GOOD.items() if name != left_out} for left_out in GOOD),
    *(
        GOOD | {name: value}
        for name in GOOD
        for value in (None, 3, True, [GOOD[name]], {"a": 1}, "", "あ" * 300)
    ),
    *(
        GOOD | {"birth_date": day}
        for day in ("1980-02-30", "infinity", "today", "1980-4-1", "0000-00-00", "-4713-01-01", "19800401")
    ),
    *(
        GOOD | {"kana": kana}
        for kana in (
            "みほん",
            "ミホン'; drop table patron; --",
            "ミホン\n",
            "ミ\u202eホン",
            "ﾐﾎﾝ",
            "ミ\u3099",
        )
    ),
    GOOD | {"name": "あ\u0001"},
    GOOD | {"category": "cat'"},
    GOOD | {"category": "staff"},
    GOOD | {"notice_by": "fax"},
    GOOD | {"proof": "passport"},
    GOOD | {"proof": 3},
    GOOD | {"postal_code": "251-0001"},
    GOOD | {"telephone": "0466;drop"},
    GOOD | {"email": "a@b"},
    GOOD | {"address": ["藤沢市"]},
    GOOD | {"family_of": -1},
    GOOD | {"family_of": "x"},
    GOOD | {"family_of": 1.5},
    GOOD | {"family_of": 10**30},
    GOOD | {"family_of": 77},
]


def _is_a_person(fields: object) -> bool:
    """Whether only what a change has no use for is wrong."""
    used = {name for name in GOOD if name != "card_number"}
    return (
        isinstance(fields, dict)
        and {name: fields.get(name) for name in used} == {name: GOOD[name] for name in used}
        and not set(fields) - set(GOOD) - {"family_of"}
    )


def _ask(server: Seats, function: str, *values: object) -> dict[str, object]:
    kinds = {str: sa.Text(), bool: sa.Boolean(), int: sa.BigInteger()}
    given = {f"p{place}": value for place, value in enumerate(values)}
    words = ["null" if value is None else f":{name}" for name, value in given.items()]
    given = {name: value for name, value in given.items() if value is not None}
    call = sa.text(f"select {function}({', '.join(words)})").bindparams(
        *(sa.bindparam(name, type_=kinds.get(type(value), sa.Uuid())) for name, value in given.items())
    )
    said = server.run(lambda c: c.connection.execute(call, given).scalar_one())
    return json.loads(said)


def test_what_a_client_of_ones_own_sends_is_refused(library: SmallLibrary) -> None:
    server, key = library.server(), library.id_of_patron(library.patron())
    before = [library.rows(sa.select(table)) for table in (t.patron, t.patron_search, t.card, t.operation)]
    broken = [
        *("", "{", "x" * 200_000, "[" * 50_000),
        *(json.dumps(GOOD | odd) for odd in ({"name": "\0"}, {"kana": "\ud800"})),
    ]
    for fields in [*map(json.dumps, BAD), *broken]:
        answer = _ask(server, "desk.register_patron", uuid4(), fields, True)
        assert answer["refusal"] in ("not_allowed", "wrong_category", "unknown_patron"), (fields[:90], answer)
    for fields in [*(json.dumps(bad) for bad in BAD if not _is_a_person(bad)), *broken]:
        answer = _ask(server, "desk.change_patron", uuid4(), key, 1, fields)
        assert answer["refusal"] in ("not_allowed", "wrong_category"), (fields[:90], answer)
    good = json.dumps(GOOD)
    for values in ((None, good, True), (uuid4(), None, True), (uuid4(), good, None)):
        assert _ask(server, "desk.register_patron", *values) == {"refusal": "not_allowed"}
    for values in ((None, key, 1, good), (uuid4(), key, None, good), (uuid4(), key, 1, None)):
        assert _ask(server, "desk.change_patron", *values) == {"refusal": "not_allowed"}
    assert _ask(server, "desk.change_patron", uuid4(), key, 2, good) == {"refusal": "changed"}
    assert _ask(server, "desk.change_patron", uuid4(), -1, 1, good) == {"refusal": "unknown_patron"}
    after = [library.rows(sa.select(table)) for table in (t.patron, t.patron_search, t.card, t.operation)]
    assert after == before


def test_what_is_the_servers_own_nobody_sends(library: SmallLibrary) -> None:
    sent = GOOD | {
        "id": 7,
        "branch_id": 2,
        "registered_on": "1999-01-01",
        "last_used_on": "2099-01-01",
        "proof_seen_on": "1999-01-01",
        "version": 9,
    }
    assert _ask(library.server(), "desk.register_patron", uuid4(), json.dumps(sent), False)["refusal"] is None
    (row,) = library.rows(sa.select(t.patron))
    assert row["id"] != 7
    assert (row["branch_id"], str(row["registered_on"]), str(row["last_used_on"])) == (
        1,
        "2026-05-12",
        "2026-05-12",
    )
    assert (row["proof_seen_on"], row["version"]) == (None, 1)
