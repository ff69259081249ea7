"""A library of the city's patrons, made up, and what is asked about them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

import sqlalchemy as sa

from madoguchi.app.catalogue.folding import folded
from madoguchi.app.patrons.finding import PatronQuery
from madoguchi.app.server import tables as t
from madoguchi.app.server.engine import embedded_url
from madoguchi.app.server.search_index import without_letters
from madoguchi.app.synth.library import SEED
from madoguchi.app.synth.patrons import CARD_COLUMNS, PATRON_COLUMNS, Patrons
from madoguchi.app.synth.store import Store
from madoguchi.app.synth.titles import Row
from madoguchi.app.synth.words import shipped_words
from tests.bench.ground import SQLITE, Ground
from tests.bench.made import SERVER
from tests.bench.stock import BenchLibrary
from tests.support.cluster import Cluster

DATABASE = "people"
MANY = 100_000
"""From so many patrons on, PostgreSQL is set as a real one is."""
CONTRACTED = 3
"""The branch that contract staff work for: every seventh patron is of it."""
RARE = 20
"""What so many hold at most is rare."""


class PeopledLibrary(BenchLibrary):
    """A library with ``synth``'s patrons and their cards, and nothing to lend."""

    def fill(self, number: int) -> None:
        """Puts the patrons in, and contract staff beside the clerk."""
        self.make()
        self.add_staff("itaku", "contract_staff", "訓練 次郎", branches=(CONTRACTED,))
        patrons = Patrons(shipped_words(), number, SEED, self.now.date())
        cards: list[Row] = []

        def rows() -> Iterator[Row]:
            for row, of_patron, _ in patrons.rows():
                cards.extend(of_patron)
                yield row

        with self.engine.connect() as connection:
            if self.on_postgresql:
                connection.exec_driver_sql("set statement_timeout = 0")
            connection.exec_driver_sql("begin" if self.on_postgresql else "begin immediate")
            with Store(connection) as store:
                with without_letters(connection):
                    store.put_all(t.patron, PATRON_COLUMNS, rows())
                store.put_all(t.card, CARD_COLUMNS, cards)
            connection.exec_driver_sql("commit")
            connection.exec_driver_sql("vacuum analyze" if self.on_postgresql else "analyze")

    def forget_looks(self) -> None:
        """Takes off the record who was looked at: nobody sees as many within an hour as a bench does."""
        if self.on_postgresql:
            with self.engine.connect() as connection:
                connection.exec_driver_sql("delete from audit.viewed")
                connection.exec_driver_sql("vacuum analyze audit.viewed")


def peopled_library(ground: Ground, on: str) -> PeopledLibrary:
    """The library of the sizes' patrons on either database."""
    number = ground.sizes.patrons
    if on == SQLITE:
        made = PeopledLibrary(embedded_url(ground.folder / "people.sqlite"))
    else:
        cluster = ground.cluster
        if number >= MANY:
            cluster = ground.closing.enter_context(Cluster(durable=True, settings=SERVER))
        cluster.create_database(DATABASE)
        ground.closing.callback(cluster.drop_database, DATABASE)
        made = PeopledLibrary(cluster.url(DATABASE), cluster)
    ground.closing.callback(made.close)
    made.fill(number)
    return made


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of one way of finding, and how many patrons there are that it asks for."""

    kind: str
    query: PatronQuery
    held: int


@dataclass(frozen=True, slots=True)
class Known:
    """A patron, and what they are found by."""

    name: str
    kana: str
    name_key: str
    kana_key: str
    telephone_key: str
    birth_date: dt.date
    card: str

    def fits(self, words: list[str], query: PatronQuery) -> bool:
        """Whether a query asks for them."""
        return (
            all(word in self.kana_key or word in self.name_key for word in words)
            and self.telephone_key.endswith(query.telephone_end)
            and query.birth_date in (None, self.birth_date)
        )


class Asking:
    """Draws questions from a library's patrons, always the same ones of the same library."""

    def __init__(self, library: PeopledLibrary) -> None:
        p, s, c = t.patron.c, t.patron_search.c, t.card.c
        known = (
            sa.select(p.name, p.kana, s.name_key, s.kana_key, s.telephone_key, p.birth_date, c.number)
            .join(t.patron_search, s.patron_id == p.id)
            .join(t.card, sa.and_(c.patron_id == p.id, c.state == "active"))
            .order_by(p.id)
        )
        with library.engine.connect() as connection:
            self.known = [Known(*row) for row in connection.execute(known)]
        # of a group, or of a name of one letter, not everything can be asked
        self._asked_about = [
            each for each in self.known if " " in each.name and len(folded(each.kana.split()[0])) > 1
        ]
        self._random = Random(SEED)

    def drawn(self, number: int) -> list[Asked]:
        """So many questions of each kind."""
        asked = []
        for kind, draw in self._kinds().items():
            for _ in range(number):
                query = draw()
                words = [folded(word) for word in query.words.split()]
                asked.append(Asked(kind, query, sum(each.fits(words, query) for each in self.known)))
        return asked

    def cards(self, number: int) -> list[str]:
        """The cards of so many."""
        return [self._one().card for _ in range(number)]

    def _kinds(self) -> dict[str, Callable[[], PatronQuery]]:
        pairs = Counter(
            pair
            for each in self.known
            for pair in {each.kana_key[place : place + 2] for place in range(len(each.kana_key) - 1)}
        )
        often = [pair for pair, _ in pairs.most_common(max(1, len(pairs) // 100))]
        rare = sorted(pair for pair, held in pairs.items() if held <= RARE)
        one, choice = self._one, self._random.choice
        return {
            "two letters of kana, common": lambda: PatronQuery(choice(often)),
            "two letters of kana, from a middle": lambda: PatronQuery(self._middle(one().kana_key)),
            "two letters of kana, rare": lambda: PatronQuery(choice(rare)),
            "two letters of kana, apart": lambda: PatronQuery(" ".join(one().kana_key[:4:3])),
            "family name, kana": lambda: PatronQuery(one().kana.split()[0]),
            "whole name, kana": lambda: PatronQuery(one().kana),
            "one kanji": lambda: PatronQuery(one().name[0]),
            "family name": lambda: PatronQuery(one().name.split()[0]),
            "whole name": lambda: PatronQuery(one().name),
            "two people's kana at once: nobody": lambda: PatronQuery(f"{one().kana} {one().kana}"),
            "telephone's last four": lambda: PatronQuery(telephone_end=one().telephone_key[-4:]),
            "birth date": lambda: PatronQuery(birth_date=one().birth_date),
        }

    def _one(self) -> Known:
        return self._random.choice(self._asked_about)

    def _middle(self, key: str) -> str:
        place = self._random.randrange(1, max(2, len(key) - 2))
        return key[place : place + 2]
