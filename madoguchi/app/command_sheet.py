"""What stands on the command sheet, which lets a clerk work by scanner alone; and a new prefix for it.

The sheet belongs behind the counter. Who has a copy of it can print a command and stick it on a book; then a
new prefix makes every sheet printed before worthless.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Final

import sqlalchemy as sa

from madoguchi.app.clock import LibraryClock
from madoguchi.app.server import tables as t
from madoguchi.app.server.odbc_errors import sqlstate
from madoguchi.app.sources import QT_TRANSLATE_NOOP
from madoguchi.barcode.commands import Command, command_text, new_prefix


class NotAllowed(Exception):
    """The library's database does not let this login change the library's rules."""


@dataclass(frozen=True, slots=True)
class CommandEntry:
    """One command on the sheet.

    ``word`` is a source for translation in ``context``, the one in which the screen has it; without a
    context it is a figure. ``key`` is the key that does the same. ``says``, what comes of it, is a source in
    the context "Sheet". Both may be empty. ``text`` is what the bars hold.
    """

    command: Command
    context: str
    word: str
    key: str
    says: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CommandSection:
    """Commands of one kind; title and intro are sources for translation in the context "Sheet"."""

    title: str
    intro: str
    entries: tuple[CommandEntry, ...]


@dataclass(frozen=True, slots=True)
class CommandSheet:
    """The whole sheet of a library: ``library`` is the name of its main library, where the server stands."""

    library: str
    made_on: dt.date
    sections: tuple[CommandSection, ...]


def command_sheet(library: sa.Engine, today: dt.date | None = None) -> CommandSheet:
    """The command sheet of a library, with its present prefix; ``today`` is the date upon it.

    Raises:
        LookupError: the database holds no library.
        sqlalchemy.exc.SQLAlchemyError: the library cannot be read.
    """
    with library.connect() as connection:
        found = connection.execute(
            sa.select(t.branch.c.name, t.policy.c.command_prefix)
            .join_from(t.branch, t.policy, sa.true())
            .order_by(t.branch.c.id)
            .limit(1)
        ).one_or_none()
    if found is None:
        raise LookupError("there is no library in this database")
    return sheet_of(found.name, found.command_prefix, today)


def sheet_of(library: str, prefix: str, today: dt.date | None = None) -> CommandSheet:
    """The command sheet with a prefix, headed by the name of a library; ``today`` is the date upon it."""
    return CommandSheet(
        library=library,
        made_on=today or LibraryClock().local().date(),
        sections=tuple(
            CommandSection(
                title,
                intro,
                tuple(CommandEntry(*words, text=command_text(words[0], prefix)) for words in entries),
            )
            for title, intro, entries in _SECTIONS
        ),
    )


def renew_command_prefix(library: sa.Engine) -> str:
    """Draw a new prefix for the library and return it: every command sheet printed before is worthless.

    A counter that is signed in knows the old one until its next sign-in. It is the business of system staff;
    the database decides who may.

    Raises:
        NotAllowed: this login may not change the library's rules, or its file may not be written.
        LookupError: the database holds no library.
        sqlalchemy.exc.SQLAlchemyError: the library cannot be reached.
    """
    prefix = new_prefix()
    try:
        with library.connect() as connection:
            changed = connection.execute(t.policy.update().values(command_prefix=prefix)).rowcount
    except sa.exc.DBAPIError as error:
        if _is_forbidden(error):
            raise NotAllowed("this login may not change the library's rules") from error
        raise
    if changed != 1:
        raise LookupError("there is no library in this database")
    return prefix


_INSUFFICIENT_PRIVILEGE: Final = "42501"


def _is_forbidden(error: sa.exc.DBAPIError) -> bool:
    return (
        sqlstate(error) == _INSUFFICIENT_PRIVILEGE
        or getattr(error.orig, "sqlite_errorname", "") == "SQLITE_READONLY"
    )


_Words = tuple[Command, str, str, str, str]
"""Command, context, word, key, and what comes of it."""

_TASKS: Final[tuple[_Words, ...]] = (
    (Command.LEND, "Counter", QT_TRANSLATE_NOOP("Counter", "貸出"), "F1", ""),
    (Command.RETURN, "Counter", QT_TRANSLATE_NOOP("Counter", "返却"), "F2", ""),
    (Command.RENEW, "Counter", QT_TRANSLATE_NOOP("Counter", "延長"), "F3", ""),
    (
        Command.LAST,
        "Counter",
        QT_TRANSLATE_NOOP("Counter", "直前の利用者"),
        "F8",
        QT_TRANSLATE_NOOP("Sheet", "終わったばかりの受付に、もどります。"),
    ),
)

_SCREEN: Final[tuple[_Words, ...]] = (
    (
        Command.FINISH,
        "Counter",
        QT_TRANSLATE_NOOP("Counter", "終了"),
        "F11",
        QT_TRANSLATE_NOOP("Sheet", "この受付を終わります。"),
    ),
    (
        Command.DUE,
        "Counter",
        QT_TRANSLATE_NOOP("Counter", "期限指定"),
        "F9",
        QT_TRANSLATE_NOOP("Sheet", "貸出で。続けて月日4桁（例 1203）と「決定」を読み取ります。"),
    ),
    (
        Command.UNDO,
        "Counter",
        QT_TRANSLATE_NOOP("Counter", "返却取消"),
        "F9",
        QT_TRANSLATE_NOOP("Sheet", "返却で、いま返した1点を取り消します。"),
    ),
    (
        Command.DROP,
        "Counter",
        QT_TRANSLATE_NOOP("Counter", "返却ポスト"),
        "F11",
        QT_TRANSLATE_NOOP("Sheet", "返却で、もう一度読み取ると、もとにもどります。"),
    ),
    (
        Command.HIDE,
        "Sheet",
        QT_TRANSLATE_NOOP("Sheet", "画面を隠す"),
        "Esc",
        QT_TRANSLATE_NOOP("Sheet", "名前や書名を、画面から消します。もう一度で、もどります。"),
    ),
    (
        Command.LOCK,
        "Counter",
        QT_TRANSLATE_NOOP("Counter", "離席"),
        "F12",
        QT_TRANSLATE_NOOP("Sheet", "席をはなれるときに読み取ります。"),
    ),
)

_ANSWERS: Final[tuple[_Words, ...]] = (
    (
        Command.ATTEND,
        "Counter",
        QT_TRANSLATE_NOOP("Counter", "要対応"),
        "F10",
        QT_TRANSLATE_NOOP("Sheet", "答えを待っている行の、質問を開きます。"),
    ),
    (
        Command.NO,
        "Sheet",
        QT_TRANSLATE_NOOP("Sheet", "いいえ"),
        "F9",
        QT_TRANSLATE_NOOP("Sheet", "F9 に出ている答えです。何も変わりません。"),
    ),
    (
        Command.YES,
        "Sheet",
        QT_TRANSLATE_NOOP("Sheet", "はい"),
        "F10",
        QT_TRANSLATE_NOOP("Sheet", "F10 に出ている答えです。"),
    ),
)

_SLIPS: Final[tuple[_Words, ...]] = (
    (
        Command.REPRINT,
        "Slips",
        QT_TRANSLATE_NOOP("Slips", "もう一度印刷"),
        "",
        QT_TRANSLATE_NOOP("Sheet", "最後に印刷した伝票を、もう一度印刷します。"),
    ),
)

_DIGITS: Final[tuple[_Words, ...]] = (
    *((Command(digit), "", digit, "", "") for digit in "0123456789"),
    (
        Command.ENTER,
        "Look",
        QT_TRANSLATE_NOOP("Look", "決定"),
        "Enter",
        QT_TRANSLATE_NOOP("Sheet", "入れた数字を使います。"),
    ),
    (
        Command.ERASE,
        "Look",
        QT_TRANSLATE_NOOP("Look", "1字消す"),
        "Backspace",
        QT_TRANSLATE_NOOP("Sheet", "入れた最後の1字を消します。"),
    ),
)

_SECTIONS: Final[tuple[tuple[str, str, tuple[_Words, ...]], ...]] = (
    (QT_TRANSLATE_NOOP("Sheet", "業務"), "", _TASKS),
    (QT_TRANSLATE_NOOP("Sheet", "この画面"), "", _SCREEN),
    (
        QT_TRANSLATE_NOOP("Sheet", "質問への答え"),
        QT_TRANSLATE_NOOP("Sheet", "理由をつけて貸すこと・退会・承認は、読み取りではできません。"),
        _ANSWERS,
    ),
    (QT_TRANSLATE_NOOP("Sheet", "伝票"), "", _SLIPS),
    (
        QT_TRANSLATE_NOOP("Sheet", "数字"),
        QT_TRANSLATE_NOOP("Sheet", "日付や番号を1けたずつ読み取り、最後に「決定」を読み取ります。"),
        _DIGITS,
    ),
)
