"""The library that the settings name, ready to be asked: the training library's file, or the central server.

What is heavy is imported where it is needed: the window is there before any of it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from madoguchi.app.machine_trouble import trouble_of
from madoguchi.app.settings import Settings, identity_folder

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from madoguchi.app.server.central import CentralServer
    from madoguchi.app.server.opened_later import Opened

_log = logging.getLogger("madoguchi")


def reset_training(
    settings: Settings, say: Callable[[str], None], record_files: Sequence[Path] | None = None
) -> None:
    """Makes the training library anew, from ``record_files`` or the program's own; ``say`` prints a line.

    Raises:
        NotAnNdlAnswer: a file of records is none.
        TooFewRecords: the records lack titles of a kind that the situations need.
        OSError: a file cannot be read or written, or another program has the library open.
    """
    from madoguchi.app.catalogue.ndl import merge_results, read_records, shipped_records
    from madoguchi.app.catalogue.ndl_kinds import LEFT_OUT_JA
    from madoguchi.app.training.library import reset

    found = merge_results(map(read_records, record_files)) if record_files else shipped_records()
    built = reset(settings.library_file, found.records)
    left_out = "、".join(f"{LEFT_OUT_JA[reason]} {count}" for reason, count in found.left_out.most_common())
    say(f"練習用ライブラリを作りました: {settings.library_file}")
    say(f"  書誌 {built.titles}・資料 {built.items}・利用者 {built.patrons}")
    if left_out:
        say(f"  貸せないため除いた書誌: {left_out}")


def prepare_library(settings: Settings, say: Callable[[str], None]) -> None:
    """Makes the training library on the first start, and brings an older one up to date."""
    file = settings.library_file
    # a file of no length is what is left where the disk was full
    if not file.exists() or (file.is_file() and file.stat().st_size == 0):
        reset_training(settings, say)
        return
    from madoguchi.app.server import schema

    engine = embedded_engine(settings)
    schema.upgrade(engine)
    engine.dispose()


def embedded_engine(settings: Settings) -> Engine:
    """The embedded library's engine."""
    from madoguchi.app.server.engine import embedded_url, make_engine

    return make_engine(embedded_url(settings.library_file))


def open_server(settings: Settings, say: Callable[[str], None]) -> Opened:
    """Opens the way to the library; in the worker's thread, behind the window.

    The embedded library is brought up to date first; a server's schema is its administrator's business.

    Raises:
        CannotOpen: this machine is not as it must be.
    """
    from madoguchi.app.server.gateway import LendingServer
    from madoguchi.app.server.outage import CannotOpen

    try:
        if settings.server:
            return central_server(settings)
        prepare_library(settings, say)
        return LendingServer(embedded_engine(settings), limit_seconds=settings.limit_seconds)
    except Exception as error:
        sentence = trouble_of(error, settings)
        if sentence is None:
            raise
        _log.error("the library cannot be opened: %s", sentence)
        raise CannotOpen(sentence) from error


def central_server(settings: Settings) -> CentralServer:
    """The central server, for whoever will sign in at this terminal.

    Raises:
        NoIdentity: this terminal cannot say who it is.
    """
    from sqlalchemy import make_url

    from madoguchi.app.server.central import CentralServer
    from madoguchi.app.terminal.door import door_to
    from madoguchi.app.terminal.identity import Identity

    identity = Identity(identity_folder())
    # said at once, not when somebody has typed their password
    identity.connection_options()
    door = door_to(make_url(settings.server), identity)
    return CentralServer(door, limit_seconds=settings.limit_seconds)
