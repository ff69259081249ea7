"""A small library for tests, on either database, with a clock that tests set."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from madoguchi.app.clock import LibraryClock
from madoguchi.app.lending.facts import Desk
from madoguchi.app.server import schema
from madoguchi.app.server import tables as t
from madoguchi.app.server.central import CentralServer
from madoguchi.app.server.embedded import EmbeddedWrites
from madoguchi.app.server.engine import make_engine
from madoguchi.app.server.gateway import LendingServer
from madoguchi.app.server.odbc import register
from madoguchi.app.server.tables.columns import UtcDateTime
from madoguchi.app.training.house import fill_rules
from tests.support.cluster import Cluster
from tests.support.staff import Seats, add_staff, enrol_terminals, line_to, terminal_number, terminal_url

JST = dt.timezone(dt.timedelta(hours=9))
# a Tuesday in a quiet month: every branch is open on it and a fortnight later
TODAY = dt.date(2026, 5, 12)
SOGO, MINAMI = 1, 2

_TEST_CLOCK = (
    "create table test_clock (at timestamptz not null)",
    "alter table test_clock owner to madoguchi_owner",
    "create or replace function library_clock() returns timestamptz language sql stable"
    " as 'select coalesce((select at from public.test_clock), now())'",
)


class SmallLibrary:
    """Branches, rules and staff, and whatever a test adds.

    On PostgreSQL it is a central server: ``server()`` comes to it as its staff do, each with a login of their
    own, from terminals with certificates. ``engine`` is the administrator's, for what a test adds and sees.
    It keeps its connections, unless ``may_freeze``: one to a server that stands still would hang.
    """

    def __init__(self, url: sa.URL, cluster: Cluster | None = None, *, may_freeze: bool = False) -> None:
        self.url = url
        self.cluster = cluster
        self._may_freeze = may_freeze
        self._now = dt.datetime.combine(TODAY, dt.time(10), JST)
        self.engine = self._administrators_engine()
        self._numbers = itertools.count(1)
        self._servers: list[LendingServer | Seats] = []

    def _administrators_engine(self) -> sa.Engine:
        """An engine that keeps its connections to a server: opening one takes longer than a test asks."""
        if self._may_freeze or self.url.get_backend_name() == "sqlite":
            return make_engine(self.url, LibraryClock(lambda: self._now))
        register()
        # a test may have killed the server meanwhile
        engine = sa.create_engine(
            self.url, isolation_level="AUTOCOMMIT", pool_pre_ping=True, hide_parameters=True
        )

        @sa.event.listens_for(engine, "reset")
        def forget(connection: Any, _record: Any, state: sa.PoolResetState) -> None:
            # whose it was, the time zone and whatever else a test set in its session
            if not state.terminate_only:
                # also where somebody has left a transaction open, or asked for another isolation
                connection.rollback()
                connection.autocommit = True
                connection.execute("discard all")

        return engine

    @property
    def on_postgresql(self) -> bool:
        """Whether this library is on a PostgreSQL server."""
        return self.engine.dialect.name == "postgresql"

    def make(self) -> None:
        """Makes the schema and the rules."""
        schema.upgrade(self.engine)
        with self.engine.connect() as connection:
            if self.on_postgresql:
                for statement in _TEST_CLOCK:
                    connection.exec_driver_sql(statement)
            fill_rules(connection, TODAY)
            if self.on_postgresql:
                enrol_terminals(connection)
                # tests put patrons in with their keys; whoever is registered comes after them
                connection.exec_driver_sql("alter sequence patron_id_seq restart with 500000")
        self.add_staff("clerk", "counter_staff", "訓練 太郎")
        self.add_staff("keeper", "system_staff", "情報 守")
        self.set_clock(self._now)

    def add_staff(self, login: str, role: str, name: str, **changes: object) -> None:
        """Adds a member of staff who can sign in: on PostgreSQL with a login of their own."""
        with self.engine.connect() as connection:
            add_staff(connection, login=login, role=role, name=name, **changes)

    def set_clock(self, now: dt.datetime) -> None:
        """Sets the library's clock, on the server too."""
        self._now = now
        if self.on_postgresql:
            with self.engine.connect() as connection:
                connection.exec_driver_sql("delete from test_clock")
                connection.execute(
                    sa.text("insert into test_clock values (:at)").bindparams(
                        sa.bindparam("at", now, type_=UtcDateTime)
                    )
                )

    @property
    def now(self) -> dt.datetime:
        """The library's clock."""
        return self._now

    def pass_time(self, **span: float) -> None:
        """Lets time pass, as ``timedelta`` takes it."""
        self.set_clock(self._now + dt.timedelta(**span))

    def desk(self, branch_id: int = SOGO, login: str = "clerk") -> Desk:
        """A desk in a branch."""
        return Desk(branch_id=branch_id, terminal="1番窓口", login=login)

    def server(self, **settings: float) -> LendingServer | Seats:
        """A terminal's own way to the library; on PostgreSQL one for each desk that an act names."""
        if self.on_postgresql:
            assert self.cluster is not None, (
                "who comes to a central server comes from a terminal of its cluster"
            )
            server = Seats(self.url, self.cluster, place=len(self._servers), **settings)
        else:
            server = LendingServer(self.engine, **settings)
        self._servers.append(server)
        return server

    def line(self, branch_id: int = SOGO, place: int = 0, **settings: float) -> LendingServer | CentralServer:
        """The way of one terminal at which nobody is signed in yet, as the counter's window has it."""
        if not self.on_postgresql:
            return LendingServer(self.engine, **settings)
        return line_to(self.terminal_url(branch_id, place), **settings)

    def terminal_url(self, branch_id: int = SOGO, place: int = 0) -> sa.URL:
        """The library's address for a branch's so-manieth terminal; on SQLite for any.

        Without a cluster this library was made from such an address, in a process of its own.
        """
        if not self.on_postgresql or self.cluster is None:
            return self.url
        return terminal_url(self.url, self.cluster, terminal_number(branch_id, place))

    def let_look_freely(self) -> None:
        """Lets a login open as many records an hour as it likes: tests are quicker than people."""
        if self.on_postgresql:
            with self.engine.connect() as connection:
                connection.exec_driver_sql(
                    "update account.rule set views_an_hour = 32767, list_rows_an_hour = 32767"
                )

    def erase_returned(self) -> int:
        """Erases what can no longer be undone, as the embedded library and the watcher do; how many loans."""
        with self.engine.connect() as connection:
            if self.on_postgresql:
                return connection.execute(
                    sa.select(sa.func.watch.erase_returned(type_=sa.Integer))
                ).scalar_one()
            return EmbeddedWrites(connection).erase_returned()

    def close(self) -> None:
        """Closes every terminal's connection."""
        for server in self._servers:
            server.close()
        self.engine.dispose()

    # -- what a test adds -------------------------------------------------------------------------

    def patron(self, *, lost_card: str | None = None, note: str = "", **changes: object) -> str:
        """Adds a patron, with a note about them; returns the number of their card."""
        serial = next(self._numbers)
        number = f"2{serial:09}"
        values = {
            "id": serial,
            "name": f"見本 {serial}",
            "kana": "ミホン",
            "birth_date": dt.date(1980, 4, 1),
            "category": "resident",
            "last_used_on": TODAY - dt.timedelta(days=20),
            "registered_on": dt.date(2024, 4, 1),
        } | changes
        with self.engine.connect() as connection:
            connection.execute(t.patron.insert().values(values))
            connection.execute(
                t.card.insert().values(
                    number=number, patron_id=serial, state="active", issued_on=dt.date(2024, 4, 1)
                )
            )
            if note:
                connection.execute(
                    t.patron_note.insert().values(
                        id=uuid4(), patron_id=serial, text=note, login="clerk", made_on=TODAY
                    )
                )
            if lost_card is not None:
                connection.execute(
                    t.card.insert().values(
                        number=lost_card, patron_id=serial, state="lost", issued_on=dt.date(2020, 4, 1)
                    )
                )
        return number

    def item(self, *, title_id: int | None = None, **changes: object) -> str:
        """Adds an item, and a title for it unless one is given; returns its number."""
        serial = next(self._numbers)
        number = f"1{serial:09}"
        with self.engine.connect() as connection:
            if title_id is None:
                title_id = serial
                connection.execute(
                    t.title.insert().values(
                        id=serial, title=f"こころ {serial}", statement="夏目 漱石", ndc="913.6"
                    )
                )
            connection.execute(
                t.item.insert().values(
                    {
                        "id": serial,
                        "number": number,
                        "title_id": title_id,
                        "home_branch_id": SOGO,
                        "kind": "book",
                    }
                    | changes
                )
            )
        return number

    def lent(self, card: str, item: str, *, due_on: dt.date, lent_on: dt.date | None = None) -> int:
        """Has an item on loan already, whatever the rules say; returns the loan's id."""
        with self.engine.connect() as connection:
            return connection.execute(
                t.loan.insert().values(
                    item_id=self.id_of_item(item),
                    patron_id=self.id_of_patron(card),
                    branch_id=SOGO,
                    lent_on=lent_on or due_on - dt.timedelta(days=14),
                    due_on=due_on,
                )
            ).inserted_primary_key[0]

    def reserved(self, card: str, item: str, **changes: object) -> int:
        """Puts a reservation of the item's title into the queue; returns its id."""
        with self.engine.connect() as connection:
            title_id = connection.execute(
                sa.select(t.item.c.title_id).where(t.item.c.number == item)
            ).scalar_one()
            return connection.execute(
                t.reservation.insert().values(
                    {
                        "title_id": title_id,
                        "patron_id": self.id_of_patron(card),
                        "pickup_branch_id": SOGO,
                        "placed_at": self._now
                        - dt.timedelta(days=3)
                        + dt.timedelta(seconds=next(self._numbers)),
                        "state": "waiting",
                    }
                    | changes
                )
            ).inserted_primary_key[0]

    # -- what a test looks at ---------------------------------------------------------------------

    def id_of_item(self, number: str) -> int:
        """The item's key."""
        return self.value(sa.select(t.item.c.id).where(t.item.c.number == number))

    def id_of_patron(self, card: str) -> int:
        """The patron's key."""
        return self.value(sa.select(t.card.c.patron_id).where(t.card.c.number == card))

    def value(self, statement: sa.Select) -> object:
        """The one value of a query, or None."""
        with self.engine.connect() as connection:
            return connection.execute(statement).scalar_one_or_none()

    def rows(self, statement: sa.Select) -> list[dict[str, object]]:
        """All rows of a query."""
        with self.engine.connect() as connection:
            return [dict(row) for row in connection.execute(statement).mappings()]

    def open_loans(self, card: str) -> int:
        """How many items the patron has on loan."""
        return self.value(
            sa.select(sa.func.count())
            .select_from(t.loan)
            .where(t.loan.c.patron_id == self.id_of_patron(card), t.loan.c.returned_at.is_(None))
        )


def new_id():
    """A fresh operation or visit."""
    return uuid4()
