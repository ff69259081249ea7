"""``synth``: a library of the city's size, made up, to measure with."""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa

from madoguchi.app.admin.context import Commands, Context
from madoguchi.app.admin.database import sentences
from madoguchi.app.admin.making import create_database, open_database
from madoguchi.app.admin.said import CannotDo
from madoguchi.app.synth.circulation import TooFewPatrons
from madoguchi.app.synth.library import SEED, fill_database, make_file
from madoguchi.app.synth.progress import Progress
from madoguchi.app.synth.sizes import sizes
from madoguchi.app.training.library import NotEmpty


def add_to(commands: Commands) -> None:
    """Adds the commands of this file."""
    synth = commands.add_parser("synth", help="makes a library of the city's size, made up, to measure with")
    where = synth.add_mutually_exclusive_group(required=True)
    where.add_argument("--file", type=Path, metavar="PATH", help="an embedded library, in a new file")
    where.add_argument(
        "--database",
        metavar="NAME",
        help="one of this server's databases: empty, as init made it, or not there",
    )
    synth.add_argument("--scale", type=float, default=1.0, help="times the city's own size, at most 2 (1)")
    synth.add_argument("--seed", type=int, default=SEED, help=f"another one makes other rows ({SEED})")
    synth.set_defaults(run=make_library)


def make_library(context: Context, options: argparse.Namespace) -> int:
    """Makes it, and says how much of what there is."""
    began = time.monotonic()
    progress = Progress(sys.stderr)
    try:
        size = sizes(options.scale)
        if options.file is not None:
            counts = make_file(options.file.absolute(), size, options.seed, progress)
        else:
            engine = _engine(context, options.database)
            with sentences():
                counts = fill_database(engine, size, options.seed, progress)
    except ValueError as error:
        raise CannotDo(f"--scale: {error}") from error
    except (NotEmpty, TooFewPatrons) as error:
        raise CannotDo(str(error)) from error
    context.say(", ".join(f"{name} {number:,}" for name, number in counts.items()))
    context.say(f"made in {time.monotonic() - began:.0f} s")
    return 0


def _engine(context: Context, name: str) -> sa.Engine:
    """An engine on the database, which is made if it is not there."""
    # says what a name may be
    replace(context.plan(), database=name)
    with sentences(), context.engine("postgres").connect() as connection:
        known = connection.execute(
            sa.text("select 1 from pg_database where datname = :name"), {"name": name}
        ).scalar_one_or_none()
        if known is None:
            create_database(connection, name)
            open_database(connection, name)
    return context.engine(name)
