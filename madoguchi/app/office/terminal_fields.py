"""A terminal's own settings as they are typed in the office: made into values, or every wrong field named.

Pure. The server checks all of it again.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from madoguchi.app.devices.fields import GROUP, virus_check_of
from madoguchi.app.office.checks import FieldProblem, Problems, tidy
from madoguchi.app.settings import IDLE_SECONDS

LONGEST_PRINTER: Final = 100
_PLAIN_ARGUMENT: Final = re.compile(r"[A-Za-z0-9_@%+=:,./{}-]+")


def terminal_settings(typed: Mapping[str, str], *, branches: Collection[str]) -> dict[str, object] | Problems:
    """What a terminal is to be set to; None for what it is to have no setting of its own for.

    Without a field ``virus_check`` that setting stays as it is.
    """
    problems: Problems = {}
    found: dict[str, object] = {"branch": typed["branch"]}
    if typed["branch"] not in branches:
        problems["branch"] = FieldProblem.NO_SUCH_BRANCH
    seconds = tidy(typed["idle_seconds"])
    found["idle_seconds"] = None
    if seconds:
        number = int(seconds) if seconds.isascii() and seconds.isdigit() and len(seconds) <= 5 else 0
        found["idle_seconds"] = number
        if number not in IDLE_SECONDS:
            problems["idle_seconds"] = FieldProblem.IDLE_SECONDS
    for printer in ("receipt_printer", "label_printer"):
        name = typed[printer].strip()
        found[printer] = name or None
        if len(name) > LONGEST_PRINTER:
            problems[printer] = FieldProblem.TOO_LONG
        elif not name.isprintable():
            problems[printer] = FieldProblem.NOT_PLAIN
    group = tidy(typed["usb_group"])
    found["usb_group"] = group or None
    if group and not GROUP.fullmatch(group):
        problems["usb_group"] = FieldProblem.GROUP
    if "virus_check" in typed:
        command = command_of(typed["virus_check"])
        found["virus_check"] = list(command) if isinstance(command, tuple) else None
        if isinstance(command, FieldProblem):
            problems["virus_check"] = command
    return problems or found


def command_of(text_untrusted: str) -> tuple[str, ...] | FieldProblem | None:
    """The command that checks a file: its arguments with blanks between, quoted where one has a blank itself.

    The quotes are all that it shares with a shell: none reads it. None: no command.
    """
    text = text_untrusted.strip()
    if not text:
        return None
    try:
        return virus_check_of(shlex.split(text))
    except ValueError:
        return FieldProblem.COMMAND


def command_text(value: object) -> str:
    """A command as it is typed, and read back by ``command_of``; empty for what is no such command."""
    try:
        arguments: Sequence[str] = virus_check_of(value)
    except ValueError:
        return ""
    return " ".join(each if _PLAIN_ARGUMENT.fullmatch(each) else shlex.quote(each) for each in arguments)
