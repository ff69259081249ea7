"""``mail-template``: the words of the mail that says something lies ready, shown and changed."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from madoguchi.app.admin.context import Commands, Context
from madoguchi.app.admin.said import CannotDo
from madoguchi.app.reservations.mail import filled, problems
from madoguchi.app.server import tables as t

_MOST_BYTES: Final = 20_000
_READY: Final = t.mail_template.c.code == "ready"


def add_to(commands: Commands) -> None:
    """Adds the commands of this file."""
    template = commands.add_parser(
        "mail-template", help="the words of the mail that says a reservation is ready"
    ).add_subparsers(required=True)
    shown = template.add_parser("show", help="the first line is the subject")
    shown.set_defaults(run=show)
    changed = template.add_parser("set", help="takes the words from a file; mail already written stays")
    changed.add_argument(
        "file",
        type=Path,
        metavar="FILE",
        help="in UTF-8: the subject in the first line, then the text, with {branch} and {keep_until}",
    )
    changed.set_defaults(run=change)


def show(context: Context, _options: argparse.Namespace) -> int:
    """Prints the words."""
    with context.transaction() as connection:
        words = connection.execute(sa.select(t.mail_template).where(_READY)).one_or_none()
    if words is None:
        raise CannotDo("there is none: nobody is written to; mail-template set makes one")
    for line in (words.subject, *words.body.splitlines()):
        context.say(line)
    return 0


def change(context: Context, options: argparse.Namespace) -> int:
    """Puts a file's words in the place of those there are, and shows a mail as it will be read.

    That they were changed is on record, with what they were before.
    """
    subject, body = _read(options.file)
    wrong = list(problems(subject, body))
    if wrong:
        raise CannotDo("\n".join(f"{options.file}: {sentence}" for sentence in wrong))
    words = {"subject": subject, "body": body}
    with context.transaction() as connection:
        changed = connection.execute(t.mail_template.update().where(_READY).values(words))
        if not changed.rowcount:
            connection.execute(t.mail_template.insert().values(words | {"code": "ready"}))
        branch: str = connection.execute(
            sa.select(t.branch.c.name).order_by(t.branch.c.id).limit(1)
        ).scalar_one()
        day: str = connection.execute(sa.select(sa.func.day_in_words(sa.func.library_day(7)))).scalar_one()
    context.say("A mail will read:")
    for line in (subject, *body.splitlines()):
        context.say(filled(line, branch=branch, keep_until=day))
    return 0


def _read(file: Path) -> tuple[str, str]:
    with file.open("rb") as opened:
        content = opened.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise CannotDo(f"{file}: larger than {_MOST_BYTES:,} bytes")
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise CannotDo(f"{file}: not in UTF-8") from error
    subject, _, body = text.partition("\n")
    return subject.strip(), body.strip("\n") + "\n"
