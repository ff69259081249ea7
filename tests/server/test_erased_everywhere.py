"""Erased means everywhere: after the undo window nothing on the server leads from a person to an item.

How *every join* is tried: the server's rows are the nodes of a graph. Two are linked when they share

- a value of a key, of whatever table: for each column that is a key or refers to one, the table referred to
  and the value (also inside json, where a number may be the key of anything that the records name);
- a value of a uuid (visit, operation, session, override), in any column and inside json;
- an item's number, said in an answer that is kept for repeats;
- a transaction: what a row says of who wrote or locked it last (``xmin``, ``xmax``);
- a terminal and a fifth of a second: rows that were written at one terminal that close together.

What many rows share by nature is no link: branch, day, kind, category, state, login, terminal by itself.
Then no path may lead from a patron's rows to an item's (or its title's) rows. The graph is made of *all*
tables of *all* schemas, found in the catalog, so that a table added later is in it. Tests plant leaks to see
them found.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
import re
import time
from collections import defaultdict, deque
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from madoguchi.app.catalogue.adding import ItemAdded, add_item
from madoguchi.app.catalogue.new_item import NewItem, NewTitle
from madoguchi.app.lending.answers import (
    CheckedIn,
    CheckedOut,
    Renewed,
    Reserved,
    ReturnUndone,
    VisitOpened,
)
from madoguchi.app.lending.checkin import check_in, undo_return
from madoguchi.app.lending.checkout import check_out, open_visit
from madoguchi.app.lending.renewal import renew
from madoguchi.app.lending.reserving import place_reservation
from madoguchi.app.lending.rules import Refusal
from madoguchi.app.patrons.answers import Done
from madoguchi.app.patrons.cards import withdraw
from madoguchi.app.patrons.person import NoticeBy
from madoguchi.app.reservations.answers import Cleared
from madoguchi.app.reservations.answers import Done as CircleDone
from madoguchi.app.reservations.queues import cancel_reservation, change_reservation, move_reservation
from madoguchi.app.reservations.rounds import clear_shelf
from madoguchi.app.reservations.telling import Outcome, tell, to_tell
from madoguchi.app.server import tables as t
from madoguchi.app.server.central import CentralServer
from madoguchi.app.staff.session import SignedIn
from tests.support.cluster import Cluster
from tests.support.library import MINAMI, SmallLibrary, new_id
from tests.support.staff import PASSWORD, door, terminal_number

NAME, KANA, TITLE = "葛飾応為之介", "カツシカオウイノスケ", "花の名を誰にも告げず"
NEAR = 0.2

# shared by many by nature; everything else that is a key links
_SHARED = frozenset(
    {"branch", "closed_day", "material_kind", "patron_category", "loan_term", "policy", "staff"}
)
# a terminal is shared by all who work there, its chain too: with a moment it links, by itself it does not
_SHARED_TABLES = _SHARED | {"terminal", "rule", "head", "viewed_head", "alembic_version", "test_clock"}

Node = tuple[str, int]


# -- the graph ---------------------------------------------------------------------------------------


def _answered(text: str) -> dict[str, Any]:
    """What an operation was answered; a leak that was planted there may be any text."""
    try:
        said = json.loads(text)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


class Graph:
    """All rows of a library's server, linked as the module says."""

    def __init__(self, library: SmallLibrary) -> None:
        self.rows: dict[Node, dict[str, Any]] = {}
        self._by_value: dict[tuple[object, ...], set[Node]] = defaultdict(set)
        with library.engine.connect() as connection:
            tables = [
                tuple(row)
                for row in connection.exec_driver_sql(
                    "select n.nspname, c.relname from pg_class c"
                    " join pg_namespace n on n.oid = c.relnamespace"
                    " where c.relkind in ('r', 'p', 'm') and n.nspname not in ('pg_catalog', 'pg_toast',"
                    " 'information_schema')"
                )
            ]
            self.keys = _keys(connection)
            for schema, table in tables:
                found = connection.exec_driver_sql(
                    f'select to_jsonb(x)::text, xmin::text, xmax::text from "{schema}"."{table}" x'
                ).all()
                for number, (row, xmin, xmax) in enumerate(found):
                    self._add((f"{schema}.{table}", number), json.loads(row), (xmin, xmax))
        self._link_moments()

    def _add(self, node: Node, row: dict[str, Any], transactions: tuple[str, str]) -> None:
        self.rows[node] = row
        table = node[0].split(".")[1]
        if table in _SHARED_TABLES:
            return
        for transaction in transactions:
            if transaction != "0":
                self._by_value["transaction", transaction].add(node)
        for column, value in row.items():
            target = self.keys.get((node[0], column))
            if target and target.split(".")[1] not in _SHARED_TABLES and value is not None:
                self._by_value[target, str(value)].add(node)
            for found in _uuids(value):
                self._by_value["uuid", found].add(node)
            if (node[0], column) == ("public.item", "number"):
                self._by_value["number", value].add(node)
            if column == "answer" and value is not None:
                said = _answered(value)
                for item in (said.get("item"), said.get("item_number")):
                    # as it is shown, or its number alone
                    number = item.get("number") if isinstance(item, dict) else item
                    if number is not None:
                        self._by_value["number", number].add(node)
            if column == "subject":
                for what, number in _numbers(value):
                    self._by_value[f"public.{what}", str(number)].add(node)

    def _link_moments(self) -> None:
        """Links what was written at one terminal within ``NEAR`` seconds."""
        by_terminal: dict[object, list[tuple[dt.datetime, Node]]] = defaultdict(list)
        for node, row in self.rows.items():
            terminal = row.get("chain", row.get("terminal_id"))
            for column in ("at", "last_act_at", "signed_in_at", "ended_at"):
                if terminal is not None and row.get(column):
                    by_terminal[terminal].append((dt.datetime.fromisoformat(row[column]), node))
        for terminal, moments in by_terminal.items():
            moments.sort(key=lambda pair: (pair[0], pair[1]))
            group = 0
            for (before, one), (after, other) in itertools.pairwise(moments):
                group += (after - before).total_seconds() > NEAR
                self._by_value["moment", terminal, group].add(other)
                if (after - before).total_seconds() <= NEAR:
                    self._by_value["moment", terminal, group].add(one)

    def nodes(self, table: str, **values: object) -> set[Node]:
        """The rows of a table that have these values."""
        return {
            node
            for node, row in self.rows.items()
            if node[0] == table and all(row[name] == value for name, value in values.items())
        }

    def path(self, start: set[Node], end: set[Node]) -> list[object]:
        """A shortest way from one of the first to one of the second, told by rows and links; empty: none."""
        links: dict[Node, list[tuple[object, ...]]] = defaultdict(list)
        for value, nodes in self._by_value.items():
            for node in nodes:
                links[node].append(value)
        came: dict[Node, tuple[Node, object] | None] = dict.fromkeys(start)
        queue = deque(start)
        while queue:
            node = queue.popleft()
            if node in end:
                told: list[object] = []
                step: Node | None = node
                while step is not None:
                    before = came[step]
                    told += [(step[0], self.rows[step]), *([before[1]] if before else [])]
                    step = before[0] if before else None
                return told[::-1]
            for value in links[node]:
                for other in self._by_value[value]:
                    if other not in came:
                        came[other] = (node, value)
                        queue.append(other)
        return []


def _keys(connection: sa.Connection) -> dict[tuple[str, str], str]:
    """For each column that is a key or refers to one: the table whose key it is."""
    found = connection.exec_driver_sql(
        "select n.nspname || '.' || c.relname, a.attname, coalesce(fn.nspname || '.' || f.relname,"
        " n.nspname || '.' || c.relname) from pg_constraint k join pg_class c on c.oid = k.conrelid"
        " join pg_namespace n on n.oid = c.relnamespace"
        " join pg_attribute a on a.attrelid = c.oid and a.attnum = k.conkey[1]"
        " left join pg_class f on f.oid = k.confrelid left join pg_namespace fn on fn.oid = f.relnamespace"
        " where k.contype in ('p', 'f') and cardinality(k.conkey) = 1 order by k.contype desc"
    ).all()
    keys = {(table, column): target for table, column, target in found}
    # keys that are kept without a constraint, so that they outlive what they name
    keys["audit.viewed", "patron_id"] = "public.patron"
    keys["watch.item_to_touch", "item_id"] = "public.item"
    return keys


def _uuids(value: object) -> Iterator[str]:
    yield from re.findall(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", json.dumps(value))


def _numbers(subject: object) -> Iterator[tuple[str, int]]:
    """What a record's json names by number: ``{"loan": 3}`` is the key of a loan, ``{"x": 3}`` of an x."""
    if isinstance(subject, dict):
        for name, value in subject.items():
            if isinstance(value, int) and name != "terminal":
                yield name, value
            else:
                yield from _numbers(value)


# -- the life of some loans --------------------------------------------------------------------------


@pytest.fixture
def library(cluster: Cluster, library_template: str) -> Iterator[SmallLibrary]:
    cluster.create_database("library_erased", template=library_template)
    made = SmallLibrary(cluster.url("library_erased"), cluster)
    # keys of several tables must not be equal by chance: what meets in a number then meets for a reason
    with made.engine.connect() as connection:
        for number, table in enumerate(("loan", "reservation", "statistic", "title", "item"), start=3):
            connection.exec_driver_sql(f"alter sequence {table}_id_seq restart with {number}00000")
    yield made
    made.close()
    cluster.recover()
    cluster.drop_database("library_erased")


class Told:
    """Who is not to be found with what, and every number that came up on the way."""

    def __init__(self) -> None:
        self.patrons: list[int] = []
        self.items: list[int] = []


def _live(library: SmallLibrary, cluster: Cluster) -> Told:
    """Loans of every kind, all over: plain, renewed, undone, called off, over a reservation, reserved."""
    told = Told()
    central = CentralServer(door(library.url, cluster, terminal_number(1, 7)))
    answer = central.sign_in("clerk_7", PASSWORD)
    assert isinstance(answer, SignedIn)
    desk = library.desk(login="clerk_7")

    def do(act: Any, expected: type) -> Any:
        # what is done at a counter at one time is done for one person; the next comes later
        time.sleep(NEAR * 1.2)
        said = central.run(act)
        assert isinstance(said, expected), said
        return said

    def patron() -> str:
        card = library.patron(name=NAME, kana=KANA)
        told.patrons.append(library.id_of_patron(card))
        return card

    def item(**changes: Any) -> str:
        number = library.item(**changes)
        told.items.append(library.id_of_item(number))
        with library.engine.connect() as connection:
            connection.execute(
                sa.text(
                    "update title set title = :t where id = (select title_id from item where number = :n)"
                ),
                {"t": f"{TITLE} {number}", "n": number},
            )
        return number

    def lend(card: str, number: str, operation: UUID | None = None, waive: Refusal | None = None) -> None:
        visit = new_id()
        do(partial(open_visit, visit=visit, card_number=card, desk=desk), VisitOpened)
        if waive is not None:
            verdict = central.run(
                lambda c: c.writes.grant_override(new_id(), visit, card, number, waive, "急ぎ", desk)
            )
            assert verdict.refusal is None
        done = partial(
            check_out, visit=visit, card_number=card, item_number=number, desk=desk,
            operation=operation or new_id(),
        )  # fmt: skip
        said = central.run(done)
        assert isinstance(said, CheckedOut), said

    def reserve(card: str, number: str, **changes: Any) -> Any:
        visit = new_id()
        do(partial(open_visit, visit=visit, card_number=card, desk=desk), VisitOpened)
        title = library.value(sa.select(t.item.c.title_id).where(t.item.c.number == number))
        assert isinstance(title, int)
        return central.run(
            partial(
                place_reservation, operation=new_id(), visit=visit, card_number=card, title_id=title,
                pickup_branch_id=1, desk=desk, **changes,
            )
        )  # fmt: skip

    def give_back(number: str, operation: UUID | None = None) -> None:
        do(partial(check_in, operation=operation or new_id(), item_number=number, desk=desk), CheckedIn)

    def call_off(operation: UUID) -> None:
        time.sleep(NEAR * 1.2)
        assert central.run(lambda c: c.writes.cancel_lend(operation)).refusal is None

    plain = item()
    lend(patron(), plain)
    give_back(plain)
    renewed = item(home_branch_id=MINAMI)  # it goes home by van
    lend(patron(), renewed)
    do(partial(renew, operation=new_id(), item_number=renewed, desk=desk), Renewed)
    give_back(renewed)
    undone, returned = item(), new_id()
    lend(patron(), undone)
    give_back(undone, returned)
    do(partial(undo_return, operation=new_id(), return_operation=returned, desk=desk), ReturnUndone)
    give_back(undone)
    called_off, lent = item(), new_id()
    lend(patron(), called_off, lent)
    call_off(lent)
    reference = item(reference_only=True)
    lend(patron(), reference, waive=Refusal.REFERENCE_ONLY)
    give_back(reference)
    wanted = item()
    library.reserved(library.patron(), wanted)
    lend(patron(), wanted, waive=Refusal.RESERVED)
    give_back(wanted)  # and is trapped for who waited
    for one_copy in (False, True):
        picked_up, waiting = item(), patron()
        assert isinstance(reserve(waiting, picked_up, item_number=picked_up if one_copy else None), Reserved)
        # and some who are refused: they never had anything to do with it
        assert reserve(waiting, picked_up).refusal is Refusal.RESERVED_ALREADY
        assert reserve(patron(), reference).refusal is Refusal.NO_COPY_TO_LEND
        lend(waiting, picked_up)
        give_back(picked_up)
    changed, ended = item(), item()
    for number in (changed, ended):
        waiting = patron()
        assert isinstance(reserve(waiting, number), Reserved)
        key = library.value(
            sa.select(t.reservation.c.id).where(t.reservation.c.patron_id == told.patrons[-1])
        )
        about = {"reservation_id": key, "desk": desk}
        how = {"pickup_branch_id": 1, "suspended": False, "resume_on": None}
        do(partial(change_reservation, operation=new_id(), **about, **how), CircleDone)
        moved = partial(move_reservation, operation=new_id(), place=1, reason="順番の誤り", **about)
        do(moved, CircleDone)
        if number == changed:
            lend(waiting, number)
        give_back(number)
        if number == ended:
            # it lies ready, and is left there
            done = do(partial(cancel_reservation, operation=new_id(), reason="電話", **about), CircleDone)
            assert done.to_clear
    # nobody came for it, and it is taken off the shelf: at a time of its own
    over = item()
    assert isinstance(reserve(patron(), over), Reserved)
    key = library.value(sa.select(t.reservation.c.id).where(t.reservation.c.patron_id == told.patrons[-1]))
    do(
        partial(
            move_reservation, operation=new_id(), reservation_id=key, place=1, reason="順番の誤り", desk=desk
        ),
        CircleDone,
    )
    give_back(over)
    with library.engine.connect() as connection:
        connection.execute(
            t.reservation.update()
            .where(t.reservation.c.patron_id == told.patrons[-1])
            .values(keep_until=library.now.date() - dt.timedelta(days=1))
        )
    time.sleep(NEAR * 1.2)
    do(partial(clear_shelf, operation=new_id(), item_number=over, desk=desk), Cleared)
    time.sleep(NEAR * 1.2)
    central.sign_out()
    return told


def _add_and_lend(library: SmallLibrary, cluster: Cluster) -> Told:
    """A book that nobody has catalogued is added while its reader waits, lent to them, and comes back."""
    central = CentralServer(door(library.url, cluster, terminal_number(1, 7)))
    assert isinstance(central.sign_in("clerk_7", PASSWORD), SignedIn)
    desk, card, visit, number = (
        library.desk(login="clerk_7"),
        library.patron(name=NAME),
        new_id(),
        "1000000710",
    )
    told = Told()
    told.patrons.append(library.id_of_patron(card))
    time.sleep(NEAR * 1.2)
    new = NewItem(number, NewTitle(TITLE))
    for act, expected in (
        (partial(open_visit, visit=visit, card_number=card), VisitOpened),
        (partial(add_item, operation=new_id(), new=new), ItemAdded),
        (
            partial(check_out, operation=new_id(), visit=visit, card_number=card, item_number=number),
            CheckedOut,
        ),
        (partial(check_in, operation=new_id(), item_number=number), CheckedIn),
    ):
        assert isinstance(central.run(partial(act, desk=desk)), expected)
    central.sign_out()
    told.items.append(library.id_of_item(number))
    return told


def _people_and_things(graph: Graph, told: Told) -> tuple[set[Node], set[Node]]:
    (title_id,) = (row["title_id"] for row in (graph.rows[node] for node in graph.nodes("public.item")))
    people = graph.nodes("public.patron", id=told.patrons[0])
    return people, graph.nodes("public.item") | graph.nodes("public.title", id=title_id)


def _noted(library: SmallLibrary) -> int:
    with library.engine.connect() as connection:
        return connection.exec_driver_sql("select watch.note_added()").scalar_one()


def _ends(graph: Graph, told: Told) -> tuple[set[Node], set[Node]]:
    people = set().union(*(graph.nodes("public.patron", id=key) for key in told.patrons))
    people |= set().union(*(graph.nodes("public.card", patron_id=key) for key in told.patrons))
    things = set().union(*(graph.nodes("public.item", id=key) for key in told.items))
    things |= set().union(*(graph.nodes("public.title", id=key) for key in told.items))
    assert len(people) == 2 * len(told.patrons)
    assert len(things) == 2 * len(told.items)
    return people, things


def _nothing_leads_from_one_to_another(graph: Graph, told: Told) -> None:
    path = graph.path(*_ends(graph, told))
    assert not path, "\n".join(str(step) for step in path)


def _wait_and_erase(library: SmallLibrary) -> None:
    library.pass_time(minutes=11)
    _erase(library)


def _erase(library: SmallLibrary) -> None:
    """As the watcher does."""
    while library.erase_returned():
        pass


def test_nobody_meets_an_item_after_the_undo_window(library: SmallLibrary, cluster: Cluster) -> None:
    told = _live(library, cluster)
    graph = Graph(library)
    # before, they do: the graph sees what there is to see
    assert graph.path(*_ends(graph, told))
    _wait_and_erase(library)
    graph = Graph(library)
    _nothing_leads_from_one_to_another(graph, told)
    assert graph.nodes("public.loan") == set()
    assert graph.nodes("public.reservation") == graph.nodes("public.reservation", state="ready")
    answers = [
        json.loads(row["answer"])
        for node, row in graph.rows.items()
        if node[0] == "public.operation" and row["answer"] is not None
    ]
    # what was done with a reservation names a key that is nobody's any more
    keys = {answer["reservation"] for answer in answers if "reservation" in answer}
    assert len(keys) == 3
    assert not keys & {graph.rows[node]["id"] for node in graph.nodes("public.reservation")}
    # what a reservation was answered names nobody and nothing, and goes with its day
    placed = [answer for answer in answers if "place" in answer]
    assert placed == [{"refusal": None, "place": 1, "in_stock": True}] * 5
    library.pass_time(days=1)
    _erase(library)
    graph = Graph(library)
    _nothing_leads_from_one_to_another(graph, told)
    kept = {row["answer"] for node, row in graph.rows.items() if node[0] == "public.operation"}
    assert not any("place" in (answer or "") or "item" in (answer or "") for answer in kept)


def test_whoever_withdraws_meets_nothing_that_they_had(library: SmallLibrary, cluster: Cluster) -> None:
    """Within the undo window, with a copy that is kept for them and another title that they wait for."""
    central = CentralServer(door(library.url, cluster, terminal_number(1, 7)))
    assert isinstance(central.sign_in("clerk_7", PASSWORD), SignedIn)
    desk, card, visit = library.desk(login="clerk_7"), library.patron(name=NAME), new_id()
    patron_id, items = library.id_of_patron(card), [library.item() for _ in range(3)]
    library.reserved(card, items[1])
    title = library.value(sa.select(t.item.c.title_id).where(t.item.c.number == items[2]))
    who = {"visit": visit, "card_number": card}
    time.sleep(NEAR * 1.2)
    for act, expected in (
        (partial(open_visit, **who), VisitOpened),
        (partial(check_out, operation=new_id(), item_number=items[0], **who), CheckedOut),
        (partial(check_in, operation=new_id(), item_number=items[0]), CheckedIn),
        # it is trapped for them
        (partial(check_in, operation=new_id(), item_number=items[1]), CheckedIn),
        (
            partial(place_reservation, operation=new_id(), title_id=title, pickup_branch_id=1, **who),
            Reserved,
        ),
    ):
        assert isinstance(central.run(partial(act, desk=desk)), expected)

    def ends(graph: Graph) -> tuple[set[Node], set[Node]]:
        looks = graph.nodes("audit.viewed", patron_id=patron_id)
        assert looks
        return looks, graph.nodes("public.item") | graph.nodes("public.title")

    graph = Graph(library)
    assert graph.path(*ends(graph))
    operation = new_id()
    done = central.run(partial(withdraw, operation=operation, patron_id=patron_id, desk=desk))
    assert done == Done(operation, kept=1)
    time.sleep(NEAR * 1.2)
    central.sign_out()
    _erase(library)
    graph = Graph(library)
    path = graph.path(*ends(graph))
    assert not path, "\n".join(str(step) for step in path)
    (record,) = graph.nodes("audit.record", act="patron withdrawn")
    assert graph.rows[record]["subject"] == {"patron": patron_id}


def test_whoever_was_told_meets_nothing_afterwards_and_nobody_meets_them(
    library: SmallLibrary, cluster: Cluster
) -> None:
    """A copy comes back from one reader, another gets a mail that fails, is called twice, and fetches it."""
    central = CentralServer(door(library.url, cluster, terminal_number(1, 7)))
    assert isinstance(central.sign_in("clerk_7", PASSWORD), SignedIn)
    desk, item = library.desk(login="clerk_7"), library.item()
    reader = library.patron(name=NAME)
    waiting = library.patron(name=NAME, telephone="0466-00-0001", notice_by="mail", email="x@example.jp")

    def do(act: Any, expected: Any) -> None:
        time.sleep(NEAR * 1.2)
        assert isinstance(central.run(partial(act, desk=desk)), expected)

    def lend(card: str) -> None:
        visit = new_id()
        do(partial(open_visit, visit=visit, card_number=card), VisitOpened)
        how = {"operation": new_id(), "visit": visit, "card_number": card, "item_number": item}
        assert isinstance(central.run(partial(check_out, **how, desk=desk)), CheckedOut)

    def told(*cards: str) -> Told:
        found = Told()
        found.items.append(library.id_of_item(item))
        found.patrons += map(library.id_of_patron, cards)
        return found

    lend(reader)
    key = library.reserved(waiting, item)
    do(partial(check_in, operation=new_id(), item_number=item), CheckedIn)
    graph = Graph(library)
    assert graph.nodes("public.outbox", reservation_id=key)
    # whoever brought it back is joined to whoever waited, by the mail, too
    assert graph.path(graph.nodes("public.outbox"), graph.nodes("audit.record", act="return"))
    _wait_and_erase(library)
    graph = Graph(library)
    assert graph.nodes("public.outbox", reservation_id=key)
    assert not graph.path(graph.nodes("public.outbox"), graph.nodes("audit.record", act="return"))
    _nothing_leads_from_one_to_another(graph, told(reader))
    with library.engine.connect() as connection:
        connection.exec_driver_sql("select mail.note_failed(id) from outbox")
    for outcome in (Outcome.NO_ANSWER, Outcome.REACHED):
        do(partial(to_tell, visit=new_id()), tuple)
        about = {"operation": new_id(), "patron_id": library.id_of_patron(waiting), "reservation_ids": (key,)}
        do(partial(tell, **about, way=NoticeBy.TELEPHONE, outcome=outcome), CircleDone)
    lend(waiting)
    do(partial(check_in, operation=new_id(), item_number=item), CheckedIn)
    time.sleep(NEAR * 1.2)
    central.sign_out()
    graph = Graph(library)
    assert len(graph.nodes("public.telling", reservation_id=key)) == 2
    _wait_and_erase(library)
    graph = Graph(library)
    _nothing_leads_from_one_to_another(graph, told(reader, waiting))
    for table in ("reservation", "outbox", "telling"):
        assert graph.nodes(f"public.{table}") == set(), table


def test_nobody_meets_an_item_that_was_added_for_them(library: SmallLibrary, cluster: Cluster) -> None:
    """It is on record who added it and on which day, and not at which moment: a reader stood there."""
    told = _add_and_lend(library, cluster)
    graph = Graph(library)
    assert graph.path(*_people_and_things(graph, told))
    _wait_and_erase(library)
    assert _noted(library) == 0
    graph = Graph(library)
    assert not graph.path(*_people_and_things(graph, told))
    assert graph.nodes("watch.added_item")
    before = {table: _writers(library, table) for table in ("item", "title", "title_search", "operation")}
    library.pass_time(days=1)
    assert (_noted(library), _noted(library)) == (1, 0)
    graph = Graph(library)
    assert not graph.path(*_people_and_things(graph, told))
    assert graph.nodes("watch.added_item") == set()
    (node,) = graph.nodes("audit.record", act="item added")
    record = graph.rows[node]
    assert (record["chain"], record["who"]) == (0, "clerk_7")
    assert (record["subject"]["item"], record["subject"]["day"]) == (told.items[0], "2026-05-12")
    for table, writers in before.items():
        assert not writers & _writers(library, table), table


def _writers(library: SmallLibrary, table: str) -> set[str]:
    """Which transactions wrote what a quick-add wrote."""
    only = " where act = 'add_item'" if table == "operation" else ""
    with library.engine.connect() as connection:
        return set(connection.exec_driver_sql(f"select xmin::text from {table}{only}").scalars())


def test_an_addition_on_record_at_its_moment_would_tell(library: SmallLibrary, cluster: Cluster) -> None:
    told = _add_and_lend(library, cluster)
    with library.engine.connect() as connection:
        connection.exec_driver_sql(
            "select audit.note(chain, who, 'item added', jsonb_build_object('item', (select id from item)))"
            " from audit.record where act = 'checkout'"
        )
    _wait_and_erase(library)
    graph = Graph(library)
    assert graph.path(*_people_and_things(graph, told))


def test_a_return_of_one_person_is_erased_while_others_go_on(library: SmallLibrary, cluster: Cluster) -> None:
    """Nothing waits for a quiet hour: an erasure in the middle of the work leaves nothing behind either."""
    told = _live(library, cluster)
    library.pass_time(minutes=11)
    later = _live(library, cluster)
    _erase(library)
    graph = Graph(library)
    _nothing_leads_from_one_to_another(graph, told)
    assert graph.path(*_ends(graph, later))


@pytest.mark.parametrize(
    "leak",
    [
        # an item in the audit's record of the return
        "update audit.record set subject = subject || jsonb_build_object('item', {item})"
        " where act = 'return' and subject ->> 'loan' = '{loan}'",
        # an operation that says which loan it was, and one that says which item
        "update operation set answer = 'loan of item {operation}' where id = '{operation}';"
        "update loan_override set reason = '{operation}', patron_id = {patron};"
        "create table slip (item_id bigint references item (id), printed_by uuid);"
        "insert into slip values ({item}, '{operation}')",
        # a slip that was printed at the terminal in the same moment as the loan
        "create table slip (item_id bigint references item (id), terminal_id integer, at timestamptz);"
        "insert into slip select {item}, chain, at from audit.record"
        " where act = 'checkout' and subject ->> 'loan' = '{loan}'",
        # the last borrower, kept
        "alter table item add column last_patron_id bigint references patron (id);"
        "update item set last_patron_id = {patron} where id = {item}",
    ],
    ids=["an item in the audit", "an operation in a slip", "a slip by moment", "the last borrower"],
)
def test_a_leak_that_is_planted_is_found(library: SmallLibrary, cluster: Cluster, leak: str) -> None:
    told = _live(library, cluster)
    with library.engine.connect() as connection:
        loan, patron, item = connection.exec_driver_sql(
            "select id, patron_id, item_id from loan order by id limit 1"
        ).one()
        operation = connection.exec_driver_sql(
            f"select id::text from operation where loan_id = {loan} limit 1"
        ).scalar_one()
    _wait_and_erase(library)
    with library.engine.connect() as connection:
        connection.exec_driver_sql("alter table audit.record disable trigger user")
        for statement in leak.format(loan=loan, patron=patron, item=item, operation=operation).split(";"):
            connection.exec_driver_sql(statement)
    graph = Graph(library)
    assert graph.path(*_ends(graph, told))


def test_without_touching_rows_anew_their_transactions_would_tell(
    library: SmallLibrary, cluster: Cluster
) -> None:
    told = _live(library, cluster)
    library.pass_time(minutes=11)
    with library.engine.connect() as connection:
        # what an erasure by deleting alone would do
        connection.exec_driver_sql("update operation set answer = null, loan_id = null")
        connection.exec_driver_sql("delete from loan")
        connection.exec_driver_sql("update loan_override set item_id = null, item_erased = true")
        connection.exec_driver_sql("delete from watch.item_to_touch")
    graph = Graph(library)
    assert "transaction" in str(graph.path(*_ends(graph, told)))


def test_no_log_and_no_file_of_the_client_names_them(
    library: SmallLibrary, cluster: Cluster, tmp_path: Path, caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    before = len(cluster.read_log())
    with caplog.at_level("DEBUG"):
        told = _live(library, cluster)
        # statements that fail, violations, a wrong password
        wrong = CentralServer(door(library.url, cluster, terminal_number(1, 7)))
        assert not isinstance(wrong.sign_in("clerk_7", NAME), SignedIn)
        with library.engine.connect() as connection:
            for statement in (
                f"insert into patron (id, name) values (1, '{NAME}')",
                f"insert into card (number, patron_id, state, issued_on) select number, patron_id, '{KANA}',"
                " issued_on from card limit 1",
                f"select '{TITLE}'::integer is null from nowhere",
                "insert into card select * from card",
            ):
                with pytest.raises(sa.exc.DBAPIError):
                    connection.exec_driver_sql(statement)
    with library.engine.connect() as connection:
        cards = connection.exec_driver_sql(
            f"select number from card where patron_id in ({', '.join(map(str, told.patrons))})"
        ).scalars()
        items = connection.exec_driver_sql(
            f"select number from item where id in ({', '.join(map(str, told.items))})"
        ).scalars()
        secret = [NAME, KANA, TITLE, PASSWORD, *cards, *items]
    for text in (cluster.read_log()[before:], caplog.text, *_files(tmp_path)):
        for words in secret:
            assert words not in text


def _files(place: Path) -> Iterator[str]:
    for file in place.rglob("*"):
        if file.is_file():
            yield file.read_bytes().decode("utf-8", "replace")
