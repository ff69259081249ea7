"""The library that is measured: people and books to lend, among many others that are only there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import sqlalchemy as sa

from madoguchi.app.server import schema
from madoguchi.app.server import tables as t
from madoguchi.app.server.engine import make_engine
from madoguchi.app.training.house import fill_rules
from madoguchi.app.training.situations import item_number, patron_number
from tests.bench.sizes import Sizes
from tests.counter.harness import CounterLibrary
from tests.support.cluster import Cluster
from tests.support.library import JST, SOGO
from tests.support.staff import enrol_terminals

VISIT = 10
"""Items in one visit: the printed limit of a resident."""

# Where the keys and numbers of each part begin; no part reaches the next, and what is made up none of them.
_WINDOW, _LOAD, _FILLER = 3_000_000, 4_000_000, 10_000_000
LOAD_ITEMS, LOAD_CARDS = 3_000_000_000, 4_000_000_000

_COUNT = "with recursive g(n) as (select {first} union all select n + 1 from g where n < {last}) "
_FILL = (
    "insert into title (id, title, statement, ndc) select n, 'こころ ' || n, '夏目 漱石', '913.6' from g",
    "insert into item (id, number, title_id, home_branch_id, kind) "
    "select n, {item}, n, {home}, 'book' from g",
)
_PEOPLE = (
    "insert into patron (id, name, kana, birth_date, category, last_used_on, registered_on) "
    "select n, '見本 ' || n, 'ミホン', '1980-04-01', 'resident', '{used}', '2024-04-01' from g",
    "insert into card (number, patron_id, state, issued_on) select {card}, n, 'active', '2024-04-01' from g",
)
# three of ten are out, five of a patron who has any
_OUT = (
    "insert into loan (item_id, patron_id, branch_id, lent_on, due_on) "
    "select n, {first} + (n - {first}) / {each}, {branch}, '{used}', '{due}' from g where n % 10 < 3"
)


def window_item(place: int) -> str:
    """The number of an item that a scanner can read."""
    return item_number(_WINDOW + place)


def window_card(place: int) -> str:
    """The number of a card that a scanner can read."""
    return patron_number(_WINDOW + place)


class BenchLibrary(CounterLibrary):
    """A library on the real clock: on PostgreSQL no test stands between an act and the time."""

    def __init__(self, url: sa.URL, cluster: Cluster | None = None) -> None:
        super().__init__(url, cluster)
        self.engine = make_engine(url)

    @property
    def now(self) -> dt.datetime:
        """The library's clock."""
        return dt.datetime.now(JST)

    def make(self) -> None:
        """Makes the schema, the rules, terminals, and staff who can sign in."""
        schema.upgrade(self.engine)
        with self.engine.connect() as connection:
            fill_rules(connection, self.now.date())
            if self.on_postgresql:
                enrol_terminals(connection)
        self.add_staff("clerk", "counter_staff", "訓練 太郎")
        self.add_staff("keeper", "system_staff", "情報 守")
        # a bench opens more visits in an hour than anybody could
        self.let_look_freely()

    def stock(self, sizes: Sizes) -> None:
        """Fills the shelves. The scanner's part carries check digits, the rest only numbers."""
        window = max(sizes.scans, sizes.marks[-1], sizes.bare + 1)
        with self.engine.connect() as connection:
            if self.on_postgresql:
                connection.exec_driver_sql("set statement_timeout = 0")
            else:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            self._fill_window(connection, window)
            for statement in self._load(sizes.load, sizes.filler):
                connection.exec_driver_sql(statement)
            if not self.on_postgresql:
                connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("analyze")

    def _fill_window(self, connection: sa.Connection, items: int) -> None:
        places = range(items)
        connection.execute(
            t.title.insert(),
            [
                {"id": _WINDOW + n, "title": f"吾輩は猫である {n}", "statement": "夏目 漱石", "ndc": "913.6"}
                for n in places
            ],
        )
        connection.execute(
            t.item.insert(),
            [
                {
                    "id": _WINDOW + n,
                    "number": window_item(n),
                    "title_id": _WINDOW + n,
                    "home_branch_id": SOGO,
                    "kind": "book",
                }
                for n in places
            ],
        )
        people = range(-(-items // VISIT))
        joined = dt.date(2024, 4, 1)
        connection.execute(
            t.patron.insert(),
            [
                {
                    "id": _WINDOW + n,
                    "name": f"見本 {n}",
                    "kana": "ミホン",
                    "birth_date": dt.date(1980, 4, 1),
                    "category": "resident",
                    "last_used_on": self._used(),
                    "registered_on": joined,
                }
                for n in people
            ],
        )
        connection.execute(
            t.card.insert(),
            [
                {
                    "number": window_card(n),
                    "patron_id": _WINDOW + n,
                    "state": "active",
                    "issued_on": joined,
                }
                for n in people
            ],
        )

    def _used(self) -> dt.date:
        return self.now.date() - dt.timedelta(days=20)

    def _load(self, load: int, filler: int) -> Iterator[str]:
        """The statements that make what terminals lend at once, and what is only there."""
        spare = max(1, load // VISIT)
        words = {"used": self._used(), "due": self.now.date() + dt.timedelta(days=7), "branch": SOGO}
        number = "cast({} + n as text)"
        item_and_card = (number.format(LOAD_ITEMS - _LOAD), number.format(LOAD_CARDS - _LOAD))
        for first, items, people, (item, card) in (
            (_LOAD, load, spare, item_and_card),
            (_FILLER, filler, max(1, filler // 15), ("'F' || n", "'P' || n")),
        ):
            count = _COUNT.format(first=first, last=first + items)
            home = SOGO if first == _LOAD else "1 + n % 4"
            for statement in _FILL:
                yield self._counted(count, statement.format(item=item, home=home))
            count = _COUNT.format(first=first, last=first + people)
            for statement in _PEOPLE:
                yield self._counted(count, statement.format(card=card, **words))
        count = _COUNT.format(first=_FILLER, last=_FILLER + filler)
        yield self._counted(count, _OUT.format(first=_FILLER, each=17, **words))

    def _counted(self, count: str, statement: str) -> str:
        # dates stand in a select: only PostgreSQL has types there, and wants to be told
        if self.on_postgresql:
            for day in (self._used(), self.now.date() + dt.timedelta(days=7), "1980-04-01", "2024-04-01"):
                statement = statement.replace(f"'{day}'", f"date '{day}'")
        return count + statement

    def take_load_back(self) -> None:
        """Everything that terminals have lent is as if it never was."""
        with self.engine.connect() as connection:
            if self.on_postgresql:
                connection.exec_driver_sql("set statement_timeout = 0")
            lent = f"item_id between {_LOAD} and {_FILLER - 1}"
            connection.exec_driver_sql("delete from operation")
            connection.exec_driver_sql("delete from statistic")
            connection.exec_driver_sql(f"delete from loan where {lent}")
            connection.exec_driver_sql("vacuum analyze" if self.on_postgresql else "analyze")

    def load_lent(self) -> int:
        """How many items terminals have lent."""
        lent = t.loan.c.item_id.between(_LOAD, _FILLER - 1)
        return int(str(self.value(sa.select(sa.func.count()).select_from(t.loan).where(lent))))
