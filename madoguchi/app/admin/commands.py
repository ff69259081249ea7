"""The commands of ``madoguchi-server``: read from the line, and handed to the file that does them."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from madoguchi import __version__
from madoguchi.app.admin import (
    applications,
    audit_commands,
    backup,
    check,
    hosts_command,
    mail,
    making,
    move_in,
    people,
    restore,
    sheet,
    synth,
    terminals,
    usb,
    watch,
)
from madoguchi.app.admin.context import Commands, Context
from madoguchi.app.admin.plan import home_of
from madoguchi.app.admin.said import CannotDo

REGISTERED: Final[tuple[Callable[[Commands], None], ...]] = (
    making.add_to,
    people.add_to,
    terminals.add_to,
    audit_commands.add_to,
    backup.add_to,
    restore.add_to,
    check.add_to,
    sheet.add_to,
    watch.add_to,
    hosts_command.add_to,
    synth.add_to,
    applications.add_to,
    move_in.add_to,
    mail.add_to,
    usb.add_to,
)
"""Each adds its commands with ``set_defaults(run=...)``: a function of a ``Context`` and what was typed, that
returns the exit status and raises ``CannotDo``."""


def run(arguments: Sequence[str] | None, say: Callable[[str], None]) -> int:
    """Runs the command that ``arguments`` name; ``say`` prints a line.

    Raises:
        CannotDo: it was not done.
        SystemExit: the line cannot be read, or asks for help.
    """
    options = _parser().parse_args(arguments)
    status: int
    try:
        status = options.run(Context(home_of(options.home), say), options)
    except OSError as error:
        raise CannotDo(f"{error.filename or 'the system'}: {error.strerror or error}") from error
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="madoguchi-server", description="the central lending server; to be run on it, as root"
    )
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument(
        "--home", type=Path, metavar="FOLDER", help="/etc/madoguchi, or what MADOGUCHI_SERVER_HOME says"
    )
    commands = parser.add_subparsers(title="commands", required=True)
    for add_to in REGISTERED:
        add_to(commands)
    return parser
