"""The prefix of the library's command codes, which every sheet of them carries."""

from __future__ import annotations

import argparse

from madoguchi.app.admin.context import Commands, Context
from madoguchi.app.admin.database import sentences
from madoguchi.app.admin.said import CannotDo
from madoguchi.app.command_sheet import renew_command_prefix


def add_to(commands: Commands) -> None:
    """Adds the commands of this file."""
    prefix = commands.add_parser("command-prefix", help="makes all command sheets printed before worthless")
    prefix.add_argument("--new", action="store_true", required=True, help="draw a new prefix")
    prefix.set_defaults(run=new_prefix)


def new_prefix(context: Context, _options: argparse.Namespace) -> int:
    """Draws a new prefix; it is not shown: a counter learns it at its sign-in and prints the sheet."""
    with sentences():
        try:
            renew_command_prefix(context.engine())
        except LookupError as error:
            raise CannotDo("there is no library in this database") from error
    context.say("a new prefix: print the sheets anew at a terminal, with madoguchi command-sheet")
    return 0
