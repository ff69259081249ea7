"""Reads the files into the staging tables, a batch a transaction, from where the last run came to."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from madoguchi.app.movein.columns import File
from madoguchi.app.movein.compare import compare
from madoguchi.app.movein.csv_rows import Header, NotReadable, Record, Rows, Source, fields_of, look_through
from madoguchi.app.movein.library import Library, Maps, NotMovedIn
from madoguchi.app.movein.problems import NOTICES, Problem
from madoguchi.app.movein.row_checks import Checker, Codes, Row
from madoguchi.app.movein.staging import FileState, Staging
from madoguchi.app.synth.progress import Progress
from madoguchi.app.synth.store import BATCH, Store

AGAIN: Final = "begin anew with --again, which forgets what is staged"


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be staged.

    Attributes:
        maps: None: as the run before had them, or none.
        encoding: None: told apart by looking.
        again: what is staged already is forgotten.
        batch: rows in one transaction.
    """

    folder: Path
    today: dt.date
    maps: Maps | None = None
    encoding: str | None = None
    again: bool = False
    batch: int = BATCH


def stage(library: Library, order: Order, progress: Progress) -> None:
    """Reads all files and compares their rows; what an earlier run has done is not done again.

    Raises:
        NotMovedIn: a file cannot be read or is another than before, or the library is not set up.
    """
    staging = Staging(library.connection)
    try:
        sources = _sources(order, progress)
        headers = {source.file: Rows(source).header() for source in sources}
        maps = _begin(library, staging, order, sources, headers)
        codes = library.codes(maps)
        states = staging.files()
        for source in sources:
            if not states[source.file].done:
                reader = _Reader(library, staging, source, codes, order)
                reader.read(states[source.file], headers[source.file], progress)
    except NotReadable as error:
        raise NotMovedIn(str(error)) from error
    if not staging.is_compared:
        with progress.stage("compared", 0) as step, library.transaction():
            staging.index()
            compare(library.connection, staging)
            library.connection.execute(sa.update(staging.state).values(compared=True))
            step(sum(staging.count(table) for table in staging.rows_of.values()))


def _sources(order: Order, progress: Progress) -> list[Source]:
    if not order.folder.is_dir():
        raise NotMovedIn(f"{order.folder}: there is no such folder")
    with progress.stage("looked through", len(File)) as step:
        sources = []
        for file in File:
            sources.append(look_through(order.folder, file, order.encoding))
            step(1)
    return sources


def _begin(
    library: Library, staging: Staging, order: Order, sources: list[Source], headers: Mapping[File, Header]
) -> Maps:
    """Makes the tables, or sees that they are of these very files; the maps that hold."""
    with library.transaction():
        if staging.exists and order.again:
            staging.drop()
        if staging.exists:
            return _go_on(library, staging, order, sources)
        maps = order.maps or {}
        library.codes(maps)
        staging.create()
        run = library.connection.execute
        run(
            sa.insert(staging.state).values(
                id=1, codes=json.dumps(maps), compared=False, began_on=order.today
            )
        )
        for source in sources:
            run(
                sa.insert(staging.file).values(
                    name=source.file.value,
                    sha256=source.sha256,
                    encoding=source.encoding,
                    read=0,
                    last_row=1,
                    done=False,
                )
            )
            for place in headers[source.file].unknown:
                run(
                    sa.insert(staging.problem).values(
                        file=source.file.value,
                        at_row=1,
                        column_name=str(place),
                        code=Problem.UNKNOWN_COLUMN.value,
                        notice=True,
                    )
                )
    return maps


def _go_on(library: Library, staging: Staging, order: Order, sources: list[Source]) -> Maps:
    before = staging.files()
    for source in sources:
        if before[source.file].sha256 != source.sha256:
            raise NotMovedIn(f"{source.path}: it is another file than staging began with; {AGAIN}")
        if before[source.file].encoding != source.encoding:
            raise NotMovedIn(f"--encoding is another than staging began with; {AGAIN}")
    maps: Maps = json.loads(library.connection.execute(sa.select(staging.state.c.codes)).scalar_one())
    if order.maps is not None and order.maps != maps:
        raise NotMovedIn(f"--map is another than staging began with; {AGAIN}")
    return maps


@dataclass(slots=True)
class _Batch:
    """What is put at once."""

    rows: list[Row] = field(default_factory=list)
    more: list[Row] = field(default_factory=list)
    refused: list[Row] = field(default_factory=list)
    problems: list[Row] = field(default_factory=list)
    read: int = 0
    last_row: int = 0


class _Reader:
    """Reads one file into its table."""

    def __init__(
        self, library: Library, staging: Staging, source: Source, codes: Codes, order: Order
    ) -> None:
        self._library = library
        self._staging = staging
        self._source = source
        self._check = Checker(source.file, codes, order.today)
        self._size = order.batch

    def read(self, state: FileState, header: Header, progress: Progress) -> None:
        """Reads what was not read yet."""
        begun = state.last_row
        with (
            Store(self._library.connection) as store,
            progress.stage(self._source.file.csv, self._source.lines, already=state.read) as step,
        ):
            batch = _Batch(last_row=begun)
            for record in Rows(self._source):
                if record[0] <= state.last_row:
                    continue
                self._take(record, header, batch)
                if batch.read >= self._size:
                    self._put(store, batch, begun, done=False)
                    step(batch.read)
                    begun = batch.last_row
                    batch = _Batch(last_row=begun)
            self._put(store, batch, begun, done=True)
            step(batch.read)

    def _take(self, record: Record, header: Header, batch: _Batch) -> None:
        row, found = record
        file = self._source.file.value
        batch.read += 1
        batch.last_row = row
        fields = found if isinstance(found, Problem) else fields_of(found, header)
        if isinstance(fields, Problem):
            batch.problems.append((file, row, "", fields.value, False))
            return
        checked = self._check(row, fields)
        for column, problem in checked.found:
            batch.problems.append((file, row, column, problem.value, problem in NOTICES))
        if checked.values is not None:
            batch.rows.append(checked.values)
            batch.more += checked.more
        elif checked.key is not None:
            batch.refused.append((file, checked.key))

    def _put(self, store: Store, batch: _Batch, begun: int, *, done: bool) -> None:
        staging, file = self._staging, self._source.file
        state = staging.file.c
        with self._library.transaction():
            moved_on = self._library.connection.execute(
                sa.update(staging.file)
                .where(state.name == file.value, state.last_row == begun, ~state.done)
                .values(last_row=batch.last_row, read=state.read + batch.read, done=done)
            )
            if moved_on.rowcount != 1:
                raise NotMovedIn("another run of this command stages the same files")
            for table, rows in (
                (staging.rows_of[file], batch.rows),
                (staging.more_of.get(file), batch.more),
                (staging.refused, batch.refused),
                (staging.problem, batch.problems),
            ):
                if table is not None and rows:
                    store.put_all(table, [column.name for column in table.columns], rows)
