"""What is wrong with a machine, in a sentence for whoever stands before it; a bug of the program has none."""

from __future__ import annotations

from madoguchi.app.settings import Settings

_BUSY = ("database is locked", "database table is locked")


def trouble_of(error: Exception, settings: Settings) -> str | None:
    """A sentence on what is wrong with the machine; None where the program itself is wrong."""
    from alembic.util.exc import CommandError
    from sqlalchemy.exc import DBAPIError

    from madoguchi.app.server.outage import CannotOpen, Outage
    from madoguchi.app.terminal.identity import NoIdentity

    if isinstance(error, NoIdentity | CannotOpen):
        return error.sentence
    if isinstance(error, Outage):
        return "サーバーに接続できません"
    if isinstance(error, CommandError):
        # the library names a version of the schema that this program has never heard of
        return "このプログラムより新しいライブラリです。プログラムを新しくしてください"
    if isinstance(error, EOFError):
        return "パスワードが入力されませんでした"
    if isinstance(error, OSError):
        return f"{error.filename or settings.library_file}: 使えません ({error.strerror or error})"
    if isinstance(error, DBAPIError) and settings.server:
        from madoguchi.app.server.odbc_errors import Fault, classify

        if error.orig is None or classify(error.orig) is Fault.BUG:
            return None
        return "サーバーに接続できません"
    if isinstance(error, DBAPIError) and any(words in str(error.orig) for words in _BUSY):
        return f"{settings.library_file}: ほかのプログラムが使っています。自動でやり直しています"
    if isinstance(error, DBAPIError):
        return (
            f"{settings.library_file}: 練習用ライブラリを開けません。"
            "madoguchi training --reset で作り直せます"
        )
    return None
