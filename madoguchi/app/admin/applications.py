"""``applications``: takes provisional applications in from a file of the web side's."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

import sqlalchemy as sa

from madoguchi.app.admin.context import Commands, Context
from madoguchi.app.admin.database import sentences
from madoguchi.app.admin.said import CannotDo
from madoguchi.app.patrons.application_file import CannotRead, read_file
from madoguchi.app.server.application_import import Outcome, Taken, categories, take_in
from madoguchi.app.server.engine import embedded_url, make_engine
from madoguchi.app.server.schema import current, head

MOST_BYTES = 50_000_000


def add_to(commands: Commands) -> None:
    """Adds the commands of this file."""
    applications = commands.add_parser(
        "applications", help="provisional applications (利用者仮登録申請)"
    ).add_subparsers(required=True)
    taking = applications.add_parser(
        "import", help="takes a CSV file in; says row by row what was not taken, and why"
    )
    taking.add_argument("file", type=Path, metavar="FILE", help="CSV in UTF-8 or CP932")
    taking.add_argument(
        "--library", type=Path, metavar="PATH", help="into an embedded library; without it: into the server's"
    )
    taking.set_defaults(run=import_file)


def import_file(context: Context, options: argparse.Namespace) -> int:
    """Takes a file in; 1 if any row of it was not taken, or not known already."""
    with options.file.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise CannotDo(f"{options.file}: larger than {MOST_BYTES // 1_000_000} MB")
    engine = _engine(context, options.library)
    with sentences():
        with engine.connect() as connection:
            today = connection.execute(sa.select(sa.func.library_day(0, type_=sa.Date))).scalar_one()
            known = categories(connection)
        try:
            rows = read_file(content, known, today)
        except CannotRead as error:
            raise CannotDo(f"{options.file}: {error}") from error
        outcomes = take_in(engine, rows)
    for outcome in outcomes:
        if outcome.taken not in (Taken.TAKEN, Taken.KNOWN):
            context.say(_sentence(outcome))
    counts = Counter(outcome.taken for outcome in outcomes)
    not_taken = len(outcomes) - counts[Taken.TAKEN] - counts[Taken.KNOWN]
    context.say(
        f"{len(outcomes)} rows: {counts[Taken.TAKEN]} taken, {counts[Taken.KNOWN]} known already,"
        f" {not_taken} not taken"
    )
    return 1 if not_taken else 0


def _engine(context: Context, library: Path | None) -> sa.Engine:
    if library is None:
        return context.engine()
    if not library.is_file():
        raise CannotDo(f"{library}: there is no such file")
    engine = make_engine(embedded_url(library.absolute()))
    try:
        version = current(engine)
    except sa.exc.DatabaseError as error:
        raise CannotDo(f"{library}: no library") from error
    if version != head():
        raise CannotDo(f"{library}: no library, or one of another version of the program")
    return engine


def _sentence(outcome: Outcome) -> str:
    row = outcome.row
    why = ", ".join(row.wrong) if outcome.taken is Taken.WRONG else outcome.taken.value
    return f"row {row.number}: not taken: {why}"
