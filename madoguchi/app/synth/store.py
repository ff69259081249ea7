"""Putting rows into either database, many at once, while the next ones are made."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from types import TracebackType
from typing import Any, Final, Self

import sqlalchemy as sa

from madoguchi.app.synth.titles import Row

BATCH: Final = 4000
"""Rows in one statement: a megabyte or two of text."""

_WAITING: Final = 2

# what parts rows, fields, and stands for no value; no word of ours holds a control character
_ROW, _FIELD, _NONE = "\x1e", "\x1f", "\x1d"


class Store:
    """A connection in a transaction of its caller's, used by one thread at a time.

    A server takes a batch in another thread while the next ones are made. A file takes it at once: SQLite's
    driver lets Python go on between any two rows, and would wait for it as often.
    """

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        self._pool = ThreadPoolExecutor(1, "synth")
        self._running = deque[Future[None]]()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # after an error nothing more of it is of use
        self._pool.shutdown(wait=True, cancel_futures=kind is not None)

    @property
    def on_postgresql(self) -> bool:
        """Whether the rows go to a server."""
        return self.connection.dialect.name == "postgresql"

    def put(self, table: sa.Table, columns: Sequence[str], rows: Iterable[Row]) -> Iterator[int]:
        """Inserts rows; yields how many of each batch, as they are taken. To be exhausted.

        Raises:
            sqlalchemy.exc.DBAPIError, sqlite3.Error: the database refuses a row.
        """
        send = self.sender(table, columns)
        left = iter(rows)
        while batch := list(islice(left, BATCH)):
            send(batch)
            yield len(batch)
        self.settle()

    def sender(self, table: sa.Table, columns: Sequence[str]) -> Callable[[Sequence[Row]], None]:
        """What sends a batch of rows on its way, in the order of the calls; two may wait. See ``settle``."""
        insert = (self._on_server if self.on_postgresql else self._in_file)(table, columns)

        def send(batch: Sequence[Row]) -> None:
            if not self.on_postgresql:
                insert(batch)
                return
            while len(self._running) > _WAITING:
                self._running.popleft().result()
            self._running.append(self._pool.submit(insert, batch))

        return send

    def put_all(self, table: sa.Table, columns: Sequence[str], rows: Iterable[Row]) -> int:
        """The same at once; answers how many."""
        return sum(self.put(table, columns, rows))

    def settle(self) -> None:
        """Waits until what was put is in."""
        while self._running:
            self._running.popleft().result()

    def _on_server(self, table: sa.Table, columns: Sequence[str]) -> Callable[[Sequence[Row]], None]:
        """One text a batch, taken apart by the server: as quick as COPY, in this transaction."""
        preparer = self.connection.dialect.identifier_preparer
        casts = []
        for place, name in enumerate(columns, start=1):
            column = table.c[name]
            value = f"nullif(f[{place}], E'\\x1d')" if column.nullable else f"f[{place}]"
            casts.append(f"cast({value} as {column.type.compile(self.connection.dialect)})")
        # names of our own tables
        statement = (
            f"insert into {preparer.format_table(table)} ({', '.join(columns)}) select {', '.join(casts)}"  # noqa: S608
            " from (select string_to_array(line, E'\\x1f') as f"
            " from string_to_table(cast(? as text), E'\\x1e') line offset 0) taken"
        )

        def insert(batch: Sequence[Row]) -> None:
            text = _ROW.join(
                _FIELD.join([_NONE if value is None else str(value) for value in row]) for row in batch
            )
            self.connection.exec_driver_sql(statement, (text,))

        return insert

    def _in_file(self, table: sa.Table, columns: Sequence[str]) -> Callable[[Sequence[Row]], None]:
        marks = ", ".join("?" * len(columns))
        statement = f"insert into {table.name} ({', '.join(columns)}) values ({marks})"  # noqa: S608
        dated = [place for place, name in enumerate(columns) if isinstance(table.c[name].type, sa.Date)]
        timed = [place for place, name in enumerate(columns) if _is_moment(table.c[name])]

        def plain(row: Row) -> Row:
            values = list(row)
            for place in dated:
                day = values[place]
                values[place] = day.isoformat() if isinstance(day, dt.date) else None
            for place in timed:
                moment = values[place]
                assert isinstance(moment, dt.datetime)
                values[place] = moment.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
            return tuple(values)

        driver = self.connection.connection.driver_connection
        assert driver is not None

        def insert(batch: Sequence[Row]) -> None:
            driver.executemany(statement, map(plain, batch) if dated or timed else batch)

        return insert


def _is_moment(column: sa.Column[Any]) -> bool:
    kind = column.type
    return isinstance(kind.impl if isinstance(kind, sa.TypeDecorator) else kind, sa.DateTime)
