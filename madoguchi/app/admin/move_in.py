"""``move-in``: the old system's patrons, titles, items and open loans, from CSV into the library."""

from __future__ import annotations

import argparse
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from madoguchi.app.admin.context import Commands, Context
from madoguchi.app.admin.database import sentences
from madoguchi.app.admin.said import CannotDo
from madoguchi.app.clock import LibraryClock
from madoguchi.app.movein.csv_rows import ENCODINGS
from madoguchi.app.movein.library import Library, NotMovedIn, opened
from madoguchi.app.movein.maps import read_maps
from madoguchi.app.movein.report import NAME, write_report
from madoguchi.app.movein.stage import Order, stage
from madoguchi.app.movein.staging import Staging
from madoguchi.app.movein.switch import count_files, forget, in_the_way, switch, to_be_written
from madoguchi.app.server import schema
from madoguchi.app.server.engine import embedded_url, make_engine
from madoguchi.app.server.odbc_errors import sqlstate
from madoguchi.app.synth.progress import Progress
from madoguchi.app.synth.store import BATCH

_NOTHING = "nothing is staged; move-in stage FOLDER reads the files"


def add_to(commands: Commands) -> None:
    """Adds the commands of this file."""
    steps = commands.add_parser(
        "move-in", help="moves an old system's patrons, titles, items and open loans in, from CSV"
    ).add_subparsers(required=True)
    read = steps.add_parser("stage", help="reads the files into tables of their own; goes on where it was")
    read.add_argument("folder", type=Path, help="with titles.csv, items.csv, patrons.csv and loans.csv")
    read.add_argument(
        "--map", action="append", metavar="COLUMN:OLD=NEW", help="what a code of the old system means here"
    )
    read.add_argument("--map-file", type=Path, metavar="FILE", help="the same in a CSV file: column,old,new")
    read.add_argument("--encoding", choices=ENCODINGS, help="of all four files (told apart by looking)")
    read.add_argument("--again", action="store_true", help="forgets what is staged and begins anew")
    read.add_argument("--batch", type=_rows, default=BATCH, metavar="ROWS", help=f"in one step ({BATCH})")
    read.set_defaults(run=stage_files)
    look = steps.add_parser("check", help="what is staged, and whether it can be switched; status 1: no")
    look.set_defaults(run=check_staged)
    for parser in (read, look):
        parser.add_argument("--report", type=Path, metavar="FILE", help=f"where it goes (./{NAME})")
    write = steps.add_parser("switch", help="writes it all into the library, in one step or not at all")
    write.set_defaults(run=switch_staged)
    erase = steps.add_parser("forget", help="erases what is staged")
    erase.set_defaults(run=forget_staged)
    for parser in (read, look, write, erase):
        where = parser.add_mutually_exclusive_group()
        where.add_argument("--file", type=Path, metavar="PATH", help="an embedded library")
        where.add_argument("--database", metavar="NAME", help="one of this server's (the library's own)")


def stage_files(context: Context, options: argparse.Namespace) -> int:
    """Reads the files, says how many rows are what, and writes the report."""
    began = time.monotonic()
    with _library(context, options) as library:
        # None: as the run before had them
        given = options.map is not None or options.map_file is not None
        maps = read_maps(options.map or (), options.map_file) if given else None
        order = Order(
            options.folder.absolute(),
            LibraryClock().local().date(),
            maps,
            options.encoding,
            options.again,
            options.batch,
        )
        stage(library, order, Progress(sys.stderr))
        read = _say_counts(context, library)
        _report(context, library, options)
        context.say(_rate("staged", read, time.monotonic() - began))
    return 0


def check_staged(context: Context, options: argparse.Namespace) -> int:
    """Says what is staged, and why it cannot be switched if it cannot."""
    with _library(context, options) as library:
        staging = Staging(library.connection)
        if not staging.exists:
            raise CannotDo(_NOTHING)
        _say_counts(context, library)
        if staging.is_compared:
            _report(context, library, options)
        would = to_be_written(staging, library.connection)
        context.say("would be switched: " + _listed(would))
        reasons = list(in_the_way(library, staging))
        for reason in reasons:
            context.say(f"NOT OK: {reason}")
    return 1 if reasons else 0


def switch_staged(context: Context, options: argparse.Namespace) -> int:
    """Writes everything that is good into the library."""
    began = time.monotonic()
    with _library(context, options) as library:
        staging = Staging(library.connection)
        if not staging.exists:
            raise CannotDo(_NOTHING)
        refused = sum(count.refused for count in count_files(staging, library.connection))
        written = switch(library, Progress(sys.stderr))
        context.say("in the library, as many as were staged: " + _listed(written))
        context.say(f"left out, as the report says: {refused:,} rows")
        context.say(_rate("switched", sum(written.values()), time.monotonic() - began))
        context.say("what was staged is erased; now erase the files, too")
    return 0


def forget_staged(context: Context, options: argparse.Namespace) -> int:
    """Erases what is staged."""
    with _library(context, options) as library:
        context.say("what was staged is erased" if forget(library) else "nothing was staged")
    return 0


@contextmanager
def _library(context: Context, options: argparse.Namespace) -> Iterator[Library]:
    """The library that the options name, of this very version.

    Raises:
        CannotDo: it is not there or of another version, or something was not done; never with a row's values.
    """
    engine = _engine(context, options)
    try:
        with sentences():
            version = schema.current(engine)
            if version != schema.head():
                raise CannotDo(f"the library's schema is {version}, not {schema.head()}; bring it up first")
            with opened(engine) as library:
                yield library
    except NotMovedIn as error:
        raise CannotDo(str(error)) from error
    except (sa.exc.DBAPIError, sqlite3.Error) as error:
        if "locked" in str(error):
            raise CannotDo("the library is open in another program; close it first") from None
        # the server's own words may hold a row's values
        state = sqlstate(error) if isinstance(error, sa.exc.DBAPIError) else None
        raise CannotDo(f"the database refused it ({state or type(error).__name__})") from None


def _engine(context: Context, options: argparse.Namespace) -> sa.Engine:
    if options.file is None:
        return context.engine(options.database)
    path = options.file.absolute()
    if not path.is_file():
        raise CannotDo(f"{path}: there is no such library")
    return make_engine(embedded_url(path))


def _say_counts(context: Context, library: Library) -> int:
    """Says of each file what its rows are; answers how many were read."""
    staging = Staging(library.connection)
    counts = count_files(staging, library.connection)
    problem = staging.problem.c
    for count in counts:
        context.say(
            f"{count.file.csv}: read {count.read:,} = good {count.good:,} + refused {count.refused:,};"
            f" notices {count.notices:,}"
        )
        found = library.connection.execute(
            sa.select(problem.code, sa.func.count())
            .where(problem.file == count.file.value)
            .group_by(problem.code)
            .order_by(problem.code)
        )
        for code, number in found.all():
            context.say(f"  {code} {number:,}")
    return sum(count.read for count in counts)


def _report(context: Context, library: Library, options: argparse.Namespace) -> None:
    path = (options.report or Path(NAME)).absolute()
    lines = write_report(library.connection, Staging(library.connection), path)
    context.say(f"report: {path}, {lines:,} lines")


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {number:,}" for name, number in counts.items())


def _rate(done: str, rows: int, seconds: float) -> str:
    return f"{done} {rows:,} rows in {seconds:.1f} s, {rows / seconds:,.0f} rows a second"


def _rows(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 100_000:
        raise argparse.ArgumentTypeError("from 1 to 100000")
    return number
